//! What the keys of the window of labels do.

use crate::tui::app::effect::Effect;
use crate::tui::app::model::Model;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::windows::Modal;
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::labels::{Labels, Of};
use crate::tui::windows::verdict::Verdict;

impl Keys for Labels {
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        model.labels_key(self, press.key, press.action, effects);
    }

    fn on_paste(&mut self, text: &str, _: &Model) {
        self.paste(text);
    }
}

impl Model {
    /// Gives a key to the labels.
    fn labels_key(&mut self, mut labels: Box<Labels>, key: Key, action: Option<Action>, effects: &mut Vec<Effect>) {
        match labels.press(key, action, self.window_rows()) {
            Verdict::Open => self.modals.push(Modal::Labels(labels)),
            Verdict::Close => {}
            Verdict::Do(()) => {
                let edits = labels.edits();
                match labels.of {
                    Of::Card => self.take_card_labels(&edits),
                    Of::Many(request, whom) => self.plan_edits(edits, *request, whom, effects),
                }
            }
        }
    }
}
