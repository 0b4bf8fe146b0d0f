//! Floor 4: the one contract above the engine. Every question and every command passes through here, whichever
//! face it comes from.
//!
//! A [`Session`] is a book as one [`Caller`] may use it: each of its calls asks for the right that it needs, and
//! what it starts stands in the audit log under the caller's name. Faces in the same process call its typed
//! functions; faces at the other end of a line send a [`Request`] and get a [`Response`] by [`Session::handle`],
//! which makes the same calls. What a face would otherwise have to know for itself is known here: names of lists
//! and fields and what was probably meant, criteria in any of their forms, paths, the files that are written, and
//! plans that are held by number until somebody starts them.
//!
//! In reading order: [`session`]; [`reading`], [`lookup`], [`mailing`], [`joining`], [`contacts`], [`planning`],
//! [`changing`], [`files`] and [`accounts`],
//! its calls;
//! [`names`] and [`selection`], what was said turned into what is meant; [`held`] and
//! [`starting`], plans by number; [`keys`], who comes from outside; [`request`],
//! [`response`] and [`handle`], the contract as values; [`far`] and [`answering`], a book that is served elsewhere. Nothing here prints, draws, or knows a transport.

mod accounts;
mod answering;
mod changing;
mod contacts;
mod far;
mod files;
mod handle;
mod held;
mod joining;
mod keys;
mod lookup;
mod mailing;
mod names;
mod planning;
mod reading;
mod request;
mod response;
mod selection;
mod session;
mod starting;

pub use crate::domain::access_key::AccessKey;
pub use crate::domain::account::Secret;
pub use crate::domain::caller::{Caller, Right, Rights};
pub use crate::domain::phone::Country;
pub use crate::engine::AskedPlan;
pub use crate::engine::answer as types;
pub use crate::engine::csv_row;
pub use crate::engine::error::{Code, EngineError as ApiError, ErrorKind};
pub use crate::engine::{
    Asker, AuditEntry, Cancel, DateOrder, Demo, ExportError, FileForm, Format, FormatError, ImportAnswer,
    ImportPreview, ImportRequest, LeftOut, Location, OnMatch, Options, Overwrite, Purpose, Role, StartOptions,
    Unsubscribed, UnsubscriberForm, copy_book, create_book, grant_book, migrate_book, not_written,
};
pub use contacts::Known;
pub use files::{ReportFormat, expanded};
pub use held::{AnyPlan, Clashes, HeldPlan, PlanId};
pub use joining::{Consent, Joining, Without};
pub use keys::{NewKey, TokenGrant};
pub use mailing::{ListRows, Row, RowsRequest};
pub use names::{criteria_of_line, field_names, sort_of};
pub use request::{Command, EditOf, PlanOf, Question, Request, VERSION};
pub use response::{PlanShown, Response};
pub use selection::{Which, dialect_error};
pub use session::Session;

/// What a call answers.
pub type Result<T> = std::result::Result<T, ApiError>;

/// The error of who gives an address with a password in it as an argument.
pub fn password_is_seen() -> ApiError {
    let said = "a password among the arguments can be seen by everybody on this machine; nothing was opened";
    ApiError::new(ErrorKind::BadInput, said)
        .hint("put it into ~/.pgpass or PGPASSWORD, or the whole address into CARDFILE_BOOK")
}
