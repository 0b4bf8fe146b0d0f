//! `cardfile export`: contacts out to a file or the output, in a form that the next program reads.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::criteria_args::Forms;
use super::exit::{Done, Failure};
use super::print::{Out, counted};
use super::query_args::Which;
use crate::domain::query::Query;
use crate::engine::{Engine, EngineError, ExportAnswer, ExportError, ExportFormat, Overwrite, not_written, save_file};

/// Write contacts to a file, or to the output
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Export {
    #[command(flatten)]
    criteria: Forms,
    #[command(flatten)]
    which: Which,
    /// The form; without it the output file's ending decides, and vCard 4.0 where there is none
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Form>,
    /// The file; without it, the output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file if it is there
    #[arg(long, requires = "output")]
    force: bool,
}

const EXAMPLES: &str = "\
Examples:
  cardfile export --output contacts.vcf                    every contact, as vCard 4.0
  cardfile export 'label:vip' --format google --output vip.csv
  cardfile export 'list:Friends' --format jsonl | jq -r .name

Contacts in the trash are not among them. A text that a spreadsheet would run as a formula is made harmless
in CSV, and import reads it back as it was. The file is readable for you alone, and appears whole or not at all.";

/// What contacts are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// vCard 4.0
    Vcard,
    /// vCard 3.0, for programs that know no newer one
    Vcard3,
    /// CSV in cardfile's own full form
    Csv,
    /// CSV as Google writes it
    Google,
    /// CSV as Outlook writes it
    Outlook,
    /// JSON Lines
    Jsonl,
}

/// Writes the contacts.
pub(super) fn run(export: &Export, engine: &Engine, out: &mut Out) -> Result<Done, Failure> {
    engine.wait_until_loaded()?;
    let vocabulary = engine.vocabulary();
    let query = Query {
        criteria: export.criteria.read(&vocabulary)?,
        scope: export.which.scope(&engine.lists())?,
        sort: export.which.sort(&vocabulary)?,
        page: export.which.page(),
    };
    let format = match export.format {
        Some(Form::Vcard) => ExportFormat::Vcard4,
        Some(Form::Vcard3) => ExportFormat::Vcard3,
        Some(Form::Csv) => ExportFormat::Csv,
        Some(Form::Google) => ExportFormat::GoogleCsv,
        Some(Form::Outlook) => ExportFormat::OutlookCsv,
        Some(Form::Jsonl) => ExportFormat::Jsonl,
        None => by_ending(export.output.as_deref()),
    };
    let Some(path) = &export.output else {
        let answer =
            engine.export(&query, format, io::BufWriter::new(io::stdout().lock())).map_err(|why| match why {
                ExportError::Engine(error) => Failure::from(error),
                ExportError::Output(error) => Failure::from(error),
            })?;
        // The output is the contacts and nothing else.
        let mut aside = io::stderr().lock();
        left_out(format, &answer).iter().try_for_each(|line| writeln!(aside, "{line}"))?;
        return Ok(Done::Whole);
    };
    let overwrite = if export.force { Overwrite::Replace } else { Overwrite::Refuse };
    let mut answer = ExportAnswer::default();
    save_file(path, overwrite, |file| {
        answer = engine.export(&query, format, file).map_err(|why| match why {
            ExportError::Engine(error) => error,
            ExportError::Output(error) => not_written(path, &error),
        })?;
        Ok::<(), EngineError>(())
    })?;
    out.line(&format!("{} written to {}", counted(answer.written, "contact"), path.display()))?;
    left_out(format, &answer).iter().try_for_each(|line| out.line(line))?;
    Ok(Done::Whole)
}

/// What the form had no place for, and which forms have one; nothing where it holds everything.
fn left_out(format: ExportFormat, answer: &ExportAnswer) -> Vec<String> {
    if answer.left_out.is_empty() {
        return Vec::new();
    }
    let counts: Vec<String> = answer.left_out.iter().map(|(_, n)| counted(*n, "contact")).collect();
    let width = counts.iter().map(String::len).max().unwrap_or(0);
    let mut lines = vec![format!("  {} has no place for these, so they are not in the file:", format.name())];
    lines.extend((answer.left_out.iter().zip(counts)).map(|((loss, _), n)| format!("  {n:>width$}  {}", loss.words())));
    lines.push("  nothing is left out with --format vcard, csv or jsonl".to_owned());
    lines
}

/// The form that a file's ending asks for.
fn by_ending(path: Option<&std::path::Path>) -> ExportFormat {
    let ending = path.and_then(|path| path.extension()).map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("csv") => ExportFormat::Csv,
        Some("jsonl" | "ndjson") => ExportFormat::Jsonl,
        _ => ExportFormat::Vcard4,
    }
}
