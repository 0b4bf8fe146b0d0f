//! Running a probe through a segment of texts.
//!
//! Called by [`super::text_arena`], a segment a task. What is asked decides how: one sweep over all texts
//! end to end, a look at each, or at those alone that are not in yet.

use memchr::memmem::Finder;

use super::multi_regex::MultiRegex;
use super::text_arena::Segment;
use super::text_predicate::{TextPredicate, is_exactly};

/// A look at each of one in so many values takes about as long as a sweep over all of them.
const FEW: usize = 5;

impl Segment {
    /// Adds the values that pass; those that are in already may be passed over.
    pub(in crate::index) fn find(&self, probe: &TextPredicate<'_>, words: &mut [u64]) {
        if let TextPredicate::Contains(finder) = probe
            && let [byte] = finder.needle()
            && self.singles.get().is_some_and(|singles| singles.find(*byte, words))
        {
            return;
        }
        if let TextPredicate::Contains(finder) = probe
            && self.find_among_few(finder, words)
        {
            return;
        }
        let mut hit = |at: usize| words[at / 64] |= 1 << (at % 64);
        match probe {
            TextPredicate::Contains(finder) => match finder.needle() {
                [byte] => {
                    let pattern = u64::from_ne_bytes([*byte; 8]);
                    let some = self.len().min(512);
                    if (0..some).filter(|at| has_byte(self.folded(*at), pattern)).count() * 8 > some {
                        self.each(|folded| has_byte(folded, pattern), hit);
                    } else {
                        self.sweep(|from| memchr::memchr(*byte, &self.folded[from..]), hit);
                    }
                }
                _ => self.sweep(|from| finder.find(&self.folded[from..]), hit),
            },
            TextPredicate::Present => {
                (0..self.len()).filter(|at| !self.folded(*at).is_empty()).for_each(&mut hit);
                self.odd.iter().for_each(|at| hit(usize::from(*at)));
            }
            TextPredicate::Starts(needle) => self.each(|folded| folded.starts_with(needle), hit),
            TextPredicate::Ends(needle) => self.each(|folded| folded.ends_with(needle), hit),
            TextPredicate::Exactly { needle, folded: wanted } => {
                let may_be = |at| wanted.as_ref().is_none_or(|wanted| self.folded(at) == wanted.as_bytes());
                self.each_odd(|raw, at| may_be(at) && is_exactly(raw, needle), &mut hit);
                if needle.is_ascii() {
                    let same = |at: usize| {
                        if self.is_plain(at) {
                            hit(at);
                        }
                    };
                    self.each(|folded| folded == needle.as_bytes(), same);
                }
            }
            TextPredicate::Matches { regex, plain, odd } => {
                match odd {
                    Some(sweep) => self.sweep_odd(sweep, &mut hit),
                    None => self.each_odd(|raw, _| regex.is_match(raw), &mut hit),
                }
                match plain {
                    Some(sweep) if let Some(ending) = sweep.ending() => {
                        let matches = |at: usize| {
                            let (start, end) = (self.starts[at] as usize, self.starts[at + 1] as usize - 1);
                            if self.is_plain(at) && sweep.is_match(&self.folded, start..end) {
                                hit(at);
                            }
                        };
                        self.sweep(|from| ending.find(&self.folded[from..]), matches);
                    }
                    Some(sweep) => {
                        let found = |at: usize| {
                            if self.is_plain(at) && !self.folded(at).is_empty() {
                                hit(at);
                            }
                        };
                        let within = |from: usize, found: &usize| from + found < self.folded.len();
                        self.sweep(|from| sweep.find(&self.folded, from).filter(|found| within(from, found)), found);
                    }
                    None => self.each_plain(|_, at| regex.is_match(&self.plain(at)), hit),
                }
            }
            TextPredicate::Asks { plain, odd, strange } => {
                self.each_odd(|raw, _| odd(raw), &mut hit);
                self.each_plain(|folded, _| plain(folded), &mut hit);
                strange(&self.folded, &mut |place| {
                    let at = self.starts.partition_point(|start| *start as usize <= place) - 1;
                    let text = std::str::from_utf8(self.folded(at));
                    if self.is_plain(at) && text.is_ok_and(odd) {
                        hit(at);
                    }
                });
            }
        }
    }

