//! Shapes of answers that only the command line gives. A contract like the rest of [`crate::wire`].

use serde::Serialize;

use crate::domain::contact::ContactId;

/// A birthday to come.
#[derive(Debug, Clone, Serialize)]
pub struct Birthday {
    /// The contact's number.
    pub id: ContactId,
    /// Its name.
    pub name: String,
    /// The day, as `YYYY-MM-DD`.
    pub day: String,
    /// How old somebody is then; none where the year of birth isn't known.
    pub turns: Option<i16>,
}

/// What contacts look like, by some fields: `stats`.
#[derive(Debug, Clone, Serialize)]
pub struct Tallies {
    /// How many they are.
    pub contacts: u64,
    /// By each field that was asked for.
    pub by: Vec<TallyBy>,
    /// How many have something in each of these fields.
    pub filled: Vec<Valued>,
}

/// What contacts look like by a field.
#[derive(Debug, Clone, Serialize)]
pub struct TallyBy {
    /// The field.
    pub field: String,
    /// Its values, the most frequent first; months in their order.
    pub values: Vec<Valued>,
    /// How many have nothing in it.
    pub without: u64,
}

/// A value, and how many contacts have it.
#[derive(Debug, Clone, Serialize)]
pub struct Valued {
    /// The value.
    pub value: String,
    /// How many contacts have it.
    pub contacts: u64,
}

impl From<(String, u64)> for Valued {
    fn from((value, contacts): (String, u64)) -> Self {
        Self { value, contacts }
    }
}
