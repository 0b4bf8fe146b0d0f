//! Plans: what a job will do, frozen before it is confirmed.
//!
//! A delete, an undo, a restore, an edit, a merge of some cards or of many groups, and an erase all have one shape, [`Planned`]: the contacts by
//! number and revision, the predicted outcome of each, and what else decides what is done. The engine makes a
//! plan once, a face shows it, and the same value is started: what was shown is what runs. What changed in the
//! book between the two is left alone by the job and reported, never silently taken.

pub mod delete;
pub mod edit;
pub mod erase;
pub mod frozen;
pub mod groups;
pub mod merge;
pub mod undo;

pub use delete::{Plan, PlanRequest, Warning};
pub use edit::{EditPlan, EditRequest};
pub use erase::ErasePlan;
pub use frozen::{Decisive, Item, Planned};
pub use groups::{GroupsPlan, GroupsRequest};
pub use merge::MergePlan;
pub use undo::{Clash, Reverted, UndoPlan, Way};
