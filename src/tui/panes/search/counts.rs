//! Counts beside those that a search brings: of groups, of what is switched off, of what the builder
//! would add.
//!
//! One question for all of them, asked again when one is missing or the book has changed.

use crate::domain::criteria::Criteria;
use crate::engine::answer::{CountAnswer, CountRequest};
use crate::tui::app::event::Ticket;

/// What was counted.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    asked: Option<CountRequest>,
    waiting: Option<Ticket>,
    known: Option<(CountRequest, CountAnswer)>,
}

impl Counts {
    /// Whether this has to be asked.
    pub fn is_new(&self, request: &CountRequest) -> bool {
        self.asked.as_ref() != Some(request)
    }

    /// Takes a question as asked.
    pub fn asked(&mut self, ticket: Ticket, request: CountRequest) {
        (self.waiting, self.asked) = (Some(ticket), Some(request));
    }

    /// Takes an answer; one to an older question is dropped.
    pub fn answered(&mut self, ticket: Ticket, answer: Option<CountAnswer>) {
        if self.waiting.take_if(|asked| *asked == ticket).is_none() {
            return;
        }
        match (self.asked.clone(), answer) {
            (Some(request), Some(answer)) => self.known = Some((request, answer)),
            // It is asked again with the next change.
            (_, None) | (None, _) => self.asked = None,
        }
    }

    /// How many match, where it was counted.
    pub fn of(&self, criteria: &Criteria) -> Option<u64> {
        let (request, answer) = self.known.as_ref()?;
        let at = request.each.iter().position(|known| known == criteria)?;
        answer.counts.get(at).copied()
    }

    /// How many contacts there were to count, where it was counted.
    pub fn all(&self) -> u64 {
        self.known.as_ref().map_or(0, |(_, answer)| answer.of)
    }
}
