//! From keys to actions: keys, what they can do, and the keymap between them.

pub mod action;
pub mod key;
pub mod keymap;
