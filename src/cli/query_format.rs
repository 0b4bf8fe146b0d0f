//! How the contacts that a query found are written: a table, columns for a program, whole contacts, or addresses
//! for a mail program.
//!
//! Used by `query` and `address`. A whole export, which an import reads back, is `export`'s.

use clap::ValueEnum;

use super::exit::Failure;
use super::print::{Out, counted};
use crate::api::{ApiError, Code, Session, csv_row, field_names};
use crate::domain::contact::{Contact, ContactId, list_name};
use crate::domain::display::sanitise;
use crate::domain::field::{CustomFields, Field};
use crate::domain::nearest::nearest;

/// How many contacts are read at once.
const PAGE: usize = 1_000;

/// How what was found is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Columns that line up, for people.
    Table,
    /// Columns set apart by tabs, a line above them.
    Tsv,
    /// Columns set apart by commas, a line above them.
    Csv,
    /// Whole contacts, an object a line.
    Jsonl,
    /// Address, name and list, as mutt reads them.
    Mutt,
    /// Address and name, as aerc reads them.
    Aerc,
}

/// The fields of `name,email,x.Points`, or of what is shown where nothing was asked for.
pub(super) fn columns(text: Option<&str>, vocabulary: &CustomFields) -> Result<Vec<Field>, ApiError> {
    let Some(text) = text else {
        let usual = ["id", "name", "email", "phone", "company", "list", "active"];
        return Ok(usual.iter().filter_map(|name| Field::find(name, vocabulary)).collect());
    };
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    let fields = names.map(|name| Field::find(name, vocabulary).ok_or_else(|| unknown(name, vocabulary)));
    let fields: Vec<Field> = fields.collect::<Result<_, _>>()?;
    if fields.is_empty() {
        return Err(Failure::bad_input("--columns names no field").hint("for example --columns name,email,phone"));
    }
    Ok(fields)
}

fn unknown(name: &str, vocabulary: &CustomFields) -> ApiError {
    let known = field_names(vocabulary);
    let error =
        ApiError::of(Code::Criteria { code: "UNKNOWN_COLUMN" }, format!("there is no field \u{201c}{name}\u{201d}"));
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => error.hint(format!("did you mean {near}?")),
        None => error.hint(format!("known are: {}", known.join(", "))),
    }
}

/// A row of cells, for a program; no cell can be taken for two, nor a row for two.
pub(super) fn row(cells: &[String], format: Format) -> String {
    match format {
        Format::Csv => {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            csv_row(&cells).trim_end_matches(['\r', '\n']).to_owned()
        }
        Format::Table | Format::Tsv | Format::Jsonl | Format::Mutt | Format::Aerc => {
            let plain = |cell: &String| cell.replace(['\t', '\n', '\r'], " ");
            cells.iter().map(plain).collect::<Vec<_>>().join("\t")
        }
    }
}

/// The rows with a line of heads above them.
pub(super) fn rows(
    ids: &[ContactId],
    fields: &[Field],
    api: &Session,
    format: Format,
    out: &mut Out,
) -> Result<(), Failure> {
    let heads: Vec<String> = fields.iter().map(ToString::to_string).collect();
    writeln!(out.writer(), "{}", row(&heads, format))?;
    for page in ids.chunks(PAGE) {
        for mut cells in api.cells(page, fields)? {
            for cell in &mut cells {
                // What sets cells and rows apart is no text of theirs.
                *cell = sanitise(&cell.replace(['\t', '\n', '\r'], " ")).into_owned();
            }
            writeln!(out.writer(), "{}", row(&cells, format))?;
        }
    }
    Ok(())
}

/// Whole contacts, an object a line.
pub(super) fn lines_of_json(ids: &[ContactId], api: &Session, out: &mut Out) -> Result<(), Failure> {
    for page in ids.chunks(PAGE) {
        for shape in api.shapes(page)? {
            out.json(&shape)?;
        }
    }
    Ok(())
}

/// The addresses of contacts, for a mail program: each of a contact's on a line of its own.
pub(super) fn mail_lines(ids: &[ContactId], api: &Session, format: Format, out: &mut Out) -> Result<(), Failure> {
    if format == Format::Mutt {
        out.line(&counted(ids.len() as u64, "contact"))?;
    }
    for page in ids.chunks(PAGE) {
        lines(&api.contacts(page)?, api, format, out)?;
    }
    Ok(())
}

/// The same of contacts that were read, in their order.
pub(super) fn addresses(contacts: &[Contact], api: &Session, format: Format, out: &mut Out) -> Result<(), Failure> {
    if format == Format::Mutt {
        // mutt takes the first line for a message.
        out.line(&counted(contacts.len() as u64, "contact"))?;
    }
    lines(contacts, api, format, out)
}

fn lines(contacts: &[Contact], api: &Session, format: Format, out: &mut Out) -> Result<(), Failure> {
    let lists = api.lists();
    for contact in contacts {
        let list = list_name(&lists, contact.list);
        for email in &contact.emails {
            let mut cells = vec![email.value.clone(), contact.display_name()];
            if format == Format::Mutt {
                cells.push(list.to_owned());
            }
            let cells: Vec<String> = cells.iter().map(|cell| sanitise(&cell.replace('\t', " ")).into_owned()).collect();
            out.tabbed(&cells)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_fields_in_their_order_and_a_wrong_one_is_told() {
        let none = CustomFields::default();
        assert_eq!(columns(Some("email, name"), &none), Ok(vec![Field::Email, Field::Name]));
        assert_eq!(columns(None, &none).map(|fields| fields.len()), Ok(7));
        let wrong = columns(Some("emial"), &none).expect_err("no such field");
        assert_eq!(wrong.hints, ["did you mean email?"]);
        assert!(columns(Some(" , "), &none).is_err());
    }

    #[test]
    fn a_row_stays_one_row_and_its_cells_stay_apart() {
        let cells = ["a\tb\nc".to_owned(), "d, \"e\"".to_owned()];
        assert_eq!(row(&cells, Format::Tsv), "a b c\td, \"e\"");
        assert_eq!(row(&cells, Format::Csv), "\"a\tb\nc\",\"d, \"\"e\"\"\"");
    }
}
