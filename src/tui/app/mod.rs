//! The model: what the screen shows, and what an event does to it. Pure: no clock, no thread, no
//! terminal, no book; time, size and answers come in as events, wishes go out as effects.
//!
//! In reading order: [`mod@event`] and [`effect`]; [`model`], all of the state; [`geometry`], where the panes
//! are; [`update`], what an event does, with its part [`answers`]; [`view`], which draws it.
//! What a pane or a window holds and does is in its own folder, in [`crate::tui::panes`] and
//! [`crate::tui::windows`].

pub mod answers;
pub mod effect;
pub mod event;
pub mod geometry;
pub mod model;
mod mouse;
mod offers;
pub mod update;
pub mod view;

pub use model::{Focus, Model};
