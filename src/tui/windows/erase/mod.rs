//! The question before an erase: its number is typed. It holds the plan itself: what was shown is what runs.
//!
//! The default is no, and a yes needs a key pressed after the question was on the screen.

pub mod keys;
pub mod view;

use crate::domain::plans::ErasePlan;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::restore::Chosen;
use crate::tui::windows::verdict::Verdict;
use crate::tui::windows::window::Window;

/// The question before an erase.
#[derive(Debug, Clone)]
pub struct Erase {
    /// What will be erased.
    pub plan: Box<ErasePlan>,
    /// How it was chosen.
    pub chosen: Chosen,
    /// The number, as far as it is typed.
    pub typed: Line,
    /// Whether the question was on the screen as it stands.
    pub seen: bool,
    /// Why the last key did nothing.
    pub note: Option<String>,
}

impl Erase {
    /// Takes a key that means `action` here.
    pub fn press(&mut self, key: Key, action: Option<Action>) -> Verdict {
        self.note = None;
        let seen = std::mem::replace(&mut self.seen, false);
        let goes = self.plan.items.len().to_string();
        match (action, key.typed()) {
            (Some(Action::Back), _) => return Verdict::Close,
            (Some(Action::Accept), _) if self.typed.text() == goes && seen => return Verdict::Do(()),
            (Some(Action::Accept), _) if self.typed.text() == goes => {
                self.note = Some("You pressed that before the question appeared; press it again.".to_owned());
            }
            // What follows would be taken for commands if it closed.
            (Some(Action::Accept), _) if !self.typed.text().is_empty() => {
                self.note = Some(format!("You typed {}, not {goes}: nothing was erased.", self.typed.text()));
                self.typed = Line::default();
            }
            (Some(edit), _) if self.typed.edit(edit) => {}
            // Digits typed faster than the screen is drawn count, once it was seen at all.
            (_, Some(c)) if c.is_ascii_digit() && (seen || !self.typed.text().is_empty()) => self.typed.insert(c),
            _ => self.note = Some(format!("Type {goes} and press Enter to erase; Esc keeps everything.")),
        }
        Verdict::Open
    }

    /// Refuses pasted text, visibly.
    pub fn paste(&mut self) {
        self.seen = false;
        self.note = Some("Pasted text doesn't confirm anything; type it.".to_owned());
    }
}

impl Window for Erase {
    fn layer(&self) -> Layer {
        Layer::Text
    }

    fn drawn(&mut self) {
        self.seen = true;
    }
}
