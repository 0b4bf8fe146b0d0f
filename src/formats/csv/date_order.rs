//! The order of day and month in a file's dates, settled before its first row is read.
//!
//! Owns what tells it: a date of any row, however late it stands; the language of the headers; the countries of the
//! rows. Called by [`super::reader`] once for a file. It consumes nothing.

use std::io::Read;

use crate::formats::dates::{self, DateOrder, Told};
use crate::formats::encoding::Decoder;
use crate::formats::record::FormatError;
use crate::formats::source::Source;

use super::columns;
use super::mapping::{Column, Mapping};
use super::sniff::Opening;
use super::target::Target;
use super::tokenizer::{Row, Split, Splitter};

/// How far the rows are looked through for one that tells the order, in bytes.
const LOOKED_THROUGH: usize = 64 << 20;

/// The columns of dates.
pub(super) fn columns(mapping: &Mapping) -> Vec<usize> {
    let is_date = |column: &Column| match column.target {
        Target::Slot(slot) => slot.is_day(),
        other => matches!(other, Target::Created | Target::Updated | Target::Active | Target::EventValue),
    };
    (0..mapping.columns.len()).filter(|at| is_date(&mapping.columns[*at])).collect()
}

/// The order, and what is to be told where nothing says it; `asked` wins.
pub(super) fn settle<R: Read>(
    source: &mut Source<R>,
    decoder: &mut Decoder,
    opening: &Opening,
    mapping: &Mapping,
    (dates, asked): (&[usize], Option<DateOrder>),
) -> Result<(DateOrder, Option<String>), FormatError> {
    if asked.is_some() || dates.is_empty() {
        return Ok((asked.unwrap_or_default(), None));
    }
    // A header may say it: `Birthday (DD/MM/YYYY)`.
    if let Some(order) = dates.iter().find_map(|at| columns::without_order(&mapping.columns[*at].header).1) {
        return Ok((order, None));
    }
    let below = &opening.rows[opening.header.map_or(0, |at| at + 1).min(opening.rows.len())..];
    // The first date that leaves it open, with its column.
    let mut open: Option<(usize, &str)> = None;
    for (at, text) in below.iter().flat_map(|row| dates.iter().filter_map(|at| Some((*at, row.cells.get(*at)?)))) {
        match DateOrder::told_by(text) {
            Told::Order(order) => return Ok((order, None)),
            Told::Open => open = open.or(Some((at, text))),
            Told::Plain => {}
        }
    }
    // Only a column that leaves it open is worth to be read on.
    let Some((column, example)) = open else { return Ok((DateOrder::default(), None)) };
    if let Some(order) = told_later(source, decoder, opening, dates)? {
        return Ok((order, None));
    }
    // A date of a column that is no field: one program wrote them all.
    let any = below.iter().flat_map(|row| &row.cells).filter(|cell| cell.len() < 24 && cell.split('/').count() == 3);
    for text in any {
        if let Told::Order(order) = DateOrder::told_by(text) {
            return Ok((order, None));
        }
    }
    let cells = below.iter().flat_map(|row| row.cells.iter().map(String::as_str));
    if let Some(order) = by_language(mapping, dates).or_else(|| by_country(cells)) {
        return Ok((order, None));
    }
    let header = &mapping.columns[column].header;
    let day = dates::partial(example, DateOrder::default()).map(|date| date.to_string()).unwrap_or_default();
    let said = format!("{header}: nothing in the file tells day from month, {example} is taken as {day}");
    Ok((DateOrder::default(), Some(format!("{said}; --dates dmy takes the first number for the day"))))
}

/// The order that a row behind the first ones tells.
fn told_later<R: Read>(
    source: &mut Source<R>,
    decoder: &mut Decoder,
    opening: &Opening,
    dates: &[usize],
) -> Result<Option<DateOrder>, FormatError> {
    let mut at = opening.rows.last().map_or(0, |row| row.end);
    let (mut splitter, mut row) = (Splitter::new(opening.delimiter), Row::default());
    while at < LOOKED_THROUGH {
        let rest = source.data().get(at..).unwrap_or_default();
        if rest.is_empty() {
            if !source.fill()? {
                break;
            }
            continue;
        }
        match splitter.split(rest, source.ended(), &mut row) {
            Split::Row { length, .. } if length > 0 => {
                for column in dates {
                    if let Told::Order(order) = DateOrder::told_by(&decoder.decode(row.cell(*column))) {
                        return Ok(Some(order));
                    }
                }
                at += length;
            }
            Split::Row { .. } | Split::Unclosed => break,
            Split::More => {
                if !source.fill()? {
                    break;
                }
            }
        }
    }
    Ok(None)
}

