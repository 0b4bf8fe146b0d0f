//! `cardfile query`: the contacts that criteria match, their number, or both as JSON.

use clap::Args;

use super::criteria_args::{self, Form, Forms};
use super::exit::{Done, Failure};
use super::print::{Column, Out, counted};
use super::progress;
use super::query_args::QueryArgs;
use super::query_format::{self, Format};
use crate::api::{ApiError, Cancel, Code, Session, Which};
use crate::domain::contact::ContactId;
use crate::domain::display::thousands;
use crate::domain::field::Field;
use crate::wire;

/// How many contacts are asked for at once.
const PAGE: usize = 5_000;

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
    /// How they are written; without it a table on a terminal, columns set apart by tabs elsewhere
    #[arg(long, value_enum, value_name = "table|tsv|csv|jsonl|mutt|aerc", hide_possible_values = true,
        conflicts_with_all = ["json", "count", "form"])]
    format: Option<Format>,
    /// These fields, for a table, tsv and csv
    #[arg(long, value_name = "FIELD,...", conflicts_with_all = ["json", "count", "form"])]
    columns: Option<String>,
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
  cardfile query 'label:vip' --format csv --columns name,email,x.Points
  cardfile query --emails addresses.txt --count
  cardfile query 'is:bounced' --json | jq -r '.contacts[].emails[0].email'";

/// Answers the query.
pub(super) fn run(query: &Query, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    api.wait_until_known()?;
    let which = query.criteria.put(query.order.which(), api)?;
    let criteria = which.criteria(&api.vocabulary())?;
    if criteria.is_none() && which.ids.is_empty() {
        let code = Code::Criteria { code: "NEITHER_FILTER_NOR_SEARCH" };
        return Err(ApiError::of(code, "INVALID_ARGUMENT: no criteria were given")
            .hint("say `all` to mean every contact")
            .into());
    }
    if let (Some(form), Some(criteria)) = (query.form, &criteria) {
        out.line(&criteria_args::write(criteria, form, &api.today())?)?;
        return Ok(Done::Whole);
    }
    if query.count {
        let total = match criteria {
            Some(_) => api.count(&which, &Cancel::new())?,
            None => api.matching(&which)?.len() as u64,
        };
        if query.json {
            out.json(&wire::Count { total })?;
        } else {
            out.line(&total.to_string())?;
        }
        return Ok(Done::Whole);
    }
    progress::loaded(api)?;
    if query.json {
        json(api, &which, out)?;
        return Ok(Done::Whole);
    }
    let columns = query_format::columns(query.columns.as_deref(), &api.vocabulary())?;
    let all = api.matching(&which)?;
    let ids = which.taken(&all);
    match query.format.unwrap_or(if out.is_terminal() { Format::Table } else { Format::Tsv }) {
        Format::Table => table(api, ids, &columns, all.len() as u64, out)?,
        format @ (Format::Tsv | Format::Csv) => query_format::rows(ids, &columns, api, format, out)?,
        Format::Jsonl => query_format::lines_of_json(ids, api, out)?,
        format @ (Format::Mutt | Format::Aerc) => query_format::mail_lines(ids, api, format, out)?,
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
fn table(api: &Session, ids: &[ContactId], fields: &[Field], matches: u64, out: &mut Out) -> Result<(), Failure> {
    let columns: Vec<Column> = fields.iter().map(Column::of_field).collect();
    let mut table = None;
    for page in ids.chunks(PAGE) {
        let rows = api.cells(page, fields)?;
        let table = match &table {
            Some(table) => table,
            None => table.insert(out.table(&columns, &rows)?),
        };
        for row in &rows {
            out.row(table, row)?;
        }
    }
    if out.is_terminal() {
        match (ids.len() as u64, matches) {
            (_, 0) => out.line("no contact matches")?,
            (shown, matches) if shown == matches => out.line(&counted(matches, "contact"))?,
            (shown, matches) => out.line(&format!("{} of {}", thousands(shown), counted(matches, "contact")))?,
        }
    }
    Ok(())
}
