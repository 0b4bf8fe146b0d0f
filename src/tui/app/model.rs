//! The model's state and what can be read of it.
//!
//! Changed by [`crate::tui::app::update`] and its parts alone; read by the view.

use crate::domain::contact::{ContactId, JobId, List, Timestamp};
use crate::domain::criteria::EvalTime;
use crate::domain::field::CustomFields;
use crate::domain::query::Scope;
use crate::engine::EngineError;
use crate::engine::answer::{Loading, SearchRequest};
use crate::tui::app::effect::Effect;
use crate::tui::app::event::{Place, Ticket};
use crate::tui::app::geometry::{Front, Geometry, Needs};
use crate::tui::input::action::Action;
use crate::tui::input::keymap::{Keymap, Layer};
use crate::tui::panes::card::CardPane;
use crate::tui::panes::jobs::Jobs;
use crate::tui::panes::lists::Lists;
use crate::tui::panes::search::Search;
use crate::tui::panes::search::counts::Counts;
use crate::tui::panes::search::query_line::Query;
use crate::tui::panes::search::trash::Trash;
use crate::tui::windows::Modal;
use crate::tui::windows::accounts::{Following, Pulling};
use crate::tui::windows::export::Writing;
use crate::tui::windows::find::Purpose;
use crate::tui::windows::job::FailedFor;

/// Everything that the screen shows.
#[derive(Debug, Clone)]
pub struct Model {
    /// Which key does what.
    pub keymap: Keymap,
    /// Columns and rows of the screen.
    pub size: (u16, u16),
    /// Now, as far as events told.
    pub now: Timestamp,
    /// The day at which criteria are resolved.
    pub today: EvalTime,
    /// The book's custom fields.
    pub vocabulary: CustomFields,
    /// The book's name.
    pub book: String,
    /// What has the focus.
    pub focus: Focus,
    /// The Lists pane.
    pub lists: Lists,
    /// The Search pane.
    pub search: Search,
    /// Counts beside those of the search.
    pub counts: Counts,
    /// The card.
    pub card: CardPane,
    /// The Jobs pane.
    pub jobs: Jobs,
    /// What is known of the trash on the screen.
    pub trash: Trash,
    /// The windows, the top one last.
    pub modals: Vec<Modal>,
    /// How far the index is loaded.
    pub loading: Loading,
    /// What the last step has to say; it stays until a key.
    pub status: Option<Status>,
    /// Why the book can't be read.
    pub trouble: Option<EngineError>,
    /// Whether to quit as soon as no job is at work.
    pub quits_when_done: bool,
    /// The export that is at work.
    pub writing: Option<Writing>,
    /// What is being taken over from where contacts live.
    pub pulling: Option<Pulling>,
    /// When that is done without being asked for.
    pub(in crate::tui) following: Following,
    /// How what a delete would do is shown while nothing is asked.
    pub outcomes: Outcomes,
    /// Whether nothing can be changed.
    pub read_only: bool,
    /// Where the book is.
    pub place: Place,
    /// Whose the mouse is.
    pub mouse: Mouse,
    pub(in crate::tui) tickets: u64,
    pub(in crate::tui) asked: Option<SearchRequest>,
    pub(in crate::tui) stale: Stale,
    pub(in crate::tui) ids: Option<(Ticket, IdsFor)>,
    pub(in crate::tui) going: Option<(Ticket, ContactId, Purpose)>,
    pub(in crate::tui) copying: Option<Ticket>,
    pub(in crate::tui) spending: Option<Spending>,
    pub(in crate::tui) failed: Option<(Ticket, FailedFor)>,
    /// The columns of earlier sessions, until it is known which fields the book has.
    pub(in crate::tui) kept_columns: Option<String>,
    pub(in crate::tui) changed: bool,
}

/// What has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Focus {
    /// The Lists pane.
    Lists,
    /// The query line.
    Line,
    /// The clauses of the Search pane.
    Clauses,
    /// The rows of the Search pane.
    #[default]
    Results,
    /// The card.
    Card,
    /// The Jobs pane.
    Jobs,
}

