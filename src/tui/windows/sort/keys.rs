//! What keys do in the window that picks the order of the results.

use crate::tui::app::effect::Effect;
use crate::tui::app::model::Model;
use crate::tui::windows::Modal;
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::sort::Sorting;
use crate::tui::windows::verdict::Verdict;

impl Keys for Sorting {
    fn on_key(mut self: Box<Self>, press: Press, model: &mut Model, _: &mut Vec<Effect>) {
        match self.press(press.key, press.action, press.page) {
            Verdict::Open => model.modals.push(Modal::Sorting(self)),
            Verdict::Close => {}
            Verdict::Do(sort) => model.search.sort_by(sort),
        }
    }

    fn on_paste(&mut self, text: &str, _: &Model) {
        self.paste(text);
    }
}
