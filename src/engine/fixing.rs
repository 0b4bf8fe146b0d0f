//! Fixes as suggestions: what is untidy among some contacts, and the edits that would mend it.
//!
//! Called by the faces. What a fix makes of a contact is said in [`crate::domain::fix`]; the plan, the job and the undo are
//! those of any edit. Nothing is changed here.

use std::collections::HashSet;

use super::Engine;
use super::answer::FoundFix;
use super::cancel::Cancel;
use super::error::{EngineError, ErrorKind, Result};
use super::in_order::in_order;
use crate::book::Parts;
use crate::domain::contact::{Contact, ContactId};
use crate::domain::fix::{self, Cell, Fix, FixKind, Suggestion};
use crate::domain::query::{Scope, Selection};

impl Engine {
    /// What fixes of these kinds would change among the contacts that are meant; of spellings those of `only`, where it
    /// names some. Every contact is read, by several threads; `tell` says how many are behind it, of how many.
    pub fn fixes(
        &self,
        selection: &Selection,
        kinds: &[FixKind],
        only: &[String],
        cancel: &Cancel,
        tell: &dyn Fn(u64, u64),
    ) -> Result<Vec<FoundFix>> {
        self.wait_until_loaded()?;
        let scope = selection.scope();
        if scope == Scope::Trash {
            let said = "what is in the trash can't be changed; nothing was looked at";
            return Err(EngineError::new(ErrorKind::BadInput, said).hint("restore it first"));
        }
        let mut found: Vec<FoundFix> = kinds.iter().map(|kind| self.suggested(*kind, scope, only)).collect();
        for value in only {
            if !found.iter().flat_map(|found| &found.spellings).any(|it| it.from == *value) {
                let words: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
                let said = format!(
                    "\u{201c}{value}\u{201d} is not among what {} suggests; nothing was changed",
                    words.join(", ")
                );
                return Err(EngineError::new(ErrorKind::BadInput, said));
            }
        }
        let ids = match selection {
            Selection::Query(query) => self.matching_ids(query)?,
            Selection::Ids { ids, .. } => {
                let mut seen = HashSet::new();
                ids.iter().copied().filter(|id| seen.insert(*id)).collect()
            }
        };
        let fixes: Vec<Option<Fix>> = found.iter().map(|found| found.fix.clone()).collect();
        let changed = |(read, changed): &mut (u64, Vec<Vec<ContactId>>), contact: &Contact| {
            *read += 1;
            changed.resize_with(fixes.len(), Vec::new);
            for (ids, fix) in changed.iter_mut().zip(&fixes) {
                if fix.as_ref().is_some_and(|fix| fix.of(contact) != *contact) {
                    ids.push(contact.id);
                }
            }
        };
        let (mut done, of) = (0, ids.len() as u64);
        tell(0, of);
        in_order::<_, EngineError>(&self.shared.reader(), (&ids, Parts::All), cancel, changed, |(read, changed)| {
            found.iter_mut().zip(changed).for_each(|(found, ids)| found.ids.extend(ids));
            done += read;
            tell(done, of);
            Ok(())
        })?;
        Ok(found)
    }

    /// A kind with what the values of the book suggest; no contact is looked at yet.
    fn suggested(&self, kind: FixKind, scope: Scope, only: &[String]) -> FoundFix {
        let mut spellings = kind.cell().map_or_else(Vec::new, |cell| self.spellings(cell));
        spellings.retain(|it| only.is_empty() || only.contains(&it.from));
        let pairs = || spellings.iter().map(|it| (it.from.clone(), it.to.clone())).collect();
        let fix = match kind {
            FixKind::Blanks => Some(Fix::Blanks),
            FixKind::Case => Some(Fix::Case),
            FixKind::Names => Some(Fix::Names),
            FixKind::Phones => self.home().map(Fix::Phones),
            FixKind::Domains | FixKind::Countries | FixKind::Companies | FixKind::Cities | FixKind::Labels => {
                kind.cell().filter(|_| !spellings.is_empty()).map(|cell| Fix::Replace { cell, pairs: pairs() })
            }
        };
        FoundFix { kind, fix, spellings, scope, ids: Vec::new() }
    }

    /// Which values of the book are spellings of others.
    fn spellings(&self, cell: Cell) -> Vec<Suggestion> {
        let values = self.values(&cell.field(), usize::MAX);
        match cell {
            Cell::Company | Cell::City | Cell::Label => fix::clusters(&values),
            Cell::Country => fix::countries(&values),
            Cell::Domain => fix::slips(&values),
        }
    }
}
