//! Draws the builder's small calendar: a month as weeks, the day under the cursor, what is between.

use jiff::civil::Date;

use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::Canvas;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::builder::calendar::Calendar;

/// How many columns a day takes.
const DAY: u16 = 4;

/// Draws the month.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, calendar: Calendar, area: Area) {
    let x = area.x + 2;
    canvas.put(x + 1, area.y, DAY * 7, &calendar.title(), Role::Strong);
    let beside = x + DAY * 7 + 4;
    let room = (area.right() - 1).saturating_sub(beside);
    for (at, name) in ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"].into_iter().enumerate() {
        canvas.right(x + DAY * (at as u16 + 1) - 1, area.y + 1, DAY - 1, name, Role::Dim);
    }
    let today = model.today.date();
    for (nth, week) in calendar.weeks().iter().enumerate() {
        let y = area.y + 2 + nth as u16;
        for (at, day) in week.iter().enumerate() {
            let Some(day) = day.filter(|_| y < area.bottom()) else { continue };
            let left = x + DAY * at as u16;
            let role = if day == today { Role::Key } else { Role::Text };
            canvas.right(left + DAY - 1, y, DAY - 1, &day.day().to_string(), role);
            let cell = Area { x: left, y, width: DAY, height: 1 };
            if day == calendar.day {
                canvas.paint(cell, Role::Caret);
            } else if calendar.is_within(day) {
                canvas.paint(cell, Role::Cursor);
            }
        }
    }
    let key = |action: Action| model.keymap.key(Layer::Builder, action).unwrap_or_default();
    let far = |day: Date| match (day - today).get_days() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        n if n < 0 => format!("{} days ago", -n),
        n => format!("in {n} days"),
    };
    let hints = [
        (String::new(), weekday(calendar.day).to_owned()),
        (String::new(), far(calendar.day)),
        (String::new(), String::new()),
        (format!("{}/{}", key(Action::EditLeft), key(Action::EditRight)), " a day".to_owned()),
        (format!("{}/{}", key(Action::Up), key(Action::Down)), " a week".to_owned()),
        (format!("{}/{}", key(Action::PageUp), key(Action::PageDown)), " a month".to_owned()),
        (format!("{}/{}", key(Action::EditWordLeft), key(Action::EditWordRight)), " a year".to_owned()),
    ];
    for ((key, words), y) in hints.into_iter().zip(area.y + 1..area.bottom()) {
        canvas.runs(beside, y, room, &[(key, Role::Key), (words, Role::Dim)]);
    }
}

/// The keys of the window while the calendar is open.
pub(in crate::tui) fn keys(model: &Model, add: &'static str) -> Vec<(String, &'static str)> {
    let key = |action: Action| model.keymap.key(Layer::Builder, action).unwrap_or_default();
    vec![(key(Action::Accept), add), (key(Action::PickOperator), "operator"), (key(Action::Back), "back to the list")]
}

fn weekday(day: Date) -> &'static str {
    use jiff::civil::Weekday;
    match day.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}
