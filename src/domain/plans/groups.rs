//! The plan of merging many groups at once: in each one card is kept, the others go to the trash.
//!
//! Made by the engine out of what matches; [`arrange`] is the rule by which the card to keep is chosen, and who
//! takes part at all. What becomes of the kept card's values follows from the cards as they are, by
//! [`crate::domain::merge`]: the plan holds each card's revision, and a group of which one card was changed since
//! is left alone as a whole.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::frozen::{Decisive, Item, Planned};
use crate::domain::apart::{Apart, pair};
use crate::domain::contact::ContactId;
use crate::domain::criteria::DuplicateKey;
use crate::domain::deletion_rules::Refusal;
use crate::domain::display::{agreeing, contacts, counted, thousands};
use crate::domain::job::JobType;
use crate::domain::phone::Country;
use crate::domain::query::Selection;

/// The most cards of a group: more are nobody's duplicates, but people who share an address or a number.
pub const LARGEST: usize = 50;

/// What to merge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupsRequest {
    /// Which contacts; those of them that share a value with another of them become one.
    pub selection: Selection,
    /// Contacts excluded by hand: they take part in no group.
    pub excluded: Vec<ContactId>,
    /// By which value they fall into groups.
    pub by: DuplicateKey,
    /// Cards that are kept in their groups, whichever card the rule would keep.
    pub keep: BTreeSet<ContactId>,
}

/// A frozen merge of many groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupsPlan {
    /// What was asked.
    pub request: GroupsRequest,
    /// The criteria as a query line; empty where ids were given.
    pub line: String,
    /// What was asked, in words.
    pub words: String,
    /// The contacts, group after group: the card that is kept, then those that go, then those that stay.
    pub items: Vec<Item>,
    /// How many contacts each group has.
    pub sizes: Vec<u32>,
    /// What stays beside the kept card of its group, by reason, in the order of the rules.
    pub stay: Vec<(Refusal, u64)>,
    /// What takes part in no group.
    pub left: LeftOut,
    /// How many go out of another list than the one that their kept card is in.
    pub elsewhere: u64,
    /// For how many days it can be undone; 0: for ever.
    pub retention_days: u32,
    /// As in which country phones are typed: it decides which are the same.
    pub home: Option<Country>,
}

/// What matched and takes part in no group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LeftOut {
    /// Groups of which no card may go: all but one are members, protected and so on.
    pub settled: u64,
    /// Groups of more than [`LARGEST`] cards.
    pub too_large: u64,
    /// Contacts that are never to be merged with the others of their group.
    pub apart: u64,
}

/// A card that could take part in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The card.
    pub id: ContactId,
    /// Its revision.
    pub revision: u32,
    /// Why it may not go.
    pub refusal: Option<Refusal>,
}

impl GroupsPlan {
    /// The groups: of each the card that is kept, then the others.
    pub fn groups(&self) -> impl Iterator<Item = (&Item, &[Item])> {
        let mut rest = self.items.as_slice();
        self.sizes.iter().filter_map(move |size| {
            let (group, others) = rest.split_at_checked(*size as usize)?;
            rest = others;
            group.split_first()
        })
    }

    /// How many groups become a card each.
    pub fn becomes(&self) -> u64 {
        self.sizes.len() as u64
    }

    /// How many stay beside the kept card of their group.
    pub fn will_stay(&self) -> u64 {
        self.stay.iter().map(|(_, n)| n).sum()
    }

    /// How many go to the trash: the number to be confirmed.
    pub fn will_go(&self) -> u64 {
        self.items.len() as u64 - self.becomes() - self.will_stay()
    }

    /// What it does, in a line: `50 groups become 50 cards, 71 go; nothing that only they held is lost`.
    pub fn sentence(&self) -> String {
        let (n, go) = (self.becomes(), self.will_go());
        if n == 0 {
            return "There is nothing to merge.".to_owned();
        }
        let become_ = if n == 1 { "becomes" } else { "become" };
        let goes = agreeing(go, "goes", "go");
        let held = if go == 1 { "it" } else { "they" };
        format!(
            "{} {become_} {}, {} {goes}; nothing that only {held} held is lost.",
            counted(n, "group"),
            counted(n, "card"),
            thousands(go)
        )
    }

    /// What to look at twice, and what takes no part, a line each.
    pub fn remarks(&self) -> Vec<String> {
        let mut out = Vec::new();
        if self.request.by == DuplicateKey::Likely {
            out.push("these are likely the same, not certainly: look through them before you merge".to_owned());
        }
        if self.elsewhere > 0 {
            let goes = agreeing(self.elsewhere, "goes", "go");
            out.push(format!(
                "{} {goes} out of another list than the one that the kept card is in",
                thousands(self.elsewhere)
            ));
        }
        for (why, n) in &self.stay {
            let stays = agreeing(*n, "stays", "stay");
            out.push(format!("{} {} {stays} beside the kept card", thousands(*n), why.count_words(*n)));
        }
        let LeftOut { settled, too_large, apart } = self.left;
        if settled > 0 {
            let stays = agreeing(settled, "stays", "stay");
            out.push(format!("{} {stays} as {}: none of the cards may go", counted(settled, "group"), it(settled)));
        }
        if too_large > 0 {
            let is = agreeing(too_large, "is", "are");
            out.push(format!(
                "{} of more than {LARGEST} cards {is} left alone: so many are nobody's duplicates",
                counted(too_large, "group")
            ));
        }
        if apart > 0 {
            out.push(format!("{} left alone: you said that they are never the same", contacts(apart)));
        }
        out
    }
}

