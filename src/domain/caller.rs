//! Who asks, and what they may do.
//!
//! A caller goes with every call of the contract above the engine; its name stands in the audit log. Nothing here
//! knows a key or a network: a face makes the caller, the contract asks it.

use serde::{Deserialize, Serialize};

use super::contact::ListId;

/// Something that a caller may do, or may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Right {
    /// Read contacts, lists, searches, the trash.
    #[serde(rename = "contacts.read")]
    Read,
    /// Add, change, delete and restore contacts; their labels, the Unsubscribers.
    #[serde(rename = "contacts.modify")]
    ModifyContacts,
    /// Delete site accounts along with their contacts.
    #[serde(rename = "members.delete")]
    DeleteMembers,
    /// Create, rename, clear and drop lists.
    #[serde(rename = "lists.modify")]
    ModifyLists,
    /// Read jobs, their failures and their reports.
    #[serde(rename = "jobs.read")]
    ReadJobs,
    /// What concerns the book as a whole: its log, erasing for good, the searches' file, its health.
    #[serde(rename = "admin")]
    Admin,
}

impl Right {
    /// Every one.
    pub const ALL: [Self; 6] =
        [Self::Read, Self::ModifyContacts, Self::DeleteMembers, Self::ModifyLists, Self::ReadJobs, Self::Admin];

    /// Its word, as a scope is written: `contacts.read`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "contacts.read",
            Self::ModifyContacts => "contacts.modify",
            Self::DeleteMembers => "members.delete",
            Self::ModifyLists => "lists.modify",
            Self::ReadJobs => "jobs.read",
            Self::Admin => "admin",
        }
    }

    /// The right of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.word() == word)
    }
}

/// A set of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rights(u8);

impl Rights {
    /// Every right: whoever holds the book's file has them.
    pub fn all() -> Self {
        Right::ALL.into_iter().collect()
    }

    /// Whether this right is among them.
    pub fn has(self, right: Right) -> bool {
        self.0 & bit(right) != 0
    }

    /// These and those.
    #[must_use]
    pub fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether there is none.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Their words, separated by commas.
    pub fn words(self) -> String {
        self.each().map(Right::word).collect::<Vec<_>>().join(",")
    }

    /// The rights of these words, separated by commas; the word that is none where there is one.
    pub fn from_words(words: &str) -> Result<Self, &str> {
        let each = words.split(',').map(str::trim).filter(|word| !word.is_empty());
        each.map(|word| Right::from_word(word).ok_or(word)).collect()
    }

    /// Those that are among them, in the order of [`Right::ALL`].
    pub fn each(self) -> impl Iterator<Item = Right> {
        Right::ALL.into_iter().filter(move |right| self.has(*right))
    }
}

impl FromIterator<Right> for Rights {
    fn from_iter<I: IntoIterator<Item = Right>>(rights: I) -> Self {
        Self(rights.into_iter().fold(0, |bits, right| bits | bit(right)))
    }
}

fn bit(right: Right) -> u8 {
    1 << right as u8
}

/// Who asks, and with which rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The name that the audit log shows: a user of this machine, or a key.
    pub who: String,
    /// What is allowed.
    pub rights: Rights,
    /// What of it was given for a while, by a step of its own that is logged.
    pub elevated: Rights,
    /// The lists that it is allowed in; none: the whole book.
    pub lists: Option<Vec<ListId>>,
}

impl Caller {
    /// The user who runs the program: the book is theirs.
    pub fn owner(who: impl Into<String>) -> Self {
        Self::new(who, Rights::all())
    }

    /// Somebody with these rights in the whole book.
    pub fn new(who: impl Into<String>, rights: Rights) -> Self {
        Self { who: who.into(), rights, elevated: Rights::default(), lists: None }
    }

    /// Whether this caller may go into that list.
    pub fn may_enter(&self, list: ListId) -> bool {
        self.lists.as_ref().is_none_or(|lists| lists.contains(&list))
    }

    /// Whether this caller may do that.
    pub fn may(&self, right: Right) -> bool {
        self.rights.has(right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_what_they_were_made_of_and_words_lead_back_to_them() {
        for right in Right::ALL {
            let alone: Rights = [right].into_iter().collect();
            assert_eq!(alone.each().collect::<Vec<_>>(), [right]);
            assert_eq!(Right::from_word(right.word()), Some(right));
            assert_eq!(serde_json::to_value(right).unwrap(), right.word());
            assert!(Caller::owner("amber").may(right));
        }
        assert_eq!(Rights::default().each().count(), 0);
        assert_eq!(Right::from_word("everything"), None);
        assert_eq!(Rights::from_words(&Rights::all().words()), Ok(Rights::all()));
        assert_eq!(Rights::from_words("contacts.read, all"), Err("all"));
    }
}
