//! The window of what a fix would change: a line a contact, before and after, and the question before it is done. It
//! holds the plan itself: what was shown is what runs.
//!
//! Values; the plan and its start are in [`keys`].

pub mod keys;
pub mod view;

use std::collections::{BTreeMap, HashMap};

use crate::domain::contact::{Contact, ContactId};
use crate::domain::edit::{Edit, apply_all};
use crate::domain::fix::{Change, Fix, FixKind, changes};
use crate::domain::plans::{EditPlan, EditRequest};
use crate::tui::app::event::Ticket;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::confirm::ONE_KEY;
use crate::tui::windows::window::Window;

/// The window of changes.
#[derive(Debug, Clone)]
pub struct Changes {
    /// What is mended.
    pub kind: FixKind,
    /// What is asked, with what was left out since.
    pub request: EditRequest,
    /// What will run; none: it is being made.
    pub plan: Option<Box<EditPlan>>,
    /// The contacts that change, in order.
    going: Vec<ContactId>,
    /// Until which day it can be undone.
    pub until: String,
    /// The contact under the cursor.
    pub cursor: usize,
    /// The first one on the screen.
    pub top: usize,
    /// The contacts around the cursor.
    known: HashMap<ContactId, Contact>,
    /// The contacts that are being read.
    reading: Option<(Ticket, usize, usize)>,
    /// The plan that is being made.
    pub waiting: Option<Ticket>,
    /// Whether something was decided that the plan doesn't know of.
    pub stale: bool,
    /// How many change, as far as it is typed; none: nothing is asked yet.
    pub typed: Option<Line>,
    /// Whether the question was on the screen as it stands.
    pub seen: bool,
    /// Why the last key did nothing, or what it did.
    pub note: Option<String>,
}

/// What a key meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum Deed {
    /// It stays open.
    Open,
    /// It closes, and nothing is changed.
    Close,
    /// The plan is started.
    Mend,
}

impl Changes {
    /// Of this fix; its plan is still to be made.
    pub fn new(kind: FixKind, request: EditRequest) -> Self {
        Self {
            kind,
            request,
            plan: None,
            going: Vec::new(),
            until: String::new(),
            cursor: 0,
            top: 0,
            known: HashMap::new(),
            reading: None,
            waiting: None,
            stale: true,
            typed: None,
            seen: false,
            note: None,
        }
    }

    /// Takes the plan as it is now.
    pub fn take(&mut self, plan: Box<EditPlan>, until: String) {
        self.going = plan.items.iter().filter(|item| item.refusal.is_none()).map(|item| item.id).collect();
        self.cursor = self.cursor.min(self.going.len().saturating_sub(1));
        (self.plan, self.until) = (Some(plan), until);
        self.known.clear();
        (self.reading, self.waiting, self.typed, self.seen) = (None, None, None, false);
    }

    /// How many contacts change.
    pub fn will_change(&self) -> u64 {
        self.going.len() as u64
    }

    /// Whether the number has to be typed.
    pub fn by_number(&self) -> bool {
        self.will_change() > ONE_KEY
    }

    /// The contact of a line with what would change of it; none: it is being read.
    pub fn line(&self, at: usize) -> Option<(&Contact, Vec<Change>)> {
        let contact = self.known.get(self.going.get(at)?)?;
        let after = apply_all(&self.request.edits, contact);
        Some((contact, after.map_or_else(Vec::new, |after| changes(contact, &after))))
    }

    /// Scrolls so that the cursor is among so many rows, and asks for the contacts around it where they aren't known.
    pub fn page(&mut self, rows: usize, ticket: Ticket) -> Option<Vec<ContactId>> {
        let rows = rows.max(1);
        let last = self.going.len().saturating_sub(rows);
        self.top = self.top.clamp((self.cursor + 1).saturating_sub(rows), self.cursor).min(last);
        let (from, to) = (self.top, (self.top + rows).min(self.going.len()));
        let is_known = self.going[from..to].iter().all(|id| self.known.contains_key(id));
        let is_read = self.reading.is_some_and(|(_, known_from, known_to)| known_from <= from && to <= known_to);
        if is_known || is_read {
            return None;
        }
        let (from, to) = (from.saturating_sub(rows), (to + rows).min(self.going.len()));
        self.reading = Some((ticket, from, to));
        Some(self.going[from..to].to_vec())
    }

    /// Whether contacts were asked for under this ticket.
    pub fn is_reading(&self, ticket: Ticket) -> bool {
        self.reading.is_some_and(|(asked, ..)| asked == ticket)
    }

