//! JSON Lines: one contact an object, one object a line.
//!
//! Owns our own shape: the fields of [`Contact`](crate::domain::contact::Contact) by their names, empty ones
//! left out. `id`, `revision`, `list` and `import` belong to a book and are not part of a file. Called by
//! [`crate::formats`] alone.

pub(super) mod read;
pub(super) mod write;
