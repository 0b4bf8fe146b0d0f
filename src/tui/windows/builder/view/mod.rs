//! Draws the builder's window: what is picked and typed, what can be picked, what it would match.

pub mod calendar;

use crate::domain::criteria::describe::sentence;
use crate::domain::display::thousands;
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::panes::search::view::clauses::BAR;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, Run, columns, typed, wrap};
use crate::tui::widgets::frame::{border, keys};
use crate::tui::widgets::theme::Role;
use crate::tui::windows::builder::clause_editor::Subject;
use crate::tui::windows::builder::picks::{Choice, Pick};
use crate::tui::windows::builder::{Builder, Piece, Place, Terms, error_words};

/// The widest it gets, and how many picks it shows where there is room.
const WIDTH: u16 = 66;
const PICKS: u16 = 10;
/// The fewest picks that are worth a look.
const FEWEST: u16 = 5;
/// What a calendar takes: the month, the weekdays, six weeks.
const MONTH: u16 = 8;
/// Its rows beside the picks: two borders, what is typed, a heading, a rule, two of figures, a blank, keys.
const BESIDE: u16 = 9;

/// Draws the window under the clause rows.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, builder: &Builder) {
    let Some(geometry) = model.geometry() else { return };
    let pane = geometry.search.unwrap_or(geometry.screen);
    let floor = geometry.screen.bottom() - 1;
    let under = pane.y + 2 + geometry.clauses + geometry.words;
    // On a low screen fewer picks are shown, and then it covers the clauses.
    let fewest = if builder.calendar.is_some() { MONTH } else { FEWEST };
    let least = (fewest + BESIDE).min(floor - 1);
    let y = under.min(floor - least);
    let area = Area { x: pane.x, y, width: pane.width.min(WIDTH), height: (PICKS + BESIDE).min(floor - y) };
    canvas.clear(area);
    border(canvas, area, Role::Focus);
    let title = match builder.place {
        Place::Behind(_) => " Add a clause ",
        Place::Instead(_) => " Change the clause ",
    };
    canvas.put(area.x + 2, area.y, area.width.saturating_sub(4), title, Role::Strong);
    let inner = area.inner();
    let inside = Area { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    head(canvas, model, builder, inside);
    canvas.put(inside.x, inside.y + 1, inside.width, heading(builder), Role::Dim);
    let rows = inner.height.saturating_sub(BESIDE - 2);
    let list = Area { y: inner.y + 2, height: rows, ..inner };
    match &builder.calendar {
        Some(shown) => calendar::draw(canvas, model, *shown, list),
        None => picks(canvas, model, builder, list),
    }
    canvas.rule(inner.x, inner.y + 2 + rows, inner.width, Role::Frame);
    preview(canvas, model, builder, Area { y: inner.y + 3 + rows, height: 3, ..inside });
    let key = |action: Action| model.keymap.key(Layer::Builder, action).unwrap_or_default();
    let add = if matches!(builder.place, Place::Behind(_)) { "add" } else { "change" };
    let terms = Terms { vocabulary: &model.vocabulary, today: &model.today };
    let shown = match builder.piece {
        Piece::Value if builder.calendar.is_some() => calendar::keys(model, add),
        Piece::Value => {
            let mut shown = vec![(key(Action::Accept), add)];
            if builder.takes_several(terms.vocabulary) && !builder.picks.is_empty() {
                // While a value is typed a blank is a blank; down goes to the picks, where it picks.
                let typing = !builder.choosing && !builder.value.text().is_empty();
                shown.push(if typing { (key(Action::Down), "choose") } else { (key(Action::Mark), "several") });
            }
            if builder.is_of_days(terms) {
                shown.push((key(Action::Calendar), "calendar"));
            }
            shown.extend([
                (key(Action::PickOperator), "operator"),
                (key(Action::Back), "back"),
                (key(Action::Negate), "negate"),
                (key(Action::PickField), "field"),
            ]);
            shown
        }
        Piece::Subject | Piece::How => vec![(key(Action::Accept), "pick"), (key(Action::Back), "back")],
    };
    keys(canvas, inside.x, inner.bottom() - 1, inside.width, &shown);
}

