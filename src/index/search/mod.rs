//! Questions: a count and a page for the screen, all that match for a plan.

pub(in crate::index) mod cache;
mod cells;
pub(in crate::index) mod clashes;
pub(in crate::index) mod duplicates;
mod evaluate;
mod grouping;
mod likely;
pub(in crate::index) mod order;
pub(in crate::index) mod patch;
pub(in crate::index) mod refusal_counts;
pub(in crate::index) mod stats;
pub(in crate::index) mod tally;
pub(in crate::index) mod unsubscribers;

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::domain::contact::{ContactId, ListKind};
use crate::domain::criteria::{DuplicateKey, EvalTime, Node, Resolved};
use crate::domain::deletion_rules::Refusal;
use crate::domain::field::Field;
use crate::domain::query::{Direction, Page, Query, ResolvedQuery, Scope, Sort};
use crate::index::Index;
use crate::index::bitmap::Bitmap;
use crate::index::text::text_arena::Cancel;
use duplicates::Groups;
use order::{Base, Order, fold_key};
use patch::patched;
use refusal_counts::RefusalRows;

/// A question for counts and a page.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Which contacts.
    pub query: &'a ResolvedQuery,
    /// What the rows are to show.
    pub columns: &'a [Field],
    /// Contacts excluded by hand.
    pub excluded: &'a BTreeSet<ContactId>,
    /// Contacts marked by the user.
    pub marked: &'a BTreeSet<ContactId>,
}

/// A question for many counts.
#[derive(Debug, Clone, Copy)]
pub struct CountQuestion<'a> {
    /// Among these.
    pub within: &'a ResolvedQuery,
    /// Of those only these; none: all of them.
    pub only: Option<&'a BTreeSet<ContactId>>,
    /// But not these.
    pub excluded: &'a BTreeSet<ContactId>,
    /// What to count, each by itself.
    pub each: &'a [Arc<Resolved>],
}

/// The answer to a [`Question`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// How many contacts the scope has.
    pub of: u64,
    /// How many match.
    pub matches: u64,
    /// How many each clause matches alone, in the scope, in the order of the resolved tests.
    pub clauses: Vec<u64>,
    /// How many of the matches would go; what is excluded is left out.
    pub go: u64,
    /// How many would stay, by reason, in the order of the rules; what is excluded is left out.
    pub stay: Vec<(Refusal, u64)>,
    /// How many of the excluded ones match.
    pub excluded: u64,
    /// How many of the marked ones match.
    pub marked: u64,
    /// The page.
    pub rows: Vec<FoundRow>,
}

/// A contact of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRow {
    /// The contact.
    pub id: ContactId,
    /// The columns that were asked for, as raw values.
    pub cells: Vec<String>,
    /// Why it would stay; none: it would go.
    pub refusal: Option<Refusal>,
}

/// A contact of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selected {
    /// The contact.
    pub id: ContactId,
    /// Its revision.
    pub revision: u32,
    /// Why it would stay; none: it would go.
    pub refusal: Option<Refusal>,
    /// Whether its list is an account list.
    pub account_list: bool,
}

impl Index {
    /// Answers a question. `cancel` is asked between pieces of work; none: it was cancelled.
    pub fn search(&self, question: &Question<'_>, cancel: Cancel<'_>) -> Option<Found> {
        let ResolvedQuery { query: Query { scope, sort, page, .. }, resolved: _, today } = question.query;
        let in_scope = self.scope(*scope);
        let tests = self.tests(question.query, cancel)?;
        let clauses = tests.iter().map(|rows| rows.count_and(&in_scope)).collect();
        let matching = self.matching(question.query, &tests, &in_scope);
        let matches = matching.count();
        let excluded: Bitmap = self.ids.rows_of(question.excluded.iter().copied()).collect();
        let marked: Bitmap = self.ids.rows_of(question.marked.iter().copied()).collect();
        let mut taken = matching.clone();
        taken.minus(&excluded);
        let billing = self.billing_valid(today.now);
        let (go, stay) = self.reasons().count(taken, &billing.rows, false);
        let page = self.page(&matching, matches, sort, *page, cancel)?;
        let rows = page.into_iter().map(|row| FoundRow {
            id: self.ids.id(row),
            cells: question.columns.iter().map(|field| self.cell(row, field, today)).collect(),
            refusal: self.refusal(row, &billing.rows, false),
        });
        Some(Found {
            of: in_scope.count(),
            matches,
            clauses,
            go,
            stay,
            excluded: excluded.count_and(&matching),
            marked: marked.count_and(&matching),
            rows: rows.collect(),
        })
    }

