//! The index against the definitions: criteria against `matches`, order against a plain sort, outcomes
//! against the rules, for random contacts, criteria and changes.
//!
//! `CARDFILE_CASES=100000 cargo test --release --lib index::tests` is the long form.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::domain::address;
use crate::domain::apart::{Apart, pair};
use crate::domain::contact::*;
use crate::domain::criteria::matches::{matches, test_holds, texts};
use crate::domain::criteria::{
    Clause, Criteria, DateSpec, DateTest, DuplicateKey, Duplicates, EvalTime, Fact, MatchContext, NumberTest, Pattern,
    Resolved, Test, TextOp, Unit, Yearly,
};
use crate::domain::deletion_rules::{DeletionFacts, Refusal};
use crate::domain::field::{FIELDS, Field, Kind};
use crate::domain::fold::{digits, domain_of, fold_accents};
use crate::domain::phone::e164;
use crate::domain::query::{Direction, Page, Query, ResolvedQuery, Scope, Sort, SortKey};
use crate::domain::slot::{Slot, Value};

const NOW: i64 = 1_700_000_000_000;
const DAY: i64 = 86_400_000;

/// A small generator: proptest shrinks how many there are, this makes each of them.
pub(in crate::index) struct Dice(pub(in crate::index) u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    fn text(&mut self) -> String {
        const ALL: &[&str] = &[
            "",
            "",
            " ",
            "a",
            "Anna",
            "ANNA ",
            "anna",
            "Ánna",
            "A\u{301}nna",
            "Straße",
            "STRASSE",
            "İstanbul",
            "ıI",
            "Łódź",
            "Σίσυφος",
            "ΣΊΣΥΦΟΣ",
            "σ",
            "100 %",
            "a_b",
            "a%b",
            "👩\u{200d}👩",
            "佐藤",
            "ｆｕｌｌ",
            "\u{301}",
            "ᾳ",
            "αι",
            "x  y",
            "x y",
            "x\ty",
            "K",
            "\u{212a}",
            "e\u{301}",
            "é",
            "Smith",
            "smith & Söhne",
            "\0nul",
            "æ",
            "AE",
            "o'Brien\nline",
            "ſ",
            "\u{a0}nbsp\u{a0}",
            "ĳ",
            "ﬁ",
        ];
        if self.one_in(6) {
            let (a, b) = (self.of(ALL), self.of(ALL));
            return format!("{a} {b}");
        }
        self.of(ALL).to_owned()
    }

    fn email(&mut self) -> String {
        const ALL: &[&str] = &[
            "anna@b.example",
            "Anna@B.example",
            " anna@b.example ",
            "x@gmail.com",
            "y@gmail.com",
            "y+z@gmail.com",
            "ä@bücher.example",
            "a@xn--bcher-kva.example",
            "nobody",
            "",
            "a@b@c.example",
            "<q@b.example>",
            "a@b.example.",
            "mailto:x@gmail.com",
            "K@\u{212a}.example",
            "@",
            "straße@x.de",
            "strasse@x.de",
        ];
        self.of(ALL).to_owned()
    }

    fn phone(&mut self) -> String {
        const ALL: &[&str] = &[
            "+1 (214) 106-1",
            "12141061",
            "٠١٢3",
            "",
            "ask",
            "00 49-30",
            "049 30",
            "+49 30 1234567",
            "３０",
            "020 7946 0958",
            "+44 (0)20 7946 0958",
            "20 7946 0958 x2",
            "0049 30 1234567",
            "+15550100",
        ];
        self.of(ALL).to_owned()
    }

    fn moment(&mut self) -> Timestamp {
        Timestamp(NOW + self.below(800) as i64 * DAY - 400 * DAY + self.below(3) as i64)
    }

    fn address(&mut self) -> PostalAddress {
        PostalAddress {
            street: self.text(),
            city: self.text(),
            region: self.text(),
            postcode: self.phone(),
            country: self.text(),
            ..PostalAddress::default()
        }
    }

    fn many<T>(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let n = if self.one_in(2) { 1.min(most) } else { self.below(most + 1) };
        (0..n).map(|_| make(self)).collect()
    }

    fn maybe(&mut self) -> String {
        if self.one_in(2) { String::new() } else { self.text() }
    }

    pub(in crate::index) fn contact(&mut self, id: i64) -> Contact {
        let role = self.of(&[Role::None, Role::Contributor, Role::Owner]);
        let status = self.of(&[MemberStatus::Pending, MemberStatus::Active, MemberStatus::Blocked]);
        let mut labels = self.many(3, |dice| dice.of(&["VIP", "vip", "Straße", "strasse", "old", "b"]).to_owned());
        labels.sort();
        labels.dedup();
        let mut custom = BTreeMap::new();
        if self.one_in(2) {
            custom.insert("Note".to_owned(), CustomValue::Text(self.text()));
        }
        if self.one_in(2) {
            custom.insert("Score".to_owned(), CustomValue::Number(self.of(&[-1.5, -0.0, 0.0, 2.0, 1e9])));
        }
        if self.one_in(2) {
            custom.insert("Since".to_owned(), CustomValue::Date(date(2019, 1 + self.below(12) as i8, 28)));
        }
        if self.one_in(4) {
            custom.insert(
                "Mixed".to_owned(),
                match self.below(3) {
                    0 => CustomValue::Text(self.text()),
                    1 => CustomValue::Number(self.below(3) as f64),
                    _ => CustomValue::Date(date(2020, 2, 29)),
                },
            );
        }
        let mut contact = Contact {
            id: ContactId(id),
            revision: self.of(&[1, 2, 300, 70_000]),
            list: ListId(self.below(4) as i64),
            name: Name {
                full: self.maybe(),
                first: self.maybe(),
                middle: self.maybe(),
                last: self.maybe(),
                nickname: self.maybe(),
                ..Name::default()
            },
            emails: self.many(3, |dice| Tagged::plain(dice.email())),
            phones: self.many(3, |dice| Tagged::plain(dice.phone())),
            addresses: self.many(2, Self::address),
            company: self.maybe(),
            title: self.maybe(),
            birthday: (!self.one_in(3)).then(|| PartialDate {
                year: (!self.one_in(3)).then(|| self.of(&[1970, 1985, 2000])),
                month: (!self.one_in(4)).then(|| self.of(&[1, 2, 12])),
                day: (!self.one_in(4)).then(|| self.of(&[1, 29, 31])),
            }),
            website: self.maybe(),
            note: self.maybe(),
            locale: self.maybe(),
            source: self.maybe(),
            created: self.moment(),
            updated: self.moment(),
            active: (!self.one_in(3)).then(|| self.moment()),
            subscription: self.of(&[
                Subscription::NotSet,
                Subscription::Pending,
                Subscription::Subscribed,
                Subscription::Unsubscribed,
            ]),
            deliverability: self.of(&[Deliverability::NotSet, Deliverability::Valid, Deliverability::Bounced]),
            labels,
            member: self.one_in(3).then_some(Member { status, role }),
            billing: self.one_in(3).then(|| Billing {
                plan: self.text(),
                status: self.of(&[BillingStatus::Active, BillingStatus::Cancelled, BillingStatus::Overdue]),
                until: self.one_in(2).then(|| self.of(&[Timestamp(NOW - 1), Timestamp(NOW), Timestamp(NOW + 1)])),
            }),
            protected: self.one_in(5),
            custom: custom.into_iter().map(|(name, value)| Custom { name, value }).collect(),
            import: self.one_in(2).then(|| JobId(self.below(3) as i64)),
            ..Contact::default()
        };
        for slot in Slot::all().filter(|slot| slot.row().asked.is_some()) {
            if slot.of(&contact).is_blank() && self.one_in(2) {
                let value =
                    if slot.is_day() { self.of(&["1985-04-12", "--02-29", "2000"]).to_owned() } else { self.text() };
                slot.read(&mut contact, &value);
            }
        }
        contact
    }

    fn field(&mut self, wanted: impl Fn(&Kind) -> bool) -> Field {
        let fields: Vec<Field> = FIELDS.iter().filter(|row| wanted(&row.kind)).map(|row| row.field.clone()).collect();
        self.of(&fields)
    }

    fn date_spec(&mut self) -> DateSpec {
        match self.below(5) {
            0 => DateSpec::Year(self.of(&[1985, 2019, 2023, 9999])),
            1 => DateSpec::Month(2023, 1 + self.below(12) as i8),
            2 => DateSpec::Day(date(2023, 11, 1 + self.below(30) as i8)),
            3 => DateSpec::At(self.moment()),
            _ => DateSpec::FromToday { offset: -(self.below(300) as i32), unit: self.of(&[Unit::Days, Unit::Months]) },
        }
    }

    fn clause(&mut self) -> Clause {
        let custom = |name: &str| Field::Custom(name.to_owned());
        match self.below(15) {
            0 => Clause::Word(match self.below(3) {
                0 => self.text(),
                1 => self.phone(),
                _ => self.of(&["na", "214", "gmail", "s", "30", "o"]).to_owned(),
            }),
            1..=4 => {
                let field = if self.one_in(6) {
                    custom(self.of(&["Note", "Mixed", "Unknown"]))
                } else {
                    self.field(|kind| matches!(kind, Kind::Text | Kind::Phone))
                };
                let op = self.of(&[TextOp::Contains, TextOp::Exactly, TextOp::StartsWith, TextOp::EndsWith]);
                let values = self.many(2, |dice| match dice.below(4) {
                    0 => dice.email(),
                    1 => dice.phone(),
                    2 => dice.of(&["n", "A", "ss", ".example", "gmail.com", "x", "É", "1"]).to_owned(),
                    _ => dice.text(),
                });
                Clause::Text { field, op, values }
            }
            5 => {
                let field = self.field(|kind| matches!(kind, Kind::Text | Kind::Phone));
                let pattern =
                    self.of(&["^a", "(?-i)A", "n+a?$", r"\d{3}", "ß", "^.$", r"^\s", "", "[^a-z]", "@.*com$"]);
                Clause::Matches { field, pattern: Pattern::new(pattern).expect("these compile") }
            }
            6 | 7 => {
                let field = if self.one_in(4) {
                    custom(self.of(&["Since", "Mixed"]))
                } else {
                    self.field(|kind| matches!(kind, Kind::Timestamp | Kind::Day))
                };
                let (a, b) = (self.date_spec(), self.date_spec());
                let yearly = self.of(&["02", "04-12", "02-29", "today", "next30d", "next5m", "next1w"]);
                let test = self.of(&[
                    DateTest::Yearly(Yearly::read(yearly).expect("it reads")),
                    DateTest::On(a),
                    DateTest::Before(a),
                    DateTest::OnOrBefore(a),
                    DateTest::After(a),
                    DateTest::OnOrAfter(a),
                    DateTest::Between(a, b),
                ]);
                Clause::Date { field, test }
            }
            8 => {
                let field = self.of(&[Field::Id, Field::Import, custom("Score"), custom("Mixed")]);
                let n = self.of(&[-1.5, 0.0, 1.0, 2.0, 5.0]);
                let test = self.of(&[
                    NumberTest::Is(vec![n, 2.0]),
                    NumberTest::Less(n),
                    NumberTest::AtMost(n),
                    NumberTest::More(n),
                    NumberTest::AtLeast(n),
                    NumberTest::Between(n, 3.0),
                ]);
                Clause::Number { field, test }
            }
            9 => Clause::Set {
                field: self.of(&[Field::Label, Field::List]),
                values: self.many(2, |dice| dice.of(&["VIP", "straße", "b", "news", "ACCOUNT"]).to_owned()),
            },
            10 => Clause::Choice {
                field: self.field(|kind| matches!(kind, Kind::Choice(_))),
                values: self.many(2, |dice| dice.below(5)),
            },
            11 => Clause::Present(if self.one_in(4) {
                custom(self.of(&["Note", "Score", "Since", "Mixed", "Unknown"]))
            } else {
                self.field(|_| true)
            }),
            12 | 13 => Clause::Fact(self.of(&Fact::ALL)),
            _ => Clause::Duplicate { by: self.of(&DuplicateKey::EXACT), redundant: self.one_in(2) },
        }
    }
}

