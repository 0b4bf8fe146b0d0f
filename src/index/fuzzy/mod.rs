//! Fuzzy finding: the hundred best lines for a few letters, over all contacts.
//!
//! The answer is fuzzy-matcher's: the same as asking it for every line. But only lines that can still win are
//! scored: those that have all the letters, whose best conceivable score beats the worst of the best so far,
//! and that have the letters in order. A longer pattern starts from what the shorter one left over.
//!
//! Which lines are left is told by `score`, which gives the same number without fuzzy-matcher's matrix: it
//! halves the slowest pattern. fuzzy-matcher stays what finds: it scores the lines that are too long for that,
//! and it scores all of the best once more, puts them in order and says which of their characters were found.

pub(in crate::index) mod fuzzy_masks;
mod score;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use rayon::prelude::*;

use crate::domain::contact::ContactId;
use crate::domain::fold::fold_accents;
use crate::domain::query::{ResolvedQuery, Scope};
use crate::domain::slot::Slot;
use crate::index::Index;
use crate::index::bitmap::Bitmap;
use crate::index::column::text_column::TextColumn;
use crate::index::text::text_arena::Cancel;
use fuzzy_masks::{FuzzyMasks, Left, initial, mask_of, pair};
use score::{APART, FOUND, HEAD, LINE, OPENING, Scorer, behind, bonus_behind};

/// Rows between two looks at whether the answer is still wanted.
const STEP: u32 = 1 << 14;
/// A line that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The contact.
    pub id: ContactId,
    /// Its score; more is better.
    pub score: i64,
    /// The line that was searched: first and last name, email, company and phone, folded.
    pub line: String,
    /// The places in the line of the letters that were found, in characters.
    pub places: Vec<usize>,
}

/// A scored row: the smaller, the better.
type Ranked = (Reverse<i32>, ContactId, u32);

impl Index {
    /// The best lines of a scope for a pattern: by score, then by rising id. An empty pattern finds
    /// nothing. None: it was cancelled.
    pub fn find(&self, pattern: &str, scope: Scope, limit: usize, cancel: Cancel<'_>) -> Option<Vec<Hit>> {
        self.find_in(pattern, &self.scope(scope), limit, cancel)
    }

    /// The same among what matches; order and page don't count.
    pub fn find_among(
        &self,
        pattern: &str,
        query: &ResolvedQuery,
        limit: usize,
        cancel: Cancel<'_>,
    ) -> Option<Vec<Hit>> {
        self.find_in(pattern, &self.all(query, cancel)?, limit, cancel)
    }

    fn find_in(&self, pattern: &str, in_scope: &Bitmap, limit: usize, cancel: Cancel<'_>) -> Option<Vec<Hit>> {
        let pattern = fold_accents(pattern).into_owned();
        if pattern.is_empty() || limit == 0 {
            return Some(Vec::new());
        }
        let letters = self.letters();
        let known = self.kept.left(self.versions).filter(|left| pattern.starts_with(&left.pattern));
        let rows = self.ids.len();
        let search = Search {
            index: self,
            letters: &letters,
            in_scope,
            known: known.as_ref().map(|left| &left.rows),
            pattern: &pattern,
            mask: mask_of(pattern.as_bytes()),
            steps: Step::all(&pattern),
            limit,
            floor: AtomicI32::new(i32::MIN),
        };
        // A task each core: the longer one runs, the better it knows what can still win.
        let size = rows.div_ceil(rayon::current_num_threads()).next_multiple_of(64).max(64);
        let chunks: Vec<usize> = (0..rows).step_by(size).collect();
        let found: Vec<(Vec<Ranked>, Vec<u64>)> =
            chunks.into_par_iter().map(|from| search.chunk(from, (from + size).min(rows), cancel)).collect();
        if cancel() {
            return None;
        }
        let mut left = Bitmap::new(rows);
        let mut best = Vec::new();
        for (chunk, (hits, words)) in found.into_iter().enumerate() {
            best.extend(hits);
            left.words_mut()[chunk * size / 64..][..words.len()].copy_from_slice(&words);
        }
        self.kept.keep_left(self.versions, Left { pattern: pattern.clone(), rows: left });
        best.sort_unstable();
        best.truncate(limit);
        let hit = |(_, id, row)| {
            let mut line = Vec::new();
            self.line(row, &mut line);
            let line = String::from_utf8(line).ok()?;
            // A match by itself and one with its places differ a little at times; what counts is the former.
            let score = matcher().fuzzy_match(&line, &pattern)?;
            let places = matcher().fuzzy_indices(&line, &pattern).map(|(_, places)| places).unwrap_or_default();
            Some(Hit { id, score, line, places })
        };
        let mut hits: Vec<Hit> = best.into_iter().filter_map(hit).collect();
        hits.sort_by_key(|hit| (Reverse(hit.score), hit.id));
        Some(hits)
    }

