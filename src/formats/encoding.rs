//! Which encoding a file is in, and text out of its bytes.
//!
//! Owns the detection (byte order mark, UTF-16 by its zeros, UTF-8 by its form, anything else by
//! chardetng) and the decoding of one record's bytes. Called by [`super::source`] for whole streams and by
//! the readers for single values. It never reads a stream itself.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Encoding, ISO_2022_JP, ISO_8859_2, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1252, WINDOWS_1254,
    WINDOWS_1257,
};

use unicode_normalization::UnicodeNormalization;

use super::charset::Charset;
use super::twice;

/// How many bytes of text that is not UTF-8 the guess is made from.
const EVIDENCE: usize = 256 * 1024;
/// How many of them are looked at for what their letters make.
const SAMPLE: usize = 8 * 1024;

/// Up to how many bytes of letters that are none of ASCII leave a doubt.
const FEW: usize = 64;

/// What the first bytes of a file say about its encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opening {
    /// The encoding whose bytes a reader can't split by itself, so that the whole stream is decoded.
    pub(super) transcode: Option<Charset>,
    /// How many bytes of byte order mark there are.
    pub(super) mark: usize,
}

/// Looks at the first bytes of a file: `asked` wins over a guess, a byte order mark over both.
pub(super) fn opening(head: &[u8], asked: Option<Charset>) -> Opening {
    if let Some((encoding, mark)) = Encoding::for_bom(head) {
        return Opening { transcode: (encoding != UTF_8).then_some(encoding.into()), mark };
    }
    let encoding = asked.or_else(|| utf16_by_zeros(head)).or_else(|| iso_2022_jp(head));
    Opening { transcode: encoding.filter(|encoding| encoding.transcoder().is_some()), mark: 0 }
}

/// UTF-16 without a mark: in text of mostly Latin letters every other byte is zero.
fn utf16_by_zeros(head: &[u8]) -> Option<Charset> {
    let sample = &head[..head.len().min(4096) & !1];
    if sample.len() < 4 {
        return None;
    }
    let zeros = |at: usize| sample.iter().skip(at).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), sample.len() / 2);
    // Names in other scripts stand between ASCII delimiters and headers, so a third is telling enough.
    if odd * 3 >= pairs && even * 10 < odd {
        Some(UTF_16LE.into())
    } else if even * 3 >= pairs && odd * 10 < even {
        Some(UTF_16BE.into())
    } else {
        None
    }
}

/// ISO-2022-JP is all ASCII bytes; its escape sequences give it away.
fn iso_2022_jp(head: &[u8]) -> Option<Charset> {
    let telling: [&[u8]; 3] = [b"\x1b$B", b"\x1b$@", b"\x1b(J"];
    (head.is_ascii() && telling.iter().any(|escape| memchr::memmem::find(head, escape).is_some()))
        .then_some(ISO_2022_JP.into())
}

/// Turns the bytes of single values into text: UTF-8 where they are, else what the file's bytes suggest.
pub(super) struct Decoder {
    fixed: Option<Charset>,
    detector: EncodingDetector,
    evidence: usize,
    /// The first of the evidence.
    sample: Vec<u8>,
    /// The country that the email addresses' domains are of, where they agree.
    country: Country,
    /// What the beginning of the file told: the same bytes are the same text wherever they stand.
    settled: Option<Charset>,
}

/// The beginning of a file where it is UTF-8; a character that is cut at its end is left out.
fn beginning(head: &[u8]) -> Option<&str> {
    match std::str::from_utf8(head) {
        Ok(text) => Some(text),
        Err(why) if why.error_len().is_none() => std::str::from_utf8(&head[..why.valid_up_to()]).ok(),
        Err(_) => None,
    }
}

/// The country of the domains seen so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Country {
    /// None was seen.
    #[default]
    None,
    /// All were of this one.
    One([u8; 2]),
    /// They differ.
    Several,
}

