//! Cells: a contact's value of a field as a table shows it.
//!
//! Raw values: whoever shows them sanitises them.

use jiff::tz::TimeZone;

use crate::domain::contact::{ContactId, Timestamp};
use crate::domain::criteria::EvalTime;
use crate::domain::field::Field;
use crate::domain::phone::e164;
use crate::index::Index;

impl Index {
    /// The cells of these contacts, in this order; those that are not there are left out.
    pub fn cells(&self, ids: &[ContactId], fields: &[Field], today: &EvalTime) -> Vec<Vec<String>> {
        let rows = ids.iter().filter_map(|id| self.ids.row(*id));
        rows.map(|row| fields.iter().map(|field| self.cell(row, field, today)).collect()).collect()
    }

    /// The row's cell of a field: dates as `YYYY-MM-DD`, many values as the primary one, labels
    /// separated by `, `.
    pub(in crate::index) fn cell(&self, row: u32, field: &Field, today: &EvalTime) -> String {
        let columns = &self.columns;
        let profile = columns.profile.get(row);
        if let Some(moments) = columns.moments(field) {
            return moments.get(row).map_or_else(String::new, |moment| date(moment, &today.zone));
        }
        match field {
            Field::Id => self.ids.id(row).to_string(),
            Field::Phone => columns.phone.raw(row),
            Field::E164 => e164(&columns.phone.raw(row), self.home()).unwrap_or_default(),
            Field::Slot(slot) if slot.is_day() => {
                let day = columns.days(*slot).and_then(|days| *days.get(row));
                day.map_or_else(String::new, |day| day.to_string())
            }
            Field::List => self.lists.get(&profile.list).map_or_else(String::new, |list| list.name.clone()),
            Field::Label => columns.labels.of(row).collect::<Vec<_>>().join(", "),
            Field::Member => profile.member.map_or_else(String::new, |member| member.status.word().to_owned()),
            Field::Role => profile.member.map_or_else(String::new, |member| member.role.word().to_owned()),
            Field::Subscription => profile.subscription.word().to_owned(),
            Field::Deliverability => profile.deliverability.word().to_owned(),
            Field::Import => columns.import.get(row).map_or_else(String::new, |import| import.to_string()),
            Field::Custom(name) => columns.custom.get(name).map_or_else(String::new, |column| {
                match (column.numbers.get(&row), column.dates.get(&row)) {
                    (Some(number), _) => number.to_string(),
                    (None, Some(date)) => date.to_string(),
                    (None, None) => column.texts.raw(row).into_owned(),
                }
            }),
            text => columns.text(text).map_or_else(String::new, |column| column.raw(row).into_owned()),
        }
    }
}

/// A moment's day in a time zone; empty beyond the calendar.
fn date(moment: Timestamp, zone: &TimeZone) -> String {
    jiff::Timestamp::from_millisecond(moment.0)
        .map_or_else(|_| String::new(), |at| zone.to_datetime(at).date().to_string())
}
