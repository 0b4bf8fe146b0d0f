//! Texts in order, for many of them at once.
//!
//! Called by `order`. Sorting mostly waits for memory, so what is compared is short and lies together: a
//! text's [`Alphabet`] key with its number behind it, in sixteen bytes. Most texts are told apart by those
//! alone, and equal ones by how they are written, which is kept beside them; only those that begin alike and
//! are longer are looked up again. Nothing here knows rows.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use super::sort_keys::Alphabet;
use super::text_arena::{Cancel, SEGMENT, Segment};

/// Rank of what holds nothing: behind everything.
pub(in crate::index) const EMPTY: u32 = u32::MAX;
/// From this depth on texts that begin alike are compared as a whole.
const DEEP: usize = 64;
/// Buckets by how keys begin.
const BUCKETS: usize = 1 << 14;
/// A bucket that holds more than one text in so many is sorted by all threads.
const LARGE: usize = 8;
/// So many texts say what the others are made of.
const SAMPLE: usize = 1 << 11;
/// How a text is written: so many bits of its capitals, where there is neither of these.
const CAPITALS: u32 = 30;
/// Its key doesn't say all of it.
const PARTLY: u32 = 1 << 30;
/// It isn't ASCII alone. The rest says where it is kept as it was written: its place among such ones of its
/// segment, and the place of that among the part's.
const ODD: u32 = 1 << 31;
const PLACE: u32 = SEGMENT.ilog2();

/// Numbers of texts in the order of the texts: accent folded, then as they were written, then by number.
#[derive(Debug, Default)]
pub(in crate::index) struct Sorted {
    pub(in crate::index) numbers: Vec<u32>,
    /// Whether another text begins there.
    pub(in crate::index) begins: Vec<bool>,
}

impl Sorted {
    /// The rank of each number below a limit, the same for the same texts; nothing has the rank [`EMPTY`].
    pub(in crate::index) fn ranks(&self, limit: usize) -> Vec<u32> {
        let mut ranks = vec![EMPTY; limit.max(1)];
        let mut rank = EMPTY;
        for (number, begins) in self.numbers.iter().zip(&self.begins) {
            rank = rank.wrapping_add(u32::from(*begins));
            ranks[*number as usize] = rank;
        }
        ranks
    }
}

/// Keys with their numbers behind them.
struct Form {
    alphabet: Alphabet,
    /// How many bits a number has.
    number: u32,
}

impl Form {
    /// For so many texts like these.
    fn of(limit: usize, some: &[&[u8]]) -> Self {
        let number = usize::BITS - limit.leading_zeros();
        Self { alphabet: Alphabet::of(some, u128::BITS - number), number }
    }

    fn item(&self, key: u128, number: u32) -> u128 {
        key << self.number | u128::from(number)
    }

    fn key_of(&self, item: u128) -> u128 {
        item >> self.number
    }

    fn number_of(&self, item: u128) -> u32 {
        item as u32 & (1_u64 << self.number).wrapping_sub(1) as u32
    }

    fn bucket_of(&self, item: u128) -> usize {
        (item >> (self.alphabet.room() + self.number - BUCKETS.ilog2())) as usize
    }
}

/// Some of the texts, in the order of their buckets.
struct Part<'a> {
    items: Vec<u128>,
    /// Where each bucket starts, and one more.
    starts: Vec<u32>,
    /// How the text of each number is written.
    written: Vec<u32>,
    /// Where the texts are kept.
    segments: Vec<&'a Segment>,
}

