//! What `cardfile --plain` does beside the main job: files in and out, a field of a card, labels of all that match.
//!
//! Each says what it would do, and does it only when its number, or yes, is typed.

use super::Plain;
use super::words::kept_everything;
use crate::api::types::ImportRequest;
use crate::api::{Cancel, EditOf, FileForm, Overwrite, Which, expanded};
use crate::cli::exit::Failure;
use crate::cli::print::counted;
use crate::domain::contact::ContactId;
use crate::domain::display::{agreeing, thousands};

/// How many records that can't be read are said.
const FAILURES: usize = 5;

impl Plain<'_> {
    /// `FILE`, or `FILE into LIST`.
    pub(super) fn import(&mut self, typed: &str) -> Result<(), Failure> {
        let (file, list) = match typed.rsplit_once(" into ") {
            Some((file, list)) => (file.trim(), Some(list.trim().to_owned())),
            None => (typed, None),
        };
        let into = list.clone().unwrap_or_else(|| "Contacts".to_owned());
        let request = ImportRequest { files: vec![expanded(file)], list, ..ImportRequest::default() };
        let would = self.api.try_import(&request, &Cancel::new(), &mut |_, _| ())?;
        let mut said = format!("{file}: {} read", thousands(would.read));
        let counts = [
            (would.added, "would be added"),
            (would.updated, "would update a contact"),
            (would.unchanged, "unchanged"),
            (would.skipped, "left out"),
            (would.failed, "can't be read"),
        ];
        for (n, words) in counts.into_iter().filter(|(n, _)| *n > 0) {
            said = format!("{said}, {} {words}", thousands(n));
        }
        self.say(&format!("{said}."))?;
        for failure in would.failures.iter().take(FAILURES) {
            self.say(&format!("{}: {}.", failure.place, failure.reason))?;
        }
        if would.already > 0 {
            let n = counted(would.already, "contact");
            self.say(&format!("Note: {n} of those {} in the book already.", agreeing(would.already, "is", "are")))?;
        }
        let n = would.added + would.updated;
        if n == 0 {
            return self.say("Nothing would be imported.");
        }
        let question = format!("Type {n} to import into the list {into}, or Enter to leave the book as it is.");
        let typed = self.answer(&question)?;
        if typed != n.to_string() {
            return self.say(&kept_everything(&typed, n, "imported"));
        }
        let ended = self.follow(|api| api.start_import(request))?;
        self.told(&ended)
    }

    /// Writes what matches to a file, as its ending says.
    pub(super) fn export(&mut self, path: &str) -> Result<(), Failure> {
        let excluded = &self.which.excluded;
        let ids: Vec<ContactId> = self.found.iter().copied().filter(|id| !excluded.contains(id)).collect();
        if ids.is_empty() {
            return self.say("Nothing says what to write: search first, or search for all.");
        }
        let place = expanded(path);
        let form = FileForm::of_path(&place, None).map_err(|why| Failure::bad_input(why.to_string()))?;
        if !form.format.lacks().is_empty() {
            let lost = self.api.export_losses(&ids, form, &Cancel::new(), &mut |_| ())?;
            for (loss, n) in &lost.left_out {
                self.say(&format!("Left out of {}: {}.", counted(*n, "contact"), loss.words()))?;
            }
            let n = ids.len() as u64;
            if !lost.left_out.is_empty() {
                let typed = self.answer(&format!("Type {n} to write them all the same, or Enter to write nothing."))?;
                if typed != n.to_string() {
                    return self.say(&kept_everything(&typed, n, "written"));
                }
            }
        }
        let written =
            self.api.export_contacts_file(&ids, form, (&place, Overwrite::Refuse), &Cancel::new(), &mut |_| ())?;
        self.say(&format!("{} written to {path}.", counted(written.written, "contact")))
    }

    /// `FIELD=VALUE` of the contact of a number.
    pub(super) fn set(&mut self, number: &str, pair: &str) -> Result<(), Failure> {
        let contact = self.contact(number)?;
        let Some((field, value)) = pair.split_once('=').map(|(field, value)| (field.trim(), value.trim())) else {
            return Err(Failure::bad_input(format!("say it as set {number} company=Acme")).into());
        };
        let what = if value.is_empty() { format!("Empty {field}") } else { format!("Set {field} to {value}") };
        let question = format!("{what} for {}? Type yes, or Enter to leave it as it is.", contact.display_name());
        if self.answer(&question)? != "yes" {
            return self.say("Nothing was changed.");
        }
        let job = self.api.set_contact(contact.id, &[(field.to_owned(), value.to_owned())], Some(contact.revision))?;
        let ended = self.api.job(job)?;
        self.told(&ended)
    }

    /// Gives all that match a label, or takes it away.
    pub(super) fn label(&mut self, name: &str, add: bool) -> Result<(), Failure> {
        if self.criteria.is_none() {
            return self.say("Nothing says which contacts: search first, or search for all.");
        }
        let names = vec![name.to_owned()];
        let edit = if add { EditOf::AddLabels(names) } else { EditOf::RemoveLabels(names) };
        let plan = self.api.edit_plan_of(&Which { sort: None, ..self.which.clone() }, vec![edit])?;
        let (n, so) = (plan.will_change(), plan.already);
        let already = match (so, add) {
            (0, _) => String::new(),
            (so, true) => format!(" {} {} it already.", thousands(so), agreeing(so, "has", "have")),
            (so, false) => format!(" {} {} have it.", thousands(so), agreeing(so, "doesn't", "don't")),
        };
        let deed = if add { "Add" } else { "Remove" };
        let stays = super::words::stays(&plan.stay);
        if n == 0 {
            return self.say(&format!("Nothing would change.{already}{stays}"));
        }
        let of = if add { "to" } else { "from" };
        let whom = counted(n, "contact");
        let question =
            format!("{deed} the label {name} {of} {whom}?{already}{stays} Type {n}, or Enter to change nothing.");
        let typed = self.answer(&question)?;
        if typed != n.to_string() {
            return self.say(&kept_everything(&typed, n, "changed"));
        }
        let ended = self.follow(|api| api.start_edit(&plan))?;
        self.told(&ended)
    }
}
