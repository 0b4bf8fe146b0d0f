//! A book as one caller may use it: what every call of the contract begins with.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedReceiver;

use super::far::Far;
use super::held::Plans;
use super::names::list_of;
use super::types::{EngineEvent, Loading};
use super::{ApiError, Caller, Code, Location, Options, Result, Right};
use crate::domain::contact::{Contact, ContactId, JobId, List, ListId};
use crate::domain::criteria::{Clause, Criteria};
use crate::domain::field::Field;
use crate::domain::query::{Query, Scope, Selection};
use crate::engine::Engine;
#[cfg(feature = "client")]
use crate::engine::secret;

/// An open book as one caller may use it. Clones share the book and the plans that are held.
#[derive(Debug, Clone)]
pub struct Session {
    pub(super) place: Place,
    pub(super) caller: Arc<Caller>,
    pub(super) plans: Arc<Plans>,
}

/// Where the book is.
#[derive(Debug, Clone)]
pub(super) enum Place {
    /// This process has it open.
    Here(Engine),
    /// It is served elsewhere.
    Far(Arc<Far>),
}

impl Session {
    /// Opens a book for this caller. At a book on a server the caller is who its server was told; at one that is served,
    /// the key.
    pub fn open(options: Options, mut caller: Caller) -> Result<Self> {
        if let Location::Served(url) = &options.book {
            return Self::open_served(url, &options);
        }
        let engine = Engine::open(options)?;
        if let Some(login) = engine.login() {
            login.clone_into(&mut caller.who);
        }
        let place = Place::Here(engine.acting_for(&caller.who));
        Ok(Self { place, caller: Arc::new(caller), plans: Arc::default() })
    }

    #[cfg(feature = "client")]
    fn open_served(url: &str, options: &Options) -> Result<Self> {
        let key = options.key.as_ref().map(secret).transpose()?.ok_or_else(|| {
            let said = format!("{url} is for whoever has a key; nothing was asked");
            ApiError::new(super::ErrorKind::BadInput, said)
                .hint("give it in CARDFILE_KEY, in a file by --key-file, or by a program by --key-command")
        })?;
        let far = Far::open(url, key, options.read_only)?;
        let known = far.known();
        let rights = known.rights.split(',').filter_map(Right::from_word).collect();
        let caller = Caller { rights, lists: None, ..Caller::owner(known.who) };
        Ok(Self { place: Place::Far(Arc::new(far)), caller: Arc::new(caller), plans: Arc::default() })
    }

    #[cfg(not(feature = "client"))]
    fn open_served(url: &str, _: &Options) -> Result<Self> {
        let said =
            format!("this cardfile was made without what it takes to use a served book ({url}); nothing was asked");
        Err(ApiError::new(super::ErrorKind::BadInput, said).hint("build it with --features client"))
    }

    /// The engine that has the book open; an error where the book is served elsewhere.
    pub(super) fn engine(&self) -> Result<&Engine> {
        match &self.place {
            Place::Here(engine) => Ok(engine),
            Place::Far(far) => Err(far.not_here()),
        }
    }

    /// The line to a book that is served elsewhere; none where the book is open here.
    pub(super) fn far(&self) -> Option<&Arc<Far>> {
        match &self.place {
            Place::Here(_) => None,
            Place::Far(far) => Some(far),
        }
    }

    /// Whether the book is served elsewhere, so that not all can be done from here.
    pub fn is_served(&self) -> bool {
        self.far().is_some()
    }

    /// The list of this name, in any case.
    pub(super) fn list_named(&self, name: &str) -> Result<List> {
        let Place::Here(engine) = &self.place else {
            let lists = self.lists();
            let id = list_of(name, &lists)?;
            let none = || ApiError::of(Code::NoList { list: name.to_owned() }, "there is no such list");
            return lists.into_iter().find(|list| list.id == id).ok_or_else(none);
        };
        engine.list_named(name)
    }

    /// The same book, and the plans that are held of it, for somebody else.
    #[must_use]
    pub fn for_caller(&self, caller: Caller) -> Self {
        let place = match &self.place {
            Place::Here(engine) => Place::Here(engine.acting_for(&caller.who)),
            Place::Far(far) => Place::Far(Arc::clone(far)),
        };
        Self { place, caller: Arc::new(caller), plans: Arc::clone(&self.plans) }
    }

    /// Who asks.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// What the book tells without being asked, from now on. Signals, not data: who wants more asks.
    pub fn subscribe(&self) -> Result<UnboundedReceiver<EngineEvent>> {
        self.need(Right::Read)?;
        match &self.place {
            Place::Here(engine) => Ok(engine.subscribe()),
            Place::Far(far) => far.subscribe(),
        }
    }

