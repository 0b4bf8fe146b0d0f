//! The plan of a delete: which contacts it takes up, frozen, with the predicted outcome of each.
//!
//! What the user sees before confirming comes from here, and the job that runs is this value. Made by
//! the engine out of the index; it never changes afterwards.

use serde::{Deserialize, Serialize};

use super::frozen::{Decisive, Item, Planned};
use crate::domain::contact::{ContactId, ListId};
use crate::domain::criteria::DuplicateKey;
use crate::domain::deletion_rules::Refusal;
use crate::domain::display::{agreeing, counted, thousands};
use crate::domain::job::JobType;
use crate::domain::query::{Scope, Selection};

/// What to plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanRequest {
    /// Which contacts; [`Scope::Trash`] can't be deleted from.
    pub selection: Selection,
    /// Contacts excluded by hand; those that match are left alone and don't appear in the job.
    pub excluded: Vec<ContactId>,
    /// Whether members are to be taken along.
    pub members_too: bool,
}

/// A frozen delete.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// What was asked.
    pub request: PlanRequest,
    /// The criteria as a query line; empty where ids were given.
    pub line: String,
    /// What was asked, in words.
    pub words: String,
    /// The contacts, in the order in which they are taken up.
    pub items: Vec<Item>,
    /// How many of the excluded ones would have matched.
    pub excluded: u64,
    /// What stays, by reason, in the order of the rules.
    pub stay: Vec<(Refusal, u64)>,
    /// What to look at twice.
    pub warnings: Vec<Warning>,
    /// Until when what goes can be restored, in days from the deletion; 0: until it is erased by hand.
    pub retention_days: u32,
    /// The book's last change that the plan knows of: as long as nothing else was written since, its
    /// predictions hold without looking again. None: everything is looked at again.
    pub as_of: Option<i64>,
}

impl Plan {
    /// How many match and aren't excluded: what the job takes up.
    pub fn matches(&self) -> u64 {
        self.items.len() as u64
    }

    /// How many will stay.
    pub fn will_stay(&self) -> u64 {
        self.stay.iter().map(|(_, n)| n).sum()
    }

    /// How many will go: the number to be confirmed.
    pub fn will_delete(&self) -> u64 {
        self.matches() - self.will_stay()
    }
}

impl Planned for Plan {
    fn kind(&self) -> JobType {
        JobType::Delete
    }

    fn words(&self) -> &str {
        &self.words
    }

    fn items(&self) -> &[Item] {
        &self.items
    }

    fn expected(&self) -> u64 {
        self.will_delete()
    }

    fn decisive(&self) -> Decisive<'_> {
        let scope = match self.request.selection.scope() {
            Scope::Book => 0,
            Scope::Trash => -1,
            Scope::List(list) => list.0,
        };
        let mut bytes = scope.to_le_bytes().to_vec();
        bytes.push(u8::from(self.request.members_too));
        bytes.extend_from_slice(&self.excluded.to_le_bytes());
        Decisive { kind: "cardfile plan 1", texts: vec![&self.line, &self.words], bytes }
    }
}

/// Something about a plan that deserves a second look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Warning {
    /// Everything in the scope matches.
    Everything,
    /// This clause matches nothing (its position among the clauses, and its words).
    ClauseMatchesNothing {
        /// Position among the clauses.
        at: usize,
        /// The clause in words.
        words: String,
    },
    /// This clause matches everything.
    ClauseMatchesAll {
        /// Position among the clauses.
        at: usize,
        /// The clause in words.
        words: String,
    },
    /// So many protected contacts match; they stay.
    Protected(u64),
    /// So many of those that go were active within the last 90 days.
    RecentlyActive(u64),
    /// So many values of this kind stand on several cards, all of which go.
    EveryCopy(u64, DuplicateKey),
    /// So many of those that go are the last card with their email address.
    LastWithEmail(u64),
    /// A quarter or more of a list goes: its number, its name, how many go, how many it has.
    ShareOfList {
        /// The list.
        list: ListId,
        /// Its name.
        name: String,
        /// How many go.
        goes: u64,
        /// How many it has.
        of: u64,
    },
    /// So many of those that go live elsewhere, and go there too: where, in words.
    Elsewhere {
        /// How many.
        goes: u64,
        /// Where: `on the server cloud.example.org`.
        place: String,
    },
    /// Dates that are not known never match: `not active>=2020` takes those never active along.
    NegatedDate {
        /// The clause in words.
        words: String,
        /// How many have no such date.
        missing: u64,
    },
}

