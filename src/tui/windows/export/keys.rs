//! What the keys of an export's window do, and what its answers change.

use crate::domain::contact::JobId;
use crate::domain::display::{contacts, counted, thousands};
use crate::domain::job::JobType;
use crate::domain::query::Query as Asked;
use crate::engine::EngineError;
use crate::engine::answer::SearchRequest;
use crate::engine::error::ErrorKind;
use crate::tui::app::effect::{Effect, Export};
use crate::tui::app::event::{Exported, Ticket, Told};
use crate::tui::app::model::{Model, Tone};
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::panes::jobs::Jobs;
use crate::tui::panes::search::query_line::Query;
use crate::tui::windows::Modal;
use crate::tui::windows::ask::{Ask, Deed};
use crate::tui::windows::export::{Exporting, Lossy, Writing};
use crate::tui::windows::keys::{Keys, Press};

impl Keys for Exporting {
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        model.export_key(self, press.key, press.action, effects);
    }

    fn on_paste(&mut self, text: &str, model: &Model) {
        if model.writing.is_none() {
            self.path.paste(text);
        }
    }
}

impl Model {
    /// Opens the window of an export: what is marked, else what matches; the one at work where there is one.
    pub(in crate::tui) fn ask_export(&mut self) {
        if self.writing.is_none() && self.in_trash() {
            return self.say(Tone::Refused, "What is in the trash isn't exported; restore it first.");
        }
        let marked = self.search.marked.len() as u64;
        let all = self.search.request_all();
        let name = self.scope_name().unwrap_or_else(|| "contacts".to_owned());
        let (words, request, name) = if self.writing.is_some() {
            (String::new(), all, name)
        } else if marked > 0 {
            let words = counted(marked, "marked contact");
            (words, SearchRequest { query: Asked::default(), ..all }, "marked".to_owned())
        } else if matches!(self.search.query, Query::Bad(_)) {
            return self.say(Tone::Refused, "The query line has an error, so it is not known what to export.");
        } else if self.search.matches() == 0 {
            return self.say(Tone::Refused, "No contact matches, so there is nothing to export.");
        } else {
            let n = self.search.matches() as u64;
            let place = self.scope_name().map(|name| format!(" of {name}")).unwrap_or_default();
            let line = self.search.line.text().trim();
            let words = match (line.is_empty(), n) {
                (true, 1) => format!("1 contact{place}, the only one"),
                (true, n) => format!("all {}{place}", contacts(n)),
                (false, 1) => format!("the 1 contact{place} that matches {line}"),
                (false, n) => format!("the {}{place} that match {line}", contacts(n)),
            };
            (words, all, name)
        };
        self.show(Exporting::new(words, request, &name));
    }

    /// Gives a key to the window.
    fn export_key(&mut self, mut window: Box<Exporting>, key: Key, action: Option<Action>, effects: &mut Vec<Effect>) {
        if let Some(writing) = &self.writing {
            match action {
                Some(Action::Back) => effects.push(Effect::Stop(writing.ticket)),
                Some(Action::Accept) => self.say(Tone::Done, "It goes on; a line here says when it is done."),
                _ => self.modals.push(Modal::Export(window)),
            }
            return;
        }
        window.note = None;
        if let Some(Lossy { export, .. }) = window.lossy.take() {
            if action == Some(Action::Accept) {
                self.modals.push(Modal::Export(window));
                return self.write(Export { lossy: true, ..export }, effects);
            }
            // Any other key goes back to the formats.
            self.modals.push(Modal::Export(window));
            return;
        }
        match action {
            Some(Action::Back) => return,
            Some(Action::Accept) if window.path.text().trim().is_empty() => {
                window.note = Some("Type the name of a file first.".to_owned());
            }
            Some(Action::Accept) => {
                let path = window.path.text().trim().to_owned();
                let export = Export {
                    request: window.request.clone(),
                    format: window.format,
                    path,
                    replace: false,
                    lossy: false,
                };
                self.modals.push(Modal::Export(window));
                self.write(export, effects);
                return;
            }
            Some(action @ (Action::Up | Action::Down)) => window.pick(action),
            _ => {
                window.path.press(key, action);
            }
        }
        self.modals.push(Modal::Export(window));
    }

    /// Begins to write.
    pub(in crate::tui) fn write(&mut self, export: Export, effects: &mut Vec<Effect>) {
        let ticket = self.ticket();
        effects.push(Effect::Export(ticket, Box::new(export.clone())));
        self.writing = Some(Writing { ticket, export, told: Told::default() });
    }

    /// Takes what came of an export.
    pub(in crate::tui) fn exported(&mut self, ticket: Ticket, answer: Result<Exported, EngineError>) {
        let Some(writing) = self.writing.take_if(|writing| writing.ticket == ticket) else { return };
        let path = writing.export.path.clone();
        let close = |model: &mut Self| model.modals.retain(|modal| !matches!(modal, Modal::Export(_)));
        match answer {
            Ok(Exported::Done(answer)) => {
                let said = format!("{} written to {path}", contacts(answer.written));
                close(self);
                match answer.left_out.as_slice() {
                    [] => self.say(Tone::Done, format!("{said}.")),
                    [(worst, n), more @ ..] => {
                        let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
                        let what = format!("{} ({}){more}", worst.words(), thousands(*n));
                        self.say(Tone::Done, format!("{said}; its format leaves out {what}."));
                    }
                }
            }
            Ok(Exported::Lossy(answer)) => {
                close(self);
                let export = writing.export;
                let mut window = Exporting::new(contacts(answer.written), export.request.clone(), "");
                window.path.set(&export.path);
                window.format = export.format;
                window.lossy = Some(Lossy { export, answer });
                self.show(window);
            }
            Ok(Exported::FileIsThere) => {
                let export = Export { replace: true, ..writing.export };
                self.show(Ask {
                    title: format!("Replace {path}?"),
                    lines: vec![
                        format!("{path} is there already."),
                        "What it holds now would be gone; it is replaced as a whole, or not at all.".to_owned(),
                    ],
                    no: "keep the file",
                    yes: "replace it",
                    deed: Deed::ReplaceExport(Box::new(export)),
                    seen: false,
                });
            }
            Err(error) if error.kind() == ErrorKind::Cancelled => {
                close(self);
                self.say(Tone::Done, "The export was stopped; no file was written.");
            }
            Err(error) => self.trouble_with("Nothing was written", &error),
        }
    }

    /// Shows the contacts of an import: of the job under the cursor where it is one, else of the last.
    pub(in crate::tui) fn show_imported(&mut self, job: Option<JobId>) {
        let is_import = |id: &JobId| self.jobs.job(*id).is_some_and(|job| job.kind == JobType::Import);
        match job.filter(is_import).or_else(|| last_import(&self.jobs)) {
            Some(id) => {
                self.modals.retain(|modal| !matches!(modal, Modal::Job(_)));
                self.search_for(&format!("import:{id}"));
            }
            None => self.say(Tone::Refused, "Nothing was imported yet."),
        }
    }
}

fn last_import(jobs: &Jobs) -> Option<JobId> {
    jobs.jobs.iter().map(|view| &view.job).find(|job| job.kind == JobType::Import).map(|job| job.id)
}

/// The question before quitting in the middle of it.
pub(in crate::tui) fn quit_question(writing: &Writing) -> Ask {
    Ask {
        title: "Contacts are being written to a file".to_owned(),
        lines: vec![format!("{} is not whole yet; quitting now leaves no file.", writing.export.path)],
        no: "stay",
        yes: "stop it and quit",
        deed: Deed::QuitWriting(writing.ticket),
        seen: false,
    }
}
