//! The windows over the panes: a stack of values. Keys go to the top one, drawing goes from the bottom.
//!
//! What their keys do is the model's; here is what they hold.

pub mod builder;
pub mod bulk_edit;
pub mod card_form;
pub mod columns;
pub mod confirm;
pub mod export;
pub mod find;
pub mod help;
pub mod import;
pub mod job;
pub mod keys;
pub mod labels;
pub mod merge;
pub mod picker;
pub mod prompt;
pub mod restore;
pub mod save_search;
pub mod searches_file;
pub mod sort;
pub mod unsubscribers;
pub mod view;

use crate::domain::contact::{ContactId, JobId};
use crate::engine::EngineError;
use crate::tui::app::effect::Export;
use crate::tui::app::event::Ticket;
use crate::tui::input::keymap::Context;
use crate::tui::windows::builder::Builder;
use crate::tui::windows::bulk_edit::{EditAsk, Merging, Waiting};
use crate::tui::windows::card_form::Form;
use crate::tui::windows::columns::Arranging;
use crate::tui::windows::confirm::{Confirm, Target};
use crate::tui::windows::export::Exporting;
use crate::tui::windows::find::Find;
use crate::tui::windows::help::Helping;
use crate::tui::windows::import::{Importing, Stage as Import};
use crate::tui::windows::job::Sheet;
use crate::tui::windows::labels::Labels;
use crate::tui::windows::picker::Picker;
use crate::tui::windows::prompt::Prompt;
use crate::tui::windows::restore::{Clashes, Erase, Looking};
use crate::tui::windows::save_search::Save;
use crate::tui::windows::searches_file::Filing;
use crate::tui::windows::sort::Sorting;
use crate::tui::windows::unsubscribers::{Addresses, Log};

/// A window over the panes.
#[derive(Debug, Clone)]
pub enum Modal {
    /// A plan is being made.
    Planning(Planning),
    /// The question before a delete.
    Confirm(Box<Confirm>),
    /// Yes or no.
    Ask(Ask),
    /// Jobs are at work and the user wants to quit.
    Quit,
    /// A picker.
    Picker(Picker),
    /// A clause is being added or changed.
    Builder(Box<Builder>),
    /// A contact is being found.
    Find(Find),
    /// A search is being saved.
    Save(Box<Save>),
    /// A file for saved searches is being typed.
    Filing(Filing),
    /// An order is being picked.
    Sorting(Box<Sorting>),
    /// The table's columns are being arranged.
    Arranging(Box<Arranging>),
    /// The keys.
    Help(Helping),
    /// A job.
    Job(Box<Sheet>),
    /// What would come back or be erased is looked up.
    Looking(Looking),
    /// What would come back clashes.
    Clashes(Box<Clashes>),
    /// The question before an erase.
    Erase(Box<Erase>),
    /// A text is asked for.
    Prompt(Box<Prompt>),
    /// The Unsubscribers.
    Addresses(Box<Addresses>),
    /// The audit log.
    Log(Box<Log>),
    /// Something about contacts that are changed is being looked up.
    Waiting(Box<Waiting>),
    /// A card is being changed or added.
    Form(Box<Form>),
    /// Labels are being given and taken.
    Labels(Box<Labels>),
    /// The question before an edit of many contacts.
    EditAsk(Box<EditAsk>),
    /// Cards are being merged.
    Merging(Box<Merging>),
    /// An import before it is started.
    Import(Box<Importing>),
    /// An export, before it is started and at work.
    Export(Box<Exporting>),
    /// Something that has to be read.
    Message(Message),
}

/// A plan that is being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planning {
    /// Its question.
    pub ticket: Ticket,
    /// What it is meant to take.
    pub target: Target,
}

/// A question whose answer is no, unless the user says yes.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// The question.
    pub title: String,
    /// What it means, line by line.
    pub lines: Vec<String>,
    /// What no does, in words.
    pub no: &'static str,
    /// What yes does, in words.
    pub yes: &'static str,
    /// What yes does.
    pub deed: Deed,
    /// Whether it was on the screen.
    pub seen: bool,
}

/// What a yes does.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// Undoes a job.
    Undo(JobId),
    /// Undoes a job for these contacts alone.
    UndoPart(JobId, Vec<ContactId>),
    /// Brings these contacts back from the trash.
    Restore(Vec<ContactId>),
    /// Writes a job's report over this file.
    ReplaceReport(JobId, String),
    /// Drops the list of this name.
    DropList(String),
    /// Takes this address off the Unsubscribers.
    Resubscribe(String),
    /// Cancels a job.
    Cancel(JobId),
    /// Drops the saved search of this name.
    DropSearch(String),
    /// Writes contacts over a file.
    ReplaceExport(Box<Export>),
    /// Stops an export and quits.
    QuitWriting(Ticket),
}

/// Something that has to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What happened.
    pub title: String,
    /// What was not touched; what happened, in full.
    pub text: String,
    /// What to do next.
    pub hints: Vec<String>,
}

impl Message {
    /// An error of the engine, under what was being done.
    pub fn of(title: &str, error: &EngineError) -> Self {
        Self { title: title.to_owned(), text: error.message.clone(), hints: error.hints.clone() }
    }
}

impl Modal {
    /// Where its keys are looked up.
    pub fn context(&self) -> Context {
        match self {
            Self::Log(_) | Self::Message(_) => Context::Window,
            Self::Job(sheet) if sheet.typing => Context::Picker,
            Self::Job(_) => Context::Job,
            Self::Addresses(addresses) if addresses.typing => Context::Picker,
            Self::Addresses(_) => Context::Addresses,
            Self::Clashes(_) => Context::Clashes,
            Self::Import(window) if window.picking.is_some() => Context::Picker,
            Self::Import(window) => match window.stage {
                Import::File => Context::ImportFile,
                Import::Columns | Import::Trial(_) => Context::Import,
            },
            Self::Export(_) => Context::Export,
            Self::Erase(_) | Self::Prompt(_) => Context::Field,
            Self::Confirm(confirm) => match confirm.stage {
                crate::tui::windows::confirm::Stage::Count(_) => Context::Confirm,
                crate::tui::windows::confirm::Stage::Members(_) => Context::Field,
                crate::tui::windows::confirm::Stage::Look(_) => Context::Window,
            },
            Self::Planning(_) | Self::Looking(_) | Self::Ask(_) | Self::Waiting(_) | Self::EditAsk(_) => Context::Ask,
            Self::Form(form) if form.leaving => Context::Ask,
            Self::Form(_) => Context::Form,
            Self::Labels(_) => Context::Labels,
            Self::Merging(merging) if merging.asking => Context::Ask,
            Self::Merging(_) => Context::Merging,
            Self::Quit => Context::Quit,
            Self::Picker(_) | Self::Help(_) => Context::Picker,
            Self::Builder(_) => Context::Builder,
            Self::Find(_) => Context::Find,
            Self::Save(_) | Self::Filing(_) => Context::Save,
            Self::Sorting(_) => Context::Sorting,
            Self::Arranging(_) => Context::Columns,
        }
    }
}
