//! The accounts on screen: adding one, looking at it, taking over what changed there, letting go of it.

use std::fs;

use cardfile::domain::account::{Account, Secret};
use cardfile::domain::contact::{List, ListId, ListKind};
use cardfile::engine::EngineError;
use cardfile::engine::answer::{AccountList, AccountView, PullAnswer, Pulled};
use cardfile::engine::error::Code;
use cardfile::tui::app::effect::{AccountDeed, PullOf};
use cardfile::tui::windows::accounts::Pulls;
use insta::assert_snapshot;

use crate::book::{Fake, NOW};
use crate::real::Real;
use crate::story::Story;

/// A book with a server and a folder.
fn with_accounts() -> Fake {
    let mut fake = Fake::small();
    let list = |id, name: &str, kind| List { id: ListId(id), name: name.into(), kind };
    fake.lists.push(list(5, "Contacts", ListKind::Remote));
    let view = |name: &str, place: &str, id, list_name: &str, kind, contacts| AccountView {
        name: name.into(),
        place: place.into(),
        is_configured: true,
        is_asked_for: name == "cloud",
        trouble: None,
        lists: vec![AccountList { list: list(id, list_name, kind), contacts, pulled: Some(NOW) }],
    };
    fake.accounts = vec![
        view("cloud", "https://cloud.example.org", 5, "Contacts", ListKind::Remote, 1_204),
        view("khard", "/home/anna/.contacts", 6, "friends", ListKind::Folder, 88),
    ];
    fake
}

fn pulled(list: i64, added: u64) -> Pulled {
    let job = (added > 0).then_some(cardfile::domain::contact::JobId(31));
    Pulled { list: ListId(list), added, cards: 1_204, job, ..Pulled::default() }
}

#[test]
fn the_accounts_say_where_they_are_how_they_stand_and_what_is_wrong() {
    let mut story = Story::new(with_accounts(), 120, 36);
    story.book.accounts[1].trouble = Some("khard: the folder /home/anna/.contacts is not there".into());
    story.keys("1 A");
    assert_snapshot!("accounts_120x36", story.screen());
    let mut story = Story::new(with_accounts(), 80, 24);
    story.keys("1 A");
    assert_snapshot!("accounts_80x24", story.screen());
    let mut story = Story::new(Fake::small(), 80, 24);
    assert!(story.keys("1 A").shows("No account yet. a adds one"), "{}", story.screen());
}

#[test]
fn an_account_is_looked_at_step_by_step() {
    let mut story = Story::new(with_accounts(), 80, 24);
    assert!(story.keys("1 A c").shows("Does cloud work?") && story.shows("you may not look at this"));
    assert!(story.shows("1 thing not as it should be."), "{}", story.screen());
    assert!(story.keys("esc").shows("in step 2026-11-21 12:00"));
    assert_eq!(story.book.asked_of_accounts[1], AccountDeed::Check("cloud".into()));
}

#[test]
fn a_server_is_added_with_a_password_that_is_shown_nowhere() {
    let mut story = Story::new(Fake::small(), 80, 24);
    story.keys("1 A a").types("anna@cloud.example.org").keys("tab tab tab").types("se cret");
    assert!(!story.shows("se cret") && story.shows("*******") && story.shows("anna@cloud.example.org"));
    assert_snapshot!("add_account_80x24", story.screen());
    story.keys("enter");
    assert!(story.shows("2 address books found") && story.shows("read only there"), "{}", story.screen());
    assert!(story.keys("down space").shows("add 1 list"));
    assert_snapshot!("account_books_80x24", story.screen());
    story.keys("enter");
    assert!(story.shows("Added anna@cloud.example.org: 12 contacts."), "{}", story.screen());
    let account = Account {
        name: "anna@cloud.example.org".into(),
        url: Some("https://cloud.example.org".into()),
        user: Some("anna@cloud.example.org".into()),
        password: Some(Secret::Prompt(true)),
        books: Some(vec!["Contacts".into()]),
        ..Account::default()
    };
    let added = story.book.asked_of_accounts.iter().rfind(|deed| matches!(deed, AccountDeed::Add(_)));
    assert_eq!(added, Some(&AccountDeed::Add(Box::new(account))));
    assert!(!format!("{:?}", story.book.asked_of_accounts).contains("cret"), "nothing that is printed holds it");
}

