//! The contacts of a site as a list: the other side is `cardfile serve`, over the same API that a site has.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::Command;

use cardfile::api::{Caller, Cancel, Options, Session};
use cardfile::domain::account::{Account, AccountKind, Secret};
use cardfile::domain::edit::{Assignment, Edit};
use serde_json::{Value, json};

use super::common::desk::Desk as Site;
use super::desk::{assert_healthy, count, edit, one, plan, pull, run, undo};
use super::server::{Served, key};

/// A site that serves its contacts, a key to it, and a book of ours.
struct World {
    site: Site,
    served: Served,
    key: String,
    folder: tempfile::TempDir,
}

impl World {
    /// With `n` contacts, every third of them at `old.example`; the last one is protected there.
    fn new(n: usize) -> Self {
        let mut lines = String::new();
        for nth in 0..n {
            let host = if nth % 3 == 0 { "old" } else { "new" };
            let protected = nth == n - 1;
            writeln!(
                lines,
                r#"{{"name":"Name{nth} Last","firstName":"Name{nth}","lastName":"Last","emails":["n{nth}@{host}.example"],"protected":{protected},"custom":{{"Points":{nth}}}}}"#
            )
            .unwrap();
        }
        let site = Site::with(&lines);
        let key = key(&site, "cardfile", "contacts.read,contacts.modify,jobs.read");
        let served = Served::new(&site, &[]);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("key"), format!("{key}\n")).unwrap();
        Self { site, served, key, folder }
    }

    fn url(&self) -> String {
        format!("http://{}/contacts", self.served.address)
    }

    fn session(&self) -> Session {
        let session =
            Session::open(Options::new(self.folder.path().join("book.db")), Caller::owner("tester".to_owned()))
                .unwrap();
        let account = Account {
            name: "shop".into(),
            kind: Some(AccountKind::ContactsApi),
            url: Some(self.url()),
            token: Some(Secret::File(self.folder.path().join("key"))),
            ..Account::default()
        };
        let added = session.add_account(&account, &Cancel::new(), &mut |_, _| ()).unwrap();
        assert_eq!(added.pulled.len(), 1);
        session
    }

    /// What the site has, by identifier: the `info` of each contact.
    fn there(&self) -> BTreeMap<String, Value> {
        let ask = json!({ "query": { "paging": { "limit": 1000 } } });
        let (status, page) = self.served.json("POST", "/contacts/v4/contacts/query", &self.key, &ask);
        assert_eq!(status, 200, "{page}");
        let contacts = page["contacts"].as_array().unwrap().iter();
        contacts.map(|it| (it["id"].as_str().unwrap().to_owned(), it["info"].clone())).collect()
    }

    /// Changes a contact there as somebody else does.
    fn by_hand(&self, email: &str, info: &Value) {
        let ask = json!({ "query": { "filter": { "primaryInfo.email": email } } });
        let (_, page) = self.served.json("POST", "/contacts/v4/contacts/query", &self.key, &ask);
        let (id, revision) = (page["contacts"][0]["id"].as_str().unwrap(), &page["contacts"][0]["revision"]);
        let body = json!({ "revision": revision, "info": info });
        let (status, said) = self.served.json("PATCH", &format!("/contacts/v4/contacts/{id}"), &self.key, &body);
        assert_eq!(status, 200, "{said}");
    }
}

#[test]
fn a_sites_contacts_are_found_deleted_there_and_restored_from_its_trash() {
    let world = World::new(31);
    let session = world.session();
    let before = world.there();
    assert_eq!((count(&session, "all"), count(&session, "x.Points>=30"), before.len()), (31, 1, 31));
    assert_eq!(pull(&session), (0, 0, 0, 0), "what was read is not read again");

    // Somebody changes one of them before the plan, and one after it: that one stays.
    world.by_hand("n0@old.example", &json!({ "company": "Theirs" }));
    let planned = plan(&session, "email:old.example");
    world.by_hand("n3@old.example", &json!({ "company": "Theirs" }));
    let job = run(&session, &planned);
    // n0, n3 ... n27 and n30, which the site protects.
    assert_eq!(job.progress.succeeded, 9);
    assert_eq!(world.there().len(), 22, "what the job says is what the site has");
    let said: Vec<String> = session.failures(job.id, 0, 10).unwrap().iter().map(|row| format!("{row:?}")).collect();
    assert!(said.iter().any(|why| why.contains("protected")), "the site's own words: {said:?}");
    assert!(said.iter().any(|why| why.contains("changed")), "{said:?}");

    let undone = undo(&session, job.id);
    assert_eq!(undone.progress.succeeded, job.progress.succeeded);
    let back = world.there();
    assert_eq!(back.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>(), "under the same identifiers");
    assert_eq!((count(&session, "all"), pull(&session).0), (31, 0));
    assert_healthy(&session);
    world.site.healthy();
}

