//! Addresses that are given as a file or on the standard input: one a line, or as mail programs write them.
//!
//! Used wherever contacts are selected, and by `unsubscribe`. What holds no address is an error with its line: a
//! list that is read only in part would mean other contacts than the one that was given.

use std::io::Read as _;
use std::path::Path;

use super::exit::Failure;
use crate::api::ApiError;
use crate::domain::mailboxes::mailboxes;

/// The addresses of a file; `-` is the standard input.
pub(super) fn read(file: &Path) -> Result<Vec<String>, ApiError> {
    let is_stdin = file.as_os_str() == "-";
    let name = if is_stdin { "the standard input".to_owned() } else { file.display().to_string() };
    let mut bytes = Vec::new();
    let read = if is_stdin {
        std::io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::File::open(file).and_then(|mut file| file.read_to_end(&mut bytes)).map(drop)
    };
    read.map_err(|why| Failure::bad_input(format!("{name} can't be read ({why}); nothing was changed")))?;
    let addresses = of(&String::from_utf8_lossy(&bytes)).map_err(|(line, text)| {
        let said = format!("{name}, line {line}: \u{201c}{text}\u{201d} is not an address; nothing was changed");
        Failure::bad_input(said).hint("one address a line; a line that begins with # is passed over")
    })?;
    if addresses.is_empty() {
        return Err(Failure::bad_input(format!("{name} holds no address; nothing was changed")));
    }
    Ok(addresses)
}

/// The addresses of a text, each once; else the first line that holds none. A first line without any @ names the
/// column.
fn of(text: &str) -> Result<Vec<String>, (usize, String)> {
    let mut addresses: Vec<String> = Vec::new();
    let text = text.trim_start_matches('\u{feff}');
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        let names_the_column = at == 0 && !line.contains('@');
        if line.is_empty() || line.starts_with('#') || names_the_column {
            continue;
        }
        let found = mailboxes(line);
        if found.is_empty() {
            return Err((at + 1, line.to_owned()));
        }
        addresses.extend(found.into_iter().map(|mailbox| mailbox.address));
    }
    let mut seen = std::collections::HashSet::new();
    addresses.retain(|address| seen.insert(address.to_lowercase()));
    Ok(addresses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_people_and_programs_write_them() {
        let text =
            "\u{feff}Email\n# from the newsletter\na@x.example\n\nBo Roe <bo@y.example>; c@z.example\nA@X.example\r\n";
        assert_eq!(of(text), Ok(vec!["a@x.example".into(), "bo@y.example".into(), "c@z.example".into()]));
        assert_eq!(of(""), Ok(Vec::new()));
    }

    #[test]
    fn a_line_without_an_address_is_told_with_its_place() {
        assert_eq!(of("a@x.example\nnobody\n"), Err((2, "nobody".to_owned())));
        assert_eq!(of("Email\na@x.example\nEmail\n").map_err(|(line, _)| line), Err(3));
    }
}