#[test]
fn a_form_says_what_is_missing_and_asks_nothing_before() {
    let mut story = Story::new(Fake::small(), 80, 24);
    story.keys("1 A a enter");
    assert!(story.shows("Say where it is first."));
    story.types("https://cloud.example.org").keys("shift-tab shift-tab shift-tab right");
    assert!(story.shows("from a command, as pass show cloud"), "{}", story.screen());
    story.keys("tab").types("pass 'show").keys("tab enter");
    assert!(story.shows("Say who logs in."), "{}", story.screen());
    story.keys("tab tab").types("anna").keys("tab tab tab enter");
    assert!(story.shows("The command has no end to a quote."), "{}", story.screen());
    assert!(story.book.asked_of_accounts.iter().all(|deed| *deed == AccountDeed::List));
}

#[test]
fn what_changed_there_is_taken_over_by_a_key_and_what_failed_is_said() {
    let mut story = Story::new(with_accounts(), 120, 36);
    story.book.pulls = Ok(PullAnswer { pulled: vec![pulled(5, 3)], failed: Vec::new() });
    story.keys("1 j j j j j r");
    assert_eq!(story.book.asked_of_accounts, [AccountDeed::Pull(PullOf::List(ListId(5), "Contacts".into()))]);
    assert!(story.shows("Contacts: 3 added."), "{}", story.screen());
    // A list that lives here alone has nothing to take over.
    assert!(story.keys("k k r").shows("lives here alone") && story.book.asked_of_accounts.len() == 1);

    let code = Code::Account { account: "khard".into(), wants_password: false };
    let failed = EngineError::of(code, "khard: the folder is not there; nothing was changed by this");
    story.book.pulls = Ok(PullAnswer { pulled: vec![pulled(5, 0)], failed: vec![("khard".into(), failed)] });
    story.keys("A R");
    assert!(story.shows("khard could not be brought in step") && story.shows("the folder is not there"));
}

#[test]
fn a_password_that_is_missing_is_asked_for_and_given() {
    let mut story = Story::new(with_accounts(), 80, 24);
    let code = Code::Account { account: "cloud".into(), wants_password: true };
    let failed = EngineError::of(code, "cloud: its password was not typed yet");
    story.book.pulls = Ok(PullAnswer { pulled: Vec::new(), failed: vec![("cloud".into(), failed)] });
    story.keys("1 A r");
    assert!(story.shows("The password of cloud"), "{}", story.screen());
    story.types("secret");
    assert!(story.shows("******") && !story.shows("secret"));
    story.keys("enter");
    assert!(story.shows("The password of cloud is kept."), "{}", story.screen());
    let given = story.book.asked_of_accounts.iter().any(|deed| match deed {
        AccountDeed::Give(name, password) => name == "cloud" && password.reveal() == "secret",
        _ => false,
    });
    assert!(given);
}

#[test]
fn a_listing_that_lacks_much_is_believed_only_after_a_yes() {
    let mut story = Story::new(with_accounts(), 80, 24);
    let code = Code::ListingLacks { account: "cloud".into(), gone: 1_200 };
    let failed = EngineError::of(code, "cloud lists 4 of the 1,204 contacts that are known");
    story.book.pulls = Ok(PullAnswer { pulled: Vec::new(), failed: vec![("cloud".into(), failed)] });
    story.keys("1 A r");
    assert!(story.shows("Take over that 1,200 contacts are gone?"), "{}", story.screen());
    story.keys("esc");
    assert!(!story.book.asked_of_accounts.iter().any(|deed| matches!(deed, AccountDeed::Pull(PullOf::Believe(..)))));
    story.keys("r y");
    assert!(story.book.asked_of_accounts.contains(&AccountDeed::Pull(PullOf::Believe("cloud".into(), 1_200))));
}

#[test]
fn an_account_is_let_go_of_only_after_a_yes() {
    let mut story = Story::new(with_accounts(), 80, 24);
    assert!(story.keys("1 A x").shows("Let go of cloud?") && story.shows("their 1,204 contacts"));
    story.keys("esc");
    assert_eq!(story.book.accounts.len(), 2);
    assert!(story.keys("x y").shows("Let go of cloud.") && story.book.accounts.len() == 1);
}

