//! A card as a QR code, as plain values.

/// A card as a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrCard {
    /// The contact's name.
    pub name: String,
    /// Row by row which modules are dark, with the light around them; as many rows as columns.
    pub dark: Vec<Vec<bool>>,
    /// What of the card had no room, in words.
    pub left_out: Vec<&'static str>,
}
