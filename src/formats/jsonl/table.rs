//! Rows of a table in JSON, `[["Name", "Email"], ["Ann", "ann@a.example"]]`, as objects.
//!
//! Owns which row names the columns. Called by [`super::read`]; what the objects say is [`super::shape`]'s.

use serde_json::Value;

use crate::formats::csv::columns::meaning;

/// The object that a row is, as text; none where it names the columns, which are noted. Or why it is neither.
pub(super) fn row(text: &str, columns: &mut Option<Vec<String>>) -> Result<Option<String>, String> {
    let values: Vec<Value> = serde_json::from_str(text).map_err(|why| format!("this is no JSON: {why}"))?;
    let Some(columns) = columns else {
        let names: Option<Vec<String>> = values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
        let names = names.filter(|names| names.iter().any(|name| meaning(name).is_some()));
        *columns = Some(names.ok_or("nothing names the columns of this row")?);
        return Ok(None);
    };
    let named = |(at, value): (usize, &Value)| {
        let name = columns.get(at).filter(|name| !name.trim().is_empty()).cloned();
        format!("{}:{value}", Value::String(name.unwrap_or_else(|| format!("Column {}", at + 1))))
    };
    let is_there =
        |(_, value): &(usize, &Value)| !value.is_null() && value.as_str().is_none_or(|text| !text.is_empty());
    let entries: Vec<String> = values.iter().enumerate().filter(is_there).map(named).collect();
    if entries.is_empty() {
        return Err("the row is empty".to_owned());
    }
    Ok(Some(format!("{{{}}}", entries.join(","))))
}
