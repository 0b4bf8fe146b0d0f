//! The promises of every kind, against a server in this process.

use std::fs;

use super::*;
use crate::domain::account::Secret;
use crate::remote::conformance::{Beneath, conformance};
use crate::remote::seam::Cards;

#[path = "../../../tests/common/dav_server.rs"]
mod dav_server;
use dav_server::{BOOK, DavServer};

struct AServer {
    server: DavServer,
    folder: tempfile::TempDir,
}

impl Default for AServer {
    fn default() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("password"), "secret\n").unwrap();
        Self { server: DavServer::start(), folder }
    }
}

impl AServer {
    fn remote(&self) -> Server {
        let account = Account {
            name: "cloud".into(),
            url: Some(self.server.url()),
            user: Some("anna".into()),
            password: Some(Secret::File(self.folder.path().join("password"))),
            ..Account::default()
        };
        Server::new(&account, &Secrets::default()).unwrap()
    }
}

impl Beneath for AServer {
    fn book(&self) -> Box<dyn AddressBook> {
        let url = format!("{}{}", self.server.url(), BOOK.trim_start_matches('/'));
        self.remote().open(&url).unwrap()
    }

    fn by_hand(&self, href: &str, card: Option<&[u8]>) {
        self.server.by_hand(href, card);
    }
}

conformance!(AServer);

#[test]
fn the_books_are_found_from_the_servers_own_url_and_the_password_stays_with_its_host() {
    let server = AServer::default();
    let books = server.remote().books().unwrap();
    let url = format!("{}{}", server.server.url(), BOOK.trim_start_matches('/'));
    assert_eq!(books, [FoundBook { href: url, name: "Friends".into(), is_writable: true }]);
    server.server.state().ways.is_read_only = true;
    assert!(!server.remote().books().unwrap()[0].is_writable);
    for elsewhere in ["http://127.0.0.2:1/dav/", "https://evil.example/dav/", "file:///etc/"] {
        assert!(matches!(server.remote().open(elsewhere), Err(Trouble::Moved(_) | Trouble::Setup(_))), "{elsewhere}");
    }
}

#[test]
fn a_password_that_was_refused_is_not_tried_again() {
    let server = AServer::default();
    server.server.state().ways.denies = true;
    let remote = server.remote();
    for _ in 0..3 {
        let refused = remote.books().unwrap_err();
        assert!(matches!(&refused, Trouble::Denied(why) if !why.contains("secret")), "{refused:?}");
    }
    assert_eq!(server.server.state().asked.len(), 1);
    assert!(!format!("{remote:?}").contains("secret"));
}

#[test]
fn what_is_no_whole_listing_is_an_error_and_no_empty_book() {
    let server = AServer::default();
    server.by_hand("a.vcf", Some(b"BEGIN:VCARD\r\nEND:VCARD\r\n"));
    let book = server.book();
    server.server.state().ways.cuts_listing = true;
    assert!(matches!(book.list(None), Err(Trouble::Answer(_))));
    server.server.state().ways.cuts_listing = false;
    server.server.state().ways.lists_not_even_itself = true;
    assert!(matches!(book.list(None), Err(Trouble::Answer(_))));
}

#[test]
fn a_card_that_is_translated_on_its_way_is_asked_for_as_it_lies_there() {
    let server = AServer::default();
    server.server.state().ways.converts = true;
    let card = b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:A\r\nEND:VCARD\r\n";
    server.by_hand("a.vcf", Some(card));
    let book = server.book();
    let Cards::All(listed) = book.list(None).unwrap().cards else { panic!("all of them") };
    let fetched = book.fetch(&listed).unwrap();
    assert_eq!((fetched[0].bytes.as_slice(), fetched[0].is_verbatim), (card.as_slice(), true));
}

#[test]
fn without_a_tag_nothing_is_asked_for() {
    let server = AServer::default();
    let card = b"BEGIN:VCARD\r\nEND:VCARD\r\n";
    server.by_hand("a.vcf", Some(card));
    let book = server.book();
    let known = crate::remote::seam::Known { href: "a.vcf", etag: "", card };
    assert_eq!(book.delete(&known).unwrap(), crate::remote::seam::Outcome::Changed);
    let when = crate::remote::seam::When::Is("", card);
    assert_eq!(book.put("a.vcf", when, card).unwrap(), crate::remote::seam::Outcome::Changed);
    for name in ["", "..", "../a.vcf", "a/b.vcf", "%2e%2e%2fa.vcf"] {
        let known = crate::remote::seam::Known { href: name, etag: "\"1\"", card };
        assert!(matches!(book.delete(&known).unwrap(), crate::remote::seam::Outcome::Refused(_)), "{name}");
    }
    assert_eq!(server.server.state().asked, Vec::<String>::new());
}
