//! What an action does in the panes.
//!
//! Called by [`crate::tui::app::update`] for keys and by the palette; windows have their own keys.

use crate::domain::contact::ListKind;
use crate::domain::display::sanitise;
use crate::domain::query::Scope;
use crate::tui::app::effect::{Effect, PullOf};
use crate::tui::app::event::Place;
use crate::tui::app::model::{Focus, Model, Outcomes, Stale, Tone};
use crate::tui::input::{action::Action, keymap::Layer};
use crate::tui::panes::lists::Entry;
use crate::tui::panes::search::criteria_tree::Draft;
use crate::tui::windows::columns::Arranging;
use crate::tui::windows::export::keys::quit_question;
use crate::tui::windows::find::Purpose;
use crate::tui::windows::find::keys::{address, copied};
use crate::tui::windows::picker::{Choice, Entry as Pick, Picker};
use crate::tui::windows::searches_file::{SearchesFile, Way};
use crate::tui::windows::{help::Help, quit::Quit, sort::Sorting};

impl Model {
    /// Does an action in the pane that has the focus.
    #[allow(clippy::too_many_lines, reason = "one arm an action, none of them longer than a call")]
    pub(in crate::tui) fn act(&mut self, action: Action, effects: &mut Vec<Effect>) {
        if self.read_only && changes_the_book(action) {
            return self.say(Tone::Refused, "This book is read-only: nothing in it can be changed.");
        }
        if self.place == Place::Served && matches!(action, Action::Import | Action::ImportSearches | Action::Accounts) {
            return self.say_served();
        }
        match action {
            Action::FocusNext => self.focus = self.neighbour(Focus::Results, Focus::Jobs, Focus::Lists),
            Action::FocusPrevious => self.focus = self.neighbour(Focus::Jobs, Focus::Lists, Focus::Results),
            Action::FocusLists => self.focus = Focus::Lists,
            Action::FocusSearch | Action::Accept => self.focus = Focus::Results,
            Action::FocusJobs => self.focus = Focus::Jobs,
            Action::QueryLine => self.focus_line(),
            Action::FocusClauses
            | Action::AddClause
            | Action::EditClause
            | Action::RemoveClause
            | Action::Negate
            | Action::Group
            | Action::AndOr
            | Action::ClauseUp
            | Action::ClauseDown
            | Action::SwitchClause
            | Action::UndoEdit
            | Action::RedoEdit => self.act_on_clauses(action),
            Action::Find => self.find(Purpose::Go),
            Action::WhyNot => self.find(Purpose::Why),
            Action::SaveSearch => self.save_search(),
            Action::DropSearch => self.ask_drop_search(),
            Action::Older | Action::Newer => self.browse(action),
            Action::Back => self.back(),
            Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::Top | Action::Bottom => {
                self.travel(action);
                self.extend_range(effects);
            }
            Action::Open => self.open(effects),
            Action::Mark
            | Action::MarkRange
            | Action::ExtendUp
            | Action::ExtendDown
            | Action::MarkAll
            | Action::Invert
            | Action::ClearMarks
            | Action::Exclude
            | Action::Protect => self.act_on_contacts(action, effects),
            Action::EditCard => self.edit_card(effects),
            Action::AddCard => self.add_card(),
            Action::EditThem
            | Action::Labels
            | Action::MoveTo
            | Action::CopyTo
            | Action::ProtectAll
            | Action::UnprotectAll
            | Action::Unsubscribe => self.act_on_many(action, effects),
            Action::Merge => self.start_merge(effects),
            Action::MarkSame => self.mark_same(),
            Action::Delete => self.plan_delete(effects),
            Action::DeleteColours => {
                self.outcomes = match self.outcomes {
                    Outcomes::Quiet => Outcomes::Coloured,
                    Outcomes::Coloured => Outcomes::Quiet,
                };
            }
            Action::UndoLast => match self.jobs.last_undoable().map(|job| job.id) {
                Some(id) => self.plan_undo(id, effects),
                None => self.say(Tone::Refused, self.jobs.nothing_to_undo()),
            },
            Action::PauseJob
            | Action::ResumeJob
            | Action::CancelJob
            | Action::UndoJob
            | Action::UndoMarked
            | Action::RetryJob
            | Action::RedoJob
            | Action::ReportJob => {
                let job = self.jobs.current().map(|job| job.id);
                self.act_on_job(action, job, effects);
            }
            Action::Restore | Action::Erase => self.act_on_trash(action, effects),
            Action::ListActions => self.pick_list_action(),
            Action::CreateList => self.ask_new_list(ListKind::Standard),
            Action::Accounts => self.open_accounts(),
            Action::Pull => self.pull_here(effects),
            Action::PullAll => self.pull(PullOf::All, false, effects),
            Action::StopPull => self.stop_pull(effects),
            Action::Log => self.open_log(effects),
            Action::Import => self.ask_import(),
            Action::Export => self.ask_export(),
            Action::ShowImported => {
                let job = self.jobs.current().map(|job| job.id).filter(|_| self.focus == Focus::Jobs);
                self.show_imported(job);
            }
            Action::Statistics => self.open_statistics(),
            Action::Fixes => self.open_fixes(),
            Action::CardQr => self.open_qr(),
            Action::Mouse => self.give_mouse(effects),
            Action::Sort | Action::Columns | Action::ExportSearches | Action::ImportSearches => {
                self.open_window(action);
            }
            Action::Copy => self.copy(effects),
            Action::Palette => self.show(self.palette()),
            Action::Help => self.show(Help::new(self.pane_layer())),
            Action::Quit => {
                if let Some(writing) = &self.writing {
                    let ask = quit_question(writing);
                    self.show(ask);
                } else if self.place == Place::Served || self.jobs.at_work().is_empty() {
                    // At a book that is served elsewhere they go on without this program.
                    effects.push(Effect::Quit);
                } else {
                    self.show(Quit);
                }
            }
            Action::Redraw => {
                // What failed is asked again as well.
                self.stale = Stale::ALL;
                effects.extend([Effect::Redraw, Effect::Book]);
            }
            Action::Suspend => effects.push(Effect::Suspend),
            Action::EditLeft
            | Action::EditRight
            | Action::EditWordLeft
            | Action::EditWordRight
            | Action::EditHome
            | Action::EditEnd
            | Action::EditBackspace
            | Action::EditDelete
            | Action::EditWord
            | Action::EditRest
            | Action::EditClear => {
                if self.focus == Focus::Line && self.search.line.edit(action) {
                    self.line_edited();
                }
            }
            // These belong to windows.
            Action::SaveCard
            | Action::PickTag
            | Action::RemoveValue
            | Action::MakeFirst
            | Action::NextReason
            | Action::PreviousReason
            | Action::Filter
            | Action::MarkFailed
            | Action::MakeCriteria
            | Action::LeaveClashing
            | Action::RestoreAll
            | Action::AddAddress
            | Action::RemoveAddress
            | Action::ImportAddresses
            | Action::AddAccount
            | Action::CheckAccount
            | Action::GivePassword
            | Action::RemoveAccount
            | Action::SavePlan
            | Action::Rate
            | Action::FindAmong
            | Action::PickOperator
            | Action::PickField
            | Action::Calendar
            | Action::NextBars
            | Action::PreviousBars
            | Action::AddSortKey
            | Action::ShowColumn
            | Action::ColumnUp
            | Action::ColumnDown
            | Action::ColumnNarrower
            | Action::ColumnWider
            | Action::ColumnAuto
            | Action::Complete
            | Action::ImportColumn
            | Action::ImportIgnore
            | Action::ImportFormat
            | Action::ImportEncoding
            | Action::ImportHeader
            | Action::ImportDates
            | Action::ImportReading
            | Action::ImportList
            | Action::ImportMatch
            | Action::ImportBy
            | Action::ImportMerge
            | Action::ImportUnsubscribed
            | Action::ImportFailed
            | Action::Yes
            | Action::MembersToo
            | Action::LookThrough
            | Action::QuitWait
            | Action::QuitPause
            | Action::QuitCancel
            | Action::LeaveOut
            | Action::KeepBest
            | Action::NeverThese
            | Action::FixThem
            | Action::LeaveSpelling => {}
        }
    }