impl<'a> Part<'a> {
    /// The texts of some numbers.
    fn of(numbers: Range<u32>, find: &impl Fn(u32) -> Option<(&'a Segment, usize)>, form: &Form) -> Self {
        let mut items = Vec::with_capacity(numbers.len());
        let mut written = vec![0; numbers.len()];
        let mut odd = Odd::default();
        for (number, written) in numbers.zip(&mut written) {
            let Some((segment, at)) = find(number) else { continue };
            let (key, is_whole) = form.alphabet.key(&segment.folded, segment.place(at));
            let partly = if is_whole { 0 } else { PARTLY };
            *written = match odd.place(segment, at) {
                Some(place) => ODD | partly | place,
                // What is whole is shorter than what there is room for.
                None if is_whole => (segment.case_bits(at) >> (u64::BITS - CAPITALS)) as u32,
                None => partly,
            };
            items.push(form.item(key, number));
        }
        Self::by_buckets(&items, form, written, odd.segments)
    }

    fn by_buckets(items: &[u128], form: &Form, written: Vec<u32>, segments: Vec<&'a Segment>) -> Self {
        let mut starts = vec![0u32; BUCKETS + 1];
        for item in items {
            starts[form.bucket_of(*item) + 1] += 1;
        }
        for bucket in 0..BUCKETS {
            starts[bucket + 1] += starts[bucket];
        }
        let mut next = starts.clone();
        let mut placed = vec![0; items.len()];
        for item in items {
            let place = &mut next[form.bucket_of(*item)];
            placed[*place as usize] = *item;
            *place += 1;
        }
        Self { items: placed, starts, written, segments }
    }

    fn bucket(&self, bucket: usize) -> &[u128] {
        &self.items[self.starts[bucket] as usize..self.starts[bucket + 1] as usize]
    }
}

/// Finds the texts that are not ASCII alone, quickest where they are asked for in the order in which they
/// are kept.
#[derive(Default)]
struct Odd<'a> {
    /// Where texts were asked for, the last one at a place of its own.
    segments: Vec<&'a Segment>,
    current: usize,
    next: usize,
}

impl<'a> Odd<'a> {
    /// Where it is kept as it was written; none: the text is ASCII alone.
    fn place(&mut self, segment: &'a Segment, at: usize) -> Option<u32> {
        let odd = segment.odd.as_slice();
        let is_before = |place: usize| odd.get(place).is_some_and(|odd| usize::from(*odd) < at);
        let is_current = self.segments.get(self.current).is_some_and(|known| std::ptr::eq(*known, segment));
        if !is_current || self.next.checked_sub(1).is_some_and(|last| !is_before(last)) {
            if !is_current {
                self.current = self.number(segment);
            }
            self.next = odd.partition_point(|odd| usize::from(*odd) < at);
        }
        while is_before(self.next) {
            self.next += 1;
        }
        let is_there = odd.get(self.next).is_some_and(|odd| usize::from(*odd) == at);
        is_there.then_some((self.current as u32) << PLACE | self.next as u32)
    }

    fn number(&mut self, segment: &'a Segment) -> usize {
        self.segments.iter().position(|known| std::ptr::eq(*known, segment)).unwrap_or_else(|| {
            self.segments.push(segment);
            self.segments.len() - 1
        })
    }
}

