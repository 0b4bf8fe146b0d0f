//! A pasted list of addresses, as people copy it out of a mail or a spreadsheet, as one clause.
//!
//! Used by the query line; what isn't a list of addresses stays the text that it is.

use std::collections::BTreeSet;

use crate::domain::address::normalise;
use crate::domain::criteria::{Clause, Criteria, TextOp};
use crate::domain::field::Field;
use crate::domain::syntax::print;

/// The clause that holds for exactly the addresses of a pasted list, and how many they are; none where the text
/// is anything but several addresses, whatever sets them apart and whatever names stand beside them.
pub(in crate::tui) fn clause_of_addresses(text: &str) -> Option<(String, usize)> {
    let mut known = BTreeSet::new();
    let mut addresses: Vec<String> = Vec::new();
    for entry in entries(text) {
        let address = address(entry)?;
        if known.insert(normalise(address)) {
            addresses.push(address.to_owned());
        }
    }
    if addresses.len() < 2 {
        return None;
    }
    let n = addresses.len();
    let clause = Clause::Text { field: Field::Email, op: TextOp::Exactly, values: addresses };
    Some((print(&Criteria::Clause(clause)), n))
}

/// The entries of a list: lines, what commas and semicolons set apart, and words where no name stands between.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.split(['\n', '\r', ',', ';', '\t']).map(str::trim).filter(|entry| !entry.is_empty());
    lines.flat_map(|entry| {
        let words = entry.contains('<') || entry.contains('"');
        let (whole, split) = if words { (Some(entry), None) } else { (None, Some(entry.split_whitespace())) };
        whole.into_iter().chain(split.into_iter().flatten())
    })
}

/// The address of an entry: alone, in angle brackets behind a name, or as a link.
fn address(entry: &str) -> Option<&str> {
    let inside = match (entry.rfind('<'), entry.rfind('>')) {
        (Some(open), Some(close)) if open < close && entry[close + 1..].trim().is_empty() => &entry[open + 1..close],
        _ => entry,
    };
    let address = inside.trim().trim_matches(['"', '\'']);
    let address = address.strip_prefix("mailto:").unwrap_or(address);
    let (local, domain) = address.split_once('@')?;
    let strange = |c: char| c.is_whitespace() || c.is_control() || "@<>()[]:=!~".contains(c);
    let plain = |part: &str| !part.is_empty() && !part.contains(strange);
    (plain(local) && plain(domain) && domain.contains('.') && !domain.starts_with('.')).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::field::CustomFields;
    use crate::domain::syntax::parse;

    #[test]
    fn several_addresses_are_one_clause_however_they_are_set_apart() {
        let expected = parse("email=(a@b.example, c.d+e@f.example)", &CustomFields::default()).expect("reads").criteria;
        for text in [
            "a@b.example\nc.d+e@f.example\n",
            "a@b.example\r\nc.d+e@f.example\r\nA@B.example\r\n",
            "a@b.example, c.d+e@f.example",
            "a@b.example;c.d+e@f.example;",
            "a@b.example c.d+e@f.example",
            "a@b.example\tc.d+e@f.example",
            "Amber B. <a@b.example>, \"Dee\" <c.d+e@f.example>",
            "<a@b.example>\n<mailto:c.d+e@f.example>",
            "mailto:a@b.example\n'c.d+e@f.example'",
        ] {
            let (line, n) = clause_of_addresses(text).expect(text);
            assert_eq!(n, 2, "{text}");
            assert_eq!(parse(&line, &CustomFields::default()).expect("reads").criteria, expected, "{text}: {line}");
        }
    }

    #[test]
    fn anything_else_is_left_as_it_is() {
        for text in [
            "",
            "a@b.example",
            "amber powell",
            "email:a@b.example email:c@d.example",
            "a@b.example and c@d.example",
            "a@b, c@d",
            "@b.example\n@d.example",
            "is:bounced\na@b.example",
        ] {
            assert_eq!(clause_of_addresses(text), None, "{text}");
        }
    }
}
