//! Names to what they mean: lists, fields to sort by, query lines. What is unknown is an error that says what was
//! probably meant and what there is, never ignored.

use super::{ApiError, Code, ErrorKind, Result};
use crate::domain::contact::{List, ListId};
use crate::domain::criteria::Criteria;
use crate::domain::field::{CustomFields, FIELDS, Field};
use crate::domain::fold::fold_case;
use crate::domain::nearest::nearest;
use crate::domain::query::{Direction, Sort, SortError};
use crate::domain::syntax;

/// The list of this name, in any case.
pub(super) fn list_of(name: &str, lists: &[List]) -> Result<ListId> {
    let wanted = fold_case(name);
    if let Some(list) = lists.iter().find(|list| fold_case(&list.name) == wanted) {
        return Ok(list.id);
    }
    let names: Vec<&str> = lists.iter().map(|list| list.name.as_str()).collect();
    let known = if names.is_empty() {
        "the book has no list yet".to_owned()
    } else {
        format!("the lists are: {}", names.join(", "))
    };
    let said = format!("Unable to Load List: there is no list \u{201c}{name}\u{201d}");
    Err(ApiError::of(Code::NoListNamed { list: name.to_owned() }, said).hint(known))
}

/// An order out of a list of fields like `last,-active`; none is the order by id, in this direction.
pub fn sort_of(text: Option<&str>, direction: Direction, vocabulary: &CustomFields) -> Result<Sort> {
    let Some(text) = text else { return Ok(Sort::by(Field::Id, direction)) };
    Sort::parse(text, direction, vocabulary).map_err(|error| {
        let failure = ApiError::new(ErrorKind::BadInput, error.to_string());
        match &error {
            SortError::UnknownField(name) => {
                let known = field_names(vocabulary);
                let near = nearest(name, known.iter().map(String::as_str));
                let near = near.map(|near| format!("did you mean {near}?"));
                let hints = near.into_iter().chain([format!("known are: {}", known.join(", "))]);
                let code = Code::Criteria { code: "UNSUPPORTED_SORT_FIELD" };
                hints.fold(ApiError { code, ..failure }, ApiError::hint)
            }
            SortError::Missing | SortError::Unclosed => failure,
        }
    })
}

/// Criteria out of a query line.
pub fn criteria_of_line(line: &str, vocabulary: &CustomFields) -> Result<Criteria> {
    syntax::parse(line, vocabulary)
        .map(|parsed| parsed.criteria)
        .map_err(|error| ApiError { line: Some(line.to_owned()), ..error.into() })
}

/// The names of every field that there is.
pub fn field_names(vocabulary: &CustomFields) -> Vec<String> {
    let custom = vocabulary.custom.keys().map(|name| format!("x.{name}"));
    FIELDS.iter().map(|row| row.name.to_owned()).chain(custom).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::ListKind;

    #[test]
    fn a_list_is_found_in_any_case_and_a_wrong_one_names_those_there_are() {
        let lists = [List { id: ListId(3), name: "Newsletter".into(), kind: ListKind::Standard }];
        assert_eq!(list_of("NEWSLETTER", &lists).unwrap(), ListId(3));
        let error = list_of("News", &lists).unwrap_err();
        assert_eq!((error.code.service(), error.hints), (Some("303"), vec!["the lists are: Newsletter".to_owned()]));
    }

    #[test]
    fn an_order_is_read_and_an_unknown_field_is_told_with_what_was_meant() {
        let none = CustomFields::default();
        let sort = sort_of(Some("last,-active"), Direction::Descending, &none).unwrap();
        assert_eq!(sort.words(), "last name falling, then last active falling");
        assert_eq!(sort_of(None, Direction::Ascending, &none).unwrap(), Sort::default());
        let error = sort_of(Some("activ"), Direction::Ascending, &none).unwrap_err();
        assert_eq!(error.code.service(), Some("UNSUPPORTED_SORT_FIELD"));
        assert_eq!(error.hints[0], "did you mean active?");
    }
}
