//! Imports: files into the book, as a job that can be paused, resumed and undone.
//!
//! In reading order: [`request_record`], the request as the book keeps it; [`read`], the files as batches of records;
//! [`match_index`] and [`classify`], what becomes of each record; [`reject_file`], the records that could not
//! be read, saved;
//! [`run`], the job. Called by the runner, and by `importing` for dry runs and previews.

mod classify;
mod match_index;
mod read;
mod reject_file;
mod request_record;
mod run;

pub(super) use classify::{Stamp, classify};
pub(super) use match_index::{Already, MatchIndex, WOULD_BE};
pub(super) use read::{Batch, broken, each_batch, file_name, open, unreadable};
pub(super) use reject_file::RejectFiles;
pub(super) use request_record::RequestRecord;
pub(super) use run::{count, policy, run};

/// The name of the list that contacts go into when none is named.
pub(super) const DEFAULT_LIST: &str = "Contacts";

/// How many of the skipped and failed records an answer carries; the job has them all.
pub(super) const TOLD: usize = 1_000;
