//! `cardfile import`: files into the book, or what they would bring.
//!
//! What could not be read is reported with its file, line and reason; the rest goes in.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use clap_complete::engine::ArgValueCompleter;

use super::completions;
use super::exit::{Done, Failure};
use super::interrupt::Watch;
use super::job_output;
use super::print::{Column, Out, counted};
use super::progress::{self, Meter};
use super::spool::spool;
use crate::api::types::{Doubt, InEncoding, PreviewRow};
use crate::api::{
    Cancel, DateOrder, Format, ImportAnswer, ImportPreview, ImportRequest, LeftOut, OnMatch, Session, Unsubscribed,
};
use crate::domain::display::thousands;
use crate::domain::identity::{MatchBy, Merge};
use crate::wire;

/// How many of the bad rows are shown as text; the job keeps all of them.
const SHOWN: usize = 20;

/// Read vCard, CSV, Excel, LDIF or JSON files into the book
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Import {
    /// The files, packed or not; - is the standard input. Their format and encoding are detected
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The list they go into; it is created where there is none of this name [default: Contacts]
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(completions::lists))]
    list: Option<String>,
    /// The format, where it is not to be detected
    #[arg(long, value_name = "FORMAT", value_parser = readable())]
    format: Option<Format>,
    /// The encoding, where it is not to be detected: windows-1252, iso-8859-2, shift_jis, ...
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// For CSV and Excel: this field from the column with this header or number (from 1). The field ignore leaves a
    /// column out, x.NAME makes it a custom field
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = pair)]
    map: Vec<(String, String)>,
    /// For Excel: the sheet with this name; without it the one with the most rows that look like contacts
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Whether the first row names the columns, where that is not to be found out
    #[arg(long, value_enum, value_name = "yes|no", hide_possible_values = true)]
    header: Option<YesNo>,
    /// The order of numbers in dates that don't tell it by themselves, where it is not to be found out
    #[arg(long, value_enum, value_name = "dmy|mdy|ymd", hide_possible_values = true)]
    dates: Option<Dates>,
    /// What happens to addresses that asked not to be contacted: add all; skip those unsubscribed from
    /// this list; skip those on the Unsubscribers
    #[arg(long, value_enum, default_value_t = Policy::Add)]
    unsubscribed: Policy,
    /// What happens to a record whose contact is in the book already (with --list, in that list): add it as
    /// one more, update the contact, or skip the record
    #[arg(long, value_enum, value_name = "add|update|skip", hide_possible_values = true, default_value_t = Match::Add)]
    on_match: Match,
    /// By what a contact is known again
    #[arg(long = "match", value_enum, value_name = "email|phone|uid|name+phone", hide_possible_values = true,
        default_value_t = By::Email)]
    match_by: By,
    /// What an update does: fill what is empty and unite lists of values, or overwrite with what the record
    /// has. Nobody who is unsubscribed is subscribed again by either
    #[arg(long, value_enum, value_name = "fill|overwrite", hide_possible_values = true, default_value_t = Merging::Fill)]
    merge: Merging,
    /// Save the records that can't be read in this file, to be mended and imported again
    #[arg(long, value_name = "FILE")]
    failed: Option<PathBuf>,
    /// Show what each column of the first file is taken for, with samples, and read no more
    #[arg(long)]
    pub(super) show_map: bool,
    /// Show what would be added, updated and skipped, and what can't be read, and write nothing into the book
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
  cardfile import strange.csv --show-map
  cardfile import strange.csv --map email=3 --map ignore=5 --failed bad.csv
  cardfile import phone.vcf --on-match update --match name+phone
  zcat all.csv.gz | cardfile import - --encoding windows-1250

An import is one step: cardfile job undo ID takes all of it out again. Ctrl-C pauses it; cardfile job
resume ID goes on where it stopped, also after a crash.";

const COLUMNS: &[Column] =
    &[Column::number("NO"), Column::text("COLUMN"), Column::text("FIELD"), Column::text("SAMPLES")];

const CONTACTS: &[Column] =
    &[Column::number("LINE"), Column::text("NAME"), Column::text("EMAIL"), Column::text("PHONE"), Column::text("REST")];

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum YesNo {
    /// It is so.
    Yes,
    /// It is not.
    No,
}

/// The order of numbers in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Dates {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
    /// Year, month, day.
    Ymd,
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

/// What happens to a record whose contact is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Match {
    /// One more is added.
    Add,
    /// The contact is updated.
    Update,
    /// The record is skipped.
    Skip,
}

/// By what a contact is known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// An email address.
    Email,
    /// A phone number.
    Phone,
    /// The UID of a vCard.
    Uid,
    /// Name and a phone number.
    #[value(name = "name+phone")]
    NamePhone,
}

/// What an update does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Merging {
    /// It fills what is empty.
    Fill,
    /// It takes the record's values.
    Overwrite,
}

