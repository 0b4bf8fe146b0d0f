//! Loading: every contact of the book into the index, in the background.
//!
//! Questions are answered meanwhile, from what is there: the index is let go of every few thousand rows.

use std::sync::Arc;

use super::answer::Loading;
use super::error::EngineError;
use super::fill::{fill, read_surroundings};
use super::follow;
use super::shared::Shared;
use crate::domain::field::Field;

/// Loads the index and follows the book's changes afterwards; the body of the loading thread.
pub(super) fn run(shared: &Arc<Shared>) {
    match load(shared) {
        Ok(()) => follow::run(shared),
        Err(error) => shared.fail_loading(error),
    }
}

fn load(shared: &Shared) -> Result<(), EngineError> {
    // The feed's place is noted before anything is read, so that what changes meanwhile is seen after.
    let store = {
        let mut feed = shared.feed();
        feed.version = feed.store.data_version()?;
        feed.seq = feed.store.last_change()?;
        feed.store.reader()?
    };
    read_surroundings(shared, &store)?;
    fill(shared, &store)?;
    let done = shared.index().len();
    follow::sync(shared)?;
    shared.set_loading(Loading { done, total: done, complete: true });
    shared.changed();
    prepare(shared);
    Ok(())
}

/// Works out the orders that are asked for first, while the user looks at the first screen.
fn prepare(shared: &Shared) {
    for field in [Field::Active, Field::Name] {
        shared.index().prepare(&field, &|| shared.is_closing());
    }
}
