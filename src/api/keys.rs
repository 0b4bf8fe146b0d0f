//! Keys of programs, and plans that wait until a person confirms them.

use std::sync::Arc;

use super::held::{AnyPlan, HeldPlan, PlanId};
use super::{ApiError, Caller, Code, ErrorKind, Result, Right, Rights, Session, StartOptions};
use crate::domain::access_key::{self, AccessKey};
use crate::domain::contact::{JobId, Timestamp};
use crate::domain::display::contacts;
use crate::engine::AskedPlan;

/// What a new key is to be.
#[derive(Debug, Clone, Default)]
pub struct NewKey {
    /// Its name.
    pub name: String,
    /// What it may do, by the words of the scopes, separated by commas.
    pub scopes: String,
    /// The lists that it may do it in, by name; none: the whole book.
    pub lists: Vec<String>,
    /// For how long, as `90d`; none: for ever.
    pub expires: Option<String>,
    /// How often, as `200/min`; none: as often as it comes.
    pub rate: Option<u32>,
}

/// A token's key, as it was let in.
#[derive(Debug)]
pub struct TokenGrant {
    /// The book as its program may use it.
    pub session: Session,
    /// How many requests a minute it may make.
    pub rate: Option<u32>,
    /// What the key hashes to.
    pub key: [u8; 32],
    /// What the token allows.
    pub rights: Rights,
}

/// How many contacts of a plan are shown to whoever confirms it.
const SHOWN: usize = 1_000;

impl Session {
    /// Every key, by name.
    pub fn keys(&self) -> Result<Vec<AccessKey>> {
        self.need_everywhere(Right::Admin)?;
        self.engine()?.keys()
    }

    /// Makes a key, and tells it this once.
    pub fn add_key(&self, new: &NewKey) -> Result<String> {
        self.need_everywhere(Right::Admin)?;
        let rights = scopes(&new.scopes)?;
        let millis = new.expires.as_deref().map(time).transpose()?;
        let expires = millis.map(|millis| Timestamp(self.today().now.0 + millis));
        let lists = new.lists.iter().map(|name| Ok(self.engine()?.list_named(name)?.id)).collect::<Result<Vec<_>>>()?;
        self.engine()?.add_key(AccessKey {
            name: new.name.clone(),
            rights,
            lists: (!lists.is_empty()).then_some(lists),
            rate: new.rate,
            expires,
            ..AccessKey::default()
        })
    }

    /// Takes a key no longer.
    pub fn revoke_key(&self, name: &str) -> Result<AccessKey> {
        self.need_everywhere(Right::Admin)?;
        self.engine()?.revoke_key(name)
    }

    /// Gives a key another secret, told this once.
    pub fn rotate_key(&self, name: &str) -> Result<String> {
        self.need_everywhere(Right::Admin)?;
        self.engine()?.rotate_key(name)
    }

    /// Lets a key do more for a while, as `10m`.
    pub fn elevate_key(&self, name: &str, more: &str, duration: &str) -> Result<AccessKey> {
        self.need_everywhere(Right::Admin)?;
        let (rights, millis) = (scopes(more)?, time(duration)?);
        if rights.is_none() {
            return Err(bad("a scope has to be named"));
        }
        self.engine()?.elevate_key(name, rights, millis)
    }

    /// The book as whoever comes with this key may use it, and how many requests a minute they may make.
    pub fn let_in(&self, secret: &str) -> Result<(Self, Option<u32>)> {
        let (caller, rate, _) = self.engine()?.let_in(secret)?;
        Ok((self.for_caller(caller), rate))
    }

    /// What stands for a key for a while: the book as its program may use it, and what it is known by later.
    pub fn grant_token(&self, name: &str, secret: &str, scopes: Option<&str>, seconds: u64) -> Result<TokenGrant> {
        let (caller, rate, key) = self.engine()?.let_in(secret)?;
        if !caller.who.eq_ignore_ascii_case(name.trim()) {
            return Err(ApiError::of(Code::BadKey, "the key is not the one of this name; nothing was done"));
        }
        let rights = match scopes.map(|words| words.replace(' ', ",")) {
            None => caller.rights,
            Some(words) => self::scopes(&words)?,
        };
        if let Some(missing) = rights.each().find(|right| !caller.may(*right)) {
            let said = format!("the key {} has no {}; nothing was changed", caller.who, missing.word());
            let more = format!("cardfile key elevate '{}' --scope {} --for 10m", caller.who, missing.word());
            return Err(ApiError::of(Code::Forbidden { missing }, said)
                .hint(format!("a person gives it for a while on a terminal: {more}")));
        }
        let session = self.for_caller(caller);
        session.engine()?.token_given(rights, seconds)?;
        Ok(TokenGrant { session, rate, key, rights })
    }

