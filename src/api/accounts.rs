//! Accounts: the live address books that are lists of the book.

use super::types::{AccountAdded, AccountView, Check, FoundList, PullAnswer};
use super::{ApiError, Cancel, Code, Result, Right, Session};
use crate::domain::account::{Account, Password};
use crate::domain::contact::{List, ListId};

impl Session {
    /// Every account with its lists.
    pub fn accounts(&self) -> Result<Vec<AccountView>> {
        self.need(Right::Read)?;
        self.engine()?.accounts()
    }

    /// The address books of an account that need not be known yet; those that would become lists are marked.
    pub fn address_books(&self, account: &Account) -> Result<Vec<FoundList>> {
        self.need(Right::Admin)?;
        self.engine()?.address_books(account)
    }

    /// What tells of the live lists that are folders whether anything came, went or was replaced there.
    pub fn folder_marks(&self) -> Result<Vec<(ListId, u64)>> {
        self.need(Right::Read)?;
        self.engine()?.folder_marks()
    }

    /// Keeps the password that somebody typed for an account, until the program ends.
    pub fn give_password(&self, account: &str, password: &Password) -> Result<()> {
        self.need(Right::Admin)?;
        self.engine()?.give_password(account, password);
        Ok(())
    }

    /// Takes an account in: its address books become lists, and their contacts are read.
    pub fn add_account(
        &self,
        account: &Account,
        cancel: &Cancel,
        tell: &mut dyn FnMut(u64, u64),
    ) -> Result<AccountAdded> {
        self.need(Right::Admin)?;
        self.engine()?.add_account(account, cancel, tell)
    }

    /// Whether an account works, step by step.
    pub fn check_account(&self, name: &str) -> Result<Vec<Check>> {
        self.need(Right::Admin)?;
        self.engine()?.check_account(name)
    }

    /// Takes over what changed in an account, or in all of them; `believe` takes a listing over that lacks so much
    /// that it is asked about. What fails in one account holds up no other.
    pub fn pull(
        &self,
        account: Option<&str>,
        believe: bool,
        cancel: &Cancel,
        tell: &mut dyn FnMut(u64, u64),
    ) -> Result<PullAnswer> {
        self.need(Right::ModifyContacts)?;
        self.engine()?.pull(account, believe, cancel, tell)
    }

    /// Takes over a listing of an account that lacks exactly so many contacts, and no other.
    pub fn pull_believing(
        &self,
        account: &str,
        count: u64,
        cancel: &Cancel,
        tell: &mut dyn FnMut(u64, u64),
    ) -> Result<PullAnswer> {
        let answer = self.pull(Some(account), false, cancel, tell)?;
        let lacks = answer.failed.first().map(|(_, error)| error.code.clone());
        match lacks {
            Some(Code::ListingLacks { gone, .. }) if gone == count => self.pull(Some(account), true, cancel, tell),
            Some(Code::ListingLacks { gone, .. }) => {
                let said = format!("it lacks {gone} contacts, not {count}; nothing was changed");
                Err(ApiError::of(Code::WrongCount { expected: count, found: gone }, said))
            }
            Some(_) | None => Ok(answer),
        }
    }

    /// Takes over what changed in one live list.
    pub fn pull_list(&self, list: ListId, cancel: &Cancel, tell: &mut dyn FnMut(u64, u64)) -> Result<PullAnswer> {
        self.need(Right::ModifyContacts)?;
        self.engine()?.pull_list(list, cancel, tell)
    }

    /// Lets go of an account: its lists become ordinary ones. False where it still stands in the configuration.
    pub fn remove_account(&self, name: &str) -> Result<(Vec<List>, bool)> {
        self.need(Right::Admin)?;
        self.engine()?.remove_account(name)
    }
}
