//! Texts in memory: kept end to end, looked through by predicates, sorted.
//!
//! [`text_arena`] holds the texts in segments, [`scan`] runs a [`text_predicate`] over a segment, and
//! [`text_sort`] brings them into order. Used by the columns and the searches; which field a text belongs to
//! isn't known here.

mod letter_sets;
mod multi_regex;
mod scan;
mod segment;
mod sort_keys;
pub(in crate::index) mod text_arena;
pub(in crate::index) mod text_predicate;
pub(in crate::index) mod text_sort;
