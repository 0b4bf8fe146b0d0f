//! What a server says of itself and of how many are at the book: for `cardfile doctor`, the clock, and the log. No line
//! names anybody: a report of a fault is made of them.
//!
//! Called by the book's `connection`.

use super::connection::Connection;
use super::link::text_of;
use crate::book::error::BookError;
use crate::book::mode::ServerFacts;
use crate::domain::contact::Timestamp;

const FACTS: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint, session_user,
    current_setting('server_version'), current_setting('synchronous_commit'), current_setting('fsync'),
    (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()),
    has_table_privilege('writer', 'UPDATE'), has_table_privilege('access_key', 'INSERT'),
    (SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum'))";

/// Programs of this kind at the same book, by what they call themselves.
const HERE: &str = "SELECT count(DISTINCT (usename, application_name)) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'cardfile %'";

impl Connection {
    /// What the server says of itself, and who is at the book.
    pub(in crate::book) fn facts(&self) -> Result<ServerFacts, BookError> {
        let answer = self.ask(FACTS)?;
        let text = |at: usize| answer.iter().find_map(|row| text_of(row, at)).unwrap_or_default().to_owned();
        let now = text(0).parse().map_err(|_| BookError::Damaged("the server's clock can't be read".to_owned()))?;
        let rights = match (text(6).as_str(), text(7).as_str()) {
            ("t", "t") => "may work with it and make keys",
            ("t", _) => "may work with it",
            _ => "may look at it",
        };
        let line = if text(5) == "t" { "encrypted" } else { "not encrypted" };
        let mut lines = vec![
            format!("PostgreSQL {}, on a line that is {line}", text(2)),
            format!("this login {rights}"),
            format!("synchronous_commit {}, fsync {}, {} synchronous standby(s)", text(3), text(4), text(8)),
        ];
        let here = self.ask(HERE)?.iter().find_map(|row| text_of(row, 0)).unwrap_or_default().to_owned();
        lines.push(format!("{here} user(s) at the book, this one among them"));
        Ok(ServerFacts { now: Timestamp(now), user: text(1), lines })
    }
}
