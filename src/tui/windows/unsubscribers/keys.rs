//! Opening the Unsubscribers, taking them as they were read, and what the keys of their window do.

use crate::domain::display::sanitise;
use crate::engine::EngineError;
use crate::engine::answer::Unsubscriber;
use crate::tui::app::effect::Effect;
use crate::tui::app::event::{Place, Ticket};
use crate::tui::app::model::Model;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::windows::Modal;
use crate::tui::windows::ask::{Ask, Deed};
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::prompt::{Prompt, Typed};
use crate::tui::windows::unsubscribers::UnsubscribersWindow;

impl Keys for UnsubscribersWindow {
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        model.addresses_key(self, press.key, press.action, effects);
    }

    fn on_paste(&mut self, text: &str, _: &Model) {
        if self.typing {
            self.text.paste(text);
            self.narrow();
        }
    }

    fn asks(&mut self, _: &Model, ticket: Ticket) -> Option<Effect> {
        std::mem::take(&mut self.stale).then(|| {
            self.waiting = Some(ticket);
            Effect::Unsubscribers(ticket)
        })
    }
}

impl Model {
    /// Opens the Unsubscribers' window.
    pub(in crate::tui) fn open_addresses(&mut self) {
        self.show(UnsubscribersWindow::new());
    }

    /// Has the Unsubscribers' window read them again, where it is open.
    pub(in crate::tui) fn reread_addresses(&mut self) {
        for modal in &mut self.modals {
            if let Modal::Unsubscribers(addresses) = modal {
                addresses.stale = true;
            }
        }
    }

    /// Takes the Unsubscribers.
    pub(in crate::tui) fn take_addresses(&mut self, ticket: Ticket, answer: Result<Vec<Unsubscriber>, EngineError>) {
        let mut windows = self.modals.iter_mut().filter_map(|modal| match modal {
            Modal::Unsubscribers(addresses) => Some(addresses),
            _ => None,
        });
        let asked = windows.find_map(|window| window.waiting.take_if(|asked| *asked == ticket).map(|_| window));
        match (asked, answer) {
            (Some(window), Ok(all)) => window.take(all),
            (Some(_), Err(error)) => self.trouble_with("The Unsubscribers can't be read", &error),
            (None, _) => {}
        }
    }

    /// Gives a key to the Unsubscribers' window.
    fn addresses_key(
        &mut self,
        mut addresses: Box<UnsubscribersWindow>,
        key: Key,
        action: Option<Action>,
        effects: &mut Vec<Effect>,
    ) {
        let rows = self.address_rows();
        let current = addresses.get(addresses.cursor).map(|one| one.who.clone());
        match action {
            Some(action @ (Action::Up | Action::Down | Action::PageUp | Action::PageDown)) => {
                addresses.move_to(moved(action, addresses.cursor, rows, usize::MAX), rows);
            }
            Some(Action::Back) if addresses.typing || !addresses.text.text().is_empty() => {
                addresses.typing = false;
                addresses.text.set("");
                addresses.narrow();
            }
            Some(Action::Accept) if addresses.typing => addresses.typing = false,
            edit if addresses.typing => addresses.edit(key, edit),
            Some(Action::Back) => return,
            Some(Action::Top) => addresses.move_to(0, rows),
            Some(Action::Bottom) => addresses.move_to(usize::MAX, rows),
            Some(Action::Filter) => addresses.typing = true,
            Some(Action::Open) => {
                self.search_for("is:unsubscribed");
                return;
            }
            Some(Action::AddAddress) => {
                self.modals.push(Modal::Unsubscribers(addresses));
                let words = "This address will never be mailed again, whichever list it is imported into. Paste several at once.";
                let prompt = Prompt::new("Add to the Unsubscribers".to_owned(), words, "address", Typed::Unsubscribe);
                self.show(prompt);
                return;
            }
            Some(Action::ImportAddresses) => {
                self.modals.push(Modal::Unsubscribers(addresses));
                if self.place == Place::Served {
                    return self.say_served();
                }
                let words = "One address a line, or any file of contacts: every address in it is added.";
                let title = "Add the addresses of a file".to_owned();
                let prompt = Prompt::new(title, words, "file", Typed::ImportUnsubscribers);
                self.show(prompt);
                return;
            }
            Some(Action::RemoveAddress) => {
                self.modals.push(Modal::Unsubscribers(addresses));
                match current.as_ref().map(|who| who.address().map(str::to_owned)) {
                    Some(Some(address)) => self.ask_resubscribe(address),
                    Some(None) => {
                        let title = "Take an address off the Unsubscribers".to_owned();
                        let words = "Only its hash is kept here, so the address has to be typed.";
                        self.show(Prompt::new(title, words, "address", Typed::Resubscribe));
                    }
                    None => {}
                }
                return;
            }
            Some(Action::Copy) => {
                if let Some(address) = current.map(|who| sanitise(&who.shown()).into_owned()) {
                    effects.push(Effect::Copy(address.clone(), address));
                }
            }
            Some(_) | None => {}
        }
        self.modals.push(Modal::Unsubscribers(addresses));
    }

    /// Asks whether an address is taken off.
    pub(in crate::tui) fn ask_resubscribe(&mut self, address: String) {
        self.show(Ask {
            title: format!("Take {address} off the Unsubscribers?"),
            lines: vec![
                "It asked not to be contacted. Without it, imports add the address like any other.".to_owned(),
                "No contact is changed.".to_owned(),
            ],
            no: "leave it on",
            yes: "take it off",
            deed: Deed::Resubscribe(address),
            seen: false,
        });
    }

    /// Rows of the Unsubscribers' window.
    pub fn address_rows(&self) -> usize {
        usize::from(self.size.1.saturating_sub(12)).max(1)
    }
}
