//! The builder: clauses picked, changed, moved and switched off by keys; line and rows are one thing.

use cardfile::domain::query::Selection;
use cardfile::tui::app::Focus;
use cardfile::tui::app::effect::Effect;
use cardfile::tui::app::event::Event;
use cardfile::tui::windows::Modal;
use insta::assert_snapshot;

use crate::book::Fake;
use crate::story::Story;

fn line(story: &Story) -> &str {
    story.model.search.line.text()
}

/// The clause rows as they are read.
fn rows(story: &Story) -> Vec<String> {
    let rows = story.model.search.rows.iter().map(|row| {
        let words = [row.connector, &row.words.field, &row.words.operator, &row.words.value];
        let words = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        if row.off { format!("{words} (off)") } else { words }
    });
    rows.collect()
}

#[test]
fn a_clause_is_picked_field_operator_value() {
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com").keys("a").types("comp").keys("enter").types("acme");
    assert!(story.shows("company contains acme") && story.shows("20 match alone"), "{}", story.screen());
    assert!(story.shows("20 → 7 with the others"), "{}", story.screen());
    assert_eq!(story.model.search.matches(), 20, "nothing is added yet");
    story.keys("tab").types("starts").keys("enter");
    assert!(story.shows("company starts with acme"), "{}", story.screen());
    story.keys("enter");
    assert_eq!(line(&story), "email$=@oldcorp.com company^=acme");
    assert_eq!((story.model.search.matches(), story.model.modals.len()), (7, 0));
    assert_eq!(story.model.focus, Focus::Results);
}

#[test]
fn values_are_suggested_from_the_book_with_their_counts() {
    let mut story = Story::small();
    story.keys("a").types("list").keys("enter");
    assert!(story.shows("Newsletter") && story.shows("20"), "{}", story.screen());
    story.types("nwsl").keys("enter");
    assert_eq!(line(&story), "list:Newsletter");
    story.keys("a").types("email").keys("enter down enter");
    assert_eq!(line(&story), "list:Newsletter email:@gmail.example", "the domains of the book");
    let asked = story.effects.iter().filter(|effect| matches!(effect, Effect::Values(..))).count();
    assert_eq!(asked, 2, "each is asked for once");
    story.keys("a").types("is").keys("enter").types("memb").keys("enter");
    assert!(line(&story).ends_with(" is:member"), "{}", line(&story));
    story.keys("a").types("redun").keys("enter enter");
    assert!(line(&story).ends_with(" redundant:email"), "{}", line(&story));
}

#[test]
fn dates_are_words_with_the_day_they_mean() {
    let mut story = Story::small();
    story.keys("a").types("active").keys("enter");
    assert!(story.shows("2 years ago") && story.shows("2024-11-21"), "{}", story.screen());
    story.types("30 days").keys("enter");
    assert_eq!(line(&story), "active<today-30d");
    story.keys("a").types("created").keys("enter").types("2019-04-3");
    assert!(!story.shows("match alone"), "{}", story.screen());
    story.keys("ctrl-u").types("2019-04-31").keys("enter");
    assert!(story.shows("there is no day 2019-04-31"), "{}", story.screen());
    assert!(matches!(story.model.modals.last(), Some(Modal::Builder(_))), "a wrong value isn't taken");
}

#[test]
fn escape_goes_back_a_step_and_changes_nothing() {
    let mut story = Story::small();
    story.searches("amber").keys("a").types("comp").keys("enter").types("x").keys("tab esc esc");
    assert!(matches!(story.model.modals.last(), Some(Modal::Builder(_))));
    story.keys("esc");
    assert!(story.model.modals.is_empty());
    assert_eq!((line(&story), story.model.search.matches()), ("amber", 3));
}

#[test]
fn the_cursor_goes_from_the_rows_to_the_clauses_to_the_line_and_back() {
    let mut story = Story::small();
    story.searches("amber email:old").keys("up");
    assert_eq!((story.model.focus, story.model.search.clause), (Focus::Clauses, 1));
    story.keys("up up");
    assert_eq!(story.model.focus, Focus::Line);
    story.keys("down down down");
    assert_eq!(story.model.focus, Focus::Results);
    story.keys("c");
    assert_eq!(story.model.focus, Focus::Clauses);
    story.keys("esc");
    assert_eq!(story.model.focus, Focus::Results);
    story.searches("").keys("up");
    assert_eq!(story.model.focus, Focus::Results, "there is no clause");
}

