//! The columns: one of each field, and how a contact comes into them.
//!
//! Which field is kept in what way is decided here. Nothing here knows criteria, order or the trash.

pub(in crate::index) mod dictionary;
pub(in crate::index) mod hash_table;
pub(in crate::index) mod labels;
pub(in crate::index) mod phones;
pub(in crate::index) mod sparse;
pub(in crate::index) mod text_column;
pub(in crate::index) mod timestamps;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::domain::contact::{
    BillingStatus, Custom, CustomValue, Deliverability, JobId, ListId, Member, PartialDate, Subscription, Timestamp,
};
use crate::domain::contact_ref::ContactRef;
use crate::domain::deletion_rules::DeletionFacts;
use crate::domain::field::Field;
use crate::domain::fold::domain_of;
use crate::domain::slot::{self, SLOTS, Slot};

use dictionary::{Codes, Interned};
use labels::Labels;
use phones::Phones;
use text_column::TextColumn;
use timestamps::Timestamps;

/// The dates of a slot.
pub(in crate::index) type Days = Interned<Option<PartialDate>>;

/// Where each slot's column stands among those of its kind.
static PLACES: LazyLock<[usize; slot::COUNT]> = LazyLock::new(|| {
    let (mut texts, mut days) = (0, 0);
    SLOTS.each_ref().map(|row| {
        let next = if row.slot.is_day() { &mut days } else { &mut texts };
        let at = *next;
        *next += usize::from(row.asked.is_some());
        at
    })
});

/// The columns of all rows.
#[derive(Debug)]
pub(in crate::index) struct Columns {
    pub(in crate::index) profile: Interned<Profile>,
    pub(in crate::index) revision: Codes,
    pub(in crate::index) completeness: Codes,
    pub(in crate::index) name: TextColumn,
    pub(in crate::index) email: TextColumn,
    pub(in crate::index) domain: TextColumn,
    pub(in crate::index) phone: Phones,
    pub(in crate::index) street: TextColumn,
    pub(in crate::index) city: TextColumn,
    pub(in crate::index) region: TextColumn,
    pub(in crate::index) postcode: TextColumn,
    pub(in crate::index) country: TextColumn,
    pub(in crate::index) plan: TextColumn,
    /// The slots that are texts.
    pub(in crate::index) texts: Vec<(Slot, TextColumn)>,
    /// The slots that are dates.
    pub(in crate::index) days: Vec<(Slot, Days)>,
    pub(in crate::index) import: Interned<Option<JobId>>,
    pub(in crate::index) created: Timestamps,
    pub(in crate::index) updated: Timestamps,
    pub(in crate::index) active: Timestamps,
    /// The end of an active billing subscription that has one.
    pub(in crate::index) until: FxHashMap<u32, Timestamp>,
    pub(in crate::index) labels: Labels,
    pub(in crate::index) custom: BTreeMap<String, CustomColumn>,
    /// Rows from here on are new: nothing has to be taken out for them.
    pub(in crate::index) rows: u32,
}

/// What of a contact takes few different values, together: the distinct combinations are few as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(in crate::index) struct Profile {
    pub(in crate::index) list: ListId,
    pub(in crate::index) member: Option<Member>,
    pub(in crate::index) subscription: Subscription,
    pub(in crate::index) deliverability: Deliverability,
    pub(in crate::index) billing: Option<BillingStatus>,
    pub(in crate::index) protected: bool,
}

impl Profile {
    /// The standing of a contact; what depends on its dates and its list comes from outside.
    pub(in crate::index) fn standing(&self, billing_valid: bool, account_list: bool) -> DeletionFacts {
        let member = self.member.map(|member| member.role);
        DeletionFacts { member, billing_valid, protected: self.protected, account_list }
    }
}

/// Sets rows of a column from a row on as another has them from 0 on.
fn append<T>(column: &mut FxHashMap<u32, T>, at: u32, other: FxHashMap<u32, T>) {
    column.extend(other.into_iter().map(|(row, value)| (at + row, value)));
}

/// A custom field; a row has at most one value of each kind, and mostly one.
#[derive(Debug)]
pub(in crate::index) struct CustomColumn {
    pub(in crate::index) texts: TextColumn,
    pub(in crate::index) numbers: FxHashMap<u32, f64>,
    pub(in crate::index) dates: FxHashMap<u32, Date>,
}

impl CustomColumn {
    fn new() -> Self {
        Self { texts: TextColumn::shared(), numbers: FxHashMap::default(), dates: FxHashMap::default() }
    }
}

