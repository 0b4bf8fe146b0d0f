//! Changing many contacts: whom is meant, the labels, the lists, the plan, the question, the start.
//!
//! Nothing is changed but by [`Editing::Start`], and that comes from one place: a yes to a plan on the screen.

use crate::domain::contact::ListKind;
use crate::domain::display::contacts;
use crate::domain::edit::Edit;
use crate::domain::plans::{EditPlan, EditRequest};
use crate::domain::query::Selection;
use crate::engine::EngineError;
use crate::engine::error::ErrorKind;
use crate::tui::app::effect::{Editing, Effect};
use crate::tui::app::event::{Edited, Ticket};
use crate::tui::app::model::{Focus, Model, Spending, Tone};
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::panes::search::query_line::Query;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::Modal;
use crate::tui::windows::bulk_edit::{BulkEdit, Whom};
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::labels::{Labels, Of};
use crate::tui::windows::message::Message;
use crate::tui::windows::picker::{Choice, Entry, Picker, Put};
use crate::tui::windows::verdict::Verdict;
use crate::tui::windows::waiting::{Awaited, Waiting};

impl Keys for BulkEdit {
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        model.edit_ask_key(self, &press, effects);
    }

    fn on_paste(&mut self, _: &str, _: &Model) {
        self.paste();
    }
}

impl Model {
    /// Does an action that changes many contacts.
    pub(in crate::tui) fn act_on_many(&mut self, action: Action, effects: &mut Vec<Effect>) {
        let Some((request, whom)) = self.edit_meant() else { return };
        match action {
            Action::EditThem => self.pick_edit(&whom),
            Action::Labels => {
                let words = "Looking up the labels\u{2026}";
                let asked = Editing::Labels(request.clone());
                self.look_up(words, asked, Some((request, whom)), effects);
            }
            Action::MoveTo => self.pick_list(Put::Move),
            Action::CopyTo => self.pick_list(Put::Copy),
            Action::ProtectAll => self.plan_edits(vec![Edit::Protect], request, whom, effects),
            Action::UnprotectAll => self.plan_edits(vec![Edit::Unprotect], request, whom, effects),
            _ => self.plan_edits(vec![Edit::Unsubscribe], request, whom, effects),
        }
    }

    /// Whom an edit is meant for: what is marked, else what matches, else the one under the cursor.
    fn edit_meant(&mut self) -> Option<(EditRequest, Whom)> {
        if self.in_trash() {
            self.say(Tone::Refused, "What is in the trash can't be edited; restore it first.");
            return None;
        }
        if self.ids.is_some() {
            self.say(Tone::Refused, "Still marking; press it again in a moment.");
            return None;
        }
        self.search.range = None;
        let on_card = self.focus == Focus::Card && self.search.marked.is_empty();
        let one = self.meant();
        let (selection, whom) = match &self.search.query {
            // Marks say which contacts; they may lie outside the list that is looked at.
            _ if !self.search.marked.is_empty() => {
                let ids = self.search.marked.iter().copied().collect();
                (Selection::ids(ids), Whom::Marked { hidden: self.search.marked_hidden() })
            }
            Query::Good(_) if !on_card => (Selection::Query(self.search.request_all().query), Whom::Matches),
            Query::Bad(_) if !on_card => {
                self.focus = Focus::Line;
                self.say(Tone::Refused, "The query line has an error; nothing was planned.");
                return None;
            }
            Query::Good(_) | Query::Bad(_) | Query::Empty => {
                let Some(id) = one else {
                    self.say(Tone::Refused, "There is no contact under the cursor.");
                    return None;
                };
                let here = self.card.contact.as_ref().filter(|contact| contact.id == id);
                let name = here.map_or_else(
                    || "the contact under the cursor".to_owned(),
                    crate::domain::contact::Contact::display_name,
                );
                (Selection::ids(vec![id]), Whom::One(name))
            }
        };
        let excluded = self.search.excluded.iter().copied().collect();
        Some((EditRequest { selection, excluded, edits: Vec::new() }, whom))
    }

