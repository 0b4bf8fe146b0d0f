//! The engine's one error: a code with its arguments, what happened, what was not touched.
//!
//! Made where it happens and handed up as it is: the contract above the engine calls it `ApiError`. What to do next
//! is worded here only where it is the same in every face; where it is a key, a command or an option, each face
//! words it for itself by the code.

use serde::{Deserialize, Serialize};

use crate::domain::caller::Right;
use crate::domain::contact::{ContactId, JobId};
use crate::domain::deletion_rules::Refusal;
use crate::domain::interned::{Word, word};
use crate::domain::syntax::SyntaxError;

/// What a call of the engine answers.
pub type Result<T> = std::result::Result<T, EngineError>;

/// What sort of failure it is; a face turns it into an exit status or a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The request can't be carried out as it was put (exit status 2).
    BadInput,
    /// What was confirmed no longer holds (exit status 3).
    Stale,
    /// The book or another file could not be read or written (exit status 4).
    Storage,
    /// It was cancelled (exit status 130).
    Cancelled,
}

/// What exactly is wrong, with what a face or a service needs to say of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum Code {
    /// The request can't be carried out as it was put.
    Invalid,
    /// Criteria, or an order, that one of the two APIs has a code of its own for.
    Criteria {
        /// That code: `311`, `UNSUPPORTED_SORT_FIELD`.
        #[serde(rename = "service", deserialize_with = "word")]
        code: Word,
    },
    /// Neither criteria nor contacts were named for something that changes them.
    NoCriteria,
    /// The caller may not do that.
    Forbidden {
        /// The right that is missing.
        missing: Right,
    },
    /// The caller may do that in some lists alone.
    OutsideLists,
    /// The key is not taken.
    BadKey,
    /// There is no such key.
    NoKey {
        /// Its name.
        key: String,
    },
    /// Another contact has its address or phone.
    KnownContact {
        /// The other one.
        contact: ContactId,
        /// What both have: an email address, else a phone.
        value: String,
    },
    /// Nobody confirmed the plan yet.
    NotConfirmed,
    /// The book was opened for reading only.
    ReadOnly,
    /// There is no such contact, or it is in the trash.
    NoContact {
        /// Its number.
        contact: ContactId,
    },
    /// The contact is not in the trash.
    NotInTrash {
        /// Its number.
        contact: ContactId,
    },
    /// There is no such list.
    NoList {
        /// Its name or number.
        list: String,
    },
    /// There is no list of this name, and the message or a hint says which there are.
    NoListNamed {
        /// The name.
        list: String,
    },
    /// There is no such label.
    NoLabel {
        /// Its name.
        label: String,
    },
    /// There is no such saved search.
    NoSearch {
        /// Its name.
        search: String,
    },
    /// There is no such job.
    NoJob {
        /// Its number.
        job: JobId,
    },
    /// There is no such plan, or it waited too long.
    NoPlan,
    /// The list mirrors an account, whose contacts can't be changed.
    AccountList {
        /// Its name.
        list: String,
    },
    /// There is no such account.
    NoAccount {
        /// Its name.
        account: String,
    },
    /// An account can't be used now.
    Account {
        /// Its name.
        account: String,
        /// Whether somebody has to type its password first.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        wants_password: bool,
    },
    /// A listing of an account lacks so much that it isn't believed.
    ListingLacks {
        /// The account's name.
        account: String,
        /// How many contacts it lacks.
        gone: u64,
    },
    /// The list lives elsewhere, where that can't be done.
    LiveList {
        /// Its name.
        list: String,
    },
    /// The list still has contacts.
    ListNotEmpty {
        /// Its name.
        list: String,
        /// How many.
        contacts: u64,
    },
    /// The name is taken, or empty.
    NameTaken,
    /// A file of this name is there already.
    FileIsThere,
    /// A contact may not be deleted.
    Refused {
        /// The contact.
        contact: ContactId,
        /// Why.
        #[serde(serialize_with = "refusal_code", deserialize_with = "refusal_of_code")]
        refusal: Refusal,
    },
    /// The job is in a state in which that can't be done to it.
    JobState,
    /// The job has to be gone on with first.
    JobNotOver {
        /// The job.
        job: JobId,
    },
    /// The job is the undo of an edit: its undo does the edit again.
    UndoOfEdit {
        /// The job.
        job: JobId,
    },
    /// The job is an undo: a redo does again what it took back.
    UndoOfDelete {
        /// The job.
        job: JobId,
    },
    /// Contacts of an undo share an address with a newer one, or were changed since.
    Clashes {
        /// The job that was to be undone; none: contacts of the trash were to be restored.
        job: Option<JobId>,
        /// Whether they were changed since.
        changed: bool,
    },
    /// The job stopped in the middle; it can be gone on with.
    Stopped {
        /// The job.
        job: JobId,
        /// Whether gone on with, it does the rest; else only its undo is left.
        resumable: bool,
        /// Whether what it did can be undone.
        undoable: bool,
    },
    /// What was confirmed no longer holds.
    Stale,
    /// The number that was confirmed isn't the plan's.
    WrongCount {
        /// The number that was confirmed.
        expected: u64,
        /// The plan's.
        found: u64,
    },
    /// A plan in a file fits the book no more, or was changed.
    StalePlanFile,
    /// Another process holds the book.
    Busy,
    /// There is no book.
    NoBook,
    /// The file is no book, or no file.
    NotABook,
    /// The book is damaged.
    Damaged,
    /// The book or another file could not be read or written.
    Storage,
    /// What an erase took away still lies in a file beside the book, until its job has been gone on with.
    NotWiped {
        /// The erase.
        job: JobId,
    },
    /// Addresses are hashes in the book, but not yet in what is left of its log.
    LogNotEmptied,
    /// It was cancelled.
    Cancelled,
}

