//! The engine's calls for imports: previewed, tried, started. The runner carries them out by
//! [`super::import`].

use std::fs::File;
use std::ops::ControlFlow;

use super::Engine;
use super::answer::{
    ImportAnswer, ImportPreview, ImportRequest, OnMatch, PreviewColumn, PreviewColumns, PreviewRow, Tried,
};
use super::cancel::Cancel;
use super::error::{Code, EngineError, ErrorKind, Result};
use super::import::{
    Already, Batch, DEFAULT_LIST, MatchIndex, RejectFiles, RequestRecord, Stamp, WOULD_BE, broken, classify, count,
    each_batch, file_name, open, policy, unreadable,
};
use super::planning::check_not_live;
use super::running_job::Work;
use crate::book::{BookError, ImportCursor, Start};
use crate::domain::contact::{JobId, List, ListId, ListKind};
use crate::domain::job::Status;
use crate::engine::jobs;
use crate::formats::Mapping;

/// How many contacts a preview shows.
const PREVIEWED: usize = 10;

impl Engine {
    /// Reads files into the book and waits for it. Nothing is written where a file can't be opened at all.
    pub fn import(&self, request: ImportRequest) -> Result<ImportAnswer> {
        let id = self.start_import(request)?;
        let view = self.wait(id)?;
        let answer = self.import_answer(id)?;
        let stopped = match view.job.status {
            Status::Cancelled => "cancelled",
            Status::Paused => "paused",
            Status::Queued | Status::Running | Status::Completed | Status::Interrupted => return Ok(answer),
        };
        let added = answer.added;
        let said = format!("the import was {stopped}; {added} contacts were added before that");
        let resumable = view.job.status == Status::Paused;
        Err(EngineError::of(Code::Stopped { job: id, resumable, undoable: true }, said))
    }

    /// What an import that is over, or rests, has done: counts of all of its runs, the rest of the last one
    /// in this process. Asked once a run; why it stopped in the middle is the error.
    pub fn import_answer(&self, id: JobId) -> Result<ImportAnswer> {
        let ended = self.shared.take_ended(id);
        if let Some(error) = ended.error {
            return Err(error);
        }
        let progress = self.read_job(id)?.progress;
        Ok(ImportAnswer {
            job: Some(id),
            read: progress.total,
            added: progress.added(),
            updated: progress.updated,
            unchanged: progress.unchanged,
            skipped: progress.skipped,
            failed: progress.failed_total(),
            ..ended.import.unwrap_or_default()
        })
    }

    /// Starts an import; its job's number comes back at once.
    pub fn start_import(&self, request: ImportRequest) -> Result<JobId> {
        self.writable()?;
        self.wait_until_loaded()?;
        // Before anything is written: are the files there, and may the list be imported into?
        self.target(&request)?;
        check(&request)?;
        let words = request.files.iter().map(|path| file_name(path)).collect::<Vec<_>>().join(", ");
        let edits = request.on_match == OnMatch::Update;
        let mut request = absolute(request)?;
        let tried = request.tried.take();
        let kept = RequestRecord::of(request)?;
        let text = kept.text()?;
        if tried.as_ref().is_some_and(|tried| kept.fingerprint().ok().as_ref() != Some(&tried.files)) {
            return Err(no_longer("the file was changed"));
        }
        let now = self.shared.options.clock.now();
        let who = &self.who;
        let started = self.shared.writer().write(|tx| {
            if let Some(tried) = &tried
                && tx.last_change()? != tried.change
            {
                return Ok(None);
            }
            let id = jobs::create_import(tx, &words, &Start::by(who, now))?;
            tx.keep_import(id, &text, edits, kept.bytes())?;
            Ok::<Option<JobId>, BookError>(Some(id))
        })?;
        let id = started.ok_or_else(|| no_longer("the book was changed"))?;
        self.queue(id, Work::Import(id));
        Ok(id)
    }

    /// Makes sure, before an import is resumed, that its files are the ones that it was begun with.
    pub(super) fn check_resumable(&self, id: JobId) -> Result<()> {
        let kept = self.shared.reader().import_request(id)?;
        let Some((text, _)) = kept else {
            return Err(EngineError::new(
                ErrorKind::BadInput,
                format!("job {id} is an import of an older cardfile, which can't be resumed; nothing was changed"),
            )
            .hint("undo it, then import the file again"));
        };
        RequestRecord::read(&text)?.check()
    }

    /// Says what an import would do, and writes nothing into the book. Of records that match one another, or
    /// the same contact, in different parts of a long file it may say updated where it will be unchanged.
    pub fn import_dry_run(&self, request: &ImportRequest, cancel: &Cancel) -> Result<ImportAnswer> {
        self.import_dry_run_told(request, cancel, &mut |_, _| ())
    }

