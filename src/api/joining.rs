//! Joining and leaving a list, as the mailing-list API asks for it: contacts added, changed, unsubscribed, subscribed
//! anew. Many in one call are one job, all of them or none.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::mailing::{Row, by_id, gone};
use super::selection::dialect_error;
use super::{ApiError, Code, Result, Right, Session};
use crate::domain::address::normalise;
use crate::domain::contact::{
    Contact, ContactId, Custom, CustomValue, Deliverability, ListId, Subscription, Timestamp,
};
use crate::domain::criteria::build::{self, MAX_VALUES, Operator};
use crate::domain::criteria::{Clause, Criteria, Fact};
use crate::domain::dialect::record;
use crate::domain::edit::Edit;
use crate::domain::field::{CustomFields, Field};
use crate::domain::plans::EditRequest;
use crate::domain::query::{Query, Scope, Selection};
use crate::domain::suppression::Unsubscribed;
use crate::engine::Put;

/// How contacts join a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Joining {
    /// Whether a contact of the list with the same address is changed instead of a new one made.
    pub overwrite: bool,
    /// Who is left out.
    pub without: Without,
}

/// Who does not join a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Without {
    /// All of them join.
    #[default]
    Nobody,
    /// Those stay out that unsubscribed from this list.
    UnsubscribedHere,
    /// Those stay out that unsubscribed from any list.
    UnsubscribedAnywhere,
}

/// How somebody agreed to be written to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consent {
    /// In what way.
    pub kind: String,
    /// In which words.
    pub text: String,
    /// From which address of the network.
    pub from: String,
}

/// The custom field that keeps a consent.
const CONSENT: &str = "Consent";

/// The addresses that do not join.
#[derive(Default)]
struct LeftOut {
    contacts: HashSet<String>,
    anywhere: Option<Unsubscribed>,
}

impl LeftOut {
    fn has(&self, normal: &str) -> bool {
        self.contacts.contains(normal) || self.anywhere.as_ref().is_some_and(|all| all.has(normal))
    }
}

impl Session {
    /// Adds contacts to a list, all of them or none; the number of each that was added or changed, by its place.
    pub fn join_list(&self, list: ListId, contacts: &[Row], how: Joining) -> Result<BTreeMap<usize, ContactId>> {
        self.need(Right::ModifyContacts)?;
        self.may_enter(list)?;
        let (vocabulary, fields) = (self.vocabulary(), record::fields(&self.engine()?.custom_fields()?));
        let there = if how.overwrite { self.addresses_of(list)? } else { HashMap::new() };
        let left_out = self.left_out(list, how.without)?;
        let (mut places, mut puts) = (Vec::new(), Vec::<Put>::new());
        for (at, values) in contacts.iter().enumerate() {
            let mut contact = Contact { list, source: self.caller.who.clone(), ..Contact::default() };
            let read = |contact: &mut Contact| {
                record::read(contact, values, &fields, &vocabulary).map_err(|why| {
                    let mut error = dialect_error(why);
                    error.message = format!("contact {at}: {}", error.message);
                    error
                })
            };
            read(&mut contact)?;
            let address = normalise(contact.email());
            if !address.is_empty() && left_out.has(&address) {
                continue;
            }
            if let Some(id) = there.get(&address).filter(|_| !address.is_empty()) {
                // The same one may be named twice: then what comes last counts.
                let known = puts.iter().position(|put| matches!(put, Put::Change(contact) if contact.id == *id));
                let mut contact = match known.map(|at| &puts[at]) {
                    Some(Put::Change(contact)) => contact.clone(),
                    _ => self.to_change(*id)?,
                };
                read(&mut contact)?;
                match known {
                    Some(at) => puts[at] = Put::Change(contact),
                    None => puts.push(Put::Change(contact)),
                }
                places.push((at, known.unwrap_or(puts.len() - 1)));
            } else {
                puts.push(Put::New(contact));
                places.push((at, puts.len() - 1));
            }
        }
        self.need_list_open(list)?;
        let ids = self.put(puts, "contacts added by a program")?;
        Ok(places.into_iter().map(|(at, put)| (at, ids[put])).collect())
    }

