//! The builder's window: picks a field, an operator and a value, and shows what the clause would match.
//!
//! It holds what is picked and typed and what the book suggests; the model asks for that, and puts the
//! clause into the criteria when the window says so.

pub mod calendar;
pub mod clause_editor;
pub mod keys;
pub mod picks;
pub mod value_suggestions;
pub mod view;

use crate::domain::criteria::build::{BuildError, Operator, Part};
use crate::domain::criteria::describe::date;
use crate::domain::criteria::{Criteria, EvalTime, build};
use crate::domain::field::{CustomFields, Field, Kind};
use crate::tui::app::event::Ticket;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::panes::search::criteria_tree::{Draft, Path};
use crate::tui::widgets::list_cursor::moved;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::builder::calendar::Calendar;
use crate::tui::windows::builder::clause_editor::{How, Subject, Verb};
use crate::tui::windows::builder::picks::{Choice, Pick, narrowed};
use crate::tui::windows::verdict::Verdict;
use crate::tui::windows::window::Window;

/// The builder's window.
#[derive(Debug, Clone)]
pub struct Builder {
    /// Where the clause goes.
    pub place: Place,
    /// What is being picked.
    pub piece: Piece,
    /// What the clause is about.
    pub subject: Subject,
    /// Its operator.
    pub how: How,
    /// What is typed to find a field or an operator.
    pub filter: Line,
    /// What is typed as the value.
    pub value: Line,
    /// Values that were picked into a list, which matches any of them.
    pub chips: Vec<String>,
    /// The calendar, while a date is looked for in it.
    pub calendar: Option<Calendar>,
    /// Whether the picks are being gone through. Only then a blank picks behind typed text: while a value is
    /// typed it is a blank.
    pub choosing: bool,
    /// What can be picked now, the best first.
    pub picks: Vec<Pick>,
    /// The row under the cursor.
    pub cursor: usize,
    /// The values that the book has, with how many contacts have each; by the field they are of.
    pub values: Option<(Field, Vec<(String, u64)>)>,
    /// The question for them, and the field.
    pub waiting: Option<(Ticket, Field)>,
    /// Why the last key did nothing.
    pub note: Option<String>,
}

/// Where a clause goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Behind this row, without one beside everything.
    Behind(Option<Path>),
    /// In the place of this one.
    Instead(Path),
}

/// What is being picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// The field.
    Subject,
    /// The operator.
    How,
    /// The value.
    Value,
}

/// What of the book the window needs to read what is typed.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The custom fields.
    pub vocabulary: &'a CustomFields,
    /// The day.
    pub today: &'a EvalTime,
}

impl Builder {
    /// A window that adds a clause.
    pub fn add(behind: Option<Path>, terms: Terms<'_>) -> Self {
        let how = How { operator: Verb::Compare(Operator::Has), negated: false };
        Self::new(Place::Behind(behind), Piece::Subject, (Subject::Field(Field::Name), how, ""), terms)
    }

    /// A window that changes a clause.
    pub fn edit(path: Path, (subject, how, text): (Subject, How, &str), terms: Terms<'_>) -> Self {
        Self::new(Place::Instead(path), Piece::Value, (subject, how, text), terms)
    }

    fn new(place: Place, piece: Piece, (subject, how, text): (Subject, How, &str), terms: Terms<'_>) -> Self {
        let mut builder = Self {
            place,
            piece,
            subject,
            how,
            filter: Line::default(),
            value: Line::new(text),
            chips: Vec::new(),
            calendar: None,
            choosing: false,
            picks: Vec::new(),
            cursor: 0,
            values: None,
            waiting: None,
            note: None,
        };
        builder.unlist(terms.vocabulary);
        builder.refresh(terms);
        builder
    }

    /// The field whose values are to be asked for.
    pub fn wants_values(&self) -> Option<Field> {
        let field = self.suggested().filter(|_| self.piece == Piece::Value)?;
        let known = self.values.as_ref().map(|(field, _)| field);
        let asked = self.waiting.as_ref().map(|(_, field)| field);
        (known != Some(&field) && asked != Some(&field)).then_some(field)
    }

    /// Takes the values that were asked for.
    pub fn take_values(&mut self, field: Field, values: Vec<(String, u64)>, terms: Terms<'_>) {
        self.values = Some((field, values));
        let at = self.cursor;
        self.refresh(terms);
        self.move_to(at);
    }

