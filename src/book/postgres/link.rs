//! The line to a server: one connection of the client's, driven by whoever asks.
//!
//! Called by `connection` and `migrate`. Nothing runs while nobody asks: the line is served by the thread that waits for
//! an answer.

use std::future::{Future as _, poll_fn};
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error, RowStream, SimpleQueryMessage};

use super::address::Address;
use super::error::words;
use super::tls;
use super::value::Owned;
use crate::book::error::BookError;

/// How long a server is waited for when a line is made.
const CONNECT: Duration = Duration::from_secs(10);

/// A connection, and what drives it.
pub(super) struct Link {
    /// Dropped first: what drives the line then sees that it is over.
    client: Client,
    pub(super) runtime: Runtime,
}

impl Link {
    /// Connects and logs in.
    pub(super) fn make(address: &Address) -> Result<Self, BookError> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|why| BookError::NoServer(format!("no line can be made: {why}")))?;
        let tls = tls::connector(address)?;
        let config = address.config();
        let made = runtime.block_on(async {
            let connecting = tokio::time::timeout(CONNECT, config.connect(tls));
            let (client, line) = connecting.await.map_err(|_| None)?.map_err(Some)?;
            // What the line says when it breaks is said by whoever asks next as well.
            tokio::spawn(async move { line.await.ok() });
            Ok(client)
        });
        match made {
            Ok(client) => Ok(Self { client, runtime }),
            Err(None) => Err(unreachable(address, "it did not answer in time")),
            Err(Some(error)) => Err(refused(address, &error)),
        }
    }

    /// Runs statements without parameters, one after another.
    pub(super) fn simple(&mut self, sql: &str) -> Result<Vec<SimpleQueryMessage>, Error> {
        self.runtime.block_on(self.client.simple_query(sql))
    }

    /// Runs a statement and answers how many rows it changed.
    pub(super) fn execute(&mut self, sql: &str, params: &[Owned]) -> Result<u64, Error> {
        let params: Vec<_> = params.iter().map(|param| (param as _, param.kind())).collect();
        self.runtime.block_on(self.client.execute_typed(sql, &params))
    }

    /// Runs statements one after another, without waiting for the answer to one before the next is on its way; the
    /// first error, after which the server passes the others by.
    pub(super) fn execute_all(&mut self, statements: &[(String, Vec<Owned>)]) -> Result<(), Error> {
        let typed: Vec<Vec<(&(dyn ToSql + Sync), Type)>> = statements
            .iter()
            .map(|(_, params)| params.iter().map(|param| (param as _, param.kind())).collect())
            .collect();
        let mut running: Vec<_> = statements
            .iter()
            .zip(&typed)
            .map(|((sql, _), params)| Box::pin(self.client.execute_typed(sql, params)))
            .collect();
        self.runtime.block_on(async {
            // The first look at each sends it; answers come in the same order.
            let mut answers = Vec::with_capacity(running.len());
            for one in &mut running {
                answers.push(poll_fn(|context| Poll::Ready(one.as_mut().poll(context))).await);
            }
            let mut first = None;
            for (one, answer) in running.iter_mut().zip(answers) {
                let answer = match answer {
                    Poll::Ready(answer) => answer,
                    Poll::Pending => one.await,
                };
                first = first.or(answer.err());
            }
            first.map_or(Ok(()), Err)
        })
    }

    /// Runs a statement; its rows come as they are asked for.
    pub(super) fn query(&mut self, sql: &str, params: &[Owned]) -> Result<RowStream, Error> {
        let params = params.iter().map(|param| (param, param.kind()));
        self.runtime.block_on(self.client.query_typed_raw(sql, params))
    }
}

/// Why no line came about.
fn refused(address: &Address, error: &Error) -> BookError {
    let said = words(error);
    match error.code().map(tokio_postgres::error::SqlState::code) {
        Some("57P03" | "53300") => BookError::NoServer(said),
        Some("3D000") => BookError::Missing(address.name().into()),
        Some(_) => BookError::NoRight(said),
        None => unreachable(address, &said),
    }
}

fn unreachable(address: &Address, why: &str) -> BookError {
    BookError::NoServer(format!("{}: {why}", address.name()))
}

/// A column of a message that is a row.
pub(super) fn text_of(message: &SimpleQueryMessage, at: usize) -> Option<&str> {
    match message {
        SimpleQueryMessage::Row(row) => row.try_get(at).ok()?,
        _ => None,
    }
}
