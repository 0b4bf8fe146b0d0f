//! What an action does in the panes.
//!
//! Called by [`super::step`] for keys and by the palette; windows have their own keys.

use crate::domain::contact::JobId;
use crate::domain::display::{contacts, sanitise};
use crate::domain::job::{JobType, Status};
use crate::domain::request::Scope;
use crate::tui::action::Action;
use crate::tui::effect::Effect;

use super::arranging::Arranging;
use super::draft::Draft;
use super::filing::{Filing, Way};
use super::find::Purpose;
use super::finding::{address, copied};
use super::jobs::why_not_undo;
use super::lists::Entry;
use super::modal::{Ask, Deed, Failures, Modal};
use super::picker::{Choice, Entry as Pick, Picker};
use super::sorting::Sorting;
use super::state::{Focus, Model, Stale, Tone};

impl Model {
    /// Does an action in the pane that has the focus.
    pub(super) fn act(&mut self, action: Action, effects: &mut Vec<Effect>) {
        match action {
            Action::FocusNext => self.focus = self.neighbour(Focus::Results, Focus::Jobs, Focus::Lists),
            Action::FocusPrevious => self.focus = self.neighbour(Focus::Jobs, Focus::Lists, Focus::Results),
            Action::FocusLists => self.focus = Focus::Lists,
            Action::FocusSearch | Action::Accept => self.focus = Focus::Results,
            Action::FocusJobs => self.focus = Focus::Jobs,
            Action::QueryLine => self.focus_line(),
            Action::FocusClauses
            | Action::AddClause
            | Action::EditClause
            | Action::RemoveClause
            | Action::Negate
            | Action::Group
            | Action::AndOr
            | Action::ClauseUp
            | Action::ClauseDown
            | Action::SwitchClause
            | Action::UndoEdit
            | Action::RedoEdit => self.act_on_clauses(action),
            Action::Find => self.find(Purpose::Go),
            Action::WhyNot => self.find(Purpose::Why),
            Action::SaveSearch => self.save_search(),
            Action::DropSearch => self.ask_drop_search(),
            Action::Older | Action::Newer => self.browse(action),
            Action::Back => self.back(),
            Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::Top | Action::Bottom => {
                self.travel(action);
                self.extend_range(effects);
            }
            Action::Open => self.open(),
            Action::Mark
            | Action::MarkRange
            | Action::ExtendUp
            | Action::ExtendDown
            | Action::MarkAll
            | Action::Invert
            | Action::ClearMarks
            | Action::Exclude
            | Action::Protect => self.act_on_contacts(action, effects),
            Action::Delete => self.plan_delete(effects),
            Action::UndoLast => match self.jobs.last_undoable().map(|job| job.id) {
                Some(id) => self.ask_undo(id),
                None => self.say(Tone::Refused, "There is no job to undo."),
            },
            Action::UndoJob => match self.jobs.current().map(|job| job.id) {
                Some(id) => self.ask_undo(id),
                None => self.say(Tone::Refused, "There is no job to undo."),
            },
            Action::Sort | Action::Columns | Action::ExportSearches | Action::ImportSearches => {
                self.open_window(action);
            }
            Action::Copy => self.copy(effects),
            Action::PauseJob | Action::ResumeJob | Action::CancelJob => self.steer_job(action, effects),
            Action::Palette => self.modals.push(Modal::Picker(self.palette())),
            Action::Help => self.modals.push(Modal::Help { context: self.focus.context(), scroll: 0 }),
            Action::Quit => {
                if self.jobs.at_work().is_empty() {
                    effects.push(Effect::Quit);
                } else {
                    self.modals.push(Modal::Quit);
                }
            }
            Action::Redraw => {
                // What failed is asked again as well.
                self.stale = Stale::ALL;
                effects.extend([Effect::Redraw, Effect::Book]);
            }
            Action::Suspend => effects.push(Effect::Suspend),
            Action::EditLeft
            | Action::EditRight
            | Action::EditWordLeft
            | Action::EditWordRight
            | Action::EditHome
            | Action::EditEnd
            | Action::EditBackspace
            | Action::EditDelete
            | Action::EditWord
            | Action::EditRest
            | Action::EditClear => {
                if self.focus == Focus::Line && self.search.line.edit(action) {
                    self.line_edited();
                }
            }
            // These belong to windows.
            Action::FindAmong
            | Action::PickOperator
            | Action::PickField
            | Action::Calendar
            | Action::AddSortKey
            | Action::ShowColumn
            | Action::ColumnUp
            | Action::ColumnDown
            | Action::ColumnNarrower
            | Action::ColumnWider
            | Action::ColumnAuto
            | Action::Yes
            | Action::MembersToo
            | Action::LookThrough
            | Action::QuitWait
            | Action::QuitPause
            | Action::QuitCancel => {}
        }
    }