impl Decoder {
    /// A decoder for a file that begins with `head`; `asked` is used for everything if given.
    pub(super) fn new(asked: Option<Charset>, head: &[u8]) -> Self {
        let mut decoder = Self {
            fixed: asked,
            detector: EncodingDetector::new(Iso2022JpDetection::Deny),
            evidence: 0,
            sample: Vec::new(),
            country: Country::None,
            settled: None,
        };
        if asked.is_none() && is_broken(head) {
            // Lines that are UTF-8 say nothing of the others.
            let lines = head.split_inclusive(|byte| *byte == b'\n');
            lines
                .filter(|line| line.is_ascii() || std::str::from_utf8(line).is_err())
                .for_each(|line| decoder.learn(line));
            decoder.settled = Some(decoder.guess());
        }
        decoder
    }

    /// A decoder for text that is UTF-8.
    pub(super) fn utf8() -> Self {
        Self::new(Some(Charset::UTF_8), &[])
    }

    /// A decoder like this one that has learnt nothing yet: what it decodes without learning, this one decodes equally.
    pub(super) fn fork(&self) -> Self {
        Self::new(self.fixed, &[])
    }

    /// Whether some bytes were not UTF-8 and had to be guessed at, so that what they mean depends on those before.
    pub(super) fn has_guessed(&self) -> bool {
        self.evidence > 0
    }

    /// Whether everything is decoded by the one encoding that was asked for.
    pub(super) fn is_fixed(&self) -> bool {
        self.fixed.is_some()
    }

    /// The text of these bytes. What the encoding has no character for becomes U+FFFD.
    pub(super) fn decode<'b>(&mut self, bytes: &'b [u8]) -> Cow<'b, str> {
        if let Some(fixed) = self.fixed {
            return fixed.decode(bytes);
        }
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Cow::Borrowed(text);
        }
        self.learn(bytes);
        self.guess().decode(bytes)
    }

    /// The text of bytes that declare their own encoding by name.
    ///
    /// A declaration that is wrong or unknown is common; then it is as if there were none.
    pub(super) fn decode_declared<'b>(&mut self, bytes: &'b [u8], declared: Option<Charset>) -> Cow<'b, str> {
        let declared = declared.filter(|_| self.fixed.is_none());
        declared.and_then(|declared| declared.decode_exactly(bytes)).unwrap_or_else(|| self.decode(bytes))
    }

    fn learn(&mut self, bytes: &[u8]) {
        if self.evidence < EVIDENCE {
            self.detector.feed(bytes, false);
            self.evidence += bytes.len();
            self.sample.extend_from_slice(&bytes[..bytes.len().min(SAMPLE.saturating_sub(self.sample.len()))]);
            self.note_countries(bytes);
        }
    }

    /// The encoding that values are read in, as far as it is known by now.
    pub(super) fn encoding(&self) -> Charset {
        match self.fixed {
            Some(fixed) => fixed,
            None if self.evidence == 0 => Charset::UTF_8,
            None => self.guess(),
        }
    }

    fn guess(&self) -> Charset {
        if let Some(settled) = self.settled {
            return settled;
        }
        let country = match &self.country {
            Country::One(country) => Some(country.as_slice()),
            Country::None | Country::Several => None,
        };
        let guess = Charset::from(self.detector.guess(country, Utf8Detection::Deny));
        if !guess.is_single_byte() {
            return guess;
        }
        // A few names are little for the library, and it doesn't know what old Macs and DOS wrote: told apart by what
        // the letters make.
        let mut best = (sense(&self.sample, guess), guess);
        for other in latin() {
            let made = sense(&self.sample, other);
            if made > best.0 {
                best = (made, other);
            }
        }
        best.1
    }

    /// Notes which countries the domains of addresses in these bytes are of.
    fn note_countries(&mut self, bytes: &[u8]) {
        for at in memchr::memchr_iter(b'@', bytes) {
            let domain = &bytes[at + 1..];
            let end = domain.iter().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')));
            let domain = &domain[..end.unwrap_or(domain.len())];
            let Some([a, b]) = domain.rsplit(|byte| *byte == b'.').next().filter(|top| top.len() < domain.len()) else {
                continue;
            };
            let country = [a.to_ascii_lowercase(), b.to_ascii_lowercase()];
            // Domains that are used everywhere tell nothing.
            if [b"io", b"co", b"me", b"tv", b"ai", b"eu"].contains(&&country) {
                continue;
            }
            self.country = match self.country {
                Country::None => Country::One(country),
                Country::One(known) if known == country => Country::One(known),
                Country::One(_) | Country::Several => Country::Several,
            };
        }
    }
}

