//! What spreadsheets, databases and scripts make of a value on its way into a cell, undone.
//!
//! Owns the words for nothing, the wrappings that keep a number a text, and the phone numbers of a cell. Called by
//! [`super::row_to_contact`], [`super::multi_values`] and [`super::sniff`]. It never guesses digits that are lost.

use std::borrow::Cow;

use crate::domain::slot::Group;

use super::target::Target;

/// A cell as it was meant: unwrapped, and nothing where a program says that there is nothing.
pub(super) fn value(cell: &str) -> &str {
    // Nearly every cell begins with a letter or digit that none of these does.
    match cell.as_bytes().first() {
        Some(b'=' | b'\'') => unwrapped(cell),
        Some(b'#' | b'<' | b'(' | b'[' | b'\\' | b'n' | b'N' | b'-') if is_no_text(cell) => "",
        _ => cell,
    }
}

/// Whether a cell is a word that no person writes: a program's for nothing.
fn is_no_text(cell: &str) -> bool {
    matches!(
        cell,
        "#N/A"
            | "#N/A N/A"
            | "#NA"
            | "#NAME?"
            | "#REF!"
            | "#VALUE!"
            | "#NULL!"
            | "#DIV/0!"
            | "#NUM!"
            | "NaN"
            | "nan"
            | "-nan"
            | "<NA>"
            | "<null>"
            | "<NULL>"
            | "(null)"
            | "(NULL)"
            | "[NULL]"
            | "\\N"
            | "NaT"
            | "#ERROR!"
            | "#SPILL!"
            | "#CALC!"
            | "#GETTING_DATA"
    ) || (cell.len() > 2 && cell.bytes().all(|byte| byte == b'#'))
}

/// Whether a field's text says that there is nothing. A name may be `Null` and a note `None`.
pub(super) fn is_nothing(target: Target, text: &str) -> bool {
    let is_name = matches!(target, Target::Slot(slot) if slot.row().group == Group::Name);
    !is_name && matches!(text, "NULL" | "null")
}

/// Whether a cell says that there is nothing: what spreadsheets, databases and scripts write for it.
pub(super) fn is_placeholder(cell: &str) -> bool {
    is_no_text(cell)
        || matches!(
            cell,
            "n/a"
                | "N/A"
                | "n.a."
                | "na"
                | "NA"
                | "NULL"
                | "null"
                | "None"
                | "none"
                | "NoneType"
                | "undefined"
                | "nil"
                | "(none)"
                | "(blank)"
                | "-"
                | "--"
                | "unknown"
        )
}

/// A cell without what keeps a number a text in a spreadsheet: `="0123"`, `'+4930`.
pub(super) fn unwrapped(cell: &str) -> &str {
    let text = [
        ("=\"", "\""),
        ("=T(\"", "\")"),
        ("=TEXT(\"", "\",\"@\")"),
        ("=CONCATENATE(\"", "\")"),
        ("=HYPERLINK(\"", "\")"),
    ];
    for (open, close) in text {
        if let Some(inner) = cell.strip_prefix(open).and_then(|cell| cell.strip_suffix(close))
            && !inner.contains('"')
        {
            return inner;
        }
    }
    // A formula that is nothing but a number was one before the spreadsheet read its sign.
    if let Some(number) = cell.strip_prefix('=').filter(|number| number.len() > 6 && is_numeric(number))
        && !number[1..].contains(['+', '/'])
    {
        return number;
    }
    match cell.strip_prefix('\'') {
        Some(inner) if is_numeric(inner) => inner,
        _ => cell,
    }
}

/// Whether a text is made of digits and the signs of phone numbers.
fn is_numeric(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"+-() ./".contains(&byte))
}

/// What a cell of a phone column holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Phones<'c> {
    /// Numbers, as they stand, each with the word before it that says what it is for.
    Numbers(Vec<(Cow<'c, str>, &'c str)>),
    /// A number of which digits are lost: `4.41E+11`.
    Damaged,
    /// Nothing.
    None,
}

/// The phones of a cell.
pub(super) fn phones(cell: &str) -> Phones<'_> {
    let parts = split(cell);
    let mut numbers = Vec::new();
    for part in parts {
        let (word, part) = without_word(without_mark(part));
        if part.is_empty() || is_placeholder(part) {
            continue;
        }
        if is_scientific(part) {
            return Phones::Damaged;
        }
        numbers.push((whole(part), word));
    }
    if numbers.is_empty() { Phones::None } else { Phones::Numbers(numbers) }
}

/// Whether a number has lost digits in a spreadsheet.
pub(in crate::formats) fn is_damaged(text: &str) -> bool {
    is_scientific(text.trim())
}

/// A number without the point that a computation put behind it: `447700900123.0`.
fn whole(text: &str) -> Cow<'_, str> {
    match text.split_once('.') {
        Some((digits, zeros))
            if digits.len() >= 5
                && digits.trim_start_matches('+').bytes().all(|byte| byte.is_ascii_digit())
                && !zeros.is_empty()
                && zeros.bytes().all(|byte| byte == b'0') =>
        {
            digits.into()
        }
        _ => text.into(),
    }
}

