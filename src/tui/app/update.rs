//! What an event does to the model, and what the model then wants.
//!
//! One way through: the event changes the state, then [`Model::settle`] compares what the panes show
//! with what was asked, and asks for the rest.

use crate::domain::criteria::Criteria;
use crate::domain::display::thousands;
use crate::domain::job::{Job, JobType};
use crate::engine::answer::EngineEvent;
use crate::tui::app::effect::Effect;
use crate::tui::app::event::Event;
use crate::tui::app::model::{Focus, Model, Stale, Tone};
use crate::tui::input::key::{Code, Key};
use crate::tui::panes::card;
use crate::tui::panes::search::pasted::clause_of_addresses;
use crate::tui::panes::search::query_line::Query;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::message::Message;

/// From how many milliseconds on the end of a job is told to who may be looking elsewhere.
const LONG: i64 = 10_000;

/// How many milliseconds a job took.
fn took(job: &Job) -> i64 {
    job.finished.map_or(0, |finished| finished.0.saturating_sub(job.started.0))
}

impl Model {
    /// What the model wants before anything has happened.
    pub fn start(&mut self) -> Vec<Effect> {
        let mut effects = vec![Effect::Kept, Effect::Book, Effect::Jobs];
        self.settle(&mut effects);
        effects
    }

