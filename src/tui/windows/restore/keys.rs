//! Bringing contacts back: what is meant, what would come back, what clashes, the question.
//!
//! What clashes is shown and decided, never guessed. What would be erased is asked for here as well; the question
//! before it is in [`crate::tui::windows::erase`].

use crate::domain::contact::{ContactId, JobId};
use crate::domain::criteria::describe::sentence;
use crate::domain::display::contacts;
use crate::domain::plans::UndoPlan;
use crate::domain::query::Scope;
use crate::engine::EngineError;
use crate::tui::app::effect::Effect;
use crate::tui::app::event::Ticket;
use crate::tui::app::model::{Focus, Model, Spending, Tone};
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::panes::search::query_line::Query;
use crate::tui::windows::Modal;
use crate::tui::windows::ask::{Ask, Deed};
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::message::Message;
use crate::tui::windows::restore::{Chosen, ClashDeed, Clashes, TrashDeed};
use crate::tui::windows::verdict::Verdict;
use crate::tui::windows::waiting::{Awaited, Waiting};

impl Keys for Clashes {
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        model.clashes_key(self, press.action, effects);
    }
}

impl Model {
    /// Whether the trash is looked at.
    pub fn in_trash(&self) -> bool {
        self.search.scope == Scope::Trash
    }

    /// Says what the trash is for instead of deleting.
    pub(in crate::tui) fn explain_trash(&mut self) {
        let key = |action: Action| self.keymap.key(Layer::Trash, action).unwrap_or_default();
        let words = format!(
            "These are deleted already: {} restores them, {} erases them for good.",
            key(Action::Restore),
            key(Action::Erase)
        );
        self.say(Tone::Refused, words);
    }

    /// Asks what of the trash would come back, or be erased: what is marked, else what matches.
    pub(in crate::tui) fn act_on_trash(&mut self, action: Action, effects: &mut Vec<Effect>) {
        if !self.in_trash() {
            self.say(Tone::Refused, "That is for what is in the trash; open Trash in the lists first.");
            return;
        }
        if self.ids.is_some() {
            self.say(Tone::Refused, "Still marking; press it again in a moment.");
            return;
        }
        let chosen = match &self.search.query {
            _ if !self.search.marked.is_empty() => Chosen::Marked,
            Query::Good(_) => Chosen::Matches,
            Query::Empty if action == Action::Erase => {
                self.focus = Focus::Line;
                self.say(
                    Tone::Refused,
                    "Nothing says what to erase. Mark some, or write criteria, or all for every one.",
                );
                return;
            }
            Query::Empty => Chosen::All,
            Query::Bad(_) => {
                self.focus = Focus::Line;
                self.say(Tone::Refused, "The query line has an error; nothing was planned.");
                return;
            }
        };
        if chosen != Chosen::Marked && self.search.matches() == 0 {
            self.say(Tone::Refused, "There is nothing here.");
            return;
        }
        self.search.range = None;
        let (ticket, request) = (self.ticket(), self.search.request_all());
        let what = if action == Action::Erase {
            effects.push(Effect::ErasePlan(ticket, request));
            TrashDeed::Erase(chosen)
        } else {
            effects.push(Effect::RestorePlan(ticket, request));
            TrashDeed::Restore(chosen)
        };
        self.show(Waiting::new(ticket, Awaited::TrashPlan(what)));
    }

    /// Asks what an undo of this job would bring back.
    pub(in crate::tui) fn plan_undo(&mut self, id: JobId, effects: &mut Vec<Effect>) {
        self.look_up_undo(id, TrashDeed::Undo(id), effects);
    }

    /// The same for the marked contacts alone.
    pub(in crate::tui) fn plan_undo_marked(&mut self, id: JobId, effects: &mut Vec<Effect>) {
        if self.search.marked.is_empty() {
            self.say(Tone::Refused, "No contact is marked: mark those to bring back in the trash, or undo all of it.");
            return;
        }
        self.look_up_undo(id, TrashDeed::UndoMarked(id), effects);
    }

    fn look_up_undo(&mut self, id: JobId, what: TrashDeed, effects: &mut Vec<Effect>) {
        let Some(job) = self.jobs.job(id) else { return };
        if let Some(why) = self.jobs.why_not_undo(job) {
            self.say(Tone::Refused, format!("Job #{id} can't be undone: {why}."));
            return;
        }
        let ticket = self.ticket();
        self.show(Waiting::new(ticket, Awaited::TrashPlan(what)));
        effects.push(Effect::UndoPlan(ticket, id));
    }

    /// Asks what of an edit would be made again that this job took back.
    pub(in crate::tui) fn plan_redo_edit(&mut self, undo: JobId, effects: &mut Vec<Effect>) {
        let ticket = self.ticket();
        self.show(Waiting::new(ticket, Awaited::TrashPlan(TrashDeed::Redo(undo))));
        effects.push(Effect::UndoPlan(ticket, undo));
    }

