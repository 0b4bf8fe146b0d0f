//! Bringing contacts back: what is meant, what would come back, what clashes, the question.
//!
//! What clashes is shown and decided, never guessed. What would be erased is asked for here as well; the question
//! before it is in [`crate::tui::windows::erase`].

use crate::domain::contact::{ContactId, JobId};
use crate::domain::criteria::describe::sentence;
use crate::domain::display::contacts;
use crate::domain::job::JobType;
use crate::domain::query::Scope;
use crate::engine::EngineError;
use crate::tui::app::effect::Effect;
use crate::tui::app::event::{Returning, Ticket};
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
        self.show(Waiting { ticket, awaited: Awaited::TrashPlan(what) });
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
        self.show(Waiting { ticket, awaited: Awaited::TrashPlan(what) });
        effects.push(Effect::UndoPlan(ticket, id));
    }

    /// Puts what would come back before the user, if it is still wanted.
    pub(in crate::tui) fn returning(&mut self, ticket: Ticket, answer: Result<Returning, EngineError>) {
        let Some(Awaited::TrashPlan(what)) = self.take_awaited(ticket) else { return };
        let mut back = match answer {
            Ok(back) => back,
            Err(error) => {
                self.show(Message::of("It can't be brought back; nothing was changed", &error));
                return;
            }
        };
        if matches!(what, TrashDeed::UndoMarked(_)) {
            back.items.retain(|id| self.search.marked.contains(id));
            back.clashes.retain(|clash| self.search.marked.contains(&clash.contact));
        }
        if back.items.is_empty() {
            let words = match what {
                TrashDeed::Undo(id) => format!("Nothing of job #{id} is left to bring back."),
                TrashDeed::UndoMarked(id) => format!("None of the marked contacts can be brought back from job #{id}."),
                TrashDeed::Restore(Chosen::Marked) => "None of the marked contacts is in the trash.".to_owned(),
                TrashDeed::Restore(_) | TrashDeed::Erase(_) => "There is nothing here to bring back.".to_owned(),
            };
            self.say(Tone::Refused, words);
            return;
        }
        let Returning { items, clashes } = back;
        if clashes.is_empty() {
            self.ask_return(what, items);
        } else {
            self.show(Clashes { what, items, clashes, top: 0, seen: false });
        }
    }

    fn ask_return(&mut self, what: TrashDeed, items: Vec<ContactId>) {
        let n = items.len() as u64;
        let same = "the same numbers, lists, labels, members and notes.";
        let back = if n == 1 {
            format!("It comes back as it was: {same}")
        } else {
            format!("They come back as they were: {same}")
        };
        let (title, first, yes, deed) = match what {
            TrashDeed::Undo(id) => {
                let job = self.jobs.job(id);
                let kind = job.map_or(JobType::Delete, |job| job.kind);
                let asked = job.map(|job| if job.words.is_empty() { &job.criteria } else { &job.words });
                let what = match kind {
                    JobType::Import => {
                        format!("The {} that it added and that may go goes to the trash.", contacts(n))
                    }
                    // Of the undos only those that made an edit again can be undone.
                    JobType::Edit | JobType::Undo => format!("Gives {} back as before the edit.", contacts(n)),
                    JobType::Delete | JobType::Erase => {
                        format!("Brings {} back: the same lists, labels, members and notes.", contacts(n))
                    }
                };
                let ask = (asked.cloned().unwrap_or_default(), what);
                self.show(Ask {
                    title: format!("Undo job #{id}?"),
                    lines: vec![ask.0, ask.1],
                    no: "leave it as it is",
                    yes: "undo it",
                    deed: Deed::Undo(id),
                    seen: false,
                });
                return;
            }
            TrashDeed::UndoMarked(id) => (
                format!("Undo job #{id} for {}?", contacts(n)),
                self.not_all_marked(n),
                "bring them back",
                Deed::UndoPart(id, items),
            ),
            TrashDeed::Restore(chosen) | TrashDeed::Erase(chosen) => {
                let first = match chosen {
                    Chosen::Marked => self.not_all_marked(n),
                    Chosen::Matches => {
                        let criteria = self.search.criteria();
                        criteria.map(|criteria| sentence(criteria, &self.today)).unwrap_or_default()
                    }
                    Chosen::All => "All of the trash.".to_owned(),
                };
                (format!("Restore {}?", contacts(n)), first, "bring back", Deed::Restore(items))
            }
        };
        let lines = [first, back].into_iter().filter(|line| !line.is_empty()).collect();
        self.show(Ask { title, lines, no: "leave it as it is", yes, deed, seen: false });
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
        let items = match clashes.press(action, page) {
            Verdict::Open => return self.modals.push(Modal::Clashes(clashes)),
            Verdict::Close => return self.say(Tone::Done, "Nothing was brought back."),
            Verdict::Do(ClashDeed::LeaveClashing) => clashes.without(),
            Verdict::Do(ClashDeed::RestoreAll) => {
                if let TrashDeed::Undo(id) = clashes.what {
                    effects.push(Effect::UndoAnyway(id));
                    return;
                }
                clashes.items
            }
        };
        match clashes.what {
            TrashDeed::Undo(id) => effects.push(Effect::UndoPart(id, items)),
            TrashDeed::UndoMarked(id) => {
                self.spend_marks();
                effects.push(Effect::UndoPart(id, items));
            }
            TrashDeed::Restore(_) | TrashDeed::Erase(_) => {
                self.spend_marks();
                effects.push(Effect::Restore(items));
            }
        }
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