/// The encodings of Latin letters that names come in.
fn latin() -> [Charset; 9] {
    [
        WINDOWS_1252.into(),
        WINDOWS_1250.into(),
        ISO_8859_2.into(),
        Charset::MACINTOSH,
        Charset::IBM850,
        Charset::IBM437,
        Charset::IBM852,
        WINDOWS_1254.into(),
        WINDOWS_1257.into(),
    ]
}

/// The words of a text that are not UTF-8, and the two encodings in which they make most sense; none where it is UTF-8,
/// has so many of them that there is no doubt, or only one encoding makes sense of them. Of UTF-8 that looks as if it had
/// been written twice the words that are not ASCII: it is read as it stands, for what was exported has to come back equal.
pub(super) fn readings(head: &[u8]) -> Option<(Vec<Vec<u8>>, [Charset; 2])> {
    let parts = || head.split(|byte| byte.is_ascii() && !byte.is_ascii_alphabetic());
    if beginning(head).is_some_and(twice::is_certain) {
        let words = parts().filter(|word| !word.is_ascii()).map(<[u8]>::to_vec).collect();
        return Some((words, [Charset::UTF_8, Charset::UTF_8_TWICE]));
    }
    if !is_broken(head) {
        return None;
    }
    let parts = parts();
    let words: Vec<Vec<u8>> = parts.filter(|word| std::str::from_utf8(word).is_err()).map(<[u8]>::to_vec).collect();
    if words.is_empty() || words.iter().flatten().filter(|byte| !byte.is_ascii()).count() > FEW {
        return None;
    }
    let first = Decoder::new(None, head).encoding();
    let all = words.join(&b' ');
    let differs = |other: &Charset| other.decode(&all) != first.decode(&all);
    let other =
        latin().into_iter().filter(differs).map(|other| (sense(&all, other), other)).max_by_key(|(made, _)| *made);
    other.filter(|(made, _)| *made > 0).map(|(_, other)| (words, [first, other]))
}

/// How much sense bytes make in an encoding: a letter within a word, in its case, makes some, a vowel beside a vowel
/// less; a sign between letters, a capital behind a small one or a control character makes none.
fn sense(bytes: &[u8], encoding: Charset) -> i32 {
    let text = encoding.decode(bytes);
    let chars: Vec<char> = text.chars().collect();
    ALPHABETS.iter().map(|alphabet| sense_in(&chars, alphabet)).max().unwrap_or_default()
}

/// The letters beside A to Z of languages that share a way of writing; of the west of Europe together.
const ALPHABETS: [&str; 10] = [
    "àáâãäåæçèéêëìíîïñòóôõöøùúûüÿœßªº",
    "ąćęłńóśźżäöüß",
    "áäčďéěíĺľňóôöŕřšťúůüýž",
    "áéíóöőúüűä",
    "ăâîșțşţ",
    "čćđšžäöüß",
    "çğıöşüâîûéİ",
    "āčēģīķļņšūžąęėįųõäöüß",
    "áðéíóúýþæöå",
    "àèéíïòóúüç·ñ",
];

