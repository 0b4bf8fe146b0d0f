//! Small changes by hand: lists, saved searches. Each is one transaction and is seen at once.

use super::error::{Code, EngineError, ErrorKind, Result};
use super::planning::{check_not_live, unknown_list};
use super::{Engine, index_sync};
use crate::book::{BookError, Durability, Finding, Search};
use crate::domain::contact::{List, ListKind};
use crate::domain::criteria::Criteria;
use crate::domain::plans::{Plan, PlanRequest};
use crate::domain::query::{Query, Scope, Selection};

/// How often it is looked again whether a list is empty.
const TRIES: usize = 5;

impl Engine {
    /// Makes a list.
    pub fn create_list(&self, name: &str, kind: ListKind) -> Result<List> {
        self.writable()?;
        let id = self.shared.writer().write(|tx| tx.create_list(name, kind))?;
        index_sync::sync(&self.shared)?;
        Ok(List { id, name: name.trim().to_owned(), kind })
    }

    /// Gives a list another name.
    pub fn rename_list(&self, name: &str, new: &str) -> Result<List> {
        self.writable()?;
        let list = self.list_named(name)?;
        self.shared.writer().write(|tx| tx.rename_list(list.id, new))?;
        index_sync::sync(&self.shared)?;
        Ok(List { name: new.trim().to_owned(), ..list })
    }

    /// What clearing a list would take up: all of its contacts, by the rules of every delete.
    pub fn clear_plan(&self, name: &str) -> Result<Plan> {
        let scope = Scope::List(self.list_named(name)?.id);
        let selection = Selection::Query(Query { scope, ..Query::matching(Criteria::All) });
        self.plan(PlanRequest { selection, excluded: Vec::new(), members_too: false })
    }

    /// Drops a list that has no contact but in the trash. Where one of those is restored, the list is there
    /// again.
    pub fn drop_list(&self, name: &str) -> Result<List> {
        self.writable()?;
        self.wait_until_loaded()?;
        let list = self.list_named(name)?;
        check_not_live(&self.shared, list.id, "goes with its account")?;
        let now = self.shared.options.clock.now();
        for _ in 0..TRIES {
            index_sync::sync(&self.shared)?;
            let known = self.shared.feed().seq;
            let contacts = self.shared.index().counts_by_list().get(&list.id).copied().unwrap_or(0);
            if contacts > 0 {
                let message = format!("the list {} still has {contacts} contacts; nothing was changed", list.name);
                return Err(EngineError::of(Code::ListNotEmpty { list: list.name, contacts }, message));
            }
            // What the index says is true as long as nobody has written since.
            let dropped = self.shared.writer().write_with(Durability::Power, |tx| {
                let same = tx.last_change()? == known;
                if same {
                    tx.drop_list(list.id, now)?;
                }
                Ok::<bool, BookError>(same)
            })?;
            if dropped {
                index_sync::sync(&self.shared)?;
                return Ok(list);
            }
        }
        Err(EngineError::new(ErrorKind::Stale, "the book is being changed all the time; nothing was changed"))
    }

    /// The list of this name, in any case.
    pub fn list_named(&self, name: &str) -> Result<List> {
        self.shared.reader().list_named(name)?.ok_or_else(|| unknown_list(name))
    }

    /// Saves a query line under a name; a search saved under the same name, in any case, is replaced. What
    /// the line says is not looked at.
    pub fn save_search(&self, name: &str, line: &str, note: &str) -> Result<()> {
        self.writable()?;
        if name.trim().is_empty() {
            return Err(EngineError::new(ErrorKind::BadInput, "a saved search needs a name; nothing was saved"));
        }
        let search = Search { name: name.trim().to_owned(), line: line.to_owned(), note: note.trim().to_owned() };
        self.shared.writer().write(|tx| tx.save_search(&search))?;
        index_sync::sync(&self.shared)
    }

    /// Drops a saved search; false where there is none of this name.
    pub fn drop_search(&self, name: &str) -> Result<bool> {
        self.writable()?;
        let dropped = self.shared.writer().write(|tx| tx.drop_search(name))?;
        index_sync::sync(&self.shared)?;
        Ok(dropped)
    }

    /// Looks the whole book over: the file's own integrity, and that what its parts say fits together.
    pub fn doctor(&self) -> Result<Vec<Finding>> {
        Ok(self.shared.reader().doctor()?)
    }
}