    /// What the clause is as it stands; none while there is no value.
    pub fn chosen(&self, vocabulary: &CustomFields) -> Option<Result<Criteria, BuildError>> {
        if self.piece != Piece::Value {
            return None;
        }
        let text = match (self.how.operator, &self.calendar) {
            (Verb::Present, _) => String::new(),
            (Verb::Compare(_) | Verb::Only, Some(calendar)) => calendar.value(),
            (Verb::Compare(_) | Verb::Only, None) => self.value_text()?,
        };
        Some(self.subject.criteria(self.how, &text, vocabulary))
    }

    /// The draft with the clause in it.
    pub fn placed(&self, draft: &Draft, criteria: &Criteria) -> Draft {
        let mut draft = draft.clone();
        match &self.place {
            Place::Behind(path) => draft.insert(path.as_ref(), criteria),
            Place::Instead(path) => draft.replace(path, criteria),
        }
        draft
    }

    /// What to count for the window: what the clause matches alone and with the others, and its list.
    pub fn wants_counts(&self, draft: &Draft, vocabulary: &CustomFields) -> Vec<Criteria> {
        let mut wanted: Vec<Criteria> = self.picks.iter().filter_map(|pick| pick.asks.clone()).collect();
        if let Some(Ok(chosen)) = self.chosen(vocabulary) {
            wanted.extend(self.placed(draft, &chosen).criteria());
            wanted.push(chosen);
        }
        wanted
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str, terms: Terms<'_>) {
        self.calendar = None;
        self.typed_line().paste(text);
        self.refresh(terms);
    }

    /// Takes a key that means `action` here.
    pub fn press(&mut self, key: Key, action: Option<Action>, page: usize, terms: Terms<'_>) -> Verdict<Criteria> {
        self.note = None;
        if let Some(verdict) = self.calendar_key(key, action, terms) {
            return verdict;
        }
        match action {
            Some(Action::Back) => return self.back(terms),
            Some(Action::Calendar) if self.is_of_days(terms) => self.open_calendar(terms),
            Some(Action::Mark) if self.picks_by(key, terms) => self.toggle_value(terms),
            Some(Action::EditBackspace) if self.piece == Piece::Value && self.value.text().is_empty() => {
                self.chips.pop();
            }
            Some(Action::PickOperator) if self.piece == Piece::Value => self.turn_to(Piece::How, terms),
            Some(Action::Accept | Action::PickOperator) => return self.accept(terms),
            Some(Action::PickField) if self.piece != Piece::Subject => self.turn_to(Piece::Subject, terms),
            Some(Action::Negate) if self.piece == Piece::Value => {
                self.how.negated = !self.how.negated;
                let at = self.cursor;
                self.refresh(terms);
                self.move_to(at);
            }
            Some(action @ (Action::Up | Action::Down | Action::PageUp | Action::PageDown)) => {
                self.choosing = true;
                self.move_to(moved(action, self.cursor, page, usize::MAX));
            }
            _ if self.typed_line().press(key, action) => self.refresh(terms),
            _ => {}
        }
        Verdict::Open
    }

    fn typed_line(&mut self) -> &mut Line {
        match self.piece {
            Piece::Subject | Piece::How => &mut self.filter,
            Piece::Value => &mut self.value,
        }
    }

    /// One step back; out of the window from where it was opened.
    fn back(&mut self, terms: Terms<'_>) -> Verdict<Criteria> {
        match (self.piece, &self.place) {
            (Piece::Subject, Place::Behind(_)) | (Piece::Value, Place::Instead(_)) => return Verdict::Close,
            (Piece::Subject, Place::Instead(_)) | (Piece::How, _) => self.turn_to(Piece::Value, terms),
            (Piece::Value, Place::Behind(_)) => self.turn_to(Piece::Subject, terms),
        }
        Verdict::Open
    }

    fn accept(&mut self, terms: Terms<'_>) -> Verdict<Criteria> {
        let picked = self.picks.get(self.cursor).map(|pick| pick.what.clone());
        match (self.piece, picked) {
            (Piece::Subject, Some(Choice::Subject(subject))) => {
                if subject != self.subject || self.place == Place::Behind(None) {
                    let usual = How { operator: Verb::Only, negated: false };
                    self.how = subject.hows(terms.vocabulary).first().copied().unwrap_or(usual);
                }
                if subject != self.subject {
                    self.chips.clear();
                }
                self.subject = subject;
                self.fit_chips(terms.vocabulary);
                self.turn_to(Piece::Value, terms);
            }
            (Piece::How, Some(Choice::How(how))) => {
                self.how = how;
                self.fit_chips(terms.vocabulary);
                self.turn_to(Piece::Value, terms);
            }
            (Piece::Subject | Piece::How, _) => self.note = Some("no match".to_owned()),
            (Piece::Value, _) => match self.chosen(terms.vocabulary) {
                Some(Ok(criteria)) => return Verdict::Do(criteria),
                // The window says what is wrong as long as it is.
                Some(Err(_)) => {}
                None => self.note = Some("type a value, or pick one".to_owned()),
            },
        }
        Verdict::Open
    }

