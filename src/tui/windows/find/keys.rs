//! Going to a contact that was found, saying why one doesn't match, and copying contacts.

use crate::domain::contact::{Contact, ContactId};
use crate::domain::display::{contacts, sanitise};
use crate::engine::EngineError;
use crate::engine::answer::Found;
use crate::tui::app::effect::Effect;
use crate::tui::app::event::Ticket;
use crate::tui::app::model::{Focus, Model, Tone};
use crate::tui::panes::search::query_line::Query;
use crate::tui::windows::Modal;
use crate::tui::windows::find::{Find, FindDeed, Purpose};
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::verdict::Verdict;

/// The most contacts that are copied at once: more than a terminal takes into its clipboard.
const MOST_COPIED: usize = 2_000;

impl Keys for Find {
    fn on_key(mut self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        match self.press(press.key, press.action, press.page) {
            Verdict::Open => model.modals.push(Modal::Find(self)),
            Verdict::Close => {}
            Verdict::Do(FindDeed::Mark(id)) => {
                model.search.toggle_mark(id);
                model.modals.push(Modal::Find(self));
            }
            Verdict::Do(FindDeed::Go(id)) => model.seek(id, self.purpose, effects),
        }
    }

    fn on_paste(&mut self, text: &str, _: &Model) {
        self.paste(text);
    }

    fn asks(&mut self, model: &Model, ticket: Ticket) -> Option<Effect> {
        let request = self.wants(&model.search)?;
        self.ask(ticket, request.clone());
        Some(Effect::Find(ticket, request))
    }
}

impl Model {
    /// Opens the window.
    pub(in crate::tui) fn find(&mut self, purpose: Purpose) {
        if purpose == Purpose::Why && !matches!(self.search.query, Query::Good(_)) {
            self.say(Tone::Refused, "There are no criteria that a contact could fail.");
            return;
        }
        self.show(Find::new(purpose));
    }

    /// Asks where a contact is, to go there.
    pub(in crate::tui) fn seek(&mut self, id: ContactId, purpose: Purpose, effects: &mut Vec<Effect>) {
        let ticket = self.ticket();
        self.going = Some((ticket, id, purpose));
        effects.push(Effect::Position(ticket, self.search.request_all(), id));
    }

    /// Takes what was found.
    pub(in crate::tui) fn take_found(&mut self, ticket: Ticket, answer: Result<Vec<Found>, EngineError>) {
        if let Some(Modal::Find(find)) = self.modals.last_mut() {
            find.take(ticket, answer);
        }
    }

    /// Goes to a contact: to its row, else to its card.
    pub(in crate::tui) fn go_to(&mut self, ticket: Ticket, answer: Result<Option<usize>, EngineError>) {
        let Some((_, id, purpose)) = self.going.take_if(|(asked, _, _)| *asked == ticket) else { return };
        match answer {
            Ok(Some(at)) => {
                self.focus = Focus::Results;
                self.search.range = None;
                self.search.go_to(at);
                if purpose == Purpose::Why {
                    self.say(Tone::Done, "It matches; this is its row.");
                }
            }
            Ok(None) => {
                self.focus = Focus::Card;
                self.card.pinned = Some(id);
                self.card.scroll = 0;
                self.say(Tone::Done, "It isn't among the matches; this is its card.");
            }
            Err(error) => self.trouble_with("The contact can't be gone to", &error),
        }
    }

    /// The contact that actions are meant for: the card's own, else the one under the cursor.
    pub(in crate::tui) fn meant(&self) -> Option<ContactId> {
        self.card.pinned.or_else(|| self.search.current().map(|row| row.id))
    }

    /// Copies the marked contacts; they may not be on the page, so they are asked for.
    pub(in crate::tui) fn copy_marked(&mut self, effects: &mut Vec<Effect>) {
        let ids: Vec<ContactId> = self.search.marked.iter().copied().collect();
        if ids.len() > MOST_COPIED {
            let words = format!("{} are more than a clipboard takes; nothing was copied.", contacts(ids.len() as u64));
            self.say(Tone::Refused, words);
            return;
        }
        let ticket = self.ticket();
        self.copying = Some(ticket);
        effects.push(Effect::People(ticket, ids));
    }

    /// Copies contacts that were asked for.
    pub(in crate::tui) fn copy_people(&mut self, answer: Result<Vec<Contact>, EngineError>, effects: &mut Vec<Effect>) {
        match answer {
            Ok(people) => {
                let lines: Vec<String> = people.iter().map(copied).collect();
                effects.push(Effect::Copy(lines.join("\n"), contacts(lines.len() as u64)));
            }
            Err(error) => self.trouble_with("Nothing was copied", &error),
        }
    }
}

/// A contact as it is copied: what can be seen of its name and email alone.
pub(in crate::tui) fn copied(contact: &Contact) -> String {
    address(&contact.display_name(), contact.emails.first().map_or("", |email| email.value.as_str()))
}

/// `Amber Powell <amber@old.com>`, or what there is of it; what is pasted into a shell acts there, so
/// only what can be seen is in it.
pub(in crate::tui) fn address(name: &str, email: &str) -> String {
    let text = match (name, email) {
        (name, "") => name.to_owned(),
        ("", email) => email.to_owned(),
        (name, email) if name == email => email.to_owned(),
        (name, email) => format!("{name} <{email}>"),
    };
    sanitise(&text).into_owned()
}
