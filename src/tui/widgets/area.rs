//! A rectangle of cells: what panes are placed in and everything is drawn in.
//!
//! Made by the geometry of the panes and by windows; it knows no drawing library.

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Area {
    /// Columns from the left.
    pub x: u16,
    /// Rows from the top.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Area {
    /// Without its border.
    pub fn inner(self) -> Self {
        Self {
            x: self.x + 1,
            y: self.y + 1,
            width: self.width.saturating_sub(2),
            height: self.height.saturating_sub(2),
        }
    }

    /// The row behind its last one.
    pub fn bottom(self) -> u16 {
        self.y + self.height
    }

    /// The column behind its last one.
    pub fn right(self) -> u16 {
        self.x + self.width
    }
}
