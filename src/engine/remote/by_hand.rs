//! One card of a live list that is changed or added by hand: where it lives before it is here.

use std::time::Duration;

use super::super::error::{Code, EngineError, ErrorKind, Result};
use super::super::state::Shared;
use super::accounts::in_trouble;
use super::card::{added, kept, read};
use super::send::{NoOutcome, Patience, Sending};
use crate::book::{BookError, NewStep, RemoteCard, StepOutcome, Tx, Verb};
use crate::domain::account::CardForm;
use crate::domain::contact::{Contact, ContactId, JobId};
use crate::formats::{OneCard, blank_card, one_card, patch_card};
use crate::remote::{Card, Trouble};

/// The longest that somebody who changes one card is kept waiting for another try.
const LONGEST: Duration = Duration::from_secs(2);

/// What was done where a card lives.
pub(in crate::engine) struct Changed {
    step: NewStep,
    outcome: StepOutcome,
    etag: String,
}

impl Changed {
    /// Keeps it on behalf of the job that changes the card here, so that it can be undone.
    pub(in crate::engine) fn keep(&self, tx: &Tx<'_>, job: JobId) -> std::result::Result<(), BookError> {
        let contact = self.step.contact;
        tx.plan_steps(job, std::slice::from_ref(&self.step))?;
        tx.settle_step(job, contact, &self.outcome)?;
        tx.steps_applied(job, &[contact])?;
        tx.card_is_now(contact, &self.etag, &self.step.after)
    }
}

/// A card that was added where its list lives.
pub(in crate::engine) struct Added {
    contact: Contact,
    card: RemoteCard,
}

impl Added {
    /// The contact as its card says it is there.
    pub(in crate::engine) fn contact(&self) -> &Contact {
        &self.contact
    }

    /// Keeps the card as that of this contact.
    pub(in crate::engine) fn keep(&self, tx: &Tx<'_>, contact: ContactId) -> std::result::Result<(), BookError> {
        tx.keep_card(&RemoteCard { contact: Some(contact), ..self.card.clone() })
    }
}

/// Adds a card where its list lives, if that is a live one. A process that is killed right after has added it there:
/// the next pull brings it in.
pub(in crate::engine) fn add_by_hand(shared: &Shared, contact: &Contact) -> Result<Option<Added>> {
    let live = shared.reader().live_lists()?.into_iter().find(|live| live.list == contact.list);
    let Some(live) = live else { return Ok(None) };
    let bad = |said: String| EngineError::new(ErrorKind::BadInput, format!("{said}; nothing was changed"));
    let uid = uid();
    let form = shared.accounts.get(&live.account)?.kind().map_err(|wrong| bad(wrong.to_string()))?.form();
    let bytes = new_card(form, &uid, contact).map_err(|why| bad(format!("it can't be written as a card: {why}")))?;
    let remote = shared.accounts.remote(&live.account)?;
    let book = remote.open(&live.href).map_err(|trouble| in_trouble(&live.account, &trouble))?;
    let href = book.href_of(&uid);
    let step = NewStep {
        contact: contact.id,
        list: live.list,
        verb: Verb::Restore,
        href: href.clone(),
        etag: String::new(),
        before: bytes.clone(),
        after: Vec::new(),
    };
    let sent = Sending { book: &*book, step: &step, is_open: false, is_wanted: true }.send(&Impatient);
    let href = match sent {
        Ok(StepOutcome::Done { href: other, .. }) => Some(other).filter(|other| !other.is_empty()).unwrap_or(href),
        Ok(StepOutcome::Refused(why) | StepOutcome::Changed(why)) => {
            return Err(bad(format!("{} refused it: {why}", live.account)));
        }
        Ok(StepOutcome::Gone) => return Err(bad(format!("{} has no place for it", live.account))),
        Err(error) => return Err(not_known(&live.account, "added", error)),
    };
    // As it lies there now: servers store cards otherwise than they were sent. One that can't be read back yet is read
    // by the next pull.
    let stored = book.settle(std::slice::from_ref(&href)).ok().and_then(|there| there.into_iter().next().flatten());
    let unread = Card { href, etag: String::new(), bytes, is_verbatim: false };
    let stored = stored.unwrap_or(unread);
    let read = read(&stored).ok_or_else(|| bad(format!("{} made no contact of it", live.account)))?;
    Ok(Some(Added { contact: added(read, contact), card: kept(&stored, live.list, None) }))
}

