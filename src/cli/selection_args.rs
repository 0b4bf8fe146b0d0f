//! The contacts that a bulk change is about: criteria or ids, of the book or a list.
//!
//! The arguments that `delete` and `edit` share.

use clap::Args;

use super::criteria_args::Forms;
use super::exit::Failure;
use super::query_args::QueryArgs;
use crate::api::{Session, Which};
use crate::domain::contact::ContactId;

/// The arguments.
#[derive(Debug, Args)]
pub(super) struct Chosen {
    #[command(flatten)]
    criteria: Forms,
    /// These contacts instead; where criteria are given as well, the criteria count
    #[arg(long, value_name = "ID,ID,...", value_delimiter = ',')]
    ids: Vec<i64>,
    #[command(flatten)]
    order: QueryArgs,
}

impl Chosen {
    /// What they say.
    pub(super) fn which(&self, api: &Session) -> Result<Which, Failure> {
        let ids = self.ids.iter().copied().map(ContactId).collect();
        self.criteria.put(Which { ids, ..self.order.which() }, api)
    }
}
