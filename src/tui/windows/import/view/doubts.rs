//! Draws what of a file is assumed, a line each with the key that says otherwise.

use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, Run};
use crate::tui::widgets::theme::Role;
use crate::tui::windows::import::{DateOrder, Doubt, Importing};

/// How many lines they take.
pub(super) fn lines(importing: &Importing) -> u16 {
    importing.preview.as_ref().map_or(0, |preview| preview.doubts.len() as u16)
}

/// Draws them from the top of an area on.
pub(super) fn draw(canvas: &mut Canvas<'_>, model: &Model, importing: &Importing, area: Area) {
    let doubts = importing.preview.iter().flat_map(|preview| &preview.doubts);
    for (y, doubt) in (area.y..).zip(doubts) {
        let runs = line(model, doubt, canvas.theme.glyphs.dot);
        canvas.runs(area.x, y, area.width, &runs);
    }
}

fn line(model: &Model, doubt: &Doubt, dot: &str) -> Vec<Run> {
    let key = |action: Action| model.keymap.key(Layer::Import, action).unwrap_or_default();
    let of = |action: Action, label: &str, now: String| -> Vec<Run> {
        vec![(key(action), Role::Key), (format!(" {label} "), Role::Stay), (now, Role::Strong)]
    };
    let dot = format!(" {dot} ");
    match doubt {
        Doubt::Header { is_header, row } => {
            let now = if *is_header { "names of columns" } else { "a contact" };
            let mut runs = of(Action::ImportHeader, "is the first row", now.to_owned());
            runs.push((format!("?  {row}"), Role::Dim));
            runs
        }
        Doubt::Dates { order, column, samples } => {
            let mut runs = of(Action::ImportDates, "are dates", order_words(*order).to_owned());
            let read = samples.iter().map(|(text, day)| format!("{text} is {day}")).collect::<Vec<_>>();
            runs.push((format!("?  {column}: {}", read.join(&dot)), Role::Dim));
            runs
        }
        Doubt::Encoding { read, other } => {
            let mut runs = of(Action::ImportReading, "are letters", read.words.join(&dot));
            runs.push((format!(" ({})", read.name), Role::Dim));
            runs.push((format!("  or {} ({})?", other.words.join(&dot), other.name), Role::Dim));
            runs
        }
    }
}

/// An order in words.
fn order_words(order: DateOrder) -> &'static str {
    match order {
        DateOrder::MonthFirst => "month, day, year",
        DateOrder::DayFirst => "day, month, year",
        DateOrder::YearFirst => "year, month, day",
    }
}
