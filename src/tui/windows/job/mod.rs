//! A job's window: its head, what failed by reason, and the failures a page at a time.
//!
//! It holds where the user is in it; the job itself is in the Jobs pane's state, so that a running one's
//! window moves. It asks for its pages; what its keys do to jobs is the model's.

pub mod keys;
pub mod view;

use crate::domain::contact::JobId;
use crate::domain::deletion_rules::Refusal;
use crate::domain::job::Job;
use crate::engine::answer::{Failure, FailurePage, FailuresRequest};
use crate::tui::app::event::Ticket;
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::window::Window;

/// A job's window.
#[derive(Debug, Clone)]
pub struct JobWindow {
    /// The job.
    pub job: JobId,
    /// Who started it, once that is known.
    pub who: Option<String>,
    /// The question for that.
    pub asked_who: Option<Ticket>,
    /// The reason whose failures are shown; none: all.
    pub only: Option<Refusal>,
    /// What narrows the failures.
    pub text: Line,
    /// Whether it is being typed.
    pub typing: bool,
    /// The failure under the cursor.
    pub cursor: usize,
    /// The first one on the screen.
    pub top: usize,
    /// The page and its question; none before the first.
    pub page: Option<(FailuresRequest, FailurePage)>,
    /// The question under way, and how many had failed when it was asked.
    pub waiting: Option<(Ticket, FailuresRequest)>,
    failed: u64,
}

/// What the contacts of a job's failures are wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailedFor {
    /// To mark them.
    Mark,
    /// To make them the criteria.
    Criteria,
}

impl JobWindow {
    /// The window of a job, before anything is known.
    pub fn new(job: JobId) -> Self {
        Self {
            job,
            who: None,
            asked_who: None,
            only: None,
            text: Line::default(),
            typing: false,
            cursor: 0,
            top: 0,
            page: None,
            waiting: None,
            failed: 0,
        }
    }

    /// How many failures are listed, as far as is known.
    pub fn total(&self) -> usize {
        self.page.as_ref().map_or(0, |(_, page)| usize::try_from(page.total).unwrap_or(usize::MAX))
    }

    /// A failure, where its page is there.
    pub fn failure(&self, at: usize) -> Option<&Failure> {
        let (request, page) = self.page.as_ref()?;
        page.rows.get(at.checked_sub(request.offset)?)
    }

    /// The same question without a page: all that is listed.
    pub fn all(&self) -> FailuresRequest {
        let text = self.text.text().trim().to_owned();
        FailuresRequest { job: self.job, only: self.only, text, offset: 0, limit: usize::MAX }
    }

    /// The question for the page around the top, where it has to be asked.
    pub fn wants(&mut self, job: &Job, height: usize) -> Option<FailuresRequest> {
        let offset = self.top.saturating_sub(height);
        let request = FailuresRequest { offset, limit: height * 3, ..self.all() };
        let failed = job.progress.failed_total();
        let known = self.waiting.as_ref().map(|(_, asked)| asked).or(self.page.as_ref().map(|(asked, _)| asked));
        let covers = known.is_some_and(|known| {
            let same = known.only == request.only && known.text == request.text;
            same && known.offset <= self.top && self.top + height <= known.offset + known.limit
        });
        if covers && failed == self.failed {
            return None;
        }
        self.failed = failed;
        Some(request)
    }

    /// Takes a page; one to an older question is dropped.
    pub fn take(&mut self, ticket: Ticket, page: FailurePage) {
        if let Some((_, request)) = self.waiting.take_if(|(asked, _)| *asked == ticket) {
            self.page = Some((request, page));
            self.cursor = self.cursor.min(self.total().saturating_sub(1));
        }
    }

    /// Puts the cursor on a failure and that among `height` lines.
    pub fn move_to(&mut self, at: usize, height: usize) {
        self.cursor = at.min(self.total().saturating_sub(1));
        self.top = self.top.min(self.cursor).max((self.cursor + 1).saturating_sub(height.max(1)));
    }

    /// Takes a key while the filter is typed.
    pub fn edit(&mut self, key: Key, action: Option<Action>) {
        self.text.press(key, action);
        self.rewind();
    }

    /// Goes to the next or the previous reason; all of them come first.
    pub fn next_reason(&mut self, job: &Job, back: bool) {
        let mut reasons = vec![None];
        reasons.extend(job.progress.failed.iter().map(|(refusal, _)| Some(*refusal)));
        let at = reasons.iter().position(|only| *only == self.only).unwrap_or(0);
        let step = if back { reasons.len() - 1 } else { 1 };
        self.only = reasons[(at + step) % reasons.len()];
        self.rewind();
    }

    /// Begins at the top again: what is listed has changed.
    pub fn rewind(&mut self) {
        (self.cursor, self.top) = (0, 0);
    }

    /// Lines of a job's reasons: all of them, and each where there are several.
    pub fn reasons(job: &Job) -> usize {
        match job.progress.failed.len() + usize::from(job.progress.failed_rows > 0) {
            0 => 0,
            n => n + 1,
        }
    }
}

impl Window for JobWindow {
    fn layer(&self) -> Layer {
        if self.typing { Layer::Picker } else { Layer::Job }
    }
}
