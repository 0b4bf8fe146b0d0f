//! What is done with a text that was typed into a window: files, names, rates, addresses.

use std::num::NonZeroU32;

use crate::domain::account::Password;
use crate::domain::contact::JobId;
use crate::engine::EngineError;
use crate::tui::app::effect::{AccountDeed, Effect, Wish};
use crate::tui::app::event::{Ticket, Wished};
use crate::tui::app::model::{Model, Tone};
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::windows::Modal;
use crate::tui::windows::ask::{Ask, Deed};
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::prompt::{Prompt, Typed};
use crate::tui::windows::verdict::Verdict;

impl Keys for Prompt {
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        model.prompt_key(self, press.key, press.action, effects);
    }

    fn on_paste(&mut self, text: &str, _: &Model) {
        self.line.paste(text);
    }
}

impl Model {
    /// Asks for the file that a plan is saved as.
    pub(in crate::tui) fn ask_plan_file(&mut self) {
        let words = "The plan as it is shown. Nothing is deleted; cardfile delete --apply FILE carries it out.";
        let prompt = Prompt::new("Save the plan".to_owned(), words, "file", Typed::SavePlan);
        self.show(prompt.with("plan.json"));
    }

    /// Asks for the rate of the job that would be started.
    pub(in crate::tui) fn ask_rate(&mut self, now: Option<NonZeroU32>) {
        let words = "Contacts a second. Empty: no limit.";
        let prompt = Prompt::new("Limit the speed".to_owned(), words, "rate", Typed::Rate);
        let text = now.map_or_else(String::new, |rate| rate.to_string());
        self.show(prompt.with(&text));
    }

    /// Gives a key to the window.
    fn prompt_key(&mut self, mut prompt: Box<Prompt>, key: Key, action: Option<Action>, effects: &mut Vec<Effect>) {
        match prompt.press(key, action) {
            Verdict::Open => self.modals.push(Modal::Prompt(prompt)),
            Verdict::Close => {}
            Verdict::Do(()) => {
                if let Typed::Password(account) = &prompt.typed {
                    // As it was typed: a blank may be part of it.
                    let deed = AccountDeed::Give(account.clone(), Password::new(prompt.line.text()));
                    let ticket = self.ticket();
                    return effects.push(Effect::Account(ticket, deed));
                }
                let text = prompt.line.text().trim().to_owned();
                let wish = match prompt.typed.clone() {
                    Typed::Password(_) => return,
                    Typed::Rate => return self.take_rate(prompt, &text),
                    Typed::Resubscribe => return self.ask_resubscribe(text),
                    Typed::CustomField => return self.take_custom_field(&text),
                    Typed::SavePlan => match self.modals.last() {
                        Some(Modal::Confirm(confirm)) => Wish::SavePlan(confirm.plan.clone(), text),
                        _ => return,
                    },
                    Typed::Report(job) => Wish::Report { job, path: text, replace: false },
                    Typed::CreateList(kind) => Wish::CreateList(text, kind),
                    Typed::RenameList(from) => Wish::RenameList { from, to: text },
                    Typed::Unsubscribe => Wish::Unsubscribe(text.split_whitespace().map(str::to_owned).collect()),
                    Typed::ImportUnsubscribers => Wish::ImportUnsubscribers(text),
                };
                let ticket = self.ticket();
                prompt.waiting = Some(ticket);
                self.modals.push(Modal::Prompt(prompt));
                effects.push(Effect::Wish(ticket, wish));
            }
        }
    }

    fn take_rate(&mut self, mut prompt: Box<Prompt>, text: &str) {
        let digits: String = text.chars().filter(|c| !matches!(c, ',' | ' ' | '\u{202f}')).collect();
        let rate = match (digits.is_empty(), digits.parse::<NonZeroU32>()) {
            (true, _) => None,
            (false, Ok(rate)) => Some(rate),
            (false, Err(_)) => {
                prompt.note = Some("A rate is a number from 1 on, like 200.".to_owned());
                self.modals.push(Modal::Prompt(prompt));
                return;
            }
        };
        if let Some(Modal::Confirm(confirm)) = self.modals.last_mut() {
            confirm.rate = rate;
            confirm.seen = false;
        }
    }

    /// Takes what came of it: the window closes, or says why not.
    pub(in crate::tui) fn wished(
        &mut self,
        ticket: Ticket,
        answer: Result<Wished, EngineError>,
        effects: &mut Vec<Effect>,
    ) {
        let waits = |modal: &Modal| matches!(modal, Modal::Prompt(prompt) if prompt.waiting == Some(ticket));
        let at = self.modals.iter().position(waits);
        let prompt = at.and_then(|at| match self.modals.get_mut(at) {
            Some(Modal::Prompt(prompt)) => {
                prompt.waiting = None;
                Some((at, prompt.typed.clone()))
            }
            _ => None,
        });
        match (answer, prompt) {
            (Ok(Wished::Done(words)), prompt) => {
                if let Some((at, typed)) = prompt {
                    self.modals.remove(at);
                    if typed == Typed::SavePlan && matches!(self.modals.last(), Some(Modal::Confirm(_))) {
                        self.modals.pop();
                    }
                }
                self.say(Tone::Done, words);
                self.reread_addresses();
                effects.push(Effect::Book);
            }
            (Ok(Wished::FileIsThere(path)), Some((_, Typed::Report(job)))) => self.ask_to_replace(job, path),
            (Ok(Wished::FileIsThere(path)), Some((at, _))) => {
                if let Some(Modal::Prompt(prompt)) = self.modals.get_mut(at) {
                    prompt.note = Some(format!("{path} is there already; type another name."));
                }
            }
            (Ok(Wished::FileIsThere(path)), None) => self.say(Tone::Refused, format!("{path} is there already.")),
            (Err(error), _) => self.trouble_with("That was not done", &error),
        }
    }

    fn ask_to_replace(&mut self, job: JobId, path: String) {
        self.show(Ask {
            title: format!("Replace {path}?"),
            lines: vec![format!("{path} is there already."), "What it holds now would be gone.".to_owned()],
            no: "keep the file",
            yes: "replace it",
            deed: Deed::ReplaceReport(job, path),
            seen: false,
        });
    }

    /// Writes a report over a file, after a yes to that.
    pub(in crate::tui) fn replace_report(&mut self, job: JobId, path: String, effects: &mut Vec<Effect>) {
        let ticket = self.ticket();
        if let Some(Modal::Prompt(prompt)) = self.modals.last_mut() {
            prompt.waiting = Some(ticket);
        }
        effects.push(Effect::Wish(ticket, Wish::Report { job, path, replace: true }));
    }
}
