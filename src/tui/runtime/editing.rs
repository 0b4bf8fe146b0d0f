//! The engine calls behind changing contacts: cards, labels, edits in bulk, merges, who shares a value.
//!
//! Called beside the loop, on threads of their own; every one of them may block. They know no model.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Lane;
use crate::domain::contact::{Contact, ContactId, JobId};
use crate::domain::criteria::build::{self, Operator};
use crate::domain::criteria::matches::duplicate_keys;
use crate::domain::criteria::{Criteria, DuplicateKey};
use crate::domain::display::contacts;
use crate::domain::edit::Edit;
use crate::domain::field::{CustomFields, Field};
use crate::domain::plans::EditRequest;
use crate::domain::query::{Query, Selection};
use crate::engine::answer::CountRequest;
use crate::engine::error::ErrorKind;
use crate::engine::{Cancel, Engine, EngineError};
use crate::tui::app::effect::Editing;
use crate::tui::app::event::Edited;

type Result<T> = std::result::Result<T, EngineError>;

/// Whether a step changes the book: the program doesn't end before it is done.
pub(super) fn lane(step: &Editing) -> Lane {
    match step {
        Editing::Save(..) | Editing::Add(_) | Editing::Start(_) | Editing::Merge(_) => Lane::Deed,
        Editing::Card(_) | Editing::Labels(_) | Editing::Plan(_) | Editing::Preview(..) | Editing::Sharing(..) => {
            Lane::Free
        }
    }
}

/// Does a step.
pub(super) fn edit(engine: &Engine, step: Editing) -> Result<Edited> {
    match step {
        Editing::Card(id) => Ok(Edited::Card(engine.contact(id)?.map(Box::new))),
        Editing::Save(contact, revision) => save(engine, &contact, revision),
        Editing::Add(contact) => engine.add_contact(&contact).map(|(job, _)| Edited::Done(job)),
        Editing::Labels(request) => labels(engine, request),
        Editing::Plan(request) => engine.edit_plan(request).map(|plan| Edited::Planned(Box::new(plan))),
        Editing::Start(plan) => engine.start_edit(&plan).map(Edited::Done),
        Editing::Preview(ids, keep) => {
            let cards = engine.contacts(&ids)?;
            Ok(Edited::Preview(cards, Box::new(engine.merge_plan(&ids, keep))))
        }
        Editing::Merge(preview) => engine.merge(&preview).map(Edited::Done),
        Editing::Sharing(contact, by) => sharing(engine, &contact, by).map(Edited::Sharing),
    }
}

/// Protects contacts or takes it off, as a job that can be undone; what to say of it.
pub(super) fn protect(engine: &Engine, ids: &[ContactId], on: bool) -> Result<String> {
    let edits = vec![if on { Edit::Protect } else { Edit::Unprotect }];
    let selection = Selection::ids(ids.to_vec());
    let plan = engine.edit_plan(EditRequest { selection, excluded: Vec::new(), edits })?;
    let stay: Vec<String> = plan.stay.iter().map(|(refusal, n)| format!("{n} {}", refusal.count_words(*n))).collect();
    if plan.will_change() == 0 {
        let why = if stay.is_empty() { "so already".to_owned() } else { format!("left alone: {}", stay.join(", ")) };
        return Err(EngineError::new(ErrorKind::BadInput, format!("There is nothing to change: {why}.")));
    }
    let job: JobId = engine.start_edit(&plan)?;
    let what = if on { "protects" } else { "takes the protection off" };
    let rest = if stay.is_empty() { String::new() } else { format!("; left alone: {}", stay.join(", ")) };
    Ok(format!("Job #{job} {what} {}{rest}", contacts(plan.will_change())))
}

/// Saves a card; where it was changed meanwhile, says how it is now.
fn save(engine: &Engine, contact: &Contact, revision: u32) -> Result<Edited> {
    match engine.edit_contact(contact, revision) {
        Ok(job) => Ok(Edited::Done(job)),
        Err(error) => match engine.contact(contact.id)? {
            Some(now) if now.revision != revision => Ok(Edited::ChangedMeanwhile(Box::new(now))),
            Some(_) | None => Err(error),
        },
    }
}

