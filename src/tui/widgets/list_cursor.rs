//! The cursor of a list: where the keys that move it lead.
//!
//! Used by every window that lists something; it knows no list.

use crate::tui::input::action::Action;

/// Where a moving action leads.
pub fn moved(action: Action, at: usize, page: usize, last: usize) -> usize {
    let to = match action {
        Action::Up => at.saturating_sub(1),
        Action::Down => at + 1,
        Action::PageUp => at.saturating_sub(page),
        Action::PageDown => at + page,
        Action::Top => 0,
        Action::Bottom => last,
        _ => at,
    };
    to.min(last)
}
