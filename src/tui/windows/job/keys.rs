//! What the keys of the Jobs pane and of a job's window do: steering, retrying, undoing, and what is made
//! of a job's failures.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::contact::{ContactId, JobId};
use crate::domain::display::{contacts, sanitise, thousands};
use crate::domain::job::{JobType, Status};
use crate::engine::EngineError;
use crate::engine::answer::FailurePage;
use crate::engine::error::ErrorKind;
use crate::tui::app::effect::Effect;
use crate::tui::app::event::Ticket;
use crate::tui::app::model::{Focus, Model, Tone};
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::panes::jobs::status_words;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::windows::Modal;
use crate::tui::windows::ask::{Ask, Deed};
use crate::tui::windows::confirm::Target;
use crate::tui::windows::find::Purpose;
use crate::tui::windows::find::keys::address;
use crate::tui::windows::job::{FailedFor, JobWindow};
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::prompt::{Prompt, Typed};
use crate::tui::windows::waiting::{Awaited, Waiting};

/// The most contacts that are made criteria: a line that can still be read. More can be marked.
const MOST_NAMED: usize = 500;

impl Keys for JobWindow {
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        model.job_key(self, press.key, press.action, effects);
    }

    fn on_paste(&mut self, text: &str, _: &Model) {
        if self.typing {
            self.text.paste(text);
            self.rewind();
        }
    }

    fn asks(&mut self, model: &Model, ticket: Ticket) -> Option<Effect> {
        let rows = model.job_rows(self);
        let request = self.wants(model.jobs.job(self.job)?, rows)?;
        self.waiting = Some((ticket, request.clone()));
        Some(Effect::Failures(ticket, request))
    }
}

impl Model {
    /// Opens the window of the job under the cursor.
    pub(in crate::tui) fn open_job(&mut self, effects: &mut Vec<Effect>) {
        let Some(id) = self.jobs.current().map(|job| job.id) else { return };
        let ticket = self.ticket();
        let mut window = JobWindow::new(id);
        window.asked_who = Some(ticket);
        effects.push(Effect::Who(ticket, id));
        self.show(window);
    }

    /// Does something with a job.
    pub(in crate::tui) fn act_on_job(&mut self, action: Action, id: Option<JobId>, effects: &mut Vec<Effect>) {
        let Some(job) = id.and_then(|id| self.jobs.job(id)) else {
            self.say(Tone::Refused, "There is no job.");
            return;
        };
        let (id, kind, over) = (job.id, job.kind, job.status.is_over());
        match action {
            Action::RetryJob if kind != JobType::Delete => {
                self.say(Tone::Refused, format!("Job #{id} is no delete, so there is nothing to retry."));
            }
            Action::RetryJob if !over => self.say(Tone::Refused, format!("Job #{id} isn't over yet.")),
            Action::RetryJob if job.progress.failed_total() == 0 => {
                self.say(Tone::Refused, format!("Nothing of job #{id} failed."));
            }
            Action::RetryJob => {
                let ticket = self.ticket();
                self.show(Waiting::new(ticket, Awaited::DeletePlan(Target::Retry(id), None)));
                effects.push(Effect::RetryPlan(ticket, id));
            }
            Action::RedoJob if kind != JobType::Undo || job.undoes.is_none() => {
                self.say(Tone::Refused, format!("Job #{id} isn't the undo of a job, so there is nothing to redo."));
            }
            Action::RedoJob if job.undone_by.is_some() => {
                self.say(Tone::Refused, format!("Job #{id} was redone already."));
            }
            Action::RedoJob if self.jobs.is_redo(job) => {
                self.say(Tone::Refused, format!("Job #{id} made the edit again already; undo it to take it back."));
            }
            Action::RedoJob if job.undoes_edit => self.plan_redo_edit(id, effects),
            Action::RedoJob => {
                let ticket = self.ticket();
                self.show(Waiting::new(ticket, Awaited::DeletePlan(Target::Redo(id), None)));
                effects.push(Effect::RedoPlan(ticket, id));
            }
            Action::ReportJob => {
                let title = format!("Write the report of job #{id}");
                let words = "What became of every contact: CSV, or JSON where the name ends in .json.";
                let prompt = Prompt::new(title, words, "file", Typed::Report(id));
                self.show(prompt.with(&format!("job-{id}.csv")));
            }
            Action::ShowImported if kind != JobType::Import => {
                self.say(Tone::Refused, format!("Job #{id} is no import."));
            }
            Action::ShowImported => self.show_imported(Some(id)),
            Action::UndoJob => self.plan_undo(id, effects),
            Action::UndoMarked => self.plan_undo_marked(id, effects),
            _ => self.steer_job(action, id, effects),
        }
    }

