//! Plans: criteria or ids frozen into contacts with their revisions and predicted outcomes, and what to
//! look at twice before confirming.

use std::collections::{BTreeSet, HashSet};

use super::cancel::Cancel;
use super::error::{Code, EngineError, ErrorKind, Result};
use super::query::cancelled;
use super::state::Shared;
use super::{Engine, remote};
use crate::domain::contact::{ContactId, ListId, ListKind, Timestamp};
use crate::domain::criteria::describe::sentence;
use crate::domain::criteria::phrase::clause_of_one;
use crate::domain::criteria::{Clause, Criteria, DuplicateKey, EvalTime};
use crate::domain::deletion_rules::Refusal;
use crate::domain::field::Field;
use crate::domain::plans::frozen::stay_of;
use crate::domain::plans::{Item, Plan, PlanRequest, Warning};
use crate::domain::query::{Page, Query, Scope, Selection, Sort};
use crate::domain::syntax;
use crate::index::{CountQuestion, Question, Selected};

/// Who was active within so many days is worth a second look.
const RECENT_DAYS: i64 = 90;
const DAY: i64 = 24 * 60 * 60 * 1000;
/// The share of a list that is worth a warning, in per cent.
const SHARE: u64 = 25;

impl Engine {
    /// Freezes what a delete would take up, with the predicted outcome of each contact.
    pub fn plan(&self, request: PlanRequest) -> Result<Plan> {
        self.wait_until_loaded()?;
        let shared = &self.shared;
        check_scope(shared, request.selection.scope())?;
        let today = self.today();
        // Before the index is asked: it is at least as new as this, so nothing that came later is missed.
        let mut as_of = shared.feed().seq;
        let mut frozen = self.freeze(&request, &today, &Cancel::new())?;
        if self.bring_in_step(&frozen.items)? {
            as_of = shared.feed().seq;
            frozen = self.freeze(&request, &today, &Cancel::new())?;
        }
        let Frozen { items, line, words, excluded } = frozen;
        let mut plan = Plan {
            excluded,
            line,
            words,
            stay: stay_of(&items),
            warnings: Vec::new(),
            retention_days: shared.options.retention_days,
            as_of: Some(as_of),
            request,
            items,
        };
        plan.warnings = warnings(shared, &plan, &today);
        Ok(plan)
    }

    /// Brings the live lists that these contacts are in up to date; whether there is one among them.
    pub(super) fn bring_in_step(&self, items: &[Item]) -> Result<bool> {
        let live: HashSet<ListId> =
            self.lists().iter().filter(|list| list.kind.is_live()).map(|list| list.id).collect();
        if live.is_empty() || self.is_read_only() {
            return Ok(false);
        }
        let of = self.shared.index().by_list(items.iter().map(|item| item.id));
        let lists: HashSet<ListId> = of.into_keys().filter(|list| live.contains(list)).collect();
        remote::in_step(&self.shared, &self.who, &lists)?;
        Ok(!lists.is_empty())
    }

    /// Which contacts a request means, as the index knows them now.
    pub(super) fn freeze(&self, request: &PlanRequest, today: &EvalTime, cancel: &Cancel) -> Result<Frozen> {
        let shared = &self.shared;
        let (items, line, mut words) = match &request.selection {
            Selection::Query(query) => {
                let resolved = shared.resolve_at(query, today);
                let stops = || cancel.is_cancelled() || shared.is_closing();
                let items = shared.index().select(&resolved, request.members_too, &stops).ok_or_else(cancelled)?;
                let criteria = query.criteria.as_ref().unwrap_or(&Criteria::All);
                let mut words = sentence(criteria, today);
                if query.page != Page::default() {
                    words.push_str(&page_words(query.page, &query.sort));
                }
                (items, syntax::print(criteria), words)
            }
            Selection::Ids { scope, ids } => {
                let ids = distinct(ids);
                let items = chosen(shared, &ids, *scope, request.members_too, today);
                let words = match ids.as_slice() {
                    [one] => format!("contact {one}"),
                    many => format!("{} chosen contacts", many.len()),
                };
                (items, String::new(), words)
            }
        };
        if let Scope::List(list) = request.selection.scope() {
            words.push_str(" in the list ");
            words.push_str(&list_name(shared, list));
        }
        let mut items: Vec<Item> = items
            .into_iter()
            .map(|item| Item { id: item.id, revision: item.revision, refusal: item.refusal })
            .collect();
        let matched = items.len();
        let excluded: HashSet<ContactId> = request.excluded.iter().copied().collect();
        if !excluded.is_empty() {
            items.retain(|item| !excluded.contains(&item.id));
        }
        Ok(Frozen { excluded: (matched - items.len()) as u64, items, line, words })
    }
}