/// Carries the import out.
pub(super) fn run(import: &Import, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    let mut request = request(import);
    // Goes away at the end of this call: what was read of it can't be read again.
    let _spool = spool(&mut request.files)?;
    let size = |path: &PathBuf| std::fs::metadata(path).map_or(0, |meta| meta.len());
    let sizes: Vec<u64> = request.files.iter().map(size).collect();
    if import.show_map {
        return show_map(&api.import_preview(&request)?, import.json, out);
    }
    let answer = if import.dry_run {
        progress::loaded(api)?;
        let (mut meter, bytes) = (Meter::new(), sizes.iter().sum());
        api.try_import(&request, &Cancel::new(), &mut |rows, done| {
            meter.tell("trying", done, bytes, &format!("{} rows", thousands(rows)));
        })?
    } else {
        let _watch = Watch::new(api)?;
        api.import(request)?
    };
    if import.json {
        json(api, &answer, out)?;
    } else {
        text(&answer, out)?;
    }
    // A file that is not blank and gives nobody has not been understood.
    let is_blank = sizes.iter().all(|size| *size == 0);
    Ok(if answer.failed > 0 || (answer.read == 0 && !is_blank) { Done::Partly } else { Done::Whole })
}

fn request(import: &Import) -> ImportRequest {
    ImportRequest {
        files: import.files.clone(),
        list: import.list.clone(),
        format: import.format,
        encoding: import.encoding.clone(),
        map: import.map.clone(),
        sheet: import.sheet.clone(),
        header: import.header.map(|header| header == YesNo::Yes),
        dates: import.dates.map(|dates| match dates {
            Dates::Dmy => DateOrder::DayFirst,
            Dates::Mdy => DateOrder::MonthFirst,
            Dates::Ymd => DateOrder::YearFirst,
        }),
        unsubscribed: match import.unsubscribed {
            Policy::Add => Unsubscribed::Add,
            Policy::SkipList => Unsubscribed::SkipList,
            Policy::SkipAny => Unsubscribed::SkipAny,
        },
        on_match: match import.on_match {
            Match::Add => OnMatch::Add,
            Match::Update => OnMatch::Update,
            Match::Skip => OnMatch::Skip,
        },
        match_by: match import.match_by {
            By::Email => MatchBy::Email,
            By::Phone => MatchBy::Phone,
            By::Uid => MatchBy::Uid,
            By::NamePhone => MatchBy::NamePhone,
        },
        merge: match import.merge {
            Merging::Fill => Merge::Fill,
            Merging::Overwrite => Merge::Overwrite,
        },
        tried: None,
        failed: import.failed.clone(),
    }
}

fn show_map(preview: &ImportPreview, json: bool, out: &mut Out) -> Result<Done, Failure> {
    if json {
        out.json(&wire::ImportPreview::new(preview))?;
        return Ok(Done::Whole);
    }
    let format = preview.format;
    match &preview.columns {
        None => out.line(&format!("{}: {format}, {}; no columns to map", preview.file, preview.encoding))?,
        Some(columns) => {
            let between = match columns.delimiter {
                '\t' => "tabs".to_owned(),
                other => other.to_string(),
            };
            let header =
                columns.header_line.map_or("no header row".to_owned(), |line| format!("header in line {line}"));
            out.line(&format!(
                "{}: {format} ({}), {}, {header}, {between} between the cells",
                preview.file, columns.dialect, preview.encoding
            ))?;
            let rows = columns.columns.iter().enumerate().map(|(at, column)| {
                let field = column.field.clone().unwrap_or_else(|| "(left out)".to_owned());
                vec![(at + 1).to_string(), column.header.clone(), field, column.samples.join(" | ")]
            });
            out.rows(COLUMNS, &rows.collect::<Vec<_>>())?;
            out.line("  change it with --map FIELD=COLUMN, --map ignore=COLUMN, --map x.NAME=COLUMN")?;
        }
    }
    out.rows(CONTACTS, &preview.rows.iter().map(preview_row).collect::<Vec<_>>())?;
    for doubt in &preview.doubts {
        out.line(&format!("  ? {}", doubtful(doubt)))?;
    }
    Ok(Done::Whole)
}

/// What a file doesn't tell, what is taken for it, and the option that says otherwise.
fn doubtful(doubt: &Doubt) -> String {
    match doubt {
        Doubt::Header { is_header, row } => {
            let (taken, other) = if *is_header { ("the names of columns", "no") } else { ("a contact", "yes") };
            format!("the first row, {row}, is taken for {taken}; --header {other} says otherwise")
        }
        Doubt::Dates { column, samples, .. } => {
            let read: Vec<String> = samples.iter().map(|(text, day)| format!("{text} is {day}")).collect();
            format!("{column}: {}; --dates dmy, mdy or ymd says which number is the day", read.join(", "))
        }
        Doubt::Encoding { read, other } => {
            let words = |it: &InEncoding| format!("{} ({})", it.words.join(", "), it.name);
            format!("letters: {}, or {}; --encoding says which", words(read), words(other))
        }
    }
}

fn preview_row(row: &PreviewRow) -> Vec<String> {
    let cells = match &row.result {
        Err(reason) => [String::new(), String::new(), String::new(), format!("! {reason}")],
        Ok(contact) => {
            let custom = contact.custom.iter().map(|field| field.name.as_str());
            let rest = [contact.company.as_str(), contact.title.as_str()].into_iter().filter(|text| !text.is_empty());
            let rest = rest.chain(custom).collect::<Vec<_>>().join(", ");
            [contact.display_name(), contact.email().to_owned(), contact.phone().to_owned(), rest]
        }
    };
    [row.line.to_string()].into_iter().chain(cells).collect()
}

