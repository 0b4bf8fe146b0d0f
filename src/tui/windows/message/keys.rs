//! A message was read: any key goes on.

use crate::tui::app::effect::Effect;
use crate::tui::app::model::Model;
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::message::Message;

impl Keys for Message {
    fn on_key(self: Box<Self>, _: Press, _: &mut Model, _: &mut Vec<Effect>) {}
}
