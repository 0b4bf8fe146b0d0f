//! `cardfile doctor`: whether the book is in order, and what a report of a fault needs to say.
//!
//! Nothing of a person is in it: no name, no address, no name of a list, and the home folder is `~`.

use std::path::Path;

use clap::Args;

use super::config::Places;
use super::exit::{Done, Failure};
use super::print::{Out, counted};
use super::progress;
use crate::api::Session;
use crate::domain::display::thousands;
use crate::wire;

/// Look the whole book over, and say what belongs in a report of a fault
#[derive(Debug, Args)]
#[command(after_help = "What it prints can be pasted in a report: it names no person, address or list.")]
pub(super) struct Doctor {
    /// Print JSON (its names are in assets/json.md)
    #[arg(long)]
    pub(super) json: bool,
}

/// Looks it over.
pub(super) fn run(doctor: &Doctor, places: &Places, api: &Session, out: &mut Out) -> Result<Done, Failure> {
    let findings = api.doctor()?;
    let mut facts = vec![("program", program()), ("system", system()), ("terminal", terminal())];
    // A damaged book may not load; what is known without that is told all the same.
    if findings.is_empty() {
        progress::loaded(api)?;
        let overview = api.overview()?;
        facts.push((
            "holds",
            format!(
                "{}, {}, {} in the trash, {}",
                counted(overview.contacts, "contact"),
                counted(overview.lists.len() as u64, "list"),
                thousands(overview.trash),
                counted(overview.unsubscribers, "unsubscriber"),
            ),
        ));
    }
    facts.push(("book", places.file.as_deref().map_or_else(|| places.book.clone(), file)));
    facts.extend(api.server_lines()?.into_iter().map(|line| ("server", line)));
    facts.push(("index", index(api)));
    facts.extend([("config.toml", file(&places.config)), ("keymap.toml", file(&places.keymap))]);
    if doctor.json {
        let found = findings.iter().map(|it| wire::Finding { check: it.check.to_owned(), message: it.words.clone() });
        out.json(&wire::Doctor::new(found.collect(), facts))?;
        return Ok(if findings.is_empty() { Done::Whole } else { Done::Broken });
    }
    if findings.is_empty() {
        out.line(&format!("{}: OK", api.book_name()))?;
    } else {
        for finding in &findings {
            out.line(&format!("{}: {}", finding.check, finding.words))?;
        }
        let found = counted(findings.len() as u64, "finding");
        out.line(&format!("{}: {found}; keep a copy of the file as it is", api.book_name()))?;
    }
    for (name, fact) in facts {
        out.line(&format!("  {name:<12} {fact}"))?;
    }
    Ok(if findings.is_empty() { Done::Whole } else { Done::Broken })
}

fn program() -> String {
    let built = if cfg!(debug_assertions) { "built for tests" } else { "built for use" };
    format!("cardfile {}, {built}", env!("CARGO_PKG_VERSION"))
}

fn system() -> String {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variable);
    let locale = locale.unwrap_or_else(|| "no locale".to_owned());
    let zone = jiff::tz::TimeZone::system();
    let zone = zone.iana_name().unwrap_or("a zone without a name").to_owned();
    format!("{} {}, {locale}, {zone}", std::env::consts::OS, std::env::consts::ARCH)
}

fn terminal() -> String {
    let mut words = vec![format!("TERM={}", variable("TERM").unwrap_or_else(|| "none".to_owned()))];
    for name in ["COLORTERM", "TERM_PROGRAM", "COLORFGBG", "NO_COLOR"] {
        words.extend(variable(name).map(|value| format!("{name}={value}")));
    }
    for (name, what) in [("TMUX", "in tmux"), ("STY", "in screen"), ("SSH_CONNECTION", "over ssh")] {
        words.extend(variable(name).map(|_| what.to_owned()));
    }
    words.join(", ")
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn index(api: &Session) -> String {
    match api.index_file() {
        Some((bytes, used)) => {
            let used = if used { "used" } else { "not used this time" };
            format!("kept beside the book, {} kB, {used}; it may be deleted", thousands(bytes.div_ceil(1_000)))
        }
        None => "not kept: the book is small, or config.toml says so".to_owned(),
    }
}

/// Where a file is and how it stands, without the name of who owns it.
fn file(path: &Path) -> String {
    let shown = home_as_tilde(path, variable("HOME").as_deref());
    match std::fs::metadata(path) {
        Ok(meta) => {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = meta.permissions().mode() & 0o7777;
            format!("{shown}, {} kB, mode {mode:o}", thousands(meta.len().div_ceil(1_000)))
        }
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => format!("{shown}, not there"),
        Err(why) => format!("{shown}, {why}"),
    }
}

fn home_as_tilde(path: &Path, home: Option<&str>) -> String {
    match home.and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_home_folder_isnt_named() {
        assert_eq!(home_as_tilde(Path::new("/home/amber/b.db"), Some("/home/amber")), "~/b.db");
        assert_eq!(home_as_tilde(Path::new("/srv/b.db"), Some("/home/amber")), "/srv/b.db");
        assert_eq!(home_as_tilde(Path::new("/home/amberly/b.db"), Some("/home/amber")), "/home/amberly/b.db");
    }
}
