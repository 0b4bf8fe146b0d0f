//! Picking a file: a path that is typed, and the contact files of its folder below it.
//!
//! Used by the window of an import. It lists no folder: what is in one is asked for by an effect.

use crate::tui::app::event::{Folder, FolderEntry, Ticket};
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::widgets::fuzzy::Fuzzy;
use crate::tui::widgets::list_cursor::moved;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::verdict::Verdict;

/// What is typed, and what is there.
#[derive(Debug, Clone, Default)]
pub struct Choosing {
    /// The path.
    pub path: Line,
    /// The folder that was asked for last, as far as it was answered.
    pub folder: Folder,
    /// Its entries that are like what is typed, the best first: which, and the characters that were found.
    pub found: Vec<(usize, Vec<usize>)>,
    /// The entry under the cursor.
    pub cursor: usize,
    /// Why the last key did nothing, or why the folder can't be read.
    pub note: Option<String>,
    asked: Option<(Ticket, String)>,
    answered: bool,
    /// Whether the path was pasted, and so is meant as it stands.
    pasted: bool,
    /// What was pressed before the folder was read: done once it is.
    waiting: Option<Action>,
}

impl Choosing {
    /// Takes a key that means `action` here.
    pub fn press(&mut self, key: Key, action: Option<Action>, page: usize) -> Verdict<String> {
        self.note = None;
        self.waiting = None;
        match action {
            Some(Action::Back) => return Verdict::Close,
            Some(wait @ (Action::Accept | Action::Complete)) if self.is_reading() && !self.pasted => {
                self.waiting = Some(wait);
            }
            Some(Action::Accept) => return self.accept(),
            Some(Action::Complete) => self.complete(),
            Some(action @ (Action::Up | Action::Down | Action::PageUp | Action::PageDown)) => {
                self.cursor = moved(action, self.cursor, page, self.found.len().saturating_sub(1));
            }
            _ if self.path.press(key, action) => {
                self.pasted &= key.typed().is_none();
                self.narrow();
            }
            _ => {}
        }
        Verdict::Open
    }

    /// Takes a pasted path as terminals and file managers write it: quoted, escaped, as an address.
    pub fn paste(&mut self, text: &str) {
        self.pasted = true;
        let text = text.trim();
        let bare = ['\'', '"'].iter().find_map(|q| text.strip_prefix(*q).and_then(|text| text.strip_suffix(*q)));
        let plain = match (bare, text.strip_prefix("file://")) {
            (Some(bare), _) => bare.to_owned(),
            (None, Some(path)) => path.replace("%20", " "),
            (None, None) => text.replace("\\ ", " "),
        };
        self.note = None;
        self.path.paste(&plain);
        self.narrow();
    }

    /// The entry under the cursor, unless its folder is another one than what is typed.
    pub fn current(&self) -> Option<&FolderEntry> {
        self.found.get(self.cursor).and_then(|(at, _)| self.folder.entries.get(*at))
    }

    /// Whether the folder is still being read.
    pub fn is_reading(&self) -> bool {
        !self.is_there()
    }

    /// The folder to ask for, where it has to be.
    pub fn wants(&self) -> Option<String> {
        let folder = self.typed_folder();
        let asked = self.asked.as_ref().is_some_and(|(_, asked)| *asked == folder);
        (!asked && !self.is_there()).then(|| folder.to_owned())
    }

    /// Notes that a folder was asked for.
    pub fn ask(&mut self, ticket: Ticket, folder: String) {
        self.asked = Some((ticket, folder));
        (self.found, self.cursor) = (Vec::new(), 0);
    }

    /// Takes a folder; one to an older question is dropped. Answers what was meant by the key that waited for it.
    pub fn take(&mut self, ticket: Ticket, answer: Result<Folder, String>) -> Verdict<String> {
        let Some((_, path)) = self.asked.take_if(|(asked, _)| *asked == ticket) else { return Verdict::Open };
        self.answered = true;
        self.folder = answer.unwrap_or_else(|why| {
            self.note = Some(why);
            Folder { path, entries: Vec::new() }
        });
        self.narrow();
        match self.waiting.take() {
            Some(Action::Accept) => return self.accept(),
            Some(_) => self.complete(),
            None => {}
        }
        Verdict::Open
    }

    /// Types the rest of the name under the cursor.
    fn complete(&mut self) {
        if let Some(entry) = self.current() {
            let path = format!("{}{}", self.typed_folder(), entry.name);
            self.path.set(&path);
            self.narrow();
        }
    }

    fn is_there(&self) -> bool {
        self.answered && self.folder.path == self.typed_folder()
    }

