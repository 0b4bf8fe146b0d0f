//! Orders: the rows by a field, worked out once and then only walked.
//!
//! [`Order`] holds the rows whose field holds something, smallest first, and behind them the others.
//! Texts of which many rows share one are ranked and counted into place; see [`crate::index::text::text_sort`] for texts.

use std::ops::ControlFlow;
use std::sync::OnceLock;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::domain::field::Field;
use crate::domain::query::Direction;
use crate::index::bitmap::Bitmap;
use crate::index::column::dictionary::Codes;
use crate::index::column::text_column::TextColumn;
use crate::index::column::timestamps::Timestamps;
use crate::index::column::{Columns, CustomColumn};
use crate::index::ids::Ids;
use crate::index::text::text_arena::{Cancel, TextArena};
use crate::index::text::text_sort::{EMPTY, Sorted, sorted};

/// The rows by a field.
#[derive(Debug)]
pub(in crate::index) struct Order {
    pub(in crate::index) rows: Vec<u32>,
    /// So many of them hold something.
    pub(in crate::index) filled: usize,
    /// The places at which another value begins.
    pub(in crate::index) starts: Bitmap,
    /// Each row's value by its place among the values, once it is asked for.
    places: OnceLock<Vec<u32>>,
}

/// What an order is made from: all rows by rising id.
#[derive(Clone, Copy)]
pub(in crate::index) struct Base<'a> {
    ids: &'a Ids,
    by_id: Option<&'a [u32]>,
}

impl<'a> Base<'a> {
    /// All rows; `by_id` as [`Ids::by_id`] says.
    pub(in crate::index) fn new(ids: &'a Ids, by_id: Option<&'a [u32]>) -> Self {
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
    /// Of rows in order, so many of which hold something, and the places at which another value begins.
    pub(in crate::index) fn new(rows: Vec<u32>, filled: usize, starts: Bitmap) -> Self {
        Self { rows, filled, starts, places: OnceLock::new() }
    }

    /// The order by a field; `list_text` says how a row's list is called. None: cancelled.
    pub(in crate::index) fn by(
        field: &Field,
        columns: &Columns,
        base: Base<'_>,
        list_text: &dyn Fn(u32) -> Option<(String, String)>,
        cancel: Cancel<'_>,
    ) -> Option<Self> {
        if let Some(moments) = columns.moments(field) {
            return Some(Self::by_moment(moments, base));
        }
        let profile = |rank: &dyn Fn(&crate::index::column::Profile) -> Option<u32>| {
            let ranks: Vec<u32> = columns.profile.values().iter().map(|value| rank(value).unwrap_or(EMPTY)).collect();
            Self::by_rank(base, &ranks, |row| columns.profile.code(row))
        };
        Some(match field {
            Field::Id => Self::new(base.rows().collect(), base.len(), Bitmap::full(base.len())),
            Field::Phone => return Self::by_text(&columns.phone.digits, base, cancel),
            Field::E164 => return Self::by_text(&columns.phone.primary_international(base.len()), base, cancel),
            Field::Custom(name) => match columns.custom.get(name) {
                Some(column) => return Self::by_custom(column, base, cancel),
                None => Self::by_rank(base, &[EMPTY], |_| 0),
            },
            Field::Slot(slot) if slot.is_day() => match columns.days(*slot) {
                Some(days) => Self::by_rank(base, &ranks(days.values().iter().copied()), |row| days.code(row)),
                None => Self::by_rank(base, &[EMPTY], |_| 0),
            },
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
        Self::new(rows, filled, starts)
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
        Self::new(rows, filled, starts)
    }

    fn by_moment(moments: &Timestamps, base: Base<'_>) -> Self {
        let places = 0..base.len() as u32;
        let key = |place: u32| Some((moments.get(base.row(place))?, place));
        Self::by_keys(base, places.filter_map(key).collect())
    }

    fn by_custom(column: &CustomColumn, base: Base<'_>, cancel: Cancel<'_>) -> Option<Self> {
        #[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
        enum Key {
            Number(u64),
            Date(Date),
            Text(u32),
        }
        let none = (Codes::default(), TextArena::default());
        let (codes, texts) = column.texts.codes().unwrap_or((&none.0, &none.1));
        let ranks = sorted(texts.len(), |code| texts.find_present(code), cancel)?.ranks(texts.len());
        let key = |place: u32| {
            let row = base.row(place);
            let text = || ranks.get(codes.get(row) as usize).copied().filter(|rank| *rank != EMPTY).map(Key::Text);
            let date = || column.dates.get(&row).copied().map(Key::Date);
            let number = column.numbers.get(&row).map(|number| Key::Number(rising_bits(*number)));
            Some((number.or_else(date).or_else(text)?, place))
        };
        Some(Self::by_keys(base, (0..base.len() as u32).filter_map(key).collect()))
    }

    fn by_text(column: &TextColumn, base: Base<'_>, cancel: Cancel<'_>) -> Option<Self> {
        if let Some((codes, values)) = column.codes() {
            let sorted = sorted(values.len(), |code| values.find_present(code), cancel)?;
            return Some(Self::by_rank(base, &sorted.ranks(values.len()), |row| codes.get(row)));
        }
        let Sorted { numbers: places, begins } =
            sorted(base.len(), |place| column.find_primary(base.row(place)), cancel)?;
        let mut starts = Bitmap::new(places.len());
        starts.words_mut().iter_mut().zip(begins.chunks(64)).for_each(|(word, begins)| {
            *word = begins.iter().enumerate().fold(0, |word, (at, begins)| word | u64::from(*begins) << at);
        });
        Some(Self::with_rest(base, places, starts))
    }

    /// Walks the rows in a direction until told to stop: what is empty last, equal ones by rising id.
    pub(in crate::index) fn walk(&self, direction: Direction, mut visit: impl FnMut(u32) -> ControlFlow<()>) {
        self.walk_groups(direction, |rows| rows.iter().try_for_each(|row| visit(*row)));
    }

    /// Walks the rows that share a value, each such group as one, by rising id; what is empty is the last.
    pub(in crate::index) fn walk_groups(&self, direction: Direction, mut visit: impl FnMut(&[u32]) -> ControlFlow<()>) {
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

    /// What rows are compared by in a direction, worked out the first time: what is empty comes last.
    pub(in crate::index) fn place(&self, direction: Direction) -> impl Fn(u32) -> u32 + '_ {
        let places = self.places.get_or_init(|| {
            let mut places = vec![EMPTY; self.rows.len()];
            let mut place = EMPTY;
            for (at, row) in self.rows[..self.filled].iter().enumerate() {
                place = place.wrapping_add(u32::from(self.starts.has(at as u32)));
                places[*row as usize] = place;
            }
            places
        });
        move |row| match (places[row as usize], direction) {
            (EMPTY, _) => EMPTY,
            (place, Direction::Ascending) => place,
            (place, Direction::Descending) => EMPTY - 1 - place,
        }
    }

    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        self.rows.capacity() * 4 + self.starts.memory() + self.places.get().map_or(0, |places| places.capacity() * 4)
    }
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
pub(in crate::index) fn fold_key(text: &str) -> (String, String) {
    (crate::domain::fold::fold_accents(text).into_owned(), text.trim().to_owned())
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
