//! What a form has no place for.
//!
//! Owns the kinds and their count. The forms of other programs ([`super::csv`]'s Google and Outlook) note for each
//! contact that they write what of it they leave out; vCard, our own CSV, JSON Lines and LDIF leave out nothing. Called by
//! [`super::write`].

use crate::domain::contact::{Contact, Deliverability, Subscription, Timestamp};

use super::vcard::extra_params::{self, About};

/// A kind of thing that a form has no place for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Loss {
    /// The whole contact: nothing of it has a place.
    Contact,
    /// Whether mail is wanted.
    Subscription,
    /// Whether mail arrives.
    Deliverability,
    /// A full name that is not made of its parts.
    FullName,
    /// What an email, a phone or an address is for.
    Purpose,
    /// A picture or a logo.
    Picture,
    /// Any other line of an imported card.
    CardLine,
    /// That a custom field is a number or a date: its value is written as text.
    CustomKind,
    /// The site account.
    Member,
    /// The billing subscription.
    Billing,
    /// The protection.
    Protection,
    /// The locale.
    Locale,
    /// Where the contact came from.
    Source,
    /// When it was made, changed and last active.
    Dates,
}

impl Loss {
    /// Every kind, those that hurt most first.
    pub const ALL: [Self; 14] = [
        Self::Contact,
        Self::Subscription,
        Self::Deliverability,
        Self::FullName,
        Self::Purpose,
        Self::Picture,
        Self::CardLine,
        Self::CustomKind,
        Self::Member,
        Self::Billing,
        Self::Protection,
        Self::Locale,
        Self::Source,
        Self::Dates,
    ];

    /// What is left out, in words that stand behind a number of contacts.
    pub fn words(self) -> &'static str {
        match self {
            Self::Contact => "all of it: it has nothing but what stands below",
            Self::Subscription => "whether mail is wanted (subscribed, unsubscribed)",
            Self::Deliverability => "whether mail arrives (bounced, spam)",
            Self::FullName => "a full name that is not made of its parts",
            Self::Purpose => "what an email, a phone or an address is for",
            Self::Picture => "a picture or logo",
            Self::CardLine => "other lines of its vCard (chats, a second company, the UID)",
            Self::CustomKind => "that a custom field is a number or a date (it is written as text)",
            Self::Member => "the site account",
            Self::Billing => "the billing subscription",
            Self::Protection => "the protection",
            Self::Locale => "the locale",
            Self::Source => "where the contact came from",
            Self::Dates => "when it was made, changed and last active",
        }
    }
}

/// How many contacts lose what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Losses {
    counts: [u64; Loss::ALL.len()],
    /// What the contact that is being written loses, a bit each.
    here: u16,
}

impl Losses {
    /// Notes that the contact that is being written loses this.
    pub(super) fn note(&mut self, loss: Loss) {
        self.here |= 1 << loss as usize;
    }

    /// Notes what no other program's form has a place for.
    pub(super) fn note_standing(&mut self, contact: &Contact) {
        let none = Timestamp::default();
        let dated = contact.created != none || contact.updated != none || contact.active.is_some();
        let lost = [
            (Loss::Subscription, contact.subscription != Subscription::NotSet),
            (Loss::Deliverability, contact.deliverability != Deliverability::NotSet),
            (Loss::Member, contact.member.is_some()),
            (Loss::Billing, contact.billing.is_some()),
            (Loss::Protection, contact.protected),
            (Loss::Source, !contact.source.is_empty()),
            (Loss::Dates, dated),
        ];
        lost.into_iter().filter(|(_, is_lost)| *is_lost).for_each(|(loss, _)| self.note(loss));
    }

    /// Notes the lines of an imported card; `label` is what becomes of the labels of its items.
    pub(super) fn note_lines(&mut self, contact: &Contact, label: Option<Loss>) {
        for line in &contact.extra {
            match extra_params::about(line) {
                About::Picture => self.note(Loss::Picture),
                About::Label => label.into_iter().for_each(|loss| self.note(loss)),
                About::Else => self.note(Loss::CardLine),
            }
        }
    }

    /// Takes in what others lost.
    pub(super) fn add(&mut self, others: &Self) {
        self.counts.iter_mut().zip(others.counts).for_each(|(count, n)| *count += n);
    }

    /// Counts the contact that was written.
    pub(super) fn count(&mut self) {
        for (at, count) in self.counts.iter_mut().enumerate() {
            *count += u64::from(self.here >> at & 1);
        }
        self.here = 0;
    }

    /// The kinds that were lost, each with how many contacts lose it.
    pub(super) fn told(&self) -> Vec<(Loss, u64)> {
        Loss::ALL.into_iter().zip(self.counts).filter(|(_, n)| *n > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_counts_once_for_what_it_loses() {
        let mut losses = Losses::default();
        let extra = ["PHOTO:data:x", "LOGO;VALUE=uri:y", "item1.EMAIL:a@b.example", "item1.X-ABLABEL:Boat", "UID:1"];
        let ann = Contact {
            extra: extra.map(str::to_owned).to_vec(),
            subscription: Subscription::Unsubscribed,
            ..Contact::default()
        };
        for _ in 0..2 {
            losses.note_standing(&ann);
            losses.note_lines(&ann, None);
            losses.count();
        }
        losses.note_lines(&ann, Some(Loss::Purpose));
        losses.count();
        let told = [(Loss::Subscription, 2), (Loss::Purpose, 1), (Loss::Picture, 3), (Loss::CardLine, 3)];
        assert_eq!(losses.told(), told);
    }

    #[test]
    fn every_kind_stands_at_its_number() {
        assert!(Loss::ALL.iter().enumerate().all(|(at, loss)| *loss as usize == at));
    }
}