    /// Opens the window of an action that has one and needs nothing else.
    fn open_window(&mut self, action: Action) {
        match action {
            Action::ExportSearches => self.show(SearchesFile::new(Way::Out)),
            Action::ImportSearches => self.show(SearchesFile::new(Way::In)),
            Action::Columns => self.show(Arranging::new(&self.search.columns, &self.vocabulary)),
            _ => self.show(Sorting::new(&self.search.sort, &self.vocabulary)),
        }
    }

    /// The pane for a step from Lists, from Search and its card, or from Jobs.
    fn neighbour(&self, lists: Focus, search: Focus, jobs: Focus) -> Focus {
        match self.focus {
            Focus::Lists => lists,
            Focus::Line | Focus::Clauses | Focus::Results | Focus::Card => search,
            Focus::Jobs => jobs,
        }
    }

    /// One step back: out of a range, out of a pane; never out of the program.
    fn back(&mut self) {
        if self.focus != Focus::Results {
            self.focus = Focus::Results;
        } else if let Some(range) = self.search.range.take() {
            self.search.marked = range.base;
        } else if std::mem::take(&mut self.quits_when_done) {
            self.say(Tone::Done, "It stays open.");
        } else if !self.search.line.text().is_empty() {
            let scope = self.search.scope;
            self.search_for("");
            self.search.scope = scope;
            let back = self.keymap.key(Layer::Clauses, Action::UndoEdit).unwrap_or_default();
            self.say(Tone::Done, format!("The search is cleared; {back} brings it back."));
        }
    }

