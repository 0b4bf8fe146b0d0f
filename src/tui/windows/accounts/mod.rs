//! The window of the accounts: where live lists live, how each stands, and what is being taken over.
//!
//! It holds what was read and where the user is; what asks anything of an account is the model's, by effects.

pub mod following;
pub mod keys;
pub mod view;

use std::collections::HashMap;

use crate::domain::contact::{ListId, Timestamp};
use crate::engine::answer::{AccountView, Check};
use crate::tui::app::event::{Ticket, Told};
use crate::tui::input::keymap::Layer;
use crate::tui::windows::window::Window;

/// The window.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    /// The accounts by name; none before they are read.
    pub all: Option<Vec<AccountView>>,
    /// The question under way.
    pub waiting: Option<Ticket>,
    /// Whether they have to be read.
    pub stale: bool,
    /// The one under the cursor.
    pub cursor: usize,
    /// What was found when one was looked at step by step; it covers the list.
    pub checks: Option<Checks>,
}

/// An account that is looked at step by step.
#[derive(Debug, Clone, Default)]
pub struct Checks {
    /// Its name.
    pub account: String,
    /// The question under way.
    pub waiting: Option<Ticket>,
    /// What was found, in order.
    pub found: Vec<Check>,
}

/// What is being taken over from where contacts live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulling {
    /// The question under way.
    pub ticket: Ticket,
    /// Of what, in a word.
    pub what: String,
    /// How far it is.
    pub told: Told,
    /// Whether nobody asked for it: then it only speaks where it has something to say.
    pub is_quiet: bool,
}

/// When what changed where live lists live is taken over without being asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pulls {
    /// Once the program is started.
    pub on_start: bool,
    /// After so many minutes each time; 0: never.
    pub minutes: u32,
}

/// What is known of where live lists live.
#[derive(Debug, Clone, Default)]
pub struct Following {
    pub(in crate::tui) pulls: Pulls,
    /// When everything was taken over last, or was tried to; none: not yet.
    pub(in crate::tui) pulled: Option<Timestamp>,
    /// When folders were looked at last.
    pub(in crate::tui) looked: Option<Timestamp>,
    /// The question under way.
    pub(in crate::tui) looking: Option<Ticket>,
    /// What tells that a folder is as it was, by its list.
    pub(in crate::tui) marks: HashMap<ListId, u64>,
    /// Lists whose folders have changed.
    pub(in crate::tui) changed: Vec<ListId>,
}

impl Accounts {
    /// A window that has read nothing yet.
    pub fn new() -> Self {
        Self { stale: true, ..Self::default() }
    }

    /// The account under the cursor.
    pub fn current(&self) -> Option<&AccountView> {
        self.all.as_ref()?.get(self.cursor)
    }

    /// Takes them, as they were read.
    pub fn take(&mut self, all: Vec<AccountView>) {
        self.cursor = self.cursor.min(all.len().saturating_sub(1));
        self.all = Some(all);
    }
}

impl Pulling {
    /// How far it is, in words.
    pub fn words(&self) -> String {
        use crate::domain::display::thousands;
        match self.told.of {
            0 => format!("Taking over {} \u{2026}", self.what),
            of => format!("Taking over {}: {} of {} cards", self.what, thousands(self.told.done), thousands(of)),
        }
    }
}

impl Window for Accounts {
    fn layer(&self) -> Layer {
        Layer::Accounts
    }
}
