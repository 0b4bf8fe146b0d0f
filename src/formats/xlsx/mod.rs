//! Excel workbooks (`.xlsx`), by the crate calamine.
//!
//! In reading order: [`cells`], what people see of a cell; [`read`], a sheet as rows for the reader of delimited
//! text, so that headers are understood in one place; [`spec`], the row in the table of formats.

mod cells;
mod read;
pub(super) mod spec;
