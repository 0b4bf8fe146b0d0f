//! Plans: what a job would do, frozen, and the job that is started of one. What was shown is what runs.

use std::collections::BTreeSet;

use super::far::call::{AskedEdit, AskedGroups, AskedPlan, Call};
use super::held::{AnyPlan, Clashes};
use super::request::{EditOf, PlanOf};
use super::selection::Which;
use super::types::{EraseRequest, FoundFix};
use super::{ApiError, Cancel, ErrorKind, Result, Right, Session, StartOptions};
use crate::domain::contact::{ContactId, JobId};
use crate::domain::criteria::Criteria;
use crate::domain::edit::{Assignment, Edit};
use crate::domain::fix::FixKind;
use crate::domain::plans::{
    EditPlan, EditRequest, ErasePlan, GroupsPlan, GroupsRequest, MergePlan, Plan, PlanRequest, UndoPlan,
};
use crate::domain::query::Selection;

impl Session {
    /// What a delete would take up.
    pub fn plan(&self, request: PlanRequest) -> Result<Plan> {
        if let Some(far) = self.far() {
            return far.plan(&Call::Plan(AskedPlan::new(&request)));
        }
        self.need(Right::Read)?;
        let selection = self.selection_within(request.selection)?;
        self.engine()?.plan(PlanRequest { selection, ..request })
    }

    /// What clearing a list would take up.
    pub fn clear_plan(&self, list: &str) -> Result<Plan> {
        if let Some(far) = self.far() {
            return far.plan(&Call::ClearPlan(list.to_owned()));
        }
        self.need(Right::Read)?;
        self.may_enter(self.list_named(list)?.id)?;
        self.engine()?.clear_plan(list)
    }

    /// What a job could not delete, as it is now.
    pub fn retry_plan(&self, id: JobId) -> Result<Plan> {
        if let Some(far) = self.far() {
            return far.plan(&Call::RetryPlan(id));
        }
        self.need_job(Right::Read, id)?;
        self.engine()?.retry_plan(id)
    }

    /// What an undo brought back, to be deleted again.
    pub fn redo_plan(&self, undo: JobId) -> Result<Plan> {
        if let Some(far) = self.far() {
            return far.plan(&Call::RedoPlan(undo));
        }
        self.need_job(Right::Read, undo)?;
        self.engine()?.redo_plan(undo)
    }

    /// Whether a job is the undo of an edit, so that its undo does the edit again.
    pub fn is_undo_of_edit(&self, id: JobId) -> Result<bool> {
        if let Some(far) = self.far() {
            return far.ask(&Call::IsUndoOfEdit(id));
        }
        self.need_job(Right::ReadJobs, id)?;
        self.engine()?.is_undo_of_edit(id)
    }

    /// What an undo of a job would do.
    pub fn undo_plan(&self, id: JobId) -> Result<UndoPlan> {
        if let Some(far) = self.far() {
            return far.undo_plan(&Call::UndoPlan(id));
        }
        self.need_job(Right::Read, id)?;
        self.engine()?.undo_plan(id)
    }

    /// What a restore of these contacts of the trash would do.
    pub fn restore_plan(&self, ids: &[ContactId]) -> Result<UndoPlan> {
        if let Some(far) = self.far() {
            return far.undo_plan(&Call::RestorePlan(ids.to_vec()));
        }
        self.need(Right::Read)?;
        self.may_touch(ids)?;
        self.engine()?.restore_plan(ids)
    }

    /// What an erase would remove for good.
    pub fn erase_plan(&self, request: &EraseRequest) -> Result<ErasePlan> {
        if let Some(far) = self.far() {
            return far.plan(&Call::ErasePlan(request.clone()));
        }
        self.need_everywhere(Right::Read)?;
        self.engine()?.erase_plan(request)
    }

    /// What these edits would change.
    pub fn edit_plan(&self, request: EditRequest) -> Result<EditPlan> {
        if let Some(far) = self.far() {
            return far.plan(&Call::EditPlan(AskedEdit::new(&request)));
        }
        self.need(Right::Read)?;
        request.edits.iter().filter_map(Edit::target).try_for_each(|list| self.may_enter(list))?;
        let selection = self.selection_within(request.selection)?;
        self.engine()?.edit_plan(EditRequest { selection, ..request })
    }

    /// What taking a label from every contact that has it would change.
    pub fn drop_label_plan(&self, name: &str) -> Result<EditPlan> {
        if let Some(far) = self.far() {
            return far.plan(&Call::DropLabelPlan(name.to_owned()));
        }
        self.need_everywhere(Right::Read)?;
        self.engine()?.drop_label_plan(name)
    }