    /// Works out what fuzzy finding needs to know of every line, so that the first question finds it there.
    pub fn prepare_find(&self) {
        self.letters();
    }

    fn letters(&self) -> Arc<FuzzyMasks> {
        let make = || {
            let each = |line: &mut Vec<u8>, row: u32| {
                self.line(row, line);
                let begins = |pair: &&[u8]| bonus_behind(char::from(pair[0])) > 0;
                let initials = line.windows(2).filter(begins).fold(0, |initials, pair| initials | initial(pair[1]));
                let pairs = line.windows(2).fold(0, |pairs, two| pairs | pair(two[0], two[1]));
                ((mask_of(line), pairs), (initials, line.first().copied().unwrap_or(0)))
            };
            let rows = (0..self.ids.len() as u32).into_par_iter();
            let ((masks, pairs), (initials, firsts)) = rows.map_init(Vec::new, each).unzip();
            FuzzyMasks { masks, initials, pairs, firsts }
        };
        self.kept.letters(self.versions, |_| true, make)
    }

    /// Writes a row's line: what it has of first and last name (else its name), email, company, phone.
    fn line(&self, row: u32, out: &mut Vec<u8>) {
        out.clear();
        let columns = &self.columns;
        let [first, last, company] = [Slot::First, Slot::Last, Slot::Company].map(|slot| columns.slot(slot));
        let is_present = |column: Option<&TextColumn>| column.is_some_and(|column| column.is_present(row));
        let first = if is_present(first) || is_present(last) { first } else { Some(&columns.name) };
        let line = [first, last, Some(&columns.email), company, Some(&columns.phone.digits)];
        for column in line.into_iter().flatten() {
            let text = column.folded(row);
            if !text.is_empty() {
                if !out.is_empty() {
                    out.push(b' ');
                }
                out.extend_from_slice(text);
            }
        }
    }
}

/// One question while it runs.
struct Search<'a> {
    index: &'a Index,
    letters: &'a FuzzyMasks,
    in_scope: &'a Bitmap,
    known: Option<&'a Bitmap>,
    pattern: &'a str,
    mask: u64,
    steps: Vec<Step>,
    limit: usize,
    /// So many lines as are wanted score at least this.
    floor: AtomicI32,
}

/// From a character of the pattern to the next.
struct Step {
    pair: u128,
    initial: u32,
    /// What the next one scores right behind this one.
    behind: i32,
}

impl Step {
    fn all(pattern: &str) -> Vec<Self> {
        let bytes = pattern.as_bytes();
        let step = |(before, at): (char, usize)| Self {
            pair: pair(bytes[at - 1], bytes[at]),
            initial: initial(bytes[at]),
            behind: behind(before),
        };
        pattern.chars().zip(pattern.char_indices().skip(1).map(|(at, _)| at)).map(step).collect()
    }

    /// The most that the next character can score in a line: right behind this one if the line has the
    /// two like that, else behind a gap, and then at the beginning of a word if one begins with it.
    fn most(&self, pairs: u128, initials: u32) -> i32 {
        let apart = if initials & self.initial != 0 { APART + HEAD } else { APART };
        if pairs & self.pair != 0 { apart.max(self.behind) } else { apart }
    }
}

/// What a task works with.
#[derive(Default)]
struct Work {
    /// The worst of the best is on top.
    best: BinaryHeap<Ranked>,
    /// The rows that a longer pattern could find, a bit each.
    left: Vec<u64>,
    line: Vec<u8>,
    scorer: Scorer,
    /// The task's first row.
    from: u32,
}

