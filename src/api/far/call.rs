//! The session's calls as values: what a face on one machine asks of a book that is served on another.
//!
//! Made by the client's half of [`crate::api::Session`], answered by the server's half; each is one call of the
//! session, with its arguments, and its answer is what that call answers. Criteria and orders travel as they are
//! written, so that what comes in is read like anything that is typed. Both ends are of one [`LINE`]: a program of
//! another is told so at once.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::api::held::{Clashes, PlanId};
use crate::api::names::criteria_of_line;
use crate::api::types::{CountRequest, EraseRequest, FailuresRequest, FindRequest, JobView, SearchRequest};
use crate::api::{ApiError, Result, sort_of};
use crate::domain::contact::{Contact, ContactId, JobId, List, ListKind};
use crate::domain::criteria::{Criteria, DuplicateKey};
use crate::domain::edit::Edit;
use crate::domain::field::{CustomFields, Field};
use crate::domain::phone::Country;
use crate::domain::plans::{EditRequest, GroupsRequest, PlanRequest};
use crate::domain::query::{Direction, Page, Query, Scope, Selection};
use crate::domain::syntax;

/// The version of these calls and of what answers them; it rises with every change of one of their shapes.
pub(in crate::api) const LINE: u32 = 1;

/// A call of the session.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "call", content = "with", rename_all = "camelCase")]
pub(in crate::api) enum Call {
    /// What the client has to know of the book and of itself.
    Known {
        /// The client's [`LINE`].
        line: u32,
    },
    /// The book's newest change and its newest jobs.
    Pulse,
    Overview,
    ListCounts,
    Labels,
    Search(AskedSearch),
    Counts(AskedCounts),
    Values(Field, usize),
    Tally(AskedQuery, Field),
    Find(String, AskedQuery, usize),
    Position(AskedQuery, ContactId),
    Ids(AskedQuery),
    Cells(Vec<ContactId>, Vec<Field>),
    ContactsWith(Vec<String>),
    Contact(ContactId),
    Contacts(Vec<ContactId>),
    Trashed(Vec<ContactId>),
    Unsubscribers,
    UnsubscribersToHash,
    PlainUnsubscribers,
    Jobs(usize),
    Job(JobId),
    WhyStopped(JobId),
    Failures(JobId, usize, usize),
    FailuresLike(FailuresRequest),
    FailedIds(FailuresRequest),
    WhoStarted(JobId),
    Report(JobId, u64, u64),
    Log(usize, usize),
    Doctor,
    ServerLines,
    SearchesText,
    LikelyTheSame(ContactId),
    IsUndoOfEdit(JobId),
    Plan(AskedPlan),
    ClearPlan(String),
    RetryPlan(JobId),
    RedoPlan(JobId),
    UndoPlan(JobId),
    RestorePlan(Vec<ContactId>),
    ErasePlan(EraseRequest),
    EditPlan(AskedEdit),
    DropLabelPlan(String),
    MergePlan(Vec<ContactId>, ContactId),
    GroupsPlan(AskedGroups),
    /// Starts a plan that is held by its number; of an undo, with what was decided of its clashes.
    Start {
        plan: PlanId,
        clashes: Option<Clashes>,
        expected: u64,
        rate: Option<NonZeroU32>,
    },
    KeepApart(Vec<ContactId>),
    LetTogether(Vec<ContactId>),
    CreateList(String, ListKind),
    RenameList(String, String),
    DropList(String),
    RenameLabel(String, String),
    SaveSearch(String, String, String),
    DropSearch(String),
    EditContact(Contact, u32),
    AddContact(Contact),
    AddUnsubscribers(Vec<String>, String),
    RemoveUnsubscribers(Vec<String>),
    HashUnsubscribers(u64),
    Pause(JobId),
    Cancel(JobId),
    Resume(JobId),
}

