//! Floor 1: values and rules. Pure: no file, no clock, no thread, no terminal.
//!
//! Everything above speaks in these types. In reading order: [`contact`] and its parts; [`field`], the
//! table of fields; [`fold`] and [`address`], how texts compare; [`unsubscribed`], who asked not to be
//! contacted; [`criteria`] and its [`syntax`]; [`request`], [`plan`] and [`edit`]; [`card`] and [`merge`], one
//! card by hand; [`matching`], whether two cards are one; [`outcome`], the rules of refusal; [`job`];
//! [`display`], the sanitiser.

pub mod address;
pub mod card;
pub mod contact;
pub mod contact_ref;
pub mod criteria;
pub mod dialect;
pub mod display;
pub mod edit;
pub mod field;
pub mod fold;
pub mod job;
pub mod matching;
pub mod merge;
pub mod outcome;
pub mod partial_date;
pub mod plan;
pub mod request;
pub mod searches;
pub mod syntax;
pub mod unsubscribed;
