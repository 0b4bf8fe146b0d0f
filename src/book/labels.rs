//! Labels and custom fields: names that contacts share, by number and by spelling.
//!
//! Called by `contacts` for every row, and by the engine for the vocabulary. A name is one without
//! regard to case; the book keeps the spelling that came first.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};

use smallvec::SmallVec;

use super::change::Change;
use super::error::BookError;
use super::transaction::{Book, Tx};
use crate::domain::contact::{Contact, Custom, CustomValue, ListId};
use crate::domain::field::{CustomFields, CustomKind};
use crate::domain::fold::fold_case;

/// The labels of a book, by number: what reading rows needs.
#[derive(Debug, Default)]
pub(super) struct Labels {
    names: Vec<Option<String>>,
}

impl Labels {
    /// Reads them all; there are few.
    pub(super) fn read(book: &Book) -> Result<Self, BookError> {
        let mut names = Vec::new();
        let mut statement = book.conn.prepare("SELECT id, name FROM label ORDER BY id")?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            let id = row.get::<u32>(0)? as usize;
            names.resize(id + 1, None);
            names[id] = Some(row.get(1)?);
        }
        Ok(Self { names })
    }

    /// The names for a row's numbers, sorted. A number without a label belonged to one that was dropped.
    pub(super) fn names(&self, numbers: &str) -> SmallVec<[&str; 4]> {
        if numbers.is_empty() {
            return SmallVec::new();
        }
        let mut names: SmallVec<[&str; 4]> =
            numbers.split(',').filter_map(|number| self.names.get(number.parse::<usize>().ok()?)?.as_deref()).collect();
        names.sort_unstable();
        names
    }
}

/// Labels and custom fields by spelling: what writing rows needs. New ones are added as they come.
#[derive(Debug)]
pub(super) struct Names<'t> {
    tx: &'t Tx<'t>,
    /// Numbers and names.
    labels: RefCell<HashMap<String, (i64, String)>>,
    custom: RefCell<HashMap<String, String>>,
    /// Lists that contacts may be in; read when the first one is asked for.
    lists: OnceCell<HashSet<i64>>,
}

impl<'t> Names<'t> {
    /// Reads what the book has.
    pub(super) fn read(tx: &'t Tx<'t>) -> Result<Self, BookError> {
        let mut labels = tx.conn.prepare("SELECT fold, id, name FROM label")?;
        let labels = labels.all((), |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
        let mut custom = tx.conn.prepare("SELECT fold, name FROM custom_field")?;
        let custom = custom.all((), |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Self { tx, labels: RefCell::new(labels), custom: RefCell::new(custom), lists: OnceCell::new() })
    }

    /// Makes sure that a list is there, before a row refers to it; one that was dropped still is.
    pub(super) fn list_is_there(&self, list: ListId) -> Result<(), BookError> {
        let lists = if let Some(lists) = self.lists.get() {
            lists
        } else {
            let found = self.tx.conn.prepare("SELECT id FROM list")?.all((), |row| row.get(0))?;
            self.lists.get_or_init(|| found)
        };
        if lists.contains(&list.0) { Ok(()) } else { Err(BookError::NoList(list)) }
    }

    /// The numbers to keep in a row for these labels, in order, each once.
    pub(super) fn numbers(&self, labels: &[String]) -> Result<String, BookError> {
        let mut numbers: SmallVec<[i64; 4]> = SmallVec::new();
        for label in labels {
            let number = self.label(label)?;
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        numbers.sort_unstable();
        Ok(numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(","))
    }

    fn label(&self, name: &str) -> Result<i64, BookError> {
        let fold = fold_case(name);
        if let Some((id, _)) = self.labels.borrow().get(&*fold) {
            return Ok(*id);
        }
        let mut insert = self.tx.conn.prepare("INSERT INTO label (name, fold) VALUES (?1, ?2) RETURNING id")?;
        let id = insert.one((name.trim(), &*fold), |row| row.get(0))?;
        self.labels.borrow_mut().insert(fold.into_owned(), (id, name.trim().to_owned()));
        self.tx.record(Change::Labels)?;
        Ok(id)
    }

    /// Leaves a contact with its labels and custom fields as the book spells them, sorted; new ones become
    /// known. The numbers to keep in its row for the labels.
    pub(super) fn adopt(&self, contact: &mut Contact) -> Result<String, BookError> {
        if let Cow::Owned(spelt) = self.spell(contact)? {
            *contact = spelt;
        }
        if contact.labels.is_empty() {
            return Ok(String::new());
        }
        let numbers = self.numbers(&contact.labels)?;
        let known = self.labels.borrow();
        for label in &mut contact.labels {
            if let Some((_, name)) = known.get(&*fold_case(label)) {
                label.clone_from(name);
            }
        }
        contact.labels.sort_unstable();
        contact.labels.dedup();
        Ok(numbers)
    }

    /// The contact with its custom fields as the book spells them, sorted; new ones become known.
    pub(super) fn spell<'c>(&self, contact: &'c Contact) -> Result<Cow<'c, Contact>, BookError> {
        if contact.custom.is_empty() {
            return Ok(Cow::Borrowed(contact));
        }
        let mut spelt = contact.custom.clone();
        for field in &mut spelt {
            field.name = self.custom(field)?;
        }
        spelt.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(if spelt == contact.custom {
            Cow::Borrowed(contact)
        } else {
            Cow::Owned(Contact { custom: spelt, ..contact.clone() })
        })
    }

