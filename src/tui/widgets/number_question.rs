//! The question before something is done to many, in the foot of a window that lists them: up to a few by one key, above
//! by their number, which is typed.
//!
//! Held by the windows that ask it. The default is no, and a yes needs a key pressed after the question was on the
//! screen. It knows no plan; what is done after a yes is the window's.

use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::text_field::Line;

/// Up to so many one key says yes.
pub const ONE_KEY: u64 = 25;

/// A question of how many.
#[derive(Debug, Clone, Default)]
pub struct NumberQuestion {
    /// The number, as far as it is typed; none: nothing is asked yet.
    pub typed: Option<Line>,
    /// Whether the question was on the screen as it stands.
    pub seen: bool,
    /// Why the last key did nothing, or what it did.
    pub note: Option<String>,
}

/// How a no is said.
#[derive(Debug, Clone, Copy)]
pub struct NoWords {
    /// What a wrong number did: `nothing was merged`.
    pub nothing: &'static str,
    /// What Esc does: `keeps every card`.
    pub esc: &'static str,
}

/// What a key meant to the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Nothing is asked: it is for the window.
    NotAsked,
    /// No, or nothing yet.
    NotYet,
    /// Yes.
    Yes,
}

impl NumberQuestion {
    /// Asks.
    pub fn ask(&mut self) {
        self.typed = Some(Line::default());
    }

    /// Whether it is being asked.
    pub fn is_asked(&self) -> bool {
        self.typed.is_some()
    }

    /// Takes it back: what it was about has changed.
    pub fn withdraw(&mut self) {
        (self.typed, self.seen) = (None, false);
    }

    /// Whether so many have to be typed.
    pub fn by_number(n: u64) -> bool {
        n > ONE_KEY
    }

    /// Where keys are looked up while it is asked about so many.
    pub fn layer(&self, n: u64) -> Option<Layer> {
        self.typed.as_ref().map(|_| if Self::by_number(n) { Layer::Text } else { Layer::Ask })
    }

    /// Notes that it was drawn as it stands.
    pub fn drawn(&mut self) {
        self.seen = self.typed.is_some();
    }

    /// Refuses pasted text, visibly.
    pub fn paste(&mut self) {
        self.seen = false;
        self.note = Some("Pasted text doesn't confirm anything; type it.".to_owned());
    }

    /// Takes a key that means `action` while it is about so many.
    pub fn press(&mut self, key: Key, action: Option<Action>, n: u64, no: NoWords) -> Said {
        self.note = None;
        let seen = std::mem::replace(&mut self.seen, false);
        let Some(typed) = &mut self.typed else { return Said::NotAsked };
        let unseen = || Some("You pressed that before the question appeared; press it again.".to_owned());
        match (action, key.typed(), Self::by_number(n)) {
            (Some(Action::Yes), _, false) if seen => return Said::Yes,
            (Some(Action::Yes), _, false) => self.note = unseen(),
            (Some(Action::Back), ..) | (.., false) => self.typed = None,
            (Some(Action::Accept), _, true) if typed.text() == n.to_string() && seen => return Said::Yes,
            (Some(Action::Accept), _, true) if typed.text() == n.to_string() => self.note = unseen(),
            // What follows would be taken for commands if it closed.
            (Some(Action::Accept), _, true) if !typed.text().is_empty() => {
                self.note = Some(format!("You typed {}, not {n}: {}.", typed.text(), no.nothing));
                *typed = Line::default();
            }
            (Some(edit), _, true) if typed.edit(edit) => {}
            // Digits typed faster than the screen is drawn count, once it was seen at all.
            (_, Some(c), true) if c.is_ascii_digit() && (seen || !typed.text().is_empty()) => typed.insert(c),
            (.., true) => self.note = Some(format!("Type {n} and press Enter; Esc {}.", no.esc)),
        }
        Said::NotYet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO: NoWords = NoWords { nothing: "nothing was merged", esc: "keeps every card" };

    fn press(question: &mut NumberQuestion, text: &str, action: Option<Action>, n: u64) -> Said {
        question.press(Key::parse(text).expect("a key"), action, n, NO)
    }

    #[test]
    fn a_few_take_one_key_that_was_pressed_after_the_question_was_seen() {
        let mut few = NumberQuestion::default();
        assert_eq!(press(&mut few, "y", Some(Action::Yes), 3), Said::NotAsked);
        few.ask();
        assert_eq!(few.layer(3), Some(Layer::Ask));
        assert_eq!(press(&mut few, "y", Some(Action::Yes), 3), Said::NotYet, "it was not on the screen");
        assert!(few.is_asked() && few.note.is_some());
        few.drawn();
        few.paste();
        assert_eq!(press(&mut few, "y", Some(Action::Yes), 3), Said::NotYet, "nor by what is pasted");
        few.drawn();
        assert_eq!(press(&mut few, "y", Some(Action::Yes), 3), Said::Yes);
        few.drawn();
        assert_eq!(press(&mut few, "x", None, 3), Said::NotYet);
        assert!(!few.is_asked(), "anything else is no");
    }

    #[test]
    fn many_take_their_number_and_a_wrong_one_is_told() {
        let mut many = NumberQuestion::default();
        many.ask();
        assert_eq!(many.layer(71), Some(Layer::Text));
        assert_eq!(press(&mut many, "7", None, 71), Said::NotYet);
        assert_eq!(many.typed.as_ref().map(Line::text), Some(""), "it was not on the screen");
        let typed = |many: &mut NumberQuestion, digits: &str| {
            for digit in digits.chars() {
                many.drawn();
                assert_eq!(press(many, &digit.to_string(), None, 71), Said::NotYet);
            }
        };
        typed(&mut many, "17");
        many.drawn();
        assert_eq!(press(&mut many, "enter", Some(Action::Accept), 71), Said::NotYet);
        assert_eq!(many.note.as_deref(), Some("You typed 17, not 71: nothing was merged."));
        typed(&mut many, "71");
        assert_eq!(press(&mut many, "enter", Some(Action::Accept), 71), Said::NotYet, "not seen since");
        many.drawn();
        assert_eq!(press(&mut many, "enter", Some(Action::Accept), 71), Said::Yes);
    }
}
