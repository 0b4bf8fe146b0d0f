//! What can be asked, as values: what travels over a line.
//!
//! A request is one JSON object that `ask`, `plan` or `do` names. What is not known in it is an error, never passed over.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::held::{Clashes, PlanId};
use super::selection::Which;
use crate::domain::contact::{ContactId, JobId};

/// The version of [`Request`] and of what answers it; it rises when one of them changes so that a program written
/// for it would be misled.
pub const VERSION: u32 = 1;

/// What can be sent: a question, something to plan, or a command.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Request {
    /// Something that is only read: `{"ask": ...}`.
    Ask(Question),
    /// Something that is planned, and held until it is started: `{"plan": ...}`.
    Plan(PlanOf),
    /// Something that is done: `{"do": ...}`.
    Do(Command),
}

impl<'de> Deserialize<'de> for Request {
    /// By its one tag, so that what is wrong in it is told as what it is.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let has = |tag: &str| value.get(tag).is_some();
        if has("do") {
            Command::deserialize(value).map(Self::Do)
        } else if has("ask") {
            Question::deserialize(value).map(Self::Ask)
        } else if has("plan") {
            PlanOf::deserialize(value).map(Self::Plan)
        } else {
            return Err(D::Error::custom("a request is an object with \"ask\", \"plan\" or \"do\""));
        }
        .map_err(D::Error::custom)
    }
}

/// A question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Question {
    /// Who is asked: the program, its version, the contract's, whether the book can be written.
    About,
    /// How many contacts there are, in which lists, in the trash, on the Unsubscribers.
    Overview,
    /// The lists.
    Lists,
    /// The labels.
    Labels,
    /// Saved and built-in searches.
    Searches,
    /// How many contacts are meant.
    Count {
        /// Which.
        which: Which,
    },
    /// The contacts that are meant, whole, a page of them: 50 where no limit is said, 1,000 at most.
    Query {
        /// Which.
        which: Which,
    },
    /// A contact.
    Contact {
        /// Its number.
        id: ContactId,
    },
    /// The contacts most like a few letters.
    Find {
        /// The letters.
        pattern: String,
        /// So many at most.
        #[serde(default = "a_page")]
        limit: usize,
    },
    /// The newest jobs.
    Jobs {
        /// So many at most.
        #[serde(default = "a_page")]
        limit: usize,
    },
    /// A job, with a page of what it could not take.
    Job {
        /// Its number.
        id: JobId,
        /// So many failures are left out first.
        #[serde(default)]
        offset: usize,
        /// So many failures at most.
        #[serde(default = "a_page")]
        limit: usize,
    },
    /// A page of what became of each contact of a job.
    Report {
        /// Its number.
        id: JobId,
        /// So many are left out first.
        #[serde(default)]
        offset: u64,
        /// So many at most.
        #[serde(default = "a_page")]
        limit: usize,
    },
    /// A page of the Unsubscribers.
    Unsubscribers {
        /// So many are left out first.
        #[serde(default)]
        offset: usize,
        /// So many at most.
        #[serde(default = "a_page")]
        limit: usize,
    },
    /// A page of the audit log, the newest first.
    Log {
        /// So many are left out first.
        #[serde(default)]
        offset: usize,
        /// So many at most.
        #[serde(default = "a_page")]
        limit: usize,
    },
    /// Whether the book is in order.
    Doctor,
    /// A plan that is held, with a page of its contacts.
    Planned {
        /// Its number.
        plan: PlanId,
        /// So many contacts are left out first.
        #[serde(default)]
        offset: usize,
        /// So many contacts at most.
        #[serde(default = "a_page")]
        limit: usize,
    },
}

