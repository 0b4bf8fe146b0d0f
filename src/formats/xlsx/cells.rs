//! What people see of a cell: dates as dates, numbers in all their digits, leading zeros where the cell's format
//! shows them.
//!
//! Owns the text of a value. Called by [`super::read`]. It knows no sheet.

use calamine::{DataRef, ExcelDateTime, Style};

/// The text of a cell.
pub(super) fn text(value: &DataRef<'_>, style: Option<&Style>) -> String {
    let format = style.and_then(|style| style.number_format.as_ref()).map(|format| format.format_code.as_str());
    match value {
        // An error is no value.
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::Int(number) => formatted(number.to_string(), format),
        DataRef::Float(number) => formatted(plain(*number), format),
        DataRef::DateTime(moment) => date(moment),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
    }
}

/// A number in all its digits: a phone number is none with an exponent.
fn plain(number: f64) -> String {
    // Every whole number up to here is exact.
    if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 {
        return format!("{}", number as i64);
    }
    format!("{number}")
}

/// The digits of a whole number as the format of its cell shows them, where that is made of places for digits:
/// `00000` for postcodes, `000-0000` for phones. Any other format leaves the number as it is.
fn formatted(number: String, format: Option<&str>) -> String {
    let Some(places) = format.and_then(places) else { return number };
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return number;
    }
    let mut digits: Vec<char> = number.chars().collect();
    let mut shown = Vec::new();
    for (at, place) in places.iter().enumerate().rev() {
        match place {
            Place::Digit => shown.push(digits.pop().unwrap_or('0')),
            Place::MaybeDigit => shown.extend(digits.pop()),
            Place::Text(text) => shown.push(*text),
        }
        // More digits than places stand before the first of them.
        if matches!(place, Place::Digit | Place::MaybeDigit)
            && !places[..at].iter().any(|place| !matches!(place, Place::Text(_)))
        {
            shown.extend(std::mem::take(&mut digits).into_iter().rev());
        }
    }
    shown.into_iter().rev().collect::<String>().trim().to_owned()
}

/// A place of a format.
enum Place {
    Digit,
    MaybeDigit,
    Text(char),
}

/// The places of a format for whole numbers that shows leading zeros; none for any other.
fn places(format: &str) -> Option<Vec<Place>> {
    let positive = format.split(';').next().unwrap_or_default();
    let mut places = Vec::new();
    let mut chars = positive.chars();
    while let Some(c) = chars.next() {
        match c {
            '0' => places.push(Place::Digit),
            '#' => places.push(Place::MaybeDigit),
            '\\' => places.extend(chars.next().map(Place::Text)),
            '"' => places.extend(chars.by_ref().take_while(|c| *c != '"').map(Place::Text)),
            // A language or a condition shows nothing.
            '[' => {
                chars.by_ref().find(|c| *c == ']')?;
            }
            '_' => {
                chars.next()?;
            }
            '(' | ')' | '-' | '/' | ' ' | '+' => places.push(Place::Text(c)),
            _ => return None,
        }
    }
    let zeros = places.iter().filter(|place| matches!(place, Place::Digit)).count();
    (zeros >= 2).then_some(places)
}

/// A day, a time of day, or both.
fn date(moment: &ExcelDateTime) -> String {
    if moment.is_duration() {
        let seconds = (moment.as_f64() * 86_400.0).round() as i64;
        return format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    match (moment.as_f64() < 1.0, (hour, minute, second)) {
        (true, _) => time,
        (false, (0, 0, 0)) => format!("{year:04}-{month:02}-{day:02}"),
        (false, _) => format!("{year:04}-{month:02}-{day:02} {time}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    #[test]
    fn numbers_show_all_their_digits() {
        let shown = |number: f64| text(&DataRef::Float(number), None);
        assert_eq!(shown(447_700_900_123.0), "447700900123");
        assert_eq!(shown(4.4e14), "440000000000000");
        assert_eq!(shown(1e20), "100000000000000000000");
        assert_eq!(shown(0.25), "0.25");
        assert_eq!(shown(-5.0), "-5");
    }

    #[test]
    fn a_format_of_places_shows_its_zeros() {
        let shown = |number: &str, format: &str| formatted(number.to_owned(), Some(format));
        assert_eq!(shown("1067", "00000"), "01067");
        assert_eq!(shown("5551234", "000\\-0000"), "555-1234");
        assert_eq!(shown("2015551234", "(000) 000-0000"), "(201) 555-1234");
        assert_eq!(shown("12015551234", "[<=9999999]000-0000;(000) 000-0000"), "1201555-1234");
        assert_eq!(shown("7", "0"), "7");
        assert_eq!(shown("7", "General"), "7");
        assert_eq!(shown("7", "0.00"), "7");
    }

    #[test]
    fn dates_are_days_and_times() {
        let shown = |value: f64, kind| text(&DataRef::DateTime(ExcelDateTime::new(value, kind, false)), None);
        assert_eq!(shown(45_943.0, ExcelDateTimeType::DateTime), "2025-10-13");
        assert_eq!(shown(45_943.5, ExcelDateTimeType::DateTime), "2025-10-13 12:00:00");
        assert_eq!(shown(0.25, ExcelDateTimeType::DateTime), "06:00:00");
        assert_eq!(shown(1.5, ExcelDateTimeType::TimeDelta), "36:00:00");
    }
}
