//! What an edit job does to each contact, as its head keeps it.
//!
//! Called by whoever makes such a job, and by the engine's jobs when they carry it out.

use serde_json::{Value, json};

use super::error::BookError;
use super::labels::{kind_number, kind_of_number};
use super::transaction::Book;
use crate::domain::contact::{JobId, ListId};
use crate::domain::edit::{Assignment, Edit};
use crate::domain::fix::{Cell, Fix};
use crate::domain::phone::Country;

impl Book {
    /// What an edit does to each contact.
    pub fn edits_of(&self, job: JobId) -> Result<Vec<Edit>, BookError> {
        let mut statement = self.conn.prepare("SELECT edit FROM job WHERE id = ?1")?;
        let text: Option<String> = statement.one([job.0], |row| row.get(0))?;
        let edits = text.as_deref().and_then(read);
        edits.ok_or_else(|| BookError::Damaged(format!("what job {job} is to do")))
    }
}

/// Edits as a job keeps them: an array of arrays, each a code and its arguments.
pub(super) fn written(edits: &[Edit]) -> String {
    let one = |edit: &Edit| match edit {
        Edit::AddLabels(names) => json!(["ADD_LABELS", names]),
        Edit::RemoveLabels(names) => json!(["REMOVE_LABELS", names]),
        Edit::Move(list) => json!(["MOVE", list.0]),
        Edit::Copy(list) => json!(["COPY", list.0]),
        Edit::Protect => json!(["PROTECT"]),
        Edit::Unprotect => json!(["UNPROTECT"]),
        Edit::Unsubscribe => json!(["UNSUBSCRIBE"]),
        Edit::Fix(Fix::Blanks) => json!(["BLANKS"]),
        Edit::Fix(Fix::Case) => json!(["CASE"]),
        Edit::Fix(Fix::Names) => json!(["NAMES"]),
        Edit::Fix(Fix::Phones(home)) => json!(["PHONES", home.letters()]),
        Edit::Fix(Fix::Replace { cell, pairs }) => json!(["REPLACE", cell.word(), pairs]),
        Edit::Set(values) => {
            let one = |value: &Assignment| json!([value.field, kind_number(value.kind), value.value]);
            json!(["SET", values.iter().map(one).collect::<Vec<_>>()])
        }
    };
    Value::Array(edits.iter().map(one).collect()).to_string()
}

/// Reads what [`written`] wrote.
fn read(text: &str) -> Option<Vec<Edit>> {
    let names = |value: &Value| {
        value.as_array()?.iter().map(|name| name.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
    };
    let one = |edit: &Value| {
        let parts = edit.as_array()?;
        Some(match (parts.first()?.as_str()?, parts.get(1)) {
            ("ADD_LABELS", Some(labels)) => Edit::AddLabels(names(labels)?),
            ("REMOVE_LABELS", Some(labels)) => Edit::RemoveLabels(names(labels)?),
            ("MOVE", Some(list)) => Edit::Move(ListId(list.as_i64()?)),
            ("COPY", Some(list)) => Edit::Copy(ListId(list.as_i64()?)),
            ("PROTECT", None) => Edit::Protect,
            ("UNPROTECT", None) => Edit::Unprotect,
            ("UNSUBSCRIBE", None) => Edit::Unsubscribe,
            ("BLANKS", None) => Edit::Fix(Fix::Blanks),
            ("CASE", None) => Edit::Fix(Fix::Case),
            ("NAMES", None) => Edit::Fix(Fix::Names),
            ("PHONES", Some(country)) => Edit::Fix(Fix::Phones(Country::of(country.as_str()?)?)),
            ("REPLACE", Some(cell)) => {
                let cell = Cell::ALL.into_iter().find(|known| Some(known.word()) == cell.as_str())?;
                let pair = |(from, to): (&String, &Value)| Some((from.clone(), to.as_str()?.to_owned()));
                let pairs = parts.get(2)?.as_object()?.iter().map(pair).collect::<Option<_>>()?;
                Edit::Fix(Fix::Replace { cell, pairs })
            }
            ("SET", Some(values)) => Edit::Set(values.as_array()?.iter().map(assignment).collect::<Option<Vec<_>>>()?),
            _ => return None,
        })
    };
    serde_json::from_str::<Value>(text).ok()?.as_array()?.iter().map(one).collect()
}

fn assignment(value: &Value) -> Option<Assignment> {
    let [field, kind, value] = value.as_array()?.as_slice() else { return None };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    Some(Assignment { field: text(field)?, kind: kind_of_number(kind.as_i64()?), value: text(value)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::field::CustomKind;

    #[test]
    fn edits_come_back_as_they_were_written() {
        let edits = vec![
            Edit::AddLabels(vec!["a,\"b".into(), "é".into()]),
            Edit::RemoveLabels(vec!["c".into()]),
            Edit::Move(ListId(7)),
            Edit::Copy(ListId(8)),
            Edit::Protect,
            Edit::Unprotect,
            Edit::Unsubscribe,
            Edit::Fix(Fix::Blanks),
            Edit::Fix(Fix::Case),
            Edit::Fix(Fix::Names),
            Edit::Fix(Fix::Phones(Country::of("GB").unwrap())),
            Edit::Fix(Fix::Replace { cell: Cell::City, pairs: [("a\"".to_owned(), "b".to_owned())].into() }),
            Edit::Set(vec![
                Assignment { field: "company".into(), kind: CustomKind::Text, value: "\"A\"".into() },
                Assignment { field: "x.Since".into(), kind: CustomKind::Day, value: String::new() },
            ]),
        ];
        assert_eq!(read(&written(&edits)), Some(edits));
        assert_eq!(read("[[\"BURN\"]]"), None, "what no writer writes is damage");
    }
}
