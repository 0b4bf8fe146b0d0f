//! The records that could not be read, saved as they stand in their files, so that they can be mended and
//! imported again.
//!
//! Called by the job and by dry runs. Records that can't stand in one file (other formats, headers or encodings) go
//! into files of their own. Those of a file that is converted as a whole (UTF-16) are UTF-8 behind its mark, which
//! counts for more than any encoding that is asked for when it is imported again. A file appears whole, mode 0600,
//! and never over another.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::read::Source;
use crate::engine::answer::FailedFile;
use crate::engine::atomic_file::{FileWriter, not_written};
use crate::engine::error::{EngineError, ErrorKind, Result};

/// Files that are being written.
pub(in crate::engine) struct RejectFiles {
    path: PathBuf,
    files: Vec<(Arc<Source>, FileWriter)>,
    not_saved: u64,
}

impl RejectFiles {
    /// Makes sure that the file isn't there and can be.
    pub(in crate::engine) fn check(path: &Path) -> Result<()> {
        if std::fs::symlink_metadata(path).is_ok() {
            let said = format!("{} is there already; nothing was changed", path.display());
            return Err(EngineError::new(ErrorKind::BadInput, said).hint("choose another name for the failed records"));
        }
        let folder = folder(path);
        match std::fs::metadata(folder) {
            Ok(meta) if meta.is_dir() => Ok(()),
            Ok(_) | Err(_) => {
                let said = format!("{} is no folder to save the failed records in", folder.display());
                Err(EngineError::new(ErrorKind::BadInput, format!("{said}; nothing was changed")))
            }
        }
    }

    /// Nothing yet: a file is only made for a record.
    pub(in crate::engine) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), files: Vec::new(), not_saved: 0 }
    }

    /// Saves a record.
    pub(in crate::engine) fn put(&mut self, source: &Arc<Source>, raw: &[u8]) -> Result<()> {
        if raw.is_empty() {
            self.not_saved += 1;
            return Ok(());
        }
        let fail = |why: std::io::Error| not_written(&self.path, &why);
        let same = |known: &Source| {
            known.format == source.format && known.head == source.head && known.encoding == source.encoding
        };
        let at = self.files.iter().position(|(known, _)| same(known)).unwrap_or(self.files.len());
        if at == self.files.len() {
            let file = tempfile::Builder::new().prefix(".cardfile-").tempfile_in(folder(&self.path)).map_err(fail)?;
            let mut file = FileWriter::new(file);
            if source.is_converted {
                file.write_all("\u{feff}".as_bytes()).map_err(fail)?;
            }
            if !source.head.is_empty() {
                file.write_all(&source.head).and_then(|()| file.write_all(b"\n")).map_err(fail)?;
            }
            self.files.push((Arc::clone(source), file));
        }
        let file = &mut self.files[at].1;
        file.write_all(raw).and_then(|()| file.write_all(b"\n")).map_err(fail)
    }

    /// Puts the files in their places, under names that are free: which they are, and how many records are
    /// in none.
    pub(in crate::engine) fn finish(self) -> Result<(Vec<FailedFile>, u64)> {
        let mut placed = Vec::new();
        let mut number = 1;
        for (source, file) in self.files {
            let fail = |why: std::io::Error| not_written(&self.path, &why);
            let mut file = file.into_inner().map_err(|why| fail(why.into_error()))?;
            file.as_file().sync_all().map_err(fail)?;
            loop {
                let path = numbered(&self.path, number);
                number += 1;
                match file.persist_noclobber(&path) {
                    Ok(_) => {
                        placed.push(FailedFile { path, encoding: source.encoding });
                        break;
                    }
                    Err(why) if why.error.kind() == std::io::ErrorKind::AlreadyExists => file = why.file,
                    Err(why) => return Err(fail(why.error)),
                }
            }
        }
        if let (false, Ok(folder)) = (placed.is_empty(), File::open(folder(&self.path))) {
            // The names survive a power cut once the folder is on the disk; some file systems can't be asked to.
            let _ = folder.sync_all();
        }
        Ok((placed, self.not_saved))
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}

/// The path, or one beside it: `bad.csv`, `bad-2.csv`, ...
fn numbered(path: &Path, number: u32) -> PathBuf {
    if number == 1 {
        return path.to_owned();
    }
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}
