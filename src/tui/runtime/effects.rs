//! What the loop does with the model's effects: questions beside it, deeds, the terminal.
//!
//! Called by the loop alone. Answers come back to it as [`Beside::Answer`].

use std::io::Write as _;

use crossterm::queue;
use ratatui::layout::Rect;

use crate::api::types::{CountRequest, FailuresRequest, FindRequest, SearchRequest};
use crate::api::{ApiError, Cancel, Code, Overwrite, Session, expanded};
use crate::domain::contact::ContactId;
use crate::domain::criteria::Criteria;
use crate::domain::fix::FixKind;
use crate::tui::app::effect::{AccountDeed, Effect};
use crate::tui::app::event::{Answer, Book, Card, Event, Place, Ticket, Told};
use crate::tui::runtime::clipboard::Clipboard;
use crate::tui::runtime::watch::Watch;
use crate::tui::runtime::{
    Beside, JOBS, LOG, Lane, Runtime, TuiError, VALUES, accounts, commands, editing, files, terminal,
};

impl Runtime {
    #[allow(clippy::too_many_lines, reason = "one arm an effect, none of them longer than a call or two")]
    pub(super) fn perform(&mut self, effects: Vec<Effect>) -> Result<(), TuiError> {
        for effect in effects {
            match effect {
                Effect::Book => {
                    if self.book.offer(()).is_some() {
                        self.ask_book();
                    }
                }
                Effect::Search(ticket, request) => {
                    self.search.offer((ticket, request)).into_iter().for_each(|now| self.ask_search(now));
                }
                Effect::Card(ticket, id, criteria) => {
                    self.card.offer((ticket, id, criteria)).into_iter().for_each(|now| self.ask_card(now));
                }
                Effect::Counts(ticket, request) => {
                    self.counts.offer((ticket, request)).into_iter().for_each(|now| self.ask_counts(now));
                }
                Effect::Values(ticket, field) => {
                    self.ask(Lane::Free, move |api| {
                        Answer::Values(ticket, api.values(&field, VALUES).unwrap_or_default())
                    });
                }
                Effect::Find(ticket, request) => {
                    self.find.offer((ticket, request)).into_iter().for_each(|now| self.ask_find(now));
                }
                Effect::Position(ticket, request, id) => {
                    self.ask(Lane::Free, move |api| Answer::Position(ticket, api.position(&request.query, id)));
                }
                Effect::Tally(ticket, query, field) => {
                    self.ask(Lane::Free, move |api| Answer::Tallied(ticket, api.tally(&query, &field, &Cancel::new())));
                }
                Effect::Fixes(ticket, selection) => {
                    let (cancel, tell) = self.stoppable(ticket);
                    self.ask(Lane::Free, move |api| {
                        let told = |done, of| tell(Told { records: done, done, of });
                        Answer::Fixes(ticket, api.fixes(&selection, &FixKind::ALL, &[], &cancel, &told))
                    });
                }
                Effect::Qr(ticket, id, most) => {
                    self.ask(Lane::Free, move |api| Answer::Qr(ticket, api.qr(id, most)));
                }
                Effect::Mouse(on) => terminal::take_mouse(on)?,
                Effect::Tell(words) => terminal::tell(self.tells, &words)?,
                Effect::Ids(ticket, request) => {
                    self.ask(Lane::Free, move |api| Answer::Ids(ticket, api.matching_ids(&request.query)));
                }
                Effect::Plan(ticket, request) => {
                    self.ask(Lane::Free, move |api| Answer::Planned(ticket, api.plan(request).map(Box::new)));
                }
                Effect::Start(plan, manner) => {
                    self.ask(Lane::Deed, move |api| Answer::Started(commands::start(api, &plan, manner)));
                }
                Effect::RetryPlan(ticket, job) => {
                    self.ask(Lane::Free, move |api| Answer::Planned(ticket, api.retry_plan(job).map(Box::new)));
                }
                Effect::RedoPlan(ticket, undo) => {
                    self.ask(Lane::Free, move |api| Answer::Planned(ticket, api.redo_plan(undo).map(Box::new)));
                }
                Effect::ClearPlan(ticket, list) => {
                    self.ask(Lane::Free, move |api| Answer::Planned(ticket, api.clear_plan(&list).map(Box::new)));
                }
                Effect::UndoPlan(ticket, job) => {
                    self.ask(Lane::Free, move |api| Answer::UndoPlanned(ticket, api.undo_plan(job).map(Box::new)));
                }
                Effect::RestorePlan(ticket, request) => {
                    self.ask(Lane::Free, move |api| Answer::UndoPlanned(ticket, commands::restore_plan(api, request)));
                }
                Effect::ErasePlan(ticket, request) => {
                    self.ask(Lane::Free, move |api| Answer::ErasePlanned(ticket, commands::erase_plan(api, request)));
                }
                Effect::Trashed(ticket, ids) => {
                    self.ask(Lane::Free, move |api| Answer::Trashed(ticket, api.trashed(&ids)));
                }
                Effect::Undo(plan) => {
                    self.ask(Lane::Deed, move |api| Answer::Begun(commands::undo(api, &plan)));
                }
                Effect::Erase(plan) => {
                    self.ask(Lane::Deed, move |api| Answer::Begun(commands::erase(api, &plan)));
                }
                Effect::Account(ticket, deed) => {
                    let lane = match &deed {
                        AccountDeed::List
                        | AccountDeed::Look
                        | AccountDeed::Check(_)
                        | AccountDeed::Find(..)
                        // It writes whole transactions, and may wait long for somebody else's server: quitting doesn't.
                        | AccountDeed::Pull(_) => Lane::Free,
                        AccountDeed::Give(..) | AccountDeed::Add(_) | AccountDeed::Remove(_) => Lane::Deed,
                    };
                    let (cancel, tell) = self.stoppable(ticket);
                    self.ask(lane, move |api| Answer::Account(ticket, accounts::account(api, deed, &cancel, tell)));
                }
                Effect::DropList(name) => self.done(move |api| commands::drop_list(api, &name)),
                Effect::Resubscribe(address) => self.done(move |api| commands::resubscribe(api, &address)),
                Effect::Wish(ticket, wish) => {
                    self.ask(Lane::Deed, move |api| Answer::Wished(ticket, commands::wish(api, wish)));
                }
                Effect::Folder(ticket, folder) => {
                    self.ask(Lane::Free, move |_| Answer::Folder(ticket, files::folder(&folder)));
                }
                Effect::ImportPreview(ticket, request) => {
                    self.ask(Lane::Free, move |api| Answer::Previewed(ticket, files::preview(api, request)));
                }
                Effect::TryImport(ticket, request) => {
                    let (cancel, tell) = self.stoppable(ticket);
                    self.ask(Lane::Free, move |api| {
                        Answer::Tried(ticket, files::try_import(api, request, &cancel, tell))
                    });
                }
                Effect::StartImport(ticket, request) => {
                    self.ask(Lane::Deed, move |api| Answer::ImportStarted(ticket, files::start_import(api, request)));
                }
                Effect::ImportAnswer(job) => {
                    self.ask(Lane::Free, move |api| Answer::Imported(job, api.import_answer(job).map(Box::new)));
                }
                Effect::Export(ticket, export) => {
                    let (cancel, tell) = self.stoppable(ticket);
                    self.ask(Lane::Deed, move |api| {
                        Answer::Exported(ticket, files::export(api, *export, &cancel, tell))
                    });
                }
                Effect::Stop(ticket) => {
                    self.stops.iter().filter(|(known, _)| *known == ticket).for_each(|(_, cancel)| cancel.cancel());
                }
                Effect::Pause(job) => self.deed(move |api| api.pause(job)),
                Effect::Resume(job) => self.deed(move |api| api.resume(job)),
                Effect::Cancel(job) => self.deed(move |api| api.cancel(job)),
                Effect::Jobs => self.ask(Lane::Free, |api| Answer::Jobs(api.jobs(JOBS))),
                Effect::Failures(ticket, request) => {
                    self.failures.offer((ticket, request)).into_iter().for_each(|now| self.ask_failures(now));
                }
                Effect::FailedIds(ticket, request) => {
                    self.ask(Lane::Free, move |api| Answer::FailedIds(ticket, api.failed_ids(&request)));
                }
                Effect::Who(ticket, job) => {
                    self.ask(Lane::Free, move |api| Answer::Who(ticket, api.who_started(job)));
                }
                Effect::Log(ticket) => self.ask(Lane::Free, move |api| Answer::Log(ticket, api.log(0, LOG))),
                Effect::Unsubscribers(ticket) => {
                    self.ask(Lane::Free, move |api| Answer::Unsubscribers(ticket, api.unsubscribers()));
                }
                Effect::People(ticket, ids) => {
                    self.ask(Lane::Free, move |api| Answer::People(ticket, api.contacts(&ids)));
                }
                Effect::Editing(ticket, step) => {
                    let lane = editing::lane(&step);
                    let (cancel, _) = self.stoppable(ticket);
                    let tell = editing::compares(&step).then(|| self.tell.clone());
                    self.ask(lane, move |api| {
                        let _watch = tell.map(|tell| Watch::new(api, ticket, tell));
                        Answer::Edited(ticket, editing::edit(api, step, &cancel))
                    });
                }
                Effect::Protect(ids, on) => {
                    self.ask(Lane::Deed, move |api| Answer::Changed(editing::protect(api, &ids, on)));
                }
                Effect::SaveSearch { name, line, note } => self.ask(Lane::Deed, move |api| {
                    let saved = api.save_search(&name, &line, &note);
                    Answer::Done(saved.map(|()| format!("Saved as {}.", name.trim())))
                }),
                Effect::DropSearch(name) => self.done(move |api| match api.drop_search(&name) {
                    Err(error) if matches!(error.code, Code::NoSearch { .. }) => {
                        Ok(format!("{name} was gone already."))
                    }
                    other => other.map(|()| format!("{name} is dropped.")),
                }),
                Effect::ExportSearches { path, replace } => {
                    self.ask(Lane::Deed, move |api| Answer::Done(export_searches(api, &path, overwrite(replace))));
                }
                Effect::ImportSearches { path, replace } => {
                    self.ask(Lane::Deed, move |api| Answer::Done(import_searches(api, &path, overwrite(replace))));
                }
                Effect::Kept => self.ask(Lane::Free, |api| Answer::Kept(api.kept())),
                Effect::KeepLine(line) => {
                    self.ask(Lane::Deed, move |api| Answer::Noted(api.keep_line(&line)));
                }
                Effect::KeepColumns(text) => {
                    self.ask(Lane::Deed, move |api| Answer::Noted(api.keep_columns(&text)));
                }
                Effect::Copy(text, what) => self.copy(text, what)?,
                // Not `clear`: it asks the terminal where the cursor is, and the answer can be taken by the
                // thread that waits for keys.
                Effect::Redraw => {
                    let size = self.screen.size()?;
                    self.screen.resize(Rect::new(0, 0, size.width, size.height))?;
                }
                Effect::Suspend => {
                    self.session.stop()?;
                    self.step(Event::Resumed)?;
                }
                Effect::Quit => {
                    self.quits = true;
                    // What is taken over goes on with the next pull; quitting doesn't wait for a server.
                    let pulling = self.model.pulling.as_ref().map(|pulling| pulling.ticket);
                    self.stops.iter().filter(|(of, _)| Some(*of) == pulling).for_each(|(_, cancel)| cancel.cancel());
                    self.search.cancel();
                    self.counts.cancel();
                    self.find.cancel();
                    self.failures.cancel();
                }
            }
        }
        Ok(())
    }

