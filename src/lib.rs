//! cardfile: find, preview, bulk-delete and undo contacts, from 300 cards to a million.
//!
//! The map, in reading order. Each floor imports only from the floors below it, no modules import each
//! other in a circle, and `tests/architecture.rs` holds both.
//!
//! 1. [`domain`]: values and rules. Contacts, fields, criteria and their forms, plans, outcomes, jobs. Pure:
//!    no file, no clock, no thread, no terminal. [`config`] stands beside it and imports nothing, and so does
//!    `http_agent`, how servers are asked.
//! 2. [`formats`]: bytes of contact files to contacts and back. [`index`]: the contacts as columns in memory,
//!    which answers every question about many of them. [`book`]: the contacts, lists and jobs on disk, one SQLite file; the only code
//!    that names SQLite. [`remote`]: live address books, which are changed where they are. [`demo`]: generated contacts.
//! 3. [`engine`]: owns the threads and the clock, keeps the index in step with the book, runs jobs.
//! 4. [`api`]: the one contract of all faces: every question and command, who asks and with which rights, plans by
//!    number, errors as codes. [`wire`]: the shapes of its JSON, which stay when what is beneath changes.
//! 5. [`tui`], [`cli`] and, for programs, `serve`: the faces. None imports another; all make the same calls of the
//!    contract.
//!
//! A keystroke's way: terminal, event, keymap, action, the model's step, effects, the contract, an answer, and
//! once everything is handled one drawing. A delete's way: criteria, plan, confirm, job; what was shown is
//! what runs.

pub mod api;
pub mod book;
pub mod cli;
pub mod config;
pub mod demo;
pub mod domain;
pub mod engine;
pub mod formats;
#[cfg(any(feature = "client", feature = "remote"))]
mod http_agent;
pub mod index;
pub mod remote;
#[cfg(feature = "serve")]
pub mod serve;
pub mod tui;
pub mod wire;
