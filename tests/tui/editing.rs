//! Changing contacts, told key by key: the form of a card, labels, lists, protection, merges, their undo.

use cardfile::domain::contact::{Contact, ContactId, ListId, Subscription, Tag, Tagged};
use cardfile::tui::app::effect::{Editing, Effect};
use cardfile::tui::app::event::{Answer, Event, Told};
use cardfile::tui::input::keymap::Layer;
use cardfile::tui::windows::Modal;
use cardfile::tui::windows::card_form::Form;
use cardfile::tui::windows::card_form::fields::Spot;
use cardfile::tui::windows::changes::Changes;
use cardfile::tui::windows::groups::Groups;
use insta::assert_snapshot;

use crate::book::Fake;
use crate::story::Story;

fn form(story: &Story) -> &Form {
    match story.model.modals.last() {
        Some(Modal::Form(form)) => form,
        other => panic!("no form is open: {other:?}"),
    }
}

/// Goes to the row that holds this.
fn go(story: &mut Story, spot: &Spot) {
    let to = form(story).rows.iter().position(|row| row.spot == *spot).expect("there is such a row");
    while form(story).cursor < to {
        story.keys("tab");
    }
    while form(story).cursor > to {
        story.keys("shift-tab");
    }
}

fn contact(story: &Story, id: i64) -> &cardfile::domain::contact::Contact {
    &story.book.contacts[&ContactId(id)]
}

#[test]
fn a_card_is_edited_checked_saved_and_undone() {
    let mut story = Story::small();
    let before = contact(&story, 1).clone();
    story.keys("E");
    go(&mut story, &Spot::Text("last"));
    story.keys("ctrl-u").types("Stone");
    go(&mut story, &Spot::Text("company"));
    story.keys("ctrl-u").types("Stone & Co");
    go(&mut story, &Spot::Text("birthday"));
    story.types("1985-02-30").keys("ctrl-s");
    assert!(story.shows("Not saved") && !form(&story).wrong.is_empty(), "{}", story.screen());
    assert_eq!(contact(&story, 1), &before, "nothing is saved while something is wrong");
    story.keys("ctrl-u").types("1985-02-28").keys("ctrl-s");
    assert!(story.model.modals.is_empty(), "{}", story.screen());
    let after = contact(&story, 1);
    assert_eq!((after.name.full.as_str(), after.company.as_str()), ("Amber Stone", "Stone & Co"));
    assert_eq!(after.birthday.map(|day| day.to_string()).as_deref(), Some("1985-02-28"));
    assert_eq!((&after.emails, &after.phones, &after.labels), (&before.emails, &before.phones, &before.labels));
    story.keys("u y");
    assert_eq!(contact(&story, 1), &before, "the undo gives every field back");
    assert_snapshot!("jobs_of_edits_120x36", story.keys("3").screen());
    story.keys("U y");
    assert_eq!(contact(&story, 1).company, "Stone & Co", "redone");
    story.keys("U");
    assert!(story.shows("made the edit again already"), "{}", story.screen());
    story.keys("u y");
    assert_eq!(contact(&story, 1), &before, "and undone once more, as any last job");
    story.keys("esc u");
    assert!(story.shows("There is no job to undo."), "{}", story.screen());
}

#[test]
fn values_are_added_tagged_removed_and_put_first() {
    let mut story = Story::small();
    story.keys("E");
    go(&mut story, &Spot::Add(cardfile::tui::windows::card_form::fields::Adding::Email));
    story.keys("enter").types("amber@home.example").keys("ctrl-t").types("home").keys("enter ctrl-f");
    go(&mut story, &Spot::Phone);
    story.keys("ctrl-x");
    go(&mut story, &Spot::Add(cardfile::tui::windows::card_form::fields::Adding::Address));
    story.keys("enter").types("Main St 1").keys("tab tab").types("Bern").keys("ctrl-t").types("ship").keys("enter");
    go(&mut story, &Spot::Add(cardfile::tui::windows::card_form::fields::Adding::Custom));
    story.keys("enter").types("Shoe").keys("enter").types("42");
    go(&mut story, &Spot::Note);
    story.types("one").keys("enter").types("two").keys("ctrl-s");
    let after = contact(&story, 1);
    assert_eq!((after.email(), after.emails[0].tag, after.emails.len()), ("amber@home.example", Tag::Home, 2));
    assert!(after.phones.is_empty());
    assert_eq!((after.addresses[0].city.as_str(), after.addresses[0].tag), ("Bern", Tag::Shipping));
    assert_eq!((after.custom[0].name.as_str(), after.note.as_str()), ("Shoe", "one\ntwo"));
}