fn criteria() -> impl Strategy<Value = Criteria> {
    let leaf = prop_oneof![
        8 => any::<u64>().prop_map(|seed| Criteria::Clause(Dice(seed).clause())),
        1 => Just(Criteria::All),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Criteria::And),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Criteria::Or),
            inner.prop_map(|inner| Criteria::Not(Box::new(inner))),
        ]
    })
}

/// As in which country its phones are typed.
fn home() -> Option<crate::domain::phone::Country> {
    crate::domain::phone::Country::of("GB")
}

/// The book as plain values beside the index, every change made to both.
struct Model {
    index: Index,
    contacts: BTreeMap<ContactId, Contact>,
    trash: BTreeSet<ContactId>,
    around: MatchContext,
    apart: Apart,
}

#[derive(Debug, Clone)]
enum Change {
    Put(i64, u64),
    Trash(Vec<i64>),
    Restore(Vec<i64>),
    Forget(i64),
    Unsubscribe(u64),
    /// These two are never the same.
    Apart(i64, i64),
    /// What the first questions need is worked out beforehand.
    Prepare,
    /// The index is saved and read again.
    Reopen,
}

fn change() -> impl Strategy<Value = Change> {
    let ids = || proptest::collection::vec(1i64..20, 1..4);
    prop_oneof![
        6 => (1i64..20, any::<u64>()).prop_map(|(id, seed)| Change::Put(id, seed)),
        2 => ids().prop_map(Change::Trash),
        1 => ids().prop_map(Change::Restore),
        1 => (1i64..20).prop_map(Change::Forget),
        1 => any::<u64>().prop_map(Change::Unsubscribe),
        1 => (1i64..20, 1i64..20).prop_map(|(one, other)| Change::Apart(one, other)),
        1 => Just(Change::Prepare),
        1 => Just(Change::Reopen),
    ]
}

