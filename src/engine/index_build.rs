//! Filling: rows of the book into the index, and what stands around them.
//!
//! Called when a book is loaded, and again where the feed of changes doesn't reach back far enough. Two
//! threads read, a part of the ids at a time, each through a connection of its own; parts join the index
//! in the order of their ids. What changes between one part and the next the feed tells afterwards.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, RangeInclusive};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::answer::Loading;
use super::error::EngineError;
use super::state::{Shared, lock};
use crate::book::Book;
use crate::domain::contact::ContactId;
use crate::domain::field::Field;
use crate::index::{Index, PART};

/// How many rows of the first part go in before waiting questions get their turn.
const ROWS: u64 = 4_096;
/// How often progress is told.
const TELL: Duration = Duration::from_millis(50);

/// A book while it is read.
struct Filling<'a> {
    shared: &'a Shared,
    /// The contacts in the trash, rising.
    trash: Vec<ContactId>,
    first: i64,
    last: i64,
    total: u64,
    /// The number of the next part that nobody reads yet.
    next: AtomicI64,
    joined: Mutex<Joined>,
}

/// What of the parts is in the index.
struct Joined {
    /// The number of the part that goes in next; none while the first one is read.
    next: Option<i64>,
    /// Parts that wait for one before them.
    waiting: BTreeMap<i64, Index>,
    told: Instant,
}

/// Puts every row, and the trash, into an empty index.
pub(super) fn fill(shared: &Shared, book: &Book) -> Result<(), EngineError> {
    let total = book.approximate_count()?;
    let last = book.max_id()?.0;
    let mut trash = Vec::new();
    book.trash(|id, _| trash.push(id))?;
    let filling = Filling {
        shared,
        trash,
        first: last + 1 - total as i64,
        last,
        total,
        next: AtomicI64::new(1),
        joined: Mutex::new(Joined { next: None, waiting: BTreeMap::new(), told: Instant::now() }),
    };
    if total <= PART {
        return filling.begin(book);
    }
    // The first part is shown while it is read; the others are read beside it and join behind it.
    let second = book.reader();
    thread::scope(|scope| {
        let second = second.ok().map(|second| {
            let filling = &filling;
            scope.spawn(move || filling.read_parts(&second))
        });
        filling.begin(book)?;
        filling.join(None);
        filling.read_parts(book)?;
        match second.map(thread::ScopedJoinHandle::join) {
            Some(Ok(read)) => read,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => Ok(()),
        }
    })
}

impl Filling<'_> {
    /// The ids of a part.
    fn ids(&self, part: i64) -> Option<RangeInclusive<ContactId>> {
        let first = self.first + part * PART as i64;
        (first <= self.last).then(|| ContactId(first)..=ContactId((first + PART as i64 - 1).min(self.last)))
    }

    /// Reads the first part straight into the index, letting go of it now and then.
    fn begin(&self, book: &Book) -> Result<(), EngineError> {
        let Some(ids) = self.ids(0) else { return Ok(()) };
        let mut done = 0_u64;
        let mut index = None;
        self.read(book, ids, |fill| {
            fill(index.get_or_insert_with(|| self.shared.index_mut()));
            done += 1;
            if done.is_multiple_of(ROWS) {
                index = None;
                self.tell(&mut lock(&self.joined).told, done);
            }
        })
    }

    /// Reads parts that nobody reads yet until there are none.
    fn read_parts(&self, book: &Book) -> Result<(), EngineError> {
        while !self.shared.is_closing() {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(ids) = self.ids(number) else { break };
            let mut part = Index::new();
            self.read(book, ids, |fill| fill(&mut part))?;
            self.join(Some((number, part)));
        }
        Ok(())
    }

    /// Reads contacts; `take` is called with what puts one into an index. A deleted contact is never seen
    /// as a live one: it goes into the trash with the same call.
    fn read(
        &self,
        book: &Book,
        ids: RangeInclusive<ContactId>,
        mut take: impl FnMut(&dyn Fn(&mut Index)),
    ) -> Result<(), EngineError> {
        let from = self.trash.partition_point(|id| id < ids.start());
        let mut trash = self.trash[from..].iter().copied().peekable();
        book.scan(ids, |contact| {
            while trash.next_if(|id| *id < contact.id).is_some() {}
            let is_trash = trash.next_if_eq(&contact.id).is_some();
            take(&|index: &mut Index| {
                index.upsert(contact);
                if is_trash {
                    index.trash([contact.id]);
                }
            });
            if self.shared.is_closing() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(())
    }

    /// Puts a part, if there is one, and those that waited for it into the index. None: the first part
    /// is in.
    fn join(&self, part: Option<(i64, Index)>) {
        let mut joined = lock(&self.joined);
        match part {
            Some((number, part)) => {
                joined.waiting.insert(number, part);
            }
            None => joined.next = Some(1),
        }
        while let Some(number) = joined.next
            && let Some(part) = joined.waiting.remove(&number)
        {
            joined.next = Some(number + 1);
            let done = {
                let mut index = self.shared.index_mut();
                index.append(part);
                index.len()
            };
            self.tell(&mut joined.told, done);
        }
    }

    fn tell(&self, told: &mut Instant, done: u64) {
        if told.elapsed() >= TELL {
            *told = Instant::now();
            self.shared.set_loading(Loading { done, total: self.total.max(done), complete: false });
        }
    }
}

/// Reads lists, custom fields and Unsubscribers.
pub(super) fn read_surroundings(shared: &Shared, book: &Book) -> Result<(), EngineError> {
    let lists = book.lists()?;
    let vocabulary = book.vocabulary()?;
    let unsubscribed = book.unsubscribed()?;
    let apart = book.apart()?;
    let count = unsubscribed.len() as u64;
    {
        let mut index = shared.index_mut();
        index.set_lists(&lists);
        index.set_unsubscribers(unsubscribed);
        index.set_apart(apart);
    }
    shared.know(|known| {
        known.lists = lists;
        known.vocabulary = vocabulary;
        known.unsubscribers = count;
    });
    Ok(())
}

/// Works out what is asked for first and takes long, while the user looks at the screen: the orders by names
/// and addresses, which of them have which letter, and who is unsubscribed. Other orders are quick enough, and
/// each that is kept takes memory.
pub(super) fn prepare(shared: &Shared) {
    for field in [Field::Name, Field::Email] {
        shared.index().prepare(&field, &|| shared.is_closing());
    }
    shared.index().prepare_letters(&|| shared.is_closing());
    shared.index().prepare_unsubscribed(&|| shared.is_closing());
}
