//! How schemas are written: objects with and without further members, lists, references.

use serde_json::{Map, Value, json};

/// What a body is where members that nobody knows are refused.
pub(super) fn strict(required: &[&str], properties: &[(&str, Value)]) -> Value {
    let mut schema = open(required, properties);
    schema["additionalProperties"] = json!(false);
    schema
}

/// What an object is that may have further members.
pub(super) fn open(required: &[&str], properties: &[(&str, Value)]) -> Value {
    let properties: Map<String, Value> =
        properties.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

/// A list of these.
pub(super) fn list(of: &Value) -> Value {
    json!({ "type": "array", "items": of })
}

/// A list as the API wraps it.
pub(super) fn items(of: &Value) -> Value {
    open(&[], &[("items", list(of))])
}

/// A reference to a schema by its name.
pub(in crate::serve) fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Schemas by their names.
pub(super) fn entries<const N: usize>(schemas: [(&str, Value); N]) -> Map<String, Value> {
    schemas.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}