    /// The book as whoever has a token may use it now: with what of the token's rights its key still has.
    pub fn let_in_by_token(&self, key: &[u8; 32], rights: Rights) -> Result<(Self, Option<u32>)> {
        let (caller, rate) = self.engine()?.let_in_by(key)?;
        let narrowed = |of: Rights| of.each().filter(|right| rights.has(*right)).collect::<Rights>();
        let caller = Caller { rights: narrowed(caller.rights), elevated: narrowed(caller.elevated), ..caller };
        Ok((self.for_caller(caller), rate))
    }

    /// Holds a plan that a person has to confirm before this caller can start it.
    pub fn hold_for_confirmation(&self, plan: AnyPlan) -> Result<Arc<HeldPlan>> {
        self.need_to_start(&plan)?;
        let held = self.hold(plan)?;
        let plan = held.plan.planned();
        let stays = plan.items().len() as u64 - plan.expected();
        let mut summary = vec![format!("{} would be taken, {stays} would stay as they are", contacts(plan.expected()))];
        if let AnyPlan::Delete { plan, .. } = &held.plan {
            summary.extend(plan.stay.iter().map(|(why, n)| format!("{n} {}", why.count_words(*n))));
            summary.extend(plan.warnings.iter().map(|warning| format!("{}.", warning.words())));
        }
        let taken = plan.items().iter().filter(|item| item.refusal.is_none()).map(|item| item.id);
        self.engine()?.ask_plan(&AskedPlan {
            id: held.id.0.clone(),
            words: format!("{}: {}", plan.kind().word(), plan.words()),
            summary,
            contacts: taken.take(SHOWN).collect(),
            expected: plan.expected(),
            who: self.caller.who.clone(),
            expires: held.expires,
            confirmed_by: None,
        })?;
        Ok(held)
    }

    /// A plan that waits until a person confirms it, or was confirmed.
    pub fn asked_plan(&self, id: &str) -> Result<AskedPlan> {
        self.need_everywhere(Right::Read)?;
        self.engine()?.asked_plan(id)
    }

    /// Confirms the plan of a program, if it is about so many contacts.
    pub fn confirm_plan(&self, id: &str, expected: u64) -> Result<AskedPlan> {
        self.need_everywhere(Right::Admin)?;
        self.engine()?.confirm_plan(id, expected)
    }

    /// Starts a plan that a person has confirmed, by its number and its count.
    pub fn start_confirmed(&self, id: &PlanId, expected: u64) -> Result<JobId> {
        self.held(id)?;
        if self.engine()?.asked_plan(&id.0)?.confirmed_by.is_none() {
            let said = format!("nobody has confirmed the plan {} yet; nothing was changed", id.0);
            let hint = format!("a person confirms it on a terminal: cardfile confirm {}", id.0);
            return Err(ApiError::of(Code::NotConfirmed, said).hint(hint));
        }
        let job = self.start_held(id, expected, &StartOptions::default())?;
        self.engine()?.forget_asked_plan(&id.0)?;
        Ok(job)
    }
}

fn scopes(words: &str) -> Result<Rights> {
    Rights::from_words(words).map_err(|word| {
        let known = Rights::all().words();
        bad(&format!("there is no scope \u{201c}{word}\u{201d}")).hint(format!("the scopes are {known}"))
    })
}

fn time(text: &str) -> Result<i64> {
    let wrong = || bad(&format!("\u{201c}{text}\u{201d} is no span of time")).hint("give it as 90d, 12h, 10m or 30s");
    access_key::span(text).ok_or_else(wrong)
}

fn bad(what: &str) -> ApiError {
    ApiError::new(ErrorKind::BadInput, format!("{what}; nothing was changed"))
}
