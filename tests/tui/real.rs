//! A real engine on a demo book, in place of the small book: questions are answered at once and jobs are waited
//! for, so that a story is told over it as over the other.

use cardfile::domain::criteria::EvalTime;
use cardfile::domain::plans::UndoPlan;
use cardfile::domain::query::{Page, Query, Scope};
use cardfile::engine::answer::{EngineEvent, SearchRequest};
use cardfile::engine::{Cancel, Clock, Engine, EngineError, Options};
use cardfile::tui::app::effect::{AccountDeed, Editing, Effect, PullOf};
use cardfile::tui::app::event::{AccountDone, Answer, Book, Card, Edited, Event, Place};

use crate::book::today;
use crate::story::Answers;

/// How many contacts the demo book has.
const CONTACTS: u64 = 2_000;
/// More jobs than a story starts.
const JOBS: usize = 100;

/// The engine, and the folder of its book.
pub(crate) struct Real {
    _folder: tempfile::TempDir,
    engine: Engine,
    told: Box<dyn FnMut() -> Option<EngineEvent>>,
}

impl Real {
    /// The demo book, on the day of the stories.
    pub(crate) fn demo() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock: EvalTime = today();
        let options = Options { clock: Clock::Fixed(clock), ..Options::new(folder.path().join("book.db")) };
        let engine = Engine::demo(options, 7, CONTACTS).expect("a demo book");
        engine.wait_until_loaded().expect("it is read");
        let mut told = engine.subscribe();
        Self { _folder: folder, engine, told: Box::new(move || told.try_recv().ok()) }
    }

    fn answer(&self, effect: Effect) -> Option<Answer> {
        let (engine, cancel) = (&self.engine, Cancel::new());
        Some(match effect {
            Effect::Book => Answer::Book(self.book().map(Box::new)),
            Effect::Search(ticket, request) => Answer::Search(ticket, engine.search(&request, &cancel).map(Box::new)),
            Effect::Counts(ticket, request) => Answer::Counts(ticket, engine.counts(&request, &cancel)),
            Effect::Find(ticket, request) => Answer::Find(ticket, engine.find(&request, &cancel)),
            Effect::Failures(ticket, request) => Answer::Failures(ticket, engine.failures_like(&request, &cancel)),
            Effect::Card(ticket, id, _) => {
                let card = |contact| Box::new(Card { contact, held: Vec::new() });
                Answer::Card(ticket, engine.contact(id).map(|contact| contact.map(card)))
            }
            Effect::Position(ticket, request, id) => Answer::Position(ticket, engine.position(&request.query, id)),
            Effect::Ids(ticket, request) => Answer::Ids(ticket, engine.matching_ids(&request.query)),
            Effect::People(ticket, ids) => Answer::People(ticket, engine.contacts(&ids)),
            Effect::Trashed(ticket, ids) => Answer::Trashed(ticket, engine.trashed(&ids)),
            Effect::Who(ticket, job) => Answer::Who(ticket, engine.who_started(job)),
            Effect::Jobs => Answer::Jobs(engine.jobs(JOBS)),
            Effect::Kept => Answer::Kept(engine.kept()),
            Effect::KeepLine(line) => Answer::Noted(engine.keep_line(&line)),
            Effect::Plan(ticket, request) => Answer::Planned(ticket, engine.plan(request).map(Box::new)),
            Effect::Start(plan, _) => Answer::Started(engine.start(&plan)),
            Effect::UndoPlan(ticket, job) => Answer::UndoPlanned(ticket, engine.undo_plan(job).map(Box::new)),
            Effect::RestorePlan(ticket, request) => Answer::UndoPlanned(ticket, self.restore_plan(request)),
            Effect::Undo(plan) => Answer::Begun(engine.start_undo(&plan).map(|job| (job, format!("Job #{job}.")))),
            Effect::Editing(ticket, Editing::Plan(request)) => {
                Answer::Edited(ticket, engine.edit_plan(request).map(|plan| Edited::Planned(Box::new(plan))))
            }
            Effect::Editing(ticket, Editing::Start(plan)) => {
                Answer::Edited(ticket, engine.start_edit(&plan).map(Edited::Done))
            }
            Effect::Account(ticket, deed) => Answer::Account(ticket, self.account(deed)),
            Effect::Quit | Effect::Redraw => return None,
            other => panic!("no story over a real engine asks for this yet: {other:?}"),
        })
    }

    fn account(&self, deed: AccountDeed) -> Result<AccountDone, EngineError> {
        let (engine, cancel) = (&self.engine, Cancel::new());
        Ok(match deed {
            AccountDeed::List => AccountDone::List(engine.accounts()?),
            AccountDeed::Check(name) => AccountDone::Checked(engine.check_account(&name)?),
            AccountDeed::Pull(PullOf::Account(name)) => {
                AccountDone::Pulled(engine.pull(Some(&name), false, &cancel, &mut |_, _| ())?)
            }
            AccountDeed::Find(account, _) => AccountDone::Found(engine.address_books(&account)?),
            AccountDeed::Add(account) => {
                engine.add_account(&account, &cancel, &mut |_, _| ())?;
                AccountDone::Added(format!("Added {}.", account.name))
            }
            AccountDeed::Remove(name) => {
                engine.remove_account(&name)?;
                AccountDone::Said(format!("Let go of {name}."))
            }
            other => panic!("no story over a real engine asks for this yet: {other:?}"),
        })
    }

    fn book(&self) -> Result<Book, EngineError> {
        let engine = &self.engine;
        Ok(Book {
            name: engine.book_name(),
            read_only: engine.is_read_only(),
            place: Place::Here,
            overview: engine.overview()?,
            whole: engine.loading().complete,
            vocabulary: engine.vocabulary(),
            today: engine.today(),
        })
    }

    fn restore_plan(&self, request: SearchRequest) -> Result<Box<UndoPlan>, EngineError> {
        let query = Query { scope: Scope::Trash, page: Page::default(), ..request.query };
        Ok(Box::new(self.engine.restore_plan(&self.engine.matching_ids(&query)?)?))
    }
}

impl Answers for Real {
    fn run(&mut self, effect: Effect) -> Vec<Event> {
        let mut events: Vec<Event> = self.answer(effect).map(Event::Answer).into_iter().collect();
        for view in self.engine.jobs(JOBS).expect("the jobs are read") {
            if !view.job.status.is_over() {
                self.engine.wait(view.job.id).expect("the job ends");
            }
        }
        events.extend(std::iter::from_fn(&mut self.told).map(Event::Engine));
        events
    }
}
