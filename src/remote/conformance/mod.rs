//! What every kind of live address book promises: one suite that each has to pass.
//!
//! Each case takes how to get an empty book and how somebody else changes it, as a [`Beneath`]; a kind's own tests run
//! them all by the macro `conformance!`. Called by `cargo test` alone.

use super::seam::{AddressBook, Card, Cards, Known, Listed, Outcome, When};

/// A live address book for tests.
pub(super) trait Beneath: Default {
    /// The book, which is empty at first.
    fn book(&self) -> Box<dyn AddressBook>;

    /// Writes a card as somebody else does, or removes it.
    fn by_hand(&self, href: &str, card: Option<&[u8]>);

    /// The hrefs of three cards, in their order.
    const NAMES: [&'static str; 3] = ["a.vcf", "b.vcf", "c.vcf"];

    /// The bytes of a card of this name.
    fn card(name: &str) -> Vec<u8> {
        format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{name}\r\nFN:{name}\r\nN:{name};;;;\r\nEND:VCARD\r\n").into_bytes()
    }

    /// Whether what is there is what was sent: the very bytes, but where a kind adds its own to them.
    fn says(there: &[u8], sent: &[u8]) -> bool {
        there == sent
    }
}

fn all(book: &dyn AddressBook) -> Vec<Listed> {
    match book.list(None).unwrap().cards {
        Cards::All(mut cards) => {
            cards.sort_by(|a, b| a.href.cmp(&b.href));
            cards
        }
        Cards::Since { .. } => panic!("nothing was said of a token"),
    }
}

fn one(book: &dyn AddressBook, href: &str) -> Option<Card> {
    book.settle(&[href.to_owned()]).unwrap().pop().unwrap()
}

fn known(card: &Card) -> Known<'_> {
    Known { href: &card.href, etag: &card.etag, card: &card.bytes }
}

/// What is there is listed, each with a tag that changes with it, and fetched as it is.
pub(super) fn what_is_there_is_listed_and_fetched<B: Beneath>() {
    let beneath = B::default();
    let book = beneath.book();
    assert_eq!(all(&*book), []);
    beneath.by_hand(B::NAMES[0], Some(&B::card("a")));
    beneath.by_hand(B::NAMES[1], Some(&B::card("b")));
    let listed = all(&*book);
    assert_eq!(listed.iter().map(|card| card.href.as_str()).collect::<Vec<_>>(), B::NAMES[..2]);
    let mut asked = listed.clone();
    asked.push(Listed { href: "never".into(), etag: "x".into(), length: None });
    let mut fetched = book.fetch(&asked).unwrap();
    fetched.sort_by(|a, b| a.href.cmp(&b.href));
    assert!(
        fetched.len() == 2 && B::says(&fetched[0].bytes, &B::card("a")) && B::says(&fetched[1].bytes, &B::card("b"))
    );
    assert!(fetched.iter().zip(&listed).all(|(card, listed)| card.etag == listed.etag && card.is_verbatim));
    beneath.by_hand(B::NAMES[0], Some(&B::card("another")));
    assert_ne!(all(&*book)[0].etag, listed[0].etag);
    beneath.by_hand(B::NAMES[0], None);
    assert_eq!(all(&*book)[..], listed[1..]);
}

/// A card is removed only while it is as it is known.
pub(super) fn a_card_is_removed_only_as_it_is_known<B: Beneath>() {
    let beneath = B::default();
    let book = beneath.book();
    beneath.by_hand(B::NAMES[0], Some(&B::card("a")));
    let before = one(&*book, B::NAMES[0]).unwrap();
    beneath.by_hand(B::NAMES[0], Some(&B::card("changed")));
    assert_eq!(book.delete(&known(&before)).unwrap(), Outcome::Changed);
    let now = one(&*book, B::NAMES[0]).unwrap();
    assert!(B::says(&now.bytes, &B::card("changed")));
    assert!(matches!(book.delete(&known(&now)).unwrap(), Outcome::Done { .. }));
    assert_eq!(one(&*book, B::NAMES[0]), None);
    let again = book.delete(&known(&now)).unwrap();
    assert!(matches!(again, Outcome::Gone | Outcome::Changed), "{again:?}");
}

