//! Random jobs on a server at which everything goes wrong, at random: whatever is lost, refused, done and not told,
//! redirected, changed or removed by others, cut off for good: what a job says is what the server has, nobody's change
//! is lost, and an undo puts the same bytes back.
//!
//! `CARDFILE_REMOTE_JOBS` says how many jobs; each failure is told with the seed of its world.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Mutex;

use cardfile::api::{Caller, Cancel, Options, Session};
use cardfile::domain::account::{Account, Secret};
use cardfile::domain::contact::{ContactId, JobId};
use cardfile::domain::edit::Edit;
use cardfile::domain::job::{Job, Status};
use cardfile::domain::plans::{EditRequest, PlanRequest};
use cardfile::domain::query::Selection;

use super::dav_server::{DavServer, Fault};
use super::desk::{card, query};

/// Cards of a world.
const CARDS: usize = 40;
/// Jobs of a world.
const JOBS: usize = 40;
/// Worlds at once: most of their time is spent waiting before another try.
const AT_ONCE: usize = 16;

type There = BTreeMap<String, String>;

/// A number of a generator that gives the same ones each time.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() >> 11) as usize % n
    }

    fn in_a_hundred(&mut self, n: usize) -> bool {
        self.below(100) < n
    }
}

/// What others did while a job was at work, by the names of cards.
struct Others {
    wrote: BTreeMap<String, String>,
    removed: BTreeSet<String>,
}

/// A server, a book, and what is known of both.
struct World {
    server: DavServer,
    session: Session,
    dice: Dice,
    /// Deletes that can be undone, with the bytes that they took away.
    deleted: Vec<(JobId, There)>,
    _folder: tempfile::TempDir,
}

impl World {
    fn new(seed: u64) -> Self {
        let (server, folder) = (DavServer::start(), tempfile::tempdir().unwrap());
        fs::write(folder.path().join("password"), "secret\n").unwrap();
        let mut dice = Dice(seed);
        server.state().ways.gone_is_412 = dice.in_a_hundred(40);
        server.state().ways.leaves_out_gone = dice.in_a_hundred(40);
        for nth in 0..CARDS {
            server.by_hand(&name(nth), Some(card(&format!("Name{nth}"), &format!("n{nth}@x.example"), "").as_bytes()));
        }
        let options = Options::new(folder.path().join("book.db"));
        let session = Session::open(options, Caller::owner("tester".to_owned())).unwrap();
        let account = Account {
            name: "cloud".into(),
            url: Some(server.url()),
            user: Some("anna".into()),
            password: Some(Secret::File(folder.path().join("password"))),
            ..Account::default()
        };
        session.add_account(&account, &Cancel::new(), &mut |_, _| ()).unwrap();
        Self { server, session, dice, deleted: Vec::new(), _folder: folder }
    }

    /// From now on everything goes wrong, at random.
    fn trouble(&mut self) {
        let (mut dice, mut nth) = (Dice(self.dice.next() | 1), 0);
        let goes_away = self.dice.in_a_hundred(15).then(|| self.dice.below(8));
        self.server.fail(move |_, path| {
            nth += 1;
            if goes_away == Some(nth) {
                return Fault::Away;
            }
            let answer = |status: u16, headers: &str| Fault::Answer(status, headers.to_owned());
            match dice.below(200) {
                0..8 => Fault::Lost,
                8..14 => Fault::ErrorAfterwards,
                14..17 => Fault::Cut,
                17..19 => answer(502, ""),
                19..24 => answer(429, "retry-after: 0\r\n"),
                24..27 => {
                    answer(503, "retry-after: Wed, 21 Oct 2015 07:28:00 GMT\r\ndate: Wed, 21 Oct 2015 07:28:00 GMT\r\n")
                }
                27..31 => answer(403, ""),
                31..33 => answer(409, ""),
                33..35 => answer(412, ""),
                35..39 => answer(307, &format!("location: {path}\r\n")),
                39..42 => {
                    let theirs = card("Theirs", &format!("theirs{nth}@x.example"), "NOTE:theirs\r\n");
                    Fault::TheyWrite(theirs.into_bytes())
                }
                42..44 => Fault::TheyRemove,
                _ => Fault::None,
            }
        });
    }

