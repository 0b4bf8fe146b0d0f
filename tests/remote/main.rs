//! Live address books as lists: what is there is what is shown, and what a job says is what is there.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a story that can't go on has failed")]

mod campaign;
mod carddav;
mod command_line;
#[path = "../common/mod.rs"]
mod common;
#[path = "../common/dav_server.rs"]
mod dav_server;
mod desk;
mod faults;
mod real;
#[cfg(feature = "serve")]
#[allow(dead_code, reason = "what is asked by hand is a part of it")]
#[path = "../served/server.rs"]
mod server;
#[cfg(feature = "serve")]
mod site;
#[cfg(feature = "postgres")]
mod tls;
mod vdir;
