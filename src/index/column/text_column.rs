//! A column of texts: for each row none, one or several.
//!
//! Two ways of keeping them behind one face: [`Unique`] where nearly every row has a text of its own
//! (names, emails), [`Shared`] where many rows have the same (towns, companies). A row's first text is
//! the primary one.

use std::borrow::Cow;
use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHasher};
use smallvec::SmallVec;

use super::dictionary::Codes;
use super::hash_table::HashTable;
use super::sparse::Sparse;
use crate::index::bitmap::Bitmap;
use crate::index::pack::{Packer, Unpacker};
use crate::index::text::text_arena::{Cancel, Segment, TextArena};
use crate::index::text::text_predicate::TextPredicate;

/// A column of texts.
#[derive(Debug)]
pub(in crate::index) enum TextColumn {
    /// Nearly every row has a text of its own.
    Unique(Unique),
    /// Many rows have the same.
    Shared(Shared),
}

/// Texts by row. What a row can't hold in its own place (a second text, or one that was changed) is
/// kept behind all rows.
#[derive(Debug, Default)]
pub(in crate::index) struct Unique {
    own: TextArena,
    more: TextArena,
    /// The row of each value in `more`.
    owners: Vec<u32>,
    more_of: Sparse,
}

/// Distinct texts, and their number for each row; number 0 is the empty text.
#[derive(Debug, Default)]
pub(in crate::index) struct Shared {
    values: TextArena,
    known: HashTable,
    codes: Codes,
    more: Sparse,
}

impl TextColumn {
    /// An empty column for texts that are nearly all different.
    pub(in crate::index) fn unique() -> Self {
        Self::Unique(Unique::default())
    }

    /// An empty column for texts that many rows share.
    pub(in crate::index) fn shared() -> Self {
        Self::Shared(Shared::default())
    }

