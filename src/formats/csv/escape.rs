//! Cells and rows to be written.
//!
//! Owns the quotes and the guard against formulas. Called by the writers of all forms, and by [`super::row_to_contact`] to
//! take the guard off again.

/// A row of CSV of these cells, whatever they are; formulas are neutralised.
pub fn csv_row(cells: &[&str]) -> String {
    let mut row = String::new();
    for cell in cells {
        push(&mut row, cell);
    }
    end(&mut row);
    row
}

/// Appends a cell and its delimiter.
pub(super) fn push(row: &mut String, cell: &str) {
    // Most cells are empty.
    if !cell.is_empty() {
        let guard = if is_formula(cell) { "'" } else { "" };
        if needs_quotes(cell) {
            row.push('"');
            row.push_str(guard);
            for (at, part) in cell.split('"').enumerate() {
                row.push_str(if at == 0 { "" } else { "\"\"" });
                row.push_str(part);
            }
            row.push('"');
        } else {
            row.push_str(guard);
            row.push_str(cell);
        }
    }
    row.push(',');
}

/// Whether a cell means something else without quotes.
fn needs_quotes(cell: &str) -> bool {
    let is_blank = |byte: Option<&u8>| byte == Some(&b' ');
    let bytes = cell.as_bytes();
    is_blank(bytes.first()) || is_blank(bytes.last()) || bytes.iter().any(|byte| QUOTED[usize::from(*byte)])
}

/// Whether a cell with this byte is quoted.
const QUOTED: [bool; 256] = {
    let (signs, mut table, mut at) = (b"\",\n\r;\t", [false; 256], 0);
    while at < signs.len() {
        table[signs[at] as usize] = true;
        at += 1;
    }
    table
};

/// Ends a row: its last delimiter is none.
pub(super) fn end(row: &mut String) {
    row.pop();
    row.push_str("\r\n");
}

/// Whether a spreadsheet might run the cell, or it looks as if it had been guarded against that already.
///
/// A phone number is no formula, although it begins with a plus.
fn is_formula(cell: &str) -> bool {
    let is_phone = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit() || b" ()./".contains(&byte));
    match cell.trim_start_matches('\'').as_bytes().first() {
        Some(b'+') => !is_phone(&cell[1..]),
        Some(b'=' | b'-' | b'@' | b'\t' | b'\r') => true,
        _ => false,
    }
}

/// A cell without the guard that keeps spreadsheets from running it.
pub(super) fn unguarded(cell: &str) -> &str {
    // Every cell that is read passes here, and nearly none has one.
    match cell.as_bytes() {
        [b'\'', ..] if is_formula(&cell[1..]) => &cell[1..],
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_guarded_and_read_back() {
        for cell in
            ["=1+1", "+cmd|x", "-5", "@SUM", "\tx", "'=1", "''=1", "+49 (0)30/12", "'quoted'", "'", "+1-2", "'+49"]
        {
            let mut row = String::new();
            push(&mut row, cell);
            let written = row.trim_end_matches(',').trim_matches('"');
            assert_eq!(unguarded(written), cell, "{written}");
            assert!(!written.starts_with(['=', '-', '@', '\t']), "{written}");
        }
        assert_eq!(unguarded("'tis"), "'tis");
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let mut row = String::new();
        for cell in ["a", "a,b", "say \"x\"", "=a,b"] {
            push(&mut row, cell);
        }
        end(&mut row);
        assert_eq!(row, "a,\"a,b\",\"say \"\"x\"\"\",\"'=a,b\"\r\n");
    }
}