fn today() -> EvalTime {
    EvalTime { now: Timestamp(NOW), zone: TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC) }
}

impl Model {
    fn new(seeds: &[u64]) -> Self {
        let mut model = Self {
            index: Index::new().at_home(home()),
            contacts: BTreeMap::new(),
            trash: BTreeSet::new(),
            around: MatchContext { home: home(), ..MatchContext::default() },
            apart: Apart::new(),
        };
        let lists: Vec<List> =
            [(1, "News", ListKind::Standard), (2, "Account", ListKind::Account), (3, "b", ListKind::Standard)]
                .into_iter()
                .map(|(id, name, kind)| List { id: ListId(id), name: name.into(), kind })
                .collect();
        model.index.set_lists(&lists);
        model.around.lists = lists.into_iter().map(|list| (list.id, list)).collect();
        // Some come one by one, the others as a part that was filled by itself.
        let alone = seeds.first().map_or(0, |seed| *seed as usize % (seeds.len() + 1));
        let mut part = Index::new();
        for (at, seed) in seeds.iter().enumerate() {
            let put = Change::Put(at as i64 + 1, *seed);
            if at < alone {
                model.make(&put);
            } else {
                std::mem::swap(&mut model.index, &mut part);
                model.make(&put);
                std::mem::swap(&mut model.index, &mut part);
            }
        }
        model.index.append(part);
        model.make(&Change::Unsubscribe(1));
        model
    }

