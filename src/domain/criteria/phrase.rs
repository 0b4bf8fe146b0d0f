//! Criteria as people say them: of one contact (`mail bounced`, `not labelled vip`), and of many, behind a noun
//! (`contacts whose mail bounced`).
//!
//! Called by [`super::describe`] for histories and warnings, and by the question before a delete. Rows of a
//! table, with a field, an operator and a value, are [`super::describe::clause_words`].

use super::value_words::{any_of, date, number_words, quoted, text_op};
use super::{Clause, Criteria, DateSpec, DateTest, DuplicateKey, EvalTime, Fact};
use crate::domain::field::{CustomFields, Field, Kind};

/// What a piece of a phrase is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Words between.
    Plain,
    /// The name of a field.
    Field,
    /// What a field is compared with.
    Value,
}

/// Pieces, said one after the other with a space between them.
pub type Phrase = Vec<(Part, String)>;

/// How many the phrase is said of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    /// One contact, which isn't named: `mail bounced`.
    One,
    /// Many, which are named before: `whose mail bounced`, `labelled vip`.
    Many,
    /// The same beside a clause that begins with whose, who or that, so that nobody takes one for a part of another:
    /// `whose email ends with @x.example and that are labelled vip`.
    Each,
}

/// The criteria of one contact: `email ends with @oldcorp.com and active before 2024-11-21`.
pub fn of_one(criteria: &Criteria, today: &EvalTime) -> String {
    let said = match criteria {
        Criteria::All => vec![(Part::Plain, "every contact".to_owned())],
        other => phrase(other, Of::One, false, today),
    };
    joined(&said)
}

/// One clause of one contact.
pub fn clause_of_one(clause: &Clause, negated: bool, today: &EvalTime) -> String {
    joined(&of_clause(clause, negated, Of::One, today))
}

/// Whom the criteria are about, for what stands before [`behind_contacts`].
pub fn noun(criteria: &Criteria) -> &'static str {
    let first = match criteria {
        Criteria::And(parts) => parts.first(),
        other => Some(other),
    };
    match first {
        Some(Criteria::Clause(Clause::Duplicate { by, redundant: true })) if *by != DuplicateKey::Likely => "copies",
        _ => "contacts",
    }
}

/// What stands behind `All contacts`; nothing where all are meant.
pub fn behind_contacts(criteria: &Criteria, today: &EvalTime) -> Phrase {
    match criteria {
        Criteria::All => Vec::new(),
        other => phrase(other, Of::Many, false, today),
    }
}

fn joined(phrase: &Phrase) -> String {
    phrase.iter().map(|(_, words)| words.as_str()).collect::<Vec<_>>().join(" ").replace(" , ", ", ")
}

fn phrase(criteria: &Criteria, of: Of, nested: bool, today: &EvalTime) -> Phrase {
    match criteria {
        Criteria::All => vec![(Part::Plain, "any".to_owned())],
        Criteria::Clause(clause) => of_clause(clause, false, of, today),
        Criteria::Not(inner) => match (inner.as_ref(), of) {
            (Criteria::Clause(clause), _) => of_clause(clause, true, of, today),
            (other, Of::One) => {
                let mut said = vec![(Part::Plain, "not".to_owned())];
                said.extend(bracketed(phrase(other, of, false, today)));
                said
            }
            (other, Of::Many | Of::Each) => {
                let mut said = vec![(Part::Plain, "except those".to_owned())];
                said.extend(phrase(other, of, false, today));
                if nested { bracketed(said) } else { said }
            }
        },
        Criteria::And(parts) => all_of(parts, "and", of, nested, today),
        Criteria::Or(parts) => all_of(parts, "or", of, nested, today),
    }
}

/// The parts with a word between them, in brackets within another row of parts.
fn all_of(parts: &[Criteria], word: &str, of: Of, nested: bool, today: &EvalTime) -> Phrase {
    let begins_anew = |part: &Criteria| part.clauses().into_iter().any(begins_a_sentence);
    let of = if of == Of::Many && parts.iter().any(begins_anew) { Of::Each } else { of };
    let mut said = Phrase::new();
    for part in parts {
        if !said.is_empty() {
            said.push((Part::Plain, word.to_owned()));
        }
        said.extend(phrase(part, of, true, today));
    }
    if nested { bracketed(said) } else { said }
}

fn bracketed(mut said: Phrase) -> Phrase {
    if let Some((_, first)) = said.first_mut() {
        first.insert(0, '(');
    }
    if let Some((_, last)) = said.last_mut() {
        last.push(')');
    }
    said
}