#[test]
fn a_contact_is_changed_with_its_revision_and_added_with_an_identifier_of_the_site() {
    let world = World::new(6);
    let session = world.session();
    let set =
        |field: &str, value: &str| vec![Edit::Set(vec![Assignment::new(field, value, &session.vocabulary()).unwrap()])];
    let job = edit(&session, "email:n1@new.example", set("company", "Ours"));
    assert_eq!(job.progress.succeeded, 1, "{:?}", session.failures(job.id, 0, 10));
    let named = |company: &str| world.there().values().filter(|info| info["company"] == company).count();
    assert_eq!(named("Ours"), 1);
    // Once more: the revision is the one that the first change has made.
    let again = edit(&session, "email:n1@new.example", set("company", "Again"));
    assert_eq!(again.progress.succeeded, 1);
    assert_eq!((named("Ours"), named("Again")), (0, 1));
    // What the API has no place for is not changed, there or here.
    let noted = edit(&session, "email:n1@new.example", set("note", "x"));
    assert_eq!((noted.progress.succeeded, session.failures(noted.id, 0, 10).unwrap().len()), (0, 1));
    assert_eq!(undo(&session, again.id).progress.succeeded, 1);
    assert_eq!((named("Ours"), named("Again")), (1, 0));

    let mut contact = session.contacts(&[one(&session, "email:n2@new.example")]).unwrap().remove(0);
    contact.name = cardfile::domain::contact::Name { full: "New Person".into(), ..Default::default() };
    (contact.emails, contact.custom) = (vec![cardfile::domain::contact::Tagged::plain("new@x.example")], Vec::new());
    let (_, id) = session.add_contact(&contact).unwrap();
    let there = world.there();
    let added = there.values().find(|info| info["emails"]["items"][0]["email"] == "new@x.example").unwrap();
    assert_eq!(added["name"], json!({ "first": "New", "last": "Person" }));
    assert_eq!((there.len(), pull(&session)), (7, (0, 0, 0, 0)));
    assert_eq!(one(&session, "email:new@x.example"), id);
    let deleted = run(&session, &plan(&session, "email:new@x.example"));
    assert_eq!((deleted.progress.succeeded, world.there().len()), (1, 6));
    assert_healthy(&session);
}

#[test]
fn a_site_is_added_by_the_command_line_with_a_key_that_stands_nowhere() {
    let world = World::new(4);
    let cardfile = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_cardfile"))
            .arg("--book")
            .arg(world.folder.path().join("book.db"))
            .args(arguments)
            .env("XDG_CONFIG_HOME", world.folder.path().join("config"))
            .env("HOME", world.folder.path())
            .env("SHOP_KEY", &world.key)
            .output()
            .unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(!said.contains(&world.key), "{said}");
        (output.status.code(), said)
    };
    let add = ["account", "add", "shop", "--kind", "contacts_api", "--url", &world.url(), "--password-env", "SHOP_KEY"];
    let (status, said) = cardfile(&add);
    assert_eq!(status, Some(0), "{said}");
    let (status, said) = cardfile(&["account", "check", "shop"]);
    assert!(status == Some(0) && said.contains("4 cards, can be changed"), "{said}");
    let written = std::fs::read_to_string(world.folder.path().join("config/cardfile/accounts.toml")).unwrap();
    assert!(written.contains("kind = \"contacts_api\"") && !written.contains(&world.key), "{written}");
    let (status, said) = cardfile(&["delete", "email:n1@", "--yes", "1"]);
    assert_eq!((status, world.there().len()), (Some(0), 3), "{said}");
    // A key that is taken back is told as such, and nothing is changed.
    world.site.done(0, &["key", "revoke", "cardfile"]);
    let (status, said) = cardfile(&["delete", "email:n2@", "--yes", "1"]);
    assert!(status != Some(0) && said.contains("was not accepted"), "{said}");
}
