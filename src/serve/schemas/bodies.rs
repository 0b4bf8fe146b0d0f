//! Bodies of requests; where one changes something, it says all that is taken.

use serde_json::{Map, Value, json};

use super::parts::{entries, list, named, open, strict};

/// Bodies of requests.
#[expect(clippy::too_many_lines, reason = "a table is as long as it has entries")]
pub(super) fn all() -> Map<String, Value> {
    let text = json!({ "type": "string" });
    let count = json!({ "type": "integer", "minimum": 0 });
    let flag = json!({ "type": "boolean" });
    let ids = |most: u32| json!({ "type": "array", "items": { "type": "string" }, "maxItems": most });
    let (filter, search) = (named("Filter"), named("Search"));
    let query = open(
        &[],
        &[
            ("filter", filter.clone()),
            ("sort", named("Sort")),
            ("paging", named("Paging")),
            ("fields", list(&text)),
            ("fieldsets", list(&text)),
        ],
    );
    let cursor = open(&[], &[("limit", count.clone()), ("cursor", text.clone())]);
    let within = open(
        &[],
        &[
            ("filter", filter.clone()),
            ("search", search.clone()),
            ("sort", named("Sort")),
            ("cursorPaging", cursor),
            ("paging", named("Paging")),
        ],
    );
    let which = |more: &[(&str, Value)]| {
        let mut members = vec![("filter", filter.clone()), ("search", search.clone()), ("excludedIds", ids(100_000))];
        members.extend(more.iter().cloned());
        strict(&[], &members)
    };
    let members = [("deleteMember", flag.clone()), ("deleteMembers", flag.clone())];
    let start = [("planId", text.clone()), ("expectedCount", count.clone()), ("rate", count.clone())];
    let listed = open(&[], &[("query", open(&[], &[("paging", named("Paging"))]))]);
    let kind = json!({ "enum": ["TEXT", "NUMBER", "DATE", "URL"] });
    entries([
        (
            "QueryContacts",
            open(
                &[],
                &[("query", query), ("search", text.clone()), ("fields", list(&text)), ("fieldsets", list(&text))],
            ),
        ),
        ("QueryV5", open(&[], &[("query", within.clone()), ("search", within)])),
        ("Filtered", open(&[], &[("filter", filter.clone())])),
        ("Counted", open(&[], &[("filter", filter.clone()), ("search", search.clone())])),
        ("Listed", listed),
        (
            "NewContact",
            strict(&["info"], &[("info", named("Info")), ("allowDuplicates", flag.clone()), ("list", text.clone())]),
        ),
        (
            "ChangedContact",
            strict(
                &["info", "revision"],
                &[("info", named("Info")), ("revision", named("Revision")), ("allowDuplicates", flag.clone())],
            ),
        ),
        (
            "NewContactV5",
            strict(
                &["contact"],
                &[("contact", json!({ "type": "object" })), ("allowDuplicates", flag.clone()), ("list", text.clone())],
            ),
        ),
        (
            "ChangedContactV5",
            strict(
                &["contact"],
                &[
                    ("contact", open(&["revision"], &[("revision", named("Revision"))])),
                    ("allowDuplicates", flag.clone()),
                ],
            ),
        ),
        ("LabelKeys", strict(&["labelKeys"], &[("labelKeys", ids(100))])),
        (
            "Merge",
            strict(
                &["sourceContactIds"],
                &[
                    ("sourceContactIds", ids(5)),
                    ("targetContactRevision", named("Revision")),
                    ("preview", flag.clone()),
                    ("allowDuplicates", flag),
                ],
            ),
        ),
        (
            "Submitted",
            strict(
                &["info"],
                &[
                    ("info", json!({ "type": "object" })),
                    ("list", text.clone()),
                    ("verificationData", json!({ "type": "object" })),
                    ("options", json!({ "type": "object" })),
                ],
            ),
        ),
        ("BulkDelete", which(&[&members[..], &start[..]].concat())),
        ("BulkPreview", which(&members)),
        (
            "BulkLabels",
            which(&[("labelKeysToAdd", ids(100)), ("labelKeysToRemove", ids(100)), ("expectedCount", count.clone())]),
        ),
        ("BulkUpdate", which(&[("info", named("BulkInfo")), ("expectedCount", count.clone())])),
        (
            "DeleteIds",
            strict(&["contactIds"], &[("contactIds", ids(100)), ("deleteMembers", json!({ "type": "boolean" }))]),
        ),
        (
            "RestoreIds",
            strict(&["contactIds"], &[("contactIds", ids(100)), ("returnEntity", json!({ "type": "boolean" }))]),
        ),
        (
            "Undo",
            strict(&[], &[("clashes", json!({ "enum": ["restore", "leave"] })), ("expectedCount", count.clone())]),
        ),
        ("Retry", strict(&[], &[("expectedCount", count)])),
        ("NewLabel", strict(&["displayName"], &[("displayName", text.clone())])),
        (
            "RenamedLabel",
            strict(
                &[],
                &[
                    ("label", open(&[], &[("displayName", text.clone()), ("key", text.clone())])),
                    ("displayName", text.clone()),
                ],
            ),
        ),
        (
            "NewField",
            strict(&["displayName"], &[("displayName", json!({ "type": ["string", "object"] })), ("dataType", kind)]),
        ),
    ])
}
