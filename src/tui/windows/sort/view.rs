//! Draws the window that picks the order; and an order in words, for whoever shows one.

use crate::domain::query::{Direction, Sort};
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::canvas::Canvas;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::picker::Choice;
use crate::tui::windows::picker::view::list;
use crate::tui::windows::sort::Sorting;

/// The order: what is typed, the fields with their places in it, the order so far.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, sorting: &Sorting) {
    let mut shown = sorting.picker.clone();
    for entry in &mut shown.entries {
        let Choice::Field(field) = &entry.choice else { continue };
        let place = sorting.place(field);
        entry.keys = place.map_or_else(String::new, |(nth, direction)| {
            format!("{} {nth}", arrow(direction, canvas.theme.glyphs.arrows))
        });
    }
    let words = sort_words(&Sort::of(sorting.keys.iter().cloned()), canvas.theme.glyphs.arrows);
    let so_far = [("the order  ".to_owned(), Role::Dim), (words, Role::Text)];
    let key = |action: Action| model.keymap.key(Layer::Sorting, action).unwrap_or_default();
    let take = if sorting.several { "sort so" } else { "sort by this alone" };
    let keys = [(key(Action::Accept), take), (key(Action::AddSortKey), "then by this"), (key(Action::Back), "back")];
    list(canvas, model, &shown, &so_far, &keys);
}

/// The order in words: `by last name ▲, last active ▼`.
pub(in crate::tui) fn sort_words(sort: &Sort, arrows: [&str; 2]) -> String {
    if sort.is_by_id() {
        return format!("in order added {}", arrows[0]);
    }
    let keys = sort.keys().iter().map(|key| format!("{} {}", key.field.words(), arrow(key.direction, arrows)));
    format!("by {}", keys.collect::<Vec<_>>().join(", "))
}

/// The sign of a direction.
pub(in crate::tui) fn arrow(direction: Direction, [up, down]: [&str; 2]) -> &str {
    match direction {
        Direction::Ascending => up,
        Direction::Descending => down,
    }
}
