//! Live lists: accounts, what is taken over from where their contacts live, and what jobs do there.
//!
//! Called by the engine's own calls and by the runner. In reading order: [`accounts`], which there are and how they
//! are reached; [`pull`], what changed there comes here; [`send`], one step of a job until it is known what became of
//! it; [`push`], the steps of a job's next contacts; [`settle`], those of one that was stopped; [`by_hand`], one card; [`calls`], what faces ask for. What a job asks for is decided in
//! [`super::jobs`], and what a card is by [`crate::formats`].

mod accounts;
mod by_hand;
mod calls;
mod card;
mod pull;
mod push;
mod send;
mod settle;

pub(super) use accounts::Accounts;
pub(super) use by_hand::{add_by_hand, change_by_hand};
pub(super) use calls::also_there;
pub(super) use pull::{in_step, lists_of_job};
pub(super) use push::push;
pub(super) use settle::{look, settle};
