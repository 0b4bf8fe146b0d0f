//! The command: arguments, configuration, engine, one face, exit status.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use cardfile::api::{
    ApiError, Caller, Country, Demo, ErrorKind, Options, Secret, Session, UnsubscriberForm, password_is_seen,
};
use cardfile::cli::{self, Arguments, Asked, Places};
use cardfile::config::{self, Config, ConfigError, Paths};
use cardfile::tui::input::keymap::Keymap;
use cardfile::tui::widgets::theme::ThemeName;
use cardfile::tui::{self, TuiError};

#[cfg(feature = "serve")]
mod serving;

fn main() -> ExitCode {
    cli::answer_shell(|| Paths::find(None).ok().map(|paths| paths.book));
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
    if let Some(file) = &arguments.log {
        log_into(file)?;
    }
    let paths = Paths::find(arguments.book.as_deref()).map_err(misconfigured)?;
    let options = Options::new(paths.book);
    let places = Places {
        // As it is shown: without a password.
        book: options.book.to_string(),
        file: options.book.file().map(Path::to_path_buf),
        config: paths.config.clone(),
        keymap: paths.keymap.clone(),
    };
    let config = match (Config::read(&paths.config), arguments.config()) {
        // Where a broken file is has to be found out as well.
        (Err(_), Some(asked)) if !asked.checks() => Config::default(),
        (read, _) => read.map_err(misconfigured)?,
    };
    if arguments.config().is_some_and(cli::Config::checks) {
        keys(&paths.keymap)?;
    }
    if arguments.book.is_some() && options.book.has_password() {
        return Err(password_is_seen());
    }
    let options = Options {
        beside: Some(paths.beside),
        key: key(arguments.key_file.as_deref(), arguments.key_command.as_deref()),
        read_only: arguments.read_only,
        retention_days: config.delete.retention_days,
        unsubscribers: match config.unsubscribers.store {
            config::UnsubscriberStore::Hash => UnsubscriberForm::Hash,
            config::UnsubscriberStore::Plain => UnsubscriberForm::Plain,
        },
        who: std::env::var("USER").unwrap_or_default(),
        home: home(&config, &paths.config)?,
        accounts: config.account.clone(),
        accounts_file: Some(paths.accounts.clone()),
        index_file_from: options.index_file_from.filter(|_| config.speed.index_file),
        ..options
    };
    match arguments.asked() {
        Asked::Lines(lines) => Ok(cli::run(&lines, &options, &places)),
        #[cfg(feature = "serve")]
        Asked::Serve(serve) => serving::over_http(&serve, options),
        #[cfg(feature = "serve")]
        Asked::Rpc => serving::over_pipe(options),
        #[cfg(feature = "serve")]
        Asked::Mcp => serving::over_agent(options),
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

/// Where the key of a served book comes from; it is never among the arguments, which every user of the machine sees.
fn key(file: Option<&Path>, command: Option<&str>) -> Option<Secret> {
    match (file, command) {
        (Some(file), _) => Some(Secret::File(file.to_path_buf())),
        (None, Some(command)) => Some(Secret::Command(vec!["sh".into(), "-c".into(), command.to_owned()])),
        (None, None) => std::env::var_os("CARDFILE_KEY").map(|_| Secret::Env("CARDFILE_KEY".to_owned())),
    }
}

/// As in which country phones are typed: what the configuration says, else the locale's.
fn home(config: &Config, file: &Path) -> Result<Option<Country>, ApiError> {
    let country = config.contacts.country.trim();
    if country.is_empty() {
        let locale = ["LC_ALL", "LC_TELEPHONE", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
        return Ok(locale.into_iter().find(|locale| !locale.is_empty()).and_then(|locale| Country::of_locale(&locale)));
    }
    let unknown = || {
        let said = format!("{}: there is no country \u{201c}{country}\u{201d}", file.display());
        ApiError::new(ErrorKind::BadInput, said).hint("it is two letters of ISO 3166: GB, US, DE")
    };
    Country::of(country).map(Some).ok_or_else(unknown)
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

/// The user's keymap, looked over: the file's name and its text; none where there is no file.
fn keys(file: &Path) -> Result<Option<(String, String)>, ApiError> {
    let name = file.display().to_string();
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(why) => {
            let message = format!("{name} can't be read ({why}); nothing was changed");
            return Err(ApiError::new(ErrorKind::BadInput, message));
        }
    };
    match Keymap::defaults().with(&name, &text) {
        Ok(_) => Ok(Some((name, text))),
        Err(why) => Err(ApiError::new(ErrorKind::BadInput, why.to_string())),
    }
}

/// Adds what happens inside to a file that its owner alone can read.
fn log_into(file: &Path) -> Result<(), ApiError> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let opened = std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(file);
    let opened = opened.map_err(|why| {
        ApiError::new(ErrorKind::BadInput, format!("{} can't be written ({why}); nothing was done", file.display()))
    })?;
    tracing_subscriber::fmt()
        .with_writer(std::sync::Mutex::new(opened))
        .with_ansi(false)
        .with_max_level(tracing::Level::DEBUG)
        .init();
    tracing::info!("cardfile {} starts", env!("CARGO_PKG_VERSION"));
    Ok(())
}

/// The terminal UI on an open book.
fn screen(book: Session, config: &Config, keymap: &Path) -> Result<ExitCode, ApiError> {
    let keymap = keys(keymap)?;
    let theme = match config.look.theme {
        config::Theme::Auto => None,
        config::Theme::Dark => Some(ThemeName::Dark),
        config::Theme::Light => Some(ThemeName::Light),
        config::Theme::Ansi16 => Some(ThemeName::Ansi16),
        config::Theme::Mono => Some(ThemeName::Mono),
    };
    let tells = match config.look.tell {
        config::Tell::None => tui::Tells::Nothing,
        config::Tell::Bell => tui::Tells::Bell,
        config::Tell::Osc9 => tui::Tells::Osc9,
        config::Tell::Osc777 => tui::Tells::Osc777,
    };
    let ascii = config.look.ascii.then_some(true);
    let pulls = tui::Pulls { on_start: config.live.pull_on_start, minutes: config.live.pull_minutes };
    let options = tui::Options { theme, ascii, keymap, mouse: config.look.mouse, tells, pulls };
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
