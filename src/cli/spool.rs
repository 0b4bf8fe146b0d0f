//! What can be read but once, put into a file for the time of an import.

use std::io;
use std::path::{Path, PathBuf};

use super::exit::Failure;
use crate::api::not_written;

/// What the standard input is called where it is a file.
const STDIN: &str = "standard-input";

/// Puts the standard input, and every pipe among the files, into a file that only its owner can read and that goes
/// away with the answer: an import reads its files more than once, and a pipe gives what it has but once.
pub(super) fn spool(files: &mut [PathBuf]) -> Result<Option<tempfile::TempDir>, Failure> {
    if files.iter().filter(|path| path.as_path() == Path::new("-")).count() > 1 {
        return Err(Failure::bad_input("- stands for the standard input, which can be read only once").into());
    }
    let mut folder = None;
    for (at, path) in files.iter_mut().enumerate() {
        let is_stdin = path.as_path() == Path::new("-");
        let is_pipe = || std::fs::metadata(&*path).is_ok_and(|meta| !meta.is_file() && !meta.is_dir());
        if !is_stdin && !is_pipe() {
            continue;
        }
        let name = path.file_name().filter(|_| !is_stdin).map_or_else(|| STDIN.into(), std::ffi::OsStr::to_os_string);
        let source = std::mem::take(path);
        if folder.is_none() {
            // The folder is 0700.
            folder = Some(tempfile::Builder::new().prefix("cardfile-").tempdir()?);
        }
        let Some(all) = &folder else { continue };
        let own = all.path().join(at.to_string());
        std::fs::create_dir(&own)?;
        *path = own.join(name);
        let fail = |why: io::Error| Failure::from(not_written(path, &why));
        let mut file = std::fs::File::create_new(&*path).map_err(fail)?;
        if is_stdin {
            io::copy(&mut io::stdin().lock(), &mut file).map_err(fail)?;
        } else {
            let unread = |why: io::Error| Failure::bad_input(format!("{} can't be read ({why})", source.display()));
            let mut pipe = std::fs::File::open(&source).map_err(unread)?;
            io::copy(&mut pipe, &mut file).map_err(fail)?;
        }
    }
    Ok(folder)
}
