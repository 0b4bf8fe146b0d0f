//! What happens to the model: keys, time, size, answers. The only way in.
//!
//! Made by the runtime; it does nothing by itself.

use crate::domain::contact::{Contact, ContactId, JobId, ListId, Timestamp};
use crate::domain::criteria::EvalTime;
use crate::domain::field::CustomFields;
use crate::domain::plans::{EditPlan, ErasePlan, GroupsPlan, MergePlan, Plan, UndoPlan};
use crate::engine::EngineError;
use crate::engine::answer::{
    AccountView, AuditEntry, Check, CountAnswer, EngineEvent, ExportAnswer, FailurePage, Found, FoundFix, FoundList,
    ImportAnswer, ImportPreview, JobView, Kept, Overview, PullAnswer, QrCard, SearchAnswer, Tally, Trashed,
    Unsubscriber,
};
use crate::tui::input::key::Key;

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// A key was pressed.
    Key(Key),
    /// A cell of the screen was clicked.
    Click {
        /// Its column.
        x: u16,
        /// Its row.
        y: u16,
    },
    /// The wheel was turned by a notch over a cell of the screen.
    Wheel {
        /// Its column.
        x: u16,
        /// Its row.
        y: u16,
        /// Downwards.
        down: bool,
    },
    /// Text was pasted: it is text, never keys.
    Paste(String),
    /// The terminal has this many columns and rows.
    Resize {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// It is so late; it comes before what happened at that time.
    Tick {
        /// Now.
        now: Timestamp,
    },
    /// The model was drawn, and nothing was waiting to be handled: the user can have seen it.
    Drawn,
    /// The screen was lost (the program was stopped and goes on).
    Resumed,
    /// The engine answered.
    Answer(Answer),
    /// The engine told something without being asked.
    Engine(EngineEvent),
}

/// The number of a question; the answer to an older one is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Ticket(pub u64);

/// What the engine answers.
pub type Answered<T> = Result<T, EngineError>;

/// An answer, with the ticket of its question where several can be under way.
#[derive(Debug, Clone)]
pub enum Answer {
    /// The book around the contacts.
    Book(Answered<Box<Book>>),
    /// Counts and a page.
    Search(Ticket, Answered<Box<SearchAnswer>>),
    /// A card; none: the contact is gone.
    Card(Ticket, Answered<Option<Box<Card>>>),
    /// Counts alone.
    Counts(Ticket, Answered<CountAnswer>),
    /// Values of a field with how many contacts have each, the most frequent first.
    Values(Ticket, Vec<(String, u64)>),
    /// Contacts found by a few letters, the best first.
    Find(Ticket, Answered<Vec<Found>>),
    /// Where a contact stands among the matches; none: it doesn't match.
    Position(Ticket, Answered<Option<usize>>),
    /// What a query finds looks like.
    Tallied(Ticket, Answered<Tally>),
    /// What could be fixed.
    Fixes(Ticket, Answered<Vec<FoundFix>>),
    /// A contact as a QR code; none: it is gone.
    Qr(Ticket, Answered<Option<QrCard>>),
    /// Ids of matches, in order.
    Ids(Ticket, Answered<Vec<ContactId>>),
    /// A plan.
    Planned(Ticket, Answered<Box<Plan>>),
    /// A job was started.
    Started(Answered<JobId>),
    /// The latest jobs.
    Jobs(Answered<Vec<JobView>>),
    /// A page of a job's failures.
    Failures(Ticket, Answered<FailurePage>),
    /// Contacts among a job's failures.
    FailedIds(Ticket, Answered<Vec<ContactId>>),
    /// Who started a job.
    Who(Ticket, Answered<String>),
    /// The newest entries of the audit log, the newest first.
    Log(Ticket, Answered<Vec<AuditEntry>>),
    /// The Unsubscribers, by address.
    Unsubscribers(Ticket, Answered<Vec<Unsubscriber>>),
    /// Who deleted contacts of the trash; those that are not in it are left out.
    Trashed(Ticket, Answered<Vec<Trashed>>),
    /// What an undo or a restore will do.
    UndoPlanned(Ticket, Answered<Box<UndoPlan>>),
    /// What will be erased.
    ErasePlanned(Ticket, Answered<Box<ErasePlan>>),
    /// What was typed for is done, or is not.
    Wished(Ticket, Answered<Wished>),
    /// What came of a step of changing contacts.
    Edited(Ticket, Answered<Edited>),
    /// The contact files of a folder.
    Folder(Ticket, Answered<Folder>),
    /// What the beginning of a file would bring.
    Previewed(Ticket, Answered<Box<ImportPreview>>),
    /// How far a dry run or an export is.
    Told(Ticket, Told),
    /// What an import would do.
    Tried(Ticket, Answered<Box<ImportAnswer>>),
    /// An import was started.
    ImportStarted(Ticket, Answered<JobId>),
    /// What an import that is over has done.
    Imported(JobId, Answered<Box<ImportAnswer>>),
    /// Contacts were written to a file, or were not.
    Exported(Ticket, Answered<Exported>),
    /// Contacts of a plan, in the order in which they were asked for; those that are gone are left out.
    People(Ticket, Answered<Vec<Contact>>),
    /// What came of something that was asked of accounts, or done to them.
    Account(Ticket, Answered<AccountDone>),
    /// What earlier sessions left.
    Kept(Answered<Kept>),
    /// Something was kept for later sessions, or could not be; who wasn't asked needs no answer.
    Noted(Answered<()>),
    /// Something was done, or was not; `Ok` is what to say about it.
    Done(Answered<String>),
    /// A job was started: its number, and what to say as long as it is at work.
    Begun(Answered<(JobId, String)>),
    /// What became of a text that was to be copied, in words; `Err` where it is on no clipboard.
    Copied(Result<String, String>),
    /// A change became a job: what to say of it, without a full stop; the key that undoes it is added.
    Changed(Answered<String>),
}