    fn make(&mut self, change: &Change) {
        let ids = |ids: &[i64]| ids.iter().copied().map(ContactId).collect::<Vec<_>>();
        match change {
            Change::Put(id, seed) => {
                let mut contact = Dice(*seed).contact(*id);
                if let (Some(known), 0) = (self.contacts.get(&contact.id), seed % 2) {
                    // Only a part changes.
                    contact = Contact { company: contact.company, emails: contact.emails, ..known.clone() };
                }
                self.index.upsert(&ContactRef::of(&contact));
                self.contacts.insert(contact.id, contact);
            }
            Change::Trash(gone) => {
                let gone: Vec<_> = ids(gone).into_iter().filter(|id| self.contacts.contains_key(id)).collect();
                self.index.trash(gone.iter().copied());
                self.trash.extend(gone);
            }
            Change::Restore(back) => {
                self.index.restore(ids(back));
                for id in ids(back) {
                    self.trash.remove(&id);
                }
            }
            Change::Forget(id) => {
                self.index.forget([ContactId(*id)]);
                self.contacts.remove(&ContactId(*id));
                self.trash.remove(&ContactId(*id));
            }
            Change::Unsubscribe(seed) => {
                let mut dice = Dice(*seed);
                let addresses: Vec<String> =
                    dice.many(3, Dice::email).iter().map(|email| address::normalise(email)).collect();
                self.index.set_unsubscribers(addresses.iter().cloned().collect());
                // An empty address would be that of every contact with an empty email: the index takes none.
                self.around.unsubscribers = addresses.into_iter().filter(|address| !address.is_empty()).collect();
            }
            Change::Apart(one, other) => {
                self.apart.insert(pair(ContactId(*one), ContactId(*other)));
                self.index.set_apart(self.apart.clone());
            }
            Change::Prepare => {
                self.index.prepare_letters(&|| false);
                self.index.prepare_unsubscribed(&|| false);
            }
            Change::Reopen => {
                let mut bytes = Vec::new();
                self.index.save(b"stamp", &mut bytes).expect("memory takes all");
                self.index = snapshot::tests::read(&bytes).expect("it is whole").at_home(home());
                self.index.set_lists(&self.around.lists.values().cloned().collect::<Vec<_>>());
                self.index.set_unsubscribers(self.around.unsubscribers.clone());
                self.index.set_apart(self.apart.clone());
            }
        }
    }

