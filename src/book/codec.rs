//! Values of a contact as they lie in a column: numbers for choices, text or JSON for what is many.
//!
//! Called by `row`, `binding` and `importing`. Pure. Every writer has its reader here; a reader answers none to what no
//! writer makes, so that damage is seen rather than guessed at.

use std::borrow::Cow;
use std::str::FromStr;

use serde::Deserialize;
use smallvec::{SmallVec, smallvec};

use crate::domain::contact::{
    BillingStatus, Custom, CustomValue, Deliverability, MemberStatus, PartialDate, PostalAddress, Role, Subscription,
    Tag, Tagged,
};
use crate::domain::contact_ref::AddressRef;

/// The statuses, by their number.
pub(super) const SUBSCRIPTION: [Subscription; 4] =
    [Subscription::NotSet, Subscription::Pending, Subscription::Subscribed, Subscription::Unsubscribed];
/// The standings of an address, by their number.
pub(super) const DELIVERABILITY: [Deliverability; 5] = [
    Deliverability::NotSet,
    Deliverability::Valid,
    Deliverability::Bounced,
    Deliverability::SpamComplaint,
    Deliverability::Inactive,
];
/// The standings of a member, by their number less one.
pub(super) const MEMBER_STATUS: [MemberStatus; 4] =
    [MemberStatus::Pending, MemberStatus::Active, MemberStatus::Blocked, MemberStatus::Offline];
/// The rights of a member, by their number less one.
pub(super) const ROLE: [Role; 3] = [Role::None, Role::Contributor, Role::Owner];
/// The standings of a billing subscription, by their number less one.
pub(super) const BILLING_STATUS: [BillingStatus; 3] =
    [BillingStatus::Active, BillingStatus::Cancelled, BillingStatus::Overdue];

/// The number of a status.
pub(super) fn subscription(value: Subscription) -> i64 {
    match value {
        Subscription::NotSet => 0,
        Subscription::Pending => 1,
        Subscription::Subscribed => 2,
        Subscription::Unsubscribed => 3,
    }
}

/// The number of an address's standing.
pub(super) fn deliverability(value: Deliverability) -> i64 {
    match value {
        Deliverability::NotSet => 0,
        Deliverability::Valid => 1,
        Deliverability::Bounced => 2,
        Deliverability::SpamComplaint => 3,
        Deliverability::Inactive => 4,
    }
}

/// The number of a member's standing.
pub(super) fn member_status(value: MemberStatus) -> i64 {
    match value {
        MemberStatus::Pending => 1,
        MemberStatus::Active => 2,
        MemberStatus::Blocked => 3,
        MemberStatus::Offline => 4,
    }
}

/// The number of a member's rights.
pub(super) fn role(value: Role) -> i64 {
    match value {
        Role::None => 1,
        Role::Contributor => 2,
        Role::Owner => 3,
    }
}

/// The number of a billing subscription's standing.
pub(super) fn billing_status(value: BillingStatus) -> i64 {
    match value {
        BillingStatus::Active => 1,
        BillingStatus::Cancelled => 2,
        BillingStatus::Overdue => 3,
    }
}

/// Emails or phones: the value itself where it is the only one, has no tag and can't be taken for JSON.
pub(super) fn tagged_text(values: &[Tagged]) -> Cow<'_, str> {
    match values {
        [] => Cow::Borrowed(""),
        [only] if only.tag == Tag::Untagged && !only.value.is_empty() && !only.value.starts_with('[') => {
            Cow::Borrowed(&only.value)
        }
        many => Cow::Owned(arrays(many.iter().map(|tagged| [tagged.tag.code(), &tagged.value]))),
    }
}

/// A text of a JSON array, lent where it holds no escape.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// Reads [`tagged_text`] for its values alone.
pub(super) fn values(text: &str) -> Option<SmallVec<[Cow<'_, str>; 2]>> {
    if !text.starts_with('[') {
        return Some(smallvec![Cow::Borrowed(text)]);
    }
    let many: SmallVec<[(Text<'_>, Text<'_>); 2]> = sequence(text)?.into();
    Some(many.into_iter().map(|(_, value)| value.0).collect())
}

