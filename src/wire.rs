//! The JSON shapes of `--json`: a contract that stays when the domain changes beneath.
//!
//! Written down in `assets/json.md` with an example of each, which a test keeps true. Made from values
//! of the domain and answers of the engine by the faces; it asks nothing and prints nothing. Dates are
//! RFC 3339 in UTC, ids are numbers, a missing value is `null`, every name is always there unless it is
//! said otherwise.

mod accounts;
mod after;
mod contact;
mod edit;
mod everyday;
mod groups;
mod imports;
mod json;
mod key;

pub use accounts::{Account, AccountList, Check, Pulled};
pub use after::{
    Clash, ErasePlan, LogEntry, PlanSaved, ReportRow, Search, SearchesTaken, Trashed, UndoPlan, Unsubscriber,
    UnsubscribersAdded, hex,
};
pub use contact::{Contact, ContactShape};
pub use edit::{EditContact, EditPlan, FixRow, Fixes};
pub use everyday::{Birthday, Tallies, TallyBy, Valued};
pub use groups::{GroupContact, GroupsPlan};
pub use imports::{Import, ImportPreview, RowError};
pub use json::{Items, Stream, write};
pub use key::{Key, Secret};

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::contact::{ContactId, List as DomainList};
use crate::domain::deletion_rules::Refusal;
use crate::domain::job::Job as DomainJob;
use crate::domain::plans::{Plan as DomainPlan, Warning as DomainWarning};
use crate::engine::answer::Failure;
use crate::engine::error::{EngineError, ErrorKind};
pub use json::date;

/// A job: `job show`, `job undo`, `job list`, and what a `delete` ends with.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Job<E> {
    id: i64,
    #[serde(rename = "type")]
    kind: &'static str,
    status: &'static str,
    criteria: String,
    started_date: Option<String>,
    finished_date: Option<String>,
    total_items: u64,
    success_total: u64,
    failed_total: u64,
    #[serde(skip_serializing_if = "is_zero")]
    skipped_total: u64,
    #[serde(skip_serializing_if = "is_zero")]
    updated_total: u64,
    #[serde(skip_serializing_if = "is_zero")]
    unchanged_total: u64,
    not_reached: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    undoes: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    undone_by: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<E>,
}

impl<E: Serialize> Job<E> {
    /// A job with its failures, or without them in a list of jobs. Of an import, `criteria` holds its files.
    pub fn new(job: &DomainJob, errors: Option<E>) -> Self {
        let criteria = if job.criteria.is_empty() { &job.words } else { &job.criteria };
        Self {
            id: job.id.0,
            kind: job.kind.code(),
            status: job.status.code(),
            criteria: criteria.clone(),
            started_date: date(job.started),
            finished_date: job.finished.and_then(date),
            total_items: job.progress.total,
            success_total: job.progress.succeeded,
            failed_total: job.progress.failed_total(),
            skipped_total: job.progress.skipped,
            updated_total: job.progress.updated,
            unchanged_total: job.progress.unchanged,
            not_reached: job.progress.not_reached(),
            undoes: job.undoes.map(|id| id.0),
            undone_by: job.undone_by.map(|id| id.0),
            errors,
        }
    }
}

/// A contact that a job could not take; an import's row has neither id nor code.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobError {
    contact_id: Option<i64>,
    name: String,
    code: Option<&'static str>,
    reason: String,
}

impl JobError {
    /// What this job could not take.
    pub fn new(job: &DomainJob, failure: Failure) -> Self {
        Self {
            contact_id: failure.contact.map(|id| id.0),
            name: failure.name,
            code: failure.refusal.map(|refusal| job.failure_code(refusal)),
            reason: failure.reason,
        }
    }
}

/// A plan: `delete --dry-run`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan<C> {
    matches: u64,
    will_delete: u64,
    will_stay: BTreeMap<&'static str, u64>,
    warnings: Vec<Warning>,
    contacts: C,
}

impl<C: Serialize> Plan<C> {
    /// A plan with its contacts in the order in which they are taken up.
    pub fn new(plan: &DomainPlan, contacts: C) -> Self {
        let mut will_stay = BTreeMap::new();
        for (refusal, n) in &plan.stay {
            *will_stay.entry(refusal.code().as_str()).or_insert(0) += n;
        }
        let warnings = plan.warnings.iter().map(Warning::from).collect();
        Self { matches: plan.matches(), will_delete: plan.will_delete(), will_stay, warnings, contacts }
    }
}

