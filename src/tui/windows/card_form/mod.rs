//! The form of a card: its rows, what is typed, what is wrong with it, and what a key means.
//!
//! It saves nothing: the model does, and the form stays open until it is saved, so that nothing that was
//! typed is lost to an error or to somebody else's change.

pub mod contact_diff;
pub mod fields;
pub mod keys;
pub mod view;

use crate::domain::contact::{Contact, ListId, PostalAddress, Tag};
use crate::domain::field::CustomFields;
use crate::tui::app::event::Ticket;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::windows::card_form::contact_diff::{Difference, differences, on_top};
use crate::tui::windows::card_form::fields::{Adding, Row, Spot};
use crate::tui::windows::verdict::Verdict;
use crate::tui::windows::window::Window;

/// The form.
#[derive(Debug, Clone)]
pub struct Form {
    /// The card as it is in the book, or the empty one.
    pub base: Contact,
    /// The card that the rows were made of.
    start: Contact,
    /// Whether the card is added.
    pub adding: bool,
    /// The rows.
    pub rows: Vec<Row>,
    /// The row under the cursor.
    pub cursor: usize,
    /// The labels.
    pub labels: Vec<String>,
    /// The list.
    pub list: ListId,
    /// Whether bulk jobs leave it alone.
    pub protected: bool,
    /// The card that would be saved.
    pub contact: Contact,
    /// What is wrong, row by row.
    pub wrong: Vec<(usize, String)>,
    /// What somebody else changed meanwhile.
    pub meanwhile: Vec<Difference>,
    /// Whether the question is whether to leave what was typed.
    pub leaving: bool,
    /// Why the last key did nothing.
    pub note: Option<String>,
    /// The saving under way.
    pub waiting: Option<Ticket>,
    addresses: usize,
}

/// What is done for the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormDeed {
    /// The card is saved.
    Save,
    /// Labels are picked.
    Labels,
    /// A list is picked.
    List,
    /// What a value is for is picked.
    Tag,
    /// A custom field is named.
    Custom,
}

impl Form {
    /// The form of a card that is there.
    pub fn of(contact: Contact, vocabulary: &CustomFields) -> Self {
        let mut form = Self::made(contact, vocabulary);
        form.cursor = form.rows.iter().position(|row| row.spot == Spot::Text("name")).unwrap_or(0);
        form
    }

    /// The form of a card that is added to a list.
    pub fn new(list: ListId, vocabulary: &CustomFields) -> Self {
        let mut form = Self::made(Contact { list, ..Contact::default() }, vocabulary);
        form.adding = true;
        form.add(Adding::Email, vocabulary);
        form.add(Adding::Phone, vocabulary);
        form.cursor = form.rows.iter().position(|row| row.spot == Spot::Text("first")).unwrap_or(0);
        form
    }

    fn made(contact: Contact, vocabulary: &CustomFields) -> Self {
        let mut form = Self {
            rows: fields::rows(&contact),
            cursor: 0,
            adding: false,
            labels: contact.labels.clone(),
            list: contact.list,
            protected: contact.protected,
            wrong: Vec::new(),
            meanwhile: Vec::new(),
            leaving: false,
            note: None,
            waiting: None,
            addresses: contact.addresses.len(),
            base: contact.clone(),
            start: contact.clone(),
            contact,
        };
        form.read(vocabulary);
        form
    }

    /// Whether anything would be saved or lost.
    pub fn is_changed(&self) -> bool {
        self.contact != self.base || self.rows.iter().any(Row::is_changed)
    }

    /// Reads the rows anew; a name made of its parts follows them.
    pub fn read(&mut self, vocabulary: &CustomFields) {
        let (contact, wrong) = fields::contact(&self.start, &self.rows, vocabulary);
        self.contact = Contact { labels: self.labels.clone(), list: self.list, protected: self.protected, ..contact };
        self.wrong = wrong;
        if let Some(row) = self.rows.iter_mut().find(|row| row.spot == Spot::Text("name")) {
            row.follow(&self.contact.name.full);
        }
    }

