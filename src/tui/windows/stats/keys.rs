//! Opening the statistics, taking what was counted, and what their keys do.

use crate::domain::criteria::Criteria;
use crate::domain::syntax::print;
use crate::engine::EngineError;
use crate::engine::answer::Tally;
use crate::tui::app::effect::Effect;
use crate::tui::app::event::Ticket;
use crate::tui::app::model::{Focus, Model, Tone};
use crate::tui::input::action::Action;
use crate::tui::panes::search::query_line::Query as Line;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::windows::Modal;
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::stats::Statistics;

impl Keys for Statistics {
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, _: &mut Vec<Effect>) {
        model.statistics_key(self, press.action);
    }

    fn asks(&mut self, _: &Model, ticket: Ticket) -> Option<Effect> {
        if self.answer.is_some() || self.waiting.is_some() {
            return None;
        }
        self.waiting = Some(ticket);
        Some(Effect::Tally(ticket, self.query.clone(), self.field().0))
    }
}

impl Model {
    /// Opens the statistics of what matches.
    pub(in crate::tui) fn open_statistics(&mut self) {
        if let Line::Bad(_) = self.search.query {
            self.focus = Focus::Line;
            return self.say(Tone::Refused, "The query line has an error; nothing was counted.");
        }
        let query = self.search.request_all().query;
        self.show(Statistics::new(query));
    }

    /// Takes what was counted.
    pub(in crate::tui) fn take_tally(&mut self, ticket: Ticket, answer: Result<Tally, EngineError>) {
        let Some(Modal::Statistics(all)) = self.modals.last_mut() else { return };
        if all.waiting.take_if(|asked| *asked == ticket).is_none() {
            return;
        }
        match answer {
            Ok(tally) => all.answer = Some(tally),
            Err(error) => {
                self.modals.pop();
                self.trouble_with("It can't be counted", &error);
            }
        }
    }

    /// Rows of bars on the screen.
    pub fn statistics_rows(&self) -> usize {
        usize::from(self.size.1.saturating_sub(16)).clamp(3, 16)
    }

    fn statistics_key(&mut self, mut all: Box<Statistics>, action: Option<Action>) {
        match action {
            Some(Action::Back) => return,
            Some(Action::NextBars) => all.turn(false),
            Some(Action::PreviousBars) => all.turn(true),
            Some(Action::Open) => {
                let Some(clause) = all.clause() else { return self.modals.push(Modal::Statistics(all)) };
                let scope = self.search.scope;
                let line = match all.query.criteria {
                    None | Some(Criteria::All) => print(&clause),
                    Some(Criteria::And(mut parts)) => {
                        parts.push(clause);
                        print(&Criteria::And(parts))
                    }
                    Some(other) => print(&Criteria::And(vec![other, clause])),
                };
                self.search_for(&line);
                self.search.scope = scope;
                return;
            }
            Some(action) => {
                let last = all.answer.as_ref().map_or(0, |answer| answer.values.len().saturating_sub(1));
                all.cursor = moved(action, all.cursor, self.statistics_rows(), last);
            }
            None => {}
        }
        self.modals.push(Modal::Statistics(all));
    }
}
