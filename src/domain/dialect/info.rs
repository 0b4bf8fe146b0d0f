//! The contacts API's JSON of a contact: written whole, and its `info` read into a contact.
//!
//! What of `info` a book has no place for is told, so that a program hears that it isn't kept; what nobody knows is
//! refused. Called by the contract above the engine; pure. The date of a moment comes in as a function.

use serde_json::{Map, Value, json};

use super::DialectError;
use crate::domain::contact::{Contact, CustomValue, PartialDate, PostalAddress, Tag, Tagged, Timestamp};
use crate::domain::contact_edit;
use crate::domain::field::CustomFields;
use crate::domain::guid::{Guids, Kind, Many};
use crate::domain::phone::{self, Country};

/// The API's code for a value of a form that it doesn't take.
const INVALID: &str = "INVALID_ARGUMENT";
/// The most values of a list.
const MOST: usize = 50;
/// What stands before the name of a custom field.
pub const CUSTOM: &str = "custom.";

/// A contact as the API shows it, its phones typed as in a country.
pub fn write(contact: &Contact, guids: Guids, home: Option<Country>, date: fn(Timestamp) -> Option<String>) -> Value {
    let id = guids.of(Kind::Contact, contact.id.0);
    let item = |many: Many, at: usize| guids.of(Kind::Item(many, u8::try_from(at).unwrap_or(u8::MAX)), contact.id.0);
    let emails = contact.emails.iter().enumerate().map(|(at, email)| {
        json!({ "id": item(Many::Emails, at), "tag": email.tag.code(), "email": email.value, "primary": at == 0 })
    });
    let with_e164 = |mut out: Value, typed: &str| {
        if let Some(number) = phone::e164(typed, home) {
            out["e164Phone"] = json!(number);
        }
        out
    };
    let phones = contact.phones.iter().enumerate().map(|(at, phone)| {
        let id = item(Many::Phones, at);
        let out = json!({ "id": id, "tag": phone.tag.code(), "phone": phone.value, "primary": at == 0 });
        with_e164(out, &phone.value)
    });
    let addresses = contact.addresses.iter().enumerate().map(|(at, address)| {
        json!({ "id": item(Many::Addresses, at), "tag": address.tag.code(), "address": address_of(address) })
    });
    let mut info = Map::new();
    let mut put = |name: &str, value: Value| {
        let empty = value.is_null() || value.as_str() == Some("") || value.as_object().is_some_and(Map::is_empty);
        if !empty {
            info.insert(name.to_owned(), value);
        }
    };
    put("name", json!({ "first": contact.name.first, "last": contact.name.last }));
    put("emails", items(&emails.collect::<Vec<_>>()));
    put("phones", items(&phones.collect::<Vec<_>>()));
    put("addresses", items(&addresses.collect::<Vec<_>>()));
    put("company", json!(contact.company));
    put("jobTitle", json!(contact.title));
    put("birthdate", json!(contact.birthday.map(|day| day.to_string())));
    put("locale", json!(contact.locale));
    put("labelKeys", items(&contact.labels.iter().map(|label| json!(label)).collect::<Vec<_>>()));
    put("extendedFields", json!({ "items": extended(contact) }));
    let mut out = json!({
        "id": id,
        "revision": contact.revision,
        "source": { "sourceType": source(contact) },
        "createdDate": date(contact.created),
        "updatedDate": date(contact.updated),
        "lastActivity": { "activityDate": date(contact.active.unwrap_or(contact.created)), "activityType": "GENERAL" },
        "primaryInfo": {},
        "info": info,
    });
    if !contact.email().is_empty() {
        out["primaryInfo"]["email"] = json!(contact.email());
        out["primaryEmail"] = json!({
            "email": contact.email(),
            "subscriptionStatus": contact.subscription.code(),
            "deliverabilityStatus": contact.deliverability.code(),
        });
    }
    if !contact.phone().is_empty() {
        out["primaryInfo"]["phone"] = json!(contact.phone());
        out["primaryPhone"] = with_e164(json!({ "phone": contact.phone() }), contact.phone());
    }
    out
}

