//! Delimited text to contacts: any delimiter, any header, preamble lines, ragged rows.
//!
//! In reading order: [`target`], what a column can hold; [`headers`] and [`columns`], what headers mean;
//! [`mapping`], which column goes where; [`tokenizer`], rows out of bytes; [`sniff`], delimiter and header row;
//! [`row_to_contact`] and [`multi_values`], a row to a contact; [`reader`], the stream;
//! [`write`], [`google`] and [`outlook`], the way back in [`escape`]; [`google_columns`], what Google's `File As` says.
//! Called by [`crate::formats`] alone.

pub(super) mod columns;
pub(super) mod escape;
pub(super) mod flat;
pub(super) mod google;
mod google_columns;
mod headers;
pub(super) mod mapping;
mod multi_values;
pub(super) mod outlook;
pub(super) mod reader;
mod row_to_contact;
mod sniff;
pub(super) mod spec;
pub(super) mod target;
mod tokenizer;
pub(super) mod write;
