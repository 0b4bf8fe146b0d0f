//! The Unsubscribers' window: a list that is read whole, narrowed by what is typed and looked through.
//!
//! It holds what was read and where the user is; what changes anything is the model's.

pub mod keys;
pub mod view;

use std::cell::OnceCell;

use crate::domain::fold::fold_accents;
use crate::engine::answer::Unsubscriber;
use crate::tui::app::event::Ticket;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::window::Window;

/// The Unsubscribers' window.
#[derive(Debug, Clone, Default)]
pub struct UnsubscribersWindow {
    all: Option<Vec<Unsubscriber>>,
    found: OnceCell<Vec<usize>>,
    /// The question under way.
    pub waiting: Option<Ticket>,
    /// Whether they have to be read.
    pub stale: bool,
    /// What narrows them.
    pub text: Line,
    /// Whether it is being typed.
    pub typing: bool,
    /// The one under the cursor.
    pub cursor: usize,
    /// The first one on the screen.
    pub top: usize,
}

impl UnsubscribersWindow {
    /// A window that has read nothing yet.
    pub fn new() -> Self {
        Self { stale: true, ..Self::default() }
    }

    /// Takes them, as they were read.
    pub fn take(&mut self, all: Vec<Unsubscriber>) {
        self.all = Some(all);
        self.narrow();
    }

    /// How many there are in all; none before they are read.
    pub fn all(&self) -> Option<usize> {
        self.all.as_ref().map(Vec::len)
    }

    /// Takes a key while the filter is typed.
    pub fn edit(&mut self, key: Key, action: Option<Action>) {
        self.text.press(key, action);
        self.narrow();
    }

    /// Begins at the top again: what is typed has changed.
    pub fn narrow(&mut self) {
        self.found = OnceCell::new();
        self.cursor = self.cursor.min(self.found().len().saturating_sub(1));
        self.top = self.top.min(self.cursor);
    }

    /// How many are left.
    pub fn len(&self) -> usize {
        self.found().len()
    }

    /// Whether none is left.
    pub fn is_empty(&self) -> bool {
        self.found().is_empty()
    }

    /// One of those that are left.
    pub fn get(&self, at: usize) -> Option<&Unsubscriber> {
        self.all.as_ref()?.get(*self.found().get(at)?)
    }

    /// Puts the cursor on one and that among `height` lines.
    pub fn move_to(&mut self, at: usize, height: usize) {
        self.cursor = at.min(self.len().saturating_sub(1));
        self.top = self.top.min(self.cursor).max((self.cursor + 1).saturating_sub(height.max(1)));
    }

    fn found(&self) -> &[usize] {
        self.found.get_or_init(|| {
            let wanted = fold_accents(self.text.text()).into_owned();
            let holds = |one: &Unsubscriber| {
                let texts = [&*one.who.shown(), &one.source];
                wanted.is_empty() || texts.into_iter().any(|text| fold_accents(text).contains(&wanted))
            };
            let all = self.all.iter().flatten().enumerate();
            all.filter(|(_, one)| holds(one)).map(|(at, _)| at).collect()
        })
    }
}

impl Window for UnsubscribersWindow {
    fn layer(&self) -> Layer {
        if self.typing { Layer::Picker } else { Layer::Addresses }
    }
}