/// Reads [`tagged_text`] in the place of the items that are there.
pub(super) fn tagged(text: &str, items: &mut Vec<Tagged>) -> Option<()> {
    if !text.starts_with('[') {
        items.resize_with(1, Tagged::default);
        items[0].tag = Tag::Untagged;
        text.clone_into(&mut items[0].value);
        return Some(());
    }
    let many: Vec<(Text<'_>, Text<'_>)> = sequence(text)?;
    items.resize_with(many.len(), Tagged::default);
    for (item, (tag, value)) in items.iter_mut().zip(many) {
        item.tag = Tag::from_code(&tag.0)?;
        (*value.0).clone_into(&mut item.value);
    }
    Some(())
}

/// A postal address as it is kept: tag, street, city, region, postcode, country.
type Six<'a> = (Text<'a>, Text<'a>, Text<'a>, Text<'a>, Text<'a>, Text<'a>);

/// Postal addresses.
pub(super) fn addresses_text(addresses: &[PostalAddress]) -> Cow<'_, str> {
    if addresses.is_empty() {
        return Cow::Borrowed("");
    }
    Cow::Owned(arrays(addresses.iter().map(|address| {
        let PostalAddress { tag, street, city, region, postcode, country } = address;
        [tag.code(), street, city, region, postcode, country]
    })))
}

/// Reads [`addresses_text`], lending.
pub(super) fn address_refs(text: &str) -> Option<SmallVec<[AddressRef<'_>; 1]>> {
    let many: Vec<Six<'_>> = sequence(text)?;
    let lent = many.into_iter().map(|(_, street, city, region, postcode, country)| AddressRef {
        street: street.0,
        city: city.0,
        region: region.0,
        postcode: postcode.0,
        country: country.0,
    });
    Some(lent.collect())
}

/// Reads [`addresses_text`] in the place of the items that are there.
pub(super) fn addresses(text: &str, items: &mut Vec<PostalAddress>) -> Option<()> {
    let many: Vec<Six<'_>> = sequence(text)?;
    items.resize_with(many.len(), PostalAddress::default);
    for (item, (tag, street, city, region, postcode, country)) in items.iter_mut().zip(many) {
        item.tag = Tag::from_code(&tag.0)?;
        let parts = [&mut item.street, &mut item.city, &mut item.region, &mut item.postcode, &mut item.country];
        for (to, from) in parts.into_iter().zip([street, city, region, postcode, country]) {
            (*from.0).clone_into(to);
        }
    }
    Some(())
}

/// Custom fields. Numbers are texts of their own, since JSON's readers differ in the last bit.
pub(super) fn custom_text(custom: &[Custom]) -> Cow<'_, str> {
    json(custom.iter().map(|Custom { name, value }| match value {
        CustomValue::Text(text) => (name, "t", Cow::Borrowed(text.as_str())),
        CustomValue::Number(number) => (name, "n", Cow::Owned(number.to_string())),
        CustomValue::Date(date) => (name, "d", Cow::Owned(date.to_string())),
    }))
}

/// Reads [`custom_text`].
pub(super) fn custom(text: &str) -> Option<Vec<Custom>> {
    let many: Vec<(String, Text<'_>, Text<'_>)> = sequence(text)?;
    many.into_iter()
        .map(|(name, kind, value)| {
            let value = match &*kind.0 {
                "t" => CustomValue::Text(value.0.into_owned()),
                "n" => CustomValue::Number(value.0.parse().ok()?),
                "d" => CustomValue::Date(value.0.parse().ok()?),
                _ => return None,
            };
            Some(Custom { name, value })
        })
        .collect()
}

/// What has no field: lines.
pub(super) fn lines_text(lines: &[String]) -> Cow<'_, str> {
    json(lines.iter())
}

/// Reads [`lines_text`].
pub(super) fn lines(text: &str) -> Option<Vec<String>> {
    sequence(text)
}

/// A date: year, month and day between hyphens, each empty where it isn't known.
pub(super) fn day_text(date: PartialDate) -> String {
    let part = |value: Option<i16>, width: usize| value.map(|value| format!("{value:0width$}")).unwrap_or_default();
    let PartialDate { year, month, day } = date;
    format!("{}-{}-{}", part(year, 4), part(month.map(i16::from), 2), part(day.map(i16::from), 2))
}

