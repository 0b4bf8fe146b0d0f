//! Floor 2: live address books: what lies elsewhere and is changed there first.
//!
//! Called by the engine, from threads of its own. In reading order: [`seam`], what every kind promises;
//! [`connect`], the kind that an account is of; [`secret`], where its password comes from; [`vdir`], a folder of
//! vCards; and, where they are built in, `url` and `http`, one request and where the password may go; `carddav`, a
//! server; `contacts_api`, a site. A kind does one thing at a time and says exactly what became of it: it never tries
//! again by itself, never guesses, and never touches a book of cardfile's. What all kinds promise is tested by one
//! suite, `conformance`.

#[cfg(feature = "remote")]
mod carddav;
#[cfg(test)]
mod conformance;
mod connect;
#[cfg(feature = "remote")]
mod contacts_api;
#[cfg(feature = "remote")]
mod http;
mod seam;
mod secret;
#[cfg(feature = "remote")]
mod url;
mod vdir;

pub use connect::connect;
pub use seam::{AddressBook, Card, Cards, FoundBook, Known, Listed, Listing, Outcome, Remote, Trouble, When};
pub use secret::{Asker, Secrets};
