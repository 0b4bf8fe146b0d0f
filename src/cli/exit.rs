//! What goes wrong in a command, how it is said, and the exit status it ends with.
//!
//! Every command returns one of these; `cli` prints it once, at the end. A closed pipe is no failure:
//! whoever read had enough.

use std::cell::RefCell;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use super::hints::hints;
use crate::api::{ApiError, Code, ErrorKind, ExportError};
use crate::domain::display::sanitise;
use crate::wire;

/// How a command ended that had no failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    /// All of it was done.
    Whole,
    /// Done, but some contacts, rows or cards failed.
    Partly,
    /// The user said no, or stopped it in the middle.
    Stopped,
    /// Something was found to be out of order.
    Broken,
}

/// Why a command ended early.
#[derive(Debug)]
pub(super) enum Failure {
    /// The contract says no, or the request.
    Api(ApiError),
    /// The output can't be written.
    Output(io::Error),
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Engine(error) => Self::Api(error),
            ExportError::Output(error) => Self::Output(error),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl Done {
    /// The exit status (docs/PRODUCT.md, Faces).
    pub(super) fn status(self) -> u8 {
        match self {
            Self::Whole => 0,
            Self::Partly => 1,
            Self::Broken => status(ErrorKind::Storage),
            Self::Stopped => status(ErrorKind::Cancelled),
        }
    }
}

impl Failure {
    /// A request that can't be carried out as it was put.
    pub(super) fn bad_input(message: impl Into<String>) -> ApiError {
        ApiError::new(ErrorKind::BadInput, message)
    }

    /// Says it on the error output, as text or as one line of JSON; the exit status.
    pub(super) fn report(&self, json: bool) -> u8 {
        let error = match self {
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return Done::Whole.status(),
            Self::Output(error) => {
                let said = format!("the output can't be written: {error}");
                &ApiError::new(ErrorKind::Storage, said)
            }
            Self::Api(error) => error,
        };
        let status = status(error.kind());
        let mut out = io::stderr().lock();
        // Nothing can be said where even the error output is closed.
        let _ = if json {
            let hints: Vec<String> = error.hints.iter().cloned().chain(hints(&error.code)).collect();
            wire::write(&mut out, &wire::Failed::new(error, &hints, status))
        } else {
            out.write_all(text(error).as_bytes())
        };
        status
    }
}

/// The value, or nothing with its error kept for later: for what is written while it is read.
pub(super) fn kept<T>(result: Result<T, ApiError>, broken: &RefCell<Option<ApiError>>) -> Option<T> {
    result.map_err(|error| *broken.borrow_mut() = Some(error)).ok()
}

/// The exit status of a kind of error.
fn status(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::BadInput => 2,
        ErrorKind::Stale => 3,
        ErrorKind::Storage => 4,
        ErrorKind::Cancelled => 130,
    }
}

/// What is said of a request that was refused.
const UNTOUCHED: &str = "  not touched: the book is as it was";

/// An error as people read it: what happened, the place in the query line, what to do next.
pub(super) fn text(error: &ApiError) -> String {
    let mut out = Vec::new();
    if let (Some(syntax), Some(line)) = (&error.syntax, &error.line) {
        let (before, marked) = cut(line, &syntax.span);
        out.push(format!("error: {}", sanitise(&syntax.message)));
        out.push(format!("  {}", sanitise(line)));
        out.push(format!("  {}{}", " ".repeat(before), "^".repeat(marked)));
        out.push(format!("  at column {}", syntax.column));
        out.push(UNTOUCHED.to_owned());
        out.extend(syntax.hint.as_ref().map(|hint| format!("  hint: {}", sanitise(hint))));
    } else {
        let code = error.code.service().map(|code| format!(" ({code})")).unwrap_or_default();
        // The services' own words for it say nothing to a person; with --json they are said with their number.
        let (message, code) = match &error.code {
            Code::AccountList { list } => {
                (format!("{list} is read-only: it mirrors an account; nothing was changed"), String::new())
            }
            _ => (error.message.clone(), code),
        };
        for (at, said) in message.lines().enumerate() {
            out.push(match at {
                0 => format!("error: {}{code}", sanitise(said)),
                _ => format!("  {}", sanitise(said)),
            });
        }
        let refused = matches!(error.kind(), ErrorKind::BadInput | ErrorKind::Stale);
        if refused && !error.message.contains("nothing was") {
            out.push(UNTOUCHED.to_owned());
        }
    }
    let own = hints(&error.code);
    out.extend(error.hints.iter().chain(&own).map(|hint| format!("  hint: {}", sanitise(hint))));
    out.push(String::new());
    out.join("\n")
}

/// How many columns of the terminal lie before the place, and how many it takes; at least one.
fn cut(line: &str, span: &std::ops::Range<usize>) -> (usize, usize) {
    let width = |text: Option<&str>| text.map_or(0, |text| sanitise(text).width());
    (width(line.get(..span.start)), width(line.get(span.clone())).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::syntax::SyntaxError;

    #[test]
    fn a_syntax_error_shows_the_line_and_a_caret_under_the_place() {
        let line = "city:佐藤 emial:x";
        let start = line.find("emial").unwrap();
        let syntax = SyntaxError {
            span: start..start + 5,
            column: 9,
            message: "unknown field emial".into(),
            hint: Some("did you mean email?".into()),
        };
        assert_eq!(
            text(&ApiError { line: Some(line.to_owned()), ..syntax.into() }),
            "error: unknown field emial\n  city:佐藤 emial:x\n            ^^^^^\n  at column 9\n  not touched: the book is as it was\n  hint: did you mean email?\n"
        );
    }

    #[test]
    fn what_comes_from_outside_is_sanitised() {
        let code = Code::Criteria { code: "311" };
        let error = ApiError::of(code, "no field \x1b[31mX\nat all").hint("a\u{202e}b");
        assert_eq!(
            text(&error),
            "error: no field ␛[31mX (311)\n  at all\n  not touched: the book is as it was\n  hint: a·b\n"
        );
    }
}
