//! A folder of vCards as a list.

use std::fs;

use cardfile::api::types::{ImportRequest, PullAnswer};
use cardfile::api::{Cancel, Code, StartOptions};
use cardfile::domain::contact::{Contact, ListKind};
use cardfile::domain::deletion_rules::Refusal;
use cardfile::domain::edit::Edit;
use cardfile::domain::job::{JobType, Status};

use super::desk::{Desk, There, assert_healthy, card, count, edit, one, plan, pull, query, run, undo};

#[test]
fn a_folder_is_a_list_and_what_changes_there_is_seen() {
    let desk = Desk::new(30);
    desk.write("color", "#ff0000");
    let session = desk.added();
    let lists = session.overview().unwrap().lists;
    assert_eq!(lists.iter().map(|(list, n)| (list.kind, *n)).collect::<Vec<_>>(), [(ListKind::Folder, 30)]);
    assert_eq!(count(&session, "email:old.example"), 10);
    assert_eq!(pull(&session), (0, 0, 0, 0), "nothing is new");
    let jobs = session.jobs(10).unwrap();
    assert_eq!(jobs.iter().map(|view| view.job.kind).collect::<Vec<_>>(), [JobType::Pull]);

    desk.write("new.vcf", &card("Zora", "zora@new.example", ""));
    desk.write("c0001.vcf", &card("Name1", "moved@new.example", ""));
    desk.remove("c0000.vcf");
    assert_eq!(pull(&session), (1, 1, 1, 0));
    assert_eq!((count(&session, "zora"), count(&session, "email:moved"), count(&session, "email:n0@")), (1, 1, 0));
    let trash = session.overview().unwrap().trash;
    assert_eq!(trash, 1, "what was deleted elsewhere waits in the trash");
    assert_healthy(&session);

    // It comes back as it lay there, byte for byte.
    let gone = one_in_trash(&session);
    let restored = session.start_undo(&session.restore_plan(&[gone]).unwrap()).unwrap();
    assert_eq!(session.wait(restored).unwrap().job.progress.succeeded, 1);
    assert_eq!(desk.there()["c0000.vcf"], card("Name0", "n0@old.example", ""));
    assert_eq!(pull(&session), (0, 0, 0, 0));
    assert_eq!(count(&session, "all"), 31);
    assert_healthy(&session);
}

fn one_in_trash(session: &cardfile::api::Session) -> cardfile::domain::contact::ContactId {
    let scope = cardfile::domain::query::Scope::Trash;
    let found = session.matching_ids(&cardfile::domain::query::Query { scope, ..query(session, "all") }).unwrap();
    assert_eq!(found.len(), 1);
    found[0]
}

#[test]
fn a_delete_removes_the_files_and_its_undo_puts_the_very_same_back() {
    let desk = Desk::new(300);
    let before = desk.there();
    let session = desk.added();
    let job = run(&session, &plan(&session, "email:old.example"));
    assert_eq!((job.status, job.progress.succeeded, job.progress.failed_total()), (Status::Completed, 100, 0));
    let left = desk.there();
    assert_eq!(left.len(), 200);
    assert!(left.iter().all(|(name, card)| before.get(name) == Some(card)), "the others are as they were");
    assert_eq!(pull(&session), (0, 0, 0, 0));
    let back = undo(&session, job.id);
    assert_eq!((back.progress.succeeded, back.progress.failed_total()), (100, 0));
    assert_eq!(desk.there(), before);
    assert_eq!((count(&session, "all"), pull(&session)), (300, (0, 0, 0, 0)));
    let again = session.redo_plan(back.id).unwrap();
    let options = StartOptions { undoes: Some(back.id), ..StartOptions::default() };
    let redone = session.wait(session.start_with(&again, &options).unwrap()).unwrap().job;
    assert_eq!((redone.progress.succeeded, desk.there().len()), (100, 200));
    assert_healthy(&session);
}

