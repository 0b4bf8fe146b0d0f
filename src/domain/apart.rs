//! Pairs of contacts that somebody said are never the same, and what is left of a group of duplicates by them.
//!
//! Kept in the book; asked by the definition of duplicates, by the index, and where groups are merged.

use std::collections::HashSet;

use super::contact::ContactId;

/// The pairs of cards that are never the same, each with the lower number first.
pub type Apart = HashSet<(ContactId, ContactId)>;

/// A pair as [`Apart`] holds it.
pub fn pair(one: ContactId, other: ContactId) -> (ContactId, ContactId) {
    (one.min(other), one.max(other))
}

/// What a card is within its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It is never the same as any other of them.
    Alone,
    /// The one to keep of those that it may be the same as.
    Kept,
    /// One that is kept already may be the same.
    Copy,
}

/// What each card of a group is; they come with the one to keep first. Whoever is never the same as any that is kept is
/// kept as well, so that nobody who was told apart goes as a copy.
pub fn parts(group: &[ContactId], apart: &Apart) -> Vec<Part> {
    let may_be = |one: ContactId, other: ContactId| one != other && !apart.contains(&pair(one, other));
    let mut kept: Vec<ContactId> = Vec::new();
    let mut part = |id: ContactId| {
        if kept.iter().any(|known| may_be(*known, id)) {
            return Part::Copy;
        }
        kept.push(id);
        if group.iter().any(|other| may_be(id, *other)) { Part::Kept } else { Part::Alone }
    };
    group.iter().map(|id| part(*id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn told(group: &[i64], apart: &[(i64, i64)]) -> Vec<Part> {
        let group: Vec<ContactId> = group.iter().copied().map(ContactId).collect();
        let apart = apart.iter().map(|(one, other)| pair(ContactId(*one), ContactId(*other))).collect();
        parts(&group, &apart)
    }

    #[test]
    fn of_each_who_is_told_apart_one_card_is_kept() {
        use Part::{Alone, Copy, Kept};
        assert_eq!(told(&[3, 1, 2], &[]), [Kept, Copy, Copy]);
        assert_eq!(told(&[1, 2], &[(2, 1)]), [Alone, Alone]);
        assert_eq!(told(&[1, 2, 3], &[(1, 2)]), [Kept, Kept, Copy], "2 is another person than the one that is kept");
        assert_eq!(told(&[1, 2, 3], &[(1, 2), (1, 3)]), [Alone, Kept, Copy]);
        assert_eq!(told(&[1, 2, 3], &[(1, 2), (2, 3)]), [Kept, Alone, Copy]);
    }
}
