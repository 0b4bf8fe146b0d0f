//! `cardfile job`: the book's history, one job in full, and what can be done with it.

use std::cell::RefCell;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::bulk_flow::{self, How};
use super::exit::{Done, Failure, kept};
use super::interrupt::Watch;
use super::job_output;
use super::print::Out;
use super::undo_flow::{self, Clashes};
use crate::domain::contact::JobId;
use crate::domain::job::{Job as DomainJob, JobType};
use crate::engine::answer::ReportRow;
use crate::engine::{Engine, EngineError, FileWriter, Overwrite, StartOptions, csv_row, not_written, save_file};
use crate::wire;

/// How many lines of a report are read at once.
const PAGE: u64 = 2_000;

/// Show jobs, undo them, go on with them, try again what failed
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Job {
    #[command(subcommand)]
    action: Action,
    /// Print JSON (its names are in assets/json.md)
    #[arg(long, global = true)]
    pub(super) json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Action {
    /// The jobs of the book, the newest first
    List {
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: usize,
    },
    /// One job: its counts and its errors by code
    Show {
        /// The job's number
        id: i64,
        /// Each contact that failed as well, with its reason
        #[arg(long)]
        errors: bool,
    },
    /// What became of every contact of a job, as a file
    Report {
        /// The job's number
        id: i64,
        /// The format of the file
        #[arg(long, value_enum, default_value_t = Format::Csv)]
        format: Format,
        /// The file [default: the standard output]
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Replace the file where it is there already
        #[arg(long, requires = "output")]
        force: bool,
    },
    /// Bring back what a job deleted, give back what it changed, or take out what an import brought
    Undo {
        /// The job's number
        id: i64,
        /// What to do with contacts that share an address with a newer one, or were changed since
        #[arg(long, value_enum, value_name = "restore|leave", hide_possible_values = true)]
        clashes: Option<Clashes>,
        /// Show what would come back and what would clash, and touch nothing
        #[arg(long)]
        dry_run: bool,
        /// Go on only if exactly COUNT contacts would be taken
        #[arg(long, value_name = "COUNT", conflicts_with = "dry_run")]
        yes: Option<u64>,
    },
    /// Do again what an undo took back; what is deleted again is confirmed
    Redo(Again),
    /// Delete those that a job could not, by a new plan
    Retry(Again),
    /// Go on with a job that was paused or interrupted
    Resume {
        /// The job's number
        id: i64,
    },
    /// End a job that was paused or interrupted; what it did stays done
    Cancel {
        /// The job's number
        id: i64,
    },
}

/// A delete that is planned out of another job.
#[derive(Debug, Clone, Copy, Args)]
struct Again {
    /// The job's number
    id: i64,
    /// Show what would happen to each contact, and touch nothing
    #[arg(long)]
    dry_run: bool,
    /// Go on without asking, but only if exactly COUNT contacts would go
    #[arg(long, value_name = "COUNT", conflicts_with = "dry_run")]
    yes: Option<u64>,
}

/// A report's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Rows of cells, safe to open in a spreadsheet.
    Csv,
    /// One array.
    Json,
}

const EXAMPLES: &str = "\
Examples:
  cardfile job list
  cardfile job show 12 --errors
  cardfile job report 12 --output report.csv
  cardfile job undo 12
  cardfile job retry 12 --dry-run";