    fn live(&self) -> impl Iterator<Item = &Contact> + Clone {
        self.contacts.values().filter(|contact| !self.trash.contains(&contact.id))
    }

    fn in_scope(&self, scope: Scope) -> Vec<&Contact> {
        match scope {
            Scope::Book => self.live().collect(),
            Scope::List(list) => self.live().filter(|contact| contact.list == list).collect(),
            Scope::Trash => self.contacts.values().filter(|contact| self.trash.contains(&contact.id)).collect(),
        }
    }

    fn kind(&self, contact: &Contact) -> ListKind {
        self.around.lists.get(&contact.list).map_or(ListKind::Standard, |list| list.kind)
    }

    fn compare(&self, a: &Contact, b: &Contact, sort: &Sort) -> Ordering {
        let by_key = |key: &SortKey| {
            let (x, y) = (self.key(a, &key.field), self.key(b, &key.field));
            match (x.is_some(), y.is_some(), key.direction) {
                (true, true, Direction::Descending) => y.cmp(&x),
                (true, true, Direction::Ascending) => x.cmp(&y),
                _ => y.is_some().cmp(&x.is_some()),
            }
        };
        sort.keys().iter().map(by_key).fold(Ordering::Equal, Ordering::then).then(a.id.cmp(&b.id))
    }

    /// What a contact is sorted by; none: empty.
    fn key(&self, contact: &Contact, field: &Field) -> Option<(i128, String, String)> {
        let number = |n: i128| Some((n, String::new(), String::new()));
        let text = |text: &str| {
            let raw = text.trim().to_owned();
            (!raw.is_empty()).then(|| (0, fold_accents(&raw).into_owned(), raw))
        };
        match field {
            Field::Id => number(contact.id.0.into()),
            Field::Created => number(contact.created.0.into()),
            Field::Updated => number(contact.updated.0.into()),
            Field::Active => number(contact.active?.0.into()),
            Field::Import => number(contact.import?.0.into()),
            Field::Member => number(contact.member?.status as i128),
            Field::Role => number(contact.member?.role as i128),
            Field::Subscription => Some(contact.subscription as i128).filter(|n| *n > 0).and_then(number),
            Field::Deliverability => Some(contact.deliverability as i128).filter(|n| *n > 0).and_then(number),
            Field::Slot(slot) if slot.is_day() => {
                let part = |part: Option<i128>| part.map_or(0, |part| part + 1);
                let Value::Day(Some(PartialDate { year, month, day })) = slot.of(contact) else { return None };
                number(
                    part(year.map(Into::into)) * 10_000 + part(month.map(Into::into)) * 100 + part(day.map(Into::into)),
                )
            }
            Field::Phone => text(&digits(contact.phone())),
            Field::E164 => text(&e164(contact.phone(), home()).unwrap_or_default()),
            Field::Domain => text(domain_of(contact.email())),
            Field::List => text(&self.around.lists.get(&contact.list)?.name),
            Field::Label => text(&contact.labels.join(", ")),
            Field::Custom(name) => match &contact.custom.iter().find(|custom| custom.name == *name)?.value {
                CustomValue::Number(n) => number((n * 10.0) as i128),
                CustomValue::Date(date) => {
                    number(1_000_000_000_000 + i128::from(date.year()) * 400 + i128::from(date.day_of_year()))
                }
                CustomValue::Text(value) => text(value).map(|(_, folded, raw)| (i128::MAX, folded, raw)),
            },
            other => texts(contact, other).first().and_then(|value| text(value)),
        }
    }