fn it(n: u64) -> &'static str {
    if n == 1 { "it is" } else { "they are" }
}

impl Planned for GroupsPlan {
    fn kind(&self) -> JobType {
        JobType::Edit
    }

    fn words(&self) -> &str {
        &self.words
    }

    fn items(&self) -> &[Item] {
        &self.items
    }

    /// The cards that go.
    fn expected(&self) -> u64 {
        self.will_go()
    }

    fn decisive(&self) -> Decisive<'_> {
        let bytes = self.sizes.iter().flat_map(|size| size.to_le_bytes()).collect();
        Decisive { kind: "cardfile merge groups 1", texts: vec![&self.line, &self.words], bytes }
    }
}

/// The cards of a group as they are taken up: the kept one, those that go, those that stay. None where there is
/// nothing to merge. They come in the order of the rule, the best first: the fullest, then the most recently active,
/// then the one with the lowest number.
///
/// A card that may not go is kept before one that may. What is in an account list can neither go nor be changed,
/// and takes no part. Who is never to be merged with a card of the group before is left out.
pub fn arrange(
    cards: &[Candidate],
    keep: &BTreeSet<ContactId>,
    apart: &Apart,
    left: &mut LeftOut,
) -> Option<Vec<Item>> {
    if cards.len() > LARGEST {
        left.too_large += 1;
        return None;
    }
    let mut cards: Vec<&Candidate> = cards.iter().filter(|card| card.refusal != Some(Refusal::AccountList)).collect();
    cards.sort_by_key(|card| (!keep.contains(&card.id), card.refusal.is_none()));
    let mut group: Vec<&Candidate> = Vec::with_capacity(cards.len());
    let mut never = 0;
    for card in cards {
        if group.iter().any(|other| apart.contains(&pair(card.id, other.id))) {
            never += 1;
        } else {
            group.push(card);
        }
    }
    left.apart += never;
    let Some((kept, others)) = group.split_first() else {
        left.settled += 1;
        return None;
    };
    let (go, stay): (Vec<&Candidate>, Vec<&Candidate>) = others.iter().partition(|card| card.refusal.is_none());
    if go.is_empty() {
        left.settled += u64::from(never == 0 || !stay.is_empty());
        return None;
    }
    let item = |card: &Candidate| Item { id: card.id, revision: card.revision, refusal: card.refusal };
    let kept = Item { refusal: None, ..item(kept) };
    Some(std::iter::once(kept).chain(go.into_iter().chain(stay).map(item)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(id: i64, refusal: Option<Refusal>) -> Candidate {
        Candidate { id: ContactId(id), revision: 1, refusal }
    }

    fn ids(cards: &[Candidate], keep: &[i64], apart: &[(i64, i64)]) -> (Option<Vec<i64>>, LeftOut) {
        let mut left = LeftOut::default();
        let keep = keep.iter().copied().map(ContactId).collect();
        let apart = apart.iter().map(|(one, other)| pair(ContactId(*one), ContactId(*other))).collect();
        let items = arrange(cards, &keep, &apart, &mut left);
        (items.map(|items| items.iter().map(|item| item.id.0).collect()), left)
    }

    #[test]
    fn the_best_is_kept_and_who_may_not_go_before_it() {
        let free = [card(5, None), card(2, None), card(9, None)];
        assert_eq!(ids(&free, &[], &[]), (Some(vec![5, 2, 9]), LeftOut::default()));
        assert_eq!(ids(&free, &[9], &[]).0, Some(vec![9, 5, 2]), "unless another one is asked for");
        let member = [card(5, None), card(2, Some(Refusal::Member)), card(9, Some(Refusal::Protected))];
        assert_eq!(ids(&member, &[], &[]).0, Some(vec![2, 5, 9]), "the second that may not go stays beside it");
        let mut left = LeftOut::default();
        let items = arrange(&member, &BTreeSet::new(), &Apart::new(), &mut left).unwrap();
        assert_eq!(items.iter().map(|item| item.refusal).collect::<Vec<_>>(), [None, None, Some(Refusal::Protected)]);
    }

    #[test]
    fn a_group_of_which_none_may_go_is_counted_and_left_alone() {
        let two = [card(1, Some(Refusal::Member)), card(2, Some(Refusal::Billing))];
        assert_eq!(ids(&two, &[], &[]), (None, LeftOut { settled: 1, ..LeftOut::default() }));
        let mirrored = [card(1, None), card(2, Some(Refusal::AccountList))];
        assert_eq!(ids(&mirrored, &[2], &[]).0, None, "what mirrors an account is neither kept nor goes");
        let many: Vec<Candidate> = (0..=LARGEST as i64).map(|id| card(id, None)).collect();
        assert_eq!(ids(&many, &[], &[]), (None, LeftOut { too_large: 1, ..LeftOut::default() }));
        assert_eq!(ids(&many[1..], &[], &[]).0.map(|ids| ids.len()), Some(LARGEST));
    }

    #[test]
    fn who_is_never_the_same_is_left_out() {
        let three = [card(1, None), card(2, None), card(3, None)];
        let one_left = LeftOut { apart: 1, ..LeftOut::default() };
        assert_eq!(ids(&three, &[], &[(2, 1)]), (Some(vec![1, 3]), one_left));
        assert_eq!(ids(&three[..2], &[], &[(1, 2)]), (None, one_left));
    }
}
