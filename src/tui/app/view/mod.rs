//! The view: draws the model, and changes nothing.
//!
//! [`draw`] is called by the runtime after events were handled; [`canvas`] is the one place through which
//! text reaches the screen. A pane or a window is drawn by the `view` in its own folder.

pub mod chrome;

use ratatui::Frame;

use crate::tui::app::Model;
use crate::tui::app::geometry::{Area, LEAST};
use crate::tui::widgets::canvas::{self, Canvas};
use crate::tui::widgets::theme::{Role, Theme};
use crate::tui::windows::Modal;
use crate::tui::{panes, windows};

/// Draws everything.
pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    let canvas = &mut Canvas::new(frame.buffer_mut(), theme);
    canvas.paint(Area { x: 0, y: 0, width: area.width, height: area.height }, Role::Base);
    let Some(geometry) = model.geometry() else {
        let words = format!("cardfile needs {} columns and {} rows.", LEAST.0, LEAST.1);
        for (y, line) in canvas::wrap(&words, usize::from(area.width)).iter().take(usize::from(area.height)).enumerate()
        {
            canvas.put(0, y as u16, area.width, line, Role::Text);
        }
        return;
    };
    chrome::header(canvas, model, geometry.screen.width);
    if let Some(line) = geometry.lists_line {
        chrome::lists_line(canvas, model, line);
    }
    if let Some(area) = geometry.lists {
        panes::lists::view::draw(canvas, model, area);
    }
    if let Some(area) = geometry.search {
        panes::search::view::draw(canvas, model, area, &geometry);
    }
    if let Some(area) = geometry.card {
        panes::card::view::draw(canvas, model, area);
    }
    panes::jobs::view::draw(canvas, model, geometry.jobs);
    chrome::footer(canvas, model, geometry.screen);
    for modal in &model.modals {
        canvas.dim_all();
        // Line and rows are what the builder changes: they stay in the light.
        if let (Modal::Builder(_) | Modal::Arranging(_), Some(area)) = (modal, geometry.search) {
            panes::search::view::draw(canvas, model, area, &geometry);
        }
        match modal {
            Modal::Planning(_) => windows::view::planning(canvas, model),
            Modal::Confirm(confirm) => windows::confirm::view::draw(canvas, model, confirm),
            Modal::Ask(ask) => windows::view::ask(canvas, model, ask),
            Modal::Quit => windows::view::quit(canvas, model),
            Modal::Picker(picker) => windows::view::picker(canvas, model, picker),
            Modal::Builder(builder) => windows::builder::view::draw(canvas, model, builder),
            Modal::Find(find) => windows::find::view::draw(canvas, model, find),
            Modal::Save(save) => windows::view::save(canvas, model, save),
            Modal::Filing(filing) => windows::view::filing(canvas, model, filing),
            Modal::Sorting(sorting) => windows::sort::view::draw(canvas, model, sorting),
            Modal::Arranging(arranging) => windows::columns::view::draw(canvas, model, arranging),
            Modal::Help(help) => windows::view::help(canvas, model, help),
            Modal::Job(sheet) => windows::job::view::draw(canvas, model, sheet),
            Modal::Looking(looking) => windows::restore::view::looking(canvas, model, looking),
            Modal::Clashes(clashes) => windows::restore::view::clashes(canvas, model, clashes),
            Modal::Erase(erase) => windows::restore::view::erase(canvas, model, erase),
            Modal::Prompt(prompt) => windows::prompt::view::draw(canvas, model, prompt),
            Modal::Addresses(addresses) => windows::unsubscribers::view::draw(canvas, model, addresses),
            Modal::Log(log) => windows::unsubscribers::view::log(canvas, model, log),
            Modal::Waiting(waiting) => windows::bulk_edit::view::waiting(canvas, model, waiting),
            Modal::Form(form) => windows::card_form::view::draw(canvas, model, form),
            Modal::Labels(labels) => windows::bulk_edit::view::labels(canvas, model, labels),
            Modal::EditAsk(ask) => windows::bulk_edit::view::ask(canvas, model, ask),
            Modal::Merging(merging) => windows::merge::view::draw(canvas, model, merging),
            Modal::Import(window) => windows::import::view::draw(canvas, model, window),
            Modal::Export(window) => windows::export::view::draw(canvas, model, window),
            Modal::Message(message) => windows::view::message(canvas, model, message),
        }
    }
}