/// What a client has to know of the book and of itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::api) struct Known {
    /// The server's [`LINE`].
    pub(in crate::api) line: u32,
    /// The server's version.
    pub(in crate::api) version: String,
    /// The name of the key.
    pub(in crate::api) who: String,
    /// What it may do, by the words of the scopes.
    pub(in crate::api) rights: String,
    /// What the book is called.
    pub(in crate::api) book: String,
    /// Whether nothing can be written.
    pub(in crate::api) read_only: bool,
    /// How many contacts the index has.
    pub(in crate::api) contacts: u64,
    /// As in which country phones are typed.
    pub(in crate::api) home: Option<Country>,
    /// Where what is erased is kept all the same.
    pub(in crate::api) kept_elsewhere: bool,
    /// The lists.
    pub(in crate::api) lists: Vec<List>,
    /// The custom fields.
    pub(in crate::api) fields: CustomFields,
}

/// A plan and the number that it is held by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::api) struct Shown<P> {
    /// The number.
    pub(in crate::api) id: PlanId,
    /// The plan.
    pub(in crate::api) plan: P,
}

/// What happens at a book that is served.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(in crate::api) struct Pulse {
    /// The book's newest change.
    pub(in crate::api) change: i64,
    /// Its newest jobs, whatever became of them.
    pub(in crate::api) jobs: Vec<JobView>,
}

/// A query as it is written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct AskedQuery {
    line: Option<String>,
    scope: Scope,
    sort: String,
    page: Page,
}

/// A selection as it is written.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::api) enum AskedSelection {
    /// By criteria.
    Query(AskedQuery),
    /// These contacts.
    Ids(Scope, Vec<ContactId>),
}

/// A search.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct AskedSearch {
    query: AskedQuery,
    columns: Vec<Field>,
    marked: BTreeSet<ContactId>,
    excluded: BTreeSet<ContactId>,
}

/// A question for counts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct AskedCounts {
    within: AskedQuery,
    only: Option<BTreeSet<ContactId>>,
    excluded: BTreeSet<ContactId>,
    each: Vec<String>,
}

/// A delete to plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct AskedPlan {
    selection: AskedSelection,
    excluded: Vec<ContactId>,
    members_too: bool,
}

/// An edit to plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct AskedEdit {
    selection: AskedSelection,
    excluded: Vec<ContactId>,
    edits: Vec<Edit>,
}

/// A merge of groups to plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct AskedGroups {
    selection: AskedSelection,
    excluded: Vec<ContactId>,
    by: DuplicateKey,
    keep: BTreeSet<ContactId>,
}

fn read(line: &str, fields: &CustomFields) -> Result<Criteria> {
    criteria_of_line(line, fields)
}

impl Call {
    /// Whether it could change something.
    pub(in crate::api) fn changes(&self) -> bool {
        matches!(
            self,
            Self::Start { .. }
                | Self::KeepApart(_)
                | Self::LetTogether(_)
                | Self::CreateList(..)
                | Self::RenameList(..)
                | Self::DropList(_)
                | Self::RenameLabel(..)
                | Self::SaveSearch(..)
                | Self::DropSearch(_)
                | Self::EditContact(..)
                | Self::AddContact(_)
                | Self::AddUnsubscribers(..)
                | Self::RemoveUnsubscribers(_)
                | Self::HashUnsubscribers(_)
                | Self::Pause(_)
                | Self::Cancel(_)
                | Self::Resume(_)
        )
    }
}

impl AskedQuery {
    /// A query, written down.
    pub(in crate::api) fn new(query: &Query) -> Self {
        let line = query.criteria.as_ref().map(syntax::print);
        Self { line, scope: query.scope, sort: query.sort.to_string(), page: query.page }
    }

    /// The query that it says.
    pub(in crate::api) fn read(&self, fields: &CustomFields) -> Result<Query> {
        Ok(Query {
            criteria: self.line.as_deref().map(|line| read(line, fields)).transpose()?,
            scope: self.scope,
            sort: sort_of(Some(&self.sort), Direction::Ascending, fields)?,
            page: self.page,
        })
    }
}

impl AskedSelection {
    /// A selection, written down.
    pub(in crate::api) fn new(selection: &Selection) -> Self {
        match selection {
            Selection::Query(query) => Self::Query(AskedQuery::new(query)),
            Selection::Ids { scope, ids } => Self::Ids(*scope, ids.clone()),
        }
    }

