//! An import before it is started: the file, what its columns are taken for, what it would do.
//!
//! It holds what is picked and what was answered; the model asks for previews and dry runs, and starts what
//! was tried. Nothing here writes anything.

pub mod choices;
pub mod file;
pub mod import_preview_value;
pub mod keys;
pub mod picking;
pub mod view;

use crate::domain::identity::{MatchBy, Merge};
use crate::engine::EngineError;
use crate::tui::app::effect::Effect;
use crate::tui::app::event::{Ticket, Told};
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::windows::import::file::Choosing;
use crate::tui::windows::import::picking::Picking;
use crate::tui::windows::window::Window;

pub use crate::engine::answer::{
    DateOrder, Doubt, ImportAnswer, ImportPreview, ImportRequest, LeftOut, OnMatch, PreviewColumn, PreviewColumns,
    PreviewRow, Unsubscribed,
};

/// The window of an import.
#[derive(Debug, Clone, Default)]
pub struct Importing {
    /// The file that is picked.
    pub choosing: Choosing,
    /// How far it is.
    pub stage: Stage,
    /// What would be imported, and how.
    pub request: ImportRequest,
    /// What the beginning of the file would bring by that.
    pub preview: Option<ImportPreview>,
    /// Why there is none.
    pub trouble: Option<EngineError>,
    /// The preview that is on its way.
    pub waiting: Option<Ticket>,
    /// Whether it has to be asked for anew.
    pub stale: bool,
    /// The column under the cursor.
    pub cursor: usize,
    /// What is being picked over it.
    pub picking: Option<Picking>,
    /// What the last key did, or why it did nothing.
    pub note: Option<String>,
}

/// How far an import is before it is started.
#[derive(Debug, Clone, Default)]
pub enum Stage {
    /// The file is picked.
    #[default]
    File,
    /// Its columns and all that can be chosen.
    Columns,
    /// It is tried.
    Trial(Trial),
}

/// A dry run.
#[derive(Debug, Clone)]
pub struct Trial {
    /// Its question.
    pub ticket: Ticket,
    /// How far it is.
    pub told: Told,
    /// What the import would do, once it is known.
    pub answer: Option<Box<ImportAnswer>>,
    /// The first line of those left out on the screen.
    pub top: usize,
    /// Whether the answer was on the screen.
    pub seen: bool,
    /// The start that is on its way.
    pub starting: Option<Ticket>,
}

/// Why a record is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It can't be read.
    Failed,
    /// It is left out, as was asked for.
    Skipped,
    /// It matches several contacts.
    Ambiguous,
    /// Something was read otherwise than it stands there, or assumed.
    Noted,
}

impl Importing {
    /// A window that begins with the file, into this list.
    pub fn new(list: Option<String>) -> Self {
        Self { request: ImportRequest { list, ..ImportRequest::default() }, ..Self::default() }
    }

    /// Takes the file that was picked.
    pub fn take_file(&mut self, path: String) {
        let path = std::path::PathBuf::from(path);
        if self.request.files.first() != Some(&path) {
            // What was said of another file's columns says nothing of these.
            let (list, unsubscribed) = (self.request.list.take(), self.request.unsubscribed);
            self.request = ImportRequest { files: vec![path], list, unsubscribed, ..ImportRequest::default() };
            (self.preview, self.cursor) = (None, 0);
        }
        self.stage = Stage::Columns;
        self.changed();
    }