    /// Opens the window of an action that has one and needs nothing else.
    fn open_window(&mut self, action: Action) {
        self.modals.push(match action {
            Action::ExportSearches => Modal::Filing(Filing::new(Way::Out)),
            Action::ImportSearches => Modal::Filing(Filing::new(Way::In)),
            Action::Columns => Modal::Arranging(Box::new(Arranging::new(&self.search.columns, &self.vocabulary))),
            _ => Modal::Sorting(Box::new(Sorting::new(&self.search.sort, &self.vocabulary))),
        });
    }

    /// The pane for a step from Lists, from Search and its card, or from Jobs.
    fn neighbour(&self, lists: Focus, search: Focus, jobs: Focus) -> Focus {
        match self.focus {
            Focus::Lists => lists,
            Focus::Line | Focus::Clauses | Focus::Results | Focus::Card => search,
            Focus::Jobs => jobs,
        }
    }

    /// One step back: out of a range, out of a pane; never out of the program.
    fn back(&mut self) {
        if self.focus != Focus::Results {
            self.focus = Focus::Results;
        } else if let Some(range) = self.search.range.take() {
            self.search.marked = range.base;
        } else if std::mem::take(&mut self.quits_when_done) {
            self.say(Tone::Done, "It stays open.");
        }
    }

    fn travel(&mut self, action: Action) {
        if self.focus == Focus::Clauses {
            return self.travel_clauses(action);
        }
        let at_top = action == Action::Up && self.focus == Focus::Results && self.search.cursor == 0;
        if at_top && self.search.range.is_none() && !self.search.rows.is_empty() {
            self.search.clause = self.search.rows.len() - 1;
            self.focus = Focus::Clauses;
            return;
        }
        let (at, last, page) = match self.focus {
            Focus::Lists => (self.lists.cursor, usize::MAX, self.search.height),
            Focus::Line | Focus::Clauses | Focus::Results => {
                (self.search.cursor, self.search.matches(), self.search.height)
            }
            Focus::Card => (self.card.scroll, 200, self.search.height),
            Focus::Jobs => (self.jobs.cursor, self.jobs.jobs.len().saturating_sub(1), 5),
        };
        let to = match action {
            Action::Up => at.saturating_sub(1),
            Action::Down => at + 1,
            Action::PageUp => at.saturating_sub(page.max(1)),
            Action::PageDown => at + page.max(1),
            Action::Top => 0,
            Action::Bottom => last,
            _ => at,
        };
        match self.focus {
            Focus::Lists => self.lists.move_to(to),
            Focus::Line | Focus::Clauses | Focus::Results => self.search.move_to(to),
            Focus::Card => self.card.scroll = to.min(last),
            Focus::Jobs => self.jobs.cursor = to.min(last),
        }
    }

    fn open(&mut self) {
        match self.focus {
            Focus::Lists => {
                let Some(entry) = self.lists.current() else { return };
                if let Some(scope) = entry.scope() {
                    self.search.scope = scope;
                } else {
                    self.search.scope = Scope::Book;
                    self.search.remember();
                    self.search.history.changed();
                    self.search.draft = Draft::default();
                    match &entry {
                        Entry::Search(search) => {
                            self.search.line.set(&search.line);
                            if !search.note.is_empty() {
                                self.say(Tone::Done, format!("{}: {}", search.name, search.note));
                            }
                        }
                        _ => self.search.line.set("is:unsubscribed"),
                    }
                    self.line_changed();
                }
                self.search.rewind();
                self.focus = Focus::Results;
            }
            Focus::Line => self.focus = Focus::Results,
            Focus::Clauses => self.act_on_clauses(Action::EditClause),
            Focus::Results => {
                if self.search.current().is_some() {
                    self.focus = Focus::Card;
                }
            }
            Focus::Card => {}
            Focus::Jobs => self.open_failures(),
        }
    }

