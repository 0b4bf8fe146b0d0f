//! Edits in bulk: a plan of what changes, the job that carries it out, and the plan of its undo.
//!
//! Called by the faces, and by `undoing` where the job that is undone is an edit. What an edit makes of a
//! contact is said in one place, [`crate::domain::edit`].

use std::collections::{HashMap, HashSet};

use super::answer::CountRequest;
use super::error::{Code, EngineError, ErrorKind, Result};
use super::planning::{Frozen, check_list, check_not_live, check_scope};
use super::running_job::Work;
use super::{Cancel, Engine, StartOptions, fingerprint, index_sync};
use crate::book::{Durability, Start};
use crate::domain::contact::{ContactId, JobId, ListId, ListKind};
use crate::domain::criteria::Criteria;
use crate::domain::criteria::build::{self, Operator};
use crate::domain::deletion_rules::Refusal;
use crate::domain::edit::{self, Edit};
use crate::domain::field::{CustomFields, Field};
use crate::domain::fold::fold_case;
use crate::domain::job::Job;
use crate::domain::plans::frozen::stay_of;
use crate::domain::plans::{Clash, EditPlan, EditRequest, Item, PlanRequest, Reverted, UndoPlan, Way};
use crate::domain::query::{Query, Scope, Selection};
use crate::domain::suppression::Unsubscribed;
use crate::engine::jobs;
use crate::index::Selected;

/// Contacts that are read at once.
const PAGE: usize = 5_000;

impl Engine {
    /// Freezes what these edits would change: which contacts, how many are so already, which stay and why.
    pub fn edit_plan(&self, request: EditRequest) -> Result<EditPlan> {
        self.wait_until_loaded()?;
        // What another process wrote a moment ago counts as well.
        index_sync::sync(&self.shared)?;
        self.check_edits(&request)?;
        let EditRequest { selection, excluded, edits: _ } = request.clone();
        let asked = PlanRequest { selection, excluded, members_too: false };
        let mut frozen = self.freeze(&asked, &self.today(), &Cancel::new())?;
        if self.bring_in_step(&frozen.items)? {
            frozen = self.freeze(&asked, &self.today(), &Cancel::new())?;
        }
        let Frozen { items, line, words, excluded } = frozen;
        let (items, already) = self.sort_out(&request.edits, &items)?;
        let lists = self.lists();
        let what: Vec<String> = request.edits.iter().map(|edit| edit.words(&lists)).collect();
        Ok(EditPlan {
            words: format!("{}: {words}", what.join(", ")),
            line,
            stay: stay_of(&items),
            items,
            already,
            excluded,
            retention_days: self.shared.options.retention_days,
            request,
        })
    }

    /// Starts an edit: the plan that was confirmed is what runs. Its number comes back at once.
    pub fn start_edit(&self, plan: &EditPlan) -> Result<JobId> {
        self.start_edit_with(plan, &StartOptions::default())
    }

    /// The same, maybe with nothing to do.
    pub fn start_edit_with(&self, plan: &EditPlan, options: &StartOptions) -> Result<JobId> {
        self.writable()?;
        if plan.will_change() == 0 && !options.may_be_empty {
            return Err(EngineError::new(ErrorKind::BadInput, "there is nothing to change; nothing was changed"));
        }
        self.check_edits(&plan.request)?;
        let hash = fingerprint::of(plan, &self.shared.reader().book_id()?);
        let start = Start { hash: &hash, call: options.call, ..Start::by(&self.who, self.shared.options.clock.now()) };
        let id = self.shared.writer().write_with(Durability::Power, |tx| jobs::create_edit(tx, plan, &start))?;
        self.queue(id, Work::Run(id));
        Ok(id)
    }

    /// The labels that contacts of the book have, by name, with how many have each.
    pub fn labels(&self) -> Result<Vec<(String, u64)>> {
        let names = self.shared.reader().labels()?;
        let each = names.iter().map(|name| having(name)).collect::<Result<Vec<_>>>()?;
        let counts = self.counts(&CountRequest { each, ..CountRequest::default() }, &Cancel::new())?.counts;
        Ok(names.into_iter().zip(counts).filter(|(_, n)| *n > 0).collect())
    }

