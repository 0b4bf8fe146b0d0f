//! What the keys of an import's window do, and what its answers change.

use crate::domain::contact::{JobId, ListKind};
use crate::domain::display::thousands;
use crate::domain::query::Scope;
use crate::engine::EngineError;
use crate::engine::answer::{ImportAnswer, ImportPreview, ImportRequest};
use crate::engine::error::ErrorKind;
use crate::tui::app::effect::Effect;
use crate::tui::app::event::{Folder, Ticket, Told};
use crate::tui::app::model::{Model, Tone};
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::windows::Modal;
use crate::tui::windows::import::picking::ImportChoice;
use crate::tui::windows::import::{Importing, Stage, Trial};
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::verdict::Verdict;

impl Keys for Importing {
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        model.import_key(self, press.key, press.action, effects);
    }

    fn on_paste(&mut self, text: &str, _: &Model) {
        self.paste(text);
    }

    fn asks(&mut self, _: &Model, ticket: Ticket) -> Option<Effect> {
        self.wants(ticket)
    }
}

impl Model {
    /// Opens the window of an import.
    pub(in crate::tui) fn ask_import(&mut self) {
        if self.read_only {
            let why = "This book is read-only, so nothing can be imported; open it without --read-only.";
            return self.say(Tone::Refused, why);
        }
        let list = match self.search.scope {
            Scope::List(id) => self.lists.list(id).filter(|list| list.kind == ListKind::Standard),
            Scope::Book | Scope::Trash => None,
        };
        let list = list.map(|list| list.name.clone());
        self.show(Importing::new(list));
    }

    /// Gives a key to the window.
    fn import_key(&mut self, mut window: Box<Importing>, key: Key, action: Option<Action>, effects: &mut Vec<Effect>) {
        let page = self.window_rows();
        window.note = None;
        if let Some(picking) = &mut window.picking {
            match action {
                Some(Action::Back) => window.picking = None,
                Some(Action::Accept) => {
                    if let Some(picking) = window.picking.take() {
                        window.apply(&picking);
                    }
                }
                Some(action @ (Action::Up | Action::Down | Action::PageUp | Action::PageDown)) => {
                    let at = moved(action, picking.picker.cursor, page, usize::MAX);
                    picking.picker.move_to(at);
                }
                _ if picking.picker.filter.press(key, action) => picking.narrow(),
                _ => {}
            }
            self.modals.push(Modal::Import(window));
            return;
        }
        match &mut window.stage {
            Stage::File => match window.choosing.press(key, action, page) {
                Verdict::Open => {}
                Verdict::Close => return,
                Verdict::Do(path) => window.take_file(path),
            },
            Stage::Columns => self.columns_key(&mut window, action, effects),
            Stage::Trial(_) => self.trial_key(&mut window, action, effects),
        }
        self.modals.push(Modal::Import(window));
    }

    fn columns_key(&mut self, window: &mut Importing, action: Option<Action>, effects: &mut Vec<Effect>) {
        let what = match action {
            Some(Action::Back) => {
                window.stage = Stage::File;
                return;
            }
            Some(Action::Accept | Action::Yes) => {
                if window.trouble.is_some() || window.preview.is_none() {
                    window.note = Some("It can't be tried before it can be read.".to_owned());
                } else {
                    let ticket = self.ticket();
                    window.stage = Stage::Trial(Trial::new(ticket));
                    effects.push(Effect::TryImport(ticket, window.trial_request()));
                }
                return;
            }
            Some(Action::ImportColumn) if window.columns() == 0 => {
                window.note = Some("This format has no columns; its fields are known.".to_owned());
                return;
            }
            Some(Action::ImportColumn) => ImportChoice::Field(window.cursor),
            Some(Action::ImportList) => ImportChoice::List,
            Some(Action::ImportFormat) => ImportChoice::Format,
            Some(Action::ImportEncoding) => ImportChoice::Encoding,
            Some(Action::ImportFailed) => ImportChoice::Failed,
            Some(Action::ImportIgnore) => return window.ignore(),
            Some(action) if window.answer(action) || window.turn(action) => return,
            Some(action) => return window.travel(action, self.window_rows() / 2),
            None => return,
        };
        let standard = self.lists.overview.iter().flat_map(|overview| &overview.lists);
        let standard = standard.filter(|(list, _)| list.kind == ListKind::Standard);
        let mut lists: Vec<String> = standard.map(|(list, _)| list.name.clone()).collect();
        if !lists.iter().any(|name| name == "Contacts") {
            lists.push("Contacts".to_owned());
        }
        window.picking = Some(window.offer(what, &lists, &self.vocabulary));
    }

