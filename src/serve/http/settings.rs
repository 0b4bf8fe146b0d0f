//! How a server serves, and what it tells of each request.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::api::{ApiError, ErrorKind};

/// How to serve.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address and port; port 0: any that is free.
    pub listen: SocketAddr,
    /// A socket file besides, for programs of this machine.
    pub unix: Option<PathBuf>,
    /// The certificate's file and its key's.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Names beside those of this machine by which it may be called.
    pub host_names: Vec<String>,
    /// The most connections at once.
    pub connections: usize,
    /// The most requests that are answered at once.
    pub at_once: usize,
    /// How long the head of a request may take, and a connection be silent.
    pub head_time: Duration,
    /// How long a body may take to come.
    pub body_time: Duration,
}

impl Settings {
    /// On the loopback interface, within the usual bounds.
    pub fn local(port: u16) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], port)),
            unix: None,
            tls: None,
            host_names: Vec::new(),
            connections: 64,
            at_once: 32,
            head_time: Duration::from_secs(5),
            body_time: Duration::from_secs(30),
        }
    }
}

/// What is told of each request that was answered, where somebody wants to hear it: nothing of its content.
pub type Log = Arc<dyn Fn(&Answered) + Send + Sync>;

/// A request that was answered.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Answered {
    /// Its method.
    pub method: String,
    /// Its path, without what is asked for behind it.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// The name of the key; empty where none was taken.
    pub who: String,
    /// The request's number, which its answer has too.
    pub request: String,
}

/// A server that can't be as it was asked for.
pub(super) fn bad(what: impl std::fmt::Display) -> ApiError {
    ApiError::new(ErrorKind::BadInput, format!("{what}; nothing was touched"))
}