#[test]
fn clauses_are_changed_negated_grouped_moved_and_removed() {
    let mut story = Story::small();
    story.searches("amber email:old label:lead").keys("c e");
    assert!(story.shows("Change the clause"), "{}", story.screen());
    story.keys("ctrl-u").types("powell").keys("enter");
    assert_eq!(line(&story), "powell email:old label:lead");
    story.keys("j ! (");
    assert_eq!(line(&story), "powell (-email:old or label:lead)");
    assert_eq!(rows(&story)[1], "and any of these");
    assert!(story.model.counts.of(story.model.search.rows[1].alone.as_ref().expect("says something")).is_some());
    story.keys("!");
    assert_eq!(rows(&story)[1], "and none of these");
    story.keys("! o");
    assert_eq!(line(&story), "powell (-email:old label:lead)");
    story.keys("( j K K");
    assert_eq!(line(&story), "label:lead powell -email:old");
    assert_eq!(story.model.search.clause, 0, "the cursor stays on the clause");
    story.keys("x x x");
    assert_eq!((line(&story), story.model.focus), ("", Focus::Results));
}

#[test]
fn what_is_switched_off_is_neither_asked_nor_deleted_by() {
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com amber").keys("c j .");
    assert_eq!(line(&story), "email$=@oldcorp.com");
    assert_eq!(rows(&story), ["email ends with @oldcorp.com", "and anything contains amber (off)"]);
    assert_eq!(story.model.search.matches(), 20);
    assert!(story.shows("off"), "{}", story.screen());
    story.keys("d");
    let Some(Modal::Confirm(confirm)) = story.model.modals.last() else { panic!("no question") };
    let Selection::Query(query) = &confirm.plan.request.selection else { panic!("by criteria") };
    let criteria = query.criteria.as_ref().expect("criteria");
    assert_eq!(criteria.clauses().len(), 1);
    // The line is edited: what is off stays there.
    story.keys("esc /").types(" -is:member").keys("enter");
    assert_eq!(rows(&story).last().map(String::as_str), Some("and anything contains amber (off)"));
    story.keys("c G .");
    assert_eq!(line(&story), "email$=@oldcorp.com -is:member amber");
    story.keys(". k . k . d");
    assert!(
        line(&story).is_empty() && story.shows("all for every contact"),
        "all off says nothing: {}",
        story.screen()
    );
    assert!(story.model.modals.is_empty());
}

#[test]
fn changes_are_undone_and_made_again() {
    let mut story = Story::small();
    story.searches("amber email:old").keys("c x .");
    assert_eq!((line(&story), rows(&story)), ("", vec!["email contains old (off)".to_owned()]));
    story.keys("U");
    assert_eq!(line(&story), "email:old");
    story.keys("U");
    assert_eq!(line(&story), "amber email:old");
    story.keys("ctrl-r ctrl-r");
    assert_eq!(rows(&story), ["email contains old (off)"]);
    story.keys("U U U");
    assert_eq!(line(&story), "", "what was typed is a change as well");
    story.keys("U");
    assert!(story.shows("Nothing to undo"), "{}", story.screen());
    story.keys("ctrl-r");
    assert_eq!((line(&story), story.model.search.matches()), ("amber email:old", 1));
}

#[test]
fn a_line_with_an_error_is_mended_first() {
    let mut story = Story::small();
    story.searches("amber").keys("/").types(" colour:red").keys("enter a");
    assert!(story.model.modals.is_empty() && story.model.focus == Focus::Line);
    assert_eq!(line(&story), "amber colour:red");
    assert!(story.shows("mend it first"), "{}", story.screen());
}

#[test]
fn a_clause_is_added_to_the_group_that_the_cursor_is_in() {
    let mut story = Story::small();
    story.searches("amber or zoe").keys("a").types("comp").keys("enter").types("acme").keys("enter");
    assert_eq!(line(&story), "(amber or zoe) company:acme", "it narrows");
    story.keys("c g j a").types("anything").keys("enter").types("bob").keys("enter");
    assert_eq!(line(&story), "(amber or bob or zoe) company:acme", "here it widens");
}

#[test]
fn older_lines_come_back_by_up() {
    let mut story = Story::small();
    story.searches("amber").searches("zoe").keys("/ ctrl-u up");
    assert_eq!((line(&story), story.model.search.matches()), ("zoe", 3));
    story.keys("up");
    assert_eq!(line(&story), "amber");
    story.keys("down down");
    assert_eq!(line(&story), "");
    assert_eq!(story.model.focus, Focus::Line);
    story.keys("down");
    assert_eq!(story.model.focus, Focus::Results);
}

#[test]
fn a_paste_into_the_builder_is_a_value() {
    let mut story = Story::small();
    story.keys("a").types("comp").keys("enter").happens(Event::Paste("Acme\n".into()));
    story.keys("enter");
    assert_eq!(line(&story), "company:Acme");
}