    fn check(&mut self, criteria: Option<&Criteria>, sort: &Sort, page: Page) -> Result<(), TestCaseError> {
        self.around.duplicates = Duplicates::among(&self.live().collect::<Vec<_>>(), home(), &self.apart);
        let today = today();
        let resolved = criteria.map(|criteria| Resolved::at_home(criteria, &today, home()));
        let some: BTreeSet<ContactId> = (0..20).step_by(3).map(ContactId).collect();
        let others: BTreeSet<ContactId> = (0..30).step_by(2).map(ContactId).collect();
        for scope in [Scope::Book, Scope::List(ListId(1)), Scope::List(ListId(2)), Scope::Trash] {
            let all = self.in_scope(scope);
            let holds =
                |contact: &&&Contact| resolved.as_ref().is_none_or(|resolved| matches(resolved, contact, &self.around));
            let mut matching: Vec<&Contact> = all.iter().filter(holds).copied().collect();
            matching.sort_by(|a, b| self.compare(a, b, sort));
            let query = Query { criteria: criteria.cloned(), scope, sort: sort.clone(), page };
            let query = &ResolvedQuery { resolved: resolved.clone().map(Arc::new), ..query.resolve(&today) };
            let each: Vec<_> = resolved.iter().cloned().map(Arc::new).collect();
            let within = &Query { scope, ..Query::default() }.resolve(&today);
            let counted = CountQuestion { within, only: Some(&others), excluded: &some, each: &each };
            let among = |contact: &&&Contact| others.contains(&contact.id) && !some.contains(&contact.id);
            let wanted = (all.iter().filter(among).count() as u64, matching.iter().filter(among).count() as u64);
            let (of, counts) = self.index.count_each(&counted, &|| false).expect("nothing cancels it");
            prop_assert_eq!((of, counts), (wanted.0, each.iter().map(|_| wanted.1).collect()), "counts in {:?}", scope);
            let columns = [Field::Email, Field::Name, Field::Phone, Field::Label];
            let question = Question { query, columns: &columns, excluded: &some, marked: &others };
            let found = self.index.search(&question, &|| false).expect("nothing cancels it");
            prop_assert_eq!(found.of, all.len() as u64);
            prop_assert_eq!(found.matches, matching.len() as u64, "matches in {:?}", scope);
            for (at, test) in resolved.iter().flat_map(|resolved| resolved.tests.iter().enumerate()) {
                let alone = all.iter().filter(|contact| test_holds(test, contact, &self.around, today.now));
                prop_assert_eq!(found.clauses[at], alone.count() as u64, "{:?}", test);
            }
            let on_page = matching.iter().skip(page.offset).take(page.limit.unwrap_or(usize::MAX));
            let page: Vec<&Contact> = on_page.copied().collect();
            prop_assert_eq!(
                found.rows.iter().map(|row| row.id).collect::<Vec<_>>(),
                page.iter().map(|contact| contact.id).collect::<Vec<_>>(),
                "order by {:?}",
                sort
            );
            let refusal =
                |contact: &Contact, members| DeletionFacts::of(contact, self.kind(contact), today.now).refusal(members);
            for (row, contact) in found.rows.iter().zip(&page) {
                let cells = [contact.email(), &contact.display_name(), contact.phone(), &contact.labels.join(", ")]
                    .map(|cell| cell.trim().to_owned());
                prop_assert_eq!(&row.cells, &cells);
                prop_assert_eq!(row.refusal, refusal(contact, false));
            }
            let mut stay: BTreeMap<Refusal, u64> = BTreeMap::new();
            let mut go = 0;
            for contact in matching.iter().filter(|contact| !some.contains(&contact.id)) {
                match refusal(contact, false) {
                    Some(refusal) => *stay.entry(refusal).or_default() += 1,
                    None => go += 1,
                }
            }
            prop_assert_eq!((found.go, found.stay), (go, stay.into_iter().collect()));
            let among =
                |set: &BTreeSet<ContactId>| matching.iter().filter(|contact| set.contains(&contact.id)).count() as u64;
            prop_assert_eq!((found.excluded, found.marked), (among(&some), among(&others)));
            for members in [false, true] {
                let selected = self.index.select(query, members, &|| false).expect("nothing cancels it");
                let wanted: Vec<Selected> = page
                    .iter()
                    .map(|contact| Selected {
                        id: contact.id,
                        revision: contact.revision,
                        refusal: refusal(contact, members),
                        account_list: self.kind(contact) == ListKind::Account,
                    })
                    .collect();
                prop_assert_eq!(&selected, &wanted);
                let ids: Vec<ContactId> = page.iter().map(|contact| contact.id).collect();
                prop_assert_eq!(self.index.select_ids(&ids, scope, members, &today), wanted);
            }
        }
        Ok(())
    }
}