    fn turn_to(&mut self, piece: Piece, terms: Terms<'_>) {
        self.piece = piece;
        self.filter = Line::default();
        self.refresh(terms);
        if piece == Piece::How {
            let current = Choice::How(self.how);
            self.cursor = self.picks.iter().position(|pick| pick.what == current).unwrap_or(0);
        }
    }

    /// Whether a key that means marking picks here: a blank doesn't while a value is typed.
    fn picks_by(&self, key: Key, terms: Terms<'_>) -> bool {
        let typing = key.typed().is_some() && !self.choosing && !self.value.text().is_empty();
        self.piece == Piece::Value && !typing && self.takes_several(terms.vocabulary)
    }

    /// Whether the value is a date that can be looked for in the calendar.
    pub fn is_of_days(&self, terms: Terms<'_>) -> bool {
        let Subject::Field(field) = &self.subject else { return false };
        let days = matches!(field.kind(terms.vocabulary), Kind::Timestamp | Kind::Day);
        days && self.piece == Piece::Value && matches!(self.how.operator, Verb::Compare(_))
    }

    /// Opens the calendar: on the day that is typed or picked, else today.
    fn open_calendar(&mut self, terms: Terms<'_>) {
        let picked = self.value_text().filter(|_| self.choosing || !self.value.text().trim().is_empty());
        let day = picked.and_then(|text| build::date(&text).ok()).map(|spec| date(spec, terms.today));
        // A month or a year begins somewhere.
        let first = |day: &str| ["", "-01", "-01-01"].into_iter().find_map(|rest| format!("{day}{rest}").parse().ok());
        let day = day.and_then(|day| first(&day));
        self.calendar = Some(Calendar::at(day.unwrap_or_else(|| terms.today.date())));
    }

    /// What a key does in the calendar; none: it isn't open, or the key closes it and goes on.
    fn calendar_key(&mut self, key: Key, action: Option<Action>, terms: Terms<'_>) -> Option<Verdict<Criteria>> {
        let calendar = self.calendar.as_mut()?;
        match action {
            Some(action) if calendar.moves(action) => {}
            Some(Action::Back | Action::Calendar) => self.calendar = None,
            Some(Action::Accept)
                if self.how.operator == Verb::Compare(Operator::Between) && calendar.from.is_none() =>
            {
                calendar.from = Some(calendar.day);
                self.note = Some("and the other end".to_owned());
            }
            Some(Action::Accept) => return Some(self.accept(terms)),
            Some(_) | None if action.is_some() || key.typed().is_some() => {
                self.calendar = None;
                return None;
            }
            Some(_) | None => {}
        }
        Some(Verdict::Open)
    }

    pub(in crate::tui) fn move_to(&mut self, at: usize) {
        self.cursor = at.min(self.picks.len().saturating_sub(1));
    }

    /// Works out anew what can be picked.
    pub(in crate::tui) fn refresh(&mut self, terms: Terms<'_>) {
        (self.cursor, self.choosing) = (0, false);
        self.picks = match self.piece {
            Piece::Subject => {
                let picks = Subject::all(terms.vocabulary).into_iter().map(|subject| {
                    let note = subject.note(terms.vocabulary);
                    Pick::new(subject.name(), note, Choice::Subject(subject))
                });
                narrowed(picks, self.filter.text())
            }
            Piece::How => {
                let words = |how| self.subject.how_words(how, terms.vocabulary, terms.today);
                let hows = self.subject.hows(terms.vocabulary).into_iter();
                let picks = hows.map(|how| Pick::new(words(how), String::new(), Choice::How(how)));
                narrowed(picks, self.filter.text())
            }
            Piece::Value => self.value_picks(terms),
        };
    }
}

/// The error of a clause, in one line.
pub fn error_words(error: &BuildError) -> String {
    let BuildError { part: Part::Field | Part::Operator | Part::Value(_), message, hint } = error;
    match hint {
        Some(hint) => format!("{message}: {hint}"),
        None => message.clone(),
    }
}

impl Window for Builder {
    fn layer(&self) -> Layer {
        Layer::Builder
    }

    fn lights_search(&self) -> bool {
        true
    }
}
