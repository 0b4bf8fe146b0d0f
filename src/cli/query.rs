//! `cardfile query`: the contacts that criteria match, their number, or both as JSON.

use clap::Args;

use super::criteria_args::{self, Form, Forms};
use super::exit::{Done, Failure};
use super::print::{Column, Out, counted};
use super::progress;
use super::query_args::QueryArgs;
use crate::api::types::{SearchAnswer, SearchRequest};
use crate::api::{ApiError, Cancel, Code, Session, Which};
use crate::domain::display::thousands;
use crate::domain::field::Field;
use crate::domain::query::Page;
use crate::wire;

/// How many contacts are asked for at once.
const PAGE: usize = 5_000;

const COLUMNS: &[Column] = &[
    Column::number("ID"),
    Column::text("NAME"),
    Column::text("EMAIL"),
    Column::text("PHONE"),
    Column::text("COMPANY"),
    Column::text("LIST"),
    Column::text("ACTIVE"),
];

/// Show the contacts that criteria match
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Query {
    #[command(flatten)]
    criteria: Forms,
    #[command(flatten)]
    order: QueryArgs,
    /// Print the criteria in another form instead of answering them
    #[arg(long = "as", value_enum, value_name = "line|filter|triples|words", hide_possible_values = true)]
    form: Option<Form>,
    /// Print the number of matches alone, whatever the limit
    #[arg(long)]
    count: bool,
    /// Print JSON (its names are in assets/json.md)
    #[arg(long)]
    pub(super) json: bool,
}

const EXAMPLES: &str = "\
Examples:
  cardfile query 'email$=@oldcorp.com active<today-2y -label:vip'
  cardfile query smith --list Newsletter --sort active --order desc --limit 20
  cardfile query 'not has:email not has:phone' --count
  cardfile query --filter '{\"info.name.last\": {\"$startsWith\": \"Sm\"}}' --as line
  cardfile query 'is:bounced' --json | jq -r '.contacts[].emails[0].email'";

/// Answers the query.
pub(super) fn run(query: &Query, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    api.wait_until_known()?;
    let which = query.criteria.put(query.order.which())?;
    let Some(criteria) = which.criteria(&api.vocabulary())? else {
        let code = Code::Criteria { code: "NEITHER_FILTER_NOR_SEARCH" };
        return Err(ApiError::of(code, "INVALID_ARGUMENT: no criteria were given")
            .hint("say `all` to mean every contact")
            .into());
    };
    if let Some(form) = query.form {
        out.line(&criteria_args::write(&criteria, form, &api.today())?)?;
        return Ok(Done::Whole);
    }
    if query.count {
        let total = api.count(&which, &Cancel::new())?;
        if query.json {
            out.json(&wire::Count { total })?;
        } else {
            out.line(&total.to_string())?;
        }
        return Ok(Done::Whole);
    }
    progress::loaded(api)?;
    let mut request = SearchRequest {
        columns: vec![Field::Id, Field::Name, Field::Email, Field::Phone, Field::Company, Field::List, Field::Active],
        ..api.search_of(&which)?
    };
    request.query.page.offset = which.offset;
    let SearchAnswer { matches, .. } = api.search(&request, &Cancel::new())?;
    if query.json {
        json(api, &which, out)?;
    } else {
        table(api, request, which.page(), matches, out)?;
    }
    Ok(Done::Whole)
}

/// Prints the contacts whole; they are read while they are written.
fn json(api: &Session, which: &Which, out: &mut Out) -> Result<(), Failure> {
    let ids = api.matching(which)?;
    let place = (ids.len() as u64, which.offset as u64);
    Ok(api.write_shapes(place, which.taken(&ids), out.raw(), &Cancel::new())?)
}

/// Prints the rows; the widths are those of the first page.
fn table(api: &Session, mut request: SearchRequest, page: Page, matches: u64, out: &mut Out) -> Result<(), Failure> {
    let mut left = page.limit.unwrap_or(usize::MAX);
    let (mut table, mut shown) = (None, 0);
    loop {
        request.query.page.limit = Some(left.min(PAGE));
        let rows = api.search(&request, &Cancel::new())?.rows;
        if rows.is_empty() {
            break;
        }
        left -= rows.len();
        request.query.page.offset += rows.len();
        shown += rows.len() as u64;
        let rows: Vec<Vec<String>> = rows.into_iter().map(|row| row.cells).collect();
        let table = match &table {
            Some(table) => table,
            None => table.insert(out.table(COLUMNS, &rows)?),
        };
        for row in &rows {
            out.row(table, row)?;
        }
    }
    if out.is_terminal() {
        match (shown, matches) {
            (_, 0) => out.line("no contact matches")?,
            (shown, matches) if shown == matches => out.line(&counted(matches, "contact"))?,
            (shown, matches) => out.line(&format!("{} of {}", thousands(shown), counted(matches, "contact")))?,
        }
    }
    Ok(())
}
