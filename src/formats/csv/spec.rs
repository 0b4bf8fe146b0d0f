//! The rows that delimited text fills in the table of formats.
//!
//! Owns what distinguishes its forms from one another. Read by [`crate::formats::table`].

use crate::formats::format::{Input, LayoutOf, ReadFrom, Reading, Records, Spec, Writing};
use crate::formats::record::FormatError;
use crate::formats::unsupported::Loss;

use super::reader::Rows;
use super::{google, outlook, write};

/// Our own full form, which reads back as it was; what is read is any.
pub(in crate::formats) static OWN: Spec = Spec {
    word: "csv",
    endings: &["csv"],
    sniff: |_| false,
    read: Some(READING),
    write: Some(Writing {
        name: "CSV, full",
        about: "every field in a column of its own; nothing is lost",
        header: write::header,
        record: |contact, layout, out, _| write::row(contact, layout, out),
        ..PLAIN
    }),
};

/// Our own full form with tabs between the cells.
pub(in crate::formats) static TABS: Spec = Spec {
    word: "tsv",
    endings: &["tsv", "tab"],
    sniff: |_| false,
    read: Some(Reading { name: "TSV", about: "rows of cells with tabs between them", ..READING }),
    write: Some(Writing {
        name: "TSV, full",
        about: "the same with tabs between the cells",
        header: |layout| tabbed(&write::header(layout)),
        record: |contact, layout, out, _| {
            let mut row = String::new();
            write::row(contact, layout, &mut row);
            out.push_str(&tabbed(&row));
        },
        ..PLAIN
    }),
};

/// Google's form.
pub(in crate::formats) static GOOGLE: Spec = Spec {
    word: "google",
    endings: &["csv"],
    sniff: |_| false,
    read: None,
    write: Some(Writing {
        name: "CSV for Google",
        about: "for Google Contacts; no statuses, pictures or dates",
        layout_of: LayoutOf::Contacts,
        header: google::header,
        record: google::row,
        lacks: &[
            Loss::Contact,
            Loss::Subscription,
            Loss::Deliverability,
            Loss::FullName,
            Loss::Picture,
            Loss::CardLine,
            Loss::CustomKind,
            Loss::Member,
            Loss::Billing,
            Loss::Protection,
            Loss::Locale,
            Loss::Source,
            Loss::Dates,
        ],
        ..PLAIN
    }),
};

/// Outlook's form.
pub(in crate::formats) static OUTLOOK: Spec = Spec {
    word: "outlook",
    endings: &["csv"],
    sniff: |_| false,
    read: None,
    write: Some(Writing {
        name: "CSV for Outlook",
        about: "for Outlook; no statuses, pictures or dates",
        layout_of: LayoutOf::Nothing,
        header: |_| outlook::header(),
        record: |contact, _, out, losses| outlook::row(contact, out, losses),
        lacks: &[
            Loss::Contact,
            Loss::Subscription,
            Loss::Deliverability,
            Loss::Purpose,
            Loss::Picture,
            Loss::CardLine,
            Loss::Member,
            Loss::Billing,
            Loss::Protection,
            Loss::Source,
            Loss::Dates,
        ],
        ..PLAIN
    }),
};

const READING: Reading = Reading {
    name: "CSV",
    about: "rows of cells with any delimiter",
    has_columns: true,
    from: ReadFrom::Text(|source, decoder, options| {
        let rows: Rows<Input<'_>> = Rows::open(source, decoder, options)?;
        Ok::<Box<dyn Records>, FormatError>(Box::new(rows))
    }),
};

/// What all forms share.
const PLAIN: Writing = Writing {
    name: "",
    about: "",
    layout_of: LayoutOf::Lists,
    header: |_| String::new(),
    record: |_, _, _, _| (),
    between: "",
    behind: |_| String::new(),
    footer: "",
    lacks: &[],
};

/// A row with tabs in place of the commas between its cells: those outside quotes.
fn tabbed(row: &str) -> String {
    let mut quoted = false;
    let tab = |c: char| {
        quoted ^= c == '"';
        if c == ',' && !quoted { '\t' } else { c }
    };
    row.chars().map(tab).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_replace_the_commas_between_cells_alone() {
        assert_eq!(tabbed("a,\"b, \"\"c\"\", d\",,e\r\n"), "a\t\"b, \"\"c\"\", d\"\t\te\r\n");
    }
}