/// The same, for text of which the letters should be these; other scripts are letters by themselves.
fn sense_in(chars: &[char], alphabet: &str) -> i32 {
    let odd = chars.iter().enumerate().filter(|(_, c)| !c.is_ascii());
    odd.map(|(at, c)| {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(at + 1);
        let joined = before.is_some_and(char::is_alphabetic) || after.is_some_and(|c| c.is_alphabetic());
        let behind_small = before.is_some_and(|c| c.is_ascii_lowercase());
        let within = before.is_some_and(|c| c.is_ascii_uppercase()) && after.is_some_and(char::is_ascii_lowercase);
        let is_latin = *c < '\u{250}' || ('\u{1e00}'..'\u{1f00}').contains(c);
        let beside_latin = [before, after.copied()].into_iter().flatten().any(|c| c.is_ascii_alphabetic());
        match *c {
            '\u{80}'..='\u{9f}' | '\u{fffd}' => -12,
            c if c.is_alphabetic() && !is_latin && beside_latin => -8,
            c if c.is_alphabetic() && is_latin && !c.to_lowercase().any(|c| alphabet.contains(c)) => -6,
            c if c.is_alphabetic() && c.is_uppercase() && within => -4,
            c if c.is_alphabetic() && c.is_uppercase() && behind_small => -8,
            c if is_vowel(c) && [before, after.copied()].into_iter().flatten().any(is_vowel) => 3,
            c if c.is_alphabetic() && joined => 4,
            c if c.is_alphabetic() => 2,
            _ if joined && before.is_some_and(char::is_alphabetic) && after.is_some_and(|c| c.is_alphabetic()) => -8,
            _ => -2,
        }
    })
    .sum()
}

/// Whether it is a vowel, with whatever marks it bears.
fn is_vowel(c: char) -> bool {
    c.to_lowercase().nfd().next().is_some_and(|c| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'æ' | 'ø' | 'œ'))
}

