//! A card as it lies elsewhere, as a contact here.
//!
//! The fields come out of the card; what no card holds, as that a contact is protected, stays as it is here.

use crate::book::RemoteCard;
use crate::domain::contact::{Contact, ContactId, ListId, Timestamp};
use crate::formats::{OneCard, one_card};
use crate::remote::Card;

/// The contact of a card; none where it is none that may be shown: a group, several cards, one that can't be read.
pub(super) fn read(card: &Card) -> Option<Contact> {
    match one_card(&card.bytes) {
        OneCard::Contact(contact) => Some(*contact),
        OneCard::Group | OneCard::Several | OneCard::Unreadable(_) => None,
    }
}

/// A contact that is new here.
pub(super) fn fresh(read: Contact, list: ListId, account: &str, now: Timestamp) -> Contact {
    let at = |known: Timestamp| if known == Timestamp::default() { now } else { known };
    let source = if read.source.is_empty() { account.to_owned() } else { read.source.clone() };
    Contact { list, source, created: at(read.created), updated: at(read.updated), ..read }
}

/// A contact that was added by hand, as its card says it is there; what stands in no card is as it was asked for.
pub(super) fn added(read: Contact, asked: &Contact) -> Contact {
    Contact {
        id: asked.id,
        list: asked.list,
        source: asked.source.clone(),
        created: asked.created,
        updated: asked.updated,
        active: asked.active,
        subscription: asked.subscription,
        deliverability: asked.deliverability,
        member: asked.member,
        billing: asked.billing.clone(),
        protected: asked.protected,
        import: None,
        ..read
    }
}

/// A contact that is known, as its card says it is now; none where that is as it is known.
pub(super) fn renewed(read: Contact, known: &Contact, now: Timestamp) -> Option<Contact> {
    let same = Contact {
        id: known.id,
        revision: known.revision,
        list: known.list,
        source: known.source.clone(),
        created: known.created,
        updated: known.updated,
        active: known.active,
        subscription: known.subscription,
        deliverability: known.deliverability,
        member: known.member,
        billing: known.billing.clone(),
        protected: known.protected,
        import: known.import,
        ..read
    };
    (same != *known).then_some(Contact { updated: now, ..same })
}

/// What is kept of a card.
pub(super) fn kept(card: &Card, list: ListId, contact: Option<ContactId>) -> RemoteCard {
    RemoteCard {
        list,
        href: card.href.clone(),
        contact,
        etag: card.etag.clone(),
        card: card.bytes.clone(),
        is_verbatim: card.is_verbatim,
        is_there: true,
    }
}
