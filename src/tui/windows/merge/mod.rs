//! Merging marked contacts: the window, its keys and its view.

pub mod keys;
pub mod view;