/// A command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Command {
    /// Starts a plan that was shown, if it is about so many contacts.
    Start {
        /// Its number.
        plan: PlanId,
        /// How many contacts are to be taken.
        expected: u64,
        /// So many contacts a second at most.
        #[serde(default)]
        rate: Option<std::num::NonZeroU32>,
    },
    /// Forgets a plan.
    Forget {
        /// Its number.
        plan: PlanId,
    },
    /// Adds a contact.
    AddContact {
        /// Its list.
        list: String,
        /// Its fields and their values, as text; many values of a field are separated by commas.
        fields: Vec<(String, String)>,
    },
    /// Sets fields of a contact; an empty value empties a field.
    SetContact {
        /// Its number.
        id: ContactId,
        /// The fields and their values.
        fields: Vec<(String, String)>,
        /// Only if it still has this revision.
        #[serde(default)]
        revision: Option<u32>,
    },
    /// Makes a list.
    CreateList {
        /// Its name.
        name: String,
        /// Whether it mirrors an account, so that its contacts can't be edited or deleted.
        #[serde(default)]
        account: bool,
    },
    /// Gives a list another name.
    RenameList {
        /// Its name.
        name: String,
        /// Its new name.
        new: String,
    },
    /// Drops a list that has no contact.
    DropList {
        /// Its name.
        name: String,
    },
    /// Gives a label another name.
    RenameLabel {
        /// Its name.
        name: String,
        /// Its new name.
        new: String,
    },
    /// Saves a query line under a name.
    SaveSearch {
        /// The name.
        name: String,
        /// The query line.
        line: String,
        /// What it is for.
        #[serde(default)]
        note: String,
    },
    /// Drops a saved search.
    DropSearch {
        /// Its name.
        name: String,
    },
    /// Adds addresses to the Unsubscribers.
    AddUnsubscribers {
        /// The addresses.
        addresses: Vec<String>,
    },
    /// Takes addresses off the Unsubscribers.
    RemoveUnsubscribers {
        /// The addresses.
        addresses: Vec<String>,
    },
    /// Asks a job to rest.
    Pause {
        /// Its number.
        id: JobId,
    },
    /// Goes on with a job that rests.
    Resume {
        /// Its number.
        id: JobId,
    },
    /// Ends a job; what it did stays done.
    Cancel {
        /// Its number.
        id: JobId,
    },
}

/// What can be planned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "plan", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum PlanOf {
    /// Contacts go to the trash.
    Delete {
        /// Which.
        which: Which,
        /// Whether site accounts are deleted with them.
        #[serde(default)]
        delete_members: bool,
    },
    /// All contacts of a list go to the trash.
    Clear {
        /// The list.
        list: String,
    },
    /// What a job could not delete is tried again.
    Retry {
        /// The job.
        id: JobId,
    },
    /// What an undo took back is done again.
    Redo {
        /// The undo.
        id: JobId,
    },
    /// A job is undone.
    Undo {
        /// The job.
        id: JobId,
        /// What becomes of contacts that clash with what came since; none: a plan with clashes can't be started.
        #[serde(default)]
        clashes: Option<Clashes>,
    },
    /// Contacts come out of the trash.
    Restore {
        /// Their numbers.
        ids: Vec<ContactId>,
        /// What becomes of those that clash with what came since.
        #[serde(default)]
        clashes: Option<Clashes>,
    },
    /// Contacts of the trash are removed for good.
    Erase {
        /// Their numbers; none: all of the trash.
        #[serde(default)]
        ids: Vec<ContactId>,
        /// What was deleted so many days ago or earlier, instead.
        #[serde(default)]
        older_than_days: Option<u32>,
        /// All of the trash, instead.
        #[serde(default)]
        all: bool,
    },
    /// Contacts are changed.
    Edit {
        /// Which.
        which: Which,
        /// What is done to each.
        edits: Vec<EditOf>,
    },
    /// Contacts become one.
    Merge {
        /// Their numbers.
        ids: Vec<ContactId>,
        /// The one that is kept; none: the first.
        #[serde(default)]
        keep: Option<ContactId>,
    },
    /// Groups of duplicates become one contact each.
    MergeGroups {
        /// Which; its criteria say by `duplicate:KEY` what those of a group share.
        which: Which,
    },
}

/// Something that is done to each contact of an edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EditOf {
    /// Gives these labels.
    AddLabels(Vec<String>),
    /// Takes these labels away.
    RemoveLabels(Vec<String>),
    /// Moves them into this list.
    Move(String),
    /// Puts copies of them into this list.
    Copy(String),
    /// Protects them from bulk deletes.
    Protect,
    /// No longer protects them.
    Unprotect,
    /// Marks them as unsubscribed, and puts their addresses on the Unsubscribers.
    Unsubscribe,
    /// Gives these fields, by their names on the query line, these values; an empty value empties a field.
    Set(Vec<(String, String)>),
}

fn a_page() -> usize {
    50
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_request_is_read_as_it_is_written_and_what_is_unknown_is_refused() {
        let plan = json!({"plan": "delete", "which": {"line": "is:bounced"}});
        let read: Request = serde_json::from_value(plan).unwrap();
        let Request::Plan(PlanOf::Delete { which, delete_members: false }) = &read else { panic!("{read:?}") };
        assert_eq!(which, &Which::line("is:bounced"));
        assert_eq!(serde_json::from_value::<Request>(serde_json::to_value(&read).unwrap()).unwrap(), read);
        for wrong in [
            json!({}),
            json!([]),
            json!({"ask": "everything"}),
            json!({"ask": "query"}),
            json!({"ask": "query", "which": {"lines": "x"}}),
            json!({"do": "start", "plan": "1", "expected": -1}),
            json!({"do": "start", "plan": "1", "expected": 1, "force": true}),
        ] {
            assert!(serde_json::from_value::<Request>(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
