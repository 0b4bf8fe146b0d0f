//! What the footer offers: the actions that would do something where the user is.
//!
//! Called by the view. It only hides; every key does, or says why not, what it always does.

use crate::domain::job::{JobType, Status};
use crate::domain::query::Scope;
use crate::tui::app::model::{Focus, Model};
use crate::tui::input::action::Action;
use crate::tui::panes::jobs::is_at_work;
use crate::tui::panes::keys::changes_the_book;
use crate::tui::panes::lists::Entry;

impl Model {
    /// Whether an action would do something now.
    pub(in crate::tui) fn offers(&self, action: Action) -> bool {
        if self.read_only && changes_the_book(action) {
            return false;
        }
        match action {
            Action::UndoLast => self.jobs.last_undoable().is_some(),
            Action::SaveSearch | Action::WhyNot => !self.search.line.text().is_empty(),
            _ => match self.focus {
                Focus::Lists => self.offers_for_list(action),
                Focus::Results | Focus::Card => self.offers_for_contacts(action),
                Focus::Jobs => self.offers_for_job(action),
                Focus::Line | Focus::Clauses => true,
            },
        }
    }

    fn offers_for_list(&self, action: Action) -> bool {
        match (action, self.lists.current()) {
            (Action::DropSearch, entry) => matches!(entry, Some(Entry::Search(search)) if search.saved),
            (Action::Pull, Some(Entry::List(list, _))) => list.kind.is_live(),
            (Action::Pull, _) => self.lists.has_live(),
            _ => true,
        }
    }

    fn offers_for_contacts(&self, action: Action) -> bool {
        let there = self.search.matches() > 0 || !self.search.marked.is_empty();
        match action {
            Action::Mark
            | Action::MarkAll
            | Action::Exclude
            | Action::Delete
            | Action::Sort
            | Action::Restore
            | Action::Erase
            | Action::Protect
            | Action::EditCard
            | Action::EditThem
            | Action::Export
            | Action::Labels
            | Action::Copy => there,
            Action::Merge => there && self.search.scope != Scope::Trash,
            _ => true,
        }
    }

    fn offers_for_job(&self, action: Action) -> bool {
        let Some(job) = self.jobs.current() else {
            return matches!(action, Action::Help | Action::Back | Action::Log);
        };
        let rests = matches!(job.status, Status::Paused | Status::Interrupted);
        match action {
            Action::PauseJob => is_at_work(job.status),
            Action::ResumeJob => rests,
            Action::CancelJob => !job.status.is_over(),
            Action::UndoJob => self.jobs.why_not_undo(job).is_none(),
            Action::RetryJob => job.kind == JobType::Delete && job.status.is_over() && job.progress.failed_total() > 0,
            Action::RedoJob => job.kind == JobType::Undo && job.status.is_over() && job.undone_by.is_none(),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::input::keymap::Keymap;

    fn offered(model: &Model) -> Vec<&'static str> {
        let footer = model.keymap.footer(model.pane_layer(), |action| model.offers(action));
        footer.into_iter().map(|(_, word)| word).collect()
    }

    #[test]
    fn the_footer_offers_what_would_do_something() {
        let mut model = Model::new(Keymap::defaults(), 120, 36);
        let empty = offered(&model);
        assert!(empty.contains(&"search") && empty.contains(&"import"), "{empty:?}");
        for nothing in ["delete", "undo", "mark", "save"] {
            assert!(!empty.contains(&nothing), "{nothing} of nobody: {empty:?}");
        }
        model.focus = Focus::Lists;
        let lists = offered(&model);
        assert!(lists.contains(&"open") && !lists.contains(&"pull") && !lists.contains(&"drop"), "{lists:?}");
        model.focus = Focus::Jobs;
        assert_eq!(offered(&model), ["help", "log", "back"]);
        model.focus = Focus::Results;
        model.read_only = true;
        assert!(!offered(&model).contains(&"import"), "a book that is read-only takes nothing in");
    }
}
