//! The window of what a fix would change: a line a contact, before and after, and the question before it is done. It
//! holds the plan itself: what was shown is what runs.
//!
//! Values; the plan and its start are in [`keys`].

pub mod keys;
pub mod view;

use std::collections::{BTreeMap, HashMap};

use crate::domain::contact::{Contact, ContactId};
use crate::domain::criteria::Criteria;
use crate::domain::edit::{Edit, apply_all};
use crate::domain::fix::{Change, Fix, FixKind, changes};
use crate::domain::plans::{EditPlan, EditRequest};
use crate::tui::app::event::Ticket;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::number_question::{NoWords, NumberQuestion, Said};
use crate::tui::widgets::pages::Pages;
use crate::tui::windows::window::Window;

/// How a no is said.
const NO: NoWords = NoWords { nothing: "nothing was changed", esc: "leaves everything as it is" };

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
    /// The contacts on the screen.
    pub pages: Pages<Ticket>,
    /// The contacts around the cursor.
    known: HashMap<ContactId, Contact>,
    /// The plan that is being made.
    pub waiting: Option<Ticket>,
    /// Whether something was decided that the plan doesn't know of.
    pub stale: bool,
    /// The question before they are changed.
    pub question: NumberQuestion,
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
    /// They are looked at in the results.
    Search,
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
            pages: Pages::default(),
            known: HashMap::new(),
            waiting: None,
            stale: true,
            question: NumberQuestion::default(),
        }
    }

    /// Takes the plan as it is now.
    pub fn take(&mut self, plan: Box<EditPlan>, until: String) {
        self.going = plan.items.iter().filter(|item| item.refusal.is_none()).map(|item| item.id).collect();
        self.pages.of_anew(self.going.len());
        (self.plan, self.until) = (Some(plan), until);
        self.known.clear();
        self.waiting = None;
        self.question.withdraw();
    }

    /// How many contacts change.
    pub fn will_change(&self) -> u64 {
        self.going.len() as u64
    }

    /// The contact of a line with what would change of it; none: it is being read.
    pub fn line(&self, at: usize) -> Option<(&Contact, Vec<Change>)> {
        let contact = self.known.get(self.going.get(at)?)?;
        let after = apply_all(&self.request.edits, contact);
        Some((contact, after.map_or_else(Vec::new, |after| changes(contact, &after))))
    }

    /// Scrolls so that the cursor is among so many rows, and asks for the contacts around it where they aren't known.
    pub fn page(&mut self, rows: usize, ticket: Ticket) -> Option<Vec<ContactId>> {
        let (going, known) = (&self.going, &self.known);
        let wanted = self.pages.wanted((rows, going.len()), ticket, |at| known.contains_key(&going[at]))?;
        Some(going[wanted].to_vec())
    }

    /// Takes the contacts that were asked for.
    pub fn take_contacts(&mut self, contacts: Vec<Contact>) {
        self.known = contacts.into_iter().map(|contact| (contact.id, contact)).collect();
    }

    /// Leaves the contact under the cursor as it is.
    fn leave_out(&mut self) {
        let Some(id) = self.going.get(self.pages.cursor).copied() else { return };
        let Some(plan) = &mut self.plan else { return };
        plan.leave_out(&[id]);
        self.request.excluded.push(id);
        self.going.remove(self.pages.cursor);
        // Which lines are read is counted by places, which have moved.
        self.pages.of_anew(self.going.len());
        self.say("Left as it is.");
    }

    /// The contacts that change, in order.
    pub fn ids(&self) -> &[ContactId] {
        &self.going
    }

    /// Criteria of the spelling that the contact under the cursor has; none where no spelling is mended.
    pub fn spelling(&self) -> Option<Criteria> {
        let contact = self.known.get(self.going.get(self.pages.cursor)?)?;
        let [Edit::Fix(Fix::Replace { cell, pairs })] = self.request.edits.as_slice() else { return None };
        let holds = |(from, to): &(&String, &String)| {
            let pairs = BTreeMap::from([((*from).clone(), (*to).clone())]);
            Fix::Replace { cell: *cell, pairs }.of(contact) != *contact
        };
        cell.holding(pairs.iter().find(holds)?.0)
    }

    /// Leaves the spellings of the contact under the cursor as they are, wherever they stand.
    fn leave_spelling(&mut self) {
        let contact = self.going.get(self.pages.cursor).and_then(|id| self.known.get(id));
        let (Some(contact), [Edit::Fix(Fix::Replace { cell, pairs })]) = (contact, self.request.edits.as_mut_slice())
        else {
            self.say("Only spellings can be left out all at once; x leaves this contact out.");
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
        self.say(format!("\u{201c}{}\u{201d} stays as it is everywhere.", left.join("\u{201d}, \u{201c}")));
        self.stale = true;
    }

    /// Takes a key that means `action` here.
    pub(in crate::tui) fn press(&mut self, key: Key, action: Option<Action>, page: usize) -> Deed {
        let n = self.will_change();
        match self.question.press(key, action, n, NO) {
            Said::Yes => return Deed::Mend,
            Said::NotYet => return Deed::Open,
            Said::NotAsked => {}
        }
        let Some(action) = action else { return Deed::Open };
        if self.pages.travel(action, page, self.going.len()) {
            return Deed::Open;
        }
        match action {
            Action::Back => return Deed::Close,
            // What is not known yet can't be decided.
            _ if self.waiting.is_some() || self.stale => self.say("One moment; press it again."),
            Action::FixThem | Action::LeaveOut | Action::LeaveSpelling | Action::MakeCriteria if n == 0 => {
                self.say("There is nothing left to change.");
            }
            Action::FixThem => self.question.ask(),
            Action::LeaveOut => self.leave_out(),
            Action::LeaveSpelling => self.leave_spelling(),
            Action::MakeCriteria => return Deed::Search,
            _ => {}
        }
        Deed::Open
    }

    /// Says something in the foot until the next key.
    pub fn say(&mut self, text: impl Into<String>) {
        self.question.note = Some(text.into());
    }
}

impl Window for Changes {
    fn layer(&self) -> Layer {
        self.question.layer(self.will_change()).unwrap_or(Layer::Fixes)
    }

    fn drawn(&mut self) {
        self.question.drawn();
    }
}
