//! Accounts: the live address books that are lists of the book.

use super::types::{AccountAdded, AccountView, Check, Pulled};
use super::{Result, Right, Session};
use crate::domain::account::Account;
use crate::domain::contact::{List, ListId};

impl Session {
    /// Every account with its lists.
    pub fn accounts(&self) -> Result<Vec<AccountView>> {
        self.need(Right::Read)?;
        self.engine()?.accounts()
    }

    /// Takes an account in: its address books become lists, and their contacts are read.
    pub fn add_account(&self, account: &Account, tell: &mut dyn FnMut(u64, u64)) -> Result<AccountAdded> {
        self.need(Right::Admin)?;
        self.engine()?.add_account(account, tell)
    }

    /// Whether an account works, step by step.
    pub fn check_account(&self, name: &str) -> Result<Vec<Check>> {
        self.need(Right::Admin)?;
        self.engine()?.check_account(name)
    }

    /// Takes over what changed in an account, or in all of them; `believe` takes a listing over that lacks so much
    /// that it is asked about.
    pub fn pull(&self, account: Option<&str>, believe: bool, tell: &mut dyn FnMut(u64, u64)) -> Result<Vec<Pulled>> {
        self.need(Right::ModifyContacts)?;
        self.engine()?.pull(account, believe, tell)
    }

    /// Takes over what changed in one live list.
    pub fn pull_list(&self, list: ListId) -> Result<Pulled> {
        self.need(Right::ModifyContacts)?;
        self.engine()?.pull_list(list)
    }

    /// Lets go of an account: its lists become ordinary ones. False where it still stands in the configuration.
    pub fn remove_account(&self, name: &str) -> Result<(Vec<List>, bool)> {
        self.need(Right::Admin)?;
        self.engine()?.remove_account(name)
    }
}
