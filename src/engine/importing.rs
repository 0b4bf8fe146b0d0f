//! The engine's calls for imports; the runner carries them out by [`super::import`].

use std::fs::File;

use super::Engine;
use super::cancel::Cancel;
use super::error::{EngineError, ErrorKind, Result};
use super::import::{DEFAULT_LIST, Policy, TOLD, broken, file_name, open, sort_record, unreadable};
use super::import_request::{ImportAnswer, ImportRequest};
use super::live::Work;
use crate::domain::contact::{JobId, List, ListKind};
use crate::domain::job::Status;
use crate::store::Start;

impl Engine {
    /// Reads files into the book and waits for it. Nothing is written where a file can't be opened at all.
    pub fn import(&self, request: ImportRequest) -> Result<ImportAnswer> {
        let id = self.start_import(request)?;
        let view = self.wait(id)?;
        let ended = self.shared.take_ended(id);
        if let Some(error) = ended.error {
            return Err(error);
        }
        let answer = ImportAnswer { job: Some(id), ..ended.import.unwrap_or_default() };
        if view.job.status == Status::Cancelled {
            return Err(EngineError::new(
                ErrorKind::Cancelled,
                format!("the import was cancelled; {} contacts were added before that", answer.added),
            )
            .hint(format!("cardfile job undo {id} takes them out again")));
        }
        Ok(answer)
    }

    /// Starts an import; its job's number comes back at once.
    pub fn start_import(&self, request: ImportRequest) -> Result<JobId> {
        self.writable()?;
        self.wait_until_loaded()?;
        // Before anything is written: are the files there, and may the list be imported into?
        for path in &request.files {
            File::open(path).map_err(|why| unreadable(path, &why))?;
        }
        self.target(&request)?;
        let words = request.files.iter().map(|path| file_name(path)).collect::<Vec<_>>().join(", ");
        let now = self.shared.options.clock.now();
        let who = &self.shared.options.who;
        let id = self.shared.writer().write(|tx| tx.create_import(&words, &Start::by(who, now)))?;
        self.queue(id, Work::Import(id, Box::new(request)));
        Ok(id)
    }

    /// Says what an import would do, and writes nothing.
    pub fn import_dry_run(&self, request: &ImportRequest, cancel: &Cancel) -> Result<ImportAnswer> {
        self.wait_until_loaded()?;
        let list = self.target(request)?;
        let policy = Policy::new(&self.shared, request, list.map(|list| list.id))?;
        let mut answer = ImportAnswer::default();
        for path in &request.files {
            let mut file = File::open(path).map_err(|why| unreadable(path, &why))?;
            for record in open(&mut file, path, request)? {
                if cancel.is_cancelled() {
                    return Err(EngineError::new(
                        ErrorKind::Cancelled,
                        "the dry run was cancelled; nothing was changed",
                    ));
                }
                sort_record(record.map_err(|why| broken(path, &why))?, path, &policy, TOLD, &mut answer);
            }
        }
        Ok(answer)
    }

    /// The list that the request names, where it is there already.
    fn target(&self, request: &ImportRequest) -> Result<Option<List>> {
        let name = request.list.as_deref().unwrap_or(DEFAULT_LIST);
        let list = self.shared.reader().list_named(name)?;
        match list {
            Some(list) if list.kind == ListKind::Account => Err(EngineError::new(
                ErrorKind::BadInput,
                format!("Cannot Edit Account Lists: {} mirrors an account; nothing was changed", list.name),
            )
            .code("313")),
            other => Ok(other),
        }
    }
}