    /// Changes contacts of a list, all of them or none; for each number whether there is such a contact in it.
    pub fn edit_in_list(&self, list: ListId, contacts: &[(ContactId, Row)]) -> Result<BTreeMap<ContactId, bool>> {
        self.need(Right::ModifyContacts)?;
        self.may_enter(list)?;
        self.need_list_open(list)?;
        let (vocabulary, fields) = (self.vocabulary(), record::fields(&self.engine()?.custom_fields()?));
        let ids: Vec<ContactId> = contacts.iter().map(|(id, _)| *id).collect();
        let mut there = HashSet::new();
        for part in ids.chunks(MAX_VALUES) {
            let query = Query { scope: Scope::List(list), ..Query::matching(by_id(part)?) };
            there.extend(self.engine()?.matching_ids(&query)?);
        }
        let mut changed: BTreeMap<ContactId, Contact> = BTreeMap::new();
        let mut out = BTreeMap::new();
        for (id, values) in contacts {
            out.insert(*id, there.contains(id));
            if !there.contains(id) {
                continue;
            }
            let mut contact = match changed.remove(id) {
                Some(contact) => contact,
                None => self.engine()?.contact(*id)?.ok_or_else(|| gone(*id))?,
            };
            record::read(&mut contact, values, &fields, &vocabulary).map_err(|why| {
                let mut error = dialect_error(why);
                error.message = format!("contact {id}: {}", error.message);
                error
            })?;
            changed.insert(*id, contact);
        }
        self.put(changed.into_values().map(Put::Change).collect(), "contacts changed by a program")?;
        Ok(out)
    }

    /// Marks everybody of a list with this address as unsubscribed; without a list, and where nobody has it, the
    /// address goes on the Unsubscribers alone.
    pub fn unsubscribe_address(&self, list: Option<ListId>, address: &str) -> Result<()> {
        self.need(Right::ModifyContacts)?;
        if !address.contains('@') {
            let said = format!("\u{201c}{address}\u{201d} is not an address; nothing was changed");
            return Err(ApiError::of(Code::Criteria { code: "317" }, said));
        }
        if let Some(list) = list {
            self.may_enter(list)?;
            self.need_list_open(list)?;
            let criteria = build::clause(&Field::Email, Operator::Is, &[address.to_owned()], &CustomFields::default())
                .map_err(|why| ApiError::of(Code::Criteria { code: "317" }, why.message))?;
            let query = Query { scope: Scope::List(list), ..Query::matching(criteria) };
            self.edit_now(Selection::Query(query), vec![Edit::Unsubscribe])?;
        }
        self.engine()?.add_unsubscribers(&[address.to_owned()], &self.caller.who).map(drop)
    }

    /// Marks a contact of a list as unsubscribed.
    pub fn unsubscribe_contact(&self, list: ListId, id: ContactId) -> Result<()> {
        self.need(Right::ModifyContacts)?;
        self.in_open_list(list, id)?;
        self.edit_now(Selection::Ids { scope: Scope::List(list), ids: vec![id] }, vec![Edit::Unsubscribe])
    }

    /// Marks a contact of a list as subscribed anew, with the consent to it. Its address stays on the Unsubscribers,
    /// from which a person takes it.
    pub fn resubscribe_contact(&self, list: ListId, id: ContactId, consent: &Consent) -> Result<()> {
        self.change_in_list(list, id, |contact, now| {
            contact.subscription = Subscription::Subscribed;
            note_consent(contact, consent, now);
        })
    }

    /// Adds a contact to a list with the consent to it, or changes the one with its address.
    pub fn subscribe_contact(&self, list: ListId, values: &Row, consent: &Consent) -> Result<ContactId> {
        let joined =
            self.join_list(list, std::slice::from_ref(values), Joining { overwrite: true, ..Joining::default() })?;
        let id = joined.into_values().next().ok_or_else(|| gone(ContactId(0)))?;
        self.resubscribe_contact(list, id, consent)?;
        Ok(id)
    }

