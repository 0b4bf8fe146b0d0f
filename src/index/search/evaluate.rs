//! Criteria to rows: what each test means for the columns, and how the tree combines the answers.
//!
//! [`crate::domain::criteria::matches`] is the definition; the tests of [`crate::index`] hold this to it for
//! random contacts and criteria.

use std::sync::Arc;

use super::refusal_counts::ValidBilling;
use crate::domain::contact::{Deliverability, JobId, PartialDate, Role, Subscription, Timestamp};
use crate::domain::criteria::matches::number_holds;
use crate::domain::criteria::resolve::WORD_FIELDS;
use crate::domain::criteria::{Fact, Node, Resolved, Test, TextOp};
use crate::domain::field::Field;
use crate::domain::fold::fold_case;
use crate::domain::phone::TAIL;
use crate::domain::query::Scope;
use crate::index::Index;
use crate::index::bitmap::Bitmap;
use crate::index::column::Profile;
use crate::index::column::text_column::TextColumn;
use crate::index::text::text_arena::Cancel;
use crate::index::text::text_predicate::TextPredicate;

impl Index {
    /// The rows of each test, wherever they are. None: cancelled.
    pub(in crate::index) fn clauses(
        &self,
        resolved: &Resolved,
        now: Timestamp,
        cancel: Cancel<'_>,
    ) -> Option<Vec<Arc<Bitmap>>> {
        resolved.tests.iter().map(|test| self.clause(test, now, cancel)).collect()
    }

    /// Works out who is unsubscribed, so that the first question for it finds it there.
    pub fn prepare_unsubscribed(&self, cancel: Cancel<'_>) {
        // What time it is makes no difference.
        let _ = self.clause(&Test::Fact(Fact::Unsubscribed), Timestamp(0), cancel);
    }

    /// Works out which names and addresses have which letter, so that the first question for one finds it
    /// there.
    pub fn prepare_letters(&self, cancel: Cancel<'_>) {
        self.columns.name.prepare_letters(cancel);
        self.columns.email.prepare_letters(cancel);
    }

    /// The rows for which the tree holds, given the rows of its tests.
    pub(in crate::index) fn combine(&self, node: &Node, clauses: &[Arc<Bitmap>]) -> Bitmap {
        let rows = self.ids.len();
        match node {
            Node::All => Bitmap::full(rows),
            Node::Test(at) => clauses.get(*at).map_or_else(Bitmap::default, |rows| (**rows).clone()),
            Node::Not(inner) => self.combine(inner, clauses).inverse(rows),
            Node::And(parts) => {
                let Some((first, rest)) = parts.split_first() else { return Bitmap::full(rows) };
                let mut out = self.combine(first, clauses);
                for part in rest {
                    self.with(part, clauses, |part| out.and(part));
                }
                out
            }
            Node::Or(parts) => {
                let mut out = Bitmap::new(rows);
                for part in parts {
                    self.with(part, clauses, |part| out.or(part));
                }
                out
            }
        }
    }

    /// Calls back with the rows of a part, without a copy of them where it is a test.
    fn with(&self, node: &Node, clauses: &[Arc<Bitmap>], take: impl FnOnce(&Bitmap)) {
        match node {
            Node::Test(at) => {
                if let Some(rows) = clauses.get(*at) {
                    take(rows);
                }
            }
            Node::All | Node::And(_) | Node::Or(_) | Node::Not(_) => take(&self.combine(node, clauses)),
        }
    }

    /// The rows of a scope.
    pub(in crate::index) fn scope(&self, scope: Scope) -> Arc<Bitmap> {
        let rows = self.ids.len();
        self.kept.scope(self.versions, &scope, || match scope {
            Scope::Book => {
                let mut live = Bitmap::full(rows);
                live.minus(&self.trashed);
                live.minus(&self.forgotten);
                live
            }
            Scope::Trash => {
                let mut trashed = self.trashed.clone();
                trashed.minus(&self.forgotten);
                trashed
            }
            Scope::List(list) => {
                let mut of_list = self.columns.profile.rows_where(rows, |profile| profile.list == list);
                of_list.and(&self.scope(Scope::Book));
                of_list
            }
        })
    }

