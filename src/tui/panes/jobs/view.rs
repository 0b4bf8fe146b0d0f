//! Draws the Jobs pane: a gauge for what is at work, what failed by code, what is done.

use crate::domain::display::{agreeing, counted, thousands};
use crate::domain::job::{Job, JobType, Status};
use crate::tui::app::view::chrome::has_focus;
use crate::tui::app::{Focus, Model};
use crate::tui::input::action::Action;
use crate::tui::panes::jobs::{JobLine, is_at_work, status_words};
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, Run, bytes, columns};
use crate::tui::widgets::frame::{PaneFrame, pane};
use crate::tui::widgets::theme::Role;

/// Draws the Jobs pane.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, area: Area) {
    if area.height < 3 {
        return;
    }
    let focused = has_focus(model, Focus::Jobs);
    let at_work = model.jobs.at_work().len();
    let of = |status: &[Status]| model.jobs.jobs.iter().filter(|view| status.contains(&view.job.status)).count();
    let parts = [
        (at_work, "at work"),
        (of(&[Status::Paused]), "paused"),
        (of(&[Status::Interrupted]), "interrupted"),
        (of(&[Status::Completed, Status::Cancelled]), "done"),
    ];
    // What is none is left out.
    let parts = parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}"));
    let right = parts.collect::<Vec<_>>().join(", ");
    let inner = pane(canvas, area, &PaneFrame { key: "3", title: "Jobs", right: &right, focused });
    let lines = model.jobs.lines(focused);
    if lines.is_empty() {
        let key = model.keymap.said(Focus::Results.layer(), Action::Delete);
        let undo = model.keymap.said(Focus::Results.layer(), Action::UndoLast);
        let words = format!(" plans a delete; it asks first, then runs here, and {undo} brings everything back");
        canvas.runs(inner.x + 1, inner.y, inner.width.saturating_sub(2), &[(key, Role::Key), (words, Role::Dim)]);
        return;
    }
    let height = usize::from(inner.height);
    for (at, line) in lines.iter().skip(model.jobs.top).take(height).enumerate() {
        let area = Area { y: inner.y + at as u16, height: 1, ..inner };
        let hidden = lines.len().saturating_sub(model.jobs.top + at + 1);
        if at + 1 == height && hidden > 0 && !focused {
            let key = model.keymap.key(Focus::Results.layer(), Action::FocusJobs).unwrap_or_default();
            let words = format!(" shows {} more lines", hidden + 1);
            canvas.runs(area.x + 1, area.y, area.width, &[(key, Role::Key), (words, Role::Dim)]);
            break;
        }
        match line {
            JobLine::Job(job) => {
                draw_job(canvas, model, *job, area);
                if focused && *job == model.jobs.cursor {
                    canvas.paint(area, Role::Cursor);
                    canvas.put(area.x, area.y, 1, canvas.theme.glyphs.bar, Role::Cursorbar);
                }
            }
            JobLine::Failed(job, refusal, n) => {
                canvas.right(area.x + 9, area.y, 8, &thousands(*n), Role::Go);
                let code = model.jobs.jobs[*job].job.failure_code(*refusal);
                let room = area.width.saturating_sub(12);
                let wide = if area.width >= 100 { 50 } else { 0 };
                canvas.put(area.x + 11, area.y, if wide > 0 { wide } else { 0 }, code, Role::Text);
                canvas.put(area.x + 11 + wide, area.y, room.saturating_sub(wide), refusal.reason(), Role::Dim);
            }
            JobLine::FailedRows(_, n) => {
                canvas.right(area.x + 9, area.y, 8, &thousands(*n), Role::Go);
                canvas.put(
                    area.x + 11,
                    area.y,
                    area.width.saturating_sub(12),
                    agreeing(*n, "row could not be read", "rows could not be read"),
                    Role::Dim,
                );
            }
        }
    }
}

