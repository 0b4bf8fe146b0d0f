//! What can be done with the list under the cursor: the picker of it, and doing what was picked.

use crate::domain::contact::ListKind;
use crate::domain::display::contacts;
use crate::tui::app::effect::{Effect, PullOf};
use crate::tui::app::model::{Focus, Model, Tone};
use crate::tui::panes::lists::Entry;
use crate::tui::windows::ask::{Ask, Deed};
use crate::tui::windows::confirm::Target;
use crate::tui::windows::picker::{Choice, Entry as Pick, ListDeed, Picker};
use crate::tui::windows::prompt::{Prompt, Typed};
use crate::tui::windows::waiting::{Awaited, Waiting};

/// Why a live list isn't dropped.
const LIVE: &str = "it goes with its account";

/// Why an account list's contacts stay.
const ACCOUNT: &str = "read-only: it mirrors an account";

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
                    ListKind::Standard | ListKind::Remote | ListKind::Folder => {
                        format!("plan a delete of its {}; asks first", contacts(n))
                    }
                    ListKind::Account => ACCOUNT.to_owned(),
                };
                let drop = match (list.kind, n) {
                    (ListKind::Standard | ListKind::Account, 0) => "it is empty; asks first".to_owned(),
                    (ListKind::Remote | ListKind::Folder, _) => LIVE.to_owned(),
                    (ListKind::Standard, n) => format!("it still has {}; clear it first", contacts(n)),
                    (ListKind::Account, n) => format!("it still has {}", contacts(n)),
                };
                if list.kind.is_live() {
                    let note = "take over what changed where its contacts live";
                    entries.push(pick(
                        &format!("pull {}", list.name),
                        note,
                        ListDeed::Pull(list.id, list.name.clone()),
                    ));
                }
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
        self.show(Picker::new("List", entries, 0));
    }

    /// Does what was picked for a list.
    pub(in crate::tui) fn act_on_list(&mut self, deed: ListDeed, effects: &mut Vec<Effect>) {
        match deed {
            ListDeed::Clear(name) => {
                let ticket = self.ticket();
                self.show(Waiting::new(ticket, Awaited::DeletePlan(Target::Matches, None)));
                effects.push(Effect::ClearPlan(ticket, name));
            }
            ListDeed::Pull(list, name) => {
                self.pull(PullOf::List(list, name), false, effects);
            }
            ListDeed::Rename(name) => {
                let words = "Its contacts stay in it. Names are told apart whatever their case.";
                let prompt = Prompt::new(format!("Rename {name}"), words, "name", Typed::RenameList(name.clone()));
                self.show(prompt.with(&name));
            }
            ListDeed::Drop(name, n @ 1..) => {
                let words = format!("{name} still has {}; clear it first. Nothing was changed.", contacts(n));
                self.say(Tone::Refused, words);
            }
            ListDeed::Drop(name, 0) => self.show(Ask {
                title: format!("Drop the list {name}?"),
                lines: vec![
                    "It is empty. No contact is touched.".to_owned(),
                    "Where a contact of it comes back from the trash, the list is there again.".to_owned(),
                ],
                no: "keep it",
                yes: "drop it",
                deed: Deed::DropList(name),
                seen: false,
            }),
            ListDeed::Create(kind) => self.ask_new_list(kind),
            ListDeed::Unsubscribers => self.open_addresses(),
        }
    }

    /// Asks for the name of a new list.
    pub(in crate::tui) fn ask_new_list(&mut self, kind: ListKind) {
        let (title, words) = match kind {
            ListKind::Standard | ListKind::Remote | ListKind::Folder => {
                ("Create a list", "A contact lives in exactly one list.")
            }
            ListKind::Account => ("Create an account list", "A mirror: its contacts can't be edited or deleted."),
        };
        let prompt = Prompt::new(title.to_owned(), words, "name", Typed::CreateList(kind));
        self.show(prompt);
    }
}