/// Whether a clause of many begins with whose, who or that in any company.
fn begins_a_sentence(clause: &Clause) -> bool {
    match clause {
        Clause::Word(_) | Clause::Date { .. } | Clause::Set { .. } | Clause::Fact(Fact::Billing) => false,
        Clause::Text { .. }
        | Clause::Matches { .. }
        | Clause::Number { .. }
        | Clause::Choice { .. }
        | Clause::Present(_)
        | Clause::Fact(_)
        | Clause::Duplicate { .. } => true,
    }
}

fn of_clause(clause: &Clause, negated: bool, of: Of, today: &EvalTime) -> Phrase {
    match clause {
        Clause::Word(word) => {
            let word = quoted_always(word);
            let places = "in a name, email, phone, company or title";
            match (of, negated) {
                (Of::One, false) => vec![value(word), plain(places)],
                (Of::One, true) => vec![plain("no"), value(word), plain(places)],
                (Of::Many, false) => vec![plain("with"), value(word), plain(places)],
                (Of::Many, true) => vec![plain("without"), value(word), plain(places)],
                (Of::Each, false) => vec![plain("who have"), value(word), plain(places)],
                (Of::Each, true) => vec![plain("who have no"), value(word), plain(places)],
            }
        }
        Clause::Text { field, op, values } => {
            whose(of, vec![named(field), plain(text_op(*op, negated)), value(any_of(values))])
        }
        Clause::Matches { field, pattern } => {
            let verb = if negated { "doesn't match" } else { "matches" };
            whose(of, vec![named(field), plain(verb), value(format!("/{}/", pattern.as_str()))])
        }
        Clause::Number { field, test } => {
            let (operator, number) = number_words(test);
            let is = if negated { "is not" } else { "is" };
            let operator = format!("{is} {}", if operator == "is" { "" } else { operator });
            whose(of, vec![named(field), plain(operator.trim_end()), value(number)])
        }
        Clause::Date { field, test } => dates(field, *test, negated, of, today),
        Clause::Set { field, values } => {
            let words = match (field, negated) {
                (Field::List, false) => "in the list",
                (Field::List, true) => "not in the list",
                (_, false) => "labelled",
                (_, true) => "not labelled",
            };
            let words = vec![(Part::Field, words.to_owned()), value(any_of(values))];
            if of == Of::Each { [vec![plain("that are")], words].concat() } else { words }
        }
        Clause::Choice { field, values } => {
            let names = match field.kind(&CustomFields::default()) {
                Kind::Choice(names) => names,
                _ => &[],
            };
            let values: Vec<String> = values.iter().filter_map(|at| names.get(*at)).map(ToString::to_string).collect();
            whose(of, vec![named(field), plain(if negated { "is not" } else { "is" }), value(any_of(&values))])
        }
        Clause::Present(field) => {
            let has = if of == Of::One { "has" } else { "who have" };
            let which = match (field, negated) {
                (_, true) => "no",
                (Field::Custom(_), false) => "",
                (_, false) => article(&field.words()),
            };
            vec![plain(format!("{has} {which}").trim_end()), named(field)]
        }
        Clause::Fact(fact) => vec![(Part::Field, fact_words(*fact, negated, of).to_owned())],
        Clause::Duplicate { by, redundant } => {
            if *by == DuplicateKey::Likely {
                let are = if of == Of::One { "is" } else { "that are" };
                let not = if negated { " not" } else { "" };
                let whom = if *redundant { "a better card" } else { "another contact" };
                return vec![plain(format!("{are}{not} likely the same as {whom}"))];
            }
            let (that, shares) = if of == Of::One { ("", "shares") } else { ("that ", "share") };
            let by = match by {
                DuplicateKey::NameBirthday => "name and birthday",
                other => other.word(),
            };
            let a = article(by);
            let (verb, with) = match (redundant, negated) {
                (false, false) => (format!("{that}{shares} {a}"), "with another contact"),
                (false, true) => (format!("{that}{shares} no"), "with another contact"),
                (true, false) => (format!("{that}{shares} {a}"), "with a better card"),
                (true, true) => (format!("{that}{shares} no"), "with a better card"),
            };
            vec![plain(verb), (Part::Field, by.to_owned()), plain(with)]
        }
    }
}

fn plain(words: impl Into<String>) -> (Part, String) {
    (Part::Plain, words.into())
}

fn value(words: impl Into<String>) -> (Part, String) {
    (Part::Value, words.into())
}

fn named(field: &Field) -> (Part, String) {
    (Part::Field, field.words())
}

fn whose(of: Of, mut said: Phrase) -> Phrase {
    if of != Of::One {
        said.insert(0, plain("whose"));
    }
    said
}

