//! What the query line says: nothing, criteria with their clauses in words, or an error with its place.
//!
//! Made by the Search pane at every keystroke; also the words and the highlighting of a plan. It asks
//! nothing of the engine.

use std::ops::Range;

use crate::domain::criteria::describe::{ClauseWords, clause_words};
use crate::domain::criteria::{Clause, Criteria, EvalTime, Resolved, Test, TextOp};
use crate::domain::field::{CustomFields, Field};
use crate::domain::fold::{digits, fold_accents, fold_case};
use crate::domain::phone::TAIL;
use crate::domain::slot::Slot;
use crate::domain::syntax;
use crate::domain::syntax::SyntaxError;

/// What a query line says.
#[derive(Debug, Clone, Default)]
pub enum Query {
    /// Nothing: every contact is shown, none is meant.
    #[default]
    Empty,
    /// Criteria.
    Good(Box<Good>),
    /// Something that isn't understood.
    Bad(SyntaxError),
}

/// Criteria and their clauses.
#[derive(Debug, Clone)]
pub struct Good {
    /// The criteria.
    pub criteria: Criteria,
    /// The same, resolved.
    pub resolved: Resolved,
    /// Their clauses, as rows.
    pub rows: Vec<ClauseRow>,
}

/// One clause of the criteria as a row.
#[derive(Debug, Clone, PartialEq)]
pub struct ClauseRow {
    /// `and`, `or`, or nothing before the first.
    pub connector: &'static str,
    /// What opens before it: `(`, `not (`.
    pub open: String,
    /// How many brackets close behind it.
    pub close: usize,
    /// Whether the clause itself is negated; its words say so.
    pub negated: bool,
    /// Field, operator and value.
    pub words: ClauseWords,
    /// The clause.
    pub clause: Clause,
}

/// A part of the criteria that are being edited as a row: a clause or a group.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftRow {
    /// Where it stands.
    pub path: Vec<usize>,
    /// `and`, `or`, or nothing before the first.
    pub connector: &'static str,
    /// What it says.
    pub words: ClauseWords,
    /// The clause; none where it is a group or every contact.
    pub clause: Option<Clause>,
    /// Whether it is negated; its words say so.
    pub negated: bool,
    /// Whether it or a group around it is switched off.
    pub off: bool,
    /// What it matches alone; none where all of a group is switched off.
    pub alone: Option<Criteria>,
}

impl Query {
    /// Reads a line.
    pub fn read(line: &str, vocabulary: &CustomFields, today: &EvalTime) -> Self {
        if line.trim().is_empty() {
            return Self::Empty;
        }
        match syntax::parse(line, vocabulary) {
            Ok(parsed) => Self::Good(Box::new(Good {
                resolved: Resolved::new(&parsed.criteria, today),
                rows: clause_rows(&parsed.criteria, today),
                criteria: parsed.criteria,
            })),
            Err(error) => Self::Bad(error),
        }
    }

    /// The criteria, where there are any.
    pub fn good(&self) -> Option<&Good> {
        match self {
            Self::Good(good) => Some(good),
            Self::Empty | Self::Bad(_) => None,
        }
    }
}

/// The clauses of criteria as rows, in the order of [`Criteria::clauses`].
pub fn clause_rows(criteria: &Criteria, today: &EvalTime) -> Vec<ClauseRow> {
    let mut rows = Vec::new();
    collect(criteria, today, "", true, &mut rows);
    rows
}

fn collect(criteria: &Criteria, today: &EvalTime, connector: &'static str, top: bool, rows: &mut Vec<ClauseRow>) {
    match criteria {
        Criteria::All => {}
        Criteria::Clause(clause) => rows.push(row(clause, false, connector, today)),
        Criteria::Not(inner) => match inner.as_ref() {
            Criteria::Clause(clause) => rows.push(row(clause, true, connector, today)),
            other => group(other, today, connector, "not (", rows),
        },
        Criteria::And(_) | Criteria::Or(_) if !top => group(criteria, today, connector, "(", rows),
        Criteria::And(parts) => each(parts, today, connector, "and", rows),
        Criteria::Or(parts) => each(parts, today, connector, "or", rows),
    }
}

fn each(parts: &[Criteria], today: &EvalTime, first: &'static str, between: &'static str, rows: &mut Vec<ClauseRow>) {
    for (at, part) in parts.iter().enumerate() {
        collect(part, today, if at == 0 { first } else { between }, false, rows);
    }
}

fn group(inner: &Criteria, today: &EvalTime, connector: &'static str, open: &str, rows: &mut Vec<ClauseRow>) {
    let from = rows.len();
    collect(inner, today, connector, true, rows);
    if let Some(first) = rows.get_mut(from) {
        first.open.insert_str(0, open);
    }
    if let Some(last) = rows[from..].last_mut() {
        last.close += 1;
    }
}