    /// Pauses, resumes or cancels a job.
    fn steer_job(&mut self, action: Action, id: JobId, effects: &mut Vec<Effect>) {
        let Some(job) = self.jobs.job(id) else { return };
        let status = job.status;
        let (may, what) = match action {
            Action::PauseJob => (matches!(status, Status::Queued | Status::Running), "paused"),
            Action::ResumeJob => (matches!(status, Status::Paused | Status::Interrupted), "resumed"),
            _ => (!status.is_over(), "cancelled"),
        };
        if !may {
            let status = status_words(job);
            self.say(Tone::Refused, format!("Job #{id} is {status}; it can't be {what}."));
            return;
        }
        match action {
            Action::PauseJob => effects.push(Effect::Pause(id)),
            Action::ResumeJob => effects.push(Effect::Resume(id)),
            _ => {
                let progress = &job.progress;
                let lines = vec![
                    format!("{} done so far stay done; undo brings them back.", contacts(progress.succeeded)),
                    format!("{} not reached are left untouched.", contacts(progress.not_reached())),
                ];
                self.show(Ask {
                    title: format!("Cancel job #{id} for good?"),
                    lines,
                    no: "let it go on",
                    yes: "cancel it",
                    deed: Deed::Cancel(id),
                    seen: false,
                });
            }
        }
    }

    /// Gives a key to a job's window.
    fn job_key(&mut self, mut window: Box<JobWindow>, key: Key, action: Option<Action>, effects: &mut Vec<Effect>) {
        let rows = self.job_rows(&window);
        let job = window.job;
        match action {
            Some(action @ (Action::Up | Action::Down | Action::PageUp | Action::PageDown)) => {
                window.move_to(moved(action, window.cursor, rows, usize::MAX), rows);
            }
            Some(Action::Back) if window.typing || !window.text.text().is_empty() => {
                // The first step back gives the filter up, the next one leaves.
                window.typing = false;
                window.text.set("");
                window.rewind();
            }
            Some(Action::Accept) if window.typing => window.typing = false,
            edit if window.typing => window.edit(key, edit),
            Some(Action::Back) => return,
            Some(Action::Top) => window.move_to(0, rows),
            Some(Action::Bottom) => window.move_to(usize::MAX, rows),
            Some(Action::Filter) => window.typing = true,
            Some(action @ (Action::NextReason | Action::PreviousReason)) => {
                if let Some(job) = self.jobs.job(job) {
                    window.next_reason(job, action == Action::PreviousReason);
                }
            }
            Some(Action::Open) => match window.failure(window.cursor).map(|failure| failure.contact) {
                Some(Some(id)) => {
                    self.seek(id, Purpose::Go, effects);
                    return;
                }
                Some(None) => self.say(Tone::Refused, "That row never became a contact."),
                None => {}
            },
            Some(action @ (Action::MarkFailed | Action::MakeCriteria)) => {
                if window.total() == 0 {
                    self.say(Tone::Refused, "Nothing failed here.");
                } else {
                    let purpose = if action == Action::MarkFailed { FailedFor::Mark } else { FailedFor::Criteria };
                    let ticket = self.ticket();
                    self.failed = Some((ticket, purpose));
                    effects.push(Effect::FailedIds(ticket, window.all()));
                }
            }
            Some(Action::Copy) => {
                let line = window.failure(window.cursor).map(|failure| address(&failure.name, ""));
                if let Some(line) = line.map(|line| sanitise(&line).into_owned()) {
                    effects.push(Effect::Copy(line.clone(), line));
                }
            }
            Some(action) => {
                self.modals.push(Modal::Job(window));
                self.act_on_job(action, Some(job), effects);
                return;
            }
            None => {}
        }
        self.modals.push(Modal::Job(window));
    }

