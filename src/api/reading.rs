//! What is asked and changes nothing: contacts, lists, jobs, the log.

use super::far::call::{self, AskedCounts, AskedQuery, AskedSearch, Call};
use super::session::Place;
use super::types::{
    CountAnswer, CountRequest, Failure, FailurePage, FailuresRequest, FindRequest, Found, JobView, Kept, Overview,
    QrCard, ReportRow, SearchAnswer, SearchRequest, Tally, Trashed, Unsubscriber,
};
use super::{Cancel, Country, Result, Right, Session};
use crate::domain::contact::{Contact, ContactId, JobId, List};
use crate::domain::criteria::EvalTime;
use crate::domain::field::{CustomFields, Field};
use crate::domain::query::Query;
use crate::engine::{AuditEntry, Clock, EngineError, Finding};

/// How many jobs are looked through for those of one caller.
const MOST_JOBS: usize = 10_000;

/// How many contacts are asked for at once at a book that is served.
const AT_ONCE: usize = 1_000;

/// The answers for these contacts, a page of them at a time.
fn pages<T>(ids: &[ContactId], ask: impl Fn(Vec<ContactId>) -> Result<Vec<T>>) -> Result<Vec<T>> {
    let mut out = Vec::with_capacity(ids.len());
    for page in ids.chunks(AT_ONCE) {
        out.extend(ask(page.to_vec())?);
    }
    Ok(out)
}

impl Session {
    /// What the book's server says of itself and of who is at the book, as lines; none where the book is a file.
    pub fn server_lines(&self) -> Result<Vec<String>> {
        if let Some(far) = self.far() {
            return far.ask(&Call::ServerLines);
        }
        self.need_everywhere(Right::Read)?;
        self.engine()?.server_lines()
    }

