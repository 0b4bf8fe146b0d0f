//! What changes the book at once, without a plan: lists, labels' names, saved searches, single cards, the
//! Unsubscribers, and what becomes of a running job.

use super::far::call::Call;
use super::types::UnsubscribersAdded;
use super::{ApiError, Code, ErrorKind, Result, Right, Session};
use crate::domain::contact::{Contact, ContactId, JobId, List, ListId, ListKind};
use crate::domain::contact_edit;
use crate::domain::plans::{EditPlan, EditRequest};
use crate::domain::query::Selection;

impl Session {
    /// Makes a list.
    pub fn create_list(&self, name: &str, kind: ListKind) -> Result<List> {
        if let Some(far) = self.far() {
            return far.ask(&Call::CreateList(name.to_owned(), kind));
        }
        self.need_everywhere(Right::ModifyLists)?;
        self.engine()?.create_list(name, kind)
    }

    /// Gives a list another name.
    pub fn rename_list(&self, name: &str, new: &str) -> Result<List> {
        if let Some(far) = self.far() {
            return far.ask(&Call::RenameList(name.to_owned(), new.to_owned()));
        }
        self.need(Right::ModifyLists)?;
        self.may_enter(self.list_named(name)?.id)?;
        self.engine()?.rename_list(name, new)
    }

    /// Drops a list that has no contact but in the trash.
    pub fn drop_list(&self, name: &str) -> Result<List> {
        if let Some(far) = self.far() {
            return far.ask(&Call::DropList(name.to_owned()));
        }
        self.need(Right::ModifyLists)?;
        self.may_enter(self.list_named(name)?.id)?;
        self.engine()?.drop_list(name)
    }

    /// Gives a label another name; every contact that has it shows it so.
    pub fn rename_label(&self, name: &str, new: &str) -> Result<()> {
        if let Some(far) = self.far() {
            return far.ask(&Call::RenameLabel(name.to_owned(), new.to_owned()));
        }
        self.need_everywhere(Right::ModifyContacts)?;
        self.engine()?.rename_label(name, new)
    }

    /// Saves a query line under a name; what the line says is not looked at.
    pub fn save_search(&self, name: &str, line: &str, note: &str) -> Result<()> {
        if let Some(far) = self.far() {
            return far.ask(&Call::SaveSearch(name.to_owned(), line.to_owned(), note.to_owned()));
        }
        self.need_everywhere(Right::ModifyLists)?;
        self.engine()?.save_search(name, line, note)
    }

    /// Drops a saved search.
    pub fn drop_search(&self, name: &str) -> Result<()> {
        if let Some(far) = self.far() {
            return far.ask(&Call::DropSearch(name.to_owned()));
        }
        self.need_everywhere(Right::ModifyLists)?;
        if self.engine()?.drop_search(name)? {
            return Ok(());
        }
        let said = format!("there is no saved search {name}; nothing was changed");
        Err(ApiError::of(Code::NoSearch { search: name.to_owned() }, said))
    }

    /// Saves a card as it was edited; refused where it no longer has this revision.
    pub fn edit_contact(&self, contact: &Contact, expected: u32) -> Result<JobId> {
        if let Some(far) = self.far() {
            return far.ask(&Call::EditContact(contact.clone(), expected));
        }
        self.need(Right::ModifyContacts)?;
        self.may_touch(&[contact.id])?;
        self.may_enter(contact.list)?;
        self.engine()?.edit_contact(contact, expected)
    }

    /// Adds a card.
    pub fn add_contact(&self, contact: &Contact) -> Result<(JobId, ContactId)> {
        if let Some(far) = self.far() {
            return far.ask(&Call::AddContact(contact.clone()));
        }
        self.need(Right::ModifyContacts)?;
        self.may_enter(contact.list)?;
        self.engine()?.add_contact(contact)
    }

    /// Adds a card that is made of fields and values, as `set` takes them, in this list.
    pub fn add_contact_of(&self, list: &str, fields: &[(String, String)]) -> Result<(JobId, ContactId)> {
        self.need(Right::ModifyContacts)?;
        let list = self.list_named(list)?.id;
        let card = self.card_of(list, fields)?;
        self.may_enter(card.list)?;
        self.add_contact(&card)
    }

    /// The same, where a list that isn't there yet is made first, as an import makes its own; whether it was.
    pub fn add_contact_and_list(&self, list: &str, fields: &[(String, String)]) -> Result<(JobId, ContactId, bool)> {
        self.need(Right::ModifyContacts)?;
        // What can't be a card makes no list.
        let mut card = self.card_of(ListId::default(), fields)?;
        contact_edit::check(&card)
            .and_then(|()| contact_edit::check_new(&card, &Contact::default()))
            .map_err(|wrong| ApiError::new(ErrorKind::BadInput, wrong.to_string()))?;
        let mut made = false;
        if card.list == ListId::default() {
            card.list = match self.list_named(list) {
                Err(error) if matches!(error.code, Code::NoList { .. } | Code::NoListNamed { .. }) => {
                    made = true;
                    self.create_list(list, ListKind::Standard)?.id
                }
                found => found?.id,
            };
        }
        self.may_enter(card.list)?;
        let (job, contact) = self.add_contact(&card)?;
        Ok((job, contact, made))
    }

