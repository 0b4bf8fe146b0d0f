//! A group of duplicates in a line: why they are one, what the kept card gains, where they differ.
//!
//! Called by whatever shows groups before they are merged. It says what [`super::merge`] makes and decides nothing.

use super::contact::Contact;
use super::criteria::DuplicateKey;
use super::criteria::matches::duplicate_keys;
use super::display::counted;
use super::likely::{Likeness, Traits};
use super::merge::{Merged, merge};
use super::phone::Country;
use super::slot::{Row, SLOTS};

/// A group in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The name of the kept card.
    pub name: String,
    /// How many cards become one.
    pub cards: usize,
    /// What they share: `amber@oldcorp.com`.
    pub why: String,
    /// What the kept card gains: `1 phone`, `company`.
    pub gains: Vec<String>,
    /// The fields in which they differ; what the kept card doesn't have goes into its note.
    pub differs: Vec<String>,
}

/// What merging these cards, whose phones are typed as in a country, into the kept one is, in words.
pub fn summary((by, home): (DuplicateKey, Option<Country>), kept: &Contact, others: &[Contact]) -> Summary {
    let Merged { contact: merged, conflicts } = merge(kept, others);
    let mut differs: Vec<String> = Vec::new();
    for conflict in conflicts.into_iter().filter(|conflict| conflict.noted) {
        if !differs.contains(&conflict.field) {
            differs.push(conflict.field);
        }
    }
    Summary {
        name: kept.display_name(),
        cards: others.len() + 1,
        why: shared((by, home), kept, others).unwrap_or_else(|| "each with another of them".to_owned()),
        gains: gains(kept, &merged, others),
        differs,
    }
}

/// What the kept card shares with another one, as the kept card has it.
fn shared((by, home): (DuplicateKey, Option<Country>), kept: &Contact, others: &[Contact]) -> Option<String> {
    if by == DuplicateKey::Likely {
        let own = Traits::of(kept, home);
        let likeness = others.iter().filter_map(|other| own.likeness(&Traits::of(other, home)));
        return likeness
            .max_by_key(|likeness| likeness.degree)
            .map(|Likeness { degree, why }| format!("{}: {}", degree.words(), why.join(", ")));
    }
    let has = |key: &String| others.iter().any(|other| duplicate_keys(other, by, home).contains(key));
    let value = |text: &str| {
        let alone = match by {
            DuplicateKey::Email => Contact { emails: vec![super::contact::Tagged::plain(text)], ..Contact::default() },
            DuplicateKey::Phone => Contact { phones: vec![super::contact::Tagged::plain(text)], ..Contact::default() },
            DuplicateKey::Name | DuplicateKey::NameBirthday | DuplicateKey::Likely => return false,
        };
        duplicate_keys(&alone, by, home).first().is_some_and(has)
    };
    match by {
        DuplicateKey::Email => kept.emails.iter().map(|it| it.value.trim()).find(|text| value(text)).map(str::to_owned),
        DuplicateKey::Phone => kept.phones.iter().map(|it| it.value.trim()).find(|text| value(text)).map(str::to_owned),
        DuplicateKey::Likely => None,
        DuplicateKey::Name => duplicate_keys(kept, by, home).iter().any(has).then(|| kept.display_name()),
        DuplicateKey::NameBirthday => {
            let day = kept.birthday?;
            duplicate_keys(kept, by, home).iter().any(has).then(|| format!("{}, {day}", kept.display_name()))
        }
    }
}

/// What a card has more than before.
fn gains(kept: &Contact, merged: &Contact, others: &[Contact]) -> Vec<String> {
    let counts = [
        (kept.emails.len(), merged.emails.len(), "email"),
        (kept.phones.len(), merged.phones.len(), "phone"),
        (kept.addresses.len(), merged.addresses.len(), "address"),
        (kept.labels.len(), merged.labels.len(), "label"),
        (kept.custom.len(), merged.custom.len(), "own field"),
    ];
    let more =
        |(before, after, what): (usize, usize, &str)| (after > before).then(|| counted((after - before) as u64, what));
    let mut out: Vec<String> = counts.into_iter().filter_map(more).collect();
    let gained = |row: &&Row| row.slot.of(kept).is_blank() && others.iter().any(|other| !row.slot.of(other).is_blank());
    out.extend(SLOTS.iter().filter(gained).map(|row| row.words.to_owned()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::{Name, Tagged};

    fn card(name: &str, emails: &[&str], phones: &[&str], title: &str) -> Contact {
        let tagged = |values: &[&str]| values.iter().map(|value| Tagged::plain(*value)).collect();
        let name = Name { full: name.into(), ..Name::default() };
        Contact { name, emails: tagged(emails), phones: tagged(phones), title: title.into(), ..Contact::default() }
    }

    #[test]
    fn a_group_says_why_what_is_gained_and_what_differs() {
        let kept = card("Amber Powell", &["home@a.example", "Amber@oldcorp.com"], &[], "Buyer");
        let other = Contact {
            company: "Old Corp".into(),
            ..card("Amber Powell", &["amber@oldcorp.com"], &["044 123", "044 456"], "Director")
        };
        let said = summary((DuplicateKey::Email, None), &kept, std::slice::from_ref(&other));
        assert_eq!((said.name.as_str(), said.cards, said.why.as_str()), ("Amber Powell", 2, "Amber@oldcorp.com"));
        assert_eq!((said.gains.join(", "), said.differs.join(", ")), ("2 phones, company".into(), "title".into()));
        assert_eq!(summary((DuplicateKey::Name, None), &kept, &[other]).why, "Amber Powell");
        let far = card("Bo", &["bo@a.example"], &[], "");
        assert_eq!(summary((DuplicateKey::Email, None), &kept, &[far]).why, "each with another of them");
    }
}