    /// The rows with a valid billing subscription.
    pub(in crate::index) fn billing_valid(&self, now: Timestamp) -> Arc<ValidBilling> {
        let make = || ValidBilling::at(&self.columns, self.ids.len(), now);
        self.kept.valid(self.versions, |known| known.holds_at(now), make)
    }

    fn clause(&self, test: &Test, now: Timestamp, cancel: Cancel<'_>) -> Option<Arc<Bitmap>> {
        if cancel() {
            return None;
        }
        match test {
            // These depend on more than the columns, and are kept by themselves.
            Test::Fact(Fact::Billing) => Some(Arc::new(self.billing_valid(now).rows.clone())),
            Test::Duplicate { by, redundant } => {
                let groups = self.groups(*by, cancel)?;
                Some(Arc::new(if *redundant { groups.redundant.clone() } else { groups.duplicate.clone() }))
            }
            _ => self.kept.clause(self.versions, &test.key(), || {
                let rows = self.rows_of(test, cancel);
                (!cancel()).then_some(rows)
            }),
        }
    }

    fn rows_of(&self, test: &Test, cancel: Cancel<'_>) -> Bitmap {
        let rows = self.ids.len();
        let columns = &self.columns;
        match test {
            Test::Word { folded, digits } => self.rows_with_word(folded, digits.as_deref(), cancel),
            Test::Text { field: Field::Email, op: TextOp::Contains, needles } => {
                // What a domain contains its address does: those are few texts, and their rows are passed over
                // then. A single letter is quicker by itself.
                let domain = needles.iter().all(|needle| needle.len() > 1).then_some(&columns.domain);
                let mut out = self.rows_with_text(domain, TextOp::Contains, needles, cancel);
                self.add_rows_with_text(Some(&columns.email), TextOp::Contains, needles, &mut out, cancel);
                out
            }
            Test::Text { field, op, needles } => self.rows_with_text(columns.text(field), *op, needles, cancel),
            Test::Phone { op, needles } => self.rows_with_text(Some(&columns.phone.digits), *op, needles, cancel),
            Test::International { op, needles } => self.rows_international(*op, needles, cancel),
            Test::Regex { field: Field::E164, regex } => {
                columns.phone.international_where(rows, None, &|number| regex.is_match(number), cancel)
            }
            Test::Regex { field, regex } => {
                let column = match field {
                    Field::Phone => Some(&columns.phone.digits),
                    other => columns.text(other),
                };
                let mut out = Bitmap::new(rows);
                if let Some(column) = column {
                    column.find(rows, &TextPredicate::matches(regex), &mut out, cancel);
                }
                out
            }
            Test::Timestamp { field, from, to } => match columns.moments(field) {
                Some(moments) => moments.rows_within(*from, *to, rows),
                None => Bitmap::default(),
            },
            Test::Day { field, from, to } => {
                let within = |day: jiff::civil::Date| *from <= day && to.is_none_or(|to| day < to);
                match field {
                    Field::Slot(slot) => columns.days(*slot).map_or_else(Bitmap::default, |days| {
                        days.rows_where(rows, |day| day.and_then(PartialDate::full).is_some_and(within))
                    }),
                    Field::Custom(name) => columns.custom.get(name).map_or_else(Bitmap::default, |column| {
                        column.dates.iter().filter(|(_, day)| within(**day)).map(|(row, _)| *row).collect()
                    }),
                    _ => Bitmap::default(),
                }
            }
            Test::Yearly { field, days } => match field {
                Field::Slot(slot) => columns.days(*slot).map_or_else(Bitmap::default, |column| {
                    column.rows_where(rows, |date| date.is_some_and(|date| days.has(date)))
                }),
                _ => Bitmap::default(),
            },
            Test::Number { field, test } => match field {
                Field::Id => (0..rows as u32).filter(|row| number_holds(test, self.ids.id(*row).0 as f64)).collect(),
                Field::Import => columns
                    .import
                    .rows_where(rows, |import| import.is_some_and(|JobId(id)| number_holds(test, id as f64))),
                Field::Custom(name) => columns.custom.get(name).map_or_else(Bitmap::default, |column| {
                    column.numbers.iter().filter(|(_, n)| number_holds(test, **n)).map(|(row, _)| *row).collect()
                }),
                _ => Bitmap::default(),
            },
            Test::Set { field: Field::Label, names } => {
                columns.labels.rows_with(rows, |label| names.iter().any(|wanted| *wanted == fold_case(label)))
            }
            Test::Set { field: _, names } => columns.profile.rows_where(rows, |profile| {
                let list = self.lists.get(&profile.list);
                list.is_some_and(|list| names.iter().any(|wanted| *wanted == fold_case(&list.name)))
            }),
            Test::Choice { field, values } => columns
                .profile
                .rows_where(rows, |profile| choice(profile, field).is_some_and(|at| values.contains(&at))),
            Test::Present(field) => self.rows_present(field, cancel),
            Test::Fact(fact) => self.rows_of_fact(*fact, cancel),
            Test::Duplicate { by, redundant } => {
                let Some(groups) = self.groups(*by, cancel) else { return Bitmap::new(rows) };
                if *redundant { groups.redundant.clone() } else { groups.duplicate.clone() }
            }
        }
    }

