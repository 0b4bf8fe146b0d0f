//! An import's request as the book keeps it, and whether its files are still the same.
//!
//! Called when an import is tried, started and resumed. It reads no more of a file than its head.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read as _;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::read::unreadable;
use crate::engine::answer::ImportRequest;
use crate::engine::error::{EngineError, ErrorKind, Result};

/// How much of a file's beginning is compared, in bytes.
const HEAD: u64 = 64 * 1024;

/// A request with what its files looked like when it was made.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::engine) struct RequestRecord {
    request: ImportRequest,
    files: Vec<Looks>,
}

/// What a file looked like.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Looks {
    path: Name,
    size: u64,
    /// When it was changed, in seconds and nanoseconds.
    changed: (i64, i64),
    /// The hash of its first bytes; none: it is no file that could be read twice.
    head: Option<String>,
}

/// A path, which need not be text.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Name {
    Text(String),
    Bytes(Vec<u8>),
}

impl RequestRecord {
    /// Looks at the files of a request, which must all be there.
    pub(in crate::engine) fn of(request: ImportRequest) -> Result<Self> {
        let files = request.files.iter().map(|path| Looks::of(path)).collect::<Result<_>>()?;
        Ok(Self { request, files })
    }

    /// The text that the book keeps.
    pub(in crate::engine) fn text(&self) -> Result<String> {
        serde_json::to_string(self)
            .map_err(|why| EngineError::new(ErrorKind::Storage, format!("the import can't be kept ({why})")))
    }

    /// Reads what [`RequestRecord::text`] wrote.
    pub(in crate::engine) fn read(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|why| {
            EngineError::new(ErrorKind::Storage, format!("what the import was asked is damaged ({why})"))
        })
    }

    /// A hash of what the files look like.
    pub(in crate::engine) fn fingerprint(&self) -> Result<String> {
        let looks = serde_json::to_vec(&self.files)
            .map_err(|why| EngineError::new(ErrorKind::Storage, format!("the files can't be told apart ({why})")))?;
        Ok(blake3::hash(&looks).to_hex().to_string())
    }

    /// The request, its files by their whole paths.
    pub(in crate::engine) fn request(&self) -> ImportRequest {
        ImportRequest { files: self.files.iter().map(|file| file.path.path()).collect(), ..self.request.clone() }
    }

    /// The size of all files.
    pub(in crate::engine) fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// Makes sure that every file is the one that was begun with.
    pub(in crate::engine) fn check(&self) -> Result<()> {
        for before in &self.files {
            let path = before.path.path();
            let refused = |why: &str| {
                EngineError::new(ErrorKind::Stale, format!("{} {why}; nothing was changed", path.display()))
                    .hint("what was read of it stays in the book; undo the job, or cancel it and import the file anew")
            };
            if before.head.is_none() {
                return Err(refused("is no regular file: what was read of it can't be read again"));
            }
            let now = Looks::of(&path).map_err(|_| refused("is gone, or can't be read any more"))?;
            if now != *before {
                return Err(refused("was changed since the import began"));
            }
        }
        Ok(())
    }
}

impl Looks {
    fn of(path: &Path) -> Result<Self> {
        let fail = |why: std::io::Error| unreadable(path, &why);
        let file = File::open(path).map_err(fail)?;
        let meta = file.metadata().map_err(fail)?;
        if meta.is_dir() {
            return Err(unreadable(path, &std::io::ErrorKind::IsADirectory.into()));
        }
        let whole = std::path::absolute(path).map_err(fail)?;
        let name = match whole.into_os_string().into_string() {
            Ok(text) => Name::Text(text),
            Err(other) => Name::Bytes(other.as_bytes().to_vec()),
        };
        let changed = (meta.mtime(), meta.mtime_nsec());
        if !meta.is_file() {
            return Ok(Self { path: name, size: 0, changed, head: None });
        }
        let mut head = Vec::new();
        file.take(HEAD).read_to_end(&mut head).map_err(fail)?;
        let head = blake3::hash(&head).to_hex().to_string();
        Ok(Self { path: name, size: meta.len(), changed, head: Some(head) })
    }
}

impl Name {
    fn path(&self) -> PathBuf {
        match self {
            Self::Text(text) => text.into(),
            Self::Bytes(bytes) => OsString::from_vec(bytes.clone()).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_comes_back_and_a_file_that_changed_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join(OsString::from_vec(b"a\xff.csv".to_vec()));
        std::fs::write(&odd, "Email\na@b.example\n").unwrap();
        let request = ImportRequest {
            files: vec![odd.clone()],
            map: vec![("email".into(), "1".into())],
            encoding: Some("latin1".into()),
            ..ImportRequest::default()
        };
        let kept = RequestRecord::read(&RequestRecord::of(request.clone()).unwrap().text().unwrap()).unwrap();
        assert_eq!((kept.request(), kept.bytes()), (request, 18));
        kept.check().unwrap();
        std::fs::write(&odd, "Email\nb@b.example\n").unwrap();
        let error = kept.check().unwrap_err();
        assert!(error.kind() == ErrorKind::Stale && error.message.contains("was changed since"), "{error:?}");
        std::fs::remove_file(&odd).unwrap();
        assert!(kept.check().unwrap_err().message.contains("is gone"));
    }
}