    /// What merging these cards into one of them would make.
    pub fn merge_plan(&self, ids: &[ContactId], keep: ContactId) -> Result<MergePlan> {
        if let Some(far) = self.far() {
            return far.plan(&Call::MergePlan(ids.to_vec(), keep));
        }
        self.need(Right::Read)?;
        self.may_touch(ids)?;
        self.may_touch(&[keep])?;
        self.engine()?.merge_plan(ids, keep)
    }

    /// What merging the groups among these contacts would make; at a book that is served it can't be stopped.
    pub fn groups_plan(&self, request: GroupsRequest, cancel: &Cancel) -> Result<GroupsPlan> {
        if let Some(far) = self.far() {
            return far.plan(&Call::GroupsPlan(AskedGroups::new(&request)));
        }
        self.need(Right::Read)?;
        let selection = self.selection_within(request.selection)?;
        self.engine()?.groups_plan(GroupsRequest { selection, ..request }, cancel)
    }

    /// What merging the duplicates that are meant would make; the criteria have to say by what they are the same.
    pub fn groups_plan_of(&self, which: &Which) -> Result<GroupsPlan> {
        let selection = self.selection_of(which)?;
        let by = match &selection {
            Selection::Query(query) => query.criteria.as_ref().and_then(Criteria::groups_by),
            Selection::Ids { .. } => None,
        };
        let Some(by) = by else {
            let said = "these criteria don't say by what contacts are the same; nothing was changed";
            let hint = "ask for one of duplicate:email, duplicate:phone, duplicate:name, duplicate:name+birthday and \
                        duplicate:likely, alone or with further clauses";
            return Err(ApiError::new(ErrorKind::BadInput, said).hint(hint));
        };
        let request = GroupsRequest { selection, excluded: which.excluded.clone(), by, keep: BTreeSet::new() };
        self.groups_plan(request, &Cancel::new())
    }

    /// Starts a delete: the plan that was confirmed is what runs.
    pub fn start_with(&self, plan: &Plan, options: &StartOptions) -> Result<JobId> {
        if let Some(far) = self.far() {
            return far.start(plan, options.rate);
        }
        self.need(Right::ModifyContacts)?;
        if plan.request.members_too {
            self.need(Right::DeleteMembers)?;
        }
        self.engine()?.start_with(plan, options)
    }

    /// Starts an undo or a restore, whose clashes are decided.
    pub fn start_undo(&self, plan: &UndoPlan) -> Result<JobId> {
        if let Some(far) = self.far() {
            return far.start(plan, None);
        }
        self.need(Right::ModifyContacts)?;
        self.engine()?.start_undo(plan)
    }

    /// Undoes a job, whatever clashes.
    pub fn undo(&self, id: JobId) -> Result<JobId> {
        self.need_job(Right::ModifyContacts, id)?;
        self.engine()?.undo(id)
    }

    /// Starts an edit.
    pub fn start_edit(&self, plan: &EditPlan) -> Result<JobId> {
        if let Some(far) = self.far() {
            return far.start(plan, None);
        }
        self.need(Right::ModifyContacts)?;
        self.engine()?.start_edit(plan)
    }

    /// Starts an erase.
    pub fn erase(&self, plan: &ErasePlan) -> Result<JobId> {
        if let Some(far) = self.far() {
            return far.start(plan, None);
        }
        self.need_everywhere(Right::Admin)?;
        self.engine()?.erase(plan)
    }

    /// Carries a merge out.
    pub fn merge(&self, plan: &MergePlan) -> Result<JobId> {
        if let Some(far) = self.far() {
            return far.start(plan, None);
        }
        self.need(Right::ModifyContacts)?;
        self.engine()?.merge(plan)
    }

    /// Which contacts are likely the same as this one, itself among them; none where nobody is.
    pub fn likely_the_same(&self, id: ContactId) -> Result<Vec<ContactId>> {
        if let Some(far) = self.far() {
            return far.ask(&Call::LikelyTheSame(id));
        }
        self.need_everywhere(Right::Read)?;
        self.engine()?.likely_the_same(id)
    }

    /// What fixes of these kinds would change among the contacts that are meant, of spellings those of `only` where it
    /// names some; see [`crate::domain::fix`]. `tell` says how many are looked at, of how many.
    pub fn fixes(
        &self,
        selection: &Selection,
        kinds: &[FixKind],
        only: &[String],
        cancel: &Cancel,
        tell: &dyn Fn(u64, u64),
    ) -> Result<Vec<FoundFix>> {
        // Which spelling is the usual one is known by the values of the whole book.
        self.need_everywhere(Right::Read)?;
        self.engine()?.fixes(selection, kinds, only, cancel, tell)
    }

    /// Starts a merge of groups.
    pub fn start_groups(&self, plan: &GroupsPlan) -> Result<JobId> {
        if let Some(far) = self.far() {
            return far.start(plan, None);
        }
        self.need(Right::ModifyContacts)?;
        self.engine()?.start_groups(plan)
    }