/// Puts the texts of the numbers below a limit in order, those that are there. `find` says where the text
/// of a number is kept; none: there is none. None: cancelled.
pub(in crate::index) fn sorted<'a>(
    limit: usize,
    find: impl Fn(u32) -> Option<(&'a Segment, usize)> + Sync,
    cancel: Cancel<'_>,
) -> Option<Sorted> {
    let some = (0..limit).step_by(limit.div_ceil(SAMPLE).max(1));
    let some = some.filter_map(|number| find(number as u32)).map(|(segment, at)| segment.folded(at));
    let form = Form::of(limit, &some.collect::<Vec<_>>());
    let parts: Vec<Part<'a>> = (0..limit.div_ceil(SEGMENT))
        .into_par_iter()
        .map(|part| {
            let numbers = (part * SEGMENT) as u32..(part * SEGMENT + SEGMENT).min(limit) as u32;
            Part::of(if cancel() { 0..0 } else { numbers }, &find, &form)
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
    let texts = Texts { find: &find, parts: &parts, form: &form };
    buckets.into_par_iter().for_each_init(Vec::new, |items: &mut Vec<u128>, (bucket, numbers, begins)| {
        if cancel() {
            return;
        }
        items.clear();
        for part in &parts {
            items.extend_from_slice(part.bucket(bucket));
        }
        if items.len() > filled / LARGE {
            items.par_sort_unstable();
        } else {
            items.sort_unstable();
        }
        let mut at = 0;
        for same in items.chunk_by(|a, b| form.key_of(*a) == form.key_of(*b)) {
            let here = at..at + same.len();
            at = here.end;
            numbers[here.clone()].iter_mut().zip(same).for_each(|(number, item)| *number = form.number_of(*item));
            begins[here.start] = true;
            if same.len() > 1 {
                texts.settle(&mut numbers[here.clone()], &mut begins[here]);
            }
        }
    });
    if cancel() { None } else { Some(out) }
}

/// The texts of numbers.
struct Texts<'f, 'a, F> {
    find: &'f F,
    parts: &'f [Part<'a>],
    form: &'f Form,
}

impl<'a, F: Fn(u32) -> Option<(&'a Segment, usize)>> Texts<'_, 'a, F> {
    fn folded(&self, number: u32) -> &'a [u8] {
        (self.find)(number).map_or(&[], |(segment, at)| segment.folded(at))
    }

    fn part(&self, number: u32) -> &Part<'a> {
        &self.parts[number as usize / SEGMENT]
    }

    fn written(&self, number: u32) -> u32 {
        self.part(number).written[number as usize % SEGMENT]
    }

    fn raw(&self, number: u32) -> Cow<'a, [u8]> {
        let written = self.written(number);
        if written & ODD != 0 {
            let (segment, place) = ((written & !(ODD | PARTLY)) >> PLACE, written as usize % SEGMENT);
            return Cow::Borrowed(self.part(number).segments[segment as usize].odd_raw(place));
        }
        match (self.find)(number).map_or(Cow::Borrowed(""), |(segment, at)| segment.plain(at)) {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        }
    }

    /// Its capitals, where they say how it is written.
    fn capitals(&self, number: u32) -> Option<u64> {
        let written = self.written(number);
        if written & ODD != 0 {
            return None;
        }
        if written & PARTLY == 0 {
            return Some(u64::from(written));
        }
        let (segment, at) = (self.find)(number)?;
        (segment.place(at).len() <= u64::BITS as usize).then(|| segment.case_bits(at))
    }

    /// Puts texts whose keys are the same in order, and marks where another text begins. They stand by rising
    /// number.
    fn settle(&self, same: &mut [u32], begins: &mut [bool]) {
        if self.written(same[0]) & PARTLY == 0 {
            self.by_writing(same, begins);
        } else {
            self.deepen(same, begins, self.form.alphabet.tells(self.folded(same[0])));
        }
    }

    /// Puts texts that are the same up to a depth in order, and marks where another text begins.
    fn deepen(&self, same: &mut [u32], begins: &mut [bool], depth: usize) {
        let is_deep = depth >= DEEP;
        let mut rest: Vec<(Rest, u32)> =
            same.iter().map(|number| (Rest::of(self.folded(*number), depth), *number)).collect();
        rest.sort_unstable();
        let mut at = 0;
        for like in rest.chunk_by(|a, b| a.0 == b.0) {
            let here = at..at + like.len();
            at = here.end;
            same[here.clone()].iter_mut().zip(like).for_each(|(number, (_, sorted))| *number = *sorted);
            begins[here.start] = true;
            let (same, begins) = (&mut same[here.clone()], &mut begins[here]);
            match like[0].0.is_all() {
                _ if same.len() == 1 => {}
                true => self.by_writing(same, begins),
                false if is_deep => self.as_wholes(same, begins),
                false => self.deepen(same, begins, depth + Rest::HOLDS),
            }
        }
    }

    /// Puts texts that fold to the same in order.
    fn by_writing(&self, same: &mut [u32], begins: &mut [bool]) {
        let first = self.written(same[0]);
        if first & (ODD | PARTLY) == 0 && same.iter().all(|number| self.written(*number) == first) {
            return;
        }
        let capitals: Option<Vec<(u64, u32)>> =
            same.iter().map(|number| Some((self.capitals(*number)?, *number))).collect();
        match capitals {
            Some(keyed) => put(keyed, same, begins),
            None if same[1..].iter().all(|number| self.raw(same[0]) == self.raw(*number)) => {}
            None => put(same.iter().map(|number| (self.raw(*number), *number)).collect(), same, begins),
        }
    }

    /// Puts any texts in order.
    fn as_wholes(&self, same: &mut [u32], begins: &mut [bool]) {
        put(same.iter().map(|number| ((self.folded(*number), self.raw(*number)), *number)).collect(), same, begins);
    }
}

