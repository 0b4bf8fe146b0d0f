//! What a fix would change: its plan, what is left out of it, its start.
//!
//! Nothing is changed but by [`Editing::Start`], and that comes from a yes to the plan on the screen.

use std::sync::Arc;

use crate::domain::contact::Contact;
use crate::domain::display::contacts;
use crate::domain::syntax;
use crate::engine::EngineError;
use crate::tui::app::effect::{Editing, Effect};
use crate::tui::app::event::{Edited, Ticket};
use crate::tui::app::model::{Model, Tone};
use crate::tui::windows::Modal;
use crate::tui::windows::changes::{Changes, Deed};
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::message::Message;

impl Keys for Changes {
    fn on_key(mut self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        match self.press(press.key, press.action, press.page) {
            Deed::Open => model.modals.push(Modal::Changes(self)),
            Deed::Close => {}
            Deed::Search => model.search_for_changes(&self),
            Deed::Mend => {
                let Some(plan) = self.plan else { return };
                let words = format!("Started: {}, {}.", self.kind.words(), contacts(plan.will_change()));
                model.fix_started(self.kind, words);
                let ticket = model.ticket();
                effects.push(Effect::Editing(ticket, Editing::Start(plan)));
            }
        }
    }

    fn on_paste(&mut self, _: &str, _: &Model) {
        self.question.paste();
    }

    fn asks(&mut self, model: &Model, ticket: Ticket) -> Option<Effect> {
        if self.stale && self.waiting.is_none() {
            self.stale = false;
            self.waiting = Some(ticket);
            return Some(Effect::Editing(ticket, Editing::Plan(self.request.clone())));
        }
        let rows = view_rows(model, self);
        self.page(rows, ticket).map(|ids| Effect::People(ticket, ids))
    }
}

/// How many contacts the window shows.
pub(in crate::tui) fn view_rows(model: &Model, changes: &Changes) -> usize {
    // The sentence, who stays, a blank, the heading, a rule, two lines of the change, the question and the keys.
    let stay = changes.plan.as_ref().map_or(0, |plan| plan.stay.len().min(3));
    usize::from(model.size.1.saturating_sub(4)).saturating_sub(11 + stay).max(1)
}

impl Model {
    fn window_of_changes(&mut self) -> Option<&mut Changes> {
        self.modals.iter_mut().rev().find_map(|modal| match modal {
            Modal::Changes(changes) => Some(&mut **changes),
            _ => None,
        })
    }

    /// Shows the contacts in the results: a spelling as a line of the query language, else by marks.
    fn search_for_changes(&mut self, changes: &Changes) {
        self.modals.retain(|modal| !matches!(modal, Modal::Fixes(_)));
        if let Some(criteria) = changes.spelling() {
            return self.search_for(&syntax::print(&criteria));
        }
        self.search_for("");
        self.search.marked = Arc::new(changes.ids().iter().copied().collect());
        let n = contacts(changes.will_change());
        self.say(Tone::Done, format!("{n} marked. Nothing was changed."));
    }

    /// Whether this answer is the window's.
    pub(in crate::tui) fn takes_changes_answer(&mut self, ticket: Ticket) -> bool {
        self.window_of_changes().is_some_and(|changes| changes.waiting == Some(ticket))
    }

    /// Takes the plan.
    pub(in crate::tui) fn changes_answered(&mut self, answer: Result<Edited, EngineError>) {
        let days = match &answer {
            Ok(Edited::Planned(plan)) => plan.retention_days,
            _ => 0,
        };
        let until = self.until(days);
        let Some(changes) = self.window_of_changes() else { return };
        changes.waiting = None;
        match answer {
            Ok(Edited::Planned(plan)) => changes.take(plan, until),
            Ok(_) => {}
            Err(error) => {
                self.modals.retain(|modal| !matches!(modal, Modal::Changes(_)));
                self.show(Message::of("Nothing was changed", &error));
            }
        }
    }

    /// Whether the window asked for these contacts.
    pub(in crate::tui) fn reads_changing_contacts(&mut self, ticket: Ticket) -> bool {
        self.window_of_changes().is_some_and(|changes| changes.pages.is_reading(&ticket))
    }

    /// Takes the contacts of its lines.
    pub(in crate::tui) fn take_changing_contacts(&mut self, answer: Result<Vec<Contact>, EngineError>) {
        let Some(changes) = self.window_of_changes() else { return };
        match answer {
            Ok(contacts) => changes.take_contacts(contacts),
            Err(error) => changes.say(error.message),
        }
    }
}
