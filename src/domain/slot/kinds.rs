//! What a row of the table of slots is made of.
//!
//! Types alone, for [`super::table`] and whoever reads it. They say where and how a slot stands elsewhere, and hold
//! no value of a contact.

use crate::domain::contact::{Contact, PartialDate};

/// Which part of a form, a card or a file shows a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// The name and its parts.
    Name,
    /// Where the person works.
    Work,
    /// The person: dates of a life, the website.
    Person,
    /// Remarks, and where the contact came from.
    Remark,
}

/// Where a slot's value lies in a contact.
#[derive(Debug, Clone, Copy)]
pub enum Access {
    /// A text.
    Text(fn(&Contact) -> &String, fn(&mut Contact) -> &mut String),
    /// A date of which parts may be unknown.
    Day(fn(&Contact) -> Option<PartialDate>, fn(&mut Contact) -> &mut Option<PartialDate>),
}

/// What becomes of a slot when two contacts become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merging {
    /// There is one value. An empty one is filled; where both have one, it is kept, replaced, or told as a conflict.
    One,
    /// Both texts are kept, the other one below.
    Below,
    /// It says where the contact came from: an import leaves it, and it makes no card more complete.
    Origin,
}

/// What the query line needs in order to ask for a slot.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// Other names that are understood.
    pub aliases: &'static [&'static str],
    /// What it is, for help.
    pub help: &'static str,
    /// Whether nearly every contact has another value, so that values aren't worth suggesting.
    pub distinct: bool,
}

/// Where Outlook has a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// In this column.
    Column(&'static str),
    /// Outlook has no column for it: a line of the notes holds it, under this name.
    Notes(&'static str),
    /// The table doesn't say: the writer has a rule of its own, or leaves it out.
    Special,
}

/// Where Google has a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Google {
    /// In this column.
    Column(&'static str),
    /// In an event with this label.
    Event(&'static str),
    /// Nowhere, or by a rule of its own.
    Special,
}

/// A property of a vCard, by its name in each version.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// In version 4.0.
    pub v4: &'static str,
    /// In version 3.0.
    pub v3: &'static str,
    /// Other names that programs write and that are read.
    pub also: &'static [&'static str],
}
