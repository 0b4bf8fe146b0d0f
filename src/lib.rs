//! cardfile: find, preview, bulk-delete and undo contacts, from 300 cards to a million.

pub mod cli;
pub mod config;
pub mod demo;
pub mod domain;
pub mod engine;
pub mod formats;
pub mod index;
pub mod store;
pub mod tui;
pub mod wire;
