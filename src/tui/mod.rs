//! Floor 5: the terminal UI. The runtime feeds events to the model, runs the effects it asks for and
//! draws it; the other modules are values and pure functions.
//!
//! In reading order: [`key`], [`action`] and [`keymap`]; [`event`] in, [`effect`] out; [`model`];
//! [`theme`] and [`view`]. Called by main alone.

pub mod action;
pub mod effect;
pub mod event;
pub mod key;
pub mod keymap;
mod latest;
pub mod model;
pub mod runtime;
pub mod terminal;
pub mod theme;
pub mod view;

pub use runtime::{Options, TuiError, run};