fn draw_job(canvas: &mut Canvas<'_>, model: &Model, at: usize, area: Area) {
    let Some(view) = model.jobs.jobs.get(at) else { return };
    let job = &view.job;
    let quiet = job.undone_by.is_some();
    let role = |role| if quiet { Role::Dim } else { role };
    let id = format!("#{}", job.id);
    canvas.put(area.x + 1, area.y, 6, &id, role(Role::Strong));
    canvas.put(area.x + 7, area.y, 6, job.kind.word(), role(Role::Text));
    canvas.put(area.x + 15, area.y, 11, status_words(job), status_role(job));
    let x = area.x + 28;
    let width = area.right().saturating_sub(x + 1);
    if job.status.is_over() {
        done_line(canvas, model, job, (x, area.y, width));
        return;
    }
    let progress = &job.progress;
    if job.status == Status::Queued && progress.reached() == 0 {
        let before = match model.jobs.before(job) {
            0 => "starts next".to_owned(),
            n => format!("waits for {} before it", counted(n as u64, "job")),
        };
        let asked = if job.criteria.is_empty() { &job.words } else { &job.criteria };
        let first = width * 2 / 5;
        canvas.put(x, area.y, first.saturating_sub(2), asked, Role::Text);
        let mut runs = vec![(before, Role::Focus)];
        if width >= 70 {
            runs.push((format!("   {} to take up", thousands(progress.total)), Role::Dim));
        }
        canvas.runs(x + first, area.y, width - first, &runs);
        return;
    }
    let (reached, total, failed) = (progress.reached(), progress.total, progress.failed_total());
    let (done, all) = if progress.of_bytes > 0 { (progress.bytes, progress.of_bytes) } else { (reached, total) };
    let narrow = width < 70;
    // Beside it there is room for the figures at their longest, so that neither is cut nor moves.
    let figures = 41 + 4 * columns(&thousands(total)) as u16;
    let gauge = if narrow { width / 4 } else { (width / 3).min(42).min(width.saturating_sub(figures)).max(8) };
    canvas.gauge(x, area.y, gauge, done, all, if is_at_work(job.status) { Role::Bar } else { Role::Dim });
    let percent = (done * 100).checked_div(all).unwrap_or(0);
    let of = match (job.kind, narrow) {
        // How many rows there are is only known at the end; how many bytes is known.
        (JobType::Import, true) => format!("  {} rows", thousands(reached)),
        (JobType::Import, false) => format!("  {} rows, {} of {}", thousands(reached), bytes(done), bytes(all)),
        (JobType::Delete | JobType::Undo | JobType::Erase | JobType::Edit | JobType::Pull, _) => {
            format!("  {} of {}", thousands(reached), thousands(total))
        }
    };
    let mut runs: Vec<Run> = vec![(format!("{percent:>3} %"), Role::Strong), (of, Role::Text)];
    if let Some(rate) = view.rate.filter(|rate| rate.is_finite() && *rate >= 0.0 && !narrow) {
        runs.push((format!("   {}/s", thousands(rate.round() as u64)), Role::Dim));
    }
    if let Some(left) = view.left.filter(|left| left.is_finite()) {
        runs.push((format!("   {} left", span(left)), Role::Dim));
    }
    let rests = matches!(job.status, Status::Paused | Status::Interrupted);
    // On a narrow screen the line below says it.
    if failed > 0 && !(rests && narrow) {
        runs.push((format!("   {} failed", thousands(failed)), Role::Go));
    }
    if rests {
        let key = model.keymap.key(Focus::Jobs.layer(), Action::ResumeJob);
        runs.extend(
            key.into_iter()
                .flat_map(|key| [("   ".into(), Role::Dim), (key, Role::Key), (" resumes it".into(), Role::Dim)]),
        );
    }
    canvas.runs(x + gauge + 2, area.y, width.saturating_sub(gauge + 2), &runs);
}

/// What a job that is over was asked, and what it did.
fn done_line(canvas: &mut Canvas<'_>, model: &Model, job: &Job, (x, y, width): (u16, u16, u16)) {
    let quiet = job.undone_by.is_some();
    let asked = if job.criteria.is_empty() { &job.words } else { &job.criteria };
    let progress = &job.progress;
    let verb = model.jobs.verb(job);
    // What an import took in is more than what it added.
    let n = if job.kind == JobType::Import && !quiet { progress.added() } else { progress.succeeded };
    let mut runs: Vec<Run> = vec![(format!("{} {verb}", thousands(n)), if quiet { Role::Dim } else { Role::Text })];
    if !quiet {
        let others = [(progress.updated, "updated"), (progress.unchanged, "unchanged"), (progress.skipped, "skipped")];
        let others = others.into_iter().filter(|(n, _)| *n > 0);
        runs.extend(others.map(|(n, word)| (format!("  {} {word}", thousands(n)), Role::Dim)));
    }
    let back = model.jobs.partly_back(job);
    if back > 0 {
        runs.push((format!("  {} back", thousands(back)), Role::Marked));
    }
    let failed = progress.failed_total();
    if failed > 0 {
        let word = if matches!(job.kind, JobType::Delete | JobType::Edit) { "stayed" } else { "failed" };
        runs.push((format!("  {} {word}", thousands(failed)), if quiet { Role::Dim } else { Role::Stay }));
    }
    let untouched = progress.not_reached();
    if untouched > 0 {
        runs.push((format!("  {} not reached", thousands(untouched)), Role::Dim));
    }
    let first = width * 2 / 5;
    canvas.put(x, y, first.saturating_sub(2), asked, if quiet { Role::Dim } else { Role::Text });
    canvas.runs(x + first, y, width - first, &runs);
}

pub(in crate::tui) fn status_role(job: &Job) -> Role {
    if job.undone_by.is_some() {
        return Role::Marked;
    }
    match job.status {
        Status::Queued | Status::Running => Role::Focus,
        Status::Completed => Role::Done,
        Status::Paused | Status::Cancelled | Status::Interrupted => Role::Stay,
    }
}

/// A span of time as people say it.
fn span(seconds: f64) -> String {
    let seconds = seconds.max(0.0).ceil().min(1e9) as u64;
    match seconds {
        0..=1 => "1 s".to_owned(),
        2..=99 => format!("{seconds} s"),
        100..=5_999 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3_600),
    }
}
