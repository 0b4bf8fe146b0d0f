//! What keys do in the builder's window; the clause it makes is put into the criteria by the clauses' own keys.

use crate::tui::app::effect::Effect;
use crate::tui::app::event::Ticket;
use crate::tui::app::model::Model;
use crate::tui::windows::Modal;
use crate::tui::windows::builder::{Builder, Terms};
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::verdict::Verdict;

impl Keys for Builder {
    fn on_key(mut self: Box<Self>, press: Press, model: &mut Model, _: &mut Vec<Effect>) {
        let terms = Terms { vocabulary: &model.vocabulary, today: &model.today };
        match self.press(press.key, press.action, press.page, terms) {
            Verdict::Open => model.modals.push(Modal::Builder(self)),
            Verdict::Close => {}
            Verdict::Do(criteria) => model.edit(self.placed(&model.search.draft, &criteria)),
        }
    }

    fn on_paste(&mut self, text: &str, model: &Model) {
        self.paste(text, Terms { vocabulary: &model.vocabulary, today: &model.today });
    }

    fn asks(&mut self, _: &Model, ticket: Ticket) -> Option<Effect> {
        let field = self.wants_values()?;
        self.waiting = Some((ticket, field.clone()));
        Some(Effect::Values(ticket, field))
    }
}

impl Model {
    /// Takes the values that a field has in the book.
    pub(in crate::tui) fn take_values(&mut self, ticket: Ticket, values: Vec<(String, u64)>) {
        let terms = Terms { vocabulary: &self.vocabulary, today: &self.today };
        let Some(Modal::Builder(builder)) = self.modals.last_mut() else { return };
        if let Some((_, field)) = builder.waiting.take_if(|(asked, _)| *asked == ticket) {
            builder.take_values(field, values, terms);
        }
    }
}