impl Default for Columns {
    fn default() -> Self {
        let (unique, shared) = (TextColumn::unique, TextColumn::shared);
        let asked = || SLOTS.iter().filter_map(|row| Some((row.slot, row.asked?.distinct)));
        let text = |distinct: bool| if distinct { unique() } else { shared() };
        Self {
            profile: Interned::default(),
            revision: Codes::default(),
            completeness: Codes::default(),
            name: unique(),
            email: unique(),
            domain: shared(),
            phone: Phones::default(),
            street: unique(),
            city: shared(),
            region: shared(),
            postcode: shared(),
            country: shared(),
            plan: shared(),
            texts: asked().filter(|(slot, _)| !slot.is_day()).map(|(slot, distinct)| (slot, text(distinct))).collect(),
            days: asked().filter(|(slot, _)| slot.is_day()).map(|(slot, _)| (slot, Days::default())).collect(),
            import: Interned::default(),
            created: Timestamps::default(),
            updated: Timestamps::default(),
            active: Timestamps::default(),
            until: FxHashMap::default(),
            labels: Labels::default(),
            custom: BTreeMap::new(),
            rows: 0,
        }
    }
}

impl Columns {
    /// Sets all of a row.
    pub(in crate::index) fn set(&mut self, row: u32, contact: &ContactRef<'_>) {
        self.profile.set(
            row,
            &Profile {
                list: contact.list,
                member: contact.member,
                subscription: contact.subscription,
                deliverability: contact.deliverability,
                billing: contact.billing.as_ref().map(|billing| billing.status),
                protected: contact.protected,
            },
        );
        self.revision.set(row, contact.revision);
        self.completeness.set(row, contact.completeness());
        self.name.set(row, [contact.display_name().as_ref()]);
        self.email.set(row, contact.emails.iter().map(AsRef::as_ref));
        self.domain.set(row, contact.emails.iter().map(|email| domain_of(email)));
        self.phone.set(row, contact.phones.iter().map(AsRef::as_ref));
        self.street.set(row, contact.addresses.iter().map(|address| address.street.as_ref()));
        self.city.set(row, contact.addresses.iter().map(|address| address.city.as_ref()));
        self.region.set(row, contact.addresses.iter().map(|address| address.region.as_ref()));
        self.postcode.set(row, contact.addresses.iter().map(|address| address.postcode.as_ref()));
        self.country.set(row, contact.addresses.iter().map(|address| address.country.as_ref()));
        self.plan.set(row, contact.billing.iter().map(|billing| billing.plan.as_str()));
        for (slot, column) in &mut self.texts {
            column.set(row, [contact.text(*slot)]);
        }
        for (slot, column) in &mut self.days {
            column.set(row, &contact.day(*slot));
        }
        self.import.set(row, &contact.import);
        self.created.set(row, Some(contact.created));
        self.updated.set(row, Some(contact.updated));
        self.active.set(row, contact.active);
        let active = contact.billing.as_ref().filter(|billing| billing.status == BillingStatus::Active);
        match active.and_then(|billing| billing.until) {
            Some(until) => {
                self.until.insert(row, until);
            }
            None if row < self.rows => {
                self.until.remove(&row);
            }
            None => {}
        }
        self.labels.set(row, &contact.labels);
        self.set_custom(row, &contact.custom);
        self.rows = self.rows.max(row + 1);
    }

    fn set_custom(&mut self, row: u32, custom: &[Custom]) {
        if row < self.rows {
            for column in self.custom.values_mut() {
                column.texts.set(row, []);
                column.numbers.remove(&row);
                column.dates.remove(&row);
            }
        }
        if custom.is_empty() {
            return;
        }
        // They come sorted by name, each once; of those that don't, the texts beside each other all count.
        for same in custom.chunk_by(|a, b| a.name == b.name) {
            let name = &same[0].name;
            let column = match self.custom.get_mut(name) {
                Some(column) => column,
                None => self.custom.entry(name.clone()).or_insert_with(CustomColumn::new),
            };
            let mut texts: SmallVec<[&str; 1]> = SmallVec::new();
            for Custom { name: _, value } in same {
                match value {
                    CustomValue::Text(text) => texts.push(text),
                    CustomValue::Number(number) => {
                        column.numbers.entry(row).or_insert(*number);
                    }
                    CustomValue::Date(date) => {
                        column.dates.entry(row).or_insert(*date);
                    }
                }
            }
            if !texts.is_empty() {
                column.texts.set(row, texts);
            }
        }
    }