    /// Sets a row's texts, the primary one first.
    pub(in crate::index) fn set<'t>(&mut self, row: u32, texts: impl IntoIterator<Item = &'t str, IntoIter: Clone>) {
        let texts = texts.into_iter().map(str::trim);
        match self {
            Self::Unique(column) => column.set(row, texts),
            Self::Shared(column) => column.set(row, texts),
        }
    }

    /// Sets new rows from a row on as the other has them from 0 on.
    pub(in crate::index) fn append(&mut self, at: u32, other: Self) {
        match (self, other) {
            (Self::Unique(column), Self::Unique(other)) => column.append(at, other),
            (Self::Shared(column), Self::Shared(other)) => column.append(at, &other),
            // A field is kept in one way, whatever is in it.
            (Self::Unique(_), Self::Shared(_)) | (Self::Shared(_), Self::Unique(_)) => {}
        }
    }

    /// The row's primary text as it was written, without spaces at its ends.
    pub(in crate::index) fn raw(&self, row: u32) -> Cow<'_, str> {
        let (values, at) = self.primary(row);
        values.raw(at)
    }

    /// The row's primary text accent folded.
    pub(in crate::index) fn folded(&self, row: u32) -> &[u8] {
        let (values, at) = self.primary(row);
        values.folded(at)
    }

    /// Calls back for each of the row's texts with where it is kept.
    pub(in crate::index) fn each(&self, row: u32, mut take: impl FnMut(&TextArena, u32)) {
        match self {
            Self::Unique(column) => {
                let more = column.more_of.of(row).iter().map(|at| (&column.more, *at));
                // Where the row's own place is empty, all of its texts are kept behind the rows.
                let own = (more.len() == 0 || column.own.is_present(row)).then_some((&column.own, row));
                own.into_iter().chain(more).for_each(|(values, at)| take(values, at));
            }
            Self::Shared(column) => {
                take(&column.values, column.codes.get(row));
                column.more.of(row).iter().for_each(|at| take(&column.values, *at));
            }
        }
    }

    /// Whether the row has a primary text.
    pub(in crate::index) fn is_present(&self, row: u32) -> bool {
        match self {
            Self::Unique(column) => column.primary(row).0.is_present(column.primary(row).1),
            Self::Shared(column) => column.codes.get(row) != 0,
        }
    }

    /// Where many rows share a text: a number a row, and the texts by number, number 0 the empty one.
    pub(in crate::index) fn codes(&self) -> Option<(&Codes, &TextArena)> {
        match self {
            Self::Unique(_) => None,
            Self::Shared(column) => Some((&column.codes, &column.values)),
        }
    }

    /// Where the row's primary text is kept; none: it has none.
    pub(in crate::index) fn find_primary(&self, row: u32) -> Option<(&Segment, usize)> {
        match self {
            Self::Unique(column) => column.own.find_present(row).or_else(|| {
                let first = column.more_of.of(row).first()?;
                column.more.find_present(*first)
            }),
            Self::Shared(column) => column.values.find_present(column.codes.get(row)),
        }
    }

    /// Where the row's primary text would be kept.
    fn primary(&self, row: u32) -> (&TextArena, u32) {
        match self {
            Self::Unique(column) => column.primary(row),
            Self::Shared(column) => (&column.values, column.codes.get(row)),
        }
    }

    /// See [`TextArena::prepare_letters`]; what many rows share is quick anyway.
    pub(in crate::index) fn prepare_letters(&self, cancel: Cancel<'_>) {
        match self {
            Self::Unique(column) => column.own.prepare_letters(cancel),
            Self::Shared(_) => {}
        }
    }

    /// Adds the rows of the first so many with a text that passes.
    pub(in crate::index) fn find(&self, rows: usize, probe: &TextPredicate<'_>, out: &mut Bitmap, cancel: Cancel<'_>) {
        let mut found = Bitmap::default();
        match self {
            Self::Unique(column) => {
                column.own.find(probe, out, cancel);
                column.more.find(probe, &mut found, cancel);
                for at in found.iter() {
                    out.set(column.owners[at as usize]);
                }
                out.cut(rows);
            }
            Self::Shared(column) => {
                column.values.find(probe, &mut found, cancel);
                if !found.is_empty() {
                    column.add_rows_with(rows, &found, out);
                }
            }
        }
    }

    /// The distinct texts with how many of the rows have each; a row that has one twice counts once.
    pub(in crate::index) fn counts(&self, rows: &Bitmap) -> Vec<(String, u64)> {
        match self {
            Self::Unique(_) => {
                let mut counts: FxHashMap<String, u64> = FxHashMap::default();
                let mut own: Vec<String> = Vec::new();
                for row in rows.iter() {
                    self.each(row, |values, at| {
                        if values.is_present(at) {
                            own.push(values.raw(at).into_owned());
                        }
                    });
                    own.sort_unstable();
                    own.dedup();
                    own.drain(..).for_each(|text| *counts.entry(text).or_default() += 1);
                }
                counts.into_iter().collect()
            }
            Self::Shared(column) => {
                let mut counts = vec![0u64; column.values.len().max(1)];
                for row in rows.iter() {
                    let first = column.codes.get(row);
                    counts[first as usize] += 1;
                    let more = column.more.of(row);
                    for (at, code) in more.iter().enumerate() {
                        if *code != first && !more[..at].contains(code) {
                            counts[*code as usize] += 1;
                        }
                    }
                }
                let counted = counts.into_iter().enumerate().skip(1).filter(|(_, n)| *n > 0);
                counted.map(|(code, n)| (column.values.raw(code as u32).into_owned(), n)).collect()
            }
        }
    }

    /// Packs all of it; texts that no row has any more are left out.
    pub(in crate::index) fn pack<'a>(&'a self, out: &mut Packer<'a>) {
        match self {
            Self::Unique(column) => {
                out.word(1_u8);
                column.own.pack(out, |_| true);
                column.more.pack(out, |_| true);
                out.words(&column.owners);
                column.more_of.pack(out);
            }
            Self::Shared(column) => {
                out.word(2_u8);
                let mut used = column.codes.used(column.values.len().max(1));
                column.more.iter().flat_map(|(_, codes)| codes).for_each(|code| used[*code as usize] = true);
                column.values.pack(out, |code| used[code as usize]);
                column.codes.pack(out);
                column.more.pack(out);
            }
        }
    }

    /// What was packed.
    pub(in crate::index) fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let rows = from.rows();
        match from.word::<u8>()? {
            1 => {
                let (own, more) = (TextArena::unpack(from)?, TextArena::unpack(from)?);
                let owners: Vec<u32> = from.words()?;
                let more_of = Sparse::unpack(from, owners.len())?;
                let sound = own.len() <= rows
                    && more.len() <= owners.len()
                    && owners.iter().all(|owner| (*owner as usize) < rows);
                sound.then_some(Self::Unique(Unique { own, more, owners, more_of }))
            }
            2 => {
                let values = TextArena::unpack(from)?;
                let limit = values.len().max(1);
                let codes = Codes::unpack(from, limit)?;
                let more = Sparse::unpack(from, limit)?;
                Some(Self::Shared(Shared { values, known: HashTable::default(), codes, more }))
            }
            _ => None,
        }
    }

    /// Whether it is kept as the other is.
    pub(in crate::index) fn is_like(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Unique(_), Self::Unique(_)) | (Self::Shared(_), Self::Shared(_)))
    }

    /// Gives back what growing took too much, and what is needed to take in new texts alone.
    pub(in crate::index) fn settle(&mut self) {
        match self {
            Self::Unique(column) => {
                column.own.shrink();
                column.more.shrink();
                column.owners.shrink_to_fit();
                column.more_of.shrink();
            }
            Self::Shared(column) => {
                column.values.shrink();
                column.known = HashTable::default();
                column.codes.shrink();
                column.more.shrink();
            }
        }
    }

    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        match self {
            Self::Unique(column) => {
                column.own.memory() + column.more.memory() + column.owners.capacity() * 4 + column.more_of.memory()
            }
            Self::Shared(column) => {
                column.values.memory() + column.codes.memory() + column.known.memory() + column.more.memory()
            }
        }
    }
}

