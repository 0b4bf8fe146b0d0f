//! Draws a job's window: its head, what failed by reason, the failures of the chosen one.

use crate::domain::display::thousands;
use crate::domain::job::{Job, JobType, Status};
use crate::tui::app::Model;
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::panes::jobs::status_words;
use crate::tui::panes::jobs::view::status_role;
use crate::tui::panes::search::view::clauses::BAR;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, Run, columns};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::job::JobWindow;
use crate::tui::windows::unsubscribers::view::{filter, minute, said};

/// Draws it.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, job_window: &JobWindow) {
    let Some(view) = model.jobs.jobs.iter().find(|view| view.job.id == job_window.job) else { return };
    let job = &view.job;
    let rows = model.job_rows(job_window);
    let reasons = JobWindow::reasons(job);
    let width = 130.min(model.size.0.saturating_sub(4));
    let most = usize::try_from(job.progress.failed_total()).unwrap_or(usize::MAX);
    let rows = rows.min(most);
    let height = (reasons + rows + 13).min(usize::from(model.size.1.saturating_sub(2)));
    let title = format!("Job #{}: {}", job.id, job.kind.word());
    let area = window(canvas, (width, height as u16), &title, Role::Focus);
    head(canvas, model, job_window, (job, view.rate), area);
    let mut y = area.y + 5;
    canvas.rule(area.x - 2, y, area.width + 4, Role::Frame);
    y += 1;
    if reasons == 0 {
        let words = if job.status.is_over() { "Nothing failed." } else { "Nothing has failed so far." };
        canvas.put(area.x, y, area.width, words, Role::Dim);
    } else {
        draw_reasons(canvas, job_window, job, Area { y, ..area });
        y += reasons as u16;
        canvas.rule(area.x - 2, y, area.width + 4, Role::Frame);
        filter(
            canvas,
            model,
            (Layer::Job, Area { y: y + 1, ..area }),
            (&job_window.text, job_window.typing),
            "by name or reason",
        );
        if !job_window.text.text().is_empty() {
            canvas.right(
                area.right(),
                y + 1,
                24,
                &format!("{} shown", thousands(job_window.total() as u64)),
                Role::Dim,
            );
        }
        failures(canvas, job_window, Area { y: y + 2, height: rows as u16, ..area });
    }
    keys(canvas, model, job, area);
    said(canvas, model, Area { height: area.height.saturating_sub(1), ..area });
}

/// The keys, on two lines where one is too short: what is about failures, then what is about the job.
fn keys(canvas: &mut Canvas<'_>, model: &Model, job: &Job, area: Area) {
    let key = |action: Action| model.keymap.key(Layer::Job, action).unwrap_or_default();
    let over = job.status.is_over();
    let mut first = vec![(key(Action::Back), "back")];
    if job.progress.failed_total() > 0 {
        first.extend([
            (key(Action::Open), "go to"),
            (key(Action::NextReason), "reason"),
            (key(Action::MarkFailed), "mark them"),
            (key(Action::MakeCriteria), "as criteria"),
        ]);
    }
    let mut second = vec![(key(Action::ReportJob), "report")];
    if job.kind == JobType::Delete && over && job.progress.failed_total() > 0 {
        second.insert(0, (key(Action::RetryJob), "retry"));
    }
    match job.kind {
        JobType::Delete | JobType::Import | JobType::Edit if over && job.undone_by.is_none() => {
            if job.kind == JobType::Import {
                second.push((key(Action::ShowImported), "its contacts"));
            }
            second.push((key(Action::UndoJob), "undo"));
            if !model.search.marked.is_empty() {
                second.push((key(Action::UndoMarked), "undo marked"));
            }
        }
        JobType::Undo if over && job.undone_by.is_none() && job.undoes.is_some() => {
            second.push((key(Action::RedoJob), "redo"));
        }
        JobType::Delete | JobType::Import | JobType::Undo | JobType::Erase | JobType::Edit | JobType::Pull => {}
    }
    if !over {
        let resting = matches!(job.status, Status::Paused | Status::Interrupted);
        second.push(if resting { (key(Action::ResumeJob), "resume") } else { (key(Action::PauseJob), "pause") });
        second.push((key(Action::CancelJob), "cancel"));
    }
    let all: Vec<(String, &str)> = first.iter().chain(&second).cloned().collect();
    let wide: usize = all.iter().map(|(key, word)| columns(key) + columns(word) + 4).sum();
    let y = area.bottom().saturating_sub(1);
    if wide <= usize::from(area.width) + 3 {
        frame::keys(canvas, area.x, y, area.width, &all);
    } else {
        frame::keys(canvas, area.x, y - 1, area.width, &first);
        frame::keys(canvas, area.x, y, area.width, &second);
    }
}

