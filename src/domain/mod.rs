//! Floor 1: values and rules. Pure: no file, no clock, no thread, no terminal.
//!
//! Everything above speaks in these types. In reading order: [`contact`] and its parts; [`slot`], the table of its
//! texts and dates; [`status`], its statuses and their words; [`field`], the table of what can be asked for; [`fold`],
//! [`address`] and [`phone`], how texts compare; [`mailboxes`] and [`address_spellings`], the addresses within one; [`suppression`], who asked not to be contacted; [`criteria`] and its
//! [`syntax`]; [`query`], [`plans`], [`edit`] and [`fix`]; [`contact_edit`] and [`merge`], one card by hand; [`merge_summary`], a merge in a line; [`identity`],
//! whether two cards are one, and [`likely`], whether they may be, and [`apart`], who never is; [`kept_lines`], what imported cards held beside; [`deletion_rules`], the rules of
//! refusal; [`job`]; [`guid`], the contacts API's identifiers; [`caller`], who asks, and [`access_key`], what a program is known by; [`account`], where live address books are; [`nearest`], the word that a wrong one was meant to be;
//! [`display`], the sanitiser.

pub mod access_key;
pub mod account;
pub mod address;
pub mod address_spellings;
pub mod apart;
pub mod builtin_searches;
pub mod caller;
pub mod contact;
pub mod contact_edit;
pub mod contact_ref;
pub mod criteria;
pub mod deletion_rules;
pub mod dialect;
pub mod display;
pub mod edit;
pub mod field;
pub mod fix;
pub mod fold;
pub mod guid;
pub mod identity;
pub mod ids;
pub mod interned;
pub mod job;
pub mod kept_lines;
pub mod likely;
pub mod mailboxes;
pub mod merge;
pub mod merge_summary;
pub mod nearest;
pub mod partial_date;
pub mod phone;
pub mod plans;
pub mod query;
pub mod slot;
pub mod status;
pub mod suppression;
pub mod syntax;