    fn peace(&self) {
        self.server.fail(|_, _| Fault::None);
        self.server.state().ways.away = false;
    }

    /// What others did since this was last asked.
    fn others(&self) -> Others {
        let mut state = self.server.state();
        Others { wrote: std::mem::take(&mut state.they_wrote), removed: std::mem::take(&mut state.they_removed) }
    }

    /// Some contacts, each with the name of its card.
    fn some(&mut self) -> BTreeMap<ContactId, String> {
        let mut ids = self.session.matching_ids(&query(&self.session, "email:x.example")).unwrap();
        let wanted = 1 + self.dice.below(9);
        let mut out = BTreeMap::new();
        while out.len() < wanted && !ids.is_empty() {
            let id = ids.swap_remove(self.dice.below(ids.len()));
            let contact = &self.session.contacts(&[id]).unwrap()[0];
            let Some(nth) = contact.name.full.strip_prefix("Name").and_then(|nth| nth.parse().ok()) else { continue };
            out.insert(id, name(nth));
        }
        out
    }

    /// Waits for a job until it is over; one that rests is gone on with, or given up.
    fn ended(&mut self, id: JobId) -> Job {
        for tried in 0..20 {
            let job = self.session.wait(id).unwrap().job;
            match job.status {
                Status::Completed | Status::Cancelled => return job,
                Status::Paused | Status::Interrupted => {
                    self.server.state().ways.away = false;
                    if tried > 2 || self.dice.in_a_hundred(50) {
                        self.peace();
                    }
                    if self.dice.in_a_hundred(40) {
                        // What is open is looked up first; it may still go wrong, and is tried again then.
                        let _ = self.session.cancel(id);
                    } else {
                        self.session.resume(id).unwrap();
                    }
                }
                Status::Queued | Status::Running => {}
            }
        }
        panic!("job {id} comes to no end");
    }

    /// A delete: what the job says, held against what the server has.
    fn delete(&mut self) -> Result<(), String> {
        let some = self.some();
        if some.is_empty() {
            return Ok(());
        }
        let selection = Selection::ids(some.keys().copied().collect());
        let plan = self.session.plan(PlanRequest { selection, excluded: Vec::new(), members_too: false }).unwrap();
        self.they_come_between(some.values());
        let before = self.server.there();
        self.trouble();
        let id = self.session.start_with(&plan, &cardfile::api::StartOptions::default()).unwrap();
        let job = self.ended(id);
        self.peace();
        let (now, others) = (self.server.there(), self.others());
        let mine: BTreeSet<&String> = some.values().collect();
        let gone = mine.iter().filter(|href| before.contains_key(**href) && !now.contains_key(**href)).count() as u64;
        let by_others = others.removed.iter().filter(|href| mine.contains(href)).count() as u64;
        let said = job.progress.succeeded;
        if said > gone || said + by_others < gone {
            return Err(format!("job {id} says {said} deleted; {gone} went, {by_others} of them by others"));
        }
        if job.progress.reached() + job.progress.not_reached() != some.len() as u64 {
            return Err(format!("job {id} of {} says {:?}", some.len(), job.progress));
        }
        if let Some((href, _)) = others.wrote.iter().find(|(href, theirs)| now.get(*href) != Some(theirs)) {
            return Err(format!("what others wrote into {href} is lost"));
        }
        for (href, card) in &before {
            if !mine.contains(href) && now.get(href) != Some(card) {
                return Err(format!("{href} was nobody's to touch"));
            }
            let touched = others.wrote.contains_key(href) || others.removed.contains(href);
            if mine.contains(href) && !touched && now.get(href).is_some_and(|now| now != card) {
                return Err(format!("{href} stayed and isn't as it was"));
            }
        }
        let taken = mine.iter().filter(|href| !now.contains_key(**href) && !others.removed.contains(**href));
        let taken: There = taken.filter_map(|href| Some(((*href).clone(), before.get(*href)?.clone()))).collect();
        if said > 0 && others.removed.is_empty() && others.wrote.is_empty() {
            self.deleted.push((id, taken));
        }
        self.in_step(id)
    }

