//! Going through a picker, and doing what was picked.

use crate::tui::app::effect::Effect;
use crate::tui::app::model::{Model, Tone};
use crate::tui::input::action::Action;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::windows::Modal;
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::picker::{Choice, Picker};

impl Keys for Picker {
    fn on_key(mut self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        match press.action {
            Some(Action::Back) => return,
            Some(Action::Accept) => {
                let choice = self.current().map(|entry| entry.choice.clone());
                model.picked(choice.as_ref(), effects);
                return;
            }
            Some(action @ (Action::Up | Action::Down | Action::PageUp | Action::PageDown)) => {
                self.move_to(moved(action, self.cursor, press.page, usize::MAX));
            }
            action if self.filter.press(press.key, action) => self.narrow(),
            _ => {}
        }
        model.modals.push(Modal::Picker(self));
    }

    fn on_paste(&mut self, text: &str, _: &Model) {
        self.filter.paste(text);
        self.narrow();
    }
}

impl Model {
    fn picked(&mut self, choice: Option<&Choice>, effects: &mut Vec<Effect>) {
        match choice {
            Some(Choice::Command(action)) => self.act(*action, effects),
            Some(Choice::List(deed)) => self.act_on_list(deed.clone(), effects),
            Some(Choice::Put(put, list)) => self.put(*put, *list, effects),
            Some(Choice::Tag(tag)) => self.take_card_tag(*tag),
            Some(Choice::Account(list)) => {
                let words = format!("{list} is read-only: it mirrors an account; nothing was changed.");
                self.say(Tone::Refused, words);
            }
            Some(Choice::Field(_) | Choice::Text(_)) | None => self.say(Tone::Refused, "No such command."),
        }
    }
}
