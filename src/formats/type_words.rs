//! What an email, a phone or an address is for, in the words of the programs that wrote the file; and what stands
//! before a value without being part of it.
//!
//! Owns the one table of words; the readers of all formats call it.

use crate::domain::contact::Tag;

/// What may stand before an email address.
pub(super) const MAIL: &str = "mailto:";
/// What may stand before a phone number.
pub(super) const PHONE: &str = "tel:";

/// The value behind this scheme, however often it stands there, in any case; without what a `mailto:` adds to its
/// address (`?subject=...`).
pub(super) fn without_scheme<'t>(text: &'t str, scheme: &str) -> &'t str {
    let mut value = text;
    while let Some(start) = value.get(..scheme.len()).filter(|start| start.eq_ignore_ascii_case(scheme)) {
        value = value[start.len()..].trim();
    }
    if scheme == MAIL && value.len() < text.len() {
        value = value.split('?').next().unwrap_or_default().trim();
    }
    value
}

/// The tag for a label of an export (`Home`, `Work Fax`, `_$!<Mobile>!$_`); unknown words are "other".
pub(super) fn by_words(label: &str) -> Tag {
    let label = label.trim().trim_start_matches("_$!<").trim_end_matches(">!$_");
    let words: Vec<String> =
        label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    by_types(words.iter().map(String::as_str)).unwrap_or(if words.is_empty() { Tag::Untagged } else { Tag::Other })
}

/// Whether a label says more than any tag: one of its words is not known.
pub(super) fn says_more(label: &str) -> bool {
    if label.is_empty() {
        return false;
    }
    let label = label.trim().trim_start_matches("_$!<").trim_end_matches(">!$_");
    label
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .any(|word| !WORDS.iter().any(|(known, _, _)| word.to_lowercase() == **known))
}

/// The tag for several words together (vCard's `TYPE=WORK,FAX` is a fax); none if no word is known.
pub(super) fn by_types<'w>(words: impl Iterator<Item = &'w str>) -> Option<Tag> {
    words
        .filter_map(|word| WORDS.iter().find(|(known, _, _)| word.eq_ignore_ascii_case(known)))
        .max_by_key(|(_, _, weight)| *weight)
        .map(|(_, tag, _)| *tag)
}

/// Words, tags, and which of several counts.
#[rustfmt::skip]
const WORDS: &[(&str, Tag, u8)] = &[
    ("fax", Tag::Fax, 9), ("facsimile", Tag::Fax, 9), ("homefax", Tag::Fax, 9), ("workfax", Tag::Fax, 9),
    ("otherfax", Tag::Fax, 9),
    ("cell", Tag::Mobile, 8), ("mobile", Tag::Mobile, 8), ("iphone", Tag::Mobile, 8), ("handy", Tag::Mobile, 8),
    ("mobil", Tag::Mobile, 8), ("car", Tag::Mobile, 7),
    ("pager", Tag::Other, 7), ("billing", Tag::Billing, 7), ("shipping", Tag::Shipping, 7),
    ("home", Tag::Home, 5), ("private", Tag::Home, 5), ("personal", Tag::Home, 5), ("privat", Tag::Home, 5),
    ("work", Tag::Work, 5), ("business", Tag::Work, 5), ("office", Tag::Work, 5), ("arbeit", Tag::Work, 5),
    ("main", Tag::Main, 4), ("primary", Tag::Main, 4),
    ("other", Tag::Other, 3), ("untagged", Tag::Untagged, 2),
    ("smtp", Tag::Untagged, 1), ("ex", Tag::Untagged, 1), ("internet", Tag::Untagged, 1),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_is_no_part_of_an_address() {
        assert_eq!(without_scheme("MAILTO:mailto: a@b.example?subject=x", MAIL), "a@b.example");
        assert_eq!(without_scheme("a?b@b.example", MAIL), "a?b@b.example");
        assert_eq!(without_scheme("Tel:+1?2", PHONE), "+1?2");
    }

    #[test]
    fn words_of_many_programs() {
        assert_eq!(by_words("Home"), Tag::Home);
        assert_eq!(by_words("_$!<Mobile>!$_"), Tag::Mobile);
        assert_eq!(by_words("Work Fax"), Tag::Fax);
        assert_eq!(by_words("SMTP"), Tag::Untagged);
        assert_eq!(by_words("Summer house"), Tag::Other);
        assert_eq!(by_words(""), Tag::Untagged);
        for tag in Tag::ALL {
            assert_eq!(by_words(tag.code()), tag);
        }
        assert!(says_more("Summer house") && says_more("_$!<HomePage>!$_"));
        assert!(!says_more("Work Fax") && !says_more("_$!<Other>!$_") && !says_more(" "));
        assert_eq!(by_types(["VOICE", "MSG"].into_iter()), None);
    }
}
