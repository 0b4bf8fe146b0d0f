//! Plans as files: what one person saved, a second one or a scheduled run applies.
//!
//! The file is one JSON object, described in `assets/json.md`. It holds the plan as it was frozen, the book
//! that it was made of, and its fingerprint; who changes anything that decides what is deleted makes it
//! another plan, which is refused. What was changed in the book since is left alone by the job itself.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::atomic_file::{Overwrite, not_written, save_file};
use super::error::{Code, EngineError, ErrorKind, Result};
use super::planning::check_scope;
use super::{Engine, fingerprint};
use crate::domain::contact::{ContactId, ListId};
use crate::domain::deletion_rules::Refusal;
use crate::domain::plans::{Item, Plan, PlanRequest};
use crate::domain::query::{Query, Scope, Selection};
use crate::domain::syntax;

const FORMAT: &str = "cardfile plan";
const VERSION: u32 = 1;

/// The file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    format: String,
    version: u32,
    hash: String,
    book: String,
    criteria: String,
    words: String,
    resolved_at: String,
    time_zone: Option<String>,
    list_id: Option<i64>,
    members_too: bool,
    excluded: u64,
    retention_days: u32,
    matches: u64,
    will_delete: u64,
    will_stay: BTreeMap<String, u64>,
    /// Number, revision, and why it stays.
    contacts: Vec<(i64, u32, Option<String>)>,
}

impl Engine {
    /// Writes a plan as a file: 0600, whole or not at all, never over another file.
    pub fn save_plan(&self, plan: &Plan, path: &Path) -> Result<()> {
        let book = self.shared.reader().book_id()?;
        let today = self.today();
        let mut will_stay = BTreeMap::new();
        for (refusal, n) in &plan.stay {
            *will_stay.entry(refusal.code().as_str().to_owned()).or_insert(0) += n;
        }
        let resolved_at = jiff::Timestamp::from_millisecond(today.now.0).map(|at| at.to_string()).unwrap_or_default();
        let file = File {
            format: FORMAT.to_owned(),
            version: VERSION,
            hash: fingerprint::of(plan, &book),
            book,
            criteria: plan.line.clone(),
            words: plan.words.clone(),
            resolved_at,
            time_zone: today.zone.iana_name().map(str::to_owned),
            list_id: match plan.request.selection.scope() {
                Scope::List(list) => Some(list.0),
                Scope::Book | Scope::Trash => None,
            },
            members_too: plan.request.members_too,
            excluded: plan.excluded,
            retention_days: plan.retention_days,
            matches: plan.matches(),
            will_delete: plan.will_delete(),
            will_stay,
            contacts: plan
                .items
                .iter()
                .map(|item| (item.id.0, item.revision, item.refusal.map(|refusal| refusal.word().to_owned())))
                .collect(),
        };
        save_file(path, Overwrite::Refuse, |out| {
            let fail = |why: &std::io::Error| not_written(path, why);
            serde_json::to_writer(&mut *out, &file).map_err(|why| fail(&why.into()))?;
            out.write_all(b"\n").map_err(|why| fail(&why))
        })
    }

    /// Reads a plan back. It is refused as stale where it was changed, was made of another book, or fits no
    /// more at all: its list is gone, or none of the contacts that were to go is as it was.
    pub fn load_plan(&self, path: &Path) -> Result<Plan> {
        self.wait_until_loaded()?;
        let shown = path.display();
        let text = std::fs::read(path).map_err(|why| {
            EngineError::new(ErrorKind::BadInput, format!("{shown} can't be read ({why}); nothing was changed"))
        })?;
        let file: File = serde_json::from_slice(&text).map_err(|why| {
            EngineError::new(ErrorKind::BadInput, format!("{shown} is no saved plan ({why}); nothing was changed"))
        })?;
        if file.format != FORMAT || file.version != VERSION {
            let message = format!("{shown} is no plan that this cardfile knows; nothing was changed");
            return Err(EngineError::new(ErrorKind::BadInput, message));
        }
        if file.book != self.shared.reader().book_id()? {
            return Err(stale(&format!("{shown} was made of another book")));
        }
        let hash = file.hash.clone();
        let totals = (file.matches, file.will_delete);
        let plan = self.plan_in(file).ok_or_else(|| stale(&format!("{shown} was changed since it was saved")))?;
        if fingerprint::of(&plan, &self.shared.reader().book_id()?) != hash
            || totals != (plan.matches(), plan.will_delete())
        {
            return Err(stale(&format!("{shown} was changed since it was saved")));
        }
        check_scope(&self.shared, plan.request.selection.scope())
            .map_err(|error| EngineError { code: Code::Stale, ..error })?;
        let unchanged = self.as_planned(&plan);
        if plan.will_delete() > 0 && unchanged == 0 {
            return Err(stale(&format!("{shown} fits no more: none of the contacts that were to go is as it was")));
        }
        Ok(plan)
    }

    /// How many of those that a plan lets go are still as they were.
    pub fn as_planned(&self, plan: &Plan) -> u64 {
        let going: Vec<ContactId> =
            plan.items.iter().filter(|item| item.refusal.is_none()).map(|item| item.id).collect();
        let scope = plan.request.selection.scope();
        let found = self.shared.index().select_ids(&going, scope, plan.request.members_too, &self.today());
        let mut found = found.into_iter().peekable();
        let same = |item: &&Item| {
            found
                .next_if(|now| now.id == item.id)
                .is_some_and(|now| now.revision == item.revision && now.refusal.is_none())
        };
        plan.items.iter().filter(|item| item.refusal.is_none()).filter(same).count() as u64
    }

    /// The plan that a file holds; none where its parts make no sense.
    fn plan_in(&self, file: File) -> Option<Plan> {
        let mut stay: BTreeMap<Refusal, u64> = BTreeMap::new();
        let mut items = Vec::with_capacity(file.contacts.len());
        for (id, revision, word) in file.contacts {
            let refusal = match word {
                None => None,
                Some(word) => Some(Refusal::ALL.into_iter().find(|refusal| refusal.word() == word)?),
            };
            if let Some(refusal) = refusal {
                *stay.entry(refusal).or_default() += 1;
            }
            items.push(Item { id: ContactId(id), revision, refusal });
        }
        // The criteria are for the history: what is deleted are these contacts and no others.
        let scope = file.list_id.map_or(Scope::Book, |list| Scope::List(ListId(list)));
        let selection = match syntax::parse(&file.criteria, &self.vocabulary()) {
            Ok(parsed) if !file.criteria.is_empty() => {
                Selection::Query(Query { scope, ..Query::matching(parsed.criteria) })
            }
            Ok(_) | Err(_) => Selection::Ids { scope, ids: items.iter().map(|item| item.id).collect() },
        };
        Some(Plan {
            request: PlanRequest { selection, excluded: Vec::new(), members_too: file.members_too },
            line: file.criteria,
            words: file.words,
            items,
            excluded: file.excluded,
            stay: stay.into_iter().collect(),
            warnings: Vec::new(),
            retention_days: file.retention_days,
            as_of: None,
        })
    }
}

fn stale(message: &str) -> EngineError {
    EngineError::of(Code::StalePlanFile, format!("{message}; nothing was changed"))
}
