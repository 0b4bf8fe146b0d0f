//! The shapes of programs' keys: `key add`, `key ls`.
//!
//! Part of [`crate::wire`], and as much a contract; `assets/json.md` shows each of them.

use serde::Serialize;

use super::json::date;
use crate::domain::access_key::AccessKey;
use crate::domain::caller::{Right, Rights};

/// A new secret: the one place where it is told.
#[derive(Debug, Serialize)]
pub struct Secret {
    /// The key's name.
    pub name: String,
    /// The key.
    pub key: String,
}

/// A key without its secret.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Key {
    name: String,
    scopes: Vec<&'static str>,
    lists: Option<Vec<String>>,
    rate: Option<u32>,
    created_date: Option<String>,
    expires_date: Option<String>,
    revoked_date: Option<String>,
    used_date: Option<String>,
    elevated: Vec<&'static str>,
    elevated_until: Option<String>,
}

impl Key {
    /// A key whose lists have these names.
    pub fn new(key: &AccessKey, lists: Option<Vec<String>>) -> Self {
        let words = |rights: Rights| rights.each().map(Right::word).collect::<Vec<_>>();
        Self {
            name: key.name.clone(),
            scopes: words(key.rights),
            lists,
            rate: key.rate,
            created_date: date(key.created),
            expires_date: key.expires.and_then(date),
            revoked_date: key.revoked.and_then(date),
            used_date: key.used.and_then(date),
            elevated: words(key.elevation.map(|elevation| elevation.rights).unwrap_or_default()),
            elevated_until: key.elevation.and_then(|elevation| date(elevation.until)),
        }
    }
}
