//! Finding a contact by a few letters: the window, and what of a contact the letters are in.
//!
//! It ranks and never decides: what is found is gone to or marked, one by one.

pub mod keys;
pub mod view;

use std::ops::Range;

use crate::domain::contact::{Contact, ContactId};
use crate::domain::fold::{digits, fold_accents};
use crate::domain::query::Query;
use crate::engine::EngineError;
use crate::engine::answer::{FindRequest, Found};
use crate::tui::app::event::Ticket;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::panes::search::Search;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::verdict::Verdict;
use crate::tui::windows::window::Window;

/// The most contacts that are shown.
pub const MOST: usize = 100;

/// The window.
#[derive(Debug, Clone, Default)]
pub struct Find {
    /// What is done with the one that is picked.
    pub purpose: Purpose,
    /// What is typed.
    pub typed: Line,
    /// Whether only the current matches are looked through.
    pub among: bool,
    /// The contacts, the best first.
    pub found: Vec<Found>,
    /// The row under the cursor.
    pub cursor: usize,
    /// Whether the rows are being gone through. Only then a blank marks: while a name is typed it is a
    /// blank, and nobody is marked unseen.
    pub choosing: bool,
    /// The question that was asked last.
    pub asked: Option<Box<FindRequest>>,
    /// The question under way.
    pub waiting: Option<Ticket>,
    /// Why the last question failed.
    pub error: Option<EngineError>,
}

/// What finding is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// Going to the contact.
    #[default]
    Go,
    /// Saying why it doesn't match.
    Why,
}

/// What is done with a contact that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindDeed {
    /// Mark it, or take the mark off.
    Mark(ContactId),
    /// Go to it.
    Go(ContactId),
}

impl Find {
    /// A window for a purpose.
    pub fn new(purpose: Purpose) -> Self {
        Self { purpose, ..Self::default() }
    }

    /// The question that it makes; none where nothing is typed or it was asked already.
    pub fn wants(&self, search: &Search) -> Option<FindRequest> {
        let within = if self.among { search.request_all().query } else { Query::default() };
        let wanted = FindRequest { pattern: self.typed.text().to_owned(), within, limit: MOST };
        (!wanted.pattern.trim().is_empty() && self.asked.as_deref() != Some(&wanted)).then_some(wanted)
    }

    /// Takes a question as asked.
    pub fn ask(&mut self, ticket: Ticket, request: FindRequest) {
        (self.waiting, self.asked) = (Some(ticket), Some(Box::new(request)));
    }

    /// Takes an answer; one to an older question is dropped.
    pub fn take(&mut self, ticket: Ticket, answer: Result<Vec<Found>, EngineError>) {
        if self.waiting.take_if(|asked| *asked == ticket).is_none() {
            return;
        }
        (self.found, self.error) = match answer {
            Ok(found) => (found, None),
            Err(error) => (Vec::new(), Some(error)),
        };
        // Other rows than those that were being gone through.
        (self.cursor, self.choosing) = (0, false);
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        self.typed.paste(text);
        self.typed_changed();
    }

    /// Takes a key that means `action` here.
    pub fn press(&mut self, key: Key, action: Option<Action>, page: usize) -> Verdict<FindDeed> {
        let current = self.found.get(self.cursor).map(|found| found.contact.id);
        match (action, current) {
            (Some(Action::Back), _) => return Verdict::Close,
            (Some(Action::Accept), Some(id)) => return Verdict::Do(FindDeed::Go(id)),
            // A blank is typed until the rows are gone through; any other key for it marks at once.
            (Some(Action::Mark), Some(id)) if self.choosing || key.typed().is_none() => {
                self.choosing = true;
                self.move_to(self.cursor + 1);
                return Verdict::Do(FindDeed::Mark(id));
            }
            (Some(Action::Accept), None) => {}
            (Some(Action::FindAmong), _) => self.among = !self.among,
            (Some(action @ (Action::Up | Action::Down | Action::PageUp | Action::PageDown)), _) => {
                self.choosing = current.is_some();
                self.move_to(moved(action, self.cursor, page, usize::MAX));
            }
            _ if self.typed.press(key, action) => self.typed_changed(),
            _ => {}
        }
        Verdict::Open
    }

