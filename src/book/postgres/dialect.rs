//! The book's one set of SQL in PostgreSQL's words.
//!
//! Called for every statement. Pure: `?n` becomes `$n`, plain `?` are counted, and a set of numbers `each(?n)` becomes
//! an array. What stands between quotes is left as it is.

use std::fmt::Write as _;

/// A set that is only looked in: an array that the planner knows the length of.
const IN_EACH: &str = "IN (SELECT value FROM each(?";
/// A set that is read like a table.
const FROM_EACH: &str = "each(?";

/// A statement as PostgreSQL takes it.
pub(super) fn translated(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + sql.len() / 8);
    let mut rest = sql;
    let mut counted = 0_u32;
    while let Some(at) = rest.find(['?', '\'', '"', 'I', 'e']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix(IN_EACH) {
            let (number, after) = number(after);
            write!(out, "= ANY(${number}::bigint[])").ok();
            rest = after.strip_prefix("))").unwrap_or(after);
        } else if let Some(after) = rest.strip_prefix(FROM_EACH) {
            let (number, after) = number(after);
            write!(out, "unnest(${number}::bigint[]) AS each(value)").ok();
            rest = after.strip_prefix(')').unwrap_or(after);
        } else if let Some(after) = rest.strip_prefix('?') {
            let (given, after) = number(after);
            if given.is_empty() {
                counted += 1;
                write!(out, "${counted}").ok();
            } else {
                write!(out, "${given}").ok();
            }
            rest = after;
        } else {
            let end = match rest.as_bytes().first() {
                Some(quote @ (b'\'' | b'"')) => {
                    rest[1..].find(char::from(*quote)).map_or(rest.len(), |closing| closing + 2)
                }
                _ => 1,
            };
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
    out.push_str(rest);
    out
}

/// The digits that a text begins with, and what follows them.
fn number(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_and_sets_become_postgresqls() {
        let cases = [
            ("SELECT 1", "SELECT 1"),
            ("a = ?1 AND b = ?12", "a = $1 AND b = $12"),
            ("VALUES (?, ?), (?, ?)", "VALUES ($1, $2), ($3, $4)"),
            ("WHERE id IN (SELECT value FROM each(?1)) ORDER BY id", "WHERE id = ANY($1::bigint[]) ORDER BY id"),
            (
                "SELECT value, ?2 FROM each(?1) WHERE true",
                "SELECT value, $2 FROM unnest($1::bigint[]) AS each(value) WHERE true",
            ),
            ("SELECT 'is it each(?1)? I''m', \"?\" , ?1", "SELECT 'is it each(?1)? I''m', \"?\" , $1"),
            ("'open ?1", "'open ?1"),
        ];
        for (given, expected) in cases {
            assert_eq!(translated(given), expected);
        }
    }
}