    /// Sets new rows from a row on as the other has them from 0 on.
    pub(in crate::index) fn append(&mut self, at: u32, other: Self) {
        // All of them by name, so that none is forgotten.
        let Self {
            profile,
            revision,
            completeness,
            name,
            email,
            domain,
            phone,
            street,
            city,
            region,
            postcode,
            country,
            plan,
            texts,
            days,
            import,
            created,
            updated,
            active,
            until,
            labels,
            custom,
            rows,
        } = other;
        self.profile.append(at, &profile, Profile::clone);
        self.revision.append(at, &revision, |code| code);
        self.completeness.append(at, &completeness, |code| code);
        for ((_, column), (_, other)) in self.texts.iter_mut().zip(texts) {
            column.append(at, other);
        }
        for ((_, column), (_, other)) in self.days.iter_mut().zip(days) {
            column.append(at, &other, Clone::clone);
        }
        self.import.append(at, &import, Clone::clone);
        for (column, other) in [
            (&mut self.name, name),
            (&mut self.email, email),
            (&mut self.domain, domain),
            (&mut self.street, street),
            (&mut self.city, city),
            (&mut self.region, region),
            (&mut self.postcode, postcode),
            (&mut self.country, country),
            (&mut self.plan, plan),
        ] {
            column.append(at, other);
        }
        self.phone.append(at, phone);
        self.created.append(at, &created);
        self.updated.append(at, &updated);
        self.active.append(at, &active);
        append(&mut self.until, at, until);
        self.labels.append(at, &labels);
        for (name, other) in custom {
            let column = self.custom.entry(name).or_insert_with(CustomColumn::new);
            column.texts.append(at, other.texts);
            append(&mut column.numbers, at, other.numbers);
            append(&mut column.dates, at, other.dates);
        }
        self.rows = self.rows.max(at + rows);
    }

    /// The column of a field of kind text; phones are not among them.
    pub(in crate::index) fn text(&self, field: &Field) -> Option<&TextColumn> {
        Some(match field {
            Field::Name => &self.name,
            Field::Slot(slot) => return self.slot(*slot),
            Field::Email => &self.email,
            Field::Domain => &self.domain,
            Field::Street => &self.street,
            Field::City => &self.city,
            Field::Region => &self.region,
            Field::Postcode => &self.postcode,
            Field::Country => &self.country,
            Field::Billing => &self.plan,
            Field::Custom(name) => return self.custom.get(name).map(|column| &column.texts),
            Field::Id
            | Field::Phone
            | Field::E164
            | Field::List
            | Field::Label
            | Field::Created
            | Field::Updated
            | Field::Active
            | Field::Member
            | Field::Role
            | Field::Subscription
            | Field::Deliverability
            | Field::Import => return None,
        })
    }

    /// The column of a slot that is a text.
    pub(in crate::index) fn slot(&self, slot: Slot) -> Option<&TextColumn> {
        self.texts.get(PLACES[slot as usize]).filter(|(known, _)| *known == slot).map(|(_, column)| column)
    }

    /// The column of a slot that is a date.
    pub(in crate::index) fn days(&self, slot: Slot) -> Option<&Days> {
        self.days.get(PLACES[slot as usize]).filter(|(known, _)| *known == slot).map(|(_, column)| column)
    }

    /// The column of a field of kind moment.
    pub(in crate::index) fn moments(&self, field: &Field) -> Option<&Timestamps> {
        match field {
            Field::Created => Some(&self.created),
            Field::Updated => Some(&self.updated),
            Field::Active => Some(&self.active),
            _ => None,
        }
    }

    /// Bytes each column takes.
    pub(in crate::index) fn memory(&self) -> Vec<(String, usize)> {
        let mut out = vec![
            ("profile".to_owned(), self.profile.memory()),
            ("revision".to_owned(), self.revision.memory()),
            ("completeness".to_owned(), self.completeness.memory()),
            ("phone".to_owned(), self.phone.memory()),
            ("label".to_owned(), self.labels.memory()),
            ("import".to_owned(), self.import.memory()),
            ("created".to_owned(), self.created.memory()),
            ("updated".to_owned(), self.updated.memory()),
            ("active".to_owned(), self.active.memory()),
            ("billing end".to_owned(), self.until.capacity() * 17),
        ];
        let texts = crate::domain::field::FIELDS.iter().filter_map(|row| Some((row.name, self.text(&row.field)?)));
        out.extend(texts.map(|(name, column)| (name.to_owned(), column.memory())));
        out.extend(self.days.iter().map(|(slot, column)| (slot.row().name.to_owned(), column.memory())));
        for (name, column) in &self.custom {
            let values = column.numbers.capacity() * 17 + column.dates.capacity() * 13;
            out.push((format!("x.{name}"), column.texts.memory() + values));
        }
        out
    }
}
