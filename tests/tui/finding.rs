//! Finding a contact, why one doesn't match, saved searches, copying.

use cardfile::domain::contact::ContactId;
use cardfile::tui::app::Focus;
use cardfile::tui::app::effect::Effect;
use cardfile::tui::app::event::Event;
use cardfile::tui::widgets::theme::Role;
use cardfile::tui::windows::Modal;
use insta::assert_snapshot;

use crate::book::Fake;
use crate::story::Story;

#[test]
fn a_few_letters_find_a_contact_and_lead_to_its_row() {
    let mut story = Story::small();
    story.keys("f").types("kwojcik");
    assert!(story.shows("Łukasz Wójcik") && story.shows("3 contacts"), "{}", story.screen());
    story.keys("down enter");
    assert!(story.model.modals.is_empty());
    assert_eq!((story.model.focus, story.model.search.cursor), (Focus::Results, 21));
    assert_eq!(story.model.card.contact.as_ref().map(|contact| contact.id), Some(ContactId(22)));
}

#[test]
fn space_marks_what_was_found_and_nothing_else_is_decided() {
    let mut story = Story::small();
    story.searches("zoe").keys("f").types("amber powell");
    assert!(story.model.search.marked.is_empty(), "a blank in a name marks nobody");
    story.keys("down up space space esc");
    let marked: Vec<i64> = story.model.search.marked.iter().map(|id| id.0).collect();
    assert_eq!(marked, [1, 21]);
    assert_eq!((story.model.search.line.text(), story.model.search.matches()), ("zoe", 3));
    assert!(story.shows("2 marked, 2 not shown"), "{}", story.screen());
}

#[test]
fn finding_among_the_matches_finds_no_other() {
    let mut story = Story::small();
    story.searches("email:gmail").keys("f").types("amberpow");
    assert!(story.shows("3 contacts"), "{}", story.screen());
    story.keys("ctrl-t");
    assert!(story.shows("among the 20 matches") && story.shows("1 contact"), "{}", story.screen());
}

#[test]
fn a_contact_that_does_not_match_says_why_clause_by_clause() {
    let mut story = Story::small();
    story.searches("email$=@oldcorp.com -label:lead").keys("W").types("21").keys("enter");
    assert_eq!(story.model.focus, Focus::Card);
    assert_eq!(story.model.card.contact.as_ref().map(|contact| contact.id), Some(ContactId(21)), "by its number");
    assert!(story.shows("Why it doesn't match"), "{}", story.screen());
    assert!(story.shows("✗ email ends with @oldcorp.com") && story.shows("amber.powell@example.org"));
    assert!(story.shows("✗ label is not lead"), "{}", story.screen());
    // Keys mean the contact on the card, not the one under the cursor.
    story.keys("p");
    assert!(story.book.contacts[&ContactId(21)].protected && !story.book.contacts[&ContactId(2)].protected);
    story.keys("y");
    assert_eq!(story.book.copied, ["Amber Powell <amber.powell@example.org>"]);
    story.keys("esc");
    assert_eq!(story.model.card.contact.as_ref().map(|contact| contact.id), Some(ContactId(2)));
    story.keys("W").types("wojcik").keys("enter");
    assert!(story.shows("It matches; this is its row."), "{}", story.screen());
    story.searches("").keys("W");
    assert!(story.model.modals.is_empty() && story.shows("no criteria"), "{}", story.screen());
}

#[test]
fn a_contact_outside_the_list_is_told_so() {
    let mut story = Story::small();
    story.keys("1 j enter").searches("amber").keys("W").types("1").keys("enter");
    assert!(story.shows("it isn't in Customers"), "{}", story.screen());
}

#[test]
fn a_search_is_saved_opened_and_dropped() {
    let mut story = Story::small();
    story.keys("s");
    assert!(story.model.modals.is_empty() && story.shows("no search to save"), "{}", story.screen());
    story.searches("email$=@oldcorp.com").keys("s enter");
    assert!(story.shows("It needs a name."), "{}", story.screen());
    story.types("Old ones").keys("tab").types("they moved").keys("enter");
    assert!(story.shows("Saved searches") && story.shows("Old ones"), "{}", story.screen());
    let saved = &story.book.searches[0];
    assert_eq!((saved.line.as_str(), saved.note.as_str()), ("email$=@oldcorp.com", "they moved"));
    story.keys("s");
    assert!(story.shows("takes the place of"), "{}", story.screen());
    story.keys("esc").searches("zoe").keys("1 j j j j j enter");
    assert_eq!(story.model.search.line.text(), "email$=@oldcorp.com");
    story.keys("1 x");
    assert!(story.shows("Drop the saved search Old ones?"), "{}", story.screen());
    story.keys("enter");
    assert_eq!(story.book.searches.len(), 4, "enter is no");
    story.keys("x y");
    assert_eq!(story.book.searches.len(), 3);
    story.keys("j x");
    assert!(story.model.modals.is_empty() && story.shows("Only a saved search"), "{}", story.screen());
}