    /// What a plan takes up, in order. None: it was cancelled.
    pub fn select(&self, query: &ResolvedQuery, members_too: bool, cancel: Cancel<'_>) -> Option<Vec<Selected>> {
        let matching = self.all(query, cancel)?;
        let billing = self.billing_valid(query.today.now);
        let rows = self.page(&matching, matching.count(), &query.query.sort, query.query.page, cancel)?;
        let selected = rows.into_iter().map(|row| self.selected(row, &billing.rows, members_too));
        Some(selected.collect())
    }

    /// How many of what a query finds match each of some criteria as well, and how many it finds: one question
    /// for many counts. Its page doesn't count. None: it was cancelled.
    pub fn count_each(&self, question: &CountQuestion<'_>, cancel: Cancel<'_>) -> Option<(u64, Vec<u64>)> {
        let CountQuestion { within, only, excluded, each } = question;
        let mut of = self.all(within, cancel)?;
        if let Some(only) = only {
            of.and(&self.ids.rows_of(only.iter().copied()).collect());
        }
        if !excluded.is_empty() {
            of.minus(&self.ids.rows_of(excluded.iter().copied()).collect());
        }
        let count = |resolved: &Arc<Resolved>| {
            let tests = self.clauses(resolved, within.today.now, cancel)?;
            Some(match (&resolved.root, tests.as_slice()) {
                (Node::Test(_), [rows]) => rows.count_and(&of),
                (root, tests) => self.combine(root, tests).count_and(&of),
            })
        };
        Some((of.count(), each.iter().map(count).collect::<Option<_>>()?))
    }

    /// The given contacts as a plan takes them up, in the order given; those not in the scope are left out.
    pub fn select_ids(&self, ids: &[ContactId], scope: Scope, members_too: bool, today: &EvalTime) -> Vec<Selected> {
        let in_scope = self.scope(scope);
        let billing = self.billing_valid(today.now);
        let rows = ids.iter().filter_map(|id| self.ids.row(*id)).filter(|row| in_scope.has(*row));
        rows.map(|row| self.selected(row, &billing.rows, members_too)).collect()
    }

    /// Works out the order by a field, so that the first question for it finds it there.
    pub fn prepare(&self, field: &Field, cancel: Cancel<'_>) {
        let _ = self.order(field, cancel);
    }

    /// Everything that matches, whatever the page. None: it was cancelled.
    pub(in crate::index) fn all(&self, query: &ResolvedQuery, cancel: Cancel<'_>) -> Option<Bitmap> {
        Some(self.matching(query, &self.tests(query, cancel)?, &self.scope(query.query.scope)))
    }

    /// The rows of each test, wherever they are.
    fn tests(&self, query: &ResolvedQuery, cancel: Cancel<'_>) -> Option<Vec<Arc<Bitmap>>> {
        let clauses = |resolved: &Arc<Resolved>| self.clauses(resolved, query.today.now, cancel);
        query.resolved.as_ref().map_or(Some(Vec::new()), clauses)
    }

    fn matching(&self, query: &ResolvedQuery, tests: &[Arc<Bitmap>], in_scope: &Bitmap) -> Bitmap {
        match &query.resolved {
            None => in_scope.clone(),
            Some(criteria) => {
                let mut matching = self.combine(&criteria.root, tests);
                matching.and(in_scope);
                matching
            }
        }
    }

    fn selected(&self, row: u32, billing: &Bitmap, members_too: bool) -> Selected {
        Selected {
            id: self.ids.id(row),
            revision: self.columns.revision.get(row),
            refusal: self.refusal(row, billing, members_too),
            account_list: self.is_in_account_list(row),
        }
    }

    fn is_in_account_list(&self, row: u32) -> bool {
        let list = &self.columns.profile.get(row).list;
        self.lists.get(list).is_some_and(|list| list.kind == ListKind::Account)
    }

