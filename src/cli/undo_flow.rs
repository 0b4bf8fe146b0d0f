//! What `job undo`, `job redo` and `trash restore` have in common: the plan shown, what clashes decided, the
//! number confirmed.

use clap::ValueEnum;

use super::exit::{Done, Failure};
use super::print::{Column, Out, counted};
use crate::api::ApiError;
use crate::api::ErrorKind;
use crate::domain::display::thousands;
use crate::domain::plans::{Clash, UndoPlan};
use crate::wire;

/// What becomes of contacts that clash with newer ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Clashes {
    /// They come back as well.
    Restore,
    /// They stay in the trash.
    Leave,
}

const CLASHES: &[Column] =
    &[Column::number("CONTACT"), Column::text("NAME"), Column::text("ADDRESS"), Column::text("NOW OF")];

/// The plan as it is started: what clashes has to be decided, and the number that was given has to hold.
pub(super) fn decided(plan: UndoPlan, clashes: Option<Clashes>, yes: Option<u64>) -> Result<UndoPlan, Failure> {
    let plan = match clashes {
        None if !plan.clashes.is_empty() => return Err(undecided(&plan).into()),
        Some(Clashes::Leave) => plan.leaving_clashes(),
        None | Some(Clashes::Restore) => plan.accepting_clashes(),
    };
    match yes {
        Some(count) if count != plan.will_return() => {
            let n = counted(plan.will_return(), "contact");
            let said = format!("{n} would come back, not {}; nothing was changed", thousands(count));
            let error = ApiError::new(ErrorKind::Stale, said);
            Err(error.hint("look at them with --dry-run, then confirm that number").into())
        }
        Some(_) | None => Ok(plan),
    }
}

fn undecided(plan: &UndoPlan) -> ApiError {
    let (what, hint) = if plan.clashes.iter().any(Clash::is_change) {
        ("were changed since", "--clashes restore gives them back as well, --clashes leave leaves them as they are")
    } else {
        (
            "share an address with a newer contact",
            "--clashes restore brings them back as well, --clashes leave keeps them in the trash",
        )
    };
    let n = counted(plan.clashes.len() as u64, "contact");
    let (of, look) = match plan.undoes {
        Some(job) => (format!(" of job {job}"), format!("cardfile job undo {job} --dry-run shows them")),
        None => (String::new(), "--dry-run shows them".to_owned()),
    };
    ApiError::new(ErrorKind::BadInput, format!("{n}{of} {what}; nothing was changed")).hint(look).hint(hint)
}

/// Shows what would come back, and what of it clashes.
pub(super) fn show(plan: &UndoPlan, json: bool, out: &mut Out) -> Result<Done, Failure> {
    if json {
        out.json(&wire::UndoPlan::new(plan))?;
        return Ok(Done::Whole);
    }
    out.line(&format!("{}: {}", plan.words, counted(plan.with_clashes(), "contact")))?;
    if !plan.clashes.is_empty() {
        let n = counted(plan.clashes.len() as u64, "clash");
        let what = if plan.clashes.iter().any(Clash::is_change) { "changed since" } else { "with a newer one" };
        out.line(&format!("! {n} {what}"))?;
        let rows: Vec<Vec<String>> = plan
            .clashes
            .iter()
            .map(|clash| {
                vec![
                    clash.contact.to_string(),
                    clash.name.clone(),
                    clash.address.clone(),
                    format!("{} {}", clash.with, clash.with_name),
                ]
            })
            .collect();
        out.rows(CLASHES, &rows)?;
    }
    Ok(Done::Whole)
}