impl Warning {
    /// The warning as a sentence without a full stop.
    pub fn words(&self) -> String {
        match self {
            Self::Everything => "everything matches".to_owned(),
            Self::ClauseMatchesNothing { at: _, words } => format!("\u{201c}{words}\u{201d} matches nothing"),
            Self::ClauseMatchesAll { at: _, words } => format!("\u{201c}{words}\u{201d} matches everything"),
            Self::Protected(n) => {
                format!("{} protected {}", thousands(*n), agreeing(*n, "contact stays", "contacts stay"))
            }
            Self::RecentlyActive(n) => {
                format!("{} of them {} active in the last 90 days", thousands(*n), agreeing(*n, "was", "were"))
            }
            Self::EveryCopy(n, by) => {
                let (copied, best) = (
                    format!("{} {}", thousands(*n), agreeing(*n, "person", "people")),
                    agreeing(*n, "the best one too", "the best ones too"),
                );
                let kept = agreeing(*n, "it", "the best of each");
                format!("every copy of {copied} goes, {best}; to keep {kept}, delete redundant:{} instead", by.word())
            }
            Self::LastWithEmail(n) => format!("{} will be on no card any more", counted(*n, "email address")),
            Self::ShareOfList { list: _, name, goes, of } => {
                format!("{} % of the list {name} goes", (goes * 100).checked_div(*of).unwrap_or(0))
            }
            Self::Elsewhere { goes, place } => {
                let (go, come) = (agreeing(*goes, "goes", "go"), agreeing(*goes, "the same card", "the same cards"));
                format!("{} {go} {place} too; an undo puts {come} back there", thousands(*goes))
            }
            Self::NegatedDate { words, missing } => {
                format!("\u{201c}{words}\u{201d} takes {} along that have no such date", thousands(*missing))
            }
        }
    }

    /// Whether it is so of most deletes, and said without raising the voice: what is always shouted is not
    /// heard.
    pub fn is_usual(&self) -> bool {
        match self {
            Self::LastWithEmail(_) => true,
            Self::Everything
            | Self::ClauseMatchesNothing { .. }
            | Self::ClauseMatchesAll { .. }
            | Self::Protected(_)
            | Self::RecentlyActive(_)
            | Self::EveryCopy(..)
            | Self::ShareOfList { .. }
            | Self::Elsewhere { .. }
            | Self::NegatedDate { .. } => false,
        }
    }

    /// The warning's code in `--json`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Everything => "EVERYTHING_MATCHES",
            Self::ClauseMatchesNothing { .. } => "CLAUSE_MATCHES_NOTHING",
            Self::ClauseMatchesAll { .. } => "CLAUSE_MATCHES_ALL",
            Self::Protected(_) => "PROTECTED_AMONG_THEM",
            Self::RecentlyActive(_) => "RECENTLY_ACTIVE_AMONG_THEM",
            Self::EveryCopy(..) => "EVERY_COPY",
            Self::LastWithEmail(_) => "LAST_WITH_EMAIL",
            Self::ShareOfList { .. } => "SHARE_OF_LIST",
            Self::Elsewhere { .. } => "ELSEWHERE_TOO",
            Self::NegatedDate { .. } => "NEGATED_DATE",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_delete_does_is_said_quietly_and_copies_aloud() {
        assert!(Warning::LastWithEmail(3).is_usual() && !Warning::EveryCopy(3, DuplicateKey::Email).is_usual());
        let words = |n| Warning::EveryCopy(n, DuplicateKey::Email).words();
        assert_eq!(
            words(1),
            "every copy of 1 person goes, the best one too; to keep it, delete redundant:email instead"
        );
        assert_eq!(
            words(1_200),
            "every copy of 1,200 people goes, the best ones too; to keep the best of each, delete redundant:email instead"
        );
    }
}