    /// Says that something can't be done from here.
    pub(in crate::tui) fn say_served(&mut self) {
        self.say(Tone::Refused, "This book is served elsewhere: that is done where it lies.");
    }

    fn travel(&mut self, action: Action) {
        if self.focus == Focus::Clauses {
            return self.travel_clauses(action);
        }
        let at_top = action == Action::Up && self.focus == Focus::Results && self.search.cursor == 0;
        if at_top && self.search.range.is_none() && !self.search.rows.is_empty() {
            self.search.clause = self.search.rows.len() - 1;
            self.focus = Focus::Clauses;
            return;
        }
        let (at, last, page) = match self.focus {
            Focus::Lists => (self.lists.cursor, usize::MAX, self.search.height),
            Focus::Line | Focus::Clauses | Focus::Results => {
                (self.search.cursor, self.search.matches(), self.search.height)
            }
            Focus::Card => (self.card.scroll, 200, self.search.height),
            Focus::Jobs => (self.jobs.cursor, self.jobs.jobs.len().saturating_sub(1), 5),
        };
        let to = match action {
            Action::Up => at.saturating_sub(1),
            Action::Down => at + 1,
            Action::PageUp => at.saturating_sub(page.max(1)),
            Action::PageDown => at + page.max(1),
            Action::Top => 0,
            Action::Bottom => last,
            _ => at,
        };
        match self.focus {
            Focus::Lists => self.lists.move_to(to),
            Focus::Line | Focus::Clauses | Focus::Results => self.search.move_to(to),
            Focus::Card => self.card.scroll = to.min(last),
            Focus::Jobs => self.jobs.cursor = to.min(last),
        }
    }