/// Reads [`day_text`].
pub(super) fn day(text: &str) -> Option<PartialDate> {
    // From the right, so that a year before 1 would keep its sign.
    let mut parts = text.rsplitn(3, '-');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    Some(PartialDate { year: known(year).ok()?, month: known(month).ok()?, day: known(day).ok()? })
}

/// A part of a date; none where it isn't known.
fn known<T: FromStr>(part: &str) -> Result<Option<T>, T::Err> {
    if part.is_empty() { Ok(None) } else { part.parse().map(Some) }
}

/// A JSON array of these, or an empty text where there are none.
fn json<T: serde::Serialize>(items: impl ExactSizeIterator<Item = T>) -> Cow<'static, str> {
    if items.len() == 0 {
        return Cow::Borrowed("");
    }
    let items: Vec<T> = items.collect();
    Cow::Owned(serde_json::to_string(&items).expect("texts in arrays always become JSON"))
}

/// A JSON array of arrays of texts: as [`json`] makes it, but quicker, since every import makes many.
fn arrays<'t, const N: usize>(rows: impl Iterator<Item = [&'t str; N]>) -> String {
    let mut out = String::with_capacity(96);
    for row in rows {
        for (at, text) in row.into_iter().enumerate() {
            out.push_str(match (out.as_str(), at) {
                ("", _) => "[[",
                (_, 0) => ",[",
                (_, _) => ",",
            });
            if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
                out.push('"');
                out.push_str(text);
                out.push('"');
            } else {
                out.push_str(&serde_json::to_string(text).expect("a text always becomes JSON"));
            }
        }
        out.push(']');
    }
    out.push(']');
    out
}

fn sequence<'a, T: Deserialize<'a>>(text: &'a str) -> Option<Vec<T>> {
    serde_json::from_str(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_untagged_value_lies_as_it_is_and_all_else_as_json() {
        let text = |values: &[Tagged]| tagged_text(values).into_owned();
        assert_eq!(text(&[]), "");
        assert_eq!(text(&[Tagged::plain("a@b.example")]), "a@b.example");
        assert_eq!(text(&[Tagged::plain("[x")]), r#"[["UNTAGGED","[x"]]"#);
        assert_eq!(text(&[Tagged::plain("")]), r#"[["UNTAGGED",""]]"#);
        assert!(matches!(values("a@b.example").unwrap()[0], Cow::Borrowed(_)));
        assert!(matches!(values(r#"[["HOME","a@b.example"]]"#).unwrap()[0], Cow::Borrowed(_)));
        assert_eq!(values("[broken"), None, "damage is not an address");
    }

    #[test]
    fn texts_in_arrays_are_written_as_any_writer_of_json_does() {
        let texts = ["", "Town", "a\"b", "c\\d", "line\nline", "\u{7}", "\u{7f}", "Łódź \u{2028}\u{1F469}"];
        for first in texts {
            for second in texts {
                let rows = [[first, second], [second, "x"]];
                assert_eq!(arrays(rows.into_iter()), serde_json::to_string(&rows).unwrap());
                assert_eq!(arrays(rows.into_iter().take(1)), serde_json::to_string(&rows[..1]).unwrap());
            }
        }
    }

    #[test]
    fn a_date_comes_back_whatever_is_known_of_it() {
        for year in [None, Some(1), Some(1985), Some(-44)] {
            for month in [None, Some(4)] {
                for day in [None, Some(12)] {
                    let date = PartialDate { year, month, day };
                    assert_eq!(super::day(&day_text(date)), Some(date));
                }
            }
        }
        assert_eq!(day("1985"), None);
    }

    #[test]
    fn numbers_of_custom_fields_come_back_to_the_last_bit() {
        for number in [0.1 + 0.2, f64::MIN_POSITIVE, f64::MAX, -0.0, 5e-324] {
            let fields = [Custom { name: "n".into(), value: CustomValue::Number(number) }];
            let back = custom(&custom_text(&fields)).expect("it was written here");
            let CustomValue::Number(back) = back[0].value else { panic!("it is a number") };
            assert_eq!(back.to_bits(), number.to_bits());
        }
    }
}