/// Field, operator, and what is typed.
fn head(canvas: &mut Canvas<'_>, model: &Model, builder: &Builder, at: Area) {
    let name = builder.subject.name();
    let how = match (&builder.subject, builder.how.negated) {
        // Their names say it already; the sentence below says all of it.
        (Subject::Fact | Subject::Present, false) => String::new(),
        (Subject::Duplicate { .. }, false) => "by  ".to_owned(),
        (Subject::Fact | Subject::Present | Subject::Duplicate { .. }, true) => "not  ".to_owned(),
        (Subject::Field(_) | Subject::Word, _) => {
            format!("{}  ", builder.subject.how_words(builder.how, &model.vocabulary, &model.today))
        }
    };
    let (lead, line): (Vec<Run>, _) = match builder.piece {
        Piece::Subject => (Vec::new(), &builder.filter),
        Piece::How => (vec![(format!("{name}  "), Role::Field)], &builder.filter),
        Piece::Value => (vec![(format!("{name}  "), Role::Field), (how, Role::Dim)], &builder.value),
    };
    let mut x = at.x + canvas.runs(at.x, at.y, at.width * 2 / 3, &lead);
    if builder.piece == Piece::Value {
        x += chips(canvas, builder, Area { x, width: at.width * 2 / 3, ..at }, at.right());
    }
    x += canvas.put(x, at.y, 1, canvas.theme.glyphs.prompt, Role::Key) + 1;
    typed(canvas, (x, at.y), at.right().saturating_sub(x), line, Role::Text);
}

/// The values that were picked, the last ones where there is no room for all; how many columns they took.
fn chips(canvas: &mut Canvas<'_>, builder: &Builder, at: Area, end: u16) -> u16 {
    let most = end.saturating_sub(at.x + 14).min(at.width);
    let wide = |chip: &String| columns(chip).min(20) as u16 + 3;
    let mut from = builder.chips.len();
    let mut taken = 0;
    while from > 0 && taken + wide(&builder.chips[from - 1]) + 4 <= most {
        from -= 1;
        taken += wide(&builder.chips[from]);
    }
    let mut x = at.x;
    if from > 0 {
        x += canvas.put(x, at.y, 5, &format!("+{from} "), Role::Dim);
    }
    for chip in &builder.chips[from..] {
        canvas.put(x, at.y, wide(chip) - 1, &format!(" {chip} "), Role::Marked);
        canvas.paint(Area { x, width: wide(chip) - 1, height: 1, ..at }, Role::Cursor);
        x += wide(chip);
    }
    x - at.x
}

fn heading(builder: &Builder) -> &'static str {
    match builder.piece {
        Piece::Subject => "fields",
        Piece::How => "operators",
        Piece::Value if builder.calendar.is_some() => "",
        Piece::Value if builder.picks.iter().any(|pick| pick.count.is_some() || pick.asks.is_some()) => {
            "values, and how many have them"
        }
        Piece::Value if builder.waiting.is_some() && builder.values.is_none() => "looking through the book\u{2026}",
        Piece::Value => "",
    }
}

