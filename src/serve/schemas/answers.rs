//! Answers of routes.

use serde_json::{Map, Value, json};

use super::parts::{entries, list, named, open};

/// Answers.
pub(super) fn all() -> Map<String, Value> {
    let text = json!({ "type": "string" });
    let counts = named("Counts");
    let flag = json!({ "type": "boolean" });
    let page = |name: &str, of: &str| {
        open(&[name, "pagingMetadata"], &[(name, list(&named(of))), ("pagingMetadata", counts.clone())])
    };
    let one = |name: &str, of: &str| open(&[name], &[(name, named(of))]);
    let found = |name: &str, of: &str, new: &str| open(&[name, new], &[(name, named(of)), (new, flag.clone())]);
    let totals = open(&["totalSuccesses", "totalFailures", "undetailedFailures"], &[]);
    let facet = open(
        &["facetType", "facetKey", "count", "queryFilter"],
        &[("count", json!({ "type": "integer" })), ("queryFilter", named("Filter"))],
    );
    let item = open(
        &["originalIndex", "outcome"],
        &[("id", json!({ "type": ["string", "null"] })), ("outcome", text.clone())],
    );
    entries([
        ("Nothing", json!({ "type": "object", "maxProperties": 0 })),
        (
            "OneContact",
            open(
                &["contact"],
                &[("contact", named("Contact")), ("responseType", json!({ "enum": ["REGULAR", "MERGED"] }))],
            ),
        ),
        ("OneContactV5", one("contact", "ContactV5")),
        ("ContactPage", page("contacts", "Contact")),
        ("ContactPageV5", page("contacts", "ContactV5")),
        ("Count", open(&["count"], &[("count", json!({ "type": "integer" }))])),
        (
            "Facets",
            open(&["facets", "pagingMetadata"], &[("facets", list(&facet)), ("pagingMetadata", counts.clone())]),
        ),
        (
            "SubmittedContact",
            open(&["contactId", "identityType"], &[("contactId", text.clone()), ("identityType", text.clone())]),
        ),
        ("JobStarted", open(&["jobId"], &[("jobId", text)])),
        ("OneJob", one("job", "Job")),
        ("JobList", open(&["jobs"], &[("jobs", list(&named("Job")))])),
        ("JobItems", open(&["items", "pagingMetadata"], &[("items", list(&item)), ("pagingMetadata", counts.clone())])),
        ("PlanShown", one("plan", "Plan")),
        (
            "Results",
            open(
                &["results", "bulkActionMetadata"],
                &[("results", list(&named("ItemMetadata"))), ("bulkActionMetadata", totals)],
            ),
        ),
        ("OneLabel", one("label", "Label")),
        ("FoundLabel", found("label", "Label", "newLabel")),
        ("LabelPage", page("labels", "Label")),
        ("OneField", one("field", "Field")),
        ("FoundField", found("field", "Field", "newField")),
        ("FieldPage", page("fields", "Field")),
    ])
}
