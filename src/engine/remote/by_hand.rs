//! One card of a live list that is changed by hand: changed where it lives before it is changed here.

use std::time::Duration;

use super::super::error::{Code, EngineError, ErrorKind, Result};
use super::super::state::Shared;
use super::accounts::in_trouble;
use super::send::{NoOutcome, Patience, Sending};
use crate::book::{BookError, NewStep, StepOutcome, Tx, Verb};
use crate::domain::contact::{Contact, JobId};
use crate::formats::patch_card;
use crate::remote::Trouble;

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
        Err(NoOutcome::Untouched(trouble)) => {
            let trouble = trouble.unwrap_or_else(|| Trouble::Unreachable("it asks to come back later".to_owned()));
            Err(in_trouble(&live.account, &trouble))
        }
        Err(NoOutcome::Open(trouble)) => {
            let code = Code::Account { account: live.account.clone(), wants_password: false };
            let said = format!("{}: {trouble}; whether the card was changed there is not known", live.account);
            Err(EngineError::of(code, said).hint(format!("cardfile account pull {} shows it", live.account)))
        }
    }
}

fn stale(account: &str, what: &str) -> EngineError {
    let said = format!("the card is {what}; nothing was changed");
    EngineError::new(ErrorKind::Stale, said).hint(format!("cardfile account pull {account} shows it as it is now"))
}