    /// The file as it was typed.
    pub fn file(&self) -> String {
        self.request.files.first().map(|path| path.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Its name alone.
    pub fn file_name(&self) -> String {
        let file = self.file();
        file.rsplit('/').next().unwrap_or_default().to_owned()
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        match (&mut self.picking, &self.stage) {
            (Some(picking), _) => {
                picking.picker.filter.paste(text);
                picking.narrow();
            }
            (None, Stage::File) => self.choosing.paste(text),
            (None, Stage::Columns | Stage::Trial(_)) => {}
        }
    }

    /// What has to be asked for now.
    pub fn wants(&mut self, next: Ticket) -> Option<Effect> {
        match self.stage {
            Stage::File => self.choosing.wants().map(|folder| {
                self.choosing.ask(next, folder.clone());
                Effect::Folder(next, folder)
            }),
            Stage::Columns | Stage::Trial(_) => std::mem::take(&mut self.stale).then(|| {
                self.waiting = Some(next);
                Effect::ImportPreview(next, self.trial_request())
            }),
        }
    }

    /// Notes that the preview is an older one.
    pub fn changed(&mut self) {
        self.stale = true;
    }

    /// How many columns the file has; none where it has no such thing.
    pub fn columns(&self) -> usize {
        self.preview.as_ref().and_then(|preview| preview.columns.as_ref()).map_or(0, |columns| columns.columns.len())
    }

    /// The field that a column goes into; empty: it is left out.
    pub fn field(&self, column: usize) -> Option<String> {
        let columns = self.preview.as_ref()?.columns.as_ref()?;
        Some(columns.columns.get(column)?.field.clone().unwrap_or_default())
    }

    /// Gives a column another field.
    pub fn map(&mut self, column: usize, field: &str) {
        let number = (column + 1).to_string();
        self.request.map.retain(|(_, known)| *known != number);
        self.request.map.push((field.to_owned(), number));
        self.changed();
    }

    /// Leaves the column under the cursor out, or takes it as it was guessed again.
    pub fn ignore(&mut self) {
        let number = (self.cursor + 1).to_string();
        if self.columns() == 0 {
            self.note = Some("This format has no columns to leave out.".to_owned());
        } else if self.request.map.iter().any(|(field, known)| *known == number && field == "ignore") {
            self.request.map.retain(|(_, known)| *known != number);
            self.changed();
        } else {
            self.map(self.cursor, "ignore");
        }
    }

    /// Says otherwise what was assumed of the file, or why there is nothing to say; whether it was such a key.
    pub fn answer(&mut self, action: Action) -> bool {
        let doubts = self.preview.iter().flat_map(|preview| &preview.doubts);
        let (said, sure) = match action {
            Action::ImportHeader => {
                let is_header = doubts.clone().find_map(|doubt| match doubt {
                    Doubt::Header { is_header, .. } => Some(*is_header),
                    Doubt::Dates { .. } | Doubt::Encoding { .. } => None,
                });
                self.request.header = is_header.map(|is_header| !is_header).or(self.request.header);
                (is_header.is_some(), "Whether the first row names the columns is not in doubt.")
            }
            Action::ImportDates => {
                let order = doubts.clone().find_map(|doubt| match doubt {
                    Doubt::Dates { order, .. } => Some(*order),
                    Doubt::Header { .. } | Doubt::Encoding { .. } => None,
                });
                let next = order.map(|order| match order {
                    DateOrder::MonthFirst => DateOrder::DayFirst,
                    DateOrder::DayFirst => DateOrder::YearFirst,
                    DateOrder::YearFirst => DateOrder::MonthFirst,
                });
                self.request.dates = next.or(self.request.dates);
                (next.is_some(), "The order of its dates is not in doubt.")
            }
            Action::ImportReading => {
                let other = doubts.clone().find_map(|doubt| match doubt {
                    Doubt::Encoding { other, .. } => Some(other.name.to_owned()),
                    Doubt::Header { .. } | Doubt::Dates { .. } => None,
                });
                let is_said = other.is_some();
                self.request.encoding = other.or(self.request.encoding.take());
                (is_said, "Its encoding is not in doubt; c picks any other.")
            }
            _ => return false,
        };
        if said {
            self.changed();
        } else {
            self.note = Some(sure.to_owned());
        }
        true
    }

    /// Turns one of the choices that have a few answers; whether it was one.
    pub fn turn(&mut self, action: Action) -> bool {
        let request = &mut self.request;
        match action {
            Action::ImportMatch => {
                request.on_match = match request.on_match {
                    OnMatch::Add => OnMatch::Update,
                    OnMatch::Update => OnMatch::Skip,
                    OnMatch::Skip => OnMatch::Add,
                }
            }
            Action::ImportBy => {
                let at = MatchBy::ALL.iter().position(|by| *by == request.match_by).unwrap_or(0);
                request.match_by = MatchBy::ALL[(at + 1) % MatchBy::ALL.len()];
                if request.on_match == OnMatch::Add {
                    self.note = Some("It counts once those that are there are updated or skipped.".to_owned());
                }
            }
            Action::ImportMerge => {
                request.merge = match request.merge {
                    Merge::Fill => Merge::Overwrite,
                    Merge::Overwrite => Merge::Fill,
                };
                if request.on_match != OnMatch::Update {
                    self.note = Some("It counts once those that are there are updated.".to_owned());
                }
            }
            Action::ImportUnsubscribed => {
                request.unsubscribed = match request.unsubscribed {
                    Unsubscribed::Add => Unsubscribed::SkipList,
                    Unsubscribed::SkipList => Unsubscribed::SkipAny,
                    Unsubscribed::SkipAny => Unsubscribed::Add,
                }
            }
            _ => return false,
        }
        self.changed();
        true
    }

    /// Moves the cursor through the columns.
    pub fn travel(&mut self, action: Action, page: usize) {
        self.cursor = moved(action, self.cursor, page, self.columns().saturating_sub(1));
    }

    /// The request of a dry run: it saves nothing.
    pub fn trial_request(&self) -> ImportRequest {
        ImportRequest { failed: None, ..self.request.clone() }
    }

    /// A name for the rows that can't be read: beside the file.
    pub fn failed_name(&self) -> String {
        let file = self.file();
        let plain = file.strip_suffix(".gz").or_else(|| file.strip_suffix(".zip")).unwrap_or(&file);
        let name = plain.rsplit('/').next().unwrap_or_default();
        match name.rfind('.').filter(|at| *at > 0) {
            Some(dot) => {
                let dot = plain.len() - name.len() + dot;
                format!("{}-failed{}", &plain[..dot], &plain[dot..])
            }
            None => format!("{plain}-failed"),
        }
    }

    /// Takes a preview; one to an older question is dropped.
    pub fn previewed(&mut self, ticket: Ticket, answer: Result<Box<ImportPreview>, EngineError>) {
        if self.waiting.take_if(|asked| *asked == ticket).is_none() {
            return;
        }
        match answer {
            Ok(preview) => (self.preview, self.trouble) = (Some(*preview), None),
            // A file that was never read is picked anew; one that was keeps its last columns.
            Err(error) if self.preview.is_none() && self.request.format.is_none() => {
                self.choosing.note = Some(error.message);
                self.stage = Stage::File;
            }
            Err(error) => self.trouble = Some(error),
        }
        self.cursor = self.cursor.min(self.columns().saturating_sub(1));
    }
}

impl Trial {
    /// A dry run that was asked for.
    pub fn new(ticket: Ticket) -> Self {
        Self { ticket, told: Told::default(), answer: None, top: 0, seen: false, starting: None }
    }

    /// How many records would add or update a contact; none before it is known.
    pub fn would_do(&self) -> u64 {
        self.answer.as_ref().map_or(0, |answer| answer.added + answer.updated)
    }

    /// The records that are told of, what failed first.
    pub fn lines(&self) -> Vec<(Why, &LeftOut)> {
        let Some(answer) = &self.answer else { return Vec::new() };
        let all = [
            (Why::Failed, &answer.failures),
            (Why::Skipped, &answer.skips),
            (Why::Ambiguous, &answer.ambiguous),
            (Why::Noted, &answer.notes),
        ];
        all.into_iter().flat_map(|(why, rows)| rows.iter().map(move |row| (why, row))).collect()
    }

    /// Scrolls through them.
    pub fn scroll(&mut self, action: Action, page: usize) {
        let last = self.lines().len().saturating_sub(page.max(1));
        self.top = moved(action, self.top, page, last);
    }
}

/// What happens to who is there already, in words.
pub fn match_words(request: &ImportRequest) -> &'static str {
    match request.on_match {
        OnMatch::Add => "add again",
        OnMatch::Update => "update",
        OnMatch::Skip => "skip",
    }
}

/// What an update does, in words.
pub fn merge_words(merge: Merge) -> &'static str {
    match merge {
        Merge::Fill => "only fill empty fields",
        Merge::Overwrite => "overwrite fields",
    }
}

