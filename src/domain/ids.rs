//! The numbers of contacts, lists and jobs. Nothing else can be mistaken for one.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id! {
    /// A contact's number: positive, never reused, the same again after a restore.
    ContactId
}
id! {
    /// A list's number: positive, never reused.
    ListId
}
id! {
    /// A job's number: positive, rising. An import is a job, so this numbers imports as well.
    JobId
}
