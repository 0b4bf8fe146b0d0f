//! The statuses of a contact: each value declared once, with its word and its code.
//!
//! Owns whether mail is wanted and whether it arrives, the standing and the role of a site account, the standing of a
//! billing subscription. A word is what the query line, CSV, JSON Lines and vCards write; a code is what the contacts
//! API writes. Called by whoever reads, writes or shows one. The numbers that the book and the index keep are theirs.

use std::str::FromStr;

/// A text that is no word of a status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is none of {}", words.join(", "))]
pub struct UnknownWord {
    text: String,
    words: &'static [&'static str],
}

/// Declares a status: `value: word, code` for each of its values.
macro_rules! status {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $value:ident: $word:literal, $code:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$about])* $value,)+
        }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];
            /// The words of all values, in the order of [`Self::ALL`].
            pub const WORDS: &'static [&'static str] = &[$($word),+];
            /// The codes of all values, in the order of [`Self::ALL`].
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// Its word in the query line and in contact files.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)+
                }
            }

            /// Its code in the contacts API.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$value => $code,)+
                }
            }
        }

        /// Reads its word, in any case.
        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                let same = |value: &&Self| value.word().eq_ignore_ascii_case(text.trim());
                let unknown = || UnknownWord { text: text.to_owned(), words: Self::WORDS };
                Self::ALL.iter().find(same).copied().ok_or_else(unknown)
            }
        }
    };
}

status! {
    /// Whether mail was asked for.
    #[derive(Default)]
    Subscription {
        /// Nothing is known.
        #[default]
        NotSet: "notset", "NOT_SET";
        /// Asked, not yet confirmed.
        Pending: "pending", "PENDING";
        /// Wants mail.
        Subscribed: "subscribed", "SUBSCRIBED";
        /// Asked not to be written to.
        Unsubscribed: "unsubscribed", "UNSUBSCRIBED";
    }
}

status! {
    /// Whether mail arrives.
    #[derive(Default)]
    Deliverability {
        /// Nothing is known.
        #[default]
        NotSet: "notset", "NOT_SET";
        /// Arrives.
        Valid: "valid", "VALID";
        /// Came back.
        Bounced: "bounced", "BOUNCED";
        /// Was reported as spam.
        SpamComplaint: "spam", "SPAM_COMPLAINT";
        /// No longer used.
        Inactive: "inactive", "INACTIVE";
    }
}

status! {
    /// The standing of a site account.
    MemberStatus {
        /// Waits for approval.
        Pending: "pending", "PENDING";
        /// In use.
        Active: "active", "ACTIVE";
        /// Locked out.
        Blocked: "blocked", "BLOCKED";
        /// Not shown.
        Offline: "offline", "OFFLINE";
    }
}

status! {
    /// What a member may do on the site.
    #[derive(Default)]
    Role {
        /// Nothing special.
        #[default]
        None: "none", "NONE";
        /// Works on the site.
        Contributor: "contributor", "CONTRIBUTOR";
        /// Owns the site.
        Owner: "owner", "OWNER";
    }
}

status! {
    /// The standing of a billing subscription.
    BillingStatus {
        /// Paid for.
        Active: "active", "ACTIVE";
        /// Ended by the customer or the site.
        Cancelled: "cancelled", "CANCELLED";
        /// Payment is missing.
        Overdue: "overdue", "OVERDUE";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Criteria and the index count values by their place among the words.
    macro_rules! each_word_is_at_its_values_place {
        ($($name:ident)+) => {$(
            for (at, (value, word)) in $name::ALL.iter().zip($name::WORDS).enumerate() {
                assert_eq!((*value as usize, value.word(), value.code()), (at, *word, $name::CODES[at]));
                assert_eq!(format!(" {} ", word.to_uppercase()).parse(), Ok(*value));
            }
        )+};
    }

    #[test]
    fn a_word_is_read_as_it_is_written() {
        each_word_is_at_its_values_place!(Subscription Deliverability MemberStatus Role BillingStatus);
        let unknown = "king".parse::<Role>().map_err(|why| why.to_string());
        assert_eq!(unknown, Err(r#""king" is none of none, contributor, owner"#.to_owned()));
    }
}
