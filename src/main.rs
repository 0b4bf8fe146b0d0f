//! The command: arguments, configuration, engine, one face, exit status.

use std::process::ExitCode;

use cardfile::cli::{self, Arguments, Asked};
use cardfile::config::{Config, ConfigError, Paths};
use cardfile::engine::error::ErrorKind;
use cardfile::engine::{EngineError, Options};

fn main() -> ExitCode {
    start(Arguments::read()).unwrap_or_else(cli::complain)
}

fn start(arguments: Arguments) -> Result<ExitCode, EngineError> {
    let paths = Paths::find(arguments.book.as_deref()).map_err(misconfigured)?;
    let config = Config::read(&paths.config).map_err(misconfigured)?;
    let options = Options {
        read_only: arguments.read_only,
        retention_days: config.delete.retention_days,
        who: std::env::var("USER").unwrap_or_default(),
        ..Options::new(paths.book)
    };
    match arguments.asked() {
        Asked::Lines(lines) => Ok(cli::run(&lines, &options)),
        Asked::Screen | Asked::Demo(_) => {
            Err(EngineError::new(ErrorKind::BadInput, "the terminal UI is not built into this program yet"))
        }
    }
}

fn misconfigured(error: ConfigError) -> EngineError {
    let said = EngineError::new(ErrorKind::BadInput, error.to_string());
    match error.hint {
        Some(hint) => said.hint(hint),
        None => said,
    }
}
