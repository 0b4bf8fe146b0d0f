//! How texts and numbers are shown. The one sanitiser: any text from outside becomes safe to show in a
//! terminal.
//!
//! Control codes, direction and invisible characters are replaced by visible ones; the raw value stays
//! in the book. Everything a face shows passes through here: cells, errors, `--json` excepted (JSON
//! escapes by itself), logs, exports' messages.

use std::borrow::Cow;

/// The text with everything that could act on a terminal replaced by a visible sign: control codes by
/// their pictures (␛, ␇, ␊), direction and zero-width characters by `·`. At most four combining marks
/// stay on a character.
pub fn sanitise(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    for c in text.chars() {
        if unicode_normalization::char::is_combining_mark(c) {
            marks += 1;
            if marks > 4 {
                continue;
            }
        } else {
            marks = 0;
        }
        out.push(visible(c));
    }
    Cow::Owned(out)
}

/// `1 contact`, `3,000 contacts`.
pub fn contacts(n: u64) -> String {
    counted(n, "contact")
}

/// A number of things, by the word for one of them: `1 contact`, `3,118 contacts`, `2 searches`, `0 entries`.
pub fn counted(n: u64, thing: &str) -> String {
    let number = thousands(n);
    match thing.strip_suffix('y') {
        _ if n == 1 => format!("{number} {thing}"),
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{number} {stem}ies"),
        _ if thing.ends_with(['s', 'x']) || thing.ends_with("ch") => format!("{number} {thing}es"),
        _ => format!("{number} {thing}s"),
    }
}

/// The word that goes with a number: the first with one, the second with any other.
pub fn agreeing<'a>(n: u64, one: &'a str, many: &'a str) -> &'a str {
    if n == 1 { one } else { many }
}

/// A number with its thousands apart: `1,204`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The name of a month, from 1; nothing for what is none.
pub fn month_name(month: u8) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    NAMES.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or_default()
}

/// Whether a character is shown as itself: it neither acts on a terminal nor is invisible.
pub fn is_shown(c: char) -> bool {
    visible(c) == c
}

/// The character to show for a character.
fn visible(c: char) -> char {
    match c {
        '\0'..='\x1f' => char::from_u32(0x2400 + c as u32).unwrap_or('·'),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}' => '\u{fffd}',
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200c}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}'
        | '\u{115f}'..='\u{1160}'
        | '\u{3164}'
        | '\u{ffa0}' => '·',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!([0, 999, 1_204, 1_000_000].map(thousands), ["0", "999", "1,204", "1,000,000"]);
    }

    #[test]
    fn a_number_and_its_words_agree() {
        assert_eq!([1, 3_000].map(contacts), ["1 contact", "3,000 contacts"]);
        assert_eq!([0, 1, 2].map(|n| counted(n, "search")), ["0 searches", "1 search", "2 searches"]);
        assert_eq!(["address", "entry", "day"].map(|one| counted(2, one)), ["2 addresses", "2 entries", "2 days"]);
        assert_eq!(["address", "entry", "day"].map(|one| counted(1, one)), ["1 address", "1 entry", "1 day"]);
        assert_eq!([0, 1, 2].map(|n| agreeing(n, "goes", "go")), ["go", "goes", "go"]);
    }

    #[test]
    fn nothing_that_acts_on_a_terminal_passes() {
        assert_eq!(sanitise("plain"), "plain");
        assert_eq!(sanitise("a\x1b]52;c;x\x07b"), "a␛]52;c;x␇b");
        assert_eq!(sanitise("a\nb\tc\u{9b}31m"), "a␊b␉c\u{fffd}31m");
        assert_eq!(sanitise("a\u{202e}b\u{200b}c"), "a·b·c");
        assert_eq!(sanitise("Müller 佐藤 👩\u{200d}👩"), "Müller 佐藤 👩\u{200d}👩", "a joiner in an emoji stays");
        let storm = format!("e{}", "\u{301}".repeat(50));
        assert_eq!(sanitise(&storm).chars().count(), 5);
    }
}
