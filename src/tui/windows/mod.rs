//! The windows over the panes: a stack of values. Keys go to the top one, drawing goes from the bottom.
//!
//! A window is a folder: its `mod.rs` holds its state and says in which layer its keys are looked up
//! ([`Window`]), its `keys.rs` says what keys, pasted text and answers do to it, its `view.rs` draws it.
//! [`each_window`] is the one list of them; the stack, [`mod@keys`] and [`view`] are made of it.
//!
//! To add a window:
//!
//! 1. its folder here: `mod.rs` (the state, `impl Window`), `keys.rs` (`impl Keys`, and on the model what opens
//!    it and what takes its answers), `view.rs` (`draw`);
//! 2. its row in [`each_window`];
//! 3. its actions in [`crate::tui::input::action`], where it has some that nothing else has;
//! 4. its keys in `assets/keymap.toml`: in a layer that is there (`window`, `picker`, `ask`, `text`), or in one of
//!    its own, a row in `input/keymap/layers.rs`.
//!
//! What asks the engine has an effect and an answer besides, in [`crate::tui::app`].

pub mod account_form;
pub mod accounts;
pub mod ask;
pub mod builder;
pub mod bulk_edit;
pub mod card_form;
pub mod changes;
pub mod columns;
pub mod confirm;
pub mod erase;
pub mod export;
pub mod find;
pub mod fixes;
pub mod groups;
pub mod help;
pub mod import;
pub mod job;
pub mod keys;
pub mod labels;
pub mod log;
pub mod merge;
pub mod message;
pub mod picker;
pub mod prompt;
pub mod qr;
pub mod quit;
pub mod restore;
pub mod save_search;
pub mod searches_file;
pub mod sort;
pub mod stats;
pub mod unsubscribers;
pub mod verdict;
pub mod view;
pub mod waiting;
pub mod window;

use crate::tui::input::keymap::Layer;
use crate::tui::windows::window::Window;

/// THE table of windows: the name of each in the stack, its folder, and what it holds.
macro_rules! each_window {
    ($apply:ident) => {
        $apply! {
            /// Something is being looked up.
            Waiting: waiting::Waiting;
            /// The question before a delete.
            Confirm: confirm::Confirm;
            /// Yes or no.
            Ask: ask::Ask;
            /// Jobs are at work and the user wants to quit.
            Quit: quit::Quit;
            /// A picker.
            Picker: picker::Picker;
            /// A clause is being added or changed.
            Builder: builder::Builder;
            /// A contact is being found.
            Find: find::Find;
            /// A search is being saved.
            Save: save_search::Save;
            /// A file for saved searches is being typed.
            SearchesFile: searches_file::SearchesFile;
            /// An order is being picked.
            Sorting: sort::Sorting;
            /// The table's columns are being arranged.
            Arranging: columns::Arranging;
            /// The statistics of what matches.
            Statistics: stats::Statistics;
            /// The keys.
            Help: help::Help;
            /// A job.
            Job: job::JobWindow;
            /// What would come back clashes.
            Clashes: restore::Clashes;
            /// The question before an erase.
            Erase: erase::Erase;
            /// A text is asked for.
            Prompt: prompt::Prompt;
            /// The Unsubscribers.
            Unsubscribers: unsubscribers::UnsubscribersWindow;
            /// The accounts.
            Accounts: accounts::Accounts;
            /// An account is being added.
            AccountForm: account_form::AccountForm;
            /// The audit log.
            Log: log::Log;
            /// A card is being changed or added.
            Form: card_form::Form;
            /// Labels are being given and taken.
            Labels: labels::Labels;
            /// The question before an edit of many contacts.
            BulkEdit: bulk_edit::BulkEdit;
            /// Cards are being merged.
            Merging: merge::Merging;
            /// Groups of duplicates, before they are merged.
            Groups: groups::Groups;
            /// What could be fixed, a line a kind.
            Fixes: fixes::Fixes;
            /// What a fix would change, a line a contact.
            Changes: changes::Changes;
            /// A card as a QR code.
            Qr: qr::Qr;
            /// An import before it is started.
            Import: import::Importing;
            /// An export, before it is started and at work.
            Export: export::Exporting;
            /// Something that has to be read.
            Message: message::Message;
        }
    };
}
pub(in crate::tui) use each_window;

macro_rules! stack {
    ($($(#[$doc:meta])* $name:ident: $folder:ident::$state:ident;)*) => {
        /// A window over the panes.
        #[derive(Debug, Clone)]
        pub enum Modal {
            $($(#[$doc])* $name(Box<$folder::$state>),)*
        }

        impl Modal {
            fn window(&self) -> &dyn Window {
                match self {
                    $(Self::$name(window) => &**window,)*
                }
            }

            fn window_mut(&mut self) -> &mut dyn Window {
                match self {
                    $(Self::$name(window) => &mut **window,)*
                }
            }
        }

        $(impl From<$folder::$state> for Modal {
            fn from(window: $folder::$state) -> Self {
                Self::$name(Box::new(window))
            }
        })*
    };
}

each_window!(stack);

impl Modal {
    /// Where its keys are looked up.
    pub fn layer(&self) -> Layer {
        self.window().layer()
    }

    /// Notes that the user can have seen it.
    pub(in crate::tui) fn drawn(&mut self) {
        self.window_mut().drawn();
    }

    /// Whether the Search pane stays in the light beneath it.
    pub fn lights_search(&self) -> bool {
        self.window().lights_search()
    }
}
