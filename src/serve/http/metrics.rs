//! Figures of a server, in the text form that Prometheus reads.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::api::Session;

/// Requests that were answered, by the first digit of their status; and how long they took in all.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    by_class: [AtomicU64; 6],
    millis: AtomicU64,
}

impl Metrics {
    /// Counts an answer.
    pub(super) fn count(&self, status: u16, millis: u64) {
        if let Some(class) = self.by_class.get(usize::from(status / 100)) {
            class.fetch_add(1, Ordering::Relaxed);
        }
        self.millis.fetch_add(millis, Ordering::Relaxed);
    }

    /// All of them.
    pub(super) fn text(&self, book: &Session) -> String {
        let mut out = String::new();
        // Writing into a text never fails.
        let _ = writeln!(
            out,
            "# HELP cardfile_requests_total Requests that were answered.\n# TYPE cardfile_requests_total counter"
        );
        for (class, count) in self.by_class.iter().enumerate().skip(2) {
            let _ = writeln!(out, "cardfile_requests_total{{status=\"{class}xx\"}} {}", count.load(Ordering::Relaxed));
        }
        let seconds = self.millis.load(Ordering::Relaxed);
        let _ = writeln!(
            out,
            "# HELP cardfile_request_milliseconds_total How long they took.\n# TYPE cardfile_request_milliseconds_total \
             counter\ncardfile_request_milliseconds_total {seconds}"
        );
        let _ = writeln!(
            out,
            "# HELP cardfile_jobs_running Jobs at work or queued.\n# TYPE cardfile_jobs_running gauge\ncardfile_jobs_running {}",
            book.running().len()
        );
        let loading = book.loading();
        let _ = writeln!(
            out,
            "# HELP cardfile_contacts Contacts in the index, the trash included.\n# TYPE cardfile_contacts gauge\n\
             cardfile_contacts {}",
            loading.done
        );
        out
    }
}