    /// Takes a key that means `action` here.
    pub fn press(
        &mut self,
        key: Key,
        action: Option<Action>,
        page: usize,
        vocabulary: &CustomFields,
    ) -> Verdict<FormDeed> {
        self.note = None;
        if std::mem::take(&mut self.leaving) {
            return if action == Some(Action::Yes) { Verdict::Close } else { Verdict::Open };
        }
        let verdict = self.pressed(key, action, page, vocabulary);
        self.read(vocabulary);
        verdict
    }

    fn pressed(
        &mut self,
        key: Key,
        action: Option<Action>,
        page: usize,
        vocabulary: &CustomFields,
    ) -> Verdict<FormDeed> {
        let last = self.rows.len().saturating_sub(1);
        match action {
            Some(Action::Back) if !self.is_changed() => return Verdict::Close,
            Some(Action::Back) => self.leaving = true,
            Some(Action::SaveCard) => return self.saves(),
            Some(Action::Up) => self.cursor = self.cursor.saturating_sub(1),
            Some(Action::Down) => self.cursor = (self.cursor + 1).min(last),
            Some(Action::PageUp) => self.cursor = self.cursor.saturating_sub(page),
            Some(Action::PageDown) => self.cursor = (self.cursor + page).min(last),
            Some(Action::Accept) => return self.enter(vocabulary),
            Some(Action::PickTag) => match self.spot() {
                Spot::Email | Spot::Phone | Spot::AddressPart(..) => return Verdict::Do(FormDeed::Tag),
                Spot::Text(_)
                | Spot::Labels
                | Spot::List
                | Spot::Protected
                | Spot::Custom(_)
                | Spot::Note
                | Spot::Add(_)
                | Spot::Save => self.note = Some("Only emails, phones and addresses say what they are for.".to_owned()),
            },
            Some(Action::RemoveValue) => self.remove(),
            Some(Action::MakeFirst) => self.make_first(),
            Some(Action::EditBackspace) if self.spot() == Spot::Note && self.line_start() => self.join_note(),
            Some(edit) if self.row().is_some_and(Row::takes_text) => {
                self.rows[self.cursor].line.edit(edit);
            }
            _ => {
                if let Some(c) = key.typed() {
                    return self.typed(c);
                }
            }
        }
        Verdict::Open
    }

    fn typed(&mut self, c: char) -> Verdict<FormDeed> {
        match self.spot() {
            Spot::Text(_) | Spot::Email | Spot::Phone | Spot::AddressPart(..) | Spot::Custom(_) | Spot::Note => {
                self.rows[self.cursor].line.insert(c);
            }
            Spot::Protected if c == ' ' => self.protected = !self.protected,
            Spot::Labels if c == ' ' => return Verdict::Do(FormDeed::Labels),
            Spot::List if c == ' ' => return Verdict::Do(FormDeed::List),
            Spot::Labels | Spot::List | Spot::Protected | Spot::Add(_) | Spot::Save => {
                self.note = Some("Enter changes this.".to_owned());
            }
        }
        Verdict::Open
    }

    /// What Enter does in the row under the cursor.
    fn enter(&mut self, vocabulary: &CustomFields) -> Verdict<FormDeed> {
        match self.spot() {
            Spot::Save => return self.saves(),
            Spot::Labels => return Verdict::Do(FormDeed::Labels),
            Spot::List => return Verdict::Do(FormDeed::List),
            Spot::Protected => self.protected = !self.protected,
            Spot::Add(Adding::Custom) => return Verdict::Do(FormDeed::Custom),
            Spot::Add(adding) => self.add(adding, vocabulary),
            Spot::Note => self.split_note(),
            Spot::Text(_) | Spot::Email | Spot::Phone | Spot::AddressPart(..) | Spot::Custom(_) => self.cursor += 1,
        }
        Verdict::Open
    }