#[test]
fn the_form_picks_labels_list_and_protection() {
    let mut story = Story::small();
    story.keys("E");
    go(&mut story, &Spot::Labels);
    story.keys("enter").types("brand new").keys("tab").types("lead").keys("tab tab");
    assert_eq!(story.model.layer(), Layer::Labels);
    story.keys("enter");
    go(&mut story, &Spot::List);
    story.keys("enter").types("staff").keys("enter");
    assert!(
        story.model.status.as_ref().is_some_and(|status| status.text.contains("read-only")),
        "an account list says why"
    );
    story.keys("enter").types("press").keys("enter");
    go(&mut story, &Spot::Protected);
    story.keys("enter ctrl-s");
    let after = contact(&story, 1);
    assert_eq!((after.list, after.protected), (ListId(3), true));
    assert!(after.labels.contains(&"brand new".to_owned()), "{:?}", after.labels);
}

#[test]
fn esc_never_loses_what_was_typed_unasked() {
    let mut story = Story::small();
    story.keys("E esc");
    assert!(story.model.modals.is_empty(), "nothing was typed: nothing is asked");
    story.keys("E").types("x").keys("esc");
    assert!(form(&story).leaving && story.shows("keep editing"));
    story.happens(Event::Paste("y".into()));
    assert!(!form(&story).leaving, "a paste says no");
    story.keys("esc esc");
    assert!(form(&story).is_changed(), "the default is to go on");
    story.keys("esc y");
    assert!(story.model.modals.is_empty());
    assert_eq!(story.effects.iter().filter(|it| matches!(it, Effect::Editing(_, Editing::Save(..)))).count(), 0);
}

#[test]
fn what_somebody_else_changed_meanwhile_is_shown_and_nothing_typed_is_lost() {
    let mut story = Story::small();
    story.keys("E");
    go(&mut story, &Spot::Text("company"));
    story.keys("ctrl-u").types("Mine");
    let theirs = story.book.contacts.get_mut(&ContactId(1)).expect("there");
    (theirs.revision, theirs.title, theirs.company) = (9, "Director".into(), "Theirs".into());
    story.keys("ctrl-s");
    story.happens(Event::Resize { width: 80, height: 24 });
    assert!(story.shows("changed meanwhile: company: van Beek Partners is now Theirs"), "{}", story.screen());
    assert!(story.shows("job title: Buyer is now Director"), "{}", story.screen());
    assert_eq!(contact(&story, 1).company, "Theirs", "not saved yet");
    story.keys("ctrl-s");
    let after = contact(&story, 1);
    assert_eq!((after.company.as_str(), after.title.as_str()), ("Mine", "Director"));
}

#[test]
fn a_contact_is_added_to_the_list_that_is_open_or_picked() {
    let mut story = Story::small();
    story.keys("N").types("news").keys("enter ctrl-s");
    assert!(story.shows("needs a name"), "{}", story.screen());
    go(&mut story, &Spot::Text("first"));
    story.types("Nadja").keys("tab tab").types("Neu").keys("ctrl-s");
    let new = story.book.contacts.values().last().expect("there").clone();
    assert_eq!((new.display_name().as_str(), new.list), ("Nadja Neu", ListId(2)));
    story.keys("u y");
    assert_eq!(story.book.contacts.len(), 60);
}

#[test]
fn a_card_of_an_account_list_says_that_it_is_read_only() {
    let mut story = Story::small();
    story.searches("id:60").keys("E");
    assert!(story.model.modals.is_empty() && story.shows("is read-only: it mirrors an account"), "{}", story.screen());
}

#[test]
fn labels_are_given_and_taken_in_bulk_behind_a_question() {
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com").keys("t").types("vip").keys("tab").types("lead").keys("tab tab enter");
    assert!(matches!(story.model.modals.last(), Some(Modal::BulkEdit(_))), "{}", story.screen());
    story.happens(Event::Paste("y".into()));
    assert!(story.shows("Pasted text"), "{}", story.screen());
    story.keys("y");
    let of: Vec<_> = (1..=20).map(|id| contact(&story, id).labels.clone()).collect();
    assert!(of.iter().all(|labels| labels.contains(&"vip".into()) && !labels.contains(&"lead".into())), "{of:?}");
    story.keys("u y");
    assert!((1..=20).all(|id| !contact(&story, id).labels.contains(&"vip".into())));
    // The default is no.
    let before = story.book.contacts.clone();
    story.keys("t").types("vip").keys("enter enter");
    assert_eq!(story.book.contacts, before);
}

