//! Merging many groups: the plan of what becomes one, the job that carries it out, and who is never to be merged.
//!
//! Called by the faces. Who shares what is asked of the index; by which rule a card is kept is said in
//! [`crate::domain::plans::groups`], what it becomes in [`crate::domain::merge`].

use std::collections::{HashMap, HashSet};

use super::cancel::Cancel;
use super::error::{EngineError, ErrorKind, Result};
use super::planning::{Frozen, check_scope};
use super::query::cancelled;
use super::running_job::Work;
use super::{Engine, fingerprint, index_sync};
use crate::book::{Durability, Start};
use crate::domain::contact::{ContactId, JobId, ListId};
use crate::domain::deletion_rules::Refusal;
use crate::domain::job::JobType;
use crate::domain::plans::frozen::stay_of;
use crate::domain::plans::groups::{Candidate, LeftOut, arrange};
use crate::domain::plans::{GroupsPlan, GroupsRequest, Item, PlanRequest};
use crate::engine::jobs;

/// A job that took up more contacts than this is not looked through for the one card that it kept.
const MOST_OF_A_GROUP: u64 = 100;

impl Engine {
    /// Freezes what merging the duplicates among these contacts would make: which groups become one card, which
    /// card each keeps, who goes, who stays and why. Comparing those that are likely the same takes long, and can be
    /// stopped.
    pub fn groups_plan(&self, request: GroupsRequest, cancel: &Cancel) -> Result<GroupsPlan> {
        self.wait_until_loaded()?;
        // What another process wrote a moment ago counts as well.
        index_sync::sync(&self.shared)?;
        check_scope(&self.shared, request.selection.scope())?;
        let GroupsRequest { selection, excluded, by, keep } = request.clone();
        let asked = PlanRequest { selection, excluded, members_too: false };
        let Frozen { items: found, line, words, excluded: _ } = self.freeze(&asked, &self.today(), cancel)?;
        let mut found: Vec<Item> = found.into_iter().filter(|item| item.refusal != Some(Refusal::Gone)).collect();
        let ids: Vec<ContactId> = found.iter().map(|item| item.id).collect();
        self.leave_live(&mut found, &ids);
        let stops = || cancel.is_cancelled() || self.shared.is_closing();
        let groups = self.shared.index().duplicates_among(&ids, by, &stops).ok_or_else(cancelled)?;
        let apart = self.shared.reader().apart()?;
        let mut left = LeftOut::default();
        let (mut items, mut sizes) = (Vec::new(), Vec::new());
        for group in groups {
            let candidate = |at: usize| {
                let Item { id, revision, refusal } = found[at];
                Candidate { id, revision, refusal }
            };
            let cards: Vec<Candidate> = group.into_iter().map(candidate).collect();
            if let Some(group) = arrange(&cards, &keep, &apart, &mut left) {
                sizes.push(group.len() as u32);
                items.extend(group);
            }
        }
        let mut plan = GroupsPlan {
            words: format!("merge of those with {}: {words}", by.words()),
            line,
            stay: stay_of(&items),
            items,
            sizes,
            left,
            elsewhere: 0,
            retention_days: self.shared.options.retention_days,
            home: self.home(),
            request,
        };
        plan.elsewhere = self.elsewhere(&plan);
        Ok(plan)
    }

    /// Starts a merge of groups: the plan that was confirmed is what runs. Its number comes back at once.
    pub fn start_groups(&self, plan: &GroupsPlan) -> Result<JobId> {
        self.writable()?;
        if plan.will_go() == 0 {
            return Err(EngineError::new(ErrorKind::BadInput, "there is nothing to merge; nothing was changed"));
        }
        check_scope(&self.shared, plan.request.selection.scope())?;
        let hash = fingerprint::of(plan, &self.shared.reader().book_id()?);
        let start = Start { hash: &hash, ..Start::by(&self.who, self.shared.options.clock.now()) };
        let id = self.shared.writer().write_with(Durability::Power, |tx| jobs::create_merge(tx, plan, &start))?;
        self.queue(id, Work::Run(id));
        Ok(id)
    }

    /// The card that a merge of one group kept; none where the job was something else, or merged several.
    pub fn kept_by_merge(&self, job: JobId) -> Result<Option<ContactId>> {
        let known = self.job(job)?.job;
        if known.kind != JobType::Edit || known.progress.total > MOST_OF_A_GROUP {
            return Ok(None);
        }
        let before = self.shared.reader().before(job)?;
        let mut changed = before.iter().filter(|before| !before.brought).map(|before| before.contact);
        Ok(changed.next().filter(|_| changed.next().is_none()))
    }

    /// Which contacts are likely the same as this one, itself among them; none where nobody is.
    pub fn likely_the_same(&self, id: ContactId) -> Result<Vec<ContactId>> {
        self.wait_until_loaded()?;
        Ok(self.shared.index().likely_the_same(id))
    }

    /// Notes for good that no two of these contacts are the same: no merge of groups takes them together.
    pub fn keep_apart(&self, ids: &[ContactId]) -> Result<()> {
        self.writable()?;
        self.shared.writer().write(|tx| tx.keep_apart(ids))?;
        index_sync::sync(&self.shared)
    }

    /// Takes that back.
    pub fn let_together(&self, ids: &[ContactId]) -> Result<()> {
        self.writable()?;
        self.shared.writer().write(|tx| tx.let_together(ids))?;
        index_sync::sync(&self.shared)
    }

    /// What lives elsewhere takes no part: a group is changed in one step, here and nowhere else.
    fn leave_live(&self, found: &mut [Item], ids: &[ContactId]) {
        let live: HashSet<ListId> =
            self.lists().into_iter().filter(|list| list.kind.is_live()).map(|list| list.id).collect();
        if live.is_empty() {
            return;
        }
        let lists: HashMap<ContactId, ListId> = self.shared.index().lists_of(ids).into_iter().collect();
        for item in found.iter_mut().filter(|item| lists.get(&item.id).is_some_and(|list| live.contains(list))) {
            item.refusal = Some(Refusal::AccountList);
        }
    }

    /// How many go out of another list than the one that their kept card is in.
    fn elsewhere(&self, plan: &GroupsPlan) -> u64 {
        let ids: Vec<ContactId> = plan.items.iter().map(|item| item.id).collect();
        let lists: HashMap<ContactId, ListId> = self.shared.index().lists_of(&ids).into_iter().collect();
        let of_group = |(kept, others): (&Item, &[Item])| {
            let home = lists.get(&kept.id);
            let leaves = |item: &&Item| item.refusal.is_none() && lists.get(&item.id) != home;
            others.iter().filter(leaves).count() as u64
        };
        plan.groups().map(of_group).sum()
    }
}
