//! The list of contacts within an object around it, as services answer: `{"total": 2, "results": [{...}, {...}]}`.
//!
//! Owns the words of such lists, and where their first element begins. Called by [`super::frame`]. It looks at the
//! beginning of a file alone, however long the list is.

use serde_json::Value;

use crate::formats::csv::columns;
use crate::formats::csv::target::Target;

/// What lists of contacts are called: by ourselves, by services, and by what lies around such lists.
#[rustfmt::skip]
const LISTS: [&str; 47] = [
    "contacts",
    "results",
    "value",
    "data",
    "items",
    "list",
    "records",
    "people",
    "members",
    "users",
    "customers",
    "subscribers",
    "connections",
    "entries",
    "elements",
    "edges",
    "nodes",
    "response",
    "result",
    "rows",
    "persons",
    "cards",
    "content",
    "objects",
    "_embedded", "d", "payload", "feed", "docs", "documents", "leads", "employees", "attendees", "participants", "guests",
    "recipients", "profiles", "accounts", "directory", "addressbook", "address_book", "vcards", "collection", "hits", "clients",
    "donors", "supporters",
];

/// What tables are called: lists whose elements are rows.
const TABLES: [&str; 2] = ["values", "table"];

/// What the names of a table's columns are called.
const HEADERS: [&str; 6] = ["columns", "header", "headers", "fields", "cols", "column_names"];

/// What an object begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Envelope {
    /// A list whose elements begin here, within so many objects.
    List {
        /// The bytes up to behind its bracket.
        at: usize,
        /// How many objects are open around it.
        depth: u32,
    },
    /// None: it is a contact by itself.
    None,
    /// What can only be told once more is read.
    More,
}

/// Looks for a list in the object that `data` begins with.
pub(super) fn find(data: &[u8]) -> Envelope {
    let (mut at, mut depth) = (1, 1);
    loop {
        at = behind(data, at, b",");
        let key = match data.get(at) {
            None => return Envelope::More,
            Some(b'"') => at + 1,
            // An object within closed, and the one around it goes on.
            Some(b'}') if depth > 1 => {
                (at, depth) = (at + 1, depth - 1);
                continue;
            }
            Some(_) => return Envelope::None,
        };
        let Some(end) = text_end(data, at) else { return Envelope::More };
        let key = String::from_utf8_lossy(&data[key..end - 1]).to_lowercase();
        at = behind(data, end, b":");
        let is_list = LISTS.contains(&key.as_str());
        match data.get(at) {
            None => return Envelope::More,
            Some(b'[') if is_list || TABLES.contains(&key.as_str()) => match data.get(behind(data, at + 1, b"")) {
                None => return Envelope::More,
                Some(b'[') => return Envelope::List { at: at + 1, depth },
                Some(b'{' | b']') if is_list => return Envelope::List { at: at + 1, depth },
                Some(_) => {}
            },
            // Whatever it is called: a list of people in what is none itself.
            Some(b'[') if depth == 1 && first_is_person(data, at + 1) && !is_person_behind(data, at) => {
                return Envelope::List { at: at + 1, depth };
            }
            Some(b'{') if is_list => {
                (at, depth) = (at + 1, depth + 1);
                continue;
            }
            Some(_) => {}
        }
        // Whoever has a name or an address is a contact, whatever lists stand in it.
        if depth == 1 && !is_list && is_person(&key) {
            return Envelope::None;
        }
        match value_end(data, at) {
            Some(end) => at = end,
            None => return Envelope::More,
        }
    }
}

/// The names of a table's columns, where the object says them before its rows, which begin behind `data`.
pub(super) fn header(data: &[u8]) -> Option<Vec<String>> {
    let mut at = 1;
    loop {
        at = behind(data, at, b",");
        let end = text_end(data, at).filter(|_| data.get(at) == Some(&b'"'))?;
        let key = String::from_utf8_lossy(&data[at + 1..end - 1]).to_lowercase();
        let begin = behind(data, end, b":");
        at = value_end(data, begin)?;
        if HEADERS.contains(&key.as_str()) {
            let names: Vec<Value> = serde_json::from_slice(&data[begin..at]).ok()?;
            return names.iter().map(column).collect();
        }
    }
}

/// The name of a column: a text, or an object that has one.
fn column(value: &Value) -> Option<String> {
    let named = |key: &str| value.get(key).and_then(Value::as_str);
    let name = value.as_str().or_else(|| ["name", "label", "title", "key", "id"].into_iter().find_map(named));
    name.map(str::to_owned)
}