fn items(items: &[Value]) -> Value {
    if items.is_empty() { Value::Null } else { json!({ "items": items }) }
}

fn source(contact: &Contact) -> &'static str {
    if contact.import.is_some() { "IMPORT" } else { "OTHER" }
}

fn address_of(address: &PostalAddress) -> Value {
    let lines = [&address.street, &address.city, &address.region, &address.postcode, &address.country];
    let formatted = lines.into_iter().filter(|line| !line.is_empty()).cloned().collect::<Vec<_>>().join("\n");
    json!({
        "addressLine": address.street, "city": address.city, "subdivision": address.region,
        "postalCode": address.postcode, "country": address.country, "formattedAddress": formatted,
    })
}

fn extended(contact: &Contact) -> Map<String, Value> {
    let mut out = Map::new();
    for custom in &contact.custom {
        let value = match &custom.value {
            CustomValue::Number(number) => json!(number),
            value @ (CustomValue::Text(_) | CustomValue::Date(_)) => json!(contact_edit::value_text(value)),
        };
        out.insert(format!("{CUSTOM}{}", custom.name), value);
    }
    if !contact.emails.is_empty() {
        out.insert("emailSubscriptions.subscriptionStatus".into(), json!(contact.subscription.code()));
        out.insert("emailSubscriptions.deliverabilityStatus".into(), json!(contact.deliverability.code()));
    }
    if let Some(member) = contact.member {
        out.insert("members.membershipStatus".into(), json!(member.status.code()));
    }
    out
}

/// Reads an `info` into a contact: what it doesn't hold stays, `null` empties. The names of what is not kept.
pub fn read(contact: &mut Contact, info: &Value, vocabulary: &CustomFields) -> Result<Vec<String>, DialectError> {
    let mut passed = Vec::new();
    for (name, value) in object(info, "info")? {
        let place = format!("info.{name}");
        match name.as_str() {
            "name" => read_name(contact, value, &place)?,
            "company" => text(value, &place)?.clone_into(&mut contact.company),
            "jobTitle" => text(value, &place)?.clone_into(&mut contact.title),
            "locale" => text(value, &place)?.clone_into(&mut contact.locale),
            "birthdate" => contact.birthday = day(value, &place)?,
            "emails" => contact.emails = tagged(value, &place, "email", &mut passed)?,
            "phones" => contact.phones = tagged(value, &place, "phone", &mut passed)?,
            "addresses" => contact.addresses = addresses(value, &place, &mut passed)?,
            "labelKeys" => {
                let mut labels = Vec::new();
                for item in list(value, &place)? {
                    labels.push(text(item, &place)?.to_owned());
                }
                labels.sort_unstable();
                labels.dedup();
                contact.labels = labels;
            }
            "extendedFields" => read_extended(contact, value, &place, vocabulary)?,
            "picture" => passed.push(place),
            _ => return Err(DialectError::new(INVALID, place, "there is no such member")),
        }
    }
    Ok(passed)
}

/// The fields, by their names on the query line, and the values that an `info` gives to many contacts at once. What
/// each contact has of its own (addresses of any kind, phones) is refused, and so are labels, which have a call.
pub fn assignments(info: &Value) -> Result<Vec<(String, String)>, DialectError> {
    let mut out = Vec::new();
    for (name, value) in object(info, "info")? {
        let place = format!("info.{name}");
        let mut put = |field: &str, value: &str| out.push((field.to_owned(), value.to_owned()));
        match name.as_str() {
            "company" => put("company", text(value, &place)?),
            "jobTitle" => put("title", text(value, &place)?),
            "locale" => put("locale", text(value, &place)?),
            "birthdate" => put("birthday", text(value, &place)?),
            "name" => {
                for (part, value) in object(value, &place)? {
                    match part.as_str() {
                        "first" | "last" => put(part, text(value, &place)?),
                        _ => {
                            return Err(DialectError::new(
                                INVALID,
                                format!("{place}.{part}"),
                                "there is no such member",
                            ));
                        }
                    }
                }
            }
            "extendedFields" => {
                for (key, value) in object(value.get("items").unwrap_or(value), &place)? {
                    let place = format!("{place}.{key}");
                    let invalid = |why: &str| DialectError::new("INVALID_EXTENDED_FIELD_VALUE", &place, why);
                    let name = key.strip_prefix(CUSTOM).ok_or_else(|| invalid("only custom fields can be set"))?;
                    put(&format!("x.{name}"), &custom_text(value).map_err(invalid)?);
                }
            }
            "emails" | "phones" | "addresses" => {
                return Err(DialectError::new(
                    INVALID,
                    place,
                    "each contact has its own; many can't be given the same",
                ));
            }
            "labelKeys" => {
                return Err(DialectError::new(INVALID, place, "labels are added and removed by add-remove-labels"));
            }
            _ => return Err(DialectError::new(INVALID, place, "there is no such member")),
        }
    }
    Ok(out)
}

