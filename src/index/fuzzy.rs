//! Fuzzy finding: the hundred best lines for a few letters, over all contacts.
//!
//! The score is fuzzy-matcher's, and so is the answer: the same as scoring every line. But only lines
//! that can still win are scored: those that have all the letters, whose best conceivable score beats
//! the worst of the best so far, and that have the letters in order. A longer pattern starts from what
//! the shorter one left over.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use rayon::prelude::*;

use super::Index;
use super::bitmap::Bitmap;
use super::letters::{Left, Letters};
use super::search::Which;
use super::values::Cancel;
use crate::domain::contact::ContactId;
use crate::domain::fold::fold_accents;
use crate::domain::request::Scope;

/// Rows between two looks at whether the answer is still wanted.
const STEP: u32 = 1 << 14;
/// What a letter that is found scores.
const FOUND: i64 = 16;
/// What the first letter scores beside that: nothing comes before it but a step of a gap.
const OPENING: i64 = -1;
/// What a letter at the beginning of the line scores beside that; of a word; right behind another one.
const LINE: i64 = 16;
const WORD: i64 = 8;
const NEXT: i64 = 4;

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
type Ranked = (Reverse<i64>, ContactId, u32);

impl Index {
    /// The best lines of a scope for a pattern: by score, then by rising id. An empty pattern finds
    /// nothing. None: it was cancelled.
    pub fn find(&self, pattern: &str, scope: Scope, limit: usize, cancel: Cancel<'_>) -> Option<Vec<Hit>> {
        self.find_in(pattern, &self.scope(scope), limit, cancel)
    }

    /// The same among what matches; order and window don't count.
    pub fn find_among(&self, pattern: &str, which: &Which<'_>, limit: usize, cancel: Cancel<'_>) -> Option<Vec<Hit>> {
        self.find_in(pattern, &self.all(which, cancel)?, limit, cancel)
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
            others: pattern.chars().zip(pattern.chars().skip(1)).map(|(before, at)| FOUND + bonus(before, at)).sum(),
            limit,
            floor: AtomicI64::new(i64::MIN),
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
        let hit = |(Reverse(score), id, row)| {
            let mut line = String::new();
            self.line(row, &mut line);
            let places = matcher().fuzzy_indices(&line, &pattern).map(|(_, places)| places).unwrap_or_default();
            Hit { id, score, line, places }
        };
        Some(best.into_iter().map(hit).collect())
    }

    /// Works out what fuzzy finding needs to know of every line, so that the first question finds it there.
    pub fn prepare_find(&self) {
        self.letters();
    }

    fn letters(&self) -> Arc<Letters> {
        let make = || {
            let each = |row: u32| {
                let mut line = String::new();
                self.line(row, &mut line);
                (mask_of(line.as_bytes()), line.bytes().next().unwrap_or(0))
            };
            let (masks, firsts) = (0..self.ids.len() as u32).into_par_iter().map(each).unzip();
            Letters { masks, firsts }
        };
        self.kept.letters(self.versions, |_| true, make)
    }

    /// Writes a row's line: what it has of first and last name (else its name), email, company, phone.
    fn line(&self, row: u32, out: &mut String) {
        out.clear();
        let columns = &self.columns;
        let has_parts = columns.first.is_present(row) || columns.last.is_present(row);
        let names = if has_parts { [&columns.first, &columns.last] } else { [&columns.name, &columns.last] };
        for column in names.into_iter().chain([&columns.email, &columns.company, &columns.phone.digits]) {
            let Ok(text) = std::str::from_utf8(column.folded(row)) else { continue };
            if !text.is_empty() {
                if !out.is_empty() {
                    out.push(' ');
                }
                out.push_str(text);
            }
        }
    }
}

/// One question while it runs.
struct Search<'a> {
    index: &'a Index,
    letters: &'a Letters,
    in_scope: &'a Bitmap,
    known: Option<&'a Bitmap>,
    pattern: &'a str,
    mask: u64,
    /// The most that all letters but the first can score.
    others: i64,
    limit: usize,
    /// So many lines as are wanted score at least this.
    floor: AtomicI64,
}

impl Search<'_> {
    /// The best of some rows, and which of them a longer pattern could find.
    fn chunk(&self, from: usize, to: usize, cancel: Cancel<'_>) -> (Vec<Ranked>, Vec<u64>) {
        let mut left = vec![0u64; (to - from).div_ceil(64)];
        // The worst of the best is on top.
        let mut best: BinaryHeap<Ranked> = BinaryHeap::new();
        let mut line = String::new();
        let first = self.pattern.as_bytes()[0];
        for row in from as u32..to as u32 {
            if row % STEP == 0 && cancel() {
                break;
            }
            if self.letters.masks[row as usize] & self.mask != self.mask
                || self.known.is_some_and(|known| !known.has(row))
            {
                continue;
            }
            let mut keep = || left[(row as usize - from) / 64] |= 1 << (row % 64);
            if !self.in_scope.has(row) {
                keep();
                continue;
            }
            let opening = if self.letters.firsts[row as usize] == first { LINE } else { WORD };
            let most = OPENING + FOUND + opening + self.others;
            let id = self.index.ids.id(row);
            let beaten = best.len() == self.limit && best.peek().is_some_and(|worst| (Reverse(most), id, row) > *worst);
            if beaten || most < self.floor.load(Ordering::Relaxed) {
                keep();
                continue;
            }
            self.index.line(row, &mut line);
            if !has_in_order(&line, self.pattern) {
                continue;
            }
            keep();
            let Some(score) = matcher().fuzzy_match(&line, self.pattern) else { continue };
            best.push((Reverse(score), id, row));
            if best.len() > self.limit {
                best.pop();
            }
            if best.len() == self.limit
                && let Some((Reverse(worst), _, _)) = best.peek()
            {
                self.floor.fetch_max(*worst, Ordering::Relaxed);
            }
        }
        (best.into_vec(), left)
    }
}

/// The most that a letter can score for where it stands, given the one before it in the pattern: right
/// behind it 4, or at the beginning of a word 8 less the 4 that a gap costs at least. Beside what
/// separates words it may be both.
fn bonus(before: char, at: char) -> i64 {
    let is_letter = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric();
    if is_letter(before) && is_letter(at) { NEXT } else { WORD }
}

/// The matcher for one line. One that has matched other lines may score differently: fuzzy-matcher 0.3.7
/// leaves cells of the last line standing (and `use_cache(false)` panics), so each line gets a new one.
fn matcher() -> SkimMatcherV2 {
    SkimMatcherV2::default()
}

/// A bit for each letter, digit and other character, as far as bits go.
fn mask_of(text: &[u8]) -> u64 {
    text.iter().fold(0, |mask, byte| {
        mask | 1
            << match byte {
                b'a'..=b'z' => byte - b'a',
                b'0'..=b'9' => 26 + byte - b'0',
                b' ' => 36,
                b'@' => 37,
                b'.' => 38,
                other => 39 + other % 25,
            }
    })
}

/// Whether the line has the pattern's characters in its order.
fn has_in_order(line: &str, pattern: &str) -> bool {
    let mut rest = line.as_bytes();
    pattern.bytes().all(|wanted| match memchr::memchr(wanted, rest) {
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
        #![proptest_config(super::super::tests::cases(500))]

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
                    let mut line = String::new();
                    index.line(row, &mut line);
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