#[test]
fn all_marked_ones_are_copied_shown_or_not() {
    let mut story = Story::small();
    story.keys("space space").searches("zoe").keys("y");
    let copied = "Amber Powell <amber.powell@oldcorp.com>\nŁukasz Wójcik <_ukasz.w_jcik@oldcorp.com>";
    assert_eq!(story.book.copied, [copied]);
}

#[test]
fn finding_and_saving_on_the_screen() {
    for (width, height) in [(80, 24), (120, 36), (160, 42)] {
        let mut story = Story::new(Fake::small(), width, height);
        story.searches("email$=@oldcorp.com -label:lead").keys("f").types("zoe bee").keys("down up space");
        assert_snapshot!(format!("find_{width}x{height}"), story.screen());
        story.keys("ctrl-u");
        assert!(matches!(story.model.modals.last(), Some(Modal::Find(find)) if find.found.is_empty()));
        story.keys("esc W").types("21").keys("enter");
        assert_snapshot!(format!("why_not_{width}x{height}"), story.screen());
    }
    let mut story = Story::new(Fake::small(), 80, 24);
    story.searches("email$=@oldcorp.com").keys("s").types("Old ones");
    assert_snapshot!("save_80x24", story.screen());
    story.happens(Event::Paste(" and more".into()));
    assert!(story.shows("Old ones and more"), "{}", story.screen());
}

#[test]
fn tab_marks_at_once_and_a_blank_is_typed_until_the_rows_are_gone_through() {
    let mut story = Story::small();
    story.keys("f").types("amber pow");
    assert!(story.shows("tab mark") && story.model.search.marked.is_empty(), "{}", story.screen());
    story.keys("tab");
    assert_eq!(story.model.search.marked.len(), 1);
    assert!(story.shows("space mark"), "{}", story.screen());
    story.keys("space");
    assert_eq!(story.model.search.marked.len(), 2, "the next one");
    story.types("e");
    assert!(story.shows("tab mark"), "typing goes on: {}", story.screen());
    story.keys("ctrl-space enter");
    assert_eq!((story.model.search.marked.len(), story.model.modals.len()), (1, 0), "marked before, so off again");
}

#[test]
fn the_card_paints_what_matched_and_shows_what_there_is_instead() {
    let mut story = Story::new(Fake::small(), 160, 42);
    story.searches("is:member or member:active or created<2000").keys("W").types("amber pow").keys("enter");
    for words in ["member status: none", "created: 2019-04-21"] {
        assert!(story.shows(words), "{}", story.screen());
    }
    story.searches("company:beek label:lead amber").keys("enter");
    let buffer = story.buffer();
    let matched = story.theme.style(Role::Matched).fg.expect("what matched has a colour");
    let card: Vec<String> = (0..42)
        .map(|y| {
            let cells = (122..159).map(|x| &buffer[(x, y)]).filter(|cell| cell.fg == matched);
            cells.map(ratatui::buffer::Cell::symbol).collect()
        })
        .filter(|line: &String| !line.is_empty())
        .collect();
    assert_eq!(card, ["Amber", "Beek", "amber", "lead"], "{}", story.screen());
}

#[test]
fn saved_searches_go_to_a_file_and_come_back() {
    let mut story = Story::small();
    story.keys("1 W");
    assert!(story.shows("Write the saved searches") && story.shows("left as it is"), "{}", story.screen());
    story.keys("ctrl-u enter");
    assert!(story.shows("It needs a file."), "{}", story.screen());
    story.types("a b.toml").keys("down enter");
    let wanted = Effect::ExportSearches { path: "a b.toml".into(), replace: true };
    assert!(story.effects.contains(&wanted), "{:?}", story.effects.last());
    story.keys(":").types("import-sea").keys("enter");
    insta::assert_snapshot!("searches_in_80x24", {
        story.happens(Event::Resize { width: 80, height: 24 });
        story.screen()
    });
    story.keys("enter");
    let wanted = Effect::ImportSearches { path: "searches.toml".into(), replace: false };
    assert!(story.effects.contains(&wanted), "{:?}", story.effects.last());
}
