//! A field of text with a cursor: the query line, the count, the word, a picker's filter.
//!
//! Used by the panes and modals of the model. It takes typed characters and pasted text as text, and
//! never more than [`Line::LIMIT`] characters.

use tui_input::{Input, InputRequest};

use crate::tui::input::action::Action;
use crate::tui::input::key::Key;

/// A field of text.
#[derive(Debug, Clone, Default)]
pub struct Line {
    input: Input,
}

impl Line {
    /// The most characters that it takes; a paste is cut there.
    pub const LIMIT: usize = crate::domain::syntax::MAX_LINE;

    /// A field that holds this text, the cursor behind it.
    pub fn new(text: &str) -> Self {
        let mut line = Self::default();
        line.set(text);
        line
    }

    /// What it holds.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// The cursor, in bytes.
    pub fn cursor(&self) -> usize {
        self.text().char_indices().nth(self.input.cursor()).map_or(self.text().len(), |(at, _)| at)
    }

    /// Replaces the text; the cursor goes behind it.
    pub fn set(&mut self, text: &str) {
        let clean: String = text.chars().map(plain).take(Self::LIMIT).collect();
        self.input = Input::new(clean);
    }

    /// Inserts a typed character.
    pub fn insert(&mut self, c: char) {
        if self.text().chars().count() < Self::LIMIT && !c.is_control() {
            self.input.handle(InputRequest::InsertChar(c));
        }
    }

    /// Inserts pasted text at the cursor, line ends as spaces.
    pub fn paste(&mut self, text: &str) {
        let room = Self::LIMIT.saturating_sub(self.text().chars().count());
        let clean: String = text.trim_end_matches(['\r', '\n']).chars().map(plain).take(room).collect();
        let at = self.cursor();
        let cursor = self.input.cursor() + clean.chars().count();
        let whole = format!("{}{clean}{}", &self.text()[..at], &self.text()[at..]);
        self.input = Input::new(whole).with_cursor(cursor);
    }

    /// Takes a key that means `action` here, as an edit or as the character it types; whether it was either.
    pub fn press(&mut self, key: Key, action: Option<Action>) -> bool {
        if action.is_some_and(|action| self.edit(action)) {
            return true;
        }
        key.typed().map(|c| self.insert(c)).is_some()
    }

    /// Does an editing action; whether it was one.
    pub fn edit(&mut self, action: Action) -> bool {
        let request = match action {
            Action::EditLeft => InputRequest::GoToPrevChar,
            Action::EditRight => InputRequest::GoToNextChar,
            Action::EditWordLeft => InputRequest::GoToPrevWord,
            Action::EditWordRight => InputRequest::GoToNextWord,
            Action::EditHome => InputRequest::GoToStart,
            Action::EditEnd => InputRequest::GoToEnd,
            Action::EditBackspace => InputRequest::DeletePrevChar,
            Action::EditDelete => InputRequest::DeleteNextChar,
            Action::EditWord => InputRequest::DeletePrevWord,
            Action::EditRest => InputRequest::DeleteTillEnd,
            Action::EditClear => InputRequest::DeleteLine,
            _ => return false,
        };
        self.input.handle(request);
        true
    }
}

/// Control characters of a paste are blanks in a line.
fn plain(c: char) -> char {
    if c.is_control() { ' ' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paste_is_one_line_at_the_cursor_and_has_an_end() {
        let mut line = Line::new("ad");
        line.edit(Action::EditLeft);
        line.paste("b\nc\r\n");
        assert_eq!((line.text(), line.cursor()), ("ab cd", 4));
        line.paste(&"x".repeat(1_000_000));
        assert_eq!(line.text().chars().count(), Line::LIMIT);
        line.insert('y');
        assert_eq!(line.text().chars().count(), Line::LIMIT);
    }

    #[test]
    fn erasing_takes_a_whole_character_as_people_see_it() {
        let mut line = Line::new("a👩\u{200d}👩\u{200d}👧é");
        line.edit(Action::EditBackspace);
        line.edit(Action::EditBackspace);
        assert_eq!(line.text(), "a");
    }
}