/// The contacts that a request means.
pub(super) struct Frozen {
    /// They, in order, with why a delete would leave them.
    pub(super) items: Vec<Item>,
    /// The criteria as a query line.
    pub(super) line: String,
    /// What was asked, in words.
    pub(super) words: String,
    /// How many of the excluded ones would have matched.
    pub(super) excluded: u64,
}

/// A list that isn't there is 303, an account list 313, and the trash can't be deleted from.
pub(super) fn check_scope(shared: &Shared, scope: Scope) -> Result<()> {
    let bad = |message: String| EngineError::new(ErrorKind::BadInput, message);
    match scope {
        Scope::Book => Ok(()),
        Scope::Trash => Err(bad("what is in the trash is deleted already; nothing was changed".to_owned())
            .hint("erase it to get rid of it for good")),
        Scope::List(id) => check_list(shared, id),
    }
}

/// A list that isn't there is 303, an account list 313. It asks the book, which knows before the index does.
pub(super) fn check_list(shared: &Shared, id: ListId) -> Result<()> {
    match shared.reader().lists()?.into_iter().find(|list| list.id == id) {
        None => Err(unknown_list(&id.to_string())),
        Some(list) if list.kind == ListKind::Account => {
            let message = format!("Cannot Edit Account Lists: {} mirrors an account; nothing was changed", list.name);
            Err(EngineError::of(Code::AccountList { list: list.name }, message))
        }
        Some(_) => Ok(()),
    }
}

/// Refuses a list that is a live address book, for what can't be done there.
pub(super) fn check_not_live(shared: &Shared, id: ListId, what: &str) -> Result<()> {
    match shared.reader().list(id)?.filter(|list| list.kind.is_live()) {
        None => Ok(()),
        Some(list) => {
            let said = format!("{} is a live list, which {what}; nothing was changed", list.name);
            Err(EngineError::of(Code::LiveList { list: list.name }, said))
        }
    }
}

/// The error for a list that isn't there.
pub(super) fn unknown_list(name: &str) -> EngineError {
    let said = format!("Unable to Load List: there is no list {name}; nothing was changed");
    EngineError::of(Code::NoList { list: name.to_owned() }, said)
}

fn list_name(shared: &Shared, id: ListId) -> String {
    let found = shared.known().lists.into_iter().find(|list| list.id == id);
    found.map_or_else(|| id.to_string(), |list| list.name)
}

fn page_words(page: Page, sort: &Sort) -> String {
    let first = match (page.offset, page.limit) {
        (0, Some(limit)) => format!("; the first {limit}"),
        (offset, Some(limit)) => format!("; {limit} after the first {offset}"),
        (offset, None) => format!("; without the first {offset}"),
    };
    format!("{first} by {}", sort.words())
}

/// The chosen contacts as they are frozen: those that aren't there (any more, or in this list) take part
/// as gone, so that nobody has to wonder where they are.
fn chosen(shared: &Shared, ids: &[ContactId], scope: Scope, members_too: bool, today: &EvalTime) -> Vec<Selected> {
    let found = shared.index().select_ids(ids, scope, members_too, today);
    let mut found = found.into_iter().peekable();
    ids.iter()
        .map(|id| {
            found.next_if(|item| item.id == *id).unwrap_or(Selected {
                id: *id,
                revision: 0,
                refusal: Some(Refusal::Gone),
                account_list: false,
            })
        })
        .collect()
}

/// Each id once, in the order of their first mention.
pub(super) fn distinct(ids: &[ContactId]) -> Vec<ContactId> {
    let mut seen = HashSet::with_capacity(ids.len());
    ids.iter().copied().filter(|id| seen.insert(*id)).collect()
}

