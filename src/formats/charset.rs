//! A file's encoding: one of the web's, or one of the code pages that DOS left behind.
//!
//! Owns the list and the decoding of bytes by either kind. Called by [`super::encoding`], which guesses, and by the
//! readers. The web's encodings are encoding_rs's; it leaves DOS code pages out, which old address books and
//! Windows' command line still write.

use std::borrow::Cow;

use super::twice;
use encoding_rs::{Decoder, Encoding, ISO_2022_JP};
use oem_cp::code_table::{DECODING_TABLE_CP437, DECODING_TABLE_CP850, DECODING_TABLE_CP852, DECODING_TABLE_CP858};

/// How text was written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charset(Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Web(&'static Encoding),
    Dos(&'static CodePage),
    /// UTF-8 whose bytes were taken for Windows' letters and written as UTF-8 once more.
    Twice,
}

/// The name of UTF-8 that was written twice.
const TWICE: &str = "utf-8-twice";

#[derive(Debug, PartialEq, Eq)]
struct CodePage {
    name: &'static str,
    /// Its names in the IANA list and in programs, in lower case.
    labels: &'static [&'static str],
    /// What the bytes from 0x80 on mean.
    high: &'static [char; 128],
}

static CODE_PAGES: [CodePage; 4] = [
    CodePage { name: "IBM437", labels: &["ibm437", "cp437", "437"], high: &DECODING_TABLE_CP437 },
    CodePage { name: "IBM850", labels: &["ibm850", "cp850", "850"], high: &DECODING_TABLE_CP850 },
    CodePage { name: "IBM852", labels: &["ibm852", "cp852", "852"], high: &DECODING_TABLE_CP852 },
    CodePage { name: "IBM00858", labels: &["ibm00858", "ibm858", "cp858", "858"], high: &DECODING_TABLE_CP858 },
];

impl Charset {
    /// UTF-8.
    pub const UTF_8: Self = Self(Kind::Web(encoding_rs::UTF_8));
    /// UTF-8, written twice.
    pub(super) const UTF_8_TWICE: Self = Self(Kind::Twice);
    /// What old Macs wrote.
    pub(super) const MACINTOSH: Self = Self(Kind::Web(encoding_rs::MACINTOSH));
    /// What DOS wrote in western Europe.
    pub(super) const IBM850: Self = Self(Kind::Dos(&CODE_PAGES[1]));
    /// What DOS wrote in the United States.
    pub(super) const IBM437: Self = Self(Kind::Dos(&CODE_PAGES[0]));

    /// What DOS wrote in central Europe.
    pub(super) const IBM852: Self = Self(Kind::Dos(&CODE_PAGES[2]));

    /// The encoding with this name (`utf-8`, `windows-1252`, `latin1`, `shift_jis`, `cp850`, ...).
    pub fn by_name(name: &str) -> Option<Self> {
        let label = name.trim().to_ascii_lowercase();
        if label == TWICE {
            return Some(Self::UTF_8_TWICE);
        }
        let page = CODE_PAGES.iter().find(|page| page.labels.contains(&label.as_str()));
        page.map(|page| Self(Kind::Dos(page))).or_else(|| Encoding::for_label(label.as_bytes()).map(Self::from))
    }

    /// Its name in the list of the web's encodings, or in IANA's.
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Web(encoding) => encoding.name(),
            Kind::Dos(page) => page.name,
            Kind::Twice => TWICE,
        }
    }

    /// The text of these bytes; U+FFFD where they mean nothing.
    pub(super) fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self.0 {
            Kind::Web(encoding) => encoding.decode_without_bom_handling(bytes).0,
            Kind::Dos(page) => page.decode(bytes).into(),
            Kind::Twice => twice::undone(String::from_utf8_lossy(bytes)),
        }
    }

    /// The text of these bytes; none if some mean nothing.
    pub(super) fn decode_exactly(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self.0 {
            Kind::Web(encoding) => encoding.decode_without_bom_handling_and_without_replacement(bytes),
            Kind::Dos(page) => Some(page.decode(bytes).into()),
            Kind::Twice => std::str::from_utf8(bytes).ok().map(|text| twice::undone(text.into())),
        }
    }

    /// Whether each byte is a character.
    pub(super) fn is_single_byte(self) -> bool {
        match self.0 {
            Kind::Web(encoding) => encoding.is_single_byte(),
            Kind::Dos(_) => true,
            Kind::Twice => false,
        }
    }

    /// What converts a whole stream of it, where its delimiters can't be told from parts of characters; none where
    /// delimiters, quotes, colons and line ends are bytes that never occur within a character.
    pub(super) fn transcoder(self) -> Option<Decoder> {
        match self.0 {
            Kind::Web(encoding) if encoding.is_ascii_compatible() && encoding != ISO_2022_JP => None,
            Kind::Web(encoding) => Some(encoding.new_decoder_without_bom_handling()),
            Kind::Dos(_) | Kind::Twice => None,
        }
    }
}

impl From<&'static Encoding> for Charset {
    fn from(encoding: &'static Encoding) -> Self {
        Self(Kind::Web(encoding))
    }
}

impl CodePage {
    fn decode(&self, bytes: &[u8]) -> String {
        oem_cp::decode_string_complete_table(bytes, self.high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_pages_are_known_by_all_their_names() {
        for name in ["cp850", "IBM850", " 850 "] {
            assert_eq!(Charset::by_name(name), Some(Charset::IBM850), "{name}");
        }
        assert_eq!(Charset::by_name("latin1").map(Charset::name), Some("windows-1252"));
        assert_eq!(Charset::by_name("cp866").map(Charset::name), Some("IBM866"));
        assert_eq!(Charset::by_name("cp9999"), None);
    }

    #[test]
    fn code_pages_are_read_byte_by_byte() {
        assert_eq!(Charset::IBM850.decode(b"J\x81rgen Gro\xe1"), "Jürgen Groß");
        assert_eq!(
            Charset::by_name("cp852").map(|page| page.decode(b"\x9d\xa2d\xab").into_owned()),
            Some("Łódź".into())
        );
        assert_eq!(Charset::IBM437.decode_exactly(b"Pe\xa4a").as_deref(), Some("Peña"));
        assert!(Charset::IBM437.transcoder().is_none(), "its delimiters are ASCII");
    }
}