    /// Opens the picker of what can be done with them.
    fn pick_edit(&mut self, whom: &Whom) {
        let key = |action: Action| self.keymap.key(self.pane_layer(), action).unwrap_or_default();
        let entry = |label: &str, action: Action| Entry {
            label: label.to_owned(),
            note: action.help().trim_end_matches('.').to_owned(),
            keys: key(action),
            choice: Choice::Command(action),
        };
        let mut entries = vec![
            entry("labels", Action::Labels),
            entry("move to a list", Action::MoveTo),
            entry("copy to a list", Action::CopyTo),
            entry("protect", Action::ProtectAll),
            entry("unprotect", Action::UnprotectAll),
            entry("unsubscribe", Action::Unsubscribe),
        ];
        if matches!(whom, Whom::Marked { .. }) {
            entries.push(entry("merge into one", Action::Merge));
        }
        for entry in &mut entries {
            entry.note = match entry.choice {
                Choice::Command(Action::Unsubscribe) => "their addresses go on the Unsubscribers, and stay".to_owned(),
                _ => whom.words(),
            };
        }
        self.show(Picker::new("Edit them", entries, 0));
    }

    /// Opens the picker of the lists to put them into.
    pub(in crate::tui) fn pick_list(&mut self, put: Put) {
        let title = match put {
            Put::Move => "Move to a list",
            Put::Copy => "Copy to a list",
            Put::Card => "The card's list",
            Put::Add => "Add a contact to a list",
        };
        let lists = self.lists.overview.as_ref().map(|overview| overview.lists.clone()).unwrap_or_default();
        let entries = lists.into_iter().map(|(list, n)| match list.kind {
            ListKind::Standard => {
                Entry { label: list.name, note: contacts(n), keys: String::new(), choice: Choice::Put(put, list.id) }
            }
            ListKind::Remote | ListKind::Folder => Entry {
                note: "a live list: nothing is moved or copied into it".to_owned(),
                keys: String::new(),
                choice: Choice::Account(list.name.clone()),
                label: list.name,
            },
            ListKind::Account => Entry {
                note: "read-only: it mirrors an account".to_owned(),
                keys: String::new(),
                choice: Choice::Account(list.name.clone()),
                label: list.name,
            },
        });
        let entries: Vec<Entry> = entries.collect();
        if entries.is_empty() {
            let key = self.keymap.said(Layer::Lists, Action::CreateList);
            self.say(Tone::Refused, format!("There is no list; {key} in the lists makes one."));
            return;
        }
        self.show(Picker::new(title, entries, 0));
    }

    /// Takes the list that was picked.
    pub(in crate::tui) fn put(&mut self, put: Put, list: crate::domain::contact::ListId, effects: &mut Vec<Effect>) {
        let edit = match put {
            Put::Move => Edit::Move(list),
            Put::Copy => Edit::Copy(list),
            Put::Card => return self.take_card_list(list),
            Put::Add => return self.open_new_card(list),
        };
        if let Some((request, whom)) = self.edit_meant() {
            self.plan_edits(vec![edit], request, whom, effects);
        }
    }

    pub(in crate::tui) fn plan_edits(
        &mut self,
        edits: Vec<Edit>,
        request: EditRequest,
        whom: Whom,
        effects: &mut Vec<Effect>,
    ) {
        let request = EditRequest { edits, ..request };
        let words = "Looking up what would change\u{2026}";
        self.look_up(words, Editing::Plan(request.clone()), Some((request, whom)), effects);
    }

    /// Asks the engine, behind a window that waits.
    pub(in crate::tui) fn look_up(
        &mut self,
        words: &'static str,
        asked: Editing,
        meant: Option<(EditRequest, Whom)>,
        effects: &mut Vec<Effect>,
    ) {
        let ticket = self.ticket();
        self.show(Waiting::new(ticket, Awaited::Edit { words, meant }));
        effects.push(Effect::Editing(ticket, asked));
    }

