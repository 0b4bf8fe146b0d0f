//! The configuration: where files are, and `config.toml` as plain sections.
//!
//! Read by main alone, which hands each part to whom it concerns. Of the crate it imports values alone, and
//! it never writes a file. A section is a struct here, a key one of its fields: serde reads both, and what is
//! wrong in a file is an error with its line and column.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use serde::{Deserialize, Deserializer};

use crate::domain::account::Account;
use crate::domain::nearest::nearest;

/// The configuration that holds when there is no file, with comments.
pub const DEFAULTS: &str = include_str!("../assets/config.toml");

/// The environment variable that names the book.
pub const BOOK_VARIABLE: &str = "CARDFILE_BOOK";

/// The longest that the trash can be told to keep what was deleted, in days.
const LONGEST_RETENTION: u32 = 36_500;

/// Where files are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The book.
    pub book: PathBuf,
    /// The folder for what belongs to books on servers; it need not be there.
    pub beside: PathBuf,
    /// `config.toml`; it need not be there.
    pub config: PathBuf,
    /// `keymap.toml`; it need not be there.
    pub keymap: PathBuf,
    /// `accounts.toml`, which `cardfile account add` writes; it need not be there.
    pub accounts: PathBuf,
}

/// What `config.toml` says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// How the terminal UI looks.
    pub look: Look,
    /// How deleting works.
    pub delete: Delete,
    /// What is kept for speed.
    pub speed: Speed,
    /// How the Unsubscribers are kept.
    pub unsubscribers: Unsubscribers,
    /// Whose contacts they are.
    pub contacts: Contacts,
    /// When what changed where live lists live is taken over.
    pub live: Live,
    /// Accounts whose address books are lists.
    pub account: Vec<Account>,
}

/// The section `[look]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Look {
    /// The theme.
    pub theme: Theme,
    /// Whether borders and signs are ASCII alone; if not, the locale decides.
    pub ascii: bool,
    /// Whether clicks and the wheel are taken.
    pub mouse: bool,
    /// How the end of a long job is told.
    pub tell: Tell,
}

impl Default for Look {
    fn default() -> Self {
        Self { theme: Theme::default(), ascii: false, mouse: true, tell: Tell::default() }
    }
}

/// How the end of a long job is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tell {
    /// Not at all.
    #[default]
    None,
    /// By the terminal's bell.
    Bell,
    /// By a notice of the terminal's own, by OSC 9.
    Osc9,
    /// By one with a title, by OSC 777.
    Osc777,
}

/// A theme of the terminal UI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Dark or light, as the terminal's background is.
    #[default]
    Auto,
    /// For a dark background.
    Dark,
    /// For a light background.
    Light,
    /// The terminal's own sixteen colours.
    Ansi16,
    /// Bold, reverse and underline alone.
    Mono,
}

/// The section `[delete]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Delete {
    /// How many days what was deleted waits in the trash; 0 to 36,500, 0: until it is erased by hand.
    #[serde(deserialize_with = "retention")]
    pub retention_days: u32,
}

impl Default for Delete {
    fn default() -> Self {
        Self { retention_days: 30 }
    }
}

fn retention<'de, D: Deserializer<'de>>(value: D) -> Result<u32, D::Error> {
    let days = i64::deserialize(value)?;
    let allowed = u32::try_from(days).ok().filter(|days| *days <= LONGEST_RETENTION);
    allowed.ok_or_else(|| {
        serde::de::Error::custom(format!("retention_days is a whole number from 0 to {LONGEST_RETENTION}"))
    })
}

/// The section `[speed]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Speed {
    /// Whether a large book's index is kept in a file beside it.
    pub index_file: bool,
}

impl Default for Speed {
    fn default() -> Self {
        Self { index_file: true }
    }
}

/// The section `[unsubscribers]`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Unsubscribers {
    /// The form that new entries are kept in.
    pub store: UnsubscriberStore,
}

/// How the address of somebody who asked not to be contacted is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnsubscriberStore {
    /// As it is.
    #[default]
    Plain,
    /// As a keyed hash, which nobody can read the address out of.
    Hash,
}

