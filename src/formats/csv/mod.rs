//! Delimited text to contacts: any delimiter, any header, preamble lines, ragged rows.
//!
//! In reading order: [`target`], what a column can hold; [`headers`] and [`columns`], what headers mean;
//! [`mapping`], which column goes where; [`split`], rows out of bytes; [`sniff`], delimiter and header row;
//! [`fill`] and [`items`], a row to a contact; [`rows`], the stream;
//! [`write`], [`google`] and [`outlook`], the way back in [`cells`]; [`filed`], what Google's `File As` says.
//! Called by [`crate::formats`] alone.

pub(super) mod cells;
pub(super) mod columns;
mod filed;
mod fill;
pub(super) mod google;
mod headers;
mod items;
pub(super) mod mapping;
pub(super) mod outlook;
pub(super) mod rows;
mod sniff;
mod split;
pub(super) mod target;
pub(super) mod write;
