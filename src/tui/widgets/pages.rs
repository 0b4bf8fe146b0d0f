//! Which rows of a long list are on the screen, and which of them are being read.
//!
//! Held by windows that list more than they hold: rows are asked for around the cursor as it moves. It knows no row.

use std::ops::Range;

use crate::tui::input::action::Action;
use crate::tui::widgets::list_cursor::moved;

/// The rows on the screen; a question for more of them has a ticket of type `T`.
#[derive(Debug, Clone)]
pub struct Pages<T> {
    /// The row under the cursor.
    pub cursor: usize,
    /// The first one on the screen.
    pub top: usize,
    reading: Option<(T, Range<usize>)>,
}

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self { cursor: 0, top: 0, reading: None }
    }
}

impl<T: PartialEq> Pages<T> {
    /// Goes where an action leads among so many rows; false: it doesn't move.
    pub fn travel(&mut self, action: Action, page: usize, of: usize) -> bool {
        let moves = matches!(
            action,
            Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::Top | Action::Bottom
        );
        if moves {
            self.cursor = moved(action, self.cursor, page, of.saturating_sub(1));
        }
        moves
    }

    /// Keeps the cursor among so many rows; what was read of them holds no more.
    pub fn of_anew(&mut self, of: usize) {
        self.cursor = self.cursor.min(of.saturating_sub(1));
        self.reading = None;
    }

    /// Scrolls so that the cursor is among the rows on the screen. Where one of them isn't known, the rows around them
    /// come back, to be asked for under this ticket.
    pub fn wanted(
        &mut self,
        (rows, of): (usize, usize),
        ticket: T,
        is_known: impl Fn(usize) -> bool,
    ) -> Option<Range<usize>> {
        let rows = rows.max(1);
        let last = of.saturating_sub(rows);
        self.top = self.top.clamp((self.cursor + 1).saturating_sub(rows), self.cursor).min(last);
        let shown = self.top..(self.top + rows).min(of);
        let is_read = self.reading.as_ref().is_some_and(|(_, read)| read.start <= shown.start && shown.end <= read.end);
        if is_read || shown.clone().all(is_known) {
            return None;
        }
        let around = shown.start.saturating_sub(rows)..(shown.end + rows).min(of);
        self.reading = Some((ticket, around.clone()));
        Some(around)
    }

    /// Whether rows were asked for under this ticket.
    pub fn is_reading(&self, ticket: &T) -> bool {
        self.reading.as_ref().is_some_and(|(asked, _)| asked == ticket)
    }

    /// The rows that were asked for last.
    pub fn reading(&self) -> Range<usize> {
        self.reading.as_ref().map_or(0..0, |(_, rows)| rows.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_asked_for_around_the_screen_and_once() {
        let mut pages = Pages::default();
        assert_eq!(pages.wanted((3, 100), 1, |_| false), Some(0..6));
        assert_eq!(pages.wanted((3, 100), 2, |_| false), None, "they are on their way");
        assert!(pages.is_reading(&1) && !pages.is_reading(&2));
        assert!(pages.travel(Action::Bottom, 3, 100) && !pages.travel(Action::Mark, 3, 100));
        assert_eq!(pages.wanted((3, 100), 3, |_| false), Some(94..100));
        assert_eq!((pages.cursor, pages.top, pages.reading()), (99, 97, 94..100));
        pages.of_anew(2);
        assert_eq!(pages.wanted((3, 2), 4, |at| at < 2), None, "all of them are known");
        assert_eq!((pages.cursor, pages.top), (1, 0));
    }
}