    /// Takes a page of a job's failures.
    pub(in crate::tui) fn take_failures(&mut self, ticket: Ticket, answer: Result<FailurePage, EngineError>) {
        let Some(Modal::Job(window)) = self.modals.last_mut() else { return };
        match answer {
            Ok(page) => window.take(ticket, page),
            Err(error) => {
                let wanted = window.waiting.as_ref().is_some_and(|(asked, _)| *asked == ticket);
                // It isn't asked again by itself: the message could never be left.
                window.take(ticket, FailurePage::default());
                // A question that gave way to a newer one has no answer to show.
                if wanted && error.kind() != ErrorKind::Cancelled {
                    self.trouble_with("The job's failures can't be read", &error);
                }
            }
        }
    }

    /// Takes the contacts of a job's failures for what they were asked for.
    pub(in crate::tui) fn take_failed(&mut self, ticket: Ticket, answer: Result<Vec<ContactId>, EngineError>) {
        let Some((_, purpose)) = self.failed.take_if(|(asked, _)| *asked == ticket) else { return };
        let ids = match answer {
            Ok(ids) => ids,
            Err(error) => return self.trouble_with("The job's failures can't be read", &error),
        };
        let n = ids.len() as u64;
        match purpose {
            _ if ids.is_empty() => self.say(Tone::Refused, "No contact is among them."),
            FailedFor::Criteria if ids.len() > MOST_NAMED => {
                let (n, most) = (thousands(n), thousands(MOST_NAMED as u64));
                let key = self.keymap.key(Layer::Job, Action::MarkFailed).unwrap_or_default();
                self.say(
                    Tone::Refused,
                    format!("A line names {most} contacts at most, these are {n}; {key} marks them."),
                );
            }
            FailedFor::Criteria => {
                let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
                self.close_job();
                let line =
                    if let [one] = ids.as_slice() { format!("id:{one}") } else { format!("id:({})", ids.join(", ")) };
                self.search_for(&line);
                self.say(Tone::Done, format!("{} are the criteria now.", contacts(n)));
            }
            FailedFor::Mark => {
                let mut marked = BTreeSet::clone(&self.search.marked);
                marked.extend(ids);
                self.search.marked = Arc::new(marked);
                self.close_job();
                self.focus = Focus::Results;
                self.say(Tone::Done, format!("{} marked.", thousands(self.search.marked.len() as u64)));
            }
        }
    }

    fn close_job(&mut self) {
        self.modals.retain(|modal| !matches!(modal, Modal::Job(_)));
    }

    /// Rows of failures in a job's window.
    pub fn job_rows(&self, window: &JobWindow) -> usize {
        let reasons = self.jobs.job(window.job).map_or(0, JobWindow::reasons);
        // Two borders and the rows around it; a head of five, three rules, the filter, the keys.
        usize::from(self.size.1.saturating_sub(16)).saturating_sub(reasons).max(1)
    }

    /// Takes who started the job.
    pub(in crate::tui) fn take_who(&mut self, ticket: Ticket, answer: Result<String, EngineError>) {
        if let (Some(Modal::Job(window)), Ok(who)) = (self.modals.last_mut(), answer)
            && window.asked_who == Some(ticket)
        {
            window.who = Some(who);
        }
    }
}
