//! Merging all groups that are shown: whom is meant, the plan, what is decided about each group, the start.
//!
//! Nothing is merged but by [`Editing::MergeGroups`], and that comes from one place: a yes to the plan on the
//! screen. What is decided about a group goes into the request, of which the plan is made anew.

use std::collections::BTreeSet;

use crate::domain::contact::{Contact, ContactId};
use crate::domain::criteria::Criteria;
use crate::domain::display::contacts;
use crate::domain::plans::{GroupsPlan, GroupsRequest};
use crate::domain::query::Selection;
use crate::engine::EngineError;
use crate::tui::app::effect::{Editing, Effect};
use crate::tui::app::event::{Edited, Ticket};
use crate::tui::app::model::{Model, Spending, Tone};
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::windows::Modal;
use crate::tui::windows::groups::{Deed, Groups};
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::message::Message;

impl Keys for Groups {
    fn on_key(mut self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        match self.press(press.key, press.action, press.page) {
            Deed::Open => model.modals.push(Modal::Groups(self)),
            Deed::Close => {
                effects.extend(self.waiting.map(Effect::Stop));
                model.say(Tone::Done, "Nothing was merged.");
            }
            Deed::Merge => {
                model.spending = Some(Spending::Deed);
                let ticket = model.ticket();
                effects.push(Effect::Editing(ticket, Editing::MergeGroups(self.plan)));
            }
            Deed::Look => {
                let cards = self.cards(self.pages.cursor);
                model.modals.push(Modal::Groups(self));
                model.look_at_group(cards, effects);
            }
            Deed::LeaveOut => {
                let group: Vec<ContactId> = self.group(self.pages.cursor).iter().map(|item| item.id).collect();
                self.plan.request.excluded.extend(group);
                self.stale = true;
                self.say("Left out of this merge.");
                model.modals.push(Modal::Groups(self));
            }
            Deed::Never => {
                let ids: Vec<ContactId> = self.group(self.pages.cursor).iter().map(|item| item.id).collect();
                let back = model.keymap.key(Layer::Groups, Action::UndoLast).unwrap_or_default();
                let n = contacts(ids.len() as u64);
                self.say(format!("{n} are never taken for the same again; {back} takes that back."));
                self.told_apart.push(ids.clone());
                let ticket = model.ticket();
                self.waiting = Some(ticket);
                let request = self.plan.request.clone();
                model.modals.push(Modal::Groups(self));
                effects.push(Effect::Editing(ticket, Editing::NeverThese(ids, request)));
            }
            Deed::NeverMind => {
                let ids = self.told_apart.pop().unwrap_or_default();
                self.say(format!("{} may be the same again.", contacts(ids.len() as u64)));
                let ticket = model.ticket();
                self.waiting = Some(ticket);
                let request = self.plan.request.clone();
                model.modals.push(Modal::Groups(self));
                effects.push(Effect::Editing(ticket, Editing::NeverMind(ids, request)));
            }
        }
    }

    fn on_paste(&mut self, _: &str, _: &Model) {
        self.question.paste();
    }

    fn asks(&mut self, model: &Model, ticket: Ticket) -> Option<Effect> {
        if self.stale && self.waiting.is_none() {
            self.stale = false;
            self.waiting = Some(ticket);
            return Some(Effect::Editing(ticket, Editing::PlanGroups(self.plan.request.clone())));
        }
        let rows = view_rows(model, self);
        self.page(rows, ticket).map(|ids| Effect::People(ticket, ids))
    }
}

/// How many groups the window shows.
pub(in crate::tui) fn view_rows(model: &Model, groups: &Groups) -> usize {
    // The sentence, the remarks, the heading, a rule, the question and the keys.
    let used = 9 + groups.plan.remarks().len().min(4);
    usize::from(model.size.1.saturating_sub(4)).saturating_sub(used).max(1)
}

