//! The configuration: where files are, and `config.toml` as plain sections.
//!
//! Read by main alone, which hands each part to whom it concerns. It imports nothing of the crate, and
//! never writes a file. What is wrong in a file is an error with its line and column.

use std::ffi::OsString;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The configuration that holds when there is no file, with comments.
pub const DEFAULTS: &str = include_str!("../assets/config.toml");

/// The environment variable that names the book.
pub const BOOK_VARIABLE: &str = "CARDFILE_BOOK";

/// The themes that `[look]` can name.
pub const THEMES: [&str; 5] = ["auto", "dark", "light", "ansi16", "mono"];

/// The forms that `[unsubscribers]` can name.
pub const STORES: [&str; 2] = ["plain", "hash"];

/// The sections there are.
const SECTIONS: [&str; 4] = ["look", "delete", "unsubscribers", "speed"];

/// Where files are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The book.
    pub book: PathBuf,
    /// `config.toml`; it need not be there.
    pub config: PathBuf,
    /// `keymap.toml`; it need not be there.
    pub keymap: PathBuf,
}

/// What `config.toml` says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// How the terminal UI looks.
    pub look: Look,
    /// How deleting works.
    pub delete: Delete,
    /// What is kept for speed.
    pub speed: Speed,
    /// How the Unsubscribers are kept.
    pub unsubscribers: Unsubscribers,
}

/// The section `[look]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The theme's name; `auto` follows the terminal's background.
    pub theme: String,
    /// Whether borders and signs are ASCII alone; if not, the locale decides.
    pub ascii: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { theme: "auto".to_owned(), ascii: false }
    }
}

/// The section `[delete]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delete {
    /// How many days what was deleted waits in the trash; 0 to 36,500, 0: until it is erased by hand.
    pub retention_days: u32,
}

impl Default for Delete {
    fn default() -> Self {
        Self { retention_days: 30 }
    }
}

/// The section `[speed]`.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsubscribers {
    /// The form that new entries are kept in, one of [`STORES`].
    pub store: String,
}

impl Default for Unsubscribers {
    fn default() -> Self {
        Self { store: STORES[0].to_owned() }
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
            keymap: config.join("keymap.toml"),
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
        let fail = |Wrong { span, message, hint }: Wrong| ConfigError {
            file: file.to_path_buf(),
            place: span.map(|span| place(text, span.start)),
            message,
            hint,
        };
        let sections = DeTable::parse(text).map_err(|error| {
            fail(Wrong { span: error.span(), message: error.message().trim_end().to_owned(), hint: None })
        })?;
        let mut config = Self::default();
        for (name, value) in sections.get_ref() {
            let section = |known: &[&str]| unknown("section", name, known);
            let DeValue::Table(keys) = value.get_ref() else {
                return Err(fail(section(&SECTIONS)));
            };
            for (key, value) in keys {
                match (name.get_ref().as_ref(), key.get_ref().as_ref()) {
                    ("look", "theme") => config.look.theme = word_of(key, value, &THEMES).map_err(fail)?,
                    ("look", "ascii") => config.look.ascii = flag_of(key, value).map_err(fail)?,
                    ("look", _) => return Err(fail(unknown("key", key, &["theme", "ascii"]))),
                    ("delete", "retention_days") => {
                        config.delete.retention_days = number_of(key, value, 0..36_501).map_err(fail)?;
                    }
                    ("delete", _) => return Err(fail(unknown("key", key, &["retention_days"]))),
                    ("speed", "index_file") => config.speed.index_file = flag_of(key, value).map_err(fail)?,
                    ("speed", _) => return Err(fail(unknown("key", key, &["index_file"]))),
                    ("unsubscribers", "store") => {
                        config.unsubscribers.store = word_of(key, value, &STORES).map_err(fail)?;
                    }
                    ("unsubscribers", _) => return Err(fail(unknown("key", key, &["store"]))),
                    (_, _) => return Err(fail(section(&SECTIONS))),
                }
            }
            if !SECTIONS.contains(&name.get_ref().as_ref()) {
                return Err(fail(section(&SECTIONS)));
            }
        }
        Ok(config)
    }
}

/// What is wrong, with its place in bytes.
struct Wrong {
    span: Option<Range<usize>>,
    message: String,
    hint: Option<String>,
}

type Key<'a> = Spanned<std::borrow::Cow<'a, str>>;

