//! Files that the engine or a face writes for the user: whole or not at all, for the owner alone, and never
//! over another file unasked.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

use super::error::{Code, EngineError, ErrorKind, Result};

/// What happens where the file is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overwrite {
    /// It stays, and that is an error.
    #[default]
    Refuse,
    /// It is replaced, as a whole.
    Replace,
}

/// Where a file is being written.
pub type FileWriter = BufWriter<tempfile::NamedTempFile>;

/// Writes a file that appears whole or not at all, mode 0600; an error of `write` leaves nothing behind.
pub fn save_file<E: From<EngineError>>(
    path: &Path,
    overwrite: Overwrite,
    write: impl FnOnce(&mut FileWriter) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    if overwrite == Overwrite::Refuse && std::fs::symlink_metadata(path).is_ok() {
        return Err(there_already(path).into());
    }
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // Beside its place, so that moving it there is one step; tempfile makes it 0600.
    let file = tempfile::Builder::new().prefix(".cardfile-").tempfile_in(folder).map_err(|why| failed(path, &why))?;
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    put_in_place(out, path, folder, overwrite).map_err(E::from)
}

fn put_in_place(out: FileWriter, path: &Path, folder: &Path, overwrite: Overwrite) -> Result<()> {
    let fail = |why: &io::Error| failed(path, why);
    let file = out.into_inner().map_err(|why| fail(why.error()))?;
    file.as_file().sync_all().map_err(|why| fail(&why))?;
    let placed = match overwrite {
        Overwrite::Refuse => file.persist_noclobber(path),
        Overwrite::Replace => file.persist(path),
    };
    match placed {
        Ok(_) => {}
        Err(why) if why.error.kind() == io::ErrorKind::AlreadyExists => return Err(there_already(path)),
        Err(why) => return Err(fail(&why.error)),
    }
    // The name survives a power cut once its folder is on the disk; some file systems can't be asked to.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Turns an error of writing into one that names the file.
pub fn not_written(path: &Path, why: &io::Error) -> EngineError {
    failed(path, why)
}

fn there_already(path: &Path) -> EngineError {
    EngineError::of(Code::FileIsThere, format!("{} is there already; nothing was written", path.display()))
}

fn failed(path: &Path, why: &io::Error) -> EngineError {
    EngineError::new(ErrorKind::Storage, format!("{} can't be written ({why}); nothing was changed", path.display()))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_appears_whole_for_its_owner_alone_and_never_over_another_unasked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let put = |text: &'static str, overwrite| {
            save_file(&path, overwrite, |out| out.write_all(text.as_bytes()).map_err(|why| not_written(&path, &why)))
        };
        put("one", Overwrite::Refuse).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(put("two", Overwrite::Refuse).unwrap_err().kind(), ErrorKind::BadInput);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
        put("three", Overwrite::Replace).unwrap();
        let broken = save_file(&path, Overwrite::Replace, |out| {
            out.write_all(b"half").unwrap();
            Err(EngineError::new(ErrorKind::Storage, "no more"))
        });
        assert!(broken.is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "three");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");
    }
}
