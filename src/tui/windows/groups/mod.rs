//! The window of groups of duplicates: a line a group, and the question before all of them are merged. It holds
//! the plan itself: what was shown is what runs.
//!
//! Values; who is meant, the plan and its start are in [`keys`].

pub mod keys;
pub mod view;

use std::collections::HashMap;

use crate::domain::contact::{Contact, ContactId};
use crate::domain::merge_summary::{Summary, summary};
use crate::domain::plans::{GroupsPlan, Item};
use crate::tui::app::event::Ticket;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::confirm::ONE_KEY;
use crate::tui::windows::window::Window;

/// The window of groups.
#[derive(Debug, Clone)]
pub struct Groups {
    /// What will run.
    pub plan: Box<GroupsPlan>,
    /// Where each group begins among the plan's items.
    starts: Vec<usize>,
    /// Until which day it can be undone.
    pub until: String,
    /// The group under the cursor.
    pub cursor: usize,
    /// The first group on the screen.
    pub top: usize,
    /// What is known of the groups around the cursor, by their kept card.
    known: HashMap<ContactId, Summary>,
    /// The groups whose cards are being read.
    reading: Option<(Ticket, usize, usize)>,
    /// The plan that is being made anew.
    pub waiting: Option<Ticket>,
    /// Whether something was decided that the plan doesn't know of.
    pub stale: bool,
    /// Of whom it was said in this window that they are never the same, the last ones at the end.
    pub told_apart: Vec<Vec<ContactId>>,
    /// How many go, as far as it is typed; none: nothing is asked yet.
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
    /// It closes, and nothing is merged.
    Close,
    /// The plan is started.
    Merge,
    /// The group under the cursor is looked at side by side.
    Look,
    /// It is left out.
    LeaveOut,
    /// Its cards are never the same.
    Never,
    /// The last ones of which that was said may be the same after all.
    NeverMind,
}

impl Groups {
    /// The window of a plan.
    pub fn new(plan: Box<GroupsPlan>, until: String) -> Self {
        let mut groups = Self {
            plan,
            starts: Vec::new(),
            until,
            cursor: 0,
            top: 0,
            known: HashMap::new(),
            reading: None,
            waiting: None,
            stale: false,
            told_apart: Vec::new(),
            typed: None,
            seen: false,
            note: None,
        };
        groups.find_starts();
        groups
    }

    /// Takes the plan as it is now.
    pub fn take(&mut self, plan: Box<GroupsPlan>) {
        self.plan = plan;
        self.find_starts();
        self.cursor = self.cursor.min(self.starts.len().saturating_sub(1));
        self.known.clear();
        self.reading = None;
        (self.waiting, self.typed, self.seen) = (None, None, false);
    }

    fn find_starts(&mut self) {
        let next = |at: &mut usize, size: &u32| {
            let start = *at;
            *at += *size as usize;
            Some(start)
        };
        self.starts = self.plan.sizes.iter().scan(0, next).collect();
    }

    /// The items of a group: the kept card, then the others.
    pub fn group(&self, at: usize) -> &[Item] {
        let Some(start) = self.starts.get(at) else { return &[] };
        let end = self.starts.get(at + 1).copied().unwrap_or(self.plan.items.len());
        self.plan.items.get(*start..end).unwrap_or_default()
    }

    /// The cards of a group that become one, the kept one first.
    pub fn cards(&self, at: usize) -> Vec<ContactId> {
        self.group(at).iter().filter(|item| item.refusal.is_none()).map(|item| item.id).collect()
    }

    /// What is known of a group; none: it is being read.
    pub fn summary(&self, at: usize) -> Option<&Summary> {
        self.known.get(&self.group(at).first()?.id)
    }

    /// Whether the number has to be typed.
    pub fn by_number(&self) -> bool {
        self.plan.will_go() > ONE_KEY
    }

    /// Scrolls so that the cursor is among so many rows, and asks for the cards of the groups around it where they
    /// aren't known.
    pub fn page(&mut self, rows: usize, ticket: Ticket) -> Option<Vec<ContactId>> {
        let rows = rows.max(1);
        let last = self.starts.len().saturating_sub(rows);
        self.top = self.top.clamp((self.cursor + 1).saturating_sub(rows), self.cursor).min(last);
        let (from, to) = (self.top, (self.top + rows).min(self.starts.len()));
        let is_known = (from..to).all(|at| self.summary(at).is_some());
        let is_read = self.reading.is_some_and(|(_, known_from, known_to)| known_from <= from && to <= known_to);
        if is_known || is_read {
            return None;
        }
        let (from, to) = (from.saturating_sub(rows), (to + rows).min(self.starts.len()));
        self.reading = Some((ticket, from, to));
        Some((from..to).flat_map(|at| self.cards(at)).collect())
    }

