//! Changing and adding cards: opening the form, what it picks from, saving it, what came of it.
//!
//! A card is written by [`Editing::Save`] and [`Editing::Add`] alone. The form stays open until it is saved.

use crate::domain::contact::{Contact, ListId, ListKind, Tag};
use crate::domain::edit::{Edit, apply_all};
use crate::domain::plans::EditRequest;
use crate::domain::query::{Scope, Selection};
use crate::engine::EngineError;
use crate::tui::app::effect::{Editing, Effect};
use crate::tui::app::event::{Edited, Ticket};
use crate::tui::app::model::{Model, Tone};
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::windows::Modal;
use crate::tui::windows::card_form::contact_diff::tag_words;
use crate::tui::windows::card_form::{Form, FormDeed};
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::labels::{Labels, Of};
use crate::tui::windows::picker::{Choice, Entry, Picker, Put};
use crate::tui::windows::prompt::{Prompt, Typed};
use crate::tui::windows::verdict::Verdict;

impl Keys for Form {
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        model.form_key(self, press.key, press.action, effects);
    }

    fn on_paste(&mut self, text: &str, model: &Model) {
        self.paste(text, &model.vocabulary);
    }
}

impl Model {
    /// Reads the card that is meant, to change it.
    pub(in crate::tui) fn edit_card(&mut self, effects: &mut Vec<Effect>) {
        if self.in_trash() {
            self.say(Tone::Refused, "What is in the trash can't be edited; restore it first.");
            return;
        }
        match self.meant() {
            Some(id) => self.look_up("Reading the card\u{2026}", Editing::Card(id), None, effects),
            None => self.say(Tone::Refused, "There is no contact under the cursor."),
        }
    }

    /// Opens the form of a card.
    pub(in crate::tui) fn open_card_form(&mut self, card: Option<Box<Contact>>) {
        let Some(card) = card else {
            self.say(Tone::Refused, "The contact is gone.");
            return;
        };
        if let Some(list) = self.account_list(card.list) {
            let words = format!("{list} is read-only: it mirrors an account; nothing was changed.");
            self.say(Tone::Refused, words);
            return;
        }
        self.show(Form::of(*card, &self.vocabulary));
    }

    fn account_list(&self, id: ListId) -> Option<String> {
        self.lists.list(id).filter(|list| list.kind == ListKind::Account).map(|list| list.name.clone())
    }

    /// Opens an empty form: in the list that is open, else in the one that is picked.
    pub(in crate::tui) fn add_card(&mut self) {
        match self.search.scope {
            Scope::List(list) if self.account_list(list).is_none() => self.open_new_card(list),
            Scope::List(_) | Scope::Book | Scope::Trash => self.pick_list(Put::Add),
        }
    }

    /// Opens an empty form for this list.
    pub(in crate::tui) fn open_new_card(&mut self, list: ListId) {
        self.show(Form::new(list, &self.vocabulary));
    }

    /// Gives a key to the form.
    fn form_key(&mut self, mut form: Box<Form>, key: Key, action: Option<Action>, effects: &mut Vec<Effect>) {
        let verdict = form.press(key, action, self.window_rows(), &self.vocabulary);
        match verdict {
            Verdict::Close => self.say(Tone::Done, "Nothing was changed."),
            Verdict::Do(FormDeed::Save) if !form.is_changed() => {
                self.say(Tone::Done, "The card is so already; nothing was changed.");
            }
            Verdict::Do(FormDeed::Save) => {
                let ticket = self.ticket();
                form.waiting = Some(ticket);
                let contact = Box::new(form.contact.clone());
                let step = if form.adding { Editing::Add(contact) } else { Editing::Save(contact, form.base.revision) };
                effects.push(Effect::Editing(ticket, step));
                self.modals.push(Modal::Form(form));
            }
            Verdict::Open => self.modals.push(Modal::Form(form)),
            Verdict::Do(FormDeed::Labels) => {
                let selection = Selection::ids(vec![form.base.id]);
                self.modals.push(Modal::Form(form));
                let request = EditRequest { selection, excluded: Vec::new(), edits: Vec::new() };
                self.look_up("Looking up the labels\u{2026}", Editing::Labels(request), None, effects);
            }
            Verdict::Do(FormDeed::List) => {
                self.modals.push(Modal::Form(form));
                self.pick_list(Put::Card);
            }
            Verdict::Do(FormDeed::Tag) => {
                let now = form.row().map_or(Tag::Untagged, |row| row.tag);
                self.modals.push(Modal::Form(form));
                let entry = |tag: Tag| Entry {
                    label: if tag == Tag::Untagged { "not said".to_owned() } else { tag_words(tag).to_owned() },
                    note: String::new(),
                    keys: String::new(),
                    choice: Choice::Tag(tag),
                };
                let at = Tag::ALL.iter().position(|tag| *tag == now).unwrap_or(0);
                let picker = Picker::new("What it is for", Tag::ALL.into_iter().map(entry).collect(), at);
                self.show(picker);
            }
            Verdict::Do(FormDeed::Custom) => {
                self.modals.push(Modal::Form(form));
                let words = "A field of your own. Where the book has one of this name, its kind counts.";
                let prompt = Prompt::new("Add a field".to_owned(), words, "name", Typed::CustomField);
                self.show(prompt);
            }
        }
    }

