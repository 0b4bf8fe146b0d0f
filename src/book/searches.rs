//! Saved searches. Called by the engine; the query line is kept as it was typed and never read here.

use std::collections::{BTreeSet, HashMap};

use super::change::Change;
use super::error::BookError;
use super::transaction::{Book, Tx};
use crate::domain::address::{addresses_in, normalise};
use crate::domain::contact::ContactId;
use crate::domain::fold::fold_case;

/// A saved search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Its name, unique without regard to case.
    pub name: String,
    /// Its query line.
    pub line: String,
    /// What it is for.
    pub note: String,
}

impl Book {
    /// Every saved search, by name.
    pub fn searches(&self) -> Result<Vec<Search>, BookError> {
        let mut statement = self.conn.prepare("SELECT name, line, note FROM saved_search ORDER BY fold")?;
        let all = statement.all((), |row| Ok(Search { name: row.get(0)?, line: row.get(1)?, note: row.get(2)? }))?;
        Ok(all)
    }

    /// The saved searches, by name, in which an address of these contacts stands: they are the user's own words,
    /// and no erase touches them.
    pub fn searches_naming(&self, ids: &[ContactId]) -> Result<Vec<String>, BookError> {
        let mut named: HashMap<String, Vec<usize>> = HashMap::new();
        let searches = self.searches()?;
        for (at, search) in searches.iter().enumerate() {
            for text in [&search.name, &search.line, &search.note] {
                for typed in addresses_in(text) {
                    named.entry(normalise(typed)).or_default().push(at);
                }
            }
        }
        let mut found = BTreeSet::new();
        if !named.is_empty() {
            for address in self.addresses_of(ids)?.into_values().flatten() {
                found.extend(named.remove(&address).unwrap_or_default());
            }
        }
        Ok(found.into_iter().map(|at| searches[at].name.clone()).collect())
    }
}

impl Tx<'_> {
    /// Saves a search; one of the same name is replaced.
    pub fn save_search(&self, search: &Search) -> Result<(), BookError> {
        let fold = fold_case(&search.name);
        if fold.is_empty() {
            return Err(BookError::NameTaken(search.name.clone()));
        }
        self.conn
            .prepare(
                "INSERT INTO saved_search (name, fold, line, note) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (fold) DO UPDATE SET name = excluded.name, line = excluded.line, note = excluded.note",
            )?
            .execute((search.name.trim(), &*fold, &search.line, &search.note))?;
        self.record(Change::Searches)
    }

    /// Drops a saved search; false where there is none of this name.
    pub fn drop_search(&self, name: &str) -> Result<bool, BookError> {
        let mut delete = self.conn.prepare("DELETE FROM saved_search WHERE fold = ?1")?;
        let dropped = delete.execute([&*fold_case(name)])? > 0;
        if dropped {
            self.record(Change::Searches)?;
        }
        Ok(dropped)
    }
}
