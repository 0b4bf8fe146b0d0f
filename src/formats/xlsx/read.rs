//! A sheet of a workbook as records.
//!
//! Picks the sheet, turns its rows into delimited text in memory and hands that to the reader of delimited text:
//! header, mapping and rows are understood there and nowhere else. Called by [`crate::formats::open`].

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use calamine::{Reader as _, SheetType, Xlsx, XlsxError};

use crate::formats::charset::Charset;
use crate::formats::csv::mapping::{Mapping, looks_like_email};
use crate::formats::csv::reader::Rows;
use crate::formats::encoding::Decoder;
use crate::formats::format::{ReadOptions, Records, Workbook};
use crate::formats::record::{FormatError, Record};
use crate::formats::source::Source;

use super::cells::text;

/// How much text a sheet may have, in bytes.
const LARGEST: usize = 1 << 30;

/// Opens the sheet that is asked for, else the one with the most rows that look like contacts.
pub(super) fn open(bytes: Arc<[u8]>, options: &ReadOptions) -> Result<Workbook, FormatError> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|why| unreadable(&why))?;
    let is_sheet = |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet;
    let names: Vec<String> = book.sheets_metadata().iter().filter(is_sheet).map(|sheet| sheet.name.clone()).collect();
    let (name, table) = if let Some(asked) = &options.sheet {
        let Some(name) = names.iter().find(|name| name.to_lowercase() == asked.trim().to_lowercase()) else {
            return Err(FormatError::NoSheet { sheet: asked.clone(), sheets: names });
        };
        (name.clone(), Table::of(&mut book, name)?)
    } else {
        let mut best: Option<(String, Table)> = None;
        for name in &names {
            let table = Table::of(&mut book, name)?;
            if best.as_ref().is_none_or(|(_, other)| table.worth > other.worth) {
                best = Some((name.clone(), table));
            }
        }
        best.unwrap_or_default()
    };
    let source = Source::open(Cursor::new(table.text), None)?;
    let rows = Rows::open(source, Decoder::utf8(), options)?;
    Ok(Workbook { sheet: name, records: Box::new(Sheet { rows, lines: table.lines }) })
}

fn unreadable(why: &XlsxError) -> FormatError {
    FormatError::Damaged { what: "workbook", why: why.to_string() }
}

/// A sheet as delimited text.
#[derive(Default)]
struct Table {
    text: Vec<u8>,
    /// The line of the text at which each row of the sheet begins.
    lines: Vec<u64>,
    /// Rows with an email address, and rows that are not blank.
    worth: (usize, usize),
}

impl Table {
    fn of<R: std::io::Read + std::io::Seek>(book: &mut Xlsx<R>, sheet: &str) -> Result<Self, FormatError> {
        // Rows may stand in any order, and only what is filled stands there at all.
        let mut rows: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
        let mut size = 0;
        let mut reader = book.worksheet_cells_reader(sheet).map_err(|why| unreadable(&why))?;
        while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|why| unreadable(&why))? {
            let text = text(cell.get_value(), reader.styles().get(style));
            if text.trim().is_empty() {
                continue;
            }
            let (row, column) = cell.get_position();
            // The cells before it are at least their delimiters.
            let before = rows.get(&row).and_then(|cells| cells.last_key_value()).map_or(0, |(last, _)| *last);
            size += text.len() + column.saturating_sub(before) as usize + 3;
            if size > LARGEST {
                return Err(FormatError::Damaged { what: "workbook", why: "a sheet has more than 1 GiB".into() });
            }
            rows.entry(row).or_default().insert(column, text);
        }
        Ok(Self::of_rows(&rows))
    }

    fn of_rows(rows: &BTreeMap<u32, BTreeMap<u32, String>>) -> Self {
        let mut table = Self::default();
        let mut line = 1;
        for (row, cells) in rows {
            while table.lines.len() < *row as usize {
                table.lines.push(line);
                table.text.push(b'\n');
                line += 1;
            }
            table.lines.push(line);
            table.worth.0 += usize::from(cells.values().any(|cell| looks_like_email(cell.trim())));
            table.worth.1 += 1;
            let mut column = 0;
            for (at, cell) in cells {
                for _ in column..*at {
                    table.text.push(b',');
                }
                column = *at;
                table.text.push(b'"');
                table.text.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
                table.text.push(b'"');
                line += memchr::memchr_iter(b'\n', cell.as_bytes()).count() as u64;
            }
            table.text.push(b'\n');
            line += 1;
        }
        table
    }
}

/// The rows of a sheet.
struct Sheet {
    rows: Rows<Cursor<Vec<u8>>>,
    lines: Vec<u64>,
}

impl Records for Sheet {
    fn next(&mut self) -> Option<Result<Record, FormatError>> {
        // The row in the sheet, which is what people can look up.
        let row = |line: u64| self.lines.partition_point(|start| *start <= line) as u64;
        let next = self.rows.next()?;
        Some(next.map(|mut record| {
            record.line = row(record.line);
            if let Err(bad) = &mut record.result {
                bad.line = record.line;
            }
            record
        }))
    }

    fn encoding(&self) -> Charset {
        Charset::UTF_8
    }

    fn is_converted(&self) -> bool {
        false
    }