    /// Takes what came of a step of changing contacts, if it is still wanted.
    pub(in crate::tui) fn edited(
        &mut self,
        ticket: Ticket,
        answer: Result<Edited, EngineError>,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(Awaited::Edit { meant, .. }) = self.take_awaited(ticket) {
            match (answer, meant) {
                (Err(error), _) => {
                    self.show(Message::of("That can't be done; nothing was changed", &error));
                }
                (Ok(Edited::Planned(plan)), Some((_, whom))) => self.ask_edit(plan, whom),
                (Ok(Edited::Labels(known, total)), Some((request, whom))) => {
                    self.show(Labels::new(Of::Many(Box::new(request), whom), known, total));
                }
                (Ok(Edited::Labels(known, _)), None) => self.open_card_labels(known),
                (Ok(Edited::Card(card)), _) => self.open_card_form(card),
                (Ok(Edited::Preview(cards, preview)), _) => self.open_merge(cards, *preview),
                (Ok(Edited::Groups(plan)), _) => self.open_groups(plan),
                (Ok(_), _) => {}
            }
            return;
        }
        match answer {
            Ok(Edited::Sharing(ids)) => self.card.take_sharing(ticket, Some(ids)),
            answer if self.card.waits_for_sharing(ticket) => {
                self.card.take_sharing(ticket, answer.ok().map(|_| Vec::new()));
            }
            answer if self.takes_form_answer(ticket) => self.form_answered(answer, effects),
            answer if self.takes_merge_answer(ticket) => self.merge_answered(answer),
            answer if self.takes_groups_answer(ticket) => self.groups_answered(answer),
            answer if self.takes_changes_answer(ticket) => self.changes_answered(answer),
            Ok(Edited::Done(job)) => {
                if self.spending.take_if(|spending| *spending == Spending::Deed).is_some() {
                    self.search.marked = std::sync::Arc::default();
                }
                self.group_merged();
                let words = format!("Job #{job} has started; {} when it is done.", self.undoes_it());
                self.say_begun(job, words);
                effects.push(Effect::Jobs);
            }
            Ok(_) => {}
            // It was given up.
            Err(error) if error.kind() == ErrorKind::Cancelled => {}
            Err(error) => {
                self.spending = None;
                self.trouble_with("That was not done; nothing was changed", &error);
            }
        }
    }

    /// Puts the plan of an edit before the user.
    fn ask_edit(&mut self, plan: Box<EditPlan>, whom: Whom) {
        let lists = self.lists.overview.as_ref();
        let lists: Vec<_> =
            lists.map(|all| all.lists.iter().map(|(list, _)| list.clone()).collect()).unwrap_or_default();
        let words: Vec<String> = plan.request.edits.iter().map(|edit| edit.words(&lists)).collect();
        let until = self.until(plan.retention_days);
        let ask =
            BulkEdit { plan, whom, words: words.join(", "), until, typed: Line::default(), seen: false, note: None };
        self.show(ask);
    }

    /// Until when what is kept for so many days can be undone, in words.
    pub(in crate::tui) fn until(&self, retention_days: u32) -> String {
        let days = jiff::Span::new().days(i64::from(retention_days.min(100_000)));
        match (retention_days, self.today.date().checked_add(days)) {
            (1.., Ok(day)) => format!("until {day}"),
            _ => "at any time".to_owned(),
        }
    }

    /// Gives a key to the question before an edit.
    fn edit_ask_key(&mut self, mut ask: Box<BulkEdit>, press: &Press, effects: &mut Vec<Effect>) {
        match ask.press(press.key, press.action) {
            Verdict::Open => self.modals.push(Modal::BulkEdit(ask)),
            Verdict::Close => self.say(Tone::Done, "Nothing was changed."),
            Verdict::Do(()) => {
                if matches!(ask.whom, Whom::Marked { .. }) {
                    self.spending = Some(Spending::Deed);
                }
                let ticket = self.ticket();
                effects.push(Effect::Editing(ticket, Editing::Start(ask.plan)));
            }
        }
    }
}
