//! Names in a filter: identifiers of contacts to their numbers, and the fields that contacts are sorted by.

use serde_json::{Map, Value};

use super::{CUSTOM, Ops, TABLE};
use crate::domain::dialect::DialectError;
use crate::domain::field::{CustomFields, Field};
use crate::domain::guid::{Guids, Kind};
use crate::domain::nearest::nearest;

/// How deep a filter is looked through; what is deeper is refused when it is read.
const MAX_DEPTH: usize = 96;

/// The filter with the numbers of contacts in place of their identifiers; what is neither is refused.
pub fn by_number(filter: &Value, guids: Guids) -> Result<Value, DialectError> {
    object(filter, guids, 0)
}

fn object(value: &Value, guids: Guids, depth: usize) -> Result<Value, DialectError> {
    if depth > MAX_DEPTH {
        return Ok(value.clone());
    }
    Ok(match value {
        Value::Object(map) => {
            let mut out = Map::new();
            for (name, value) in map {
                let value = if matches!(name.as_str(), "id" | "_id") {
                    ids(value, guids, name)?
                } else {
                    object(value, guids, depth + 1)?
                };
                out.insert(name.clone(), value);
            }
            Value::Object(out)
        }
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| object(item, guids, depth + 1)).collect::<Result<_, _>>()?)
        }
        other => other.clone(),
    })
}

fn ids(value: &Value, guids: Guids, place: &str) -> Result<Value, DialectError> {
    let wrong = |text: &str| {
        DialectError::new("UNSUPPORTED_FILTER_VALUE", place, format!("{text:?} is no identifier of a contact"))
    };
    Ok(match value {
        Value::String(text) => Value::String(guids.number(Kind::Contact, text).ok_or_else(|| wrong(text))?.to_string()),
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| ids(item, guids, place)).collect::<Result<_, _>>()?)
        }
        Value::Object(map) => {
            let each = map.iter().map(|(operator, value)| Ok((operator.clone(), ids(value, guids, place)?)));
            Value::Object(each.collect::<Result<_, DialectError>>()?)
        }
        other => other.clone(),
    })
}

/// The field that contacts are sorted by; what the API does not sort by is refused.
pub fn sort_field(name: &str, vocabulary: &CustomFields) -> Result<Field, DialectError> {
    if let Some((name, _)) = name.strip_prefix(CUSTOM).and_then(|key| vocabulary.custom(key)) {
        return Ok(Field::Custom(name.to_owned()));
    }
    let sorted = |field: &Field, ops: Ops| {
        (matches!(ops, Ops::Ordered) && *field != Field::Updated)
            || matches!(*field, Field::Email | Field::First | Field::Last | Field::Company | Field::Title)
    };
    let names = || TABLE.iter().filter(|(known, field, ops)| sorted(field, *ops) && *known != "info.emails.email");
    let found = names().find(|(known, ..)| *known == name);
    found.map(|(_, field, _)| field.clone()).ok_or_else(|| DialectError {
        hint: nearest(name, names().map(|(known, ..)| *known)).map(|near| format!("did you mean {near}?")),
        ..DialectError::new("UNSUPPORTED_SORT_FIELD", "sort", format!("contacts are not sorted by {name:?}"))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn identifiers_become_numbers_wherever_they_stand() {
        let guids = Guids::new("x");
        let (one, two) = (guids.of(Kind::Contact, 1), guids.of(Kind::Contact, 2));
        let filter = json!({"$and": [{"_id": {"$in": [one, "7"]}}, {"$not": {"id": two}}, {"info.company": one}]});
        let wanted = json!({"$and": [{"_id": {"$in": ["1", "7"]}}, {"$not": {"id": "2"}}, {"info.company": one}]});
        assert_eq!(by_number(&filter, guids), Ok(wanted));
        let other = Guids::new("y").of(Kind::Contact, 1);
        assert_eq!(by_number(&json!({"id": other}), guids), Ok(json!({"id": "0"})));
        assert_eq!(by_number(&json!({"id": "nobody"}), guids).unwrap_err().code, "UNSUPPORTED_FILTER_VALUE");
    }

    #[test]
    fn contacts_are_sorted_by_what_the_api_sorts_by() {
        let none = CustomFields::default();
        for (name, field) in
            [("createdDate", Field::Created), ("info.name.last", Field::Last), ("primaryInfo.email", Field::Email)]
        {
            assert_eq!(sort_field(name, &none), Ok(field));
        }
        for name in ["updatedDate", "info.locale", "id", "", "info.emails.email"] {
            assert_eq!(sort_field(name, &none).unwrap_err().code, "UNSUPPORTED_SORT_FIELD", "{name}");
        }
    }
}
