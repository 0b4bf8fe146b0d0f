//! Everyday use, told key by key: what a user who trusts the screen blindly must not lose by it.

use cardfile::domain::contact::ListKind;
use cardfile::domain::query::Scope;
use cardfile::tui::app::Focus;
use cardfile::tui::app::effect::{Editing, Effect};
use cardfile::tui::windows::Modal;

use crate::book::Fake;
use crate::story::Story;

fn small() -> Story {
    Story::new(Fake::small(), 120, 36)
}

fn said(story: &Story) -> String {
    story.model.status.as_ref().map(|status| status.text.clone()).unwrap_or_default()
}

fn asks_delete(story: &Story) -> bool {
    matches!(story.model.modals.last(), Some(Modal::Confirm(_)))
}

#[test]
fn down_from_the_query_line_reaches_the_rows_and_x_there_excludes() {
    let mut story = small();
    story.keys("/").types("email$=@oldcorp.com -label:vip").keys("down");
    assert_eq!(story.model.focus, Focus::Results);
    let line = story.model.search.line.text().to_owned();
    story.keys("down x");
    assert_eq!(story.model.search.line.text(), line, "the clauses are as they were");
    assert_eq!(story.model.search.excluded.len(), 1);
}

#[test]
fn a_clause_that_is_taken_out_is_named_with_what_it_matched() {
    let mut story = small();
    story.searches("email$=@oldcorp.com -label:vip").keys("c x");
    let said = said(&story);
    assert!(said.starts_with("Removed: email ends with @oldcorp.com") && said.contains("matched with it"), "{said}");
}

#[test]
fn a_rate_stays_when_members_are_asked_for() {
    let mut story = small();
    story.searches("email$=@oldcorp.com").keys("d r 3 enter m").types("members").keys("enter");
    let Some(Modal::Confirm(confirm)) = story.model.modals.last() else { panic!("{:?}", story.model.modals) };
    assert!(confirm.plan.request.members_too);
    assert_eq!(confirm.rate.map(std::num::NonZeroU32::get), Some(3));
}

#[test]
fn all_and_the_trash_are_opened_whole_and_esc_clears_the_search() {
    let mut story = small();
    story.searches("email$=@oldcorp.com").keys("1 g enter");
    assert_eq!((story.model.search.line.text(), story.model.search.scope), ("", Scope::Book));
    story.searches("email$=@oldcorp.com").keys("1 G enter");
    assert_eq!((story.model.search.line.text(), story.model.search.scope), ("", Scope::Trash));
    story.keys("1 g enter").searches("email$=@oldcorp.com").keys("esc");
    assert_eq!(story.model.search.line.text(), "");
    assert!(said(&story).starts_with("The search is cleared"), "{}", said(&story));
}

#[test]
fn a_wrong_number_deletes_nothing_says_so_and_keeps_the_question() {
    let mut story = small();
    story.searches("all").keys("d");
    assert!(asks_delete(&story));
    story.keys("3 enter");
    let Some(Modal::Confirm(confirm)) = story.model.modals.last() else { panic!("it stays open") };
    assert!(confirm.note.as_ref().is_some_and(|note| note.starts_with("You typed 3, not ")), "{:?}", confirm.note);
    assert!(!story.effects.iter().any(|effect| matches!(effect, Effect::Start(..))));
}

#[test]
fn d_in_the_lists_means_the_list_under_the_cursor() {
    let mut story = small();
    story.searches("email$=@oldcorp.com").keys("1 g j d");
    let list = story.effects.iter().find_map(|effect| match effect {
        Effect::ClearPlan(_, name) => Some(name.clone()),
        _ => None,
    });
    let first = story.book.lists.iter().find(|list| list.kind == ListKind::Standard).map(|list| list.name.clone());
    assert_eq!(list, first);
}

#[test]
fn marks_are_what_the_totals_speak_of() {
    let mut story = small();
    story.searches("email$=@oldcorp.com").keys("space");
    let screen = story.screen();
    assert!(screen.contains("1 marked: keys act on it alone"), "{screen}");
    let mut story = small();
    story.keys("space j space");
    let screen = story.screen();
    assert!(screen.contains("contacts   2 marked: keys act on these alone"), "without a search too: {screen}");
}

#[test]
fn many_are_unsubscribed_by_their_number_alone() {
    let mut story = small();
    story.searches("all").keys("- y");
    let started =
        |story: &Story| story.effects.iter().any(|effect| matches!(effect, Effect::Editing(_, Editing::Start(_))));
    assert!(!started(&story), "one key is not enough");
    let Some(Modal::BulkEdit(ask)) = story.model.modals.last() else { panic!("{:?}", story.model.modals) };
    let n = ask.plan.will_change();
    assert!(n > 25);
    story.types("1").keys("enter");
    assert!(!started(&story));
    story.types(&n.to_string()).keys("enter");
    assert!(started(&story));
}

#[test]
fn a_read_only_book_says_so_before_anything_is_typed() {
    let mut story = small();
    story.model.read_only = true;
    assert!(story.screen().contains("read-only"));
    for key in ["d", "E", "N", "t", "u", "i", "-"] {
        story.keys(key);
        assert!(story.model.modals.is_empty(), "{key}");
        assert!(said(&story).starts_with("This book is read-only"), "{key}: {}", said(&story));
    }
}
