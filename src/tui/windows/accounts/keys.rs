//! Opening the accounts, what the keys of their window do, and taking over what changed where contacts live.

use crate::domain::contact::{ListId, ListKind};
use crate::domain::display::contacts;
use crate::domain::query::Scope;
use crate::engine::EngineError;
use crate::engine::answer::PullAnswer;
use crate::engine::error::{Code, ErrorKind};
use crate::tui::app::effect::{AccountDeed, Effect, PullOf};
use crate::tui::app::event::{AccountDone, Answered, Ticket, Told};
use crate::tui::app::model::{Focus, Model, Tone};
use crate::tui::input::action::Action;
use crate::tui::panes::lists::Entry;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::windows::Modal;
use crate::tui::windows::account_form::AccountForm;
use crate::tui::windows::accounts::{Accounts, Checks, Pulling};
use crate::tui::windows::ask::{Ask, Deed};
use crate::tui::windows::keys::{Keys, Press};
use crate::tui::windows::prompt::{Prompt, Typed};

impl Keys for Accounts {
    fn on_key(self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        model.accounts_key(self, press, effects);
    }

    fn asks(&mut self, _: &Model, ticket: Ticket) -> Option<Effect> {
        std::mem::take(&mut self.stale).then(|| {
            self.waiting = Some(ticket);
            Effect::Account(ticket, AccountDeed::List)
        })
    }
}

impl Model {
    /// Opens the accounts' window.
    pub(in crate::tui) fn open_accounts(&mut self) {
        self.show(Accounts::new());
    }

    fn accounts_key(&mut self, mut window: Box<Accounts>, press: Press, effects: &mut Vec<Effect>) {
        let current = window.current().cloned();
        let Some(action) = press.action else { return self.modals.push(Modal::Accounts(window)) };
        match action {
            Action::Back if window.checks.take().is_some() => {}
            Action::Back => return,
            Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::Top | Action::Bottom => {
                let last = window.all.as_ref().map_or(0, Vec::len).saturating_sub(1);
                window.cursor = moved(action, window.cursor, press.page, last);
            }
            Action::StopPull => self.stop_pull(effects),
            _ if self.read_only => self.say(Tone::Refused, "This book is read-only: nothing in it can be changed."),
            Action::PullAll => self.pull(PullOf::All, false, effects),
            Action::AddAccount => {
                self.modals.push(Modal::Accounts(window));
                return self.show(AccountForm::default());
            }
            _ => {
                let Some(account) = current else { return self.modals.push(Modal::Accounts(window)) };
                match action {
                    Action::Open => match account.lists.first() {
                        Some(of) => {
                            self.search.scope = Scope::List(of.list.id);
                            self.search.rewind();
                            self.focus = Focus::Results;
                            return;
                        }
                        None => self.say(Tone::Refused, "It has no list yet; a pull makes them."),
                    },
                    Action::Pull => self.pull(PullOf::Account(account.name), false, effects),
                    Action::CheckAccount => {
                        let ticket = self.ticket();
                        let found = Vec::new();
                        window.checks = Some(Checks { account: account.name.clone(), waiting: Some(ticket), found });
                        effects.push(Effect::Account(ticket, AccountDeed::Check(account.name)));
                    }
                    Action::GivePassword if account.is_asked_for => {
                        self.modals.push(Modal::Accounts(window));
                        return self.ask_password(&account.name);
                    }
                    Action::GivePassword => {
                        self.say(Tone::Refused, "Its password isn't typed: it comes from elsewhere.");
                    }
                    Action::RemoveAccount => {
                        self.modals.push(Modal::Accounts(window));
                        let n = account.lists.iter().map(|of| of.contacts).sum();
                        return self.ask_remove_account(account.name, n);
                    }
                    _ => {}
                }
            }
        }
        self.modals.push(Modal::Accounts(window));
    }

    fn ask_remove_account(&mut self, account: String, n: u64) {
        self.show(Ask {
            title: format!("Let go of {account}?"),
            lines: vec![
                format!("Its lists become ordinary ones: their {} stay here.", contacts(n)),
                "Where they live nothing is changed, and nothing more is taken over.".to_owned(),
            ],
            no: "keep it",
            yes: "let go of it",
            deed: Deed::RemoveAccount(account),
            seen: false,
        });
    }

    /// Asks for the password of an account; what was refused without it is to be done again.
    pub(in crate::tui) fn ask_password(&mut self, account: &str) {
        let words = "It is kept in memory until cardfile is quit, and written nowhere. Then do again what you wanted.";
        let title = format!("The password of {account}");
        self.show(Prompt::new(title, words, "password", Typed::Password(account.to_owned())));
    }

    /// Takes over what changed where the list under the cursor lives, else where all of them live.
    pub(in crate::tui) fn pull_here(&mut self, effects: &mut Vec<Effect>) {
        let scope = match self.search.scope {
            Scope::List(id) => self.lists.list(id).cloned(),
            Scope::Book | Scope::Trash => None,
        };
        let list = match self.lists.current() {
            Some(Entry::List(list, _)) if self.focus == Focus::Lists => Some(list),
            Some(_) | None => scope,
        };
        match list {
            Some(list) if list.kind.is_live() || list.kind == ListKind::Account => {
                self.pull(PullOf::List(list.id, list.name), false, effects);
            }
            Some(list) => {
                self.say(Tone::Refused, format!("{} lives here alone; there is nothing to take over.", list.name));
            }
            None => self.pull(PullOf::All, false, effects),
        }
    }

