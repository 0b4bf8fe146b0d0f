//! Stories told twice: over the small book in memory, which answers by the domain's own definitions, and over a
//! real engine on a demo book. What the one shows the other has to show as well.

use cardfile::domain::query::Scope;
use cardfile::tui::app::Focus;
use cardfile::tui::windows::Modal;

use crate::book::Fake;
use crate::real::Real;
use crate::story::{Answers, Story};

fn fake() -> Story<Fake> {
    Story::small()
}

fn real() -> Story<Real> {
    Story::new(Real::demo(), 120, 36)
}

/// How many match, how many of them would go, how many contacts the book and its trash have.
fn counted<B: Answers>(story: &Story<B>) -> (u64, u64, u64, u64) {
    let answer = &story.model.search.shown.as_ref().expect("a search was answered").answer;
    let overview = story.model.lists.overview.as_ref().expect("the book was read");
    (answer.matches, answer.go, overview.contacts, overview.trash)
}

/// The names on the first rows: how many more a page brings depends on where the cursor was.
fn names<B: Answers>(story: &Story<B>) -> Vec<String> {
    story.names().into_iter().take(20).collect()
}

/// Says yes to the question before a delete as it wants to be said: by one key, or by the number.
fn confirms<B: Answers>(story: &mut Story<B>) -> (u64, u64) {
    let Some(Modal::Confirm(confirm)) = story.model.modals.last() else { panic!("no question: {}", story.screen()) };
    let (goes, stays) = (confirm.plan.will_delete(), confirm.plan.will_stay());
    if confirm.by_number() {
        story.types(&goes.to_string()).keys("enter");
    } else {
        story.keys("y");
    }
    (goes, stays)
}

fn a_delete_does_what_its_question_said_and_undo_takes_it_back<B: Answers>(mut story: Story<B>, line: &str) {
    story.searches(line);
    let before = (counted(&story), names(&story));
    let (matches, go, contacts, trash) = before.0;
    assert!(go > 0 && go < matches, "some go and some stay: {go} of {matches}");
    story.keys("d");
    assert_eq!(confirms(&mut story), (go, matches - go), "the question says what the rows say");
    assert_eq!(counted(&story), (matches - go, 0, contacts - go, trash + go));
    assert!(story.model.modals.is_empty(), "{}", story.screen());
    story.keys("u y");
    assert_eq!((counted(&story), names(&story)), before, "{}", story.screen());
}

#[test]
fn a_delete_over_both() {
    a_delete_does_what_its_question_said_and_undo_takes_it_back(fake(), "oldcorp");
    a_delete_does_what_its_question_said_and_undo_takes_it_back(real(), "email:com");
}

fn what_is_excluded_stays<B: Answers>(mut story: Story<B>, line: &str) {
    story.searches(line);
    let (matches, go, ..) = counted(&story);
    story.keys("x");
    let kept = story.names()[0].clone();
    assert_eq!(counted(&story).1, go - 1, "{}", story.screen());
    story.keys("d");
    let (goes, _) = confirms(&mut story);
    assert_eq!(goes, go - 1);
    assert_eq!(counted(&story).0, matches - goes);
    assert!(story.names().contains(&kept), "{kept} stayed: {}", story.screen());
}

#[test]
fn an_exclusion_over_both() {
    what_is_excluded_stays(fake(), "oldcorp -is:member -is:protected");
    what_is_excluded_stays(real(), "email:com -is:member -is:protected");
}

fn what_was_deleted_comes_back_from_the_trash<B: Answers>(mut story: Story<B>, line: &str) {
    story.searches(line).keys("d");
    let (goes, _) = confirms(&mut story);
    let (_, _, contacts, trash) = counted(&story);
    assert_eq!(trash, goes);
    story.keys("1 G enter");
    assert_eq!((story.model.search.scope, story.model.focus), (Scope::Trash, Focus::Results), "{}", story.screen());
    assert_eq!(counted(&story).0, goes, "the trash shows what was deleted: {}", story.screen());
    story.keys("/ ctrl-u enter R y");
    let (_, _, now, left) = counted(&story);
    assert_eq!((now, left), (contacts + goes, 0), "{}", story.screen());
}

#[test]
fn a_restore_over_both() {
    what_was_deleted_comes_back_from_the_trash(fake(), "oldcorp");
    what_was_deleted_comes_back_from_the_trash(real(), "email:com");
}

fn letters_lead_to_a_contact_and_its_card<B: Answers>(mut story: Story<B>, line: &str) {
    story.searches(line);
    let wanted = story.names().last().expect("a row").clone();
    story.keys("f").types(&wanted).keys("enter");
    assert!(story.model.modals.is_empty(), "{}", story.screen());
    story.keys("enter");
    assert_eq!(story.model.focus, Focus::Card);
    let card = story.model.card.contact.as_ref().expect("a card");
    assert_eq!(card.display_name(), wanted, "{}", story.screen());
    assert!(story.shows(&wanted));
}

#[test]
fn finding_over_both() {
    letters_lead_to_a_contact_and_its_card(fake(), "oldcorp");
    letters_lead_to_a_contact_and_its_card(real(), "email:com");
}

fn a_plan_that_is_left_touches_nothing<B: Answers>(mut story: Story<B>, line: &str) {
    story.searches(line);
    let before = (counted(&story), names(&story));
    for keys in ["d esc", "d tab esc esc", "u", "? esc"] {
        story.keys(keys);
    }
    while !story.model.modals.is_empty() {
        story.keys("esc");
    }
    assert_eq!((counted(&story), names(&story)), before, "{}", story.screen());
}

#[test]
fn going_back_over_both() {
    a_plan_that_is_left_touches_nothing(fake(), "oldcorp");
    a_plan_that_is_left_touches_nothing(real(), "email:com");
}
