//! `cardfile address`: the addresses that a word finds, for the completion of mail programs.
//!
//! Read by mutt's and neomutt's `query_command`, by aerc's `address-book-cmd`, and by whatever completes a line.

use clap::Args;

use super::exit::{Done, Failure};
use super::print::Out;
use super::progress;
use super::query_format::{Format, addresses};
use crate::api::{Session, Which};
use crate::domain::contact::Contact;
use crate::domain::criteria::{Clause, Criteria};
use crate::domain::field::Field;
use crate::domain::fold::fold_accents;
use crate::domain::syntax::print;

/// The most contacts that are answered with.
const MOST: usize = 100;

/// Find email addresses by a word, for mail programs
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Address {
    /// A part of a name, an address or a company; several have to hold all
    #[arg(required = true, value_name = "WORD")]
    words: Vec<String>,
    /// How they are written: a table of tabs with a line above it, or without one
    #[arg(long, value_enum, value_name = "mutt|aerc", default_value_t = Style::Mutt, hide_possible_values = true)]
    format: Style,
}

/// How the addresses are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Style {
    /// As mutt and neomutt read them.
    Mutt,
    /// As aerc reads them.
    Aerc,
}

const EXAMPLES: &str = "\
In the mail program's own file:
  mutt, neomutt   set query_command = \"cardfile address %s\"
  aerc            address-book-cmd = cardfile address --format aerc %s

Exit status: 0 something was found, 1 nothing was.";

/// Prints them, the likeliest first.
pub(super) fn run(asked: &Address, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    progress::loaded(api)?;
    let words = asked.words.iter().flat_map(|word| word.split_whitespace());
    let mut parts: Vec<Criteria> = words.map(|word| Criteria::Clause(Clause::Word(word.to_owned()))).collect();
    parts.push(Criteria::Clause(Clause::Present(Field::Email)));
    let which = Which { sort: Some("-active".into()), limit: Some(MOST), ..Which::line(print(&Criteria::And(parts))) };
    let ids = api.matching(&which)?;
    let mut contacts = api.contacts(which.taken(&ids))?;
    let first = fold_accents(&asked.words[0]);
    // Stable: those that were active last stay in front of their like.
    contacts.sort_by_key(|contact| likeness(contact, &first));
    let format = match asked.format {
        Style::Mutt => Format::Mutt,
        Style::Aerc => Format::Aerc,
    };
    addresses(&contacts, api, format, out)?;
    Ok(if contacts.is_empty() { Done::Partly } else { Done::Whole })
}

/// How likely a contact is meant by the beginning of a word: 0 is the likeliest.
fn likeness(contact: &Contact, word: &str) -> u8 {
    let begins = |text: &str| fold_accents(text).starts_with(word);
    let name = contact.display_name();
    if contact.emails.iter().any(|email| begins(&email.value)) || begins(&name) {
        0
    } else {
        u8::from(!name.split_whitespace().any(begins)) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::{Name, Tagged};

    #[test]
    fn what_begins_with_the_word_comes_before_what_holds_it() {
        let contact = |name: &str, email: &str| Contact {
            name: Name { full: name.into(), ..Name::default() },
            emails: vec![Tagged::plain(email)],
            ..Contact::default()
        };
        let like = |name: &str, email: &str| likeness(&contact(name, email), "po");
        assert_eq!(like("Porter Ash", "x@a.example"), 0);
        assert_eq!(like("Ash Lee", "post@a.example"), 0);
        assert_eq!(like("Amber Pöwell", "x@a.example"), 1);
        assert_eq!(like("Ash Lee", "x@depot.example"), 2);
    }
}
