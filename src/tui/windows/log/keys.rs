//! Opening the audit log, taking what was read of it, and what the keys of its window do.

use crate::engine::EngineError;
use crate::engine::answer::AuditEntry;
use crate::tui::app::effect::Effect;
use crate::tui::app::event::Ticket;
use crate::tui::app::model::Model;
use crate::tui::input::action::Action;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::windows::Modal;
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::log::Log;

impl Keys for Log {
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, _: &mut Vec<Effect>) {
        model.log_key(self, press.action);
    }
}

impl Model {
    /// Opens the audit log's window.
    pub(in crate::tui) fn open_log(&mut self, effects: &mut Vec<Effect>) {
        let ticket = self.ticket();
        self.show(Log { waiting: Some(ticket), ..Log::default() });
        effects.push(Effect::Log(ticket));
    }

    /// Takes the audit log.
    pub(in crate::tui) fn take_log(&mut self, ticket: Ticket, answer: Result<Vec<AuditEntry>, EngineError>) {
        let Some(Modal::Log(log)) = self.modals.last_mut() else { return };
        if log.waiting.take_if(|asked| *asked == ticket).is_none() {
            return;
        }
        match answer {
            Ok(entries) => log.entries = Some(entries),
            Err(error) => self.trouble_with("The log can't be read", &error),
        }
    }

    /// Gives a key to the audit log's window.
    fn log_key(&mut self, mut log: Box<Log>, action: Option<Action>) {
        if action == Some(Action::Back) {
            return;
        }
        let page = self.window_rows();
        let last = log.entries.as_ref().map_or(0, Vec::len).saturating_sub(page);
        log.top = action.map_or(log.top, |action| moved(action, log.top, page, last));
        self.modals.push(Modal::Log(log));
    }
}
