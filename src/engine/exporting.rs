//! Exports: contacts of the book out to a stream, in any format, pages of them made on
//! several threads and written in order.
//!
//! It opens no file: whoever calls it makes the file whole or not at all by [`super::save_file`].

use std::io::{self, Write};

use super::Engine;
use super::answer::ExportAnswer;
use super::cancel::Cancel;
use super::error::{EngineError, ErrorKind, Result};
use super::in_order::in_order;
use crate::book::{Book, Parts};
use crate::domain::contact::{Contact, ContactId};
use crate::domain::query::Query;
use crate::formats::{Encoded, FileForm, Layout, LayoutOf, Writer};

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
        let book = self.shared.reader().reader().map_err(EngineError::from)?;
        let layout = match parts(form.format.layout_of()) {
            Some(parts) => layout(&book, ids, parts, cancel)?,
            None => Layout::default(),
        };
        let mut writer = Writer::new(out, form, layout)?;
        let encoder = writer.encoder();
        let put = |out: &mut Encoded, contact: &Contact| encoder.put(contact, out);
        in_order(&book, (ids, Parts::All), cancel, put, |page| {
            writer.append(page)?;
            tell(writer.written());
            Ok::<(), ExportError>(())
        })?;
        let (written, left_out) = (writer.written(), writer.left_out());
        writer.finish()?;
        Ok(ExportAnswer { written, left_out })
    }

    /// Reads these contacts a page at a time, lets `put` add each to what is made of its page, on several threads, and
    /// hands that over in their order. Those that are gone meanwhile are not among them. The first error ends it.
    pub fn each_page<T: Default + Send, E: From<EngineError>>(
        &self,
        ids: &[ContactId],
        cancel: &Cancel,
        put: impl Fn(&mut T, &Contact) + Sync,
        take: impl FnMut(T) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let book = self.shared.reader().reader().map_err(EngineError::from)?;
        in_order(&book, (ids, Parts::All), cancel, put, take)
    }

    fn chosen_for_export(&self, query: &Query) -> Result<Vec<ContactId>> {
        let chosen = self.matching_ids(query)?;
        if chosen.is_empty() {
            return Err(EngineError::new(ErrorKind::BadInput, "no contact matches; nothing was written"));
        }
        Ok(chosen)
    }
}

/// Writes these contacts to a stream in their order, as [`Engine::export_contacts`], read a page at a time by `read`.
pub fn export_pages<W: Write>(
    ids: &[ContactId],
    form: FileForm,
    out: W,
    cancel: &Cancel,
    tell: &mut dyn FnMut(u64),
    read: &mut dyn FnMut(&[ContactId]) -> Result<Vec<Contact>>,
) -> std::result::Result<ExportAnswer, ExportError> {
    const PAGE: usize = 1_000;
    let mut each = |take: &mut dyn FnMut(&[Contact]) -> std::result::Result<(), ExportError>| {
        for page in ids.chunks(PAGE) {
            if cancel.is_cancelled() {
                return Err(EngineError::new(ErrorKind::Cancelled, "cancelled; nothing was changed").into());
            }
            take(&read(page)?)?;
        }
        Ok::<(), ExportError>(())
    };
    let mut layout = Layout::default();
    if form.format.layout_of() != LayoutOf::Nothing {
        each(&mut |contacts| {
            for contact in contacts {
                layout.include(contact);
            }
            Ok(())
        })?;
    }
    let mut writer = Writer::new(out, form, layout)?;
    let encoder = writer.encoder();
    each(&mut |contacts| {
        writer.append(encoder.encode(contacts))?;
        tell(writer.written());
        Ok(())
    })?;
    let (written, left_out) = (writer.written(), writer.left_out());
    writer.finish()?;
    Ok(ExportAnswer { written, left_out })
}

/// The columns that these contacts need: a first pass over all of them, in the order in which the book has them.
fn layout(book: &Book, ids: &[ContactId], parts: Parts, cancel: &Cancel) -> Result<Layout> {
    let mut rising = ids.to_vec();
    rising.sort_unstable();
    let mut layout = Layout::default();
    in_order(book, (&rising, parts), cancel, Layout::include, |page| {
        layout.join(&page);
        Ok::<(), EngineError>(())
    })?;
    Ok(layout)
}

/// What has to be read of contacts to know the columns that they need; none where all files have the same.
fn parts(of: LayoutOf) -> Option<Parts> {
    match of {
        LayoutOf::Nothing => None,
        LayoutOf::Lists => Some(Parts::Lists),
        LayoutOf::Contacts => Some(Parts::All),
    }
}
