//! A book, a folder of vCards, and what the stories ask of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cardfile::api::types::PullAnswer;
use cardfile::api::{Caller, Cancel, Options, Session};
use cardfile::domain::account::Account;
use cardfile::domain::contact::{ContactId, JobId, Timestamp};
use cardfile::domain::criteria::EvalTime;
use cardfile::domain::edit::Edit;
use cardfile::domain::job::Job;
use cardfile::domain::plans::{EditRequest, Plan, PlanRequest};
use cardfile::domain::query::{Query, Selection};
use cardfile::domain::syntax;
use cardfile::engine::Clock;

/// What lies somewhere, by name.
pub(crate) type There = BTreeMap<String, String>;

/// A card with what nobody but its writer knows.
pub(crate) fn card(name: &str, email: &str, more: &str) -> String {
    format!(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Somebody else//EN\r\nUID:{name}\r\nFN:{name}\r\nN:{name};;;;\r\n\
         EMAIL;TYPE=INTERNET,HOME:{email}\r\nX-ODD;X-P=\"a;b\":left as it \r\n  is\r\n{more}END:VCARD\r\n"
    )
}

/// A folder of its own with a book and a folder of vCards.
pub(crate) struct Desk {
    pub(crate) folder: tempfile::TempDir,
}

impl Desk {
    /// With a folder of `n` cards, every third of them at `old.example`.
    pub(crate) fn new(n: usize) -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(desk.cards()).unwrap();
        for nth in 0..n {
            let host = if nth % 3 == 0 { "old" } else { "new" };
            desk.write(&format!("c{nth:04}.vcf"), &card(&format!("Name{nth}"), &format!("n{nth}@{host}.example"), ""));
        }
        desk
    }

    pub(crate) fn cards(&self) -> PathBuf {
        self.folder.path().join("contacts")
    }

    pub(crate) fn book(&self) -> PathBuf {
        self.folder.path().join("book.db")
    }

    /// Writes a card as others do: whole, by a new file in its place.
    pub(crate) fn write(&self, name: &str, card: &str) {
        let new = self.cards().join("new.tmp");
        fs::write(&new, card).unwrap();
        fs::rename(new, self.cards().join(name)).unwrap();
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.cards().join(name)).unwrap();
    }

    /// Everything that lies in the folder.
    pub(crate) fn there(&self) -> There {
        there(&self.cards())
    }

    pub(crate) fn account(&self) -> Account {
        Account { name: "khard".into(), folder: Some(self.cards()), ..Account::default() }
    }

    /// The book, with the folder's account in its configuration, a while later: whoever was killed is known to be.
    pub(crate) fn later(&self) -> Session {
        let now = Clock::System.today();
        let later = EvalTime { now: Timestamp(now.now.0 + 60_000), ..now };
        let (accounts, clock) = (vec![self.account()], Clock::Fixed(later));
        let options = Options { accounts, clock, ..Options::new(self.book()) };
        let session = Session::open(options, Caller::owner("tester".to_owned())).unwrap();
        session.wait_until_loaded().unwrap();
        session
    }

    /// The book, with the folder's cards in a list.
    pub(crate) fn added(&self) -> Session {
        let session = Session::open(Options::new(self.book()), Caller::owner("tester".to_owned())).unwrap();
        session.add_account(&self.account(), &Cancel::new(), &mut |_, _| ()).unwrap();
        session
    }
}

/// The cards of a folder, and whatever else lies there.
pub(crate) fn there(folder: &Path) -> There {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap())).collect()
}

/// Which contacts a line names.
pub(crate) fn query(session: &Session, line: &str) -> Query {
    Query::matching(syntax::parse(line, &session.vocabulary()).unwrap().criteria)
}

/// How many contacts a line finds.
pub(crate) fn count(session: &Session, line: &str) -> usize {
    session.matching_ids(&query(session, line)).unwrap().len()
}

/// The one contact that a line finds.
pub(crate) fn one(session: &Session, line: &str) -> ContactId {
    let found = session.matching_ids(&query(session, line)).unwrap();
    assert_eq!(found.len(), 1, "{line}");
    found[0]
}

/// The plan of a delete.
pub(crate) fn plan(session: &Session, line: &str) -> Plan {
    let selection = Selection::Query(query(session, line));
    session.plan(PlanRequest { selection, excluded: Vec::new(), members_too: false }).unwrap()
}

/// Starts a delete and waits for it.
pub(crate) fn run(session: &Session, plan: &Plan) -> Job {
    let id = session.start_with(plan, &cardfile::api::StartOptions::default()).unwrap();
    session.wait(id).unwrap().job
}

/// Edits what a line finds, and waits for it.
pub(crate) fn edit(session: &Session, line: &str, edits: Vec<Edit>) -> Job {
    let selection = Selection::Query(query(session, line));
    let plan = session.edit_plan(EditRequest { selection, excluded: Vec::new(), edits }).unwrap();
    session.wait(session.start_edit(&plan).unwrap()).unwrap().job
}

/// Undoes a job and waits for it.
pub(crate) fn undo(session: &Session, id: JobId) -> Job {
    session.wait(session.undo(id).unwrap()).unwrap().job
}

/// Pulls everything; added, changed, gone, back.
pub(crate) fn pull(session: &Session) -> (u64, u64, u64, u64) {
    let pulled = session.pull(None, false, &Cancel::new(), &mut |_, _| ()).and_then(PullAnswer::whole).unwrap();
    assert_eq!(pulled.len(), 1);
    (pulled[0].added, pulled[0].changed, pulled[0].gone, pulled[0].back)
}

/// Nothing of the book is out of order.
#[track_caller]
pub(crate) fn assert_healthy(session: &Session) {
    assert_eq!(session.doctor().unwrap(), []);
}
