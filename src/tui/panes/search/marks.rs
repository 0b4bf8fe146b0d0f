//! Marking, excluding and protecting contacts.
//!
//! Marks are ids, whether the search shows them or not; what isn't on the page is asked for.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::contact::ContactId;
use crate::domain::display::{contacts, thousands};
use crate::domain::query::Scope;
use crate::tui::app::effect::Effect;
use crate::tui::app::model::{IdsFor, Model, Tone};
use crate::tui::input::action::Action;
use crate::tui::panes::search::MarkRange;

impl Model {
    /// Does an action on the contacts of the Search pane.
    pub(in crate::tui) fn act_on_contacts(&mut self, action: Action, effects: &mut Vec<Effect>) {
        let current = self.meant();
        if current.is_none() && !matches!(action, Action::ClearMarks | Action::MarkAll | Action::Invert) {
            self.say(Tone::Refused, "There is no contact under the cursor.");
            return;
        }
        // Either of the two ends a range that is being marked.
        if matches!(action, Action::Mark | Action::MarkRange) && self.search.range.take().is_some() {
            return;
        }
        match (action, current) {
            (Action::Mark, Some(id)) => {
                self.search.toggle_mark(id);
                self.search.move_to(self.search.cursor + 1);
            }
            (Action::MarkRange, _) => {
                self.begin_range();
                self.extend_range(effects);
            }
            (Action::ExtendUp | Action::ExtendDown, _) => {
                if self.search.range.is_none() {
                    self.begin_range();
                }
                let at = self.search.cursor;
                self.search.move_to(if action == Action::ExtendUp { at.saturating_sub(1) } else { at + 1 });
                self.extend_range(effects);
            }
            (Action::MarkAll, _) => self.ask_ids(IdsFor::MarkAll, effects),
            (Action::Invert, _) => self.ask_ids(IdsFor::Invert, effects),
            (Action::ClearMarks, _) => {
                self.search.marked = Arc::default();
                self.search.range = None;
            }
            (Action::Exclude, Some(id)) => {
                if self.search.scope == Scope::Trash {
                    self.say(Tone::Refused, "What is in the trash isn't deleted again.");
                    return;
                }
                self.search.toggle_excluded(id);
                if self.card.pinned.is_none() {
                    self.search.move_to(self.search.cursor + 1);
                }
            }
            (Action::Protect, Some(id)) => self.protect(id, effects),
            _ => {}
        }
    }

    fn begin_range(&mut self) {
        let base = Arc::clone(&self.search.marked);
        self.search.range = Some(MarkRange { anchor: self.search.cursor, base });
    }

    /// Marks a range as far as the cursor has come; what isn't on the page is asked for.
    pub(in crate::tui) fn extend_range(&mut self, effects: &mut Vec<Effect>) {
        if self.search.mark_range() {
            if matches!(self.ids, Some((_, IdsFor::Range(..)))) {
                self.ids = None;
            }
        } else if let Some((from, to)) = self.search.range_rows() {
            self.ask_ids(IdsFor::Range(from, to), effects);
        }
    }

    fn ask_ids(&mut self, purpose: IdsFor, effects: &mut Vec<Effect>) {
        let ticket = self.ticket();
        self.ids = Some((ticket, purpose));
        effects.push(Effect::Ids(ticket, self.search.request_all()));
    }

    /// Takes the ids of all matches for what they were asked for.
    pub(in crate::tui) fn take_ids(&mut self, purpose: IdsFor, ids: Vec<ContactId>) {
        let before = self.search.marked.len();
        match purpose {
            IdsFor::MarkAll => {
                let mut marked = BTreeSet::clone(&self.search.marked);
                marked.extend(ids.into_iter().filter(|id| !self.search.excluded.contains(id)));
                self.search.marked = Arc::new(marked);
            }
            IdsFor::Invert => {
                let mut marked = BTreeSet::clone(&self.search.marked);
                for id in ids {
                    if !marked.remove(&id) && !self.search.excluded.contains(&id) {
                        marked.insert(id);
                    }
                }
                self.search.marked = Arc::new(marked);
            }
            IdsFor::Range(from, to) => {
                let Some(range) = &self.search.range else { return };
                let mut marked = BTreeSet::clone(&range.base);
                marked.extend(ids.into_iter().skip(from).take(to - from + 1));
                self.search.marked = Arc::new(marked);
            }
        }
        let after = self.search.marked.len();
        if before != after {
            self.say(Tone::Done, format!("{} marked.", thousands(after as u64)));
        }
    }

    fn protect(&mut self, current: ContactId, effects: &mut Vec<Effect>) {
        let is_protected = self.card.contact.as_ref().is_some_and(|contact| contact.id == current && contact.protected);
        let ids: Vec<ContactId> =
            if self.search.marked.is_empty() { vec![current] } else { self.search.marked.iter().copied().collect() };
        let hidden = self.search.marked_hidden();
        let on = !(is_protected && (self.search.marked.is_empty() || self.search.marked.contains(&current)));
        let what = if on { "Protecting" } else { "Taking the protection off" };
        let not_shown = if hidden > 0 { format!(", {} not shown", thousands(hidden)) } else { String::new() };
        self.say(Tone::Done, format!("{what}: {}{not_shown}", contacts(ids.len() as u64)));
        effects.push(Effect::Protect(ids, on));
    }
}
