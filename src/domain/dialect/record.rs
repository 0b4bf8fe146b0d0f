//! The mailing-list API's maps of a contact: `{"id": 234, "Email": "alice@example.com", "is_active": true, ...}`.
//!
//! A list's fields stand under their names, as the book's custom fields do; a field that is written is one of them,
//! by its name or as `field_N`. Times are epoch seconds, 0 where there is none. Called by the contract above the
//! engine; pure.

use serde_json::{Map, Value, json};

use super::DialectError;
use super::triples::{self, FIELD, FORMAT, TABLE};
use crate::domain::contact::{Contact, CustomValue, Deliverability, List, PostalAddress, Tagged, Timestamp};
use crate::domain::contact_edit;
use crate::domain::field::{CustomFields, CustomKind, Field};

/// Numbers of custom fields begin behind this one; below are those that every list has.
const CUSTOM: i64 = 1_000;

/// A field of a list as the API numbers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListField {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its kind, by the API's word.
    pub kind: &'static str,
}

/// The fields of every list: those that there always are, then the book's custom ones, which are given with their
/// numbers in the book.
pub fn fields(custom: &[(i64, String, CustomKind)]) -> Vec<ListField> {
    let mut fields: Vec<ListField> = (1..)
        .zip(TABLE.iter().filter(|(_, field)| !is_system(field)))
        .map(|(id, (name, field))| ListField { id, name: (*name).to_owned(), kind: kind_of(field) })
        .collect();
    fields.extend(custom.iter().map(|(id, name, kind)| ListField {
        id: CUSTOM + id,
        name: name.clone(),
        kind: match kind {
            CustomKind::Text => "text",
            CustomKind::Number => "number",
            CustomKind::Day => "date",
        },
    }));
    fields
}

/// A field of a list as a map.
pub fn field_row(field: &ListField, list: i64) -> Map<String, Value> {
    map(json!({
        "id": field.id, "list_id": list, "name": field.name, "type": field.kind, "is_mandatory": false,
        "allow_update": true, "show_in_form": 0,
    }))
}

/// A list as a map.
pub fn list_row(list: &List, contacts: u64) -> Map<String, Value> {
    map(json!({
        "id": list.id, "creator_user_id": 0, "name": list.name, "creation_time": 0, "last_modified_time": 0,
        "on_register_address": "", "on_update_address": "", "on_unsubscribe_address": "",
        "disallow_duplicate_contacts": false, "folder_id": 0, "contact_count": contacts, "country_code": "",
    }))
}

/// A contact as a map, with all of its list's fields or with these.
pub fn write(
    contact: &Contact,
    is_unsubscribed: bool,
    vocabulary: &CustomFields,
    returned: Option<&[String]>,
) -> Map<String, Value> {
    let wanted = |name: &str| returned.is_none_or(|names| names.iter().any(|known| known == name));
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| {
        if name == "id" || wanted(name) {
            out.insert(name.to_owned(), value);
        }
    };
    put("id", json!(contact.id));
    for (name, field) in TABLE.iter().filter(|(_, field)| !is_system(field)) {
        put(name, Value::String(text(contact, field)));
    }
    for name in vocabulary.custom.keys().filter(|name| !TABLE.iter().any(|(known, _)| known == name)) {
        let value = contact.custom.iter().find(|custom| custom.name == *name).map(|custom| &custom.value);
        put(
            name,
            match value {
                None => json!(""),
                Some(CustomValue::Number(number)) => json!(number),
                Some(value @ (CustomValue::Text(_) | CustomValue::Date(_))) => json!(contact_edit::value_text(value)),
            },
        );
    }
    put("creation_time", json!(seconds(contact.created)));
    put("webform_id", json!(0));
    put("last_modified_time", json!(seconds(contact.updated)));
    put("subscribed_via", json!(contact.source));
    put("is_unsubscribed", json!(is_unsubscribed));
    put("is_bounce_deactivated", json!(contact.deliverability == Deliverability::Bounced));
    for never in ["last_message_time", "last_open_time", "last_click_time", "double_opt_in", "double_opt_in_time"] {
        put(never, json!(0));
    }
    put("is_active", json!(contact.deliverability != Deliverability::Inactive));
    out
}

/// Whether a name is one that [`write()`] knows.
pub fn is_known(name: &str, vocabulary: &CustomFields) -> bool {
    const SYSTEM: [&str; 11] = [
        "webform_id",
        "subscribed_via",
        "is_unsubscribed",
        "is_bounce_deactivated",
        "is_active",
        "last_message_time",
        "last_open_time",
        "last_click_time",
        "double_opt_in",
        "double_opt_in_time",
        "id",
    ];
    SYSTEM.contains(&name) || TABLE.iter().any(|(known, _)| *known == name) || vocabulary.custom.contains_key(name)
}

