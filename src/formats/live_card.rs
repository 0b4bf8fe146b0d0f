//! A contact as it lies elsewhere, in whichever form it has there: a vCard, or the JSON of a service.
//!
//! Owns how the forms are told apart: JSON begins with a brace, and no vCard does. Called by the engine for live
//! address books.

use super::api_contact;
use super::vcard;
use super::vcard::cards::OneCard;
use super::vcard::patch::Unpatchable;
use crate::domain::account::CardForm;
use crate::domain::contact::Contact;

/// Reads what is to be one contact: a file of a folder of vCards, a card of a server, a contact of a service.
pub fn one_card(bytes: &[u8]) -> OneCard {
    if is_json(bytes) { api_contact::read(bytes) } else { vcard::cards::one_card(bytes) }
}

/// The bytes with what changed between two states of their contact; none where nothing of it stands in them.
pub fn patch_card(raw: &[u8], before: &Contact, after: &Contact) -> Result<Option<Vec<u8>>, Unpatchable> {
    if is_json(raw) { api_contact::patch(raw, before, after) } else { vcard::patch::patch_card(raw, before, after) }
}

/// A contact that says nothing yet, with a number that no other one has.
pub fn blank_card(form: CardForm, uid: &str) -> Vec<u8> {
    match form {
        CardForm::VCard => format!(
            "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//cardfile//EN\r\nUID:{uid}\r\nFN:-\r\nN:;;;;\r\nEND:VCARD\r\n"
        )
        .into_bytes(),
        // The service gives it its number.
        CardForm::ContactsApi => api_contact::BLANK.to_vec(),
    }
}

fn is_json(bytes: &[u8]) -> bool {
    bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}
