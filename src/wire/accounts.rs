//! The shapes of accounts and of what was pulled.

use serde::Serialize;

use crate::engine::answer::{AccountView, Check as CheckView, Pulled as PulledView};

/// An account.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    name: String,
    place: String,
    configured: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
    lists: Vec<AccountList>,
}

/// A list of an account.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountList {
    id: i64,
    name: String,
    kind: &'static str,
    contacts: u64,
    pulled_date: Option<String>,
}

impl From<&AccountView> for Account {
    fn from(view: &AccountView) -> Self {
        let list = |of: &crate::engine::answer::AccountList| AccountList {
            id: of.list.id.0,
            name: of.list.name.clone(),
            kind: of.list.kind.word(),
            contacts: of.contacts,
            pulled_date: of.pulled.and_then(super::date),
        };
        Self {
            name: view.name.clone(),
            place: view.place.clone(),
            configured: view.is_configured,
            trouble: view.trouble.clone(),
            lists: view.lists.iter().map(list).collect(),
        }
    }
}

/// What a pull of one list came to.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pulled {
    list: i64,
    added: u64,
    changed: u64,
    deleted_elsewhere: u64,
    back: u64,
    cards: u64,
    cards_without_contact: u64,
    job_id: Option<i64>,
}

impl From<&PulledView> for Pulled {
    fn from(view: &PulledView) -> Self {
        Self {
            list: view.list.0,
            added: view.added,
            changed: view.changed,
            deleted_elsewhere: view.gone,
            back: view.back,
            cards: view.cards,
            cards_without_contact: view.no_contacts,
            job_id: view.job.map(|job| job.0),
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    what: String,
    fine: bool,
    found: String,
}

impl From<&CheckView> for Check {
    fn from(view: &CheckView) -> Self {
        Self { what: view.what.clone(), fine: view.is_fine, found: view.found.clone() }
    }
}

/// An example of each shape.
#[cfg(test)]
pub(super) fn examples() -> Vec<(&'static str, serde_json::Value)> {
    use crate::domain::contact::{JobId, List, ListId, ListKind, Timestamp};
    use crate::engine::answer;
    let list = List { id: ListId(4), name: "friends".into(), kind: ListKind::Folder };
    let list = answer::AccountList { list, contacts: 1_204, pulled: Some(Timestamp(1_795_099_600_000)) };
    let place = "/home/anna/.contacts".to_owned();
    let account = AccountView {
        name: "khard".into(),
        place,
        is_configured: true,
        is_asked_for: false,
        trouble: None,
        lists: vec![list],
    };
    let pulled = PulledView {
        list: ListId(4),
        added: 3,
        changed: 1,
        gone: 2,
        back: 0,
        cards: 1_204,
        no_contacts: 1,
        job: Some(JobId(31)),
    };
    let check = CheckView::fine("friends", "1204 cards, can be changed".into());
    let json = |value: serde_json::Result<serde_json::Value>| value.unwrap_or_default();
    vec![
        ("an account", json(serde_json::to_value(Account::from(&account)))),
        ("a pull", json(serde_json::to_value(Pulled::from(&pulled)))),
        ("a check", json(serde_json::to_value(Check::from(&check)))),
    ]
}
