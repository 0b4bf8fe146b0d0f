//! `cardfile job`: the book's history, one job in full, and what can be done with it.

use clap::{Args, Subcommand};

use super::failure::{Done, Failure};
use super::interrupt::Watch;
use super::jobs;
use super::print::Out;
use crate::domain::contact::JobId;
use crate::domain::job::Job as DomainJob;
use crate::engine::Engine;
use crate::wire;

/// Show jobs, undo them, go on with them
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
    /// Bring back what a job deleted
    Undo {
        /// The job's number
        id: i64,
    },
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

const EXAMPLES: &str = "\
Examples:
  cardfile job list
  cardfile job show 12 --errors
  cardfile job undo 12";

/// Carries it out.
pub(super) fn run(job: &Job, engine: &Engine, out: &mut Out) -> Result<Done, Failure> {
    let watch = Watch::new(engine)?;
    let id = match job.action {
        Action::List { limit } => {
            let views = engine.jobs(limit)?;
            if job.json {
                let jobs = views.iter().map(|view| wire::Job::<()>::new(&view.job, None));
                out.json(&wire::Stream::new(jobs))?;
            } else if views.is_empty() {
                out.line("no job yet")?;
            } else {
                jobs::table(&views, out)?;
            }
            return Ok(Done::Whole);
        }
        Action::Show { id, errors } => {
            let shown = engine.job(JobId(id))?.job;
            print(job, engine, &shown, out)?;
            if errors && !job.json {
                jobs::errors(engine, shown.id, out)?;
            }
            return Ok(Done::Whole);
        }
        Action::Undo { id } => engine.undo(JobId(id))?,
        Action::Resume { id } => {
            engine.resume(JobId(id))?;
            JobId(id)
        }
        Action::Cancel { id } => {
            engine.cancel(JobId(id))?;
            print(job, engine, &engine.job(JobId(id))?.job, out)?;
            return Ok(Done::Whole);
        }
    };
    let ended = engine.wait(id)?.job;
    drop(watch);
    print(job, engine, &ended, out)?;
    Ok(jobs::done(&ended))
}

fn print(job: &Job, engine: &Engine, shown: &DomainJob, out: &mut Out) -> Result<(), Failure> {
    if job.json { jobs::json(engine, shown, out) } else { jobs::text(shown, out) }
}
