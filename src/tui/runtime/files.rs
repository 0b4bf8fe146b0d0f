//! The engine calls behind imports and exports, and the folders that files are picked from.
//!
//! Called beside the loop, on threads of their own; every one of them may block. They know no model.

use std::path::Path;
use std::time::{Duration, Instant, UNIX_EPOCH};

use crate::api::ErrorKind;
use crate::api::types::{ImportAnswer, ImportPreview, ImportRequest};
use crate::api::{ApiError, Cancel, FileForm, Format, Overwrite, Session, expanded};
use crate::domain::contact::Timestamp;
use crate::tui::app::effect::Export;
use crate::tui::app::event::{Exported, Folder, FolderEntry, Told};
use crate::tui::runtime::commands::{is_there, meant};

/// The most entries of a folder that are shown.
const MOST: usize = 2_000;
/// How often it is told how far something is.
const TELL: Duration = Duration::from_millis(100);
type Result<T> = std::result::Result<T, ApiError>;

/// The contact files of a folder, the newest first, then its folders by name.
pub(super) fn folder(typed: &str) -> Result<Folder> {
    let path = if typed.is_empty() { Path::new(".").to_owned() } else { expanded(typed) };
    let unreadable =
        |why: std::io::Error| ApiError::new(ErrorKind::BadInput, format!("{} can't be listed ({why})", path.display()));
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(&path).map_err(unreadable)? {
        // What can't be looked at, and names that are no text, can still be pasted.
        let Ok(entry) = entry else { continue };
        let (Ok(name), Ok(meta)) = (entry.file_name().into_string(), std::fs::metadata(entry.path())) else { continue };
        if name.starts_with('.') {
            continue;
        }
        if meta.is_dir() {
            folders.push(FolderEntry { name: format!("{name}/"), size: None, changed: None });
        } else if Format::may_be_in(&name) {
            let since = meta.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
            let changed = since.and_then(|since| i64::try_from(since.as_millis()).ok()).map(Timestamp);
            files.push(FolderEntry { name, size: Some(meta.len()), changed });
        }
    }
    files.sort_by(|a, b| b.changed.cmp(&a.changed).then_with(|| a.name.cmp(&b.name)));
    folders.sort_by(|a, b| a.name.cmp(&b.name));
    files.truncate(MOST);
    folders.truncate(MOST);
    files.append(&mut folders);
    files.push(FolderEntry { name: "../".to_owned(), size: None, changed: None });
    Ok(Folder { path: typed.to_owned(), entries: files })
}

pub(super) fn preview(api: &Session, request: ImportRequest) -> Result<Box<ImportPreview>> {
    api.import_preview(&placed(request)).map(Box::new)
}

/// Tries an import; `tell` hears how far it is, not more often than it can be drawn.
pub(super) fn try_import(
    api: &Session,
    request: ImportRequest,
    cancel: &Cancel,
    tell: impl Fn(Told),
) -> Result<Box<ImportAnswer>> {
    let request = placed(request);
    let size = |path: &std::path::PathBuf| std::fs::metadata(path).map_or(0, |meta| meta.len());
    let of = request.files.iter().map(size).sum();
    let mut pace = Pace::default();
    let mut told = |records, done| pace.tell(Told { records, done, of }, &tell);
    api.try_import(&request, cancel, &mut told).map(Box::new)
}

pub(super) fn start_import(api: &Session, request: ImportRequest) -> Result<crate::domain::contact::JobId> {
    api.start_import(placed(request))
}

/// Writes contacts to a file, whole or not at all.
pub(super) fn export(api: &Session, export: Export, cancel: &Cancel, tell: impl Fn(Told)) -> Result<Exported> {
    let path = expanded(&export.path);
    if is_there(&path) && !export.replace {
        return Ok(Exported::FileIsThere);
    }
    let scope = export.request.query.scope;
    let ids = meant(api, export.request, scope)?;
    let of = ids.len() as u64;
    let mut pace = Pace::default();
    let mut told = |done| pace.tell(Told { records: done, done, of }, &tell);
    let overwrite = if export.replace { Overwrite::Replace } else { Overwrite::Refuse };
    let form = FileForm::written_to(&path, export.format);
    if !export.lossy && !export.format.lacks().is_empty() {
        let found = api.export_losses(&ids, form, cancel, &mut told)?;
        if !found.left_out.is_empty() {
            return Ok(Exported::Lossy(found));
        }
    }
    let answer = api.export_contacts_file(&ids, form, (&path, overwrite), cancel, &mut told)?;
    Ok(Exported::Done(answer))
}

/// The request with its paths as the system knows them.
fn placed(mut request: ImportRequest) -> ImportRequest {
    for path in request.files.iter_mut().chain(&mut request.failed) {
        if let Some(typed) = path.to_str() {
            *path = expanded(typed);
        }
    }
    request
}

/// Tells no more often than it can be drawn.
#[derive(Default)]
struct Pace(Option<Instant>);

impl Pace {
    fn tell(&mut self, told: Told, tell: &impl Fn(Told)) {
        if self.0.is_none_or(|last| last.elapsed() >= TELL) {
            self.0 = Some(Instant::now());
            tell(told);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_shows_contact_files_and_folders_and_says_why_it_can_not() {
        let place = tempfile::tempdir().unwrap();
        for name in ["a.CSV", "b.vcf", "c.exe", ".d.csv"] {
            std::fs::write(place.path().join(name), "x").unwrap();
        }
        std::fs::create_dir(place.path().join("old")).unwrap();
        let typed = format!("{}/", place.path().display());
        let names: Vec<String> = folder(&typed).unwrap().entries.into_iter().map(|entry| entry.name).collect();
        assert!(names.ends_with(&["old/".to_owned(), "../".to_owned()]), "{names:?}");
        assert!(names.len() == 4 && names.contains(&"a.CSV".to_owned()), "{names:?}");
        assert!(folder(&format!("{typed}none/")).unwrap_err().message.contains("can't be listed"));
    }
}
