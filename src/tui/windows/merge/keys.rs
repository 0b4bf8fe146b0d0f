//! Merging marked contacts: which card is kept, what it becomes, the question, the start. And whom a contact
//! shares a value with, so that duplicates can be marked and merged.
//!
//! Nothing is merged but by [`Editing::Merge`], and that comes from one place: a yes to the preview on the
//! screen.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::contact::{Contact, ContactId};
use crate::domain::criteria::Clause;
use crate::domain::display::contacts;
use crate::domain::plans::MergePlan;
use crate::engine::EngineError;
use crate::tui::app::effect::{Editing, Effect};
use crate::tui::app::event::{Edited, Ticket};
use crate::tui::app::model::{Model, Spending, Tone};
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::panes::card::Sharing;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::windows::Modal;
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::merge::Merging;
use crate::tui::windows::message::Message;

/// The most cards that one merge takes: more are nobody's duplicates.
pub const MOST: usize = 50;

impl Keys for Merging {
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        model.merge_key(self, press.action, effects);
    }

    fn on_paste(&mut self, _: &str, _: &Model) {
        self.paste();
    }
}

impl Model {
    /// Looks up what merging the marked contacts would make.
    pub(in crate::tui) fn start_merge(&mut self, effects: &mut Vec<Effect>) {
        if self.in_trash() {
            self.say(Tone::Refused, "What is in the trash can't be merged; restore it first.");
            return;
        }
        if self.ids.is_some() {
            self.say(Tone::Refused, "Still marking; press it again in a moment.");
            return;
        }
        let ids: Vec<ContactId> = self.search.marked.iter().copied().collect();
        if (ids.is_empty() || ids.len() > MOST) && self.plan_groups(effects) {
            return;
        }
        if !(2..=MOST).contains(&ids.len()) {
            let words = match ids.len() {
                0 | 1 => "Search for duplicate:email, or mark two contacts or more, to merge them.".to_owned(),
                n => format!("{} are too many for one merge: mark up to {MOST}.", contacts(n as u64)),
            };
            self.say(Tone::Refused, words);
            return;
        }
        // The one under the cursor is the one that is looked at: kept, unless the arrows choose otherwise.
        let keep = self.meant().filter(|id| ids.contains(id)).unwrap_or(ids[0]);
        self.look_up("Looking up what merging them would make\u{2026}", Editing::Preview(ids, keep), None, effects);
    }

    /// Opens the window.
    pub(in crate::tui) fn open_merge(&mut self, cards: Vec<Contact>, preview: Result<MergePlan, EngineError>) {
        let meant = self.meant();
        if cards.len() < 2 {
            self.say(Tone::Refused, "Not two of the marked contacts are left.");
            return;
        }
        let kept = preview.as_ref().ok().map(|preview| preview.kept.id).or(meant);
        let keep = cards.iter().position(|card| Some(card.id) == kept).unwrap_or(0);
        let of_group = kept.filter(|_| self.open_window_of_groups().is_some());
        self.show(Merging {
            cards,
            keep,
            preview: preview.map(Box::new),
            scroll: 0,
            asking: false,
            seen: false,
            note: None,
            waiting: None,
            left_out: Vec::new(),
            of_group,
        });
    }

    /// Gives a key to the window.
    fn merge_key(&mut self, mut merging: Box<Merging>, action: Option<Action>, effects: &mut Vec<Effect>) {
        merging.note = None;
        if merging.asking {
            let seen = std::mem::take(&mut merging.seen);
            match (action, &merging.preview) {
                (Some(Action::Yes), Ok(preview)) if seen => {
                    self.spending = Some(Spending::Deed);
                    let ticket = self.ticket();
                    effects.push(Effect::Editing(ticket, Editing::Merge(preview.clone())));
                    return;
                }
                (Some(Action::Yes), _) => {
                    merging.note = Some("You pressed that before the question appeared; press it again.");
                }
                _ => merging.asking = false,
            }
            self.modals.push(Modal::Merging(merging));
            return;
        }
        match action {
            Some(Action::Back) => return self.close_merge(&merging),
            Some(Action::LeaveOut | Action::Accept) if merging.waiting.is_some() => {}
            Some(Action::LeaveOut) if merging.cards.len() <= 2 => {
                merging.note = Some("Two cards are the fewest that can be merged.");
            }
            Some(Action::LeaveOut) => {
                let out = merging.cards.remove(merging.keep);
                merging.left_out.push(out.id);
                merging.keep = merging.keep.min(merging.cards.len() - 1);
                self.preview_anew(&mut merging, effects);
            }
            Some(action @ (Action::Up | Action::Down | Action::Top | Action::Bottom)) => {
                let to = moved(action, merging.keep, 1, merging.cards.len() - 1);
                if to != merging.keep {
                    merging.keep = to;
                    self.preview_anew(&mut merging, effects);
                }
            }
            Some(action @ (Action::PageUp | Action::PageDown)) => {
                merging.scroll = moved(action, merging.scroll, 5, 500);
            }
            Some(Action::Accept) if merging.preview.is_err() => {
                merging.note = Some("They can't be merged so; choose another card to keep.");
            }
            Some(Action::Accept) => {
                merging.asking = true;
                merging.seen = false;
            }
            _ => {}
        }
        self.modals.push(Modal::Merging(merging));
    }