fn row(clause: &Clause, negated: bool, connector: &'static str, today: &EvalTime) -> ClauseRow {
    let words = clause_words(clause, negated, today);
    ClauseRow { connector, open: String::new(), close: 0, negated, words, clause: clause.clone() }
}

impl Good {
    /// The bytes of a shown text that the criteria looked for: what is painted as matched.
    pub fn matched(&self, field: &Field, text: &str) -> Vec<Range<usize>> {
        let negated = self.rows.iter().map(|row| row.negated);
        let mut found: Vec<Range<usize>> = self
            .resolved
            .tests
            .iter()
            .zip(negated)
            .filter(|(_, negated)| !negated)
            .flat_map(|(test, _)| matched_by(test, field, text))
            .collect();
        found.sort_by_key(|range| (range.start, range.end));
        found
    }

    /// The first field that a clause asks for and that is none of these: worth a column of its own.
    pub fn field_beside(&self, shown: &[Field]) -> Option<Field> {
        self.rows.iter().filter(|row| !row.negated).find_map(|row| {
            let field = row.clause.field()?;
            let near = |known: &Field| known == field || (*known == Field::Email && *field == Field::Domain);
            let named = matches!(field, Field::Name | Field::Slot(Slot::First | Slot::Last));
            (!named && !shown.iter().any(near)).then(|| field.clone())
        })
    }
}

fn matched_by(tested: &Test, field: &Field, text: &str) -> Vec<Range<usize>> {
    match tested {
        Test::Word { folded, .. } => find(text, folded, TextOp::Contains, true),
        Test::Text { field: wanted, op, needles } => {
            let here =
                wanted == field || (*field == Field::Name && matches!(wanted, Field::Slot(Slot::First | Slot::Last)));
            if here {
                let op = if wanted == field { *op } else { TextOp::Contains };
                needles.iter().flat_map(|needle| find(text, needle, op, op != TextOp::Exactly)).collect()
            } else if let Some(at) = domain_at(wanted, field, text) {
                let shift = |range: Range<usize>| range.start + at..range.end + at;
                needles
                    .iter()
                    .flat_map(|needle| find(&text[at..], needle, *op, *op != TextOp::Exactly))
                    .map(shift)
                    .collect()
            } else {
                Vec::new()
            }
        }
        Test::International { needles, .. } if matches!(field, Field::Phone | Field::E164) => {
            // Typed in another way, a number still ends as its international form does.
            let all = digits(text);
            let end = |needle: &str| needle[needle.len().saturating_sub(TAIL)..].to_owned();
            let hit = needles.iter().any(|needle| all.contains(needle.as_str()) || all.ends_with(&end(needle)));
            if hit { std::iter::once(0..text.len()).collect() } else { Vec::new() }
        }
        Test::Phone { needles, .. } if *field == Field::Phone => {
            let all = digits(text);
            let hit = needles.iter().any(|needle| all.contains(needle.as_str()));
            if hit { std::iter::once(0..text.len()).collect() } else { Vec::new() }
        }
        Test::Regex { field: wanted, regex } => {
            let at = if wanted == field { Some(0) } else { domain_at(wanted, field, text) };
            let Some(at) = at else { return Vec::new() };
            let found = regex.find_iter(&text[at..]).map(|found| found.range()).filter(|range| !range.is_empty());
            found.map(|range| range.start + at..range.end + at).collect()
        }
        Test::Set { field: wanted, names } if wanted == field => {
            // The cell joins them: each is a whole one.
            let mut from = 0;
            let mut found = Vec::new();
            for part in text.split(", ") {
                if names.iter().any(|name| *name == fold_case(part)) {
                    found.push(from..from + part.len());
                }
                from += part.len() + 2;
            }
            // One whose own name has a comma stands alone.
            if names.iter().any(|name| *name == fold_case(text)) {
                found.clear();
                found.push(0..text.len());
            }
            found
        }
        Test::Phone { .. }
        | Test::International { .. }
        | Test::Set { .. }
        | Test::Timestamp { .. }
        | Test::Day { .. }
        | Test::Yearly { .. }
        | Test::Number { .. }
        | Test::Choice { .. }
        | Test::Present(_)
        | Test::Fact(_)
        | Test::Duplicate { .. } => Vec::new(),
    }
}

/// Where the domain begins in an email, where a test is of the one and the text is the other.
fn domain_at(wanted: &Field, field: &Field, text: &str) -> Option<usize> {
    let is_part = *wanted == Field::Domain && *field == Field::Email;
    is_part.then(|| text.rfind('@').map_or(text.len(), |at| at + 1))
}

