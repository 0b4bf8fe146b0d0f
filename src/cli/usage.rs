//! Arguments that can't be understood, said as text or, where JSON was asked for, as a line of it.
//!
//! Called by [`super::Arguments::read`]. What is wrong is clap's to find and to word; here it only takes the form in
//! which every other error is said.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};

use super::exit::Failure;

/// Says what clap says; the exit status: 0 after `--help` and `--version`, else 2.
pub(super) fn say(error: &clap::Error, arguments: impl Iterator<Item = OsString>) -> ExitCode {
    if !error.use_stderr() || !asks_for_json(arguments) {
        // Nothing can be said where the output is closed.
        let _ = error.print();
        return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
    }
    ExitCode::from(as_failure(error).report(true))
}

/// Whether one of them is `--json`; behind `--` everything is a value.
fn asks_for_json(arguments: impl Iterator<Item = OsString>) -> bool {
    arguments.take_while(|argument| argument != "--").any(|argument| argument == "--json")
}

/// The first line is what is wrong; usage and the pointer to `--help` are for people.
fn as_failure(error: &clap::Error) -> Failure {
    let text = error.render().to_string();
    let lines = text.lines().take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let said: Vec<&str> = lines.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("tip:")).collect();
    let said = said.join(" ");
    let mut failure = Failure::bad_input(said.strip_prefix("error: ").unwrap_or(&said));
    for (kind, value) in error.context() {
        if let (ContextKind::Suggested, ContextValue::StyledStrs(tips)) = (kind, value) {
            failure = tips.iter().fold(failure, |failure, tip| failure.hint(tip.to_string()));
        }
    }
    for kind in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue] {
        match error.get(kind) {
            Some(ContextValue::String(word)) => failure = failure.hint(format!("did you mean {word}?")),
            Some(ContextValue::Strings(words)) if !words.is_empty() => {
                failure = failure.hint(format!("did you mean {}?", words.join(" or ")));
            }
            _ => {}
        }
    }
    failure.into()
}
