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
use crate::tui::widgets::number_question::{NoWords, NumberQuestion, Said};
use crate::tui::widgets::pages::Pages;
use crate::tui::windows::window::Window;

/// How a no is said.
const NO: NoWords = NoWords { nothing: "nothing was merged", esc: "keeps every card" };

/// The window of groups.
#[derive(Debug, Clone)]
pub struct Groups {
    /// What will run.
    pub plan: Box<GroupsPlan>,
    /// Where each group begins among the plan's items.
    starts: Vec<usize>,
    /// Until which day it can be undone.
    pub until: String,
    /// The groups on the screen.
    pub pages: Pages<Ticket>,
    /// What is known of the groups around the cursor, by their kept card.
    known: HashMap<ContactId, Summary>,
    /// The plan that is being made anew.
    pub waiting: Option<Ticket>,
    /// Whether something was decided that the plan doesn't know of.
    pub stale: bool,
    /// Of whom it was said in this window that they are never the same, the last ones at the end.
    pub told_apart: Vec<Vec<ContactId>>,
    /// The question before all of them are merged.
    pub question: NumberQuestion,
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
            pages: Pages::default(),
            known: HashMap::new(),
            waiting: None,
            stale: false,
            told_apart: Vec::new(),
            question: NumberQuestion::default(),
        };
        groups.find_starts();
        groups
    }

    /// Takes the plan as it is now.
    pub fn take(&mut self, plan: Box<GroupsPlan>) {
        self.plan = plan;
        self.find_starts();
        self.pages.of_anew(self.starts.len());
        self.known.clear();
        self.waiting = None;
        self.question.withdraw();
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

    /// Scrolls so that the cursor is among so many rows, and asks for the cards of the groups around it where they
    /// aren't known.
    pub fn page(&mut self, rows: usize, ticket: Ticket) -> Option<Vec<ContactId>> {
        let mut pages = std::mem::take(&mut self.pages);
        let wanted = pages.wanted((rows, self.starts.len()), ticket, |at| self.summary(at).is_some());
        self.pages = pages;
        Some(wanted?.flat_map(|at| self.cards(at)).collect())
    }

    /// Takes the cards of groups that were asked for.
    pub fn take_cards(&mut self, cards: Vec<Contact>) {
        let mut cards: HashMap<ContactId, Contact> = cards.into_iter().map(|card| (card.id, card)).collect();
        self.known.clear();
        for at in self.pages.reading() {
            let mut group = self.cards(at).into_iter().filter_map(|id| cards.remove(&id));
            if let Some(kept) = group.next() {
                let others: Vec<Contact> = group.collect();
                self.known.insert(kept.id, summary((self.plan.request.by, self.plan.home), &kept, &others));
            }
        }
    }

    /// Takes a key that means `action` here.
    pub(in crate::tui) fn press(&mut self, key: Key, action: Option<Action>, page: usize) -> Deed {
        match self.question.press(key, action, self.plan.will_go(), NO) {
            Said::Yes => return Deed::Merge,
            Said::NotYet => return Deed::Open,
            Said::NotAsked => {}
        }
        let Some(action) = action else { return Deed::Open };
        if self.pages.travel(action, page, self.starts.len()) {
            return Deed::Open;
        }
        let there = !self.starts.is_empty();
        match action {
            Action::Back => return Deed::Close,
            // What is not known yet can't be decided.
            _ if self.waiting.is_some() || self.stale => self.say("One moment; press it again."),
            Action::Merge if self.plan.will_go() == 0 => self.say("There is nothing to merge."),
            Action::Merge => self.question.ask(),
            Action::Open if there => return Deed::Look,
            Action::LeaveOut if there => return Deed::LeaveOut,
            Action::NeverThese if there => return Deed::Never,
            Action::UndoLast if !self.told_apart.is_empty() => return Deed::NeverMind,
            Action::UndoLast => self.say("Nothing was said here that could be taken back."),
            _ => {}
        }
        Deed::Open
    }

    /// Says something in the foot until the next key.
    pub fn say(&mut self, text: impl Into<String>) {
        self.question.note = Some(text.into());
    }
}

impl Window for Groups {
    fn layer(&self) -> Layer {
        self.question.layer(self.plan.will_go()).unwrap_or(Layer::Groups)
    }

    fn drawn(&mut self) {
        self.question.drawn();
    }
}