/// Where a folded needle stands in a text as it is: folded character by character, so that the place
/// can be told. A match that begins or ends inside a character paints all of it.
fn find(text: &str, needle: &str, op: TextOp, accents: bool) -> Vec<Range<usize>> {
    if needle.is_empty() {
        return Vec::new();
    }
    let mut folded = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len() + 1);
    for (at, c) in text.char_indices() {
        let one = c.encode_utf8(&mut [0; 4]).to_owned();
        let piece = if c.is_whitespace() {
            one
        } else if accents {
            fold_accents(&one).into_owned()
        } else {
            fold_case(&one).into_owned()
        };
        places.extend(std::iter::repeat_n(at, piece.len()));
        folded.push_str(&piece);
    }
    places.push(text.len());
    let place = |from: usize| {
        let to = from + needle.len();
        let start = places.get(from).copied().unwrap_or(text.len());
        let last = places.get(to.saturating_sub(1)).copied().unwrap_or(text.len());
        let end = text[last..].chars().next().map_or(text.len(), |c| last + c.len_utf8());
        start..end
    };
    match op {
        TextOp::Contains => folded.match_indices(needle).map(|(from, _)| place(from)).collect(),
        TextOp::Exactly => (fold_case(text) == needle).then_some(0..text.len()).into_iter().collect(),
        TextOp::StartsWith => folded.starts_with(needle).then(|| place(0)).into_iter().collect(),
        TextOp::EndsWith => folded.ends_with(needle).then(|| place(folded.len() - needle.len())).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clause(value: &str) -> Criteria {
        Criteria::Clause(Clause::Word(value.into()))
    }

    fn today() -> EvalTime {
        EvalTime { now: crate::domain::contact::Timestamp(0), zone: jiff::tz::TimeZone::UTC }
    }

    #[test]
    fn clauses_become_rows_with_what_joins_and_brackets_them() {
        let criteria = Criteria::And(vec![
            Criteria::Or(vec![clause("a"), clause("b")]),
            Criteria::Not(Box::new(clause("c"))),
            Criteria::Not(Box::new(Criteria::And(vec![clause("d"), clause("e")]))),
        ]);
        let rows = clause_rows(&criteria, &today());
        let said: Vec<String> = rows
            .iter()
            .map(|row| {
                let close = ")".repeat(row.close);
                format!("{}|{}|{} {}{close}", row.connector, row.open, row.words.operator, row.words.value)
            })
            .collect();
        assert_eq!(
            said,
            ["|(|contains a", "or||contains b)", "and||doesn't contain c", "and|not (|contains d", "and||contains e)"]
        );
        assert_eq!(rows.len(), criteria.clauses().len());
    }

    #[test]
    fn what_matched_is_found_in_the_text_as_it_is_shown() {
        let good = |criteria: Criteria| Good {
            resolved: Resolved::new(&criteria, &today()),
            rows: clause_rows(&criteria, &today()),
            criteria,
        };
        let word = good(clause("muller"));
        assert_eq!(word.matched(&Field::Name, "A Müller b").first(), Some(&(2..9)));
        assert_eq!(word.matched(&Field::Name, "Straße"), Vec::<Range<usize>>::new());
        assert_eq!(good(clause("sse")).matched(&Field::Name, "Straße").first(), Some(&(4..7)));
        let ends = good(Criteria::Clause(Clause::Text {
            field: Field::Email,
            op: TextOp::EndsWith,
            values: vec!["@old.com".into()],
        }));
        assert_eq!(ends.matched(&Field::Email, "a@old.com").first(), Some(&(1..9)));
        assert!(ends.matched(&Field::Name, "a@old.com").is_empty());
    }

    #[test]
    fn what_matched_is_painted_for_every_kind_of_text_clause() {
        for (line, field, text, painted) in [
            ("city:lodz", Field::City, "Łódź Bałuty", "Łódź"),
            ("city:lodz", Field::City, "Lo\u{301}dz\u{301}", "Lo\u{301}dz"),
            ("email=a@b.co", Field::Email, "a@b.co", "a@b.co"),
            ("email=a@b.co", Field::Email, "a@b.com", ""),
            ("company=\"cafe\u{301}\"", Field::Company, "CAFÉ", "CAFÉ"),
            ("company:(acme, gmbh)", Field::Company, "Acme Trading GmbH", "AcmeGmbH"),
            ("email~=/\\d+/", Field::Email, "a12@b3.example", "123"),
            ("domain~=/^old/", Field::Email, "old@old.example", "old"),
            ("domain:old", Field::Email, "old@old.example", "old"),
            ("label:a", Field::Label, "lead, a, banana", "a"),
            ("last^=po", Field::Name, "Amber Powell", "Po"),
            ("-company:acme", Field::Company, "Acme", ""),
            ("phone:2141061", Field::Phone, "+1 (206) 214-1061", "+1 (206) 214-1061"),
        ] {
            let Query::Good(good) = Query::read(line, &CustomFields::default(), &today()) else { panic!("{line}") };
            let said: String = good.matched(&field, text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(said, painted, "{line} in {text}");
        }
    }
}