fn picks(canvas: &mut Canvas<'_>, model: &Model, builder: &Builder, area: Area) {
    let rows = usize::from(area.height);
    let count = |pick: &Pick| pick.count.or_else(|| pick.asks.as_ref().and_then(|asks| model.counts.of(asks)));
    let most = builder.picks.iter().filter_map(count).max().unwrap_or(0);
    let figures = columns(&thousands(most)) as u16;
    let counted = builder.picks.iter().any(|pick| count(pick).is_some());
    let right = area.right() - 1;
    let figures_end = if counted { right - BAR - 2 } else { right };
    let room = if counted { figures_end.saturating_sub(figures + 2) } else { right }.saturating_sub(area.x + 3);
    let label = match builder.piece {
        Piece::Subject => 15,
        Piece::How => room,
        Piece::Value => {
            let noted = builder.picks.iter().filter(|pick| !pick.note.is_empty());
            noted.map(|pick| columns(&pick.label)).max().map_or(room, |wide| (wide as u16 + 2).min(room))
        }
    };
    let top = (builder.cursor + 1).saturating_sub(rows);
    for (at, pick) in builder.picks.iter().enumerate().skip(top).take(rows) {
        let y = area.y + (at - top) as u16;
        let x = area.x + 3;
        let label = if pick.note.is_empty() { room } else { label };
        let chars = pick.label.char_indices().enumerate();
        let found = chars.filter(|(nth, _)| pick.places.contains(nth));
        let ranges: Vec<_> = found.map(|(_, (byte, c))| byte..byte + c.len_utf8()).collect();
        let role = if at == builder.cursor { Role::Strong } else { Role::Text };
        canvas.marked((x, y), label.saturating_sub(1), &pick.label, &ranges, (role, Role::Matched));
        if let Choice::Value(value) = &pick.what
            && builder.is_chip(value)
        {
            canvas.put(x - 2, y, 1, canvas.theme.glyphs.marked, Role::Marked);
        }
        canvas.put(x + label, y, room.saturating_sub(label), &pick.note, Role::Dim);
        if let Some(n) = count(pick) {
            canvas.right(figures_end, y, figures, &thousands(n), Role::Dim);
            canvas.shares(right - BAR, y, BAR, most, &[(n, Role::Bar)]);
        }
        if at == builder.cursor {
            canvas.paint(Area { y, height: 1, ..area }, Role::Cursor);
            canvas.put(area.x, y, 1, canvas.theme.glyphs.bar, Role::Cursorbar);
        }
    }
    if builder.picks.is_empty() && builder.piece != Piece::Value {
        canvas.put(area.x + 3, area.y, area.width.saturating_sub(4), "no match", Role::Dim);
    }
}

/// What the clause would match alone, and leave with the others; or why it is none yet.
fn preview(canvas: &mut Canvas<'_>, model: &Model, builder: &Builder, at: Area) {
    let chosen = match builder.chosen(&model.vocabulary) {
        None => {
            let words = builder.note.as_deref().unwrap_or_default();
            canvas.put(at.x, at.y, at.width, words, Role::Stay);
            return;
        }
        Some(Err(error)) => {
            for (line, y) in wrap(&error_words(&error), usize::from(at.width)).iter().zip(at.y..at.y + 2) {
                canvas.put(at.x, y, at.width, line, Role::Error);
            }
            return;
        }
        Some(Ok(criteria)) => criteria,
    };
    let alone = model.counts.of(&chosen);
    let figures = match alone {
        Some(1) => "1 matches alone".to_owned(),
        Some(n) => format!("{} match alone", thousands(n)),
        None => String::new(),
    };
    let taken = columns(&figures) as u16 + 2;
    let words = sentence(&chosen, &model.today);
    canvas.put(at.x, at.y, at.width.saturating_sub(taken), &words, Role::Text);
    let nothing = alone == Some(0);
    canvas.right(at.right(), at.y, taken, &figures, if nothing { Role::Stay } else { Role::Text });
    let others = model.search.criteria().is_some();
    let together = builder.placed(&model.search.draft, &chosen).criteria().filter(|_| others);
    if let Some(n) = together.and_then(|together| model.counts.of(&together)) {
        let (now, to) = (thousands(model.search.matches() as u64), canvas.theme.glyphs.to);
        let words = format!("{now} {to} {} with the others", thousands(n));
        canvas.right(at.right(), at.y + 1, at.width, &words, Role::Stay);
    }
}
