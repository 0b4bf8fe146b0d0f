//! `cardfile fix`: what is untidy in the book, suggested, shown before and after, and mended as an edit.
//!
//! Nothing is touched before the number of contacts that change was confirmed; typos in domains have to be named besides.

use std::cell::RefCell;

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::bulk_flow;
use super::completions;
use super::edit::{self, How};
use super::exit::{Done, Failure, kept};
use super::print::{Column, Out};
use super::progress::{self, Meter};
use crate::api::types::FoundFix;
use crate::api::{ApiError, Cancel, ErrorKind, Session, Which};
use crate::domain::contact::{Contact, ContactId};
use crate::domain::display::thousands;
use crate::domain::edit::apply_all;
use crate::domain::fix::{Change, FixKind, changes};
use crate::domain::plans::{EditPlan, EditRequest, Item};
use crate::domain::query::Selection;
use crate::wire;

/// Suggest what is untidy and mend it: blanks, capitals, names, phones, domains, spellings
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Fix {
    /// blanks, case, names, phones, domains, countries, companies, cities or labels; without one, all are counted
    #[arg(value_name = "KIND", value_parser = kind)]
    kind: Option<FixKind>,
    /// Among these contacts alone, as a query line
    #[arg(value_name = "CRITERIA", allow_hyphen_values = true, value_parser = super::query_args::no_option)]
    line: Option<String>,
    /// Of the spellings this one alone, as it is now; may be repeated
    #[arg(long, value_name = "VALUE", requires = "kind")]
    only: Vec<String>,
    /// Leave these contacts as they are
    #[arg(long, value_name = "ID,ID,...", value_delimiter = ',', requires = "kind")]
    except: Vec<i64>,
    /// Only contacts of this list
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(completions::lists))]
    list: Option<String>,
    #[command(flatten)]
    how: How,
}

const EXAMPLES: &str = "\
Examples:
  cardfile fix                                        what could be mended, and how many contacts it would change
  cardfile fix case --dry-run                         each contact, before and after
  cardfile fix phones 'list:Friends' --yes 212        as typed in [contacts] country, else the locale's
  cardfile fix companies --only 'ACME inc' --yes 3
  cardfile fix domains --only gmial.com --yes 3       a domain is never changed unless it is named

Of several spellings the one that most contacts have is kept; the values of the whole book are compared.
It can be undone: cardfile job undo ID.
Exit status: 0 done, 1 some contacts stayed, 2 bad input, 3 the number no longer holds, 4 storage.";

const KINDS: &[Column] = &[Column::text("KIND"), Column::number("CONTACTS"), Column::text("WHAT IT DOES")];
const CHANGES: &[Column] =
    &[Column::number("ID"), Column::text("NAME"), Column::text("FIELD"), Column::text("BEFORE"), Column::text("AFTER")];
/// Contacts that are read at once.
const PAGE: usize = 1_000;

fn kind(word: &str) -> Result<FixKind, String> {
    FixKind::of(word).ok_or_else(|| format!("there are {}", FixKind::ALL.map(FixKind::word).join(", ")))
}

impl Fix {
    /// Whether the answer is JSON.
    pub(super) fn json(&self) -> bool {
        self.how.json
    }
}

/// Suggests, shows or mends.
pub(super) fn run(fix: &Fix, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    progress::loaded(api)?;
    let line = fix.line.clone().unwrap_or_else(|| "all".to_owned());
    let selection = api.selection_of(&Which { list: fix.list.clone(), ..Which::line(line) })?;
    let Some(kind) = fix.kind else { return suggest(&found(api, fix, &selection, &FixKind::ALL)?, fix.how, out) };
    if kind == FixKind::Phones && api.home().is_none() {
        let said = "phones can't be written in international form without a country; nothing was changed";
        let hint = "say in config.toml as in which country they are typed: [contacts] country = \"GB\"";
        return Err(Failure::bad_input(said).hint(hint).into());
    }
    let found = found(api, fix, &selection, &[kind])?;
    let Some(request) = found.first().and_then(FoundFix::request) else {
        if let Some(n) = fix.how.yes.filter(|n| *n > 0) {
            let said = format!("0 contacts would change, not {n}; nothing was changed");
            return Err(ApiError::new(ErrorKind::Stale, said).into());
        }
        return nothing(fix.how, out);
    };
    let excluded = fix.except.iter().copied().map(ContactId).collect();
    let plan = api.edit_plan(EditRequest { excluded, ..request })?;
    if fix.how.dry_run {
        return show(api, &plan, fix.how.json, out);
    }
    if kind == FixKind::Domains && fix.only.is_empty() {
        let said = "a domain is never changed unless it is named; nothing was changed";
        let hint = "look at them with cardfile fix domains --dry-run, then name one: --only gmial.com";
        return Err(Failure::bad_input(said).hint(hint).into());
    }
    edit::confirmed(api, &plan, fix.how, out)
}

