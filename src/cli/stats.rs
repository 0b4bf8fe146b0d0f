//! `cardfile stats`: what the contacts that criteria match look like, as bars or JSON.

use clap::Args;

use super::criteria_args::Forms;
use super::exit::{Done, Failure};
use super::print::{Out, counted};
use super::progress;
use super::query_args::QueryArgs;
use super::query_format;
use crate::api::types::Tally;
use crate::api::{Cancel, Session};
use crate::domain::display::thousands;
use crate::domain::field::Field;
use crate::wire;

/// By what contacts are counted where nothing is asked for.
const USUAL: &str = "list,label,domain,country,source";

/// How long the longest bar is.
const BAR: u64 = 30;

/// Show what contacts look like: by list, label, domain, month, and how complete they are
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Stats {
    #[command(flatten)]
    criteria: Forms,
    #[command(flatten)]
    order: QueryArgs,
    /// Count by these fields; created, updated and active are counted by month
    #[arg(long, value_name = "FIELD,...", default_value = USUAL)]
    by: String,
    /// At most so many values of each field
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=100))]
    top: u16,
    /// Print JSON (its names are in assets/json.md)
    #[arg(long)]
    pub(super) json: bool,
}

const EXAMPLES: &str = "\
Examples:
  cardfile stats
  cardfile stats 'label:customer' --by country,city
  cardfile stats --by created --top 24
  cardfile stats 'is:bounced' --by domain --json";

/// Prints them.
pub(super) fn run(stats: &Stats, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    progress::loaded(api)?;
    let which = stats.criteria.put(stats.order.which(), api)?;
    if !which.ids.is_empty() {
        return Err(Failure::bad_input("statistics are of criteria, not of a file of addresses").into());
    }
    let query = api.query_of(&which)?;
    let fields = query_format::columns(Some(&stats.by), &api.vocabulary())?;
    let mut tallies = Vec::new();
    for field in &fields {
        tallies.push((field, api.tally(&query, field, &Cancel::new())?));
    }
    if stats.json {
        let by = tallies.iter().map(|(field, tally)| wire::TallyBy {
            field: field.to_string(),
            values: shown(field, tally, stats.top).iter().cloned().map(wire::Valued::from).collect(),
            without: tally.without,
        });
        let (of, filled) = tallies.first().map(|(_, tally)| (tally.of, tally.filled.clone())).unwrap_or_default();
        let filled = filled.into_iter().map(|(field, n)| wire::Valued { value: field.to_string(), contacts: n });
        out.json(&wire::Tallies { contacts: of, by: by.collect(), filled: filled.collect() })?;
        return Ok(Done::Whole);
    }
    let Some((_, first)) = tallies.first() else { return Ok(Done::Whole) };
    out.line(&counted(first.of, "contact"))?;
    for (field, tally) in &tallies {
        out.line("")?;
        out.line(&format!("by {}", field.words()))?;
        let shown = shown(field, tally, stats.top);
        let mut rows: Vec<(&str, u64)> = shown.iter().map(|(value, n)| (value.as_str(), *n)).collect();
        if tally.without > 0 {
            rows.push(("(none)", tally.without));
        }
        bars(&rows, first.of, out)?;
        let rest = tally.distinct.saturating_sub(u64::from(stats.top));
        if rest > 0 {
            out.line(&format!("  and {} more", thousands(rest)))?;
        }
    }
    out.line("")?;
    out.line("filled")?;
    let words: Vec<(String, u64)> = first.filled.iter().map(|(field, n)| (field.words(), *n)).collect();
    let rows: Vec<(&str, u64)> = words.iter().map(|(field, n)| (field.as_str(), *n)).collect();
    bars(&rows, first.of, out)?;
    Ok(Done::Whole)
}

/// What is told of a field: the most frequent values, of months the last ones.
fn shown<'a>(field: &Field, tally: &'a Tally, top: u16) -> &'a [(String, u64)] {
    let values = &tally.values;
    let top = usize::from(top).min(values.len());
    match field {
        Field::Created | Field::Updated | Field::Active => &values[values.len() - top..],
        _ => &values[..top],
    }
}

fn bars(rows: &[(&str, u64)], of: u64, out: &mut Out) -> Result<(), Failure> {
    use unicode_width::UnicodeWidthStr as _;
    let widest = rows.iter().map(|(value, _)| value.width()).max().unwrap_or(0).min(40);
    let most = rows.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let figure = thousands(most).len();
    for (value, n) in rows {
        let blanks = " ".repeat(widest.saturating_sub(value.width()));
        let bar = "#".repeat((n * BAR / most) as usize);
        let share = (n * 100).checked_div(of).unwrap_or(0);
        out.line(&format!("  {value}{blanks}  {:>figure$}  {share:>3} %  {bar}", thousands(*n)))?;
    }
    Ok(())
}
