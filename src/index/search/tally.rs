//! What a set of contacts looks like: how many have each value of a field, how many came and were active month
//! by month, and which fields are filled.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Cancel;
use crate::domain::criteria::EvalTime;
use crate::domain::field::{Field, Kind};
use crate::domain::slot::Slot;
use crate::index::Index;
use crate::index::bitmap::Bitmap;
use crate::index::search::ResolvedQuery;

/// What a set of contacts looks like.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// How many they are.
    pub of: u64,
    /// The values of the field with how many have each, the most frequent first; months in their order.
    pub values: Vec<(String, u64)>,
    /// How many values there are, those beyond the first hundred among them.
    pub distinct: u64,
    /// How many have nothing in the field.
    pub without: u64,
    /// How many were last active in each month, as `2026-11`, in order.
    pub active: Vec<(String, u64)>,
    /// How many were created in each month.
    pub created: Vec<(String, u64)>,
    /// How many have something in each of these fields.
    pub filled: Vec<(Field, u64)>,
}

/// What makes a card complete, in the order in which it is told.
fn complete() -> [Field; 6] {
    [Field::Email, Field::Phone, Field::Slot(Slot::Company), Field::City, Field::Slot(Slot::Birthday), Field::Label]
}

impl Index {
    /// Tallies what a query finds by a field; none where it was cancelled.
    pub fn tally(&self, query: &ResolvedQuery, by: &Field, cancel: Cancel<'_>) -> Option<Tally> {
        let rows = self.all(query, cancel)?;
        let today = &query.today;
        let holding = |field: &Field| {
            let mut holding = self.rows_present(field, cancel);
            holding.and(&rows);
            holding.count()
        };
        let of = rows.count();
        let dated = matches!(by, Field::Created | Field::Updated | Field::Active);
        let values = if dated { self.months(&rows, by, today) } else { self.values_among(&rows, by) };
        let tally = Tally {
            of,
            distinct: values.len() as u64,
            values,
            without: of.saturating_sub(holding(by)),
            active: self.months(&rows, &Field::Active, today),
            created: self.months(&rows, &Field::Created, today),
            filled: complete().into_iter().map(|field| (field.clone(), holding(&field))).collect(),
        };
        (!cancel()).then_some(tally)
    }

    fn months(&self, rows: &Bitmap, field: &Field, today: &EvalTime) -> Vec<(String, u64)> {
        let Some(moments) = self.columns.moments(field) else { return Vec::new() };
        let mut months: BTreeMap<(i16, i8), u64> = BTreeMap::new();
        for moment in rows.iter().filter_map(|row| moments.get(row)) {
            if let Some(date) = today.date_of(moment) {
                *months.entry((date.year(), date.month())).or_default() += 1;
            }
        }
        months.into_iter().map(|((year, month), n)| (format!("{year:04}-{month:02}"), n)).collect()
    }
}

/// Whether contacts can be tallied by a field: what everybody has another value of tells nothing.
pub fn can_tally(field: &Field, kind: Kind) -> bool {
    match field {
        Field::Id | Field::Name | Field::Email | Field::Phone | Field::E164 | Field::Import | Field::Street => false,
        Field::Created | Field::Updated | Field::Active => true,
        _ => matches!(kind, Kind::Text | Kind::Set | Kind::Choice(_)),
    }
}
