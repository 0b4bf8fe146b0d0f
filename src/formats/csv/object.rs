//! One contact of named cells, for formats that have no rows.
//!
//! Called by the readers of JSON and LDIF's like: what headers and cells mean is known here and nowhere else.

use crate::domain::contact::Contact;

use super::columns;
use super::consent;
use super::mapping::{Mapping, Plan};
use super::row_to_contact::{self, Manner};

/// The contact of these cells, each with its header; and the name under which each would be a custom field.
pub(in crate::formats) fn contact_of_cells(
    headers: &[String],
    texts: &[String],
    notes: &mut Vec<String>,
) -> Result<(Contact, Vec<String>), String> {
    let mapping = Mapping::of_headers(headers, b',', 1);
    let telling = |at: usize| texts.get(at).is_some_and(|text| consent::is_telling(text));
    let about_mail = (0..headers.len())
        .filter(|at| consent::is_about_mail(&columns::key(&headers[*at]).0) || telling(*at))
        .collect();
    let manner = Manner { about_mail, ..Manner::default() };
    let plan = Plan::of(&mapping);
    let cell = |at: usize| texts.get(at).map_or("", String::as_str);
    let contact = row_to_contact::contact(&plan, &manner, headers.len(), cell, notes)?;
    Ok((contact, plan.headers))
}
