//! What keys, pasted text and the passing of events do to the window on top of the stack.
//!
//! Called by [`crate::tui::app::update`]. Every window says in its own folder what they do to it; nothing
//! here knows one.

use crate::tui::app::effect::Effect;
use crate::tui::app::event::Ticket;
use crate::tui::app::model::Model;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::windows::{Modal, each_window};

/// A key as a window gets it.
#[derive(Debug, Clone, Copy)]
pub(in crate::tui) struct Press {
    /// The key.
    pub(in crate::tui) key: Key,
    /// What it means in the window's layer.
    pub(in crate::tui) action: Option<Action>,
    /// How many rows a window shows at most.
    pub(in crate::tui) page: usize,
}

/// What keys and pasted text do to a window, and what it has to ask for.
pub(in crate::tui) trait Keys {
    /// Takes a key. The window is off the stack meanwhile, and puts itself back where it stays open.
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>);

    /// Takes pasted text: as text, never as keys. Where nothing is typed it is left.
    fn on_paste(&mut self, _text: &str, _model: &Model) {}

    /// The question that it has to ask as it stands, under this ticket.
    fn asks(&mut self, _model: &Model, _ticket: Ticket) -> Option<Effect> {
        None
    }
}

macro_rules! dispatch {
    ($($(#[$doc:meta])* $name:ident: $folder:ident::$state:ident;)*) => {
        impl Modal {
            fn on_key(self, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
                match self {
                    $(Self::$name(window) => window.on_key(press, model, effects),)*
                }
            }

            fn keys(&mut self) -> &mut dyn Keys {
                match self {
                    $(Self::$name(window) => &mut **window,)*
                }
            }
        }
    };
}

each_window!(dispatch);

impl Model {
    /// Opens a window over what is there.
    pub(in crate::tui) fn show(&mut self, window: impl Into<Modal>) {
        self.modals.push(window.into());
    }

    /// Gives a key to the window on top.
    pub(in crate::tui) fn window_key(&mut self, key: Key, action: Option<Action>, effects: &mut Vec<Effect>) {
        if action == Some(Action::Suspend) {
            effects.push(Effect::Suspend);
            return;
        }
        let press = Press { key, action, page: self.window_rows() };
        if let Some(top) = self.modals.pop() {
            top.on_key(press, self, effects);
        }
    }

    /// Gives pasted text to the window on top.
    pub(in crate::tui) fn window_paste(&mut self, text: &str) {
        if let Some(mut top) = self.modals.pop() {
            top.keys().on_paste(text, self);
            self.modals.push(top);
        }
    }

    /// Asks what the window on top has to ask for.
    pub(in crate::tui) fn settle_windows(&mut self, effects: &mut Vec<Effect>) {
        let Some(mut top) = self.modals.pop() else { return };
        if let Some(effect) = top.keys().asks(self, Ticket(self.tickets + 1)) {
            self.tickets += 1;
            effects.push(effect);
        }
        self.modals.push(top);
    }
}
