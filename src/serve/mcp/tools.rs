//! THE table of tools: name, what it is for, its arguments, whether it only reads, what it does.
//!
//! Answers are short, some dozen contacts at most, since whoever reads them pays by the word.

use serde_json::{Value, json};

use super::arguments::Arguments;
use crate::api::{
    AnyPlan, Cancel, Clashes, EditOf, HeldPlan, PlanId, PlanOf, Result, Session, Which, criteria_of_line,
};
use crate::domain::contact::{Contact, list_name};
use crate::domain::criteria::describe::sentence;
use crate::wire;

/// Contacts of an answer where nothing is said, and the most.
const PAGE: u64 = 10;
const MOST: u64 = 50;

/// A tool.
pub(super) struct Tool {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// Its arguments: name, type, whether it is needed, what it is.
    pub(super) arguments: &'static [(&'static str, &'static str, bool, &'static str)],
    pub(super) reads: bool,
    pub(super) run: fn(&Session, &Arguments) -> Result<Value>,
}

const LINE: (&str, &str, bool, &str) = (
    "line",
    "string",
    true,
    "criteria as a query line: email$=@old.example active<today-2y -label:vip, is:bounced, company:acme, all",
);
const LIST: (&str, &str, bool, &str) = ("list", "string", false, "only in the list of this name");
const JOB: (&str, &str, bool, &str) = ("job", "integer", true, "the job's number");
const PLAN: (&str, &str, bool, &str) = ("plan", "string", true, "the plan's number");

/// Every tool.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "search",
        about: "Contacts that match criteria, a few of them, and how many there are.",
        arguments: &[
            LINE,
            LIST,
            ("limit", "integer", false, "so many contacts, 50 at most"),
            ("offset", "integer", false, "so many are left out first"),
        ],
        reads: true,
        run: search,
    },
    Tool {
        name: "explain",
        about: "What criteria mean, in a sentence, and how many contacts match them.",
        arguments: &[LINE, LIST],
        reads: true,
        run: explain,
    },
    Tool {
        name: "contact",
        about: "One contact, whole.",
        arguments: &[("id", "integer", true, "the contact's number")],
        reads: true,
        run: contact,
    },
    Tool {
        name: "lists",
        about: "The lists of the book, with how many contacts each has.",
        arguments: &[],
        reads: true,
        run: lists,
    },
    Tool {
        name: "job",
        about: "A job: its counts, its status, and what it could not take.",
        arguments: &[JOB],
        reads: true,
        run: job,
    },
    Tool {
        name: "plan_delete",
        about: "Plans to delete contacts: freezes which, predicts the outcome of each, and changes nothing. A person confirms \
                the plan on a terminal, then apply_plan starts it.",
        arguments: &[LINE, LIST, ("delete_members", "boolean", false, "whether site accounts go with their contacts")],
        reads: false,
        run: plan_delete,
    },
    Tool {
        name: "plan_edit",
        about: "Plans to change contacts: labels, or unsubscribing. Changes nothing until it is confirmed and applied.",
        arguments: &[
            LINE,
            LIST,
            ("add_labels", "array", false, "labels that each gets"),
            ("remove_labels", "array", false, "labels that are taken from each"),
            ("unsubscribe", "boolean", false, "whether each is marked as unsubscribed"),
        ],
        reads: false,
        run: plan_edit,
    },
    Tool {
        name: "plan_merge",
        about: "Plans to merge contacts into one of them. Changes nothing until it is confirmed and applied.",
        arguments: &[("ids", "array", true, "the contacts' numbers, that of the one that is kept first")],
        reads: false,
        run: plan_merge,
    },
    Tool {
        name: "plan_undo",
        about: "Plans to undo a job. Changes nothing until it is confirmed and applied.",
        arguments: &[JOB],
        reads: false,
        run: plan_undo,
    },
    Tool {
        name: "plan_show",
        about: "A plan that is held: what it would do, and whether a person has confirmed it.",
        arguments: &[PLAN],
        reads: true,
        run: plan_show,
    },
    Tool {
        name: "apply_plan",
        about: "Starts a plan that a person has confirmed, once, by its number and its exact count. It can be undone.",
        arguments: &[PLAN, ("expected", "integer", true, "how many contacts the plan takes")],
        reads: false,
        run: apply_plan,
    },
];

fn which(arguments: &Arguments) -> Result<Which> {
    Ok(Which { line: Some(arguments.needed("line")?), list: arguments.text("list")?, ..Which::default() })
}

fn short(session: &Session, contact: &Contact) -> Value {
    let lists = session.lists();
    let list = list_name(&lists, contact.list);
    json!({
        "id": contact.id, "name": contact.display_name(), "email": contact.email(), "company": contact.company,
        "labels": contact.labels, "list": list,
    })
}

fn search(session: &Session, arguments: &Arguments) -> Result<Value> {
    let limit = arguments.number("limit")?.unwrap_or(PAGE).min(MOST);
    let offset = arguments.number("offset")?.unwrap_or(0);
    let small = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let which = Which { limit: Some(small(limit)), offset: small(offset), ..which(arguments)? };
    let (contacts, total) = session.page_of(&which, &Cancel::new())?;
    let contacts: Vec<Value> = contacts.iter().map(|contact| short(session, contact)).collect();
    Ok(json!({ "total": total, "offset": offset, "contacts": contacts }))
}