    /// Notes for good that no two of these contacts are the same.
    pub fn keep_apart(&self, ids: &[ContactId]) -> Result<()> {
        if let Some(far) = self.far() {
            return far.ask(&Call::KeepApart(ids.to_vec()));
        }
        self.need(Right::ModifyContacts)?;
        self.may_touch(ids)?;
        self.engine()?.keep_apart(ids)
    }

    /// Takes that back.
    pub fn let_together(&self, ids: &[ContactId]) -> Result<()> {
        if let Some(far) = self.far() {
            return far.ask(&Call::LetTogether(ids.to_vec()));
        }
        self.need(Right::ModifyContacts)?;
        self.may_touch(ids)?;
        self.engine()?.let_together(ids)
    }

    /// Makes a plan of what was said.
    pub fn make_plan(&self, what: PlanOf) -> Result<AnyPlan> {
        let delete = |plan| AnyPlan::Delete { plan, redoes: None };
        Ok(match what {
            PlanOf::Delete { which, delete_members } => {
                let selection = self.selection_of(&which)?;
                let excluded = which.excluded;
                delete(self.plan(PlanRequest { selection, excluded, members_too: delete_members })?)
            }
            PlanOf::Clear { list } => delete(self.clear_plan(&list)?),
            PlanOf::Retry { id } => delete(self.retry_plan(id)?),
            PlanOf::Redo { id } => AnyPlan::Delete { plan: self.redo_plan(id)?, redoes: Some(id) },
            PlanOf::Undo { id, clashes } => AnyPlan::Undo(decided(self.undo_plan(id)?, clashes)),
            PlanOf::Restore { ids, clashes } => AnyPlan::Undo(decided(self.restore_plan(&ids)?, clashes)),
            PlanOf::Erase { ids, older_than_days, all } => {
                let request = match (older_than_days, all, ids.is_empty()) {
                    (Some(days), false, true) => EraseRequest::OlderThan(days),
                    (None, true, true) => EraseRequest::All,
                    (None, false, false) => EraseRequest::Ids(ids),
                    _ => {
                        let said = "say what to erase by one of ids, olderThanDays and all; nothing was changed";
                        return Err(ApiError::new(ErrorKind::BadInput, said));
                    }
                };
                AnyPlan::Erase(self.erase_plan(&request)?)
            }
            PlanOf::Edit { which, edits } => AnyPlan::Edit(self.edit_plan_of(&which, edits)?),
            PlanOf::Merge { ids, keep } => {
                let said = || ApiError::new(ErrorKind::BadInput, "no contact was named; nothing was changed");
                let keep = keep.or_else(|| ids.first().copied()).ok_or_else(said)?;
                AnyPlan::Merge(Box::new(self.merge_plan(&ids, keep)?))
            }
            PlanOf::MergeGroups { which } => AnyPlan::Groups(Box::new(self.groups_plan_of(&which)?)),
        })
    }

    /// What these edits would change, whose lists are named.
    pub fn edit_plan_of(&self, which: &Which, edits: Vec<EditOf>) -> Result<EditPlan> {
        let selection = self.selection_of(which)?;
        let edits = edits.into_iter().map(|edit| self.edit_of(edit)).collect::<Result<Vec<_>>>()?;
        self.edit_plan(EditRequest { selection, excluded: which.excluded.clone(), edits })
    }

    /// An edit whose lists are named.
    fn edit_of(&self, edit: EditOf) -> Result<Edit> {
        Ok(match edit {
            EditOf::AddLabels(names) => Edit::AddLabels(names),
            EditOf::RemoveLabels(names) => Edit::RemoveLabels(names),
            EditOf::Move(list) => Edit::Move(self.list_named(&list)?.id),
            EditOf::Copy(list) => Edit::Copy(self.list_named(&list)?.id),
            EditOf::Protect => Edit::Protect,
            EditOf::Unprotect => Edit::Unprotect,
            EditOf::Unsubscribe => Edit::Unsubscribe,
            EditOf::Set(values) => {
                let vocabulary = self.vocabulary();
                let assign = |(field, value): &(String, String)| {
                    Assignment::new(field, value, &vocabulary)
                        .map_err(|why| ApiError::new(ErrorKind::BadInput, format!("{why}; nothing was changed")))
                };
                Edit::Set(values.iter().map(assign).collect::<Result<Vec<_>>>()?)
            }
        })
    }
}

pub(super) fn decided(plan: UndoPlan, clashes: Option<Clashes>) -> UndoPlan {
    match clashes {
        None => plan,
        Some(Clashes::Restore) => plan.accepting_clashes(),
        Some(Clashes::Leave) => plan.leaving_clashes(),
    }
}
