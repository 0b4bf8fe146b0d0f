//! What the criteria were: edits that can be undone, and recent lines.
//!
//! Held by the Search pane. The lines of earlier sessions come from the book, and go on into it.

use crate::tui::panes::search::criteria_tree::Draft;

/// The most edits and lines that are kept.
const MOST: usize = 200;

/// Edits and lines, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct History {
    past: Vec<Edit>,
    future: Vec<Edit>,
    lines: Vec<String>,
    browsed: Option<Browsed>,
}

/// The criteria at a time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Edit {
    /// The query line.
    pub line: String,
    /// The tree behind it.
    pub draft: Draft,
}

/// Going through the lines.
#[derive(Debug, Clone)]
struct Browsed {
    /// Which one is in the query line.
    at: usize,
    /// What was typed before.
    typed: String,
}

impl History {
    /// Keeps the criteria as they are before they change.
    pub fn remember(&mut self, now: Edit) {
        if self.past.last() != Some(&now) {
            self.past.push(now);
        }
        if self.past.len() > MOST {
            self.past.remove(0);
        }
    }

    /// Notes a change: what was undone before can't be redone any more.
    pub fn changed(&mut self) {
        self.future.clear();
        self.browsed = None;
    }

    /// The criteria before the last change.
    pub fn undo(&mut self, now: Edit) -> Option<Edit> {
        while let Some(before) = self.past.pop() {
            if before != now {
                self.future.push(now);
                return Some(before);
            }
        }
        None
    }

    /// The criteria before the last undo.
    pub fn redo(&mut self, now: Edit) -> Option<Edit> {
        let next = self.future.pop()?;
        self.past.push(now);
        Some(next)
    }

    /// Keeps a line that was searched for; the same one is kept once. Whether it wasn't the last one yet.
    pub fn keep_line(&mut self, line: &str) -> bool {
        self.browsed = None;
        if self.lines.last().is_some_and(|last| last == line) {
            return false;
        }
        self.lines.retain(|known| known != line);
        self.lines.push(line.to_owned());
        if self.lines.len() > MOST {
            self.lines.remove(0);
        }
        true
    }

    /// Takes the lines of earlier sessions, the oldest first; what this one searched for comes behind them.
    pub fn recall(&mut self, mut earlier: Vec<String>) {
        earlier.retain(|line| !self.lines.contains(line));
        earlier.append(&mut self.lines);
        earlier.drain(..earlier.len().saturating_sub(MOST));
        self.lines = earlier;
    }

    /// The line before the one that is shown; `typed` comes back when going on.
    pub fn older(&mut self, typed: &str) -> Option<&str> {
        let browsed = if let Some(browsed) = self.browsed.take() {
            Browsed { at: browsed.at.saturating_sub(1), ..browsed }
        } else {
            let other = self.lines.iter().rposition(|line| line != typed)?;
            Browsed { at: other, typed: typed.to_owned() }
        };
        let at = self.browsed.insert(browsed).at;
        self.lines.get(at).map(String::as_str)
    }

    /// The line behind the one that is shown, at last what was typed; none where nothing is gone through.
    pub fn newer(&mut self) -> Option<String> {
        let browsed = self.browsed.take()?;
        match self.lines.get(browsed.at + 1) {
            Some(line) if *line != browsed.typed => {
                self.browsed = Some(Browsed { at: browsed.at + 1, ..browsed });
                Some(line.clone())
            }
            Some(_) | None => Some(browsed.typed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(line: &str) -> Edit {
        Edit { line: line.to_owned(), draft: Draft::default() }
    }

    #[test]
    fn edits_are_undone_and_redone_until_something_else_is_done() {
        let mut history = History::default();
        history.remember(edit("a"));
        history.remember(edit("b"));
        history.remember(edit("c"));
        assert_eq!(history.undo(edit("c")), Some(edit("b")), "what is the same is no step");
        assert_eq!(history.undo(edit("b")), Some(edit("a")));
        assert_eq!(history.undo(edit("a")), None);
        assert_eq!(history.redo(edit("a")), Some(edit("b")));
        history.changed();
        assert_eq!(history.redo(edit("b")), None);
    }

    #[test]
    fn lines_are_gone_through_and_what_was_typed_comes_back() {
        let mut history = History::default();
        for line in ["a", "b", "a", "c"] {
            history.keep_line(line);
        }
        assert_eq!(history.older("c").map(str::to_owned), Some("a".into()));
        assert_eq!(history.older("a").map(str::to_owned), Some("b".into()));
        assert_eq!(history.older("b").map(str::to_owned), Some("b".into()));
        assert_eq!(history.newer(), Some("a".into()));
        assert_eq!(history.newer(), Some("c".into()));
        assert_eq!(history.newer(), None);
    }
}