    /// Where what is erased is kept all the same, as a sentence; none where nothing is.
    pub fn kept_elsewhere(&self) -> Option<&'static str> {
        match &self.place {
            Place::Here(engine) => engine.kept_elsewhere(),
            Place::Far(far) => {
                far.known().kept_elsewhere.then_some("the book's server, its log and its backups may keep their bytes")
            }
        }
    }

    /// What the book is called, for a title.
    pub fn book_name(&self) -> String {
        match &self.place {
            Place::Here(engine) => engine.book_name(),
            Place::Far(far) => far.known().book,
        }
    }

    /// As in which country phones are typed; none: a number without its calling code stands for itself alone.
    pub fn home(&self) -> Option<Country> {
        match &self.place {
            Place::Here(engine) => engine.home(),
            Place::Far(far) => far.known().home,
        }
    }

    /// Whether nothing can be written.
    pub fn is_read_only(&self) -> bool {
        match &self.place {
            Place::Here(engine) => engine.is_read_only(),
            Place::Far(far) => far.is_read_only(),
        }
    }

    /// How large the file is that the index is kept in, in bytes, and whether it was used when the book was
    /// opened; none: there is none.
    pub fn index_file(&self) -> Option<(u64, bool)> {
        let engine = self.engine().ok()?;
        engine.index_file().map(|bytes| (bytes, engine.was_index_file_used()))
    }

    /// The lists, by name.
    pub fn lists(&self) -> Vec<List> {
        let mut lists = match &self.place {
            Place::Here(engine) => engine.lists(),
            Place::Far(far) => far.known().lists,
        };
        lists.retain(|list| self.caller.may_enter(list.id));
        lists
    }

    /// The book's custom fields.
    pub fn vocabulary(&self) -> CustomFields {
        match &self.place {
            Place::Here(engine) => engine.vocabulary(),
            Place::Far(far) => far.known().fields,
        }
    }

    /// The day and time zone at which criteria are resolved now.
    pub fn today(&self) -> EvalTime {
        match &self.place {
            Place::Here(engine) => engine.today(),
            Place::Far(_) => Clock::System.today(),
        }
    }

    /// The count of what matches, and a page of it; while the index loads, of what is there.
    pub fn search(&self, request: &SearchRequest, cancel: &Cancel) -> Result<SearchAnswer> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Search(AskedSearch::new(request)));
        }
        self.need(Right::Read)?;
        let query = self.within(&request.query)?;
        self.engine()?.search(&SearchRequest { query, ..request.clone() }, cancel)
    }

    /// What each of these matches, in numbers alone.
    pub fn counts(&self, request: &CountRequest, cancel: &Cancel) -> Result<CountAnswer> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Counts(AskedCounts::new(request)));
        }
        self.need(Right::Read)?;
        let within = self.within(&request.within)?;
        self.engine()?.counts(&CountRequest { within, ..request.clone() }, cancel)
    }

    /// The values that contacts have most in a field, the most frequent first.
    pub fn values(&self, field: &Field, limit: usize) -> Result<Vec<(String, u64)>> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Values(field.clone(), limit));
        }
        self.need_everywhere(Right::Read)?;
        Ok(self.engine()?.values(field, limit))
    }

    /// What a query finds, by a field: its values with how many have each, months, how complete the cards are.
    pub fn tally(&self, query: &Query, by: &Field, cancel: &Cancel) -> Result<Tally> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Tally(AskedQuery::new(query), by.clone()));
        }
        self.need(Right::Read)?;
        self.engine()?.tally(&self.within(query)?, by, cancel)
    }

    /// The contacts most like a few letters, the best first.
    pub fn find(&self, request: &FindRequest, cancel: &Cancel) -> Result<Vec<Found>> {
        if let Some(far) = self.far() {
            return far.ask(&call::find(request));
        }
        self.need(Right::Read)?;
        let within = self.within(&request.within)?;
        self.engine()?.find(&FindRequest { within, ..request.clone() }, cancel)
    }

    /// Where a contact stands among everything that matches, from 0; none where it doesn't match.
    pub fn position(&self, query: &Query, id: ContactId) -> Result<Option<usize>> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Position(AskedQuery::new(query), id));
        }
        self.need(Right::Read)?;
        self.engine()?.position(&self.within(query)?, id)
    }

    /// The numbers of what a query finds, in its order.
    pub fn matching_ids(&self, query: &Query) -> Result<Vec<ContactId>> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Ids(AskedQuery::new(query)));
        }
        self.need(Right::Read)?;
        self.engine()?.matching_ids(&self.within(query)?)
    }

    /// These contacts as rows of a table with these columns, in this order; those that are not there are left out.
    pub fn cells(&self, ids: &[ContactId], columns: &[Field]) -> Result<Vec<Vec<String>>> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Cells(ids.to_vec(), columns.to_vec()));
        }
        self.need(Right::Read)?;
        self.may_touch(ids)?;
        self.engine()?.cells(ids, columns)
    }

    /// How many contacts a comparison (`duplicate:likely`) is behind that goes on, of how many; none: none does.
    pub fn comparing(&self) -> Option<(u64, u64)> {
        self.engine().ok()?.comparing()
    }

    /// A contact as a QR code of at most so many modules a side; none: it is gone.
    pub fn qr(&self, id: ContactId, most: usize) -> Result<Option<QrCard>> {
        self.need(Right::Read)?;
        self.may_touch(&[id])?;
        self.engine()?.qr(id, most)
    }

    /// Who has one of these addresses, in any spelling.
    pub fn contacts_with(&self, addresses: &[String]) -> Result<Vec<ContactId>> {
        if let Some(far) = self.far() {
            return far.ask(&Call::ContactsWith(addresses.to_vec()));
        }
        self.need(Right::Read)?;
        let mut found = self.engine()?.contacts_with(addresses)?;
        if self.caller.lists.is_some() {
            found = self.contacts(&found)?.into_iter().map(|contact| contact.id).collect();
        }
        Ok(found)
    }

    /// A contact, whole; also one in the trash. None where it was erased or never was.
    pub fn contact(&self, id: ContactId) -> Result<Option<Contact>> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Contact(id));
        }
        self.need(Right::Read)?;
        Ok(self.engine()?.contact(id)?.filter(|contact| self.caller.may_enter(contact.list)))
    }

    /// These contacts, whole, in this order; those that are not there are left out.
    pub fn contacts(&self, ids: &[ContactId]) -> Result<Vec<Contact>> {
        if let Some(far) = self.far() {
            return pages(ids, |page| far.ask(&Call::Contacts(page)));
        }
        self.need(Right::Read)?;
        let mut contacts = self.engine()?.contacts(ids)?;
        contacts.retain(|contact| self.caller.may_enter(contact.list));
        Ok(contacts)
    }

    /// Lists, searches, the trash and the Unsubscribers with their numbers.
    pub fn overview(&self) -> Result<Overview> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Overview);
        }
        self.need_everywhere(Right::Read)?;
        self.engine()?.overview()
    }

    /// The lists by name, with how many contacts each has.
    pub fn list_counts(&self) -> Result<Vec<(List, u64)>> {
        if let Some(far) = self.far() {
            return far.ask(&Call::ListCounts);
        }
        self.need(Right::Read)?;
        let mut lists = self.engine()?.list_counts()?;
        lists.retain(|(list, _)| self.caller.may_enter(list.id));
        Ok(lists)
    }

    /// The labels that contacts have, by name, with how many have each.
    pub fn labels(&self) -> Result<Vec<(String, u64)>> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Labels);
        }
        self.need_everywhere(Right::Read)?;
        self.engine()?.labels()
    }

    /// These contacts of the trash, with who deleted them when; those that are not in it are left out.
    pub fn trashed(&self, ids: &[ContactId]) -> Result<Vec<Trashed>> {
        if let Some(far) = self.far() {
            return pages(ids, |page| far.ask(&Call::Trashed(page)));
        }
        self.need(Right::Read)?;
        self.may_touch(ids)?;
        self.engine()?.trashed(ids)
    }

    /// Every address that asked not to be contacted.
    pub fn unsubscribers(&self) -> Result<Vec<Unsubscriber>> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Unsubscribers);
        }
        self.need_everywhere(Right::Read)?;
        self.engine()?.unsubscribers()
    }

    /// How many of them are kept in plain although hashes are wanted.
    pub fn unsubscribers_to_hash(&self) -> Result<u64> {
        if let Some(far) = self.far() {
            return far.ask(&Call::UnsubscribersToHash);
        }
        self.need_everywhere(Right::Read)?;
        self.engine()?.unsubscribers_to_hash()
    }

    /// How many of them are kept in plain.
    pub fn plain_unsubscribers(&self) -> Result<u64> {
        if let Some(far) = self.far() {
            return far.ask(&Call::PlainUnsubscribers);
        }
        self.need_everywhere(Right::Read)?;
        self.engine()?.plain_unsubscribers()
    }

    /// What the last session of the screen left.
    pub fn kept(&self) -> Result<Kept> {
        if self.far().is_some() {
            // What is kept at a book is its owner's.
            return Ok(Kept::default());
        }
        self.need(Right::Read)?;
        self.engine()?.kept()
    }

    /// The newest jobs, newest first.
    pub fn jobs(&self, limit: usize) -> Result<Vec<JobView>> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Jobs(limit));
        }
        self.need(Right::ReadJobs)?;
        if self.caller.lists.is_none() {
            return self.engine()?.jobs(limit);
        }
        let mut own = Vec::new();
        for job in self.engine()?.jobs(MOST_JOBS)? {
            if own.len() < limit && self.may_see(job.job.id)? {
                own.push(job);
            }
        }
        Ok(own)
    }

    /// A job.
    pub fn job(&self, id: JobId) -> Result<JobView> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Job(id));
        }
        self.need_job(Right::ReadJobs, id)?;
        self.engine()?.job(id)
    }

    /// Waits until a job of this process is over, paused or interrupted.
    pub fn wait(&self, id: JobId) -> Result<JobView> {
        if let Some(far) = self.far() {
            return far.wait(id);
        }
        self.need_job(Right::ReadJobs, id)?;
        self.engine()?.wait(id)
    }

    /// Why a job that was waited for could not go on; asked once, none afterwards.
    pub fn why_stopped(&self, id: JobId) -> Option<EngineError> {
        match &self.place {
            Place::Here(engine) => engine.why_stopped(id),
            Place::Far(far) => far.ask(&Call::WhyStopped(id)).unwrap_or_default(),
        }
    }

    /// The jobs that this process works at or has queued.
    pub fn running(&self) -> Vec<JobId> {
        match &self.place {
            Place::Here(engine) => engine.running(),
            Place::Far(far) => far.running(),
        }
    }

    /// A page of what a job could not take, in the plan's order.
    pub fn failures(&self, id: JobId, offset: usize, limit: usize) -> Result<Vec<Failure>> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Failures(id, offset, limit));
        }
        self.need_job(Right::ReadJobs, id)?;
        self.engine()?.failures(id, offset, limit)
    }

    /// A page of it, of one reason and with a text in it, and how many there are.
    pub fn failures_like(&self, request: &FailuresRequest, cancel: &Cancel) -> Result<FailurePage> {
        if let Some(far) = self.far() {
            return far.ask(&Call::FailuresLike(request.clone()));
        }
        self.need_job(Right::ReadJobs, request.job)?;
        self.engine()?.failures_like(request, cancel)
    }

    /// The contacts of all of it.
    pub fn failed_ids(&self, request: &FailuresRequest) -> Result<Vec<ContactId>> {
        if let Some(far) = self.far() {
            return far.ask(&Call::FailedIds(request.clone()));
        }
        self.need_job(Right::ReadJobs, request.job)?;
        self.engine()?.failed_ids(request)
    }

    /// Who started a job.
    pub fn who_started(&self, id: JobId) -> Result<String> {
        if let Some(far) = self.far() {
            return far.ask(&Call::WhoStarted(id));
        }
        self.need_job(Right::ReadJobs, id)?;
        self.engine()?.who_started(id)
    }

    /// A page of a job's report: what became of each contact.
    pub fn report(&self, id: JobId, offset: u64, limit: u64) -> Result<Vec<ReportRow>> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Report(id, offset, limit));
        }
        self.need_job(Right::ReadJobs, id)?;
        self.engine()?.report(id, offset, limit)
    }

    /// The audit log, newest first.
    pub fn log(&self, offset: usize, limit: usize) -> Result<Vec<AuditEntry>> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Log(offset, limit));
        }
        self.need_everywhere(Right::Admin)?;
        self.engine()?.log(offset, limit)
    }

    /// Looks the whole book over.
    pub fn doctor(&self) -> Result<Vec<Finding>> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Doctor);
        }
        self.need_everywhere(Right::Admin)?;
        self.engine()?.doctor()
    }
}
