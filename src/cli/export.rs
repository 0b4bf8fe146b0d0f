//! `cardfile export`: contacts out to a file or the output, in a form that the next program reads.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::criteria_args::Forms;
use super::exit::{Done, Failure};
use super::print::{Out, counted};
use super::progress::{self, Meter};
use super::query_args::QueryArgs;
use crate::api::types::ExportAnswer;
use crate::api::{Cancel, FileForm, Format, FormatError, Overwrite, Session};

/// Write contacts to a file, or to the output
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Export {
    #[command(flatten)]
    criteria: Forms,
    #[command(flatten)]
    order: QueryArgs,
    /// The format; without it the file's ending decides, and the output gets vCard 4.0
    #[arg(long, value_name = "FORMAT", value_parser = writable())]
    format: Option<Format>,
    /// The file, packed where it ends in .gz; without it, or as -, the output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file if it is there
    #[arg(long, requires = "output")]
    force: bool,
    /// Write nothing; say how many contacts would be written, and what the format has no place for
    #[arg(long)]
    dry_run: bool,
}

const EXAMPLES: &str = "\
Examples:
  cardfile export --output contacts.vcf                    every contact, as vCard 4.0
  cardfile export 'label:vip' --format google --dry-run   what Google's form has no place for
  cardfile export 'label:vip' --format google --output vip.csv
  cardfile export 'list:Friends' --format jsonl | jq -r .name

Contacts in the trash are not among them. A text that a spreadsheet would run as a formula is made harmless
in CSV, and import reads it back as it was. The file is readable for you alone, and appears whole or not at all.";

/// Writes the contacts.
pub(super) fn run(export: &Export, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    progress::loaded(api)?;
    let which = export.criteria.put(export.order.which(), api)?;
    let file = export.output.as_ref().filter(|path| path.as_os_str() != "-");
    let form = match file {
        Some(path) => FileForm::of_path(path, export.format).map_err(|why| Failure::bad_input(refused(&why)))?,
        None => export.format.unwrap_or_default().into(),
    };
    let format = form.format;
    if export.dry_run {
        let ids = api.matching(&which)?;
        let answer = api.export_losses(which.taken(&ids), form, &Cancel::new(), &mut |_| ())?;
        out.line(&format!("{} would be written as {}", counted(answer.written, "contact"), format.name()))?;
        left_out(format, &answer, "would not be").iter().try_for_each(|line| out.line(line))?;
        out.line("nothing was written")?;
        return Ok(Done::Whole);
    }
    let Some(path) = file else {
        let (mut meter, looked_at) = (Meter::new(), out.is_terminal());
        let answer = api.export(&which, form, io::BufWriter::new(io::stdout().lock()), &mut |written, of| {
            // Where the contacts themselves are on the screen, nothing else belongs there.
            if !looked_at {
                meter.tell("writing", written, of, &progress::of(written, of));
            }
        })?;
        drop(meter);
        // The output is the contacts and nothing else.
        let mut aside = io::stderr().lock();
        left_out(format, &answer, "are not").iter().try_for_each(|line| writeln!(aside, "{line}"))?;
        return Ok(Done::Whole);
    };
    let overwrite = if export.force { Overwrite::Replace } else { Overwrite::Refuse };
    let mut meter = Meter::new();
    let answer = api.export_file(&which, form, (path, overwrite), &mut |written, of| {
        meter.tell("writing", written, of, &progress::of(written, of));
    })?;
    drop(meter);
    out.line(&format!("{} written to {}", counted(answer.written, "contact"), path.display()))?;
    left_out(format, &answer, "are not").iter().try_for_each(|line| out.line(line))?;
    Ok(Done::Whole)
}

/// What the form had no place for, and which forms have one; nothing where it holds everything.
fn left_out(format: Format, answer: &ExportAnswer, are_not: &str) -> Vec<String> {
    if answer.left_out.is_empty() {
        return Vec::new();
    }
    let counts: Vec<String> = answer.left_out.iter().map(|(_, n)| counted(*n, "contact")).collect();
    let width = counts.iter().map(String::len).max().unwrap_or(0);
    let mut lines = vec![format!("  {} has no place for these, so they {are_not} in the file:", format.name())];
    lines.extend((answer.left_out.iter().zip(counts)).map(|((loss, _), n)| format!("  {n:>width$}  {}", loss.words())));
    lines.push("  nothing is left out with --format vcard, csv, json or ldif".to_owned());
    lines
}

/// Why a name says no format, and that nothing came of it.
fn refused(why: &FormatError) -> String {
    format!("{why} with --format; nothing was written")
}

/// The formats that can be written, by their words.
fn writable() -> impl TypedValueParser<Value = Format> {
    let words = Format::writable()
        .map(|format| PossibleValue::new(format.word()).help(format!("{}: {}", format.name(), format.words())));
    let parser = PossibleValuesParser::new(words.collect::<Vec<_>>());
    parser.map(|word| Format::from_word(&word).unwrap_or_default())
}