fn word_of(key: &Key<'_>, value: &Spanned<DeValue<'_>>, known: &[&str]) -> Result<String, Wrong> {
    let Some(word) = value.get_ref().as_str() else { return Err(mistyped(key, value, "a text in quotes")) };
    if known.contains(&word) {
        return Ok(word.to_owned());
    }
    let message = format!("there is no {} {word:?}", key.get_ref());
    Err(Wrong { span: Some(value.span()), message, hint: Some(suggestion(word, known)) })
}

fn flag_of(key: &Key<'_>, value: &Spanned<DeValue<'_>>) -> Result<bool, Wrong> {
    value.get_ref().as_bool().ok_or_else(|| mistyped(key, value, "true or false"))
}

fn number_of(key: &Key<'_>, value: &Spanned<DeValue<'_>>, range: Range<u32>) -> Result<u32, Wrong> {
    let wanted = format!("a whole number from {} to {}", range.start, range.end - 1);
    value
        .get_ref()
        .as_integer()
        .and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok())
        .filter(|number| range.contains(number))
        .ok_or_else(|| mistyped(key, value, &wanted))
}

fn mistyped(key: &Key<'_>, value: &Spanned<DeValue<'_>>, wanted: &str) -> Wrong {
    Wrong { span: Some(value.span()), message: format!("{} is {wanted}", key.get_ref()), hint: None }
}

fn unknown(what: &str, name: &Key<'_>, known: &[&str]) -> Wrong {
    let message = format!("unknown {what} {:?}", name.get_ref());
    Wrong { span: Some(name.span()), message, hint: Some(suggestion(name.get_ref(), known)) }
}

/// The known word that was meant, or all of them.
fn suggestion(word: &str, known: &[&str]) -> String {
    match known.iter().min_by_key(|known| distance(word, known)) {
        Some(nearest) if distance(word, nearest) <= 2 => format!("did you mean {nearest}?"),
        _ => format!("known are: {}", known.join(", ")),
    }
}

/// How many characters have to be added, removed or changed to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, c) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, d) in other.iter().enumerate() {
            let changed = diagonal + usize::from(c != *d);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
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
        for key in ["theme = ", "ascii = ", "retention_days = ", "store = ", "index_file = "] {
            assert!(DEFAULTS.contains(key), "{key}");
        }
        assert_eq!(Config::parse("", Path::new("config.toml")), Ok(Config::default()));
    }

    #[test]
    fn values_are_read() {
        let text = "[look]\ntheme = \"mono\"\nascii = true\n[delete]\nretention_days = 7\n[unsubscribers]\nstore = \"hash\"\n[speed]\nindex_file = false\n";
        let config = Config::parse(text, Path::new("config.toml")).unwrap();
        assert_eq!(config.look, Look { theme: "mono".into(), ascii: true });
        assert_eq!((config.delete.retention_days, config.unsubscribers.store.as_str()), (7, "hash"));
        assert!(!config.speed.index_file);
    }

    #[test]
    fn what_is_wrong_has_its_place_and_a_suggestion() {
        wrong("[look]\n  thme = \"x\"", (2, 3), "unknown key \"thme\"", Some("did you mean theme?"));
        wrong("[look]\nborder = 1", (2, 1), "unknown key \"border\"", Some("known are: theme, ascii"));
        wrong("[lok]\ntheme = \"x\"", (1, 2), "unknown section \"lok\"", Some("did you mean look?"));
        let known = Some("known are: look, delete, unsubscribers, speed");
        wrong("[other]", (1, 2), "unknown section \"other\"", known);
        wrong("theme = \"x\"", (1, 1), "unknown section \"theme\"", known);
        wrong("[look]\nascii = \"ja\"", (2, 9), "ascii is true or false", None);
        wrong("[look]\ntheme = \"drak\"", (2, 9), "there is no theme \"drak\"", Some("did you mean dark?"));
        wrong("[unsubscribers]\nstore = \"hsh\"", (2, 9), "there is no store \"hsh\"", Some("did you mean hash?"));
        wrong("[look]\ntheme = 3", (2, 9), "theme is a text in quotes", None);
        for days in ["36501", "-1", "1.5", "\"30\""] {
            let text = format!("[delete]\nretention_days = {days}");
            wrong(&text, (2, 18), "retention_days is a whole number from 0 to 36500", None);
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
