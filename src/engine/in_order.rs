//! Contacts read and made into something by several threads, and taken in their order by the caller's.
//!
//! Called by exports. Each thread has a connection of its own and works at every so-manieth page; what it made
//! waits in a channel that holds one, so that memory stays the same however many contacts there are. It knows
//! nothing of what is made.

use std::num::NonZero;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::cancel::Cancel;
use super::error::{EngineError, ErrorKind, Result};
use crate::book::{Book, Parts};
use crate::domain::contact::{Contact, ContactId};

/// Contacts that are read together.
const PAGE: usize = 1_000;
/// More threads than this wait for each other at the book.
const THREADS: usize = 8;

/// Reads contacts a page at a time, lets `put` add each to what is made of its page, on several threads, and gives
/// that to `take` in the order of the pages. Those that are not there are left out. The first error ends it.
pub(super) fn in_order<T: Default + Send, E: From<EngineError>>(
    book: &Book,
    (ids, parts): (&[ContactId], Parts),
    cancel: &Cancel,
    put: impl Fn(&mut T, &Contact) + Sync,
    mut take: impl FnMut(T) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let pages = ids.len().div_ceil(PAGE);
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(THREADS).min(pages);
    let books: Vec<Book> =
        (0..threads).map(|_| book.reader()).collect::<std::result::Result<_, _>>().map_err(engine)?;
    let put = &put;
    thread::scope(|scope| {
        let receivers: Vec<Receiver<Result<T>>> = books
            .into_iter()
            .enumerate()
            .map(|(first, book)| {
                let (sender, receiver) = sync_channel(1);
                scope.spawn(move || {
                    let pages = ids.chunks(PAGE).skip(first).step_by(threads);
                    work(pages, parts, &book, cancel, put, &sender);
                });
                receiver
            })
            .collect();
        // Where this returns early the receivers go, and with them the threads that have something to send.
        for page in 0..pages {
            // What was made before the cancel is not taken any more.
            if cancel.is_cancelled() {
                return Err(stopped().into());
            }
            let Ok(result) = receivers[page % threads].recv() else { break };
            take(result?)?;
        }
        Ok(())
    })
}

/// Makes something of each of these pages, until nobody wants it any more.
fn work<'a, T: Default>(
    pages: impl Iterator<Item = &'a [ContactId]>,
    parts: Parts,
    book: &Book,
    cancel: &Cancel,
    put: &impl Fn(&mut T, &Contact),
    sender: &SyncSender<Result<T>>,
) {
    for page in pages {
        let result = if cancel.is_cancelled() {
            Err(stopped())
        } else {
            let mut made = T::default();
            let read = book.each_contact(page, parts, |contact| put(&mut made, contact));
            read.map(|()| made).map_err(EngineError::from)
        };
        let is_over = result.is_err();
        if sender.send(result).is_err() || is_over {
            return;
        }
    }
}

fn stopped() -> EngineError {
    EngineError::new(ErrorKind::Cancelled, "the export was stopped; nothing was written")
}

fn engine<E: From<EngineError>>(error: crate::book::BookError) -> E {
    EngineError::from(error).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::Name;
    use crate::engine::{Engine, Options};

    #[test]
    fn pages_come_in_order_an_error_ends_them_and_so_does_a_cancel() {
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::open(Options::new(folder.path().join("book.db"))).unwrap();
        engine.wait_until_loaded().unwrap();
        let many = 3 * PAGE + 7;
        for n in 0..2 {
            let mut contacts: Vec<Contact> = (0..many / 2 + n)
                .map(|at| Contact {
                    name: Name { first: format!("{n} {at}"), ..Name::default() },
                    ..Contact::default()
                })
                .collect();
            let list = engine.lists().first().map_or_else(
                || engine.create_list("Contacts", crate::domain::contact::ListKind::Standard).unwrap().id,
                |list| list.id,
            );
            for contact in &mut contacts {
                contact.list = list;
            }
            engine.shared.writer().write(|tx| tx.add_contacts(&mut contacts)).unwrap();
        }
        let book = engine.shared.reader().reader().unwrap();
        let mut ids: Vec<ContactId> = (1..=many as i64).rev().map(ContactId).collect();
        for _ in 0..2 {
            let mut found = Vec::new();
            let note = |ids: &mut Vec<ContactId>, contact: &Contact| ids.push(contact.id);
            let done: Result<()> = in_order(&book, (&ids, Parts::All), &Cancel::new(), note, |page| {
                found.extend(page);
                Ok(())
            });
            done.unwrap();
            assert_eq!(found, ids);
            // Rising ones are read by ranges, all others one by one.
            ids.reverse();
        }
        let (mut taken, cancel) = (0, Cancel::new());
        let count = |n: &mut usize, _: &Contact| *n += 1;
        let done: Result<()> = in_order(&book, (&ids, Parts::Lists), &cancel, count, |n| {
            taken += n;
            cancel.cancel();
            Ok(())
        });
        assert_eq!(done.unwrap_err().kind(), ErrorKind::Cancelled);
        assert!((PAGE..many).contains(&taken), "{taken}");
        let full = || Err(EngineError::new(ErrorKind::Storage, "full"));
        let done: Result<()> = in_order(&book, (&ids, Parts::All), &Cancel::new(), count, |_| full());
        assert_eq!(done.unwrap_err().kind(), ErrorKind::Storage);
        let none: Result<()> = in_order(&book, (&[], Parts::All), &Cancel::new(), count, |_| full());
        assert_eq!(none, Ok(()));
    }
}