fn warnings(shared: &Shared, plan: &Plan, today: &EvalTime) -> Vec<Warning> {
    let mut out = Vec::new();
    let going: Vec<ContactId> = plan.items.iter().filter(|item| item.refusal.is_none()).map(|item| item.id).collect();
    if let Selection::Query(query) = &plan.request.selection {
        clause_warnings(shared, query, today, &mut out);
    }
    let protected = plan.stay.iter().find(|(refusal, _)| *refusal == Refusal::Protected).map_or(0, |(_, n)| *n);
    if protected > 0 {
        out.push(Warning::Protected(protected));
    }
    let index = shared.index();
    let since = Timestamp(today.now.0 - RECENT_DAYS * DAY);
    let recent = index.active_since(going.iter().copied(), since);
    if recent > 0 {
        out.push(Warning::RecentlyActive(recent));
    }
    let last = index.last_emails(going.iter().copied());
    if last.copied > 0 {
        out.push(Warning::EveryCopy(last.copied, DuplicateKey::Email));
    }
    if let Selection::Query(Query { criteria: Some(criteria), .. }) = &plan.request.selection {
        for by in DuplicateKey::ALL.into_iter().filter(|by| *by != DuplicateKey::Email) {
            let asked = |clause: &&Clause| matches!(clause, Clause::Duplicate { by: wanted, .. } if *wanted == by);
            // Who shares a name with whom says something only where it was asked for.
            let whole = if criteria.clauses().iter().any(asked) { index.whole_groups(&going, by) } else { 0 };
            if whole > 0 {
                out.push(Warning::EveryCopy(whole, by));
            }
        }
    }
    if last.contacts > 0 {
        out.push(Warning::LastWithEmail(last.contacts));
    }
    let sizes = index.counts_by_list();
    let mut by_list: Vec<(ListId, u64)> = index.by_list(going.iter().copied()).into_iter().collect();
    drop(index);
    // The list that is being deleted from is no surprise when all of it goes was asked for: it still is said.
    by_list.sort_unstable_by_key(|(list, goes)| (std::cmp::Reverse(*goes), *list));
    out.extend(
        remote::also_there(shared, &by_list).into_iter().map(|(place, goes)| Warning::Elsewhere { goes, place }),
    );
    for (list, goes) in by_list {
        let of = sizes.get(&list).copied().unwrap_or(0);
        if of >= 10 && goes * 100 >= of * SHARE {
            out.push(Warning::ShareOfList { list, name: list_name(shared, list), goes, of });
        }
    }
    out.sort_by_key(Warning::is_usual);
    out
}

fn clause_warnings(shared: &Shared, query: &Query, today: &EvalTime, out: &mut Vec<Warning>) {
    let (none, closing) = (BTreeSet::new(), || shared.is_closing());
    let criteria = query.criteria.as_ref().unwrap_or(&Criteria::All);
    let page = Page { offset: 0, limit: Some(0) };
    let counted = Query { sort: Sort::default(), page, ..query.clone() };
    let counted = &shared.resolve_at(&counted, today);
    let question = Question { query: counted, columns: &[], excluded: &none, marked: &none };
    let Some(found) = shared.index().search(&question, &closing) else { return };
    if found.of > 1 && found.matches == found.of {
        out.push(Warning::Everything);
    }
    let clauses = criteria.clauses();
    // With one clause alone the total has said it already.
    if clauses.len() > 1 {
        for (at, (clause, count)) in clauses.iter().zip(&found.clauses).enumerate() {
            let words = || one_clause(clause, today);
            if *count == 0 {
                out.push(Warning::ClauseMatchesNothing { at, words: words() });
            } else if *count == found.of {
                out.push(Warning::ClauseMatchesAll { at, words: words() });
            }
        }
    }
    let (fields, words): (Vec<Field>, Vec<String>) = negated_dates(criteria, today).into_iter().unzip();
    let missing = |field| Criteria::Not(Box::new(Criteria::Clause(Clause::Present(field))));
    let each: Vec<_> = fields.into_iter().map(|field| shared.resolve_criteria(&missing(field), today)).collect();
    let question = CountQuestion { within: counted, only: None, excluded: &none, each: &each };
    let missing = shared.index().count_each(&question, &closing).map_or_else(Vec::new, |(_, counts)| counts);
    let dated = words.into_iter().zip(missing).filter(|(_, missing)| *missing > 0);
    out.extend(dated.map(|(words, missing)| Warning::NegatedDate { words, missing }));
}

fn one_clause(clause: &Clause, today: &EvalTime) -> String {
    clause_of_one(clause, false, today)
}

/// The date clauses under a *not*: they take those along whose date is not known.
fn negated_dates(criteria: &Criteria, today: &EvalTime) -> Vec<(Field, String)> {
    fn walk(criteria: &Criteria, negated: bool, today: &EvalTime, out: &mut Vec<(Field, String)>) {
        match criteria {
            Criteria::And(parts) | Criteria::Or(parts) => {
                for part in parts {
                    walk(part, negated, today, out);
                }
            }
            Criteria::Not(inner) => walk(inner, !negated, today, out),
            Criteria::Clause(clause @ Clause::Date { field, .. }) if negated => {
                out.push((field.clone(), format!("not {}", one_clause(clause, today))));
            }
            Criteria::All | Criteria::Clause(_) => {}
        }
    }
    let mut out = Vec::new();
    walk(criteria, false, today, &mut out);
    out
}
