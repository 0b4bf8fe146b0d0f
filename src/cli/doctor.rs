//! `cardfile doctor`: where the files are, and whether the book is in order.

use clap::Args;

use super::exit::{Done, Failure};
use super::print::{Out, counted};
use super::progress;
use crate::api::Session;
use crate::wire;

/// Look the whole book over
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Print JSON (its names are in assets/json.md)
    #[arg(long)]
    pub(super) json: bool,
}

/// Looks it over.
pub(super) fn run(doctor: &Doctor, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    let findings = api.doctor()?;
    if doctor.json {
        let found = findings.iter().map(|it| wire::Finding { check: it.check.to_owned(), message: it.words.clone() });
        out.json(&wire::Stream::new(found))?;
    } else if findings.is_empty() {
        progress::loaded(api)?;
        let overview = api.overview()?;
        out.line(&format!("{}: in order", api.book_name()))?;
        let (contacts, lists) = (counted(overview.contacts, "contact"), counted(overview.lists.len() as u64, "list"));
        out.line(&format!("  {contacts}, {lists}, {} in the trash", overview.trash))?;
        for line in api.server_lines()? {
            out.line(&format!("  {line}"))?;
        }
        if let Some((bytes, used)) = api.index_file() {
            let used = if used { "used" } else { "not used this time" };
            out.line(&format!(
                "  its index is kept beside it ({} kB, {used}); it may be deleted",
                bytes.div_ceil(1_000)
            ))?;
        }
    } else {
        for finding in &findings {
            out.line(&format!("{}: {}", finding.check, finding.words))?;
        }
        out.line("")?;
        out.line(&format!("{}; keep a copy of the file as it is", counted(findings.len() as u64, "finding")))?;
    }
    Ok(if findings.is_empty() { Done::Whole } else { Done::Broken })
}
