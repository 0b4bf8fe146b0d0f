//! The question before quitting while jobs are at work.

pub mod view;
