//! `cardfile import`: files into the book, or what they would bring.
//!
//! What could not be read is reported with its file, line and reason; the rest goes in.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::failure::{Done, Failure};
use super::interrupt::Watch;
use super::jobs;
use super::print::{Out, counted, grouped};
use crate::engine::{Cancel, Engine, Format, ImportAnswer, ImportRequest, LeftOut, Unsubscribed};
use crate::wire;

/// How many of the bad rows are shown as text; the job keeps all of them.
const SHOWN: usize = 20;

/// Read vCard, CSV or JSON Lines files into the book
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Import {
    /// The files; their format and encoding are detected
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The list they go into; it is created where there is none of this name [default: Contacts]
    #[arg(long, value_name = "NAME")]
    list: Option<String>,
    /// The format, where it is not to be detected
    #[arg(long, value_enum)]
    format: Option<Kind>,
    /// For CSV: this field from the column with this header or number (from 1)
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = pair)]
    map: Vec<(String, String)>,
    /// What happens to addresses that asked not to be contacted: add all; skip those unsubscribed from
    /// this list; skip those on the Unsubscribers
    #[arg(long, value_enum, default_value_t = Policy::Add)]
    unsubscribed: Policy,
    /// Show what would be added, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Print JSON (its names are in assets/json.md)
    #[arg(long)]
    pub(super) json: bool,
}

const EXAMPLES: &str = "\
Examples:
  cardfile import google.csv phone.vcf
  cardfile import members.csv --list Newsletter --map email=Contact --map x.Points=Score
  cardfile import old.csv --unsubscribed skip-any --dry-run

An import is one step: cardfile job undo ID takes all of it out again.";

/// A file's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Rows of cells.
    Csv,
    /// Cards of any version.
    Vcard,
    /// One JSON object a line.
    Jsonl,
}

/// What happens to unsubscribed addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Policy {
    /// All are added.
    Add,
    /// Those unsubscribed from this list are skipped.
    SkipList,
    /// Those on the Unsubscribers are skipped.
    SkipAny,
}

/// Carries the import out.
pub(super) fn run(import: &Import, engine: &Engine, out: &mut Out) -> Result<Done, Failure> {
    let request = ImportRequest {
        files: import.files.clone(),
        list: import.list.clone(),
        format: import.format.map(|kind| match kind {
            Kind::Csv => Format::Csv,
            Kind::Vcard => Format::Vcard,
            Kind::Jsonl => Format::Jsonl,
        }),
        map: import.map.clone(),
        unsubscribed: match import.unsubscribed {
            Policy::Add => Unsubscribed::Add,
            Policy::SkipList => Unsubscribed::SkipList,
            Policy::SkipAny => Unsubscribed::SkipAny,
        },
    };
    let answer = if import.dry_run {
        engine.import_dry_run(&request, &Cancel::new())?
    } else {
        let _watch = Watch::new(engine)?;
        engine.import(request)?
    };
    if import.json {
        json(engine, &answer, out)?;
    } else {
        text(&answer, out)?;
    }
    Ok(if answer.failed > 0 { Done::Partly } else { Done::Whole })
}

fn json(engine: &Engine, answer: &ImportAnswer, out: &mut Out) -> Result<(), Failure> {
    let row = |left: &LeftOut| wire::RowError { place: left.place.clone(), reason: left.reason.clone() };
    let skips = wire::Stream::new(answer.skips.iter().map(row));
    match answer.job {
        Some(job) => jobs::with_failures(engine, job, |failures| {
            let errors = failures.map(|failed| wire::RowError { place: failed.name, reason: failed.reason });
            out.json(&shape(answer, skips, wire::Stream::new(errors)))
        }),
        None => Ok(out.json(&shape(answer, skips, wire::Stream::new(answer.failures.iter().map(row))))?),
    }
}

fn shape<S, E>(answer: &ImportAnswer, skips: S, errors: E) -> wire::Import<S, E> {
    wire::Import {
        job_id: answer.job.map(|id| id.0),
        dry_run: answer.job.is_none(),
        added: answer.added,
        skipped: answer.skipped,
        failed: answer.failed,
        skips,
        errors,
    }
}

fn text(answer: &ImportAnswer, out: &mut Out) -> Result<(), Failure> {
    let (added, failed) = match answer.job {
        Some(_) => ("added", "could not be read"),
        None => ("would be added", "can't be read"),
    };
    let (skipped, bad) = (grouped(answer.skipped), grouped(answer.failed));
    out.line(&format!("{} {added}, {skipped} skipped, {bad} {failed}", counted(answer.added, "contact")))?;
    for left in answer.failures.iter().take(SHOWN) {
        out.line(&format!("  {}: {}", left.place, left.reason))?;
    }
    let more = answer.failed.saturating_sub(answer.failures.len().min(SHOWN) as u64);
    match answer.job {
        Some(job) if more > 0 => out.line(&format!("  {} more: cardfile job show {job} --errors", grouped(more)))?,
        None if more > 0 => out.line(&format!("  {} more", grouped(more)))?,
        Some(_) | None => {}
    }
    if answer.skipped > 0 {
        for left in answer.skips.iter().take(SHOWN) {
            out.line(&format!("  {}: skipped, {}", left.place, left.reason))?;
        }
    }
    if let Some(job) = answer.job {
        out.line(&format!("  undo: cardfile job undo {job}"))?;
    }
    Ok(())
}

/// A `FIELD=COLUMN` pair.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, column)) if !field.trim().is_empty() && !column.trim().is_empty() => {
            Ok((field.trim().to_owned(), column.trim().to_owned()))
        }
        _ => Err("write FIELD=COLUMN, as in email=Contact or x.Points=3".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_is_a_field_and_a_column() {
        assert_eq!(pair("email = E-mail 1"), Ok(("email".into(), "E-mail 1".into())));
        assert_eq!(pair("x.Points=3"), Ok(("x.Points".into(), "3".into())));
        assert!(pair("email").is_err() && pair("=x").is_err() && pair("email=").is_err());
    }
}
