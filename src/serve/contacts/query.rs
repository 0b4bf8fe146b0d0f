//! Contacts found: query, list, get, counts, facets; the same for version 5, with its own envelope.

use base64::Engine as _;
use serde_json::{Map, Value, json};

use super::asked::{Answer, Asked};
use super::error::HttpError;
use crate::api::{Cancel, Which};
use crate::domain::contact::Contact;

/// Contacts of a page where nothing is said, and the most.
const PAGE: u64 = 50;
const MOST: u64 = 1_000;

/// `POST /v4/contacts/query`.
pub(super) fn query(asked: &Asked<'_>) -> Answer {
    let empty = Map::new();
    let query = match asked.get("query") {
        None => &empty,
        Some(Value::Object(query)) => query,
        Some(_) => return Err(HttpError::field("query", "it is an object")),
    };
    asked.pass_over(&asked.body, &["query", "search", "fields", "fieldsets"]);
    asked.pass_over(query, &["filter", "sort", "paging", "fields", "fieldsets"]);
    let which = Which {
        filter: filter(asked, query.get("filter"))?,
        search: asked.text("search")?.map(str::to_owned),
        sort: sort(asked, query.get("sort"))?,
        ..page(query.get("paging"))?
    };
    found(asked, &which, fields(query.get("fields").or_else(|| asked.get("fields")))?.as_ref())
}

/// `GET /v4/contacts`.
pub(super) fn list(asked: &Asked<'_>) -> Answer {
    let number = |name: &str| asked.call.value(name).map(|text| json!(text));
    let paging = json!({ "limit": number("paging.limit"), "offset": number("paging.offset") });
    let sort_by = asked
        .call
        .value("sort.fieldName")
        .map(|field| json!([{ "fieldName": field, "order": asked.call.value("sort.order").unwrap_or("ASC") }]));
    let which = Which { sort: sort(asked, sort_by.as_ref())?, ..page(Some(&paging))? };
    let names = asked.call.values("fields");
    found(asked, &which, (!names.is_empty()).then_some(&names))
}

/// `GET /v4/contacts/{id}`: of one that was merged into another one, the other one.
pub(super) fn get(asked: &Asked<'_>) -> Answer {
    let id = asked.contact()?;
    let (contact, kind) = match asked.session.living(id) {
        Ok(contact) => (contact, "REGULAR"),
        Err(error) => match asked.session.merged_into(id).map_err(|error| asked.wrong(error))? {
            Some(kept) => (kept, "MERGED"),
            None => return Err(asked.wrong(error)),
        },
    };
    let names = asked.call.values("fields");
    let shown = shown(asked, &contact, (!names.is_empty()).then_some(&names))?;
    Ok(json!({ "contact": shown, "responseType": kind }))
}

/// `GET /v5/contacts/{id}`.
pub(super) fn get_v5(asked: &Asked<'_>) -> Answer {
    let contact = asked.session.living(asked.contact()?).map_err(|error| asked.wrong(error))?;
    Ok(json!({ "contact": shown_v5(asked, &contact)? }))
}

/// `POST /v5/contacts/count`.
pub(super) fn count(asked: &Asked<'_>) -> Answer {
    asked.pass_over(&asked.body, &["filter", "search"]);
    let which = Which {
        filter: filter(asked, asked.get("filter"))?,
        search: expression(asked.get("search"))?,
        ..Which::default()
    };
    let count = asked.session.count(&which, &Cancel::new()).map_err(|error| asked.wrong(error))?;
    Ok(json!({ "count": count }))
}