    /// Saves, unless something is wrong: then the cursor goes there.
    fn saves(&mut self) -> Verdict<FormDeed> {
        if self.waiting.is_some() {
            return Verdict::Open;
        }
        match self.wrong.first() {
            Some((at, why)) => {
                self.note = Some(format!("Not saved: {why}."));
                self.cursor = *at;
                Verdict::Open
            }
            None => Verdict::Do(FormDeed::Save),
        }
    }

    /// Pastes text into the row under the cursor; in the note and in a street, line by line.
    pub fn paste(&mut self, text: &str, vocabulary: &CustomFields) {
        self.leaving = false;
        if self.spot() == Spot::Note {
            for (at, line) in text.trim_end_matches(['\r', '\n']).lines().enumerate() {
                if at > 0 {
                    self.split_note();
                }
                self.rows[self.cursor].line.paste(line);
            }
        } else if matches!(self.spot(), Spot::AddressPart(_, fields::AddressPart::Street)) {
            let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            self.rows[self.cursor].line.paste(&lines.join(&fields::BREAK.to_string()));
        } else if self.row().is_some_and(Row::takes_text) {
            self.rows[self.cursor].line.paste(text);
        }
        self.read(vocabulary);
    }

    /// Adds an empty row of this, and goes there.
    pub fn add(&mut self, adding: Adding, vocabulary: &CustomFields) {
        let Some(at) = self.rows.iter().position(|row| row.spot == Spot::Add(adding)) else { return };
        let new = match adding {
            Adding::Email => vec![Row::new(Spot::Email, "", Tag::Untagged)],
            Adding::Phone => vec![Row::new(Spot::Phone, "", Tag::Untagged)],
            Adding::Address => {
                self.addresses += 1;
                fields::address_rows(self.addresses, &PostalAddress::default())
            }
            Adding::Custom => Vec::new(),
        };
        self.rows.splice(at..at, new);
        self.cursor = at;
        self.read(vocabulary);
    }

    /// Adds a custom field of this name, and goes there; one that is there is gone to.
    pub fn add_custom(&mut self, name: &str, vocabulary: &CustomFields) {
        let name = vocabulary.custom(name).map_or(name, |(known, _)| known);
        let same = |row: &Row| matches!(&row.spot, Spot::Custom(known) if known.eq_ignore_ascii_case(name));
        if let Some(at) = self.rows.iter().position(same) {
            self.cursor = at;
        } else if let Some(at) = self.rows.iter().position(|row| row.spot == Spot::Add(Adding::Custom)) {
            self.rows.insert(at, Row::new(Spot::Custom(name.to_owned()), "", Tag::Untagged));
            self.cursor = at;
        }
        self.read(vocabulary);
    }

    /// Says what the value under the cursor is for.
    pub fn tag(&mut self, tag: Tag, vocabulary: &CustomFields) {
        let spot = self.spot();
        for (at, row) in self.rows.iter_mut().enumerate() {
            let same = match (&spot, &row.spot) {
                (Spot::AddressPart(number, _), Spot::AddressPart(other, _)) => number == other,
                _ => at == self.cursor,
            };
            if same {
                row.tag = tag;
            }
        }
        self.read(vocabulary);
    }

    fn remove(&mut self) {
        let spot = self.spot();
        match &spot {
            Spot::Email | Spot::Phone | Spot::Custom(_) => {
                self.rows.remove(self.cursor);
            }
            Spot::AddressPart(number, _) => {
                let first =
                    self.rows.iter().position(|row| matches!(row.spot, Spot::AddressPart(it, _) if it == *number));
                self.rows.retain(|row| !matches!(row.spot, Spot::AddressPart(it, _) if it == *number));
                self.cursor = first.unwrap_or(self.cursor);
            }
            Spot::Note if self.rows.iter().filter(|row| row.spot == Spot::Note).count() > 1 => {
                self.rows.remove(self.cursor);
            }
            Spot::Labels => {
                self.labels.pop();
            }
            Spot::Text(_) | Spot::Note => self.rows[self.cursor].line.set(""),
            Spot::List | Spot::Protected | Spot::Add(_) | Spot::Save => {
                self.note = Some("There is nothing here to remove.".to_owned());
            }
        }
    }

