//! A stream of vCards as records.
//!
//! Owns what is reported instead of a contact. Called by [`crate::formats`]. It holds as many cards as
//! [`super::groups`] keeps back, however long the file is.

use std::io::Read;

use crate::domain::contact::Contact;
use crate::formats::charset::Charset;
use crate::formats::encoding::Decoder;
use crate::formats::format::Records;
use crate::formats::record::{BadRecord, FormatError, Record};
use crate::formats::source::Source;

use super::card_to_contact;
use super::framer::{Framed, Frames};
use super::groups::Groups;
use super::unfold::Lines;

/// Reads contacts from vCards.
pub(crate) struct Cards<R> {
    frames: Frames<R>,
    decoder: Decoder,
    source_name: String,
    groups: Groups,
    /// Whether all is read.
    ended: bool,
    /// What ended it before its time.
    failed: Option<FormatError>,
}

impl<R: Read> Cards<R> {
    /// The cards of a source; every contact gets `source_name`.
    pub(crate) fn open(source: Source<R>, decoder: Decoder, source_name: String) -> Self {
        let frames = Frames::new(Lines::new(source));
        Self { frames, decoder, source_name, groups: Groups::default(), ended: false, failed: None }
    }

    /// The next card as it stands in the file.
    fn read(&mut self) -> Option<Result<Record, FormatError>> {
        let framed = match self.frames.next() {
            Ok(framed) => framed?,
            Err(error) => return Some(Err(error.into())),
        };
        Some(Ok(match framed {
            Framed::Bad(bad) => bad.into(),
            Framed::Card { line, lines } => {
                let contact = card_to_contact::contact(&lines, &mut self.decoder).ok_or_else(|| {
                    let texts = lines.iter().map(|content| content.bytes.as_slice());
                    let raw: Vec<&[u8]> = std::iter::once(b"BEGIN:VCARD".as_slice()).chain(texts).collect();
                    BadRecord::new(line, "the card is empty", &raw.join(&b'\n'))
                });
                let named = contact.map(|mut contact| {
                    if contact.source.is_empty() {
                        contact.source.clone_from(&self.source_name);
                    }
                    contact
                });
                Record { line, result: named, notes: Vec::new() }
            }
        }))
    }
}

impl<R: Read> Records for Cards<R> {
    /// The encoding that is read; a line may say another for itself.
    fn encoding(&self) -> Charset {
        self.frames.transcoded_from().unwrap_or_else(|| self.decoder.encoding())
    }

    fn is_converted(&self) -> bool {
        self.frames.transcoded_from().is_some()
    }

    fn next(&mut self) -> Option<Result<Record, FormatError>> {
        while !self.ended && !self.groups.is_full() {
            match self.read() {
                Some(Ok(record)) => self.groups.push(record),
                Some(Err(error)) => (self.ended, self.failed) = (true, Some(error)),
                None => self.ended = true,
            }
        }
        self.groups.pop().map(Ok).or_else(|| self.failed.take().map(Err))
    }
}

/// The contact of the text of one card; none if it says nothing.
pub(in crate::formats) fn contact_of(card: &str) -> Option<Contact> {
    let mut frames = Frames::new(Lines::new(Source::open(card.as_bytes(), Some(Charset::UTF_8)).ok()?));
    match frames.next().ok()?? {
        Framed::Card { lines, .. } => {
            card_to_contact::contact(&lines, &mut Decoder::new(Some(Charset::UTF_8), card.as_bytes()))
        }
        Framed::Bad(_) => None,
    }
}
