//! vCard 2.1, 3.0 and 4.0 to contacts: every card of a stream, also among broken ones.
//!
//! In reading order: [`lines`], content lines out of bytes; [`frame`], cards out of lines; [`property`], one
//! line's name, parameters and value; [`fill`], a card to a contact; [`cards`], the stream; [`write`], the way back.
//! Called by [`crate::formats`] alone.
//!
//! The lexing is done here and not by a library: a card's charset may differ from line to line, what has no
//! field must be kept as it stands, and a card that is cut short must not swallow the next one.

pub(super) mod cards;
mod fill;
mod frame;
mod lines;
mod property;
pub(super) mod write;
