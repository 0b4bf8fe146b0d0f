//! Plans by number: held when they are shown, started once by their number and their count.

use std::sync::Arc;

use super::held::{AnyPlan, HeldPlan, PlanId};
use super::session::Session;
use super::{ApiError, Code, Result, Right, StartOptions};
use crate::domain::contact::{JobId, Timestamp};

/// How long a plan waits to be started.
const WAITS: i64 = 15 * 60 * 1000;

impl Session {
    /// Holds a plan, to be started by its number.
    pub fn hold(&self, plan: AnyPlan) -> Result<Arc<HeldPlan>> {
        let fingerprint = self.engine()?.fingerprint(plan.planned())?;
        let now = self.today().now;
        let made = self.plans.count();
        let id = blake3::hash(format!("{fingerprint} {made} {} {}", now.0, std::process::id()).as_bytes());
        let held = Arc::new(HeldPlan {
            id: PlanId(id.to_hex()[..24].to_owned()),
            plan,
            fingerprint,
            expires: Timestamp(now.0 + WAITS),
            who: self.caller.who.clone(),
        });
        self.plans.put(Arc::clone(&held), now);
        Ok(held)
    }

    /// A plan that this caller holds.
    pub fn held(&self, id: &PlanId) -> Result<Arc<HeldPlan>> {
        let now = self.today().now;
        let found = self.plans.get(id).filter(|held| held.who == self.caller.who && held.expires > now);
        found.ok_or_else(|| gone(id))
    }

    /// Starts a plan that was shown, if it is about so many contacts as were seen; else nothing happens and the plan
    /// stays held. It can be started once.
    pub fn start_held(&self, id: &PlanId, expected: u64, options: &StartOptions) -> Result<JobId> {
        let held = self.held(id)?;
        let found = held.plan.planned().expected();
        if found != expected {
            let said = format!("the plan is about {found} contacts, not {expected}; nothing was changed");
            return Err(ApiError::of(Code::WrongCount { expected, found }, said));
        }
        self.need_to_start(&held.plan)?;
        // Whoever takes it away starts it: of two who start the same plan at once, one is told that it is gone.
        let mine = self.plans.take(&held).ok_or_else(|| gone(id))?;
        self.start_any(&mine.plan, options).inspect_err(|_| self.plans.put(mine, self.today().now))
    }

    /// Forgets a plan.
    pub fn forget(&self, id: &PlanId) -> Result<()> {
        self.plans.take(&self.held(id)?).map(drop).ok_or_else(|| gone(id))
    }

    /// The jobs of programs that a server left unfinished.
    pub fn unfinished(&self) -> Result<Vec<JobId>> {
        self.need_everywhere(Right::Admin)?;
        self.engine()?.unfinished()
    }

    /// Goes on with those of them that no process works at, and leaves the others in the list; with how many.
    pub fn go_on(&self, unfinished: &mut Vec<JobId>) -> Result<usize> {
        self.need_everywhere(Right::Admin)?;
        self.engine()?.go_on(unfinished)
    }

    /// Has the jobs of this process rest because it ends, and notes them for the next server, beside those that were
    /// noted before.
    pub fn leave_unfinished(&self, left: Vec<JobId>) -> Result<Vec<JobId>> {
        self.need_everywhere(Right::Admin)?;
        self.engine()?.leave_unfinished(left)
    }

    /// Whether nothing more comes of a job, or there is none.
    pub fn is_over(&self, id: JobId) -> bool {
        self.engine().and_then(|engine| engine.job(id)).is_ok_and(|view| view.job.status.is_over())
    }

    /// The job that was made for a program's call before this server began, and whose outcome it wasn't told yet.
    pub fn job_of_call(&self, call: blake3::Hash) -> Result<Option<JobId>> {
        self.engine()?.job_of_call(call)
    }

    /// Forgets for which job a call was made, because its outcome is told.
    pub fn forget_call(&self, call: blake3::Hash) -> Result<()> {
        self.engine()?.forget_call(call)
    }

    /// Starts a plan of any kind.
    pub fn start_any(&self, plan: &AnyPlan, options: &StartOptions) -> Result<JobId> {
        self.need_to_start(plan)?;
        match plan {
            AnyPlan::Delete { plan, redoes } => {
                self.engine()?.start_with(plan, &StartOptions { undoes: redoes.or(options.undoes), ..*options })
            }
            AnyPlan::Edit(plan) => self.engine()?.start_edit_with(plan, options),
            AnyPlan::Undo(plan) => self.engine()?.start_undo(plan),
            AnyPlan::Erase(plan) => self.engine()?.erase(plan),
            AnyPlan::Merge(plan) => self.engine()?.merge(plan),
            AnyPlan::Groups(plan) => self.engine()?.start_groups(plan),
        }
    }

    /// Refuses where the caller may not start a plan.
    pub fn need_to_start(&self, plan: &AnyPlan) -> Result<()> {
        self.need(Right::ModifyContacts)?;
        plan.also_needs().map_or(Ok(()), |right| self.need(right))
    }
}

fn gone(id: &PlanId) -> ApiError {
    ApiError::of(Code::NoPlan, format!("there is no plan {} (any more); nothing was changed", id.0))
        .hint("make the plan again")
}