#[test]
fn the_marked_are_moved_copied_protected_and_unsubscribed() {
    let mut story = Story::small();
    story.keys("/ enter space space space m").types("press").keys("enter y");
    assert!((1..=3).all(|id| contact(&story, id).list == ListId(3)));
    assert!(story.model.search.marked.is_empty(), "the marks are spent");
    story.keys("u y");
    assert!((1..=3).all(|id| contact(&story, id).list == ListId(2)));
    story.keys("space . ").types("copy").keys("enter").types("cust").keys("enter y");
    assert_eq!(story.book.contacts.len(), 61);
    story.keys("u y");
    assert_eq!(story.book.contacts.len(), 60);
    story.searches("email$=@oldcorp.com").keys("-");
    assert!(story.shows("Unsubscribers"), "{}", story.screen());
    story.keys("y");
    assert_eq!(contact(&story, 4).subscription, Subscription::Unsubscribed);
    story.searches("all").keys("alt-p");
    assert!(story.shows("1 stays: their list is read-only"), "{}", story.screen());
    assert_snapshot!("edit_ask_120x36", story.screen());
    story.keys("esc p");
    assert!(story.book.jobs[0].job.words.contains("protect"), "p is a job: {:?}", story.book.jobs[0].job);
}

#[test]
fn duplicates_are_marked_merged_and_undone() {
    let mut book = Fake::small();
    let email = book.contacts[&ContactId(1)].emails[0].clone();
    let other = book.contacts.get_mut(&ContactId(24)).expect("there");
    other.emails.push(email);
    other.title = "Chief buyer".into();
    let before = book.contacts.clone();
    let mut story = Story::new(book, 160, 42);
    story.searches("duplicate:email");
    assert!(story.shows("2 have the same email"), "{}", story.screen());
    story.keys("= J");
    assert!(matches!(story.model.modals.last(), Some(Modal::Merging(_))), "{}", story.screen());
    assert_snapshot!("merge_160x42", story.screen());
    for (width, height) in [(80, 24), (120, 36)] {
        story.happens(Event::Resize { width, height });
        assert_snapshot!(format!("merge_{width}x{height}"), story.screen());
    }
    story.keys("down enter");
    assert_snapshot!("merge_ask_80x24", {
        story.happens(Event::Resize { width: 80, height: 24 });
        story.screen()
    });
    story.happens(Event::Paste("y".into()));
    story.keys("y");
    assert_eq!(story.book.contacts, before, "a paste took the question away");
    story.keys("enter y");
    assert_eq!(story.book.contacts.len(), 59);
    assert!(contact(&story, 24).note.contains("Buyer"), "{}", contact(&story, 24).note);
    story.keys("u y");
    assert_eq!(story.book.contacts, before, "equal field for field");
}

/// A book of which so many cards have a copy with the same email.
fn with_copies(n: usize) -> Fake {
    let mut book = Fake::small();
    let ids: Vec<ContactId> = book.contacts.keys().copied().collect();
    let free = |id: &&ContactId| {
        let contact = &book.contacts[id];
        contact.member.is_none() && contact.billing.is_none() && !contact.protected && contact.list != ListId(4)
    };
    let originals: Vec<ContactId> = ids.iter().filter(free).take(n).copied().collect();
    for id in originals {
        let copy = ContactId(id.0 + 1_000);
        let original = &book.contacts[&id];
        let mut contact = Contact { id: copy, title: "Chief buyer".into(), ..original.clone() };
        contact.phones = vec![Tagged::plain(format!("044 {}", id.0))];
        contact.birthday = None;
        book.contacts.insert(copy, contact);
    }
    book
}

/// Names in capitals, and a company in another spelling.
fn untidy(n: i64) -> Fake {
    let mut book = Fake::small();
    for at in 1..=n {
        let contact = book.contacts.get_mut(&ContactId(at)).expect("it is there");
        contact.name.first = "AMBER".into();
        contact.name.last = format!("O'NEILL{}", ["", " JR"][usize::from(at % 2 == 0)]);
        contact.name.full = format!("{} {}", contact.name.first, contact.name.last);
        if at <= 3 {
            contact.company = ["ACME ltd", "Acme, Ltd", "ACME ltd"][at as usize - 1].into();
        }
    }
    book
}