/// Sets the fields of a map in a contact; `id` is passed over, and what the map doesn't hold stays as it is.
pub fn read(
    contact: &mut Contact,
    values: &Map<String, Value>,
    fields: &[ListField],
    vocabulary: &CustomFields,
) -> Result<(), DialectError> {
    for (name, value) in values.iter().filter(|(name, _)| *name != "id") {
        let numbered = name.strip_prefix("field_").and_then(|number| number.parse::<i64>().ok());
        let known = numbered.and_then(|number| fields.iter().find(|field| field.id == number));
        let name = known.map_or(name, |field| &field.name);
        let field = triples::lookup(name, name, vocabulary)?;
        if is_system(&field) {
            let why = "this is the service's own and can't be set";
            return Err(DialectError::new("325", name, why));
        }
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(yes) => if *yes { "1" } else { "0" }.to_owned(),
            Value::Null => String::new(),
            Value::Array(_) | Value::Object(_) => {
                return Err(DialectError::new(FORMAT, name, "a field takes a text, a number or a boolean"));
            }
        };
        set(contact, &field, &value, vocabulary).map_err(|why| {
            let code = if field == Field::Email { "317" } else { FIELD };
            DialectError::new(code, name, why)
        })?;
    }
    Ok(())
}

fn set(contact: &mut Contact, field: &Field, value: &str, vocabulary: &CustomFields) -> Result<(), String> {
    let value = value.trim();
    // A list has one address and one phone a contact: further ones that the card has stay.
    let many = match field {
        Field::Email => &mut contact.emails,
        Field::Phone => &mut contact.phones,
        _ => return contact_edit::set(contact, &field.to_string(), value, vocabulary).map_err(|wrong| wrong.why),
    };
    match (many.first_mut(), value.is_empty()) {
        (Some(_), true) => drop(many.remove(0)),
        (Some(first), false) => value.clone_into(&mut first.value),
        (None, true) => {}
        (None, false) => many.push(Tagged::plain(value)),
    }
    Ok(())
}

fn text(contact: &Contact, field: &Field) -> String {
    let address =
        |part: fn(&PostalAddress) -> &String| contact.addresses.first().map(part).cloned().unwrap_or_default();
    match field {
        Field::Email => contact.email().to_owned(),
        Field::Phone => contact.phone().to_owned(),
        Field::Street => address(|address| &address.street),
        Field::City => address(|address| &address.city),
        Field::Region => address(|address| &address.region),
        Field::Postcode => address(|address| &address.postcode),
        Field::Country => address(|address| &address.country),
        other => other.slot().map(|slot| slot.of(contact).text().into_owned()).unwrap_or_default(),
    }
}

fn is_system(field: &Field) -> bool {
    matches!(field, Field::Id | Field::Created | Field::Updated)
}

fn kind_of(field: &Field) -> &'static str {
    match field {
        Field::Email => "email",
        Field::Phone => "mobile",
        other if other.slot().is_some_and(super::super::slot::Slot::is_day) => "date",
        _ => "text",
    }
}

fn seconds(at: Timestamp) -> i64 {
    at.0.div_euclid(1000)
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::{ContactId, Custom, Tag};

    fn vocabulary() -> CustomFields {
        CustomFields { custom: [("Points".to_owned(), CustomKind::Number)].into() }
    }

    #[test]
    fn a_map_is_written_with_every_field_and_read_back() {
        let contact = Contact {
            id: ContactId(7),
            emails: vec![Tagged { tag: Tag::Work, value: "a@b.example".into() }, Tagged::plain("second@b.example")],
            company: "Acme".into(),
            created: Timestamp(1_353_892_038_999),
            custom: vec![Custom { name: "Points".into(), value: CustomValue::Number(3.0) }],
            ..Contact::default()
        };
        let map = write(&contact, true, &vocabulary(), None);
        assert_eq!((&map["id"], &map["Email"], &map["Company"]), (&json!(7), &json!("a@b.example"), &json!("Acme")));
        assert_eq!((&map["creation_time"], &map["Mobile Phone"]), (&json!(1_353_892_038), &json!("")));
        assert_eq!(
            (&map["is_unsubscribed"], &map["is_active"], &map["Points"]),
            (&json!(true), &json!(true), &json!(3.0))
        );
        assert!(map.keys().all(|name| is_known(name, &vocabulary())));
        let few = write(&contact, false, &vocabulary(), Some(&["Email".to_owned()]));
        assert_eq!(few.keys().collect::<Vec<_>>(), ["id", "Email"]);

        let mut changed = contact.clone();
        let fields = fields(&[(4, "Points".into(), CustomKind::Number)]);
        let values =
            map_of(json!({"id": 7, "Email": "new@b.example", "State": "QLD", "field_1004": "5", "Company": null}));
        read(&mut changed, &values, &fields, &vocabulary()).unwrap();
        assert_eq!(changed.emails[0], Tagged { tag: Tag::Work, value: "new@b.example".into() });
        assert_eq!((changed.emails.len(), changed.addresses[0].region.as_str()), (2, "QLD"));
        assert_eq!((changed.custom[0].value.clone(), changed.company.as_str()), (CustomValue::Number(5.0), ""));
    }

    #[test]
    fn what_can_not_be_set_names_its_field() {
        let code =
            |value: Value| read(&mut Contact::default(), &map_of(value), &fields(&[]), &vocabulary()).unwrap_err().code;
        assert_eq!(code(json!({"email": "x"})), "315");
        assert_eq!(code(json!({"field_999": "x"})), "315");
        assert_eq!(code(json!({"creation_time": 5})), "325");
        assert_eq!(code(json!({"Email": []})), "311");
        assert_eq!(code(json!({"Points": "many"})), "315");
        assert_eq!(code(json!({"Birthday": "31.31."})), "315");
    }

    fn map_of(value: Value) -> Map<String, Value> {
        map(value)
    }
}
