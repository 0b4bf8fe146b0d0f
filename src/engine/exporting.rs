//! Exports: contacts of the book out to a stream, in any format, a page at a time.
//!
//! It opens no file: whoever calls it makes the file whole or not at all by [`super::save_file`].

use std::io::{self, Write};

use super::Engine;
use super::answer::ExportAnswer;
use super::cancel::Cancel;
use super::error::{EngineError, ErrorKind, Result};
use crate::domain::contact::ContactId;
use crate::domain::query::Query;
use crate::formats::{FileForm, Layout, Loss, Writer};

/// Contacts that are in memory at once.
const PAGE: usize = 2_000;

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
    /// Writes contacts to a stream, whole, and answers how many, and what of them the format left out.
    pub fn export<W: Write>(
        &self,
        query: &Query,
        form: impl Into<FileForm>,
        out: W,
    ) -> std::result::Result<ExportAnswer, ExportError> {
        let ids = self.chosen_for_export(query)?;
        self.export_contacts(&ids, form, out, &Cancel::new(), &mut |_| ())
    }

    /// Writes these contacts to a stream in their order, as [`Engine::export`]; those that are gone meanwhile are
    /// not among them. `tell` hears how many are written.
    pub fn export_contacts<W: Write>(
        &self,
        ids: &[ContactId],
        form: impl Into<FileForm>,
        out: W,
        cancel: &Cancel,
        tell: &mut dyn FnMut(u64),
    ) -> std::result::Result<ExportAnswer, ExportError> {
        let form = form.into();
        let layout = if form.format.needs_layout() { self.layout(ids, cancel)? } else { Layout::default() };
        let mut writer = Writer::new(out, form, layout)?;
        let mut written = 0;
        for page in ids.chunks(PAGE) {
            go_on(cancel)?;
            for contact in self.contacts(page)? {
                writer.write(&contact)?;
                written += 1;
            }
            tell(written);
        }
        let left_out = writer.left_out();
        written -= left_out.iter().find(|(loss, _)| *loss == Loss::Contact).map_or(0, |(_, n)| *n);
        writer.finish()?;
        Ok(ExportAnswer { written, left_out })
    }

    fn chosen_for_export(&self, query: &Query) -> Result<Vec<ContactId>> {
        let chosen = self.matching_ids(query)?;
        if chosen.is_empty() {
            return Err(EngineError::new(ErrorKind::BadInput, "no contact matches; nothing was written"));
        }
        Ok(chosen)
    }

    /// The columns that these contacts need: a first pass over all of them.
    fn layout(&self, ids: &[ContactId], cancel: &Cancel) -> Result<Layout> {
        let mut layout = Layout::default();
        for page in ids.chunks(PAGE) {
            go_on(cancel)?;
            for contact in self.contacts(page)? {
                layout.include(&contact);
            }
        }
        Ok(layout)
    }
}

fn go_on(cancel: &Cancel) -> Result<()> {
    if cancel.is_cancelled() {
        return Err(EngineError::new(ErrorKind::Cancelled, "the export was stopped; nothing was written"));
    }
    Ok(())
}