/// Whether the first element of the list that begins here is an object with an address or a phone of somebody.
fn first_is_person(data: &[u8], at: usize) -> bool {
    let at = behind(data, at, b"");
    data.get(at) == Some(&b'{') && keys(data, at + 1).any(|key| is_reachable(&key))
}

/// Whether the object goes on, behind the value that begins here, with something that only a contact has.
fn is_person_behind(data: &[u8], at: usize) -> bool {
    value_end(data, at).is_some_and(|end| keys(data, end).any(|key| is_person(&key)))
}

/// The keys of an object from here on, as far as they are at hand.
fn keys(data: &[u8], mut at: usize) -> impl Iterator<Item = String> {
    std::iter::from_fn(move || {
        at = behind(data, at, b",");
        if data.get(at) != Some(&b'"') {
            return None;
        }
        let end = text_end(data, at)?;
        let key = String::from_utf8_lossy(&data[at + 1..end - 1]).to_lowercase();
        at = behind(data, end, b":");
        // A value that goes on beyond what is at hand is the last.
        at = value_end(data, at).unwrap_or(data.len());
        Some(key)
    })
}

/// Whether a key holds a way to reach somebody.
fn is_reachable(key: &str) -> bool {
    let is = |key: &str| {
        columns::meaning(key).is_some_and(|meaning| matches!(meaning.target, Target::Email | Target::Phone))
    };
    matches!(key, "emails" | "phones") || is(key)
}

/// Behind the blanks, and these bytes, that stand here.
fn behind(data: &[u8], at: usize, passed: &[u8]) -> usize {
    let rest = data.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| byte.is_ascii_whitespace() || passed.contains(byte)).count()
}

/// Behind the text that begins here, if it ends.
fn text_end(data: &[u8], begin: usize) -> Option<usize> {
    let mut at = begin + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', data.get(at..)?)?;
        if data[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// Behind the value that begins here, if it ends.
fn value_end(data: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_u32;
    loop {
        match data.get(at)? {
            b'"' => {
                at = text_end(data, at)?;
                if depth == 0 {
                    return Some(at);
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' | b',' if depth == 0 => return Some(at),
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// Whether only a contact has a key like this.
fn is_person(key: &str) -> bool {
    matches!(key, "emails" | "phones" | "addresses") || columns::meaning(key).is_some_and(|meaning| {
        matches!(meaning.target, Target::Email | Target::Phone)
            || matches!(meaning.target, Target::Slot(slot) if slot.row().name != "title" && slot.row().name != "source")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands behind the bracket of the list, and the depth.
    fn list(text: &str) -> Option<(&str, u32)> {
        match find(text.as_bytes()) {
            Envelope::List { at, depth } => Some((&text[at..], depth)),
            Envelope::None | Envelope::More => None,
        }
    }

    #[test]
    fn a_list_is_found_by_what_it_is_called() {
        assert_eq!(list(r#"{"total": 9, "paging": {"a": ["}"]}, "Results": [ {"x"#), Some((" {\"x", 1)));
        assert_eq!(list(r#"{"about":"\"","data":{"title":"t","people":{"list":[]}}}"#), Some(("]}}}", 3)));
        assert_eq!(list(r#"{"data":{"n":1},"items":[{}]}"#), Some(("{}]}", 1)));
        assert_eq!(list(r#"{"ok":true,"staff":[{"email":"a"}],"n":1}"#), Some((r#"{"email":"a"}],"n":1}"#, 1)));
    }

    #[test]
    fn a_contact_with_lists_is_none() {
        for text in [
            r#"{"name":"Acme","contacts":[{"name":"Ann"}]}"#,
            r#"{"emails":[{"value":"a@b.example"}],"data":[{}]}"#,
            r#"{"first_name":"Ann","list":[{}]}"#,
            r#"{"items":["a"],"shoe":1}"#,
            r#"{"id":1,"spouses":[{"email":"a"}],"first_name":"Ann"}"#,
            r#"{"id":1,"orders":[{"name":"a lamp"}]}"#,
            "{}",
        ] {
            assert_eq!(find(text.as_bytes()), Envelope::None, "{text}");
        }
        assert_eq!(find(br#"{"total": 1, "contacts": "#), Envelope::More);
    }
}
