//! Draws the question before an erase.

use crate::domain::display::{agreeing, contacts, thousands};
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::canvas::{Canvas, typed};
use crate::tui::widgets::frame::window;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::erase::Erase;
use crate::tui::windows::restore::Chosen;
use crate::tui::windows::restore::view::capital;

/// The question before an erase.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, erase: &Erase) {
    let n = erase.plan.items.len() as u64;
    let width = 70.min(model.size.0.saturating_sub(4));
    let area = window(canvas, (width, 13), &format!("Erase {} for good?", contacts(n)), Role::Danger);
    let which = match erase.chosen {
        Chosen::Marked => "What is marked in the trash.".to_owned(),
        Chosen::Matches => format!("What matches in the trash: {}", model.search.line.text().trim()),
        Chosen::All => "All of the trash.".to_owned(),
    };
    canvas.put(area.x, area.y + 1, area.width, &which, Role::Text);
    let gone = format!("  {} gone for good: nothing undoes it", agreeing(n, "is", "are"));
    canvas.runs(area.x, area.y + 3, area.width, &[(thousands(n), Role::Go), (gone, Role::Text)]);
    let words = "Nothing of them stays in the book's file. Unsubscribers stay.";
    canvas.put(area.x, area.y + 4, area.width, words, Role::Dim);
    let used = canvas.put(area.x, area.y + 6, area.width, &format!("Type {n} and press Enter: "), Role::Text);
    typed(canvas, (area.x + used, area.y + 6), area.width.saturating_sub(used), &erase.typed, Role::Strong);
    canvas.put(area.x, area.y + 7, area.width, erase.note.as_deref().unwrap_or_default(), Role::Stay);
    canvas.rule(area.x - 2, area.y + 8, area.width + 4, Role::Frame);
    let key = model.keymap.key(Layer::Text, Action::Back).unwrap_or_default();
    let keys = [(capital(&key), Role::Safe), (" keep everything".into(), Role::Text)];
    canvas.runs(area.x, area.y + 9, area.width, &keys);
}