    fn typed_changed(&mut self) {
        self.choosing = false;
        if self.typed.text().trim().is_empty() {
            (self.found, self.asked, self.waiting) = (Vec::new(), None, None);
            self.cursor = 0;
        }
    }

    fn move_to(&mut self, at: usize) {
        self.cursor = at.min(self.found.len().saturating_sub(1));
    }
}

/// A contact's texts as they are shown, each with the bytes of the letters that were found: name, email,
/// company, phone.
pub fn cells(found: &Found) -> [(String, Vec<Range<usize>>); 4] {
    let contact = &found.contact;
    let name = contact.display_name();
    let email = contact.emails.first().map_or("", |email| email.value.as_str()).to_owned();
    let phone = contact.phones.first().map_or_else(String::new, |phone| phone.value.clone());
    let line: Vec<char> = found.line.chars().collect();
    let mut from = 0;
    let mut names = Vec::new();
    for part in name_parts(contact) {
        let start = name.find(part.trim()).unwrap_or(name.len());
        let ranges = places(&line, &found.places, &mut from, part.trim(), false);
        names.extend(ranges.into_iter().map(|range| range.start + start..range.end + start));
    }
    names.retain(|range| range.end <= name.len());
    let mut cell = |text: String, phone: bool| {
        let ranges = places(&line, &found.places, &mut from, &text, phone);
        (text, ranges)
    };
    let (email, company) = (cell(email, false), cell(contact.company.trim().to_owned(), false));
    [(name, names), email, company, cell(phone, true)]
}

/// What of the name is looked through: first and last where there is one, else the name as it is shown.
fn name_parts(contact: &Contact) -> Vec<String> {
    let parts = [contact.name.first.clone(), contact.name.last.clone()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.trim().is_empty()).collect();
    if parts.is_empty() { vec![contact.display_name()] } else { parts }
}

/// The bytes of a text whose letters were found in the line; `from` moves behind the text in the line.
/// A text that isn't there as it folds has none.
fn places(line: &[char], found: &[usize], from: &mut usize, text: &str, phone: bool) -> Vec<Range<usize>> {
    let mut folded: Vec<(char, Range<usize>)> = Vec::new();
    for (at, c) in text.char_indices() {
        let one = c.encode_utf8(&mut [0; 4]).to_owned();
        let piece = match (phone, c.is_whitespace()) {
            (true, _) => digits(&one),
            (false, true) => one.clone(),
            (false, false) => fold_accents(&one).into_owned(),
        };
        folded.extend(piece.chars().map(|piece| (piece, at..at + one.len())));
    }
    if folded.is_empty() {
        return Vec::new();
    }
    let is_here = |at: &usize| line[*at..].iter().zip(&folded).all(|(c, (folded, _))| c == folded);
    let last = line.len().saturating_sub(folded.len().saturating_sub(1));
    let Some(start) = (*from..last).find(is_here) else { return Vec::new() };
    *from = start + folded.len();
    let here = folded.into_iter().enumerate().filter(|(at, _)| found.binary_search(&(start + at)).is_ok());
    let mut ranges: Vec<Range<usize>> = here.map(|(_, (_, range))| range).collect();
    ranges.dedup();
    ranges
}

impl Window for Find {
    fn layer(&self) -> Layer {
        Layer::Find
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::{Name, Tagged};

    #[test]
    fn the_letters_are_shown_where_they_stand() {
        let contact = Contact {
            name: Name {
                first: "Zoë".into(),
                last: "van Beek".into(),
                full: "Dr. Zoë van Beek".into(),
                ..Name::default()
            },
            emails: vec![Tagged::plain("zoe@old.com")],
            company: "Straße AG".into(),
            phones: vec![Tagged::plain("+49 (30) 1234")],
            ..Contact::default()
        };
        let line = "zoe van beek zoe@old.com strasse ag 49301234";
        let places: Vec<usize> = line
            .char_indices()
            .filter(|(at, _)| [0, 2, 4, 13, 28, 29, 37, 38].contains(at))
            .map(|(at, _)| at)
            .collect();
        let shown = cells(&Found { contact, line: line.into(), places });
        let letters: Vec<String> =
            shown.iter().map(|(text, ranges)| ranges.iter().map(|range| &text[range.clone()]).collect()).collect();
        assert_eq!(letters, ["Zëv", "z", "aß", "93"]);
    }
}