    /// Asks what the card that is kept now would become.
    fn preview_anew(&mut self, merging: &mut Merging, effects: &mut Vec<Effect>) {
        merging.scroll = 0;
        let ticket = self.ticket();
        merging.waiting = Some(ticket);
        let asked = Editing::Preview(merging.ids(), merging.cards[merging.keep].id);
        effects.push(Effect::Editing(ticket, asked));
    }

    /// Closes the window; what was decided in it about a group holds for the merge of all groups.
    fn close_merge(&mut self, merging: &Merging) {
        let Some(first) = merging.of_group else { return self.say(Tone::Done, "Nothing was merged.") };
        let keep = merging.cards[merging.keep].id;
        if keep != first || !merging.left_out.is_empty() {
            self.decide_group(keep, &merging.ids(), &merging.left_out);
        }
    }

    /// Whether this answer is the open window's.
    pub(in crate::tui) fn takes_merge_answer(&self, ticket: Ticket) -> bool {
        self.modals.iter().any(|modal| matches!(modal, Modal::Merging(it) if it.waiting == Some(ticket)))
    }

    /// Takes what the other card would become.
    pub(in crate::tui) fn merge_answered(&mut self, answer: Result<Edited, EngineError>) {
        let window = self.modals.iter_mut().find_map(|modal| match modal {
            Modal::Merging(merging) => Some(merging),
            _ => None,
        });
        let Some(window) = window else { return };
        window.waiting = None;
        match answer {
            Ok(Edited::Preview(cards, preview)) if cards.len() == window.cards.len() => {
                window.cards = cards;
                window.preview = preview.map(Box::new);
            }
            Ok(_) => {
                self.modals.retain(|modal| !matches!(modal, Modal::Merging(_)));
                self.say(Tone::Refused, "One of them is gone by now; nothing was merged.");
            }
            Err(error) => self.show(Message::of("Nothing was merged", &error)),
        }
    }

    /// Asks whom the contact of the card shares a value with, where the criteria look for duplicates.
    pub(in crate::tui) fn settle_sharing(&mut self, effects: &mut Vec<Effect>) {
        let by = self.search.criteria().and_then(|criteria| {
            criteria.clauses().into_iter().find_map(|clause| match clause {
                Clause::Duplicate { by, .. } => Some(*by),
                _ => None,
            })
        });
        let contact = self.card.contact.as_ref().filter(|contact| Some(contact.id) == self.card.wanted);
        let (Some(by), Some(contact)) = (by.filter(|_| !self.in_trash()), contact) else {
            self.card.sharing = None;
            return;
        };
        let of = (contact.id, contact.revision);
        if self.card.sharing.as_ref().is_some_and(|known| known.of == of && known.by == by) {
            return;
        }
        let contact = Box::new(contact.clone());
        let ticket = self.ticket();
        self.card.sharing = Some(Sharing { of, by, ids: None, ticket });
        effects.push(Effect::Editing(ticket, Editing::Sharing(contact, by)));
    }

    /// Marks everybody who shares the value by which the contact of the card is a duplicate.
    pub(in crate::tui) fn mark_same(&mut self) {
        match self.card.sharing.as_ref().map(|sharing| (sharing.by, sharing.ids.as_deref())) {
            Some((_, Some(ids))) if ids.len() > 1 => {
                let mut marked = BTreeSet::clone(&self.search.marked);
                marked.extend(ids.iter().copied());
                let key = self.keymap.said(Layer::Results, Action::Merge);
                let words = format!("{} of one group marked; {key} merges them.", contacts(ids.len() as u64));
                self.search.marked = Arc::new(marked);
                self.say(Tone::Done, words);
            }
            Some((_, None)) => self.say(Tone::Refused, "Still looking up who shares it; press it again in a moment."),
            Some((by, Some(_))) => {
                let words = format!("Nobody else has the same {}.", by.word());
                self.say(Tone::Refused, words);
            }
            None => self
                .say(Tone::Refused, "Search for duplicates first: duplicate:email, duplicate:phone or duplicate:name."),
        }
    }
}
