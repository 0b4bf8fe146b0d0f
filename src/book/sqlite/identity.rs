//! Which file it is that a path leads to: its device and its number there.
//!
//! Called by `connection`, when a book is opened and before each write.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::book::error::BookError;

/// Device and number of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity(u64, u64);

impl Identity {
    pub(super) fn of(path: &Path) -> Result<Self, BookError> {
        let found = fs::metadata(path).map_err(|error| BookError::io(path, error))?;
        Ok(Self(found.dev(), found.ino()))
    }
}

/// Makes sure that this path still leads to this file.
pub(super) fn in_place(path: &Path, file: Identity) -> Result<(), BookError> {
    match Identity::of(path) {
        Ok(found) if found == file => Ok(()),
        Ok(_) | Err(BookError::Missing(_)) => Err(BookError::Replaced(path.to_owned())),
        Err(error) => Err(error),
    }
}
