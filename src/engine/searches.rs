//! Saved searches as a text file: written for the user, read back as a whole or not at all.

use std::path::Path;

use super::atomic_file::{Overwrite, not_written, save_file};
use super::error::{EngineError, ErrorKind, Result};
use super::{Engine, index_sync};
use crate::book::{BookError, Search};
use crate::domain::fold::fold_case;
use crate::domain::syntax;
use crate::formats::{read_searches, write_searches};

/// What an import of saved searches did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchesTaken {
    /// How many were saved.
    pub saved: u64,
    /// Those whose names were there already: replaced where that was asked for, else left as they are.
    pub known: Vec<String>,
}

/// The longest file of saved searches that is read.
const MOST: u64 = 16 << 20;

impl Engine {
    /// The saved searches of the book as text, by name; those that are built in are not among them.
    pub fn searches_text(&self) -> Result<String> {
        let all = self.shared.reader().searches()?;
        Ok(write_searches(all.iter().map(|one| (one.name.as_str(), one.line.as_str(), one.note.as_str()))))
    }

    /// Writes the saved searches as a file; answers how many.
    pub fn export_searches(&self, path: &Path, overwrite: Overwrite) -> Result<u64> {
        let (text, n) = (self.searches_text()?, self.shared.reader().searches()?.len());
        save_file(path, overwrite, |out| {
            std::io::Write::write_all(out, text.as_bytes()).map_err(|why| not_written(path, &why))
        })?;
        Ok(n as u64)
    }

    /// Saves the searches of a file. A wrong one leaves the book as it is, and so does a line that can't be
    /// read here; what is there already is replaced only where `known` says so.
    pub fn import_searches(&self, path: &Path, known: Overwrite) -> Result<SearchesTaken> {
        self.writable()?;
        let shown = path.display();
        let refused = |message: String| EngineError::new(ErrorKind::BadInput, format!("{message}; nothing was saved"));
        let unreadable = |why: &std::io::Error| refused(format!("{shown} can't be read ({why})"));
        if std::fs::metadata(path).map_err(|why| unreadable(&why))?.len() > MOST {
            return Err(refused(format!("{shown} is too long for a file of saved searches")));
        }
        let text = std::fs::read_to_string(path).map_err(|why| unreadable(&why))?;
        let entries = read_searches(&text).map_err(|error| refused(format!("{shown}, {error}")))?;
        let vocabulary = self.vocabulary();
        for entry in &entries {
            if let Err(error) = syntax::parse(&entry.line, &vocabulary) {
                let column = entry.place.column + error.column - 1;
                let message = format!("{shown}, line {}, column {column}: {}", entry.place.line, error.message);
                let refused = refused(message);
                return Err(match error.hint {
                    Some(hint) => refused.hint(hint),
                    None => refused,
                });
            }
        }
        let taken = self.shared.writer().write(|tx| {
            let there: Vec<String> = tx.searches()?.iter().map(|one| fold_case(&one.name).into_owned()).collect();
            let mut taken = SearchesTaken::default();
            for entry in &entries {
                let is_known = there.iter().any(|name| *name == fold_case(&entry.name));
                if is_known {
                    taken.known.push(entry.name.clone());
                }
                if !is_known || known == Overwrite::Replace {
                    tx.save_search(&Search {
                        name: entry.name.clone(),
                        line: entry.line.clone(),
                        note: entry.note.trim().to_owned(),
                    })?;
                    taken.saved += 1;
                }
            }
            Ok::<SearchesTaken, BookError>(taken)
        })?;
        index_sync::sync(&self.shared)?;
        Ok(taken)
    }
}
