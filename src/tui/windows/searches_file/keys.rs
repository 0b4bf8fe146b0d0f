//! What keys do in the window that asks for the file of saved searches.

use crate::tui::app::effect::Effect;
use crate::tui::app::model::Model;
use crate::tui::windows::Modal;
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::searches_file::SearchesFile;
use crate::tui::windows::verdict::Verdict;

impl Keys for SearchesFile {
    fn on_key(mut self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        match self.press(press.key, press.action) {
            Verdict::Open => model.modals.push(Modal::SearchesFile(self)),
            Verdict::Close => {}
            Verdict::Do(effect) => effects.push(effect),
        }
    }

    fn on_paste(&mut self, text: &str, _: &Model) {
        self.path.paste(text);
    }
}
