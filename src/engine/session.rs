//! What a session of the screen leaves for the next one, in the book: so it goes where the book goes, and
//! is erased where it is. A book that is only read, and a demo's, keep nothing.

use super::Engine;
use super::answer::Kept;
use super::error::Result;

impl Engine {
    /// Recent lines and the table's columns, as the last session left them.
    pub fn kept(&self) -> Result<Kept> {
        let reader = self.shared.reader();
        Ok(Kept { lines: reader.recent_lines()?, columns: reader.kept_columns()? })
    }

    /// Keeps a line that was searched for.
    pub fn keep_line(&self, line: &str) -> Result<()> {
        if self.keeps() {
            self.shared.writer().write(|tx| tx.keep_line(line))?;
        }
        Ok(())
    }

    /// Keeps the table's columns.
    pub fn keep_columns(&self, text: &str) -> Result<()> {
        if self.keeps() {
            self.shared.writer().write(|tx| tx.keep_columns(text))?;
        }
        Ok(())
    }

    fn keeps(&self) -> bool {
        !self.is_read_only() && self.shared.options.demo.is_none()
    }
}
