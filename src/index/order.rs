//! Orders: the rows by a field, worked out once and then only walked.
//!
//! [`Order`] holds the rows whose field holds something, smallest first, and behind them the others.
//! Texts of which many rows share one are ranked and counted into place; texts that differ are sorted
//! eight bytes at a time, which compares numbers instead of following pointers.

use std::borrow::Cow;
use std::ops::ControlFlow;

use jiff::civil::Date;
use rayon::prelude::*;

use super::bitmap::Bitmap;
use super::codes::Codes;
use super::columns::{Columns, CustomColumn};
use super::ids::Ids;
use super::moments::Moments;
use super::text::{Distinct, TextColumn};
use super::values::{Cancel, SEGMENT};
use crate::domain::field::Field;
use crate::domain::request::Direction;

/// Rank of what holds nothing: behind everything.
const EMPTY: u32 = u32::MAX;
/// From this depth on texts that begin alike are compared as a whole.
const DEEP: usize = 64;

/// The rows by a field.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) rows: Vec<u32>,
    /// So many of them hold something.
    pub(super) filled: usize,
    /// The places at which another value begins.
    pub(super) starts: Bitmap,
}

/// What an order is made from: all rows by rising id.
#[derive(Clone, Copy)]
pub(super) struct Base<'a> {
    ids: &'a Ids,
    by_id: Option<&'a [u32]>,
}

impl<'a> Base<'a> {
    /// All rows; `by_id` as [`Ids::by_id`] says.
    pub(super) fn new(ids: &'a Ids, by_id: Option<&'a [u32]>) -> Self {
        Self { ids, by_id }
    }

    fn len(self) -> usize {
        self.ids.len()
    }

    fn row(self, place: u32) -> u32 {
        self.by_id.map_or(place, |rows| rows[place as usize])
    }

    fn rows(self) -> impl Iterator<Item = u32> + 'a {
        (0..self.len() as u32).map(move |place| self.row(place))
    }
}

impl Order {
    /// The order by a field; `list_text` says how a row's list is called. None: cancelled.
    pub(super) fn by(
        field: &Field,
        columns: &Columns,
        base: Base<'_>,
        list_text: &dyn Fn(u32) -> Option<(String, String)>,
        cancel: Cancel<'_>,
    ) -> Option<Self> {
        if let Some(moments) = columns.moments(field) {
            return Some(Self::by_moment(moments, base));
        }
        let profile = |rank: &dyn Fn(&super::columns::Profile) -> Option<u32>| {
            let ranks: Vec<u32> = columns.profile.values().iter().map(|value| rank(value).unwrap_or(EMPTY)).collect();
            Self::by_rank(base, &ranks, |row| columns.profile.code(row))
        };
        Some(match field {
            Field::Id => Self { rows: base.rows().collect(), filled: base.len(), starts: Bitmap::full(base.len()) },
            Field::Phone => return Self::by_text(&columns.phone.digits, base, cancel),
            Field::Custom(name) => match columns.custom.get(name) {
                Some(column) => Self::by_custom(column, base),
                None => Self::by_rank(base, &[EMPTY], |_| 0),
            },
            Field::Birthday => {
                Self::by_rank(base, &ranks(columns.birthday.values().iter().copied()), |row| columns.birthday.code(row))
            }
            Field::Import => {
                Self::by_rank(base, &ranks(columns.import.values().iter().copied()), |row| columns.import.code(row))
            }
            Field::Label => {
                let (sets, texts) = columns.labels.joined();
                let texts = texts.iter().map(|text| (!text.is_empty()).then(|| fold_key(text)));
                Self::by_rank(base, &ranks(texts), |row| sets.code(row))
            }
            Field::List => {
                let mut names: Vec<Option<(String, String)>> = vec![None; columns.profile.values().len()];
                for row in base.rows() {
                    let name = &mut names[columns.profile.code(row) as usize];
                    if name.is_none() {
                        *name = list_text(row);
                    }
                }
                Self::by_rank(base, &ranks(names.into_iter()), |row| columns.profile.code(row))
            }
            Field::Member => profile(&|profile| profile.member.map(|member| member.status as u32)),
            Field::Role => profile(&|profile| profile.member.map(|member| member.role as u32)),
            Field::Subscription => profile(&|profile| nonzero(profile.subscription as u32)),
            Field::Deliverability => profile(&|profile| nonzero(profile.deliverability as u32)),
            text => match columns.text(text) {
                Some(column) => return Self::by_text(column, base, cancel),
                None => Self::by_rank(base, &[EMPTY], |_| 0),
            },
        })
    }

