//! The engine on real files: what it says is what is in the book, before, during and after jobs.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a story that can't go on has failed")]

mod campaigns;
mod deleting;
mod exporting;
mod finding;
mod importing;
mod merging;
mod races;
mod reopening;
mod searching;
mod trusting;

use std::path::PathBuf;
use std::sync::Arc;

use cardfile::domain::contact::{Contact, ContactId, Timestamp};
use cardfile::domain::criteria::{Criteria, EvalTime};
use cardfile::domain::edit::Edit;
use cardfile::domain::field::Field;
use cardfile::domain::plans::EditRequest;
use cardfile::domain::plans::PlanRequest;
use cardfile::domain::query::{Page, Query, Scope, Selection};
use cardfile::domain::syntax::parse;
use cardfile::engine::answer::{SearchAnswer, SearchRequest};
use cardfile::engine::{Cancel, Clock, Engine, Options};

/// A book in a folder that goes away with it.
struct TestBook {
    folder: tempfile::TempDir,
}

impl TestBook {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// 2026-11-21T12:00:00Z, and it stays so.
    fn options(&self) -> Options {
        let today = EvalTime { now: Timestamp(1_795_262_400_000), zone: jiff::tz::TimeZone::UTC };
        Options { clock: Clock::Fixed(today), ..Options::new(self.path("book.db")) }
    }

    fn open(&self) -> Engine {
        let engine = Engine::open(self.options()).unwrap();
        engine.wait_until_loaded().unwrap();
        engine
    }

    fn demo(&self, contacts: u64) -> Engine {
        let engine = Engine::demo(self.options(), 7, contacts).unwrap();
        engine.wait_until_loaded().unwrap();
        engine
    }

    /// Writes a file beside the book.
    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

fn criteria(engine: &Engine, line: &str) -> Criteria {
    parse(line, &engine.vocabulary()).unwrap_or_else(|why| panic!("{line}: {why}")).criteria
}

fn search(engine: &Engine, line: &str) -> SearchAnswer {
    search_in(engine, line, Scope::Book)
}

fn search_in(engine: &Engine, line: &str, scope: Scope) -> SearchAnswer {
    let request = SearchRequest {
        query: Query {
            criteria: (!line.is_empty()).then(|| criteria(engine, line)),
            scope,
            page: Page { offset: 0, limit: Some(50) },
            ..Query::default()
        },
        columns: vec![Field::Name, Field::Email],
        marked: Arc::default(),
        excluded: Arc::default(),
    };
    engine.search(&request, &Cancel::new()).unwrap()
}

/// Protects these contacts by a job, or no longer; answers how many it changed.
fn protect(engine: &Engine, ids: &[ContactId], protected: bool) -> u64 {
    let selection = Selection::ids(ids.to_vec());
    let edits = vec![if protected { Edit::Protect } else { Edit::Unprotect }];
    let request = EditRequest { selection, excluded: Vec::new(), edits };
    let job = engine.start_edit(&engine.edit_plan(request).unwrap()).unwrap();
    engine.wait(job).unwrap().job.progress.succeeded
}

fn request(engine: &Engine, line: &str) -> PlanRequest {
    PlanRequest {
        selection: Selection::Query(Query::matching(criteria(engine, line))),
        excluded: Vec::new(),
        members_too: false,
    }
}

/// Every contact of the book, the trash included, as it is.
fn everything(engine: &Engine) -> Vec<Contact> {
    let total = engine.loading().total + 1_000;
    let ids: Vec<ContactId> = (1..=total as i64).map(ContactId).collect();
    engine.contacts(&ids).unwrap()
}
