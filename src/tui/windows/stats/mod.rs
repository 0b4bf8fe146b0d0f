//! The statistics of what matches, as bars: by list, label, domain, country and so on; a bar becomes a clause.
//!
//! It holds an answer and where the user is; what it asks for is in [`keys`].

pub mod keys;
pub mod view;

use crate::domain::criteria::{Clause, Criteria, DateSpec, DateTest, TextOp};
use crate::domain::field::Field;
use crate::domain::query::Query;
use crate::domain::slot::Slot;
use crate::engine::answer::Tally;
use crate::tui::app::event::Ticket;
use crate::tui::input::keymap::Layer;
use crate::tui::windows::window::Window;

/// The statistics' window.
#[derive(Debug, Clone)]
pub struct Statistics {
    /// What is looked at.
    pub query: Query,
    /// By which of [`fields`].
    pub by: usize,
    /// What it looks like; none before it is counted.
    pub answer: Option<Tally>,
    /// The question under way.
    pub waiting: Option<Ticket>,
    /// The bar under the cursor.
    pub cursor: usize,
}

/// By what contacts are counted, each with its word.
pub fn fields() -> [(Field, &'static str); 9] {
    [
        (Field::List, "list"),
        (Field::Label, "label"),
        (Field::Domain, "domain"),
        (Field::Slot(Slot::Company), "company"),
        (Field::Country, "country"),
        (Field::City, "city"),
        (Field::Slot(Slot::Source), "source"),
        (Field::Active, "active"),
        (Field::Created, "created"),
    ]
}

impl Statistics {
    /// Of what a query finds; nothing is counted yet.
    pub fn new(query: Query) -> Self {
        Self { query, by: 0, answer: None, waiting: None, cursor: 0 }
    }

    /// The field that is counted by, and its word.
    pub fn field(&self) -> (Field, &'static str) {
        let [first, ..] = fields();
        fields().into_iter().nth(self.by).unwrap_or(first)
    }

    /// Counts by the next field, or the one before.
    pub fn turn(&mut self, back: bool) {
        let all = fields().len();
        self.by = if back { (self.by + all - 1) % all } else { (self.by + 1) % all };
        (self.answer, self.waiting, self.cursor) = (None, None, 0);
    }

    /// The clause that the bar under the cursor stands for.
    pub fn clause(&self) -> Option<Criteria> {
        let (value, _) = self.answer.as_ref()?.values.get(self.cursor)?;
        clause(&self.field().0, value)
    }
}

/// The clause that holds for who has a value.
pub fn clause(field: &Field, value: &str) -> Option<Criteria> {
    let (field, values) = (field.clone(), vec![value.to_owned()]);
    let clause = match field {
        Field::List | Field::Label => Clause::Set { field, values },
        Field::Active | Field::Created => {
            let (year, month) = value.split_once('-')?;
            let test = DateTest::On(DateSpec::Month(year.parse().ok()?, month.parse().ok()?));
            Clause::Date { field, test }
        }
        _ => Clause::Text { field, op: TextOp::Exactly, values },
    };
    Some(Criteria::Clause(clause))
}

impl Window for Statistics {
    fn layer(&self) -> Layer {
        Layer::Statistics
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::syntax::print;

    #[test]
    fn a_bar_is_a_clause_that_finds_it() {
        let line = |field: Field, value: &str| clause(&field, value).map(|clause| print(&clause)).unwrap_or_default();
        assert_eq!(line(Field::Domain, "x.example"), "domain=x.example");
        assert_eq!(line(Field::List, "Trade fair"), "list:\"Trade fair\"");
        assert_eq!(line(Field::Active, "2026-11"), "active:2026-11");
        assert_eq!(clause(&Field::Active, "soon"), None);
    }

    #[test]
    fn the_fields_go_round() {
        let mut all = Statistics::new(Query::default());
        all.turn(true);
        assert_eq!(all.field().1, "created");
        all.turn(false);
        assert_eq!(all.field().1, "list");
    }
}
