//! Filling: rows of the book into the index, and what stands around them.
//!
//! Called when a book is loaded, and again where the feed of changes doesn't reach back far enough.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::answer::Loading;
use super::error::EngineError;
use super::shared::Shared;
use crate::domain::contact::ContactId;
use crate::store::Store;

/// How many rows go in before waiting questions get their turn.
const ROWS: u64 = 4_096;
/// How often progress is told.
const TELL: Duration = Duration::from_millis(50);

/// Puts every row, and the trash, into an empty index.
pub(super) fn fill(shared: &Shared, store: &Store) -> Result<(), EngineError> {
    let total = store.approximate_count()?;
    let mut trash = Vec::new();
    store.trash(|id, _| trash.push(id))?;
    let mut trash = trash.into_iter().peekable();
    let mut told = Instant::now();
    let mut done = 0_u64;
    let mut index = None;
    store.scan(ContactId(1)..=store.max_id()?, |contact| {
        let held = index.get_or_insert_with(|| shared.index_mut());
        held.upsert(contact);
        // The trash comes in the order of the rows: a deleted contact is never seen as a live one.
        while trash.next_if(|id| *id < contact.id).is_some() {}
        if trash.next_if_eq(&contact.id).is_some() {
            held.trash([contact.id]);
        }
        done += 1;
        if done.is_multiple_of(ROWS) {
            index = None;
            if told.elapsed() >= TELL {
                told = Instant::now();
                shared.set_loading(Loading { done, total: total.max(done), complete: false });
            }
        }
        if shared.is_closing() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(())
}

/// Reads lists, custom fields and Unsubscribers.
pub(super) fn read_surroundings(shared: &Shared, store: &Store) -> Result<(), EngineError> {
    let lists = store.lists()?;
    let vocabulary = store.vocabulary()?;
    let unsubscribers = store.unsubscribers()?;
    {
        let mut index = shared.index_mut();
        index.set_lists(&lists);
        index.set_unsubscribers(unsubscribers.iter().map(|entry| entry.address.clone()));
    }
    shared.know(|known| {
        known.lists = lists;
        known.vocabulary = vocabulary;
        known.unsubscribers = unsubscribers.len() as u64;
    });
    Ok(())
}
