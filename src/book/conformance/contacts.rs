//! Whole contacts go in and come out; revisions, lists, labels and the feed of changes.

use std::ops::ControlFlow;

use proptest::prelude::*;

use super::*;
use crate::book::{Change, Changes, Parts};
use crate::domain::contact::{
    Custom, CustomValue, Deliverability, JobId, PartialDate, PostalAddress, Subscription, Tag,
};
use crate::domain::contact_ref::ContactRef;
use crate::domain::field::CustomKind;
use crate::domain::slot::{self, Group, Slot, Value};
use crate::domain::suppression::UnsubscribedWho;

/// Texts that have broken other programs, and any others.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just(String::new()),
        3 => "[a-zA-Z ]{1,12}",
        2 => any::<String>(),
        1 => prop::sample::select(vec![
            "\0", "a\0b", "[", "[\"HOME\"]", "[[\"HOME\",\"x\"]]", "'); DROP TABLE contact; --", "\u{202e}", "\u{1b}]52;c;x\u{7}",
            "1,2", "NULL", "Straße\r\nİ", "\"\\\u{1F469}\u{200D}\u{1F680}",
        ]).prop_map(str::to_owned),
    ]
}

fn tagged() -> impl Strategy<Value = Vec<Tagged>> {
    let one = (prop::sample::select(Tag::ALL.to_vec()), text()).prop_map(|(tag, value)| Tagged { tag, value });
    prop_oneof![text().prop_map(|value| vec![Tagged::plain(value)]), prop::collection::vec(one, 0..4)]
}

fn address() -> impl Strategy<Value = PostalAddress> {
    (prop::sample::select(Tag::ALL.to_vec()), text(), text(), text(), text(), text()).prop_map(
        |(tag, street, city, region, postcode, country)| PostalAddress { tag, street, city, region, postcode, country },
    )
}

fn name() -> impl Strategy<Value = Name> {
    (text(), text(), text(), text(), text(), text(), text()).prop_map(
        |(full, first, middle, last, prefix, suffix, nickname)| Name {
            full,
            first,
            middle,
            last,
            prefix,
            suffix,
            nickname,
        },
    )
}

fn billing() -> impl Strategy<Value = Billing> {
    let status = prop::sample::select(vec![BillingStatus::Active, BillingStatus::Cancelled, BillingStatus::Overdue]);
    (text(), status, any::<Option<i64>>()).prop_map(|(plan, status, until)| Billing {
        plan,
        status,
        until: until.map(Timestamp),
    })
}

fn people() -> impl Strategy<Value = Option<Member>> {
    use MemberStatus::{Active, Blocked, Offline, Pending};
    let status = prop::sample::select(vec![Pending, Active, Blocked, Offline]);
    let role = prop::sample::select(vec![Role::None, Role::Contributor, Role::Owner]);
    prop::option::of((status, role).prop_map(|(status, role)| Member { status, role }))
}

fn custom() -> impl Strategy<Value = Vec<Custom>> {
    let value = prop_oneof![
        text().prop_map(CustomValue::Text),
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(CustomValue::Number),
        (1_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| CustomValue::Date(jiff::civil::date(y, m, d))),
    ];
    prop::collection::btree_map("[a-z\0\"]{1,6}x", value, 0..3)
        .prop_map(|fields| fields.into_iter().map(|(name, value)| Custom { name, value }).collect())
}

