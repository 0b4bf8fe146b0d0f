//! A CardDAV server as a list, with everything that goes wrong on the way.

use std::collections::BTreeMap;
use std::fs;

use cardfile::api::types::PullAnswer;
use cardfile::api::{Caller, Cancel, Code, Options, Session};
use cardfile::domain::account::{Account, Secret};
use cardfile::domain::contact::ListKind;
use cardfile::domain::deletion_rules::Refusal;
use cardfile::domain::edit::Edit;
use cardfile::domain::job::Status;

use super::dav_server::{DavServer, Fault};
use super::desk::{assert_healthy, card, count, edit, one, plan, pull, run, undo};

/// A server with cards, and a book.
struct Cloud {
    server: DavServer,
    folder: tempfile::TempDir,
}

impl Cloud {
    /// With `n` cards, every third of them at `old.example`.
    fn new(n: usize) -> Self {
        let (server, folder) = (DavServer::start(), tempfile::tempdir().unwrap());
        fs::write(folder.path().join("password"), "secret\n").unwrap();
        for nth in 0..n {
            let host = if nth % 3 == 0 { "old" } else { "new" };
            let card = card(&format!("Name{nth}"), &format!("n{nth}@{host}.example"), "");
            server.by_hand(&format!("c{nth:04}.vcf"), Some(card.as_bytes()));
        }
        Self { server, folder }
    }

    fn account(&self) -> Account {
        Account {
            name: "cloud".into(),
            url: Some(self.server.url()),
            user: Some("anna".into()),
            password: Some(Secret::File(self.folder.path().join("password"))),
            ..Account::default()
        }
    }

    fn added(&self) -> Session {
        let book = self.folder.path().join("book.db");
        let session = Session::open(Options::new(book), Caller::owner("tester".to_owned())).unwrap();
        session.add_account(&self.account(), &Cancel::new(), &mut |_, _| ()).unwrap();
        session
    }

    fn there(&self) -> BTreeMap<String, String> {
        self.server.there()
    }
}

#[test]
fn a_server_is_a_list_and_a_delete_and_its_undo_happen_there() {
    let cloud = Cloud::new(230);
    let before = cloud.there();
    let session = cloud.added();
    let lists = session.overview().unwrap().lists;
    assert_eq!(
        lists.iter().map(|(list, n)| (list.name.as_str(), list.kind, *n)).collect::<Vec<_>>(),
        [("Friends", ListKind::Remote, 230)]
    );
    let job = run(&session, &plan(&session, "email:old.example"));
    assert_eq!((job.status, job.progress.succeeded, job.progress.failed_total()), (Status::Completed, 77, 0));
    assert_eq!(cloud.there().len(), 153);
    let most = cloud.server.state().most_busy;
    assert!(most <= 4, "{most} requests at once");
    let back = undo(&session, job.id);
    assert_eq!((back.progress.succeeded, cloud.there() == before), (77, true));
    assert_eq!((pull(&session), count(&session, "all")), ((0, 0, 0, 0), 230));
    let job = edit(&session, "email:n0@", vec![Edit::AddLabels(vec!["vip".into()])]);
    assert!(job.progress.succeeded == 1 && cloud.there()["c0000.vcf"].contains("CATEGORIES:vip\r\n"));
    undo(&session, job.id);
    assert_eq!(cloud.there(), before);
    session.set_contact(one(&session, "email:n0@"), &[("title".into(), "Boss".into())], None).unwrap();
    assert!(cloud.there()["c0000.vcf"].contains("TITLE:Boss\r\n"));
    assert_healthy(&session);
}

/// What a job says, held against what is there.
#[track_caller]
fn assert_told(cloud: &Cloud, session: &Session, before: &BTreeMap<String, String>, gone: u64, by_others: usize) {
    assert_eq!(cloud.there().len() as u64, before.len() as u64 - gone - by_others as u64);
    assert_eq!(count(session, "all"), cloud.there().len(), "what is shown is what is there");
    assert_healthy(session);
}

#[test]
fn whatever_becomes_of_answers_the_job_says_what_is_there_and_undo_brings_all_back() {
    let cloud = Cloud::new(200);
    let session = cloud.added();
    let plan = plan(&session, "email:old.example");
    // Somebody else changes three and deletes three of them after the plan was shown.
    for nth in [0, 3, 6] {
        let theirs = card(&format!("Name{nth}"), &format!("n{nth}@old.example"), "NOTE:theirs\r\n");
        cloud.server.by_hand(&format!("c{nth:04}.vcf"), Some(theirs.as_bytes()));
    }
    for nth in [9, 12, 15] {
        cloud.server.by_hand(&format!("c{nth:04}.vcf"), None);
    }
    let before = cloud.there();
    let failing = |nth: u32| match nth {
        nth if nth.is_multiple_of(23) => Fault::Answer(429, "retry-after: 0\r\n".into()),
        nth if nth.is_multiple_of(19) => Fault::ErrorAfterwards,
        nth if nth.is_multiple_of(17) => Fault::Answer(502, String::new()),
        nth if nth.is_multiple_of(13) => Fault::Cut,
        nth if nth.is_multiple_of(7) => Fault::Lost,
        _ => Fault::None,
    };
    let mut nth = 0;
    cloud.server.fail(move |_, _| {
        nth += 1;
        failing(nth)
    });
    let job = run(&session, &plan);
    assert_eq!((job.status, job.progress.succeeded), (Status::Completed, 61));
    assert_eq!(job.progress.failed, [(Refusal::Changed, 3), (Refusal::Gone, 3)]);
    assert_told(&cloud, &session, &before, 61, 0);
    assert_eq!(count(&session, "note:theirs"), 3, "nobody's change is lost");
    let back = undo(&session, job.id);
    assert_eq!((back.progress.succeeded, back.progress.failed_total()), (61, 0));
    assert_eq!(cloud.there(), before);
    assert_told(&cloud, &session, &before, 0, 0);
}

