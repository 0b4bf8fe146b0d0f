//! The table: its order by several keys, its columns, and what a session leaves for the next one.

use cardfile::domain::field::Field;
use cardfile::domain::query::Selection;
use cardfile::tui::app::Focus;
use cardfile::tui::app::effect::Effect;
use cardfile::tui::app::event::Event;
use cardfile::tui::windows::Modal;
use insta::assert_snapshot;

use crate::book::Fake;
use crate::story::Story;

fn order(story: &Story) -> String {
    story.model.search.sort.to_string()
}

/// A column of the rows that are there.
fn cells(story: &Story, field: &Field) -> Vec<String> {
    let shown = story.model.search.shown.as_ref().expect("an answer");
    let at = shown.request.columns.iter().position(|known| known == field).expect("a column of that field");
    shown.answer.rows.iter().map(|row| row.cells[at].clone()).collect()
}

#[test]
fn enter_sorts_by_a_field_alone_and_again_the_other_way_round() {
    let mut story = Story::small();
    story.keys("o").types("last act").keys("enter");
    assert_eq!(order(&story), "-active", "the latest first");
    assert!(story.shows("ACTIVE ▼") && story.shows("by last active ▼"), "{}", story.screen());
    story.keys("o enter");
    assert_eq!(order(&story), "active");
    assert!(story.shows("ACTIVE ▲"), "{}", story.screen());
    story.keys("o").types("comp").keys("enter");
    assert_eq!(order(&story), "company");
    assert_eq!(cells(&story, &Field::Company).first().map(String::as_str), Some("Acme Ltd"));
    assert_eq!(cells(&story, &Field::Company).last().map(String::as_str), Some(""), "what is empty is last");
}

#[test]
fn tab_adds_keys_which_are_taken_together() {
    let mut story = Story::small();
    story.keys("o").types("comp").keys("tab ctrl-u").types("last act").keys("tab");
    assert!(story.shows("by company ▲, last active ▼"), "{}", story.screen());
    assert_eq!(order(&story), "id", "nothing is sorted before it is accepted");
    story.keys("tab enter");
    assert_eq!(order(&story), "company,active", "tab again turns a key around");
    assert!(story.shows("COMPANY ▲1") && story.shows("ACTIVE ▲2"), "{}", story.screen());
    let rows: Vec<(String, String)> =
        cells(&story, &Field::Company).into_iter().zip(cells(&story, &Field::Active)).collect();
    let mut sorted = rows.clone();
    sorted.sort_by_key(|(company, active)| (company.is_empty(), company.clone(), active.clone()));
    assert_eq!(rows, sorted);
    story.keys("o").types("comp").keys("tab tab enter");
    assert_eq!(order(&story), "active", "a third time takes it out");
    story.keys("o tab tab").keys("esc");
    assert_eq!(order(&story), "active", "esc leaves it as it is");
}

#[test]
fn a_plan_takes_the_order_of_the_screen() {
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com").keys("o").types("comp").keys("tab ctrl-u").types("last na").keys("tab enter");
    story.keys("d");
    let Some(Modal::Confirm(confirm)) = story.model.modals.last() else { panic!("no question") };
    let Selection::Query(query) = &confirm.plan.request.selection else { panic!("by criteria") };
    assert_eq!(query.sort.to_string(), "company,last");
}

#[test]
fn columns_are_shown_hidden_moved_and_sized() {
    let mut story = Story::new(Fake::small(), 160, 42);
    story.keys("C").types("city").keys("space esc");
    assert!(!story.shows("CITY"), "esc puts it back: {}", story.screen());
    story.keys("C").types("job").keys("space");
    assert!(story.shows("JOB TITLE") && story.shows("Buyer"), "seen at once: {}", story.screen());
    story.keys("ctrl-u down down space enter");
    let fields = |story: &Story| story.model.search.columns.text();
    assert_eq!(fields(&story), "auto name\nauto email\nauto active\nauto title\n");
    assert!(!story.shows("COMPANY"), "{}", story.screen());
    story.keys("C").types("job").keys("shift-up shift-up shift-up");
    let auto = story.model.column_places()[0].expect("there is room") - 2;
    story.keys("right right left enter");
    assert_eq!(fields(&story), format!("{} title\nauto name\nauto email\nauto active\n", auto + 2));
    let gap = " ".repeat(usize::from(auto + 4) - "JOB TITLE".len());
    assert!(story.shows(&format!("JOB TITLE{gap}NAME")), "{}", story.screen());
    story.keys("C = enter");
    assert_eq!(fields(&story), "auto title\nauto name\nauto email\nauto active\n");
    story.keys("C space space space space").keys("space");
    assert!(story.shows("the last column stays"), "{}", story.screen());
}

#[test]
fn columns_and_recent_lines_are_there_in_the_next_session() {
    let mut story = Story::small();
    story.keys("C").types("created").keys("space enter");
    story.searches("amber").searches("email:old").searches("amber");
    let kept: Vec<&Effect> =
        story.effects.iter().filter(|effect| matches!(effect, Effect::KeepLine(_) | Effect::KeepColumns(_))).collect();
    assert_eq!(kept.len(), 4, "{kept:?}");
    let mut next = Story::new(story.book, 120, 36);
    assert!(next.model.search.columns.has(&Field::Created));
    next.searches("zoë").keys("/ up");
    assert_eq!(next.model.search.line.text(), "amber");
    next.keys("up");
    assert_eq!(next.model.search.line.text(), "email:old");
    next.keys("down down");
    assert_eq!(next.model.search.line.text(), "zoë");
    assert_eq!(next.book.kept.lines, ["email:old", "amber", "zoë"], "each once, the newest last");
}

#[test]
fn nothing_jumps_while_a_search_is_typed() {
    let mut story = Story::small();
    let heading = |story: &Story| {
        let screen = story.screen();
        let line = screen.lines().find(|line| line.contains("OUTCOME")).expect("a heading").to_owned();
        ["NAME", "EMAIL", "ACTIVE", "OUTCOME"].map(|name| line.find(name))
    };
    let before = heading(&story);
    story.keys("/");
    for c in "company:acme city:x created>=2019".chars() {
        story.types(&c.to_string());
        if story.shows("OUTCOME") {
            assert_eq!(heading(&story), before, "{}", story.screen());
        }
    }
}

#[test]
fn windows_of_the_table() {
    for (width, height) in [(80, 24), (120, 36)] {
        let mut story = Story::new(Fake::small(), width, height);
        story.keys("o").types("comp").keys("tab ctrl-u").types("act").keys("tab");
        assert_snapshot!(format!("sorting_{width}x{height}"), story.screen());
        story.keys("enter");
        assert_snapshot!(format!("sorted_{width}x{height}"), story.screen());
        story.keys("C").types("title").keys("space ctrl-u down");
        assert_snapshot!(format!("columns_{width}x{height}"), story.screen());
    }
    let mut story = Story::small();
    story.keys("C").happens(Event::Paste("zzz".into()));
    assert!(story.shows("no field has that name"));
    assert_eq!(story.keys("space esc").model.focus, Focus::Results);
}