/// The labels of the book, and how many of the contacts that are meant have each.
fn labels(engine: &Engine, request: EditRequest) -> Result<Edited> {
    let (within, only) = match request.selection {
        Selection::Query(query) => (query, None),
        Selection::Ids { scope, ids } => {
            (Query { scope, ..Query::default() }, Some(Arc::new(ids.into_iter().collect::<BTreeSet<ContactId>>())))
        }
    };
    let names: Vec<String> = engine.labels()?.into_iter().map(|(name, _)| name).collect();
    let having = |name: &String| clause(&Field::Label, Operator::Has, std::slice::from_ref(name));
    let each = names.iter().map(having).collect::<Result<Vec<_>>>()?;
    let excluded = Arc::new(request.excluded.into_iter().collect());
    let counted = engine.counts(&CountRequest { within, only, excluded, each }, &Cancel::new())?;
    Ok(Edited::Labels(names.into_iter().zip(counted.counts).collect(), counted.of))
}

/// Who has the same email, phone or name as a contact, itself among them.
fn sharing(engine: &Engine, contact: &Contact, by: DuplicateKey) -> Result<Vec<ContactId>> {
    let (field, operator, values): (Field, Operator, Vec<String>) = match by {
        DuplicateKey::Email => {
            (Field::Email, Operator::Is, contact.emails.iter().map(|email| email.value.trim().to_owned()).collect())
        }
        DuplicateKey::Phone => (Field::Phone, Operator::Has, duplicate_keys(contact, by)),
        DuplicateKey::Name => {
            (Field::Name, Operator::Has, contact.display_name().split_whitespace().map(str::to_owned).collect())
        }
    };
    let values: Vec<String> = values.into_iter().filter(|value| !value.is_empty()).take(build::MAX_VALUES).collect();
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let criteria = match by {
        // Its words in any order and with any blanks between them; which are the same is told below.
        DuplicateKey::Name => {
            Criteria::And(values.into_iter().map(|word| clause(&field, operator, &[word])).collect::<Result<Vec<_>>>()?)
        }
        DuplicateKey::Email | DuplicateKey::Phone => clause(&field, operator, &values)?,
    };
    let found = engine.matching_ids(&Query::matching(criteria))?;
    let keys = duplicate_keys(contact, by);
    let same = |other: &Contact| duplicate_keys(other, by).iter().any(|key| keys.contains(key));
    Ok(engine.contacts(&found)?.into_iter().filter(same).map(|other| other.id).collect())
}