/// A new card that says what a contact does.
fn new_card(form: CardForm, uid: &str, contact: &Contact) -> std::result::Result<Vec<u8>, &'static str> {
    let blank = blank_card(form, uid);
    let OneCard::Contact(before) = one_card(&blank) else { return Err("it is none") };
    let mut after = contact.clone();
    if after.name.full.is_empty() {
        // No card may be without one.
        after.name.full = contact.display_name();
    }
    if form == CardForm::ContactsApi {
        in_parts(&mut after);
    }
    after.extra = before.extra.iter().chain(&contact.extra).cloned().collect();
    Ok(patch_card(&blank, &before, &after)?.unwrap_or(blank))
}

/// Takes a full name apart where its parts are not known, for who has no place for it as a whole.
fn in_parts(contact: &mut Contact) {
    let name = &mut contact.name;
    if name.first.is_empty() && name.last.is_empty() {
        let (first, last) = name.full.trim().rsplit_once(' ').unwrap_or((name.full.trim(), ""));
        (name.first, name.last) = (first.trim().to_owned(), last.to_owned());
    }
    name.full = name.of_parts();
}

/// A number that no other card has.
fn uid() -> String {
    // A random one, as RFC 9562 writes its version 4.
    let random = rand::random::<u128>() & !(0xF << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let digits = format!("{random:032x}");
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

/// Whoever waits for one card doesn't wait long.
struct Impatient;

impl Patience for Impatient {
    fn wait(&self, time: Duration, _is_busy: bool) -> bool {
        let soon = time <= LONGEST;
        if soon {
            std::thread::sleep(time);
        }
        soon
    }
}

/// Changes a card where it lives, if its list is a live one and anything of the change stands in a card.
pub(in crate::engine) fn change_by_hand(
    shared: &Shared,
    before: &Contact,
    after: &Contact,
    expected: u32,
) -> Result<Option<Changed>> {
    let reader = shared.reader();
    let Some(live) = reader.live_lists()?.into_iter().find(|live| live.list == before.list) else { return Ok(None) };
    if before.revision != expected {
        return Err(BookError::Stale { contact: before.id, found: before.revision, expected }.into());
    }
    let card = reader.remote_cards(&[before.id])?.remove(&before.id);
    drop(reader);
    let bad = |said: String| EngineError::new(ErrorKind::BadInput, format!("{said}; nothing was changed"));
    let card = card.ok_or_else(|| bad(format!("the card of contact {} isn't known", before.id)))?;
    let patched =
        patch_card(&card.card, before, after).map_err(|why| bad(format!("the card can't be changed: {why}")))?;
    let Some(patched) = patched else { return Ok(None) };
    if !card.is_verbatim {
        return Err(bad(format!("{} gave no card that could be changed line by line", live.account)));
    }
    let step = NewStep {
        contact: before.id,
        list: live.list,
        verb: Verb::Change,
        href: card.href,
        etag: card.etag,
        before: card.card,
        after: patched,
    };
    let remote = shared.accounts.remote(&live.account)?;
    let book = remote.open(&live.href).map_err(|trouble| in_trouble(&live.account, &trouble))?;
    let sent = Sending { book: &*book, step: &step, is_open: false, is_wanted: true }.send(&Impatient);
    match sent {
        Ok(StepOutcome::Done { etag, href }) => {
            let outcome = StepOutcome::Done { etag: etag.clone(), href };
            Ok(Some(Changed { step, outcome, etag }))
        }
        Ok(StepOutcome::Gone) => Err(stale(&live.account, "gone there")),
        Ok(StepOutcome::Changed(_)) => Err(stale(&live.account, "changed there meanwhile")),
        Ok(StepOutcome::Refused(why)) => Err(bad(format!("{} refused it: {why}", live.account))),
        Err(error) => Err(not_known(&live.account, "changed", error)),
    }
}

/// The error of a card of which nothing was done, or nobody knows what was.
fn not_known(account: &str, what: &str, why: NoOutcome) -> EngineError {
    match why {
        NoOutcome::Untouched(trouble) => {
            let trouble = trouble.unwrap_or_else(|| Trouble::Unreachable("it asks to come back later".to_owned()));
            in_trouble(account, &trouble)
        }
        NoOutcome::Open(trouble) => {
            let code = Code::Account { account: account.to_owned(), wants_password: false };
            let said = format!("{account}: {trouble}; whether the card was {what} there is not known");
            EngineError::of(code, said).hint(format!("cardfile account pull {account} shows it"))
        }
    }
}

fn stale(account: &str, what: &str) -> EngineError {
    let said = format!("the card is {what}; nothing was changed");
    EngineError::new(ErrorKind::Stale, said).hint(format!("cardfile account pull {account} shows it as it is now"))
}