#[test]
fn a_server_that_tells_what_is_gone_as_something_else_is_understood() {
    let cloud = Cloud::new(30);
    cloud.server.state().ways.gone_is_412 = true;
    cloud.server.state().ways.leaves_out_gone = true;
    let session = cloud.added();
    let plan = plan(&session, "email:old.example");
    let job_is_on = std::sync::atomic::AtomicBool::new(false);
    // Deleted by others while the job runs: the first of its deletes finds it out.
    let state = std::sync::Arc::new(job_is_on);
    cloud.server.fail(move |method, path| {
        let first = method == "DELETE" && !state.swap(true, std::sync::atomic::Ordering::Relaxed);
        if first || path.ends_with("c0003.vcf") { Fault::Lost } else { Fault::None }
    });
    let job = run(&session, &plan);
    assert_eq!((job.progress.succeeded, job.progress.failed_total()), (10, 0), "lost answers are settled, not guessed");
    cloud.server.fail(|_, _| Fault::None);
    let before = cloud.there();
    let again = super::desk::plan(&session, "email:n1@");
    cloud.server.by_hand("c0001.vcf", None);
    let job = run(&session, &again);
    assert_eq!((job.progress.succeeded, job.progress.failed.as_slice()), (0, [(Refusal::Gone, 1)].as_slice()));
    assert_eq!(cloud.there().len(), before.len() - 1);
    assert_healthy(&session);
}

#[test]
fn a_server_that_stores_otherwise_or_names_cards_itself_gives_them_back_all_the_same() {
    let cloud = Cloud::new(30);
    let session = cloud.added();
    cloud.server.state().ways.rewrites = true;
    cloud.server.state().ways.names_new_cards = true;
    let job = run(&session, &plan(&session, "email:old.example"));
    let back = undo(&session, job.id);
    assert_eq!((back.progress.succeeded, cloud.there().len(), count(&session, "all")), (10, 30, 30));
    assert!(cloud.there().keys().filter(|name| name.starts_with("srv")).count() == 10);
    assert_eq!(pull(&session), (0, 0, 0, 0), "the new names are known");
    // And what was stored is what the next change is made of.
    let job = edit(&session, "email:n0@", vec![Edit::AddLabels(vec!["vip".into()])]);
    assert_eq!(job.progress.succeeded, 1);
    let there = cloud.there();
    let edited = there.values().find(|card| card.contains("CATEGORIES:vip")).unwrap();
    assert!(edited.contains("X-SERVER:was here"), "{edited}");
    assert_healthy(&session);
}

#[test]
fn a_server_that_lists_nothing_wipes_nothing() {
    let cloud = Cloud::new(60);
    let session = cloud.added();
    let refused = |session: &Session| {
        session.pull(None, false, &Cancel::new(), &mut |_, _| ()).and_then(PullAnswer::whole).unwrap_err()
    };
    cloud.server.state().ways.lists_nothing = true;
    assert!(matches!(refused(&session).code, Code::ListingLacks { gone: 60, .. }));
    cloud.server.state().ways.lists_nothing = false;
    cloud.server.state().ways.cuts_listing = true;
    assert!(matches!(refused(&session).code, Code::Account { .. }));
    cloud.server.state().ways.cuts_listing = false;
    cloud.server.state().ways.lists_not_even_itself = true;
    assert!(matches!(refused(&session).code, Code::Account { .. }));
    assert_eq!((count(&session, "all"), session.overview().unwrap().trash), (60, 0));
}

