//! What each fix makes of one contact.
//!
//! Called by [`super::Fix`]. Nothing here looks at other contacts.

use std::collections::{BTreeMap, BTreeSet};

use super::kind::Cell;
use crate::domain::contact::{Contact, Name};
use crate::domain::fold::fold_case;
use crate::domain::phone::{self, Country};
use crate::domain::slot::{Access, Merging, SLOTS};

/// Removes blanks at the ends of values, and all but one of several in a row.
pub(super) fn blanks(contact: &mut Contact) {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let tidy = |text: &mut String| {
        let lines: Vec<String> = text.trim().lines().map(line).collect();
        *text = lines.join("\n");
    };
    for row in SLOTS.iter().filter(|row| row.merging == Merging::One) {
        if let Access::Text(_, of) = row.access {
            tidy(of(contact));
        }
    }
    for value in contact.emails.iter_mut().chain(&mut contact.phones) {
        tidy(&mut value.value);
    }
    for address in &mut contact.addresses {
        let parts =
            [&mut address.street, &mut address.city, &mut address.region, &mut address.postcode, &mut address.country];
        parts.into_iter().for_each(tidy);
    }
    contact.labels.iter_mut().for_each(tidy);
    distinct(&mut contact.labels);
}

/// Labels by name, each once.
fn distinct(labels: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    labels.retain(|label| seen.insert(fold_case(label).into_owned()));
    labels.sort_unstable();
}

/// Writes names that are all in capitals, or all in small letters, with capitals where they belong.
pub(super) fn case(contact: &mut Contact) {
    let name = &mut contact.name;
    for part in [&mut name.full, &mut name.first, &mut name.middle, &mut name.last] {
        if let Some(written) = capitals(part) {
            *part = written;
        }
    }
}

/// Words that stand before a family name in small letters.
const PARTICLES: [&str; 19] = [
    "af", "al", "bin", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "la", "le", "ten", "van",
    "von", "zu",
];

/// What follows a name in capitals although it could be read as a word.
const LETTERS: [&str; 7] = ["ii", "iii", "iv", "mba", "phd", "msc", "bsc"];

/// A name with capitals where they belong; none where it has both already, or says too little.
fn capitals(name: &str) -> Option<String> {
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    let (upper, lower) = (letters().all(char::is_uppercase), letters().all(char::is_lowercase));
    // Initials and scripts without capitals are as they should be.
    if letters().count() < 3 || upper == lower || name.contains('@') {
        return None;
    }
    let words: Vec<&str> = name.split(' ').collect();
    let last = words.len() - 1;
    let write = |(at, word): (usize, &&str)| {
        let low = word.to_lowercase();
        // JR, DJ: three letters or fewer without a vowel are no word.
        let short = upper && low.chars().count() <= 3 && !low.contains(['a', 'e', 'i', 'o', 'u', 'y']);
        if short || (upper && at > 0 && LETTERS.contains(&low.as_str())) {
            (*word).to_owned()
        } else if at > 0 && at < last && PARTICLES.contains(&low.as_str()) {
            low
        } else {
            capital(&low)
        }
    };
    let written = words.iter().enumerate().map(write).collect::<Vec<_>>().join(" ");
    Some(written).filter(|written| written != name)
}

