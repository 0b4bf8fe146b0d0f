//! What of a file's reading had to be assumed, so that whoever imports it can see it and say otherwise.
//!
//! Owns the questions as plain values; the readers raise them, the window of an import asks them. Nothing is decided
//! here.

use super::charset::Charset;
use super::csv::mapping::Mapping;
use super::dates::{self, DateOrder, Told};
use super::encoding;

/// How many samples a question has.
const SAMPLES: usize = 3;

/// Something that a file doesn't tell by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// Whether the first row names the columns.
    Header {
        /// What it is taken for now.
        is_header: bool,
        /// The row.
        row: String,
    },
    /// Which number of a date is the day.
    Dates {
        /// What is taken for the order now.
        order: DateOrder,
        /// The column, by its header.
        column: String,
        /// Dates as they stand there, and as they are read.
        samples: Vec<(String, String)>,
    },
    /// Which letters the bytes are.
    Encoding {
        /// How the file is read now.
        read: InEncoding,
        /// How it could be read as well.
        other: InEncoding,
    },
}

/// Words of a file in an encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InEncoding {
    /// The encoding, by its usual name.
    pub name: &'static str,
    /// The words.
    pub words: Vec<String>,
}

/// The question of dates: none where a date tells the order, or all are the same day in any.
pub(super) fn of_dates<'c>(
    cells: impl Iterator<Item = (usize, &'c str)>,
    mapping: &Mapping,
    order: DateOrder,
) -> Option<Doubt> {
    let mut column = None;
    let mut samples: Vec<(String, String)> = Vec::new();
    for (at, text) in cells {
        match DateOrder::told_by(text) {
            Told::Order(_) => return None,
            Told::Open if samples.len() < SAMPLES => {
                column = column.or(Some(at));
                let day = dates::partial(text, order).map_or_else(|| "no date".to_owned(), |day| day.to_string());
                samples.push((text.trim().to_owned(), day));
            }
            Told::Open | Told::Plain => {}
        }
    }
    let column = mapping.columns.get(column?)?.header.clone();
    Some(Doubt::Dates { order, column, samples })
}

/// The question of letters, where a file has so few that are none of ASCII that an eye decides better.
pub(super) fn of_encoding(head: &[u8], asked: Option<Charset>) -> Option<Doubt> {
    let (words, [first, second]) = encoding::readings(head)?;
    let read = asked.unwrap_or(first);
    let other = if read == first { second } else { first };
    let shown = |charset: Charset| InEncoding {
        name: charset.name(),
        words: words.iter().take(SAMPLES + 1).map(|word| charset.decode(word).into_owned()).collect(),
    };
    Some(Doubt::Encoding { read: shown(read), other: shown(other) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{ReadOptions, open};

    fn doubts(bytes: &[u8], options: ReadOptions) -> Vec<Doubt> {
        open(bytes, options).unwrap().doubts()
    }

    #[test]
    fn a_first_row_of_words_that_nobody_knows_is_asked_about() {
        let text = b"Foo,Bar\n1,2\n3,4\n";
        let header = |is_header| vec![Doubt::Header { is_header, row: "Foo, Bar".to_owned() }];
        assert_eq!(doubts(text, ReadOptions::default()), header(true));
        assert_eq!(doubts(text, ReadOptions { header: Some(false), ..ReadOptions::default() }), header(false));
        assert_eq!(
            doubts(b"Ann,Lee\nBo,Roe\n", ReadOptions::default())[0],
            Doubt::Header { is_header: false, row: "Ann, Lee".to_owned() }
        );
        for sure in [&b"Name,Email\nAnn,a@b.example\n"[..], b"Ann,a@b.example\nBo,b@b.example\n"] {
            assert_eq!(doubts(sure, ReadOptions::default()), []);
        }
    }

    #[test]
    fn dates_that_leave_the_day_open_are_asked_about() {
        let text = b"Name,Birthday\nZo,02/03/1980\n";
        let of = |order, read: &str| {
            vec![Doubt::Dates {
                order,
                column: "Birthday".to_owned(),
                samples: vec![("02/03/1980".to_owned(), read.to_owned())],
            }]
        };
        assert_eq!(doubts(text, ReadOptions::default()), of(DateOrder::MonthFirst, "1980-02-03"));
        let asked = ReadOptions { dates: Some(DateOrder::DayFirst), ..ReadOptions::default() };
        assert_eq!(doubts(text, asked), of(DateOrder::DayFirst, "1980-03-02"));
        assert_eq!(doubts(b"Name,Birthday\nZo,22/03/1980\n", ReadOptions::default()), []);
    }

    #[test]
    fn a_few_names_are_shown_in_two_encodings() {
        let (bytes, _, _) = encoding_rs::WINDOWS_1250.encode("Name,City\n\u{141}ukasz,Pozna\u{144}\n");
        let [Doubt::Encoding { read, other }] = &doubts(&bytes, ReadOptions::default())[..] else { panic!("one") };
        assert_eq!((read.name, &*read.words[0]), ("windows-1250", "\u{141}ukasz"));
        assert_ne!(other.words, read.words);
        let asked = ReadOptions { encoding: Charset::by_name(other.name), ..ReadOptions::default() };
        let [Doubt::Encoding { read: now, other: then }] = &doubts(&bytes, asked)[..] else { panic!("one") };
        assert_eq!((now, then), (other, read), "switched");
        assert_eq!(doubts("Name,City\n\u{141}ukasz,Pozna\u{144}\n".as_bytes(), ReadOptions::default()), []);
    }
}
