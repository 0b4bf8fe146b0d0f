//! What an export is asked, as plain values. Nothing here does anything.

use crate::domain::criteria::Criteria;
use crate::domain::query::{Page, Scope, Sort};
use crate::formats::Loss;

/// Which contacts to write.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportRequest {
    /// The criteria; none: every contact of the scope.
    pub criteria: Option<Criteria>,
    /// Where to look.
    pub scope: Scope,
    /// In which order.
    pub sort: Sort,
    /// Which of the ordered ones.
    pub page: Page,
}

/// What came of an export.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportAnswer {
    /// Contacts written.
    pub written: u64,
    /// What the format has no place for, those kinds that hurt most first, with how many contacts lose it.
    pub left_out: Vec<(Loss, u64)>,
}
