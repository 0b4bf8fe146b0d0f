//! The score of a line: the same as a new fuzzy-matcher gives, without one.
//!
//! Called by `fuzzy` for every line that can still win. fuzzy-matcher fills a matrix of pattern by line
//! and makes its buffers anew for each line; here only the places are looked at where the line has the
//! pattern's characters, and the buffers stay. Lines and patterns are folded: there is no case in them.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

/// What a character that is found scores.
pub(in crate::index) const FOUND: i32 = 16;
/// What comes before the first one: a step of a gap.
pub(in crate::index) const OPENING: i32 = -1;
/// What the beginning of the line scores; of a word behind a blank or bracket; behind other punctuation.
pub(in crate::index) const LINE: i32 = 16;
pub(in crate::index) const HEAD: i32 = 8;
const BREAK: i32 = 7;
/// What a character right behind the one before it scores at least.
const NEXT: i32 = 4;
/// What opening a gap costs beside its length.
const GAP: i32 = 3;
/// From so many bytes on fuzzy-matcher's scores run into their lower limit, and it scores itself.
const LONG: usize = 8_192;
/// What a character scores at most that is not right behind the one before it and begins no word.
pub(in crate::index) const APART: i32 = FOUND - GAP - 1;
/// Nothing ends here.
const NEVER: i32 = i32::MIN / 2;

/// Buffers for scoring.
#[derive(Debug, Default)]
pub(in crate::index) struct Scorer {
    /// The last three characters of the pattern.
    rows: [Row; 3],
    line: Vec<char>,
}

/// A character of the pattern in the line.
#[derive(Debug, Default)]
struct Row {
    /// Where it is found, and the best score of a match that ends there.
    found: Vec<(usize, i32)>,
    /// The best score of those that end somewhere before, as if the gap behind them began at 0.
    skipped: i32,
}

/// What a character scores right behind the one before it.
pub(in crate::index) fn behind(before: char) -> i32 {
    FOUND + bonus_behind(before).max(NEXT)
}

/// What a character scores for what stands before it.
pub(in crate::index) fn bonus_behind(before: char) -> i32 {
    match before {
        '\0' | ' ' | '/' | '\\' | '|' | '(' | ')' | '[' | ']' | '{' | '}' => HEAD,
        '!'..='\'' | '*'..='.' | ':'..='@' | '^'..='`' | '~' => BREAK,
        _ => 0,
    }
}

impl Scorer {
    /// The line's score; none: it doesn't have the pattern's characters in order.
    pub(in crate::index) fn score(&mut self, line: &str, pattern: &str) -> Option<i32> {
        if line.len() > LONG {
            return SkimMatcherV2::default().fuzzy_match(line, pattern).map(|score| score as i32);
        }
        if line.is_ascii() {
            let line = line.as_bytes();
            let places = |wanted: char, from: usize| {
                let rest = if wanted.is_ascii() { &line[from..] } else { &[] };
                memchr::memchr_iter(wanted as u8, rest).map(move |at| from + at)
            };
            return best(pattern, &mut self.rows, places, |at| char::from(line[at]));
        }
        self.line.clear();
        self.line.extend(line.chars());
        let line = &self.line;
        let places = |wanted: char, from: usize| (from..line.len()).filter(move |at| line[*at] == wanted);
        best(pattern, &mut self.rows, places, |at| line[at])
    }
}

/// fuzzy-matcher keeps two rows of its matrix and forgets to empty them: a row begins with what the last
/// but one held there. That can only win where gaps are long, and it is done here as well.
fn best<I: Iterator<Item = usize>>(
    pattern: &str,
    rows: &mut [Row; 3],
    places: impl Fn(char, usize) -> I,
    char_at: impl Fn(usize) -> char,
) -> Option<i32> {
    let bonus = |at: usize| at.checked_sub(1).map_or(LINE, |before| bonus_behind(char_at(before)));
    for row in rows.iter_mut() {
        row.found.clear();
    }
    let [older, before, now] = rows;
    let mut pattern = pattern.chars();
    before.found.extend(places(pattern.next()?, 0).map(|at| (at, OPENING + FOUND + bonus(at))));
    before.skipped = NEVER;
    let mut last = before.found.first()?.0;
    for (nth, wanted) in pattern.enumerate() {
        now.found.clear();
        let (mut passed, mut skipped) = (0, before.skipped);
        for at in places(wanted, last + 1) {
            while let Some((place, score)) = before.found.get(passed).filter(|(place, _)| place + 1 < at) {
                skipped = skipped.max(score + *place as i32 - GAP);
                passed += 1;
            }
            let bonus = bonus(at);
            let behind = before.found.get(passed).filter(|(place, _)| place + 1 == at);
            let next = behind.map_or(NEVER, |(_, score)| score + bonus.max(NEXT));
            now.found.push((at, FOUND + next.max(skipped - (at as i32 - 1) + bonus)));
        }
        last = now.found.first()?.0;
        let left = older.found.iter().take_while(|(place, _)| *place < last);
        let left = left.map(|(place, score)| score + *place as i32 - GAP).max();
        now.skipped = if nth == 0 { 2 * OPENING + last as i32 } else { older.skipped.max(left.unwrap_or(NEVER)) };
        std::mem::swap(older, before);
        std::mem::swap(before, now);
    }
    // Here `now` is the last row but two.
    let left = now.found.iter().find(|(place, _)| place + 1 == last).map(|(_, score)| *score);
    before.found.iter().map(|(_, score)| *score).max().max(left)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::fold::fold_accents;

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            "[ab .@-]{0,30}",
            "[a-d /\0é佐ß0]{0,40}",
            "[a ]{0,60}",
            "\\PC{0,20}",
            "(a[ -~]{0,20}b|[ab]{0,9}){0,12}"
        ]
    }

    proptest! {
        #![proptest_config(crate::index::tests::cases(3_000))]

        #[test]
        fn it_is_fuzzy_matchers_score(line in text(), pattern in prop_oneof!["[ab .@]{1,6}", "[a-d é佐]{1,8}", "a{1,9}", "(a|b| ){4,14}"]) {
            let (line, pattern) = (fold_accents(&line), fold_accents(&pattern));
            let wanted = SkimMatcherV2::default().fuzzy_match(&line, &pattern).filter(|_| !pattern.is_empty());
            let mut scorer = Scorer::default();
            prop_assert_eq!(scorer.score(&line, &pattern).map(i64::from), wanted, "{:?} in {:?}", pattern, line);
            scorer.score(&pattern, &line);
            prop_assert_eq!(scorer.score(&line, &pattern).map(i64::from), wanted, "after another line");
        }
    }
}
