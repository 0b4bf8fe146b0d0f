//! Imports: files into the book, as a job that can be paused, resumed and undone.
//!
//! In reading order: [`kept`], the request as the book keeps it; [`read`], the files as batches of records;
//! [`keys`] and [`sort`], what becomes of each record; [`failed`], the records that could not be read, saved;
//! [`run`], the job. Called by the runner, and by `importing` for dry runs and previews.

mod failed;
mod kept;
mod keys;
mod read;
mod run;
mod sort;

pub(super) use failed::FailedFiles;
pub(super) use kept::Kept;
pub(super) use keys::{Already, Keys, WOULD_BE};
pub(super) use read::{Batch, broken, each_batch, file_name, open, unreadable};
pub(super) use run::{count, policy, run};
pub(super) use sort::{Stamp, sort};

/// The name of the list that contacts go into when none is named.
pub(super) const DEFAULT_LIST: &str = "Contacts";

/// How many of the skipped and failed records an answer carries; the job has them all.
pub(super) const TOLD: usize = 1_000;
