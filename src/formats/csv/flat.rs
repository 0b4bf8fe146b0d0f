//! Names and texts that stand in no CSV file, read as one row by the words of its headers.
//!
//! Owns nothing but the way in, so that a flat JSON object means what the same row of a CSV file means. Called by
//! [`crate::formats::jsonl`].

use crate::domain::contact::Contact;

use super::mapping::{Mapping, Plan};
use super::row_to_contact::{self, Manner};
use super::{columns, consent};

/// Reads rows; what names mean is looked up once for as long as they stay the same.
#[derive(Debug, Default)]
pub(in crate::formats) struct Flat {
    known: Option<(Vec<String>, Plan)>,
    manner: Manner,
}

impl Flat {
    /// The contact that these texts make under these names; an empty one if they say nothing.
    pub(in crate::formats) fn contact(&mut self, names: Vec<String>, texts: &[String]) -> Contact {
        let plan = match self.known.take() {
            Some((known, plan)) if known == names => plan,
            Some(_) | None => {
                let speaks = |at: &usize| consent::is_about_mail(&columns::key(&names[*at]).0);
                self.manner.about_mail = (0..names.len()).filter(speaks).collect();
                Plan::of(&Mapping::of_headers(&names, b',', 1))
            }
        };
        let cell = |at: usize| texts.get(at).map_or("", String::as_str);
        let contact =
            row_to_contact::contact(&plan, &self.manner, names.len(), cell, &mut Vec::new()).unwrap_or_default();
        self.known = Some((names, plan));
        contact
    }
}
