//! The identifiers that the contacts API writes: a GUID for each number of a book, the same for ever.
//!
//! RFC 9562's version 8: 48 bits that stand for the book, 12 for the kind of thing, 14 more for the book, 48 for the
//! number. Whoever has one of another book is told that there is no such thing. Pure.

use std::fmt::Write as _;

/// What a GUID is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A contact.
    Contact,
    /// A job.
    Job,
    /// A value of a contact that has several: which list of them, and its place there.
    Item(Many, u8),
}

/// The lists of values that a contact has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Many {
    /// Email addresses.
    Emails,
    /// Phone numbers.
    Phones,
    /// Postal addresses.
    Addresses,
}

/// The GUIDs of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guids {
    book: u64,
    more: u16,
}

impl Kind {
    fn bits(self) -> u16 {
        match self {
            Self::Contact => 1,
            Self::Job => 2,
            Self::Item(Many::Emails, at) => 0x100 + u16::from(at),
            Self::Item(Many::Phones, at) => 0x200 + u16::from(at),
            Self::Item(Many::Addresses, at) => 0x300 + u16::from(at),
        }
    }
}

impl Guids {
    /// Those of the book with this identity.
    pub fn new(book: &str) -> Self {
        let hash = blake3::hash(book.as_bytes());
        let bytes = hash.as_bytes();
        let book = bytes[..6].iter().fold(0, |all, byte| all << 8 | u64::from(*byte));
        Self { book, more: u16::from_be_bytes([bytes[6], bytes[7]]) & 0x3fff }
    }

    /// The GUID of a number.
    pub fn of(self, kind: Kind, number: i64) -> String {
        let number = number.unsigned_abs() & 0xffff_ffff_ffff;
        let mut out = String::with_capacity(36);
        let (high, low) = (self.book >> 16, self.book & 0xffff);
        let (version, variant) = (0x8000 | kind.bits(), 0x8000 | self.more);
        // Writing into a text never fails.
        let _ = write!(out, "{high:08x}-{low:04x}-{version:04x}-{variant:04x}-{number:012x}");
        out
    }

    /// The number of a GUID or of a number as a text; none where it is neither. One of another book or of another
    /// kind is 0, which no contact and no job has.
    pub fn number(self, kind: Kind, text: &str) -> Option<i64> {
        if let Ok(number) = text.parse::<i64>() {
            return Some(number);
        }
        let parts: Vec<&str> = text.split('-').collect();
        let is_guid = parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
            && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if !is_guid {
            return None;
        }
        let number = i64::from_str_radix(parts[4], 16).ok()?;
        Some(if self.of(kind, number).eq_ignore_ascii_case(text) { number } else { 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_leads_back_to_its_number_in_its_book_alone() {
        let (one, other) = (Guids::new("a"), Guids::new("b"));
        for number in [1, 17, 1_000_000, 0xffff_ffff_ffff] {
            let guid = one.of(Kind::Contact, number);
            assert_eq!((guid.len(), &guid[14..15]), (36, "8"));
            assert!("89ab".contains(&guid[19..20]));
            assert_eq!(one.number(Kind::Contact, &guid.to_uppercase()), Some(number));
            assert_eq!(one.number(Kind::Job, &guid), Some(0));
            assert_eq!(other.number(Kind::Contact, &guid), Some(0));
        }
        assert_eq!(one.number(Kind::Contact, "17"), Some(17));
        for wrong in ["", "x", "0a1b2c3d", "0a1b2c3d-4e5f-8a6b-9c7d-00000000000g", "1.5"] {
            assert_eq!(one.number(Kind::Contact, wrong), None, "{wrong}");
        }
    }
}
