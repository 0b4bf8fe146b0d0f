//! Draws the foot of a window that asks for a number before something is done: the safe key first, then the number or
//! the one key that says yes.

use crate::tui::input::action::Action;
use crate::tui::input::keymap::{Keymap, Layer};
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, columns, typed, wrap};
use crate::tui::widgets::number_question::NumberQuestion;
use crate::tui::widgets::theme::Role;

/// What the question says.
pub(in crate::tui) struct Words<'w> {
    /// What the safe key does.
    pub(in crate::tui) keep: &'w str,
    /// What the one key does.
    pub(in crate::tui) yes: &'w str,
    /// Behind `Type 71 and press Enter`.
    pub(in crate::tui) number: &'w str,
}

/// Draws how it is answered, on one line; false where nothing is asked.
pub(in crate::tui) fn answers(
    canvas: &mut Canvas<'_>,
    keymap: &Keymap,
    area: Area,
    (question, n): (&NumberQuestion, u64),
    words: &Words<'_>,
) -> bool {
    let (Some(line), Some(layer)) = (&question.typed, question.layer(n)) else { return false };
    let key = |action: Action| keymap.key(layer, action).unwrap_or_default();
    let keep = [(key(Action::Back), Role::Safe), (format!(" {}     ", words.keep), Role::Text)];
    let used = canvas.runs(area.x, area.y, area.width, &keep);
    let (x, room) = (area.x + used, area.width.saturating_sub(used));
    if layer == Layer::Text {
        let label = format!("Type {n} and press Enter{}: ", words.number);
        let used = canvas.put(x, area.y, room, &label, Role::Text);
        typed(canvas, (x + used, area.y), room.saturating_sub(columns(&label) as u16), line, Role::Strong);
    } else {
        canvas.runs(x, area.y, room, &[(key(Action::Yes), Role::Key), (format!(" {}", words.yes), Role::Dim)]);
    }
    true
}

/// Draws what is said above it: why the last key did nothing, else this.
pub(in crate::tui) fn said(canvas: &mut Canvas<'_>, area: Area, question: &NumberQuestion, else_: (String, Role)) {
    let (text, role) = question.note.clone().map_or(else_, |note| (note, Role::Stay));
    for (line, y) in wrap(&text, usize::from(area.width)).iter().take(2).zip(area.y..) {
        canvas.put(area.x, y, area.width, line, role);
    }
}
