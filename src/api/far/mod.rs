//! A book that is served on another machine, as a session has it: its calls go over the line and come back answered.
//!
//! [`call`], the calls as values, of which the server's half answers each by its own session; `client`, the line itself,
//! or `absent` in a program that was made without it. Nothing here decides anything: rights, names and rules are the
//! server's.

#[cfg(not(feature = "client"))]
mod absent;
pub(super) mod call;
#[cfg(feature = "client")]
mod client;

#[cfg(not(feature = "client"))]
pub(super) use absent::Far;
#[cfg(feature = "client")]
pub(super) use client::Far;