/// Whose the mouse is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mouse {
    /// Clicks and the wheel move and open.
    Ours,
    /// The terminal selects text with it.
    #[default]
    Terminals,
}

/// How what a delete would do is shown while nothing is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Outcomes {
    /// Quietly: the user looks around.
    #[default]
    Quiet,
    /// In red and amber: the user weighs a delete.
    Coloured,
}

/// Something said in the footer until a key is pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// How much it matters.
    pub tone: Tone,
    /// What is said.
    pub text: String,
    /// The job that it is about: when that has ended, what came of it is said instead.
    pub about: Option<JobId>,
}

/// How much a message matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It was done.
    Done,
    /// It was not done, and that is why.
    Refused,
}

/// What ids were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum IdsFor {
    /// To mark them all.
    MarkAll,
    /// To invert the marks within them.
    Invert,
    /// To mark those from one row to another.
    Range(usize, usize),
}

/// What the marks were meant for: once it is done, they are taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum Spending {
    /// A job was started on them.
    Job,
    /// They were brought back or erased.
    Deed,
}

/// What has to be asked anew because the book has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::tui) struct Stale {
    /// The page of rows.
    pub(in crate::tui) search: bool,
    /// The card.
    pub(in crate::tui) card: bool,
    /// The counts beside those of the search.
    pub(in crate::tui) counts: bool,
}

impl Stale {
    /// All of it.
    pub(in crate::tui) const ALL: Self = Self { search: true, card: true, counts: true };
}

/// How much of a table so wide its columns get, and how much the outcome behind them.
pub fn table_room(width: u16) -> (u16, u16) {
    let width = width.saturating_sub(4);
    let outcome = if width >= 70 { 19 } else { 11 };
    (width.saturating_sub(outcome), outcome)
}

impl Focus {
    /// Where its keys are looked up.
    pub fn layer(self) -> Layer {
        match self {
            Self::Lists => Layer::Lists,
            Self::Line => Layer::Line,
            Self::Clauses => Layer::Clauses,
            Self::Results => Layer::Results,
            Self::Card => Layer::Card,
            Self::Jobs => Layer::Jobs,
        }
    }
}

impl Model {
    /// A model that has asked nothing yet, on a screen of this size.
    pub fn new(keymap: Keymap, width: u16, height: u16) -> Self {
        Self {
            keymap,
            size: (width, height),
            now: Timestamp(0),
            today: EvalTime { now: Timestamp(0), zone: jiff::tz::TimeZone::UTC },
            vocabulary: CustomFields::default(),
            book: String::new(),
            focus: Focus::default(),
            lists: Lists::default(),
            search: Search::default(),
            counts: Counts::default(),
            card: CardPane::default(),
            jobs: Jobs::default(),
            trash: Trash::default(),
            modals: Vec::new(),
            loading: Loading::default(),
            status: None,
            trouble: None,
            quits_when_done: false,
            writing: None,
            pulling: None,
            following: Following::default(),
            outcomes: Outcomes::default(),
            read_only: false,
            place: Place::Here,
            mouse: Mouse::default(),
            tickets: 0,
            asked: None,
            stale: Stale::default(),
            ids: None,
            going: None,
            copying: None,
            spending: None,
            failed: None,
            kept_columns: None,
            changed: true,
        }
    }

    /// Where keys are looked up now.
    pub fn layer(&self) -> Layer {
        self.modals.last().map_or(self.pane_layer(), Modal::layer)
    }

    /// Where the keys of the pane that has the focus are looked up; the trash has keys of its own.
    pub fn pane_layer(&self) -> Layer {
        match self.focus {
            Focus::Results | Focus::Card if self.search.scope == Scope::Trash => Layer::Trash,
            focus => focus.layer(),
        }
    }