/// Something about a plan that deserves a second look.
#[derive(Debug, Serialize)]
pub struct Warning {
    code: &'static str,
    message: String,
}

impl From<&DomainWarning> for Warning {
    fn from(warning: &DomainWarning) -> Self {
        Self { code: warning.code(), message: warning.words() }
    }
}

/// A contact of a plan.
#[derive(Debug, Serialize)]
pub struct PlanContact {
    id: i64,
    name: String,
    outcome: &'static str,
    reason: Option<&'static str>,
}

impl PlanContact {
    /// A contact with why it stays; none: `WILL_DELETE`.
    pub fn new(id: ContactId, name: String, refusal: Option<Refusal>) -> Self {
        let outcome = refusal.map_or("WILL_DELETE", |refusal| refusal.code().as_str());
        Self { id: id.0, name, outcome, reason: refusal.map(Refusal::reason) }
    }
}

/// A label, and how many contacts have it.
#[derive(Debug, Serialize)]
pub struct Label {
    /// Its name.
    pub name: String,
    /// How many contacts have it.
    pub contacts: u64,
}

/// The answer of `query`.
#[derive(Debug, Serialize)]
pub struct QueryResult<C> {
    /// How many match, whatever the limit.
    pub total: u64,
    /// How many were left out first.
    pub offset: u64,
    /// The contacts.
    pub contacts: C,
}

impl QueryResult<[Contact; 0]> {
    /// The answer before its contacts and behind them, where these are written piece by piece.
    pub fn around(total: u64, offset: u64) -> (String, String) {
        let whole = serde_json::json!(Self { total, offset, contacts: [] }).to_string();
        let (before, behind) = whole.rsplit_once("[]").unwrap_or((&whole, ""));
        (format!("{before}["), format!("]{behind}\n"))
    }
}

/// The answer of `query --count`.
#[derive(Debug, Serialize)]
pub struct Count {
    /// How many match.
    pub total: u64,
}

/// A list, and how many contacts it has.
#[derive(Debug, Serialize)]
pub struct List {
    id: i64,
    name: String,
    kind: &'static str,
    contacts: u64,
}

impl List {
    /// A list with its number of contacts.
    pub fn new(list: &DomainList, contacts: u64) -> Self {
        Self { id: list.id.0, name: list.name.clone(), kind: list.kind.word(), contacts }
    }
}

/// What was done to a book as a whole.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BookDone {
    /// In words.
    pub done: String,
}

/// A table of a book that was copied.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CopiedTable {
    /// Its name.
    pub table: String,
    /// How many rows it has, in both books.
    pub rows: u64,
}

/// Something that `doctor` found to be out of order.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// What was checked.
    pub check: String,
    /// What was found.
    pub message: String,
}

/// What `doctor` found, and what belongs in a report of a fault.
#[derive(Debug, Serialize)]
pub struct Doctor {
    findings: Vec<Finding>,
    facts: Vec<Fact>,
}

/// A fact for a report: nothing of a person.
#[derive(Debug, Serialize)]
struct Fact {
    name: &'static str,
    value: String,
}

impl Doctor {
    /// Findings, none where all is well, and facts by their names.
    pub fn new(findings: Vec<Finding>, facts: Vec<(&'static str, String)>) -> Self {
        let facts = facts.into_iter().map(|(name, value)| Fact { name, value }).collect();
        Self { findings, facts }
    }
}

/// An error: one line of JSON on the error output.
#[derive(Debug, Serialize)]
pub struct Failed<'a> {
    error: ErrorShape<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorShape<'a> {
    kind: &'static str,
    message: &'a str,
    code: Option<&'a str>,
    column: Option<usize>,
    hints: &'a [String],
    exit_status: u8,
}