#[test]
fn the_builder_at_four_sizes() {
    for (width, height) in [(80, 24), (120, 36), (160, 42), (200, 50)] {
        let mut story = Story::new(Fake::small(), width, height);
        story.searches("email$=@oldcorp.com active<today-2y").keys("a").types("comp").keys("enter").types("ac");
        assert_snapshot!(format!("builder_{width}x{height}"), story.screen());
    }
    let mut story = Story::new(Fake::small(), 120, 36);
    story.keys("a").types("act").keys("enter");
    assert_snapshot!("builder_dates_120x36", story.screen());
    assert_snapshot!("builder_operators_120x36", story.keys("tab").screen());
    assert_snapshot!("builder_fields_80x24", {
        story.keys("esc esc").happens(Event::Resize { width: 80, height: 24 });
        story.screen()
    });
}

#[test]
fn groups_and_what_is_off() {
    for (width, height) in [(80, 24), (120, 36)] {
        let mut story = Story::new(Fake::small(), width, height);
        story.searches("email$=@oldcorp.com (company:acme or -label:lead) -is:member").keys("c G . k");
        assert_snapshot!(format!("clauses_{width}x{height}"), story.screen());
    }
}

#[test]
fn several_values_are_picked_into_a_list() {
    let mut story = Story::small();
    story.keys("a").types("list").keys("enter space space");
    assert!(story.shows("in the list Customers or Newsletter"), "{}", story.screen());
    assert!(story.shows("40 match alone"), "{}", story.screen());
    assert_snapshot!("builder_several_120x36", story.screen());
    story.types("pre").keys("ctrl-space");
    assert_eq!(story.model.counts.of(&asked(&story)), Some(59), "{}", story.screen());
    story.keys("backspace").types("pre s").keys("ctrl-u enter");
    assert_eq!(line(&story), "list:(Customers, Newsletter)", "backspace took the last one out");
    story.keys("c e");
    assert!(story.shows("Customers   Newsletter"), "a list is several values again: {}", story.screen());
    story.keys("backspace enter");
    assert_eq!(line(&story), "list:Customers");
    // What is typed besides is one of them; a blank behind typed text is a blank.
    story.searches("").keys("a").types("company").keys("enter down down space").types("van b").keys("enter");
    assert_eq!(line(&story), "company:(\"van Beek Partners\", \"van b\")");
    // An operator that takes one value keeps the first.
    story.searches("company:(acme, beek)").keys("c e tab").types("ends").keys("enter enter");
    assert_eq!(line(&story), "company$=acme");
}

/// What the builder would add.
fn asked(story: &Story) -> cardfile::domain::criteria::Criteria {
    let Some(Modal::Builder(builder)) = story.model.modals.last() else { panic!("no builder") };
    builder.chosen(&story.model.vocabulary).expect("a value").expect("criteria")
}

#[test]
fn days_are_looked_for_in_a_small_calendar() {
    let mut story = Story::small();
    story.keys("a").types("active").keys("enter ctrl-d");
    assert!(story.shows("November 2026") && story.shows("today"), "{}", story.screen());
    story.keys("ctrl-left ctrl-left pageup left up");
    assert!(story.shows("October 2024") && story.shows("active before 2024-10-13"), "{}", story.screen());
    assert!(story.shows("match alone"), "{}", story.screen());
    for (width, height) in [(80, 24), (120, 36)] {
        story.happens(Event::Resize { width, height });
        assert_snapshot!(format!("builder_calendar_{width}x{height}"), story.screen());
    }
    story.keys("enter");
    assert_eq!(line(&story), "active<2024-10-13");
    story.keys("c e ctrl-d down esc");
    assert!(story.shows("how many have them"), "esc goes back to the list: {}", story.screen());
    story.keys("ctrl-d").types("2").keys("ctrl-u").types("today-1y").keys("enter");
    assert_eq!(line(&story), "active<today-1y", "typing closes it");
    story.keys("c e tab").types("between").keys("enter ctrl-d ctrl-u ctrl-d enter pageup enter");
    let parts: Vec<&str> = line(&story).split("..").collect();
    assert_eq!(parts.len(), 2, "{}", line(&story));
    let from = parts[0].strip_prefix("active:").expect("a field");
    assert_eq!((from, parts[1]), ("2026-10-21", "2026-11-21"), "in their order, however they were picked");
    story.keys("a").types("company").keys("enter ctrl-d");
    assert!(!story.shows("November 2026"), "only dates have one");
}
