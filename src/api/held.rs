//! Plans that were shown and wait to be started, by number: what a face at the other end of a line has in place of
//! the plan itself.
//!
//! A plan belongs to whoever made it, and goes when it is started, forgotten, too old, or pushed out by newer
//! ones. Its number is not to be guessed, and is never used again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::Right;
use crate::domain::contact::{JobId, Timestamp};
use crate::domain::plans::{EditPlan, ErasePlan, GroupsPlan, MergePlan, Plan, Planned, UndoPlan};

/// The most plans that wait.
const MOST: usize = 256;
/// The most contacts of plans that wait: some 160 MB.
const MOST_CONTACTS: usize = 10_000_000;

/// A held plan's number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanId(pub String);

/// What becomes of contacts that clash with what came since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Clashes {
    /// They come back as well.
    Restore,
    /// They stay as they are.
    Leave,
}

/// A plan of any kind.
#[derive(Debug, Clone)]
pub enum AnyPlan {
    /// Contacts go to the trash.
    Delete {
        /// The plan.
        plan: Plan,
        /// The undo that it does again; none: it is no redo.
        redoes: Option<JobId>,
    },
    /// Contacts are changed.
    Edit(EditPlan),
    /// A job is undone, or contacts of the trash are restored.
    Undo(UndoPlan),
    /// Contacts of the trash are removed for good.
    Erase(ErasePlan),
    /// Contacts become one.
    Merge(Box<MergePlan>),
    /// Groups of contacts become one each.
    Groups(Box<GroupsPlan>),
}

/// A plan that waits to be started.
#[derive(Debug, Clone)]
pub struct HeldPlan {
    /// Its number.
    pub id: PlanId,
    /// The plan.
    pub plan: AnyPlan,
    /// What tells it from every other: the fingerprint that its job will have.
    pub fingerprint: String,
    /// Until when it waits.
    pub expires: Timestamp,
    pub(super) who: String,
}

/// The plans of a book that wait, of all callers.
#[derive(Debug, Default)]
pub(super) struct Plans {
    held: Mutex<Vec<Arc<HeldPlan>>>,
    made: AtomicU64,
    /// Held while it is looked whether a contact is known and it is added: two that are equal are not both new.
    adding: Mutex<()>,
}

impl AnyPlan {
    /// What all plans have.
    pub fn planned(&self) -> &dyn Planned {
        match self {
            Self::Delete { plan, .. } => plan,
            Self::Edit(plan) => plan,
            Self::Undo(plan) => plan,
            Self::Erase(plan) => plan,
            Self::Merge(plan) => plan.as_ref(),
            Self::Groups(plan) => plan.as_ref(),
        }
    }

    /// The right that starting it needs, besides changing contacts.
    pub(super) fn also_needs(&self) -> Option<Right> {
        match self {
            Self::Delete { plan, .. } if plan.request.members_too => Some(Right::DeleteMembers),
            Self::Erase(_) => Some(Right::Admin),
            Self::Delete { .. } | Self::Edit(_) | Self::Undo(_) | Self::Merge(_) | Self::Groups(_) => None,
        }
    }
}

impl Plans {
    /// The turn of whoever adds a contact that must not be known.
    pub(super) fn adding(&self) -> MutexGuard<'_, ()> {
        self.adding.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many plans were held before this one.
    pub(super) fn count(&self) -> u64 {
        self.made.fetch_add(1, Ordering::Relaxed)
    }

    /// Holds one more; those that waited too long go, and the oldest where there are too many.
    pub(super) fn put(&self, held: Arc<HeldPlan>, now: Timestamp) {
        let mut plans = self.lock();
        plans.retain(|known| known.expires > now);
        plans.push(held);
        let size = |plans: &[Arc<HeldPlan>]| plans.iter().map(|it| it.plan.planned().items().len()).sum::<usize>();
        // The newest stays whatever its size.
        while plans.len() > 1 && (plans.len() > MOST || size(&plans) > MOST_CONTACTS) {
            plans.remove(0);
        }
    }

    /// The plan of this number.
    pub(super) fn get(&self, id: &PlanId) -> Option<Arc<HeldPlan>> {
        self.lock().iter().find(|held| held.id == *id).cloned()
    }

    /// Takes a plan away; none: somebody else was first.
    pub(super) fn take(&self, held: &Arc<HeldPlan>) -> Option<Arc<HeldPlan>> {
        let mut plans = self.lock();
        let at = plans.iter().position(|known| Arc::ptr_eq(known, held));
        at.map(|at| plans.remove(at))
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<HeldPlan>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
