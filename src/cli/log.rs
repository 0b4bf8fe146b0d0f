//! `cardfile log`: the audit log of the book.

use std::cell::RefCell;

use clap::Args;

use super::exit::{Done, Failure, kept};
use super::job_output;
use super::print::{Column, Out};
use crate::api::{ApiError, Session};
use crate::wire;

/// How many entries are read at once.
const PAGE: usize = 1_000;
/// How many digits of a fingerprint are shown in a table.
const SHOWN: usize = 12;

const COLUMNS: &[Column] = &[
    Column::text("WHEN"),
    Column::text("WHO"),
    Column::text("WHAT"),
    Column::number("JOB"),
    Column::text("PLAN"),
    Column::text("TEXT"),
];

/// Show what was started, by whom, and what came of it; the newest first
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cardfile log\n  cardfile log --limit 1000 --json\n\nThe log is append-only.")]
pub(super) struct Log {
    /// At most so many entries
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    /// Print JSON (its names are in assets/json.md)
    #[arg(long)]
    pub(super) json: bool,
}

/// Shows it.
pub(super) fn run(log: &Log, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    let broken = RefCell::new(None);
    let mut left = log.limit;
    let mut offset = 0;
    let entries = std::iter::from_fn(|| {
        let page = kept(api.log(offset, PAGE.min(left)), &broken)?;
        offset += page.len();
        left -= page.len();
        (!page.is_empty()).then_some(page)
    });
    let mut entries = entries.flatten();
    if log.json {
        let entries = entries.by_ref().map(|it| {
            let job = it.job.map(|job| job.0);
            wire::LogEntry::new(it.at, it.who, it.kind, job, it.hash, it.text)
        });
        out.json(&wire::Stream::new(entries))?;
    } else {
        let row = |entry: crate::api::AuditEntry| {
            vec![
                job_output::when(entry.at),
                entry.who,
                entry.kind,
                entry.job.map(|job| job.to_string()).unwrap_or_default(),
                entry.hash.chars().take(SHOWN).collect(),
                entry.text,
            ]
        };
        let first: Vec<Vec<String>> = entries.by_ref().take(PAGE).map(row).collect();
        if first.is_empty() {
            // Nothing came of it where it could not be read.
            if broken.borrow().is_none() {
                out.line("nothing yet")?;
            }
        } else {
            let table = out.table(COLUMNS, &first)?;
            for row in first.into_iter().chain(entries.map(row)) {
                out.row(&table, &row)?;
            }
        }
    }
    broken.into_inner().map_or(Ok(Done::Whole), |error: ApiError| Err(error.into()))
}
