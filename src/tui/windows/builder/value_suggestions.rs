//! The values that the builder's window offers: what is typed, the book's own, dates that people mean; and
//! several of them picked into a list.
//!
//! Called by the window alone.

use crate::domain::criteria::build::Operator;
use crate::domain::criteria::describe::date;
use crate::domain::criteria::{Criteria, DuplicateKey, Fact, Yearly, build};
use crate::domain::field::{CustomFields, FIELDS, Field, Kind};
use crate::domain::fold::fold_case;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::builder::clause_editor::{Subject, Verb, listed, written};
use crate::tui::windows::builder::picks::{Choice, DATES, Pick, YEARLY, as_typed, narrowed};
use crate::tui::windows::builder::{Builder, Piece, Terms};

impl Builder {
    /// Whether the clause can have several values: any of them.
    pub fn takes_several(&self, vocabulary: &CustomFields) -> bool {
        let Subject::Field(field) = &self.subject else { return false };
        let kind =
            matches!(field.kind(vocabulary), Kind::Text | Kind::Phone | Kind::Set | Kind::Choice(_) | Kind::Number);
        kind && matches!(self.how.operator, Verb::Compare(Operator::Has | Operator::Is))
    }

    /// Takes the value under the cursor into the list, or out of it.
    pub(in crate::tui) fn toggle_value(&mut self, terms: Terms<'_>) {
        let Some(Pick { what: Choice::Value(value), .. }) = self.picks.get(self.cursor) else { return };
        let value = value.clone();
        match self.chips.iter().position(|chip| fold_case(chip) == fold_case(&value)) {
            Some(at) => {
                self.chips.remove(at);
            }
            None => self.chips.push(value),
        }
        if self.value.text().is_empty() {
            self.move_to(self.cursor + 1);
        } else {
            // What was typed has found its value.
            self.value = Line::default();
            self.refresh(terms);
        }
    }

    /// Whether a value is in the list.
    pub fn is_chip(&self, value: &str) -> bool {
        self.chips.iter().any(|chip| fold_case(chip) == fold_case(value))
    }

    /// What the value is, as it would be typed; none while there is none.
    pub(in crate::tui) fn value_text(&self) -> Option<String> {
        let picked = match self.picks.get(self.cursor) {
            Some(Pick { what: Choice::Value(value), .. }) => Some(value.clone()),
            Some(_) | None => Some(self.value.text().to_owned()).filter(|text| !text.trim().is_empty()),
        };
        if self.chips.is_empty() {
            return picked;
        }
        let typed = picked.filter(|value| !self.value.text().trim().is_empty() && !self.is_chip(value));
        Some(written(&self.chips.iter().cloned().chain(typed).collect::<Vec<_>>()))
    }

    /// Makes a list that is being changed one of several values again.
    pub(in crate::tui) fn unlist(&mut self, vocabulary: &CustomFields) {
        if !self.takes_several(vocabulary) {
            return;
        }
        if let (Piece::Value, Verb::Compare(operator)) = (self.piece, self.how.operator)
            && let Ok(values) = listed(operator, self.value.text())
            && values.len() > 1
        {
            self.chips = values;
            self.value = Line::default();
        }
    }

    /// Another operator: what takes one value only keeps the list's first one.
    pub(in crate::tui) fn fit_chips(&mut self, vocabulary: &CustomFields) {
        if !self.takes_several(vocabulary)
            && let Some(first) = self.chips.first()
        {
            self.value = Line::new(first);
            self.chips.clear();
        }
    }

