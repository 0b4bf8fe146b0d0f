//! Texts put in order: what an order by a column of texts is made of.
//!
//! Called by [`super::order`] with texts by number. The beginning of each text, and which of its letters
//! are capitals, become numbers that lie together: most texts are told apart by those alone, and only
//! those that begin alike and are longer (or not ASCII) are looked up again. Nothing here knows rows.

use std::borrow::Cow;

use rayon::prelude::*;

use super::values::{Cancel, SEGMENT, Values};

/// Rank of what holds nothing: behind everything.
pub(super) const EMPTY: u32 = u32::MAX;
/// From this depth on texts that begin alike are compared as a whole.
const DEEP: usize = 64;
/// So many bytes of a text are in its keys.
const HELD: usize = 24;
/// In place of the capitals: the keys don't say all of this text.
const PARTLY: u32 = u32::MAX;
/// Buckets by the first two bytes, seven bits of each.
const BUCKETS: usize = 1 << 14;
/// A bucket that holds more than one text in so many is sorted by all threads.
const LARGE: usize = 8;

/// Numbers of texts in the order of the texts: accent folded, then as they were written, then by number.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    pub(super) numbers: Vec<u32>,
    /// Whether another text begins there.
    pub(super) begins: Vec<bool>,
}

impl Sorted {
    /// The rank of each number below a limit, the same for the same texts; nothing has the rank [`EMPTY`].
    pub(super) fn ranks(&self, limit: usize) -> Vec<u32> {
        let mut ranks = vec![EMPTY; limit.max(1)];
        let mut rank = EMPTY;
        for (number, begins) in self.numbers.iter().zip(&self.begins) {
            rank = rank.wrapping_add(u32::from(*begins));
            ranks[*number as usize] = rank;
        }
        ranks
    }
}

/// A text as it is compared, its number last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Item {
    keys: [u64; HELD / 8],
    /// Its capitals, the first character's bit on top and clear for a capital, or [`PARTLY`].
    capitals: u32,
    number: u32,
}

impl Item {
    fn bucket(&self) -> usize {
        let (first, second) = (self.keys[0] >> 56, self.keys[0] >> 48 & 0xff);
        if first < 0x7f { (first << 7 | second.min(0x7f)) as usize } else { BUCKETS - 1 }
    }
}

/// Some of the texts, in the order of their buckets.
struct Part {
    items: Vec<Item>,
    /// Where each bucket starts, and one more.
    starts: Vec<u32>,
}

impl Part {
    fn of(items: &[Item]) -> Self {
        let mut starts = vec![0u32; BUCKETS + 1];
        for item in items {
            starts[item.bucket() + 1] += 1;
        }
        for bucket in 0..BUCKETS {
            starts[bucket + 1] += starts[bucket];
        }
        let mut next = starts.clone();
        let mut placed = items.to_vec();
        for item in items {
            let place = &mut next[item.bucket()];
            placed[*place as usize] = *item;
            *place += 1;
        }
        Self { items: placed, starts }
    }

    fn bucket(&self, bucket: usize) -> &[Item] {
        &self.items[self.starts[bucket] as usize..self.starts[bucket + 1] as usize]
    }
}

/// Puts the texts of the numbers below a limit in order, those that are there. `find` says where the text
/// of a number is kept. None: cancelled.
pub(super) fn sorted<'a>(
    limit: usize,
    find: impl Fn(u32) -> (&'a Values, u32) + Sync,
    cancel: Cancel<'_>,
) -> Option<Sorted> {
    let parts: Vec<Part> = (0..limit.div_ceil(SEGMENT))
        .into_par_iter()
        .map(|part| {
            let numbers = (part * SEGMENT) as u32..(part * SEGMENT + SEGMENT).min(limit) as u32;
            let items: Vec<Item> =
                if cancel() { Vec::new() } else { numbers.filter_map(|number| item(number, &find)).collect() };
            Part::of(&items)
        })
        .collect();
    let lengths: Vec<usize> = (0..BUCKETS).map(|at| parts.iter().map(|part| part.bucket(at).len()).sum()).collect();
    let filled = lengths.iter().sum();
    if cancel() {
        return None;
    }
    let mut out = Sorted { numbers: vec![0; filled], begins: vec![false; filled] };
    let (mut numbers, mut begins) = (out.numbers.as_mut_slice(), out.begins.as_mut_slice());
    let mut buckets = Vec::new();
    for (bucket, length) in lengths.into_iter().enumerate().filter(|(_, length)| *length > 0) {
        let ((here, rest), (marks, others)) = (numbers.split_at_mut(length), begins.split_at_mut(length));
        buckets.push((bucket, here, marks));
        (numbers, begins) = (rest, others);
    }
    buckets.into_par_iter().for_each(|(bucket, numbers, begins)| {
        if cancel() {
            return;
        }
        let mut items: Vec<Item> = parts.iter().flat_map(|part| part.bucket(bucket)).copied().collect();
        if items.len() > filled / LARGE {
            items.par_sort_unstable();
        } else {
            items.sort_unstable();
        }
        let mut at = 0;
        for same in items.chunk_by_mut(|a, b| a.keys == b.keys) {
            let here = at..at + same.len();
            at = here.end;
            settle(same, &find, &mut begins[here.clone()]);
            numbers[here].iter_mut().zip(same).for_each(|(number, item)| *number = item.number);
        }
    });
    if cancel() { None } else { Some(out) }
}