/// The value of a custom field as text; empty where it is emptied.
fn custom_text(value: &Value) -> Result<String, &'static str> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err("it is a text or a number"),
    }
}

fn read_name(contact: &mut Contact, value: &Value, place: &str) -> Result<(), DialectError> {
    if value.is_null() {
        contact.name = crate::domain::contact::Name::default();
        return Ok(());
    }
    let composed = contact.name.of_parts();
    let follows = contact.name.full.trim() == composed;
    for (name, value) in object(value, place)? {
        let place = format!("{place}.{name}");
        match name.as_str() {
            "first" => text(value, &place)?.clone_into(&mut contact.name.first),
            "last" => text(value, &place)?.clone_into(&mut contact.name.last),
            _ => return Err(DialectError::new(INVALID, place, "there is no such member")),
        }
    }
    if follows {
        contact.name.full = contact.name.of_parts();
    }
    Ok(())
}

fn tagged(value: &Value, place: &str, of: &str, passed: &mut Vec<String>) -> Result<Vec<Tagged>, DialectError> {
    let (mut out, mut primary) = (Vec::new(), None);
    for (at, item) in list(value, place)?.iter().enumerate() {
        let place = format!("{place}.items[{at}]");
        let mut read = Tagged::default();
        for (name, value) in object(item, &place)? {
            let place = format!("{place}.{name}");
            match name.as_str() {
                "tag" => read.tag = tag(value, &place)?,
                "primary" => {
                    let yes = value.as_bool().or(value.is_null().then_some(false));
                    let yes = yes.ok_or_else(|| DialectError::new(INVALID, &place, "it is true or false"))?;
                    if yes && primary.replace(at).is_some() {
                        let why = "one of them is the primary one";
                        return Err(DialectError::new("CANNOT_HAVE_MULTIPLE_PRIMARY_INFO", place, why));
                    }
                }
                name if name == of => text(value, &place)?.clone_into(&mut read.value),
                "id" | "e164Phone" | "formattedPhone" => {}
                "countryCode" => passed.push(place),
                _ => return Err(DialectError::new(INVALID, place, "there is no such member")),
            }
        }
        if read.value.trim().is_empty() {
            return Err(DialectError::new(INVALID, format!("{place}.{of}"), "it is empty"));
        }
        out.push(read);
    }
    // The first one is the primary one here.
    if let Some(at) = primary {
        out[..=at].rotate_right(1);
    }
    Ok(out)
}

fn addresses(value: &Value, place: &str, passed: &mut Vec<String>) -> Result<Vec<PostalAddress>, DialectError> {
    let mut out = Vec::new();
    for (at, item) in list(value, place)?.iter().enumerate() {
        let place = format!("{place}.items[{at}]");
        let mut read = PostalAddress::default();
        for (name, value) in object(item, &place)? {
            let place = format!("{place}.{name}");
            match name.as_str() {
                "tag" => read.tag = tag(value, &place)?,
                "id" => {}
                "address" => read_address(&mut read, value, &place, passed)?,
                _ => return Err(DialectError::new(INVALID, place, "there is no such member")),
            }
        }
        out.push(read);
    }
    Ok(out)
}

