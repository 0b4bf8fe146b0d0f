//! Stories of programs that use a book from outside: keys, both APIs, real clients of them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, an error that is not expected ends it")]

#[path = "../common/mod.rs"]
mod common;

mod http;
mod keys;
mod lists;
mod server;
