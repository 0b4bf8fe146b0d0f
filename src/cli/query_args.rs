//! Which contacts: the arguments that `query`, `delete` and `edit` share, and what they mean in a book.
//!
//! Resolves names of lists and fields. What is unknown is an error with a suggestion, never ignored.

use clap::{Args, ValueEnum};

use super::exit::Failure;
use crate::domain::contact::{List, ListId};
use crate::domain::criteria::Criteria;
use crate::domain::field::{CustomFields, FIELDS, Field};
use crate::domain::fold::fold_case;
use crate::domain::nearest::nearest;
use crate::domain::query::{Direction, Page, Scope, Sort, SortError};
use crate::domain::syntax;
use crate::engine::EngineError;

/// The arguments.
#[derive(Debug, Clone, Args)]
pub(super) struct Which {
    /// Only contacts of this list
    #[arg(long, value_name = "NAME")]
    pub(super) list: Option<String>,
    /// Order by these fields, one after the other (`last,-active`: a hyphen is largest first); equal ones by id
    #[arg(long, value_name = "FIELD,...", allow_hyphen_values = true, value_parser = no_option)]
    pub(super) sort: Option<String>,
    /// Smallest or largest first, for fields without a hyphen; what is empty comes last in both
    #[arg(long, value_enum, value_name = "asc|desc", default_value_t = Order::Asc, hide_possible_values = true)]
    pub(super) order: Order,
    /// At most so many contacts
    #[arg(long, value_name = "N")]
    pub(super) limit: Option<usize>,
    /// Leave so many contacts out first
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) offset: usize,
}

/// Rising or falling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Order {
    /// Smallest first.
    Asc,
    /// Largest first.
    Desc,
}

impl Which {
    /// Where to look.
    pub(super) fn scope(&self, lists: &[List]) -> Result<Scope, EngineError> {
        self.list.as_deref().map_or(Ok(Scope::Book), |name| Ok(Scope::List(list(name, lists)?)))
    }

    /// In which order.
    pub(super) fn sort(&self, vocabulary: &CustomFields) -> Result<Sort, EngineError> {
        let direction = match self.order {
            Order::Asc => Direction::Ascending,
            Order::Desc => Direction::Descending,
        };
        let Some(text) = &self.sort else { return Ok(Sort::by(Field::Id, direction)) };
        Sort::parse(text, direction, vocabulary).map_err(|error| {
            let failure = Failure::bad_input(error.to_string());
            match &error {
                SortError::UnknownField(name) => {
                    let known = field_names(vocabulary);
                    let near = nearest(name, known.iter().map(String::as_str));
                    let near = near.map(|near| format!("did you mean {near}?"));
                    let hints = near.into_iter().chain([format!("known are: {}", known.join(", "))]);
                    hints.fold(failure, EngineError::hint).code("UNSUPPORTED_SORT_FIELD")
                }
                SortError::Missing | SortError::Unclosed => failure,
            }
        })
    }

    /// Which of the ordered contacts.
    pub(super) fn page(&self) -> Page {
        Page { offset: self.offset, limit: self.limit }
    }
}

/// Criteria out of a query line.
pub(super) fn criteria(line: &str, vocabulary: &CustomFields) -> Result<Criteria, Failure> {
    match syntax::parse(line, vocabulary) {
        Ok(parsed) => Ok(parsed.criteria),
        Err(error) => Err(Failure::syntax(error, line)),
    }
}

/// A value that is no mistyped option: `-label:vip` is a query line, `--dry-rum` is not.
pub(super) fn no_option(text: &str) -> Result<String, String> {
    if text.starts_with("--") {
        return Err("there is no such option (a query line doesn't begin with two hyphens)".to_owned());
    }
    Ok(text.to_owned())
}

fn list(name: &str, lists: &[List]) -> Result<ListId, EngineError> {
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
    Err(Failure::bad_input(format!("Unable to Load List: there is no list \u{201c}{name}\u{201d}"))
        .hint(known)
        .code("303"))
}

fn field_names(vocabulary: &CustomFields) -> Vec<String> {
    let custom = vocabulary.custom.keys().map(|name| format!("x.{name}"));
    FIELDS.iter().map(|row| row.name.to_owned()).chain(custom).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::ListKind;

    fn which(list: Option<&str>, sort: Option<&str>) -> Which {
        Which {
            list: list.map(str::to_owned),
            sort: sort.map(str::to_owned),
            order: Order::Desc,
            limit: Some(5),
            offset: 2,
        }
    }

    #[test]
    fn a_list_is_found_in_any_case_and_an_unknown_one_is_303() {
        let lists = [List { id: ListId(4), name: "Newsletter".into(), kind: ListKind::Standard }];
        assert_eq!(which(Some("newsletter"), None).scope(&lists), Ok(Scope::List(ListId(4))));
        assert_eq!(which(None, None).scope(&lists), Ok(Scope::Book));
        let error = which(Some("Newsleter"), None).scope(&lists).unwrap_err();
        assert_eq!((error.code, error.hints.as_slice()), (Some("303"), &["the lists are: Newsletter".to_owned()][..]));
    }

    #[test]
    fn an_unknown_field_to_sort_by_is_an_error() {
        let none = CustomFields::default();
        let sort = which(None, Some("ACTIVE")).sort(&none).unwrap();
        assert_eq!(sort, Sort::by(Field::Active, Direction::Descending));
        assert_eq!(which(None, Some("activ")).sort(&none).unwrap_err().code, Some("UNSUPPORTED_SORT_FIELD"));
    }
}