/// What happens to who is unsubscribed, in words.
pub fn unsubscribed_words(unsubscribed: Unsubscribed) -> &'static str {
    match unsubscribed {
        Unsubscribed::Add => "import too (they stay unsubscribed)",
        Unsubscribed::SkipList => "skip those unsubscribed from this list",
        Unsubscribed::SkipAny => "skip those on the Unsubscribers",
    }
}

impl Window for Importing {
    fn layer(&self) -> Layer {
        match self.stage {
            _ if self.picking.is_some() => Layer::Picker,
            Stage::File => Layer::ImportFile,
            Stage::Columns | Stage::Trial(_) => Layer::Import,
        }
    }

    fn drawn(&mut self) {
        if let Stage::Trial(trial) = &mut self.stage {
            trial.seen = trial.answer.is_some();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str) -> Importing {
        let mut importing = Importing::new(Some("Press".into()));
        importing.take_file(path.into());
        importing
    }

    #[test]
    fn the_rows_that_fail_are_saved_beside_the_file() {
        for (file, saved) in [
            ("~/a.b/people.csv", "~/a.b/people-failed.csv"),
            ("people.csv.gz", "people-failed.csv"),
            ("a.b/people", "a.b/people-failed"),
            (".contacts", ".contacts-failed"),
        ] {
            assert_eq!(of(file).failed_name(), saved);
        }
    }

    #[test]
    fn a_column_has_one_field_and_another_file_begins_anew() {
        let mut importing = of("a.csv");
        importing.map(1, "first");
        importing.map(1, "last");
        assert_eq!(importing.request.map, [("last".to_owned(), "2".to_owned())]);
        importing.take_file("a.csv".into());
        assert_eq!(importing.request.map.len(), 1);
        importing.take_file("b.csv".into());
        assert!(importing.request.map.is_empty() && importing.request.list.as_deref() == Some("Press"));
    }
}
