//! What bodies and answers are made of: contacts, jobs, labels, counts.

use serde_json::{Map, Value, json};

use super::parts::{entries, items, list, named, open, strict};

/// What bodies and answers are made of.
#[expect(clippy::too_many_lines, reason = "a table is as long as it has entries")]
pub(super) fn all() -> Map<String, Value> {
    let text = json!({ "type": "string" });
    let maybe = json!({ "type": ["string", "null"] });
    let whole = json!({ "type": "integer" });
    let flag = json!({ "type": "boolean" });
    let object = json!({ "type": "object" });
    let tagged = |of: &str| {
        open(&[], &[("id", text.clone()), ("tag", text.clone()), (of, text.clone()), ("primary", flag.clone())])
    };
    let address = open(&[], &[("id", text.clone()), ("tag", text.clone()), ("address", object.clone())]);
    let name = json!({ "type": ["object", "null"], "properties": { "first": maybe, "last": maybe } });
    let error = open(
        &["code", "description"],
        &[("code", text.clone()), ("description", text.clone()), ("data", object.clone())],
    );
    entries([
        (
            "Filter",
            json!({ "type": "object", "description": "Conditions by field; where something is changed, an empty one is refused" }),
        ),
        (
            "Search",
            json!({ "type": ["string", "object"], "description": "A text of at most 100 characters; in version 5 an object with its expression" }),
        ),
        ("Revision", json!({ "type": ["integer", "string"] })),
        ("Paging", open(&[], &[("limit", json!({ "type": "integer", "maximum": 1000 })), ("offset", whole.clone())])),
        (
            "Sort",
            json!({ "type": ["array", "object"], "maxItems": 1, "items": open(&[], &[("fieldName", text.clone()), ("order", json!({ "enum": ["ASC", "DESC"] }))]) }),
        ),
        (
            "Info",
            strict(
                &[],
                &[
                    ("name", name.clone()),
                    ("emails", items(&tagged("email"))),
                    ("phones", items(&tagged("phone"))),
                    ("addresses", items(&address)),
                    ("company", maybe.clone()),
                    ("jobTitle", maybe.clone()),
                    ("birthdate", maybe.clone()),
                    ("locale", maybe.clone()),
                    ("labelKeys", items(&text)),
                    ("extendedFields", object.clone()),
                    ("picture", object.clone()),
                ],
            ),
        ),
        (
            "BulkInfo",
            strict(
                &[],
                &[
                    ("name", name.clone()),
                    ("company", maybe.clone()),
                    ("jobTitle", maybe.clone()),
                    ("birthdate", maybe.clone()),
                    ("locale", maybe.clone()),
                    ("extendedFields", object.clone()),
                ],
            ),
        ),
        (
            "Contact",
            open(
                &["id", "revision"],
                &[
                    ("id", text.clone()),
                    ("revision", whole.clone()),
                    ("source", object.clone()),
                    ("createdDate", maybe.clone()),
                    ("updatedDate", maybe.clone()),
                    ("lastActivity", object.clone()),
                    ("primaryInfo", object.clone()),
                    ("primaryEmail", object.clone()),
                    ("primaryPhone", object.clone()),
                    ("info", object.clone()),
                ],
            ),
        ),
        (
            "ContactV5",
            open(
                &["id", "revision"],
                &[
                    ("id", text.clone()),
                    ("revision", text.clone()),
                    ("name", name.clone()),
                    ("email", json!({ "type": ["object", "null"] })),
                    ("additionalEmails", list(&object)),
                    ("phone", json!({ "type": ["object", "null"] })),
                    ("additionalPhones", list(&object)),
                    ("addresses", json!({ "type": ["array", "null"] })),
                    ("company", json!({ "type": ["object", "null"] })),
                    ("locale", maybe.clone()),
                    ("birthdate", maybe.clone()),
                    ("createdDate", maybe.clone()),
                    ("updatedDate", maybe.clone()),
                    ("source", object.clone()),
                    ("tags", list(&text)),
                    ("extendedFields", json!({ "type": ["object", "null"] })),
                ],
            ),
        ),
        (
            "Job",
            open(
                &["id", "type", "status", "totalItems", "successTotal", "failedTotal", "errors"],
                &[
                    ("id", text.clone()),
                    ("type", text.clone()),
                    ("status", json!({ "enum": ["NEW", "LOADING", "RUNNING", "COMPLETED", "INDEXING"] })),
                    ("startedDate", maybe.clone()),
                    ("finishedDate", maybe.clone()),
                    ("totalItems", whole.clone()),
                    ("successTotal", whole.clone()),
                    ("failedTotal", whole.clone()),
                    ("errors", list(&named("ItemError"))),
                    ("cardfileId", whole.clone()),
                    ("cardfileStatus", text.clone()),
                    ("notReached", whole.clone()),
                    ("criteria", text.clone()),
                    ("words", text.clone()),
                    ("undoneBy", maybe.clone()),
                ],
            ),
        ),
        (
            "ItemError",
            open(
                &["originalIndex", "error"],
                &[("id", maybe.clone()), ("originalIndex", whole.clone()), ("error", error.clone())],
            ),
        ),
        (
            "Label",
            open(
                &["key", "displayName"],
                &[
                    ("key", text.clone()),
                    ("displayName", text.clone()),
                    ("namespace", text.clone()),
                    ("labelType", text.clone()),
                    ("contacts", whole.clone()),
                ],
            ),
        ),
        (
            "Field",
            open(
                &["key", "displayName", "dataType"],
                &[
                    ("key", text.clone()),
                    ("displayName", text.clone()),
                    ("dataType", json!({ "enum": ["TEXT", "NUMBER", "DATE", "URL"] })),
                    ("fieldType", text.clone()),
                    ("namespace", text.clone()),
                ],
            ),
        ),
        (
            "Counts",
            open(
                &["count", "total"],
                &[
                    ("count", whole.clone()),
                    ("offset", whole.clone()),
                    ("total", whole.clone()),
                    ("tooManyToCount", flag.clone()),
                    ("hasNext", flag),
                    ("cursors", object.clone()),
                ],
            ),
        ),
        (
            "Plan",
            open(
                &["planId", "expectedCount", "matches", "contacts"],
                &[
                    ("planId", text.clone()),
                    ("expectedCount", whole.clone()),
                    ("matches", whole.clone()),
                    ("words", text.clone()),
                    ("willStay", object.clone()),
                    ("warnings", list(&object)),
                    ("expiresDate", maybe.clone()),
                    (
                        "contacts",
                        list(&open(&["id", "revision"], &[("id", text), ("revision", whole), ("reason", maybe)])),
                    ),
                ],
            ),
        ),
        (
            "ItemMetadata",
            open(
                &["itemMetadata"],
                &[("itemMetadata", open(&["id", "originalIndex", "success"], &[("error", error)]))],
            ),
        ),
    ])
}