    /// Takes the contacts that were asked for.
    pub fn take_contacts(&mut self, contacts: Vec<Contact>) {
        self.known = contacts.into_iter().map(|contact| (contact.id, contact)).collect();
    }

    /// Refuses pasted text, visibly.
    pub fn paste(&mut self) {
        self.seen = false;
        self.note = Some("Pasted text doesn't confirm anything; type it.".to_owned());
    }

    /// Leaves the contact under the cursor as it is.
    fn leave_out(&mut self) {
        let Some(id) = self.going.get(self.cursor).copied() else { return };
        let Some(plan) = &mut self.plan else { return };
        plan.leave_out(&[id]);
        self.request.excluded.push(id);
        self.going.remove(self.cursor);
        self.cursor = self.cursor.min(self.going.len().saturating_sub(1));
        // Which lines are read is counted by places, which have moved.
        self.reading = None;
        self.note = Some("Left as it is.".to_owned());
    }

    /// Leaves the spellings of the contact under the cursor as they are, wherever they stand.
    fn leave_spelling(&mut self) {
        let contact = self.going.get(self.cursor).and_then(|id| self.known.get(id));
        let (Some(contact), [Edit::Fix(Fix::Replace { cell, pairs })]) = (contact, self.request.edits.as_mut_slice())
        else {
            self.note = Some("Only spellings can be left out all at once; x leaves this contact out.".to_owned());
            return;
        };
        let cell = *cell;
        let holds = |from: &String, to: &String| {
            let pairs = BTreeMap::from([(from.clone(), to.clone())]);
            Fix::Replace { cell, pairs }.of(contact) != *contact
        };
        let left: Vec<String> =
            pairs.iter().filter(|(from, to)| holds(from, to)).map(|(from, _)| from.clone()).collect();
        pairs.retain(|from, _| !left.contains(from));
        self.note = Some(format!("\u{201c}{}\u{201d} stays as it is everywhere.", left.join("\u{201d}, \u{201c}")));
        self.stale = true;
    }

    /// Takes a key that means `action` here.
    pub(in crate::tui) fn press(&mut self, key: Key, action: Option<Action>, page: usize) -> Deed {
        self.note = None;
        let seen = std::mem::replace(&mut self.seen, false);
        let n = self.will_change();
        let number = self.by_number();
        if let Some(typed) = &mut self.typed {
            match (action, key.typed()) {
                (Some(Action::Back), _) => self.typed = None,
                (Some(Action::Yes), _) if !number && seen => return Deed::Mend,
                (Some(Action::Accept), _) if number && typed.text() == n.to_string() && seen => return Deed::Mend,
                (Some(Action::Yes), _) if !number => self.unseen(),
                (Some(Action::Accept), _) if number && typed.text() == n.to_string() => self.unseen(),
                (Some(Action::Accept), _) if number && !typed.text().is_empty() => {
                    self.note = Some(format!("You typed {}, not {n}: nothing was changed.", typed.text()));
                    *typed = Line::default();
                }
                (Some(edit), _) if number && typed.edit(edit) => {}
                (_, Some(c)) if number && c.is_ascii_digit() && (seen || !typed.text().is_empty()) => typed.insert(c),
                _ if number => self.note = Some(format!("Type {n} and press Enter; Esc leaves everything as it is.")),
                _ => self.typed = None,
            }
            return Deed::Open;
        }
        match action {
            Some(Action::Back) => return Deed::Close,
            Some(
                action @ (Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::Top | Action::Bottom),
            ) => self.cursor = moved(action, self.cursor, page, self.going.len().saturating_sub(1)),
            // What is not known yet can't be decided.
            Some(_) if self.waiting.is_some() || self.stale => {
                self.note = Some("One moment; press it again.".to_owned());
            }
            Some(Action::FixThem | Action::LeaveOut | Action::LeaveSpelling) if n == 0 => {
                self.note = Some("There is nothing left to change.".to_owned());
            }
            Some(Action::FixThem) => self.typed = Some(Line::default()),
            Some(Action::LeaveOut) => self.leave_out(),
            Some(Action::LeaveSpelling) => self.leave_spelling(),
            _ => {}
        }
        Deed::Open
    }

    fn unseen(&mut self) {
        self.note = Some("You pressed that before the question appeared; press it again.".to_owned());
    }
}

impl Window for Changes {
    fn layer(&self) -> Layer {
        match &self.typed {
            Some(_) if self.by_number() => Layer::Text,
            Some(_) => Layer::Ask,
            None => Layer::Fixes,
        }
    }

    fn drawn(&mut self) {
        self.seen = self.typed.is_some();
    }
}