    /// Gives a label another name; every contact that has it shows it so.
    pub fn rename_label(&self, name: &str, new: &str) -> Result<()> {
        self.writable()?;
        self.known_label(name)?;
        self.check_no_live_card_has(name)?;
        self.shared.writer().write(|tx| tx.rename_label(name, new))?;
        index_sync::sync(&self.shared)
    }

    /// What taking a label from every contact that has it would change.
    pub fn drop_label_plan(&self, name: &str) -> Result<EditPlan> {
        self.known_label(name)?;
        let selection = Selection::Query(Query::matching(having(name)?));
        let edits = vec![Edit::RemoveLabels(vec![name.to_owned()])];
        self.edit_plan(EditRequest { selection, excluded: Vec::new(), edits })
    }

    /// A label is one name for all that have it; what stands in cards elsewhere doesn't change with it.
    fn check_no_live_card_has(&self, label: &str) -> Result<()> {
        for list in self.lists().into_iter().filter(|list| list.kind.is_live()) {
            let within = Query { scope: Scope::List(list.id), ..Query::default() };
            let request = CountRequest { within, each: vec![having(label)?], ..CountRequest::default() };
            if self.counts(&request, &Cancel::new())?.counts.iter().any(|n| *n > 0) {
                let said =
                    format!("the label {label} stands in cards of the live list {}; nothing was changed", list.name);
                return Err(EngineError::of(Code::LiveList { list: list.name }, said)
                    .hint("add the new label, then remove the old one: both change the cards there"));
            }
        }
        Ok(())
    }

    fn known_label(&self, name: &str) -> Result<()> {
        let fold = fold_case(name);
        if self.shared.reader().labels()?.iter().any(|known| fold_case(known) == fold) {
            return Ok(());
        }
        let said = format!("there is no label \u{201c}{name}\u{201d}; nothing was changed");
        Err(EngineError::of(Code::NoLabel { label: name.to_owned() }, said))
    }

    /// Freezes what the undo of an edit, or of the undo of one, takes back; a clash is a contact that was
    /// changed since.
    pub(super) fn revert_plan(&self, job: &Job, as_of: i64) -> Result<UndoPlan> {
        let mut items = self.left_of(job)?;
        let brought: HashSet<ContactId> =
            self.shared.reader().before(job.id)?.iter().filter(|before| before.brought).map(|it| it.contact).collect();
        let ids: Vec<ContactId> = items.iter().map(|item| item.id).collect();
        let today = self.today();
        let stands = |scope| -> HashMap<ContactId, Selected> {
            let found = self.shared.index().select_ids(&ids, scope, false, &today);
            found.into_iter().map(|found| (found.id, found)).collect()
        };
        let (live, trashed) = (stands(Scope::Book), stands(Scope::Trash));
        let by_this: HashSet<ContactId> = self.shared.reader().trashed_by(&[job.id])?.into_iter().collect();
        let mut reverted = Reverted::default();
        let mut changed = Vec::new();
        for item in &mut items {
            item.refusal = match (live.get(&item.id), trashed.get(&item.id)) {
                (Some(now), _) if now.account_list => Some(Refusal::AccountList),
                (Some(now), _) if now.revision != item.revision => {
                    changed.push(item.id);
                    Some(Refusal::Changed)
                }
                (Some(_), _) => {
                    let of = if brought.contains(&item.id) { &mut reverted.added } else { &mut reverted.changed };
                    *of += 1;
                    None
                }
                (None, Some(_)) if by_this.contains(&item.id) => {
                    reverted.trashed += 1;
                    None
                }
                (None, _) => Some(Refusal::Gone),
            };
        }
        let clashes = self.contacts(&changed)?.into_iter().map(|contact| Clash {
            contact: contact.id,
            name: contact.display_name(),
            address: contact.email().to_owned(),
            with: contact.id,
            with_name: "changed since".to_owned(),
            with_revision: contact.revision,
        });
        Ok(UndoPlan {
            undoes: Some(job.id),
            way: Way::Revert(reverted),
            words: format!("undo of job {}", job.id),
            stay: stay_of(&items),
            clashes: clashes.collect(),
            items,
            as_of,
        })
    }

