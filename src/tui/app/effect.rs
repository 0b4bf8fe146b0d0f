//! What the model wants done: the only way out.
//!
//! Run by the runtime; a value that does nothing by itself, so that a test can read it.

use std::num::NonZeroU32;

use crate::domain::account::{Account, Password};
use crate::domain::contact::{Contact, ContactId, JobId, ListId, ListKind};
use crate::domain::criteria::{Criteria, DuplicateKey};
use crate::domain::field::Field;
use crate::domain::plans::{
    EditPlan, EditRequest, ErasePlan, GroupsPlan, GroupsRequest, MergePlan, Plan, PlanRequest, UndoPlan,
};
use crate::domain::query::{Query, Selection};
use crate::engine::answer::{CountRequest, FailuresRequest, FindRequest, Format, ImportRequest, SearchRequest};
use crate::tui::app::event::Ticket;

/// Something to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask for the book around the contacts.
    Book,
    /// Ask for counts and a page; a newer question takes the place of an older one.
    Search(Ticket, SearchRequest),
    /// Ask for a contact, and which of these criteria hold for it; the newest wins.
    Card(Ticket, ContactId, Vec<Criteria>),
    /// Ask for counts alone; the newest wins.
    Counts(Ticket, CountRequest),
    /// Ask for the values that contacts have in a field.
    Values(Ticket, Field),
    /// Ask for the contacts most like a few letters; the newest wins.
    Find(Ticket, FindRequest),
    /// Ask where a contact stands among all matches.
    Position(Ticket, SearchRequest, ContactId),
    /// Ask what a query finds looks like, by a field.
    Tally(Ticket, Query, Field),
    /// Ask what is untidy among these contacts; it tells how far it is, and can be stopped.
    Fixes(Ticket, Selection),
    /// Ask for a contact as a QR code of at most so many modules a side.
    Qr(Ticket, ContactId, usize),
    /// Take the mouse, or let the terminal have it.
    Mouse(bool),
    /// Tell the user, who may be elsewhere, that something long has ended.
    Tell(String),
    /// Ask for the ids of all matches, in order.
    Ids(Ticket, SearchRequest),
    /// Ask for a plan.
    Plan(Ticket, PlanRequest),
    /// Start the job of a plan that was shown and confirmed.
    Start(Box<Plan>, Manner),
    /// Ask for a plan of what a job could not delete.
    RetryPlan(Ticket, JobId),
    /// Ask for a plan of what an undo brought back.
    RedoPlan(Ticket, JobId),
    /// Ask for a plan of all contacts of a list, by its name.
    ClearPlan(Ticket, String),
    /// Ask for a plan of the undo of a job.
    UndoPlan(Ticket, JobId),
    /// Start the undo or the restore that was shown and confirmed.
    Undo(Box<UndoPlan>),
    /// Ask who deleted these contacts of the trash, and how long they wait.
    Trashed(Ticket, Vec<ContactId>),
    /// Ask for a plan of what comes back of the trash: what is marked, else what matches.
    RestorePlan(Ticket, SearchRequest),
    /// Ask what would be erased of the trash: what is marked, else what matches.
    ErasePlan(Ticket, SearchRequest),
    /// Erase what was shown and confirmed.
    Erase(Box<ErasePlan>),
    /// Hold a job.
    Pause(JobId),
    /// Let a job go on.
    Resume(JobId),
    /// Stop a job for good.
    Cancel(JobId),
    /// Ask for the latest jobs.
    Jobs,
    /// Ask for a page of a job's failures; the newest wins.
    Failures(Ticket, FailuresRequest),
    /// Ask for the contacts among a job's failures.
    FailedIds(Ticket, FailuresRequest),
    /// Ask who started a job.
    Who(Ticket, JobId),
    /// Ask for the newest entries of the audit log.
    Log(Ticket),
    /// Ask for the Unsubscribers.
    Unsubscribers(Ticket),
    /// Take an address off the Unsubscribers.
    Resubscribe(String),
    /// Drop a list, by its name.
    DropList(String),
    /// Ask something of accounts, or do something to them.
    Account(Ticket, AccountDeed),
    /// Do what was typed for.
    Wish(Ticket, Wish),
    /// Ask for the contact files of a folder, as it was typed: empty is where the program was started.
    Folder(Ticket, String),
    /// Ask what the beginning of a file would bring; its path is as it was typed.
    ImportPreview(Ticket, ImportRequest),
    /// Ask what an import would do.
    TryImport(Ticket, ImportRequest),
    /// Start an import that was tried and confirmed.
    StartImport(Ticket, ImportRequest),
    /// Ask what an import that is over has done.
    ImportAnswer(JobId),
    /// Write contacts to a file.
    Export(Ticket, Box<Export>),
    /// Stop a dry run or an export.
    Stop(Ticket),
    /// Ask for contacts of a plan.
    People(Ticket, Vec<ContactId>),
    /// Ask about a change of contacts, or make it.
    Editing(Ticket, Editing),
    /// Protect contacts, or take it off.
    Protect(Vec<ContactId>, bool),
    /// Save a query line.
    SaveSearch {
        /// Its name.
        name: String,
        /// The line.
        line: String,
        /// What it is for.
        note: String,
    },
    /// Drop a saved search, by its name.
    DropSearch(String),
    /// Write the saved searches to a file.
    ExportSearches {
        /// Its path, as it was typed.
        path: String,
        /// Whether a file that is there is replaced.
        replace: bool,
    },
    /// Save the searches of a file.
    ImportSearches {
        /// Its path, as it was typed.
        path: String,
        /// Whether searches of the same names are replaced.
        replace: bool,
    },
    /// Ask for what earlier sessions left: recent lines, columns.
    Kept,
    /// Keep a line that was searched for, for later sessions.
    KeepLine(String),
    /// Keep the table's columns, for later sessions.
    KeepColumns(String),
    /// Put text on the clipboard; what it is, for what is said of it.
    Copy(String, String),
    /// Draw everything anew.
    Redraw,
    /// Give the terminal back to the shell until the program is continued.
    Suspend,
    /// End the program; what comes before in the same step is done first.
    Quit,
}