#[test]
fn a_folder_is_added_pulled_and_let_go_of_over_a_real_engine() {
    let folder = tempfile::tempdir().unwrap();
    let cards = folder.path().join("pals");
    fs::create_dir(&cards).unwrap();
    let card =
        |name: &str| format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{name}\r\nFN:{name}\r\nN:{name};;;;\r\nEND:VCARD\r\n");
    for name in ["Ane", "Bo", "Cy"] {
        fs::write(cards.join(format!("{name}.vcf")), card(name)).unwrap();
    }
    let mut story = Story::new(Real::demo(), 120, 36);
    story.keys("1 A a").types(&cards.display().to_string()).keys("enter");
    assert!(story.shows("1 address book found"), "{}", story.screen());
    story.keys("enter");
    assert!(story.shows("pals") && story.shows("in step 2026-11-21"), "{}", story.screen());
    fs::write(cards.join("Di.vcf"), card("Di")).unwrap();
    assert!(story.keys("r").shows("pals: 1 added."), "{}", story.screen());
    story.keys("enter");
    assert_eq!(story.names().len(), 4);
    assert!(story.shows("~pals (live)"));
    // The question before a delete says that they go there too.
    story.keys("A d");
    assert!(story.shows("4 go in the folder") && story.shows("an undo puts"), "{}", story.screen());
    story.keys("esc 1 A x y");
    assert!(story.shows("No account yet"), "{}", story.screen());
    assert_eq!(fs::read_dir(&cards).unwrap().count(), 4, "nothing was changed there");
}

/// The pulls that were asked for.
fn asked(story: &Story) -> Vec<PullOf> {
    let pulls = story.book.asked_of_accounts.iter().filter_map(|deed| match deed {
        AccountDeed::Pull(of) => Some(of.clone()),
        _ => None,
    });
    pulls.collect()
}

#[test]
fn what_changed_comes_in_at_the_start_and_every_few_minutes_but_under_no_question() {
    let mut story = Story::new(with_accounts(), 120, 36);
    story.book.pulls = Ok(PullAnswer { pulled: vec![pulled(5, 0)], failed: Vec::new() });
    story.waits(60_000);
    assert_eq!(asked(&story), [], "nobody said that it should");
    story.model.follow(Pulls { on_start: true, minutes: 15 });
    story.waits(10);
    assert_eq!(asked(&story), [PullOf::All]);
    assert!(!story.shows("nothing new"), "what has nothing to say says nothing");
    story.waits(14 * 60_000);
    assert_eq!(asked(&story).len(), 1);
    // A plan is being looked at: it waits until that is over.
    story.searches("company:acme").keys("d");
    story.waits(2 * 60_000).waits(60_000);
    assert!(story.shows("Delete") && asked(&story).len() == 1, "{}", story.screen());
    assert_eq!(story.model.wants_tick(), Some(1_000));
    story.book.pulls = Ok(PullAnswer { pulled: vec![pulled(5, 3)], failed: Vec::new() });
    story.keys("esc").waits(10);
    assert!(asked(&story).len() == 2 && story.shows("Contacts: 3 added."), "{}", story.screen());
    // Without it: never.
    let mut story = Story::new(with_accounts(), 120, 36);
    story.model.follow(Pulls { on_start: false, minutes: 0 });
    story.waits(86_400_000);
    assert_eq!(asked(&story), []);
}

#[test]
fn a_folder_that_changed_is_taken_over_and_one_that_did_not_is_left_alone() {
    let mut fake = with_accounts();
    fake.lists.push(List { id: ListId(6), name: "friends".into(), kind: ListKind::Folder });
    fake.marks = vec![(ListId(6), 1)];
    let mut story = Story::new(fake, 120, 36);
    story.model.follow(Pulls { on_start: false, minutes: 15 });
    story.waits(2_000).waits(2_000);
    assert_eq!(asked(&story), []);
    story.book.marks = vec![(ListId(6), 2)];
    story.waits(1_000);
    assert_eq!(asked(&story), [], "it is looked at every two seconds");
    story.waits(1_000).waits(10);
    assert_eq!(asked(&story), [PullOf::List(ListId(6), "friends".into())]);
    story.waits(2_000).waits(2_000);
    assert_eq!(asked(&story).len(), 1);
}