    fn card_of(&self, list: ListId, fields: &[(String, String)]) -> Result<Contact> {
        let mut contact = Contact { list, source: "by hand".into(), ..Contact::default() };
        self.set_fields(&mut contact, fields)?;
        Ok(contact)
    }

    /// Sets fields of a card; with a revision, only if the card still has it.
    pub fn set_contact(&self, id: ContactId, fields: &[(String, String)], revision: Option<u32>) -> Result<JobId> {
        self.need(Right::ModifyContacts)?;
        let mut contact = self.to_change(id)?;
        let revision = revision.unwrap_or(contact.revision);
        self.set_fields(&mut contact, fields)?;
        self.may_enter(contact.list)?;
        self.edit_contact(&contact, revision)
    }

    /// A contact that has to be there.
    pub fn existing(&self, id: ContactId) -> Result<Contact> {
        self.need(Right::Read)?;
        self.to_change(id)
    }

    /// A contact that is about to be changed; its values are not told.
    pub(super) fn to_change(&self, id: ContactId) -> Result<Contact> {
        let gone = || ApiError::of(Code::NoContact { contact: id }, format!("there is no contact {id}"));
        if let Some(far) = self.far() {
            return far.ask::<Option<Contact>>(&Call::Contact(id))?.ok_or_else(gone);
        }
        self.engine()?.contact(id)?.filter(|contact| self.caller.may_enter(contact.list)).ok_or_else(gone)
    }

    fn set_fields(&self, contact: &mut Contact, fields: &[(String, String)]) -> Result<()> {
        let vocabulary = self.vocabulary();
        for (field, value) in fields {
            if field.eq_ignore_ascii_case("list") {
                contact.list = self.list_named(value)?.id;
            } else {
                contact_edit::set(contact, field, value, &vocabulary)
                    .map_err(|wrong| ApiError::new(ErrorKind::BadInput, wrong.to_string()))?;
            }
        }
        Ok(())
    }

    /// Adds addresses to the Unsubscribers; what is not an address is told and passed by.
    pub fn add_unsubscribers(&self, addresses: &[String], source: &str) -> Result<UnsubscribersAdded> {
        if let Some(far) = self.far() {
            return far.ask(&Call::AddUnsubscribers(addresses.to_vec(), source.to_owned()));
        }
        self.need(Right::ModifyContacts)?;
        self.engine()?.add_unsubscribers(addresses, source)
    }

    /// Takes addresses off the Unsubscribers, in any spelling; how many were on it.
    pub fn remove_unsubscribers(&self, addresses: &[String]) -> Result<u64> {
        if let Some(far) = self.far() {
            return far.ask(&Call::RemoveUnsubscribers(addresses.to_vec()));
        }
        self.need_everywhere(Right::ModifyContacts)?;
        self.engine()?.remove_unsubscribers(addresses)
    }

    /// Turns every entry that is kept in plain into a keyed hash, if they are exactly so many.
    pub fn hash_unsubscribers(&self, confirmed: u64) -> Result<u64> {
        if let Some(far) = self.far() {
            return far.ask(&Call::HashUnsubscribers(confirmed));
        }
        self.need_everywhere(Right::Admin)?;
        self.engine()?.hash_unsubscribers(confirmed)
    }

    /// What marking everybody with one of these addresses as unsubscribed would change.
    pub fn unsubscribe_plan(&self, addresses: &[String]) -> Result<EditPlan> {
        if let Some(text) = addresses.iter().find(|text| !text.contains('@')) {
            return Err(ApiError::new(ErrorKind::BadInput, format!("\u{201c}{text}\u{201d} is not an address")));
        }
        let mut ids = self.contacts_with(addresses)?;
        if self.caller.lists.is_some() {
            ids = self.contacts(&ids)?.into_iter().map(|contact| contact.id).collect();
        }
        let edits = vec![crate::domain::edit::Edit::Unsubscribe];
        let selection = Selection::ids(ids);
        self.edit_plan(EditRequest { selection, excluded: Vec::new(), edits })
    }

    /// Keeps a line that was searched for, for the next session of the screen.
    pub fn keep_line(&self, line: &str) -> Result<()> {
        if self.far().is_some() {
            return Ok(());
        }
        self.need(Right::Read)?;
        self.engine()?.keep_line(line)
    }

    /// Keeps the table's columns, for the next session of the screen.
    pub fn keep_columns(&self, text: &str) -> Result<()> {
        if self.far().is_some() {
            return Ok(());
        }
        self.need(Right::Read)?;
        self.engine()?.keep_columns(text)
    }

    /// Asks a job to rest; it does so before its next chunk.
    pub fn pause(&self, id: JobId) -> Result<()> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Pause(id));
        }
        self.need_job(Right::ModifyContacts, id)?;
        self.engine()?.pause(id)
    }

    /// Asks a job to stop for good.
    pub fn cancel(&self, id: JobId) -> Result<()> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Cancel(id));
        }
        self.need_job(Right::ModifyContacts, id)?;
        self.engine()?.cancel(id)
    }

    /// Goes on with a paused or interrupted job where it stopped.
    pub fn resume(&self, id: JobId) -> Result<()> {
        if let Some(far) = self.far() {
            return far.ask(&Call::Resume(id));
        }
        self.need_job(Right::ModifyContacts, id)?;
        self.engine()?.resume(id)
    }
}