pub(in crate::book) fn contact() -> impl Strategy<Value = Contact> {
    let texts = prop::collection::vec(text(), slot::COUNT);
    let many = (tagged(), tagged(), prop::collection::vec(address(), 0..3), prop::collection::vec(text(), 0..3));
    let dates = (any::<i64>(), any::<i64>(), any::<Option<i64>>(), any::<Option<i64>>());
    let day =
        prop::option::of((prop::option::of(1_i16..=9999), prop::option::of(1_u8..=12), prop::option::of(1_u8..=31)));
    let days = prop::collection::vec(day, slot::COUNT);
    let labels = prop::collection::btree_set("[a-zé0-9,\"]{1,5}", 0..5);
    let codes = (0..4_usize, 0..5_usize, any::<bool>());
    (name(), texts, many, dates, days, labels, codes, people(), prop::option::of(billing()), custom()).prop_map(
        |(name, texts, many, dates, days, labels, codes, member, billing, custom)| {
            let mut contact = Contact {
                id: ContactId(0),
                revision: 0,
                list: ListId(1),
                name,
                emails: many.0,
                phones: many.1,
                addresses: many.2,
                created: Timestamp(dates.0),
                updated: Timestamp(dates.1),
                active: dates.2.map(Timestamp),
                subscription: [
                    Subscription::NotSet,
                    Subscription::Pending,
                    Subscription::Subscribed,
                    Subscription::Unsubscribed,
                ][codes.0],
                deliverability: [
                    Deliverability::NotSet,
                    Deliverability::Valid,
                    Deliverability::Bounced,
                    Deliverability::SpamComplaint,
                    Deliverability::Inactive,
                ][codes.1],
                labels: labels.into_iter().collect(),
                member,
                billing,
                protected: codes.2,
                custom,
                import: dates.3.map(JobId),
                extra: many.3,
                ..Contact::default()
            };
            for (slot, (text, day)) in Slot::all().zip(texts.iter().zip(days)) {
                let day = day.map(|(year, month, day)| PartialDate { year, month, day });
                let value = if slot.is_day() { Value::Day(day) } else { Value::Text(text) };
                if slot.row().group != Group::Name {
                    slot.put(&mut contact, value);
                }
            }
            contact
        },
    )
}

pub(in crate::book) fn contacts_come_back_field_for_field_and_lent_as_they_are(beneath: &dyn Beneath) {
    proptest!(beneath.cases(64), |(contacts in prop::collection::vec(contact(), 1..8))| {
        let (_home, mut store) = beneath.book();
        let ids = write(&mut store, |tx| {
            tx.create_list("All", ListKind::Standard)?;
            tx.insert_contacts(&contacts)
        });
        let back = store.contacts(ids.iter().copied()).unwrap();
        let expected: Vec<Contact> = contacts
            .into_iter()
            .zip(&ids)
            .map(|(contact, id)| Contact { id: *id, revision: 1, ..contact })
            .collect();
        prop_assert_eq!(&back, &expected);
        // Each in the room of the one before it, in any order: nothing of that one is left.
        let turned: Vec<ContactId> = ids.iter().rev().copied().collect();
        for order in [&ids, &turned] {
            let mut each = Vec::new();
            store.each_contact(order, Parts::All, |contact| each.push(contact.clone())).unwrap();
            prop_assert_eq!(&each, &store.contacts(order.iter().copied()).unwrap());
            let lists = |it: &Contact| Contact {
                id: it.id,
                emails: it.emails.clone(),
                phones: it.phones.clone(),
                addresses: it.addresses.clone(),
                custom: it.custom.clone(),
                ..Contact::default()
            };
            let wanted: Vec<Contact> = each.iter().map(lists).collect();
            each.clear();
            store.each_contact(order, Parts::Lists, |contact| each.push(contact.clone())).unwrap();
            prop_assert_eq!(&each, &wanted);
        }
        let mut expected = expected.iter();
        store.scan(ContactId(1)..=ContactId(i64::MAX), |lent| {
            let contact = expected.next().expect("as many as were written");
            assert_eq!(format!("{lent:?}"), format!("{:?}", ContactRef::of(contact)));
            ControlFlow::Continue(())
        }).unwrap();
        prop_assert!(expected.next().is_none());
        // Writing the same again changes the revision alone.
        let changed = write(&mut store, |tx| tx.update_contact(&back[0], 1));
        prop_assert_eq!(store.contact(back[0].id).unwrap(), Some(Contact { revision: changed, ..back[0].clone() }));
        assert_healthy(&store);
    });
}

