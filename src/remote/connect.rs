//! The kind that an account is of.

use super::seam::{Remote, Trouble};
use super::secret::{Secrets, expanded};
use super::vdir::Folders;
use crate::domain::account::{Account, AccountKind};

/// What an account is reached by. Nothing is asked yet.
pub fn connect(account: &Account, secrets: &Secrets) -> Result<Box<dyn Remote>, Trouble> {
    account.check().map_err(|wrong| Trouble::Setup(wrong.to_string()))?;
    let kind = account.kind().map_err(|wrong| Trouble::Setup(wrong.to_string()))?;
    match kind {
        AccountKind::Folder => {
            let folder = account.folder.as_deref().map(expanded).unwrap_or_default();
            Ok(Box::new(Folders::new(folder)))
        }
        AccountKind::CardDav => server(account, secrets),
        AccountKind::ContactsApi => site(account, secrets),
    }
}

#[cfg(feature = "remote")]
fn server(account: &Account, secrets: &Secrets) -> Result<Box<dyn Remote>, Trouble> {
    Ok(Box::new(super::carddav::Server::new(account, secrets)?))
}

#[cfg(feature = "remote")]
fn site(account: &Account, secrets: &Secrets) -> Result<Box<dyn Remote>, Trouble> {
    Ok(Box::new(super::contacts_api::Site::new(account, secrets)?))
}

#[cfg(not(feature = "remote"))]
fn server(_account: &Account, _secrets: &Secrets) -> Result<Box<dyn Remote>, Trouble> {
    Err(Trouble::Setup("this cardfile was built without CardDAV".to_owned()))
}

#[cfg(not(feature = "remote"))]
fn site(_account: &Account, _secrets: &Secrets) -> Result<Box<dyn Remote>, Trouble> {
    Err(Trouble::Setup("this cardfile was built without the contacts API".to_owned()))
}
