//! What keys do in the window that takes an account in, and what its answers lead to.

use crate::tui::app::effect::{AccountDeed, Effect};
use crate::tui::app::event::{AccountDone, Answered, Ticket, Told};
use crate::tui::app::model::{Model, Tone};
use crate::tui::windows::Modal;
use crate::tui::windows::account_form::{AccountForm, Books, Next, Stage};
use crate::tui::windows::keys::{Keys, Press};

impl Keys for AccountForm {
    fn on_key(mut self: Box<Self>, press: Press, model: &mut Model, effects: &mut Vec<Effect>) {
        match self.press(press.key, press.action) {
            Next::Stay => {}
            Next::Back => match self.stage {
                Stage::Typing => return,
                Stage::Looking(_) | Stage::Books(_) => self.stage = Stage::Typing,
                // What was read until then stays; a pull reads the rest.
                Stage::Adding(ticket, _) => effects.push(Effect::Stop(ticket)),
            },
            Next::Look(account, password) => {
                let ticket = model.ticket();
                self.stage = Stage::Looking(ticket);
                effects.push(Effect::Account(ticket, AccountDeed::Find(account, password)));
            }
            Next::Add(account) => {
                let ticket = model.ticket();
                self.stage = Stage::Adding(ticket, Told::default());
                effects.push(Effect::Account(ticket, AccountDeed::Add(account)));
            }
        }
        model.modals.push(Modal::AccountForm(self));
    }

    fn on_paste(&mut self, text: &str, _: &Model) {
        self.paste(text);
    }
}

impl Model {
    fn account_form(&mut self) -> Option<&mut AccountForm> {
        self.modals.iter_mut().find_map(|modal| match modal {
            Modal::AccountForm(form) => Some(&mut **form),
            _ => None,
        })
    }

    /// Whether the form waits for this answer.
    pub(in crate::tui) fn account_form_waits(&mut self, ticket: Ticket) -> bool {
        self.account_form().is_some_and(|form| match form.stage {
            Stage::Looking(asked) | Stage::Adding(asked, _) => asked == ticket,
            Stage::Typing | Stage::Books(_) => false,
        })
    }

    /// Takes how far the reading of a new account is.
    pub(in crate::tui) fn account_form_told(&mut self, ticket: Ticket, now: Told) {
        if let Some(AccountForm { stage: Stage::Adding(asked, told), .. }) = self.account_form()
            && *asked == ticket
        {
            *told = now;
        }
    }

    /// Takes what the account answered.
    pub(in crate::tui) fn take_for_form(&mut self, answer: Answered<AccountDone>, effects: &mut Vec<Effect>) {
        let Some(form) = self.account_form() else { return };
        match answer {
            Ok(AccountDone::Found(found)) => form.stage = Stage::Books(Books { found, cursor: 0 }),
            Ok(AccountDone::Added(words)) => {
                self.modals.retain(|modal| !matches!(modal, Modal::AccountForm(_)));
                self.accounts_are_stale();
                self.say(Tone::Done, words);
                effects.extend([Effect::Book, Effect::Jobs]);
            }
            Ok(_) => {}
            Err(error) => {
                form.stage = Stage::Typing;
                form.note = Some(error.message.clone());
                // A list may have been made all the same, and be read later.
                self.accounts_are_stale();
                effects.push(Effect::Book);
            }
        }
    }
}
