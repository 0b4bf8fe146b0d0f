//! Values on the wire: parameters with their types, columns of a row as they are lent.
//!
//! Called by `statement`. PostgreSQL's texts can't hold U+0000; a contact's can, so that one is written in two
//! characters of which the first, U+FFFF, stands for nothing else: where it stands itself it is written in two as
//! well.

use std::error::Error;

use bytes::BytesMut;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::book::error::BookError;
use crate::book::value::{Param, Value};

/// Begins what stands for a character that a text here can't hold.
const MARK: char = '\u{FFFF}';
/// The first of the bytes that [`MARK`] is in UTF-8.
const MARK_BYTE: u8 = 0xEF;

/// A parameter as it is kept until the statement runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owned {
    Null,
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
    Each(Vec<i64>),
}

impl Owned {
    pub(super) fn of(param: Param<'_>) -> Self {
        match param {
            Param::Null => Self::Null,
            Param::Integer(number) => Self::Integer(number),
            Param::Text(text) => Self::Text(marked(text)),
            Param::Bytes(bytes) => Self::Bytes(bytes.to_vec()),
            Param::Each(numbers) => Self::Each(numbers.to_vec()),
        }
    }

    /// Its type; of NULL the server finds out which it is.
    pub(super) fn kind(&self) -> Type {
        match self {
            Self::Null => Type::UNKNOWN,
            Self::Integer(_) => Type::INT8,
            Self::Text(_) => Type::TEXT,
            Self::Bytes(_) => Type::BYTEA,
            Self::Each(_) => Type::INT8_ARRAY,
        }
    }
}

impl ToSql for Owned {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(number) => number.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Bytes(bytes) => bytes.to_sql(kind, out),
            Self::Each(numbers) => numbers.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A column as it came.
struct Raw<'a>(Value<'a>);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        let value = match *kind {
            Type::INT8 => Value::Integer(i64::from_sql(kind, raw)?),
            Type::INT4 => Value::Integer(i64::from(i32::from_sql(kind, raw)?)),
            Type::BOOL => Value::Integer(i64::from(bool::from_sql(kind, raw)?)),
            Type::BYTEA => Value::Bytes(raw),
            _ => Value::Text(std::str::from_utf8(raw)?),
        };
        Ok(Self(value))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(Value::Null))
    }

    fn accepts(kind: &Type) -> bool {
        matches!(
            *kind,
            Type::INT8
                | Type::INT4
                | Type::BOOL
                | Type::BYTEA
                | Type::TEXT
                | Type::VARCHAR
                | Type::NAME
                | Type::UNKNOWN
        )
    }
}

/// A row that came, with those of its texts that had to be written anew.
pub(super) struct Came {
    row: Row,
    anew: Vec<(usize, String)>,
}

impl Came {
    pub(super) fn new(row: Row) -> Self {
        let mut anew = Vec::new();
        for at in 0..row.len() {
            if let Ok(Raw(Value::Text(text))) = row.try_get(at)
                && memchr::memchr(MARK_BYTE, text.as_bytes()).is_some()
                && text.contains(MARK)
            {
                anew.push((at, unmarked(text)));
            }
        }
        Self { row, anew }
    }

    pub(super) fn value(&self, at: usize) -> Result<Value<'_>, BookError> {
        if let Some((_, text)) = self.anew.iter().find(|(column, _)| *column == at) {
            return Ok(Value::Text(text));
        }
        match self.row.try_get(at) {
            Ok(Raw(value)) => Ok(value),
            Err(error) => Err(BookError::Damaged(format!("column {at} of a row can't be read ({error})"))),
        }
    }
}

/// A text as it is written.
fn marked(text: &str) -> String {
    if !text.contains(['\0', MARK]) {
        return text.to_owned();
    }
    text.replace(MARK, "\u{FFFF}1").replace('\0', "\u{FFFF}0")
}

/// A text as it was before [`marked`].
fn unmarked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            MARK => match chars.next() {
                Some('0') => out.push('\0'),
                Some('1') => out.push(MARK),
                // Nobody wrote it through a book; it stays as it stands.
                other => out.extend([Some(MARK), other].into_iter().flatten()),
            },
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_text_comes_back_and_none_holds_what_it_may_not(text in "[\\x00\u{FFFF}01a]{0,12}") {
            let written = marked(&text);
            prop_assert!(!written.contains('\0'));
            prop_assert_eq!(unmarked(&written), text);
        }
    }
}
