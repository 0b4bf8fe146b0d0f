//! Saved searches: opening the window that saves one, and dropping one.

use crate::engine::answer::SavedSearch;
use crate::tui::app::effect::Effect;
use crate::tui::app::model::{Focus, Model, Tone};
use crate::tui::panes::lists::Entry;
use crate::tui::panes::search::query_line::Query;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::Modal;
use crate::tui::windows::ask::{Ask, Deed};
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::save_search::Save;
use crate::tui::windows::verdict::Verdict;

impl Keys for Save {
    fn on_key(mut self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        match self.press(press.key, press.action) {
            Verdict::Open => model.modals.push(Modal::Save(self)),
            Verdict::Close => {}
            Verdict::Do(()) => effects.push(self.effect()),
        }
    }

    fn on_paste(&mut self, text: &str, _: &Model) {
        self.paste(text);
    }
}

impl Model {
    /// Opens the window for the query line as it stands.
    pub(in crate::tui) fn save_search(&mut self) {
        if !matches!(self.search.query, Query::Good(_)) {
            self.say(Tone::Refused, "There is no search to save.");
            return;
        }
        let line = self.search.line.text().trim().to_owned();
        let searches = self.lists.overview.iter().flat_map(|overview| &overview.searches);
        let saved: Vec<&SavedSearch> = searches.filter(|search| search.saved).collect();
        let known = saved.iter().find(|search| search.line == line);
        self.show(Save {
            name: Line::new(known.map_or("", |search| &search.name)),
            note: Line::new(known.map_or("", |search| &search.note)),
            taken: saved.iter().map(|search| search.name.clone()).collect(),
            line,
            noting: false,
            refused: false,
        });
    }

    /// Asks before the saved search under the cursor is dropped.
    pub(in crate::tui) fn ask_drop_search(&mut self) {
        if self.focus != Focus::Lists {
            self.focus = Focus::Lists;
            return;
        }
        match self.lists.current() {
            Some(Entry::Search(search)) if search.saved => {
                let mut lines = vec![search.line.clone()];
                lines.extend(Some(search.note.clone()).filter(|note| !note.is_empty()));
                lines.push("No contact is touched.".to_owned());
                self.show(Ask {
                    title: format!("Drop the saved search {}?", search.name),
                    lines,
                    no: "keep it",
                    yes: "drop it",
                    deed: Deed::DropSearch(search.name),
                    seen: false,
                });
            }
            Some(_) | None => self.say(Tone::Refused, "Only a saved search can be dropped."),
        }
    }
}
