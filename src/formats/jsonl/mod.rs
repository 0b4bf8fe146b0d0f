//! JSON Lines: one contact an object, one object a line. An array of objects, and objects over several lines, are
//! read as well.
//!
//! Owns our own shape: the fields of [`Contact`](crate::domain::contact::Contact) by their names, empty ones
//! left out. `id`, `revision`, `list` and `import` belong to a book and are not part of a file. Called by
//! [`crate::formats`] alone.

pub(super) mod frame;
pub(in crate::formats) mod merge;
pub(super) mod read;
pub(super) mod spec;
pub(super) mod write;
