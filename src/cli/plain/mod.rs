//! `cardfile --plain`: the main job in lines, for screen readers and slow connections. Everything is said in a
//! sentence, nothing is drawn, and no line is ever changed once it stands.
//!
//! A line is a command or a search. It makes the calls that every face makes: what is shown is a plan, what is
//! confirmed by its number is that plan, and an undo brings back what it took.

mod changing;
mod words;

use std::io::{self, BufRead as _, IsTerminal as _};

use words::{capital, fate, is_number, is_undoable, kept_everything, stays};

use super::exit::{Done, Failure, text};
use super::interrupt::Watch;
use super::print::{Out, counted};
use super::progress;
use crate::api::types::JobView;
use crate::api::{ApiError, Cancel, Session, StartOptions, Which};
use crate::domain::contact::{Contact, ContactId, JobId, list_name};
use crate::domain::criteria::Criteria;
use crate::domain::criteria::describe::sentence;
use crate::domain::criteria::phrase::clause_of_one;
use crate::domain::display::{agreeing, thousands};
use crate::domain::field::Field;
use crate::domain::job::JobType;
use crate::domain::plans::PlanRequest;

/// How many contacts are said at once.
const PAGE: usize = 10;

const HELP: &[&str] = &[
    "Type a search, as in the query line: a name, email:gmail, is:bounced -label:vip, all.",
    "list: says the next ten that match. again: from the first one.",
    "show 3: says all of a card. why 3: says why it matches, and what a delete would do to it.",
    "leave 3: leaves it out of the delete. take 3: takes it back in.",
    "delete: says what would go and stay, and asks; only its number, typed, deletes. delete members: members too.",
    "undo: brings back what the last job took, and asks first. jobs: the last ones.",
    "set 3 company=Acme: changes a field of a card. label NAME, unlabel NAME: gives all that match a label, or takes it away.",
    "import FILE into LIST: says what it would bring. export FILE: writes all that match; the ending says how. Both ask first.",
    "lists: says them. in NAME: looks into that list alone. in all: into all of them.",
    "find WORDS: searches for words that are commands. quit: ends.",
];

/// A session: what was searched for, and how far it was said.
struct Plain<'a> {
    api: &'a Session,
    out: &'a mut Out,
    which: Which,
    criteria: Option<Criteria>,
    found: Vec<ContactId>,
    said: usize,
}

/// Goes on until `quit` or the end of the input.
pub(super) fn run(api: &Session, out: &mut Out) -> Result<Done, Failure> {
    progress::loaded(api)?;
    let overview = api.overview()?;
    let which = Which::default();
    let mut plain = Plain { api, out, which, criteria: None, found: Vec::new(), said: 0 };
    let writes = if api.is_read_only() { " It is read-only." } else { "" };
    plain.say(&format!(
        "cardfile, plain. Book {}, {}.{writes} Type a search, or help.",
        api.book_name(),
        counted(overview.contacts, "contact")
    ))?;
    while let Some(line) = plain.read("> ")? {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        if matches!(line, "quit" | "exit") {
            break;
        }
        match plain.obey(line) {
            Ok(()) => {}
            // What is wrong is said, and the session goes on.
            Err(Failure::Api(error)) => plain.complain(&error)?,
            Err(other) => return Err(other),
        }
    }
    Ok(Done::Whole)
}

