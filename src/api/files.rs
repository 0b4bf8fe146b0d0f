//! Files in and out: imports, exports, reports, plans and searches as files. What is written goes to a stream, or
//! into a file that appears whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::far::call::Call;
use super::types::{ExportAnswer, ImportAnswer, ImportPreview, ImportRequest, ReportRow, UnsubscribersAdded};
use super::{ApiError, Cancel, ErrorKind, ExportError, FileForm, Overwrite, Result, Right, Session, Which};
use crate::domain::contact::{ContactId, JobId};
use crate::domain::job::JobType;
use crate::domain::plans::Plan;
use crate::engine::{SearchesTaken, csv_row, export_pages, not_written, save_file};
use crate::wire;

/// Lines of a report that are read at once.
const PAGE: u64 = 2_000;

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// Rows of cells, safe to open in a spreadsheet.
    Csv,
    /// One array.
    Json,
}

impl ReportFormat {
    /// What the ending of a file asks for; CSV where it says nothing.
    pub fn by_ending(path: &Path) -> Self {
        let json = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        if json { Self::Json } else { Self::Csv }
    }
}

/// A path as people type it: `~/` is the home folder, as in a shell.
pub fn expanded(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        (Some(_) | None, _) => PathBuf::from(path),
    }
}

impl Session {
    /// Reads files into the book and waits for it.
    pub fn import(&self, request: ImportRequest) -> Result<ImportAnswer> {
        self.need_everywhere(Right::ModifyContacts)?;
        self.engine()?.import(request)
    }

    /// Starts an import; its job's number comes back at once.
    pub fn start_import(&self, request: ImportRequest) -> Result<JobId> {
        self.need_everywhere(Right::ModifyContacts)?;
        self.engine()?.start_import(request)
    }

    /// What an import that is over, or rests, has done. Asked once a run.
    pub fn import_answer(&self, id: JobId) -> Result<ImportAnswer> {
        self.need_job(Right::ReadJobs, id)?;
        self.engine()?.import_answer(id)
    }

    /// Says what an import would do, and writes nothing into the book; `tell` hears how many records, and how many
    /// bytes of the files, are behind it.
    pub fn try_import(
        &self,
        request: &ImportRequest,
        cancel: &Cancel,
        tell: &mut dyn FnMut(u64, u64),
    ) -> Result<ImportAnswer> {
        self.need_everywhere(Right::Read)?;
        self.engine()?.import_dry_run_told(request, cancel, tell)
    }

    /// What the columns of the first file are taken for, and its first contacts as they would come in.
    pub fn import_preview(&self, request: &ImportRequest) -> Result<ImportPreview> {
        self.need_everywhere(Right::Read)?;
        self.engine()?.import_preview(request)
    }

    /// Adds the addresses of a file to the Unsubscribers.
    pub fn import_unsubscribers(&self, path: &Path) -> Result<UnsubscribersAdded> {
        self.need_everywhere(Right::ModifyContacts)?;
        self.engine()?.import_unsubscribers(path)
    }

    /// Writes contacts to a stream, whole; how many, and what of them the format left out. `tell` hears how many
    /// are written, of how many.
    pub fn export<W: Write>(
        &self,
        which: &Which,
        form: FileForm,
        out: W,
        tell: &mut dyn FnMut(u64, u64),
    ) -> std::result::Result<ExportAnswer, ExportError> {
        let ids = self.matching(which)?;
        let ids = which.taken(&ids);
        if ids.is_empty() {
            return Err(ApiError::new(ErrorKind::BadInput, "no contact matches; nothing was written").into());
        }
        let of = ids.len() as u64;
        self.export_ids(ids, form, out, &Cancel::new(), &mut |written| tell(written, of))
    }

    fn export_ids<W: Write>(
        &self,
        ids: &[ContactId],
        form: FileForm,
        out: W,
        cancel: &Cancel,
        tell: &mut dyn FnMut(u64),
    ) -> std::result::Result<ExportAnswer, ExportError> {
        match self.far() {
            // What is far away comes in pages, and is written here.
            Some(_) => export_pages(ids, form, out, cancel, tell, &mut |page| self.contacts(page)),
            None => self.engine()?.export_contacts(ids, form, out, cancel, tell),
        }
    }

    /// What the form has no place for, of these contacts: found by making it, without writing it anywhere.
    pub fn export_losses(
        &self,
        ids: &[ContactId],
        form: FileForm,
        cancel: &Cancel,
        tell: &mut dyn FnMut(u64),
    ) -> Result<ExportAnswer> {
        self.need(Right::Read)?;
        self.may_touch(ids)?;
        self.export_ids(ids, form, std::io::sink(), cancel, tell).map_err(|why| match why {
            ExportError::Engine(error) => error,
            ExportError::Output(why) => ApiError::new(ErrorKind::Storage, format!("the form can't be made ({why})")),
        })
    }