#[test]
fn who_was_changed_or_deleted_by_others_since_the_plan_is_left_alone_and_listed() {
    let desk = Desk::new(30);
    let session = desk.added();
    let plan = plan(&session, "email:old.example");
    let changed = card("Name0", "n0@old.example", "NOTE:theirs\r\n");
    desk.write("c0000.vcf", &changed);
    desk.remove("c0003.vcf");
    let job = run(&session, &plan);
    assert_eq!(job.progress.succeeded, 8);
    assert_eq!(job.progress.failed, [(Refusal::Changed, 1), (Refusal::Gone, 1)]);
    assert_eq!(desk.there()["c0000.vcf"], changed, "nobody's change is lost");
    assert_eq!(count(&session, "note:theirs"), 1, "and it is shown as it is now");
    assert_eq!(undo(&session, job.id).progress.succeeded, 8);
    assert_eq!(desk.there().len(), 29, "what others deleted is not brought back by the undo");
    assert_healthy(&session);
}

#[test]
fn who_may_not_be_deleted_stays_there_as_well() {
    let desk = Desk::new(9);
    let session = desk.added();
    edit(&session, "email:n0@", vec![Edit::Protect]);
    let job = run(&session, &plan(&session, "email:old.example"));
    assert_eq!((job.progress.succeeded, job.progress.failed.as_slice()), (2, [(Refusal::Protected, 1)].as_slice()));
    assert!(desk.there().contains_key("c0000.vcf"));
}

/// The lines that two cards don't share.
fn other_lines(before: &str, after: &str) -> (Vec<String>, Vec<String>) {
    let only = |a: &str, b: &str| {
        a.lines().filter(|line| !b.lines().any(|other| other == *line)).map(str::to_owned).collect::<Vec<_>>()
    };
    (only(before, after), only(after, before))
}

#[test]
fn an_edit_changes_its_own_lines_of_a_card_alone_and_is_undone_to_the_byte() {
    let desk = Desk::new(30);
    let before = desk.there();
    let session = desk.added();
    let job = edit(&session, "email:old.example", vec![Edit::AddLabels(vec!["vip".into()])]);
    assert_eq!((job.progress.succeeded, job.progress.failed_total()), (10, 0));
    for (name, card) in desk.there() {
        let (gone, come) = other_lines(&before[&name], &card);
        let wanted: &[&str] = if before[&name].contains("old.example") { &["CATEGORIES:vip"] } else { &[] };
        assert_eq!((gone, come), (Vec::new(), wanted.iter().map(|line| (*line).to_owned()).collect()), "{name}");
    }
    assert_eq!((count(&session, "label:vip"), pull(&session)), (10, (0, 0, 0, 0)));
    let undone = undo(&session, job.id);
    assert_eq!((undone.progress.succeeded, desk.there() == before), (10, true));
    let redone = undo(&session, undone.id);
    assert_eq!((redone.progress.succeeded, count(&session, "label:vip")), (10, 10));
    assert!(desk.there()["c0000.vcf"].contains("CATEGORIES:vip"));
    assert_healthy(&session);
}

#[test]
fn a_card_that_is_changed_by_hand_is_changed_there_first() {
    let desk = Desk::new(3);
    let before = desk.there();
    let session = desk.added();
    let id = one(&session, "email:n0@");
    let fields = |value: &str| [("email".to_owned(), value.to_owned())];
    let job = session.set_contact(id, &fields("other@new.example"), None).unwrap();
    let (gone, come) = other_lines(&before["c0000.vcf"], &desk.there()["c0000.vcf"]);
    assert_eq!((gone.len(), come.len()), (1, 1), "{gone:?} {come:?}");
    undo(&session, job);
    assert_eq!(desk.there(), before);
    // Somebody else was faster: theirs stays, and nothing is changed here.
    let theirs = card("Name0", "theirs@new.example", "");
    desk.write("c0000.vcf", &theirs);
    let refused = session.set_contact(id, &fields("mine@new.example"), None).unwrap_err();
    assert!(refused.message.contains("changed there"), "{refused}");
    assert_eq!((desk.there()["c0000.vcf"].as_str(), count(&session, "email:mine")), (theirs.as_str(), 0));
}

