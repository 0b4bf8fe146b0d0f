//! What the engine's answers do to the model. An answer to an older question is dropped.

use std::sync::Arc;

use crate::engine::EngineError;
use crate::engine::error::Code;
use crate::tui::app::effect::Effect;
use crate::tui::app::event::{Answer, Book, Card, Ticket};
use crate::tui::app::model::{Model, Spending, Tone};
use crate::tui::panes::search::columns::Columns;
use crate::tui::windows::message::Message;

impl Model {
    /// Takes an answer.
    #[allow(clippy::too_many_lines, reason = "one arm an answer, none of them longer than a few lines")]
    pub(in crate::tui) fn answer(&mut self, answer: Answer, effects: &mut Vec<Effect>) {
        match answer {
            Answer::Book(Ok(book)) => self.take_book(*book),
            Answer::Book(Err(error)) => self.trouble = Some(error),
            Answer::Search(ticket, answer) => {
                let loading = answer.as_ref().ok().map(|answer| answer.loading);
                if self.search.answered(ticket, answer.map(|answer| *answer)) {
                    if let Some(loading) = loading.filter(|loading| loading.done >= self.loading.done) {
                        self.loading = loading;
                    }
                    self.extend_range(effects);
                }
            }
            Answer::Counts(ticket, answer) => self.counts.answered(ticket, answer.ok()),
            Answer::Find(ticket, answer) => self.take_found(ticket, answer),
            Answer::Position(ticket, answer) => self.go_to(ticket, answer),
            Answer::Tallied(ticket, answer) => self.take_tally(ticket, answer),
            Answer::Qr(ticket, answer) => self.take_qr(ticket, answer),
            Answer::Fixes(ticket, answer) => self.take_fixes(ticket, answer),
            Answer::Values(ticket, values) => self.take_values(ticket, values),
            Answer::Card(ticket, answer) => self.take_card(ticket, answer),
            Answer::Ids(ticket, answer) => {
                let Some((_, purpose)) = self.ids.take_if(|(asked, _)| *asked == ticket) else { return };
                match answer {
                    Ok(ids) => self.take_ids(purpose, ids),
                    Err(error) => self.trouble_with("Nothing was marked", &error),
                }
            }
            Answer::Planned(ticket, answer) => self.planned(ticket, answer),
            Answer::Started(Ok(id)) => {
                self.search.excluded = Arc::default();
                if self.spending.take_if(|spending| *spending == Spending::Job).is_some() {
                    self.search.marked = Arc::default();
                }
                let words = format!("Job #{id} has started; {} when it is done.", self.undoes_it());
                self.say_begun(id, words);
                effects.push(Effect::Jobs);
            }
            Answer::Started(Err(error)) => self.trouble_with("The job was not started; nothing was deleted", &error),
            Answer::Jobs(Ok(jobs)) => {
                self.jobs.replace(jobs);
                if let Some(id) = self.status.as_ref().and_then(|status| status.about) {
                    self.say_ended(id);
                }
            }
            Answer::Jobs(Err(error)) | Answer::Kept(Err(error)) | Answer::Noted(Err(error)) => {
                self.say(Tone::Refused, error.message);
            }
            Answer::Failures(ticket, answer) => self.take_failures(ticket, answer),
            Answer::FailedIds(ticket, answer) => self.take_failed(ticket, answer),
            Answer::Who(ticket, answer) => self.take_who(ticket, answer),
            Answer::Log(ticket, answer) => self.take_log(ticket, answer),
            Answer::Unsubscribers(ticket, answer) => self.take_addresses(ticket, answer),
            Answer::Trashed(ticket, answer) => match answer {
                Ok(rows) => self.trash.answered(ticket, rows),
                Err(error) => {
                    self.trash.answered(ticket, Vec::new());
                    self.say(Tone::Refused, error.message);
                }
            },
            Answer::UndoPlanned(ticket, answer) => self.undo_planned(ticket, answer),
            Answer::ErasePlanned(ticket, answer) => self.erase_planned(ticket, answer),
            Answer::Wished(ticket, answer) => self.wished(ticket, answer, effects),
            Answer::Edited(ticket, answer) => self.edited(ticket, answer, effects),
            Answer::Folder(ticket, answer) => self.take_folder(ticket, answer),
            Answer::Previewed(ticket, answer) => self.previewed(ticket, answer),
            Answer::Told(ticket, told) => {
                self.told(ticket, told);
                self.fixes_told(ticket, told);
                self.waiting_told(ticket, told);
                self.search.told(ticket, told);
            }
            Answer::Tried(ticket, answer) => self.tried(ticket, answer),
            Answer::ImportStarted(ticket, answer) => self.import_started(ticket, answer, effects),
            Answer::Imported(id, answer) => self.imported(id, answer),
            Answer::Exported(ticket, answer) => self.exported(ticket, answer),
            Answer::People(ticket, answer) if self.copying.take_if(|asked| *asked == ticket).is_some() => {
                self.copy_people(answer, effects);
            }
            Answer::People(ticket, answer) if self.reads_group_cards(ticket) => self.take_group_cards(answer),
            Answer::People(ticket, answer) if self.reads_changing_contacts(ticket) => {
                self.take_changing_contacts(answer);
            }
            Answer::People(ticket, answer) => self.take_looked_through(ticket, answer),
            Answer::Account(ticket, answer) => self.take_account(ticket, answer, effects),
            Answer::Kept(Ok(kept)) => {
                self.search.history.recall(kept.lines);
                self.kept_columns = kept.columns;
                self.take_columns();
            }
            Answer::Noted(Ok(())) => {}
            Answer::Changed(Ok(words)) => {
                self.say(Tone::Done, format!("{words}; {}.", self.undoes_it()));
                effects.push(Effect::Jobs);
            }
            Answer::Begun(Ok((id, words))) => {
                if self.spending.take_if(|spending| *spending == Spending::Deed).is_some() {
                    self.search.marked = Arc::default();
                }
                self.say_begun(id, words);
                effects.push(Effect::Jobs);
            }
            Answer::Copied(Ok(words)) => self.say(Tone::Done, words),
            Answer::Copied(Err(words)) => self.say(Tone::Refused, words),
            Answer::Done(Ok(words)) => {
                if self.spending.take_if(|spending| *spending == Spending::Deed).is_some() {
                    self.search.marked = Arc::default();
                }
                if !words.is_empty() {
                    self.say(Tone::Done, words);
                }
                effects.push(Effect::Jobs);
            }
            Answer::Done(Err(error)) | Answer::Changed(Err(error)) | Answer::Begun(Err(error)) => {
                self.spending = None;
                self.trouble_with("That was not done", &error);
            }
        }
    }

