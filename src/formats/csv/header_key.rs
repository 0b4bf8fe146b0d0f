//! Headers as they are compared: by their letters and digits alone, in any case.
//!
//! Called by everything that looks headers up. It knows no word.

/// A header by its letters and digits: `E-mail 2 - Value` is `email#value` with the number 2.
pub(in crate::formats) fn key(header: &str) -> (String, Option<u16>) {
    let mut key = String::with_capacity(header.len());
    let mut number = None;
    let mut digits = String::new();
    for c in header.chars().flat_map(char::to_lowercase).chain([' ']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            key.push('#');
            number = number.or(digits.parse().ok());
            digits.clear();
        }
        if c.is_alphanumeric() {
            key.push(c);
        }
    }
    (key, number)
}