fn changes(story: &Story) -> &Changes {
    match story.model.modals.last() {
        Some(Modal::Changes(changes)) => changes,
        other => panic!("no changes are shown: {other:?}"),
    }
}

#[test]
fn what_is_untidy_is_shown_before_and_after_left_out_mended_and_given_back() {
    let book = untidy(4);
    let before = book.contacts.clone();
    let mut story = Story::new(book, 120, 36);
    story.keys("F");
    assert!(story.shows("write names with capitals") && story.shows("config.toml doesn't say"), "{}", story.screen());
    assert_snapshot!("fixes_120x36", story.screen());
    story.keys("enter");
    for (width, height) in [(80, 24), (120, 36)] {
        story.happens(Event::Resize { width, height });
        assert_snapshot!(format!("changes_{width}x{height}"), story.screen());
    }
    // A paste and a y before the question change nothing.
    story.happens(Event::Paste("y".into()));
    story.keys("y down x");
    assert_eq!((changes(&story).will_change(), &story.book.contacts), (3, &before), "{}", story.screen());
    story.keys("F");
    assert!(story.shows("y change 3 contacts"), "{}", story.screen());
    story.keys("y");
    let names: Vec<&str> = (1..=4).map(|id| story.book.contacts[&ContactId(id)].name.full.as_str()).collect();
    assert_eq!(names, ["Amber O'Neill", "AMBER O'NEILL JR", "Amber O'Neill", "Amber O'Neill JR"]);
    // The other kinds wait in the window below.
    assert!(story.shows("write each company in one way"), "{}", story.screen());
    assert!(story.shows("Started: write names with capitals where they belong, 3 contacts."), "{}", story.screen());
    story.keys("esc u y");
    assert_eq!(story.book.contacts, before, "equal field for field");
}

#[test]
fn a_spelling_is_left_out_everywhere_at_once() {
    let mut story = Story::new(untidy(4), 120, 36);
    story.searches("company:acme").keys("F down enter");
    assert_eq!(changes(&story).will_change(), 3, "{}", story.screen());
    assert!(story.shows("ACME ltd") && story.shows("Acme Ltd"), "{}", story.screen());
    story.keys("X");
    assert!(story.shows("\u{201c}ACME ltd\u{201d} stays as it is everywhere."), "{}", story.screen());
    assert_eq!(changes(&story).will_change(), 1, "{}", story.screen());
    story.keys("F y");
    let companies: Vec<&str> = (1..=3).map(|id| story.book.contacts[&ContactId(id)].company.as_str()).collect();
    assert_eq!(companies, ["ACME ltd", "Acme Ltd", "ACME ltd"]);
}

#[test]
fn what_a_fix_would_change_is_searched_for_or_marked() {
    let book = untidy(4);
    let before = book.contacts.clone();
    let mut story = Story::new(book, 120, 36);
    story.searches("company:acme").keys("F down enter c");
    assert_eq!(story.model.search.line.text(), "company~=/(?-i)^ACME ltd$/", "{}", story.screen());
    assert_eq!((story.model.search.matches(), story.model.modals.len()), (2, 0), "its own spelling alone");
    // Where no spelling is mended the contacts are marked.
    story.keys("esc F enter c");
    assert_eq!((story.model.search.marked.len(), story.model.modals.len()), (4, 0), "{}", story.screen());
    assert!(story.shows("4 contacts marked. Nothing was changed."), "{}", story.screen());
    assert_eq!(story.book.contacts, before);
}

#[test]
fn many_changes_are_confirmed_by_their_typed_number_alone() {
    let book = untidy(40);
    let before = book.contacts.clone();
    let mut story = Story::new(book, 80, 24);
    story.keys("F enter F").types("7").keys("enter");
    assert!(story.shows("You typed 7, not 40: nothing was changed."), "{}", story.screen());
    assert_snapshot!("changes_ask_80x24", story.screen());
    story.keys("y esc esc");
    assert_eq!(story.book.contacts, before);
    story.keys("enter F").types("40").keys("enter");
    assert_eq!(story.book.contacts[&ContactId(40)].name.full, "Amber O'Neill JR");
}

#[test]
fn looking_for_what_is_untidy_can_be_stopped() {
    let mut story = Story::small();
    story.deaf = true;
    story.keys("F");
    assert!(story.shows("Looking for what is untidy"), "{}", story.screen());
    story.keys("esc");
    assert!(matches!(story.effects.last(), Some(Effect::Stop(_))), "{:?}", story.effects.last());
    assert!(story.model.modals.is_empty() && story.shows("Nothing was changed."), "{}", story.screen());
}

