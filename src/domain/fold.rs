//! How texts are compared: case folding, accent folding, phone digits, email domains.
//!
//! The one definition that `matches`, the index and the fuzzy finder share (docs/PRODUCT.md, Criteria).
//! Pure; called for every text that enters the index, so ASCII takes a short way.

use std::borrow::Cow;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds case alone, for *exactly*: NFC, then full Unicode case folding, then NFC again. Spaces at
/// both ends don't count.
pub fn fold_case(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.is_ascii() {
        return lower_ascii(text);
    }
    let folded: String = caseless::default_case_fold_str(&text.nfc().collect::<String>());
    Cow::Owned(folded.nfc().collect())
}

/// Folds case and accents, for *contains*, *starts with*, *ends with*, for order and for fuzzy
/// finding: NFKD without combining marks, case folded, and ł l, ø o, đ d, ı i, ß ss, æ ae, œ oe.
/// Spaces at both ends don't count.
pub fn fold_accents(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.is_ascii() {
        return lower_ascii(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c.to_ascii_lowercase());
        } else {
            out.push_str(accents_of(c));
        }
    }
    // Compatibility forms can turn into spaces at the ends.
    match out.trim() {
        trimmed if trimmed.len() == out.len() => Cow::Owned(out),
        trimmed => Cow::Owned(trimmed.to_owned()),
    }
}

/// How many characters a page covers.
const PAGE: usize = 256;

/// What each character folds to, in pages of [`PAGE`] characters, each worked out when one of them is first met. A text
/// can be folded character by character: decomposing only ever moves combining marks, and those are left out.
static PAGES: [OnceLock<Page>; (char::MAX as usize + 1) / PAGE] =
    [const { OnceLock::new() }; (char::MAX as usize + 1) / PAGE];

/// What the characters of a page fold to: their texts in a row, and where each ends.
#[derive(Debug)]
struct Page {
    text: String,
    ends: [u16; PAGE],
}

fn accents_of(c: char) -> &'static str {
    let (number, at) = (c as usize / PAGE, c as usize % PAGE);
    let page = PAGES[number].get_or_init(|| Page::of(number));
    let start = at.checked_sub(1).map_or(0, |before| page.ends[before]);
    &page.text[usize::from(start)..usize::from(page.ends[at])]
}

impl Page {
    fn of(number: usize) -> Self {
        let mut page = Self { text: String::new(), ends: [0; PAGE] };
        for (at, end) in page.ends.iter_mut().enumerate() {
            let character = char::from_u32((number * PAGE + at) as u32);
            page.text.extend(character.into_iter().flat_map(|c| without_accents(c.encode_utf8(&mut [0; 4]))));
            *end = page.text.len() as u16;
        }
        page
    }
}

/// The definition of folding accents, spaces at the ends left standing.
fn without_accents(text: &str) -> Vec<char> {
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
    let mut out = Vec::new();
    // Case folding can bring composed characters back, so what it yields is taken apart once more.
    for c in caseless::default_case_fold_str(&plain).nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ł' => out.push('l'),
            'ø' => out.push('o'),
            'đ' => out.push('d'),
            'ı' => out.push('i'),
            'ß' => out.extend(['s', 's']),
            'æ' => out.extend(['a', 'e']),
            'œ' => out.extend(['o', 'e']),
            other => out.push(other),
        }
    }
    out
}

fn lower_ascii(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// A phone's digits alone, as ASCII, whatever script or width they were written in.
pub fn digits(phone: &str) -> String {
    if phone.is_ascii() {
        return phone.chars().filter(char::is_ascii_digit).collect();
    }
    phone.nfkc().filter_map(decimal).collect()
}

/// The ASCII digit for a decimal digit of the scripts that phones are written in.
fn decimal(c: char) -> Option<char> {
    const ZEROS: [u32; 8] = [0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0x17E0, 0x1040];
    let c = c as u32;
    ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&c)).and_then(|zero| char::from_digit(c - zero, 10))
}

/// What follows the last @ of an email address, trimmed; empty where there is no @.
pub fn domain_of(email: &str) -> &str {
    email.rsplit_once('@').map_or("", |(_, domain)| domain.trim())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accents_fold_as_product_md_says() {
        for (text, folded) in [
            ("Müller", "muller"),
            ("Łódź", "lodz"),
            ("Đorđe", "dorde"),
            ("Øre", "ore"),
            ("Straße", "strasse"),
            ("STRASSE", "strasse"),
            ("Æsop œuvre", "aesop oeuvre"),
            ("İstanbul ıI", "istanbul ii"),
            ("  ΣΊΣΥΦΟΣ ", "σισυφοσ"),
            ("ｆｕｌｌ", "full"),
            ("e\u{301}", "e"),
            ("佐藤", "佐藤"),
        ] {
            assert_eq!(fold_accents(text), folded, "{text}");
        }
    }

    #[test]
    fn exactly_keeps_accents_and_forgets_case_and_composition() {
        assert_eq!(fold_case("É"), fold_case("e\u{301}"));
        assert_ne!(fold_case("é"), fold_case("e"));
        assert_eq!(fold_case("Straße"), fold_case("STRASSE"));
        assert_eq!(fold_case(" Ab "), "ab");
    }

    #[test]
    fn every_character_folds_as_defined_and_no_further() {
        let all: Vec<char> = ('\0'..=char::MAX).collect();
        for some in all.chunks(64) {
            // Letters between them, so that none composes with the next.
            let text: String = some.iter().flat_map(|c| ['a', *c, 'b']).collect();
            let once = fold_accents(&text).into_owned();
            assert_eq!(once, without_accents(&text).into_iter().collect::<String>(), "from U+{:04X}", some[0] as u32);
            assert_eq!(fold_accents(&once), once, "from U+{:04X}", some[0] as u32);
            let cased = fold_case(&text).into_owned();
            assert_eq!(fold_case(&cased), cased, "from U+{:04X}", some[0] as u32);
        }
    }

    proptest! {
        #[test]
        fn a_text_folds_character_by_character(text in "[aZ \u{300}-\u{345}\u{3b1}-\u{3c9}ᾳßİıÅ각\u{1100}-\u{1175}ﷺ\u{a0}]{0,12}|\\PC{0,12}") {
            let whole: String = without_accents(text.trim()).into_iter().collect();
            prop_assert_eq!(fold_accents(&text), whole.trim());
        }
    }

    #[test]
    fn digits_and_domains() {
        assert_eq!(digits("+1 (214) 106-1"), "12141061");
        assert_eq!(digits("٠١２3"), "0123");
        assert_eq!(domain_of("a@b@c.example "), "c.example");
        assert_eq!(domain_of("nobody"), "");
    }
}
