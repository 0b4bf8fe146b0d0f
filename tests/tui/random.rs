//! Random keys: no panic at any size, and nothing is deleted but by a yes to a plan that was on the screen.
//!
//! T1's number: `CARDFILE_KEYS=100000 CARDFILE_SEED=1 cargo test --release --test tui random -- --nocapture`.

use cardfile::domain::job::Status;
use cardfile::engine::answer::EngineEvent;
use cardfile::tui::app::effect::{Editing, Effect};
use cardfile::tui::app::event::Event;
use cardfile::tui::input::key::{Code, Key};
use cardfile::tui::panes::search::query_line::Query;
use cardfile::tui::widgets::number_question::{NumberQuestion, ONE_KEY};
use cardfile::tui::windows::Modal;
use cardfile::tui::windows::confirm::Question;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};

use crate::story::Story;

const KEYS: &[&str] = &[
    "tab",
    "shift-tab",
    "1",
    "2",
    "3",
    "/",
    "esc",
    "esc",
    ":",
    "?",
    "q",
    "d",
    "d",
    "d",
    "u",
    "o",
    "f5",
    "up",
    "down",
    "j",
    "k",
    "j",
    "pageup",
    "pagedown",
    "g",
    "G",
    "enter",
    "enter",
    "left",
    "right",
    "space",
    "v",
    "shift-up",
    "shift-down",
    "A",
    "*",
    "M",
    "x",
    "p",
    "y",
    "y",
    "P",
    "R",
    "X",
    "L",
    "n",
    "i",
    "C",
    "m",
    "w",
    "c",
    "home",
    "end",
    "backspace",
    "delete",
    "ctrl-u",
    "ctrl-w",
    "ctrl-k",
    "ctrl-z",
    "alt-b",
    "f1",
    "a",
    "a",
    "c",
    "c",
    "f",
    "!",
    ".",
    "o",
    "K",
    "J",
    "U",
    "ctrl-r",
    "ctrl-t",
    "l",
    "5",
    "6",
    "7",
    "=",
    "<",
    "-",
    "(",
    ")",
    "\"",
    "e",
    "m",
    "b",
    "r",
    "s",
    ".",
    "E",
    "N",
    "t",
    "J",
    "-",
    "ctrl-s",
    "ctrl-t",
    "ctrl-x",
    "ctrl-f",
    "alt-p",
    "é",
    "佐",
];

/// Whether the top window says yes to this key by its own rules, read from outside.
fn may_start(story: &Story, key: Key) -> bool {
    let Some(Modal::Confirm(confirm)) = story.model.modals.last() else { return false };
    let Question::Count(typed) = &confirm.question else { return false };
    let goes = confirm.plan.will_delete();
    if !confirm.seen || goes == 0 {
        return false;
    }
    if goes <= ONE_KEY {
        key.code == Code::Char('y')
    } else {
        key.code == Code::Enter && typed.text() == goes.to_string()
    }
}

/// Whether the top window erases at this key by its own rules, read from outside.
fn may_erase(story: &Story, key: Key) -> bool {
    let Some(Modal::Erase(erase)) = story.model.modals.last() else { return false };
    erase.seen && key.code == Code::Enter && erase.typed.text() == erase.plan.items.len().to_string()
}

/// Whether the top window changes or merges many at this key by its own rules, read from outside.
fn may_edit(story: &Story, key: Key) -> bool {
    let seen = match story.model.modals.last() {
        Some(Modal::BulkEdit(ask)) => ask.seen && ask.plan.will_change() > 0,
        Some(Modal::Merging(merging)) => merging.asking && merging.seen && merging.preview.is_ok(),
        Some(Modal::Groups(groups)) => return may_answer(&groups.question, groups.plan.will_go(), key),
        Some(Modal::Changes(changes)) => return may_answer(&changes.question, changes.will_change(), key),
        _ => false,
    };
    seen && key.code == Code::Char('y')
}

/// Whether a key is a yes to a question of so many.
fn may_answer(question: &NumberQuestion, n: u64, key: Key) -> bool {
    let Some(typed) = question.typed.as_ref().filter(|_| question.seen) else { return false };
    if n > ONE_KEY { key.code == Code::Enter && typed.text() == n.to_string() } else { key.code == Code::Char('y') }
}