    /// Puts text where this terminal keeps what is copied, and has said how far that is known.
    fn copy(&mut self, text: String, what: String) -> Result<(), TuiError> {
        let clipboard = Clipboard::of(|name| std::env::var(name).ok());
        if let Some(sequence) = clipboard.sequence(&text) {
            let out = self.screen.backend_mut();
            queue!(out, crossterm::style::Print(sequence))?;
            out.flush()?;
        }
        self.ask(Lane::Free, move |_| Answer::Copied(clipboard.outcome(&text, &what)));
        Ok(())
    }

    /// A flag by which a question can be stopped, and how it tells how far it is.
    fn stoppable(&mut self, ticket: Ticket) -> (Cancel, impl Fn(Told) + Send + 'static) {
        let cancel = Cancel::new();
        self.stops.push((ticket, cancel.clone()));
        let tell = self.tell.clone();
        let told = move |told| {
            let _ = tell.send(Beside::Answer(Lane::Free, Answer::Told(ticket, told)));
        };
        (cancel, told)
    }

    /// Asks the engine beside the loop.
    fn ask(&mut self, lane: Lane, question: impl FnOnce(&Session) -> Answer + Send + 'static) {
        self.deeds += usize::from(lane == Lane::Deed);
        let (api, tell) = (self.api.clone(), self.tell.clone());
        tokio::task::spawn_blocking(move || {
            // The loop has ended where nobody listens.
            let _ = tell.send(Beside::Answer(lane, question(&api)));
        });
    }

