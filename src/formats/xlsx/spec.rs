//! The row that workbooks fill in the table of formats.
//!
//! They are known by the files within them, which the archive's opening looks at. Read by
//! [`crate::formats::table`].

use crate::formats::format::{ReadFrom, Reading, Spec};

use super::read::open;

/// Workbooks are only read.
pub(in crate::formats) static XLSX: Spec = Spec {
    word: "xlsx",
    endings: &["xlsx", "xlsm"],
    sniff: |_| false,
    read: Some(Reading {
        name: "Excel",
        about: "a sheet of a workbook (.xlsx)",
        has_columns: true,
        from: ReadFrom::Workbook(open),
    }),
    write: None,
};
