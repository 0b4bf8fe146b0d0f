//! What is done with lists, the Unsubscribers and the audit log: the picker of actions, the windows' keys.

use crate::domain::contact::ListKind;
use crate::domain::display::{contacts, sanitise};
use crate::engine::EngineError;
use crate::engine::answer::{AuditEntry, Unsubscriber};
use crate::tui::app::effect::Effect;
use crate::tui::app::event::Ticket;
use crate::tui::app::model::{Focus, Model, Tone};
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::panes::lists::Entry;
use crate::tui::windows::confirm::Target;
use crate::tui::windows::picker::{Choice, Entry as Pick, ListDeed, Picker, moved};
use crate::tui::windows::prompt::{Prompt, Typed};
use crate::tui::windows::unsubscribers::{Addresses, Log};
use crate::tui::windows::{Ask, Deed, Modal, Planning};

/// Why an account list's contacts stay.
const ACCOUNT: &str = "313 Cannot Edit Account Lists: it mirrors an account";

impl Model {
    /// Opens the picker of what can be done with the list under the cursor.
    pub(in crate::tui) fn pick_list_action(&mut self) {
        if self.focus != Focus::Lists {
            self.focus = Focus::Lists;
            return;
        }
        let pick = |label: &str, note: &str, deed: ListDeed| Pick {
            label: label.to_owned(),
            note: note.to_owned(),
            keys: String::new(),
            choice: Choice::List(deed),
        };
        let mut entries = Vec::new();
        match self.lists.current() {
            Some(Entry::List(list, n)) => {
                let clear = match list.kind {
                    ListKind::Standard => format!("plan a delete of its {}; asks first", contacts(n)),
                    ListKind::Account => ACCOUNT.to_owned(),
                };
                let drop = match (list.kind, n) {
                    (_, 0) => "it is empty; asks first".to_owned(),
                    (ListKind::Standard, n) => format!("it still has {}; clear it first", contacts(n)),
                    (ListKind::Account, n) => format!("it still has {}", contacts(n)),
                };
                entries.push(pick(&format!("clear {}", list.name), &clear, ListDeed::Clear(list.name.clone())));
                entries.push(pick(
                    &format!("rename {}", list.name),
                    "give it another name",
                    ListDeed::Rename(list.name.clone()),
                ));
                entries.push(pick(&format!("drop {}", list.name), &drop, ListDeed::Drop(list.name.clone(), n)));
            }
            Some(Entry::Unsubscribers(_)) => {
                entries.push(pick("show the addresses", "add, take off, import", ListDeed::Unsubscribers));
            }
            Some(Entry::All(_) | Entry::Search(_) | Entry::Trash(_) | Entry::Blank | Entry::Heading(_)) | None => {}
        }
        entries.push(pick("create a list", "for contacts of your own", ListDeed::Create(ListKind::Standard)));
        entries.push(pick(
            "create an account list",
            "a mirror: its contacts can't be edited or deleted",
            ListDeed::Create(ListKind::Account),
        ));
        self.modals.push(Modal::Picker(Picker::new("List", entries, 0)));
    }

    /// Does what was picked for a list.
    pub(in crate::tui) fn act_on_list(&mut self, deed: ListDeed, effects: &mut Vec<Effect>) {
        match deed {
            ListDeed::Clear(name) => {
                let ticket = self.ticket();
                self.modals.push(Modal::Planning(Planning { ticket, target: Target::Matches }));
                effects.push(Effect::ClearPlan(ticket, name));
            }
            ListDeed::Rename(name) => {
                let words = "Its contacts stay in it. Names are told apart whatever their case.";
                let prompt = Prompt::new(format!("Rename {name}"), words, "name", Typed::RenameList(name.clone()));
                self.modals.push(Modal::Prompt(Box::new(prompt.with(&name))));
            }
            ListDeed::Drop(name, n @ 1..) => {
                let words = format!("{name} still has {}; clear it first. Nothing was changed.", contacts(n));
                self.say(Tone::Refused, words);
            }
            ListDeed::Drop(name, 0) => self.modals.push(Modal::Ask(Ask {
                title: format!("Drop the list {name}?"),
                lines: vec![
                    "It is empty. No contact is touched.".to_owned(),
                    "Where a contact of it comes back from the trash, the list is there again.".to_owned(),
                ],
                no: "keep it",
                yes: "drop it",
                deed: Deed::DropList(name),
                seen: false,
            })),
            ListDeed::Create(kind) => self.ask_new_list(kind),
            ListDeed::Unsubscribers => self.open_addresses(),
        }
    }

