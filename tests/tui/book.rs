//! A small book in memory that answers the model's questions at once, by `criteria::matches` and the
//! rules of refusal themselves.

use std::collections::{BTreeMap, HashMap};

use cardfile::domain::address;
use cardfile::domain::apart::{Apart, pair};
use cardfile::domain::contact::*;
use cardfile::domain::criteria::matches::{duplicate_keys, keep_order, matches, texts};
use cardfile::domain::criteria::{Clause, Criteria, Duplicates, EvalTime, MatchContext, Resolved};
use cardfile::domain::deletion_rules::{DeletionFacts, Refusal};
use cardfile::domain::edit::{Edit, apply_all};
use cardfile::domain::field::{CustomFields, Field};
use cardfile::domain::fix::{Cell, Fix, FixKind, clusters};
use cardfile::domain::fold::{digits, fold_accents};
use cardfile::domain::job::{Job, JobType, Progress, Status};
use cardfile::domain::merge::merge;
use cardfile::domain::plans::frozen::stay_of;
use cardfile::domain::plans::groups::{Candidate, LeftOut, arrange};
use cardfile::domain::plans::{
    Clash, EditPlan, EditRequest, ErasePlan, GroupsPlan, GroupsRequest, Item, MergePlan, Plan, PlanRequest, Reverted,
    UndoPlan, Warning, Way,
};
use cardfile::domain::query::{Direction, Query, Scope, Selection};
use cardfile::domain::suppression::UnsubscribedWho;
use cardfile::domain::syntax;
use cardfile::engine::answer::*;
use cardfile::engine::error::{Code, ErrorKind};
use cardfile::engine::{EngineError, answer::SearchRequest};
use cardfile::tui::app::effect::{AccountDeed, Editing, Effect, Export, Manner, Wish};
use cardfile::tui::app::event::{
    AccountDone, Answer, Book, Card, Edited, Event, Exported, Place, Ticket, Told, Wished,
};

/// 2026-11-21T12:00:00Z.
pub(crate) const NOW: Timestamp = Timestamp(1_795_262_400_000);

/// The book.
pub(crate) struct Fake {
    pub(crate) contacts: BTreeMap<ContactId, Contact>,
    pub(crate) trash: BTreeMap<ContactId, (Contact, JobId)>,
    pub(crate) lists: Vec<List>,
    pub(crate) unsubscribers: Vec<String>,
    pub(crate) searches: Vec<SavedSearch>,
    pub(crate) jobs: Vec<JobView>,
    pub(crate) failures: HashMap<JobId, Vec<Failure>>,
    pub(crate) loading: Loading,
    /// What earlier sessions left.
    pub(crate) kept: Kept,
    /// What every call fails with.
    pub(crate) broken: Option<EngineError>,
    /// Plans that were started, and whatever left the program.
    pub(crate) started: Vec<Plan>,
    pub(crate) copied: Vec<String>,
    /// What was typed for and done; files that are there.
    pub(crate) wishes: Vec<Wish>,
    pub(crate) files: Vec<String>,
    /// How the last job was started.
    pub(crate) manner: Manner,
    /// Contacts of the trash that clash with others: who, and with whom.
    pub(crate) clashing: Vec<(ContactId, ContactId)>,
    pub(crate) erased: usize,
    pub(crate) log: Vec<AuditEntry>,
    pub(crate) quit: bool,
    /// What edits changed: the contacts as they were before; none: it was not there.
    pub(crate) before: HashMap<JobId, BTreeMap<ContactId, Option<Contact>>>,
    /// How many contacts came by copies and by hand.
    pub(crate) came: usize,
    pub(crate) read_only: bool,
    pub(crate) place: Place,
    /// Imports that were tried and started, what an import comes to, exports that were written.
    pub(crate) tried: Vec<ImportRequest>,
    pub(crate) imports: Vec<ImportRequest>,
    pub(crate) outcome: ImportAnswer,
    pub(crate) exports: Vec<Export>,
    /// Pairs of contacts that are never merged.
    pub(crate) apart: Apart,
    /// Accounts, what was asked of them, and what a pull answers.
    pub(crate) accounts: Vec<AccountView>,
    pub(crate) asked_of_accounts: Vec<AccountDeed>,
    pub(crate) pulls: Result<PullAnswer, EngineError>,
    /// What tells of folders whether they changed.
    pub(crate) marks: Vec<(ListId, u64)>,
}

pub(crate) fn today() -> EvalTime {
    EvalTime { now: NOW, zone: jiff::tz::TimeZone::UTC }
}

pub(crate) fn day(text: &str) -> Timestamp {
    let date: jiff::civil::Date = text.parse().expect("a date");
    today().start_of(date)
}

impl Fake {
    pub(crate) fn empty() -> Self {
        Self {
            contacts: BTreeMap::new(),
            apart: Apart::new(),
            accounts: Vec::new(),
            asked_of_accounts: Vec::new(),
            pulls: Ok(PullAnswer::default()),
            marks: Vec::new(),
            trash: BTreeMap::new(),
            lists: Vec::new(),
            unsubscribers: Vec::new(),
            searches: Vec::new(),
            jobs: Vec::new(),
            failures: HashMap::new(),
            loading: Loading { done: 0, total: 0, complete: true },
            kept: Kept::default(),
            broken: None,
            started: Vec::new(),
            copied: Vec::new(),
            wishes: Vec::new(),
            files: Vec::new(),
            manner: Manner::default(),
            clashing: Vec::new(),
            erased: 0,
            log: Vec::new(),
            quit: false,
            before: HashMap::new(),
            came: 0,
            read_only: false,
            place: Place::Here,
            tried: Vec::new(),
            imports: Vec::new(),
            outcome: crate::bringing::outcome(),
            exports: Vec::new(),
        }
    }