#[test]
fn a_card_is_shown_as_a_code_that_follows_the_size_of_the_screen() {
    let mut story = Story::small();
    story.keys("Q");
    assert!(story.shows("Amber Powell") && story.shows("Without addresses"), "{}", story.screen());
    assert_snapshot!("qr_120x36", story.screen());
    story.happens(Event::Resize { width: 60, height: 20 });
    let asked = story.effects.iter().rev().find_map(|effect| match effect {
        Effect::Qr(_, id, most) => Some((*id, *most)),
        _ => None,
    });
    assert_eq!(asked, Some((ContactId(1), 32)), "{}", story.screen());
    story.happens(Event::Resize { width: 80, height: 24 });
    assert_snapshot!("qr_80x24", story.screen());
    story.keys("x esc");
    assert!(story.model.modals.is_empty(), "{}", story.screen());
}

#[test]
fn how_far_a_comparison_is_is_told_until_it_is_over() {
    let mut story = Story::small();
    story.deaf = true;
    story.searches("duplicate:likely");
    let ticket = story.effects.iter().rev().find_map(|effect| match effect {
        Effect::Search(ticket, _) => Some(*ticket),
        _ => None,
    });
    let told = Told { records: 412_000, done: 412_000, of: 1_000_000 };
    story.happens(Event::Answer(Answer::Told(ticket.expect("it is asked"), told)));
    assert!(story.shows("comparing 412,000 of 1,000,000 contacts"), "{}", story.screen());
    story.deaf = false;
    story.keys("/ x");
    assert!(!story.shows("comparing"), "another search doesn't compare: {}", story.screen());
}

#[test]
fn nothing_untidy_is_said_and_a_read_only_book_is_not_looked_at() {
    let mut story = Story::small();
    story.searches("domain:example.org").keys("F");
    assert!(story.shows("Nothing to fix."), "{}", story.screen());
    story.keys("esc");
    story.model.read_only = true;
    story.keys("F");
    assert!(story.model.modals.is_empty() && story.shows("read-only"), "{}", story.screen());
}

fn groups(story: &Story) -> &Groups {
    match story.model.modals.last() {
        Some(Modal::Groups(groups)) => groups,
        other => panic!("no groups are shown: {other:?}"),
    }
}

#[test]
fn all_groups_are_shown_a_line_each_merged_at_once_and_given_back() {
    let book = with_copies(5);
    let (before, all) = (book.contacts.clone(), book.contacts.len());
    let mut story = Story::new(book, 120, 36);
    story.searches("duplicate:email").keys("J");
    assert_eq!((groups(&story).plan.becomes(), groups(&story).plan.will_go()), (5, 5));
    assert!(story.shows("5 groups become 5 cards, 5 go; nothing that only they held is lost."), "{}", story.screen());
    for (width, height) in [(80, 24), (120, 36), (200, 50)] {
        story.happens(Event::Resize { width, height });
        assert_snapshot!(format!("groups_{width}x{height}"), story.screen());
    }
    // The question comes after the key, and a paste is no answer.
    story.keys("y");
    assert_eq!(story.book.contacts.len(), all);
    story.keys("J");
    assert_snapshot!("groups_ask_80x24", {
        story.happens(Event::Resize { width: 80, height: 24 });
        story.screen()
    });
    story.happens(Event::Paste("y".into()));
    assert_eq!(story.book.contacts.len(), all);
    story.keys("y");
    assert_eq!(story.book.contacts.len(), all - 5, "{}", story.screen());
    story.keys("u y");
    assert_eq!(story.book.contacts, before, "equal field for field");
}

#[test]
fn many_groups_are_merged_by_their_typed_number_alone() {
    let mut story = Story::new(with_copies(30), 120, 36);
    let all = story.book.contacts.len();
    story.searches("duplicate:email").keys("J");
    let n = groups(&story).plan.will_go();
    assert!(n > 25, "{n}");
    story.keys("J y").types("7").keys("enter");
    assert!(story.shows(&format!("You typed 7, not {n}: nothing was merged.")), "{}", story.screen());
    assert_eq!(story.book.contacts.len(), all);
    story.types(&n.to_string()).keys("enter");
    assert_eq!(story.book.contacts.len() as u64, all as u64 - n);
}

