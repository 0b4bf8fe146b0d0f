//! The builder's window: picks a field, an operator and a value, and shows what the clause would match.
//!
//! It holds what is picked and typed and what the book suggests; the model asks for that, and puts the
//! clause into the criteria when the window says so.

use crate::domain::criteria::build::{self, BuildError, Operator, Part};
use crate::domain::criteria::words::date;
use crate::domain::criteria::{Criteria, DuplicateKey, Fact, Today};
use crate::domain::field::{FIELDS, Field, Kind, Vocabulary};
use crate::tui::action::Action;
use crate::tui::event::Ticket;
use crate::tui::key::Key;

use super::draft::{Draft, Path};
use super::line::Line;
use super::picker::moved;
use super::picks::{Choice, DATES, Pick, as_typed, narrowed};
use super::subject::{How, Subject, Verb};

/// The builder's window.
#[derive(Debug, Clone)]
pub struct Builder {
    /// Where the clause goes.
    pub place: Place,
    /// What is being picked.
    pub stage: Stage,
    /// What the clause is about.
    pub subject: Subject,
    /// Its operator.
    pub how: How,
    /// What is typed to find a field or an operator.
    pub filter: Line,
    /// What is typed as the value.
    pub value: Line,
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
pub enum Stage {
    /// The field.
    Subject,
    /// The operator.
    How,
    /// The value.
    Value,
}

/// What a key meant.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Nothing yet.
    Open,
    /// Leave everything as it is.
    Close,
    /// Take these criteria.
    Take(Criteria),
}

/// What of the book the window needs to read what is typed.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The custom fields.
    pub vocabulary: &'a Vocabulary,
    /// The day.
    pub today: &'a Today,
}

impl Builder {
    /// A window that adds a clause.
    pub fn add(behind: Option<Path>, terms: Terms<'_>) -> Self {
        let how = How { operator: Verb::Compare(Operator::Has), negated: false };
        Self::new(Place::Behind(behind), Stage::Subject, (Subject::Field(Field::Name), how, ""), terms)
    }

    /// A window that changes a clause.
    pub fn edit(path: Path, (subject, how, text): (Subject, How, &str), terms: Terms<'_>) -> Self {
        Self::new(Place::Instead(path), Stage::Value, (subject, how, text), terms)
    }

    fn new(place: Place, stage: Stage, (subject, how, text): (Subject, How, &str), terms: Terms<'_>) -> Self {
        let mut builder = Self {
            place,
            stage,
            subject,
            how,
            filter: Line::default(),
            value: Line::new(text),
            picks: Vec::new(),
            cursor: 0,
            values: None,
            waiting: None,
            note: None,
        };
        builder.refresh(terms);
        builder
    }

