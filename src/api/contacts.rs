//! What the contacts API asks for beyond the session's other calls: single contacts by its rules, labels and fields
//! found or made, its identifiers.

use serde_json::Value;

use super::held::AnyPlan;
use super::request::PlanOf;
use super::selection::{Which, dialect_error};
use super::types::{JobItem, SearchRequest};
use super::{ApiError, Cancel, Code, Result, Right, Session};
use crate::domain::address::normalise;
use crate::domain::contact::{Contact, ContactId, JobId, List, ListId, ListKind};
use crate::domain::criteria::DuplicateKey;
use crate::domain::dialect::filter;
use crate::domain::dialect::info;
use crate::domain::field::CustomKind;
use crate::domain::fold::digits;
use crate::domain::guid::{Guids, Kind};
use crate::domain::job::Job;
use crate::domain::query::{Direction, Query, Sort};
use crate::domain::slot::Slot;
use crate::engine::Put;
use crate::wire;

/// How contacts are taken that are there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// One with the same email address or phone is an error.
    Refuse,
    /// They are added all the same.
    Allow,
}

impl Session {
    /// The identifiers that the contacts API writes for this book.
    pub fn guids(&self) -> Result<Guids> {
        Ok(Guids::new(&self.engine()?.book_id()?))
    }

    /// Refuses where the caller lacks a right: before it is told what there is.
    pub fn needs(&self, right: Right) -> Result<()> {
        self.need(right)
    }

    /// What of a bulk update's `info` is set on each contact, as fields and their values.
    pub fn assignments_of(&self, info: &Value) -> Result<Vec<(String, String)>> {
        info::assignments(info).map_err(dialect_error)
    }

    /// A filter of the contacts API with the numbers of contacts in place of their identifiers.
    pub fn filter_by_number(&self, filter: &Value) -> Result<Value> {
        filter::by_number(filter, self.guids()?).map_err(dialect_error)
    }

    /// An order by a field of the contacts API, in the form that [`Which`] takes.
    pub fn sort_of_api_field(&self, name: &str, falling: bool) -> Result<String> {
        let field = filter::sort_field(name, &self.vocabulary()).map_err(dialect_error)?;
        let direction = if falling { Direction::Descending } else { Direction::Ascending };
        Ok(Sort::by(field, direction).to_string())
    }

    /// A page of the contacts that are meant, whole, and how many there are.
    pub fn page_of(&self, which: &Which, cancel: &Cancel) -> Result<(Vec<Contact>, u64)> {
        self.wait_until_loaded()?;
        let query = Query { page: which.page(), ..self.query_of(which)? };
        if query.criteria.is_none() && !which.ids.is_empty() {
            let all = self.matching(which)?;
            return Ok((self.contacts(which.taken(&all))?, all.len() as u64));
        }
        let request = SearchRequest { query, ..self.search_of(which)? };
        let found = self.search(&request, cancel)?;
        let ids: Vec<ContactId> = found.rows.iter().map(|row| row.id).collect();
        Ok((self.contacts(&ids)?, found.matches))
    }

    /// A contact as the contacts API shows it.
    pub fn api_contact(&self, contact: &Contact) -> Result<Value> {
        Ok(info::write(contact, self.guids()?, self.home(), wire::date))
    }

    /// A contact of the book; one that is in the trash is none.
    pub fn living(&self, id: ContactId) -> Result<Contact> {
        let contact = self.existing(id)?;
        if self.trashed(&[id])?.is_empty() {
            return Ok(contact);
        }
        let said = format!("there is no contact {id}: it is in the trash; nothing was changed");
        Err(ApiError::of(Code::NoContact { contact: id }, said))
    }

    /// The contact that one of the trash was merged into, as it is now; none where it was deleted otherwise, or the
    /// other one is gone as well.
    pub fn merged_into(&self, id: ContactId) -> Result<Option<Contact>> {
        let trashed = self.trashed(&[id])?;
        let Some(by) = trashed.first() else { return Ok(None) };
        match self.engine()?.kept_by_merge(by.job)? {
            None => Ok(None),
            Some(kept) => Ok(self.living(kept).ok()),
        }
    }

    /// Adds a contact out of the contacts API's `info`, in a list; what of it is not kept comes along.
    pub fn create_contact(&self, list: Option<&str>, info: &Value, known: Known) -> Result<(Contact, Vec<String>)> {
        self.need(Right::ModifyContacts)?;
        // Who has what already is told, and so is the contact.
        self.need(Right::Read)?;
        let list = self.list_for_new(list)?;
        let mut contact = Contact { list, source: self.caller.who.clone(), ..Contact::default() };
        let passed = info::read(&mut contact, info, &self.vocabulary()).map_err(dialect_error)?;
        if contact.display_name().is_empty() && contact.phones.is_empty() {
            let said = "a contact needs a name, an email address or a phone; nothing was changed";
            return Err(ApiError::of(Code::Criteria { code: "INSUFFICIENT_CONTACT_DATA" }, said));
        }
        if contact.display_name().is_empty() {
            contact.phone().to_owned().clone_into(&mut contact.name.full);
        }
        let _one_at_a_time = self.plans.adding();
        self.check_known(&contact, None, known)?;
        let ids = self.put(vec![Put::New(contact)], "a contact added by a program")?;
        Ok((self.existing(ids[0])?, passed))
    }