/// What fixes of these kinds would change.
fn found(api: &Session, fix: &Fix, selection: &Selection, kinds: &[FixKind]) -> Result<Vec<FoundFix>, Failure> {
    let meter = RefCell::new(Meter::new());
    let tell = |done, of| meter.borrow_mut().tell("looking", done, of, &progress::of(done, of));
    Ok(api.fixes(selection, kinds, &fix.only, &Cancel::new(), &tell)?)
}

fn nothing(how: How, out: &mut Out) -> Result<Done, Failure> {
    if how.json {
        out.json(&wire::Fixes { fixes: Vec::new() })?;
    } else {
        out.line("nothing to fix")?;
    }
    Ok(Done::Whole)
}

/// Each kind with how many contacts it would change.
fn suggest(found: &[FoundFix], how: How, out: &mut Out) -> Result<Done, Failure> {
    let found: Vec<(FixKind, u64)> =
        found.iter().map(|found| (found.kind, found.ids.len() as u64)).filter(|(_, n)| *n > 0).collect();
    if found.is_empty() {
        return nothing(how, out);
    }
    if how.json {
        out.json(&wire::Fixes { fixes: found.into_iter().map(|(kind, n)| wire::FixRow::new(kind, n)).collect() })?;
        return Ok(Done::Whole);
    }
    let row = |(kind, n): (FixKind, u64)| vec![kind.word().to_owned(), thousands(n), kind.words().to_owned()];
    bulk_flow::print_rows(KINDS, found.into_iter().map(row), out)?;
    out.line("look at one: cardfile fix KIND --dry-run")?;
    Ok(Done::Whole)
}

/// Each contact that would change, before and after.
fn show(api: &Session, plan: &EditPlan, json: bool, out: &mut Out) -> Result<Done, Failure> {
    let broken: RefCell<Option<ApiError>> = RefCell::new(None);
    let pages = plan.items.chunks(PAGE).map_while(|items| kept(shown(api, plan, items), &broken));
    let each = pages.flatten();
    if json {
        let row = |(item, name, changes): (Item, String, Vec<Change>)| {
            wire::EditContact::new(item.id, name, item.refusal).changing(changes)
        };
        out.json(&wire::EditPlan::new(plan, wire::Stream::new(each.map(row))))?;
    } else {
        let rows = each.flat_map(|(item, name, changes)| {
            let row = move |change: Change| {
                vec![item.id.to_string(), name.clone(), change.field, change.before, change.after]
            };
            changes.into_iter().map(row)
        });
        bulk_flow::print_rows(CHANGES, rows, out)?;
        for line in edit::summary(plan) {
            out.line(&line)?;
        }
    }
    broken.into_inner().map_or(Ok(Done::Whole), |error| Err(error.into()))
}

/// Some contacts of a plan with their names and what would change; of those that stay nothing.
fn shown(api: &Session, plan: &EditPlan, items: &[Item]) -> Result<Vec<(Item, String, Vec<Change>)>, ApiError> {
    let ids: Vec<ContactId> = items.iter().map(|item| item.id).collect();
    let contacts = api.contacts(&ids)?;
    let mut contacts = contacts.iter().peekable();
    let mut one = |item: &Item| {
        let contact: Option<&Contact> = contacts.next_if(|contact| contact.id == item.id);
        let after = contact.filter(|_| item.refusal.is_none()).and_then(|it| apply_all(&plan.request.edits, it));
        let changes = contact.zip(after).map_or_else(Vec::new, |(before, after)| changes(before, &after));
        (*item, contact.map(Contact::display_name).unwrap_or_default(), changes)
    };
    Ok(items.iter().map(&mut one).collect())
}
