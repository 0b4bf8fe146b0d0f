//! The panes: each a folder with what it holds, what its keys do and how it is drawn; what an action does
//! whichever of them has the focus is in [`mod@keys`].

pub mod card;
pub mod jobs;
pub mod keys;
pub mod lists;
pub mod search;
