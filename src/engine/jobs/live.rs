//! What jobs have to know of live lists: which they are, and what became of a contact where it lives.
//!
//! A contact of a live list is only touched here after it was touched there. So before a job takes contacts up, what
//! it will ask for there is written down as steps ([`super::work::Work::steps`]); whoever carries these out writes
//! down what became of each; and then that is the contact's outcome here, whatever has happened since.

use std::collections::{HashMap, HashSet};

use super::care::Outcome;
use crate::book::{BookError, NewStep, RemoteCard, Step, StepOutcome, Tx, Verb};
use crate::domain::contact::{Contact, ContactId, JobId, ListId};
use crate::domain::deletion_rules::Refusal;
use crate::formats::patch_card;

/// The live lists of the book, for one job.
pub(super) struct Live<'t> {
    tx: &'t Tx<'t>,
    job: JobId,
    lists: HashSet<ListId>,
}

impl<'t> Live<'t> {
    pub(super) fn read(tx: &'t Tx<'t>, job: JobId) -> Result<Self, BookError> {
        let kinds = tx.list_kinds()?;
        let lists = kinds.into_iter().filter(|(_, kind)| kind.is_live()).map(|(list, _)| list).collect();
        Ok(Self { tx, job, lists })
    }

    /// Whether there is no live list.
    pub(super) fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    pub(super) fn has(&self, list: ListId) -> bool {
        self.lists.contains(&list)
    }

    /// What the job has done, or will do, to these contacts where they live.
    pub(super) fn steps(&self, contacts: &[ContactId]) -> Result<HashMap<ContactId, Step>, BookError> {
        if self.is_empty() { Ok(HashMap::new()) } else { self.tx.steps(self.job, contacts) }
    }

    /// The cards of these contacts.
    pub(super) fn cards(&self, contacts: &[ContactId]) -> Result<HashMap<ContactId, RemoteCard>, BookError> {
        if self.is_empty() { Ok(HashMap::new()) } else { self.tx.remote_cards(contacts) }
    }

    /// Notes that the book knows what became of these contacts.
    pub(super) fn applied(&self, contacts: &[ContactId]) -> Result<(), BookError> {
        if self.is_empty() { Ok(()) } else { self.tx.steps_applied(self.job, contacts) }
    }
}

/// The outcome of a contact by what became of it where it lives.
pub(super) fn outcome(step: &Step) -> Outcome {
    match &step.outcome {
        Some(StepOutcome::Done { .. }) => Outcome::Done,
        Some(StepOutcome::Gone) => Outcome::Stays(Refusal::Gone, "gone where it lives".to_owned()),
        Some(StepOutcome::Changed(why)) => Outcome::Stays(Refusal::Changed, why.clone()),
        Some(StepOutcome::Refused(why)) => Outcome::Stays(Refusal::Server, why.clone()),
        None => not_asked(),
    }
}

/// The outcome of a contact that nothing was asked for where it lives: it may only be taken up since.
pub(super) fn not_asked() -> Outcome {
    Outcome::Stays(Refusal::Changed, "it was not to be taken when its list was asked".to_owned())
}

/// A step that removes a card, or puts it back.
pub(super) fn step(contact: ContactId, verb: Verb, card: &RemoteCard) -> NewStep {
    NewStep {
        contact,
        list: card.list,
        verb,
        href: card.href.clone(),
        etag: card.etag.clone(),
        before: card.card.clone(),
        after: Vec::new(),
    }
}

/// What a change of a contact asks for where it lives: a step, nothing, or why it can't be asked for.
pub(super) fn change(before: &Contact, after: &Contact, card: &RemoteCard) -> Result<Option<NewStep>, Outcome> {
    if before.list != after.list {
        return Err(Outcome::Stays(Refusal::Server, "it can't be moved out of a live list".to_owned()));
    }
    let refused = |why: String| Outcome::Stays(Refusal::Server, why);
    match patch_card(&card.card, before, after) {
        Ok(None) => Ok(None),
        Ok(Some(_)) if !card.is_verbatim => {
            Err(refused("its list gave no card that could be changed line by line".to_owned()))
        }
        Ok(Some(patched)) => Ok(Some(NewStep { after: patched, ..step(before.id, Verb::Change, card) })),
        Err(why) => Err(refused(format!("its card can't be changed: {why}"))),
    }
}

/// What became of a change of a contact where it lives; none: it may be changed here.
pub(super) fn changed(
    before: &Contact,
    after: &Contact,
    card: Option<&RemoteCard>,
    step: Option<&Step>,
) -> Option<Outcome> {
    match (step, card) {
        (Some(step), _) => Some(outcome(step)).filter(|outcome| *outcome != Outcome::Done),
        (None, None) => Some(Outcome::Stays(Refusal::Server, "its card isn't known".to_owned())),
        (None, Some(card)) => match change(before, after, card) {
            Ok(None) => None,
            Ok(Some(_)) => Some(not_asked()),
            Err(outcome) => Some(outcome),
        },
    }
}

impl Live<'_> {
    /// Keeps the cards of these contacts as they were changed where they live.
    pub(super) fn keep_changed<'s>(&self, steps: impl IntoIterator<Item = &'s Step>) -> Result<(), BookError> {
        for step in steps {
            if let (Some(StepOutcome::Done { etag, .. }), Verb::Change) = (&step.outcome, step.what.verb) {
                self.tx.card_is_now(step.what.contact, etag, &step.what.after)?;
            }
        }
        Ok(())
    }
}