fn clause(field: &Field, operator: Operator, values: &[String]) -> Result<Criteria> {
    build::clause(field, operator, values, &CustomFields::default())
        .map_err(|why| EngineError::new(ErrorKind::BadInput, why.message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::ListKind;
    use crate::domain::plans::EditPlan;
    use crate::domain::syntax::parse;
    use crate::engine::Options;

    fn all(engine: &Engine) -> Vec<Contact> {
        let ids: Vec<ContactId> = (1..=4_000).map(ContactId).collect();
        let there: Vec<Contact> = engine.contacts(&ids).expect("reads");
        // Revision and time of change tell that something happened, and only that.
        there
            .into_iter()
            .map(|it| Contact { revision: 0, updated: crate::domain::contact::Timestamp(0), ..it })
            .collect()
    }

    fn request(line: &str, edits: Vec<Edit>) -> EditRequest {
        let criteria = parse(line, &CustomFields::default()).expect("reads").criteria;
        let selection = Selection::Query(Query::matching(criteria));
        EditRequest { selection, excluded: Vec::new(), edits }
    }

    fn planned(engine: &Engine, request: EditRequest) -> Box<EditPlan> {
        match edit(engine, Editing::Plan(request)) {
            Ok(Edited::Planned(plan)) => plan,
            other => panic!("no plan: {other:?}"),
        }
    }

    fn done(engine: &Engine, step: Editing) -> JobId {
        match edit(engine, step) {
            Ok(Edited::Done(job)) => {
                engine.wait(job).expect("runs");
                job
            }
            other => panic!("not done: {other:?}"),
        }
    }

    #[test]
    fn an_edit_a_thousand_labels_a_move_and_a_merge_are_all_undone_field_for_field() {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = Engine::demo(Options::new(folder.path().join("book.db")), 7, 2_000).expect("a book");
        engine.wait_until_loaded().expect("loads");
        let target = engine.create_list("Archive", ListKind::Standard).expect("a list").id;
        let before = all(&engine);
        let lists = engine.lists();
        let standard = |it: &&Contact| lists.iter().any(|list| list.id == it.list && list.kind == ListKind::Standard);
        let free = |it: &&Contact| standard(it) && it.member.is_none() && it.billing.is_none() && !it.protected;
        let two: Vec<&Contact> = before.iter().filter(free).take(2).collect();
        let (one, other) = (two[0].id, two[1].id);

        let mut card = engine.contact(one).expect("reads").expect("there");
        card.company = "Stone & Co".to_owned();
        let revision = card.revision;
        let mut jobs = vec![done(&engine, Editing::Save(Box::new(card.clone()), revision))];
        // Whoever saves an older state is told, and nothing is written.
        card.company = "Too late".to_owned();
        match edit(&engine, Editing::Save(Box::new(card), revision)) {
            Ok(Edited::ChangedMeanwhile(now)) => assert_eq!(now.company, "Stone & Co"),
            other => panic!("saved over: {other:?}"),
        }

        let plan = planned(&engine, request("all", vec![Edit::AddLabels(vec!["a thousand".to_owned()])]));
        assert!(plan.will_change() >= 1_000, "{} of {}", plan.will_change(), plan.matches());
        let n = plan.will_change();
        jobs.push(done(&engine, Editing::Start(plan)));
        match edit(&engine, Editing::Labels(request("label:\"a thousand\"", Vec::new()))) {
            Ok(Edited::Labels(labels, total)) => {
                assert!(labels.contains(&("a thousand".to_owned(), n)) && total == n, "{labels:?} {total}");
            }
            other => panic!("no labels: {other:?}"),
        }
        jobs.push(done(&engine, Editing::Start(planned(&engine, request("id<=500", vec![Edit::Move(target)])))));
        match edit(&engine, Editing::Preview(vec![one, other], one)) {
            Ok(Edited::Preview(cards, preview)) => {
                assert_eq!(cards.len(), 2);
                jobs.push(done(&engine, Editing::Merge(Box::new(preview.expect("they may be merged")))));
            }
            other => panic!("no preview: {other:?}"),
        }
        assert_eq!(all(&engine).len(), before.len(), "who is in the trash can still be read");
        for job in jobs.into_iter().rev() {
            let undo = engine.undo(job).expect("undone");
            engine.wait(undo).expect("runs");
        }
        assert!(all(&engine) == before, "equal field for field");
    }

    #[test]
    fn protection_is_a_job_that_can_be_undone() {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = Engine::demo(Options::new(folder.path().join("book.db")), 7, 200).expect("a book");
        engine.wait_until_loaded().expect("loads");
        let free = all(&engine).into_iter().find(|it| !it.protected && it.member.is_none()).expect("one");
        let said = protect(&engine, &[free.id], true).expect("protects");
        assert!(said.contains("protects"), "{said}");
        let job = engine.jobs(1).expect("reads")[0].job.id;
        engine.wait(job).expect("runs");
        assert!(engine.contact(free.id).expect("reads").expect("there").protected);
        assert!(protect(&engine, &[free.id], true).is_err(), "it is so already");
        engine.wait(engine.undo(job).expect("undone")).expect("runs");
        assert!(!engine.contact(free.id).expect("reads").expect("there").protected);
    }

    #[test]
    fn who_shares_a_value_is_found_as_duplicates_are_told_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = Engine::demo(Options::new(folder.path().join("book.db")), 7, 2_000).expect("a book");
        engine.wait_until_loaded().expect("loads");
        let cards = all(&engine);
        for by in DuplicateKey::ALL {
            let mut shared = 0;
            for card in cards.iter().take(150) {
                let keys = duplicate_keys(card, by);
                let same = |it: &&Contact| duplicate_keys(it, by).iter().any(|key| keys.contains(key));
                let wanted: Vec<ContactId> = cards.iter().filter(same).map(|it| it.id).collect();
                let found = sharing(&engine, card, by).expect("found");
                assert_eq!(found, wanted, "{by:?} of {}", card.id);
                shared += usize::from(found.len() > 1);
            }
            assert!(shared > 0, "{by:?}: nobody of 150 shares it, so this says nothing");
        }
    }
}