/// A word with a capital at its start, and behind a hyphen, an apostrophe, a dot, and Mc.
fn capital(low: &str) -> String {
    let mut out = String::with_capacity(low.len());
    let mut begins = true;
    for c in low.chars() {
        if begins {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        begins = matches!(c, '-' | '\'' | '\u{2019}' | '.' | '(') || (out == "Mc" && low.chars().count() > 4);
    }
    out
}

/// What stands before a name.
const TITLES: [&str; 14] =
    ["dr", "prof", "professor", "mr", "mrs", "ms", "miss", "herr", "frau", "sir", "dame", "rev", "mme", "ing"];
/// What follows a name.
const SUFFIXES: [&str; 10] = ["jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "esq", "dds"];
/// Words of companies and families: their names have no first and last.
const NO_PERSON: [&str; 26] = [
    "ag",
    "and",
    "associates",
    "bank",
    "bv",
    "co",
    "company",
    "corp",
    "family",
    "gmbh",
    "group",
    "hotel",
    "inc",
    "kg",
    "llc",
    "ltd",
    "office",
    "plc",
    "sa",
    "sales",
    "school",
    "srl",
    "support",
    "team",
    "the",
    "und",
];

/// Splits a name that stands in one field into its parts, where there is one way to read it.
pub(super) fn names(contact: &mut Contact) {
    let name = &contact.name;
    let parts = |name: &Name| [&name.first, &name.middle, &name.last].iter().filter(|it| !it.trim().is_empty()).count();
    let has_affix = !name.prefix.trim().is_empty() || !name.suffix.trim().is_empty();
    let split = match parts(name) {
        0 if !has_affix => split(&name.full),
        // Telephones put all of a name where the first is expected.
        1 if !name.first.trim().is_empty() && !has_affix => split(&name.first),
        _ => None,
    };
    let Some(split) = split.filter(|_| fold_case(&name.full) != fold_case(&contact.company)) else { return };
    let turned = name.full.contains(',');
    let full = if turned { split.of_parts() } else { name.full.clone() };
    contact.name = Name { full, nickname: name.nickname.clone(), ..split };
}

/// The parts of a name; none where it could be read in several ways, or is no person's.
fn split(text: &str) -> Option<Name> {
    let bare = |word: &str| word.trim_matches(['.', ',']).replace('.', "").to_lowercase();
    let latin =
        |c: char| (c.is_alphabetic() && c < '\u{250}') || matches!(c, ' ' | ',' | '.' | '-' | '\'' | '\u{2019}');
    if !text.chars().all(latin) || text.split_whitespace().any(|word| NO_PERSON.contains(&bare(word).as_str())) {
        return None;
    }
    let mut name = Name::default();
    let mut halves = text.split(',').map(str::trim);
    let (before, behind) = (halves.next()?, halves.next());
    if halves.next().is_some() {
        return None;
    }
    let mut words: Vec<&str> = before.split_whitespace().collect();
    let mut family: Vec<&str> = Vec::new();
    match behind {
        Some(suffix) if SUFFIXES.contains(&bare(suffix).as_str()) => suffix.clone_into(&mut name.suffix),
        Some(given) => {
            family = words;
            words = given.split_whitespace().collect();
        }
        None => {}
    }
    if words.len() > 1 && TITLES.contains(&bare(words[0]).as_str()) {
        words.remove(0).clone_into(&mut name.prefix);
    }
    if name.suffix.is_empty()
        && let Some(suffix) = words.pop_if(|word| SUFFIXES.contains(&bare(word).as_str()))
    {
        suffix.clone_into(&mut name.suffix);
    }
    let is_initial = |word: &&str| word.trim_end_matches('.').chars().count() == 1;
    let is_particle = |word: &&str| PARTICLES.contains(&word.to_lowercase().as_str());
    if family.is_empty() {
        let at = match words.as_slice() {
            [_, _] => 1,
            [_, middle @ .., _] if !middle.is_empty() && middle.iter().all(is_initial) => words.len() - 1,
            [_, middle @ .., _] if !middle.is_empty() && middle.iter().all(&is_particle) => 1,
            _ => return None,
        };
        family = words.split_off(at);
    } else if family.len() > 1 && !family[..family.len() - 1].iter().all(is_particle) {
        return None;
    }
    let (first, middle) = words.split_first()?;
    // Of a name turned round, all that is behind the comma is given.
    if middle.len() > 2 || family.iter().chain(&words).any(|word| !word.chars().any(char::is_alphabetic)) {
        return None;
    }
    (*first).clone_into(&mut name.first);
    name.middle = middle.join(" ");
    name.last = family.join(" ");
    Some(name)
}

/// Writes phones that were typed without their calling code in international form, as far as they can be told.
pub(super) fn phones(contact: &mut Contact, home: Country) {
    for phone in contact.phones.iter_mut().filter(|phone| !phone::is_international(&phone.value)) {
        if let Some(number) = phone::e164(&phone.value, Some(home)) {
            phone.value = number;
        }
    }
}

/// Replaces values of a contact.
pub(super) fn replace(contact: &mut Contact, cell: Cell, pairs: &BTreeMap<String, String>) {
    let put = |value: &mut String| {
        if let Some(to) = pairs.get(value.trim()) {
            to.clone_into(value);
        }
    };
    match cell {
        Cell::Company => put(&mut contact.company),
        Cell::City => contact.addresses.iter_mut().for_each(|address| put(&mut address.city)),
        Cell::Country => contact.addresses.iter_mut().for_each(|address| put(&mut address.country)),
        Cell::Label => {
            contact.labels.iter_mut().for_each(put);
            distinct(&mut contact.labels);
        }
        Cell::Domain => {
            for email in &mut contact.emails {
                let Some((local, domain)) = email.value.rsplit_once('@') else { continue };
                if let Some(to) = pairs.get(&domain.trim().to_lowercase()) {
                    email.value = format!("{local}@{to}");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_get_capitals_where_they_belong_and_keep_those_they_have() {
        for (typed, wanted) in [
            ("AMBER POWELL", "Amber Powell"),
            ("amber powell", "Amber Powell"),
            ("BOB O'NEILL", "Bob O'Neill"),
            ("ZOË VAN DER BEEK-LEE", "Zoë van der Beek-Lee"),
            ("MAI LE", "Mai Le"),
            ("RONALD MCDONALD", "Ronald McDonald"),
            ("JOHN SMITH MBA", "John Smith MBA"),
            ("JOHN SMITH III", "John Smith III"),
            ("Amber POWELL", "Amber POWELL"),
            ("J. R.", "J. R."),
            ("佐藤 花子", "佐藤 花子"),
            ("amber@oldcorp.com", "amber@oldcorp.com"),
        ] {
            assert_eq!(capitals(typed).unwrap_or_else(|| typed.to_owned()), wanted);
        }
    }

    #[test]
    fn names_in_one_field_are_split_where_there_is_one_way_to_read_them() {
        for (typed, wanted) in [
            ("Amber Powell", Some("|Amber||Powell|")),
            ("Powell, Amber", Some("|Amber||Powell|")),
            ("Powell, Amber Jane", Some("|Amber|Jane|Powell|")),
            ("Dr. Amber J. Powell", Some("Dr.|Amber|J.|Powell|")),
            ("Amber Powell Jr.", Some("|Amber||Powell|Jr.")),
            ("Amber Powell, PhD", Some("|Amber||Powell|PhD")),
            ("Ludwig van Beethoven", Some("|Ludwig||van Beethoven|")),
            ("Eva von der Leyen", Some("|Eva||von der Leyen|")),
            ("Gabriel García Márquez", None),
            ("Amber", None),
            ("Old Corp Ltd", None),
            ("Bo and Amber", None),
            ("amber@oldcorp.com", None),
            ("Area 51", None),
            ("佐藤 花子", None),
            ("a, b, c", None),
        ] {
            let parts = |it: Name| [it.prefix, it.first, it.middle, it.last, it.suffix].join("|");
            assert_eq!(split(typed).map(parts).as_deref(), wanted, "{typed}");
        }
    }

    #[test]
    fn a_name_that_has_its_parts_or_is_the_company_s_is_left_alone() {
        let named = |full: &str, first: &str, company: &str| {
            let name = Name { full: full.into(), first: first.into(), ..Name::default() };
            let mut contact = Contact { name, company: company.into(), ..Contact::default() };
            names(&mut contact);
            (contact.name.full, contact.name.first, contact.name.last)
        };
        let of = |full: &str, first: &str, last: &str| (full.to_owned(), first.to_owned(), last.to_owned());
        assert_eq!(named("Powell, Amber", "", ""), of("Amber Powell", "Amber", "Powell"));
        assert_eq!(named("Amber Powell", "Amber Powell", ""), of("Amber Powell", "Amber", "Powell"));
        assert_eq!(named("Old Corner", "", "Old Corner"), of("Old Corner", "", ""));
        assert_eq!(named("Amber Powell", "Amber", ""), of("Amber Powell", "Amber", ""));
    }
}
