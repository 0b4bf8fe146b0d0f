//! Whether a book's rows fit together where no foreign key sees to it.
//!
//! Called by the book's `connection`. What lies beneath the rows is the server's to check.

use super::connection::Connection;
use super::link::text_of;
use crate::book::error::BookError;

/// What no row may meet; each names the breach in words.
const CHECKS: [&str; 5] = [
    "SELECT 'contact ' || id || ' is in list ' || list || ', which is not there' FROM contact c
     WHERE NOT EXISTS (SELECT 1 FROM list l WHERE l.id = c.list)",
    "SELECT 'a part of a plan is of job ' || job || ', which is not there' FROM plan_chunk p
     WHERE NOT EXISTS (SELECT 1 FROM job j WHERE j.id = p.job)",
    "SELECT 'a failure is of job ' || job || ', which is not there' FROM failure f
     WHERE NOT EXISTS (SELECT 1 FROM job j WHERE j.id = f.job)",
    "SELECT 'what contact ' || contact || ' was is kept for job ' || job || ', which is not there' FROM before b
     WHERE NOT EXISTS (SELECT 1 FROM job j WHERE j.id = b.job)",
    "SELECT 'an import is of job ' || job || ', which is not there' FROM import i
     WHERE NOT EXISTS (SELECT 1 FROM job j WHERE j.id = i.job)",
];

impl Connection {
    /// Checks the references: each breach in words.
    pub(in crate::book) fn check(&self, mut find: impl FnMut(&'static str, String)) -> Result<(), BookError> {
        for sql in CHECKS {
            for row in self.ask(sql)? {
                if let Some(words) = text_of(&row, 0) {
                    find("references", words.to_owned());
                }
            }
        }
        Ok(())
    }
}
