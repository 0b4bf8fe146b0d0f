//! Floor 5: the terminal UI. The runtime feeds events to the model, runs the effects it asks for and
//! draws it; the other modules are values and pure functions.
//!
//! In reading order: [`input`], from keys to actions; [`app`], the model, events in, effects out; [`panes`] and
//! the [`windows`] over them, each a folder with its state, its keys and its view; [`widgets`], what they are
//! drawn with; [`runtime`], the loop and the terminal. Called by main alone.

pub mod app;
pub mod input;
pub mod panes;
pub mod runtime;
pub mod widgets;
pub mod windows;

pub use runtime::terminal::Tells;
pub use runtime::{Options, TuiError, run};
pub use windows::accounts::Pulls;