    pub(in crate::tui) fn value_picks(&self, terms: Terms<'_>) -> Vec<Pick> {
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
                Kind::Timestamp | Kind::Day if self.how.operator != Verb::Compare(Operator::Between) => {
                    let resolved =
                        |spec: &str| build::date(spec).map(|spec| date(spec, terms.today)).unwrap_or_default();
                    let mut picks: Vec<Pick> = Vec::new();
                    let on = self.how.operator == Verb::Compare(Operator::Has);
                    let yearly = on && matches!(field, Field::Slot(slot) if slot.is_day());
                    let days = Yearly::read(typed).filter(|_| yearly).map(Yearly::words);
                    if let Some((operator, when)) = days {
                        picks.push(value(typed, &format!("{operator} {when}"), typed));
                    } else if build::date(typed).is_ok() {
                        picks.push(Pick { note: resolved(typed), ..value(typed, "", typed) });
                    }
                    if yearly {
                        let known = YEARLY.iter().filter(|(_, days)| *days != typed);
                        let known =
                            known.map(|(words, days)| value(&format!("{days:<10} {words}"), "in any year", days));
                        picks.extend(narrowed(known, typed));
                    }
                    // Of a birthday, today is the day of the year.
                    let known = DATES.iter().filter(|(_, spec)| *spec != typed && !(yearly && *spec == "today"));
                    let known = known.map(|(words, spec)| {
                        let label = format!("{spec:<10} {words}");
                        value(&label, &resolved(spec), spec)
                    });
                    let narrowed = narrowed(known, typed);
                    picks.extend(narrowed);
                    picks
                }
                Kind::Timestamp | Kind::Day | Kind::Number => as_typed(typed).into_iter().collect(),
                Kind::Text | Kind::Phone | Kind::Set | Kind::Choice(_) => self.suggestions(typed, terms),
            },
        }
    }

    /// What is typed, and the book's values that are like it.
    fn suggestions(&self, typed: &str, terms: Terms<'_>) -> Vec<Pick> {
        let wanted = self.suggested();
        let values = self.values.as_ref().filter(|(field, _)| Some(field) == wanted.as_ref());
        let at = if matches!(self.subject, Subject::Field(Field::Email)) { "@" } else { "" };
        let many = wanted.as_ref().and_then(Field::row).is_some_and(|row| row.many);
        let values = values.map(|(_, values)| joined(values)).unwrap_or_default();
        let suggested = values.into_iter().map(|(text, count, several)| {
            let text = format!("{at}{text}");
            let pick = Pick::new(text.clone(), String::new(), Choice::Value(text));
            // A contact can have two spellings among its values: then only asking tells how many have one.
            if many
                && several
                && let Some(asks) = self.any_spelling(&pick.label, terms)
            {
                return Pick { asks: Some(asks), ..pick };
            }
            Pick { count: Some(count), ..pick }
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
            Kind::Text | Kind::Phone | Kind::Timestamp | Kind::Day | Kind::Number => {
                typed.into_iter().chain(suggested).collect()
            }
        }
    }

    /// The contacts that have a value in any case.
    fn any_spelling(&self, value: &str, terms: Terms<'_>) -> Option<Criteria> {
        let Subject::Field(field) = &self.subject else { return None };
        let operator = if field.kind(terms.vocabulary) == Kind::Set { Operator::Has } else { Operator::Is };
        build::clause(field, operator, &[value.to_owned()], terms.vocabulary).ok()
    }

    /// The field whose values are suggested: none where they are mostly different for every contact.
    pub(in crate::tui) fn suggested(&self) -> Option<Field> {
        let Subject::Field(field) = &self.subject else { return None };
        let own = |field: &Field| match field {
            Field::Email
            | Field::Name
            | Field::Phone
            | Field::E164
            | Field::Street
            | Field::Id
            | Field::Import
            | Field::Created
            | Field::Updated
            | Field::Active => None,
            Field::Slot(slot) if slot.is_day() || slot.row().asked.is_some_and(|asked| asked.distinct) => None,
            other => Some(other.clone()),
        };
        match (field, self.how.operator) {
            (_, Verb::Present | Verb::Only | Verb::Compare(Operator::Matches)) => None,
            (Field::Email, Verb::Compare(Operator::Has | Operator::EndsWith)) => Some(Field::Domain),
            (field, Verb::Compare(_)) => own(field),
        }
    }
}

/// Values that differ by case alone are one, spelled as most contacts do.
fn joined(values: &[(String, u64)]) -> Vec<(String, u64, bool)> {
    let mut places: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    let mut joined: Vec<(String, u64, bool)> = Vec::new();
    // The most frequent spelling comes first.
    for (value, count) in values {
        match places.entry(fold_case(value).into_owned()) {
            std::collections::hash_map::Entry::Occupied(at) => {
                let known = &mut joined[*at.get()];
                (known.1, known.2) = (known.1 + count, true);
            }
            std::collections::hash_map::Entry::Vacant(new) => {
                new.insert(joined.len());
                joined.push((value.clone(), *count, false));
            }
        }
    }
    joined.sort_by_key(|(_, count, _)| std::cmp::Reverse(*count));
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_that_differ_by_case_are_joined_under_the_most_frequent() {
        let values = [("Acme", 5), ("Zeta", 4), ("ACME", 3), ("acme", 1), ("Straße", 1), ("STRASSE", 1)];
        let values: Vec<(String, u64)> = values.map(|(value, n)| (value.to_owned(), n)).to_vec();
        let said: Vec<(String, u64, bool)> = joined(&values);
        let wanted = [("Acme", 9, true), ("Zeta", 4, false), ("Straße", 2, true)];
        assert_eq!(said, wanted.map(|(value, n, several)| (value.to_owned(), n, several)));
    }
}