    fn accept(&mut self) -> Verdict<String> {
        let text = self.path.text().trim().to_owned();
        let folder = self.typed_folder().to_owned();
        let name = &text[folder.len().min(text.len())..];
        let same = |entry: &&FolderEntry| entry.name.trim_end_matches('/') == name && !name.is_empty();
        let exact = self.folder.entries.iter().find(same).filter(|_| self.is_there());
        match exact.or_else(|| self.current()).cloned() {
            Some(entry) if entry.size.is_none() => {
                self.path.set(&format!("{folder}{}", entry.name));
                self.narrow();
                Verdict::Open
            }
            Some(entry) => Verdict::Do(format!("{folder}{}", entry.name)),
            None if name.is_empty() => {
                self.note = Some("Type the name of a file first.".to_owned());
                Verdict::Open
            }
            None => Verdict::Do(text),
        }
    }

    /// What is typed up to the name: the folder.
    fn typed_folder(&self) -> &str {
        let text = self.path.text();
        text.rfind('/').map_or("", |at| &text[..=at])
    }

    /// Narrows the entries to what is like the name that is typed.
    fn narrow(&mut self) {
        (self.found, self.cursor) = (Vec::new(), 0);
        if !self.is_there() {
            return;
        }
        let fuzzy = Fuzzy::new(self.path.text()[self.typed_folder().len()..].trim());
        let each = self.folder.entries.iter().enumerate();
        let mut scored: Vec<(i64, usize, Vec<usize>)> =
            each.filter_map(|(at, entry)| fuzzy.find(&entry.name).map(|(score, places)| (score, at, places))).collect();
        scored.sort_by_key(|(score, at, _)| (std::cmp::Reverse(*score), *at));
        self.found = scored.into_iter().map(|(_, at, places)| (at, places)).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::input::key::Code;

    fn choosing(entries: &[(&str, Option<u64>)]) -> Choosing {
        let mut choosing = Choosing::default();
        choosing.ask(Ticket(1), choosing.wants().expect("a folder"));
        let entry =
            |(name, size): &(&str, Option<u64>)| FolderEntry { name: (*name).to_owned(), size: *size, changed: None };
        choosing.take(Ticket(1), Ok(Folder { path: String::new(), entries: entries.iter().map(entry).collect() }));
        choosing
    }

    fn press(choosing: &mut Choosing, action: Action) -> Verdict<String> {
        choosing.press(Key::plain(Code::Enter), Some(action), 10)
    }

    #[test]
    fn typing_narrows_tab_completes_and_a_folder_is_gone_into() {
        let mut choosing = choosing(&[("google.csv", Some(9)), ("outlook.csv", Some(9)), ("old/", None)]);
        "ol".chars().for_each(|c| {
            choosing.press(Key::plain(Code::Char(c)), None, 10);
        });
        choosing.path.set("old");
        choosing.narrow();
        assert_eq!(press(&mut choosing, Action::Complete), Verdict::Open);
        assert_eq!((choosing.path.text(), choosing.wants().as_deref()), ("old/", Some("old/")));
    }

    #[test]
    fn enter_waits_for_the_folder_that_was_typed() {
        let mut choosing = choosing(&[("google.csv", Some(9))]);
        "~/go".chars().for_each(|c| {
            choosing.press(Key::plain(Code::Char(c)), None, 10);
        });
        choosing.ask(Ticket(2), choosing.wants().expect("another folder"));
        assert_eq!(press(&mut choosing, Action::Accept), Verdict::Open);
        let entries = vec![FolderEntry { name: "gone.csv".to_owned(), size: Some(9), changed: None }];
        let answer = choosing.take(Ticket(2), Ok(Folder { path: "~/".to_owned(), entries }));
        assert_eq!(answer, Verdict::Do("~/gone.csv".to_owned()));
    }

    #[test]
    fn a_pasted_path_is_taken_as_it_is() {
        for (pasted, meant) in [
            ("'/tmp/a b.csv'", "/tmp/a b.csv"),
            ("/tmp/a\\ b.csv\n", "/tmp/a b.csv"),
            ("file:///tmp/a%20b.csv", "/tmp/a b.csv"),
        ] {
            let mut choosing = choosing(&[("google.csv", Some(9))]);
            choosing.paste(pasted);
            assert_eq!(press(&mut choosing, Action::Accept), Verdict::Do(meant.to_owned()));
        }
    }

    #[test]
    fn nothing_typed_and_nothing_there_is_no_file() {
        let mut choosing = choosing(&[]);
        assert_eq!(press(&mut choosing, Action::Accept), Verdict::Open);
        assert!(choosing.note.is_some());
    }
}