    /// Takes over what changed where contacts live; one thing at a time.
    pub(in crate::tui) fn pull(&mut self, of: PullOf, is_quiet: bool, effects: &mut Vec<Effect>) {
        if let Some(pulling) = &self.pulling {
            let words = pulling.words();
            return self.say(Tone::Refused, words);
        }
        let what = match &of {
            PullOf::All => "all accounts".to_owned(),
            PullOf::Account(name) | PullOf::Believe(name, _) | PullOf::List(_, name) => name.clone(),
        };
        let ticket = self.ticket();
        let pulling = Pulling { ticket, what, told: Told::default(), is_quiet };
        if !is_quiet {
            self.say(Tone::Done, pulling.words());
        }
        self.pulling = Some(pulling);
        effects.push(Effect::Account(ticket, AccountDeed::Pull(of)));
    }

    /// Stops what is being taken over.
    pub(in crate::tui) fn stop_pull(&mut self, effects: &mut Vec<Effect>) {
        match &self.pulling {
            Some(pulling) => effects.push(Effect::Stop(pulling.ticket)),
            None => self.say(Tone::Refused, "Nothing is being taken over."),
        }
    }

    /// Takes how far it is.
    pub(in crate::tui) fn pull_told(&mut self, ticket: Ticket, told: Told) {
        let Some(pulling) = self.pulling.as_mut().filter(|pulling| pulling.ticket == ticket) else { return };
        let before = pulling.words();
        pulling.told = told;
        let words = pulling.words();
        // Only what it says of itself is replaced.
        if self.status.as_ref().is_some_and(|status| status.text == before) {
            self.say(Tone::Done, words);
        }
    }

    /// Takes what an account answered.
    pub(in crate::tui) fn take_account(
        &mut self,
        ticket: Ticket,
        answer: Answered<AccountDone>,
        effects: &mut Vec<Effect>,
    ) {
        let marks = match &answer {
            Ok(AccountDone::Marks(marks)) => Some(marks.clone()),
            Ok(_) | Err(_) => None,
        };
        if self.take_marks(ticket, marks) {
            return;
        }
        if let Some(pulling) = self.pulling.take_if(|pulling| pulling.ticket == ticket) {
            self.accounts_are_stale();
            effects.extend([Effect::Book, Effect::Jobs]);
            match answer {
                Ok(AccountDone::Pulled(pulled)) => self.pulled(pulled, &pulling),
                Ok(_) => {}
                Err(_) if pulling.is_quiet => {}
                Err(error) => self.trouble_with("Nothing could be taken over", &error),
            }
            return;
        }
        if self.account_form_waits(ticket) {
            return self.take_for_form(answer, effects);
        }
        let mut windows = self.modals.iter_mut().filter_map(|modal| match modal {
            Modal::Accounts(window) => Some(window),
            _ => None,
        });
        let window = windows.find(|window| {
            let checks = window.checks.as_ref().and_then(|checks| checks.waiting);
            window.waiting == Some(ticket) || checks == Some(ticket)
        });
        match (window, answer) {
            (Some(window), Ok(AccountDone::List(all))) => {
                window.waiting = None;
                window.take(all);
            }
            (Some(window), Ok(AccountDone::Checked(found))) => {
                if let Some(checks) = &mut window.checks {
                    (checks.waiting, checks.found) = (None, found);
                }
                window.stale = true;
            }
            (_, Ok(AccountDone::Said(words))) => {
                self.accounts_are_stale();
                self.say(Tone::Done, words);
                effects.push(Effect::Book);
            }
            (Some(window), Err(error)) => {
                (window.waiting, window.checks) = (None, None);
                self.trouble_with("The accounts can't be read", &error);
            }
            (None, Err(error)) => self.trouble_with("That was not done", &error),
            (_, Ok(_)) => {}
        }
    }

    /// Has the accounts read again, where their window is open.
    pub(in crate::tui) fn accounts_are_stale(&mut self) {
        for modal in &mut self.modals {
            if let Modal::Accounts(window) = modal {
                window.stale = true;
            }
        }
    }

    /// Says what a pull came to; what only a person can decide is asked, unless nobody asked for the pull.
    fn pulled(&mut self, answer: PullAnswer, pulling: &Pulling) {
        let is_news = !answer.failed.is_empty() || answer.pulled.iter().any(|pulled| pulled.job.is_some());
        if pulling.is_quiet && !is_news {
            return;
        }
        if answer.failed.iter().any(|(_, error)| error.kind() == ErrorKind::Cancelled) {
            return self.say(Tone::Done, "Stopped; what was read before is taken over.");
        }
        let tone = if answer.failed.is_empty() { Tone::Done } else { Tone::Refused };
        let name = |id: ListId| self.lists.scope_name(Scope::List(id));
        let words = answer.words(name);
        self.say(tone, words);
        if pulling.is_quiet {
            return;
        }
        if let Some((account, error)) = answer.failed.into_iter().next() {
            self.ask_about(account, &error);
        }
    }

    fn ask_about(&mut self, account: String, error: &EngineError) {
        match &error.code {
            Code::Account { account, wants_password: true } => self.ask_password(&account.clone()),
            Code::ListingLacks { account: _, gone } => self.show(Ask {
                title: format!("Take over that {} are gone?", contacts(*gone)),
                lines: vec![
                    error.message.clone(),
                    "Look there first. What went would be in the trash here, and can be put back there.".to_owned(),
                ],
                no: "believe nothing, keep them",
                yes: "take it over",
                deed: Deed::Believe(account, *gone),
                seen: false,
            }),
            _ => self.trouble_with(&format!("{account} could not be brought in step"), error),
        }
    }
}
