//! Plans: what a job will do, frozen before it is confirmed.
//!
//! A delete and an edit have one shape, [`Planned`]: the contacts by
//! number and revision, the predicted outcome of each, and what else decides what is done. The engine makes a
//! plan once, a face shows it, and the same value is started: what was shown is what runs. What changed in the
//! book between the two is left alone by the job and reported, never silently taken.

pub mod delete;
pub mod edit;
pub mod frozen;

pub use delete::{Plan, PlanRequest, Warning};
pub use edit::{EditPlan, EditRequest};
pub use frozen::{Decisive, Item, Planned};
