//! What keys do in the window of the keys.

use crate::tui::app::effect::Effect;
use crate::tui::app::model::Model;
use crate::tui::input::action::Action;
use crate::tui::windows::Modal;
use crate::tui::windows::help::Help;
use crate::tui::windows::keys::{Keys, Press};

impl Keys for Help {
    fn on_key(mut self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        if press.action == Some(Action::Back) {
            return;
        }
        match self.press(press.key, press.action, press.page, &model.keymap) {
            Some(action) => model.act(action, effects),
            None => model.modals.push(Modal::Help(self)),
        }
    }

    fn on_paste(&mut self, text: &str, _: &Model) {
        self.filter.paste(text);
        self.cursor = 0;
    }
}