    fn open(&mut self, effects: &mut Vec<Effect>) {
        match self.focus {
            Focus::Lists => match self.lists.current() {
                Some(Entry::Unsubscribers(_)) => self.open_addresses(),
                Some(Entry::Search(search)) => {
                    self.search_for(&search.line);
                    if !search.note.is_empty() {
                        self.say(Tone::Done, format!("{}: {}", search.name, search.note));
                    }
                }
                Some(entry @ (Entry::All(_) | Entry::Trash(_))) => {
                    // What was searched for elsewhere would hide what is asked for here.
                    self.search_for("");
                    self.search.scope = entry.scope().unwrap_or_default();
                }
                Some(entry @ Entry::List(..)) => {
                    self.search.scope = entry.scope().unwrap_or_default();
                    self.search.rewind();
                    self.focus = Focus::Results;
                }
                Some(Entry::Blank | Entry::Heading(_)) | None => {}
            },
            Focus::Line => self.focus = Focus::Results,
            Focus::Clauses => self.act_on_clauses(Action::EditClause),
            Focus::Results => {
                if self.search.current().is_some() {
                    self.focus = Focus::Card;
                }
            }
            Focus::Card => {}
            Focus::Jobs => self.open_job(effects),
        }
    }

    /// Searches the book for a line, in place of what was searched for.
    pub(in crate::tui) fn search_for(&mut self, line: &str) {
        self.search.scope = Scope::Book;
        self.search.remember();
        self.search.history.changed();
        self.search.draft = Draft::default();
        self.search.line.set(line);
        self.line_changed();
        self.search.rewind();
        self.focus = Focus::Results;
    }

    fn palette(&self) -> Picker {
        let entries = self
            .keymap
            .commands()
            .into_iter()
            .map(|command| Pick {
                label: command.action.name().to_owned(),
                note: command.action.help().to_owned(),
                keys: command.keys,
                choice: Choice::Command(command.action),
            })
            .collect();
        Picker::new("Commands", entries, 0)
    }

    fn copy(&mut self, effects: &mut Vec<Effect>) {
        if self.focus == Focus::Results && !self.search.marked.is_empty() {
            return self.copy_marked(effects);
        }
        let text = match self.focus {
            Focus::Jobs => self.jobs.current().map(|job| job.criteria.clone()),
            Focus::Lists => self.lists.current().map(|entry| entry.name()),
            Focus::Line | Focus::Clauses => Some(self.search.line.text().to_owned()),
            Focus::Card => self.card.contact.as_ref().map(copied),
            Focus::Results => self.search.current().map(|row| {
                let cell = |at: usize| row.cells.get(at).map_or("", String::as_str);
                address(cell(0), cell(1))
            }),
        };
        // What is pasted into a shell acts there: only what can be seen is copied.
        match text.map(|text| sanitise(&text).into_owned()).filter(|text| !text.is_empty()) {
            Some(text) => {
                effects.push(Effect::Copy(text.clone(), text));
            }
            None => self.say(Tone::Refused, "There is nothing here to copy."),
        }
    }
}

/// Whether the action leads to a change of the book: in a book that is read-only it is refused before anything is
/// asked or typed.
pub(in crate::tui) fn changes_the_book(action: Action) -> bool {
    matches!(
        action,
        Action::Delete
            | Action::UndoLast
            | Action::UndoJob
            | Action::UndoMarked
            | Action::RetryJob
            | Action::RedoJob
            | Action::PauseJob
            | Action::ResumeJob
            | Action::CancelJob
            | Action::Restore
            | Action::Erase
            | Action::Protect
            | Action::EditCard
            | Action::AddCard
            | Action::EditThem
            | Action::Labels
            | Action::MoveTo
            | Action::CopyTo
            | Action::ProtectAll
            | Action::UnprotectAll
            | Action::Unsubscribe
            | Action::Merge
            | Action::Fixes
            | Action::ListActions
            | Action::CreateList
            | Action::Pull
            | Action::PullAll
            | Action::SaveSearch
            | Action::DropSearch
            | Action::Import
            | Action::ImportSearches
    )
}
