//! The view: draws the model, and changes nothing.
//!
//! [`draw`] is called by the runtime after events were handled; [`text`] is the one place through which
//! text reaches the screen. One file a pane, one for each kind of window.

mod addresses;
mod arranging;
mod builder;
mod calendar;
mod card;
mod chrome;
mod clauses;
mod confirm;
mod editing;
mod exporting;
mod find;
mod form;
mod importing;
mod jobs;
mod lists;
mod mapping;
mod merging;
mod prompt;
mod returning;
mod rows;
mod search;
mod sheet;
mod sorting;
mod text;
mod trash;
mod trial;
mod windows;

use ratatui::Frame;

use crate::tui::model::Model;
use crate::tui::model::geometry::{Area, LEAST};
use crate::tui::model::modal::Modal;
use crate::tui::theme::{Role, Theme};

use text::Canvas;

/// Draws everything.
pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    let canvas = &mut Canvas::new(frame.buffer_mut(), theme);
    canvas.paint(Area { x: 0, y: 0, width: area.width, height: area.height }, Role::Base);
    let Some(geometry) = model.geometry() else {
        let words = format!("cardfile needs {} columns and {} rows.", LEAST.0, LEAST.1);
        for (y, line) in text::wrap(&words, usize::from(area.width)).iter().take(usize::from(area.height)).enumerate() {
            canvas.put(0, y as u16, area.width, line, Role::Text);
        }
        return;
    };
    chrome::header(canvas, model, geometry.screen.width);
    if let Some(line) = geometry.lists_line {
        chrome::lists_line(canvas, model, line);
    }
    if let Some(area) = geometry.lists {
        lists::draw(canvas, model, area);
    }
    if let Some(area) = geometry.search {
        search::draw(canvas, model, area, &geometry);
    }
    if let Some(area) = geometry.card {
        card::draw(canvas, model, area);
    }
    jobs::draw(canvas, model, geometry.jobs);
    chrome::footer(canvas, model, geometry.screen);
    for modal in &model.modals {
        canvas.dim_all();
        // Line and rows are what the builder changes: they stay in the light.
        if let (Modal::Builder(_) | Modal::Arranging(_), Some(area)) = (modal, geometry.search) {
            search::draw(canvas, model, area, &geometry);
        }
        match modal {
            Modal::Planning(_) => windows::planning(canvas, model),
            Modal::Confirm(confirm) => confirm::draw(canvas, model, confirm),
            Modal::Ask(ask) => windows::ask(canvas, model, ask),
            Modal::Quit => windows::quit(canvas, model),
            Modal::Picker(picker) => windows::picker(canvas, model, picker),
            Modal::Builder(builder) => builder::draw(canvas, model, builder),
            Modal::Find(find) => find::draw(canvas, model, find),
            Modal::Save(save) => windows::save(canvas, model, save),
            Modal::Filing(filing) => windows::filing(canvas, model, filing),
            Modal::Sorting(sorting) => sorting::draw(canvas, model, sorting),
            Modal::Arranging(arranging) => arranging::draw(canvas, model, arranging),
            Modal::Help(help) => windows::help(canvas, model, help),
            Modal::Job(sheet) => sheet::draw(canvas, model, sheet),
            Modal::Looking(looking) => returning::looking(canvas, model, looking),
            Modal::Clashes(clashes) => returning::clashes(canvas, model, clashes),
            Modal::Erase(erase) => returning::erase(canvas, model, erase),
            Modal::Prompt(prompt) => prompt::draw(canvas, model, prompt),
            Modal::Addresses(addresses) => addresses::draw(canvas, model, addresses),
            Modal::Log(log) => addresses::log(canvas, model, log),
            Modal::Waiting(waiting) => editing::waiting(canvas, model, waiting),
            Modal::Form(form) => form::draw(canvas, model, form),
            Modal::Labels(labels) => editing::labels(canvas, model, labels),
            Modal::EditAsk(ask) => editing::ask(canvas, model, ask),
            Modal::Merging(merging) => merging::draw(canvas, model, merging),
            Modal::Import(window) => importing::draw(canvas, model, window),
            Modal::Export(window) => exporting::draw(canvas, model, window),
            Modal::Message(message) => windows::message(canvas, model, message),
        }
    }
}