impl Search<'_> {
    /// The best of some rows, and which of them a longer pattern could find.
    fn chunk(&self, from: usize, to: usize, cancel: Cancel<'_>) -> (Vec<Ranked>, Vec<u64>) {
        let mut work = Work { left: vec![0; (to - from).div_ceil(64)], from: from as u32, ..Work::default() };
        let first = self.pattern.as_bytes()[0];
        let rows = from as u32..to as u32;
        let begins_alike = |row: &u32| self.letters.firsts[*row as usize] == first;
        let is_over = |row: u32| row.is_multiple_of(STEP) && cancel();
        // First the lines that begin like the pattern, and of those the ones that can score most: the best are
        // mostly among them, and the better the best so far are, the fewer of the others have to be looked at.
        let mut open: Vec<(i32, u32)> = Vec::new();
        for row in rows.clone().take_while(|row| !is_over(*row)).filter(begins_alike) {
            open.extend(self.look(row, OPENING + FOUND + LINE, &mut work).map(|most| (most, row)));
        }
        for (most, row) in by_most(&open) {
            if !self.take(row, most, &mut work) {
                break;
            }
        }
        for row in rows.take_while(|row| !is_over(*row)).filter(|row| !begins_alike(row)) {
            let opening = if self.letters.initials[row as usize] & initial(first) != 0 { HEAD } else { 0 };
            if let Some(most) = self.look(row, OPENING + FOUND + opening, &mut work) {
                self.take(row, most, &mut work);
            }
        }
        (work.best.into_vec(), work.left)
    }

    /// The most that a row can score, given the most that the first character can; none: it isn't looked for,
    /// or has not the letters. Those that have them are noted as what a longer pattern could find.
    fn look(&self, row: u32, first: i32, work: &mut Work) -> Option<i32> {
        if self.letters.masks[row as usize] & self.mask != self.mask || self.known.is_some_and(|known| !known.has(row))
        {
            return None;
        }
        work.left[(row - work.from) as usize / 64] |= 1 << (row % 64);
        let (pairs, initials) = (self.letters.pairs[row as usize], self.letters.initials[row as usize]);
        self.in_scope.has(row).then(|| first + self.steps.iter().map(|step| step.most(pairs, initials)).sum::<i32>())
    }

    /// Scores a row if it can be one of the best. False: it can't, nor can one that scores less at most.
    fn take(&self, row: u32, most: i32, work: &mut Work) -> bool {
        if most < self.floor.load(Ordering::Relaxed) {
            return false;
        }
        if !self.score(row, most, work) {
            // No pattern that begins with this one can find it.
            work.left[(row - work.from) as usize / 64] &= !(1 << (row % 64));
        }
        true
    }

    /// Takes a row among the best if it belongs there. False: no pattern that begins with this one can find it.
    fn score(&self, row: u32, most: i32, work: &mut Work) -> bool {
        let id = self.index.ids.id(row);
        let is_full = work.best.len() == self.limit;
        if is_full && work.best.peek().is_some_and(|worst| (Reverse(most), id, row) > *worst) {
            return true;
        }
        self.index.line(row, &mut work.line);
        if !has_in_order(&work.line, self.pattern.as_bytes()) {
            return false;
        }
        let Ok(line) = std::str::from_utf8(&work.line) else { return false };
        let Some(score) = work.scorer.score(line, self.pattern) else { return false };
        work.best.push((Reverse(score), id, row));
        if work.best.len() > self.limit {
            work.best.pop();
        }
        if work.best.len() == self.limit
            && let Some((Reverse(worst), _, _)) = work.best.peek()
        {
            self.floor.fetch_max(*worst, Ordering::Relaxed);
        }
        true
    }
}

/// Rows with those that can score most first, the others of them in the order in which they came.
fn by_most(open: &[(i32, u32)]) -> Vec<(i32, u32)> {
    let all = || open.iter().map(|(most, _)| *most);
    let (Some(least), Some(most)) = (all().min(), all().max()) else { return Vec::new() };
    // There are few different ones: they are counted into place.
    let bucket = |score: i32| (most - score) as usize;
    let mut next = vec![0; bucket(least) + 2];
    all().for_each(|score| next[bucket(score) + 1] += 1);
    for at in 1..next.len() {
        next[at] += next[at - 1];
    }
    let mut sorted = vec![(0, 0); open.len()];
    for one in open {
        let place = &mut next[bucket(one.0)];
        sorted[*place] = *one;
        *place += 1;
    }
    sorted
}