pub(in crate::book) fn a_change_to_another_revision_is_refused(beneath: &dyn Beneath) {
    let (_home, mut store, ids) = filled(beneath, 2);
    let contact = store.contact(ids[0]).unwrap().unwrap();
    assert_eq!(write(&mut store, |tx| tx.update_contact(&contact, 1)), 2);
    let stale = store.write(|tx| tx.update_contact(&contact, 1));
    assert!(matches!(stale, Err(BookError::Stale { found: 2, expected: 1, .. })), "{stale:?}");
    assert_eq!(protect(&mut store, ids[0], true), 3);
    assert!(store.contact(ids[0]).unwrap().unwrap().protected);
    let missing = store.write(|tx| tx.update_contact(&Contact { id: ContactId(99), ..contact.clone() }, 1));
    assert!(matches!(missing, Err(BookError::NoContact(ContactId(99)))));
    let nowhere = store.write(|tx| tx.insert_contacts([plain(ListId(7), 1)]));
    assert!(matches!(nowhere, Err(BookError::NoList(ListId(7)))), "{nowhere:?}");
}

pub(in crate::book) fn a_failed_write_leaves_nothing_behind(beneath: &dyn Beneath) {
    let (_home, mut store, ids) = filled(beneath, 3);
    let before = store.last_change().unwrap();
    let failed = store.write(|tx| {
        tx.insert_contacts([plain(ListId(1), 9)])?;
        tx.create_list("newsletter", ListKind::Standard)
    });
    assert!(matches!(failed, Err(BookError::NameTaken(_))));
    assert_eq!((everything(&store).len(), store.last_change().unwrap()), (ids.len(), before));
}

pub(in crate::book) fn names_are_one_without_regard_to_case(beneath: &dyn Beneath) {
    let (_home, mut store) = beneath.book();
    let list = write(&mut store, |tx| tx.create_list(" Käufer ", ListKind::Account));
    assert_eq!(store.list_named("KÄUFER").unwrap().map(|list| (list.id, list.name)), Some((list, "Käufer".into())));
    for name in ["käufer", " ", "KA\u{308}UFER"] {
        assert!(matches!(store.write(|tx| tx.create_list(name, ListKind::Standard)), Err(BookError::NameTaken(_))));
    }
    write(&mut store, |tx| tx.rename_list(list, "KÄUFER"));
    let with = |labels: &[&str]| Contact { labels: labels.iter().map(|l| (*l).to_owned()).collect(), ..plain(list, 1) };
    let ids = write(&mut store, |tx| tx.insert_contacts([with(&["VIP", "b"]), with(&["a", "vip", "Vip"])]));
    assert_eq!(store.contact(ids[1]).unwrap().unwrap().labels, ["VIP", "a"]);
    write(&mut store, |tx| tx.rename_label("vip", "Guest"));
    assert!(store.write(|tx| tx.rename_label("guest", "B")).is_err());
    assert_eq!(store.contact(ids[0]).unwrap().unwrap().labels, ["Guest", "b"]);
    assert!(write(&mut store, |tx| tx.drop_label("guest")));
    assert_eq!(store.contact(ids[1]).unwrap().unwrap().labels, ["a"]);
    let scored = |name: &str| Contact {
        custom: vec![Custom { name: name.into(), value: CustomValue::Number(1.0) }],
        ..plain(list, 1)
    };
    let ids = write(&mut store, |tx| tx.insert_contacts([scored("Score"), scored("score")]));
    assert_eq!(store.contact(ids[1]).unwrap().unwrap().custom[0].name, "Score");
    assert_eq!(
        store.vocabulary().unwrap().custom.into_iter().collect::<Vec<_>>(),
        [("Score".into(), CustomKind::Number)]
    );
}

