//! Floor 5: the face for programs: both APIs over HTTP, the mailing-list API over a pipe too, and agents' tools.
//!
//! It transports: what a call means, who may make it and what comes of it is the contract's (`crate::api`). In reading
//! order: [`gate`], who comes with which key, how often; [`joined`], equal calls that are one; [`jsonrpc`], the
//! mailing-list API's envelope and methods; [`contacts`], the contacts API's routes; `contract`, the contract itself; `oauth`, tokens in place of keys; [`stdio`], frames over a pipe; [`http`], connections; [`openapi`] and `schemas`, what they offer; [`mcp`], tools for agents. Nothing here prints.

pub mod contacts;
mod contract;
pub mod gate;
pub mod http;
pub mod joined;
pub mod jsonrpc;
pub mod mcp;
mod nesting;
mod oauth;
pub mod openapi;
mod schemas;
pub mod stdio;
