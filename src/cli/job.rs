//! `cardfile job`: the book's history, one job in full, and what can be done with it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::bulk_flow::{self, How};
use super::exit::{Done, Failure};
use super::interrupt::Watch;
use super::job_output;
use super::print::Out;
use super::undo_flow::{self, Clashes};
use crate::api::{Overwrite, ReportFormat, Session, StartOptions};
use crate::domain::contact::JobId;
use crate::domain::job::Job as DomainJob;
use crate::wire;

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
pub(super) fn run(job: &Job, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    let id = match &job.action {
        Action::List { limit } => return list(*limit, job.json, api, out),
        Action::Show { id, errors } => {
            let shown = api.job(JobId(*id))?.job;
            print(job, api, &shown, out)?;
            if *errors && !job.json {
                job_output::errors(api, &shown, out)?;
            }
            return Ok(Done::Whole);
        }
        Action::Report { id, format, output, force } => {
            let overwrite = if *force { Overwrite::Replace } else { Overwrite::Refuse };
            let format = match format {
                Format::Csv => ReportFormat::Csv,
                Format::Json => ReportFormat::Json,
            };
            return report(JobId(*id), format, output.as_ref().map(|file| (file, overwrite)), api, out);
        }
        Action::Undo { id, clashes, dry_run, yes } => {
            let plan = api.undo_plan(JobId(*id))?;
            if *dry_run {
                return undo_flow::show(&plan, job.json, out);
            }
            api.start_undo(&undo_flow::decided(plan, *clashes, *yes)?)?
        }
        Action::Redo(again) if api.is_undo_of_edit(JobId(again.id))? => {
            let plan = api.undo_plan(JobId(again.id))?;
            if again.dry_run {
                return undo_flow::show(&plan, job.json, out);
            }
            api.start_undo(&undo_flow::decided(plan, Some(Clashes::Restore), again.yes)?)?
        }
        Action::Redo(again) => {
            let plan = api.redo_plan(JobId(again.id))?;
            let start = StartOptions { undoes: Some(JobId(again.id)), ..StartOptions::default() };
            return bulk_flow::carry_out(api, &plan, again.how(job.json, start), out);
        }
        Action::Retry(again) => {
            let plan = api.retry_plan(JobId(again.id))?;
            return bulk_flow::carry_out(api, &plan, again.how(job.json, StartOptions::default()), out);
        }
        Action::Resume { id } => {
            api.resume(JobId(*id))?;
            JobId(*id)
        }
        Action::Cancel { id } => {
            api.cancel(JobId(*id))?;
            print(job, api, &api.job(JobId(*id))?.job, out)?;
            return Ok(Done::Whole);
        }
    };
    let watch = Watch::new(api)?;
    let ended = api.wait(id)?.job;
    drop(watch);
    print(job, api, &ended, out)?;
    job_output::done(api, &ended)
}

impl Again {
    fn how(self, json: bool, start: StartOptions) -> How {
        How { dry_run: self.dry_run, yes: self.yes, json, start }
    }
}

fn list(limit: usize, json: bool, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    let views = api.jobs(limit)?;
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
    format: ReportFormat,
    to: Option<(&PathBuf, Overwrite)>,
    api: &Session,
    out: &mut Out,
) -> Result<Done, Failure> {
    let Some((path, overwrite)) = to else {
        api.write_report(id, format, out.writer())?;
        return Ok(Done::Whole);
    };
    api.report_file(id, format, path, overwrite)?;
    out.line(&format!("the report of job {id} is in {}", path.display()))?;
    Ok(Done::Whole)
}

fn print(job: &Job, api: &Session, shown: &DomainJob, out: &mut Out) -> Result<(), Failure> {
    if job.json { job_output::json(api, shown, out) } else { job_output::text(shown, out) }
}