/// The matcher for one line. One that has matched other lines may score differently: fuzzy-matcher 0.3.7
/// leaves cells of the last line standing (and `use_cache(false)` panics), so each line gets a new one.
fn matcher() -> SkimMatcherV2 {
    SkimMatcherV2::default()
}

/// Whether the line has the pattern's bytes in its order.
fn has_in_order(line: &[u8], pattern: &[u8]) -> bool {
    let mut rest = line;
    pattern.iter().all(|wanted| match memchr::memchr(*wanted, rest) {
        Some(at) => {
            rest = &rest[at + 1..];
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::contact::{Contact, Name, Tagged};
    use crate::domain::contact_ref::ContactRef;

    const WORDS: [&str; 16] = [
        "anna", "Smith", "Müller", "aab", "a", "ba ab", "", "s-s", "x  y", "..", "Garcia", "o'Brien", "佐藤", "aAa",
        "ss.ss", "-a",
    ];

    fn words() -> impl Strategy<Value = String> {
        prop_oneof![3 => proptest::sample::select(&WORDS[..]).prop_map(str::to_owned), 1 => "[ab .@-]{0,8}"]
    }

    fn contact(id: i64, words: &[String; 5]) -> Contact {
        Contact {
            id: ContactId(id),
            name: Name { first: words[0].clone(), last: words[1].clone(), full: words[2].clone(), ..Name::default() },
            emails: vec![Tagged::plain(format!("{}@{}.example", words[3], words[0]))],
            company: words[4].clone(),
            ..Contact::default()
        }
    }

    proptest! {
        #![proptest_config(crate::index::tests::cases(500))]

        #[test]
        fn the_best_are_those_of_a_plain_scan(all in proptest::collection::vec(proptest::array::uniform5(words()), 0..40),
                                              pattern in prop_oneof![words(), "[ab .@-]{1,6}"], limit in 1usize..12) {
            let mut index = Index::new();
            for (id, words) in (1..).zip(&all) {
                index.upsert(&ContactRef::of(&contact(id, words)));
            }
            index.trash([ContactId(3)]);
            // Letter by letter, so that a longer pattern starts from what the shorter one left.
            let typed = (1..=pattern.chars().count()).map(|n| pattern.chars().take(n).collect::<String>());
            for typed in typed.chain(["ab".to_owned()]) {
                let folded = fold_accents(&typed).into_owned();
                let mut wanted: Vec<(Reverse<i64>, i64)> = Vec::new();
                for row in (0..all.len() as u32).filter(|row| *row != 2) {
                    let mut line = Vec::new();
                    index.line(row, &mut line);
                    let line = String::from_utf8(line).unwrap();
                    if let Some(score) = matcher().fuzzy_match(&line, &folded).filter(|_| !folded.is_empty()) {
                        wanted.push((Reverse(score), i64::from(row) + 1));
                    }
                }
                wanted.sort_unstable();
                wanted.truncate(limit);
                let found = index.find(&typed, Scope::Book, limit, &|| false).unwrap();
                let found: Vec<(Reverse<i64>, i64)> = found.iter().map(|hit| (Reverse(hit.score), hit.id.0)).collect();
                prop_assert_eq!(found, wanted, "{:?}", typed);
            }
        }
    }

    #[test]
    fn the_letters_that_were_found_are_told() {
        let mut index = Index::new();
        let words = ["Anna", "Kowal", "", "anna", "Acme"].map(str::to_owned);
        index.upsert(&ContactRef::of(&contact(7, &words)));
        let found = index.find("kow", Scope::Book, 5, &|| false).unwrap();
        assert_eq!(found[0].line, "anna kowal anna@anna.example acme");
        assert_eq!(found[0].places, [5, 6, 7]);
        assert_eq!(index.find("kow", Scope::Book, 5, &|| true), None);
        assert_eq!(index.find("", Scope::Book, 5, &|| false), Some(Vec::new()));
    }
}
