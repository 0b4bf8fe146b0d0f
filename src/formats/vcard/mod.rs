//! vCard 2.1, 3.0 and 4.0 to contacts: every card of a stream, also among broken ones.
//!
//! In reading order: [`lines`], content lines out of bytes; [`frame`], cards out of lines; [`line`], what a line is
//! wrapped in; [`property`], what it means; [`kept`], what is kept beside an item; [`fill`], a card to a contact;
//! [`cards`], the stream; [`write`], the way back. Called by [`crate::formats`] alone.
//!
//! The grammar of a property is calcard's. Ours is what it can't do: a card's charset may differ from line to
//! line, what has no field must be kept as it stands, and a card that is cut short must not swallow the next one.

pub(super) mod cards;
mod fill;
mod frame;
pub(super) mod kept;
mod line;
mod lines;
mod org;
mod property;
pub(super) mod write;