    /// Opens the labels of the form: its own first, then those of the book.
    pub(in crate::tui) fn open_card_labels(&mut self, book: Vec<(String, u64)>) {
        let Some(form) = self.form_below() else { return };
        let mut known: Vec<(String, u64)> = form.labels.iter().map(|label| (label.clone(), 1)).collect();
        known.extend(book.into_iter().filter(|(name, _)| !form.labels.contains(name)).map(|(name, _)| (name, 0)));
        self.show(Labels::new(Of::Card, known, 1));
    }

    fn form_below(&mut self) -> Option<&mut Form> {
        self.modals.iter_mut().rev().find_map(|modal| match modal {
            Modal::Form(form) => Some(form.as_mut()),
            _ => None,
        })
    }

    /// Takes what was picked for the labels of the form.
    pub(in crate::tui) fn take_card_labels(&mut self, edits: &[Edit]) {
        let vocabulary = self.vocabulary.clone();
        let Some(form) = self.form_below() else { return };
        let labels = Contact { labels: form.labels.clone(), ..Contact::default() };
        if let Some(changed) = apply_all(edits, &labels) {
            form.labels = changed.labels;
            form.read(&vocabulary);
        }
    }

    /// Takes the list that was picked for the form.
    pub(in crate::tui) fn take_card_list(&mut self, list: ListId) {
        let vocabulary = self.vocabulary.clone();
        if let Some(form) = self.form_below() {
            form.list = list;
            form.read(&vocabulary);
        }
    }

    /// Takes the tag that was picked for the form.
    pub(in crate::tui) fn take_card_tag(&mut self, tag: Tag) {
        let vocabulary = self.vocabulary.clone();
        if let Some(form) = self.form_below() {
            form.tag(tag, &vocabulary);
        }
    }

    /// Takes the name of a custom field for the form.
    pub(in crate::tui) fn take_custom_field(&mut self, name: &str) {
        let vocabulary = self.vocabulary.clone();
        if let Some(form) = self.form_below() {
            form.add_custom(name, &vocabulary);
        }
    }

    /// Whether this answer is the open form's.
    pub(in crate::tui) fn takes_form_answer(&self, ticket: Ticket) -> bool {
        self.modals.iter().any(|modal| matches!(modal, Modal::Form(form) if form.waiting == Some(ticket)))
    }

    /// Takes what came of saving: the form closes, or says why not.
    pub(in crate::tui) fn form_answered(&mut self, answer: Result<Edited, EngineError>, effects: &mut Vec<Effect>) {
        let vocabulary = self.vocabulary.clone();
        let Some(at) = self.modals.iter().rposition(|modal| matches!(modal, Modal::Form(_))) else { return };
        let Some(Modal::Form(form)) = self.modals.get_mut(at) else { return };
        form.waiting = None;
        match answer {
            Ok(Edited::Done(job)) => {
                let what = if form.adding { "Added" } else { "Saved" };
                self.modals.truncate(at);
                self.say(Tone::Done, format!("{what} as job #{job}; {}.", self.undoes_it()));
                effects.push(Effect::Jobs);
            }
            Ok(Edited::ChangedMeanwhile(now)) => form.rebase(*now, &vocabulary),
            Ok(_) => {}
            Err(error) => form.note = Some(format!("Not saved: {}", error.message)),
        }
    }
}