/// `active before 2024-11-21`, `created in 2024 or later`, `birthday on 1985-04-12`.
fn dates(field: &Field, test: DateTest, negated: bool, of: Of, today: &EvalTime) -> Phrase {
    let on = |spec: DateSpec| match spec {
        DateSpec::Year(_) | DateSpec::Month(..) => "in",
        DateSpec::Day(_) | DateSpec::At(_) | DateSpec::FromToday { .. } => "on",
    };
    let (operator, when) = match test {
        DateTest::On(spec) => (on(spec), date(spec, today)),
        DateTest::Before(spec) => ("before", date(spec, today)),
        DateTest::After(spec) => ("after", date(spec, today)),
        DateTest::OnOrBefore(spec) => (on(spec), format!("{} or earlier", date(spec, today))),
        DateTest::OnOrAfter(spec) => (on(spec), format!("{} or later", date(spec, today))),
        DateTest::Between(from, to) => ("between", format!("{} and {}", date(from, today), date(to, today))),
        DateTest::Yearly(days) => days.words(),
    };
    let verb = match field {
        Field::Active => Some("active"),
        Field::Created => Some("created"),
        Field::Updated => Some("changed"),
        _ => None,
    };
    let head = match (verb, negated, of) {
        (Some(verb), false, Of::Each) => vec![plain(were(field)), (Part::Field, verb.to_owned())],
        (Some(verb), true, Of::Each) => vec![plain(were(field)), (Part::Field, format!("not {verb}"))],
        (None, false, Of::Each) => vec![plain(format!("who have {}", article(&field.words()))), named(field)],
        (None, true, Of::Each) => vec![plain("who have no"), named(field)],
        (Some(verb), false, _) => vec![(Part::Field, verb.to_owned())],
        (Some(verb), true, _) => vec![(Part::Field, format!("not {verb}"))],
        (None, false, Of::One) => vec![named(field)],
        (None, true, Of::One) => vec![plain("no"), named(field)],
        (None, false, Of::Many) => vec![plain(format!("with {}", article(&field.words()))), named(field)],
        (None, true, Of::Many) => vec![plain(format!("without {}", article(&field.words()))), named(field)],
    };
    // With a birthday today; whose birthday is today would be another way to say a clause.
    let operator = if operator == "is" { Vec::new() } else { vec![plain(operator)] };
    [head, operator, vec![value(when)]].concat()
}

/// People are active, cards are created and changed.
fn were(field: &Field) -> &'static str {
    if *field == Field::Active { "who were" } else { "that were" }
}

fn fact_words(fact: Fact, negated: bool, of: Of) -> &'static str {
    match (fact, of != Of::One, negated) {
        (Fact::Billing, true, false) if of == Of::Each => "who have a valid billing subscription",
        (Fact::Billing, true, true) if of == Of::Each => "who have no valid billing subscription",
        (_, false, false) => fact.words(),
        (Fact::Member, false, true) => "is not a member",
        (Fact::Member, true, false) => "who are members",
        (Fact::Member, true, true) => "who are not members",
        (Fact::Owner, false, true) => "doesn't own the site",
        (Fact::Owner, true, false) => "who own the site",
        (Fact::Owner, true, true) => "who don't own the site",
        (Fact::Contributor, false, true) => "doesn't contribute to the site",
        (Fact::Contributor, true, false) => "who contribute to the site",
        (Fact::Contributor, true, true) => "who don't contribute to the site",
        (Fact::Billing, false, true) => "has no valid billing subscription",
        (Fact::Billing, true, false) => "with a valid billing subscription",
        (Fact::Billing, true, true) => "without a valid billing subscription",
        (Fact::Unsubscribed, false, true) => "not unsubscribed",
        (Fact::Unsubscribed, true, false) => "who unsubscribed",
        (Fact::Unsubscribed, true, true) => "who did not unsubscribe",
        (Fact::Protected, false, true) => "not protected",
        (Fact::Protected, true, false) => "that are protected",
        (Fact::Protected, true, true) => "that are not protected",
        (Fact::Bounced, false, true) => "mail did not bounce",
        (Fact::Bounced, true, false) => "whose mail bounced",
        (Fact::Bounced, true, true) => "whose mail did not bounce",
    }
}

fn article(word: &str) -> &'static str {
    match word.chars().next() {
        Some('a' | 'e' | 'i' | 'o') => "an",
        _ => "a",
    }
}