pub(in crate::index) fn cases(small: u32) -> ProptestConfig {
    let cases = std::env::var("CARDFILE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(small);
    ProptestConfig { cases, max_shrink_iters: 20_000, failure_persistence: None, ..ProptestConfig::default() }
}

fn sort() -> impl Strategy<Value = Sort> {
    let custom = ["Note", "Score", "Since", "Mixed", "Unknown"].map(|name| Field::Custom(name.to_owned()));
    let fields: Vec<Field> = FIELDS.iter().map(|row| row.field.clone()).chain(custom).collect();
    let key = (proptest::sample::select(fields), any::<bool>()).prop_map(|(field, rising)| SortKey {
        field,
        direction: if rising { Direction::Ascending } else { Direction::Descending },
    });
    proptest::collection::vec(key, 1..4).prop_map(Sort::of)
}

fn page() -> impl Strategy<Value = Page> {
    (0usize..6, proptest::option::of(0usize..8)).prop_map(|(offset, limit)| Page { offset, limit })
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn it_answers_what_the_definitions_say(seeds in proptest::collection::vec(any::<u64>(), 0..14),
                                           criteria in criteria(), sort in sort(), page in page()) {
        Model::new(&seeds).check(Some(&criteria), &sort, page)?;
    }

    #[test]
    fn it_still_does_after_any_changes(seeds in proptest::collection::vec(any::<u64>(), 0..10),
                                       rounds in proptest::collection::vec(
                                           (proptest::collection::vec(change(), 1..6), proptest::option::of(criteria()), sort()), 1..5),
                                       again in sort()) {
        let mut model = Model::new(&seeds);
        model.check(None, &again, Page::default())?;
        for (changes, criteria, sort) in rounds {
            let before = model.index.version();
            for change in &changes {
                model.make(change);
            }
            let same = |change: &Change| matches!(change, Change::Prepare);
            let reopened = changes.iter().any(|change| matches!(change, Change::Reopen));
            prop_assert!(reopened || changes.iter().all(same) || model.index.version() > before);
            model.check(criteria.as_ref(), &sort, Page::default())?;
            // The same order from round to round: it is kept, and patched.
            model.check(None, &again, Page::default())?;
            prop_assert_eq!(model.index.len(), model.contacts.len() as u64);
        }
    }

    #[test]
    fn a_count_from_some_columns_of_a_saved_index_is_that_of_all_of_it(
        seeds in proptest::collection::vec(any::<u64>(), 0..14),
        criteria in criteria(),
        scope in prop_oneof![Just(Scope::Book), Just(Scope::Trash), Just(Scope::List(ListId(1)))],
    ) {
        let model = Model::new(&seeds);
        let query = Query { scope, ..Query::matching(criteria) }.resolve(&today());
        let mut bytes = Vec::new();
        model.index.save(b"", &mut bytes).unwrap();
        let source = |at: u64, buffer: &mut [u8]| {
            buffer.copy_from_slice(&bytes[at as usize..at as usize + buffer.len()]);
            true
        };
        let lists: Vec<List> = model.around.lists.values().cloned().collect();
        let counted = Snapshot::open(bytes.len() as u64, &source).unwrap().count(&query, &lists);
        let beyond = query.resolved.iter().flat_map(|resolved| &resolved.tests).any(|test| {
            matches!(test, Test::Duplicate { .. } | Test::Fact(Fact::Billing | Fact::Unsubscribed) | Test::International { .. }
                | Test::Present(Field::E164) | Test::Regex { field: Field::E164, .. })
        });
        let whole = model.index.all(&query, &|| false).map(|rows| rows.count());
        prop_assert_eq!(counted, whole.filter(|_| !beyond));
    }

    #[test]
    fn a_or_not_a_is_all(seeds in proptest::collection::vec(any::<u64>(), 0..14), criteria in criteria()) {
        let model = Model::new(&seeds);
        let not = Criteria::Not(Box::new(criteria.clone()));
        for (joined, wanted) in [(Criteria::Or(vec![criteria.clone(), not.clone()]), seeds.len() as u64), (Criteria::And(vec![criteria, not]), 0)] {
            let query = &Query::matching(joined).resolve(&today());
            let none = BTreeSet::new();
            let found = model.index.search(&Question { query, columns: &[], excluded: &none, marked: &none }, &|| false);
            prop_assert_eq!(found.map(|found| found.matches), Some(wanted));
        }
    }

    #[test]
    fn facts_about_sets_are_what_counting_says(seeds in proptest::collection::vec(any::<u64>(), 0..14),
                                               set in proptest::collection::btree_set(1i64..14, 0..8)) {
        let model = Model::new(&seeds);
        let set: BTreeSet<ContactId> = set.into_iter().map(ContactId).filter(|id| model.contacts.contains_key(id)).collect();
        let of_set = || model.contacts.values().filter(|contact| set.contains(&contact.id));
        let active = of_set().filter(|contact| contact.active.is_some_and(|at| Timestamp(NOW) <= at)).count() as u64;
        prop_assert_eq!(model.index.active_since(set.iter().copied(), Timestamp(NOW)), active);
        let emails = |contact: &Contact| crate::domain::criteria::matches::duplicate_keys(contact, DuplicateKey::Email, None);
        let outside: BTreeSet<String> = model.live().filter(|contact| !set.contains(&contact.id)).flat_map(emails).collect();
        let last = |contact: &Contact| -> BTreeSet<String> {
            emails(contact).into_iter().filter(|email| !outside.contains(email)).collect()
        };
        let mut holders: BTreeMap<String, u64> = BTreeMap::new();
        of_set().flat_map(last).for_each(|email| *holders.entry(email).or_default() += 1);
        let wanted = LastEmails {
            contacts: of_set().filter(|contact| !last(contact).is_empty()).count() as u64,
            copied: holders.values().filter(|holders| **holders > 1).count() as u64,
        };
        prop_assert_eq!(model.index.last_emails(set.iter().copied()), wanted);
        let mut lists: HashMap<ListId, u64> = HashMap::new();
        of_set().for_each(|contact| *lists.entry(contact.list).or_default() += 1);
        prop_assert_eq!(model.index.by_list(set.iter().copied()), lists);
        for field in [Field::Company, Field::Email, Field::City, Field::Domain] {
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            for contact in model.live() {
                let values = texts(contact, &field);
                let values: BTreeSet<&str> = values.iter().map(|value| value.trim()).collect();
                for value in values.into_iter().filter(|value| !value.is_empty()) {
                    *counts.entry(value.to_owned()).or_default() += 1;
                }
            }
            prop_assert_eq!(model.index.values(&field).into_iter().collect::<BTreeMap<_, _>>(), counts);
        }
    }
}

#[test]
fn a_cancelled_question_has_no_answer() {
    let model = Model::new(&[1, 2, 3]);
    let query = Query::matching(Criteria::Clause(Clause::Word("a".into()))).resolve(&today());
    assert_eq!(model.index.select(&query, false, &|| true), None);
}

#[test]
fn a_subscription_runs_out_between_two_questions() {
    let billing = Billing { plan: "Pro".into(), status: BillingStatus::Active, until: Some(Timestamp(NOW + 5)) };
    let contact = Contact { id: ContactId(1), billing: Some(billing), ..Contact::default() };
    let mut index = Index::new();
    index.upsert(&ContactRef::of(&contact));
    let at = |now| {
        let today = EvalTime { now: Timestamp(now), ..today() };
        index.select_ids(&[contact.id], Scope::Book, false, &today)[0].refusal
    };
    assert_eq!(at(NOW), Some(Refusal::Billing));
    assert_eq!(at(NOW + 5), None);
    assert_eq!(at(NOW + 4), Some(Refusal::Billing));
}

#[test]
fn a_part_brings_its_trash_along() {
    let mut index = Index::new();
    let mut part = Index::new();
    for id in 1..=6 {
        let contact = Contact { id: ContactId(id), ..Contact::default() };
        if id <= 3 { &mut index } else { &mut part }.upsert(&ContactRef::of(&contact));
    }
    part.trash([ContactId(5)]);
    part.forget([ContactId(6)]);
    index.append(part);
    assert_eq!((index.len(), index.count(Scope::Book), index.count(Scope::Trash)), (5, 4, 1));
    index.restore([ContactId(5)]);
    assert_eq!(index.count(Scope::Book), 5);
}

#[test]
fn a_comparison_can_be_cancelled_and_is_made_anew_then() {
    let mut index = Index::new();
    for id in 0..40 {
        index.upsert(&ContactRef::of(&Dice(id as u64).contact(id + 1)));
    }
    assert!(index.groups(DuplicateKey::Likely, &|| true).is_none(), "nothing half done is kept");
    assert!(index.groups(DuplicateKey::Likely, &|| false).is_some());
    assert_eq!(index.comparing.now(), None, "it is over");
}
