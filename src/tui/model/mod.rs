//! The model: what the screen shows, and what an event does to it. Pure: no clock, no thread, no
//! terminal, no book; time, size and answers come in as events, wishes go out as effects.
//!
//! In reading order: [`state`], all of it; the panes [`lists`], [`search`] (with [`mod@line`] and
//! [`query`]), [`card`], [`jobs`]; the windows over them, [`modal`], [`confirm`] and [`picker`];
//! the trash in [`trash`], [`returning`] and [`restoring`], a job's window in [`sheet`] and [`sheets`],
//! what is typed for in [`prompt`] and [`prompting`], lists and addresses in [`listing`] and [`addresses`];
//! changing contacts in [`form`] (rows in [`fields`]) and [`forming`], [`labelling`], [`editing`], [`merging`]
//! (what they hold in [`changing`]); an import before it is started in [`importing`], [`choosing`], [`picking`],
//! [`offering`] and [`bringing`], an export in [`exporting`] and [`writing`]; [`geometry`], where the panes are;
//! [`step`], what an event does, with its parts [`act`], [`marks`],
//! [`delete`], [`windows`] and [`answers`].

pub mod act;
pub mod addresses;
pub mod answers;
pub mod arranging;
pub mod becoming;
pub mod bringing;
pub mod builder;
pub mod calendar;
pub mod card;
pub mod changing;
pub mod choosing;
pub mod clauses;
pub mod columns;
pub mod confirm;
pub mod counts;
pub mod delete;
pub mod differing;
pub mod draft;
pub mod editing;
pub mod exporting;
pub mod fields;
pub mod filing;
pub mod find;
pub mod finding;
pub mod form;
pub mod forming;
pub mod geometry;
pub mod helping;
pub mod history;
pub mod importing;
pub mod instead;
pub mod jobs;
pub mod labelling;
pub mod line;
pub mod listing;
pub mod lists;
pub mod marks;
pub mod merging;
pub mod modal;
pub mod offering;
pub mod picker;
pub mod picking;
pub mod picks;
pub mod prompt;
pub mod prompting;
pub mod query;
pub mod restoring;
pub mod returning;
pub mod saving;
pub mod search;
pub mod searches;
pub mod sheet;
pub mod sheets;
pub mod sorting;
pub mod state;
pub mod step;
pub mod subject;
pub mod trash;
pub mod values;
pub mod windows;
pub mod writing;

pub use state::{Focus, Model};
