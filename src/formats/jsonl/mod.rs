//! JSON Lines: one contact an object, one object a line. An array of objects, objects over several lines, the lists
//! of services, and the cards of RFC 7095 and RFC 9553 are read as well.
//!
//! Owns our own shape: the fields of [`Contact`](crate::domain::contact::Contact) by their names, empty ones
//! left out. `id`, `revision`, `list` and `import` belong to a book and are not part of a file. Called by
//! [`crate::formats`] alone.

mod card;
mod envelope;
mod foreign;
pub(super) mod frame;
mod items;
pub(in crate::formats) mod merge;
mod numbers;
pub(super) mod read;
mod shape;
pub(super) mod spec;
mod table;
mod words;
pub(super) mod write;
