//! Who asked for no mail, as the cards of other programs say it.
//!
//! Owns the look at labels and at properties that no field has a place for. Called by [`super::card_to_contact`]
//! once a card is read. It changes nothing.

use crate::domain::contact::{Contact, Subscription};
use crate::formats::csv::consent;

/// Whether a card of another program says that somebody asked for no mail: `X-EMAIL-OPTOUT:TRUE`, a category
/// `Unsubscribed`.
pub(super) fn is_told(contact: &Contact) -> bool {
    let says_so = |label: &String| consent::telling_subscription(label) == Some(Subscription::Unsubscribed);
    contact.labels.iter().any(says_so) || contact.extra.iter().any(|line| opts_out(line))
}

fn opts_out(line: &str) -> bool {
    let Some((head, value)) = line.split_once(':') else { return false };
    let name = head.split(';').next().unwrap_or_default();
    let name = name.rsplit('.').next().unwrap_or_default();
    let is_own_kind = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("X-"));
    let name: String = name.chars().skip(2).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    is_own_kind && consent::is_opt_out(&name) && consent::opted_out(value) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opt_out_is_a_property_or_a_category() {
        let of = |extra: &[&str], labels: &[&str]| {
            let all = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
            is_told(&Contact { extra: all(extra), labels: all(labels), ..Contact::default() })
        };
        assert!(of(&["X-EMAIL-OPTOUT:TRUE"], &[]) && of(&["item1.X-DO-NOT-CONTACT;TYPE=x:1"], &[]));
        assert!(of(&[], &["Unsubscribed"]));
        assert!(!of(&["X-EMAIL-OPTOUT:FALSE", "X-SMS-OPTOUT:1", "NOTE:unsubscribed"], &["VIP"]));
    }
}