    fn open_failures(&mut self) {
        let Some(job) = self.jobs.current() else { return };
        let (id, total) = (job.id, job.progress.failed_total());
        if total == 0 {
            self.say(Tone::Done, format!("Job #{id} has no failures."));
            return;
        }
        let total = usize::try_from(total).unwrap_or(usize::MAX);
        self.modals.push(Modal::Failures(Failures {
            job: id,
            total,
            top: 0,
            offset: 0,
            rows: Vec::new(),
            span: 0,
            waiting: None,
        }));
    }

    fn ask_undo(&mut self, id: JobId) {
        let Some(job) = self.jobs.job(id) else { return };
        if let Some(why) = why_not_undo(job) {
            self.say(Tone::Refused, format!("Job #{id} can't be undone: {why}."));
            return;
        }
        let n = job.progress.succeeded;
        let what = match job.kind {
            JobType::Import => format!("Takes the {} that it added out again.", contacts(n)),
            JobType::Delete | JobType::Undo | JobType::Erase => {
                format!("Brings {} back: the same lists, labels, members and notes.", contacts(n))
            }
        };
        let words = if job.words.is_empty() { job.criteria.clone() } else { job.words.clone() };
        self.modals.push(Modal::Ask(Ask {
            title: format!("Undo job #{id}?"),
            lines: vec![words, what],
            no: "leave it as it is",
            yes: "undo it",
            deed: Deed::Undo(id),
            seen: false,
        }));
    }

    fn steer_job(&mut self, action: Action, effects: &mut Vec<Effect>) {
        let Some(job) = self.jobs.current() else {
            self.say(Tone::Refused, "There is no job.");
            return;
        };
        let (id, status) = (job.id, job.status);
        let (may, what) = match action {
            Action::PauseJob => (matches!(status, Status::Queued | Status::Running), "paused"),
            Action::ResumeJob => (matches!(status, Status::Paused | Status::Interrupted), "resumed"),
            _ => (!status.is_over(), "cancelled"),
        };
        if !may {
            let status = super::jobs::status_words(job);
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
                self.modals.push(Modal::Ask(Ask {
                    title: format!("Cancel job #{id} for good?"),
                    lines,
                    no: "let it go on",
                    yes: "cancel it",
                    deed: Deed::Cancel(id),
                    seen: false,
                }));
            }
        }
    }

    fn palette(&self) -> Picker {
        let entries = self
            .keymap
            .commands()
            .into_iter()
            .map(|command| Pick {
                label: command.action.name().to_owned(),
                note: command.action.help().to_owned(),
                keys: command.keys,
                choice: Choice::Command(command.action),
            })
            .collect();
        Picker::new("Commands", entries, 0)
    }

    fn copy(&mut self, effects: &mut Vec<Effect>) {
        if self.focus == Focus::Results && !self.search.marked.is_empty() {
            return self.copy_marked(effects);
        }
        let text = match self.focus {
            Focus::Jobs => self.jobs.current().map(|job| job.criteria.clone()),
            Focus::Lists => self.lists.current().map(|entry| entry.name()),
            Focus::Line | Focus::Clauses => Some(self.search.line.text().to_owned()),
            Focus::Card => self.card.contact.as_ref().map(copied),
            Focus::Results => self.search.current().map(|row| {
                let cell = |at: usize| row.cells.get(at).map_or("", String::as_str);
                address(cell(0), cell(1))
            }),
        };
        // What is pasted into a shell acts there: only what can be seen is copied.
        match text.map(|text| sanitise(&text).into_owned()).filter(|text| !text.is_empty()) {
            Some(text) => {
                self.say(Tone::Done, format!("Copied {text}"));
                effects.push(Effect::Copy(text));
            }
            None => self.say(Tone::Refused, "There is nothing here to copy."),
        }
    }
}