impl Unique {
    fn primary(&self, row: u32) -> (&TextArena, u32) {
        if self.own.is_present(row) {
            return (&self.own, row);
        }
        self.more_of.of(row).first().map_or((&self.own, row), |first| (&self.more, *first))
    }

    fn set<'t>(&mut self, row: u32, mut texts: impl Iterator<Item = &'t str> + Clone) {
        let is_new = row as usize >= self.own.len();
        if !is_new || !self.more_of.of(row).is_empty() {
            if self.is(row, texts.clone()) {
                return;
            }
            self.own.wipe(row);
            for at in self.more_of.of(row) {
                self.more.wipe(*at);
            }
            self.more_of.set(row, &[]);
        }
        let Some(first) = texts.next() else { return };
        let mut rest = texts.peekable();
        if is_new {
            self.own.put(row, first);
        }
        // A blank first text keeps its place before those behind it.
        if (!is_new && !first.is_empty()) || (first.is_empty() && rest.peek().is_some()) {
            self.keep_more(row, first);
        }
        rest.for_each(|text| self.keep_more(row, text));
    }

    fn append(&mut self, at: u32, other: Self) {
        let mut several: Vec<(u32, &[u32])> = other.more_of.iter().collect();
        several.sort_unstable_by_key(|(row, _)| *row);
        self.own.append(at, other.own);
        for (row, more) in several {
            for text in more {
                self.keep_more(at + row, &other.more.raw(*text));
            }
        }
    }

    /// Whether these are the row's texts already.
    fn is<'t>(&self, row: u32, mut texts: impl Iterator<Item = &'t str>) -> bool {
        let more = self.more_of.of(row);
        let mut known = more.iter().map(|at| self.more.raw(*at));
        let has_own = self.own.is_present(row) || more.is_empty();
        if has_own && !self.own.is(row, texts.next().unwrap_or_default()) {
            return false;
        }
        loop {
            match (known.next(), texts.next()) {
                (None, None) => return true,
                (Some(known), Some(text)) if known == text => {}
                _ => return false,
            }
        }
    }

    fn keep_more(&mut self, row: u32, text: &str) {
        let at = self.owners.len() as u32;
        self.more.put(at, text);
        self.owners.push(row);
        self.more_of.push(row, at);
    }
}

impl Shared {
    fn set<'t>(&mut self, row: u32, mut texts: impl Iterator<Item = &'t str>) {
        let first = texts.next().map_or(0, |text| self.code_of(text));
        self.codes.set(row, first);
        let more: SmallVec<[u32; 2]> = texts.map(|text| self.code_of(text)).collect();
        self.more.set(row, &more);
    }

    fn append(&mut self, at: u32, other: &Self) {
        let all = 0..other.values.len().max(1) as u32;
        let codes: Vec<u32> = all.map(|code| self.code_of(&other.values.raw(code))).collect();
        self.codes.append(at, &other.codes, |code| codes[code as usize]);
        let mut several: Vec<(u32, &[u32])> = other.more.iter().collect();
        several.sort_unstable_by_key(|(row, _)| *row);
        for (row, more) in several {
            let more: SmallVec<[u32; 2]> = more.iter().map(|code| codes[*code as usize]).collect();
            self.more.set(at + row, &more);
        }
    }

    fn code_of(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        if self.known.is_empty() {
            self.learn();
        }
        let hash = hash(text);
        if let Some(code) = self.known.find(hash, |code| self.values.is(code, text)) {
            return code;
        }
        let code = self.values.len().max(1) as u32;
        self.values.put(code, text);
        self.known.insert(hash, code);
        code
    }

    /// Fills the table of known texts; a column that was unpacked has none until it is needed.
    fn learn(&mut self) {
        for code in 1..self.values.len() as u32 {
            let text = self.values.raw(code);
            if !text.is_empty() {
                self.known.insert(hash(&text), code);
            }
        }
    }

    fn add_rows_with(&self, rows: usize, found: &Bitmap, out: &mut Bitmap) {
        let hits: Vec<bool> = (0..self.values.len() as u32).map(|code| found.has(code)).collect();
        self.codes.add_rows_where(&hits, out);
        for (row, codes) in self.more.iter() {
            if codes.iter().any(|code| hits[*code as usize]) {
                out.set(row);
            }
        }
        out.cut(rows);
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}