    fn trial_key(&mut self, window: &mut Importing, action: Option<Action>, effects: &mut Vec<Effect>) {
        let rows = self.trial_rows();
        let request = window.request.clone();
        let Stage::Trial(trial) = &mut window.stage else { return };
        match action {
            // What was asked to start can't be taken back here.
            _ if trial.starting.is_some() => {}
            Some(Action::Back) => {
                if trial.answer.is_none() {
                    effects.push(Effect::Stop(trial.ticket));
                }
                window.stage = Stage::Columns;
                window.note = Some("Nothing was imported.".to_owned());
            }
            Some(Action::Accept | Action::Yes) if trial.answer.is_some() && trial.would_do() == 0 => {}
            Some(Action::Accept | Action::Yes) if trial.answer.is_some() && trial.seen => {
                let ticket = self.ticket();
                trial.starting = Some(ticket);
                let tried = trial.answer.as_ref().and_then(|answer| answer.tried.clone());
                effects.push(Effect::StartImport(ticket, ImportRequest { tried, ..request }));
            }
            Some(action) => trial.scroll(action, rows),
            None => {}
        }
    }

    /// Rows of a dry run's window that list records.
    pub fn trial_rows(&self) -> usize {
        usize::from(self.size.1.saturating_sub(15)).max(1)
    }

    /// The window of an import, wherever it is in the stack.
    fn importing(&mut self) -> Option<&mut Importing> {
        self.modals.iter_mut().find_map(|modal| match modal {
            Modal::Import(window) => Some(&mut **window),
            _ => None,
        })
    }

    pub(in crate::tui) fn take_folder(&mut self, ticket: Ticket, answer: Result<Folder, EngineError>) {
        if let Some(window) = self.importing() {
            match window.choosing.take(ticket, answer.map_err(|error| error.message)) {
                Verdict::Do(path) => window.take_file(path),
                Verdict::Open | Verdict::Close => {}
            }
        }
    }

    pub(in crate::tui) fn previewed(&mut self, ticket: Ticket, answer: Result<Box<ImportPreview>, EngineError>) {
        if let Some(window) = self.importing() {
            window.previewed(ticket, answer);
        }
    }

    /// Takes how far a dry run or an export is.
    pub(in crate::tui) fn told(&mut self, ticket: Ticket, told: Told) {
        self.pull_told(ticket, told);
        self.account_form_told(ticket, told);
        if let Some(writing) = self.writing.as_mut().filter(|writing| writing.ticket == ticket) {
            writing.told = told;
        }
        if let Some(Importing { stage: Stage::Trial(trial), .. }) = self.importing()
            && trial.ticket == ticket
        {
            trial.told = told;
        }
    }

    pub(in crate::tui) fn tried(&mut self, ticket: Ticket, answer: Result<Box<ImportAnswer>, EngineError>) {
        let Some(window) = self.importing() else { return };
        let Stage::Trial(trial) = &mut window.stage else { return };
        if trial.ticket != ticket {
            return;
        }
        match answer {
            Ok(answer) => (trial.answer, trial.seen) = (Some(answer), false),
            Err(error) => {
                window.stage = Stage::Columns;
                if error.kind() != ErrorKind::Cancelled {
                    self.trouble_with("It can't be tried; nothing was imported", &error);
                }
            }
        }
    }

    pub(in crate::tui) fn import_started(
        &mut self,
        ticket: Ticket,
        answer: Result<JobId, EngineError>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(window) = self.importing() else { return };
        let name = window.file_name();
        let Stage::Trial(trial) = &mut window.stage else { return };
        if trial.starting.take_if(|asked| *asked == ticket).is_none() {
            return;
        }
        match answer {
            Ok(id) => {
                self.modals.retain(|modal| !matches!(modal, Modal::Import(_)));
                self.say(Tone::Done, format!("Job #{id} imports {name}."));
                effects.extend([Effect::Jobs, Effect::Book]);
            }
            // What it would do now is shown before it can be asked for again.
            Err(error) if error.kind() == ErrorKind::Stale => {
                let request = window.trial_request();
                let ticket = self.ticket();
                let said = "The file or the book has changed; this is what it would do now.";
                if let Some(window) = self.importing() {
                    window.stage = Stage::Trial(Trial::new(ticket));
                    window.note = Some(said.to_owned());
                }
                effects.push(Effect::TryImport(ticket, request));
            }
            Err(error) => self.trouble_with("Nothing was imported", &error),
        }
    }

    /// Says what an import that is over has done.
    pub(in crate::tui) fn imported(&mut self, id: JobId, answer: Result<Box<ImportAnswer>, EngineError>) {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return self.say(Tone::Refused, error.message),
        };
        let mut parts = vec![format!("{} added", thousands(answer.added))];
        let rest = [
            (answer.updated, "updated"),
            (answer.unchanged, "unchanged"),
            (answer.skipped, "skipped"),
            (answer.failed, "failed"),
        ];
        parts.extend(rest.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{} {word}", thousands(n))));
        let saved = match answer.failed_files.as_slice() {
            [] => String::new(),
            [file] => format!(": saved in {}", file.path.display()),
            [first, more @ ..] => format!(": saved in {} and {} more", first.path.display(), more.len()),
        };
        let key = self.keymap.key(Layer::Results, Action::ShowImported);
        let shows = key.filter(|_| answer.added + answer.updated > 0).map(|key| format!(" {key} shows them."));
        let words = format!("{}{saved}.{}", parts.join(", "), shows.unwrap_or_default());
        self.say(Tone::Done, format!("Job #{id}: {words}"));
    }
}