    /// The same; `tell` hears how many records, and how many bytes of the files, are behind it.
    pub fn import_dry_run_told(
        &self,
        request: &ImportRequest,
        cancel: &Cancel,
        tell: &mut dyn FnMut(u64, u64),
    ) -> Result<ImportAnswer> {
        self.wait_until_loaded()?;
        // Before anything is read, so that what changes meanwhile is noticed.
        let files = RequestRecord::of(request.clone())?.fingerprint()?;
        let tried = Tried { files, change: self.shared.reader().last_change()? };
        let list = self.target(request)?.map(|list| list.id);
        check(request)?;
        let mut policy = policy(&self.shared, request, list)?;
        let mut keys = MatchIndex::of_book(&self.shared, request, list)?;
        let already = Already::of_book(&self.shared, request)?;
        let book = self.shared.reader().reader()?;
        let stamp = Stamp { list: list.unwrap_or(ListId(0)), job: None, now: self.shared.options.clock.now() };
        let mut failed = request.failed.as_deref().map(RejectFiles::new);
        let mut answer = ImportAnswer::default();
        let mut wrong: Option<EngineError> = None;
        let mut take = |batch: Batch| -> Result<()> {
            if cancel.is_cancelled() {
                let said = "the dry run was cancelled; nothing was changed";
                return Err(EngineError::new(ErrorKind::Cancelled, said));
            }
            let (source, read, bytes) = (batch.source.clone(), batch.len(), batch.bytes);
            let sorted = classify(&book, batch, request, &mut policy, keys.as_ref(), stamp)?;
            answer.already += sorted.added.iter().filter(|contact| already.has(contact)).count() as u64;
            if let Some(failed) = &mut failed {
                sorted.raws.iter().try_for_each(|raw| failed.put(&source, raw))?;
            }
            if let Some(keys) = &mut keys {
                for contact in &sorted.added {
                    keys.learn(contact, WOULD_BE);
                }
                for (contact, _) in &sorted.changed {
                    keys.learn(contact, contact.id);
                }
            }
            count(&mut answer, &source, read, sorted.added.len(), sorted);
            tell(answer.read, bytes);
            Ok(())
        };
        each_batch(request, ImportCursor::default(), false, &mut |batch| match take(batch) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                wrong = Some(error);
                ControlFlow::Break(())
            }
        })?;
        if let Some(error) = wrong {
            return Err(error);
        }
        if let Some(failed) = failed {
            (answer.failed_files, answer.not_saved) = failed.finish()?;
        }
        answer.tried = Some(tried);
        Ok(answer)
    }

    /// What the columns of the first file are taken for, and its first contacts as they would come in. Reads
    /// no more than its beginning (all of a zip file), so that it can be asked at every change.
    pub fn import_preview(&self, request: &ImportRequest) -> Result<ImportPreview> {
        let Some(path) = request.files.first() else {
            return Err(EngineError::new(ErrorKind::BadInput, "no file was named; nothing was changed"));
        };
        let file = File::open(path).map_err(|why| unreadable(path, &why))?;
        let mut reader = open(file, path, request)?;
        let mut rows = Vec::new();
        for record in reader.by_ref().take(PREVIEWED) {
            let record = record.map_err(|why| broken(path, &why))?;
            let result = record.result.map(Box::new).map_err(|bad| bad.reason);
            rows.push(PreviewRow { line: record.line, result });
        }
        Ok(ImportPreview {
            file: match reader.within() {
                "" => file_name(path),
                within => format!("{}/{within}", file_name(path)),
            },
            format: reader.format(),
            encoding: reader.encoding(),
            columns: reader.mapping().map(columns),
            rows,
            doubts: reader.doubts(),
        })
    }

    /// The list that the request names, where it is there already.
    fn target(&self, request: &ImportRequest) -> Result<Option<List>> {
        let name = request.list.as_deref().unwrap_or(DEFAULT_LIST);
        let list = self.shared.reader().list_named(name)?;
        match list {
            Some(list) if list.kind == ListKind::Account => {
                let said = format!("Cannot Edit Account Lists: {} mirrors an account; nothing was changed", list.name);
                Err(EngineError::of(Code::AccountList { list: list.name }, said))
            }
            Some(list) => {
                check_not_live(&self.shared, list.id, "files can't be imported into")?;
                Ok(Some(list))
            }
            None => Ok(None),
        }
    }
}

/// An import that would do something else than was shown.
fn no_longer(what: &str) -> EngineError {
    let said = format!("{what} since this import was tried; nothing was imported");
    EngineError::new(ErrorKind::Stale, said).hint("try it once more, and look at what it would do now")
}

/// Refuses what can be known to be wrong before anything is read.
fn check(request: &ImportRequest) -> Result<()> {
    if request.files.is_empty() {
        return Err(EngineError::new(ErrorKind::BadInput, "no file was named; nothing was changed"));
    }
    for path in &request.files {
        // By its name and its columns: a wrong one is told before a job is made of it.
        if std::fs::metadata(path).is_ok_and(|meta| meta.is_file()) {
            open(File::open(path).map_err(|why| unreadable(path, &why))?, path, request)?;
        } else {
            File::open(path).map_err(|why| unreadable(path, &why))?;
        }
    }
    request.failed.as_deref().map_or(Ok(()), RejectFiles::check)
}

/// The request with the failed records' file by its whole path: it may be resumed from elsewhere.
fn absolute(mut request: ImportRequest) -> Result<ImportRequest> {
    if let Some(path) = &mut request.failed {
        *path = std::path::absolute(&*path).map_err(|why| unreadable(path, &why))?;
    }
    Ok(request)
}

fn columns(mapping: &Mapping) -> PreviewColumns {
    PreviewColumns {
        dialect: mapping.dialect,
        delimiter: mapping.delimiter,
        header_line: mapping.header_line,
        columns: mapping
            .columns
            .iter()
            .map(|column| PreviewColumn {
                header: column.header.clone(),
                field: column.field(),
                samples: column.samples.clone(),
            })
            .collect(),
    }
}
