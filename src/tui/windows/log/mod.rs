//! The audit log's window: what was read of it, and where the user is.

pub mod keys;
pub mod view;

use crate::engine::answer::AuditEntry;
use crate::tui::app::event::Ticket;
use crate::tui::input::keymap::Layer;
use crate::tui::windows::window::Window;

/// The audit log's window.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// The newest entries, the newest first; none before they are read.
    pub entries: Option<Vec<AuditEntry>>,
    /// The question under way.
    pub waiting: Option<Ticket>,
    /// The first one on the screen.
    pub top: usize,
}

impl Window for Log {
    fn layer(&self) -> Layer {
        Layer::Window
    }
}