impl Code {
    /// What sort of failure it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Invalid
            | Self::Criteria { .. }
            | Self::NoCriteria
            | Self::Forbidden { .. }
            | Self::OutsideLists
            | Self::BadKey
            | Self::NoKey { .. }
            | Self::NotConfirmed
            | Self::KnownContact { .. }
            | Self::ReadOnly
            | Self::NoContact { .. }
            | Self::NotInTrash { .. }
            | Self::NoList { .. }
            | Self::NoListNamed { .. }
            | Self::NoLabel { .. }
            | Self::NoSearch { .. }
            | Self::NoJob { .. }
            | Self::AccountList { .. }
            | Self::NoAccount { .. }
            | Self::LiveList { .. }
            | Self::ListNotEmpty { .. }
            | Self::NameTaken
            | Self::FileIsThere
            | Self::Refused { .. }
            | Self::JobState
            | Self::JobNotOver { .. }
            | Self::UndoOfEdit { .. }
            | Self::UndoOfDelete { .. } => ErrorKind::BadInput,
            Self::ListingLacks { .. }
            | Self::Clashes { .. }
            | Self::Stale
            | Self::WrongCount { .. }
            | Self::StalePlanFile
            | Self::NoPlan => ErrorKind::Stale,
            Self::Busy
            | Self::NoBook
            | Self::NotABook
            | Self::Damaged
            | Self::Account { .. }
            | Self::Storage
            | Self::NotWiped { .. }
            | Self::LogNotEmptied => ErrorKind::Storage,
            Self::Stopped { .. } | Self::Cancelled => ErrorKind::Cancelled,
        }
    }

    /// The two APIs' code for it, where they have one: `NEITHER_FILTER_NOR_SEARCH`, `303`.
    pub fn service(&self) -> Option<&'static str> {
        match self {
            Self::Criteria { code } => Some(code),
            Self::NoCriteria => Some("NEITHER_FILTER_NOR_SEARCH"),
            Self::NoContact { .. } => Some("304"),
            Self::NoList { .. } | Self::NoListNamed { .. } => Some("303"),
            Self::AccountList { .. } => Some("313"),
            Self::Forbidden { .. } | Self::OutsideLists => Some("321"),
            Self::BadKey => Some("300"),
            Self::KnownContact { .. } => Some("DUPLICATE_CONTACT_EXISTS"),
            Self::Refused { refusal, .. } => Some(refusal.code().as_str()),
            Self::Invalid
            | Self::NoKey { .. }
            | Self::NotConfirmed
            | Self::ReadOnly
            | Self::NotInTrash { .. }
            | Self::NoLabel { .. }
            | Self::NoSearch { .. }
            | Self::NoJob { .. }
            | Self::NoPlan
            | Self::NoAccount { .. }
            | Self::Account { .. }
            | Self::ListingLacks { .. }
            | Self::LiveList { .. }
            | Self::ListNotEmpty { .. }
            | Self::NameTaken
            | Self::FileIsThere
            | Self::JobState
            | Self::JobNotOver { .. }
            | Self::UndoOfEdit { .. }
            | Self::UndoOfDelete { .. }
            | Self::Clashes { .. }
            | Self::Stopped { .. }
            | Self::Stale
            | Self::WrongCount { .. }
            | Self::StalePlanFile
            | Self::Busy
            | Self::NoBook
            | Self::NotABook
            | Self::Damaged
            | Self::Storage
            | Self::NotWiped { .. }
            | Self::LogNotEmptied
            | Self::Cancelled => None,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn refusal_code<S: serde::Serializer>(refusal: &Refusal, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(refusal.code().as_str())
}

/// The first reason that has this code: others of the same code are told apart by their words alone.
fn refusal_of_code<'de, D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Refusal, D::Error> {
    let code = String::deserialize(deserializer)?;
    let found = Refusal::ALL.into_iter().find(|refusal| refusal.code().as_str() == code);
    found.ok_or_else(|| serde::de::Error::custom("a code that no refusal has"))
}

/// A failed call of the engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct EngineError {
    /// What exactly.
    pub code: Code,
    /// What happened and what was not touched, as sentences.
    pub message: String,
    /// What to do next, where it is the same in every face.
    pub hints: Vec<String>,
    /// The place in a query line, where it is about one.
    pub syntax: Option<Box<SyntaxError>>,
    /// That line.
    pub line: Option<String>,
}

impl EngineError {
    /// An error of this kind that nobody has more to say of than its message.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let code = match kind {
            ErrorKind::BadInput => Code::Invalid,
            ErrorKind::Stale => Code::Stale,
            ErrorKind::Storage => Code::Storage,
            ErrorKind::Cancelled => Code::Cancelled,
        };
        Self::of(code, message)
    }

    /// An error of this code.
    pub fn of(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hints: Vec::new(), syntax: None, line: None }
    }

    /// There is no such job.
    pub(super) fn no_job(id: JobId) -> Self {
        Self::of(Code::NoJob { job: id }, format!("there is no job {id}; nothing was changed"))
    }

    /// What sort of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.code.kind()
    }

    /// The same with one more hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl From<SyntaxError> for EngineError {
    fn from(error: SyntaxError) -> Self {
        Self { syntax: Some(Box::new(error.clone())), ..Self::new(ErrorKind::BadInput, error.to_string()) }
    }
}