    /// The same for whoever may read the whole book and its jobs, wherever they are.
    pub fn listen(&self) -> Result<UnboundedReceiver<EngineEvent>> {
        self.need_everywhere(Right::Read)?;
        self.need(Right::ReadJobs)?;
        Ok(self.engine()?.subscribe())
    }

    /// How far the index is loaded.
    pub fn loading(&self) -> Loading {
        match &self.place {
            Place::Here(engine) => engine.loading(),
            Place::Far(far) => {
                let contacts = far.known().contacts;
                Loading { done: contacts, total: contacts, complete: true }
            }
        }
    }

    /// Waits until lists and custom fields are read: what criteria are made with.
    pub fn wait_until_known(&self) -> Result<()> {
        if self.far().is_some() {
            return Ok(());
        }
        self.engine()?.wait_until_known()
    }

    /// Waits until the index is complete.
    pub fn wait_until_loaded(&self) -> Result<()> {
        if self.far().is_some() {
            return Ok(());
        }
        self.engine()?.wait_until_loaded()
    }

    /// Refuses where the caller lacks a right; says which.
    pub(super) fn need(&self, right: Right) -> Result<()> {
        if !self.caller.may(right) {
            let said = format!("access denied: this needs {}; nothing was changed", right.word());
            return Err(ApiError::of(Code::Forbidden { missing: right }, said));
        }
        if self.caller.elevated.has(right) && self.far().is_none() {
            self.engine()?.elevation_used(right.word())?;
        }
        Ok(())
    }

    /// Refuses where the caller lacks a right, or has it in some lists alone: for what concerns the whole book.
    pub(super) fn need_everywhere(&self, right: Right) -> Result<()> {
        self.need(right)?;
        if self.caller.lists.is_some() {
            let said = "access denied: this concerns the whole book, and the key is for some of its lists; nothing was \
                        changed";
            return Err(ApiError::of(Code::OutsideLists, said));
        }
        Ok(())
    }

    /// Refuses a list that the caller may not enter, as if it weren't there.
    pub(super) fn may_enter(&self, list: ListId) -> Result<()> {
        if self.caller.may_enter(list) {
            return Ok(());
        }
        let said = format!("Unable to Load List: there is no list {list}; nothing was changed");
        Err(ApiError::of(Code::NoList { list: list.to_string() }, said))
    }

    /// What of a query the caller may see.
    pub(super) fn within(&self, query: &Query) -> Result<Query> {
        let Some(lists) = &self.caller.lists else { return Ok(query.clone()) };
        if let Scope::List(list) = query.scope {
            self.may_enter(list)?;
            return Ok(query.clone());
        }
        let known = self.engine()?.lists().into_iter().filter(|list| lists.contains(&list.id));
        let values: Vec<String> = known.map(|list| list.name).collect();
        let inside = if values.is_empty() {
            Criteria::Not(Box::new(Criteria::All))
        } else {
            Criteria::Clause(Clause::Set { field: Field::List, values })
        };
        let criteria = match query.criteria.clone() {
            Some(criteria) => Criteria::And(vec![criteria, inside]),
            None => inside,
        };
        Ok(Query { criteria: Some(criteria), ..query.clone() })
    }

    /// What of a selection the caller may touch; a contact elsewhere is as good as none.
    pub(super) fn selection_within(&self, selection: Selection) -> Result<Selection> {
        match selection {
            Selection::Query(query) => self.within(&query).map(Selection::Query),
            Selection::Ids { scope, ids } => {
                match scope {
                    Scope::List(list) => self.may_enter(list)?,
                    Scope::Book | Scope::Trash => self.may_touch(&ids)?,
                }
                Ok(Selection::Ids { scope, ids })
            }
        }
    }

    /// Refuses where one of these contacts is in a list that the caller may not enter.
    pub(super) fn may_touch(&self, ids: &[ContactId]) -> Result<()> {
        if self.caller.lists.is_none() {
            return Ok(());
        }
        let elsewhere = |contact: &Contact| !self.caller.may_enter(contact.list);
        match self.engine()?.contacts(ids)?.iter().find(|contact| elsewhere(contact)) {
            None => Ok(()),
            Some(Contact { id, .. }) => {
                let said = format!("there is no contact {id}; nothing was changed");
                Err(ApiError::of(Code::NoContact { contact: *id }, said))
            }
        }
    }

    /// Whether the caller may see a job: who is bound to some lists sees their own alone.
    pub(super) fn may_see(&self, job: JobId) -> Result<bool> {
        Ok(self.caller.lists.is_none() || self.engine()?.who_started(job)? == self.caller.who)
    }

    /// Refuses a job that the caller may not see, as if there were none.
    pub(super) fn need_job(&self, right: Right, job: JobId) -> Result<()> {
        self.need(right)?;
        if self.may_see(job)? {
            return Ok(());
        }
        Err(ApiError::of(Code::NoJob { job }, format!("there is no job {job}; nothing was changed")))
    }
}