    /// Counts rows into place by the rank of their number.
    fn by_rank(base: Base<'_>, ranks: &[u32], code: impl Fn(u32) -> u32) -> Self {
        let distinct = ranks.iter().filter(|rank| **rank != EMPTY).max().map_or(0, |most| *most as usize + 1);
        let rank = |row: u32| (ranks[code(row) as usize] as usize).min(distinct);
        let mut next = vec![0u32; distinct + 2];
        base.rows().for_each(|row| next[rank(row) + 1] += 1);
        for at in 1..next.len() {
            next[at] += next[at - 1];
        }
        let filled = next[distinct] as usize;
        let starts = next[..distinct].iter().filter(|start| (**start as usize) < filled).copied().collect();
        let mut rows = vec![0; base.len()];
        for row in base.rows() {
            let place = &mut next[rank(row)];
            rows[*place as usize] = row;
            *place += 1;
        }
        Self { rows, filled, starts }
    }

    /// Sorts keyed places; those without a key come behind.
    fn by_keys<K: Ord + Copy + Send>(base: Base<'_>, mut keyed: Vec<(K, u32)>) -> Self {
        keyed.par_sort_unstable();
        let mut starts = Bitmap::new(keyed.len());
        for (at, (key, _)) in keyed.iter().enumerate() {
            if at == 0 || keyed[at - 1].0 != *key {
                starts.set(at as u32);
            }
        }
        Self::with_rest(base, keyed.into_iter().map(|(_, place)| place).collect(), starts)
    }

    fn with_rest(base: Base<'_>, places: Vec<u32>, starts: Bitmap) -> Self {
        let filled = places.len();
        let mut rows: Vec<u32> = places.iter().map(|place| base.row(*place)).collect();
        if filled < base.len() {
            let held: Bitmap = places.into_iter().collect();
            rows.extend(held.inverse(base.len()).iter().map(|place| base.row(place)));
        }
        Self { rows, filled, starts }
    }

    fn by_moment(moments: &Moments, base: Base<'_>) -> Self {
        let places = 0..base.len() as u32;
        let key = |place: u32| Some((moments.get(base.row(place))?, place));
        Self::by_keys(base, places.filter_map(key).collect())
    }

    fn by_custom(column: &CustomColumn, base: Base<'_>) -> Self {
        #[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
        enum Key {
            Number(u64),
            Date(Date),
            Text(u32),
        }
        let (codes, texts) = column.texts.codes().unwrap_or_else(|| (const { &Codes::Bytes(Vec::new()) }, Vec::new()));
        let ranks = text_ranks(&texts);
        let key = |place: u32| {
            let row = base.row(place);
            let text = || ranks.get(codes.get(row) as usize).copied().filter(|rank| *rank != EMPTY).map(Key::Text);
            let date = || column.dates.get(&row).copied().map(Key::Date);
            let number = column.numbers.get(&row).map(|number| Key::Number(rising_bits(*number)));
            Some((number.or_else(date).or_else(text)?, place))
        };
        Self::by_keys(base, (0..base.len() as u32).filter_map(key).collect())
    }

    fn by_text(column: &TextColumn, base: Base<'_>, cancel: Cancel<'_>) -> Option<Self> {
        if let Some((codes, texts)) = column.codes() {
            return Some(Self::by_rank(base, &text_ranks(&texts), |row| codes.get(row)));
        }
        let mut keyed: Vec<(u64, u32)> = (0..base.len() as u32)
            .into_par_iter()
            .with_min_len(SEGMENT)
            .filter(|place| column.is_present(base.row(*place)))
            .map(|place| (key8(column.folded(base.row(place)), 0), place))
            .collect();
        if cancel() {
            return None;
        }
        keyed.par_sort_unstable();
        if cancel() {
            return None;
        }
        let texts = Texts { column, base };
        keyed.par_chunk_by_mut(|a, b| a.0 == b.0).for_each(|run| {
            if run.len() > 1 && !cancel() {
                texts.refine(run, 8);
            }
        });
        if cancel() {
            return None;
        }
        let mut starts = Bitmap::new(keyed.len());
        starts.words_mut().par_iter_mut().enumerate().for_each(|(word, bits)| {
            for at in word * 64..(word * 64 + 64).min(keyed.len()) {
                let same = at > 0 && texts.are_same(keyed[at - 1].1, keyed[at].1);
                *bits |= u64::from(!same) << (at % 64);
            }
        });
        Some(Self::with_rest(base, keyed.into_iter().map(|(_, place)| place).collect(), starts))
    }

    /// Walks the rows in a direction until told to stop: what is empty last, equal ones by rising id.
    pub(super) fn walk(&self, direction: Direction, mut visit: impl FnMut(u32) -> ControlFlow<()>) {
        self.walk_groups(direction, |rows| rows.iter().try_for_each(|row| visit(*row)));
    }

    /// Walks the rows that share a value, each such group as one, by rising id; what is empty is the last.
    pub(super) fn walk_groups(&self, direction: Direction, mut visit: impl FnMut(&[u32]) -> ControlFlow<()>) {
        let walked = match direction {
            Direction::Ascending => {
                let mut starts = self.starts.iter().map(|start| start as usize);
                let mut from = starts.next();
                let mut walk = || {
                    while let Some(start) = from {
                        from = starts.next();
                        visit(&self.rows[start..from.unwrap_or(self.filled)])?;
                    }
                    ControlFlow::Continue(())
                };
                walk()
            }
            Direction::Descending => {
                let mut end = self.filled;
                let mut walk = || {
                    while let Some(start) = self.starts.last_below(end) {
                        visit(&self.rows[start..end])?;
                        end = start;
                    }
                    ControlFlow::Continue(())
                };
                walk()
            }
        };
        if walked.is_continue() && self.filled < self.rows.len() {
            let _ = visit(&self.rows[self.filled..]);
        }
    }