#[test]
fn an_empty_or_missing_folder_never_wipes_the_list() {
    let desk = Desk::new(90);
    let session = desk.added();
    let away = desk.folder.path().join("away");
    fs::rename(desk.cards(), &away).unwrap();
    let refused = session.pull(None, false, &Cancel::new(), &mut |_, _| ()).and_then(PullAnswer::whole).unwrap_err();
    assert!(matches!(refused.code, Code::Account { .. }), "{refused:?}");
    fs::create_dir(desk.cards()).unwrap();
    let refused = session.pull(None, false, &Cancel::new(), &mut |_, _| ()).and_then(PullAnswer::whole).unwrap_err();
    assert!(matches!(refused.code, Code::ListingLacks { gone: 90, .. }), "{refused:?}");
    assert_eq!((count(&session, "all"), session.overview().unwrap().trash), (90, 0));
    // A plan isn't made of what may be an accident.
    let selection = cardfile::domain::query::Selection::Query(query(&session, "email:old.example"));
    let request = cardfile::domain::plans::PlanRequest { selection, excluded: Vec::new(), members_too: false };
    assert!(session.plan(request).is_err());
    fs::remove_dir(desk.cards()).unwrap();
    fs::rename(&away, desk.cards()).unwrap();
    assert_eq!(pull(&session), (0, 0, 0, 0));
    for nth in 0..40 {
        desk.remove(&format!("c{nth:04}.vcf"));
    }
    let refused = session.pull(None, false, &Cancel::new(), &mut |_, _| ()).and_then(PullAnswer::whole).unwrap_err();
    assert!(matches!(refused.code, Code::ListingLacks { gone: 40, .. }), "{refused:?}");
    let believed =
        session.pull(Some("KHARD"), true, &Cancel::new(), &mut |_, _| ()).and_then(PullAnswer::whole).unwrap();
    assert_eq!((believed[0].gone, count(&session, "all")), (40, 50));
    assert_healthy(&session);
}

#[test]
fn a_job_whose_folder_is_away_rests_and_goes_on_when_it_is_back() {
    let desk = Desk::new(30);
    let session = desk.added();
    let plan = plan(&session, "email:old.example");
    let away = desk.folder.path().join("away");
    fs::rename(desk.cards(), &away).unwrap();
    let job = run(&session, &plan);
    assert_eq!((job.status, job.progress.succeeded, job.progress.not_reached()), (Status::Paused, 0, 10));
    fs::rename(&away, desk.cards()).unwrap();
    session.resume(job.id).unwrap();
    let job = session.wait(job.id).unwrap().job;
    assert_eq!((job.status, job.progress.succeeded, desk.there().len()), (Status::Completed, 10, 20));
    assert_healthy(&session);
}

#[test]
fn what_is_no_contact_is_left_alone_and_told() {
    let desk = Desk::new(3);
    let group = "BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:group\r\nFN:Friends\r\nMEMBER:urn:uuid:1\r\nEND:VCARD\r\n";
    let two = format!("{}{}", card("A", "a@old.example", ""), card("B", "b@old.example", ""));
    desk.write("group.vcf", group);
    desk.write("two.vcf", &two);
    desk.write("broken.vcf", "BEGIN:VCARD\r\nFN:cut sh");
    let session = desk.added();
    let pulled = session.pull(None, false, &Cancel::new(), &mut |_, _| ()).and_then(PullAnswer::whole).unwrap();
    assert_eq!((pulled[0].cards, pulled[0].no_contacts, count(&session, "all")), (6, 3, 3));
    run(&session, &plan(&session, "all"));
    let left: There = [("group.vcf", group), ("two.vcf", two.as_str()), ("broken.vcf", "BEGIN:VCARD\r\nFN:cut sh")]
        .into_iter()
        .map(|(name, card)| (name.to_owned(), card.to_owned()))
        .collect();
    assert_eq!(desk.there(), left);
    assert_healthy(&session);
}

