//! Taking over what changed where live lists live without being asked: at the start, every few minutes, and where a
//! folder has changed. It never happens while a window is open or a job is at work.
//!
//! Time comes in as events; whatever has to be asked goes out as effects.

use crate::domain::contact::{ListId, ListKind};
use crate::tui::app::effect::{AccountDeed, Effect, PullOf};
use crate::tui::app::event::{Place, Ticket};
use crate::tui::app::model::Model;
use crate::tui::windows::accounts::{Following, Pulls};

/// How often it is looked whether a folder has changed, in milliseconds.
const LOOK: i64 = 2_000;
/// How soon what is due and can't be now is looked at again.
const SOON: i64 = 1_000;
const MINUTE: i64 = 60_000;

impl Model {
    /// Takes over by itself from now on.
    pub fn follow(&mut self, pulls: Pulls) {
        self.following.pulls = pulls;
        if !pulls.on_start {
            self.following.pulled = Some(self.now);
        }
    }

    fn has_lists_of(&self, is_of: impl Fn(ListKind) -> bool) -> bool {
        let overview = self.lists.overview.as_ref().filter(|_| !self.read_only);
        overview.is_some_and(|overview| overview.lists.iter().any(|(list, _)| is_of(list.kind)))
    }

    /// When everything is to be taken over next; none: never.
    fn next_pull(&self) -> Option<i64> {
        let Following { pulls, pulled, .. } = &self.following;
        let is_live = self.has_lists_of(ListKind::is_live);
        match (pulled, pulls.minutes) {
            _ if !is_live => None,
            (None, _) if pulls.on_start => Some(self.now.0),
            (_, 0) => None,
            (None, _) => Some(self.now.0),
            (Some(at), minutes) => Some(at.0 + i64::from(minutes) * MINUTE),
        }
    }

    /// When folders are to be looked at next; none: never.
    fn next_look(&self) -> Option<i64> {
        let Following { pulls, looked, looking, .. } = &self.following;
        let has_folders = pulls.minutes > 0 && self.has_lists_of(|kind| kind == ListKind::Folder);
        let is_free = has_folders && looking.is_none();
        is_free.then(|| looked.map_or(self.now.0, |at| at.0 + LOOK))
    }

    /// In how many milliseconds there is something to take over or to look at; none: never.
    pub(in crate::tui) fn follows_in(&self) -> Option<u64> {
        if self.place == Place::Served {
            return None;
        }
        let next = [self.next_pull(), self.next_look()].into_iter().flatten().min()?;
        Some((next - self.now.0).max(if self.may_pull() { 0 } else { SOON }) as u64)
    }

    /// Whether nothing is open or at work that what comes in could move under.
    fn may_pull(&self) -> bool {
        self.modals.is_empty() && self.pulling.is_none() && self.jobs.at_work().is_empty() && self.writing.is_none()
    }

    /// Asks for what is due.
    pub(in crate::tui) fn settle_following(&mut self, effects: &mut Vec<Effect>) {
        if self.place == Place::Served {
            // Whoever serves the book takes over what changes in its accounts.
            return;
        }
        let due = |at: Option<i64>| at.is_some_and(|at| at <= self.now.0);
        if due(self.next_look()) {
            self.following.looked = Some(self.now);
            let ticket = self.ticket();
            self.following.looking = Some(ticket);
            effects.push(Effect::Account(ticket, AccountDeed::Look));
        }
        if !self.may_pull() {
            return;
        }
        if self.next_pull().is_some_and(|at| at <= self.now.0) {
            self.following.pulled = Some(self.now);
            self.following.changed.clear();
            self.pull(PullOf::All, true, effects);
        } else if let Some(list) = self.following.changed.pop() {
            let name = self.lists.scope_name(crate::domain::query::Scope::List(list));
            self.pull(PullOf::List(list, name), true, effects);
        }
    }

    /// Takes what tells of folders whether they changed; whether it was asked for.
    pub(in crate::tui) fn take_marks(&mut self, ticket: Ticket, marks: Option<Vec<(ListId, u64)>>) -> bool {
        if self.following.looking.take_if(|asked| *asked == ticket).is_none() {
            return false;
        }
        for (list, mark) in marks.unwrap_or_default() {
            let before = self.following.marks.insert(list, mark);
            let is_new = before.is_some_and(|before| before != mark);
            if is_new && !self.following.changed.contains(&list) {
                self.following.changed.push(list);
            }
        }
        true
    }
}