    /// Somebody else changes or removes cards after the plan was shown.
    fn they_come_between<'s>(&mut self, some: impl Iterator<Item = &'s String>) {
        for href in some {
            if !self.dice.in_a_hundred(8) {
                continue;
            }
            if self.dice.in_a_hundred(50) {
                self.server.by_hand(href, None);
            } else {
                let nth = self.dice.below(1_000);
                let theirs = card("Theirs", &format!("between{nth}@x.example"), "NOTE:between\r\n");
                self.server.by_hand(href, Some(theirs.as_bytes()));
            }
        }
    }

    /// The undo of a delete puts the same bytes back.
    fn undo(&mut self) -> Result<(), String> {
        if self.deleted.is_empty() {
            return self.delete();
        }
        let (of, taken) = self.deleted.swap_remove(self.dice.below(self.deleted.len()));
        let before = self.server.there();
        self.trouble();
        let id = match self.session.undo(of) {
            Ok(id) => id,
            Err(error) => return Err(format!("job {of} can't be undone: {error}")),
        };
        let job = self.ended(id);
        self.peace();
        let (now, others) = (self.server.there(), self.others());
        let back = taken.keys().filter(|href| !before.contains_key(*href) && now.contains_key(*href)).count() as u64;
        let by_others = others.removed.iter().filter(|href| taken.contains_key(*href)).count() as u64;
        let said = job.progress.succeeded;
        if said < back || said > back + by_others {
            return Err(format!(
                "undo {id} says {said} are back; {back} are there, {by_others} were removed by others"
            ));
        }
        for (href, card) in &taken {
            let touched = others.wrote.contains_key(href) || others.removed.contains(href);
            if !before.contains_key(href) && !touched && now.get(href).is_some_and(|now| now != card) {
                return Err(format!("{href} came back as another one"));
            }
        }
        if before.iter().any(|(href, card)| {
            now.get(href) != Some(card) && !others.removed.contains(href) && !others.wrote.contains_key(href)
        }) {
            return Err(format!("undo {id} touched what it was not to"));
        }
        self.in_step(id)
    }

    /// An edit changes its own line of each card, and no other.
    fn edit(&mut self) -> Result<(), String> {
        let some = self.some();
        if some.is_empty() {
            return Ok(());
        }
        let label = format!("l{}", self.dice.below(1_000_000));
        let edits = vec![Edit::AddLabels(vec![label.clone()])];
        let selection = Selection::ids(some.keys().copied().collect());
        let plan = self.session.edit_plan(EditRequest { selection, excluded: Vec::new(), edits }).unwrap();
        let before = self.server.there();
        self.trouble();
        let id = self.session.start_edit(&plan).unwrap();
        let job = self.ended(id);
        self.peace();
        let (now, others) = (self.server.there(), self.others());
        let has = |card: &String| card.lines().any(|line| line.starts_with("CATEGORIES:") && line.contains(&label));
        let labelled = some.values().filter(|href| now.get(*href).is_some_and(has)).count() as u64;
        let by_others = some.values().filter(|href| others.removed.contains(*href) || others.wrote.contains_key(*href));
        let (said, by_others) = (job.progress.succeeded, by_others.count() as u64);
        if said < labelled || said > labelled + by_others {
            return Err(format!("edit {id} says {said}; {labelled} have the label, others came to {by_others}"));
        }
        let rest = |card: &str| -> Vec<String> {
            card.lines().filter(|line| !line.starts_with("CATEGORIES:")).map(str::to_owned).collect()
        };
        for (href, card) in &before {
            if others.removed.contains(href) || others.wrote.contains_key(href) {
                continue;
            }
            if now.get(href).is_none_or(|now| rest(now) != rest(card)) {
                return Err(format!("{href} lost more than its labels"));
            }
        }
        self.in_step(id)
    }

    /// What is shown is what is there, and nothing is left open.
    fn in_step(&self, id: JobId) -> Result<(), String> {
        let pulled = self.session.pull(None, false, &Cancel::new(), &mut |_, _| ()).unwrap();
        if let Some((_, error)) = pulled.failed.first() {
            return Err(format!("after job {id}: {error}"));
        }
        let shown = self.session.matching_ids(&query(&self.session, "all")).unwrap().len();
        let there = self.server.there().len();
        if shown != there {
            return Err(format!("after job {id} {shown} are shown and {there} are there"));
        }
        match self.session.doctor().unwrap().first() {
            Some(finding) => Err(format!("after job {id}: {finding:?}")),
            None => Ok(()),
        }
    }

    /// What was removed comes again, so that the world doesn't run empty.
    fn grows(&self) {
        let there = self.server.there();
        for nth in (0..CARDS).filter(|nth| !there.contains_key(&name(*nth))) {
            // A name of its own: what waits in the trash keeps its place.
            let fresh = format!("g{}-{nth}.vcf", self.server.state().asked.len());
            if there.len() < CARDS / 2 && nth % 2 == 0 {
                let nth = 1_000 + nth;
                let new = card(&format!("Other{nth}"), &format!("o{nth}@y.example"), "");
                self.server.by_hand(&fresh, Some(new.as_bytes()));
            }
        }
    }
}