    /// Changes a contact by the contacts API's `info`, where it still has this revision.
    pub fn update_contact(
        &self,
        id: ContactId,
        revision: u32,
        info: &Value,
        known: Known,
    ) -> Result<(Contact, Vec<String>)> {
        self.need(Right::ModifyContacts)?;
        // Who has what already is told, and so is the contact.
        self.need(Right::Read)?;
        let before = self.living(id)?;
        if before.revision != revision {
            let said = format!(
                "contact {id} was changed since: its revision is {}, not {revision}; nothing was changed",
                before.revision
            );
            return Err(ApiError::of(Code::Stale, said));
        }
        let mut contact = before.clone();
        let passed = info::read(&mut contact, info, &self.vocabulary()).map_err(dialect_error)?;
        if before.member.is_some() && normalise(before.email()) != normalise(contact.email()) {
            let said = format!("contact {id} is a member, whose address is its login; nothing was changed");
            return Err(ApiError::of(Code::Criteria { code: "CANNOT_UPDATE_MEMBER_EMAIL" }, said));
        }
        let _one_at_a_time = self.plans.adding();
        self.check_known(&contact, Some(&before), known)?;
        if contact != before {
            self.engine()?.edit_contact(&contact, revision)?;
        }
        Ok((self.existing(id)?, passed))
    }

    /// Deletes contacts by their numbers, each by the rules of every delete; the job, where there is one, and what
    /// became of each.
    pub fn delete_contacts(&self, ids: Vec<ContactId>, members: bool) -> Result<(Option<JobId>, Vec<JobItem>)> {
        let which = Which { ids, ..Which::default() };
        let plan = self.make_plan(PlanOf::Delete { which, delete_members: members })?;
        self.need_to_start(&plan)?;
        let planned = plan.planned();
        if planned.expected() == 0 {
            let item =
                |item: &crate::domain::plans::Item| JobItem { contact: item.id, refusal: item.refusal, done: false };
            return Ok((None, planned.items().iter().map(item).collect()));
        }
        let (job, items) = self.carry_out_plan(&plan)?;
        Ok((Some(job.id), items))
    }

    /// Carries a plan out that may have nothing to do; none then.
    pub fn carry_out_any(&self, plan: &AnyPlan) -> Result<Option<Job>> {
        self.need_to_start(plan)?;
        if plan.planned().expected() == 0 {
            return Ok(None);
        }
        Ok(Some(self.carry_out_plan(plan)?.0))
    }

    /// Adds what is new in an `info` to the contact that has its address or phone, or adds a contact; its number, whether
    /// it is new, and what was not kept.
    pub fn append_or_create(&self, list: Option<&str>, info: &Value) -> Result<(ContactId, bool, Vec<String>)> {
        self.need(Right::ModifyContacts)?;
        // Who has what already is told, and so is the contact.
        self.need(Right::Read)?;
        let list = self.list_for_new(list)?;
        let mut given = Contact { list, source: self.caller.who.clone(), ..Contact::default() };
        let passed = info::read(&mut given, info, &self.vocabulary()).map_err(dialect_error)?;
        let turn = self.plans.adding();
        let other = match self.check_known(&given, None, Known::Refuse) {
            Ok(()) => {
                drop(turn);
                let (contact, passed) =
                    self.create_contact(Some(&self.list_of_number(list)?.name), info, Known::Refuse)?;
                return Ok((contact.id, true, passed));
            }
            Err(ApiError { code: Code::KnownContact { contact, .. }, .. }) => contact,
            Err(error) => return Err(error),
        };
        let before = self.living(other)?;
        let mut contact = before.clone();
        // What it has of one value stays; only what is empty is filled.
        for slot in Slot::all() {
            let value = slot.of(&given).text().into_owned();
            if slot != Slot::Source && slot.of(&contact).text().is_empty() && !value.is_empty() {
                slot.read(&mut contact, &value);
            }
        }
        for email in given.emails {
            if !contact.emails.iter().any(|known| normalise(&known.value) == normalise(&email.value)) {
                contact.emails.push(email);
            }
        }
        for phone in given.phones {
            if !contact.phones.iter().any(|known| digits(&known.value) == digits(&phone.value)) {
                contact.phones.push(phone);
            }
        }
        for address in given.addresses {
            if !contact.addresses.contains(&address) {
                contact.addresses.push(address);
            }
        }
        contact.labels.extend(given.labels);
        contact.labels.sort_unstable();
        contact.labels.dedup();
        if contact != before {
            self.engine()?.edit_contact(&contact, before.revision)?;
        }
        Ok((other, false, passed))
    }