    /// Where the panes are; none on a screen that is too small.
    pub fn geometry(&self) -> Option<Geometry> {
        let front = match self.focus {
            Focus::Lists => Front::Lists,
            Focus::Line | Focus::Clauses | Focus::Results => Front::Search,
            Focus::Card => Front::Card,
            Focus::Jobs => Front::Jobs,
        };
        let needs = Needs {
            clauses: self.search.rows.len().min(1_000) as u16,
            building: self.focus == Focus::Clauses,
            error: matches!(self.search.query, Query::Bad(_)) || self.search.error.is_some(),
            jobs: self.jobs.lines(self.focus == Focus::Jobs).len().clamp(1, 60) as u16,
            front,
        };
        Geometry::of(self.size.0, self.size.1, needs)
    }

    /// Rows of a window that shows a list of something.
    pub fn window_rows(&self) -> usize {
        usize::from(self.size.1.saturating_sub(10)).max(1)
    }

    /// How much room the table's columns get, as [`crate::tui::panes::search::columns::Columns::places`]
    /// says.
    pub fn column_places(&self) -> Vec<Option<u16>> {
        let pane = self.geometry().and_then(|geometry| geometry.search);
        let room = pane.map_or(0, |pane| table_room(pane.inner().width).0);
        self.search.columns.places(room, &self.vocabulary)
    }

    /// The list of the contact on the card.
    pub fn card_list(&self) -> Option<&List> {
        self.card.contact.as_ref().and_then(|contact| self.lists.list(contact.list))
    }

    /// The name of the list that is looked at; none: the whole book.
    pub fn scope_name(&self) -> Option<String> {
        match self.search.scope {
            Scope::Book => None,
            scope => Some(self.lists.scope_name(scope)),
        }
    }

    /// Whether the book has no contact at all: known once all of it is read, never before.
    pub fn is_empty_book(&self) -> bool {
        self.lists.whole
            && self.lists.overview.as_ref().is_some_and(|overview| overview.contacts == 0 && overview.trash == 0)
    }

    /// Whether anything has changed since this was last asked: only then it is drawn.
    pub fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    /// When the model wants to be told the time, in milliseconds from now; none: never.
    pub fn wants_tick(&self) -> Option<u64> {
        let late = crate::tui::panes::search::PATIENCE as u64;
        let late = (self.search.waiting.is_some() && !self.search.late).then_some(late);
        [late, self.follows_in()].into_iter().flatten().min()
    }

    /// The words for the key that undoes the last job, as a clause of a sentence.
    pub(in crate::tui) fn undoes_it(&self) -> String {
        format!("{} undoes it", self.keymap.said(Layer::Results, Action::UndoLast))
    }

    /// Lets the terminal have the mouse, or takes it back.
    pub(in crate::tui) fn give_mouse(&mut self, effects: &mut Vec<Effect>) {
        let (mouse, words) = match self.mouse {
            Mouse::Ours => (Mouse::Terminals, "The mouse selects text, by the terminal."),
            Mouse::Terminals => (Mouse::Ours, "The mouse moves and opens."),
        };
        self.mouse = mouse;
        self.say(Tone::Done, words);
        effects.push(Effect::Mouse(mouse == Mouse::Ours));
    }

    pub(in crate::tui) fn ticket(&mut self) -> Ticket {
        self.tickets += 1;
        Ticket(self.tickets)
    }

    pub(in crate::tui) fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.status = Some(Status { tone, text: text.into(), about: None });
    }

    /// Says that a job is at work; what came of it follows when it has ended.
    pub(in crate::tui) fn say_begun(&mut self, id: JobId, text: impl Into<String>) {
        self.status = Some(Status { tone: Tone::Done, text: text.into(), about: Some(id) });
        self.say_ended(id);
    }

    /// Says what came of a job that is over, where the footer still says that it is at work.
    pub(in crate::tui) fn say_ended(&mut self, id: JobId) {
        let waits = self.status.as_ref().is_some_and(|status| status.about == Some(id));
        let Some(job) = self.jobs.job(id).filter(|job| waits && job.status.is_over()) else { return };
        let Some(said) = self.jobs.ended(job) else { return };
        let undo = self.jobs.why_not_undo(job).is_none().then(|| self.undoes_it());
        let undo = undo.map(|words| format!(" {words}.")).unwrap_or_default();
        self.say(Tone::Done, format!("{said}.{undo}"));
    }
}