/// A step of changing contacts: what is shown first, and what is done then.
#[derive(Debug, Clone, PartialEq)]
pub enum Editing {
    /// Read a card, to change it.
    Card(ContactId),
    /// Save a card, if it still has this revision.
    Save(Box<Contact>, u32),
    /// Add a card.
    Add(Box<Contact>),
    /// Read the labels of the book, and how many of these contacts have each.
    Labels(EditRequest),
    /// Plan edits.
    Plan(EditRequest),
    /// Carry out a plan that was shown and confirmed.
    Start(Box<EditPlan>),
    /// Preview a merge of these cards into the one that is kept.
    Preview(Vec<ContactId>, ContactId),
    /// Merge as it was shown and confirmed.
    Merge(Box<MergePlan>),
    /// Plan a merge of groups.
    PlanGroups(GroupsRequest),
    /// Carry out a merge of groups that was shown and confirmed.
    MergeGroups(Box<GroupsPlan>),
    /// Note for good that no two of these are the same, and plan the merge of the other groups.
    NeverThese(Vec<ContactId>, GroupsRequest),
    /// Forget that no two of these are the same, and plan the merge of the groups.
    NeverMind(Vec<ContactId>, GroupsRequest),
    /// Find who shares the value by which a contact is a duplicate.
    Sharing(Box<Contact>, DuplicateKey),
}

/// Contacts to write to a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// What is marked, else what matches, in the order of the rows.
    pub request: SearchRequest,
    /// What to write them as.
    pub format: Format,
    /// The file, as it was typed.
    pub path: String,
    /// Whether a file that is there already is replaced.
    pub replace: bool,
    /// Whether it is written although the format has no place for something.
    pub lossy: bool,
}

/// What is asked of accounts, or done to them.
#[derive(Debug, Clone, PartialEq)]
pub enum AccountDeed {
    /// Which there are.
    List,
    /// What tells of folders whether they changed, by list.
    Look,
    /// Whether one works, step by step.
    Check(String),
    /// Take over what changed where contacts live.
    Pull(PullOf),
    /// Keep the password of one, as somebody typed it.
    Give(String, Password),
    /// Look for its address books, with the password that somebody typed.
    Find(Box<Account>, Option<Password>),
    /// Take one in.
    Add(Box<Account>),
    /// Let go of one.
    Remove(String),
}

/// What is taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PullOf {
    /// All accounts.
    All,
    /// One, by its name.
    Account(String),
    /// One list: its number and its name.
    List(ListId, String),
    /// An account whose listing lacks exactly so many contacts, which was confirmed.
    Believe(String, u64),
}

/// How a job is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manner {
    /// Contacts a second at most; none: as fast as it goes.
    pub rate: Option<NonZeroU32>,
    /// The undo that it redoes.
    pub redoes: Option<JobId>,
}

/// Something that a text was typed for.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// Save a plan as a file, by its path.
    SavePlan(Box<Plan>, String),
    /// Write a job's report.
    Report {
        /// The job.
        job: JobId,
        /// The file, as it was typed.
        path: String,
        /// Whether a file that is there already is replaced.
        replace: bool,
    },
    /// Make a list.
    CreateList(String, ListKind),
    /// Give a list another name.
    RenameList {
        /// Its name.
        from: String,
        /// The other.
        to: String,
    },
    /// Add addresses to the Unsubscribers.
    Unsubscribe(Vec<String>),
    /// Add the addresses of a file to the Unsubscribers.
    ImportUnsubscribers(String),
}