    fn custom(&self, field: &Custom) -> Result<String, BookError> {
        let fold = fold_case(&field.name);
        if let Some(name) = self.custom.borrow().get(&*fold) {
            return Ok(name.clone());
        }
        let kind = match field.value {
            CustomValue::Text(_) => CustomKind::Text,
            CustomValue::Number(_) => CustomKind::Number,
            CustomValue::Date(_) => CustomKind::Day,
        };
        let name = field.name.trim();
        let mut insert = self.tx.conn.prepare("INSERT INTO custom_field (name, fold, kind) VALUES (?1, ?2, ?3)")?;
        insert.execute((name, &*fold, kind_number(kind)))?;
        self.custom.borrow_mut().insert(fold.into_owned(), name.to_owned());
        self.tx.record(Change::Fields)?;
        Ok(name.to_owned())
    }
}

impl Book {
    /// The labels by name, also those that no contact has.
    pub fn labels(&self) -> Result<Vec<String>, BookError> {
        let mut statement = self.conn.prepare("SELECT name FROM label ORDER BY fold")?;
        let names = statement.all((), |row| row.get(0))?;
        Ok(names)
    }

    /// The custom fields with their kinds.
    pub fn vocabulary(&self) -> Result<CustomFields, BookError> {
        let custom = self.custom_fields()?.into_iter().map(|(_, name, kind)| (name, kind)).collect();
        Ok(CustomFields { custom })
    }

    /// The custom fields with their numbers and their kinds, in the order in which they came.
    pub fn custom_fields(&self) -> Result<Vec<(i64, String, CustomKind)>, BookError> {
        let mut statement = self.conn.prepare("SELECT id, name, kind FROM custom_field ORDER BY id")?;
        statement.all((), |row| Ok((row.get(0)?, row.get(1)?, kind_of_number(row.get(2)?))))
    }
}

impl Tx<'_> {
    /// Makes a label known; it may be known already, in any case.
    pub fn add_label(&self, name: &str) -> Result<(), BookError> {
        if fold_case(name).is_empty() {
            return Err(BookError::NameTaken(name.to_owned()));
        }
        Names::read(self)?.label(name).map(drop)
    }

    /// Gives a label another name; all contacts that have it show it so.
    pub fn rename_label(&self, name: &str, new: &str) -> Result<(), BookError> {
        let fold = fold_case(new);
        let known = fold_case(name);
        let is_taken = fold != known && self.conn.prepare("SELECT 1 FROM label WHERE fold = ?1")?.exists([&*fold])?;
        let mut update = self.conn.prepare("UPDATE label SET name = ?2, fold = ?3 WHERE fold = ?1")?;
        if fold.is_empty() || is_taken || update.execute((&*known, new.trim(), &*fold))? == 0 {
            return Err(BookError::NameTaken(new.to_owned()));
        }
        self.record(Change::Labels)
    }

    /// Drops a label from the book and so from every contact.
    pub fn drop_label(&self, name: &str) -> Result<bool, BookError> {
        let dropped = self.conn.prepare("DELETE FROM label WHERE fold = ?1")?.execute([&*fold_case(name)])?;
        if dropped > 0 {
            self.record(Change::Labels)?;
        }
        Ok(dropped > 0)
    }

    /// Makes a custom field known, or changes its kind.
    pub fn set_custom_field(&self, name: &str, kind: CustomKind) -> Result<(), BookError> {
        let fold = fold_case(name);
        if fold.is_empty() {
            return Err(BookError::NameTaken(name.to_owned()));
        }
        self.conn
            .prepare(
                "INSERT INTO custom_field (name, fold, kind) VALUES (?1, ?2, ?3)
                 ON CONFLICT (fold) DO UPDATE SET kind = excluded.kind",
            )?
            .execute((name.trim(), &*fold, kind_number(kind)))?;
        self.record(Change::Fields)
    }
}

/// The kind of a custom field that the book keeps as this number.
pub(super) fn kind_of_number(number: i64) -> CustomKind {
    match number {
        1 => CustomKind::Number,
        2 => CustomKind::Day,
        _ => CustomKind::Text,
    }
}

/// The number that the book keeps the kind of a custom field as.
pub(super) fn kind_number(kind: CustomKind) -> i64 {
    match kind {
        CustomKind::Text => 0,
        CustomKind::Number => 1,
        CustomKind::Day => 2,
    }
}
