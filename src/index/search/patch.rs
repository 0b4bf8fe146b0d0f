//! Orders kept in step: the few rows that changed are taken out of a known order and put in where they
//! belong now, instead of sorting all rows again.
//!
//! Called where an order is asked for that is known from before some changes. Only orders by one text or
//! one moment can be patched; the others are quick to work out.

use std::cmp::Ordering;

use super::order::Order;
use crate::domain::field::Field;
use crate::index::bitmap::Bitmap;
use crate::index::column::Columns;
use crate::index::column::text_column::TextColumn;
use crate::index::column::timestamps::Timestamps;
use crate::index::ids::Ids;

/// So many changes are kept; who was away for longer works the order out anew.
const KEPT: usize = 1 << 16;
/// Patching pays while less than one row in so many has changed.
const SHARE: usize = 64;

/// Which rows changed, in the order in which they did.
#[derive(Debug, Default)]
pub(in crate::index) struct Changed {
    rows: Vec<u32>,
    /// How many changes came before those.
    before: u64,
}

impl Changed {
    /// Notes that a row changed.
    pub(in crate::index) fn note(&mut self, row: u32) {
        if self.rows.len() == KEPT {
            self.forget();
        }
        self.rows.push(row);
    }

    /// Notes that any row may have changed.
    pub(in crate::index) fn forget(&mut self) {
        self.before += self.rows.len() as u64 + 1;
        self.rows.clear();
    }

    /// How many changes there were.
    pub(in crate::index) fn end(&self) -> u64 {
        self.before + self.rows.len() as u64
    }

    /// The rows that changed after so many changes; none: that isn't known any more.
    pub(in crate::index) fn since(&self, end: u64) -> Option<&[u32]> {
        self.rows.get(usize::try_from(end.checked_sub(self.before)?).ok()?..)
    }
}

/// What rows are compared by.
#[derive(Clone, Copy)]
enum By<'a> {
    Text(&'a TextColumn),
    Timestamp(&'a Timestamps),
}

impl<'a> By<'a> {
    fn of(field: &Field, columns: &'a Columns) -> Option<Self> {
        match field {
            // Texts of several kinds, each kind after the other; what is worked out of the phones.
            Field::Custom(_) | Field::E164 => None,
            Field::Phone => Some(Self::Text(&columns.phone.digits)),
            other => columns.moments(other).map(Self::Timestamp).or_else(|| columns.text(other).map(Self::Text)),
        }
    }

    fn holds(self, row: u32) -> bool {
        match self {
            Self::Text(column) => column.is_present(row),
            Self::Timestamp(moments) => moments.get(row).is_some(),
        }
    }

    fn compare(self, a: u32, b: u32) -> Ordering {
        match self {
            Self::Text(column) => {
                column.folded(a).cmp(column.folded(b)).then_with(|| column.raw(a).cmp(&column.raw(b)))
            }
            Self::Timestamp(moments) => moments.get(a).cmp(&moments.get(b)),
        }
    }
}

/// The order by a field after rows changed, given the one from before. None: it has to be worked out.
pub(in crate::index) fn patched(
    old: &Order,
    field: &Field,
    columns: &Columns,
    ids: &Ids,
    changed: &[u32],
) -> Option<Order> {
    let by = By::of(field, columns)?;
    if changed.len() > (ids.len() / SHARE).max(SHARE) {
        return None;
    }
    let moved: Bitmap = changed.iter().copied().collect();
    let whole = |a: u32, b: u32| by.compare(a, b).then_with(|| ids.id(a).cmp(&ids.id(b)));
    let (mut filled, mut empty): (Vec<u32>, Vec<u32>) = moved.iter().partition(|row| by.holds(*row));
    filled.sort_unstable_by(|a, b| whole(*a, *b));
    empty.sort_unstable_by_key(|row| ids.id(*row));

    // What stays, and whether another value begins there.
    let mut stay: Vec<u32> = Vec::with_capacity(old.filled);
    let mut begins = Bitmap::new(old.filled);
    let mut another = true;
    for (at, row) in old.rows[..old.filled].iter().enumerate() {
        another |= old.starts.has(at as u32);
        if !moved.has(*row) {
            if another {
                begins.set(stay.len() as u32);
            }
            another = false;
            stay.push(*row);
        }
    }
    let mut rows: Vec<u32> = Vec::with_capacity(ids.len());
    let mut starts = Bitmap::new(stay.len() + filled.len());
    let mut from = 0;
    for row in &filled {
        let to = from + stay[from..].partition_point(|known| whole(*known, *row).is_lt());
        take(&mut rows, &mut starts, by, &stay[from..to], &begins, from);
        if rows.last().is_none_or(|last| by.compare(*last, *row).is_ne()) {
            starts.set(rows.len() as u32);
        }
        rows.push(*row);
        from = to;
    }
    take(&mut rows, &mut starts, by, &stay[from..], &begins, from);
    let holding = rows.len();

    let mut empty = empty.into_iter().peekable();
    for row in old.rows[old.filled..].iter().filter(|row| !moved.has(**row)) {
        while let Some(new) = empty.next_if(|new| ids.id(*new) < ids.id(*row)) {
            rows.push(new);
        }
        rows.push(*row);
    }
    rows.extend(empty);
    (rows.len() == ids.len()).then(|| Order::new(rows, holding, starts))
}

/// Takes over rows that stay; `begins` tells from a place on where another value begins among them.
fn take(rows: &mut Vec<u32>, starts: &mut Bitmap, by: By<'_>, stay: &[u32], begins: &Bitmap, from: usize) {
    let Some(first) = stay.first() else { return };
    // Before the first of them another row may stand now.
    if rows.last().is_none_or(|last| by.compare(*last, *first).is_ne()) {
        starts.set(rows.len() as u32);
    }
    let at = rows.len();
    for place in 1..stay.len() {
        if begins.has((from + place) as u32) {
            starts.set((at + place) as u32);
        }
    }
    rows.extend_from_slice(stay);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_known_as_far_back_as_they_are_kept() {
        let mut changed = Changed::default();
        let begun = changed.end();
        assert_eq!(changed.since(begun), Some(&[][..]));
        changed.note(7);
        let later = changed.end();
        changed.note(8);
        assert_eq!((changed.since(begun), changed.since(later)), (Some(&[7, 8][..]), Some(&[8][..])));
        changed.forget();
        assert_eq!((changed.since(later), changed.since(changed.end())), (None, Some(&[][..])));
        for row in 0..=KEPT as u32 {
            changed.note(row);
        }
        assert_eq!(changed.since(changed.end() - 1), Some(&[KEPT as u32][..]));
        assert!(changed.since(changed.end() - 3).is_none());
    }
}