#[test]
fn an_account_in_trouble_makes_the_job_rest_with_the_rest_untouched() {
    let cloud = Cloud::new(60);
    let session = cloud.added();
    let plan = plan(&session, "email:old.example");
    let before = cloud.there();
    // The server allows nothing: after three refusals nothing more is asked.
    cloud.server.state().ways.always = Some(403);
    let job = run(&session, &plan);
    assert_eq!((job.status, job.progress.succeeded), (Status::Paused, 0));
    assert!(job.progress.failed_total() >= 3 && job.progress.not_reached() >= 10, "{:?}", job.progress);
    assert_eq!(cloud.there(), before);
    let why = session.why_stopped(job.id).unwrap();
    assert!(why.message.contains("no, by the rules of the house"), "{why}");
    cloud.server.state().ways.always = None;
    session.resume(job.id).unwrap();
    let job = session.wait(job.id).unwrap().job;
    assert_eq!((job.status, job.progress.succeeded as usize), (Status::Completed, 60 - cloud.there().len()));
    let failures: usize = job.progress.failed_total() as usize;
    assert_eq!(job.progress.succeeded as usize + failures, 20);
    assert_healthy(&session);
}

#[test]
fn a_password_that_is_no_longer_accepted_is_asked_with_once_and_never_told() {
    let cloud = Cloud::new(60);
    let session = cloud.added();
    let plan = plan(&session, "email:old.example");
    cloud.server.state().ways.denies = true;
    cloud.server.state().asked.clear();
    let job = run(&session, &plan);
    assert_eq!((job.status, job.progress.not_reached()), (Status::Paused, 20));
    assert_eq!(cloud.server.state().asked.len(), 1, "servers lock accounts after a few tries");
    let why = session.why_stopped(job.id).unwrap();
    assert!(why.message.contains("not accepted") && !format!("{why:?}").contains("secret"), "{why:?}");
    for entry in session.log(0, 100).unwrap() {
        assert!(!entry.text.contains("secret"), "{entry:?}");
    }
    drop(session);
    let book = fs::read(cloud.folder.path().join("book.db")).unwrap();
    assert!(!book.windows(6).any(|six| six == b"secret"), "the book holds no password");
}

#[test]
fn a_server_that_can_not_be_reached_in_the_middle_leaves_a_job_that_goes_on() {
    let cloud = Cloud::new(90);
    let session = cloud.added();
    let plan = plan(&session, "email:old.example");
    // From the tenth delete on it answers nobody; what became of those is found out later.
    let mut nth = 0;
    cloud.server.fail(move |_, _| {
        nth += 1;
        if nth >= 10 { Fault::Answer(503, "retry-after: 3600\r\n".into()) } else { Fault::None }
    });
    let job = run(&session, &plan);
    assert_eq!((job.status, job.progress.succeeded as usize), (Status::Paused, 90 - cloud.there().len()));
    assert!(job.progress.not_reached() > 0);
    cloud.server.fail(|_, _| Fault::None);
    session.resume(job.id).unwrap();
    let job = session.wait(job.id).unwrap().job;
    assert_eq!(job.status, Status::Completed);
    assert_eq!(job.progress.succeeded as usize, 90 - cloud.there().len());
    assert_healthy(&session);
}

#[test]
fn a_card_is_added_where_its_list_lives_and_its_undo_takes_it_away_there() {
    let cloud = Cloud::new(3);
    let session = cloud.added();
    let before = cloud.there();
    cloud.server.state().ways.rewrites = true;
    // The first answer is lost: it is looked at what is there, and nothing is added twice.
    let mut nth = 0;
    cloud.server.fail(move |_, _| {
        nth += 1;
        if nth == 1 { Fault::Lost } else { Fault::None }
    });
    let fields = [("first", "Ida"), ("last", "Roe"), ("email", "ida@new.example"), ("label", "vip")];
    let fields: Vec<(String, String)> = fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let (job, id) = session.add_contact_of("Friends", &fields).unwrap();
    let there = cloud.there();
    let (name, new) = there.iter().find(|(name, _)| !before.contains_key(*name)).unwrap();
    assert!(there.len() == 4 && new.contains("FN:Ida Roe\r\n") && new.contains("EMAIL:ida@new.example"), "{new}");
    assert!(
        new.contains("CATEGORIES:vip") && new.contains("X-SERVER:was here") && !new.contains("X-CARDFILE"),
        "{new}"
    );
    assert_eq!((one(&session, "email:ida@"), pull(&session)), (id, (0, 0, 0, 0)), "it is known as it lies there");
    let (name, new) = (name.clone(), new.clone());
    cloud.server.state().ways.rewrites = false;
    let undone = undo(&session, job);
    assert_eq!((undone.progress.succeeded, cloud.there() == before), (1, true));
    assert_eq!((count(&session, "all"), pull(&session)), (3, (0, 0, 0, 0)));
    // And the undo of that puts the very same card back.
    let again = undo(&session, undone.id);
    assert_eq!((again.progress.succeeded, cloud.there().get(&name)), (1, Some(&new)));
    assert_eq!((one(&session, "email:ida@"), pull(&session)), (id, (0, 0, 0, 0)));
    assert_healthy(&session);
    // Somebody else changes it: the undo leaves it alone.
    cloud.server.by_hand(&name, Some(card("Ida", "ida@theirs.example", "").as_bytes()));
    let job = undo(&session, again.id);
    assert_eq!((job.progress.succeeded, cloud.there().len()), (0, 4));
    assert_healthy(&session);
}