    fn rows_with_word(&self, folded: &str, digits: Option<&str>, cancel: Cancel<'_>) -> Bitmap {
        let rows = self.ids.len();
        if folded.is_empty() {
            // Every contact has a name, be it an empty one, and that contains nothing.
            return Bitmap::full(rows);
        }
        let mut out = Bitmap::new(rows);
        if let Some(digits) = digits {
            let probe = TextPredicate::text(TextOp::Contains, digits);
            self.columns.phone.digits.find(rows, &probe, &mut out, cancel);
        }
        // Columns of few distinct texts first: they are quick, and what they find the others pass over. For a
        // single letter the others are quicker still.
        let probe = TextPredicate::text(TextOp::Contains, folded);
        let (unique, shared): (Vec<_>, Vec<_>) = WORD_FIELDS
            .iter()
            .filter_map(|field| self.columns.text(field))
            .partition(|column| matches!(column, TextColumn::Unique(_)));
        let (first, then) = if folded.len() == 1 { (unique, shared) } else { (shared, unique) };
        for column in first.into_iter().chain(then) {
            column.find(rows, &probe, &mut out, cancel);
        }
        out
    }

    fn rows_international(&self, op: TextOp, needles: &[String], cancel: Cancel<'_>) -> Bitmap {
        let (rows, phone) = (self.ids.len(), &self.columns.phone);
        let holds = |number: &str| {
            needles.iter().any(|needle| match op {
                TextOp::Contains => number.contains(needle.as_str()),
                TextOp::Exactly => number == needle,
                TextOp::StartsWith => number.starts_with(needle.as_str()),
                TextOp::EndsWith => number.ends_with(needle.as_str()),
            })
        };
        // A whole number ends as it was typed: those rows are few, and looked at alone.
        let tails = needles.iter().map(|needle| needle.get(needle.len().checked_sub(TAIL)?..).map(str::to_owned));
        let tails: Option<Vec<String>> = if op == TextOp::Exactly { tails.collect() } else { None };
        let among = tails.map(|tails| self.rows_with_text(Some(&phone.digits), TextOp::EndsWith, &tails, cancel));
        phone.international_where(rows, among.as_ref(), &holds, cancel)
    }

