//! The gate: who comes with which key, and how often.
//!
//! Called before every call of either API. Whether a key is taken and what it may do the contract says; here it is
//! counted how often it comes. No key is kept here, only what it hashes to.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::api::{ApiError, Rights, Session};

/// Why nobody is let in.
#[derive(Debug, Clone)]
pub enum Refused {
    /// The contract says no.
    Api(ApiError),
    /// The key comes too often; in so many seconds it may again.
    TooOften(u64),
}

/// How far a key is with its requests.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

/// A token that stands for a key for a while; the token itself is not kept, only what it hashes to.
#[derive(Debug, Clone, Copy)]
struct Token {
    key: [u8; 32],
    rights: Rights,
    until: Instant,
}

/// What is told of a token.
#[derive(Debug, Clone)]
pub struct TokenShown {
    /// The name of its key.
    pub who: String,
    /// What it allows now.
    pub rights: Rights,
    /// For how many seconds it is taken.
    pub seconds: u64,
}

/// How long a token is taken.
const TOKEN_LIVES: Duration = Duration::from_secs(15 * 60);
/// The most tokens that are known; the oldest are forgotten first.
const MOST_TOKENS: usize = 1_024;

/// The gate to a book.
#[derive(Debug)]
pub struct Gate {
    book: Session,
    /// Whether whoever comes is the user of this process, whatever the key.
    is_own: bool,
    buckets: Mutex<HashMap<String, Bucket>>,
    tokens: Mutex<HashMap<[u8; 32], Token>>,
}

impl Gate {
    /// A gate that only keys open.
    pub fn new(book: Session) -> Self {
        Self { book, is_own: false, buckets: Mutex::default(), tokens: Mutex::default() }
    }

    /// A gate that is open for the user of this process alone, who needs no key.
    pub fn own(book: Session) -> Self {
        Self { is_own: true, ..Self::new(book) }
    }

    /// The book as its owner has it: for what needs no key.
    pub fn book(&self) -> &Session {
        &self.book
    }

    /// The book as whoever comes with this key may use it.
    pub fn let_in(&self, key: &str) -> Result<Session, Refused> {
        if self.is_own {
            return Ok(self.book.clone());
        }
        let (session, rate) = match self.token(key) {
            Some(token) => self.book.let_in_by_token(&token.key, token.rights).map_err(Refused::Api)?,
            None => self.book.let_in(key).map_err(Refused::Api)?,
        };
        if let Some(rate) = rate {
            self.count(&session.caller().who, rate, Instant::now())?;
        }
        Ok(session)
    }

    /// A token in place of a key, for a while, with all or some of what the key may do; what it allows, and for how many
    /// seconds.
    pub fn new_token(&self, name: &str, secret: &str, scopes: Option<&str>) -> Result<(String, TokenShown), Refused> {
        let seconds = TOKEN_LIVES.as_secs();
        let grant = self.book.grant_token(name, secret, scopes, seconds).map_err(Refused::Api)?;
        let who = grant.session.caller().who.clone();
        let now = Instant::now();
        if let Some(rate) = grant.rate {
            self.count(&who, rate, now)?;
        }
        // In the form of a key, which its clients may look for.
        let text = blake3::Hash::from_bytes(rand::random()).to_hex().to_string();
        let token = Token { key: grant.key, rights: grant.rights, until: now + TOKEN_LIVES };
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.retain(|_, token| token.until > now);
        if tokens.len() >= MOST_TOKENS
            && let Some(oldest) = tokens.iter().min_by_key(|(_, token)| token.until).map(|(hash, _)| *hash)
        {
            tokens.remove(&oldest);
        }
        tokens.insert(*blake3::hash(text.as_bytes()).as_bytes(), token);
        Ok((text, TokenShown { who, rights: grant.rights, seconds }))
    }

    /// What there is to tell of a token; none where it is none, or no longer taken.
    pub fn shown_token(&self, text: &str) -> Option<TokenShown> {
        let token = self.token(text)?;
        let (session, _) = self.book.let_in_by_token(&token.key, token.rights).ok()?;
        let seconds = token.until.saturating_duration_since(Instant::now()).as_secs();
        Some(TokenShown { who: session.caller().who.clone(), rights: session.caller().rights, seconds })
    }

    fn token(&self, text: &str) -> Option<Token> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if tokens.is_empty() {
            return None;
        }
        tokens.get(blake3::hash(text.as_bytes()).as_bytes()).filter(|token| token.until > Instant::now()).copied()
    }

    /// Counts a request of somebody who may make so many a minute, all of them at once if they like.
    fn count(&self, who: &str, rate: u32, now: Instant) -> Result<(), Refused> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let most = f64::from(rate);
        let bucket = buckets.entry(who.to_owned()).or_insert(Bucket { left: most, at: now });
        let a_second = most / 60.0;
        let passed = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.left = (bucket.left + passed * a_second).min(most);
        bucket.at = now;
        if bucket.left < 1.0 {
            let wait = ((1.0 - bucket.left) / a_second).ceil();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a minute")]
            return Err(Refused::TooOften(wait.clamp(1.0, 60.0) as u64));
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Caller, Options};

    #[test]
    fn a_key_that_comes_too_often_is_told_when_it_may_again() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { index_file_from: None, ..Options::new(folder.path().join("book.db")) };
        let gate = Gate::new(Session::open(options, Caller::owner("amber")).unwrap());
        let start = Instant::now();
        for _ in 0..60 {
            gate.count("website", 60, start).unwrap();
        }
        assert!(matches!(gate.count("website", 60, start), Err(Refused::TooOften(1))));
        assert!(gate.count("shop", 60, start).is_ok(), "another key is counted by itself");
        assert!(gate.count("website", 60, start + Duration::from_secs(1)).is_ok());
        assert!(gate.count("website", 60, start + Duration::from_secs(1)).is_err());
    }
}