/// A word in quotes, so that it is seen where it begins and ends.
fn quoted_always(word: &str) -> String {
    let quoted = quoted(word);
    if quoted.starts_with('\u{201c}') { quoted } else { format!("\u{201c}{quoted}\u{201d}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::Timestamp;
    use crate::domain::syntax::parse;

    #[track_caller]
    fn says(line: &str, one: &str, many: &str) {
        let today = EvalTime { now: Timestamp(1_795_305_600_000), zone: jiff::tz::TimeZone::UTC };
        let criteria = parse(line, &CustomFields::default()).expect("reads").criteria;
        assert_eq!(of_one(&criteria, &today), one, "{line}");
        assert_eq!(format!("contacts {}", joined(&behind_contacts(&criteria, &today))).trim_end(), many, "{line}");
    }

    #[test]
    fn every_kind_of_clause_is_said_of_one_and_of_many() {
        says("is:member", "is a member", "contacts who are members");
        says("is:bounced", "mail bounced", "contacts whose mail bounced");
        says("-is:bounced", "mail did not bounce", "contacts whose mail did not bounce");
        says("is:owner", "owns the site", "contacts who own the site");
        says("is:protected", "protected", "contacts that are protected");
        let places = "in a name, email, phone, company or title";
        says("smith", &format!("“smith” {places}"), &format!("contacts with “smith” {places}"));
        says("-smith", &format!("no “smith” {places}"), &format!("contacts without “smith” {places}"));
        says("label:vip", "labelled vip", "contacts labelled vip");
        says("-label:(vip, lead)", "not labelled vip or lead", "contacts not labelled vip or lead");
        says("list:Newsletter", "in the list Newsletter", "contacts in the list Newsletter");
        says("has:email", "has an email", "contacts who have an email");
        says("-has:phone", "has no phone", "contacts who have no phone");
        says("active:2024", "active in 2024", "contacts active in 2024");
        says("created>=2024", "created in 2024 or later", "contacts created in 2024 or later");
        says("active<today-2y", "active before 2024-11-22", "contacts active before 2024-11-22");
        says("-active>=2020-02-01", "not active on 2020-02-01 or later", "contacts not active on 2020-02-01 or later");
        says("birthday<2000", "birthday before 2000", "contacts with a birthday before 2000");
        says("birthday:05", "birthday in May", "contacts with a birthday in May");
        says("-birthday:05-12", "no birthday on 12 May", "contacts without a birthday on 12 May");
        says("birthday:today", "birthday today", "contacts with a birthday today");
        let next = "within the next 30 days";
        says("birthday:next30d", &format!("birthday {next}"), &format!("contacts with a birthday {next}"));
        says("email$=@x.example", "email ends with @x.example", "contacts whose email ends with @x.example");
        says("company!=Acme", "company is not exactly Acme", "contacts whose company is not exactly Acme");
        says("city~=/^O/", "city matches /^O/", "contacts whose city matches /^O/");
        says("subscription:pending", "email subscription is pending", "contacts whose email subscription is pending");
        says("id<5", "id is less than 5", "contacts whose id is less than 5");
        says("-id:5", "id is not 5", "contacts whose id is not 5");
        says(
            "duplicate:email",
            "shares an email with another contact",
            "contacts that share an email with another contact",
        );
        says("redundant:phone", "shares a phone with a better card", "contacts that share a phone with a better card");
        says("all", "every contact", "contacts");
    }

    #[test]
    fn clauses_are_joined_and_groups_stand_in_brackets() {
        says(
            "email$=@oldcorp.com active<today-2y -label:vip",
            "email ends with @oldcorp.com and active before 2024-11-22 and not labelled vip",
            "contacts whose email ends with @oldcorp.com and who were active before 2024-11-22 and that are not labelled vip",
        );
        says(
            "active<today-2y -label:vip list:Newsletter smith",
            "active before 2024-11-22 and not labelled vip and in the list Newsletter and “smith” in a name, email, phone, \
             company or title",
            "contacts active before 2024-11-22 and not labelled vip and in the list Newsletter and with “smith” in a name, \
             email, phone, company or title",
        );
        says(
            "company=Acme (birthday:05 or created:2024 or smith or is:billing)",
            "company is exactly Acme and (birthday in May or created in 2024 or “smith” in a name, email, phone, company or \
             title or has a valid billing subscription)",
            "contacts whose company is exactly Acme and (who have a birthday in May or that were created in 2024 or who \
             have “smith” in a name, email, phone, company or title or who have a valid billing subscription)",
        );
        says(
            "has:email (is:member or label:vip)",
            "has an email and (is a member or labelled vip)",
            "contacts who have an email and (who are members or that are labelled vip)",
        );
        says(
            "not (label:vip or is:member)",
            "not (labelled vip or is a member)",
            "contacts except those that are labelled vip or who are members",
        );
    }
}
