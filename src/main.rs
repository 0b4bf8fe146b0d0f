//! The command: arguments, configuration, engine, one face, exit status.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use cardfile::api::{ApiError, Caller, Demo, ErrorKind, Options, Session, UnsubscriberForm, password_is_seen};
use cardfile::cli::{self, Arguments, Asked};
use cardfile::config::{self, Config, ConfigError, Paths};
use cardfile::tui::widgets::theme::ThemeName;
use cardfile::tui::{self, TuiError};

#[cfg(feature = "serve")]
mod serving;

fn main() -> ExitCode {
    match Arguments::read() {
        Ok(arguments) => {
            let json = arguments.json();
            start(arguments).unwrap_or_else(|error| cli::complain(error, json))
        }
        Err(status) => status,
    }
}

fn start(arguments: Arguments) -> Result<ExitCode, ApiError> {
    outlive_file_limits().map_err(|why| {
        ApiError::new(ErrorKind::Storage, format!("signals can't be caught ({why}); nothing was touched"))
    })?;
    let paths = Paths::find(arguments.book.as_deref()).map_err(misconfigured)?;
    let config = Config::read(&paths.config).map_err(misconfigured)?;
    let options = Options::new(paths.book);
    if arguments.book.is_some() && options.book.has_password() {
        return Err(password_is_seen());
    }
    let options = Options {
        beside: Some(paths.beside),
        read_only: arguments.read_only,
        retention_days: config.delete.retention_days,
        unsubscribers: match config.unsubscribers.store {
            config::UnsubscriberStore::Hash => UnsubscriberForm::Hash,
            config::UnsubscriberStore::Plain => UnsubscriberForm::Plain,
        },
        who: std::env::var("USER").unwrap_or_default(),
        accounts: config.account.clone(),
        accounts_file: Some(paths.accounts.clone()),
        index_file_from: options.index_file_from.filter(|_| config.speed.index_file),
        ..options
    };
    match arguments.asked() {
        Asked::Lines(lines) => Ok(cli::run(&lines, &options)),
        #[cfg(feature = "serve")]
        Asked::Serve(serve) => serving::over_http(&serve, options),
        #[cfg(feature = "serve")]
        Asked::Rpc => serving::over_pipe(options),
        Asked::Screen => screen(open(options)?, &config, &paths.keymap),
        Asked::Demo(demo) => {
            // The book goes with the folder, when the engine has let go of it.
            let folder = tempfile::Builder::new().prefix("cardfile-demo-").tempdir().map_err(|why| {
                ApiError::new(ErrorKind::Storage, format!("no folder for the demo's book could be made ({why})"))
            })?;
            let options = Options { book: folder.path().join("demo.db").into(), ..options };
            let demo = Some(Demo { seed: demo.seed, contacts: demo.contacts });
            screen(open(Options { demo, ..options })?, &config, &paths.keymap)
        }
    }
}

/// The book, for the user of this process.
fn open(options: Options) -> Result<Session, ApiError> {
    let caller = Caller::owner(options.who.clone());
    Session::open(options, caller)
}

/// Catches the signal that ends a process which writes beyond `ulimit -f`, so that the write fails and is told
/// of like any other. Caught rather than ignored: what is started from here meets its limits as usual.
fn outlive_file_limits() -> std::io::Result<()> {
    let caught = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(rustix::process::Signal::XFSZ.as_raw(), caught).map(drop)
}

/// The terminal UI on an open book.
fn screen(book: Session, config: &Config, keymap: &Path) -> Result<ExitCode, ApiError> {
    let keymap = match std::fs::read_to_string(keymap) {
        Ok(text) => Some((keymap.display().to_string(), text)),
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => None,
        Err(why) => {
            let message = format!("{} can't be read ({why}); nothing was changed", keymap.display());
            return Err(ApiError::new(ErrorKind::BadInput, message));
        }
    };
    let theme = match config.look.theme {
        config::Theme::Auto => None,
        config::Theme::Dark => Some(ThemeName::Dark),
        config::Theme::Light => Some(ThemeName::Light),
        config::Theme::Ansi16 => Some(ThemeName::Ansi16),
        config::Theme::Mono => Some(ThemeName::Mono),
    };
    let options = tui::Options { theme, ascii: config.look.ascii.then_some(true), keymap };
    tui::run(book, options).map(|()| ExitCode::SUCCESS).map_err(|why| {
        let kind = match &why {
            TuiError::NoTerminal | TuiError::Keymap(_) => ErrorKind::BadInput,
            TuiError::Terminal(_) | TuiError::Panicked => ErrorKind::Storage,
            TuiError::Signal(_) => ErrorKind::Cancelled,
        };
        ApiError::new(kind, why.to_string())
    })
}

fn misconfigured(error: ConfigError) -> ApiError {
    let said = ApiError::new(ErrorKind::BadInput, error.to_string());
    match error.hint {
        Some(hint) => said.hint(hint),
        None => said,
    }
}