    /// Asks for the name of a new list.
    pub(in crate::tui) fn ask_new_list(&mut self, kind: ListKind) {
        let (title, words) = match kind {
            ListKind::Standard => ("Create a list", "A contact lives in exactly one list."),
            ListKind::Account => ("Create an account list", "A mirror: its contacts can't be edited or deleted."),
        };
        let prompt = Prompt::new(title.to_owned(), words, "name", Typed::CreateList(kind));
        self.modals.push(Modal::Prompt(Box::new(prompt)));
    }

    /// Opens the Unsubscribers' window.
    pub(in crate::tui) fn open_addresses(&mut self) {
        self.modals.push(Modal::Addresses(Box::new(Addresses::new())));
    }

    /// Opens the audit log's window.
    pub(in crate::tui) fn open_log(&mut self, effects: &mut Vec<Effect>) {
        let ticket = self.ticket();
        self.modals.push(Modal::Log(Box::new(Log { waiting: Some(ticket), ..Log::default() })));
        effects.push(Effect::Log(ticket));
    }

    /// Has the Unsubscribers' window read them again, where it is open.
    pub(in crate::tui) fn reread_addresses(&mut self) {
        for modal in &mut self.modals {
            if let Modal::Addresses(addresses) = modal {
                addresses.stale = true;
            }
        }
    }

    /// Takes the Unsubscribers.
    pub(in crate::tui) fn take_addresses(&mut self, ticket: Ticket, answer: Result<Vec<Unsubscriber>, EngineError>) {
        let mut windows = self.modals.iter_mut().filter_map(|modal| match modal {
            Modal::Addresses(addresses) => Some(addresses),
            _ => None,
        });
        let asked = windows.find_map(|window| window.waiting.take_if(|asked| *asked == ticket).map(|_| window));
        match (asked, answer) {
            (Some(window), Ok(all)) => window.take(all),
            (Some(_), Err(error)) => self.trouble_with("The Unsubscribers can't be read", &error),
            (None, _) => {}
        }
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
    pub(in crate::tui) fn log_key(&mut self, mut log: Box<Log>, action: Option<Action>) {
        if action == Some(Action::Back) {
            return;
        }
        let page = self.window_rows();
        let last = log.entries.as_ref().map_or(0, Vec::len).saturating_sub(page);
        log.top = action.map_or(log.top, |action| moved(action, log.top, page, last));
        self.modals.push(Modal::Log(log));
    }

    /// Gives a key to the Unsubscribers' window.
    pub(in crate::tui) fn addresses_key(
        &mut self,
        mut addresses: Box<Addresses>,
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
                self.modals.push(Modal::Addresses(addresses));
                let words = "It is asked for nothing any more, whatever list it is imported into.";
                let prompt = Prompt::new("Add to the Unsubscribers".to_owned(), words, "address", Typed::Unsubscribe);
                self.modals.push(Modal::Prompt(Box::new(prompt)));
                return;
            }
            Some(Action::ImportAddresses) => {
                self.modals.push(Modal::Addresses(addresses));
                let words = "One address a line, or any file of contacts: every address in it is added.";
                let title = "Add the addresses of a file".to_owned();
                let prompt = Prompt::new(title, words, "file", Typed::ImportUnsubscribers);
                self.modals.push(Modal::Prompt(Box::new(prompt)));
                return;
            }
            Some(Action::RemoveAddress) => {
                self.modals.push(Modal::Addresses(addresses));
                let known = current.as_ref().and_then(|who| who.address()).map(str::to_owned);
                if known.is_none() && current.is_some() {
                    let words = "Only its hash is kept: cardfile unsubscribers remove ADDRESS takes it off.";
                    self.say(Tone::Refused, words);
                }
                if let Some(address) = known {
                    self.modals.push(Modal::Ask(Ask {
                        title: format!("Take {address} off the Unsubscribers?"),
                        lines: vec![
                            "It asked not to be contacted. Without this entry imports bring it in as any other."
                                .to_owned(),
                            "No contact is changed.".to_owned(),
                        ],
                        no: "leave it on",
                        yes: "take it off",
                        deed: Deed::Resubscribe(address),
                        seen: false,
                    }));
                }
                return;
            }
            Some(Action::Copy) => {
                if let Some(address) = current.map(|who| sanitise(&who.shown()).into_owned()) {
                    self.say(Tone::Done, format!("Copied {address}"));
                    effects.push(Effect::Copy(address));
                }
            }
            Some(_) | None => {}
        }
        self.modals.push(Modal::Addresses(addresses));
    }

    /// Rows of the Unsubscribers' window.
    pub fn address_rows(&self) -> usize {
        usize::from(self.size.1.saturating_sub(12)).max(1)
    }
}