    /// Writes contacts into a file.
    pub fn export_file(
        &self,
        which: &Which,
        form: FileForm,
        (path, overwrite): (&Path, Overwrite),
        tell: &mut dyn FnMut(u64, u64),
    ) -> Result<ExportAnswer> {
        written(path, overwrite, |file| self.export(which, form, file, tell))
    }

    /// Writes these contacts into a file, in their order; `tell` hears how many are written.
    pub fn export_contacts_file(
        &self,
        ids: &[ContactId],
        form: FileForm,
        (path, overwrite): (&Path, Overwrite),
        cancel: &Cancel,
        tell: &mut dyn FnMut(u64),
    ) -> Result<ExportAnswer> {
        self.need(Right::Read)?;
        self.may_touch(ids)?;
        written(path, overwrite, |file| self.export_ids(ids, form, file, cancel, tell))
    }

    /// Writes what became of every contact of a job to a stream; of how many.
    pub fn write_report(
        &self,
        id: JobId,
        format: ReportFormat,
        out: &mut dyn Write,
    ) -> std::result::Result<u64, ExportError> {
        if self.job(id)?.job.kind == JobType::Import {
            self.wait_until_loaded()?;
        }
        let mut broken = None;
        let mut lines = 0;
        let mut rows = std::iter::from_fn(|| match self.report(id, lines, PAGE) {
            Ok(page) => {
                lines += page.len() as u64;
                (!page.is_empty()).then_some(page)
            }
            Err(error) => {
                broken = Some(error);
                None
            }
        })
        .flatten();
        match format {
            ReportFormat::Json => wire::write(&mut *out, &wire::Stream::new(rows.by_ref().map(wire::ReportRow::from)))?,
            ReportFormat::Csv => {
                out.write_all(csv_row(&["id", "name", "address", "code", "reason"]).as_bytes())?;
                for ReportRow { contact, name, address, code, reason } in rows.by_ref() {
                    let contact = contact.map(|id| id.to_string()).unwrap_or_default();
                    out.write_all(csv_row(&[&contact, &name, &address, code, &reason]).as_bytes())?;
                }
            }
        }
        drop(rows);
        out.flush()?;
        broken.map_or(Ok(lines), |error| Err(error.into()))
    }

    /// Writes a report into a file; of how many contacts.
    pub fn report_file(&self, id: JobId, format: ReportFormat, path: &Path, overwrite: Overwrite) -> Result<u64> {
        // Where there is no such job, no file appears.
        self.job(id)?;
        written(path, overwrite, |file| self.write_report(id, format, file))
    }

    /// Writes a plan as a file, never over another one.
    pub fn save_plan(&self, plan: &Plan, path: &Path) -> Result<()> {
        self.need(Right::Read)?;
        self.engine()?.save_plan(plan, path)
    }

    /// Reads a plan back; refused as stale where it was changed, or fits the book no more.
    pub fn load_plan(&self, path: &Path) -> Result<Plan> {
        self.need_everywhere(Right::Read)?;
        self.engine()?.load_plan(path)
    }

    /// The saved searches as text.
    pub fn searches_text(&self) -> Result<String> {
        if let Some(far) = self.far() {
            return far.ask(&Call::SearchesText);
        }
        self.need_everywhere(Right::Read)?;
        self.engine()?.searches_text()
    }

    /// Writes the saved searches as a file; how many.
    pub fn export_searches(&self, path: &Path, overwrite: Overwrite) -> Result<u64> {
        self.need_everywhere(Right::Read)?;
        self.engine()?.export_searches(path, overwrite)
    }

    /// Saves the searches of a file, all of them or none.
    pub fn import_searches(&self, path: &Path, known: Overwrite) -> Result<SearchesTaken> {
        self.need_everywhere(Right::ModifyLists)?;
        self.engine()?.import_searches(path, known)
    }
}

/// Writes a file that appears whole or not at all.
fn written<T>(
    path: &Path,
    overwrite: Overwrite,
    write: impl FnOnce(&mut dyn Write) -> std::result::Result<T, ExportError>,
) -> Result<T> {
    let mut answer = None;
    save_file(path, overwrite, |file| {
        answer = Some(write(file).map_err(|why| match why {
            ExportError::Engine(error) => error,
            ExportError::Output(error) => not_written(path, &error),
        })?);
        Ok::<(), ApiError>(())
    })?;
    answer.ok_or_else(|| not_written(path, &std::io::ErrorKind::Other.into()))
}