/// Status, time, words, counts that add up, and what undid it.
fn head(canvas: &mut Canvas<'_>, model: &Model, job_window: &JobWindow, (job, rate): (&Job, Option<f64>), area: Area) {
    let dot = format!(" {} ", canvas.theme.glyphs.dot);
    let mut first: Vec<Run> = vec![(status_words(job).to_owned(), status_role(job))];
    let who =
        job_window.who.as_deref().filter(|who| !who.is_empty()).map(|who| format!(" by {who}")).unwrap_or_default();
    first.push((format!("{dot}started {}{who}", minute(model, job.started)), Role::Dim));
    if let Some(finished) = job.finished {
        first.push((format!("{dot}took {}", took(finished.0 - job.started.0)), Role::Dim));
    }
    if let Some(rate) = rate.filter(|rate| rate.is_finite() && *rate >= 0.0) {
        first.push((format!("{dot}{}/s", thousands(rate.round() as u64)), Role::Dim));
    }
    canvas.runs(area.x, area.y, area.width, &first);
    let words = if job.words.is_empty() { "chosen by hand" } else { &job.words };
    canvas.put(area.x, area.y + 1, area.width, words, Role::Text);
    let line = if job.criteria == job.words { "" } else { &job.criteria };
    canvas.put(area.x, area.y + 2, area.width, line, Role::Dim);
    // What isn't said leaves its line at the end.
    let y = area.y + 2 + u16::from(!line.is_empty());
    counts(canvas, job, Area { y, ..area });
    let undone = match (job.undoes, job.undone_by, job.kind) {
        (_, Some(by), JobType::Undo) => format!("redone by job #{by}"),
        (_, Some(by), _) => format!("undone by job #{by}"),
        (Some(of), None, JobType::Delete) => match model.jobs.job(of).map(|job| job.kind) {
            Some(JobType::Import | JobType::Edit) => format!("takes out what job #{of} added"),
            _ => format!("deletes again what job #{of} brought back"),
        },
        (Some(of), None, _) => format!("undoes job #{of}"),
        (None, None, _) => String::new(),
    };
    let role = if job.undone_by.is_some() { Role::Marked } else { Role::Dim };
    canvas.put(area.x, y + 1, area.width, &undone, role);
}

/// `20 taken up = 17 deleted + 3 stayed + 0 untouched`, and their shares.
fn counts(canvas: &mut Canvas<'_>, job: &Job, at: Area) {
    let progress = &job.progress;
    let (verb, failed) = match job.kind {
        JobType::Delete => ("deleted", "stayed"),
        JobType::Undo if job.undoes_edit => ("given back", "stayed"),
        JobType::Undo => ("restored", "failed"),
        JobType::Import => ("added", "failed"),
        JobType::Erase => ("erased", "failed"),
        JobType::Edit => ("changed", "stayed"),
        JobType::Pull => ("taken over", "failed"),
    };
    let done = if job.kind == JobType::Delete || job.kind == JobType::Erase { Role::Go } else { Role::Done };
    let import = job.kind == JobType::Import;
    let mut parts = vec![
        (if import { progress.added() } else { progress.succeeded }, verb, done),
        (progress.failed_total(), failed, Role::Stay),
        (progress.not_reached(), "not reached", Role::Dim),
    ];
    // Behind the two whose shares are drawn.
    let others = [(progress.skipped, "skipped"), (progress.unchanged, "unchanged"), (progress.updated, "updated")];
    for (n, word) in others.into_iter().filter(|(n, _)| *n > 0) {
        parts.insert(2, (n, word, Role::Text));
    }
    let mut runs: Vec<Run> = vec![(thousands(progress.total), Role::Strong), (" =".into(), Role::Dim)];
    for (at, (n, word, role)) in parts.iter().enumerate() {
        let plus = if at == 0 { " " } else { " + " };
        let role = if *n == 0 { Role::Dim } else { *role };
        runs.extend([(plus.to_owned(), Role::Dim), (thousands(*n), role), (format!(" {word}"), Role::Dim)]);
    }
    let used: usize = runs.iter().map(|(text, _)| columns(text)).sum();
    canvas.runs(at.x, at.y, at.width, &runs);
    let bar = BAR * 2;
    if used + usize::from(bar) + 2 <= usize::from(at.width) {
        let shares: Vec<(u64, Role)> = parts.iter().map(|(n, _, role)| (*n, *role)).collect();
        canvas.shares(at.right().saturating_sub(bar), at.y, bar, progress.total, &shares[..2]);
    }
}

