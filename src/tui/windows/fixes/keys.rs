//! Opening the fixes, taking what was found, and going on to what one of them would change.

use crate::domain::display::thousands;
use crate::domain::fix::FixKind;
use crate::domain::query::{Scope, Selection};
use crate::engine::EngineError;
use crate::engine::answer::FoundFix;
use crate::engine::error::ErrorKind;
use crate::tui::app::effect::Effect;
use crate::tui::app::event::{Ticket, Told};
use crate::tui::app::model::{Focus, Model, Tone};
use crate::tui::input::action::Action;
use crate::tui::panes::search::query_line::Query as Line;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::windows::Modal;
use crate::tui::windows::changes::Changes;
use crate::tui::windows::fixes::{Fixes, Looking};
use crate::tui::windows::keys::{Keys, Press};

impl Keys for Fixes {
    fn on_key(mut self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        self.note = None;
        match press.action {
            Some(Action::Back) => {
                if let Some(Looking { ticket: Some(ticket), .. }) = self.looking {
                    effects.push(Effect::Stop(ticket));
                    model.say(Tone::Done, "Nothing was changed.");
                }
                return;
            }
            Some(Action::Open) => {
                if let Some(found) = self.found.get(self.cursor)
                    && let Some(mut request) = found.request()
                {
                    request.excluded.clone_from(&self.excluded);
                    let changes = Changes::new(found.kind, request);
                    model.modals.push(Modal::Fixes(self));
                    model.show(changes);
                    return;
                }
            }
            Some(action) => {
                self.cursor = moved(action, self.cursor, press.page, self.found.len().saturating_sub(1));
            }
            None => {}
        }
        model.modals.push(Modal::Fixes(self));
    }

    fn asks(&mut self, _: &Model, ticket: Ticket) -> Option<Effect> {
        let looking = self.looking.as_mut().filter(|looking| looking.ticket.is_none())?;
        looking.ticket = Some(ticket);
        Some(Effect::Fixes(ticket, self.selection.clone()))
    }
}

impl Model {
    /// Looks for what is untidy among what is marked, else among what matches, else among all that are shown.
    pub(in crate::tui) fn open_fixes(&mut self) {
        if self.in_trash() {
            return self.say(Tone::Refused, "What is in the trash can't be edited; restore it first.");
        }
        if self.ids.is_some() {
            return self.say(Tone::Refused, "Still marking; press it again in a moment.");
        }
        self.search.range = None;
        let marked = &self.search.marked;
        let (selection, whom) = match &self.search.query {
            // Marks say which contacts; they may lie outside the list that is looked at.
            _ if !marked.is_empty() => {
                let whom = format!("the {} marked", thousands(marked.len() as u64));
                (Selection::ids(marked.iter().copied().collect()), whom)
            }
            Line::Bad(_) => {
                self.focus = Focus::Line;
                return self.say(Tone::Refused, "The query line has an error; nothing was looked at.");
            }
            Line::Good(_) => (Selection::Query(self.search.request_all().query), "all that match".to_owned()),
            Line::Empty => {
                let query = self.search.request_all().query;
                let whom = match query.scope {
                    Scope::Book | Scope::Trash => "all contacts",
                    Scope::List(_) => "all contacts of the list",
                };
                (Selection::Query(query), whom.to_owned())
            }
        };
        let excluded = self.search.excluded.iter().copied().collect();
        self.show(Fixes::new(selection, excluded, whom));
    }

    fn window_of_fixes(&mut self) -> Option<&mut Fixes> {
        self.modals.iter_mut().rev().find_map(|modal| match modal {
            Modal::Fixes(fixes) => Some(&mut **fixes),
            _ => None,
        })
    }

    fn looking_under(&mut self, ticket: Ticket) -> Option<&mut Fixes> {
        self.window_of_fixes().filter(|fixes| fixes.looking.is_some_and(|looking| looking.ticket == Some(ticket)))
    }

    /// Takes how far the looking is.
    pub(in crate::tui) fn fixes_told(&mut self, ticket: Ticket, told: Told) {
        if let Some(looking) = self.looking_under(ticket).and_then(|fixes| fixes.looking.as_mut()) {
            looking.told = told;
        }
    }

    /// Takes what was found.
    pub(in crate::tui) fn take_fixes(&mut self, ticket: Ticket, answer: Result<Vec<FoundFix>, EngineError>) {
        let Some(fixes) = self.looking_under(ticket) else { return };
        match answer {
            Ok(found) => fixes.take(found),
            Err(error) => {
                self.modals.retain(|modal| !matches!(modal, Modal::Fixes(_)));
                if error.kind() != ErrorKind::Cancelled {
                    self.trouble_with("They can't be looked at; nothing was changed", &error);
                }
            }
        }
    }

    /// Notes that the job of a kind was started: what is left are the other kinds.
    pub(in crate::tui) fn fix_started(&mut self, kind: FixKind, words: String) {
        if let Some(fixes) = self.window_of_fixes() {
            fixes.mended(kind);
            fixes.note = Some(words);
        }
        let is_over = |modal: &Modal| matches!(modal, Modal::Fixes(fixes) if fixes.found.is_empty());
        self.modals.retain(|modal| !is_over(modal));
    }
}
