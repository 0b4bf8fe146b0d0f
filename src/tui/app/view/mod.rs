//! The view: draws the model, and changes nothing.
//!
//! [`draw`] is called by the runtime after events were handled; [`canvas`] is the one place through which
//! text reaches the screen. A pane or a window is drawn by the `view` in its own folder.

pub mod chrome;

use ratatui::Frame;

use crate::tui::app::Model;
use crate::tui::app::geometry::LEAST;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas;
use crate::tui::widgets::canvas::Canvas;
use crate::tui::widgets::theme::{Role, Theme};
use crate::tui::{panes, windows};

/// Draws everything, and puts the terminal's cursor where something is typed.
pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    let mut canvas = Canvas::new(frame.buffer_mut(), theme);
    draw_on(&mut canvas, model, Area { x: 0, y: 0, width: area.width, height: area.height });
    if let Some(caret) = canvas.caret() {
        frame.set_cursor_position(caret);
    }
}

fn draw_on(canvas: &mut Canvas<'_>, model: &Model, area: Area) {
    canvas.paint(area, Role::Base);
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
        if let (true, Some(area)) = (modal.lights_search(), geometry.search) {
            panes::search::view::draw(canvas, model, area, &geometry);
        }
        windows::view::draw(canvas, model, modal);
    }
}