#[test]
fn what_can_not_be_done_there_is_refused_and_changes_nothing() {
    let desk = Desk::new(6);
    let before = desk.there();
    let session = desk.added();
    let live = session.lists()[0].clone();
    let here = session.create_list("Here", ListKind::Standard).unwrap();
    let is_live = |error: cardfile::api::ApiError| assert!(matches!(error.code, Code::LiveList { .. }), "{error:?}");
    let file = desk.folder.path().join("more.vcf");
    fs::write(&file, card("C", "c@new.example", "")).unwrap();
    let into = ImportRequest { files: vec![file], list: Some(live.name.clone()), ..ImportRequest::default() };
    is_live(session.start_import(into).unwrap_err());
    let ids = session.matching_ids(&query(&session, "all")).unwrap();
    is_live(session.merge_plan(&ids[..2], ids[0]).unwrap_err());
    is_live(session.drop_list(&live.name).unwrap_err());
    let (_, ours) = session.add_contact(&Contact { list: here.id, ..named("Ours") }).unwrap();
    let to = |edit| {
        let selection = cardfile::domain::query::Selection::ids(vec![ours, ids[0]]);
        session.edit_plan(cardfile::domain::plans::EditRequest { selection, excluded: Vec::new(), edits: vec![edit] })
    };
    is_live(to(Edit::Move(live.id)).unwrap_err());
    is_live(to(Edit::Copy(live.id)).unwrap_err());
    let moved = to(Edit::Move(here.id)).unwrap();
    assert_eq!(moved.stay, [(Refusal::Server, 1)], "a card isn't moved out of its list");
    let copied = to(Edit::Copy(here.id)).unwrap();
    session.wait(session.start_edit(&copied).unwrap()).unwrap();
    edit(&session, "email:n1@", vec![Edit::AddLabels(vec!["vip".into()])]);
    is_live(session.rename_label("vip", "top").unwrap_err());
    edit(&session, "label:vip", vec![Edit::RemoveLabels(vec!["vip".into()])]);
    assert_eq!(desk.there(), before);
    assert_healthy(&session);
}

#[test]
fn a_contact_is_added_as_a_file_of_its_own_and_its_undo_removes_that() {
    let desk = Desk::new(2);
    let before = desk.there();
    let session = desk.added();
    let live = session.lists()[0].clone();
    let (job, id) = session.add_contact(&Contact { list: live.id, ..named("Ida Roe") }).unwrap();
    let there = desk.there();
    let (name, new) = there.iter().find(|(name, _)| !before.contains_key(*name)).unwrap();
    assert!(new.contains("FN:Ida Roe\r\n") && new.contains("UID:"), "{name}: {new}");
    assert_eq!((one(&session, "name:ida"), pull(&session)), (id, (0, 0, 0, 0)));
    undo(&session, job);
    assert_eq!((desk.there(), pull(&session)), (before, (0, 0, 0, 0)));
    assert_healthy(&session);
}

fn named(name: &str) -> Contact {
    let name = cardfile::domain::contact::Name { full: name.to_owned(), ..Default::default() };
    Contact { name, ..Contact::default() }
}

#[test]
fn a_folder_that_can_only_be_read_is_an_account_list() {
    let desk = Desk::new(3);
    let session = cardfile::api::Session::open(
        cardfile::api::Options::new(desk.book()),
        cardfile::api::Caller::owner("tester".to_owned()),
    )
    .unwrap();
    let account = cardfile::domain::account::Account { read_only: true, ..desk.account() };
    session.add_account(&account, &Cancel::new(), &mut |_, _| ()).unwrap();
    assert_eq!(session.lists()[0].kind, ListKind::Account);
    let plan = plan(&session, "all");
    assert_eq!((plan.will_delete(), plan.stay.as_slice()), (0, [(Refusal::AccountList, 3)].as_slice()));
    desk.write("new.vcf", &card("New", "new@new.example", ""));
    assert_eq!(pull(&session), (1, 0, 0, 0), "and it follows what changes there");
}

#[test]
fn an_account_that_is_let_go_of_leaves_everything_where_it_is() {
    let desk = Desk::new(6);
    let before = desk.there();
    let session = desk.added();
    let (lists, forgotten) = session.remove_account("khard").unwrap();
    assert_eq!((lists.len(), forgotten), (1, true));
    assert_eq!((session.lists()[0].kind, count(&session, "all")), (ListKind::Standard, 6));
    let job = run(&session, &plan(&session, "all"));
    assert_eq!((job.progress.succeeded, desk.there() == before), (6, true), "the list is an ordinary one now");
    assert_eq!(undo(&session, job.id).progress.succeeded, 6);
    assert_healthy(&session);
}