    /// Adds the values that contain a needle where few can that are not in yet; false: many can, so that a
    /// sweep over all of them is quicker.
    fn find_among_few(&self, finder: &Finder<'_>, words: &mut [u64]) -> bool {
        let may = self.singles.get().map(|singles| singles.with_all(finder.needle()));
        let open =
            |at: usize, word: u64| may.as_ref().map_or(u64::MAX, |may| may.get(at).copied().unwrap_or(0)) & !word;
        let left: u32 = words.iter().enumerate().map(|(at, word)| open(at, *word).count_ones()).sum();
        if left as usize > self.len() / FEW {
            return false;
        }
        for (at, word) in words.iter_mut().enumerate() {
            let mut open = open(at, *word);
            while open != 0 {
                let bit = open.trailing_zeros();
                open &= open - 1;
                *word |= u64::from(finder.find(self.folded(at * 64 + bit as usize)).is_some()) << bit;
            }
        }
        true
    }

    fn is_plain(&self, at: usize) -> bool {
        self.odd.is_empty() || self.odd.binary_search(&(at as u16)).is_err()
    }

    /// Every value of ASCII alone that passes, given in lower case.
    fn each_plain(&self, mut passes: impl FnMut(&[u8], usize) -> bool, mut hit: impl FnMut(usize)) {
        let mut odd = self.odd.iter().copied().peekable();
        for at in 0..self.len() {
            if odd.next_if_eq(&(at as u16)).is_some() {
                continue;
            }
            let folded = self.folded(at);
            if !folded.is_empty() && passes(folded, at) {
                hit(at);
            }
        }
    }

    /// Every other value that passes, given as it was written.
    fn each_odd(&self, passes: impl Fn(&str, usize) -> bool, mut hit: impl FnMut(usize)) {
        let mut start = 0;
        for (at, end) in self.odd.iter().zip(&self.odd_ends) {
            let raw = std::str::from_utf8(&self.odd_raw[start..*end as usize - 1]);
            if raw.is_ok_and(|raw| passes(raw, usize::from(*at))) {
                hit(usize::from(*at));
            }
            start = *end as usize;
        }
    }

    /// Every other value that matches.
    fn sweep_odd(&self, sweep: &MultiRegex, mut hit: impl FnMut(usize)) {
        let mut from = 0;
        while let Some(found) = sweep.find(&self.odd_raw, from).map(|found| from + found)
            && found < self.odd_raw.len()
        {
            let place = self.odd_ends.partition_point(|end| *end as usize <= found);
            hit(usize::from(self.odd[place]));
            from = self.odd_ends[place] as usize;
        }
    }

    /// Every value whose folded text passes.
    fn each(&self, passes: impl Fn(&[u8]) -> bool, mut hit: impl FnMut(usize)) {
        for (at, ends) in self.starts.windows(2).enumerate() {
            if ends[0] < ends[1] && passes(&self.folded[ends[0] as usize..ends[1] as usize - 1]) {
                hit(at);
            }
        }
    }

    /// Every value in which a place is found; `find` says how far behind an offset the next place is.
    fn sweep(&self, find: impl Fn(usize) -> Option<usize>, mut hit: impl FnMut(usize)) {
        let mut at = 0;
        let mut from = 0;
        while let Some(found) = find(from) {
            let found = (from + found) as u32;
            at = self.at(at, found);
            hit(at);
            at += 1;
            from = self.starts[at] as usize;
            if from >= self.folded.len() {
                return;
            }
        }
    }

    /// The value that has a place, looked for from a value on.
    fn at(&self, mut at: usize, place: u32) -> usize {
        // It is mostly near, and eight are compared at once.
        if let Some(near) = self.starts[at + 1..].first_chunk::<8>() {
            let passed: usize = near.iter().map(|start| usize::from(*start <= place)).sum();
            at += passed;
            if passed < near.len() {
                return at;
            }
        }
        // Else double the step, then halve.
        let mut step = 1;
        while self.starts.get(at + step).is_some_and(|start| *start <= place) {
            at += step;
            step *= 2;
        }
        let upper = (at + step).min(self.starts.len());
        at + self.starts[at..upper].partition_point(|start| *start <= place) - 1
    }
}

/// Whether a text has a byte, given eight of it: eight at a time and without a branch for each, as a
/// single letter is in most texts.
fn has_byte(text: &[u8], pattern: u64) -> bool {
    let has = |eight: &[u8; 8]| {
        let zero = u64::from_ne_bytes(*eight) ^ pattern;
        zero.wrapping_sub(0x0101_0101_0101_0101) & !zero & 0x8080_8080_8080_8080
    };
    match text.last_chunk::<8>() {
        Some(last) => text.as_chunks::<8>().0.iter().fold(has(last), |found, eight| found | has(eight)) != 0,
        None => text.contains(&(pattern as u8)),
    }
}
