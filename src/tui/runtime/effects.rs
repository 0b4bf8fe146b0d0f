//! What the loop does with the model's effects: questions beside it, deeds, the terminal.
//!
//! Called by the loop alone. Answers come back to it as [`Beside::Answer`].

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use crossterm::queue;
use ratatui::layout::Rect;

use crate::domain::contact::ContactId;
use crate::domain::criteria::Criteria;
use crate::engine::answer::{CountRequest, FailuresRequest, FindRequest, SearchRequest};
use crate::engine::{Cancel, Engine, EngineError, Overwrite};
use crate::tui::app::effect::Effect;
use crate::tui::app::event::{Answer, Book, Card, Event, Ticket, Told};
use crate::tui::runtime::{Beside, JOBS, LOG, Lane, Runtime, TuiError, VALUES, commands, editing, files};

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
                    self.ask(Lane::Free, move |engine| Answer::Values(ticket, engine.values(&field, VALUES)));
                }
                Effect::Find(ticket, request) => {
                    self.find.offer((ticket, request)).into_iter().for_each(|now| self.ask_find(now));
                }
                Effect::Position(ticket, request, id) => {
                    self.ask(Lane::Free, move |engine| Answer::Position(ticket, engine.position(&request.query, id)));
                }
                Effect::Ids(ticket, request) => {
                    self.ask(Lane::Free, move |engine| Answer::Ids(ticket, engine.matching_ids(&request.query)));
                }
                Effect::Plan(ticket, request) => {
                    self.ask(Lane::Free, move |engine| Answer::Planned(ticket, engine.plan(request).map(Box::new)));
                }
                Effect::Start(plan, manner) => {
                    self.ask(Lane::Deed, move |engine| Answer::Started(commands::start(engine, &plan, manner)));
                }
                Effect::RetryPlan(ticket, job) => {
                    self.ask(Lane::Free, move |engine| Answer::Planned(ticket, engine.retry_plan(job).map(Box::new)));
                }
                Effect::RedoPlan(ticket, undo) => {
                    self.ask(Lane::Free, move |engine| Answer::Planned(ticket, engine.redo_plan(undo).map(Box::new)));
                }
                Effect::ClearPlan(ticket, list) => {
                    self.ask(Lane::Free, move |engine| Answer::Planned(ticket, engine.clear_plan(&list).map(Box::new)));
                }
                Effect::UndoPlan(ticket, job) => {
                    self.ask(Lane::Free, move |engine| {
                        Answer::UndoPlanned(ticket, engine.undo_plan(job).map(Box::new))
                    });
                }
                Effect::RestorePlan(ticket, request) => {
                    self.ask(Lane::Free, move |engine| {
                        Answer::UndoPlanned(ticket, commands::restore_plan(engine, request))
                    });
                }
                Effect::ErasePlan(ticket, request) => {
                    self.ask(Lane::Free, move |engine| {
                        Answer::ErasePlanned(ticket, commands::erase_plan(engine, request))
                    });
                }
                Effect::Trashed(ticket, ids) => {
                    self.ask(Lane::Free, move |engine| Answer::Trashed(ticket, engine.trashed(&ids)));
                }
                Effect::Undo(plan) => self.done(move |engine| commands::undo(engine, &plan)),
                Effect::Erase(plan) => self.done(move |engine| commands::erase(engine, &plan)),
                Effect::DropList(name) => self.done(move |engine| commands::drop_list(engine, &name)),
                Effect::Resubscribe(address) => self.done(move |engine| commands::resubscribe(engine, &address)),
                Effect::Wish(ticket, wish) => {
                    self.ask(Lane::Deed, move |engine| Answer::Wished(ticket, commands::wish(engine, wish)));
                }
                Effect::Folder(ticket, folder) => {
                    self.ask(Lane::Free, move |_| Answer::Folder(ticket, files::folder(&folder)));
                }
                Effect::ImportPreview(ticket, request) => {
                    self.ask(Lane::Free, move |engine| Answer::Previewed(ticket, files::preview(engine, request)));
                }
                Effect::TryImport(ticket, request) => {
                    let (cancel, tell) = self.stoppable(ticket);
                    self.ask(Lane::Free, move |engine| {
                        Answer::Tried(ticket, files::try_import(engine, request, &cancel, tell))
                    });
                }
                Effect::StartImport(ticket, request) => {
                    self.ask(Lane::Deed, move |engine| {
                        Answer::ImportStarted(ticket, files::start_import(engine, request))
                    });
                }
                Effect::ImportAnswer(job) => {
                    self.ask(Lane::Free, move |engine| Answer::Imported(job, engine.import_answer(job).map(Box::new)));
                }
                Effect::Export(ticket, export) => {
                    let (cancel, tell) = self.stoppable(ticket);
                    self.ask(Lane::Deed, move |engine| {
                        Answer::Exported(ticket, files::export(engine, *export, &cancel, tell))
                    });
                }
                Effect::Stop(ticket) => {
                    self.stops.iter().filter(|(known, _)| *known == ticket).for_each(|(_, cancel)| cancel.cancel());
                }
                Effect::Pause(job) => self.deed(move |engine| engine.pause(job)),
                Effect::Resume(job) => self.deed(move |engine| engine.resume(job)),
                Effect::Cancel(job) => self.deed(move |engine| engine.cancel(job)),
                Effect::Jobs => self.ask(Lane::Free, |engine| Answer::Jobs(engine.jobs(JOBS))),
                Effect::Failures(ticket, request) => {
                    self.failures.offer((ticket, request)).into_iter().for_each(|now| self.ask_failures(now));
                }
                Effect::FailedIds(ticket, request) => {
                    self.ask(Lane::Free, move |engine| Answer::FailedIds(ticket, engine.failed_ids(&request)));
                }
                Effect::Who(ticket, job) => {
                    self.ask(Lane::Free, move |engine| Answer::Who(ticket, engine.who_started(job)));
                }
                Effect::Log(ticket) => self.ask(Lane::Free, move |engine| Answer::Log(ticket, engine.log(0, LOG))),
                Effect::Unsubscribers(ticket) => {
                    self.ask(Lane::Free, move |engine| Answer::Unsubscribers(ticket, engine.unsubscribers()));
                }
                Effect::People(ticket, ids) => {
                    self.ask(Lane::Free, move |engine| Answer::People(ticket, engine.contacts(&ids)));
                }
                Effect::Editing(ticket, step) => {
                    let lane = editing::lane(&step);
                    self.ask(lane, move |engine| Answer::Edited(ticket, editing::edit(engine, step)));
                }
                Effect::Protect(ids, on) => {
                    self.ask(Lane::Deed, move |engine| Answer::Changed(editing::protect(engine, &ids, on)));
                }
                Effect::SaveSearch { name, line, note } => self.ask(Lane::Deed, move |engine| {
                    let saved = engine.save_search(&name, &line, &note);
                    Answer::Done(saved.map(|()| format!("Saved as {}.", name.trim())))
                }),
                Effect::DropSearch(name) => self.ask(Lane::Deed, move |engine| {
                    let words = |dropped| if dropped { "is dropped" } else { "was gone already" };
                    Answer::Done(engine.drop_search(&name).map(|dropped| format!("{name} {}.", words(dropped))))
                }),
                Effect::ExportSearches { path, replace } => {
                    self.ask(Lane::Deed, move |engine| {
                        Answer::Done(export_searches(engine, &path, overwrite(replace)))
                    });
                }
                Effect::ImportSearches { path, replace } => {
                    self.ask(Lane::Deed, move |engine| {
                        Answer::Done(import_searches(engine, &path, overwrite(replace)))
                    });
                }
                Effect::Kept => self.ask(Lane::Free, |engine| Answer::Kept(engine.kept())),
                Effect::KeepLine(line) => {
                    self.ask(Lane::Deed, move |engine| Answer::Noted(engine.keep_line(&line)));
                }
                Effect::KeepColumns(text) => {
                    self.ask(Lane::Deed, move |engine| Answer::Noted(engine.keep_columns(&text)));
                }
                Effect::Copy(text) => {
                    let out = self.screen.backend_mut();
                    queue!(out, crossterm::style::Print(format!("\x1b]52;c;{}\x07", BASE64_STANDARD.encode(text))))?;
                    out.flush()?;
                }
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
                    self.search.cancel();
                    self.counts.cancel();
                    self.find.cancel();
                    self.failures.cancel();
                }
            }
        }
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
    fn ask(&mut self, lane: Lane, question: impl FnOnce(&Engine) -> Answer + Send + 'static) {
        self.deeds += usize::from(lane == Lane::Deed);
        let (engine, tell) = (self.engine.clone(), self.tell.clone());
        tokio::task::spawn_blocking(move || {
            // The loop has ended where nobody listens.
            let _ = tell.send(Beside::Answer(lane, question(&engine)));
        });
    }

    /// Does something that has something to say when it is done.
    fn done(&mut self, deed: impl FnOnce(&Engine) -> Result<String, EngineError> + Send + 'static) {
        self.ask(Lane::Deed, move |engine| Answer::Done(deed(engine)));
    }

    fn deed(&mut self, deed: impl FnOnce(&Engine) -> Result<(), EngineError> + Send + 'static) {
        self.ask(Lane::Deed, move |engine| Answer::Done(deed(engine).map(|()| String::new())));
    }

    pub(super) fn ask_search(&mut self, ((ticket, request), cancel): ((Ticket, SearchRequest), Cancel)) {
        self.ask(Lane::Search, move |engine| Answer::Search(ticket, engine.search(&request, &cancel).map(Box::new)));
    }

    pub(super) fn ask_counts(&mut self, ((ticket, request), cancel): ((Ticket, CountRequest), Cancel)) {
        self.ask(Lane::Counts, move |engine| Answer::Counts(ticket, engine.counts(&request, &cancel)));
    }

    pub(super) fn ask_find(&mut self, ((ticket, request), cancel): ((Ticket, FindRequest), Cancel)) {
        self.ask(Lane::Find, move |engine| Answer::Find(ticket, engine.find(&request, &cancel)));
    }

    pub(super) fn ask_failures(&mut self, ((ticket, request), cancel): ((Ticket, FailuresRequest), Cancel)) {
        self.ask(Lane::Failures, move |engine| Answer::Failures(ticket, engine.failures_like(&request, &cancel)));
    }

    pub(super) fn ask_card(&mut self, ((ticket, id, criteria), cancel): ((Ticket, ContactId, Vec<Criteria>), Cancel)) {
        self.ask(Lane::Card, move |engine| Answer::Card(ticket, card(engine, id, &criteria, &cancel)));
    }

    pub(super) fn ask_book(&mut self) {
        self.ask(Lane::Book, |engine| {
            // Asked before it is counted: what is read meanwhile makes the numbers larger, never the claim false.
            let whole = engine.loading().complete;
            Answer::Book(engine.overview().map(|overview| {
                Box::new(Book {
                    name: engine.book_name(),
                    read_only: engine.is_read_only(),
                    overview,
                    whole,
                    vocabulary: engine.vocabulary(),
                    today: engine.today(),
                })
            }))
        });
    }
}