    fn make_first(&mut self) {
        let spot = self.spot();
        let group = |row: &Row| {
            matches!(
                (&spot, &row.spot),
                (Spot::Email, Spot::Email)
                    | (Spot::Phone, Spot::Phone)
                    | (Spot::AddressPart(..), Spot::AddressPart(..))
            )
        };
        let Some(first) = self.rows.iter().position(group) else {
            self.note = Some("Only emails, phones and addresses have a first one.".to_owned());
            return;
        };
        let (from, len) = match spot {
            Spot::AddressPart(number, _) => {
                let of = |row: &Row| matches!(row.spot, Spot::AddressPart(it, _) if it == number);
                (self.rows.iter().position(of).unwrap_or(self.cursor), fields::AddressPart::ALL.len())
            }
            _ => (self.cursor, 1),
        };
        let moved: Vec<Row> = self.rows.drain(from..from + len).collect();
        self.rows.splice(first..first, moved);
        self.cursor = first;
    }

    fn split_note(&mut self) {
        let line = &self.rows[self.cursor].line;
        let (before, after) = line.text().split_at(line.cursor());
        let (before, after) = (before.to_owned(), after.to_owned());
        self.rows[self.cursor].line.set(&before);
        let mut next = Row::new(Spot::Note, "", Tag::Untagged);
        next.line.set(&after);
        while next.line.cursor() > 0 {
            next.line.edit(Action::EditHome);
        }
        self.cursor += 1;
        self.rows.insert(self.cursor, next);
    }

    fn join_note(&mut self) {
        if self.cursor == 0 || self.rows[self.cursor - 1].spot != Spot::Note {
            return;
        }
        let gone = self.rows.remove(self.cursor);
        self.cursor -= 1;
        let line = &mut self.rows[self.cursor].line;
        let at = line.text().chars().count();
        let whole = format!("{}{}", line.text(), gone.line.text());
        line.set(&whole);
        line.edit(Action::EditHome);
        (0..at).for_each(|_| {
            line.edit(Action::EditRight);
        });
    }

    fn line_start(&self) -> bool {
        self.row().is_some_and(|row| row.line.cursor() == 0)
    }

    /// The row under the cursor.
    pub fn row(&self) -> Option<&Row> {
        self.rows.get(self.cursor)
    }

    /// What the row under the cursor holds.
    pub fn spot(&self) -> Spot {
        self.row().map_or(Spot::Save, |row| row.spot.clone())
    }

    /// Puts what was changed here on top of the card as somebody else left it.
    pub fn rebase(&mut self, now: Contact, vocabulary: &CustomFields) {
        let bad: Vec<Row> = self.wrong.iter().filter_map(|(at, _)| self.rows.get(*at).cloned()).collect();
        let merged = on_top(&self.base, &self.contact, &now);
        let (adding, spot) = (self.adding, self.spot());
        let meanwhile = differences(&self.base, &now);
        *self = Self { adding, meanwhile, ..Self::made(merged, vocabulary) };
        self.base = now;
        for row in bad {
            let same = |known: &&mut Row| known.spot == row.spot && matches!(row.spot, Spot::Text(_) | Spot::Custom(_));
            self.rows.iter_mut().find(same).into_iter().for_each(|known| known.line.set(row.line.text()));
        }
        self.cursor = self.rows.iter().position(|row| row.spot == spot).unwrap_or(0);
        self.note =
            Some("Somebody changed this card meanwhile; what you typed is kept. Save again to save it so.".to_owned());
        self.read(vocabulary);
    }
}

impl Window for Form {
    fn layer(&self) -> Layer {
        if self.leaving { Layer::Ask } else { Layer::Form }
    }
}
