//! Stories of programs that use a book from outside: keys, both APIs, real clients of them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, an error that is not expected ends it")]
#![allow(clippy::print_stdout, reason = "what is skipped, and how many cases were tried, is said")]
#![allow(clippy::needless_pass_by_value, reason = "a body is written where it is sent")]
#![allow(clippy::too_many_lines, reason = "a table of cases is as long as it has cases")]

#[path = "../common/mod.rs"]
mod common;

mod around;
mod campaign;
mod clients;
mod contacts;
mod http;
mod keys;
mod lists;
mod live;
mod permissions;
mod schemas;
mod server;
mod thin;
