//! Our own properties: what vCard has none for.
//!
//! Owns the way from their values to fields; [`super::write`] writes them. Called by [`super::card_to_contact`].

use crate::domain::contact::{Billing, Contact, Custom, CustomValue, Member};
use crate::formats::dates::{self, DateOrder};

use super::property::Property;

/// Takes one of our own properties; false if its value is not as we write it.
pub(super) fn take(contact: &mut Contact, name: &str, value: &str) -> bool {
    // Ours are structured as an ORG is.
    let Some(parts) = Property::read("ORG", value).map(|property| property.components()) else { return false };
    let moment = |text: &str| dates::moment(text, DateOrder::MonthFirst);
    match (name, parts.as_slice()) {
        ("CREATED", [at]) => moment(at).map(|at| contact.created = at).is_some(),
        ("ACTIVE", [at]) => moment(at).map(|at| contact.active = Some(at)).is_some(),
        ("SOURCE", [text]) => {
            let is_free = contact.source.is_empty() || text.is_empty();
            if is_free && !text.is_empty() {
                contact.source.clone_from(text);
            }
            is_free
        }
        ("SUBSCRIPTION", [word]) => word.parse().map(|word| contact.subscription = word).is_ok(),
        ("DELIVERABILITY", [word]) => word.parse().map(|word| contact.deliverability = word).is_ok(),
        ("PROTECTED", [word]) => {
            contact.protected |= word == "yes";
            word == "yes"
        }
        ("MEMBER", [status, role]) => {
            let member = status.parse().ok().zip(role.parse().ok());
            member.map(|(status, role)| contact.member = Some(Member { status, role })).is_some()
        }
        ("BILLING", [plan, status, until]) => {
            let until = Some(until).filter(|until| !until.is_empty()).map(|until| moment(until));
            match (status.parse().ok(), until) {
                (None, _) | (_, Some(None)) => false,
                (Some(status), until) => {
                    contact.billing = Some(Billing { plan: plan.clone(), status, until: until.flatten() });
                    true
                }
            }
        }
        ("FIELD", [name, kind, value]) => {
            let value = match kind.as_str() {
                "number" => value.parse().ok().filter(|n: &f64| n.is_finite()).map(CustomValue::Number),
                "date" => value.parse().ok().map(CustomValue::Date),
                _ => Some(CustomValue::Text(value.clone())),
            };
            value.map(|value| contact.custom.push(Custom { name: name.clone(), value })).is_some()
        }
        _ => false,
    }
}