/// A card is made only where none is, and says what was given.
pub(super) fn a_card_is_made_only_where_none_is<B: Beneath>() {
    let beneath = B::default();
    let book = beneath.book();
    let href = book.href_of("new one");
    let Outcome::Done { href: other, .. } = book.put(&href, When::Absent, &B::card("a")).unwrap() else {
        panic!("it is made")
    };
    // Some give it a name of their own.
    let href = other.unwrap_or(href);
    assert!(B::says(&one(&*book, &href).unwrap().bytes, &B::card("a")));
    assert_eq!(book.put(&href, When::Absent, &B::card("b")).unwrap(), Outcome::Changed);
    assert!(B::says(&one(&*book, &href).unwrap().bytes, &B::card("a")));
}

/// A card is replaced only while it is as it is known.
pub(super) fn a_card_is_replaced_only_as_it_is_known<B: Beneath>() {
    let beneath = B::default();
    let book = beneath.book();
    beneath.by_hand(B::NAMES[0], Some(&B::card("a")));
    let before = one(&*book, B::NAMES[0]).unwrap();
    assert!(matches!(
        book.put(B::NAMES[0], When::Is(&before.etag, &before.bytes), &B::card("b")).unwrap(),
        Outcome::Done { .. }
    ));
    let now = one(&*book, B::NAMES[0]).unwrap();
    assert!(B::says(&now.bytes, &B::card("b")));
    assert_eq!(book.put(B::NAMES[0], When::Is(&before.etag, &before.bytes), &B::card("c")).unwrap(), Outcome::Changed);
    assert!(B::says(&one(&*book, B::NAMES[0]).unwrap().bytes, &B::card("b")));
    beneath.by_hand(B::NAMES[0], None);
    let gone = book.put(B::NAMES[0], When::Is(&now.etag, &now.bytes), &B::card("c")).unwrap();
    assert!(matches!(gone, Outcome::Gone | Outcome::Changed), "{gone:?}");
    assert_eq!(one(&*book, B::NAMES[0]), None, "a card that went is not made anew by a change");
}

/// Settling answers for each href, in its order.
pub(super) fn settling_answers_for_each<B: Beneath>() {
    let beneath = B::default();
    let book = beneath.book();
    beneath.by_hand(B::NAMES[1], Some(&B::card("b")));
    let hrefs = B::NAMES.map(str::to_owned);
    let there: Vec<bool> = book.settle(&hrefs).unwrap().iter().map(Option::is_some).collect();
    assert_eq!(there, [false, true, false]);
}

/// Removing a card and putting it back under the same href leaves what was there.
pub(super) fn the_same_card_comes_back<B: Beneath>() {
    let beneath = B::default();
    let book = beneath.book();
    beneath.by_hand(B::NAMES[0], Some(&B::card("a")));
    let before = one(&*book, B::NAMES[0]).unwrap();
    assert!(matches!(book.delete(&known(&before)).unwrap(), Outcome::Done { .. }));
    assert!(matches!(book.put(B::NAMES[0], When::Absent, &before.bytes).unwrap(), Outcome::Done { .. }));
    assert!(B::says(&one(&*book, B::NAMES[0]).unwrap().bytes, &before.bytes));
}

/// Writes a test for each case of the suite, for a [`Beneath`].
macro_rules! conformance {
    ($beneath:ident) => {
        $crate::remote::conformance::conformance! { @all $beneath;
            what_is_there_is_listed_and_fetched
            a_card_is_removed_only_as_it_is_known
            a_card_is_made_only_where_none_is
            a_card_is_replaced_only_as_it_is_known
            settling_answers_for_each
            the_same_card_comes_back
        }
    };
    (@all $beneath:ident; $($case:ident)*) => { mod conforms { $(
        #[test]
        fn $case() {
            crate::remote::conformance::$case::<super::$beneath>();
        }
    )* } };
}
pub(super) use conformance;
