//! The question before a delete. It holds the plan itself: what was shown is what runs.
//!
//! The default is no. A yes needs a key pressed after the question was on the screen as it stands;
//! pasted text never counts. It decides only what a key means; the model carries it out.

pub mod keys;
pub mod view;

use std::num::NonZeroU32;

use crate::domain::contact::{Contact, ContactId, JobId};
use crate::domain::criteria::phrase::Phrase;
use crate::domain::deletion_rules::Refusal;
use crate::domain::plans::Plan;
use crate::domain::query::Selection;
use crate::tui::app::event::Ticket;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::number_question::ONE_KEY;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::verdict::Verdict;
use crate::tui::windows::window::Window;

/// The word that takes members along.
pub const WORD: &str = "members";

/// The question before a delete.
#[derive(Debug, Clone)]
pub struct Confirm {
    /// What will run.
    pub plan: Box<Plan>,
    /// What was meant by it.
    pub target: Target,
    /// The list it is limited to, by name.
    pub list: Option<String>,
    /// The criteria in words, behind `All contacts`; empty: every contact.
    pub phrase: Phrase,
    /// Until which day what goes can be restored.
    pub until: String,
    /// What is being asked.
    pub question: Question,
    /// Contacts a second at most; none: as fast as it goes.
    pub rate: Option<NonZeroU32>,
    /// Whether the question was on the screen as it stands.
    pub seen: bool,
    /// Why the last key did nothing.
    pub note: Option<String>,
}

/// What a delete was meant to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// What the criteria match.
    Matches,
    /// The marked contacts, so many of them hidden by the view.
    Marked {
        /// How many the view hides.
        hidden: u64,
    },
    /// What a job could not delete.
    Retry(JobId),
    /// What an undo brought back.
    Redo(JobId),
}

/// What is being asked.
#[derive(Debug, Clone)]
pub enum Question {
    /// Whether to do it; above [`ONE_KEY`] by its number.
    Count(Line),
    /// Whether to take members along, by the word.
    Members(Line),
    /// Nothing: the user looks through the contacts.
    Look(Look),
}

/// Looking through the contacts of a plan.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// The first one on the screen.
    pub top: usize,
    /// The first one of the page.
    pub offset: usize,
    /// The page.
    pub people: Vec<Contact>,
    /// How many the page was asked for; contacts that are gone are missing in it.
    pub span: usize,
    /// The page that is asked for.
    pub waiting: Option<Ticket>,
}

/// What is done with the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfirmDeed {
    /// It is started.
    Start,
    /// It is made again with members taken along.
    MembersToo,
    /// It is saved as a file.
    SavePlan,
    /// The job's rate is asked for.
    Rate,
    /// It is made again without the best card of each group.
    KeepBest,
}

impl Confirm {
    /// Whether the number has to be typed.
    pub fn by_number(&self) -> bool {
        self.plan.will_delete() > ONE_KEY
    }

    /// Whether there are members that could be taken along.
    pub fn has_members(&self) -> bool {
        // A redo takes up what its undo brought back as it was then, and no other plan does.
        let redo = matches!(self.target, Target::Redo(_));
        !redo && !self.plan.request.members_too && self.plan.stay.iter().any(|(refusal, _)| *refusal == Refusal::Member)
    }

    /// Whether every copy of somebody would go, the best one too, so that keeping it is offered first.
    pub fn can_keep_best(&self) -> bool {
        let asked = match &self.plan.request.selection {
            Selection::Query(query) => query.criteria.as_ref().is_some_and(|criteria| criteria.groups_by().is_some()),
            Selection::Ids { .. } => false,
        };
        asked && self.plan.will_delete() > 0
    }