/// The order that is usual where the headers' language is spoken; none in English, which is spoken in both.
fn by_language(mapping: &Mapping, dates: &[usize]) -> Option<DateOrder> {
    const ENGLISH: [&str; 12] = [
        "birth",
        "date",
        "anniversary",
        "created",
        "updated",
        "active",
        "time",
        "dob",
        "changed",
        "bday",
        "activity",
        "seen",
    ];
    let is_english = |at: &usize| {
        let key = columns::key(&mapping.columns[*at].header).0;
        ENGLISH.iter().any(|word| key.contains(word)) && !key.starts_with("datede") && !key.starts_with("datadi")
    };
    let is_named = |at: &usize| mapping.header_line.is_some() && mapping.columns[*at].target != Target::EventValue;
    dates.iter().any(|at| is_named(at) && !is_english(at)).then_some(DateOrder::DayFirst)
}

/// The order that is usual where the addresses and phones of the rows are, if they agree.
fn by_country<'c>(cells: impl Iterator<Item = &'c str>) -> Option<DateOrder> {
    let (mut day, mut month) = (0_u32, 0_u32);
    for cell in cells {
        let lower = cell.trim().to_lowercase();
        let top = lower.rsplit_once('@').and_then(|(_, domain)| domain.rsplit('.').next());
        let phone = lower.strip_prefix('+').or_else(|| lower.strip_prefix("00"));
        let phone = phone.filter(|rest| rest.bytes().filter(u8::is_ascii_digit).count() >= 7);
        match (top, phone.and_then(|rest| rest.bytes().next()), lower.as_str()) {
            (Some("us" | "gov" | "mil"), _, _)
            | (_, Some(b'1'), _)
            | (_, _, "usa" | "united states" | "united states of america" | "us") => month += 1,
            // Countries' domains that are used everywhere tell nothing.
            (Some("io" | "co" | "me" | "tv" | "ai" | "eu" | "cc" | "ws" | "to" | "ly"), _, _) => {}
            (_, Some(b'2'..=b'9'), _)
            | (
                _,
                _,
                "united kingdom" | "uk" | "great britain" | "germany" | "deutschland" | "france" | "australia"
                | "ireland" | "india" | "spain" | "españa" | "italy" | "italia" | "netherlands" | "new zealand"
                | "austria" | "schweiz",
            ) => day += 1,
            (Some(country), _, _) if country.len() == 2 => day += 1,
            _ => {}
        }
    }
    match (day, month) {
        (1.., 0) => Some(DateOrder::DayFirst),
        (0, 1..) => Some(DateOrder::MonthFirst),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{ReadOptions, open};

    /// The first contact's birthday and what is told of the file.
    fn read(text: &str, dates: Option<DateOrder>) -> (String, Vec<String>) {
        let mut reader = open(text.as_bytes(), ReadOptions { dates, ..ReadOptions::default() }).unwrap();
        let record = reader.next().unwrap().unwrap();
        (record.result.unwrap().birthday.unwrap().to_string(), record.notes)
    }

    #[test]
    fn a_row_far_below_tells_the_order_of_all() {
        let rows = (1..4_000).map(|n| format!("N{n},02/03/1980\n")).collect::<Vec<_>>().concat();
        let told = read(&format!("Name,Birthday\n{rows}Z,31/12/1980\n"), None);
        assert_eq!(told, ("1980-03-02".to_owned(), Vec::new()));
        let told = read(&format!("Name,Birthday\n{rows}Z,12/31/1980\n"), None);
        assert_eq!(told, ("1980-02-03".to_owned(), Vec::new()));
    }

    #[test]
    fn language_and_country_tell_it_where_no_date_does() {
        assert_eq!(read("Nom,Anniversaire\nZo,02/03/1980\n", None).0, "1980-03-02");
        assert_eq!(read("Name,Geburtstag\nZo,02/03/1980\n", None).0, "1980-03-02");
        assert_eq!(read("Name,Email,Birthday\nZo,zo@zo.fr,02/03/1980\n", None), ("1980-03-02".to_owned(), Vec::new()));
        assert_eq!(
            read("Name,Phone,Birthday\nZo,+1 555 010 0123,02/03/1980\n", None),
            ("1980-02-03".to_owned(), Vec::new())
        );
    }

    #[test]
    fn a_header_or_any_other_date_of_the_file_tells_it() {
        assert_eq!(read("Name,Birthday (DD/MM/YYYY)\nZo,02/03/1980\n", None), ("1980-03-02".to_owned(), Vec::new()));
        assert_eq!(read("Name,Birthday (mm/dd)\nZo,02/03\n", None), ("--02-03".to_owned(), Vec::new()));
        assert_eq!(read("Name,Birthday,Joined\nZo,02/03/1980,25/12/2000\n", None).0, "1980-03-02");
    }

    #[test]
    fn where_it_stays_open_it_is_told_and_can_be_said() {
        let text = "Name,Birthday\nZo,02/03/1980\n";
        let (day, notes) = read(text, None);
        assert_eq!(day, "1980-02-03");
        assert!(notes[0].contains("--dates dmy"), "{notes:?}");
        assert_eq!(read(text, Some(DateOrder::DayFirst)), ("1980-03-02".to_owned(), Vec::new()));
    }
}
