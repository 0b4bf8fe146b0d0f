//! Suggestions of fixes: what is untidy, as plain values.

use crate::domain::contact::ContactId;
use crate::domain::edit::Edit;
use crate::domain::fix::{Fix, FixKind, Suggestion};
use crate::domain::plans::EditRequest;
use crate::domain::query::{Scope, Selection};

/// What one kind of fix would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFix {
    /// The kind.
    pub kind: FixKind,
    /// What mends it; none: it can't be told as in which country phones are typed.
    pub fix: Option<Fix>,
    /// The spellings that it replaces, the most frequent first.
    pub spellings: Vec<Suggestion>,
    /// Where the contacts lie.
    pub scope: Scope,
    /// The contacts that it would change, in the order in which they were asked for.
    pub ids: Vec<ContactId>,
}

impl FoundFix {
    /// The edit that mends it; none: there is nothing to mend.
    pub fn request(&self) -> Option<EditRequest> {
        let fix = self.fix.clone().filter(|_| !self.ids.is_empty())?;
        let selection = Selection::Ids { scope: self.scope, ids: self.ids.clone() };
        Some(EditRequest { selection, excluded: Vec::new(), edits: vec![Edit::Fix(fix)] })
    }
}