/// A path as people type it: `~/` is the home folder.
fn typed_path(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        (Some(_) | None, _) => PathBuf::from(path),
    }
}

fn overwrite(replace: bool) -> Overwrite {
    if replace { Overwrite::Replace } else { Overwrite::Refuse }
}

fn export_searches(engine: &Engine, path: &str, overwrite: Overwrite) -> Result<String, EngineError> {
    let n = engine.export_searches(&typed_path(path), overwrite)?;
    Ok(format!("{} written to {path}.", searches(n)))
}

fn import_searches(engine: &Engine, path: &str, known: Overwrite) -> Result<String, EngineError> {
    let taken = engine.import_searches(&typed_path(path), known)?;
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

/// A contact, and which of the criteria hold for it: what depends on other contacts only a search tells.
fn card(
    engine: &Engine,
    id: ContactId,
    criteria: &[Criteria],
    cancel: &Cancel,
) -> Result<Option<Box<Card>>, EngineError> {
    let Some(contact) = engine.contact(id)? else { return Ok(None) };
    let only = Some(Arc::new(BTreeSet::from([id])));
    let request = CountRequest { only, each: criteria.to_vec(), ..CountRequest::default() };
    let held = engine.counts(&request, cancel)?.counts.into_iter().map(|n| n > 0).collect();
    Ok(Some(Box::new(Card { contact, held })))
}