/// All failures, then each reason with its code, its count and its share.
fn draw_reasons(canvas: &mut Canvas<'_>, job_window: &JobWindow, job: &Job, area: Area) {
    let progress = &job.progress;
    let all = progress.failed_total();
    let figure = columns(&thousands(all)) as u16;
    let mut lines = vec![(None, all, "all of them", String::new())];
    for (refusal, n) in &progress.failed {
        lines.push((Some(*refusal), *n, job.failure_code(*refusal), refusal.reason().to_owned()));
    }
    let code = 52.min(area.width * 3 / 5);
    for (at, (refusal, n, label, reason)) in lines.iter().enumerate() {
        let y = area.y + at as u16;
        let chosen = *refusal == job_window.only;
        let role = if chosen { Role::Strong } else { Role::Text };
        canvas.put(area.x, y, 1, if chosen { canvas.theme.glyphs.prompt } else { " " }, Role::Key);
        canvas.right(area.x + 2 + figure, y, figure, &thousands(*n), if at == 0 { Role::Dim } else { Role::Go });
        let x = area.x + figure + 4;
        canvas.put(x, y, code.saturating_sub(2), label, role);
        let room = area.right().saturating_sub(x + code + BAR + 2);
        canvas.put(x + code, y, room, reason, Role::Dim);
        canvas.shares(area.right() - BAR, y, BAR, all, &[(*n, Role::Bar)]);
    }
    if progress.failed_rows > 0 {
        let y = area.y + lines.len() as u16;
        canvas.right(area.x + 2 + figure, y, figure, &thousands(progress.failed_rows), Role::Go);
        canvas.put(area.x + figure + 4, y, area.width, "rows could not be read", Role::Text);
    }
}

/// The failures, contact by contact.
fn failures(canvas: &mut Canvas<'_>, job_window: &JobWindow, area: Area) {
    let total = job_window.total();
    let figure = columns(&thousands(total as u64)) as u16;
    let name = (area.width / 3).clamp(12, 36);
    for at in job_window.top..(job_window.top + usize::from(area.height)).min(total) {
        let y = area.y + (at - job_window.top) as u16;
        canvas.right(area.x + figure, y, figure, &thousands(at as u64 + 1), Role::Dim);
        let is_cursor = at == job_window.cursor;
        if let Some(failure) = job_window.failure(at) {
            let x = area.x + figure + 2;
            canvas.put(x, y, name, &failure.name, if is_cursor { Role::Strong } else { Role::Text });
            let x = x + name + 2;
            canvas.put(x, y, area.right().saturating_sub(x), &failure.reason, Role::Dim);
        }
        if is_cursor {
            canvas.paint(Area { x: area.x - 2, y, width: area.width + 4, height: 1 }, Role::Cursor);
            canvas.put(area.x - 2, y, 1, canvas.theme.glyphs.bar, Role::Cursorbar);
        }
    }
    if total == 0 && job_window.page.is_some() {
        canvas.put(area.x, area.y, area.width, "None has that in it.", Role::Dim);
    }
}

fn took(milliseconds: i64) -> String {
    match milliseconds.max(0) {
        ms @ ..10_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        ms @ 10_000..600_000 => format!("{} s", ms / 1_000),
        ms => format!("{} min", ms / 60_000),
    }
}
