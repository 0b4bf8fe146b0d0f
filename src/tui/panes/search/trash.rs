//! The trash as the rows and the card show it: who deleted each contact, by which job, how long it waits.
//!
//! Known for the rows on the screen alone; what restoring and erasing do is in
//! [`crate::tui::windows::restore::keys`].

use std::collections::HashMap;

use crate::domain::contact::{ContactId, Timestamp};
use crate::domain::display::counted;
use crate::engine::answer::Trashed;
use crate::tui::app::event::Ticket;

/// What is known of the contacts of the trash that are on the screen.
#[derive(Debug, Clone, Default)]
pub struct Trash {
    known: HashMap<ContactId, Trashed>,
    asked: Vec<ContactId>,
    waiting: Option<Ticket>,
}

impl Trash {
    /// Who deleted a contact, where that is known by now.
    pub fn of(&self, id: ContactId) -> Option<&Trashed> {
        self.known.get(&id)
    }

    /// Whether these have to be asked for; one question at a time.
    pub fn wants(&self, shown: &[ContactId]) -> bool {
        self.waiting.is_none() && !shown.is_empty() && self.asked != shown
    }

    /// Takes a question as asked.
    pub fn asked(&mut self, ticket: Ticket, shown: Vec<ContactId>) {
        (self.waiting, self.asked) = (Some(ticket), shown);
    }

    /// Takes an answer; what isn't on the screen any more is forgotten.
    pub fn answered(&mut self, ticket: Ticket, rows: Vec<Trashed>) {
        if self.waiting.take_if(|asked| *asked == ticket).is_some() {
            self.known = rows.into_iter().map(|row| (row.contact, row)).collect();
        }
    }

    /// What is known may be wrong by now; it is shown until the next answer.
    pub fn stale(&mut self) {
        (self.asked, self.waiting) = (Vec::new(), None);
    }
}

/// How long ago, as people say it: `today`, `3 days ago`.
pub fn ago(then: Timestamp, now: Timestamp) -> String {
    const HOUR: i64 = 3_600_000;
    match (now.0 - then.0) / HOUR {
        ..1 => "just now".to_owned(),
        1 => "an hour ago".to_owned(),
        hours @ 2..24 => format!("{hours} hours ago"),
        24..48 => "a day ago".to_owned(),
        hours => format!("{} days ago", hours / 24),
    }
}

/// How long it still waits: `27 days`; where nothing erases it by itself, `kept`.
pub fn left(row: &Trashed) -> String {
    match row.days_left {
        None => "kept".to_owned(),
        Some(days) => counted(days.into(), "day"),
    }
}

/// All of it in a sentence: `deleted by job #12, anna, 3 days ago; erased in 27 days`.
pub fn sentence(row: &Trashed, now: Timestamp) -> String {
    let who = if row.who.is_empty() { String::new() } else { format!(", {}", row.who) };
    let until = match row.days_left {
        None => "kept until it is erased by hand".to_owned(),
        Some(0) => "erased today".to_owned(),
        Some(_) => format!("erased in {}", left(row)),
    };
    format!("deleted by job #{}{who}, {}; {until}", row.job, ago(row.deleted, now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::JobId;

    #[test]
    fn it_is_said_as_people_say_it() {
        let day = 86_400_000;
        let now = Timestamp(100 * day);
        let row = |ago: i64, days_left| Trashed {
            contact: ContactId(1),
            name: String::new(),
            address: String::new(),
            job: JobId(12),
            who: "anna".into(),
            deleted: Timestamp(now.0 - ago),
            days_left,
        };
        let said = |ago, days| sentence(&row(ago, days), now);
        assert_eq!(said(3 * day, Some(27)), "deleted by job #12, anna, 3 days ago; erased in 27 days");
        assert_eq!(said(day, Some(1)), "deleted by job #12, anna, a day ago; erased in 1 day");
        assert_eq!(said(0, None), "deleted by job #12, anna, just now; kept until it is erased by hand");
        assert_eq!(said(2 * 3_600_000, Some(0)), "deleted by job #12, anna, 2 hours ago; erased today");
        let nobody = Trashed { who: String::new(), ..row(-day, Some(30)) };
        assert_eq!(sentence(&nobody, now), "deleted by job #12, just now; erased in 30 days", "a clock that jumped");
    }

    #[test]
    fn only_what_is_on_the_screen_is_asked_for_and_only_once() {
        let mut trash = Trash::default();
        assert!(!trash.wants(&[]) && trash.wants(&[ContactId(1)]));
        trash.asked(Ticket(1), vec![ContactId(1)]);
        assert!(!trash.wants(&[ContactId(2)]), "one question at a time");
        trash.answered(Ticket(1), Vec::new());
        assert!(!trash.wants(&[ContactId(1)]) && trash.wants(&[ContactId(2)]));
        trash.stale();
        assert!(trash.wants(&[ContactId(1)]));
    }
}
