//! A stream of vCards as records.
//!
//! Owns what is reported instead of a contact. Called by [`crate::formats`]. It holds as many cards as
//! [`super::groups`] keeps back, however long the file is.

use std::collections::VecDeque;
use std::io::Read;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use crate::domain::contact::Contact;
use crate::formats::charset::Charset;
use crate::formats::encoding::Decoder;
use crate::formats::format::Records;
use crate::formats::record::{BadRecord, FormatError, Record};
use crate::formats::source::Source;

use super::card_to_contact;
use super::framer::{Framed, Frames};
use super::groups::{Groups, is_group};
use super::unfold::Lines;

/// Cards that are taken apart together, on several threads.
const TOGETHER: usize = 512;
/// How many bytes of them.
const TOGETHER_BYTES: usize = 1 << 20;

/// Reads contacts from vCards.
pub(crate) struct Cards<R> {
    frames: Frames<R>,
    decoder: Decoder,
    source_name: String,
    /// What was taken apart and is not yet among the groups, in the order of the file.
    ready: VecDeque<Record>,
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
        let (ready, groups) = (VecDeque::new(), Groups::default());
        Self { frames, decoder, source_name, ready, groups, ended: false, failed: None }
    }

    /// The next card as it stands in the file.
    fn read(&mut self) -> Option<Record> {
        if self.ready.is_empty() && !self.ended {
            self.take_apart();
        }
        self.ready.pop_front()
    }

    /// Reads some cards on and takes them apart beside each other.
    fn take_apart(&mut self) {
        let (mut framed, mut bytes) = (Vec::with_capacity(TOGETHER), 0);
        while framed.len() < TOGETHER && bytes < TOGETHER_BYTES {
            match self.frames.next() {
                Ok(Some(next)) => {
                    if let Framed::Card { lines, .. } = &next {
                        bytes += lines.iter().map(|line| line.bytes.len()).sum::<usize>();
                    }
                    framed.push(next);
                }
                Ok(None) => {
                    self.ended = true;
                    break;
                }
                Err(error) => {
                    (self.ended, self.failed) = (true, Some(error.into()));
                    break;
                }
            }
        }
        let (decoder, source_name) = (&self.decoder, self.source_name.as_str());
        let read = |framed: Framed| {
            let mut decoder = decoder.fork();
            let record = record(&framed, &mut decoder, source_name);
            (record, decoder.has_guessed().then_some(framed))
        };
        let done: Vec<(Record, Option<Framed>)> = framed.into_par_iter().map(read).collect();
        for (record, guessed) in done {
            // What bytes mean that are not UTF-8 depends on those before them.
            self.ready.push_back(match guessed {
                Some(framed) => self::record(&framed, &mut self.decoder, &self.source_name),
                None => record,
            });
        }
    }
}

/// A card, or what stands in the place of one, as a record.
fn record(framed: &Framed, decoder: &mut Decoder, source_name: &str) -> Record {
    let (line, lines) = match framed {
        Framed::Bad(bad) => return bad.clone().into(),
        Framed::Card { line, lines } => (*line, lines),
    };
    let contact = card_to_contact::contact(lines, decoder).ok_or_else(|| {
        let texts = lines.iter().map(|content| content.bytes.as_slice());
        let raw: Vec<&[u8]> = std::iter::once(b"BEGIN:VCARD".as_slice()).chain(texts).collect();
        BadRecord::new(line, "the card is empty", &raw.join(&b'\n'))
    });
    let result = contact.map(|mut contact| {
        if contact.source.is_empty() {
            source_name.clone_into(&mut contact.source);
        }
        contact
    });
    Record { line, result, notes: Vec::new() }
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
        while !self.groups.is_full() {
            let Some(record) = self.read() else { break };
            self.groups.push(record);
        }
        self.groups.pop().map(Ok).or_else(|| self.failed.take().map(Err))
    }
}

/// What the bytes of one card hold.
#[derive(Debug, Clone, PartialEq)]
pub enum OneCard {
    /// A contact.
    Contact(Box<Contact>),
    /// A group of other cards.
    Group,
    /// More than one card.
    Several,
    /// None that can be read: why.
    Unreadable(String),
}

/// Reads what is to be one card: a file of a folder of vCards, a card of a server.
pub(in crate::formats) fn one_card(bytes: &[u8]) -> OneCard {
    let unreadable = |why: &str| OneCard::Unreadable(why.to_owned());
    let Ok(source) = Source::open(bytes, None) else { return unreadable("it can't be read") };
    let decoder = Decoder::new(None, source.data());
    let mut cards = Cards::open(source, decoder, String::new());
    let (first, second) = (cards.read(), cards.read());
    match (first.map(|record| record.result), second) {
        (None, _) => unreadable("it is empty"),
        (Some(_), Some(_)) => OneCard::Several,
        (Some(Err(bad)), None) => OneCard::Unreadable(bad.reason),
        (Some(Ok(contact)), None) if is_group(&contact) => OneCard::Group,
        (Some(Ok(contact)), None) => OneCard::Contact(Box::new(contact)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_taken_apart_together_say_what_they_say_one_after_the_other() {
        let mut bytes = Vec::new();
        for number in 0..3 * TOGETHER {
            let name: &[u8] = match number % 7 {
                3 => b"J\xfcrgen Gro\xdf",
                5 => "Łucja Żak".as_bytes(),
                _ => b"Ann Lee",
            };
            bytes.extend(format!("BEGIN:VCARD\nVERSION:3.0\nNOTE:number {number}\nFN:").into_bytes());
            bytes.extend(name);
            bytes.extend(if number % 100 == 7 { b"\nEND:VCALENDAR\n".as_slice() } else { b"\nEND:VCARD\n" });
        }
        let opened = || Source::open(bytes.as_slice(), None).unwrap();
        let mut decoder = Decoder::new(None, opened().data());
        let mut frames = Frames::new(Lines::new(opened()));
        let mut one_by_one = Vec::new();
        while let Some(framed) = frames.next().unwrap() {
            one_by_one.push(record(&framed, &mut decoder, "x.vcf"));
        }
        let mut cards = Cards::open(opened(), Decoder::new(None, opened().data()), "x.vcf".to_owned());
        let together: Vec<Record> = std::iter::from_fn(|| cards.read()).collect();
        assert!(together.len() > 2 * TOGETHER && together == one_by_one);
    }
}