/// `GET /v5/contacts/query` and `/search`, by `.r`, and the same by POST.
pub(super) fn query_v5(asked: &Asked<'_>) -> Answer {
    let body = match asked.call.value(".r") {
        None => asked.body.clone(),
        Some(text) => {
            let wrong = || HttpError::field(".r", "it is no JSON object in base64url");
            let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
                .decode(text.trim_end_matches('='))
                .map_err(|_| wrong())?;
            match serde_json::from_slice(&bytes) {
                Ok(Value::Object(body)) => body,
                _ => return Err(wrong()),
            }
        }
    };
    let empty = json!({});
    let within = body.get("query").or_else(|| body.get("search")).unwrap_or(&empty);
    let Value::Object(within) = within else { return Err(HttpError::field("query", "it is an object")) };
    asked.pass_over(within, &["filter", "sort", "cursorPaging", "paging", "search", "fields"]);
    let cursor = within.get("cursorPaging").and_then(|paging| paging.get("cursor")).and_then(Value::as_str);
    let offset = cursor
        .map(|text| text.parse::<u64>().map_err(|_| HttpError::field("cursorPaging.cursor", "it is none of ours")));
    let offset = offset.transpose()?.unwrap_or(0);
    let limit = within.get("cursorPaging").or_else(|| within.get("paging")).and_then(|paging| paging.get("limit"));
    let which = Which {
        filter: filter(asked, within.get("filter"))?,
        search: expression(within.get("search"))?,
        sort: sort(asked, within.get("sort"))?,
        ..page(Some(&json!({ "limit": limit, "offset": offset })))?
    };
    let (contacts, total) = asked.session.page_of(&which, &Cancel::new()).map_err(|error| asked.wrong(error))?;
    let next = offset + contacts.len() as u64;
    let contacts = contacts.iter().map(|contact| shown_v5(asked, contact)).collect::<Result<Vec<_>, _>>()?;
    let cursors = if next < total { json!({ "next": next.to_string() }) } else { json!({}) };
    let paging = json!({ "count": contacts.len(), "cursors": cursors, "hasNext": next < total, "total": total });
    Ok(json!({ "contacts": contacts, "pagingMetadata": paging }))
}

/// The text of a search, which version 5 writes as an object.
pub(super) fn expression(value: Option<&Value>) -> Result<Option<String>, HttpError> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Object(search)) => match search.get("expression") {
            Some(Value::String(text)) => Ok(Some(text.clone())),
            _ => Err(HttpError::field("search.expression", "it is a text")),
        },
        Some(_) => Err(HttpError::field("search", "it is a text")),
    }
}

/// A filter whose contacts stand by their numbers.
pub(super) fn filter(asked: &Asked<'_>, value: Option<&Value>) -> Result<Option<Value>, HttpError> {
    let given = value.filter(|value| !value.is_null());
    given.map(|filter| asked.session.filter_by_number(filter).map_err(|error| asked.wrong(error))).transpose()
}

fn sort(asked: &Asked<'_>, value: Option<&Value>) -> Result<Option<String>, HttpError> {
    let wrong = |why: &str| HttpError::new(400, "UNSUPPORTED_SORT_FIELD", why);
    let one = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(items)) if items.is_empty() => return Ok(None),
        Some(Value::Array(items)) if items.len() == 1 => &items[0],
        Some(one @ Value::Object(_)) => one,
        Some(_) => return Err(wrong("contacts are sorted by one field")),
    };
    let Some(name) = one.get("fieldName").and_then(Value::as_str) else {
        return Err(wrong("a sort names its fieldName"));
    };
    let falling = match one.get("order").and_then(Value::as_str) {
        None | Some("ASC") => false,
        Some("DESC") => true,
        Some(_) => return Err(wrong("the order of a sort is ASC or DESC")),
    };
    asked.session.sort_of_api_field(name, falling).map(Some).map_err(|error| asked.wrong(error))
}

fn page(paging: Option<&Value>) -> Result<Which, HttpError> {
    let illegal = |why: String| HttpError::new(400, "ILLEGAL_LIMIT", why);
    let number = |name: &str, default: u64| match paging.and_then(|paging| paging.get(name)) {
        None | Some(Value::Null) => Ok(default),
        Some(Value::Number(number)) => {
            number.as_u64().ok_or_else(|| illegal(format!("{name} is a whole number of 0 or more")))
        }
        Some(Value::String(text)) => {
            text.parse().map_err(|_| illegal(format!("{name} is a whole number of 0 or more")))
        }
        Some(_) => Err(illegal(format!("{name} is a whole number"))),
    };
    let (limit, offset) = (number("limit", PAGE)?, number("offset", 0)?);
    if limit > MOST {
        return Err(illegal(format!("limit is {MOST} at most")));
    }
    let small = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    Ok(Which { limit: Some(small(limit)), offset: small(offset), ..Which::default() })
}

fn fields(value: Option<&Value>) -> Result<Option<Vec<String>>, HttpError> {
    let wrong = || HttpError::field("fields", "it is a list of texts");
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(items)) if items.is_empty() => Ok(None),
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong))
            .collect::<Result<_, _>>()
            .map(Some),
        Some(_) => Err(wrong()),
    }
}

fn found(asked: &Asked<'_>, which: &Which, names: Option<&Vec<String>>) -> Answer {
    let (contacts, total) = asked.session.page_of(which, &Cancel::new()).map_err(|error| asked.wrong(error))?;
    let shown = contacts.iter().map(|contact| shown(asked, contact, names)).collect::<Result<Vec<_>, _>>()?;
    let paging = json!({ "count": shown.len(), "offset": which.offset, "total": total, "tooManyToCount": false });
    Ok(json!({ "contacts": shown, "pagingMetadata": paging }))
}