/// What came of a step of changing contacts.
#[derive(Debug, Clone)]
pub enum Edited {
    /// The card as it is; none: it is gone.
    Card(Option<Box<Contact>>),
    /// It was done by this job.
    Done(JobId),
    /// It was not saved: the card was changed meanwhile, and is so now.
    ChangedMeanwhile(Box<Contact>),
    /// The labels of the book by name with how many of the contacts have each, and how many they are.
    Labels(Vec<(String, u64)>, u64),
    /// What edits would change.
    Planned(Box<EditPlan>),
    /// The cards that would be merged, and what of it: the refusal where they can't be.
    Preview(Vec<Contact>, Box<Answered<MergePlan>>),
    /// What a merge of groups would make.
    Groups(Box<GroupsPlan>),
    /// Who shares the value.
    Sharing(Vec<ContactId>),
}

/// Where a book is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// This program has it open.
    #[default]
    Here,
    /// It is served elsewhere, so that not all can be done from here.
    Served,
}

/// What came of something that was asked of accounts, or done to them.
#[derive(Debug, Clone)]
pub enum AccountDone {
    /// Which there are.
    List(Vec<AccountView>),
    /// What tells of folders whether they changed, by list.
    Marks(Vec<(ListId, u64)>),
    /// What was found of one, step by step.
    Checked(Vec<Check>),
    /// What was taken over.
    Pulled(PullAnswer),
    /// The address books that were found.
    Found(Vec<FoundList>),
    /// One was taken in: what to say of it.
    Added(String),
    /// It was done: what to say of it.
    Said(String),
}

/// The book around the contacts.
#[derive(Debug, Clone)]
pub struct Book {
    /// Its name.
    pub name: String,
    /// Lists, searches, trash.
    pub overview: Overview,
    /// Whether all of it was read when they were counted.
    pub whole: bool,
    /// Its custom fields.
    pub vocabulary: CustomFields,
    /// Whether nothing in it can be changed.
    pub read_only: bool,
    /// Where it is.
    pub place: Place,
    /// The day and zone at which it resolves criteria.
    pub today: EvalTime,
}

/// A contact and what only the engine knows of it.
#[derive(Debug, Clone)]
pub struct Card {
    /// The contact.
    pub contact: Contact,
    /// Which of the criteria that were sent along hold for it, in their order.
    pub held: Vec<bool>,
}

/// What came of something that was typed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wished {
    /// It was done; what to say about it.
    Done(String),
    /// The file, by its path, is there already; nothing was written.
    FileIsThere(String),
}

/// The contact files of a folder, and the folders in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folder {
    /// The folder as it was asked for.
    pub path: String,
    /// Files, the newest first; then folders, by name.
    pub entries: Vec<FolderEntry>,
}

/// A file or a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderEntry {
    /// Its name; that of a folder ends in a slash.
    pub name: String,
    /// The size of a file, in bytes; none: it is a folder.
    pub size: Option<u64>,
    /// When it was last changed.
    pub changed: Option<Timestamp>,
}

/// How far something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Told {
    /// Records or contacts behind it.
    pub records: u64,
    /// How much of it is done.
    pub done: u64,
    /// How much there is; 0 where nobody knows.
    pub of: u64,
}

/// What came of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exported {
    /// They were written.
    Done(ExportAnswer),
    /// The format has no place for something; nothing was written.
    Lossy(ExportAnswer),
    /// The file is there already; nothing was written.
    FileIsThere,
}
