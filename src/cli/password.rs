//! Asks for a password on the terminal, without showing it.
//!
//! Handed to the engine, which asks when an account first needs it. Nobody is asked where the input or the error
//! output is no terminal; the terminal is as it was before, also after Ctrl-C.

use std::io::{self, IsTerminal as _, Write as _};

use rustix::termios::{self, LocalModes, OptionalActions, SpecialCodeIndex, Termios};

/// The longest password that is read, in bytes.
const LONGEST: usize = 4_096;

/// What a key does to the line that is typed.
#[derive(Debug, PartialEq, Eq)]
enum Typed {
    More,
    Done,
    GivenUp,
}

/// Asks a question, and answers what was typed; none where nobody can be asked, or gave up.
pub(super) fn ask(question: &str) -> Option<String> {
    let input = io::stdin();
    if !input.is_terminal() || !io::stderr().is_terminal() {
        return None;
    }
    let before = termios::tcgetattr(&input).ok()?;
    let _quiet = Quiet::over(before)?;
    let mut out = io::stderr();
    write!(out, "{question}").and_then(|()| out.flush()).ok()?;
    let typed = line(input.lock());
    // The Enter that ended it was not shown either.
    writeln!(out).ok()?;
    typed
}

/// Keys are neither shown nor taken by the terminal until this goes: Ctrl-C comes as a key, and ends the question.
struct Quiet(Termios);

impl Quiet {
    fn over(before: Termios) -> Option<Self> {
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        quiet.special_codes[SpecialCodeIndex::VMIN] = 1;
        quiet.special_codes[SpecialCodeIndex::VTIME] = 0;
        termios::tcsetattr(io::stdin(), OptionalActions::Flush, &quiet).ok()?;
        Some(Self(before))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        // Nothing better can be done where the terminal is gone.
        let _ = termios::tcsetattr(io::stdin(), OptionalActions::Flush, &self.0);
    }
}

fn line(input: impl io::BufRead) -> Option<String> {
    let mut bytes = Vec::new();
    let mut input = input.bytes();
    loop {
        let key = input.next()?.ok()?;
        match press(&mut bytes, key) {
            Typed::More => {}
            Typed::Done => return String::from_utf8(bytes).ok(),
            Typed::GivenUp => return None,
        }
    }
}

fn press(bytes: &mut Vec<u8>, key: u8) -> Typed {
    match key {
        b'\r' | b'\n' => return Typed::Done,
        // Ctrl-C, Ctrl-D, Ctrl-\, Escape.
        3 | 4 | 28 | 27 => return Typed::GivenUp,
        // Backspace takes a whole character away.
        8 | 127 => while bytes.pop().is_some_and(|byte| byte & 0xC0 == 0x80) {},
        // Ctrl-U.
        21 => bytes.clear(),
        0..32 => {}
        _ if bytes.len() < LONGEST => bytes.push(key),
        _ => {}
    }
    Typed::More
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_can_be_corrected_and_given_up() {
        let typed = |keys: &str| line(keys.as_bytes());
        assert_eq!(typed("secret\r").as_deref(), Some("secret"));
        assert_eq!(typed("wrong\u{15}pä\u{7f}ass\n").as_deref(), Some("pass"));
        assert_eq!((typed("se\u{3}cret\n"), typed("cut off")), (None, None));
    }
}