/// The section `[contacts]`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Contacts {
    /// As in which country phones are typed, by its two letters; none or empty: that of the locale.
    pub country: String,
}

/// The section `[live]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Live {
    /// Whether the terminal UI takes over what changed when it starts.
    pub pull_on_start: bool,
    /// After how many minutes it does so again; 0: never.
    pub pull_minutes: u32,
}

impl Default for Live {
    fn default() -> Self {
        Self { pull_on_start: true, pull_minutes: 15 }
    }
}

/// Something wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The file; empty where no file is concerned.
    pub file: PathBuf,
    /// Line and column, from 1; none where the whole file is meant.
    pub place: Option<(usize, usize)>,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.as_os_str().is_empty() {
            write!(f, "{}", self.file.display())?;
            if let Some((line, column)) = self.place {
                write!(f, ":{line}:{column}")?;
            }
            write!(f, ": ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigError {}

impl Paths {
    /// Finds the files: the book given on the command line, else the one that [`BOOK_VARIABLE`] names, else
    /// `cardfile/book.db` in the user's data folder; the rest in the user's configuration folder.
    pub fn find(book: Option<&Path>) -> Result<Self, ConfigError> {
        let variable = std::env::var_os(BOOK_VARIABLE);
        match etcetera::choose_base_strategy() {
            Ok(base) => Ok(Self::of(book, variable, &base.data_dir(), &base.config_dir())),
            Err(_) => Err(ConfigError {
                file: PathBuf::new(),
                place: None,
                message: "the home folder can't be found".to_owned(),
                hint: Some("set HOME".to_owned()),
            }),
        }
    }

    fn of(book: Option<&Path>, variable: Option<OsString>, data: &Path, config: &Path) -> Self {
        let named = || variable.filter(|name| !name.is_empty()).map(PathBuf::from);
        let config = config.join("cardfile");
        Self {
            book: book.map(Path::to_path_buf).or_else(named).unwrap_or_else(|| data.join("cardfile").join("book.db")),
            beside: data.join("cardfile").join("servers"),
            keymap: config.join("keymap.toml"),
            accounts: config.join("accounts.toml"),
            config: config.join("config.toml"),
        }
    }
}

impl Config {
    /// Reads `config.toml`; without one the defaults hold.
    pub fn read(file: &Path) -> Result<Self, ConfigError> {
        match std::fs::read_to_string(file) {
            Ok(text) => Self::parse(&text, file),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(ConfigError {
                file: file.to_path_buf(),
                place: None,
                message: format!("can't be read: {error}"),
                hint: None,
            }),
        }
    }

    /// Reads the text of a `config.toml`; the file's name is for the errors.
    pub fn parse(text: &str, file: &Path) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| ConfigError {
            file: file.to_path_buf(),
            place: error.span().map(|span| place(text, span.start)),
            message: error.message().trim_end().to_owned(),
            hint: suggestion(error.message()),
        })
    }
}

