//! Confirming a number: by `--yes COUNT`, or by typing it on a terminal. The default is no.
//!
//! Used by every command that deletes or erases.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use super::exit::Failure;
use super::print::counted;
use crate::api::ApiError;
use crate::api::ErrorKind;
use crate::domain::display::{sanitise, thousands};

/// What is to be confirmed.
#[derive(Debug)]
pub(super) struct Question {
    /// How many contacts.
    pub(super) count: u64,
    /// What would happen to them: `would go`.
    pub(super) goes: &'static str,
    /// What typing the number does: `delete`.
    pub(super) verb: &'static str,
    /// What is shown first.
    pub(super) summary: Vec<String>,
    /// What holds afterwards.
    pub(super) promise: String,
}

/// Whether it is confirmed. A number given beforehand that doesn't hold is an error, and so is none
/// where nobody can be asked.
pub(super) fn confirmed(question: &Question, yes: Option<u64>) -> Result<bool, Failure> {
    match yes {
        Some(count) if count == question.count => Ok(true),
        Some(count) => Err(stale(question, count).into()),
        None => ask(question),
    }
}

fn stale(question: &Question, count: u64) -> ApiError {
    let said = format!("{} {}, not {}", counted(question.count, "contact"), question.goes, thousands(count));
    ApiError::new(ErrorKind::Stale, said).hint("look at them with --dry-run, then confirm that number")
}

fn ask(question: &Question) -> Result<bool, Failure> {
    let count = question.count;
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        let said = format!("not confirmed: {} {}", counted(count, "contact"), question.goes);
        return Err(Failure::bad_input(said).hint(format!("--yes {count} confirms it; --dry-run shows them")).into());
    }
    let mut asks = io::stderr().lock();
    for line in &question.summary {
        writeln!(asks, "{}", sanitise(line))?;
    }
    if count == 0 {
        writeln!(asks, "Nothing {}. Everything is kept.", question.goes)?;
        return Ok(false);
    }
    write!(
        asks,
        "{}\nType {count} and Enter to {}, anything else keeps everything: ",
        question.promise, question.verb
    )?;
    asks.flush()?;
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed)?;
    let yes = typed.trim().replace(',', "") == count.to_string();
    if !yes {
        writeln!(asks, "Everything is kept.")?;
    }
    Ok(yes)
}
