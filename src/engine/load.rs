//! Loading: every contact of the book into the index, in the background.
//!
//! Questions are answered meanwhile, from what is there: the index is let go of every few thousand rows.

use std::sync::Arc;

use super::answer::Loading;
use super::error::{EngineError, ErrorKind, Result};
use super::index_build::{fill, prepare, read_surroundings};
use super::index_file;
use super::index_sync;
use super::options::{Demo, Purpose};
use super::state::{Fresh, Shared};
use crate::demo;
use crate::domain::contact::ContactId;

/// Generated contacts that go into the book in one transaction.
const BATCH: usize = 10_000;

/// Loads the index and follows the book's changes afterwards; the body of the loading thread.
pub(super) fn run(shared: &Arc<Shared>) {
    match load(shared) {
        Ok(()) => {
            index_sync::run(shared);
            index_file::keep_at_close(shared);
        }
        Err(error) => shared.fail_loading(error),
    }
}

fn load(shared: &Shared) -> Result<()> {
    if shared.options.purpose == Purpose::OneQuestion {
        read_surroundings(shared, &shared.reader())?;
        shared.set_known();
        if !shared.wait_until_wanted() {
            return Ok(());
        }
    }
    // The feed's place is noted before anything is read, so that what changes meanwhile is seen after.
    let (book, known) = {
        let mut feed = shared.feed();
        feed.version = feed.book.data_version()?;
        feed.seq = feed.book.last_change()?;
        let known = index_file::load(shared, &mut feed);
        (feed.book.reader()?, known)
    };
    read_surroundings(shared, &book)?;
    shared.set_known();
    match shared.options.demo {
        Some(demo) => {
            generate(shared, demo)?;
            shared.index_mut().settle();
        }
        None if known => {}
        None => {
            fill(shared, &book)?;
            index_file::is_filled(shared);
        }
    }
    let done = shared.index().len();
    tracing::info!("the index holds {done} contacts");
    index_sync::sync(shared)?;
    shared.set_loading(Loading { done, total: done, complete: true });
    shared.changed();
    if shared.options.purpose == Purpose::Questions {
        prepare(shared);
    }
    Ok(())
}

/// Fills a new book with generated contacts; they are seen while they come.
fn generate(shared: &Shared, demo: Demo) -> Result<()> {
    let book = demo::book(demo.seed, demo.contacts, shared.options.clock.now());
    let now = shared.options.clock.now();
    shared.writer().write(|tx| {
        if tx.max_id()? != ContactId(0) {
            return Err(EngineError::new(ErrorKind::BadInput, "the book has contacts already; nothing was changed")
                .hint("a demo goes into a new book"));
        }
        for list in &book.lists {
            tx.create_list(list.name, list.kind)?;
        }
        tx.unsubscribe(book.unsubscribers.iter().map(String::as_str), "demo", now)?;
        Ok(())
    })?;
    let mut contacts = book.contacts.peekable();
    while contacts.peek().is_some() && !shared.is_closing() {
        let mut some: Vec<_> = contacts.by_ref().take(BATCH).collect();
        let seq = shared.writer().write(|tx| {
            tx.add_contacts(&mut some)?;
            tx.last_change()
        })?;
        shared.added(Fresh { seq, contacts: some });
        index_sync::sync(shared)?;
        shared.set_loading(Loading { done: shared.index().len(), total: demo.contacts, complete: false });
    }
    Ok(())
}
