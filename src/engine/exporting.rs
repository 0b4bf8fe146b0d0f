//! Exports: contacts of the book out to a stream, in any format, a page at a time.
//!
//! It opens no file: whoever calls it makes the file whole or not at all by [`super::save_file`].

use std::io::{self, Write};

use super::Engine;
use super::error::{EngineError, ErrorKind, Result};
use crate::domain::contact::ContactId;
use crate::domain::criteria::Criteria;
use crate::domain::request::{Scope, Sort, Window};
use crate::formats::{Layout, WriteFormat, Writer};

/// Contacts that are in memory at once.
const PAGE: usize = 2_000;

/// What to write contacts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExportFormat {
    /// vCard 4.0.
    Vcard4,
    /// vCard 3.0, for programs that know no newer one.
    Vcard3,
    /// CSV in our own full form.
    Csv,
    /// CSV as Google writes it.
    GoogleCsv,
    /// CSV as Outlook writes it.
    OutlookCsv,
    /// JSON Lines.
    Jsonl,
}

/// Which contacts to write.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportRequest {
    /// The criteria; none: every contact of the scope.
    pub criteria: Option<Criteria>,
    /// Where to look.
    pub scope: Scope,
    /// In which order.
    pub sort: Sort,
    /// Which of the ordered ones.
    pub window: Window,
}

/// Why an export ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The book, or the request.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The output.
    #[error(transparent)]
    Output(#[from] io::Error),
}

impl Engine {
    /// Writes contacts to a stream, whole, and answers how many.
    pub fn export<W: Write>(
        &self,
        request: &ExportRequest,
        format: ExportFormat,
        out: W,
    ) -> std::result::Result<u64, ExportError> {
        let ids = self.chosen_for_export(request)?;
        let format = match format {
            ExportFormat::Vcard4 => WriteFormat::Vcard4,
            ExportFormat::Vcard3 => WriteFormat::Vcard3,
            ExportFormat::Csv => WriteFormat::Csv(self.layout(&ids)?),
            ExportFormat::GoogleCsv => WriteFormat::GoogleCsv(self.layout(&ids)?),
            ExportFormat::OutlookCsv => WriteFormat::OutlookCsv,
            ExportFormat::Jsonl => WriteFormat::Jsonl,
        };
        let mut writer = Writer::new(out, format)?;
        let mut written = 0;
        for page in ids.chunks(PAGE) {
            for contact in self.contacts(page)? {
                writer.write(&contact)?;
                written += 1;
            }
        }
        writer.finish()?;
        Ok(written)
    }

    fn chosen_for_export(&self, request: &ExportRequest) -> Result<Vec<ContactId>> {
        let chosen = self.chosen(request.criteria.as_ref(), request.scope, &request.sort, request.window)?;
        if chosen.is_empty() {
            return Err(EngineError::new(ErrorKind::BadInput, "no contact matches; nothing was written"));
        }
        Ok(chosen)
    }

    /// The columns that these contacts need: a first pass over all of them.
    fn layout(&self, ids: &[ContactId]) -> Result<Layout> {
        let mut layout = Layout::default();
        for page in ids.chunks(PAGE) {
            for contact in self.contacts(page)? {
                layout.include(&contact);
            }
        }
        Ok(layout)
    }
}
