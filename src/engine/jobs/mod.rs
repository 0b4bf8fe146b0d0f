//! Jobs: what each kind does to a set of contacts, and by which rules.
//!
//! Called by the runner, a chunk at a time, and by whoever makes or steers a job. The book beneath keeps what was
//! decided and decides nothing: who may go, in which order refusals apply, what a revision means, when a plan
//! is trusted, how a failed batch is done again contact by contact, all of it stands here and nowhere else. In
//! reading order: `control`, starting and stopping; `create`, how each is made; `run`, a chunk; `care`, `work` and `live`, what all kinds
//! have in common; then a kind each.

mod care;
mod control;
mod create;
mod delete;
mod edit;
mod erase;
mod live;
mod merge;
mod restore;
mod revert;
mod run;
mod work;

pub use control::StartOptions;
#[cfg(test)]
pub(crate) use create::create_delete;
pub(crate) use create::{
    create_edit, create_erase, create_import, create_merge, create_undo, edit_at_once, pull_at_once, restorable,
};
pub(crate) use erase::end_erase;
pub(crate) use run::{PlannedStep, plan_steps, run_chunk};
#[cfg(test)]
pub(crate) use work::ChunkResult;
