//! The doctor: whether the book is whole, and whether what it says of itself adds up.
//!
//! Called by `cardfile doctor` through the engine, and by every fault test. It repairs nothing.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::error::BookError;
use super::jobs;
use super::transaction::Book;
use crate::domain::interned::{Word, word};

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What was checked.
    #[serde(deserialize_with = "word")]
    pub check: Word,
    /// What was found, as a sentence without a full stop.
    pub words: String,
}

/// Conditions that no row may meet: each names what was checked and selects the breaches as words.
const NEVER: &[(&str, &str)] = &[
    (
        "trash",
        "SELECT 'contact ' || t.contact || ' is in the trash but not in the book' FROM trash t
         WHERE NOT EXISTS (SELECT 1 FROM contact c WHERE c.id = t.contact)",
    ),
    (
        "trash",
        "SELECT 'contact ' || t.contact || ' was deleted by job ' || t.job || ', which is not there' FROM trash t
         WHERE NOT EXISTS (SELECT 1 FROM job j WHERE j.id = t.job AND j.type IN ('DELETE', 'EDIT', 'UNDO', 'PULL'))",
    ),
    (
        "members",
        "SELECT 'the member of contact ' || m.contact || ' was deleted, but there is no such contact' FROM member_gone m
         WHERE NOT EXISTS (SELECT 1 FROM contact c WHERE c.id = m.contact)",
    ),
    (
        "images",
        "SELECT 'job ' || b.job || ' keeps what contact ' || b.contact || ' was, but there is no such contact' FROM before b
         WHERE NOT EXISTS (SELECT 1 FROM contact c WHERE c.id = b.contact)",
    ),
    (
        "jobs",
        "SELECT 'job ' || id || ' has reached ' || cursor || ' of ' || total FROM job
         WHERE type <> 'IMPORT' AND (cursor > total OR (status = 'COMPLETED') <> (cursor = total AND finished IS NOT NULL
             AND status = 'COMPLETED'))",
    ),
    (
        "jobs",
        "SELECT 'job ' || id || ' is ' || status || ' but has a runner' FROM job
         WHERE (status = 'RUNNING') <> (owner IS NOT NULL)",
    ),
    (
        "plans",
        "SELECT 'failure ' || f.position || ' of job ' || f.job || ' lies beyond what it reached' FROM failure f
         JOIN job j ON j.id = f.job WHERE j.type <> 'IMPORT' AND f.position >= j.cursor",
    ),
];

impl Book {
    /// Checks the file and everything that must hold in it; an empty answer is health.
    pub fn doctor(&self) -> Result<Vec<Finding>, BookError> {
        let mut findings = Vec::new();
        self.conn.check(|check, words| findings.push(Finding { check, words }))?;
        for (check, sql) in NEVER {
            self.tell(&mut findings, check, sql)?;
        }
        self.jobs_add_up(&mut findings)?;
        Ok(findings)
    }

    fn tell(&self, findings: &mut Vec<Finding>, check: &'static str, sql: &str) -> Result<(), BookError> {
        let mut statement = self.conn.prepare(sql)?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            findings.push(Finding { check, words: row.get(0)? });
        }
        Ok(())
    }

    /// For every job: reached = succeeded + failed; the failures are as many as counted; and what it
    /// deleted is in the trash, restored or erased.
    fn jobs_add_up(&self, findings: &mut Vec<Finding>) -> Result<(), BookError> {
        let by_job = |sql: &str| -> Result<HashMap<i64, i64>, BookError> {
            let mut statement = self.conn.prepare(sql)?;
            statement.all((), |row| Ok((row.get(0)?, row.get(1)?)))
        };
        let trash = by_job("SELECT job, count(*) FROM trash GROUP BY job")?;
        let failures = by_job("SELECT job, count(*) FROM failure GROUP BY job")?;
        let mut statement =
            self.conn.prepare("SELECT id, type, cursor, succeeded, failed, failed_rows, restored, erased FROM job")?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            let kind: String = row.get(1)?;
            let (cursor, succeeded): (i64, i64) = (row.get(2)?, row.get(3)?);
            let failed = jobs::counts(&row.get::<String>(4)?)?.iter().map(|(_, n)| *n as i64).sum::<i64>();
            let failed_rows: i64 = row.get(5)?;
            let gone = row.get::<i64>(6)? + row.get::<i64>(7)?;
            let mut find = |words: String| findings.push(Finding { check: "jobs", words: format!("job {id} {words}") });
            if kind != "IMPORT" && succeeded + failed != cursor {
                find(format!("reached {cursor} contacts, but {succeeded} succeeded and {failed} failed"));
            }
            let kept = failures.get(&id).copied().unwrap_or(0);
            if kept != failed + failed_rows {
                find(format!("counts {} failures and keeps {kept}", failed + failed_rows));
            }
            let there = trash.get(&id).copied().unwrap_or(0);
            if kind == "DELETE" && there != succeeded - gone {
                find(format!("should have {} contacts in the trash and has {there}", succeeded - gone));
            }
        }
        Ok(())
    }
}