/// What follows a depth in a text, as far as it is compared at once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rest(u128);

impl Rest {
    /// So many bytes; the one behind them is their number, or one more where there are more.
    const HOLDS: usize = 15;

    fn of(text: &[u8], depth: usize) -> Self {
        let rest = text.get(depth..).unwrap_or_default();
        let mut bytes = [0; Self::HOLDS + 1];
        let held = rest.len().min(Self::HOLDS);
        bytes[..held].copy_from_slice(&rest[..held]);
        bytes[Self::HOLDS] = rest.len().min(Self::HOLDS + 1) as u8;
        Self(u128::from_be_bytes(bytes))
    }

    /// Whether it says all of the rest.
    fn is_all(self) -> bool {
        self.0 as u8 <= Self::HOLDS as u8
    }
}

/// Puts numbers in the order of their keys, and marks where another key begins.
fn put<K: Ord>(mut keyed: Vec<(K, u32)>, numbers: &mut [u32], begins: &mut [bool]) {
    keyed.sort_unstable();
    for (at, (key, number)) in keyed.iter().enumerate() {
        numbers[at] = *number;
        begins[at] = at == 0 || keyed[at - 1].0 != *key;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::fold::fold_accents;
    use crate::index::text::text_arena::TextArena;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]
        #[test]
        fn it_is_the_order_of_plain_comparing(texts in proptest::collection::vec(prop_oneof![
            4 => "[abA]{0,3}",
            3 => "(aaaaaaaa){0,3}[abA\u{0}]{0,2}(bbbbbbbb){0,9}[aB\u{0}é]{0,2}",
            2 => "[aäÄA日ßéE\u{301}\u{0}\u{7f}]{0,4}",
        ], 0..40), repeats in 1usize..4) {
            let texts: Vec<String> = texts.iter().cycle().take(texts.len() * repeats).cloned().collect();
            let mut values = TextArena::default();
            for (at, text) in texts.iter().enumerate() {
                values.put(at as u32, text);
            }
            let key = |number: u32| {
                let text = texts[number as usize].trim();
                (fold_accents(text).into_owned(), text)
            };
            let mut wanted: Vec<u32> = (0..texts.len() as u32).filter(|number| !key(*number).1.is_empty()).collect();
            wanted.sort_by_key(|number| (key(*number), *number));
            let find = |number| values.find_present(number);
            let found = sorted(texts.len(), find, &|| false).unwrap();
            prop_assert_eq!(&found.numbers, &wanted);
            for (at, begins) in found.begins.iter().enumerate() {
                prop_assert_eq!(*begins, at == 0 || key(wanted[at - 1]) != key(wanted[at]));
            }
            prop_assert!(texts.is_empty() || sorted(texts.len(), find, &|| true).is_none());
        }
    }

    #[test]
    fn few_texts_of_many_different_bytes_are_told_apart() {
        let mut values = TextArena::default();
        values.put(0, "STRASSE \0nul");
        values.put(1, "Straße Straße");
        let found = sorted(2, |number| values.find_present(number), &|| false).unwrap();
        assert_eq!((found.numbers, found.begins), (vec![0, 1], vec![true, true]));
    }
}