    /// Does something that has something to say when it is done.
    fn done(&mut self, deed: impl FnOnce(&Session) -> Result<String, ApiError> + Send + 'static) {
        self.ask(Lane::Deed, move |api| Answer::Done(deed(api)));
    }

    fn deed(&mut self, deed: impl FnOnce(&Session) -> Result<(), ApiError> + Send + 'static) {
        self.ask(Lane::Deed, move |api| Answer::Done(deed(api).map(|()| String::new())));
    }

    pub(super) fn ask_search(&mut self, ((ticket, request), cancel): ((Ticket, SearchRequest), Cancel)) {
        let tell = Watch::is_worth_it(&request.query).then(|| self.tell.clone());
        self.ask(Lane::Search, move |api| {
            let _watch = tell.map(|tell| Watch::new(api, ticket, tell));
            Answer::Search(ticket, api.search(&request, &cancel).map(Box::new))
        });
    }

    pub(super) fn ask_counts(&mut self, ((ticket, request), cancel): ((Ticket, CountRequest), Cancel)) {
        self.ask(Lane::Counts, move |api| Answer::Counts(ticket, api.counts(&request, &cancel)));
    }

    pub(super) fn ask_find(&mut self, ((ticket, request), cancel): ((Ticket, FindRequest), Cancel)) {
        self.ask(Lane::Find, move |api| Answer::Find(ticket, api.find(&request, &cancel)));
    }