    /// Takes a key that means `action` here.
    pub fn press(&mut self, key: Key, action: Option<Action>, page: usize) -> Verdict<ConfirmDeed> {
        self.note = None;
        let seen = std::mem::replace(&mut self.seen, false);
        let (number, members, goes) = (self.by_number(), self.has_members(), self.plan.will_delete());
        let can_keep = self.can_keep_best();
        match &mut self.question {
            Question::Look(look) => {
                look.press(action, page, self.plan.items.len());
                if matches!(action, Some(Action::Back | Action::LookThrough)) {
                    self.question = Question::Count(Line::default());
                }
                Verdict::Open
            }
            Question::Members(word) => match action {
                Some(Action::Back) => {
                    self.question = Question::Count(Line::default());
                    Verdict::Open
                }
                Some(Action::Accept) if word.text() == WORD && seen => Verdict::Do(ConfirmDeed::MembersToo),
                Some(Action::Accept) => {
                    self.note = Some(format!("Type the word {WORD} to delete members too."));
                    Verdict::Open
                }
                _ => {
                    word.press(key, action);
                    Verdict::Open
                }
            },
            Question::Count(typed) => match (action, key.typed()) {
                (Some(Action::Back), _) => Verdict::Close,
                (Some(Action::LookThrough), _) => {
                    self.question = Question::Look(Look::default());
                    Verdict::Open
                }
                (Some(Action::MembersToo), _) if members => {
                    self.question = Question::Members(Line::default());
                    Verdict::Open
                }
                (Some(Action::KeepBest), _) if can_keep => Verdict::Do(ConfirmDeed::KeepBest),
                (Some(Action::SavePlan), _) if goes > 0 => Verdict::Do(ConfirmDeed::SavePlan),
                (Some(Action::Rate), _) if goes > 0 => Verdict::Do(ConfirmDeed::Rate),
                (Some(Action::Yes), _) if !number && goes > 0 => self.unless_unseen(seen),
                (_, Some(c)) if number && c.is_ascii_digit() && seen => {
                    typed.insert(c);
                    Verdict::Open
                }
                // Digits typed faster than the screen is drawn still count as typed, once it was seen at all.
                (_, Some(c)) if number && c.is_ascii_digit() && !typed.text().is_empty() => {
                    typed.insert(c);
                    Verdict::Open
                }
                (Some(Action::Accept), _) if number && goes.to_string() == typed.text() => self.unless_unseen(seen),
                (Some(Action::Accept), _) if number && typed.text().is_empty() => {
                    self.note = Some(format!("Type {goes} to delete them; Esc keeps everything."));
                    Verdict::Open
                }
                // What follows would be taken for commands if it closed.
                (Some(Action::Accept), _) if number => {
                    self.note = Some(format!("You typed {}, not {goes}: nothing was deleted.", typed.text()));
                    *typed = Line::default();
                    Verdict::Open
                }
                (Some(Action::Accept), _) => Verdict::Close,
                (Some(edit), _) if typed.edit(edit) => Verdict::Open,
                _ if number => {
                    self.note = Some(format!("Type {goes} to delete them; Esc keeps everything."));
                    Verdict::Open
                }
                (_, Some(_)) => Verdict::Close,
                _ => Verdict::Open,
            },
        }
    }

    /// Refuses pasted text, visibly.
    pub fn paste(&mut self) {
        self.seen = false;
        self.note = Some("Pasted text doesn't confirm anything; type it.".to_owned());
    }

    /// A yes, if what it says yes to was on the screen.
    fn unless_unseen(&mut self, seen: bool) -> Verdict<ConfirmDeed> {
        if seen {
            return Verdict::Do(ConfirmDeed::Start);
        }
        self.note = Some("You pressed that before the question appeared; press it again.".to_owned());
        Verdict::Open
    }
}

impl Look {
    fn press(&mut self, action: Option<Action>, page: usize, items: usize) {
        let last = items.saturating_sub(page);
        self.top = match action {
            Some(Action::Up) => self.top.saturating_sub(1),
            Some(Action::Down) => (self.top + 1).min(last),
            Some(Action::PageUp) => self.top.saturating_sub(page),
            Some(Action::PageDown) => (self.top + page).min(last),
            Some(Action::Top) => 0,
            Some(Action::Bottom) => last,
            _ => self.top,
        };
    }

    /// Asks for the page around the top, where it has to be: its ids.
    pub fn page(&mut self, plan: &Plan, height: usize, ticket: Ticket) -> Option<Vec<ContactId>> {
        let to = (self.top + height).min(plan.items.len());
        if self.offset <= self.top && to <= self.offset + self.span {
            return None;
        }
        self.offset = self.top.saturating_sub(height);
        self.span = height * 3;
        self.waiting = Some(ticket);
        Some(plan.items.iter().skip(self.offset).take(self.span).map(|item| item.id).collect())
    }
}

impl Window for Confirm {
    fn layer(&self) -> Layer {
        match self.question {
            Question::Count(_) => Layer::Confirm,
            Question::Members(_) => Layer::Text,
            Question::Look(_) => Layer::Window,
        }
    }

    fn drawn(&mut self) {
        self.seen = true;
    }
}
