//! The words of statuses in files: those of the query line, and the values they stand for.
//!
//! Owns the pairing of [`crate::domain::field`]'s words with the values of a contact. Called by the readers
//! and writers of all formats.

use crate::domain::contact::{BillingStatus, Deliverability, MemberStatus, Role, Subscription};
pub(super) use crate::domain::field::BILLING;
use crate::domain::field::{DELIVERABILITY, MEMBER, ROLE, SUBSCRIPTION};

/// The subscription status with this word.
pub(super) fn subscription(text: &str) -> Option<Subscription> {
    use Subscription::{NotSet, Pending, Subscribed, Unsubscribed};
    at(SUBSCRIPTION, &[NotSet, Pending, Subscribed, Unsubscribed], text)
}

/// The deliverability status with this word.
pub(super) fn deliverability(text: &str) -> Option<Deliverability> {
    use Deliverability::{Bounced, Inactive, NotSet, SpamComplaint, Valid};
    at(DELIVERABILITY, &[NotSet, Valid, Bounced, SpamComplaint, Inactive], text)
}

/// The member status with this word.
pub(super) fn member(text: &str) -> Option<MemberStatus> {
    use MemberStatus::{Active, Blocked, Offline, Pending};
    at(MEMBER, &[Pending, Active, Blocked, Offline], text)
}

/// The member's role with this word.
pub(super) fn role(text: &str) -> Option<Role> {
    at(ROLE, &[Role::None, Role::Contributor, Role::Owner], text)
}

/// The billing status with this word.
pub(super) fn billing(text: &str) -> Option<BillingStatus> {
    at(BILLING, &[BillingStatus::Active, BillingStatus::Cancelled, BillingStatus::Overdue], text)
}

/// The value that stands where this word stands among the words.
fn at<T: Copy>(words: &[&str], values: &[T], text: &str) -> Option<T> {
    let at = words.iter().position(|word| word.eq_ignore_ascii_case(text.trim()))?;
    values.get(at).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_stands_for_the_value_at_its_place() {
        for (n, word) in SUBSCRIPTION.iter().enumerate() {
            assert_eq!(subscription(word).map(|value| value as usize), Some(n));
        }
        for (n, word) in DELIVERABILITY.iter().enumerate() {
            assert_eq!(deliverability(word).map(|value| value as usize), Some(n));
        }
        for (n, word) in MEMBER.iter().enumerate() {
            assert_eq!(member(word).map(|value| value as usize), Some(n));
        }
        for (n, word) in ROLE.iter().enumerate() {
            assert_eq!(role(&word.to_uppercase()).map(|value| value as usize), Some(n));
        }
        for (n, word) in BILLING.iter().enumerate() {
            assert_eq!(billing(word).map(|value| value as usize), Some(n));
        }
        assert_eq!(role("king"), None);
    }
}