/// Whether a number is written with an exponent, in English or with a comma.
fn is_scientific(text: &str) -> bool {
    let Some((number, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.trim_start_matches(['+', '-']);
    let (before, after) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    digits(before) && digits(after) && digits(exponent.trim_start_matches(['+', '-']))
}

/// A number without the mark of what it is: `tel:`, `p:`.
fn without_mark(text: &str) -> &str {
    let text = unwrapped(text.trim());
    for mark in ["tel:", "phone:", "p:", "callto:", "sms:", "whatsapp:", "wa:", "signal:", "viber:", "telephone:"] {
        if let Some(rest) = text.get(mark.len()..)
            && text[..mark.len()].eq_ignore_ascii_case(mark)
        {
            return unwrapped(rest.trim());
        }
    }
    text
}

/// A number, and the word before it that says what it is for: `M: 0171 5550100`, `Home 555-0100`.
fn without_word(text: &str) -> (&str, &str) {
    let Some((word, number)) = text.split_once(':') else { return ("", text) };
    let (word, number) = (word.trim().trim_end_matches('.'), number.trim());
    let is_word = (1..=12).contains(&word.len()) && word.chars().all(char::is_alphabetic);
    if is_word && number.len() >= 3 && is_numeric(number) { (word, number) } else { ("", text) }
}

/// The parts of a cell that holds several numbers; the cell where it holds one, or what is no number.
fn split(cell: &str) -> Vec<&str> {
    // A slash within a number is one of its signs; between blanks, or between two whole numbers, it is not.
    let apart: [(&str, usize); 9] =
        [(":::", 1), ("\n", 3), (";", 3), ("|", 3), (" / ", 3), (",", 5), ("/", 7), (" or ", 5), (" & ", 5)];
    for (between, least) in apart {
        if !cell.contains(between) {
            continue;
        }
        let parts: Vec<&str> = cell.split(between).map(str::trim).filter(|part| !part.is_empty()).collect();
        let is_number = |part: &&str| {
            let (_, part) = without_word(without_mark(part));
            let digits = part.bytes().filter(u8::is_ascii_digit).count();
            let starts = part.starts_with(|c: char| c.is_ascii_digit() || "+(".contains(c));
            between == ":::" || (digits >= least && starts && !part.contains('='))
        };
        // `555 0100 / 01`: what follows are other last digits of the same number.
        let digits = |part: &str| part.bytes().filter(u8::is_ascii_digit).count();
        let ends = between == " / " && parts.len() > 1 && digits(parts[0]) >= 7 && digits(parts[parts.len() - 1]) <= 4;
        if parts.len() > 1 && !ends && parts.iter().all(is_number) {
            return parts.into_iter().flat_map(split).collect();
        }
        if let ([part], false) = (parts.as_slice(), between == "/") {
            return split(part);
        }
    }
    vec![cell]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(cell: &str) -> Vec<String> {
        match phones(cell) {
            Phones::Numbers(numbers) => numbers.into_iter().map(|(number, _)| number.into_owned()).collect(),
            Phones::Damaged => vec!["damaged".into()],
            Phones::None => Vec::new(),
        }
    }

    #[test]
    fn several_numbers_in_a_cell_are_several() {
        for cell in ["111 / 222", "111; 222", "111 ::: 222", "111\n222", "111 | 222;"] {
            assert_eq!(numbers(cell), ["111", "222"], "{cell:?}");
        }
        assert_eq!(numbers("+49 30 1234, +49 30 5678"), ["+49 30 1234", "+49 30 5678"]);
        assert_eq!(numbers("030/1234567"), ["030/1234567"]);
        assert_eq!(numbers("0301234567/0301234568"), ["0301234567", "0301234568"]);
    }

    #[test]
    fn an_extension_belongs_to_its_number() {
        for cell in ["+1 555 0100 x12", "+15550100;ext=12", "030 1234, Durchwahl 7", "555-0100 ext. 5"] {
            assert_eq!(numbers(cell), [cell]);
        }
    }

    #[test]
    fn marks_and_wrappings_come_off() {
        assert_eq!(numbers("p:+15550100"), ["+15550100"]);
        assert_eq!(numbers("tel:+15550100"), ["+15550100"]);
        assert_eq!(numbers("447700900123.0"), ["447700900123"]);
        assert_eq!(numbers("nan"), [""; 0]);
        assert_eq!(unwrapped("=\"02138\""), "02138");
        assert_eq!(unwrapped("'+49 (0)30"), "+49 (0)30");
        assert_eq!(unwrapped("'tis"), "'tis");
        assert_eq!(unwrapped("=SUM(1)"), "=SUM(1)");
        assert_eq!(
            (unwrapped("=T(\"0123\")"), unwrapped("=+15550100"), unwrapped("=447700900123")),
            ("0123", "+15550100", "447700900123")
        );
        assert_eq!(unwrapped("=1234567+1"), "=1234567+1");
        assert_eq!((value("#ERROR!"), value("########"), value("#1 Acme")), ("", "", "#1 Acme"));
        assert_eq!(numbers("whatsapp:+15550100"), ["+15550100"]);
        assert_eq!(
            phones("M: 0171 5550100 / T: 030 5550101"),
            Phones::Numbers(vec![("0171 5550100".into(), "M"), ("030 5550101".into(), "T")])
        );
        assert_eq!(numbers("555 0100 / 01"), ["555 0100 / 01"]);
    }

    #[test]
    fn lost_digits_are_told() {
        for cell in ["4.41E+11", "4,41E+11", "1E+10", "+4.9e12"] {
            assert_eq!(phones(cell), Phones::Damaged, "{cell}");
        }
        assert_eq!(numbers("1-800-FLOWERS"), ["1-800-FLOWERS"]);
    }
}