    pub(super) fn ask_failures(&mut self, ((ticket, request), cancel): ((Ticket, FailuresRequest), Cancel)) {
        self.ask(Lane::Failures, move |api| Answer::Failures(ticket, api.failures_like(&request, &cancel)));
    }

    pub(super) fn ask_card(&mut self, ((ticket, id, criteria), cancel): ((Ticket, ContactId, Vec<Criteria>), Cancel)) {
        self.ask(Lane::Card, move |api| Answer::Card(ticket, card(api, id, &criteria, &cancel)));
    }

    pub(super) fn ask_book(&mut self) {
        self.ask(Lane::Book, |api| {
            // Asked before it is counted: what is read meanwhile makes the numbers larger, never the claim false.
            let whole = api.loading().complete;
            Answer::Book(api.overview().map(|overview| {
                Box::new(Book {
                    name: api.book_name(),
                    read_only: api.is_read_only(),
                    place: if api.is_served() { Place::Served } else { Place::Here },
                    overview,
                    whole,
                    vocabulary: api.vocabulary(),
                    today: api.today(),
                })
            }))
        });
    }
}

fn overwrite(replace: bool) -> Overwrite {
    if replace { Overwrite::Replace } else { Overwrite::Refuse }
}

fn export_searches(api: &Session, path: &str, overwrite: Overwrite) -> Result<String, ApiError> {
    let n = api.export_searches(&expanded(path), overwrite)?;
    Ok(format!("{} written to {path}.", searches(n)))
}

fn import_searches(api: &Session, path: &str, known: Overwrite) -> Result<String, ApiError> {
    let taken = api.import_searches(&expanded(path), known)?;
    let saved = searches(taken.saved);
    Ok(if known == Overwrite::Refuse && !taken.known.is_empty() {
        format!("{saved} saved; there already and left alone: {}.", taken.known.join(", "))
    } else {
        format!("{saved} saved.")
    })
}

fn searches(n: u64) -> String {
    if n == 1 { "1 search".to_owned() } else { format!("{n} searches") }
}

fn card(api: &Session, id: ContactId, criteria: &[Criteria], cancel: &Cancel) -> Result<Option<Box<Card>>, ApiError> {
    let found = api.card(id, criteria, cancel)?;
    Ok(found.map(|(contact, held)| Box::new(Card { contact, held })))
}