    /// What of an edit is left to undo; what is too old, or undone already, can't be.
    fn left_of(&self, job: &Job) -> Result<Vec<Item>> {
        let left = self.shared.reader().revertible(job.id)?;
        if left.is_empty() {
            let why =
                if job.progress.succeeded == 0 { "it changed nothing" } else { "what it changed is too long ago" };
            let said = format!("job {} can no longer be undone: {why}; nothing was changed", job.id);
            return Err(EngineError::new(ErrorKind::BadInput, said));
        }
        Ok(left)
    }

    /// Refuses edits that can't be carried out, whatever the contact.
    fn check_edits(&self, request: &EditRequest) -> Result<()> {
        if let Some(why) = edit::impossible(&request.edits) {
            return Err(EngineError::new(ErrorKind::BadInput, format!("{why}; nothing was changed")));
        }
        let copies = request.edits.iter().any(|edit| matches!(edit, Edit::Copy(_)));
        match request.selection.scope() {
            // Copying out of an account list changes nothing in it.
            Scope::List(_) if copies => {}
            Scope::Trash => {
                let said = "what is in the trash can't be edited; nothing was changed";
                return Err(EngineError::new(ErrorKind::BadInput, said).hint("restore it first"));
            }
            scope @ (Scope::Book | Scope::List(_)) => check_scope(&self.shared, scope)?,
        }
        request.edits.iter().filter_map(Edit::target).try_for_each(|list| {
            check_list(&self.shared, list)?;
            check_not_live(&self.shared, list, "nothing can be moved or copied into")
        })
    }

    /// The contacts that the job takes up, and how many are so already.
    fn sort_out(&self, edits: &[Edit], found: &[Item]) -> Result<(Vec<Item>, u64)> {
        let lists = self.lists();
        let account: HashSet<ListId> =
            lists.iter().filter(|list| list.kind == ListKind::Account).map(|list| list.id).collect();
        let live: HashSet<ListId> = lists.iter().filter(|list| list.kind.is_live()).map(|list| list.id).collect();
        let copies = edits.iter().any(|edit| matches!(edit, Edit::Copy(_)));
        let moves = edits.iter().any(|edit| matches!(edit, Edit::Move(_)));
        let unsubscribed = self.known_unsubscribers(edits)?;
        let mut already = 0;
        let mut items = Vec::with_capacity(found.len());
        for page in found.chunks(PAGE) {
            let ids: Vec<ContactId> = page.iter().map(|item| item.id).collect();
            let mut contacts = self.contacts(&ids)?.into_iter().peekable();
            for item in page {
                let contact = contacts.next_if(|contact| contact.id == item.id);
                let contact = contact.filter(|_| item.refusal != Some(Refusal::Gone));
                let Some(contact) = contact else {
                    items.push(Item { refusal: Some(Refusal::Gone), ..*item });
                    continue;
                };
                let listed = |email: &str| unsubscribed.as_ref().is_none_or(|all| all.has_spelled(email));
                let refusal = (!copies && account.contains(&contact.list)).then_some(Refusal::AccountList);
                let refusal = refusal.or((moves && live.contains(&contact.list)).then_some(Refusal::Server));
                let so = edit::apply_all(edits, &contact).is_none()
                    && contact.emails.iter().all(|email| listed(&email.value));
                if so && refusal.is_none() {
                    already += 1;
                } else {
                    items.push(Item { id: contact.id, revision: contact.revision, refusal });
                }
            }
        }
        Ok((items, already))
    }

    /// The Unsubscribers, where one of the edits fills them.
    fn known_unsubscribers(&self, edits: &[Edit]) -> Result<Option<Unsubscribed>> {
        if !edits.contains(&Edit::Unsubscribe) {
            return Ok(None);
        }
        Ok(Some(self.shared.reader().unsubscribed()?))
    }
}

/// Whoever has this label.
fn having(label: &str) -> Result<Criteria> {
    build::clause(&Field::Label, Operator::Has, &[label.to_owned()], &CustomFields::default())
        .map_err(|why| EngineError::new(ErrorKind::BadInput, why.message))
}