impl Model {
    /// Asks for the groups among what is marked, else among what matches, where the criteria say by what contacts
    /// are the same. False: they don't.
    pub(in crate::tui) fn plan_groups(&mut self, effects: &mut Vec<Effect>) -> bool {
        let Some(by) = self.search.criteria().and_then(Criteria::groups_by) else { return false };
        let selection = if self.search.marked.is_empty() {
            Selection::Query(self.search.request_all().query)
        } else {
            Selection::ids(self.search.marked.iter().copied().collect())
        };
        let excluded = self.search.excluded.iter().copied().collect();
        let request = GroupsRequest { selection, excluded, by, keep: BTreeSet::new() };
        self.look_up("Looking up the groups\u{2026}", Editing::PlanGroups(request), None, effects);
        true
    }

    /// Puts the groups before the user.
    pub(in crate::tui) fn open_groups(&mut self, plan: Box<GroupsPlan>) {
        if plan.becomes() == 0 {
            let mut words = "There is nothing to merge".to_owned();
            for remark in plan.remarks() {
                words.push_str("; ");
                words.push_str(&remark);
            }
            self.say(Tone::Refused, format!("{words}."));
            return;
        }
        let until = self.until(plan.retention_days);
        self.show(Groups::new(plan, until));
    }

    /// Opens a group side by side.
    fn look_at_group(&mut self, cards: Vec<ContactId>, effects: &mut Vec<Effect>) {
        let Some(keep) = cards.first().copied() else { return };
        self.look_up("Looking up what they would become\u{2026}", Editing::Preview(cards, keep), None, effects);
    }

    /// The window of groups, where it is open.
    pub(in crate::tui) fn open_window_of_groups(&mut self) -> Option<&mut Groups> {
        self.modals.iter_mut().rev().find_map(|modal| match modal {
            Modal::Groups(groups) => Some(&mut **groups),
            _ => None,
        })
    }

    /// Takes what was decided side by side about a group: which of its cards is kept, which are left out. The plan
    /// is made anew.
    pub(in crate::tui) fn decide_group(&mut self, keep: ContactId, cards: &[ContactId], left_out: &[ContactId]) {
        let Some(groups) = self.open_window_of_groups() else { return };
        let request = &mut groups.plan.request;
        request.keep.retain(|id| !cards.contains(id));
        request.keep.insert(keep);
        request.excluded.extend(left_out);
        groups.stale = true;
    }

    /// Notes that a group was merged by itself: the plan is made anew.
    pub(in crate::tui) fn group_merged(&mut self) {
        if let Some(groups) = self.open_window_of_groups() {
            groups.stale = true;
        }
    }

    /// Whether this answer is the open window's.
    pub(in crate::tui) fn takes_groups_answer(&mut self, ticket: Ticket) -> bool {
        self.open_window_of_groups().is_some_and(|groups| groups.waiting == Some(ticket))
    }

    /// Takes the plan as it is now.
    pub(in crate::tui) fn groups_answered(&mut self, answer: Result<Edited, EngineError>) {
        let Some(groups) = self.open_window_of_groups() else { return };
        groups.waiting = None;
        match answer {
            Ok(Edited::Groups(plan)) if plan.becomes() > 0 => groups.take(plan),
            Ok(_) => {
                self.modals.retain(|modal| !matches!(modal, Modal::Groups(_)));
                self.say(Tone::Done, "No group is left to merge.");
            }
            Err(error) => {
                self.modals.retain(|modal| !matches!(modal, Modal::Groups(_)));
                self.show(Message::of("Nothing was merged", &error));
            }
        }
    }

    /// Whether the window of groups asked for these cards.
    pub(in crate::tui) fn reads_group_cards(&mut self, ticket: Ticket) -> bool {
        self.open_window_of_groups().is_some_and(|groups| groups.pages.is_reading(&ticket))
    }

    /// Takes the cards of groups.
    pub(in crate::tui) fn take_group_cards(&mut self, answer: Result<Vec<Contact>, EngineError>) {
        let Some(groups) = self.open_window_of_groups() else { return };
        match answer {
            Ok(cards) => groups.take_cards(cards),
            Err(error) => groups.say(error.message),
        }
    }
}
