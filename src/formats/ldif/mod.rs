//! LDIF (RFC 2849): what directories and Thunderbird export.
//!
//! In reading order: [`entry`], entries out of lines; [`attributes`], what an attribute is called and where it
//! goes; [`read`], the stream of contacts; [`write`], the way back; [`spec`], the row in the table of formats.

mod attributes;
mod entry;
mod read;
pub(super) mod spec;
mod write;
