//! Names and texts that stand in no CSV file, read as one row by the words of its headers.
//!
//! Owns nothing but the way in, so that a flat JSON object means what the same row of a CSV file means. Called by
//! [`crate::formats::jsonl`].

use crate::domain::contact::Contact;
use crate::formats::dates::{self, DateOrder, Told};

use super::mapping::{Mapping, Plan};
use super::row_to_contact::{self, Manner};
use super::target::Target;
use super::{columns, consent};

/// Reads rows; what names mean is looked up once for as long as they stay the same.
#[derive(Debug, Default)]
pub(in crate::formats) struct Flat {
    known: Option<(Vec<String>, Plan)>,
    manner: Manner,
    /// The order of day and month that was asked for.
    order: Option<DateOrder>,
}

/// Whether a date leaves open which of its numbers is the day.
fn is_open(text: &str) -> bool {
    DateOrder::told_by(text) == Told::Open
}

impl Flat {
    /// The same, for dates in this order.
    pub(in crate::formats) fn with_order(order: Option<DateOrder>) -> Self {
        let manner = Manner { order: order.unwrap_or_default(), ..Manner::default() };
        Self { manner, order, ..Self::default() }
    }

    /// The contact that these texts make under these names; an empty one if they say nothing.
    pub(in crate::formats) fn contact(
        &mut self,
        names: Vec<String>,
        texts: &[String],
        notes: &mut Vec<String>,
    ) -> Contact {
        let plan = match self.known.take() {
            Some((known, plan)) if known == names => plan,
            Some(_) | None => {
                let speaks = |at: &usize| consent::is_about_mail(&columns::key(&names[*at]).0);
                self.manner.about_mail = (0..names.len()).filter(speaks).collect();
                Plan::of(&Mapping::of_headers(&names, b',', 1))
            }
        };
        let cell = |at: usize| texts.get(at).map_or("", String::as_str);
        for (target, positions) in &plan.singles {
            let open = |at: &&usize| {
                matches!(target, Target::Slot(slot) if slot.is_day()) && self.order.is_none() && is_open(cell(**at))
            };
            for at in positions.iter().filter(open) {
                let day = dates::partial(cell(*at), self.manner.order).map(|day| day.to_string()).unwrap_or_default();
                notes.push(format!(
                    "{}: nothing in the file tells day from month, {} is taken as {day}; --dates dmy takes the first number for the day",
                    names[*at],
                    cell(*at),
                ));
            }
        }
        let contact = row_to_contact::contact(&plan, &self.manner, names.len(), cell, notes).unwrap_or_default();
        self.known = Some((names, plan));
        contact
    }
}
