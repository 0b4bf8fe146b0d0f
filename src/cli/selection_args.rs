//! The contacts that a bulk change is about: criteria or ids, of the book or a list.
//!
//! The arguments that `delete` and `edit` share, and the selection they mean in a book.

use clap::Args;

use super::criteria_args::Forms;
use super::exit::Failure;
use super::query_args::Which;
use crate::domain::contact::ContactId;
use crate::domain::query::{Query, Selection};
use crate::engine::{Engine, EngineError};

/// The arguments.
#[derive(Debug, Args)]
pub(super) struct Chosen {
    #[command(flatten)]
    criteria: Forms,
    /// These contacts instead; where criteria are given as well, the criteria count
    #[arg(long, value_name = "ID,ID,...", value_delimiter = ',')]
    ids: Vec<i64>,
    #[command(flatten)]
    which: Which,
}

impl Chosen {
    /// Which contacts; saying nothing is an error, never all of them.
    pub(super) fn read(&self, engine: &Engine) -> Result<Selection, Failure> {
        let vocabulary = engine.vocabulary();
        let scope = self.which.scope(&engine.lists())?;
        match self.criteria.read(&vocabulary)? {
            Some(criteria) => {
                let (sort, page) = (self.which.sort(&vocabulary)?, self.which.page());
                Ok(Selection::Query(Query { criteria: Some(criteria), scope, sort, page }))
            }
            None if self.ids.is_empty() => Err(neither().into()),
            None => Ok(Selection::Ids { scope, ids: self.ids.iter().copied().map(ContactId).collect() }),
        }
    }
}

fn neither() -> EngineError {
    Failure::bad_input("INVALID_ARGUMENT: neither criteria nor ids were given")
        .code("NEITHER_FILTER_NOR_SEARCH")
        .hint("say `all` to mean every contact, of the book or with --list NAME of a list")
}
