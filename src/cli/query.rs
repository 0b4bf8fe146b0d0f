//! `cardfile query`: the contacts that criteria match, their number, or both as JSON.

use std::cell::RefCell;
use std::sync::Arc;

use clap::Args;

use super::criteria_args::{self, Form, Forms};
use super::exit::{Done, Failure, kept};
use super::print::{Column, Out, counted};
use super::query_args::Which;
use crate::domain::contact::List;
use crate::domain::display::thousands;
use crate::domain::field::Field;
use crate::domain::query::{Page, Query as Asked};
use crate::engine::answer::{SearchAnswer, SearchRequest};
use crate::engine::{Cancel, Engine, EngineError};
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
    which: Which,
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
pub(super) fn run(query: &Query, engine: &Engine, out: &mut Out) -> Result<Done, Failure> {
    engine.wait_until_loaded()?;
    let vocabulary = engine.vocabulary();
    let lists = engine.lists();
    let Some(criteria) = query.criteria.read(&vocabulary)? else {
        return Err(Failure::bad_input("INVALID_ARGUMENT: no criteria were given")
            .code("NEITHER_FILTER_NOR_SEARCH")
            .hint("say `all` to mean every contact")
            .into());
    };
    if let Some(form) = query.form {
        out.line(&criteria_args::write(&criteria, form, &engine.today())?)?;
        return Ok(Done::Whole);
    }
    let (scope, sort) = (query.which.scope(&lists)?, query.which.sort(&vocabulary)?);
    let page = Page { offset: query.which.offset, limit: Some(0) };
    let request = SearchRequest {
        query: Asked { criteria: Some(criteria), scope, sort, page },
        columns: vec![Field::Id, Field::Name, Field::Email, Field::Phone, Field::Company, Field::List, Field::Active],
        marked: Arc::default(),
        excluded: Arc::default(),
    };
    let SearchAnswer { matches, .. } = engine.search(&request, &Cancel::new())?;
    if query.count {
        if query.json {
            out.json(&wire::Count { total: matches })?;
        } else {
            out.line(&matches.to_string())?;
        }
    } else if query.json {
        json(engine, &request, &query.which, &lists, out)?;
    } else {
        table(engine, request, query.which.page(), matches, out)?;
    }
    Ok(Done::Whole)
}

/// Prints the contacts whole; they are read while they are written.
fn json(engine: &Engine, request: &SearchRequest, which: &Which, lists: &[List], out: &mut Out) -> Result<(), Failure> {
    let Page { offset, limit } = which.page();
    let ids = engine.matching_ids(&Asked { page: Page::default(), ..request.query.clone() })?;
    let taken = ids.get(offset..).unwrap_or_default();
    let taken = &taken[..limit.unwrap_or(usize::MAX).min(taken.len())];
    let name = |list| lists.iter().find(|known| known.id == list).map_or("", |known| known.name.as_str());
    let broken = RefCell::new(None);
    let contacts = taken.chunks(PAGE).map_while(|ids| kept(engine.contacts(ids), &broken)).flatten();
    let contacts = contacts.map(|contact| (name(contact.list), contact)).map(|(list, it)| wire::Contact::new(it, list));
    let contacts = wire::Stream::new(contacts);
    out.json(&wire::QueryResult { total: ids.len() as u64, offset: offset as u64, contacts })?;
    broken.into_inner().map_or(Ok(()), |error: EngineError| Err(error.into()))
}

/// Prints the rows; the widths are those of the first page.
fn table(engine: &Engine, mut request: SearchRequest, page: Page, matches: u64, out: &mut Out) -> Result<(), Failure> {
    let mut left = page.limit.unwrap_or(usize::MAX);
    let (mut table, mut shown) = (None, 0);
    loop {
        request.query.page.limit = Some(left.min(PAGE));
        let rows = engine.search(&request, &Cancel::new())?.rows;
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
