//! Requests to answers: each is one of the session's calls, or a few of them.

use std::io::Write;

use super::held::HeldPlan;
use super::names::criteria_of_line;
use super::request::{Command, Question, Request, VERSION};
use super::response::{PlanShown, Response};
use super::selection::Which;
use super::types::FindRequest;
use super::{Cancel, ExportError, Result, Right, Session, StartOptions};
use crate::domain::contact::{Contact, ContactId, List, ListKind, list_name};
use crate::domain::query::Query;
use crate::wire;

/// Things of a page where nothing is said.
const PAGE: usize = 50;
/// The most of anything on a page.
const MOST: usize = 1_000;

impl Session {
    /// Answers a request, whole or not at all: where it is an error, nothing was changed.
    pub fn handle(&self, request: Request, cancel: &Cancel) -> Result<Response> {
        match request {
            Request::Ask(question) => self.answer(question, cancel),
            Request::Plan(what) => Ok(shown(&*self.hold(self.make_plan(what)?)?, 0, PAGE)),
            Request::Do(command) => self.carry_out(command),
        }
    }

    fn answer(&self, question: Question, cancel: &Cancel) -> Result<Response> {
        if question != Question::About {
            self.wait_until_loaded()?;
        }
        Ok(match question {
            Question::About => self.about(),
            Question::Overview => {
                let all = self.overview()?;
                let (lists, trash) = (all.lists.len() as u64, all.trash);
                Response::Overview { contacts: all.contacts, lists, trash, unsubscribers: all.unsubscribers }
            }
            Question::Lists => {
                Response::Lists(self.list_counts()?.iter().map(|(list, n)| wire::List::new(list, *n)).collect())
            }
            Question::Labels => {
                let labels = self.labels()?.into_iter().map(|(name, contacts)| wire::Label { name, contacts });
                Response::Labels(labels.collect())
            }
            Question::Searches => Response::Searches(self.overview()?.searches.iter().map(wire::Search::new).collect()),
            Question::Count { which } => Response::Count(wire::Count { total: self.count(&which, cancel)? }),
            Question::Query { which } => self.page(&which)?,
            Question::Contact { id } => Response::Contact(Box::new(self.shape(self.existing(id)?))),
            Question::Find { pattern, limit } => {
                let request = FindRequest { pattern, within: Query::default(), limit: limit.min(MOST) };
                let found = self.find(&request, cancel)?;
                let total = found.len() as u64;
                let contacts = found.into_iter().map(|found| self.shape(found.contact)).collect();
                Response::Contacts(wire::QueryResult { total, offset: 0, contacts })
            }
            Question::Jobs { limit } => {
                let jobs = self.jobs(limit.min(MOST))?;
                Response::Jobs(jobs.iter().map(|view| wire::Job::new(&view.job, None)).collect())
            }
            Question::Job { id, offset, limit } => {
                let job = self.job(id)?.job;
                let failed = self.failures(id, offset, limit.min(MOST))?;
                let errors = failed.into_iter().map(|failure| wire::JobError::new(&job, failure)).collect();
                Response::Job(Box::new(wire::Job::new(&job, Some(errors))))
            }
            Question::Report { id, offset, limit } => {
                let rows = self.report(id, offset, limit.min(MOST) as u64)?;
                Response::Report(rows.into_iter().map(wire::ReportRow::from).collect())
            }
            Question::Unsubscribers { offset, limit } => {
                let all = self.unsubscribers()?.into_iter().skip(offset).take(limit.min(MOST));
                Response::Unsubscribers(all.map(|it| wire::Unsubscriber::new(it.who, it.added, it.source)).collect())
            }
            Question::Log { offset, limit } => {
                let entries = self.log(offset, limit.min(MOST))?.into_iter().map(|it| {
                    let job = it.job.map(|job| job.0);
                    wire::LogEntry::new(it.at, it.who, it.kind, job, it.hash, it.text)
                });
                Response::Log(entries.collect())
            }
            Question::Doctor => {
                let found = self.doctor()?.into_iter();
                let shape =
                    |it: crate::engine::Finding| wire::Finding { check: it.check.to_owned(), message: it.words };
                Response::Findings(found.map(shape).collect())
            }
            Question::Planned { plan, offset, limit } => shown(&*self.held(&plan)?, offset, limit),
        })
    }

    fn about(&self) -> Response {
        Response::About {
            program: "cardfile",
            version: env!("CARGO_PKG_VERSION"),
            api: VERSION,
            book: self.book_name(),
            read_only: self.is_read_only(),
            rights: self.caller().rights.each().map(Right::word).collect(),
        }
    }

    fn page(&self, which: &Which) -> Result<Response> {
        let limit = which.limit.unwrap_or(PAGE).min(MOST);
        let matching = self.matching(which)?;
        let page = matching.get(which.offset..).unwrap_or_default();
        let page = &page[..limit.min(page.len())];
        if which.trash {
            return Ok(Response::Trash(self.trashed(page)?.iter().map(wire::Trashed::from).collect()));
        }
        let contacts = self.shapes(page)?;
        let (total, offset) = (matching.len() as u64, which.offset as u64);
        Ok(Response::Contacts(wire::QueryResult { total, offset, contacts }))
    }