/// A contact, whole or with these members alone, and always with its identifier and revision.
pub(super) fn shown(asked: &Asked<'_>, contact: &Contact, names: Option<&Vec<String>>) -> Answer {
    let whole = asked.session.api_contact(contact).map_err(|error| asked.wrong(error))?;
    let Some(names) = names else { return Ok(whole) };
    let mut out = json!({ "id": whole["id"], "revision": whole["revision"] });
    for name in names {
        copy(&whole, &mut out, &name.split('.').collect::<Vec<_>>());
    }
    Ok(out)
}

fn copy(from: &Value, to: &mut Value, path: &[&str]) {
    let [first, rest @ ..] = path else { return };
    let Some(value) = from.get(first) else { return };
    if rest.is_empty() {
        to[*first] = value.clone();
        return;
    }
    if !to[*first].is_object() {
        to[*first] = json!({});
    }
    copy(value, &mut to[*first], rest);
}

/// A contact as version 5 shows it: flat, its revision a text.
pub(super) fn shown_v5(asked: &Asked<'_>, contact: &Contact) -> Answer {
    let whole = asked.session.api_contact(contact).map_err(|error| asked.wrong(error))?;
    let info = &whole["info"];
    let rest =
        |items: &Value| items["items"].as_array().map_or_else(Vec::new, |all| all.iter().skip(1).cloned().collect());
    Ok(json!({
        "id": whole["id"], "revision": contact.revision.to_string(),
        "createdDate": whole["createdDate"], "updatedDate": whole["updatedDate"],
        "name": info["name"],
        "email": (!contact.emails.is_empty()).then(|| json!({
            "email": contact.email(), "tag": contact.emails[0].tag.code(),
            "subscriptionStatus": contact.subscription.code(),
            "deliverabilityStatus": contact.deliverability.code(),
        })),
        "additionalEmails": rest(&info["emails"]),
        "phone": (!contact.phones.is_empty()).then(|| json!({ "phone": contact.phone(), "tag": contact.phones[0].tag.code() })),
        "additionalPhones": rest(&info["phones"]),
        "addresses": info["addresses"]["items"],
        "company": { "name": contact.company, "jobTitle": contact.title },
        "locale": info["locale"], "birthdate": info["birthdate"], "source": whole["source"],
        "extendedFields": info["extendedFields"]["items"],
        "tags": contact.labels,
    }))
}

/// `GET /v4/contacts/facets` and `POST .../facets/query`: counts, each with the filter that finds them.
pub(super) fn facets(asked: &Asked<'_>) -> Answer {
    asked.pass_over(&asked.body, &["filter", "paging", "language", "facetTypes"]);
    let within = filter(asked, asked.get("filter"))?;
    let mut all = vec![("ALL_CONTACTS", "all".to_owned(), "All contacts".to_owned(), json!({}))];
    for status in crate::domain::status::Subscription::CODES {
        let filter = json!({ "primaryEmail.subscriptionStatus": status });
        all.push(("EMAIL_SUBSCRIPTION", (*status).to_owned(), (*status).to_owned(), filter));
    }
    for status in crate::domain::status::MemberStatus::CODES {
        let filter = json!({ "info.extendedFields.members.membershipStatus": status });
        all.push(("MEMBER_STATUS", (*status).to_owned(), (*status).to_owned(), filter));
    }
    for (label, _) in asked.session.all_labels().map_err(|error| asked.wrong(error))? {
        let filter = json!({ "info.labelKeys": { "$hasSome": [label] } });
        all.push(("LABEL", label.clone(), label, filter));
    }
    let mut facets = Vec::new();
    for (kind, key, name, ready) in all {
        let filter = match &within {
            None => ready.clone(),
            Some(within) => json!({ "$and": [within, ready] }),
        };
        let which = Which { filter: Some(filter), ..Which::default() };
        let count = asked.session.count(&which, &Cancel::new()).map_err(|error| asked.wrong(error))?;
        facets.push(json!({
            "facetType": kind, "namespace": "contacts", "namespaceDisplayName": "Contacts", "facetKey": key,
            "facetDisplayName": name, "count": count, "queryFilter": ready,
        }));
    }
    let n = facets.len();
    Ok(json!({ "facets": facets, "pagingMetadata": { "count": n, "offset": 0, "total": n } }))
}