    fn take_card(&mut self, ticket: Ticket, answer: Result<Option<Box<Card>>, EngineError>) {
        if self.card.waiting != Some(ticket) {
            return;
        }
        self.card.waiting = None;
        match answer {
            Ok(Some(card)) => {
                self.card.held = self.card.asked.iter().cloned().zip(card.held).collect();
                self.card.contact = Some(card.contact);
            }
            Ok(None) => self.card.contact = None,
            Err(error) => self.say(Tone::Refused, error.message),
        }
    }

    fn take_book(&mut self, book: Book) {
        self.trouble = None;
        self.book = book.name;
        self.read_only = book.read_only;
        self.place = book.place;
        self.now = book.today.now;
        let words_change = self.vocabulary != book.vocabulary || self.today.date() != book.today.date();
        self.today = book.today;
        self.vocabulary = book.vocabulary;
        self.lists.take(book.overview, book.whole);
        self.lists.move_to(self.lists.cursor);
        if words_change {
            self.search.read(&self.vocabulary, &self.today);
        }
        self.take_columns();
    }

    /// Takes the columns of earlier sessions, once it is known which fields there are.
    fn take_columns(&mut self) {
        if self.lists.overview.is_some()
            && let Some(text) = self.kept_columns.take()
        {
            self.search.columns = Columns::read(&text, &self.vocabulary);
        }
    }

    pub(in crate::tui) fn trouble_with(&mut self, title: &str, error: &EngineError) {
        self.show(Message::of(title, error));
        if let Code::Account { account, wants_password: true } = &error.code {
            self.ask_password(&account.clone());
        }
    }
}
