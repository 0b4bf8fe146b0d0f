//! What keys do in the window of the columns; the table follows at once.

use crate::tui::app::effect::Effect;
use crate::tui::app::model::Model;
use crate::tui::windows::Modal;
use crate::tui::windows::columns::Arranging;
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::verdict::Verdict;

impl Keys for Arranging {
    fn on_key(mut self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        let places = model.column_places();
        let verdict = self.press(press.key, press.action, press.page, &places);
        model.search.columns = self.columns.clone();
        match verdict {
            Verdict::Open => model.modals.push(Modal::Arranging(self)),
            Verdict::Close => model.search.columns = self.was,
            Verdict::Do(()) => effects.push(Effect::KeepColumns(model.search.columns.text())),
        }
    }

    fn on_paste(&mut self, text: &str, _: &Model) {
        self.paste(text);
    }
}
