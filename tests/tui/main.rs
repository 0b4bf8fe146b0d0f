//! The terminal UI without a terminal: keys in, state, effects and screens out, over a small book that
//! answers by the domain's own definitions.

#![allow(clippy::panic, reason = "a story that can't go on has failed")]

mod book;
mod bringing;
mod building;
mod editing;
mod finding;
mod hostile;
mod keys;
mod random;
mod screens;
mod story;
mod table;
mod trusting;