/// The known word that was meant, by what serde says of an unknown one: "unknown field `thme`, expected one of
/// `theme`, `ascii`". None where that names nothing near.
fn suggestion(message: &str) -> Option<String> {
    if !message.starts_with("unknown ") {
        return None;
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let word = quoted.next()?;
    nearest(word, quoted).map(|known| format!("did you mean {known}?"))
}

/// Line and column of a byte, from 1; columns count characters.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn wrong(text: &str, place: (usize, usize), message: &str, hint: Option<&str>) {
        let error = Config::parse(text, Path::new("config.toml")).unwrap_err();
        assert_eq!((error.place, error.message.as_str(), error.hint.as_deref()), (Some(place), message, hint));
    }

    #[test]
    fn the_commented_defaults_are_the_defaults_and_name_every_key() {
        assert_eq!(Config::parse(DEFAULTS, Path::new("config.toml")), Ok(Config::default()));
        for key in [
            "theme = ",
            "ascii = ",
            "mouse = ",
            "tell = ",
            "retention_days = ",
            "store = ",
            "index_file = ",
            "country = ",
            "pull_on_start = ",
            "pull_minutes = ",
        ] {
            assert!(DEFAULTS.contains(key), "{key}");
        }
        assert_eq!(Config::parse("", Path::new("config.toml")), Ok(Config::default()));
    }

    #[test]
    fn values_are_read() {
        let text = "[look]\ntheme = \"mono\"\nascii = true\nmouse = false\ntell = \"bell\"\n[delete]\nretention_days = 7\n[unsubscribers]\nstore = \"hash\"\n[speed]\nindex_file = false\n[contacts]\ncountry = \"GB\"\n";
        let config = Config::parse(text, Path::new("config.toml")).unwrap();
        assert_eq!(config.look, Look { theme: Theme::Mono, ascii: true, mouse: false, tell: Tell::Bell });
        assert_eq!((config.delete.retention_days, config.unsubscribers.store), (7, UnsubscriberStore::Hash));
        assert_eq!((config.speed.index_file, config.contacts.country.as_str()), (false, "GB"));
    }

    #[test]
    fn what_is_wrong_has_its_place_and_a_suggestion() {
        let keys = "expected one of `theme`, `ascii`, `mouse`, `tell`";
        wrong("[look]\n  thme = \"x\"", (2, 3), &format!("unknown field `thme`, {keys}"), Some("did you mean theme?"));
        wrong("[look]\nborder = 1", (2, 1), &format!("unknown field `border`, {keys}"), None);
        let sections = "expected one of `look`, `delete`, `speed`, `unsubscribers`, `contacts`, `live`, `account`";
        let section = format!("unknown field `lok`, {sections}");
        wrong("[lok]\ntheme = \"x\"", (1, 2), &section, Some("did you mean look?"));
        wrong("[other]", (1, 2), &format!("unknown field `other`, {sections}"), None);
        wrong("theme = \"x\"", (1, 1), &format!("unknown field `theme`, {sections}"), None);
        wrong("[look]\nascii = \"ja\"", (2, 9), "invalid type: string \"ja\", expected a boolean", None);
        let themes = "expected one of `auto`, `dark`, `light`, `ansi16`, `mono`";
        let drak = format!("unknown variant `drak`, {themes}");
        wrong("[look]\ntheme = \"drak\"", (2, 9), &drak, Some("did you mean dark?"));
        let hsh = "unknown variant `hsh`, expected `plain` or `hash`";
        wrong("[unsubscribers]\nstore = \"hsh\"", (2, 9), hsh, Some("did you mean hash?"));
        for days in ["36501", "-1"] {
            let text = format!("[delete]\nretention_days = {days}");
            wrong(&text, (2, 18), "retention_days is a whole number from 0 to 36500", None);
        }
        for days in ["1.5", "\"30\"", "true"] {
            let error = Config::parse(&format!("[delete]\nretention_days = {days}"), Path::new("c.toml")).unwrap_err();
            assert_eq!(error.place, Some((2, 18)), "{error}");
        }
        let error = Config::parse("[look]\nü = 1", Path::new("c.toml")).unwrap_err();
        assert_eq!(error.place.map(|(line, _)| line), Some(2));
        assert!(error.to_string().starts_with("c.toml:2:1: "), "{error}");
        let error = Config::parse("[look]\ntheme = \"a\"\ntheme = \"b\"", Path::new("c.toml")).unwrap_err();
        assert_eq!(error.place, Some((3, 1)), "{error}");
    }

    #[test]
    fn the_book_is_the_one_of_the_command_line_then_of_the_environment_then_of_the_data_folder() {
        let find = |book: Option<&str>, variable: Option<&str>| {
            Paths::of(book.map(Path::new), variable.map(OsString::from), Path::new("/data"), Path::new("/config"))
        };
        assert_eq!(find(Some("a.db"), Some("b.db")).book, Path::new("a.db"));
        assert_eq!(find(None, Some("b.db")).book, Path::new("b.db"));
        assert_eq!(find(None, Some("")).book, Path::new("/data/cardfile/book.db"));
        assert_eq!(find(None, None).config, Path::new("/config/cardfile/config.toml"));
    }
}