fn read_address(
    address: &mut PostalAddress,
    value: &Value,
    place: &str,
    passed: &mut Vec<String>,
) -> Result<(), DialectError> {
    let mut second = String::new();
    for (name, value) in object(value, place)? {
        let place = format!("{place}.{name}");
        match name.as_str() {
            "addressLine" | "addressLine1" => text(value, &place)?.clone_into(&mut address.street),
            "addressLine2" => text(value, &place)?.clone_into(&mut second),
            "city" => text(value, &place)?.clone_into(&mut address.city),
            "subdivision" => text(value, &place)?.clone_into(&mut address.region),
            "postalCode" => text(value, &place)?.clone_into(&mut address.postcode),
            "country" => text(value, &place)?.clone_into(&mut address.country),
            // Made of the others.
            "formattedAddress" | "formatted" => {}
            "streetAddress"
            | "geocode"
            | "location"
            | "hint"
            | "countryFullname"
            | "subdivisionFullname"
            | "subdivisions" => passed.push(place),
            _ => return Err(DialectError::new(INVALID, place, "there is no such member")),
        }
    }
    if !second.is_empty() {
        let whole = format!("{}\n{second}", address.street);
        whole.trim().clone_into(&mut address.street);
    }
    Ok(())
}

fn read_extended(
    contact: &mut Contact,
    value: &Value,
    place: &str,
    vocabulary: &CustomFields,
) -> Result<(), DialectError> {
    let fields = match value {
        Value::Null => return Ok(()),
        value => value.get("items").unwrap_or(value),
    };
    for (key, value) in object(fields, place)? {
        let place = format!("{place}.{key}");
        let invalid = |why: &str| DialectError::new("INVALID_EXTENDED_FIELD_VALUE", &place, why);
        let Some(name) = key.strip_prefix(CUSTOM) else {
            // The service's own fields are told and can't be set.
            return Err(invalid("only custom fields can be set"));
        };
        if vocabulary.custom(name).is_none() {
            return Err(invalid("there is no such custom field; make it first"));
        }
        let value = custom_text(value).map_err(invalid)?;
        contact_edit::set(contact, &format!("x.{name}"), &value, vocabulary).map_err(|wrong| invalid(&wrong.why))?;
    }
    Ok(())
}

fn tag(value: &Value, place: &str) -> Result<Tag, DialectError> {
    match value {
        Value::Null => Ok(Tag::Untagged),
        value => Tag::from_code(text(value, place)?).ok_or_else(|| {
            let known: Vec<&str> = Tag::ALL.into_iter().map(Tag::code).collect();
            DialectError::new(INVALID, place, format!("it is one of {}", known.join(", ")))
        }),
    }
}

fn day(value: &Value, place: &str) -> Result<Option<PartialDate>, DialectError> {
    match text(value, place)? {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|why| DialectError::new(INVALID, place, format!("{why}"))),
    }
}

fn object<'a>(value: &'a Value, place: &str) -> Result<&'a Map<String, Value>, DialectError> {
    value.as_object().ok_or_else(|| DialectError::new(INVALID, place, "it is an object"))
}

/// The items of a list, which the API wraps.
fn list<'a>(value: &'a Value, place: &str) -> Result<&'a [Value], DialectError> {
    let items = match value {
        Value::Null => return Ok(&[]),
        Value::Object(map) if map.is_empty() => return Ok(&[]),
        Value::Object(map) if map.len() == 1 => map.get("items"),
        _ => None,
    };
    match items {
        Some(Value::Array(items)) if items.len() <= MOST => Ok(items),
        Some(Value::Array(_)) => Err(DialectError::new(INVALID, place, format!("it holds at most {MOST}"))),
        _ => Err(DialectError::new(INVALID, place, "it is an object with a list of items")),
    }
}