fn explain(session: &Session, arguments: &Arguments) -> Result<Value> {
    let which = which(arguments)?;
    let criteria = criteria_of_line(which.line.as_deref().unwrap_or_default(), &session.vocabulary())?;
    let total = session.count(&which, &Cancel::new())?;
    Ok(json!({ "words": sentence(&criteria, &session.today()), "total": total }))
}

fn contact(session: &Session, arguments: &Arguments) -> Result<Value> {
    let id = arguments.number("id")?.and_then(|id| i64::try_from(id).ok()).unwrap_or(0);
    let contact = session.existing(crate::domain::contact::ContactId(id))?;
    Ok(serde_json::to_value(session.shape(contact)).unwrap_or_default())
}

fn lists(session: &Session, _: &Arguments) -> Result<Value> {
    let lists: Vec<Value> =
        session.list_counts()?.iter().map(|(list, n)| json!({ "name": list.name, "contacts": n })).collect();
    Ok(json!({ "lists": lists }))
}

fn job(session: &Session, arguments: &Arguments) -> Result<Value> {
    let id = arguments.job()?;
    let job = session.job(id)?.job;
    let failed = session.failures(id, 0, small_page())?;
    let errors: Vec<wire::JobError> = failed.into_iter().map(|failure| wire::JobError::new(&job, failure)).collect();
    Ok(serde_json::to_value(wire::Job::new(&job, Some(errors))).unwrap_or_default())
}

fn small_page() -> usize {
    usize::try_from(PAGE).unwrap_or(usize::MAX)
}

fn held(session: &Session, of: PlanOf) -> Result<Value> {
    let plan = session.make_plan(of)?;
    shown(session, &*session.hold_for_confirmation(plan)?)
}

fn shown(session: &Session, held: &HeldPlan) -> Result<Value> {
    let plan = held.plan.planned();
    let asked = session.asked_plan(&held.id.0)?;
    let ids: Vec<_> = asked.contacts.iter().copied().take(small_page()).collect();
    let contacts: Vec<Value> = session.contacts(&ids)?.iter().map(|contact| short(session, contact)).collect();
    let next = match &asked.confirmed_by {
        None => format!("a person confirms it on a terminal: cardfile confirm {}", held.id.0),
        Some(who) => format!("{who} has confirmed it: apply_plan starts it"),
    };
    Ok(json!({
        "plan": held.id, "expected": plan.expected(), "matches": plan.items().len(), "does": asked.words,
        "summary": asked.summary, "first": contacts, "confirmed": asked.confirmed_by.is_some(),
        "expiresDate": wire::date(held.expires), "next": next,
    }))
}

fn plan_delete(session: &Session, arguments: &Arguments) -> Result<Value> {
    held(session, PlanOf::Delete { which: which(arguments)?, delete_members: arguments.flag("delete_members")? })
}

fn plan_edit(session: &Session, arguments: &Arguments) -> Result<Value> {
    let mut edits = Vec::new();
    let (add, remove) = (arguments.texts("add_labels")?, arguments.texts("remove_labels")?);
    edits.extend((!add.is_empty()).then_some(EditOf::AddLabels(add)));
    edits.extend((!remove.is_empty()).then_some(EditOf::RemoveLabels(remove)));
    edits.extend(arguments.flag("unsubscribe")?.then_some(EditOf::Unsubscribe));
    held(session, PlanOf::Edit { which: which(arguments)?, edits })
}

fn plan_merge(session: &Session, arguments: &Arguments) -> Result<Value> {
    held(session, PlanOf::Merge { ids: arguments.contacts("ids")?, keep: None })
}

fn plan_undo(session: &Session, arguments: &Arguments) -> Result<Value> {
    held(session, PlanOf::Undo { id: arguments.job()?, clashes: Some(Clashes::Leave) })
}

fn plan_show(session: &Session, arguments: &Arguments) -> Result<Value> {
    shown(session, &*session.held(&PlanId(arguments.needed("plan")?))?)
}

fn apply_plan(session: &Session, arguments: &Arguments) -> Result<Value> {
    let plan = PlanId(arguments.needed("plan")?);
    let expected = arguments.number("expected")?.unwrap_or(u64::MAX);
    let is_delete = matches!(session.held(&plan)?.plan, AnyPlan::Delete { .. });
    let job = session.start_confirmed(&plan, expected)?;
    let undo = if is_delete {
        "what went waits in the trash, and plan_undo brings it back"
    } else {
        "plan_undo takes it back"
    };
    Ok(json!({ "job": job, "undo": undo }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_stands_once_and_only_what_reads_says_so() {
        let mut names: Vec<&str> = TOOLS.iter().map(|tool| tool.name).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!((names.len(), all), (all, 11));
        assert!(
            TOOLS
                .iter()
                .filter(|tool| tool.name.starts_with("plan_") && tool.name != "plan_show")
                .all(|tool| !tool.reads)
        );
    }
}