impl Plain<'_> {
    fn say(&mut self, words: &str) -> Result<(), Failure> {
        self.out.line(words)?;
        Ok(self.out.flush()?)
    }

    fn complain(&mut self, error: &ApiError) -> Result<(), Failure> {
        for line in text(error).lines() {
            self.out.line(line.trim_end())?;
        }
        Ok(self.out.flush()?)
    }

    /// The next line; none at the end.
    fn read(&mut self, prompt: &str) -> Result<Option<String>, Failure> {
        write!(self.out.raw(), "{prompt}")?;
        self.out.flush()?;
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line)?;
        Ok((read > 0).then_some(line))
    }

    /// The answer to a question: what was typed before it stood there, as by a paste, doesn't count.
    fn answer(&mut self, question: &str) -> Result<String, Failure> {
        self.say(question)?;
        let stdin = io::stdin();
        if stdin.is_terminal() {
            // Where it can't be thrown away it is read, and has to be the number all the same.
            let _ = rustix::termios::tcflush(&stdin, rustix::termios::QueueSelector::IFlush);
        }
        Ok(self.read("> ")?.unwrap_or_default().trim().replace(',', ""))
    }

    fn obey(&mut self, line: &str) -> Result<(), Failure> {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        match (word, rest) {
            ("help" | "?", "") => HELP.iter().try_for_each(|line| self.say(line)),
            ("find", words) if !words.is_empty() => self.search(words),
            ("list" | "more", "") => self.list(),
            ("again", "") => {
                self.said = 0;
                self.list()
            }
            ("show", number) if is_number(number) => self.show(number),
            ("why", number) if is_number(number) => self.why(number),
            ("leave" | "take", number) if is_number(number) => self.leave(number, word == "leave"),
            ("delete", "") => self.delete(false),
            ("delete", "members") => self.delete(true),
            ("set", rest) => match rest.split_once(char::is_whitespace) {
                Some((number, pair)) if is_number(number) => self.set(number, pair.trim()),
                _ => self.search(line),
            },
            ("label" | "unlabel", name) if !name.is_empty() => self.label(name, word == "label"),
            ("import", file) if !file.is_empty() => self.import(file),
            ("export", file) if !file.is_empty() => self.export(file),
            ("undo", "") => self.undo(),
            ("jobs", "") => self.jobs(),
            ("lists", "") => self.lists(),
            ("in", name) if !name.is_empty() => self.look_into(name),
            _ => self.search(line),
        }
    }

    fn search(&mut self, line: &str) -> Result<(), Failure> {
        let which = Which { line: Some(line.to_owned()), excluded: Vec::new(), ..self.which.clone() };
        let criteria = which.criteria(&self.api.vocabulary())?;
        let answer = self.api.search(&self.api.search_of(&which)?, &Cancel::new())?;
        let words = criteria.as_ref().map(|criteria| sentence(criteria, &self.api.today())).unwrap_or_default();
        (self.found, self.said) = (self.api.matching(&which)?, 0);
        (self.which, self.criteria) = (which, criteria);
        let n = counted(answer.matches, "contact");
        let match_ = agreeing(answer.matches, "matches", "match");
        let fate = fate(answer.go, &answer.stay);
        self.say(&format!("{n} {match_}: {words}. {fate}"))?;
        if answer.matches > 0 { self.list() } else { Ok(()) }
    }

    /// Says the next ones.
    fn list(&mut self) -> Result<(), Failure> {
        let page: Vec<ContactId> = self.found.iter().copied().skip(self.said).take(PAGE).collect();
        if page.is_empty() {
            let words = if self.found.is_empty() { "Nothing is searched for yet." } else { "That was all of them." };
            return self.say(words);
        }
        for (at, cells) in self.api.cells(&page, &[Field::Name, Field::Email])?.into_iter().enumerate() {
            let cells: Vec<String> = cells.into_iter().filter(|cell| !cell.is_empty()).collect();
            let left = if self.which.excluded.contains(&page[at]) { ", left out" } else { "" };
            self.say(&format!("{}: {}{left}.", self.said + at + 1, cells.join(", ")))?;
        }
        self.said += page.len();
        let left = self.found.len().saturating_sub(self.said);
        if left > 0 {
            return self.say(&format!("{} more. Say list, why 1, delete, or another search.", thousands(left as u64)));
        }
        self.say("Say why 1, delete, or another search.")
    }

    /// The contact of a number that was said.
    fn contact(&self, number: &str) -> Result<Contact, Failure> {
        let at = number.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        let Some(id) = at.and_then(|at| self.found.get(at)) else {
            let n = counted(self.found.len() as u64, "contact");
            return Err(Failure::bad_input(format!("there is no {number}: the search found {n}")).into());
        };
        Ok(self.api.existing(*id)?)
    }

    fn show(&mut self, number: &str) -> Result<(), Failure> {
        let contact = self.contact(number)?;
        let lists = self.api.lists();
        let list = list_name(&lists, contact.list);
        self.say(&format!("{}, in the list {list}.", contact.display_name()))?;
        let emails = contact.emails.iter().map(|email| format!("Email {}", email.value));
        let phones = contact.phones.iter().map(|phone| format!("Phone {}", phone.value));
        let one = |name: &str, value: &str| (!value.is_empty()).then(|| format!("{name} {value}"));
        let rest = [
            one("Company", &contact.company),
            one("Title", &contact.title),
            one("Labels", &contact.labels.join(", ")),
            one("Birthday", &contact.birthday.map(|day| day.to_string()).unwrap_or_default()),
            one("Note", &contact.note.replace('\n', " ")),
        ];
        let all: Vec<String> = emails.chain(phones).chain(rest.into_iter().flatten()).collect();
        all.iter().try_for_each(|line| self.say(&format!("{line}.")))
    }

    fn why(&mut self, number: &str) -> Result<(), Failure> {
        let contact = self.contact(number)?;
        let today = self.api.today();
        let clauses: Vec<_> = self.criteria.iter().flat_map(Criteria::clauses).cloned().collect();
        let asked: Vec<Criteria> = clauses.iter().cloned().map(Criteria::Clause).collect();
        let held = self.api.card(contact.id, &asked, &Cancel::new())?.map(|(_, held)| held).unwrap_or_default();
        self.say(&format!("{}:", contact.display_name()))?;
        for (clause, holds) in clauses.iter().zip(held) {
            self.say(&format!("{}: {}.", if holds { "Yes" } else { "No" }, clause_of_one(clause, false, &today)))?;
        }
        let which = Which { ids: vec![contact.id], ..Which::default() };
        let selection = self.api.selection_of(&which)?;
        let plan = self.api.plan(PlanRequest { selection, excluded: Vec::new(), members_too: false })?;
        match plan.items.first().and_then(|item| item.refusal) {
            _ if self.which.excluded.contains(&contact.id) => self.say("A delete would leave it out, as you said."),
            Some(refusal) => self.say(&format!("A delete would leave it: {}.", refusal.reason())),
            None => self.say("A delete would take it."),
        }
    }

    fn leave(&mut self, number: &str, leave: bool) -> Result<(), Failure> {
        let contact = self.contact(number)?;
        self.which.excluded.retain(|id| *id != contact.id);
        let words = if leave {
            self.which.excluded.push(contact.id);
            "is left out of the delete"
        } else {
            "is in it again"
        };
        self.say(&format!("{} {words}.", contact.display_name()))
    }

    fn delete(&mut self, members_too: bool) -> Result<(), Failure> {
        if self.criteria.is_none() {
            return self.say("Nothing says what to delete: search first, or search for all.");
        }
        let selection = self.api.selection_of(&Which { excluded: Vec::new(), ..self.which.clone() })?;
        let excluded = self.which.excluded.clone();
        let plan = self.api.plan(PlanRequest { selection, excluded, members_too })?;
        let (goes, words) = (plan.will_delete(), plan.warnings.iter().map(|it| format!("Note: {}.", it.words())));
        words.collect::<Vec<_>>().iter().try_for_each(|line| self.say(line))?;
        if goes == 0 {
            return self.say(&format!("Nothing would be deleted. {}", fate(0, &plan.stay)));
        }
        let kept = match plan.retention_days {
            0 => "They wait in the trash until they are erased.".to_owned(),
            days => format!("They wait {days} days in the trash."),
        };
        let too = if members_too { " Members are deleted too." } else { "" };
        let stays = stays(&plan.stay);
        let n = counted(goes, "contact");
        let question = format!("Delete {n}?{stays}{too} {kept} Type {goes} to delete, or Enter to keep everything.");
        let typed = self.answer(&question)?;
        if typed != goes.to_string() {
            return self.say(&kept_everything(&typed, goes, "deleted"));
        }
        let ended = self.follow(|api| api.start_with(&plan, &StartOptions::default()))?;
        self.told(&ended)?;
        self.which.excluded.clear();
        self.search(&self.which.line.clone().unwrap_or_default())
    }

    fn undo(&mut self) -> Result<(), Failure> {
        let jobs = self.api.jobs(100)?;
        let Some(job) = jobs.iter().map(|view| &view.job).find(|job| is_undoable(job)) else {
            return self.say("There is no job to undo.");
        };
        let plan = self.api.undo_plan(job.id)?;
        let asked = if job.words.is_empty() { &job.criteria } else { &job.words };
        self.say(&format!("Undo job {}: {asked}.", job.id))?;
        for clash in plan.clashes.iter().take(PAGE) {
            let words = if clash.is_change() {
                format!("{} was changed since, and would be as before.", clash.name)
            } else {
                format!("{} would come back beside {}, who has {} now.", clash.name, clash.with_name, clash.address)
            };
            self.say(&words)?;
        }
        let n = plan.with_clashes();
        if n == 0 {
            return self.say("Nothing of it is left to bring back.");
        }
        let plan = plan.accepting_clashes();
        plan.sentences().iter().try_for_each(|line| self.say(line))?;
        let typed = self.answer(&format!("Type {n} to undo it, or Enter to leave it as it is."))?;
        if typed != n.to_string() {
            return self.say(&kept_everything(&typed, n, "changed"));
        }
        let ended = self.follow(|api| api.start_undo(&plan))?;
        self.told(&ended)
    }

    /// Starts a job and waits for it.
    fn follow(&mut self, start: impl FnOnce(&Session) -> Result<JobId, ApiError>) -> Result<JobView, Failure> {
        let _watch = Watch::new(self.api)?;
        let id = start(self.api)?;
        Ok(self.api.wait(id)?)
    }

    /// Says what came of a job.
    fn told(&mut self, ended: &JobView) -> Result<(), Failure> {
        let (job, progress) = (&ended.job, &ended.job.progress);
        let verb = match job.kind {
            JobType::Delete => "deleted",
            JobType::Undo => "back",
            JobType::Import => "added",
            JobType::Erase => "erased",
            JobType::Edit => "changed",
            JobType::Pull => "taken over",
        };
        let mut said = format!("{}: {} {verb}", capital(job.status.word()), thousands(progress.succeeded));
        for (n, word) in [(progress.failed_total(), "stayed"), (progress.not_reached(), "not reached")] {
            if n > 0 {
                said = format!("{said}, {} {word}", thousands(n));
            }
        }
        let undo = if is_undoable(job) { " Say undo to bring them back." } else { "" };
        self.say(&format!("{said}.{undo}"))
    }

    fn jobs(&mut self) -> Result<(), Failure> {
        let jobs = self.api.jobs(PAGE)?;
        if jobs.is_empty() {
            return self.say("No job yet.");
        }
        for JobView { job, .. } in &jobs {
            let asked = if job.criteria.is_empty() { &job.words } else { &job.criteria };
            let status = if job.undone_by.is_some() { "undone" } else { job.status.word() };
            let n = thousands(job.progress.succeeded);
            self.say(&format!(
                "Job {}, {}, {status}: {n} of {}. {asked}",
                job.id,
                job.kind.word(),
                job.progress.total
            ))?;
        }
        Ok(())
    }

    fn lists(&mut self) -> Result<(), Failure> {
        let overview = self.api.overview()?;
        for (list, n) in &overview.lists {
            self.say(&format!("{}: {}.", list.name, counted(*n, "contact")))?;
        }
        self.say(&format!("In the trash: {}.", thousands(overview.trash)))
    }

    fn look_into(&mut self, name: &str) -> Result<(), Failure> {
        let list = (name != "all").then(|| name.to_owned());
        self.api.scope_of(&Which { list: list.clone(), ..Which::default() })?;
        self.which.list = list;
        self.say(&format!("Looking into {name}."))?;
        match self.which.line.clone() {
            Some(line) => self.search(&line),
            None => Ok(()),
        }
    }
}