#[test]
fn deleting_duplicates_offers_first_to_keep_the_best_of_each() {
    let book = with_copies(4);
    let all = book.contacts.len();
    let mut story = Story::new(book, 120, 36);
    story.searches("duplicate:email").keys("d");
    assert!(story.shows("k keep the best of each"), "{}", story.screen());
    story.keys("k");
    assert!(story.shows("redundant:email"), "{}", story.screen());
    assert!(!story.shows("keep the best"), "it does by now: {}", story.screen());
    story.keys("y");
    assert_eq!(story.book.contacts.len(), all - 4, "{}", story.screen());
    story.searches("duplicate:email");
    assert!(story.shows("0 match"), "{}", story.screen());
}

#[test]
fn a_group_is_left_out_opened_side_by_side_or_never_the_same() {
    let mut story = Story::new(with_copies(4), 120, 36);
    story.searches("duplicate:email").keys("J x");
    assert_eq!(groups(&story).plan.becomes(), 3, "{}", story.screen());
    story.keys("n");
    assert_eq!(groups(&story).plan.becomes(), 2);
    assert!(story.shows("never taken for the same again; u takes that back."), "{}", story.screen());
    story.keys("u");
    assert_eq!(groups(&story).plan.becomes(), 3, "{}", story.screen());
    story.keys("u");
    assert!(story.shows("Nothing was said here"), "{}", story.screen());
    story.keys("n");
    assert_eq!(groups(&story).plan.becomes(), 2);
    let first = groups(&story).cards(0);
    story.keys("enter");
    assert!(matches!(story.model.modals.last(), Some(Modal::Merging(_))), "{}", story.screen());
    assert_snapshot!("groups_side_by_side_120x36", story.screen());
    story.keys("down esc");
    assert_eq!(groups(&story).cards(0), [first[1], first[0]], "the other card is kept now");
    // Side by side, a group is merged by itself; the others wait.
    story.keys("enter enter y");
    assert_eq!(groups(&story).plan.becomes(), 1, "{}", story.screen());
    assert!(!story.book.contacts.contains_key(&first[0]) && story.book.contacts.contains_key(&first[1]));
    story.keys("esc").searches("duplicate:email").keys("J");
    assert_eq!(groups(&story).plan.becomes(), 2, "who is never the same stays so");
    assert_eq!(groups(&story).plan.left.apart, 0, "nor are they duplicates");
}

#[test]
fn who_may_not_be_deleted_can_only_be_kept() {
    let mut story = Story::small();
    story.keys("/ enter space space space g J");
    assert!(story.shows("is a member"), "{}", story.screen());
    assert_snapshot!("merge_refused_80x24", {
        story.happens(Event::Resize { width: 80, height: 24 });
        story.screen()
    });
    story.keys("enter");
    assert!(!matches!(story.model.modals.last(), Some(Modal::Merging(merging)) if merging.asking));
    story.keys("G enter y");
    assert_eq!(story.book.contacts.len(), 58);
}

#[test]
fn how_it_looks() {
    // What stands above the work, whatever slots there are below.
    let mut forms = String::new();
    for (width, height) in [(80, 24), (120, 36)] {
        let mut story = Story::new(Fake::small(), width, height);
        story.keys("E");
        go(&mut story, &Spot::Email);
        story.keys("ctrl-u").types("nobody");
        forms.extend(story.screen().lines().take(14).map(|line| format!("{line}\n")));
        story.keys("esc");
        forms.extend(story.screen().lines().take(14).map(|line| format!("{line}\n")));
        story.keys("y").searches("email$=@oldcorp.com").keys("t").types("le").keys("tab");
        assert_snapshot!(format!("labels_{width}x{height}"), story.screen());
        assert_snapshot!(format!("labels_ask_{width}x{height}"), story.keys("enter").screen());
        story.keys("esc .");
        assert_snapshot!(format!("edit_them_{width}x{height}"), story.screen());
        assert_snapshot!(format!("lists_{width}x{height}"), story.types("move").keys("enter").screen());
    }
    assert_snapshot!("forms", forms);
}

#[test]
fn how_the_lower_half_of_the_form_looks() {
    let mut story = Story::new(Fake::small(), 120, 36);
    story.keys("E");
    for (slot, value) in [("department", "Optics"), ("anniversary", "--05-20")] {
        go(&mut story, &Spot::Text(slot));
        story.types(value);
    }
    assert_snapshot!("form_below_120x36", story.screen());
}
