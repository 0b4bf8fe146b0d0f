//! Lists: they own contacts. Called by the engine; how many contacts a list has is the index's business.

use std::collections::{HashMap, HashSet};

use super::change::Change;
use super::error::BookError;
use super::mode::Durability;
use super::statement::Row;
use super::transaction::{Book, Tx};
use crate::domain::contact::{List, ListId, ListKind, Timestamp};
use crate::domain::fold::fold_case;

impl Book {
    /// Every list, by name.
    pub fn lists(&self) -> Result<Vec<List>, BookError> {
        let mut statement = self.conn.prepare("SELECT id, name, kind FROM list WHERE dropped IS NULL ORDER BY fold")?;
        let lists = statement.all((), list)?;
        Ok(lists)
    }

    /// The list of this number.
    pub fn list(&self, id: ListId) -> Result<Option<List>, BookError> {
        let mut statement = self.conn.prepare("SELECT id, name, kind FROM list WHERE id = ?1 AND dropped IS NULL")?;
        statement.optional([id.0], list)
    }

    /// The list of this name, in any case.
    pub fn list_named(&self, name: &str) -> Result<Option<List>, BookError> {
        let mut statement = self.conn.prepare("SELECT id, name, kind FROM list WHERE fold = ?1")?;
        statement.optional([&*fold_case(name)], list)
    }

    /// The kind of every list, also of those that were dropped.
    pub fn list_kinds(&self) -> Result<HashMap<ListId, ListKind>, BookError> {
        self.conn.prepare("SELECT id, kind FROM list")?.all((), |row| Ok((ListId(row.get(0)?), kind(row.get(1)?))))
    }

    /// The lists that were dropped.
    pub fn dropped_lists(&self) -> Result<HashSet<ListId>, BookError> {
        let mut statement = self.conn.prepare("SELECT id FROM list WHERE dropped IS NOT NULL")?;
        statement.all((), |row| row.get(0).map(ListId))
    }

    /// Removes for good the dropped lists that no contact is in any more, not even in the trash.
    ///
    /// Contacts have no index by list, so they are looked through beside other writers, who would wait too long
    /// otherwise; only where the feed tells that nobody has written meanwhile is anything removed. If not, a
    /// later erase does it.
    pub fn forget_dropped_lists(&mut self) -> Result<(), BookError> {
        let (seen, empty) = {
            let _snapshot = self.snapshot()?;
            let mut dropped = self.dropped_lists()?;
            if !dropped.is_empty() {
                let mut lists = self.conn.prepare("SELECT DISTINCT list FROM contact")?;
                let mut rows = lists.query(())?;
                while let Some(row) = rows.next()? {
                    dropped.remove(&ListId(row.get(0)?));
                }
            }
            (self.last_change()?, dropped)
        };
        if empty.is_empty() {
            return Ok(());
        }
        // The database would look for their contacts once more, inside the transaction.
        self.conn.keep_references(false)?;
        let done = self.write_with(Durability::Power, |tx| {
            if tx.last_change()? != seen {
                return Ok(());
            }
            let mut delete = tx.conn.prepare("DELETE FROM list WHERE id = ?1 AND dropped IS NOT NULL")?;
            for id in empty {
                delete.execute([id.0])?;
            }
            tx.record(Change::Lists)
        });
        self.conn.keep_references(true)?;
        done
    }
}

impl Tx<'_> {
    /// Makes a list.
    pub fn create_list(&self, name: &str, kind: ListKind) -> Result<ListId, BookError> {
        self.free_list_name(name, None)?;
        let mut insert = self.conn.prepare("INSERT INTO list (name, fold, kind) VALUES (?1, ?2, ?3) RETURNING id")?;
        let id = insert.one((name.trim(), &*fold_case(name), kind_number(kind)), |row| row.get(0))?;
        self.record(Change::Lists)?;
        Ok(ListId(id))
    }

    /// Gives a list another name.
    pub fn rename_list(&self, id: ListId, name: &str) -> Result<(), BookError> {
        self.free_list_name(name, Some(id))?;
        let mut update = self.conn.prepare("UPDATE list SET name = ?2, fold = ?3 WHERE id = ?1 AND dropped IS NULL")?;
        if update.execute((id.0, name.trim(), &*fold_case(name)))? == 0 {
            return Err(BookError::NoList(id));
        }
        self.record(Change::Lists)
    }

    /// Makes a list a standard or an account list.
    pub fn set_list_kind(&self, id: ListId, kind: ListKind) -> Result<(), BookError> {
        let mut update = self.conn.prepare("UPDATE list SET kind = ?2 WHERE id = ?1")?;
        if update.execute((id.0, kind_number(kind)))? == 0 {
            return Err(BookError::NoList(id));
        }
        self.record(Change::Lists)
    }

    /// Drops a list that has no contact but in the trash, which the caller makes sure of; where one of those
    /// is restored, the list is there again.
    pub fn drop_list(&self, id: ListId, now: Timestamp) -> Result<(), BookError> {
        // Its name becomes free: no name folds to one with a control character in it.
        let mut update =
            self.conn.prepare("UPDATE list SET dropped = ?2, fold = fold || ?3 WHERE id = ?1 AND dropped IS NULL")?;
        if update.execute((id.0, now.0, format!("\u{1}{}", id.0)))? == 0 {
            return Err(BookError::NoList(id));
        }
        self.record(Change::Lists)
    }

    /// Takes a drop back; where its name was taken meanwhile it gets a number behind it.
    pub fn bring_back_list(&self, id: ListId) -> Result<(), BookError> {
        let mut statement = self.conn.prepare("SELECT name FROM list WHERE id = ?1")?;
        let name: String = statement.one([id.0], |row| row.get(0))?;
        let mut free = name.clone();
        let mut n = 2;
        while self.list_named(&free)?.is_some() {
            free = format!("{name} ({n})");
            n += 1;
        }
        self.conn.prepare("UPDATE list SET dropped = NULL, name = ?2, fold = ?3 WHERE id = ?1")?.execute((
            id.0,
            &free,
            &*fold_case(&free),
        ))?;
        self.record(Change::Lists)
    }

    /// A name is free where no other list has it, in any case, and it isn't empty.
    fn free_list_name(&self, name: &str, but: Option<ListId>) -> Result<(), BookError> {
        let taken = self.list_named(name)?.is_some_and(|list| Some(list.id) != but);
        if taken || fold_case(name).is_empty() {
            return Err(BookError::NameTaken(name.to_owned()));
        }
        Ok(())
    }
}

fn list(row: Row<'_>) -> Result<List, BookError> {
    Ok(List { id: ListId(row.get(0)?), name: row.get(1)?, kind: kind(row.get(2)?) })
}

/// The kind of a list with this number. What is not an ordinary list is not to be edited.
fn kind(number: i64) -> ListKind {
    match number {
        0 => ListKind::Standard,
        2 => ListKind::Remote,
        3 => ListKind::Folder,
        _ => ListKind::Account,
    }
}

fn kind_number(kind: ListKind) -> i64 {
    match kind {
        ListKind::Standard => 0,
        ListKind::Account => 1,
        ListKind::Remote => 2,
        ListKind::Folder => 3,
    }
}