    /// Puts what comes back before the user, if it is still wanted.
    pub(in crate::tui) fn undo_planned(&mut self, ticket: Ticket, answer: Result<Box<UndoPlan>, EngineError>) {
        let Some(Awaited::TrashPlan(what)) = self.take_awaited(ticket) else { return };
        let mut plan = match answer {
            Ok(plan) => plan,
            Err(error) => {
                self.show(Message::of("It can't be brought back; nothing was changed", &error));
                return;
            }
        };
        if matches!(what, TrashDeed::UndoMarked(_)) {
            let marked = self.search.marked.iter().copied().collect();
            *plan = plan.only(&marked);
        }
        if plan.with_clashes() == 0 {
            let words = match what {
                TrashDeed::Undo(id) => format!("Nothing of job #{id} is left to bring back."),
                TrashDeed::Redo(id) => format!("Nothing that job #{id} took back is left to do again."),
                TrashDeed::UndoMarked(id) => format!("None of the marked contacts can be brought back from job #{id}."),
                TrashDeed::Restore(Chosen::Marked) => "None of the marked contacts is in the trash.".to_owned(),
                TrashDeed::Restore(_) | TrashDeed::Erase(_) => "There is nothing here to bring back.".to_owned(),
            };
            self.say(Tone::Refused, words);
        } else if plan.clashes.is_empty() {
            self.ask_return(what, plan);
        } else {
            self.show(Clashes { what, plan, top: 0, seen: false });
        }
    }

    fn ask_return(&mut self, what: TrashDeed, plan: Box<UndoPlan>) {
        let n = contacts(plan.will_return());
        let asked = |id| {
            let job = self.jobs.job(id).map(|job| if job.words.is_empty() { &job.criteria } else { &job.words });
            job.cloned().unwrap_or_default()
        };
        let (title, first, yes) = match what {
            TrashDeed::Undo(id) => (format!("Undo job #{id}?"), asked(id), "undo it"),
            TrashDeed::Redo(id) => {
                let of = plan.undoes.and_then(|_| self.jobs.job(id)).and_then(|job| job.undoes).unwrap_or(id);
                ("Redo the edit?".to_owned(), asked(of), "redo it")
            }
            TrashDeed::UndoMarked(id) => {
                (format!("Undo job #{id} for {n}?"), self.not_all_marked(plan.will_return()), "bring them back")
            }
            TrashDeed::Restore(chosen) | TrashDeed::Erase(chosen) => {
                let first = match chosen {
                    Chosen::Marked => self.not_all_marked(plan.will_return()),
                    Chosen::Matches => {
                        let criteria = self.search.criteria();
                        criteria.map(|criteria| sentence(criteria, &self.today)).unwrap_or_default()
                    }
                    Chosen::All => "All of the trash.".to_owned(),
                };
                (format!("Restore {n}?"), first, "bring back")
            }
        };
        let mut lines = vec![first];
        lines.extend(plan.sentences());
        lines.retain(|line| !line.is_empty());
        let no = "leave it as it is";
        self.show(Ask { title, lines, no, yes, deed: Deed::Undo(what, plan), seen: false });
    }

    /// Says where not all of the marked ones are meant.
    fn not_all_marked(&self, n: u64) -> String {
        let marked = self.search.marked.len() as u64;
        let others = marked.saturating_sub(n);
        match others {
            0 => "The marked ones.".to_owned(),
            1 => "Of the marked ones; 1 isn't part of it and is left alone.".to_owned(),
            others => format!("Of the marked ones; {others} aren't part of it and are left alone."),
        }
    }

    /// Does what was decided about clashes.
    fn clashes_key(&mut self, mut clashes: Box<Clashes>, action: Option<Action>, effects: &mut Vec<Effect>) {
        let page = self.clash_rows();
        let decided = match clashes.press(action, page) {
            Verdict::Open => return self.modals.push(Modal::Clashes(clashes)),
            Verdict::Close => return self.say(Tone::Done, "Nothing was brought back."),
            Verdict::Do(ClashDeed::LeaveClashing) => clashes.plan.leaving_clashes(),
            Verdict::Do(ClashDeed::RestoreAll) => clashes.plan.accepting_clashes(),
        };
        self.start_undo(clashes.what, Box::new(decided), effects);
    }

    /// Starts what was shown and confirmed; marks that it was asked for are spent.
    pub(in crate::tui) fn start_undo(&mut self, what: TrashDeed, plan: Box<UndoPlan>, effects: &mut Vec<Effect>) {
        match what {
            TrashDeed::Undo(_) | TrashDeed::Redo(_) => {}
            TrashDeed::UndoMarked(_) | TrashDeed::Restore(_) | TrashDeed::Erase(_) => self.spend_marks(),
        }
        effects.push(Effect::Undo(plan));
    }

    /// Has the marks taken off once what they were meant for is done.
    pub(in crate::tui) fn spend_marks(&mut self) {
        self.spending = Some(Spending::Deed);
    }

    /// Asks who deleted the contacts that are on the screen.
    pub(in crate::tui) fn settle_trash(&mut self, effects: &mut Vec<Effect>) {
        if !self.in_trash() {
            return;
        }
        let search = &self.search;
        let on_screen = search.top..search.top + search.height;
        let mut shown: Vec<ContactId> = on_screen.filter_map(|at| search.row(at).map(|row| row.id)).collect();
        shown.extend(self.card.pinned);
        if self.trash.wants(&shown) {
            let ticket = self.ticket();
            self.trash.asked(ticket, shown.clone());
            effects.push(Effect::Trashed(ticket, shown));
        }
    }

    /// Rows of the window that shows what clashes.
    pub fn clash_rows(&self) -> usize {
        usize::from(self.size.1.saturating_sub(14)).clamp(1, 16)
    }
}