fn json(api: &Session, answer: &ImportAnswer, out: &mut Out) -> Result<(), Failure> {
    let skips = wire::Stream::new(answer.skips.iter().map(row_error));
    match answer.job {
        Some(job) => job_output::with_failures(api, job, |failures| {
            let errors = failures.map(|failed| wire::RowError { place: failed.name, reason: failed.reason });
            out.json(&shape(answer, skips, wire::Stream::new(errors)))
        }),
        None => Ok(out.json(&shape(answer, skips, wire::Stream::new(answer.failures.iter().map(row_error))))?),
    }
}

fn row_error(left: &LeftOut) -> wire::RowError {
    wire::RowError { place: left.place.clone(), reason: left.reason.clone() }
}

fn shape<S, E>(answer: &ImportAnswer, skips: S, errors: E) -> wire::Import<S, E> {
    wire::Import {
        job_id: answer.job.map(|id| id.0),
        dry_run: answer.job.is_none(),
        added: answer.added,
        already: answer.already,
        updated: answer.updated,
        unchanged: answer.unchanged,
        skipped: answer.skipped,
        failed: answer.failed,
        skips,
        ambiguous: answer.ambiguous.iter().map(row_error).collect(),
        notes: answer.notes.iter().map(row_error).collect(),
        errors,
        failed_files: answer.failed_files.iter().map(|file| file.path.display().to_string()).collect(),
        unknown_files: answer.unknown.clone(),
    }
}

fn text(answer: &ImportAnswer, out: &mut Out) -> Result<(), Failure> {
    let (added, updated, failed) = match answer.job {
        Some(_) => ("added", "updated", "could not be read"),
        None => ("would be added", "would be updated", "can't be read"),
    };
    let mut said = vec![format!("{} {added}", counted(answer.added, "contact"))];
    if answer.updated + answer.unchanged > 0 {
        said.push(format!("{} {updated}, {} unchanged", thousands(answer.updated), thousands(answer.unchanged)));
    }
    said.push(format!("{} skipped, {} {failed}", thousands(answer.skipped), thousands(answer.failed)));
    out.line(&said.join(", "))?;
    if answer.already > 0 {
        let hint = "--on-match update or skip changes that";
        out.line(&format!(
            "  ! {} of them are in the book already and would be there twice: {hint}",
            thousands(answer.already)
        ))?;
    }
    for left in answer.failures.iter().take(SHOWN) {
        out.line(&format!("  {}: {}", left.place, left.reason))?;
    }
    let more = answer.failed.saturating_sub(answer.failures.len().min(SHOWN) as u64);
    match answer.job {
        Some(job) if more > 0 => out.line(&format!("  {} more: cardfile job show {job} --errors", thousands(more)))?,
        None if more > 0 => out.line(&format!("  {} more", thousands(more)))?,
        Some(_) | None => {}
    }
    if answer.skipped > 0 {
        for left in answer.skips.iter().take(SHOWN) {
            out.line(&format!("  {}: skipped, {}", left.place, left.reason))?;
        }
    }
    for left in answer.ambiguous.iter().take(SHOWN) {
        out.line(&format!("  {}: {}", left.place, left.reason))?;
    }
    for left in answer.notes.iter().take(SHOWN) {
        out.line(&format!("  {}: {}", left.place, left.reason))?;
    }
    if answer.notes.len() > SHOWN {
        out.line(&format!("  {} more such places", thousands((answer.notes.len() - SHOWN) as u64)))?;
    }
    for file in &answer.failed_files {
        let hint = "mend it and import it again, with the same --map and --encoding";
        out.line(&format!("  what could not be read is in {} ({}): {hint}", file.path.display(), file.encoding))?;
    }
    if answer.not_saved > 0 {
        let not = counted(answer.not_saved, "record");
        out.line(&format!("  {not} not saved: too long, or a whole file within a zip file"))?;
    }
    for name in answer.unknown.iter().take(SHOWN) {
        let hint = "what it holds went into custom fields; --show-map shows its columns, --map says what they are";
        out.line(&format!("  ! no column of {name} was recognised: {hint}"))?;
    }
    match answer.job {
        _ if answer.read == 0 => out.line("  the file has no contacts")?,
        Some(job) if answer.added + answer.updated > 0 => out.line(&format!("  undo: cardfile job undo {job}"))?,
        Some(_) | None => {}
    }
    Ok(())
}

/// The formats that can be read, by their words.
fn readable() -> impl TypedValueParser<Value = Format> {
    let words = Format::readable().map(|format| {
        let (name, about) = format.read_as().unwrap_or_default();
        PossibleValue::new(format.word()).help(format!("{name}: {about}"))
    });
    let parser = PossibleValuesParser::new(words.collect::<Vec<_>>());
    parser.map(|word| Format::from_word(&word).unwrap_or_default())
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
