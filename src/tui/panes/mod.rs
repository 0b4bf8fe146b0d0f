//! The panes: each a folder with what it holds, what its keys do and how it is drawn.

pub mod card;
pub mod jobs;
pub mod lists;
pub mod search;
