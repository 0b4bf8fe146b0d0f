//! What becomes of the jobs at work where the user quits.

use crate::tui::app::effect::Effect;
use crate::tui::app::model::Model;
use crate::tui::input::action::Action;
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::quit::Quit;

impl Keys for Quit {
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        let jobs = model.jobs.at_work();
        match press.action {
            Some(Action::QuitWait) => model.quits_when_done = true,
            Some(Action::QuitPause) => {
                effects.extend(jobs.into_iter().map(Effect::Pause));
                effects.push(Effect::Quit);
            }
            Some(Action::QuitCancel) => {
                effects.extend(jobs.into_iter().map(Effect::Cancel));
                effects.push(Effect::Quit);
            }
            Some(Action::Back) => {}
            _ => model.show(*self),
        }
    }
}