fn text<'a>(value: &'a Value, place: &str) -> Result<&'a str, DialectError> {
    match value {
        Value::Null => Ok(""),
        Value::String(text) => Ok(text),
        _ => Err(DialectError::new(INVALID, place, "it is a text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::ContactId;
    use crate::domain::field::CustomKind;

    fn vocabulary() -> CustomFields {
        CustomFields { custom: [("Points".to_owned(), CustomKind::Number)].into() }
    }

    #[test]
    fn phones_are_shown_in_international_form_where_that_can_be_told() {
        let typed = ["020 7946 0958", "ask the porter", "+49 30 1234567"];
        let contact = Contact { phones: typed.map(Tagged::plain).into(), ..Contact::default() };
        let shown = |home: Option<&str>| {
            let shown = write(&contact, Guids::new("x"), home.and_then(Country::of), |_| None);
            let items = shown["info"]["phones"]["items"].as_array().unwrap().clone();
            (
                shown["primaryPhone"]["e164Phone"].clone(),
                items.iter().map(|it| it["e164Phone"].clone()).collect::<Vec<_>>(),
            )
        };
        let (london, berlin) = (json!("+442079460958"), json!("+49301234567"));
        assert_eq!(shown(Some("GB")), (london.clone(), vec![london, Value::Null, berlin.clone()]));
        assert_eq!(shown(None), (Value::Null, vec![Value::Null, Value::Null, berlin]), "of which country?");
    }

    #[test]
    fn what_is_written_is_read_back_and_null_empties() {
        let info = json!({
            "name": {"first": "Alice", "last": "Smith"},
            "emails": {"items": [{"tag": "WORK", "email": "a@b.example"}, {"email": "c@d.example", "primary": true}]},
            "phones": {"items": [{"tag": "MOBILE", "phone": "+61 400 000 001"}]},
            "addresses": {"items": [{"tag": "HOME", "address": {"addressLine": "1 George St", "addressLine2": "Level 2", "city": "Brisbane", "geocode": {"latitude": 1}}}]},
            "company": "Acme", "jobTitle": "CTO", "birthdate": "1985-04-12", "locale": "en-AU",
            "labelKeys": {"items": ["vip"]},
            "extendedFields": {"items": {"custom.Points": 3}},
        });
        let mut contact = Contact { id: ContactId(7), ..Contact::default() };
        let passed = read(&mut contact, &info, &vocabulary()).unwrap();
        assert_eq!(passed, ["info.addresses.items[0].address.geocode"]);
        assert_eq!((contact.email(), contact.display_name().as_str()), ("c@d.example", "Alice Smith"));
        assert_eq!(contact.addresses[0].street, "1 George St\nLevel 2");
        let shown = write(&contact, Guids::new("x"), None, |_| None);
        let mut again = Contact { id: ContactId(7), ..Contact::default() };
        let mut info = shown["info"].clone();
        let own = info["extendedFields"]["items"].as_object_mut().unwrap();
        own.retain(|key, _| key.starts_with(CUSTOM));
        read(&mut again, &info, &vocabulary()).unwrap();
        assert_eq!(again, contact);
        read(
            &mut again,
            &json!({"jobTitle": null, "emails": {"items": []}, "name": {"first": "Alicia"}}),
            &vocabulary(),
        )
        .unwrap();
        assert_eq!((again.title.as_str(), again.emails.len(), again.display_name().as_str()), ("", 0, "Alicia Smith"));
    }

    #[test]
    fn what_is_wrong_names_its_place() {
        let place = |info: Value| read(&mut Contact::default(), &info, &vocabulary()).unwrap_err().place;
        assert_eq!(place(json!([])), "info");
        assert_eq!(place(json!({"colour": "red"})), "info.colour");
        assert_eq!(place(json!({"emails": ["a@b.example"]})), "info.emails");
        assert_eq!(place(json!({"emails": {"items": [{"email": 7}]}})), "info.emails.items[0].email");
        assert_eq!(place(json!({"phones": {"items": [{"phone": "1", "tag": "CAR"}]}})), "info.phones.items[0].tag");
        assert_eq!(place(json!({"birthdate": "31.3."})), "info.birthdate");
        assert_eq!(
            place(json!({"extendedFields": {"items": {"custom.Nothing": 1}}})),
            "info.extendedFields.custom.Nothing"
        );
    }
}