    /// Forgets a label that no contact has any more.
    pub fn forget_label(&self, name: &str) -> Result<()> {
        self.need_everywhere(Right::ModifyContacts)?;
        self.engine()?.forget_label(name)
    }

    /// A label of this name, found or made, and whether it is new.
    pub fn find_or_create_label(&self, name: &str) -> Result<(String, bool)> {
        self.need_everywhere(Right::ModifyContacts)?;
        self.engine()?.add_label(name)
    }

    /// Every label by name, with how many contacts have it, those that nobody has among them.
    pub fn all_labels(&self) -> Result<Vec<(String, u64)>> {
        let counted = self.labels()?;
        let count = |name: &String| counted.iter().find(|(known, _)| known == name).map_or(0, |(_, n)| *n);
        Ok(self.engine()?.label_names()?.into_iter().map(|name| (name.clone(), count(&name))).collect())
    }

    /// The custom fields, in the order in which they came.
    pub fn custom_fields(&self) -> Result<Vec<(String, CustomKind)>> {
        self.need(Right::Read)?;
        Ok(self.engine()?.custom_fields()?.into_iter().map(|(_, name, kind)| (name, kind)).collect())
    }

    /// What became of a page of a job's contacts that it could not take, each with its place in the plan.
    pub fn failures_with_places(&self, id: JobId, limit: usize) -> Result<Vec<(u64, super::types::Failure)>> {
        self.need_job(Right::ReadJobs, id)?;
        self.engine()?.failures_with_places(id, limit)
    }

    /// The list that new contacts go into: the one that is named, else the only one that the caller may enter, else
    /// the first.
    fn list_for_new(&self, named: Option<&str>) -> Result<ListId> {
        if let Some(name) = named {
            let list = self.engine()?.list_named(name)?.id;
            self.may_enter(list)?;
            return Ok(list);
        }
        let open = |list: &List| list.kind == ListKind::Standard;
        let mut lists = self.lists();
        lists.retain(open);
        lists.sort_by_key(|list| list.id);
        match lists.first() {
            Some(list) => Ok(list.id),
            None if self.caller.lists.is_none() => Ok(self.engine()?.create_list("Contacts", ListKind::Standard)?.id),
            None => {
                Err(ApiError::of(Code::OutsideLists, "access denied: the key's lists are gone; nothing was changed"))
            }
        }
    }

    /// Refuses where another contact has the same primary email address or phone.
    fn check_known(&self, contact: &Contact, before: Option<&Contact>, known: Known) -> Result<()> {
        if known == Known::Allow {
            return Ok(());
        }
        self.engine()?.wait_until_loaded()?;
        for by in [DuplicateKey::Email, DuplicateKey::Phone] {
            let mut primary = contact.clone();
            primary.emails.truncate(1);
            primary.phones.truncate(1);
            let is_same = before.is_some_and(|before| match by {
                DuplicateKey::Email => before.email() == contact.email(),
                DuplicateKey::Phone | DuplicateKey::Name | DuplicateKey::NameBirthday | DuplicateKey::Likely => {
                    before.phone() == contact.phone()
                }
            });
            if is_same || (by == DuplicateKey::Phone && digits(primary.phone()).is_empty()) {
                continue;
            }
            let found = self.sharing(&primary, by)?;
            if let Some(other) = found.into_iter().find(|id| *id != contact.id) {
                let value = if by == DuplicateKey::Email { contact.email() } else { contact.phone() };
                let said = format!("contact {other} has {value} already; nothing was changed");
                return Err(ApiError::of(Code::KnownContact { contact: other, value: value.to_owned() }, said));
            }
        }
        Ok(())
    }

    /// The number that an identifier of the contacts API, or a number as text, stands for; 304 where it is neither.
    pub fn contact_number(&self, text: &str) -> Result<ContactId> {
        let none = || {
            let said = format!("there is no contact {text}; nothing was changed");
            ApiError::of(Code::NoContact { contact: ContactId(0) }, said)
        };
        self.guids()?.number(Kind::Contact, text).map(ContactId).ok_or_else(none)
    }

    /// The number of a job.
    pub fn job_number(&self, text: &str) -> Result<JobId> {
        let none = || ApiError::of(Code::NoJob { job: JobId(0) }, format!("there is no job {text}"));
        self.guids()?.number(Kind::Job, text).map(JobId).ok_or_else(none)
    }
}
