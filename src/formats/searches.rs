//! Saved searches as a text file that a person can read and edit: TOML, one `[[search]]` each.
//!
//! Pure: text in, values out. Called by the engine, which opens the files. Whether a query
//! line means anything is for the engine to judge; a [`Place`] says where in the file it is.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What a file begins with.
const HEAD: &str = "\
# Saved searches of cardfile. Each has a name, a line as it is typed into the search, and maybe a note.
# To bring them into a book: cardfile search import FILE
";

/// A saved search of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchEntry {
    /// Its name.
    pub name: String,
    /// Its query line.
    pub line: String,
    /// What it is for.
    pub note: String,
    /// Where its query line stands; nothing in what is written.
    pub place: Place,
}

/// A place in a file: line and column, both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// A file that holds no saved searches.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {}, column {}: {message}", place.line, place.column)]
pub struct SearchesError {
    /// Where.
    pub place: Place,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// Writes them as a file.
pub fn write_searches<'a>(searches: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let mut out = HEAD.to_owned();
    for (name, line, note) in searches {
        out.push_str("\n[[search]]\n");
        let note = Some(note).filter(|note| !note.is_empty());
        let rows = [("name", Some(name)), ("line", Some(line)), ("note", note)];
        for (key, text) in rows {
            if let Some(text) = text {
                out.extend([key, " = ", &quoted(text), "\n"]);
            }
        }
    }
    out
}

/// Reads a file: all of it, or the first thing that is wrong with it.
pub fn read_searches(text: &str) -> Result<Vec<SearchEntry>, SearchesError> {
    let wrong = |at: usize, message: &str| SearchesError { place: place(text, at), message: message.to_owned() };
    let file = DeTable::parse(text)
        .map_err(|error| wrong(error.span().map_or(0, |span| span.start), error.message().trim()))?;
    let mut entries: Vec<SearchEntry> = Vec::new();
    for (key, value) in file.get_ref() {
        let at = key.span().start;
        if key.get_ref() != "search" {
            return Err(wrong(at, &format!("{:?} is not known here; searches stand in [[search]]", key.get_ref())));
        }
        let Some(list) = value.get_ref().as_array() else {
            return Err(wrong(at, "searches stand in [[search]], with two brackets"));
        };
        for item in list {
            let Some(table) = item.get_ref().as_table() else {
                return Err(wrong(item.span().start, "a search is a name and a line"));
            };
            let entry = entry(table, text, item.span().start)?;
            if entries.iter().any(|known| known.name.to_lowercase() == entry.name.to_lowercase()) {
                return Err(wrong(item.span().start, &format!("there are two searches called {}", entry.name)));
            }
            entries.push(entry);
        }
    }
    Ok(entries)
}

fn entry(table: &DeTable<'_>, text: &str, at: usize) -> Result<SearchEntry, SearchesError> {
    let wrong = |at: usize, message: String| SearchesError { place: place(text, at), message };
    let (mut name, mut line, mut note) = (None, None, None);
    for (key, value) in table {
        let said = said(value).map_err(|message| wrong(value.span().start, message))?;
        match key.get_ref().as_ref() {
            "name" => name = Some(said),
            "line" => line = Some((said, value.span().start)),
            "note" => note = Some(said),
            other => {
                let message = format!("{other:?} is not known here; a search has a name, a line and a note");
                return Err(wrong(key.span().start, message));
            }
        }
    }
    let missing = |what: &str| wrong(at, format!("a search without a {what}"));
    let name = name.filter(|name| !name.trim().is_empty()).ok_or_else(|| missing("name"))?;
    let (line, from) = line.filter(|(line, _)| !line.trim().is_empty()).ok_or_else(|| missing("line"))?;
    // Where nothing is escaped, the text begins behind its quotes.
    let quotes = text.get(from..).and_then(|rest| rest.find(&line)).filter(|quotes| *quotes <= 4).unwrap_or(0);
    Ok(SearchEntry {
        name: name.trim().to_owned(),
        line,
        note: note.unwrap_or_default(),
        place: place(text, from + quotes),
    })
}

fn said(value: &Spanned<DeValue<'_>>) -> Result<String, String> {
    match value.get_ref().as_str() {
        Some(text) => Ok(text.to_owned()),
        None => Err("this must be text, in quotes".to_owned()),
    }
}

fn place(text: &str, at: usize) -> Place {
    let before = text.get(..at).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    Place { line: before.matches('\n').count() + 1, column: before[start..].chars().count() + 1 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(all in proptest::collection::vec((any::<String>(), any::<String>(), any::<String>()), 0..6)) {
            let mut all: Vec<(String, String, String)> = all;
            let mut seen = std::collections::HashSet::new();
            all.retain(|(name, line, _)| {
                !name.trim().is_empty() && !line.trim().is_empty() && seen.insert(name.trim().to_lowercase())
            });
            let text = write_searches(all.iter().map(|(name, line, note)| (name.trim(), line.as_str(), note.as_str())));
            let read = read_searches(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
            let read: Vec<(String, String, String)> =
                read.into_iter().map(|entry| (entry.name, entry.line, entry.note)).collect();
            let wanted: Vec<(String, String, String)> =
                all.into_iter().map(|(name, line, note)| (name.trim().to_owned(), line, note)).collect();
            prop_assert_eq!(read, wanted);
        }

        #[test]
        fn any_text_is_searches_or_an_error(text in any::<String>()) {
            let _ = read_searches(&text);
        }
    }

    #[test]
    fn a_file_is_text_that_a_person_can_edit() {
        let text = write_searches([("Old \"ones\"", "email$=@old.com -label:\"a b\"", "they moved"), ("b", "all", "")]);
        let wanted = "\n[[search]]\nname = 'Old \"ones\"'\nline = 'email$=@old.com -label:\"a b\"'\nnote = \"they moved\"\n\
                      \n[[search]]\nname = \"b\"\nline = \"all\"\n";
        assert_eq!(text.strip_prefix(HEAD), Some(wanted));
        let read = read_searches(&text).expect("reads");
        assert_eq!(read[0].place, Place { line: 6, column: 9 });
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (text, line, column, part) in [
            ("[[search]]\nname = \"a\"\nline = all\n", 3, 8, ""),
            ("[[search]]\nname = 1\n", 2, 8, "in quotes"),
            ("[[search]]\nname = \"a\"\nlnie = \"all\"\n", 3, 1, "\"lnie\" is not known"),
            ("\n[[search]]\nname = \"a\"\n", 2, 1, "without a line"),
            ("[search]\nname = \"a\"\n", 1, 2, "two brackets"),
            ("x = 1\n", 1, 1, "\"x\" is not known"),
            ("[[search]]\nname=\"a\"\nline=\"b\"\n[[search]]\nname=\"A\"\nline=\"b\"\n", 4, 1, "two searches called A"),
        ] {
            let error = read_searches(text).expect_err(text);
            assert_eq!((error.place.line, error.place.column), (line, column), "{text}: {error}");
            assert!(error.message.contains(part), "{error}");
        }
    }
}