    fn rows_with_text(
        &self,
        column: Option<&TextColumn>,
        op: TextOp,
        needles: &[String],
        cancel: Cancel<'_>,
    ) -> Bitmap {
        let mut out = Bitmap::new(self.ids.len());
        self.add_rows_with_text(column, op, needles, &mut out, cancel);
        out
    }

    fn add_rows_with_text(
        &self,
        column: Option<&TextColumn>,
        op: TextOp,
        needles: &[String],
        out: &mut Bitmap,
        cancel: Cancel<'_>,
    ) {
        if let Some(column) = column {
            for needle in needles {
                column.find(self.ids.len(), &TextPredicate::text(op, needle), out, cancel);
            }
        }
    }

    pub(in crate::index) fn rows_present(&self, field: &Field, cancel: Cancel<'_>) -> Bitmap {
        let rows = self.ids.len();
        let columns = &self.columns;
        let has_text = |column: &TextColumn| {
            let mut out = Bitmap::new(rows);
            column.find(rows, &TextPredicate::Present, &mut out, cancel);
            out
        };
        match field {
            Field::Id | Field::Created | Field::Updated | Field::List => Bitmap::full(rows),
            Field::Active => columns.active.rows_within(i64::MIN, i64::MAX, rows),
            Field::Slot(slot) if slot.is_day() => {
                columns.days(*slot).map_or_else(Bitmap::default, |days| days.rows_where(rows, Option::is_some))
            }
            Field::Phone => has_text(&columns.phone.digits),
            Field::E164 => columns.phone.international_where(rows, None, &|_| true, cancel),
            Field::Label => columns.labels.rows_with_any(rows),
            Field::Member | Field::Role => columns.profile.rows_where(rows, |profile| profile.member.is_some()),
            Field::Billing => columns.profile.rows_where(rows, |profile| profile.billing.is_some()),
            Field::Subscription => {
                columns.profile.rows_where(rows, |profile| profile.subscription != Subscription::NotSet)
            }
            Field::Deliverability => {
                columns.profile.rows_where(rows, |profile| profile.deliverability != Deliverability::NotSet)
            }
            Field::Import => columns.import.rows_where(rows, Option::is_some),
            Field::Custom(name) => columns.custom.get(name).map_or_else(Bitmap::default, |column| {
                let mut out = has_text(&column.texts);
                column.numbers.keys().chain(column.dates.keys()).for_each(|row| out.set(*row));
                out
            }),
            text => columns.text(text).map_or_else(Bitmap::default, has_text),
        }
    }

    fn rows_of_fact(&self, fact: Fact, cancel: Cancel<'_>) -> Bitmap {
        let rows = self.ids.len();
        let has = |passes: fn(&Profile) -> bool| self.columns.profile.rows_where(rows, passes);
        match fact {
            Fact::Member => has(|profile| profile.member.is_some()),
            Fact::Owner => has(|profile| profile.member.is_some_and(|member| member.role == Role::Owner)),
            Fact::Contributor => has(|profile| profile.member.is_some_and(|member| member.role == Role::Contributor)),
            // Depends on the time, so it is answered before anything is kept.
            Fact::Billing => Bitmap::default(),
            Fact::Unsubscribed => {
                let mut out = has(|profile| profile.subscription == Subscription::Unsubscribed);
                out.or(&self.unsubscribers.rows(&self.columns.email, rows, cancel));
                out
            }
            Fact::Protected => has(|profile| profile.protected),
            Fact::Bounced => has(|profile| profile.deliverability == Deliverability::Bounced),
        }
    }
}

fn choice(profile: &Profile, field: &Field) -> Option<usize> {
    match field {
        Field::Member => profile.member.map(|member| member.status as usize),
        Field::Role => profile.member.map(|member| member.role as usize),
        Field::Subscription => Some(profile.subscription as usize),
        Field::Deliverability => Some(profile.deliverability as usize),
        _ => None,
    }
}
