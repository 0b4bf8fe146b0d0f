//! Tools for agents, by the Model Context Protocol over standard input and output.
//!
//! An agent searches, explains and plans; a plan is frozen and held, and started by its number and its exact count after a
//! person has confirmed it on a terminal. No answer of the agent stands for that: a model fills in whatever is asked of it.
//! In reading order: [`tools`], the table; `server`, the protocol, which the crate rmcp speaks.

mod arguments;
mod server;
mod tools;

pub use server::run;