fn item<'a>(number: u32, find: &impl Fn(u32) -> (&'a Values, u32)) -> Option<Item> {
    let (values, at) = find(number);
    let folded = values.folded(at);
    if folded.is_empty() && !values.is_present(at) {
        return None;
    }
    let capitals = match folded {
        // Behind a zero at the end, what is missing in the keys would look the same.
        [.., 0] | [] => PARTLY,
        whole if whole.len() <= HELD => values.case_key(at).map_or(PARTLY, |case| (case >> 40) as u32),
        _ => PARTLY,
    };
    let mut keys = [0; HELD / 8];
    keys.iter_mut().enumerate().for_each(|(at, key)| *key = key8(folded, at * 8));
    Some(Item { keys, capitals, number })
}

/// Puts texts of the same keys in order, and marks where another text begins.
fn settle<'a>(same: &mut [Item], find: &impl Fn(u32) -> (&'a Values, u32), begins: &mut [bool]) {
    // What the keys don't say all of is the last.
    if same.last().is_some_and(|last| last.capitals == PARTLY) {
        if same.len() > 1 {
            let texts = Texts { find };
            let mut keyed: Vec<(u64, u32)> = same.iter().map(|item| (0, item.number)).collect();
            texts.refine(&mut keyed, HELD);
            same.iter_mut().zip(&keyed).for_each(|(item, (_, number))| item.number = *number);
            for at in 1..same.len() {
                begins[at] = !texts.are_same(keyed[at - 1].1, keyed[at].1);
            }
        }
    } else {
        for at in 1..same.len() {
            begins[at] = same[at - 1].capitals != same[at].capitals;
        }
    }
    begins[0] = true;
}

/// The texts of numbers.
struct Texts<'f, F> {
    find: &'f F,
}

impl<'a, F: Fn(u32) -> (&'a Values, u32)> Texts<'_, F> {
    fn folded(&self, number: u32) -> &'a [u8] {
        let (values, at) = (self.find)(number);
        values.folded(at)
    }

    fn raw(&self, number: u32) -> Cow<'a, str> {
        let (values, at) = (self.find)(number);
        values.raw(at)
    }

    fn case_key(&self, number: u32) -> Option<u64> {
        let (values, at) = (self.find)(number);
        values.case_key(at)
    }

    fn are_same(&self, a: u32, b: u32) -> bool {
        self.folded(a) == self.folded(b)
            && match (self.case_key(a), self.case_key(b)) {
                (Some(a), Some(b)) => a == b,
                _ => self.raw(a) == self.raw(b),
            }
    }

    /// Sorts texts that begin alike up to a depth.
    fn refine(&self, run: &mut [(u64, u32)], depth: usize) {
        for (key, number) in run.iter_mut() {
            *key = key8(self.folded(*number), depth);
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
                    same.iter().map(|(_, number)| (self.folded(*number), self.raw(*number), *number)).collect();
                whole.sort_unstable();
                for (slot, (_, _, number)) in same.iter_mut().zip(whole) {
                    slot.1 = number;
                }
            }
        }
    }

    /// Sorts texts that fold to the same, as they were written; false: they don't, or it can't be told
    /// from their capitals alone.
    fn sort_by_case(&self, same: &mut [(u64, u32)]) -> bool {
        let folded = self.folded(same[0].1);
        for (key, number) in same.iter_mut() {
            match self.case_key(*number) {
                Some(case) if self.folded(*number) == folded => *key = case,
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::fold::fold_accents;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]
        #[test]
        fn it_is_the_order_of_plain_comparing(texts in proptest::collection::vec(prop_oneof![
            4 => "[abA]{0,3}",
            3 => "(aaaaaaaa){0,3}[abA\u{0}]{0,2}(bbbbbbbb){0,9}[aB\u{0}é]{0,2}",
            2 => "[aäÄA日ßéE\u{301}\u{0}\u{7f}]{0,4}",
        ], 0..40), repeats in 1usize..4) {
            let texts: Vec<String> = texts.iter().cycle().take(texts.len() * repeats).cloned().collect();
            let mut values = Values::default();
            for (at, text) in texts.iter().enumerate() {
                values.put(at as u32, text);
            }
            let key = |number: u32| {
                let text = texts[number as usize].trim();
                (fold_accents(text).into_owned(), text)
            };
            let mut wanted: Vec<u32> = (0..texts.len() as u32).filter(|number| !key(*number).1.is_empty()).collect();
            wanted.sort_by_key(|number| (key(*number), *number));
            let found = sorted(texts.len(), |number| (&values, number), &|| false).unwrap();
            prop_assert_eq!(&found.numbers, &wanted);
            for (at, begins) in found.begins.iter().enumerate() {
                prop_assert_eq!(*begins, at == 0 || key(wanted[at - 1]) != key(wanted[at]));
            }
            prop_assert!(texts.is_empty() || sorted(texts.len(), |number| (&values, number), &|| true).is_none());
        }
    }
}