impl<'a> Failed<'a> {
    /// An error with what to do next, and the exit status that the process ends with.
    pub fn new(error: &'a EngineError, hints: &'a [String], exit_status: u8) -> Self {
        let kind = match error.kind() {
            ErrorKind::BadInput => "BAD_INPUT",
            ErrorKind::Stale => "STALE",
            ErrorKind::Storage => "STORAGE",
            ErrorKind::Cancelled => "CANCELLED",
        };
        Self {
            error: ErrorShape {
                kind,
                message: &error.message,
                code: error.code.service(),
                column: error.syntax.as_ref().map(|syntax| syntax.column),
                hints,
                exit_status,
            },
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

#[cfg(test)]
mod tests {
    use crate::domain::suppression::UnsubscribedWho;
    use serde_json::Value;

    use super::*;
    use crate::domain::contact::ListKind;
    use crate::domain::contact::{
        Billing, BillingStatus, Contact as DomainContact, Custom, CustomValue, JobId, ListId, Member, MemberStatus,
        Name, PartialDate, PostalAddress, Role, Subscription, Tag, Tagged, Timestamp,
    };
    use crate::domain::criteria::Criteria;
    use crate::domain::job::JobType;
    use crate::domain::job::{Progress, Status};
    use crate::domain::plans::{self, Item, PlanRequest};
    use crate::domain::query::{Query, Selection};
    use crate::engine::answer;
    use crate::engine::error::Code;

    const DOCUMENT: &str = include_str!("../assets/json.md");
    const STARTED: Timestamp = Timestamp(1_795_000_000_000);

    /// The JSON of every fenced block of the document.
    fn documented() -> Vec<Value> {
        DOCUMENT
            .split("```json\n")
            .skip(1)
            .map(|block| {
                let text = block.split("```").next().unwrap();
                serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
            })
            .collect()
    }

    fn saved_search() -> answer::SavedSearch {
        answer::SavedSearch {
            name: "Old corp".into(),
            line: "email$=@oldcorp.com active<today-2y".into(),
            note: "they moved".into(),
            saved: true,
            count: Some(3_118),
        }
    }

    #[allow(clippy::too_many_lines, reason = "one example of every shape")]
    fn examples() -> Vec<(&'static str, Value)> {
        let json = |value: &dyn Fn() -> serde_json::Result<Value>| value().unwrap();
        let job = job();
        let of = job.clone();
        let failures = [
            Failure {
                contact: Some(ContactId(17)),
                name: "Matheus Pacheco".into(),
                refusal: Some(Refusal::Member),
                reason: "is a member".into(),
            },
            Failure {
                contact: Some(ContactId(904)),
                name: "Martin Hubbard".into(),
                refusal: Some(Refusal::Billing),
                reason: "has a valid billing subscription: Pro, until 2027-03-01".into(),
            },
        ];
        let errors: Vec<JobError> = failures.into_iter().map(|failure| JobError::new(&of, failure)).collect();
        let row = JobError::new(
            &DomainJob { kind: JobType::Import, ..of.clone() },
            Failure {
                contact: None,
                name: "google.csv:17".into(),
                refusal: None,
                reason: "a quote is not closed".into(),
            },
        );
        let undo = DomainJob { kind: JobType::Undo, undoes: Some(JobId(12)), id: JobId(13), ..job.clone() };
        let undo = DomainJob { progress: Progress { total: 3_000, succeeded: 3_000, ..Progress::default() }, ..undo };
        let plan = plan();
        let contacts = plan.items.iter().zip(["Amber Powell", "Matheus Pacheco", "Sigr\u{fa}n J\u{f3}nsd\u{f3}ttir"]);
        let contacts = contacts.map(|(item, name)| PlanContact::new(item.id, name.into(), item.refusal));
        let said = "Unable to Load List \u{201c}Newsleter\u{201d}";
        let error = EngineError::of(Code::NoList { list: "Newsleter".into() }, said).hint("did you mean Newsletter?");
        let hints = error.hints.clone();
        let list = DomainList { id: ListId(1), name: "Newsletter".into(), kind: ListKind::Standard };
        let import = Import {
            job_id: Some(3),
            dry_run: false,
            added: 1_204,
            already: 0,
            updated: 12,
            unchanged: 3,
            skipped: 1,
            failed: 1,
            skips: [RowError { place: "google.csv:4".into(), reason: "amber@example.com is unsubscribed".into() }],
            notes: Vec::new(),
            ambiguous: vec![RowError {
                place: "google.csv:9".into(),
                reason: "2 contacts have the same email address; contact 17 is the one that is kept".into(),
            }],
            errors: [RowError { place: "google.csv:17".into(), reason: "a quote is not closed".into() }],
            failed_files: vec!["bad.csv".into()],
            unknown_files: Vec::new(),
        };
        let finding =
            Finding { check: "trash".into(), message: "contact 17 is in the trash but not in the book".into() };
        let doctor = Doctor::new(vec![finding], vec![("program", "cardfile 0.2.0, built for use".into())]);
        let result = QueryResult { total: 1, offset: 0, contacts: [Contact::new(contact(), "Newsletter")] };
        vec![
            ("a job", json(&|| serde_json::to_value(Job::new(&job, Some(&errors))))),
            ("a job in a list of jobs", json(&|| serde_json::to_value(Job::<()>::new(&undo, None)))),
            ("a row of an import", json(&|| serde_json::to_value(&row))),
            ("a plan", json(&|| serde_json::to_value(Plan::new(&plan, Stream::new(contacts.clone()))))),
            ("a plan of a merge of groups", json(&|| serde_json::to_value(groups_plan()))),
            ("a plan of an edit", json(&|| serde_json::to_value(edit_plan()))),
            ("a label", json(&|| serde_json::to_value(Label { name: "vip".into(), contacts: 118 }))),
            ("a query", json(&|| serde_json::to_value(&result))),
            ("a count", json(&|| serde_json::to_value(Count { total: 3_118 }))),
            ("a list", json(&|| serde_json::to_value(List::new(&list, 612_408)))),
            ("an import", json(&|| serde_json::to_value(&import))),
            ("an import's preview", json(&|| serde_json::to_value(ImportPreview::new(&preview())))),
            ("a saved plan", json(&|| serde_json::to_value(PlanSaved { plan: "old.json".into(), will_delete: 118 }))),
            ("a line of a report", json(&|| serde_json::to_value(ReportRow::from(report_row())))),
            ("an undo", json(&|| serde_json::to_value(UndoPlan::new(&undo_plan())))),
            ("a contact in the trash", json(&|| serde_json::to_value(Trashed::from(&trashed())))),
            (
                "an unsubscriber",
                json(&|| {
                    let who = UnsubscribedWho::Address("anna@example.com".into());
                    serde_json::to_value(Unsubscriber::new(who, STARTED, "by hand".into()))
                }),
            ),
            (
                "an erase",
                json(&|| {
                    let plan = plans::ErasePlan {
                        items: vec![Item::any_revision(ContactId(4))],
                        words: String::new(),
                        searches: vec!["Amber".into()],
                    };
                    serde_json::to_value(ErasePlan::new(&plan))
                }),
            ),
            (
                "a hashed unsubscriber",
                json(&|| {
                    let who = UnsubscribedWho::Hash([0xa7; 32]);
                    serde_json::to_value(Unsubscriber::new(who, STARTED, "by hand".into()))
                }),
            ),
            ("unsubscribers added", json(&|| serde_json::to_value(UnsubscribersAdded::new(&unsubscribed())))),
            (
                "an entry of the log",
                json(&|| {
                    let (kind, text) = ("delete".into(), "3002 taken up, 3000 to go, 2 to stay".into());
                    serde_json::to_value(LogEntry::new(
                        STARTED,
                        "amber".into(),
                        kind,
                        Some(12),
                        "9f2c41d0".into(),
                        text,
                    ))
                }),
            ),
            ("a key", json(&|| serde_json::to_value(Key::new(&access_key(), Some(vec!["Newsletter".into()]))))),
            ("a secret", json(&|| serde_json::to_value(Secret { name: "website".into(), key: "5f0c".repeat(16) }))),
            ("what was done", json(&|| serde_json::to_value(book_done()))),
            ("a copied table", json(&|| serde_json::to_value(CopiedTable { table: "contact".into(), rows: 1_204 }))),
            (
                "a birthday",
                json(&|| {
                    let (id, day) = (ContactId(4), "2027-04-12".into());
                    serde_json::to_value(Birthday { id, name: "Amber Powell".into(), day, turns: Some(42) })
                }),
            ),
            (
                "statistics",
                json(&|| {
                    let bar = |value: &str, n: u64| Valued::from((value.to_owned(), n));
                    let values = vec![bar("oldcorp.com", 2)];
                    let by = vec![TallyBy { field: "domain".into(), values, without: 1 }];
                    serde_json::to_value(Tallies { contacts: 4, by, filled: vec![bar("email", 3)] })
                }),
            ),
            ("what doctor says", json(&|| serde_json::to_value(&doctor))),
            ("an error", json(&|| serde_json::to_value(Failed::new(&error, &hints, 2)))),
            ("a saved search", json(&|| serde_json::to_value(Search::new(&saved_search())))),
            (
                "searches taken",
                json(&|| serde_json::to_value(SearchesTaken { saved: 2, left_as_they_are: vec!["Old corp".into()] })),
            ),
        ]
    }

    fn book_done() -> BookDone {
        BookDone { done: "cards on db.example: made, without any contact".into() }
    }

    fn access_key() -> crate::domain::access_key::AccessKey {
        use crate::domain::access_key::{AccessKey, Elevation};
        use crate::domain::caller::Right;
        let until = Timestamp(STARTED.0 + 600_000);
        AccessKey {
            name: "website".into(),
            rights: [Right::Read, Right::ModifyContacts].into_iter().collect(),
            lists: Some(vec![ListId(1)]),
            rate: Some(200),
            created: STARTED,
            used: Some(STARTED),
            elevation: Some(Elevation { rights: [Right::DeleteMembers].into_iter().collect(), until, used: false }),
            ..AccessKey::default()
        }
    }

    fn job() -> DomainJob {
        DomainJob {
            id: JobId(12),
            kind: JobType::Delete,
            status: Status::Completed,
            criteria: "email$=@oldcorp.com active<today-2y -label:vip".into(),
            words: String::new(),
            members_too: false,
            undoes: None,
            undoes_edit: false,
            undone_by: Some(JobId(13)),
            started: STARTED,
            finished: Some(Timestamp(STARTED.0 + 812)),
            progress: Progress {
                total: 3_002,
                succeeded: 3_000,
                failed: vec![(Refusal::Member, 1), (Refusal::Billing, 1)],
                ..Progress::default()
            },
        }
    }

    fn preview() -> answer::ImportPreview {
        let column = |header: &str, field: Option<&str>, sample: &str| answer::PreviewColumn {
            header: header.into(),
            field: field.map(str::to_owned),
            samples: vec![sample.into()],
        };
        answer::ImportPreview {
            file: "members.csv".into(),
            format: crate::engine::Format::CSV,
            encoding: "windows-1252",
            columns: Some(answer::PreviewColumns {
                dialect: "CSV",
                delimiter: ';',
                header_line: Some(1),
                columns: vec![column("Kontakt", Some("email"), "anna@example.com"), column("Nr", None, "7")],
            }),
            rows: vec![answer::PreviewRow { line: 3, result: Err("the row is empty".into()) }],
            doubts: Vec::new(),
        }
    }

    fn groups_plan() -> GroupsPlan<Vec<GroupContact>> {
        let item = |id, refusal| crate::domain::plans::Item { id: ContactId(id), revision: 1, refusal };
        let plan = crate::domain::plans::GroupsPlan {
            request: crate::domain::plans::GroupsRequest {
                selection: Selection::ids(Vec::new()),
                excluded: Vec::new(),
                by: crate::domain::criteria::DuplicateKey::Email,
                keep: std::collections::BTreeSet::new(),
            },
            line: "duplicate:email".into(),
            words: String::new(),
            items: vec![item(4, None), item(17, None), item(21, Some(Refusal::Protected))],
            sizes: vec![3],
            stay: vec![(Refusal::Protected, 1)],
            left: crate::domain::plans::groups::LeftOut { settled: 1, ..Default::default() },
            elsewhere: 0,
            retention_days: 30,
            home: None,
        };
        let names = ["Amber Powell", "A. Powell", "Amber J. Powell"];
        let contact = |(item, name): (&crate::domain::plans::Item, &str)| {
            GroupContact::new(item.id, name.into(), ContactId(4), item.refusal)
        };
        GroupsPlan::new(&plan, plan.items.iter().zip(names).map(contact).collect())
    }

    fn edit_plan() -> EditPlan<Vec<EditContact>> {
        let item = |id, refusal| Item { id: ContactId(id), revision: 1, refusal };
        let plan = crate::domain::plans::EditPlan {
            request: crate::domain::plans::EditRequest {
                selection: Selection::ids(Vec::new()),
                excluded: Vec::new(),
                edits: Vec::new(),
            },
            line: String::new(),
            words: String::new(),
            items: vec![item(4, None), item(17, Some(Refusal::AccountList))],
            already: 6,
            excluded: 0,
            stay: vec![(Refusal::AccountList, 1)],
            retention_days: 30,
        };
        let contacts = vec![
            EditContact::new(ContactId(4), "Amber Powell".into(), None),
            EditContact::new(ContactId(17), "Matheus Pacheco".into(), Some(Refusal::AccountList)),
        ];
        EditPlan::new(&plan, contacts)
    }

    fn report_row() -> answer::ReportRow {
        answer::ReportRow {
            contact: Some(ContactId(17)),
            name: "Matheus Pacheco".into(),
            address: "m.pacheco@oldcorp.com".into(),
            code: "CANNOT_DELETE_SITE_MEMBERS",
            reason: "is a member".into(),
        }
    }

    fn undo_plan() -> plans::UndoPlan {
        let clash = plans::Clash {
            contact: ContactId(4),
            name: "Amber Powell".into(),
            address: "amber@oldcorp.com".into(),
            with: ContactId(911),
            with_name: "Amber Powell".into(),
            with_revision: 1,
        };
        plans::UndoPlan {
            undoes: Some(JobId(12)),
            way: plans::Way::Restore,
            words: String::new(),
            items: [4, 9].map(|id| Item::any_revision(ContactId(id))).to_vec(),
            stay: Vec::new(),
            clashes: vec![clash],
            as_of: 0,
        }
    }

    fn trashed() -> answer::Trashed {
        answer::Trashed {
            contact: ContactId(4),
            name: "Amber Powell".into(),
            address: "amber@oldcorp.com".into(),
            job: JobId(12),
            who: "amber".into(),
            deleted: STARTED,
            days_left: Some(29),
        }
    }

    fn unsubscribed() -> answer::UnsubscribersAdded {
        answer::UnsubscribersAdded { added: 2, known: 1, unread: vec!["no address".into()] }
    }

    fn plan() -> DomainPlan {
        let item = |id, refusal| Item { id: ContactId(id), revision: 1, refusal };
        DomainPlan {
            request: PlanRequest {
                selection: Selection::Query(Query::matching(Criteria::All)),
                excluded: Vec::new(),
                members_too: false,
            },
            line: "all".into(),
            words: "every contact".into(),
            items: vec![item(4, None), item(17, Some(Refusal::Member)), item(21, Some(Refusal::Protected))],
            excluded: 0,
            stay: vec![(Refusal::Member, 1), (Refusal::Protected, 1)],
            warnings: vec![DomainWarning::Everything, DomainWarning::Protected(1)],
            retention_days: 30,
            as_of: None,
        }
    }

    fn contact() -> DomainContact {
        DomainContact {
            id: ContactId(17),
            revision: 3,
            list: ListId(1),
            name: Name { first: "Matheus".into(), last: "Pacheco".into(), ..Name::default() },
            emails: vec![Tagged { tag: Tag::Work, value: "m.pacheco@oldcorp.com".into() }],
            phones: vec![Tagged { tag: Tag::Mobile, value: "+55 11 5555-0199".into() }],
            addresses: vec![PostalAddress {
                tag: Tag::Home,
                street: "Av. Paulista, 12".into(),
                city: "S\u{e3}o Paulo".into(),
                region: "SP".into(),
                postcode: "01310-000".into(),
                country: "Brasil".into(),
            }],
            company: "van Beek Partners".into(),
            title: "Buyer".into(),
            birthday: Some(PartialDate { year: None, month: Some(4), day: Some(12) }),
            locale: "pt-BR".into(),
            source: "google.csv".into(),
            created: Timestamp(1_555_804_800_000),
            updated: STARTED,
            active: Some(Timestamp(1_727_827_200_000)),
            subscription: Subscription::Subscribed,
            labels: vec!["lead".into(), "newsletter".into()],
            member: Some(Member { status: MemberStatus::Active, role: Role::None }),
            billing: Some(Billing { plan: "Pro".into(), status: BillingStatus::Active, until: None }),
            custom: vec![
                Custom { name: "Points".into(), value: CustomValue::Number(12.5) },
                Custom { name: "Renewal".into(), value: CustomValue::Date(jiff::civil::date(2027, 3, 1)) },
            ],
            import: Some(JobId(3)),
            extra: vec!["X-SOCIALPROFILE;TYPE=chat:user12".into()],
            ..DomainContact::default()
        }
    }

    #[test]
    fn the_document_shows_an_example_of_each_shape_as_it_is_written() {
        let documented = documented();
        let examples: Vec<_> = examples().into_iter().chain(accounts::examples()).chain(edit::examples()).collect();
        for (what, example) in &examples {
            assert!(documented.contains(example), "{what} is not in assets/json.md:\n{example:#}");
        }
        assert_eq!(documented.len(), examples.len(), "assets/json.md shows something that is not written");
    }

    #[test]
    fn the_names_of_a_job_and_of_a_plan_are_the_ones_agreed() {
        let examples = examples();
        let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
        assert_eq!(
            names(&examples[0].1),
            "id type status criteria startedDate finishedDate totalItems successTotal failedTotal notReached undoneBy errors"
        );
        assert_eq!(names(&examples[0].1["errors"][0]), "contactId name code reason");
        assert_eq!(names(&examples[3].1), "matches willDelete willStay warnings contacts");
        assert_eq!(names(&examples[3].1["contacts"][0]), "id name outcome reason");
    }
}