    /// Sixty contacts of four lists: twenty of oldcorp.com of whom three stay, each for its reason.
    pub(crate) fn small() -> Self {
        let mut fake = Self::empty();
        fake.lists = vec![
            List { id: ListId(1), name: "Customers".into(), kind: ListKind::Standard },
            List { id: ListId(2), name: "Newsletter".into(), kind: ListKind::Standard },
            List { id: ListId(3), name: "Press".into(), kind: ListKind::Standard },
            List { id: ListId(4), name: "Staff".into(), kind: ListKind::Account },
        ];
        let names = [
            "Amber Powell",
            "Łukasz Wójcik",
            "Matheus Pacheco",
            "Antero Liimatainen",
            "佐藤 花子",
            "Piotr Krajewski",
            "Zoë van Beek",
            "Martin Hubbard",
            "Inês Conceição",
            "Sigrún Jónsdóttir",
            "Bob O'Neill",
            "Chloé Lefèvre",
            "Darius Okafor",
            "Elena Popescu",
            "Farid Haddad",
            "Greta Lindqvist",
            "Hugo Baptista",
            "Ivana Horvat",
            "Jonas Weber",
            "Katarína Nováková",
        ];
        for at in 0..60_usize {
            let id = ContactId(at as i64 + 1);
            let round = at / names.len();
            let name = names[at % names.len()];
            let (first, last) = name.split_once(' ').expect("two names");
            let local: String = format!("{first}.{last}")
                .chars()
                .map(|c| c.to_ascii_lowercase())
                .map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '_' })
                .collect();
            let domain = ["oldcorp.com", "example.org", "gmail.example"][round];
            let mut contact = Contact {
                id,
                revision: 1,
                list: ListId([2, 1, 3][round]),
                name: Name { full: name.into(), first: first.into(), last: last.into(), ..Name::default() },
                emails: vec![Tagged::plain(format!("{local}@{domain}"))],
                company: ["van Beek Partners", "Acme Ltd", ""][at % 3].into(),
                title: ["Buyer", "", "Press officer"][at % 3].into(),
                created: day("2019-04-21"),
                active: Some(Timestamp(day("2024-10-30").0 - at as i64 * 9 * 86_400_000)),
                phones: vec![Tagged::plain(format!("+55 11 91234 5{at:03}"))],
                labels: if at % 4 == 0 { vec!["lead".into(), "newsletter".into()] } else { Vec::new() },
                ..Contact::default()
            };
            match at {
                2 => contact.member = Some(Member { status: MemberStatus::Active, role: Role::None }),
                7 => {
                    contact.billing = Some(Billing {
                        plan: "Pro".into(),
                        status: BillingStatus::Active,
                        until: Some(day("2027-03-01")),
                    });
                }
                9 => contact.protected = true,
                59 => contact.list = ListId(4),
                _ => {}
            }
            fake.contacts.insert(id, contact);
        }
        fake.unsubscribers = vec!["bob.o_neill@oldcorp.com".into()];
        for (name, line) in [
            ("Redundant copies", "redundant:email"),
            ("Unsubscribed", "is:unsubscribed"),
            ("Not active 2 y", "active<today-2y"),
        ] {
            fake.searches.push(SavedSearch {
                name: name.into(),
                line: line.into(),
                note: String::new(),
                saved: false,
                count: None,
            });
        }
        fake.loading = Loading { done: 60, total: 60, complete: true };
        for search in &mut fake.searches.clone() {
            let criteria = syntax::parse(&search.line, &CustomFields::default()).expect("reads").criteria;
            let n = fake.matching(Some(&criteria), Scope::Book).len() as u64;
            fake.searches.iter_mut().filter(|known| known.name == search.name).for_each(|known| known.count = Some(n));
        }
        fake
    }

    pub(crate) fn around(&self, shared: bool) -> MatchContext {
        let all: Vec<&Contact> = if shared { self.contacts.values().collect() } else { Vec::new() };
        MatchContext {
            lists: self.lists.iter().map(|list| (list.id, list.clone())).collect(),
            unsubscribers: self.unsubscribers.iter().map(|address| address::normalise(address)).collect(),
            duplicates: Duplicates::among(&all, None, &self.apart),
            home: None,
        }
    }

    fn in_scope(&self, scope: Scope) -> Vec<&Contact> {
        match scope {
            Scope::Book => self.contacts.values().collect(),
            Scope::List(id) => self.contacts.values().filter(|contact| contact.list == id).collect(),
            Scope::Trash => self.trash.values().map(|(contact, _)| contact).collect(),
        }
    }

    pub(crate) fn matching(&self, criteria: Option<&Criteria>, scope: Scope) -> Vec<ContactId> {
        let resolved = criteria.map(|criteria| Resolved::new(criteria, &today()));
        let shared =
            criteria.is_some_and(|all| all.clauses().iter().any(|one| matches!(one, Clause::Duplicate { .. })));
        let around = self.around(shared);
        self.in_scope(scope)
            .into_iter()
            .filter(|contact| resolved.as_ref().is_none_or(|resolved| matches(resolved, contact, &around)))
            .map(|contact| contact.id)
            .collect()
    }

    fn get(&self, id: ContactId) -> Option<&Contact> {
        self.contacts.get(&id).or_else(|| self.trash.get(&id).map(|(contact, _)| contact))
    }

    fn refusal(&self, id: ContactId, members_too: bool) -> Option<Refusal> {
        let Some(contact) = self.contacts.get(&id) else { return Some(Refusal::Gone) };
        let kind = self.lists.iter().find(|list| list.id == contact.list).map_or(ListKind::Standard, |list| list.kind);
        DeletionFacts::of(contact, kind, NOW).refusal(members_too)
    }

    fn cell(&self, contact: &Contact, field: &Field) -> String {
        let date = |moment: Timestamp| today().date_of(moment).map(|day| day.to_string()).unwrap_or_default();
        match field {
            Field::Active => contact.active.map(date).unwrap_or_default(),
            Field::Created => date(contact.created),
            Field::Label => contact.labels.join(", "),
            Field::Slot(slot) => slot.of(contact).text().into_owned(),
            Field::List => {
                self.lists.iter().find(|list| list.id == contact.list).map(|list| list.name.clone()).unwrap_or_default()
            }
            other => texts(contact, other).into_iter().next().unwrap_or_default(),
        }
    }

    fn ordered(&self, request: &SearchRequest) -> Vec<ContactId> {
        let mut ids = self.matching(request.query.criteria.as_ref(), request.query.scope);
        for key in request.query.sort.keys().iter().rev() {
            let text = |id: &ContactId| match key.field {
                Field::Id => format!("{:020}", id.0),
                _ => self.get(*id).map(|contact| self.cell(contact, &key.field)).unwrap_or_default(),
            };
            ids.sort_by(|a, b| {
                let (a, b) = (text(a), text(b));
                let rising = if key.direction == Direction::Descending { b.cmp(&a) } else { a.cmp(&b) };
                a.is_empty().cmp(&b.is_empty()).then(rising)
            });
        }
        ids
    }

    pub(crate) fn search(&self, request: &SearchRequest) -> SearchAnswer {
        let ids = self.ordered(request);
        let clauses = request.query.criteria.as_ref().map_or_else(Vec::new, |criteria| {
            let each = criteria.clauses().into_iter().cloned().map(Criteria::Clause);
            each.map(|clause| self.matching(Some(&clause), request.query.scope).len() as u64).collect()
        });
        let kept: Vec<ContactId> = ids.iter().copied().filter(|id| !request.excluded.contains(id)).collect();
        let stay = tally(kept.iter().filter_map(|id| self.refusal(*id, false)));
        SearchAnswer {
            of: self.in_scope(request.query.scope).len() as u64,
            matches: ids.len() as u64,
            clauses,
            go: kept.len() as u64 - stay.iter().map(|(_, n)| n).sum::<u64>(),
            stay,
            excluded: (ids.len() - kept.len()) as u64,
            marked: ids.iter().filter(|id| request.marked.contains(id)).count() as u64,
            offset: request.query.page.offset.min(ids.len()),
            rows: ids
                .iter()
                .skip(request.query.page.offset)
                .take(request.query.page.limit.unwrap_or(usize::MAX))
                .filter_map(|id| self.get(*id))
                .map(|contact| cardfile::engine::answer::Row {
                    id: contact.id,
                    cells: request.columns.iter().map(|field| self.cell(contact, field)).collect(),
                    refusal: self.refusal(contact.id, false),
                })
                .collect(),
            loading: self.loading,
        }
    }

    pub(crate) fn plan(&self, request: PlanRequest) -> Plan {
        let mut excluded = 0;
        let (line, words, ids) = match &request.selection {
            Selection::Query(query) => {
                let criteria = query.criteria.as_ref().unwrap_or(&Criteria::All);
                let words = cardfile::domain::criteria::describe::sentence(criteria, &today());
                (syntax::print(criteria), words, self.matching(Some(criteria), query.scope))
            }
            Selection::Ids { scope: _, ids } => (String::new(), format!("{} contacts", ids.len()), ids.clone()),
        };
        let mut items = Vec::new();
        for id in ids {
            if request.excluded.contains(&id) {
                excluded += 1;
            } else {
                items.push(Item { id, revision: 1, refusal: self.refusal(id, request.members_too) });
            }
        }
        let stay = tally(items.iter().filter_map(|item| item.refusal));
        let mut warnings = Vec::new();
        if items.len() == self.contacts.len() {
            warnings.push(Warning::Everything);
        }
        if items.len() > 4 {
            warnings.push(Warning::LastWithEmail(items.len() as u64 / 2));
        }
        Plan { request, line, words, items, excluded, stay, warnings, retention_days: 30, as_of: None }
    }

    /// Does what a step wanted; the answers come back as events.
    #[allow(clippy::too_many_lines, reason = "one arm an effect")]
    pub(crate) fn run(&mut self, effect: Effect) -> Vec<Event> {
        let broken = self.broken.clone();
        let fails = move || broken.clone();
        let answer = match effect {
            Effect::Book => Answer::Book(fails().map_or_else(|| Ok(Box::new(self.book())), Err)),
            Effect::Search(ticket, request) => {
                Answer::Search(ticket, fails().map_or_else(|| Ok(Box::new(self.search(&request))), Err))
            }
            Effect::Card(ticket, id, criteria) => {
                let held = criteria.iter().map(|one| self.matching(Some(one), Scope::Book).contains(&id)).collect();
                let contact = self.get(id).cloned();
                Answer::Card(ticket, Ok(contact.map(|contact| Box::new(Card { contact, held }))))
            }
            Effect::Counts(ticket, request) => Answer::Counts(ticket, Ok(self.counts(&request))),
            Effect::Values(ticket, field) => Answer::Values(ticket, self.values(&field)),
            Effect::Find(ticket, request) => Answer::Find(ticket, Ok(self.find(&request))),
            Effect::Position(ticket, request, id) => {
                Answer::Position(ticket, Ok(self.ordered(&request).into_iter().position(|known| known == id)))
            }
            Effect::SaveSearch { name, line, note } => {
                self.searches.retain(|search| !search.saved || search.name.to_lowercase() != name.to_lowercase());
                let count = syntax::parse(&line, &CustomFields::default()).ok();
                let count = count.map(|parsed| self.matching(Some(&parsed.criteria), Scope::Book).len() as u64);
                let words = format!("Saved as {name}.");
                self.searches.insert(0, SavedSearch { name, line, note, saved: true, count });
                return vec![Event::Answer(Answer::Done(Ok(words))), Event::Engine(EngineEvent::Changed)];
            }
            Effect::DropSearch(name) => {
                self.searches.retain(|search| !search.saved || search.name != name);
                let words = format!("{name} is dropped.");
                return vec![Event::Answer(Answer::Done(Ok(words))), Event::Engine(EngineEvent::Changed)];
            }
            Effect::ExportSearches { path, .. } => Answer::Done(Ok(format!("written to {path}."))),
            Effect::ImportSearches { path, .. } => Answer::Done(Ok(format!("read {path}."))),
            Effect::Kept => Answer::Kept(Ok(self.kept.clone())),
            Effect::KeepLine(line) => {
                self.kept.lines.retain(|known| *known != line);
                self.kept.lines.push(line);
                return Vec::new();
            }
            Effect::KeepColumns(text) => {
                self.kept.columns = Some(text);
                return Vec::new();
            }
            Effect::Ids(ticket, request) => Answer::Ids(ticket, Ok(self.ordered(&request))),
            Effect::Plan(ticket, request) => {
                Answer::Planned(ticket, fails().map_or_else(|| Ok(Box::new(self.plan(request))), Err))
            }
            Effect::Start(plan, manner) => {
                self.manner = manner;
                return self.start(*plan);
            }
            Effect::RetryPlan(ticket, job) => {
                let failed = self.failures.get(&job).cloned().unwrap_or_default();
                let ids = failed.into_iter().filter_map(|failure| failure.contact).collect();
                Answer::Planned(ticket, Ok(Box::new(self.plan_of(ids))))
            }
            Effect::RedoPlan(ticket, undo) => {
                let undone = self.jobs.iter().find(|view| view.job.id == undo).and_then(|view| view.job.undoes);
                let plan = self.started.get(undone.map_or(0, |job| job.0 as usize) - 1).expect("a plan was started");
                let ids = plan.items.iter().filter(|item| item.refusal.is_none()).map(|item| item.id).collect();
                Answer::Planned(ticket, Ok(Box::new(self.plan_of(ids))))
            }
            Effect::ClearPlan(ticket, name) => {
                let list = self.lists.iter().find(|list| list.name == name).expect("a list").clone();
                let answer = if list.kind == ListKind::Account {
                    let message = format!("Cannot Edit Account Lists: {name} mirrors an account; nothing was changed");
                    Err(EngineError::of(Code::AccountList { list: String::new() }, message))
                } else {
                    let scope = Scope::List(list.id);
                    let selection = Selection::Query(Query { scope, ..Query::matching(Criteria::All) });
                    Ok(Box::new(self.plan(PlanRequest { selection, excluded: Vec::new(), members_too: false })))
                };
                Answer::Planned(ticket, answer)
            }
            Effect::UndoPlan(ticket, job) => {
                let of = |(_, (_, by)): &(&ContactId, &(Contact, JobId))| *by == job;
                if let Some(before) = self.before.get(&job) {
                    let added = before.values().filter(|was| was.is_none()).count() as u64;
                    let reverted = Reverted { changed: before.len() as u64 - added, added, trashed: 0 };
                    let plan = self.undo_plan(Some(job), Way::Revert(reverted), before.keys().copied().collect());
                    return vec![Event::Answer(Answer::UndoPlanned(ticket, Ok(Box::new(plan))))];
                }
                let items: Vec<ContactId> = self.trash.iter().filter(of).map(|(id, _)| *id).collect();
                let plan = self.undo_plan(Some(job), Way::Restore, items);
                Answer::UndoPlanned(ticket, fails().map_or_else(|| Ok(Box::new(plan)), Err))
            }
            Effect::RestorePlan(ticket, request) => {
                let plan = self.undo_plan(None, Way::Restore, self.meant(&request));
                Answer::UndoPlanned(ticket, fails().map_or_else(|| Ok(Box::new(plan)), Err))
            }
            Effect::ErasePlan(ticket, request) => {
                let items = self.meant(&request).into_iter().map(Item::any_revision).collect();
                let plan = ErasePlan { items, words: "chosen".into(), searches: Vec::new() };
                Answer::ErasePlanned(ticket, fails().map_or_else(|| Ok(Box::new(plan)), Err))
            }
            Effect::Trashed(ticket, ids) => Answer::Trashed(ticket, Ok(self.trashed(&ids))),
            Effect::Undo(plan) => {
                if let Some(error) = fails() {
                    return vec![Event::Answer(Answer::Begun(Err(error)))];
                }
                assert!(plan.clashes.is_empty(), "what clashes is decided before an undo is started");
                return match plan.undoes {
                    Some(job) if self.before.contains_key(&job) => self.revert(job),
                    undone => self.back(undone, plan.items.iter().map(|item| item.id).collect()),
                };
            }
            Effect::Erase(plan) => {
                self.erased += plan.items.iter().filter(|item| self.trash.remove(&item.id).is_some()).count();
                let id = JobId(self.jobs.iter().map(|view| view.job.id.0).max().unwrap_or(0) + 1);
                let n = plan.items.len() as u64;
                let progress = Progress { total: n, succeeded: n, ..Progress::default() };
                let view =
                    JobView { job: job(id, JobType::Erase, Status::Completed, "", progress), rate: None, left: None };
                self.jobs.insert(0, view.clone());
                return vec![
                    Event::Answer(Answer::Begun(Ok((id, format!("Erasing {n} for good."))))),
                    Event::Engine(EngineEvent::Job(Box::new(view))),
                    Event::Engine(EngineEvent::Changed),
                ];
            }
            Effect::FailedIds(ticket, request) => {
                let rows = self.failures_like(&request).rows;
                Answer::FailedIds(ticket, Ok(rows.into_iter().filter_map(|failure| failure.contact).collect()))
            }
            Effect::Who(ticket, _) => Answer::Who(ticket, Ok("anna".into())),
            Effect::Log(ticket) => Answer::Log(ticket, Ok(self.log.clone())),
            Effect::Unsubscribers(ticket) => {
                let one = |address: &String| Unsubscriber {
                    who: UnsubscribedWho::Address(address.clone()),
                    added: day("2026-03-01"),
                    source: "by hand".into(),
                };
                Answer::Unsubscribers(ticket, Ok(self.unsubscribers.iter().map(one).collect()))
            }
            Effect::Resubscribe(address) => {
                self.unsubscribers.retain(|known| *known != address);
                let words = format!("{address} is taken off.");
                return vec![Event::Answer(Answer::Done(Ok(words))), Event::Engine(EngineEvent::Changed)];
            }
            Effect::DropList(name) => {
                self.lists.retain(|list| list.name != name);
                let words = format!("The list {name} is dropped.");
                return vec![Event::Answer(Answer::Done(Ok(words))), Event::Engine(EngineEvent::Changed)];
            }
            Effect::Wish(ticket, wish) => {
                let answer = fails().map_or_else(|| Ok(self.wish(wish)), Err);
                return vec![Event::Answer(Answer::Wished(ticket, answer)), Event::Engine(EngineEvent::Changed)];
            }
            Effect::Pause(job) => return self.steer(job, Status::Paused),
            Effect::Resume(job) => return self.steer(job, Status::Running),
            Effect::Cancel(job) => return self.steer(job, Status::Cancelled),
            Effect::Jobs => Answer::Jobs(Ok(self.jobs.clone())),
            Effect::Failures(ticket, request) => {
                Answer::Failures(ticket, fails().map_or_else(|| Ok(self.failures_like(&request)), Err))
            }
            Effect::People(ticket, ids) => {
                Answer::People(ticket, Ok(ids.into_iter().filter_map(|id| self.get(id).cloned()).collect()))
            }
            Effect::Protect(ids, on) => {
                let edits = vec![if on { Edit::Protect } else { Edit::Unprotect }];
                let plan =
                    self.edit_plan(EditRequest { selection: Selection::ids(ids.clone()), excluded: Vec::new(), edits });
                let words = format!("{} {}", ids.len(), if on { "protected" } else { "no longer protected" });
                let (_, mut events) = self.start_edit(&plan);
                events.insert(0, Event::Answer(Answer::Done(Ok(words))));
                return events;
            }
            Effect::Editing(ticket, step) => {
                if let Some(error) = fails() {
                    return vec![Event::Answer(Answer::Edited(ticket, Err(error)))];
                }
                let (answer, mut events) = self.editing(step);
                events.insert(0, Event::Answer(Answer::Edited(ticket, answer)));
                return events;
            }
            Effect::Qr(ticket, id, most) => {
                let name = self.contacts[&id].display_name();
                let side = most.min(41);
                let dark = (0..side).map(|y| (0..side).map(|x| (x * y) % 3 == 1).collect()).collect();
                Answer::Qr(ticket, Ok(Some(QrCard { name, dark, left_out: vec!["addresses"] })))
            }
            Effect::Fixes(ticket, selection) => {
                let found = self.fixes(&selection);
                let of = 60;
                let told = Told { records: of, done: of, of };
                return vec![
                    Event::Answer(Answer::Told(ticket, told)),
                    Event::Answer(Answer::Fixes(ticket, Ok(found))),
                ];
            }
            Effect::Tally(ticket, query, field) => Answer::Tallied(ticket, Ok(self.tally(&query, &field))),
            Effect::Copy(text, _) => {
                self.copied.push(text);
                return Vec::new();
            }
            Effect::Folder(ticket, path) => Answer::Folder(ticket, Ok(crate::bringing::folder(&path))),
            Effect::ImportPreview(ticket, request) => Answer::Previewed(ticket, crate::bringing::preview(&request)),
            Effect::TryImport(ticket, request) => {
                self.tried.push(request);
                Answer::Tried(ticket, fails().map_or_else(|| Ok(Box::new(self.outcome.clone())), Err))
            }
            Effect::StartImport(ticket, request) => {
                self.imports.push(request);
                let id = JobId(self.jobs.len() as i64 + 1);
                let progress = Progress { total: 900, succeeded: 400, bytes: 4, of_bytes: 10, ..Progress::default() };
                let job = job(id, JobType::Import, Status::Running, "google.csv", progress);
                let view = JobView { job, rate: Some(12_300.0), left: Some(1.2) };
                self.jobs.insert(0, view.clone());
                return vec![
                    Event::Answer(Answer::ImportStarted(ticket, fails().map_or(Ok(id), Err))),
                    Event::Engine(EngineEvent::Job(Box::new(view))),
                ];
            }
            Effect::ImportAnswer(job) => Answer::Imported(job, Ok(Box::new(self.outcome.clone()))),
            Effect::Export(ticket, export) => {
                if self.files.contains(&export.path) && !export.replace {
                    Answer::Exported(ticket, Ok(Exported::FileIsThere))
                } else {
                    let left_out = if export.format == Format::GOOGLE_CSV {
                        vec![(Loss::Subscription, 7), (Loss::Dates, 20)]
                    } else {
                        Vec::new()
                    };
                    let answer = ExportAnswer { written: 20, left_out };
                    if !export.lossy && !answer.left_out.is_empty() {
                        return vec![Event::Answer(Answer::Exported(ticket, Ok(Exported::Lossy(answer))))];
                    }
                    self.exports.push(*export);
                    Answer::Exported(ticket, fails().map_or(Ok(Exported::Done(answer)), Err))
                }
            }
            Effect::Stop(ticket) => {
                let stopped = || EngineError::new(ErrorKind::Cancelled, "it was stopped; nothing was written");
                return vec![
                    Event::Answer(Answer::Tried(ticket, Err(stopped()))),
                    Event::Answer(Answer::Exported(ticket, Err(stopped()))),
                ];
            }
            // This book has no live list.
            Effect::Account(ticket, deed) => return self.account(ticket, deed),
            Effect::Mouse(_) | Effect::Tell(_) | Effect::Redraw | Effect::Suspend => {
                return Vec::new();
            }
            Effect::Quit => {
                self.quit = true;
                return Vec::new();
            }
        };
        vec![Event::Answer(answer)]
    }

    fn counts(&self, request: &CountRequest) -> CountAnswer {
        let CountRequest { within, only, excluded, each } = request;
        let mut of = self.matching(within.criteria.as_ref(), within.scope);
        of.retain(|id| only.as_ref().is_none_or(|only| only.contains(id)) && !excluded.contains(id));
        let count = |criteria| {
            let matching = self.matching(Some(criteria), within.scope);
            matching.iter().filter(|id| of.contains(id)).count() as u64
        };
        CountAnswer { of: of.len() as u64, counts: each.iter().map(count).collect() }
    }

    fn values(&self, field: &Field) -> Vec<(String, u64)> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for contact in self.contacts.values() {
            let values = match field {
                Field::Label => contact.labels.clone(),
                Field::List => vec![self.cell(contact, &Field::List)],
                other => texts(contact, other),
            };
            values
                .into_iter()
                .filter(|value| !value.is_empty())
                .for_each(|value| *counts.entry(value).or_default() += 1);
        }
        let mut values: Vec<(String, u64)> = counts.into_iter().collect();
        values.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        values
    }

    fn find(&self, request: &FindRequest) -> Vec<Found> {
        use fuzzy_matcher::FuzzyMatcher as _;
        let wanted = fold_accents(&request.pattern).into_owned();
        let mut found = Vec::new();
        for id in self.matching(request.within.criteria.as_ref(), request.within.scope) {
            let contact = self.contacts[&id].clone();
            let phone = contact.phones.first().map_or_else(String::new, |phone| digits(&phone.value));
            let email = &contact.emails[0].value;
            let parts = [&contact.name.first, &contact.name.last, email, &contact.company, &phone];
            let parts: Vec<String> = parts.into_iter().map(|part| fold_accents(part).into_owned()).collect();
            let line = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
            if request.pattern.trim() == id.0.to_string() {
                found.push((i64::MAX, Found { contact, line: String::new(), places: Vec::new() }));
            } else if let Some((score, places)) =
                fuzzy_matcher::skim::SkimMatcherV2::default().fuzzy_indices(&line, &wanted)
            {
                found.push((score, Found { contact, line, places }));
            }
        }
        found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        found.into_iter().map(|(_, found)| found).take(request.limit).collect()
    }

    fn book(&self) -> Book {
        let count = |id: ListId| self.contacts.values().filter(|contact| contact.list == id).count() as u64;
        Book {
            name: "contacts.db".into(),
            read_only: self.read_only,
            place: self.place,
            overview: Overview {
                contacts: self.contacts.len() as u64,
                lists: self.lists.iter().map(|list| (list.clone(), count(list.id))).collect(),
                searches: self.searches.clone(),
                unsubscribers: self.unsubscribers.len() as u64,
                trash: self.trash.len() as u64,
            },
            whole: self.loading.complete,
            vocabulary: CustomFields::default(),
            today: today(),
        }
    }

    fn start(&mut self, plan: Plan) -> Vec<Event> {
        let id = JobId(self.jobs.iter().map(|view| view.job.id.0).max().unwrap_or(0) + 1);
        let mut progress = Progress { total: plan.matches(), ..Progress::default() };
        let mut failures = Vec::new();
        for item in &plan.items {
            match item.refusal {
                Some(refusal) => {
                    let name = self.get(item.id).map(Contact::display_name).unwrap_or_default();
                    let reason = refusal.reason().to_owned();
                    failures.push(Failure { contact: Some(item.id), name, refusal: Some(refusal), reason });
                }
                None => {
                    if let Some(contact) = self.contacts.remove(&item.id) {
                        self.trash.insert(item.id, (contact, id));
                        progress.succeeded += 1;
                    }
                }
            }
        }
        progress.failed = tally(failures.iter().filter_map(|failure| failure.refusal));
        self.failures.insert(id, failures);
        let job = job(id, JobType::Delete, Status::Completed, &plan.line, progress);
        self.started.push(plan);
        let view = JobView { job, rate: None, left: None };
        self.jobs.insert(0, view.clone());
        vec![
            Event::Answer(Answer::Started(Ok(id))),
            Event::Engine(EngineEvent::Job(Box::new(view))),
            Event::Engine(EngineEvent::Changed),
        ]
    }

    /// By lists alone.
    /// What could be fixed, by what each fix makes of each contact.
    fn fixes(&self, selection: &Selection) -> Vec<FoundFix> {
        let ids = match selection {
            Selection::Query(query) => self.matching(query.criteria.as_ref(), query.scope),
            Selection::Ids { ids, .. } => ids.clone(),
        };
        let mut companies: BTreeMap<String, u64> = BTreeMap::new();
        for contact in self.contacts.values().filter(|contact| !contact.company.is_empty()) {
            *companies.entry(contact.company.clone()).or_default() += 1;
        }
        let spellings = clusters(&companies.into_iter().collect::<Vec<_>>());
        let pairs = spellings.iter().map(|it| (it.from.clone(), it.to.clone())).collect();
        let kinds = [
            (FixKind::Case, Some(Fix::Case), Vec::new()),
            (FixKind::Phones, None, Vec::new()),
            (FixKind::Companies, Some(Fix::Replace { cell: Cell::Company, pairs }), spellings),
        ];
        let found = |(kind, fix, spellings): (FixKind, Option<Fix>, _)| {
            let would =
                |id: &&ContactId| fix.as_ref().is_some_and(|fix| fix.of(&self.contacts[id]) != self.contacts[id]);
            let ids = ids.iter().filter(would).copied().collect();
            FoundFix { kind, fix, spellings, scope: selection.scope(), ids }
        };
        kinds.map(found).into()
    }

    fn tally(&self, query: &Query, _: &Field) -> Tally {
        let found = self.matching(query.criteria.as_ref(), query.scope);
        let mut values: Vec<(String, u64)> = Vec::new();
        for list in &self.lists {
            let n = found.iter().filter(|id| self.contacts.get(id).is_some_and(|it| it.list == list.id)).count();
            values.extend((n > 0).then(|| (list.name.clone(), n as u64)));
        }
        values.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        let months = vec![("2026-09".to_owned(), 2), ("2026-10".to_owned(), 9), ("2026-11".to_owned(), 4)];
        let filled = vec![(Field::Email, found.len() as u64 / 2), (Field::Phone, found.len() as u64)];
        Tally {
            of: found.len() as u64,
            distinct: values.len() as u64,
            values,
            without: 0,
            active: months.clone(),
            created: months,
            filled,
        }
    }

    /// Brings contacts back: all of a job (`whole`), a part of one, or whatever is named.
    fn back(&mut self, undone: Option<JobId>, back: Vec<ContactId>) -> Vec<Event> {
        let id = JobId(self.jobs.iter().map(|view| view.job.id.0).max().unwrap_or(0) + 1);
        let n = back.len() as u64;
        for contact in back {
            if let Some((whole, _)) = self.trash.remove(&contact) {
                self.contacts.insert(contact, whole);
            }
        }
        let left = self.trash.values().any(|(_, by)| Some(*by) == undone);
        for view in self.jobs.iter_mut().filter(|view| !left && Some(view.job.id) == undone) {
            view.job.undone_by = Some(id);
        }
        let progress = Progress { total: n, succeeded: n, ..Progress::default() };
        let mut job = job(id, JobType::Undo, Status::Completed, "", progress);
        job.undoes = undone;
        let view = JobView { job, rate: None, left: None };
        self.jobs.insert(0, view.clone());
        let words = undone.map_or(format!("Bringing {n} back."), |of| format!("Undoing job #{of}."));
        vec![
            Event::Answer(Answer::Begun(Ok((id, words)))),
            Event::Engine(EngineEvent::Job(Box::new(view))),
            Event::Engine(EngineEvent::Changed),
        ]
    }

    pub(crate) fn edit_plan(&self, request: EditRequest) -> EditPlan {
        let (line, ids) = match &request.selection {
            Selection::Query(query) => {
                let criteria = query.criteria.as_ref().unwrap_or(&Criteria::All);
                (syntax::print(criteria), self.matching(Some(criteria), query.scope))
            }
            Selection::Ids { scope: _, ids } => (String::new(), ids.clone()),
        };
        let (kept, excluded): (Vec<ContactId>, Vec<_>) = ids.into_iter().partition(|id| !request.excluded.contains(id));
        let (mut items, mut already) = (Vec::new(), 0);
        for id in kept {
            let contact = self.contacts.get(&id);
            let account = contact.is_some_and(|contact| self.is_account(contact.list));
            let refusal = match contact {
                None => Some(Refusal::Gone),
                Some(_) if account => Some(Refusal::AccountList),
                Some(_) => None,
            };
            if refusal.is_none() && contact.is_some_and(|it| apply_all(&request.edits, it).is_none()) {
                already += 1;
            } else {
                items.push(Item { id, revision: contact.map_or(0, |it| it.revision), refusal });
            }
        }
        let stay = tally(items.iter().filter_map(|item| item.refusal));
        let words: Vec<String> = request.edits.iter().map(|edit| edit.words(&self.lists)).collect();
        let (words, excluded) = (words.join(", "), excluded.len() as u64);
        EditPlan { request, line, words, items, already, excluded, stay, retention_days: 30 }
    }

    fn is_account(&self, id: ListId) -> bool {
        self.lists.iter().any(|list| list.id == id && list.kind == ListKind::Account)
    }

    /// A number for a contact that comes.
    fn next_contact(&mut self) -> ContactId {
        self.came += 1;
        let last = self.contacts.keys().chain(self.trash.keys()).max().map_or(0, |id| id.0);
        ContactId(last.max(1_000) + 1)
    }

    fn start_edit(&mut self, plan: &EditPlan) -> (JobId, Vec<Event>) {
        let mut changed = BTreeMap::new();
        let copies = plan.request.edits.iter().any(|edit| matches!(edit, Edit::Copy(_)));
        for item in plan.items.iter().filter(|item| item.refusal.is_none()) {
            let now = self.contacts[&item.id].clone();
            let Some(next) = apply_all(&plan.request.edits, &now) else { continue };
            if copies {
                let id = self.next_contact();
                changed.insert(id, None);
                self.contacts.insert(id, Contact { id, revision: 1, ..next });
            } else {
                let revision = now.revision + 1;
                changed.insert(item.id, Some(now));
                self.contacts.insert(item.id, Contact { revision, ..next });
            }
        }
        self.edited(&plan.words.clone(), changed, &plan.stay)
    }

    /// A job that has changed these, as it is told.
    fn edited(
        &mut self,
        words: &str,
        before: BTreeMap<ContactId, Option<Contact>>,
        failed: &[(Refusal, u64)],
    ) -> (JobId, Vec<Event>) {
        let id = JobId(self.jobs.iter().map(|view| view.job.id.0).max().unwrap_or(0) + 1);
        let succeeded = before.len() as u64;
        let total = succeeded + failed.iter().map(|(_, n)| n).sum::<u64>();
        let progress = Progress { total, succeeded, failed: failed.to_vec(), ..Progress::default() };
        let mut job = job(id, JobType::Edit, Status::Completed, "", progress);
        words.clone_into(&mut job.words);
        self.before.insert(id, before);
        let view = JobView { job, rate: None, left: None };
        self.jobs.insert(0, view.clone());
        (id, vec![Event::Engine(EngineEvent::Job(Box::new(view))), Event::Engine(EngineEvent::Changed)])
    }

    /// Takes an edit back, or the undo of one.
    fn revert(&mut self, of: JobId) -> Vec<Event> {
        let before = self.before[&of].clone();
        let mut changed = BTreeMap::new();
        for (id, was) in before {
            changed.insert(id, self.contacts.remove(&id));
            self.trash.remove(&id);
            match was {
                Some(was) => drop(self.contacts.insert(id, was)),
                None => self.came -= 1,
            }
        }
        self.jobs.iter_mut().filter(|view| view.job.id == of).for_each(|view| view.job.undone_by = Some(JobId(0)));
        let (id, mut events) = self.edited("undo", changed, &[]);
        if let Some(view) = self.jobs.iter_mut().find(|view| view.job.id == id) {
            (view.job.kind, view.job.undoes, view.job.undoes_edit) = (JobType::Undo, Some(of), true);
            events[0] = Event::Engine(EngineEvent::Job(Box::new(view.clone())));
        }
        self.jobs.iter_mut().filter(|view| view.job.id == of).for_each(|view| view.job.undone_by = Some(id));
        events.insert(0, Event::Answer(Answer::Begun(Ok((id, format!("Undoing job #{of}."))))));
        events
    }

    fn editing(&mut self, step: Editing) -> (Result<Edited, EngineError>, Vec<Event>) {
        let quiet = |edited| (Ok(edited), Vec::new());
        match step {
            Editing::Card(id) => quiet(Edited::Card(self.contacts.get(&id).cloned().map(Box::new))),
            Editing::Save(contact, revision) => {
                let now = self.contacts[&contact.id].clone();
                if now.revision != revision {
                    return quiet(Edited::ChangedMeanwhile(Box::new(now)));
                }
                let words = format!("contact {}", contact.id);
                let next = Contact { revision: revision + 1, ..*contact };
                let before = BTreeMap::from([(next.id, self.contacts.insert(next.id, next.clone()))]);
                let (id, events) = self.edited(&words, before, &[]);
                (Ok(Edited::Done(id)), events)
            }
            Editing::Add(contact) => {
                let id = self.next_contact();
                self.contacts.insert(id, Contact { id, revision: 1, ..*contact });
                let (job, events) = self.edited("one card added", BTreeMap::from([(id, None)]), &[]);
                (Ok(Edited::Done(job)), events)
            }
            Editing::Labels(request) => {
                let plan = self.edit_plan(EditRequest { edits: vec![Edit::Unsubscribe], ..request });
                let ids: Vec<ContactId> = plan.items.iter().map(|item| item.id).collect();
                let having = |label: &str| {
                    let has =
                        |id: &&ContactId| self.contacts.get(id).is_some_and(|it| it.labels.iter().any(|l| l == label));
                    ids.iter().filter(has).count() as u64
                };
                let mut names: Vec<String> =
                    self.contacts.values().flat_map(|contact| contact.labels.clone()).collect();
                names.sort();
                names.dedup();
                let known = names.into_iter().map(|name| (name.clone(), having(&name))).collect();
                let total = ids.iter().filter(|id| self.contacts.contains_key(id)).count() as u64;
                quiet(Edited::Labels(known, total))
            }
            Editing::Plan(request) => quiet(Edited::Planned(Box::new(self.edit_plan(request)))),
            Editing::Start(plan) => {
                let (id, events) = self.start_edit(&plan);
                (Ok(Edited::Done(id)), events)
            }
            Editing::Preview(ids, keep) => {
                let cards: Vec<Contact> = ids.iter().filter_map(|id| self.contacts.get(id).cloned()).collect();
                let (kept, gone): (Vec<Contact>, Vec<Contact>) =
                    cards.clone().into_iter().partition(|it| it.id == keep);
                let refused = gone.iter().find_map(|it| Some((it.display_name(), self.refusal(it.id, false)?)));
                let preview = match (refused, kept.into_iter().next()) {
                    (Some((name, refusal)), _) => {
                        let said = format!("{name} can't go: {}; nothing was changed", refusal.reason());
                        Err(EngineError::new(ErrorKind::BadInput, said))
                    }
                    (None, Some(kept)) => {
                        let merged = merge(&kept, &gone);
                        Ok(MergePlan::new(kept, gone, merged.contact, merged.conflicts))
                    }
                    (None, None) => Err(EngineError::new(ErrorKind::BadInput, "it is gone")),
                };
                quiet(Edited::Preview(cards, Box::new(preview)))
            }
            Editing::Merge(preview) => {
                let kept = preview.merged.clone();
                let mut before = BTreeMap::from([(kept.id, self.contacts.insert(kept.id, kept))]);
                let job = JobId(self.jobs.iter().map(|view| view.job.id.0).max().unwrap_or(0) + 1);
                for gone in &preview.gone {
                    before.insert(gone.id, self.contacts.remove(&gone.id));
                    self.trash.insert(gone.id, (gone.clone(), job));
                }
                let words = format!("merge of {} contacts into contact {}", preview.gone.len() + 1, preview.merged.id);
                let (id, events) = self.edited(&words, before, &[]);
                (Ok(Edited::Done(id)), events)
            }
            Editing::PlanGroups(request) => quiet(Edited::Groups(Box::new(self.groups_plan(request)))),
            Editing::NeverThese(ids, request) => {
                for (at, one) in ids.iter().enumerate() {
                    self.apart.extend(ids[at + 1..].iter().map(|other| pair(*one, *other)));
                }
                quiet(Edited::Groups(Box::new(self.groups_plan(request))))
            }
            Editing::NeverMind(ids, request) => {
                for (at, one) in ids.iter().enumerate() {
                    for other in &ids[at + 1..] {
                        self.apart.remove(&pair(*one, *other));
                    }
                }
                quiet(Edited::Groups(Box::new(self.groups_plan(request))))
            }
            Editing::MergeGroups(plan) => self.merge_groups(&plan),
            Editing::Sharing(contact, by) => {
                let keys = duplicate_keys(&contact, by, None);
                let same = |it: &&Contact| duplicate_keys(it, by, None).iter().any(|key| keys.contains(key));
                quiet(Edited::Sharing(self.contacts.values().filter(same).map(|it| it.id).collect()))
            }
        }
    }

    fn merge_groups(&mut self, plan: &GroupsPlan) -> (Result<Edited, EngineError>, Vec<Event>) {
        let job = JobId(self.jobs.iter().map(|view| view.job.id.0).max().unwrap_or(0) + 1);
        let mut before = BTreeMap::new();
        for (kept, others) in plan.groups() {
            let going: Vec<ContactId> =
                others.iter().filter(|item| item.refusal.is_none()).map(|item| item.id).collect();
            let gone: Vec<Contact> = going.iter().filter_map(|id| self.contacts.remove(id)).collect();
            let was = self.contacts[&kept.id].clone();
            self.contacts.insert(kept.id, merge(&was, &gone).contact);
            before.insert(kept.id, Some(was));
            for contact in gone {
                before.insert(contact.id, Some(contact.clone()));
                self.trash.insert(contact.id, (contact, job));
            }
        }
        let (id, events) = self.edited(&plan.words, before, &[]);
        (Ok(Edited::Done(id)), events)
    }

    /// The groups by the definition of duplicates, in which nobody is of two.
    fn groups_plan(&self, request: GroupsRequest) -> GroupsPlan {
        let ids = match &request.selection {
            Selection::Query(query) => self.matching(query.criteria.as_ref(), query.scope),
            Selection::Ids { ids, .. } => ids.clone(),
        };
        let mut groups: BTreeMap<String, Vec<ContactId>> = BTreeMap::new();
        for id in ids.iter().filter(|id| !request.excluded.contains(id)) {
            for key in duplicate_keys(&self.contacts[id], request.by, None) {
                groups.entry(key).or_default().push(*id);
            }
        }
        let mut left = LeftOut::default();
        let (mut items, mut sizes) = (Vec::new(), Vec::new());
        let mut groups: Vec<Vec<ContactId>> = groups.into_values().filter(|group| group.len() > 1).collect();
        groups.sort();
        for mut group in groups {
            group.sort_by_key(|id| keep_order(&self.contacts[id]));
            let card = |id: ContactId| Candidate {
                id,
                revision: self.contacts[&id].revision,
                refusal: self.refusal(id, false),
            };
            let cards: Vec<Candidate> = group.into_iter().map(card).collect();
            if let Some(group) = arrange(&cards, &request.keep, &self.apart, &mut left) {
                sizes.push(group.len() as u32);
                items.extend(group);
            }
        }
        let stay = stay_of(&items);
        let words = format!("merge of those with {}", request.by.words());
        let line = String::new();
        GroupsPlan { request, line, words, items, sizes, stay, left, elsewhere: 0, retention_days: 30, home: None }
    }

    fn plan_of(&self, ids: Vec<ContactId>) -> Plan {
        let selection = Selection::ids(ids);
        self.plan(PlanRequest { selection, excluded: Vec::new(), members_too: false })
    }

    fn meant(&self, request: &SearchRequest) -> Vec<ContactId> {
        if request.marked.is_empty() {
            self.matching(request.query.criteria.as_ref(), Scope::Trash)
        } else {
            self.trash.keys().copied().filter(|id| request.marked.contains(id)).collect()
        }
    }

    fn undo_plan(&self, undoes: Option<JobId>, way: Way, items: Vec<ContactId>) -> UndoPlan {
        let clash = |(id, with): &(ContactId, ContactId)| {
            let (contact, with) = (self.get(*id)?, self.get(*with)?);
            items.contains(id).then(|| Clash {
                contact: contact.id,
                name: contact.display_name(),
                address: contact.email().into(),
                with: with.id,
                with_name: with.display_name(),
                with_revision: with.revision,
            })
        };
        let clashes = self.clashing.iter().filter_map(clash).collect();
        let items = items.into_iter().map(Item::any_revision).collect();
        UndoPlan { undoes, way, words: String::new(), items, stay: Vec::new(), clashes, as_of: 0 }
    }

    fn trashed(&self, ids: &[ContactId]) -> Vec<Trashed> {
        let row = |id: &ContactId| {
            let (contact, job) = self.trash.get(id)?;
            Some(Trashed {
                contact: *id,
                name: contact.display_name(),
                address: contact.email().into(),
                job: *job,
                who: "anna".into(),
                deleted: Timestamp(NOW.0 - job.0 * 3 * 86_400_000),
                days_left: Some(30_u32.saturating_sub(job.0 as u32 * 3)),
            })
        };
        ids.iter().filter_map(row).collect()
    }

    fn failures_like(&self, request: &FailuresRequest) -> FailurePage {
        let all = self.failures.get(&request.job).cloned().unwrap_or_default();
        let wanted = fold_accents(&request.text).into_owned();
        let rows: Vec<Failure> = all
            .into_iter()
            .filter(|failure| request.only.is_none() || failure.refusal == request.only)
            .filter(|failure| [&failure.name, &failure.reason].iter().any(|text| fold_accents(text).contains(&wanted)))
            .collect();
        let total = rows.len() as u64;
        FailurePage { total, rows: rows.into_iter().skip(request.offset).take(request.limit).collect() }
    }

    fn wish(&mut self, wish: Wish) -> Wished {
        let path = match &wish {
            Wish::SavePlan(_, path) | Wish::Report { path, replace: false, .. } => Some(path.clone()),
            _ => None,
        };
        if let Some(path) = path {
            if self.files.contains(&path) {
                return Wished::FileIsThere(path);
            }
            self.files.push(path);
        }
        match &wish {
            Wish::CreateList(name, kind) => {
                let id = ListId(self.lists.len() as i64 + 10);
                self.lists.push(List { id, name: name.clone(), kind: *kind });
            }
            Wish::RenameList { from, to } => {
                self.lists.iter_mut().filter(|list| list.name == *from).for_each(|list| list.name.clone_from(to));
            }
            Wish::Unsubscribe(addresses) => self.unsubscribers.extend(addresses.iter().cloned()),
            Wish::SavePlan(..) | Wish::Report { .. } | Wish::ImportUnsubscribers(_) => {}
        }
        self.wishes.push(wish);
        Wished::Done("Done.".into())
    }

    fn steer(&mut self, id: JobId, status: Status) -> Vec<Event> {
        let Some(view) = self.jobs.iter_mut().find(|view| view.job.id == id) else {
            let error = EngineError::new(ErrorKind::BadInput, "There is no such job.");
            return vec![Event::Answer(Answer::Done(Err(error)))];
        };
        view.job.status = status;
        let view = view.clone();
        vec![Event::Answer(Answer::Done(Ok(String::new()))), Event::Engine(EngineEvent::Job(Box::new(view)))]
    }
}

