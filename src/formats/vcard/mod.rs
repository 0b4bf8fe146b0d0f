//! vCard 2.1, 3.0 and 4.0 to contacts: every card of a stream, also among broken ones.
//!
//! In reading order: [`unfold`], content lines out of bytes; [`framer`], cards out of lines; [`content_line`], what a
//! line is wrapped in; [`property`], what it means; [`extra_params`], what is kept beside an item;
//! [`card_to_contact`], a card to a contact; [`own_properties`], what vCard has none for; [`groups`], cards that are
//! groups of others; [`cards`], the stream; [`write`] and [`group_cards`], the way back; [`patch`], a card
//! changed in place. Called by
//! [`crate::formats`] alone.
//!
//! The grammar of a property is calcard's. Ours is what it can't do: a card's charset may differ from line to
//! line, what has no field must be kept as it stands, and a card that is cut short must not swallow the next one.

mod card_to_contact;
pub(super) mod cards;
mod content_line;
pub(super) mod extra_params;
mod framer;
pub(super) mod group_cards;
mod groups;
mod opt_out;
mod org;
mod own_properties;
pub(super) mod patch;
mod property;
pub(super) mod spec;
mod unfold;
pub(super) mod write;
