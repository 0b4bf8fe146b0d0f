//! Delimited text to contacts: any delimiter, any header, preamble lines, ragged rows.
//!
//! In reading order: [`target`], what a column can hold; [`headers`], [`tongues`] and [`columns`], what headers mean;
//! [`mapping`], which column goes where; [`tokenizer`], rows out of bytes; [`sniff`] and [`date_order`], delimiter, header
//! row and what dates mean; [`row_to_contact`], [`consent`], [`repair`] and [`multi_values`], a row to a contact;
//! [`unique_field`], what finds no field; [`reader`], the stream; [`flat`], a row of named texts; [`write`], [`google`] and
//! [`outlook`], the way back in [`escape`]; [`google_columns`], what Google's `File As` says.
//! Called by [`crate::formats`] alone.

pub(super) mod columns;
pub(super) mod consent;
mod date_order;
pub(super) mod escape;
pub(super) mod flat;
pub(super) mod google;
mod google_columns;
mod header_key;
mod headers;
pub(super) mod mapping;
mod multi_values;
pub(super) mod outlook;
pub(super) mod reader;
pub(super) mod repair;
mod row_to_contact;
mod sniff;
pub(super) mod spec;
pub(super) mod target;
mod tokenizer;
mod tongues;
mod unique_field;
mod vocabulary;
pub(super) mod write;
