//! The terminal UI without a terminal: keys in, state, effects and screens out, over a small book that
//! answers by the domain's own definitions, and some of it over a real engine as well.

#![allow(clippy::panic, reason = "a story that can't go on has failed")]

mod accounts;
mod book;
mod both;
mod bringing;
mod building;
mod editing;
mod everyday;
mod finding;
mod hostile;
mod keys;
mod random;
mod real;
mod safety;
mod screens;
mod story;
mod table;
mod trusting;
