//! The arguments of `cardfile serve` and `cardfile rpc`, and what they say; main starts the servers themselves.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Answer programs written for the contacts API or the mailing-list API, over HTTP
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Examples:\n  cardfile key add website --scope contacts.read,contacts.modify\n  cardfile serve\n  cardfile serve --listen 127.0.0.1:0 --read-only\n  cardfile serve --listen 0.0.0.0:7345 --tls cert.pem key.pem --host-name book.example\n\ndocs/SERVE.md shows how programs are pointed at it. Ctrl-C ends it: what is being answered is finished,\na job that runs rests and goes on at the next start."
)]
pub struct Serve {
    /// Address and port; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7345")]
    pub listen: SocketAddr,
    /// A socket file as well, for programs of this machine
    #[arg(long, value_name = "PATH")]
    pub unix: Option<PathBuf>,
    /// Speak TLS with this certificate and its key, both in PEM
    #[arg(long, num_args = 2, value_names = ["CERT", "KEY"])]
    pub tls: Option<Vec<PathBuf>>,
    /// A name beside localhost by which it may be called; may be said several times
    #[arg(long, value_name = "NAME")]
    pub host_name: Vec<String>,
    /// Connections at once
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub connections: u16,
    /// Say of each request when it came, from whom, and how it ended, on the error output
    #[arg(long, value_enum, default_value_t = LogForm::None)]
    pub requests: LogForm,
}

/// In which form requests are told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// Not at all.
    None,
    /// A line each.
    Text,
    /// A line of JSON each.
    Json,
}

/// Answer the mailing-list API's JSON-RPC over standard input and output: a line or a Content-Length frame each
///
/// Whoever runs it is the caller: the key, the first parameter of each call, may be any text.
#[derive(Debug, Clone, Copy, Args)]
#[command(
    after_help = "Examples:\n  echo '{\"id\": 1, \"method\": \"searchLists\", \"params\": [\"\"]}' | cardfile rpc"
)]
pub struct Rpc {}

/// Offer an agent tools on the book, by the Model Context Protocol over standard input and output
///
/// It searches and plans; a plan starts only after a person has confirmed it on a terminal: cardfile confirm PLAN
#[derive(Debug, Clone, Copy, Args)]
#[command(
    after_help = "Examples:\n  cardfile --book contacts.db mcp\n\ndocs/SERVE.md shows how agents are pointed at it."
)]
pub struct Mcp {}

/// Says something on the error output, where a person who started a server looks.
pub fn tell(line: &str) {
    // Where even this output is closed, nobody is there to be told.
    let _ = writeln!(std::io::stderr().lock(), "{}", crate::domain::display::sanitise(line));
}