/// Whether it is not UTF-8, apart from a character that the end cuts in two.
fn is_broken(head: &[u8]) -> bool {
    std::str::from_utf8(head).is_err_and(|error| error.error_len().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{MACINTOSH, SHIFT_JIS, WINDOWS_1251};

    fn decoded(bytes: &[u8]) -> String {
        Decoder::new(None, bytes).decode(bytes).into_owned()
    }

    #[test]
    fn a_mark_tells_the_encoding_and_is_skipped() {
        assert_eq!(opening(b"\xEF\xBB\xBFa,b", None), Opening { transcode: None, mark: 3 });
        assert_eq!(opening(b"\xFF\xFEa\0", None), Opening { transcode: Some(UTF_16LE.into()), mark: 2 });
        assert_eq!(
            opening(b"\xFE\xFF\0a", Some(WINDOWS_1252.into())),
            Opening { transcode: Some(UTF_16BE.into()), mark: 2 }
        );
    }

    #[test]
    fn utf16_without_a_mark_is_known_by_its_zeros() {
        let bytes = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        assert_eq!(opening(&bytes("Email,First name\r\n"), None).transcode, Some(UTF_16LE.into()));
        assert_eq!(opening(&bytes("a,b,c,d\r\nЖук,Ёж,Кот,Пёс\r\n"), None).transcode, Some(UTF_16LE.into()));
        let mut odd = bytes("Email,First name\r\n");
        odd.push(b'x');
        assert_eq!(opening(&odd, None).transcode, Some(UTF_16LE.into()));
        let big: Vec<u8> = "Email,First".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(opening(&big, None).transcode, Some(UTF_16BE.into()));
        assert_eq!(opening(b"Email,First name\r\n", None).transcode, None);
        assert_eq!(opening(&[0; 100], None).transcode, None);
    }

    #[test]
    fn eight_bit_text_is_guessed() {
        assert_eq!(decoded(b"M\xfcller, Stra\xdfe 7, K\xf6ln"), "Müller, Straße 7, Köln");
        let (russian, _, _) = WINDOWS_1251.encode("Иванов Пётр, улица Ленина, Москва");
        assert_eq!(decoded(&russian), "Иванов Пётр, улица Ленина, Москва");
        let (japanese, _, _) = SHIFT_JIS.encode("山田太郎、東京都港区");
        assert_eq!(decoded(&japanese), "山田太郎、東京都港区");
        assert_eq!(decoded("Łódź".as_bytes()), "Łódź");
    }

    #[test]
    fn what_old_macs_wrote_is_told_by_its_letters() {
        let (mac, _, _) = MACINTOSH.encode("Chloé Muñoz; Françoise; Zoë");
        assert_eq!(decoded(&mac), "Chloé Muñoz; Françoise; Zoë");
        let (western, _, _) = WINDOWS_1252.encode("Chloé Muñoz; Françoise; “Zoë”");
        assert_eq!(decoded(&western), "Chloé Muñoz; Françoise; “Zoë”");
    }

    #[test]
    fn what_dos_wrote_is_told_by_its_letters() {
        for names in ["Jürgen Groß; Käthe Böhm; Zoë", "Françoise Désirée; Hélène", "Peña; Núñez; García; Inés"]
        {
            let bytes: Vec<u8> = names
                .chars()
                .map(|c| {
                    let at = (0..=u8::MAX).find(|byte| *Charset::IBM850.decode(&[*byte]) == *c.to_string());
                    at.expect("the code page has it")
                })
                .collect();
            assert_eq!(decoded(&bytes), names);
        }
    }

    #[test]
    fn a_few_names_tell_their_encoding_by_their_letters() {
        for (names, encoding) in [
            ("Name;Miasto\nŻółć;Łódź\nŚwięty;Kraków\n", WINDOWS_1250),
            ("Name;Miasto\nŻółć;Łódź\nŚwięty;Gdańsk\n", ISO_8859_2),
            ("Name,City\nŠimon,Žilina\nĽubomír,Košice\n", WINDOWS_1250),
            ("Name,City\nZoë,Møre\nÅse,Ålesund\n", MACINTOSH),
            ("Name,City\nÇağrı,Muğla\nŞükrü,İğdır\n", WINDOWS_1254),
            ("Name,City\nJānis,Rīga\nĢirts,Ķegums\n", WINDOWS_1257),
            ("Name,City\nJosé,Málaga\nÍñigo,Cádiz\n", WINDOWS_1252),
        ] {
            let (bytes, _, lost) = encoding.encode(names);
            assert!(!lost);
            let mut decoder = Decoder::new(None, &bytes);
            let read: Vec<String> =
                bytes.split(|byte| *byte == b'\n').map(|line| decoder.decode(line).into_owned()).collect();
            assert_eq!(read.join("\n"), names, "{}", encoding.name());
        }
        let mixed = b"FN:M\xfcller\nNOTE:Stra\xc3\x9fe\n";
        assert_eq!(Decoder::new(None, mixed).decode(b"M\xfcller"), "Müller");
    }

    #[test]
    fn the_domains_of_addresses_tell_the_country() {
        let (hungarian, _, _) = WINDOWS_1250.encode("Hőgyész Ernő;e@posta.hu\nTűzkő Ödön;o@posta.hu");
        assert_eq!(decoded(&hungarian), "Hőgyész Ernő;e@posta.hu\nTűzkő Ödön;o@posta.hu");
    }

    #[test]
    fn one_odd_row_in_a_utf8_file_does_not_spoil_the_others() {
        let mut decoder = Decoder::new(None, "Zoë".as_bytes());
        assert_eq!(decoder.decode(b"J\xfcrgen Gro\xdf"), "Jürgen Groß");
        assert_eq!(decoder.decode("Zoë".as_bytes()), "Zoë");
    }

    #[test]
    fn a_declared_encoding_counts_when_it_fits() {
        let mut decoder = Decoder::new(None, b"");
        assert_eq!(decoder.decode_declared(b"Iksi\xf1ski", Charset::by_name("windows-1250")), "Iksiński");
        assert_eq!(decoder.decode_declared("Gauß".as_bytes(), Charset::by_name("utf-8")), "Gauß");
        assert_eq!(Charset::by_name("blabla"), None);
        let mut asked = Decoder::new(Some(WINDOWS_1252.into()), b"");
        assert_eq!(asked.decode_declared(b"caf\xe9", Charset::by_name("windows-1251")), "café");
    }
}