/// Carries it out.
pub(super) fn run(job: &Job, engine: &Engine, out: &mut Out) -> Result<Done, Failure> {
    let id = match &job.action {
        Action::List { limit } => return list(*limit, job.json, engine, out),
        Action::Show { id, errors } => {
            let shown = engine.job(JobId(*id))?.job;
            print(job, engine, &shown, out)?;
            if *errors && !job.json {
                job_output::errors(engine, &shown, out)?;
            }
            return Ok(Done::Whole);
        }
        Action::Report { id, format, output, force } => {
            let overwrite = if *force { Overwrite::Replace } else { Overwrite::Refuse };
            return report(JobId(*id), *format, output.as_ref().map(|file| (file, overwrite)), engine, out);
        }
        Action::Undo { id, clashes, dry_run, yes } => {
            let plan = engine.undo_plan(JobId(*id))?;
            if *dry_run {
                return undo_flow::show(&plan, job.json, out);
            }
            engine.start_undo(&undo_flow::decided(plan, *clashes, *yes)?)?
        }
        Action::Redo(again) if engine.is_undo_of_edit(JobId(again.id))? => {
            let plan = engine.undo_plan(JobId(again.id))?;
            if again.dry_run {
                return undo_flow::show(&plan, job.json, out);
            }
            engine.start_undo(&undo_flow::decided(plan, Some(Clashes::Restore), again.yes)?)?
        }
        Action::Redo(again) => {
            let plan = engine.redo_plan(JobId(again.id))?;
            let start = StartOptions { undoes: Some(JobId(again.id)), ..StartOptions::default() };
            return bulk_flow::carry_out(engine, &plan, again.how(job.json, start), out);
        }
        Action::Retry(again) => {
            let plan = engine.retry_plan(JobId(again.id))?;
            return bulk_flow::carry_out(engine, &plan, again.how(job.json, StartOptions::default()), out);
        }
        Action::Resume { id } => {
            engine.resume(JobId(*id))?;
            JobId(*id)
        }
        Action::Cancel { id } => {
            engine.cancel(JobId(*id))?;
            print(job, engine, &engine.job(JobId(*id))?.job, out)?;
            return Ok(Done::Whole);
        }
    };
    let watch = Watch::new(engine)?;
    let ended = engine.wait(id)?.job;
    drop(watch);
    print(job, engine, &ended, out)?;
    job_output::done(engine, &ended)
}

impl Again {
    fn how(self, json: bool, start: StartOptions) -> How {
        How { dry_run: self.dry_run, yes: self.yes, json, start }
    }
}

fn list(limit: usize, json: bool, engine: &Engine, out: &mut Out) -> Result<Done, Failure> {
    let views = engine.jobs(limit)?;
    if json {
        let jobs = views.iter().map(|view| wire::Job::<()>::new(&view.job, None));
        out.json(&wire::Stream::new(jobs))?;
    } else if views.is_empty() {
        out.line("no job yet")?;
    } else {
        job_output::table(&views, out)?;
    }
    Ok(Done::Whole)
}

/// Writes the report while it is read: into a file that appears whole, or to the output.
fn report(
    id: JobId,
    format: Format,
    to: Option<(&PathBuf, Overwrite)>,
    engine: &Engine,
    out: &mut Out,
) -> Result<Done, Failure> {
    // Where there is no such job, no file appears.
    let job = engine.job(id)?.job;
    if job.kind == JobType::Import {
        engine.wait_until_loaded()?;
    }
    let Some((path, overwrite)) = to else {
        write_report(id, format, engine, out.writer())?;
        return Ok(Done::Whole);
    };
    save_file(path, overwrite, |file: &mut FileWriter| {
        write_report(id, format, engine, file).map_err(|failure| match failure {
            Failure::Output(why) => Failure::from(not_written(path, &why)),
            other @ (Failure::Engine(_) | Failure::Line { .. }) => other,
        })
    })?;
    out.line(&format!("the report of job {id} is in {}", path.display()))?;
    Ok(Done::Whole)
}

fn write_report(id: JobId, format: Format, engine: &Engine, to: &mut dyn std::io::Write) -> Result<(), Failure> {
    let broken = RefCell::new(None);
    let mut offset = 0;
    let mut rows = std::iter::from_fn(|| {
        let page = kept(engine.report(id, offset, PAGE), &broken)?;
        offset += page.len() as u64;
        (!page.is_empty()).then_some(page)
    })
    .flatten();
    match format {
        Format::Json => wire::write(&mut *to, &wire::Stream::new(rows.by_ref().map(wire::ReportRow::from)))?,
        Format::Csv => {
            to.write_all(csv_row(&["id", "name", "address", "code", "reason"]).as_bytes())?;
            for ReportRow { contact, name, address, code, reason } in rows {
                let contact = contact.map(|id| id.to_string()).unwrap_or_default();
                to.write_all(csv_row(&[&contact, &name, &address, code, &reason]).as_bytes())?;
            }
        }
    }
    to.flush()?;
    broken.into_inner().map_or(Ok(()), |error: EngineError| Err(error.into()))
}

fn print(job: &Job, engine: &Engine, shown: &DomainJob, out: &mut Out) -> Result<(), Failure> {
    if job.json { job_output::json(engine, shown, out) } else { job_output::text(shown, out) }
}
