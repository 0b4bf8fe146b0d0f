//! One step of a job, until it is known what became of it.
//!
//! Called by `push`, from its workers. An answer that is missing, or leaves it open, is never taken for either: what is
//! there is looked at before anything else happens, and only what certainly still is as it was is asked for again.

use std::time::Duration;

use crate::book::{NewStep, StepOutcome, Verb};
use crate::domain::contact::Contact;
use crate::formats::{OneCard, one_card};
use crate::remote::{AddressBook, Card, Known, Outcome, Trouble, When};

/// How long is waited before something is asked for again.
const PAUSES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(30)];
/// How often "later" is heard before it is taken for no.
const BUSY: usize = 12;
/// How long is waited where "later" says no time.
const LATER: Duration = Duration::from_secs(5);
/// Whoever says "later" than this is not waited for.
const TOO_LATE: Duration = Duration::from_secs(600);

/// What a worker is told, and what it tells, while it waits.
pub(super) trait Patience {
    /// Waits; false where that was cut short because the job is to rest.
    fn wait(&self, time: Duration, is_busy: bool) -> bool;
}

/// Why a step has no outcome.
#[derive(Debug)]
pub(super) enum NoOutcome {
    /// Nothing was asked for, or certainly nothing was done.
    Untouched(Option<Trouble>),
    /// It may have been done: it has to be settled before anything else.
    Open(Trouble),
}

/// A step on its way.
pub(super) struct Sending<'a> {
    pub(super) book: &'a dyn AddressBook,
    pub(super) step: &'a NewStep,
    /// Whether it may have been done by an earlier try.
    pub(super) is_open: bool,
    /// Whether it is to be asked for; else only what became of it is found out.
    pub(super) is_wanted: bool,
}

impl Sending<'_> {
    /// Asks for it until it is known what became of it.
    pub(super) fn send(mut self, patience: &dyn Patience) -> Result<StepOutcome, NoOutcome> {
        let (mut pauses, mut busy, mut look_first, mut why) = (PAUSES.iter(), 0, self.is_open, String::new());
        loop {
            if look_first {
                if let Some(outcome) = self.look()? {
                    return Ok(outcome);
                }
                if !self.is_wanted {
                    return Err(NoOutcome::Untouched(None));
                }
                if !why.is_empty() {
                    let Some(pause) = pauses.next() else {
                        return Ok(StepOutcome::Refused(format!("no clear answer ({why}), and it is as it was")));
                    };
                    // What was asked for may still come, so it is open whatever is heard now.
                    if !patience.wait(*pause, false) {
                        return Err(self.stopped(None));
                    }
                }
            }
            let answer = match self.ask() {
                Ok(answer) => answer,
                Err(trouble) => return Err(self.stopped(Some(trouble))),
            };
            look_first = false;
            match answer {
                Outcome::Done { etag, href } => {
                    let (etag, href) = (etag.unwrap_or_default(), href.unwrap_or_default());
                    return Ok(StepOutcome::Done { etag, href });
                }
                Outcome::Gone => return Ok(self.gone()),
                Outcome::Refused(why) => return Ok(StepOutcome::Refused(why)),
                Outcome::Changed => {
                    let refused = match self.step.verb {
                        Verb::Restore => "a card with its UID is there under another name",
                        Verb::Delete | Verb::Change => "its own tag of the card was not recognised",
                    };
                    return Ok(self.look()?.unwrap_or_else(|| StepOutcome::Refused(refused.to_owned())));
                }
                Outcome::Busy(after) => {
                    busy += 1;
                    let after = after.unwrap_or(LATER);
                    if busy > BUSY || after > TOO_LATE {
                        let said = format!("it asks to come back in {} seconds", after.as_secs());
                        return Err(self.stopped(Some(Trouble::Unreachable(said))));
                    }
                    if !patience.wait(after, true) {
                        return Err(self.stopped(None));
                    }
                }
                Outcome::Unknown(said) => {
                    (self.is_open, look_first, why) = (true, true, said);
                }
            }
        }
    }

    fn ask(&self) -> Result<Outcome, Trouble> {
        let NewStep { href, etag, before, after, .. } = self.step;
        match self.step.verb {
            Verb::Delete => self.book.delete(&Known { href, etag, card: before }),
            Verb::Restore => self.book.put(href, When::Absent, before),
            Verb::Change => self.book.put(href, When::Is(etag, before), after),
        }
    }

    /// What became of it, by what is there now; none where everything is as it was before.
    fn look(&self) -> Result<Option<StepOutcome>, NoOutcome> {
        let there = self.book.settle(std::slice::from_ref(&self.step.href)).map_err(|trouble| {
            if self.is_open { NoOutcome::Open(trouble) } else { NoOutcome::Untouched(Some(trouble)) }
        })?;
        let there = there.into_iter().next().flatten();
        let done = |card: &Card| StepOutcome::Done { etag: card.etag.clone(), href: String::new() };
        Ok(match (self.step.verb, there) {
            (Verb::Delete, None) => Some(self.gone()),
            (Verb::Change, None) => Some(StepOutcome::Gone),
            (Verb::Delete | Verb::Change, Some(card)) if self.is_as_before(&card) => None,
            (Verb::Change, Some(card)) if self.is_open && says(&card.bytes, &self.step.after) => Some(done(&card)),
            (Verb::Delete | Verb::Change, Some(_)) => Some(changed()),
            (Verb::Restore, None) => None,
            // What lies there is the same person's card, whoever has put it there.
            (Verb::Restore, Some(card)) if says(&card.bytes, &self.step.before) => Some(done(&card)),
            (Verb::Restore, Some(_)) => Some(StepOutcome::Refused("another card has its place".to_owned())),
        })
    }

    fn is_as_before(&self, card: &Card) -> bool {
        card.bytes == self.step.before || (!self.step.etag.is_empty() && card.etag == self.step.etag)
    }

    /// The outcome of a card that is not there: what was asked for before may have done it.
    fn gone(&self) -> StepOutcome {
        match self.step.verb {
            Verb::Delete if self.is_open => StepOutcome::Done { etag: String::new(), href: String::new() },
            Verb::Delete | Verb::Restore | Verb::Change => StepOutcome::Gone,
        }
    }

    fn stopped(&self, trouble: Option<Trouble>) -> NoOutcome {
        match (self.is_open, trouble) {
            (true, trouble) => NoOutcome::Open(trouble.unwrap_or(Trouble::Unreachable("it was stopped".to_owned()))),
            (false, trouble) => NoOutcome::Untouched(trouble),
        }
    }
}

fn changed() -> StepOutcome {
    StepOutcome::Changed("changed where it lives since the plan".to_owned())
}

/// Whether two cards say the same of the same person: what is stored may be written otherwise than what was sent.
fn says(there: &[u8], sent: &[u8]) -> bool {
    if there == sent {
        return true;
    }
    match (one_card(there), one_card(sent)) {
        (OneCard::Contact(there), OneCard::Contact(sent)) => essence(*there) == essence(*sent),
        _ => false,
    }
}

/// A contact without what whoever stores it may add.
fn essence(contact: Contact) -> Contact {
    let mut extra: Vec<String> =
        contact.extra.iter().filter(|line| line.starts_with("UID") || line.starts_with("MEMBER")).cloned().collect();
    extra.sort();
    Contact { extra, updated: crate::domain::contact::Timestamp::default(), ..contact }
}
