//! Tells the loop how far a long search is, as long as it goes on.
//!
//! Held by the thread that searches; it ends with the value.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;

use crate::api::Session;
use crate::domain::criteria::{Clause, DuplicateKey};
use crate::domain::query::Query;
use crate::tui::app::event::{Answer, Ticket, Told};
use crate::tui::runtime::{Beside, Lane};

/// How often it is looked how far the search is.
const LOOK: Duration = Duration::from_millis(150);

/// Looks how far a search is until it is dropped.
pub(super) struct Watch(Arc<AtomicBool>);

impl Watch {
    /// Watches the search of this ticket. Where no thread can be started nothing is told, and the search goes on.
    pub(super) fn new(api: &Session, ticket: Ticket, tell: UnboundedSender<Beside>) -> Self {
        let ends = Arc::new(AtomicBool::new(false));
        let (ended, api) = (Arc::clone(&ends), api.clone());
        let look = move || {
            while !ended.load(Ordering::Relaxed) {
                std::thread::sleep(LOOK);
                if let Some((done, of)) = api.comparing() {
                    let told = Told { records: done, done, of };
                    let _ = tell.send(Beside::Answer(Lane::Free, Answer::Told(ticket, told)));
                }
            }
        };
        let _ = std::thread::Builder::new().name("cardfile-watch".into()).spawn(look);
        Self(ends)
    }

    /// Whether a search compares contacts with each other, which takes long.
    pub(super) fn is_worth_it(query: &Query) -> bool {
        let clauses = query.criteria.as_ref().map(|criteria| criteria.clauses()).unwrap_or_default();
        clauses.into_iter().any(|clause| matches!(clause, Clause::Duplicate { by: DuplicateKey::Likely, .. }))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