    /// Whether cards were asked for under this ticket.
    pub fn is_reading(&self, ticket: Ticket) -> bool {
        self.reading.is_some_and(|(asked, ..)| asked == ticket)
    }

    /// Takes the cards of groups that were asked for.
    pub fn take_cards(&mut self, cards: Vec<Contact>) {
        let Some((_, from, to)) = self.reading else { return };
        let mut cards: HashMap<ContactId, Contact> = cards.into_iter().map(|card| (card.id, card)).collect();
        self.known.clear();
        for at in from..to {
            let mut group = self.cards(at).into_iter().filter_map(|id| cards.remove(&id));
            if let Some(kept) = group.next() {
                let others: Vec<Contact> = group.collect();
                self.known.insert(kept.id, summary((self.plan.request.by, self.plan.home), &kept, &others));
            }
        }
    }

    /// Refuses pasted text, visibly.
    pub fn paste(&mut self) {
        self.seen = false;
        self.note = Some("Pasted text doesn't confirm anything; type it.".to_owned());
    }

    /// Takes a key that means `action` here.
    pub(in crate::tui) fn press(&mut self, key: Key, action: Option<Action>, page: usize) -> Deed {
        self.note = None;
        let seen = std::mem::replace(&mut self.seen, false);
        if let Some(typed) = &mut self.typed {
            let n = self.plan.will_go();
            let number = n > ONE_KEY;
            match (action, key.typed()) {
                (Some(Action::Back), _) => self.typed = None,
                (Some(Action::Yes), _) if !number && seen => return Deed::Merge,
                (Some(Action::Accept), _) if number && typed.text() == n.to_string() && seen => return Deed::Merge,
                (Some(Action::Yes), _) if !number => self.unseen(),
                (Some(Action::Accept), _) if number && typed.text() == n.to_string() => self.unseen(),
                (Some(Action::Accept), _) if number && !typed.text().is_empty() => {
                    self.note = Some(format!("You typed {}, not {n}: nothing was merged.", typed.text()));
                    *typed = Line::default();
                }
                (Some(edit), _) if number && typed.edit(edit) => {}
                (_, Some(c)) if number && c.is_ascii_digit() && (seen || !typed.text().is_empty()) => typed.insert(c),
                _ if number => self.note = Some(format!("Type {n} and press Enter; Esc keeps every card.")),
                _ => self.typed = None,
            }
            return Deed::Open;
        }
        let last = self.starts.len().saturating_sub(1);
        match action {
            Some(Action::Back) => return Deed::Close,
            Some(
                action @ (Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::Top | Action::Bottom),
            ) => self.cursor = moved(action, self.cursor, page, last),
            // What is not known yet can't be decided.
            Some(_) if self.waiting.is_some() || self.stale => {
                self.note = Some("One moment; press it again.".to_owned());
            }
            Some(Action::Merge) if self.plan.will_go() == 0 => {
                self.note = Some("There is nothing to merge.".to_owned());
            }
            Some(Action::Merge) => self.typed = Some(Line::default()),
            Some(Action::Open) if !self.starts.is_empty() => return Deed::Look,
            Some(Action::LeaveOut) if !self.starts.is_empty() => return Deed::LeaveOut,
            Some(Action::NeverThese) if !self.starts.is_empty() => return Deed::Never,
            Some(Action::UndoLast) if !self.told_apart.is_empty() => return Deed::NeverMind,
            Some(Action::UndoLast) => self.note = Some("Nothing was said here that could be taken back.".to_owned()),
            _ => {}
        }
        Deed::Open
    }

    fn unseen(&mut self) {
        self.note = Some("You pressed that before the question appeared; press it again.".to_owned());
    }
}

impl Window for Groups {
    fn layer(&self) -> Layer {
        match &self.typed {
            Some(_) if self.by_number() => Layer::Text,
            Some(_) => Layer::Ask,
            None => Layer::Groups,
        }
    }

    fn drawn(&mut self) {
        self.seen = self.typed.is_some();
    }
}
