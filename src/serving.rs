//! The servers, started by main: from arguments to a server that runs until it is asked to end.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use cardfile::api::{ApiError, Caller, ErrorKind, Options, Session};
use cardfile::cli::{self, LogForm, Serve};
use cardfile::domain::display::counted;
use cardfile::serve::gate::Gate;
use cardfile::serve::http::{Answered, Log, Server, Settings};
use cardfile::serve::jsonrpc::Dispatcher;
use cardfile::serve::mcp;
use cardfile::serve::stdio;

/// How often it is looked whether an earlier server is gone.
const AGAIN: Duration = Duration::from_secs(1);

/// Serves both APIs over HTTP until a signal comes.
pub(crate) fn over_http(serve: &Serve, options: Options) -> Result<ExitCode, ApiError> {
    let book = open(options)?;
    let settings = Settings {
        listen: serve.listen,
        unix: serve.unix.clone(),
        tls: serve.tls.as_deref().and_then(|files| match files {
            [certificate, key] => Some((certificate.clone(), key.clone())),
            _ => None,
        }),
        host_names: serve.host_name.clone(),
        connections: serve.connections.into(),
        ..Settings::local(0)
    };
    let scheme = if settings.tls.is_some() { "https" } else { "http" };
    let server = Server::bind(&settings, book.clone(), log(serve.requests))?;
    let keys: Vec<String> = book.keys()?.into_iter().filter(|key| key.revoked.is_none()).map(|key| key.name).collect();
    // The first line says where: whoever starts it on port 0 reads it there.
    cli::tell(&format!("cardfile serves {} on {scheme}://{}", book.book_name(), server.address()?));
    cli::tell(&match keys.as_slice() {
        [] => "there is no key yet, so nobody is let in: cardfile key add NAME --scope contacts.read".to_owned(),
        keys => format!("keys: {}", keys.join(", ")),
    });
    if !book.is_read_only() {
        go_on(&book)?;
    }
    let left = server.run(asked_to_end())?;
    if !left.is_empty() {
        cli::tell(&format!("left for the next start: {}", counted(left.len() as u64, "job")));
    }
    cli::tell("all that was asked is answered");
    Ok(ExitCode::SUCCESS)
}

/// Goes on with what programs asked an earlier server for, as soon as that one is known to be gone.
fn go_on(book: &Session) -> Result<(), ApiError> {
    let mut unfinished = book.unfinished()?;
    let book = book.clone();
    let work = move || {
        while !unfinished.is_empty() {
            match book.go_on(&mut unfinished) {
                Ok(0) => {}
                Ok(n) => cli::tell(&format!("going on with {}", counted(n as u64, "job"))),
                Err(error) => return cli::tell(&format!("a job can't be gone on with: {error}")),
            }
            std::thread::sleep(AGAIN);
        }
    };
    std::thread::Builder::new().name("cardfile-go-on".into()).spawn(work).map(drop).map_err(|why| {
        ApiError::new(ErrorKind::Storage, format!("a thread could not be started ({why}); nothing was touched"))
    })
}

/// Answers the mailing-list API's calls that come over standard input.
pub(crate) fn over_pipe(options: Options) -> Result<ExitCode, ApiError> {
    let dispatcher = Dispatcher::new(Arc::new(Gate::own(open(options)?)));
    match stdio::run(&dispatcher, io::stdin().lock(), io::stdout().lock()) {
        // Whoever read the answers had enough.
        Err(why) if why.kind() != io::ErrorKind::BrokenPipe => {
            Err(ApiError::new(ErrorKind::Storage, format!("the answers can't be written: {why}")))
        }
        Ok(()) | Err(_) => Ok(ExitCode::SUCCESS),
    }
}

/// Answers an agent's calls over standard input and output.
pub(crate) fn over_agent(options: Options) -> Result<ExitCode, ApiError> {
    // Whoever reads the log sees that it was an agent, and whose.
    let who = format!("agent of {}", options.who);
    let book = open(options)?;
    mcp::run(book.for_caller(Caller::owner(who)))?;
    Ok(ExitCode::SUCCESS)
}

fn open(options: Options) -> Result<Session, ApiError> {
    let caller = Caller::owner(options.who.clone());
    Session::open(Options { create: false, ..options }, caller)
}

fn log(form: LogForm) -> Option<Log> {
    match form {
        LogForm::None => None,
        LogForm::Json => Some(Arc::new(|answered: &Answered| {
            cli::tell(&serde_json::to_string(&Line { date: now(), answered }).unwrap_or_default());
        })),
        LogForm::Text => Some(Arc::new(|answered: &Answered| {
            let Answered { method, path, status, millis, who, request } = answered;
            cli::tell(&format!("{} {who} {method} {path} {status} {millis} ms {request}", now()));
        })),
    }
}

/// A line of the log as JSON.
#[derive(serde::Serialize)]
struct Line<'a> {
    date: String,
    #[serde(flatten)]
    answered: &'a Answered,
}

fn now() -> String {
    jiff::Timestamp::now().to_string()
}

/// Ends where the process is asked to: by Ctrl-C, or by whoever started it.
async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminated) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    let Ok(mut interrupted) = signal(SignalKind::interrupt()) else { return std::future::pending().await };
    tokio::select! {
        _ = terminated.recv() => {}
        _ = interrupted.recv() => {}
    }
}