    /// A contact in its one JSON shape.
    pub fn shape(&self, contact: Contact) -> wire::Contact {
        let list = contact.list;
        wire::Contact::new(contact, list_name(&self.lists(), list))
    }

    /// These contacts in their one JSON shape, in this order; those that are not there are left out.
    pub fn shapes(&self, ids: &[ContactId]) -> Result<Vec<wire::Contact>> {
        Ok(shaped(self.contacts(ids)?, &self.lists()))
    }

    /// Writes the answer of a query: these contacts in their one JSON shape, in this order, of `total` that match
    /// without the first `offset`. They are read, made and written a page at a time, so that a million need no memory.
    pub fn write_shapes(
        &self,
        (total, offset): (u64, u64),
        ids: &[ContactId],
        out: &mut dyn Write,
        cancel: &Cancel,
    ) -> std::result::Result<(), ExportError> {
        self.need(Right::Read)?;
        self.may_touch(ids)?;
        let (before, behind) = wire::QueryResult::around(total, offset);
        let lists = self.lists();
        let mut between: &[u8] = b"";
        out.write_all(before.as_bytes())?;
        let push = |items: &mut wire::Items, contact: &Contact| {
            items.push(&wire::ContactShape::of(contact, list_name(&lists, contact.list)));
        };
        let mut put = |page: wire::Items| {
            if !page.as_bytes().is_empty() {
                out.write_all(between)?;
                out.write_all(page.as_bytes())?;
                between = b",";
            }
            Ok::<(), ExportError>(())
        };
        match self.far() {
            Some(_) => ids.chunks(MOST).try_for_each(|page| {
                let mut items = wire::Items::default();
                self.contacts(page)?.iter().for_each(|contact| push(&mut items, contact));
                put(items)
            })?,
            None => self.engine()?.each_page(ids, cancel, push, put)?,
        }
        Ok(out.write_all(behind.as_bytes())?)
    }

    fn carry_out(&self, command: Command) -> Result<Response> {
        let started = |job_id| Response::Started { job_id, contact_id: None };
        Ok(match command {
            Command::Start { plan, expected, rate } => {
                started(self.start_held(&plan, expected, &StartOptions { rate, ..StartOptions::default() })?)
            }
            Command::Forget { plan } => self.forget(&plan).map(|()| Response::Done {})?,
            Command::AddContact { list, fields } => {
                let (job_id, contact) = self.add_contact_of(&list, &fields)?;
                Response::Started { job_id, contact_id: Some(contact) }
            }
            Command::SetContact { id, fields, revision } => {
                Response::Started { job_id: self.set_contact(id, &fields, revision)?, contact_id: Some(id) }
            }
            Command::CreateList { name, account } => {
                let kind = if account { ListKind::Account } else { ListKind::Standard };
                Response::Lists(vec![wire::List::new(&self.create_list(&name, kind)?, 0)])
            }
            Command::RenameList { name, new } => self.rename_list(&name, &new).map(|_| Response::Done {})?,
            Command::DropList { name } => self.drop_list(&name).map(|_| Response::Done {})?,
            Command::RenameLabel { name, new } => self.rename_label(&name, &new).map(|()| Response::Done {})?,
            Command::SaveSearch { name, line, note } => {
                criteria_of_line(&line, &self.vocabulary())?;
                self.save_search(&name, &line, &note).map(|()| Response::Done {})?
            }
            Command::DropSearch { name } => self.drop_search(&name).map(|()| Response::Done {})?,
            Command::AddUnsubscribers { addresses } => {
                let added = self.add_unsubscribers(&addresses, &self.caller().who)?;
                Response::UnsubscribersAdded(wire::UnsubscribersAdded::new(&added))
            }
            Command::RemoveUnsubscribers { addresses } => {
                Response::Count(wire::Count { total: self.remove_unsubscribers(&addresses)? })
            }
            Command::Pause { id } => self.pause(id).map(|()| Response::Done {})?,
            Command::Resume { id } => self.resume(id).map(|()| started(id))?,
            Command::Cancel { id } => self.cancel(id).map(|()| Response::Done {})?,
        })
    }
}

fn shown(held: &HeldPlan, offset: usize, limit: usize) -> Response {
    let items = held.plan.planned().items().get(offset..).unwrap_or_default();
    Response::Plan(Box::new(PlanShown::new(held, &items[..limit.min(MOST).min(items.len())])))
}

/// Contacts in their one JSON shape.
fn shaped(contacts: Vec<Contact>, lists: &[List]) -> Vec<wire::Contact> {
    let shape = |contact: Contact| {
        let list = list_name(lists, contact.list);
        wire::Contact::new(contact, list)
    };
    contacts.into_iter().map(shape).collect()
}