    /// Takes an event: the state changes, and what is wanted comes back.
    pub fn step(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::Tick { now } => {
                self.now = now;
                self.changed |= self.search.tick(now);
                let before = self.pulling.is_some();
                self.settle_following(&mut effects);
                self.changed |= before != self.pulling.is_some();
                return effects;
            }
            Event::Drawn => {
                self.drawn();
                return effects;
            }
            Event::Key(key) => self.key(key, &mut effects),
            Event::Click { x, y } => self.click(x, y, &mut effects),
            Event::Wheel { x, y, down } => self.wheel(x, y, down, &mut effects),
            Event::Paste(text) => self.paste(&text),
            Event::Resize { width, height } => self.size = (width, height),
            Event::Resumed => effects.push(Effect::Redraw),
            Event::Answer(answer) => self.answer(answer, &mut effects),
            Event::Engine(event) => self.engine_event(event, &mut effects),
        }
        self.changed = true;
        self.settle(&mut effects);
        effects
    }

    /// Notes that the user can have seen the window on top.
    fn drawn(&mut self) {
        if let Some(top) = self.modals.last_mut() {
            top.drawn();
        }
    }

    fn key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        self.status = None;
        let action = self.keymap.action(self.layer(), key);
        // Esc and a character that follow each other closely reach us as one key with alt.
        if let (None, true, Code::Char(_)) = (action, key.alt, key.code) {
            self.key(Key::plain(Code::Esc), effects);
            self.key(Key { alt: false, ..key }, effects);
            return;
        }
        if self.modals.is_empty() {
            if let Some(action) = action {
                self.act(action, effects);
            } else if let (Focus::Line, Some(c)) = (self.focus, key.typed()) {
                self.search.line.insert(c);
                self.line_edited();
            }
        } else {
            self.window_key(key, action, effects);
        }
    }

    fn paste(&mut self, text: &str) {
        self.status = None;
        if self.modals.is_empty() {
            self.focus_line();
            self.paste_into_line(text);
            self.line_edited();
        } else {
            self.window_paste(text);
        }
    }

    /// Puts pasted text into the query line; a list of addresses becomes the clause that holds for all of them.
    fn paste_into_line(&mut self, text: &str) {
        let Some((clause, n)) = clause_of_addresses(text) else { return self.search.line.paste(text) };
        let before = self.search.line.text().trim_end();
        let line = if before.is_empty() { clause } else { format!("{before} {clause}") };
        if line.chars().count() > Line::LIMIT {
            let most = thousands(Line::LIMIT as u64);
            let words = format!(
                "{} addresses are more than the line's {most} characters; nothing was pasted.",
                thousands(n as u64)
            );
            return self.say(Tone::Refused, words);
        }
        self.search.line.set(&line);
        self.say(Tone::Done, format!("{} addresses as one clause.", thousands(n as u64)));
    }

    /// The query line was typed in.
    pub(in crate::tui) fn line_edited(&mut self) {
        self.search.history.changed();
        self.line_changed();
    }

    /// Reads the query line anew; what changes is asked by [`Model::settle`].
    pub(in crate::tui) fn line_changed(&mut self) {
        let before = self.search.criteria().cloned();
        let was_empty = matches!(self.search.query, Query::Empty);
        self.search.read(&self.vocabulary, &self.today);
        let is_empty = matches!(self.search.query, Query::Empty);
        if before.as_ref() != self.search.criteria() || was_empty != is_empty {
            self.search.rewind();
        }
    }

    fn engine_event(&mut self, event: EngineEvent, effects: &mut Vec<Effect>) {
        match event {
            EngineEvent::Loading(loading) => {
                let done = loading.complete && !self.loading.complete;
                self.loading = loading;
                // While it grows, one question at a time is enough.
                self.stale.search |= done || self.search.waiting.is_none();
                self.stale.counts |= self.stale.search;
                if done {
                    effects.push(Effect::Book);
                }
            }
            EngineEvent::Changed => {
                self.stale = Stale::ALL;
                self.trash.stale();
                self.reread_addresses();
                effects.push(Effect::Book);
            }
            EngineEvent::Job(view) => {
                let (id, over) = (view.job.id, view.job.status.is_over());
                let known = self.jobs.job(view.job.id).map(|job| job.status.is_over());
                // One that was at work before this program looked has nothing to tell it.
                if over && known == Some(false) && view.job.kind == JobType::Import {
                    effects.push(Effect::ImportAnswer(view.job.id));
                }
                if over && known == Some(false) && took(&view.job) >= LONG {
                    effects.extend(self.jobs.ended(&view.job).map(Effect::Tell));
                }
                self.jobs.update(*view);
                self.say_ended(id);
                if over && known != Some(true) {
                    self.stale = Stale::ALL;
                    effects.extend([Effect::Book, Effect::Jobs]);
                }
            }
            EngineEvent::Stopped { job, error } => {
                let title = format!("Job #{job} had to stop; what it did not reach is untouched");
                self.show(Message::of(&title, &error));
                effects.push(Effect::Jobs);
            }
            EngineEvent::Broken(error) => self.trouble = Some(error),
        }
    }

    /// Brings panes and questions in step: sizes, scroll positions, and whatever has to be asked.
    pub(in crate::tui) fn settle(&mut self, effects: &mut Vec<Effect>) {
        if let Some(geometry) = self.geometry() {
            self.search.height = usize::from(geometry.rows).max(1);
            self.search.scroll_clauses(usize::from(geometry.clauses), self.focus == Focus::Clauses);
            self.jobs.scroll_to(usize::from(geometry.jobs.inner().height), self.focus == Focus::Jobs);
        }
        self.search.move_to(self.search.cursor);
        if self.focus != Focus::Line && self.search.query.good().is_some() {
            let line = self.search.line.text();
            if self.search.history.keep_line(line) {
                effects.push(Effect::KeepLine(line.to_owned()));
            }
        }
        self.settle_search(effects);
        self.settle_counts(effects);
        self.settle_card(effects);
        self.settle_sharing(effects);
        self.settle_trash(effects);
        self.settle_windows(effects);
        if self.quits_when_done && self.jobs.at_work().is_empty() {
            effects.push(Effect::Quit);
        }
    }

    fn settle_search(&mut self, effects: &mut Vec<Effect>) {
        let request = self.search.request();
        let same = self.asked.as_ref().is_some_and(|asked| {
            let mut page = request.clone();
            page.query.page = asked.query.page;
            page == *asked
        });
        let stale = self.stale.search;
        let page = same && self.search.error.is_none() && self.search.needs_page();
        if same && !page && !stale {
            return;
        }
        self.stale.search = false;
        let ticket = self.ticket();
        self.asked = Some(request.clone());
        self.search.asked(ticket, request.clone(), self.now);
        effects.push(Effect::Search(ticket, request));
    }

    fn settle_card(&mut self, effects: &mut Vec<Effect>) {
        if self.focus != Focus::Card {
            self.card.pinned = None;
        }
        let wanted = self.meant();
        let clauses = self.search.criteria().map(card::to_ask).unwrap_or_default();
        let rows_on_the_way = wanted.is_none() && self.search.waiting.is_some();
        let same = wanted == self.card.wanted && clauses == self.card.asked;
        if rows_on_the_way || (same && !self.stale.card) {
            return;
        }
        self.stale.card = false;
        self.card.sharing = None;
        if wanted != self.card.wanted {
            self.card.scroll = 0;
        }
        self.card.wanted = wanted;
        self.card.asked.clone_from(&clauses);
        if let Some(id) = wanted {
            let ticket = self.ticket();
            self.card.waiting = Some(ticket);
            effects.push(Effect::Card(ticket, id, clauses.into_iter().map(Criteria::Clause).collect()));
        } else {
            (self.card.contact, self.card.waiting) = (None, None);
        }
    }
}