    fn read(self, fields: &CustomFields) -> Result<Selection> {
        Ok(match self {
            Self::Query(query) => Selection::Query(query.read(fields)?),
            Self::Ids(scope, ids) => Selection::Ids { scope, ids },
        })
    }
}

impl AskedSearch {
    /// A search, written down.
    pub(in crate::api) fn new(request: &SearchRequest) -> Self {
        Self {
            query: AskedQuery::new(&request.query),
            columns: request.columns.clone(),
            marked: (*request.marked).clone(),
            excluded: (*request.excluded).clone(),
        }
    }

    /// The search that it says.
    pub(in crate::api) fn read(self, fields: &CustomFields) -> Result<SearchRequest> {
        let (marked, excluded) = (Arc::new(self.marked), Arc::new(self.excluded));
        Ok(SearchRequest { query: self.query.read(fields)?, columns: self.columns, marked, excluded })
    }
}

impl AskedCounts {
    /// A question for counts, written down.
    pub(in crate::api) fn new(request: &CountRequest) -> Self {
        Self {
            within: AskedQuery::new(&request.within),
            only: request.only.as_deref().cloned(),
            excluded: (*request.excluded).clone(),
            each: request.each.iter().map(syntax::print).collect(),
        }
    }

    /// The question that it says.
    pub(in crate::api) fn read(self, fields: &CustomFields) -> Result<CountRequest> {
        Ok(CountRequest {
            within: self.within.read(fields)?,
            only: self.only.map(Arc::new),
            excluded: Arc::new(self.excluded),
            each: self.each.iter().map(|line| read(line, fields)).collect::<Result<_>>()?,
        })
    }
}

impl AskedPlan {
    /// What to plan, written down.
    pub(in crate::api) fn new(request: &PlanRequest) -> Self {
        let (excluded, members_too) = (request.excluded.clone(), request.members_too);
        Self { selection: AskedSelection::new(&request.selection), excluded, members_too }
    }

    /// What to plan.
    pub(in crate::api) fn read(self, fields: &CustomFields) -> Result<PlanRequest> {
        let Self { selection, excluded, members_too } = self;
        Ok(PlanRequest { selection: selection.read(fields)?, excluded, members_too })
    }
}

impl AskedEdit {
    /// What to edit, written down.
    pub(in crate::api) fn new(request: &EditRequest) -> Self {
        let (excluded, edits) = (request.excluded.clone(), request.edits.clone());
        Self { selection: AskedSelection::new(&request.selection), excluded, edits }
    }

    /// What to edit; a value that its field can't have is refused as if it had been typed.
    pub(in crate::api) fn read(self, fields: &CustomFields) -> Result<EditRequest> {
        let Self { selection, excluded, edits } = self;
        let bad = |why| ApiError::new(crate::api::ErrorKind::BadInput, format!("{why}; nothing was changed"));
        let again = |edit| match edit {
            Edit::Set(values) => {
                let again = |value: crate::domain::edit::Assignment| {
                    crate::domain::edit::Assignment::new(&value.field, &value.value, fields).map_err(bad)
                };
                values.into_iter().map(again).collect::<Result<Vec<_>>>().map(Edit::Set)
            }
            other => Ok(other),
        };
        let edits = edits.into_iter().map(again).collect::<Result<Vec<_>>>()?;
        Ok(EditRequest { selection: selection.read(fields)?, excluded, edits })
    }
}

impl AskedGroups {
    /// What to merge, written down.
    pub(in crate::api) fn new(request: &GroupsRequest) -> Self {
        let GroupsRequest { selection, excluded, by, keep } = request.clone();
        Self { selection: AskedSelection::new(&selection), excluded, by, keep }
    }

    /// What to merge.
    pub(in crate::api) fn read(self, fields: &CustomFields) -> Result<GroupsRequest> {
        let Self { selection, excluded, by, keep } = self;
        Ok(GroupsRequest { selection: selection.read(fields)?, excluded, by, keep })
    }
}

/// A query for what a person could find by a few letters.
pub(in crate::api) fn find(request: &FindRequest) -> Call {
    Call::Find(request.pattern.clone(), AskedQuery::new(&request.within), request.limit)
}
