//! What a book knows of itself: which one it is, which days it has seen, which saved index belongs to it.
//!
//! Called by the engine. A book's days are what the trash's retention goes by beside the clock: a clock
//! that jumps to next year adds one day to them, not a year.

use rusqlite::OptionalExtension;

use super::book::{Store, Tx};
use super::error::StoreError;

/// A gap between two seen days counts for so many days at most: a book that is opened once a week keeps
/// its trash no longer than one that is opened daily, and a clock that jumped erases nothing.
const LONGEST_GAP: i64 = 7;

impl Store {
    /// What tells this book from every other: 32 hexadecimal digits, made with it.
    pub fn book_id(&self) -> Result<String, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT value FROM meta WHERE key = 'book'")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// The mark of the index that was last saved beside the book.
    ///
    /// It is written after that index was: so a book that has the mark has lived through all that the index
    /// knows, also where it was copied, and parted from the copy, since.
    pub fn index_mark(&self) -> Result<Option<String>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT value FROM meta WHERE key = 'index'")?;
        Ok(statement.query_row([], |row| row.get(0)).optional()?)
    }

    /// How many days the book has lived through between these two, as far as it has seen them.
    ///
    /// A gap between two seen days counts in full up to a quarter of `of`, the number of days that is
    /// waited for, and up to a week; so no single jump of the clock is more than a part of the way.
    pub fn days_between(&self, from: i64, to: i64, of: i64) -> Result<i64, StoreError> {
        let mut statement =
            self.conn.prepare_cached("SELECT day FROM seen_day WHERE day > ?1 AND day <= ?2 ORDER BY day")?;
        let longest = (of / 4).clamp(1, LONGEST_GAP);
        let (mut before, mut lived) = (from, 0);
        let mut rows = statement.query((from, to))?;
        while let Some(row) = rows.next()? {
            let day: i64 = row.get(0)?;
            lived += (day - before).min(longest);
            before = day;
        }
        Ok(lived)
    }

    /// Whether this day is noted as seen.
    pub fn has_seen(&self, day: i64) -> Result<bool, StoreError> {
        Ok(self.conn.prepare_cached("SELECT 1 FROM seen_day WHERE day = ?1")?.exists([day])?)
    }
}

impl Tx<'_> {
    /// Sets the mark of the index that is saved beside the book.
    pub fn set_index_mark(&self, mark: &str) -> Result<(), StoreError> {
        let mut set = self.conn.prepare_cached("INSERT OR REPLACE INTO meta (key, value) VALUES ('index', ?1)")?;
        set.execute([mark])?;
        Ok(())
    }

    /// Notes that the book was open on this day.
    pub fn see_day(&self, day: i64) -> Result<(), StoreError> {
        self.conn.prepare_cached("INSERT INTO seen_day (day) VALUES (?1) ON CONFLICT DO NOTHING")?.execute([day])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::store::{Mode, Store};

    #[test]
    fn a_jump_of_the_clock_is_no_time_that_was_lived_through() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("book.db"), Mode::ReadWrite).unwrap();
        let see = |store: &mut Store, days: &[i64]| {
            for day in days {
                store.write(|tx| tx.see_day(*day)).unwrap();
            }
        };
        see(&mut store, &[100, 101]);
        assert_eq!(store.days_between(100, 101, 30).unwrap(), 1);
        // A year ahead for a moment, and back.
        see(&mut store, &[466]);
        assert_eq!(store.days_between(100, 466, 30).unwrap(), 8);
        see(&mut store, &[102, 103]);
        assert_eq!(store.days_between(100, 103, 30).unwrap(), 3);
        // Who opens the book once a week has lived through the weeks.
        see(&mut store, &[110, 117, 124, 131]);
        assert_eq!(store.days_between(103, 131, 30).unwrap(), 28);
        assert_eq!(store.days_between(103, 131, 2).unwrap(), 4, "of two days a jump is one");
        assert!(store.has_seen(110).unwrap() && !store.has_seen(111).unwrap());
        let other = Store::open(&folder.path().join("other.db"), Mode::ReadWrite).unwrap();
        assert_eq!(store.book_id().unwrap().len(), 32);
        assert_ne!(store.book_id().unwrap(), other.book_id().unwrap());
    }
}