    /// Marks a contact of a list as active or not.
    pub fn set_active(&self, list: ListId, id: ContactId, is_active: bool) -> Result<()> {
        self.change_in_list(list, id, |contact, _| match (is_active, contact.deliverability) {
            (false, _) => contact.deliverability = Deliverability::Inactive,
            (true, Deliverability::Inactive) => contact.deliverability = Deliverability::NotSet,
            (true, _) => {}
        })
    }

    fn edit_now(&self, selection: Selection, edits: Vec<Edit>) -> Result<()> {
        let plan = self.engine()?.edit_plan(EditRequest { selection, excluded: Vec::new(), edits })?;
        if plan.will_change() == 0 {
            return Ok(());
        }
        let id = self.engine()?.start_edit(&plan)?;
        self.engine()?.wait(id)?;
        self.engine()?.why_stopped(id).map_or(Ok(()), Err)
    }

    fn change_in_list(&self, list: ListId, id: ContactId, change: impl FnOnce(&mut Contact, Timestamp)) -> Result<()> {
        self.need(Right::ModifyContacts)?;
        let before = self.in_open_list(list, id)?;
        let mut contact = before.clone();
        change(&mut contact, self.today().now);
        if contact != before {
            self.engine()?.edit_contact(&contact, before.revision)?;
        }
        Ok(())
    }

    /// A contact of a list whose contacts may be changed.
    fn in_open_list(&self, list: ListId, id: ContactId) -> Result<Contact> {
        self.may_enter(list)?;
        self.need_list_open(list)?;
        let query = Query { scope: Scope::List(list), ..Query::matching(by_id(&[id])?) };
        if self.engine()?.matching_ids(&query)?.is_empty() {
            return Err(gone(id));
        }
        self.engine()?.contact(id)?.ok_or_else(|| gone(id))
    }

    /// Refuses a list that isn't there (303), or mirrors an account (313).
    fn need_list_open(&self, list: ListId) -> Result<()> {
        self.engine()?.need_list_open(list)
    }

    pub(super) fn put(&self, puts: Vec<Put>, words: &str) -> Result<Vec<ContactId>> {
        Ok(self.engine()?.put_contacts(puts, words)?.1)
    }

    /// Who of a list has which address.
    fn addresses_of(&self, list: ListId) -> Result<HashMap<String, ContactId>> {
        let ids = self.engine()?.matching_ids(&Query { scope: Scope::List(list), ..Query::default() })?;
        let mut out = HashMap::new();
        for contact in self.engine()?.contacts(&ids)? {
            let address = normalise(contact.email());
            if !address.is_empty() {
                out.entry(address).or_insert(contact.id);
            }
        }
        Ok(out)
    }

    /// The addresses that are left out because they unsubscribed.
    fn left_out(&self, list: ListId, without: Without) -> Result<LeftOut> {
        let scope = match without {
            Without::Nobody => return Ok(LeftOut::default()),
            Without::UnsubscribedHere => Scope::List(list),
            Without::UnsubscribedAnywhere => Scope::Book,
        };
        let unsubscribed = Criteria::Clause(Clause::Fact(Fact::Unsubscribed));
        let ids = self.engine()?.matching_ids(&Query { scope, ..Query::matching(unsubscribed) })?;
        let addresses = |contact: &Contact| contact.emails.iter().map(|it| normalise(&it.value)).collect::<Vec<_>>();
        let contacts = self.engine()?.contacts(&ids)?.iter().flat_map(addresses).collect();
        let anywhere = (without == Without::UnsubscribedAnywhere).then(|| self.engine()?.unsubscribed()).transpose()?;
        Ok(LeftOut { contacts, anywhere })
    }
}

fn note_consent(contact: &mut Contact, consent: &Consent, now: Timestamp) {
    if consent.kind.is_empty() && consent.text.is_empty() {
        return;
    }
    let day = crate::wire::date(now).unwrap_or_default();
    let from = if consent.from.is_empty() { String::new() } else { format!(" from {}", consent.from) };
    let text = format!("{} {day}{from}: {}", consent.kind, consent.text).trim().to_owned();
    contact.custom.retain(|custom| custom.name != CONSENT);
    contact.custom.push(Custom { name: CONSENT.to_owned(), value: CustomValue::Text(text) });
    contact.custom.sort_by(|a, b| a.name.cmp(&b.name));
}
