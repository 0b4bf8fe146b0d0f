//! What a book knows of itself: which one it is, which days it has seen, which saved index belongs to it.
//!
//! Called by the engine. A book's days are what the trash's retention goes by beside the clock: a clock
//! that jumps to next year adds one day to them, not a year.

use super::connection::Connection;
use super::error::BookError;
use super::transaction::{Book, Tx};
use crate::domain::contact::{JobId, Timestamp};

/// A gap between two seen days counts for so many days at most: a book that is opened once a week keeps
/// its trash no longer than one that is opened daily, and a clock that jumped erases nothing.
const LONGEST_GAP: i64 = 7;

/// How long a job that is over is found by the call that asked for it, where its outcome was never told: in milliseconds.
const CALL_KEPT: i64 = 60 * 60 * 1_000;

impl Book {
    /// What tells this book from every other: 32 hexadecimal digits, made with it.
    pub fn book_id(&self) -> Result<String, BookError> {
        let mut statement = self.conn.prepare("SELECT value FROM meta WHERE key = 'book'")?;
        statement.one((), |row| row.get(0))
    }

    /// The mark of the index that was last saved beside the book, by one of several who save theirs; `of` is empty
    /// where there is one.
    ///
    /// It is written after that index was: so a book that has the mark has lived through all that the index
    /// knows, also where it was copied, and parted from the copy, since.
    pub fn index_mark(&self, of: &str) -> Result<Option<String>, BookError> {
        let mut statement = self.conn.prepare("SELECT value FROM meta WHERE key = ?1")?;
        statement.optional([mark_key(of)], |row| row.get(0))
    }

    /// The jobs that rest only because a server ended.
    pub fn left_jobs(&self) -> Result<Vec<JobId>, BookError> {
        let mut statement = self.conn.prepare("SELECT value FROM meta WHERE key = 'left'")?;
        let text: Option<String> = statement.optional((), |row| row.get(0))?;
        Ok(text.iter().flat_map(|text| text.split(',')).filter_map(|id| id.parse().ok().map(JobId)).collect())
    }

    /// The job that was made for a program's call; none where its outcome was told, or it has been over for long.
    pub fn job_of_call(&self, call: blake3::Hash, now: Timestamp) -> Result<Option<JobId>, BookError> {
        let mut statement = self.conn.prepare("SELECT value FROM meta WHERE key = ?1")?;
        let text: Option<String> = statement.optional([call_key(call)], |row| row.get(0))?;
        let Some(id) = text.and_then(|id| id.parse().ok()).map(JobId) else { return Ok(None) };
        let job = self.job(id)?.filter(|job| job.finished.is_none_or(|at| at.0 > now.0 - CALL_KEPT));
        Ok(job.map(|_| id))
    }

    /// How many days the book has lived through between these two, as far as it has seen them.
    ///
    /// A gap between two seen days counts in full up to a quarter of `of`, the number of days that is
    /// waited for, and up to a week; so no single jump of the clock is more than a part of the way.
    pub fn days_between(&self, from: i64, to: i64, of: i64) -> Result<i64, BookError> {
        let mut statement = self.conn.prepare("SELECT day FROM seen_day WHERE day > ?1 AND day <= ?2 ORDER BY day")?;
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
    pub fn has_seen(&self, day: i64) -> Result<bool, BookError> {
        self.conn.prepare("SELECT 1 FROM seen_day WHERE day = ?1")?.exists([day])
    }
}

impl Tx<'_> {
    /// Sets the mark of the index that is saved beside the book.
    pub fn set_index_mark(&self, of: &str, mark: &str) -> Result<(), BookError> {
        set_meta(&self.conn, &mark_key(of), mark)
    }

    /// Notes which jobs rest only because a server ends.
    pub fn set_left_jobs(&self, jobs: &[JobId]) -> Result<(), BookError> {
        set_meta(&self.conn, "left", &jobs.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
    }

    /// Notes for which call a job was made, together with the job; those go whose jobs have been over for long.
    pub(super) fn note_call(&self, call: blake3::Hash, job: JobId, now: Timestamp) -> Result<(), BookError> {
        let sql = "DELETE FROM meta WHERE key LIKE 'call %' AND value NOT IN
                   (SELECT CAST(id AS TEXT) FROM job WHERE finished IS NULL OR finished > ?1)";
        self.conn.execute(sql, [now.0 - CALL_KEPT])?;
        set_meta(&self.conn, &call_key(call), &job.to_string())
    }

    /// Forgets for which job a call was made: its outcome is told.
    pub fn forget_call(&self, call: blake3::Hash) -> Result<(), BookError> {
        self.conn.prepare("DELETE FROM meta WHERE key = ?1")?.execute([call_key(call)]).map(drop)
    }

    /// Notes that the book was open on this day.
    pub fn see_day(&self, day: i64) -> Result<(), BookError> {
        self.conn.prepare("INSERT INTO seen_day (day) VALUES (?1) ON CONFLICT DO NOTHING")?.execute([day])?;
        Ok(())
    }
}

/// Notes a value under a key, in the place of the one that was there.
pub(super) fn set_meta(conn: &Connection, key: &str, value: &str) -> Result<(), BookError> {
    let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    conn.prepare(sql)?.execute((key, value)).map(drop)
}

fn call_key(call: blake3::Hash) -> String {
    format!("call {}", call.to_hex())
}

fn mark_key(of: &str) -> String {
    if of.is_empty() { "index".to_owned() } else { format!("index {of}") }
}

#[cfg(test)]
mod tests {
    use crate::book::{Book, Mode};

    #[test]
    fn a_jump_of_the_clock_is_no_time_that_was_lived_through() {
        let folder = tempfile::tempdir().unwrap();
        let mut book = Book::open(&folder.path().join("book.db"), Mode::ReadWrite).unwrap();
        let see = |book: &mut Book, days: &[i64]| {
            for day in days {
                book.write(|tx| tx.see_day(*day)).unwrap();
            }
        };
        see(&mut book, &[100, 101]);
        assert_eq!(book.days_between(100, 101, 30).unwrap(), 1);
        // A year ahead for a moment, and back.
        see(&mut book, &[466]);
        assert_eq!(book.days_between(100, 466, 30).unwrap(), 8);
        see(&mut book, &[102, 103]);
        assert_eq!(book.days_between(100, 103, 30).unwrap(), 3);
        // Who opens the book once a week has lived through the weeks.
        see(&mut book, &[110, 117, 124, 131]);
        assert_eq!(book.days_between(103, 131, 30).unwrap(), 28);
        assert_eq!(book.days_between(103, 131, 2).unwrap(), 4, "of two days a jump is one");
        assert!(book.has_seen(110).unwrap() && !book.has_seen(111).unwrap());
        let other = Book::open(&folder.path().join("other.db"), Mode::ReadWrite).unwrap();
        assert_eq!(book.book_id().unwrap().len(), 32);
        assert_ne!(book.book_id().unwrap(), other.book_id().unwrap());
    }
}