fn name(nth: usize) -> String {
    format!("c{nth:04}.vcf")
}

/// The jobs of one world; what went wrong.
fn live(seed: u64, jobs: usize) -> Vec<String> {
    let mut world = World::new(seed);
    let mut wrong = Vec::new();
    for nth in 0..jobs {
        let told = match world.dice.below(10) {
            0..4 => world.delete(),
            4..7 => world.undo(),
            _ => world.edit(),
        };
        if let Err(what) = told {
            wrong.push(format!("seed {seed}, job {nth}: {what}"));
            return wrong;
        }
        world.grows();
    }
    for asked in &world.server.state().asked {
        let (method, path) = asked.split_once(' ').unwrap();
        let is_a_card =
            path.strip_prefix("/dav/anna/book/").is_some_and(|name| !name.is_empty() && !name.contains('/'));
        if matches!(method, "DELETE" | "PUT") && !is_a_card {
            wrong.push(format!("seed {seed}: {asked}"));
        }
    }
    wrong
}

#[test]
fn whatever_goes_wrong_the_jobs_say_what_the_server_has() {
    let jobs: usize = std::env::var("CARDFILE_REMOTE_JOBS").ok().and_then(|n| n.parse().ok()).unwrap_or(48);
    let first: u64 = std::env::var("CARDFILE_REMOTE_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(0xCA4D);
    let each = JOBS.min(jobs.div_ceil(AT_ONCE)).max(1);
    let worlds: Vec<u64> =
        (0..jobs.div_ceil(each) as u64).map(|nth| (first + nth).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1).collect();
    let (left, wrong) = (Mutex::new(worlds), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(seed) = left.lock().unwrap().pop() else { return };
                    // Not while the lock is held, or the worlds run one after the other.
                    let found = live(seed, each);
                    wrong.lock().unwrap().extend(found);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    if jobs > 100 {
        eprintln!("{jobs} jobs, {} failed", wrong.len());
    }
    assert!(wrong.is_empty(), "{} failed\n{}", wrong.len(), wrong.join("\n"));
}