    fn refusal(&self, row: u32, billing: &Bitmap, members_too: bool) -> Option<Refusal> {
        let profile = self.columns.profile.get(row);
        profile.standing(billing.has(row), self.is_in_account_list(row)).refusal(members_too)
    }

    fn reasons(&self) -> Arc<RefusalRows> {
        self.kept.reasons(
            self.versions,
            |_| true,
            || {
                RefusalRows::of(&self.columns, self.ids.len(), |list| {
                    self.lists.get(&list).is_some_and(|list| list.kind == ListKind::Account)
                })
            },
        )
    }

    /// Who shares this with whom; none where it was cancelled, which is asked of those alone that take long.
    pub(in crate::index) fn groups(&self, by: DuplicateKey, cancel: Cancel<'_>) -> Option<Arc<Groups>> {
        let live = self.scope(Scope::Book);
        self.kept.groups(self.versions, by, cancel, || match by {
            DuplicateKey::Likely => {
                let rows: Vec<u32> = live.iter().collect();
                let pairs = self.likely_pairs(&rows, cancel)?;
                Some(Groups::likely(&rows, pairs, &self.columns, &self.ids, &self.apart))
            }
            exact => Some(Groups::among(&live, (exact, self.home()), &self.columns, &self.ids, &self.apart)),
        })
    }

    fn order(&self, field: &Field, cancel: Cancel<'_>) -> Option<Arc<Order>> {
        self.kept.order(self.versions, self.changed.end(), field, |known| {
            if let Some(known) = known
                && let Some(changed) = self.changed.since(known.changes)
                && let Some(patched) = patched(&known.order, field, &self.columns, &self.ids, changed)
            {
                return Some(Arc::new(patched));
            }
            let by_id = self.ids.by_id();
            let base = Base::new(&self.ids, by_id.as_deref());
            let list_text = |row| self.lists.get(&self.columns.profile.get(row).list).map(|list| fold_key(&list.name));
            Order::by(field, &self.columns, base, &list_text, cancel).map(Arc::new)
        })
    }

    /// The rows of a page of the matches in an order.
    fn page(&self, matching: &Bitmap, matches: u64, sort: &Sort, page: Page, cancel: Cancel<'_>) -> Option<Vec<u32>> {
        let left = (matches as usize).saturating_sub(page.offset);
        let wanted = page.limit.map_or(left, |limit| limit.min(left));
        let mut out = Vec::with_capacity(wanted);
        if wanted == 0 {
            return Some(out);
        }
        if sort.is_by_id() && self.ids.by_id().is_none() {
            out.extend(matching.iter().skip(page.offset).take(wanted));
            return Some(out);
        }
        let mut skip = page.offset;
        let (first, others) = sort.split();
        let order = self.order(&first.field, cancel)?;
        if others.is_empty() {
            order.walk(first.direction, |row| {
                if matching.has(row) {
                    if skip > 0 {
                        skip -= 1;
                    } else {
                        out.push(row);
                        if out.len() == wanted {
                            return ControlFlow::Break(());
                        }
                    }
                }
                ControlFlow::Continue(())
            });
            return Some(out);
        }
        let orders: Vec<(Arc<Order>, Direction)> =
            others.iter().map(|key| Some((self.order(&key.field, cancel)?, key.direction))).collect::<Option<_>>()?;
        let then: Vec<_> = orders.iter().map(|(order, direction)| order.place(*direction)).collect();
        let mut alike = Vec::new();
        order.walk_groups(first.direction, |rows| {
            alike.clear();
            alike.extend(rows.iter().copied().filter(|row| matching.has(*row)));
            if alike.len() <= skip {
                skip -= alike.len();
                return ControlFlow::Continue(());
            }
            // They stand by rising id, which a stable sort leaves where all keys are equal.
            alike.sort_by(|a, b| {
                let keys = then.iter().map(|place| place(*a).cmp(&place(*b)));
                keys.fold(Ordering::Equal, Ordering::then)
            });
            out.extend(alike.iter().skip(skip).take(wanted - out.len()));
            skip = 0;
            if out.len() == wanted { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if cancel() { None } else { Some(out) }
    }
}
