//! Frozen plans as a job keeps them, and the outcome of every item for ever after.
//!
//! Called by `jobs` and `run`, and by the engine for reports. A plan is written once, with its job, in
//! chunks of packed numbers; what became of an item is derived from the job's cursor and its failures,
//! so there is no second record that could disagree.

use std::collections::HashMap;
use std::ops::Range;

use super::error::BookError;
use super::transaction::{Book, Tx};
use crate::domain::contact::{ContactId, JobId};
use crate::domain::deletion_rules::Refusal;
use crate::domain::plans::Item;

/// Items in a chunk.
pub const CHUNK: u64 = 5_000;

/// What became of an item of a job's plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemOutcome {
    /// It was not taken up.
    NotReached,
    /// Deleted or restored, as the job does.
    Succeeded,
    /// It stayed as it was; after [`Refusal::AfterMember`] without its member.
    Failed(Refusal),
}

impl Book {
    /// The items of a job's plan at these positions, in its order.
    pub fn plan_items(&self, job: JobId, positions: Range<u64>) -> Result<Vec<Item>, BookError> {
        let mut statement = self
            .conn
            .prepare("SELECT chunk, items FROM plan_chunk WHERE job = ?1 AND chunk BETWEEN ?2 AND ?3 ORDER BY chunk")?;
        let mut items = Vec::new();
        if positions.is_empty() {
            return Ok(items);
        }
        let mut rows =
            statement.query((job.0, (positions.start / CHUNK) as i64, ((positions.end - 1) / CHUNK) as i64))?;
        while let Some(row) = rows.next()? {
            let first = row.get::<i64>(0)?.unsigned_abs() * CHUNK;
            let packed = row.bytes(1)?;
            let chunk = unpack(packed).ok_or_else(|| BookError::Damaged(format!("the plan of job {job}")))?;
            let inside = |position: u64| (position.saturating_sub(first) as usize).min(chunk.len());
            items.extend_from_slice(&chunk[inside(positions.start)..inside(positions.end)]);
        }
        Ok(items)
    }

    /// Tells what became of each item at these positions, in the plan's order.
    pub fn outcomes(
        &self,
        job: JobId,
        positions: Range<u64>,
        mut tell: impl FnMut(u64, Item, ItemOutcome),
    ) -> Result<(), BookError> {
        let cursor = self.cursor(job)?;
        let mut statement = self
            .conn
            .prepare("SELECT position, refusal FROM failure WHERE job = ?1 AND position >= ?2 AND position < ?3")?;
        let failed = statement
            .all::<_, HashMap<u64, u8>>((job.0, positions.start as i64, positions.end.min(cursor) as i64), |row| {
                Ok((row.get::<i64>(0)?.unsigned_abs(), row.get::<u8>(1)?))
            })?;
        for (position, item) in (positions.start..).zip(self.plan_items(job, positions)?) {
            let outcome = match failed.get(&position) {
                _ if position >= cursor => ItemOutcome::NotReached,
                None => ItemOutcome::Succeeded,
                Some(number) => ItemOutcome::Failed(refusal(*number)?),
            };
            tell(position, item, outcome);
        }
        Ok(())
    }

    /// The contacts at these positions that the job deleted or restored: what [`super::Change::Trashed`]
    /// and [`super::Change::Restored`] stand for.
    pub fn succeeded(&self, job: JobId, positions: Range<u64>) -> Result<Vec<ContactId>, BookError> {
        let mut ids = Vec::new();
        self.outcomes(job, positions, |_, item, outcome| {
            if outcome == ItemOutcome::Succeeded {
                ids.push(item.id);
            }
        })?;
        Ok(ids)
    }

    /// How many items of its plan the job has taken up.
    pub fn cursor(&self, job: JobId) -> Result<u64, BookError> {
        let mut statement = self.conn.prepare("SELECT cursor FROM job WHERE id = ?1")?;
        let cursor: Option<i64> = statement.optional([job.0], |row| row.get(0))?;
        cursor.map(i64::unsigned_abs).ok_or(BookError::NoJob(job))
    }
}

impl Tx<'_> {
    /// Writes a job's plan.
    pub(super) fn write_plan(&self, job: JobId, items: &[Item]) -> Result<(), BookError> {
        let mut insert = self.conn.prepare("INSERT INTO plan_chunk (job, chunk, items) VALUES (?1, ?2, ?3)")?;
        for (number, chunk) in items.chunks(CHUNK as usize).enumerate() {
            insert.queue((job.0, number as i64, pack(chunk)))?;
        }
        Ok(())
    }
}

/// The refusal of this number; what no writer writes is damage.
pub(super) fn refusal(number: u8) -> Result<Refusal, BookError> {
    Refusal::from_number(number).ok_or_else(|| BookError::Damaged(format!("a refusal of number {number}")))
}

/// Packs items: for each the difference of its number to the one before, then its revision with the
/// predicted refusal in the low four bits, both as variable-length integers.
fn pack(items: &[Item]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(items.len() * 4);
    let mut before = 0;
    for item in items {
        let step = item.id.0.wrapping_sub(before);
        push(&mut packed, ((step << 1) ^ (step >> 63)) as u64);
        push(&mut packed, u64::from(item.revision) << 4 | item.refusal.map_or(0, |refusal| refusal as u64));
        before = item.id.0;
    }
    packed
}

/// Reads what [`pack`] wrote.
fn unpack(mut packed: &[u8]) -> Option<Vec<Item>> {
    let mut items = Vec::with_capacity(packed.len() / 2);
    let mut id = 0_i64;
    while !packed.is_empty() {
        let step = pull(&mut packed)?;
        id = id.wrapping_add((step >> 1) as i64 ^ -((step & 1) as i64));
        let facts = pull(&mut packed)?;
        let refusal = match facts & 0xf {
            0 => None,
            number => Some(Refusal::from_number(number as u8)?),
        };
        items.push(Item { id: ContactId(id), revision: u32::try_from(facts >> 4).ok()?, refusal });
    }
    Some(items)
}

/// Writes a variable-length integer.
pub(super) fn push(packed: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        packed.push(value as u8 | 0x80);
        value >>= 7;
    }
    packed.push(value as u8);
}

/// Reads what [`push`] wrote, and leaves what follows it.
pub(super) fn pull(packed: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = packed.split_first()?;
        *packed = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_plan_comes_back_in_its_order(raw in prop::collection::vec((any::<i64>(), any::<u32>(), 0_u8..10), 0..50)) {
            let items: Vec<Item> = raw
                .into_iter()
                .map(|(id, revision, number)| Item { id: ContactId(id), revision, refusal: Refusal::from_number(number) })
                .collect();
            prop_assert_eq!(unpack(&pack(&items)), Some(items));
        }

        #[test]
        fn any_bytes_are_a_plan_or_damage(bytes in prop::collection::vec(any::<u8>(), 0..50)) {
            let _ = unpack(&bytes);
        }
    }

    #[test]
    fn a_plan_in_order_of_number_takes_two_bytes_an_item() {
        let items: Vec<Item> =
            (1..=5_000).map(|id| Item { id: ContactId(id * 10), revision: 1, refusal: None }).collect();
        assert_eq!(pack(&items).len(), 2 * items.len());
    }
}