    fn mapping(&self) -> Option<&Mapping> {
        self.rows.mapping()
    }

    fn head(&self) -> &[u8] {
        self.rows.head()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::domain::contact::Contact;
    use crate::formats::{Format, open};

    const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
    const ROOT: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const STYLES: &str = r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2"><numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="d.m.yyyy"/></numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>"#;

    /// A workbook of these sheets; a cell is `s` and a style behind a bar for a number, else a text.
    fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let mut put = |name: &str, text: &str| {
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        };
        put("[Content_Types].xml", TYPES);
        put("_rels/.rels", ROOT);
        put("xl/styles.xml", STYLES);
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let package = "http://schemas.openxmlformats.org/package/2006/relationships";
        let mut list = Vec::new();
        let mut links = Vec::new();
        for (n, (name, rows)) in sheets.iter().enumerate() {
            list.push(format!(r#"<sheet name="{name}" sheetId="{}" r:id="r{n}"/>"#, n + 1));
            links.push(format!(
                r#"<Relationship Id="r{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>"#
            ));
            let mut data = Vec::new();
            for (at, row) in (1..).zip(*rows).filter(|(_, row)| !row.is_empty()) {
                let filled = (b'A'..).map(char::from).zip(*row).filter(|(_, cell)| !cell.is_empty());
                let cells = filled.map(|(column, cell)| match cell.split_once('|') {
                    Some((number, style)) => format!(r#"<c r="{column}{at}" s="{style}"><v>{number}</v></c>"#),
                    None => format!(r#"<c r="{column}{at}" t="inlineStr"><is><t>{cell}</t></is></c>"#),
                });
                data.push(format!(r#"<row r="{at}">{}</row>"#, cells.collect::<String>()));
            }
            let sheet = format!(r#"<worksheet xmlns="{main}"><sheetData>{}</sheetData></worksheet>"#, data.concat());
            put(&format!("xl/worksheets/sheet{n}.xml"), &sheet);
        }
        put(
            "xl/workbook.xml",
            &format!(r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{}</sheets></workbook>"#, list.concat()),
        );
        put(
            "xl/_rels/workbook.xml.rels",
            &format!(r#"<Relationships xmlns="{package}">{}</Relationships>"#, links.concat()),
        );
        writer.finish().unwrap().into_inner()
    }

    const TWO: &[(&str, &[&[&str]])] = &[
        ("Notes", &[&["to do"], &["call Ann"], &["call Bob"], &["rest"]]),
        (
            "People",
            &[
                &["Guests of the fair"],
                &[],
                &["Name", "Email", "Phone", "Postal code", "Birthday", "Notes"],
                &["Ann Lee", "ann@a.example", "447700900123|0", "1067|1", "29281|2", "first\nsecond"],
                &["", "bob@b.example", "", "", "", "a \"b\", c"],
            ],
        ),
    ];

    fn contacts(options: ReadOptions) -> Vec<Contact> {
        let bytes = workbook(TWO);
        let reader = open(bytes.as_slice(), options).unwrap();
        assert_eq!(reader.format(), Format::XLSX);
        reader.map(|record| record.unwrap().result.unwrap()).collect()
    }

    #[test]
    fn the_sheet_of_contacts_is_read_as_people_see_it() {
        let contacts = contacts(ReadOptions::default());
        let ann = &contacts[0];
        assert_eq!((ann.name.full.as_str(), ann.email(), ann.phone()), ("Ann Lee", "ann@a.example", "447700900123"));
        assert_eq!(ann.addresses[0].postcode, "01067");
        assert_eq!(ann.birthday.unwrap().to_string(), "1980-03-01");
        assert_eq!(ann.note, "first\nsecond");
        assert_eq!(contacts[1].note, "a \"b\", c");
        assert_eq!(contacts.len(), 2);
    }

    #[test]
    fn rows_have_the_numbers_of_the_sheet() {
        let bytes = workbook(TWO);
        let reader = open(bytes.as_slice(), ReadOptions::default()).unwrap();
        assert_eq!(reader.within(), "People");
        assert_eq!(reader.mapping().unwrap().header_line, Some(3));
        let lines: Vec<u64> = reader.map(|record| record.unwrap().line).collect();
        assert_eq!(lines, [4, 5]);
    }

    #[test]
    fn a_sheet_is_asked_for_by_its_name() {
        let sheet = |name: &str| ReadOptions { sheet: Some(name.into()), ..ReadOptions::default() };
        assert_eq!(contacts(sheet("people")).len(), 2);
        let bytes = workbook(TWO);
        let error = open(bytes.as_slice(), sheet("Peple")).err().unwrap();
        assert_eq!(error.to_string(), "the workbook has no sheet \"Peple\"; it has: Notes, People");
        let packed = open(bytes.as_slice(), sheet("Notes")).unwrap();
        assert_eq!(packed.within(), "Notes");
    }

    #[test]
    fn what_is_damaged_is_said() {
        let mut bytes = workbook(TWO);
        let at = bytes.windows(13).position(|window| window == b"xl/styles.xml").unwrap();
        bytes[at + 40] ^= 0xff;
        assert!(open(bytes.as_slice(), ReadOptions::default()).is_err());
        assert!(open(&workbook(TWO)[..300], ReadOptions::default()).is_err());
    }
}