    /// The field whose values are to be asked for.
    pub fn wants_values(&self) -> Option<Field> {
        let field = self.suggested().filter(|_| self.stage == Stage::Value)?;
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
    pub fn chosen(&self, vocabulary: &Vocabulary) -> Option<Result<Criteria, BuildError>> {
        if self.stage != Stage::Value {
            return None;
        }
        let text = match (self.how.operator, self.picks.get(self.cursor)) {
            (Verb::Present, _) => "",
            (Verb::Compare(_) | Verb::Only, Some(Pick { what: Choice::Value(value), .. })) => value,
            (Verb::Compare(_) | Verb::Only, _) if self.value.text().trim().is_empty() => return None,
            (Verb::Compare(_) | Verb::Only, _) => self.value.text(),
        };
        Some(self.subject.criteria(self.how, text, vocabulary))
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
    pub fn wants_counts(&self, draft: &Draft, vocabulary: &Vocabulary) -> Vec<Criteria> {
        let mut wanted: Vec<Criteria> = self.picks.iter().filter_map(|pick| pick.asks.clone()).collect();
        if let Some(Ok(chosen)) = self.chosen(vocabulary) {
            wanted.extend(self.placed(draft, &chosen).criteria());
            wanted.push(chosen);
        }
        wanted
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str, terms: Terms<'_>) {
        self.typed_line().paste(text);
        self.refresh(terms);
    }

    /// Takes a key that means `action` here.
    pub fn press(&mut self, key: Key, action: Option<Action>, page: usize, terms: Terms<'_>) -> Verdict {
        self.note = None;
        match action {
            Some(Action::Back) => return self.back(terms),
            Some(Action::PickOperator) if self.stage == Stage::Value => self.turn_to(Stage::How, terms),
            Some(Action::Accept | Action::PickOperator) => return self.accept(terms),
            Some(Action::PickField) if self.stage != Stage::Subject => self.turn_to(Stage::Subject, terms),
            Some(Action::Negate) if self.stage == Stage::Value => {
                self.how.negated = !self.how.negated;
                let at = self.cursor;
                self.refresh(terms);
                self.move_to(at);
            }
            Some(action @ (Action::Up | Action::Down | Action::PageUp | Action::PageDown)) => {
                self.move_to(moved(action, self.cursor, page, usize::MAX));
            }
            Some(edit) if self.typed_line().edit(edit) => self.refresh(terms),
            _ => {
                if let Some(c) = key.typed() {
                    self.typed_line().insert(c);
                    self.refresh(terms);
                }
            }
        }
        Verdict::Open
    }

    fn typed_line(&mut self) -> &mut Line {
        match self.stage {
            Stage::Subject | Stage::How => &mut self.filter,
            Stage::Value => &mut self.value,
        }
    }

    /// One step back; out of the window from where it was opened.
    fn back(&mut self, terms: Terms<'_>) -> Verdict {
        match (self.stage, &self.place) {
            (Stage::Subject, Place::Behind(_)) | (Stage::Value, Place::Instead(_)) => return Verdict::Close,
            (Stage::Subject, Place::Instead(_)) | (Stage::How, _) => self.turn_to(Stage::Value, terms),
            (Stage::Value, Place::Behind(_)) => self.turn_to(Stage::Subject, terms),
        }
        Verdict::Open
    }

    fn accept(&mut self, terms: Terms<'_>) -> Verdict {
        let picked = self.picks.get(self.cursor).map(|pick| pick.what.clone());
        match (self.stage, picked) {
            (Stage::Subject, Some(Choice::Subject(subject))) => {
                if subject != self.subject || self.place == Place::Behind(None) {
                    let usual = How { operator: Verb::Only, negated: false };
                    self.how = subject.hows(terms.vocabulary).first().copied().unwrap_or(usual);
                }
                self.subject = subject;
                self.turn_to(Stage::Value, terms);
            }
            (Stage::How, Some(Choice::How(how))) => {
                self.how = how;
                self.turn_to(Stage::Value, terms);
            }
            (Stage::Subject | Stage::How, _) => self.note = Some("nothing has that name".to_owned()),
            (Stage::Value, _) => match self.chosen(terms.vocabulary) {
                Some(Ok(criteria)) => return Verdict::Take(criteria),
                // The window says what is wrong as long as it is.
                Some(Err(_)) => {}
                None => self.note = Some("type a value, or pick one".to_owned()),
            },
        }
        Verdict::Open
    }

    fn turn_to(&mut self, stage: Stage, terms: Terms<'_>) {
        self.stage = stage;
        self.filter = Line::default();
        self.refresh(terms);
        if stage == Stage::How {
            let current = Choice::How(self.how);
            self.cursor = self.picks.iter().position(|pick| pick.what == current).unwrap_or(0);
        }
    }

    fn move_to(&mut self, at: usize) {
        self.cursor = at.min(self.picks.len().saturating_sub(1));
    }

    /// Works out anew what can be picked.
    fn refresh(&mut self, terms: Terms<'_>) {
        self.cursor = 0;
        self.picks = match self.stage {
            Stage::Subject => {
                let picks = Subject::all(terms.vocabulary).into_iter().map(|subject| {
                    let note = subject.note(terms.vocabulary);
                    Pick::new(subject.name(), note, Choice::Subject(subject))
                });
                narrowed(picks, self.filter.text())
            }
            Stage::How => {
                let words = |how| self.subject.how_words(how, terms.vocabulary, terms.today);
                let hows = self.subject.hows(terms.vocabulary).into_iter();
                let picks = hows.map(|how| Pick::new(words(how), String::new(), Choice::How(how)));
                narrowed(picks, self.filter.text())
            }
            Stage::Value => self.value_picks(terms),
        };
    }

    fn value_picks(&self, terms: Terms<'_>) -> Vec<Pick> {
        let typed = self.value.text().trim();
        let value = |label: &str, note: &str, value: &str| {
            let pick = Pick::new(label.to_owned(), note.to_owned(), Choice::Value(value.to_owned()));
            Pick { asks: self.subject.criteria(self.how, value, terms.vocabulary).ok(), ..pick }
        };
        match &self.subject {
            Subject::Fact => {
                narrowed(Fact::ALL.iter().map(|fact| value(fact.word(), fact.words(), fact.word())), typed)
            }
            Subject::Duplicate { .. } => {
                narrowed(DuplicateKey::ALL.iter().map(|by| value(by.word(), "", by.word())), typed)
            }
            Subject::Present => {
                let custom = terms.vocabulary.custom.keys().map(|name| format!("x.{name}"));
                let names = FIELDS.iter().map(|row| row.name.to_owned()).chain(custom);
                narrowed(names.map(|name| value(&name, "", &name)), typed)
            }
            Subject::Word => as_typed(typed).into_iter().collect(),
            Subject::Field(_) if self.how.operator == Verb::Present => Vec::new(),
            Subject::Field(field) => match field.kind(terms.vocabulary) {
                Kind::Moment | Kind::Day if self.how.operator != Verb::Compare(Operator::Between) => {
                    let resolved =
                        |spec: &str| build::date(spec).map(|spec| date(spec, terms.today)).unwrap_or_default();
                    let mut picks: Vec<Pick> = Vec::new();
                    if build::date(typed).is_ok() {
                        picks.push(Pick { note: resolved(typed), ..value(typed, "", typed) });
                    }
                    let known = DATES.iter().filter(|(_, spec)| *spec != typed);
                    let known = known.map(|(words, spec)| {
                        let label = format!("{spec:<10} {words}");
                        value(&label, &resolved(spec), spec)
                    });
                    let narrowed = narrowed(known, typed);
                    picks.extend(narrowed);
                    picks
                }
                Kind::Moment | Kind::Day | Kind::Number => as_typed(typed).into_iter().collect(),
                Kind::Text | Kind::Phone | Kind::Set | Kind::Choice(_) => self.suggestions(typed, terms),
            },
        }
    }

    /// What is typed, and the book's values that are like it.
    fn suggestions(&self, typed: &str, terms: Terms<'_>) -> Vec<Pick> {
        let wanted = self.suggested();
        let values = self.values.as_ref().filter(|(field, _)| Some(field) == wanted.as_ref());
        let at = if matches!(self.subject, Subject::Field(Field::Email)) { "@" } else { "" };
        let suggested = values.into_iter().flat_map(|(_, values)| values).map(|(text, count)| {
            let text = format!("{at}{text}");
            Pick { count: Some(*count), ..Pick::new(text.clone(), String::new(), Choice::Value(text)) }
        });
        let suggested = narrowed(suggested, typed);
        let kind = match &self.subject {
            Subject::Field(field) => field.kind(terms.vocabulary),
            Subject::Word | Subject::Fact | Subject::Present | Subject::Duplicate { .. } => Kind::Text,
        };
        let same = suggested.iter().any(|pick| pick.what == Choice::Value(typed.to_owned()));
        let typed = as_typed(typed).filter(|_| !same);
        match kind {
            // A part of a text is a value; of a set it is mostly on the way to one.
            Kind::Set | Kind::Choice(_) => suggested.into_iter().chain(typed).collect(),
            Kind::Text | Kind::Phone | Kind::Moment | Kind::Day | Kind::Number => {
                typed.into_iter().chain(suggested).collect()
            }
        }
    }

    /// The field whose values are suggested: none where they are mostly different for every contact.
    fn suggested(&self) -> Option<Field> {
        let Subject::Field(field) = &self.subject else { return None };
        let own = |field: &Field| match field {
            Field::Email
            | Field::Name
            | Field::Phone
            | Field::Note
            | Field::Website
            | Field::Street
            | Field::Id
            | Field::Import
            | Field::Birthday
            | Field::Created
            | Field::Updated
            | Field::Active => None,
            other => Some(other.clone()),
        };
        match (field, self.how.operator) {
            (_, Verb::Present | Verb::Only | Verb::Compare(Operator::Matches)) => None,
            (Field::Email, Verb::Compare(Operator::Has | Operator::EndsWith)) => Some(Field::Domain),
            (field, Verb::Compare(_)) => own(field),
        }
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
