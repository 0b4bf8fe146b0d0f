//! Questions: counts and pages, the overview, single contacts. They read, and change nothing.

use std::collections::BTreeSet;

use super::Engine;
use super::answer::{Failure, JobView, Overview, Row, SavedSearch, SearchAnswer, SearchRequest};
use super::cancel::Cancel;
use super::error::{EngineError, ErrorKind, Result};
use super::index_file;
use super::options::Purpose;
use super::state::{Shared, lock};
use crate::book::Failed;
use crate::domain::builtin_searches::BUILT_IN;
use crate::domain::contact::{Contact, ContactId, JobId, List};
use crate::domain::criteria::{EvalTime, MatchContext};
use crate::domain::deletion_rules::Refusal;
use crate::domain::field::{CustomFields, Field};
use crate::domain::job::JobType;
use crate::domain::query::{Query, Scope};
use crate::domain::syntax;
use crate::index::{CountQuestion, Question};

impl Engine {
    /// Answers with the count and a page of rows; while the index loads, of what is there.
    pub fn search(&self, request: &SearchRequest, cancel: &Cancel) -> Result<SearchAnswer> {
        let shared = &self.shared;
        if let Some(error) = shared.loading_failed() {
            return Err(error);
        }
        let query = &shared.resolve(&request.query);
        let loading = shared.loading();
        let question =
            Question { query, columns: &request.columns, excluded: &request.excluded, marked: &request.marked };
        let found = shared.index().search(&question, &|| cancel.is_cancelled());
        let found = found.ok_or_else(cancelled)?;
        let rows = found.rows.into_iter().map(|row| Row { id: row.id, cells: row.cells, refusal: row.refusal });
        Ok(SearchAnswer {
            of: found.of,
            matches: found.matches,
            clauses: found.clauses,
            go: found.go,
            stay: found.stay,
            excluded: found.excluded,
            marked: found.marked,
            offset: request.query.page.offset,
            rows: rows.collect(),
            loading,
        })
    }

    /// The numbers of what a query finds, in its order; waits until the index is complete.
    pub fn matching_ids(&self, query: &Query) -> Result<Vec<ContactId>> {
        self.wait_until_loaded()?;
        let query = self.shared.resolve(query);
        let selected = self.shared.index().select(&query, false, &|| self.shared.is_closing()).ok_or_else(cancelled)?;
        Ok(selected.into_iter().map(|item| item.id).collect())
    }

    /// These contacts as rows of a table with these columns, in this order; those that are not there are left out.
    pub fn cells(&self, ids: &[ContactId], columns: &[Field]) -> Result<Vec<Vec<String>>> {
        self.wait_until_loaded()?;
        Ok(self.shared.index().cells(ids, columns, &self.today()))
    }

    /// A contact, whole; also one in the trash. None where it was erased or never was.
    pub fn contact(&self, id: ContactId) -> Result<Option<Contact>> {
        Ok(self.shared.reader().contact(id)?)
    }

    /// These contacts, whole, in this order; those that are not there are left out.
    pub fn contacts(&self, ids: &[ContactId]) -> Result<Vec<Contact>> {
        Ok(self.shared.reader().contacts(ids.iter().copied())?)
    }

    /// How many contacts a query finds, whatever its page. Where only that is asked ([`Purpose::OneQuestion`]), no
    /// more is read for it than it looks at.
    pub fn count(&self, query: &Query, cancel: &Cancel) -> Result<u64> {
        if self.shared.options.purpose == Purpose::OneQuestion
            && let Some(counted) = index_file::count(&self.shared, query)?
        {
            return Ok(counted);
        }
        self.shared.wait_until_loaded()?;
        let within = &self.shared.resolve(query);
        let question = CountQuestion { within, only: None, excluded: &BTreeSet::new(), each: &[] };
        let counted = self.shared.index().count_each(&question, &|| cancel.is_cancelled() || self.shared.is_closing());
        counted.map(|(matches, _)| matches).ok_or_else(cancelled)
    }

    /// What decides around a contact whether criteria hold: for showing why it matches. Duplicates are
    /// not among it: whether a contact is one is a question for [`Engine::search`].
    pub fn surroundings(&self) -> MatchContext {
        let known = self.shared.known();
        let lists = known.lists.into_iter().map(|list| (list.id, list)).collect();
        MatchContext { lists, home: self.home(), ..MatchContext::default() }
    }

    /// The lists, by name.
    pub fn lists(&self) -> Vec<List> {
        self.shared.known().lists
    }

    /// The book's custom fields.
    pub fn vocabulary(&self) -> CustomFields {
        self.shared.known().vocabulary
    }