    /// Each row's place among the groups in a direction: a number to compare by.
    pub(super) fn places(&self, direction: Direction) -> Vec<u32> {
        let mut places = vec![EMPTY; self.rows.len()];
        let mut place = 0;
        self.walk_groups(direction, |rows| {
            for row in rows {
                places[*row as usize] = place;
            }
            place += 1;
            ControlFlow::Continue(())
        });
        places
    }

    /// Bytes it takes.
    pub(super) fn memory(&self) -> usize {
        self.rows.capacity() * 4 + self.starts.memory()
    }
}

/// The texts of places.
#[derive(Clone, Copy)]
struct Texts<'a> {
    column: &'a TextColumn,
    base: Base<'a>,
}

impl<'a> Texts<'a> {
    fn folded(self, place: u32) -> &'a [u8] {
        self.column.folded(self.base.row(place))
    }

    fn raw(self, place: u32) -> Cow<'a, str> {
        self.column.raw(self.base.row(place))
    }

    fn case_key(self, place: u32) -> Option<u64> {
        self.column.case_key(self.base.row(place))
    }

    fn are_same(self, a: u32, b: u32) -> bool {
        self.folded(a) == self.folded(b)
            && match (self.case_key(a), self.case_key(b)) {
                (Some(a), Some(b)) => a == b,
                _ => self.raw(a) == self.raw(b),
            }
    }

    /// Sorts places whose texts begin alike up to a depth.
    fn refine(self, run: &mut [(u64, u32)], depth: usize) {
        for (key, place) in run.iter_mut() {
            *key = key8(self.folded(*place), depth);
        }
        run.sort_unstable();
        for same in run.chunk_by_mut(|a, b| a.0 == b.0) {
            if same.len() == 1 {
                continue;
            }
            if same[0].0 != 0 && depth < DEEP {
                self.refine(same, depth + 8);
            } else if !self.sort_by_case(same) {
                let mut whole: Vec<(&[u8], Cow<'_, str>, u32)> =
                    same.iter().map(|(_, place)| (self.folded(*place), self.raw(*place), *place)).collect();
                whole.sort_unstable();
                for (slot, (_, _, place)) in same.iter_mut().zip(whole) {
                    slot.1 = place;
                }
            }
        }
    }

    /// Sorts places whose texts fold to the same, as they were written; false: they don't, or it can't be
    /// told from their capitals alone.
    fn sort_by_case(self, same: &mut [(u64, u32)]) -> bool {
        let folded = self.folded(same[0].1);
        for (key, place) in same.iter_mut() {
            match self.case_key(*place) {
                Some(case) if self.folded(*place) == folded => *key = case,
                _ => return false,
            }
        }
        same.sort_unstable();
        true
    }
}

/// Eight bytes of a text from a depth on, as a number that compares as they do.
fn key8(text: &[u8], depth: usize) -> u64 {
    let rest = text.get(depth..).unwrap_or_default();
    if let Some(eight) = rest.first_chunk::<8>() {
        return u64::from_be_bytes(*eight);
    }
    rest.iter().enumerate().fold(0, |key, (at, byte)| key | u64::from(*byte) << (56 - 8 * at))
}

/// A number whose order as bits is the order of the floating numbers.
fn rising_bits(number: f64) -> u64 {
    // Both zeros are one number.
    let bits = (number + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

fn nonzero(position: u32) -> Option<u32> {
    (position != 0).then_some(position)
}

/// A text as orders compare it.
pub(super) fn fold_key(text: &str) -> (String, String) {
    (crate::domain::fold::fold_accents(text).into_owned(), text.trim().to_owned())
}

fn text_ranks(texts: &[Distinct<'_>]) -> Vec<u32> {
    ranks(texts.iter().map(|(folded, raw)| (!raw.is_empty()).then_some((*folded, raw))))
}

/// The rank of each value among the distinct ones; nothing has the rank [`EMPTY`].
fn ranks<K: Ord>(values: impl Iterator<Item = Option<K>>) -> Vec<u32> {
    let values: Vec<Option<K>> = values.collect();
    let mut order: Vec<usize> = (0..values.len()).filter(|at| values[*at].is_some()).collect();
    order.sort_by(|a, b| values[*a].cmp(&values[*b]));
    let mut out = vec![EMPTY; values.len()];
    let mut rank = 0;
    for (at, place) in order.iter().enumerate() {
        if at > 0 && values[order[at - 1]] != values[*place] {
            rank += 1;
        }
        out[*place] = rank;
    }
    out
}
