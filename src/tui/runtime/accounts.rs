//! The calls behind what the user does to accounts, with what to say of them.
//!
//! Called beside the loop, on threads of their own; every one of them may block on somebody else's server.

use crate::api::{ApiError, Cancel, Session};
use crate::domain::account::Account;
use crate::domain::display::contacts;
use crate::tui::app::effect::{AccountDeed, PullOf};
use crate::tui::app::event::{AccountDone, Told};

/// Does it; `tell` hears how far it is, and `cancel` stops it.
pub(super) fn account(
    api: &Session,
    deed: AccountDeed,
    cancel: &Cancel,
    tell: impl Fn(Told),
) -> Result<AccountDone, ApiError> {
    let mut told = |done, of| tell(Told { records: done, done, of });
    Ok(match deed {
        AccountDeed::List => AccountDone::List(api.accounts()?),
        AccountDeed::Look => AccountDone::Marks(api.folder_marks()?),
        AccountDeed::Check(name) => AccountDone::Checked(api.check_account(&name)?),
        AccountDeed::Pull(PullOf::All) => AccountDone::Pulled(api.pull(None, false, cancel, &mut told)?),
        AccountDeed::Pull(PullOf::Account(name)) => {
            AccountDone::Pulled(api.pull(Some(&name), false, cancel, &mut told)?)
        }
        AccountDeed::Pull(PullOf::List(list, _)) => AccountDone::Pulled(api.pull_list(list, cancel, &mut told)?),
        AccountDeed::Pull(PullOf::Believe(name, gone)) => {
            AccountDone::Pulled(api.pull_believing(&name, gone, cancel, &mut told)?)
        }
        AccountDeed::Give(name, password) => {
            api.give_password(&name, &password)?;
            AccountDone::Said(format!("The password of {name} is kept until cardfile is quit."))
        }
        AccountDeed::Find(account, password) => {
            let account = whole(*account)?;
            if let Some(password) = password {
                api.give_password(&account.name, &password)?;
            }
            AccountDone::Found(api.address_books(&account)?)
        }
        AccountDeed::Add(account) => {
            let account = whole(*account)?;
            let added = api.add_account(&account, cancel, &mut told)?;
            let n = added.pulled.iter().map(|pulled| pulled.added).sum();
            AccountDone::Added(format!("Added {}: {}.", account.name, contacts(n)))
        }
        AccountDeed::Remove(name) => {
            let (_, forgotten) = api.remove_account(&name)?;
            let rest = if forgotten { "" } else { " It still stands in config.toml." };
            AccountDone::Said(format!("Let go of {name}; nothing was changed where it lives.{rest}"))
        }
    })
}

/// The account with its files said from the root, since the program may be started elsewhere the next time.
fn whole(mut account: Account) -> Result<Account, ApiError> {
    if let Some(folder) = account.folder.take() {
        let path = crate::api::expanded(&folder.to_string_lossy());
        account.folder =
            Some(std::path::absolute(&path).map_err(|why| {
                ApiError::new(crate::api::ErrorKind::BadInput, format!("{} ({why})", path.display()))
            })?);
    }
    Ok(account)
}
