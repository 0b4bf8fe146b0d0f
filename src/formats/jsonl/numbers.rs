//! Numbers that no number of ours holds.
//!
//! A custom number is a float: whole numbers above 2^53 (as of accounts elsewhere) and more digits than it has would
//! be rounded. Called by [`super::shape`] before a text is parsed; it makes such numbers texts, so that every digit
//! stays.

use std::borrow::Cow;

/// More digits than this may not all be held.
const DIGITS: usize = 15;

/// A JSON text with the numbers that would be rounded as texts.
pub(super) fn settled(json: &str) -> Cow<'_, str> {
    let bytes = json.as_bytes();
    let (mut at, mut done, mut out) = (0, 0, String::new());
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = behind_text(bytes, at),
            b'-' | b'0'..=b'9' => {
                let length = bytes[at..]
                    .iter()
                    .take_while(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
                let end = at + length.count();
                let number = &json[at..end];
                if is_rounded(number) {
                    out.extend([&json[done..at], "\"", number, "\""]);
                    done = end;
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    if done == 0 {
        return Cow::Borrowed(json);
    }
    out.push_str(&json[done..]);
    Cow::Owned(out)
}

/// Behind the text that begins here; the end if nothing closes it.
fn behind_text(bytes: &[u8], begin: usize) -> usize {
    let mut at = begin + 1;
    loop {
        let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[at.min(bytes.len())..]) else { return bytes.len() };
        at += found;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
}

/// Whether a float of this number is another number.
fn is_rounded(number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    if digits <= DIGITS || number.contains(['e', 'E']) {
        return false;
    }
    let Ok(float) = number.parse::<f64>() else { return false };
    if let Some((_, decimals)) = number.split_once('.') {
        // Halfway between two shortest spellings a program may write either.
        let decimals = decimals.len();
        let shortest = number.trim_end_matches('0').trim_end_matches('.');
        return float.to_string() != shortest && format!("{float:.decimals$}") != number;
    }
    // Such a number is a name and never a quantity: all of a file stay of one kind.
    float.abs() >= 9_007_199_254_740_992.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_would_be_rounded_is_a_text() {
        for (json, kept) in [
            (
                r#"{"a":[10152368852405295123,-9007199254740993],"b":1}"#,
                r#"{"a":["10152368852405295123","-9007199254740993"],"b":1}"#,
            ),
            (r#"{"a":0.12345678901234567891}"#, r#"{"a":"0.12345678901234567891"}"#),
        ] {
            assert_eq!(settled(json), kept);
        }
        for json in [
            r#"{"a":"10152368852405295123 \" 10152368852405295123","b":1700000000000}"#,
            r#"{"a":0.30000000000000004,"b":123456.500000000000,"c":1e300}"#,
            r#"{"a":20010014890832.062,"b":20010014890832.063}"#,
            r#"{"a": "10152368852405295123"#,
            "\"\\",
        ] {
            assert_eq!(settled(json), json);
        }
    }
}
