//! What the kinds of jobs have in common: they take up sets of contacts, tell what they did, and end.
//!
//! Called by `run`.

use std::collections::HashSet;
use std::ops::Range;

use super::care::{Care, Outcome};
use crate::book::{BookError, NewStep, Tx};
use crate::domain::contact::{ContactId, ListId};
use crate::domain::job::Report;
use crate::domain::plans::Item;

/// What a chunk did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ChunkResult {
    /// What to add to the job's progress.
    pub(crate) report: Report,
    /// The contacts that were deleted, restored or erased.
    pub(crate) succeeded: Vec<ContactId>,
    /// The contacts that lost their member and stayed.
    pub(crate) without_member: Vec<ContactId>,
    /// Whether that was all; the job is completed then, an erase after [`super::end_erase`].
    pub(crate) finished: bool,
}

/// What a kind of job does to its contacts.
pub(super) trait Work {
    /// How many contacts of the chunk, one after the other in the plan's order, are taken up together, whole or not
    /// at all; none: each is by itself.
    fn together(&self) -> Option<&[usize]> {
        None
    }

    /// Takes up these contacts and answers what became of each. Those that are by themselves come with their
    /// numbers rising, and one by one a single one each time; those that belong together come in the plan's order,
    /// and one by one those that belong together each time.
    fn take(&mut self, items: &[Item], care: Care) -> Result<Vec<Outcome>, BookError>;

    /// What has to be done to these contacts where they live before they are taken up.
    fn steps(&mut self, _items: &[Item]) -> Result<Vec<NewStep>, BookError> {
        Ok(Vec::new())
    }

    /// Tells the feed, and the jobs that this one touches, what a chunk at these positions of the plan did.
    fn tell(&self, chunk: &ChunkResult, positions: Range<u64>) -> Result<(), BookError>;

    /// Ends the work after the last chunk, before the job is completed.
    fn end(&self) -> Result<(), BookError> {
        Ok(())
    }

    /// Whether the job is completed with its last chunk.
    fn completes(&self) -> bool {
        true
    }
}

/// Lists that were dropped, and have to come back with their first contact.
pub(super) struct Dropped(HashSet<ListId>);

impl Dropped {
    pub(super) fn read(tx: &Tx<'_>) -> Result<Self, BookError> {
        Ok(Self(tx.dropped_lists()?))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Brings back those of these lists that were dropped, and answers which; to be forgotten by
    /// [`Dropped::forget`] once nothing can take it back any more.
    pub(super) fn bring_back(
        &self,
        tx: &Tx<'_>,
        lists: impl IntoIterator<Item = ListId>,
    ) -> Result<Vec<ListId>, BookError> {
        let mut back: Vec<ListId> = lists.into_iter().filter(|list| self.0.contains(list)).collect();
        back.sort_unstable();
        back.dedup();
        for list in &back {
            tx.bring_back_list(*list)?;
        }
        Ok(back)
    }

    pub(super) fn forget(&mut self, back: Vec<ListId>) {
        for list in back {
            self.0.remove(&list);
        }
    }
}
