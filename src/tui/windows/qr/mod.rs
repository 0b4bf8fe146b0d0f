//! The window of a card as a QR code, to be scanned by a telephone.
//!
//! It holds the code; what it asks for is in [`keys`].

pub mod keys;
pub mod view;

use crate::domain::contact::ContactId;
use crate::engine::answer::QrCard;
use crate::tui::app::event::Ticket;
use crate::tui::input::keymap::Layer;
use crate::tui::windows::window::Window;

/// The window of a code.
#[derive(Debug, Clone)]
pub struct Qr {
    /// The contact.
    pub contact: ContactId,
    /// Its code; none before it is made.
    pub code: Option<QrCard>,
    /// The question under way, and for how many modules.
    pub waiting: Option<Ticket>,
    /// For how many modules the code was made; another size asks anew.
    pub room: usize,
}

impl Qr {
    /// Of this contact; nothing is made yet.
    pub fn new(contact: ContactId) -> Self {
        Self { contact, code: None, waiting: None, room: 0 }
    }
}

impl Window for Qr {
    fn layer(&self) -> Layer {
        Layer::Window
    }
}
