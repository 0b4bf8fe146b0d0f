//! What panes and windows are drawn with and typed into: each takes what it shows, never the whole model.

pub mod area;
pub mod canvas;
pub mod frame;
pub mod fuzzy;
pub mod list_cursor;
pub mod number_question;
pub mod pages;
pub mod question;
pub mod rows;
pub mod text_field;
pub mod theme;