fn tally(refusals: impl Iterator<Item = Refusal>) -> Vec<(Refusal, u64)> {
    let mut counts = BTreeMap::new();
    refusals.for_each(|refusal| *counts.entry(refusal).or_insert(0) += 1);
    counts.into_iter().collect()
}

pub(crate) fn job(id: JobId, kind: JobType, status: Status, criteria: &str, progress: Progress) -> Job {
    Job {
        id,
        kind,
        status,
        criteria: criteria.into(),
        words: criteria.into(),
        members_too: false,
        undoes: None,
        undoes_edit: false,
        undone_by: None,
        started: NOW,
        finished: status.is_over().then_some(NOW),
        progress,
    }
}

impl Fake {
    /// What an account answers: two address books wherever one is looked for, one of them only to be read.
    fn account(&mut self, ticket: Ticket, deed: AccountDeed) -> Vec<Event> {
        self.asked_of_accounts.push(deed.clone());
        let book = |name: &str, is_writable| FoundList { name: name.into(), is_writable, is_list: true };
        let mut events = Vec::new();
        let answer = match deed {
            AccountDeed::List => Ok(AccountDone::List(self.accounts.clone())),
            AccountDeed::Check(_) => Ok(AccountDone::Checked(vec![
                Check::fine("configuration", "https://cloud.example.org".into()),
                Check::fine("Contacts", "1,204 cards, can be changed".into()),
                Check::wrong("Work", "it answers 403: you may not look at this".into()),
            ])),
            AccountDeed::Look => Ok(AccountDone::Marks(self.marks.clone())),
            AccountDeed::Pull(_) => {
                events.push(Event::Answer(Answer::Told(ticket, Told { records: 300, done: 300, of: 1_204 })));
                self.pulls.clone().map(AccountDone::Pulled)
            }
            AccountDeed::Give(name, _) => Ok(AccountDone::Said(format!("The password of {name} is kept."))),
            AccountDeed::Find(..) => Ok(AccountDone::Found(vec![book("Contacts", true), book("Work", false)])),
            AccountDeed::Add(account) => Ok(AccountDone::Added(format!("Added {}: 12 contacts.", account.name))),
            AccountDeed::Remove(name) => {
                self.accounts.retain(|account| account.name != name);
                Ok(AccountDone::Said(format!("Let go of {name}.")))
            }
        };
        events.push(Event::Answer(Answer::Account(ticket, answer)));
        events
    }
}
