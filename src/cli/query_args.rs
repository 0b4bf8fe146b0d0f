//! Which contacts, in which order, how many: the arguments that `query`, `export`, `delete` and `edit` share.
//!
//! What they mean in a book is said by the contract: names are resolved there.

use clap::{Args, ValueEnum};
use clap_complete::engine::ArgValueCompleter;

use super::completions;
use crate::api::Which;

/// The arguments.
#[derive(Debug, Clone, Args)]
pub(super) struct QueryArgs {
    /// Only contacts of this list
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(completions::lists))]
    list: Option<String>,
    /// Order by these fields, one after the other (`last,-active`: a hyphen is largest first); equal ones by id
    #[arg(long, value_name = "FIELD,...", allow_hyphen_values = true, value_parser = no_option)]
    sort: Option<String>,
    /// Smallest or largest first, for fields without a hyphen; what is empty comes last in both
    #[arg(long, value_enum, value_name = "asc|desc", default_value_t = Order::Asc, hide_possible_values = true)]
    order: Order,
    /// At most so many contacts
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Leave so many contacts out first
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
}

/// Rising or falling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Order {
    /// Smallest first.
    Asc,
    /// Largest first.
    Desc,
}

impl QueryArgs {
    /// What they say, without criteria.
    pub(super) fn which(&self) -> Which {
        Which {
            list: self.list.clone(),
            sort: self.sort.clone(),
            descending: self.order == Order::Desc,
            limit: self.limit,
            offset: self.offset,
            ..Which::default()
        }
    }
}

/// A value that is no mistyped option: `-label:vip` is a query line, `--dry-rum` is not.
pub(super) fn no_option(text: &str) -> Result<String, String> {
    if text.starts_with("--") {
        return Err("there is no such option (a query line doesn't begin with two hyphens)".to_owned());
    }
    Ok(text.to_owned())
}
