//! What can be picked over the window of an import, and what picking it changes.

use crate::domain::field::CustomFields;
use crate::engine::answer::{Format, Target};
use crate::tui::windows::import::Importing;
use crate::tui::windows::import::picking::{ImportChoice, Picking, entry};
use crate::tui::windows::picker::{Choice, Entry};

/// The encodings that exports come in, and who writes them.
const ENCODINGS: [(&str, &str); 14] = [
    ("utf-8", "nearly everybody"),
    ("utf-16le", "Excel's Unicode text, some phones"),
    ("utf-16be", "some older programs"),
    ("windows-1252", "Western Europe on Windows"),
    ("windows-1250", "Central Europe on Windows"),
    ("windows-1251", "Cyrillic on Windows"),
    ("iso-8859-1", "Western Europe"),
    ("iso-8859-2", "Central Europe"),
    ("iso-8859-15", "Western Europe with the euro sign"),
    ("macintosh", "older Macs"),
    ("shift_jis", "Japanese phones and Windows"),
    ("gbk", "Simplified Chinese"),
    ("big5", "Traditional Chinese"),
    ("euc-kr", "Korean"),
];

/// What fields are whose word says too little.
const NOTES: [(&str, &str); 13] = [
    ("ignore", "leaves the column out"),
    ("name", "the full name"),
    ("first", "given name"),
    ("last", "family name"),
    ("prefix", "before the name: Dr."),
    ("suffix", "behind the name: Jr."),
    ("email-tag", "what the email is for: home, work"),
    ("phone-tag", "what the phone is for"),
    ("address", "a whole postal address in one cell"),
    ("label", "labels, several in a cell"),
    ("active", "when they were last active"),
    ("subscription", "whether they want mail"),
    ("status", "subscribed, unsubscribed, bounced, ..."),
];

impl Importing {
    /// A picker for this; `lists` are those that contacts can be put into.
    pub fn offer(&self, what: ImportChoice, lists: &[String], vocabulary: &CustomFields) -> Picking {
        let request = &self.request;
        let (title, entries, now) = match what {
            ImportChoice::Field(column) => {
                let now = self.field(column).map(|field| if field.is_empty() { "ignore".into() } else { field });
                ("Which field?", fields(vocabulary), now)
            }
            ImportChoice::List => {
                let lists = lists.iter().map(|name| entry(name, "", name)).collect();
                ("Into which list?", lists, Some(request.list.clone().unwrap_or_else(|| "Contacts".into())))
            }
            ImportChoice::Format => {
                let mut formats = vec![entry("as detected", "", "")];
                formats.extend(Format::readable().map(|format| {
                    let (name, about) = format.read_as().unwrap_or_default();
                    entry(name, about, format.word())
                }));
                ("Which format?", formats, Some(request.format.map(Format::word).unwrap_or_default().into()))
            }
            ImportChoice::Encoding => {
                let mut all = vec![entry("as detected", "", "")];
                all.extend(ENCODINGS.iter().map(|(name, note)| entry(name, note, name)));
                ("Which encoding?", all, Some(request.encoding.clone().unwrap_or_default()))
            }
            ImportChoice::Failed => {
                let beside = self.failed_name();
                let entries = vec![
                    entry("not saved", "the job's window lists them all the same", ""),
                    entry(&beside, "beside the file; mended, it imports again", &beside),
                ];
                let now = request.failed.as_ref().map(|path| path.to_string_lossy().into_owned());
                ("Where are failed rows saved?", entries, Some(now.unwrap_or_default()))
            }
        };
        let is_now = |entry: &Entry| matches!((&entry.choice, &now), (Choice::Text(text), Some(now)) if text == now);
        let at = entries.iter().position(is_now).unwrap_or(0);
        Picking::new(what, title, entries, at)
    }

    /// Does what was picked.
    pub fn apply(&mut self, picking: &Picking) {
        let Some(text) = picking.chosen() else { return };
        let some = (!text.is_empty()).then(|| text.to_owned());
        match picking.what {
            ImportChoice::Field(column) => self.map(column, text),
            ImportChoice::List => self.request.list = some,
            ImportChoice::Format => self.request.format = Format::from_word(text),
            ImportChoice::Encoding => self.request.encoding = some,
            ImportChoice::Failed => self.request.failed = some.map(Into::into),
        }
        self.changed();
    }
}

/// Every field that a column can go into: the book's own behind the others.
fn fields(vocabulary: &CustomFields) -> Vec<Entry> {
    let note = |word: &str| NOTES.iter().find(|(known, _)| *known == word).map_or("", |(_, note)| *note);
    let mut all: Vec<Entry> = Target::words().map(|word| entry(word, note(word), word)).collect();
    all.extend(vocabulary.custom.keys().map(|name| {
        let word = format!("x.{name}");
        entry(&word, "a custom field of the book", &word)
    }));
    all
}