pub(in crate::book) fn the_feed_tells_what_changed_and_says_when_it_no_longer_can(beneath: &dyn Beneath) {
    let (_home, mut store) = beneath.book();
    assert_eq!(store.changes_since(0).unwrap(), Changes::Since { changes: vec![], last: 0 });
    let list = write(&mut store, |tx| tx.create_list("A", ListKind::Standard));
    let seen = store.last_change().unwrap();
    let other = store.reader().unwrap();
    let version = other.data_version().unwrap();
    let ids = write(&mut store, |tx| tx.insert_contacts((1..=3).map(|n| plain(list, n))));
    assert_ne!(other.data_version().unwrap(), version, "another connection sees that there is something");
    let expected = Change::Contacts { first: ids[0], last: ids[2] };
    assert_eq!(other.changes_since(seen).unwrap(), Changes::Since { changes: vec![expected], last: seen + 1 });
    write(&mut store, |tx| {
        for _ in 0..20_000 {
            tx.record(Change::Labels)?;
        }
        Ok(())
    });
    assert_eq!(other.changes_since(seen).unwrap(), Changes::TooOld);
    assert_eq!(other.changes_since(0).unwrap(), Changes::TooOld);
    let newest = other.last_change().unwrap();
    assert_eq!(other.changes_since(newest).unwrap(), Changes::Since { changes: vec![], last: newest });
    let Changes::Since { changes, .. } = other.changes_since(newest - 10).unwrap() else { panic!("it reaches back") };
    assert_eq!(changes.len(), 10);
}

pub(in crate::book) fn unsubscribers_are_found_in_any_spelling_and_stay_until_taken_off(beneath: &dyn Beneath) {
    let (_home, mut store, _) = filled(beneath, 1);
    let added =
        write(&mut store, |tx| tx.unsubscribe(["Anna@Example.com", "mailto:anna@example.com", " "], "form", NOW));
    assert_eq!(added, 1);
    assert!(store.is_unsubscribed("<ANNA@example.com>").unwrap());
    assert_eq!(store.unsubscribers().unwrap()[0].who, UnsubscribedWho::Address("Anna@Example.com".into()));
    assert_eq!(write(&mut store, |tx| tx.resubscribe(["anna@EXAMPLE.com", "other@example.com"])), 1);
    assert!(!store.is_unsubscribed("anna@example.com").unwrap());
}

pub(in crate::book) fn contacts_that_are_added_are_left_as_the_book_has_them(beneath: &dyn Beneath) {
    proptest!(beneath.cases(24), |(all in prop::collection::vec(contact(), 0..80), twice in any::<bool>())| {
        let (_home, mut store) = beneath.book();
        let mut all = all;
        write(&mut store, |tx| {
            tx.create_list("Newsletter", ListKind::Standard)?;
            tx.add_label("ABC")?;
            tx.set_custom_field("Abcx", CustomKind::Text)
        });
        for contact in &mut all {
            contact.labels.push("abc".to_owned());
        }
        if twice {
            // One by one they lie there as they do together.
            let ids = write(&mut store, |tx| all.iter().map(|one| Ok(tx.insert_contacts([one])?[0])).collect::<Result<Vec<_>, _>>());
            let alone = store.contacts(ids).unwrap();
            write(&mut store, |tx| tx.add_contacts(&mut all));
            let unnumbered = |contact: &Contact| Contact { id: ContactId(0), ..contact.clone() };
            prop_assert_eq!(alone.iter().map(unnumbered).collect::<Vec<_>>(), all.iter().map(unnumbered).collect::<Vec<_>>());
        } else {
            write(&mut store, |tx| tx.add_contacts(&mut all));
        }
        prop_assert!(all.windows(2).all(|pair| pair[0].id.0 + 1 == pair[1].id.0));
        prop_assert_eq!(store.contacts(all.iter().map(|contact| contact.id)).unwrap(), all);
        assert_healthy(&store);
    });
}
