//! What an export is asked, as plain values. Nothing here does anything.

use crate::formats::Loss;

/// What came of an export.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportAnswer {
    /// Contacts written.
    pub written: u64,
    /// What the format has no place for, those kinds that hurt most first, with how many contacts lose it.
    pub left_out: Vec<(Loss, u64)>,
}