fn wander(seed: u64, steps: usize) -> (usize, usize) {
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    let mut story = Story::small();
    let mut starts = 0;
    for step in 0..steps {
        let event = match random.random_range(0..100) {
            0 => Event::Paste(
                ["56", "y", "members", "all", "d\ny\n", "email:a"].choose(&mut random).expect("some").to_string(),
            ),
            1 => Event::Resize { width: random.random_range(1..220), height: random.random_range(1..70) },
            2 => Event::Engine(EngineEvent::Changed),
            // Now and then a whole line, so that there is something to delete.
            3 => Event::Paste(
                ["all", " email$=@oldcorp.com", " -is:member", " duplicate:name"]
                    .choose(&mut random)
                    .expect("some")
                    .to_string(),
            ),
            // What the question asks for: else nobody would ever start anything.
            4..30 => match story.model.modals.last() {
                Some(Modal::Confirm(confirm)) if matches!(confirm.question, Question::Count(_)) => {
                    let wanted = confirm.plan.will_delete().to_string();
                    let Question::Count(typed) = &confirm.question else { continue };
                    let next = wanted.strip_prefix(typed.text()).and_then(|rest| rest.chars().next());
                    Event::Key(Key::plain(next.map_or(Code::Enter, Code::Char)))
                }
                _ => Event::Key(Key::parse("d").expect("a key")),
            },
            _ => Event::Key(Key::parse(KEYS.choose(&mut random).expect("some")).expect("a key")),
        };
        let may_edit = matches!(&event, Event::Key(key) if may_edit(&story, *key));
        let may_erase = matches!(&event, Event::Key(key) if may_erase(&story, *key));
        let allowed = match &event {
            Event::Key(key) => may_start(&story, *key),
            _ => false,
        };
        let plan = match story.model.modals.last() {
            Some(Modal::Confirm(confirm)) => Some(confirm.plan.clone()),
            _ => None,
        };
        story.effects.clear();
        if random.random_range(0..4) == 0 {
            // Not drawn: what follows wasn't seen.
            let effects = story.model.step(event);
            for effect in effects {
                story.effects.push(effect.clone());
                for event in story.book.run(effect) {
                    let more = story.model.step(event);
                    story.effects.extend(more);
                }
            }
        } else {
            story.happens(event);
        }
        let started: Vec<_> = story.effects.iter().filter(|effect| matches!(effect, Effect::Start(..))).collect();
        assert!(started.len() <= usize::from(allowed), "seed {seed}, step {step}: started without a yes");
        let is_edit = |effect: &&Effect| {
            matches!(effect, Effect::Editing(_, Editing::Start(_) | Editing::Merge(_) | Editing::MergeGroups(_)))
        };
        let edits = story.effects.iter().filter(is_edit).count();
        assert!(edits <= usize::from(may_edit), "seed {seed}, step {step}: edited many without a yes");
        let erases = story.effects.iter().filter(|effect| matches!(effect, Effect::Erase(_))).count();
        assert!(erases <= usize::from(may_erase), "seed {seed}, step {step}: erased without a yes");
        if let Some(Effect::Start(running, _)) = started.first() {
            assert_eq!(Some(running), plan.as_ref(), "seed {seed}: another plan than the one shown");
            starts += 1;
        }
        if step % 10 == 0 {
            story.screen();
        }
        let search = &story.model.search;
        let said = search.query.good().map(|good| good.criteria.clone());
        if !matches!(search.query, Query::Bad(_)) {
            assert_eq!(search.draft.criteria(), said, "seed {seed}, step {step}: line and rows say the same");
        }
        let all = story.book.contacts.len() + story.book.trash.len() + story.book.erased;
        assert_eq!(all, 60 + story.book.came, "nobody vanishes");
    }
    (starts, story.book.jobs.iter().filter(|view| view.job.status == Status::Completed).count())
}

#[test]
fn random_keys_never_delete_without_a_yes_and_never_panic() {
    fn number(name: &str, otherwise: u64) -> u64 {
        std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(otherwise)
    }
    let (walks, seed) = (number("CARDFILE_KEYS", 16_000).div_ceil(400), number("CARDFILE_SEED", 0));
    let starts: usize = (seed..seed + walks).map(|seed| wander(seed, 400).0).sum();
    assert!(starts > 0, "the walk is worth nothing if nobody ever confirms");
    println!("T1: {} random events tried, 0 failed (seeds from {seed}); {starts} confirmed starts", walks * 400);
}