    /// The day and time zone at which criteria are resolved now.
    pub fn today(&self) -> EvalTime {
        self.shared.options.clock.today()
    }

    /// What the Lists pane shows. Searches that take long to count have their last count, or none yet.
    pub fn overview(&self) -> Result<Overview> {
        let shared = &self.shared;
        let known = shared.known();
        let by_list = shared.index().counts_by_list();
        let trash = shared.index().count(Scope::Trash);
        let lists: Vec<_> = known
            .lists
            .into_iter()
            .map(|list| {
                let count = by_list.get(&list.id).copied().unwrap_or(0);
                (list, count)
            })
            .collect();
        let contacts = lists.iter().map(|(_, count)| count).sum();
        Ok(Overview { contacts, lists, searches: self.searches()?, unsubscribers: known.unsubscribers, trash })
    }

    fn searches(&self) -> Result<Vec<SavedSearch>> {
        let shared = &self.shared;
        let mut searches: Vec<SavedSearch> = shared
            .reader()
            .searches()?
            .into_iter()
            .map(|search| SavedSearch {
                name: search.name,
                line: search.line,
                note: search.note,
                saved: true,
                count: None,
            })
            .collect();
        searches.extend(BUILT_IN.iter().map(|search| SavedSearch {
            name: search.name.to_owned(),
            line: search.line.to_owned(),
            note: search.note.to_owned(),
            saved: false,
            count: None,
        }));
        let last_import = shared.reader().jobs(0, 256)?.into_iter().find(|job| job.kind == JobType::Import);
        searches.extend(last_import.map(|job| SavedSearch {
            name: "Last import".to_owned(),
            line: format!("import={}", job.id),
            note: "what the last import brought".to_owned(),
            saved: false,
            count: None,
        }));
        // A job changes the book ten times a second: what has to be grouped anew is counted afterwards.
        let busy = !self.running().is_empty() || !shared.loading().complete;
        for search in &mut searches {
            search.count = count(shared, &search.line, busy);
        }
        Ok(searches)
    }

    /// The newest jobs, newest first.
    pub fn jobs(&self, limit: usize) -> Result<Vec<JobView>> {
        let jobs = self.shared.reader().jobs(0, limit)?;
        Ok(jobs.into_iter().map(|job| super::progress::view(&self.shared, job)).collect())
    }

    /// A job.
    pub fn job(&self, id: JobId) -> Result<JobView> {
        let job = self.shared.reader().job(id)?.ok_or_else(|| EngineError::no_job(id))?;
        Ok(super::progress::view(&self.shared, job))
    }

    /// A page of what a job could not take, in the plan's order.
    pub fn failures(&self, id: JobId, offset: usize, limit: usize) -> Result<Vec<Failure>> {
        let page = self.shared.reader().failures(id, None, offset, limit)?;
        Ok(page.into_iter().map(failure).collect())
    }

    /// The jobs that this process works at or has queued.
    pub fn running(&self) -> Vec<JobId> {
        let mut ids: Vec<JobId> =
            lock(&self.shared.live).iter().filter(|(_, live)| live.is_busy()).map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids
    }
}

/// A failure as the book keeps it, with its reason in words.
pub(super) fn failure(failed: Failed) -> Failure {
    let reason = match (failed.refusal, failed.detail.is_empty()) {
        (Some(refusal), true) => refusal.reason().to_owned(),
        (Some(refusal @ (Refusal::Storage | Refusal::AfterMember | Refusal::Billing | Refusal::Server)), false) => {
            format!("{}: {}", refusal.reason(), failed.detail)
        }
        (Some(refusal), false) => format!("{} ({})", refusal.reason(), failed.detail),
        (None, _) => failed.detail,
    };
    Failure { contact: failed.contact, name: failed.name, refusal: failed.refusal, reason }
}

/// How many contacts of the book a saved line matches; none where it can't be said now.
fn count(shared: &Shared, line: &str, busy: bool) -> Option<u64> {
    let grouped = line.contains("duplicate:") || line.contains("redundant:");
    if busy && grouped {
        return None;
    }
    let criteria = syntax::parse(line, &shared.known().vocabulary).ok()?.criteria;
    let within = &shared.resolve(&Query::matching(criteria));
    let question = CountQuestion { within, only: None, excluded: &BTreeSet::new(), each: &[] };
    shared.index().count_each(&question, &|| shared.is_closing()).map(|(matches, _)| matches)
}

/// The error for a question that was cancelled.
pub(super) fn cancelled() -> EngineError {
    EngineError::new(ErrorKind::Cancelled, "the question was cancelled; nothing was changed")
}
