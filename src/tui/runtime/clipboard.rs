//! The clipboard of the terminal: which there is, how it is reached, and what can be said of it.
//!
//! A terminal that is asked to copy (OSC 52) doesn't answer, and many ignore it. So what is said afterwards is
//! what is known: that it is copied, where it lies, or that this can't be told. Used by the runtime alone.

use std::io::Write as _;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// How text gets to where it can be pasted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clipboard {
    /// The terminal is known to take it.
    Terminal,
    /// A terminal that nothing is known of: it is asked.
    Unknown,
    /// tmux keeps it, and hands it on where it is told to.
    Tmux,
    /// There is none.
    Nowhere,
}

/// Terminals that take what is copied unless they are told not to: parts of TERM and TERM_PROGRAM.
const TAKES: &[&str] = &["kitty", "foot", "alacritty", "ghostty", "wezterm", "contour", "rio", "vscode"];

impl Clipboard {
    /// The one of this terminal, by what the environment says of it.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(|value| value.to_lowercase());
        let term = set("TERM").unwrap_or_default();
        if set("TMUX").is_some() {
            return Self::Tmux;
        }
        // GNU screen hands nothing on, and a console has nowhere to put it.
        if set("STY").is_some() || matches!(term.as_str(), "linux" | "dumb" | "") {
            return Self::Nowhere;
        }
        let names = [term, set("TERM_PROGRAM").unwrap_or_default()];
        let known = names.iter().any(|name| TAKES.iter().any(|known| name.contains(known)));
        if known || set("WT_SESSION").is_some() { Self::Terminal } else { Self::Unknown }
    }

    /// What is written to the terminal so that it copies the text.
    pub fn sequence(self, text: &str) -> Option<String> {
        match self {
            Self::Terminal | Self::Unknown => Some(format!("\x1b]52;c;{}\x07", BASE64_STANDARD.encode(text))),
            Self::Tmux | Self::Nowhere => None,
        }
    }

    /// Does what is left to be done, and says where the text is now; `what` is how it is called.
    pub fn outcome(self, text: &str, what: &str) -> Result<String, String> {
        match self {
            Self::Terminal => Ok(format!("Copied {what}")),
            Self::Unknown => Ok(format!("Sent to the terminal's clipboard, if it has one: {what}")),
            Self::Nowhere => Err("Not copied: this terminal has no clipboard that a program can reach.".to_owned()),
            // Older ones don't know how to hand it on to the terminal.
            Self::Tmux if load(&["load-buffer", "-w", "-"], text) || load(&["load-buffer", "-"], text) => {
                Ok(format!("Copied into tmux's buffer (its prefix, then ] pastes): {what}"))
            }
            Self::Tmux => Err("Not copied: tmux did not take it.".to_owned()),
        }
    }
}

/// Gives tmux a text; whether it took it.
fn load(arguments: &[&str], text: &str) -> bool {
    let tmux =
        Command::new("tmux").args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let Ok(mut tmux) = tmux else { return false };
    let written = tmux.stdin.take().is_some_and(|mut input| input.write_all(text.as_bytes()).is_ok());
    tmux.wait().is_ok_and(|status| status.success()) && written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn expect(pairs: &[(&str, &str)], clipboard: Clipboard) {
        let variable =
            |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        assert_eq!(Clipboard::of(variable), clipboard, "{pairs:?}");
    }

    #[test]
    fn what_is_known_of_a_terminal_decides() {
        expect(&[("TERM", "xterm-kitty")], Clipboard::Terminal);
        expect(&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "WezTerm")], Clipboard::Terminal);
        expect(&[("TERM", "xterm-256color")], Clipboard::Unknown);
        expect(&[("TERM", "tmux-256color"), ("TMUX", "/tmp/tmux-0/default,1,0")], Clipboard::Tmux);
        expect(&[("TERM", "linux")], Clipboard::Nowhere);
        expect(&[("TERM", "screen"), ("STY", "1.pts-0")], Clipboard::Nowhere);
        expect(&[], Clipboard::Nowhere);
    }

    #[test]
    fn it_is_copied_only_where_that_is_known() {
        let said = |clipboard: Clipboard| clipboard.outcome("a@b.example", "a@b.example");
        assert_eq!(said(Clipboard::Terminal), Ok("Copied a@b.example".to_owned()));
        assert!(said(Clipboard::Unknown).is_ok_and(|said| said.contains("if it has one")));
        assert!(said(Clipboard::Nowhere).is_err_and(|said| said.starts_with("Not copied")));
        assert_eq!(Clipboard::Nowhere.sequence("a"), None);
        assert_eq!(Clipboard::Unknown.sequence("a").as_deref(), Some("\x1b]52;c;YQ==\x07"));
    }
}
