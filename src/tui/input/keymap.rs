//! The keymap: which key does what where, as data.
//!
//! Read from `assets/keymap.toml` and the user's file over it; the model looks keys up here, and help,
//! footer and palette are made of it, so that none of them can say anything else than what happens. It
//! opens no file: texts come in.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use crate::domain::nearest::nearest;
use crate::tui::input::action::Action;
use crate::tui::input::key::{Code, Key};

mod layers;

pub use layers::Layer;

/// The defaults.
const DEFAULT: &str = include_str!("../../../assets/keymap.toml");

/// Which key does what where.
#[derive(Debug, Clone)]
pub struct Keymap {
    bindings: BTreeMap<(Layer, Key), Action>,
    footer: BTreeMap<Layer, Vec<Action>>,
}

/// A section of the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Where these keys work.
    pub layer: Layer,
    /// The keys and what they do.
    pub rows: Vec<(String, Action)>,
}

/// A command as the palette shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What it is.
    pub action: Action,
    /// Its keys.
    pub keys: String,
}

/// A keymap file that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {message}")]
pub struct KeymapError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Keymap {
    /// The defaults alone.
    pub fn defaults() -> Self {
        let mut keymap = Self { bindings: BTreeMap::new(), footer: BTreeMap::new() };
        let read = keymap.lay_over("keymap.toml", DEFAULT);
        debug_assert!(read.is_ok(), "the embedded keymap reads: {read:?}");
        keymap
    }

    /// The same with a user's file over it; `file` is how errors call it.
    pub fn with(mut self, file: &str, text: &str) -> Result<Self, KeymapError> {
        self.lay_over(file, text)?;
        Ok(self)
    }

    /// What a key does here.
    pub fn action(&self, layer: Layer, key: Key) -> Option<Action> {
        layer.layers().iter().find_map(|layer| self.bindings.get(&(*layer, key)).copied())
    }

    /// The key of an action here that is told of, as people write it.
    pub fn key(&self, layer: Layer, action: Action) -> Option<String> {
        self.key_that(layer, action, |_| true)
    }

    /// How a sentence names an action here: by its key, else as the palette finds it.
    pub fn said(&self, layer: Layer, action: Action) -> String {
        self.key(layer, action).unwrap_or_else(|| format!(":{}", action.name()))
    }

    /// The same among the keys for which this holds.
    fn key_that(&self, layer: Layer, action: Action, holds: impl Fn(Key) -> bool) -> Option<String> {
        let layers = layer.layers();
        let bound = self.bindings.iter().filter(|((layer, _), bound)| layers.contains(layer) && **bound == action);
        let bound = bound.map(|((_, key), _)| *key).filter(|key| holds(*key));
        let reached = bound.filter(|key| self.action(layer, *key) == Some(action));
        reached.min_by_key(|key| effort(*key)).map(|key| key.to_string())
    }

    /// The same, where only a key that types nothing will do.
    pub fn untyped_key(&self, layer: Layer, action: Action) -> Option<String> {
        self.key_that(layer, action, |key| key.typed().is_none())
    }

    /// The footer here, of the actions that would do something now: keys and words, in order.
    pub fn footer(&self, layer: Layer, offers: impl Fn(Action) -> bool) -> Vec<(String, &'static str)> {
        let actions = self.footer.get(&layer).map_or(&[][..], Vec::as_slice);
        let offered = actions.iter().filter(|action| offers(**action));
        offered.filter_map(|action| Some((self.key(layer, *action)?, action.label()))).collect()
    }

    /// The help: what works where the focus is first, then the rest.
    pub fn help(&self, layer: Layer) -> Vec<Section> {
        let near = layer.layers();
        let others = Layer::ALL.iter().map(|(layer, _, _)| layer).filter(|layer| !near.contains(layer));
        near.iter().chain(others).map(|layer| self.section(*layer)).filter(|section| !section.rows.is_empty()).collect()
    }

    /// The commands of the panes, for the palette.
    pub fn commands(&self) -> Vec<Command> {
        let layers = [Layer::Global, Layer::Results, Layer::Clauses, Layer::Lists, Layer::Jobs, Layer::Trash];
        let bound = |action: Action| {
            layers.iter().flat_map(|layer| self.keys_in(*layer, action)).collect::<std::collections::BTreeSet<_>>()
        };
        let mut commands = Vec::new();
        for action in Action::ALL {
            let keys = bound(*action);
            if !keys.is_empty() && !matches!(action, Action::Back | Action::Palette) {
                commands.push(Command { action: *action, keys: keys.into_iter().collect::<Vec<_>>().join(" ") });
            }
        }
        commands
    }

    fn section(&self, layer: Layer) -> Section {
        let rows = Action::ALL
            .iter()
            .map(|action| (self.keys_in(layer, *action), action))
            .filter(|(keys, _)| !keys.is_empty())
            .map(|(keys, action)| (keys.join("  "), *action))
            .collect();
        Section { layer, rows }
    }

    fn keys_in(&self, layer: Layer, action: Action) -> Vec<String> {
        let mut keys: Vec<Key> = self
            .bindings
            .iter()
            .filter(|((at, _), bound)| *at == layer && **bound == action)
            .map(|((_, key), _)| *key)
            .collect();
        keys.sort_by_key(|key| effort(*key));
        keys.into_iter().map(|key| key.to_string()).collect()
    }

    fn lay_over(&mut self, file: &str, text: &str) -> Result<(), KeymapError> {
        let wrong = |at: usize, message: String| KeymapError {
            file: file.to_owned(),
            line: text.get(..at).unwrap_or(text).matches('\n').count() + 1,
            message,
        };
        let table = DeTable::parse(text)
            .map_err(|error| wrong(error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
        for (name, section) in table.get_ref() {
            let at = name.span().start;
            let Some(section) = section.get_ref().as_table() else {
                return Err(wrong(at, format!("{} must be a section: [{}]", name.get_ref(), name.get_ref())));
            };
            if name.get_ref() == "footer" {
                self.read_footer(section, &wrong)?;
                continue;
            }
            let layer = Layer::from_name(name.get_ref()).ok_or_else(|| {
                let known: Vec<&str> = Layer::ALL.iter().map(|(_, name, _)| *name).collect();
                wrong(at, format!("there is no section [{}]; there are {}", name.get_ref(), known.join(", ")))
            })?;
            for (key, value) in section {
                let at = key.span().start;
                let parsed = Key::parse(key.get_ref()).ok_or_else(|| {
                    wrong(at, format!("{:?} is not a key (x, G, space, ctrl-l, shift-up, f5)", key.get_ref()))
                })?;
                if value.get_ref().as_str() == Some("none") {
                    self.bindings.remove(&(layer, parsed));
                    continue;
                }
                let action = command(value.get_ref()).map_err(|message| wrong(value.span().start, message))?;
                self.bindings.insert((layer, parsed), action);
            }
        }
        Ok(())
    }

    fn read_footer(
        &mut self,
        section: &DeTable<'_>,
        wrong: &impl Fn(usize, String) -> KeymapError,
    ) -> Result<(), KeymapError> {
        for (name, value) in section {
            let at = name.span().start;
            let layer = Layer::from_name(name.get_ref())
                .ok_or_else(|| wrong(at, format!("there is no section [{}]", name.get_ref())))?;
            let Some(commands) = value.get_ref().as_array() else {
                return Err(wrong(at, "a footer is a list of commands".to_owned()));
            };
            let mut actions = Vec::new();
            for value in commands {
                actions.push(command(value.get_ref()).map_err(|message| wrong(value.span().start, message))?);
            }
            self.footer.insert(layer, actions);
        }
        Ok(())
    }
}

fn command(value: &DeValue<'_>) -> Result<Action, String> {
    let name = value.as_str().ok_or_else(|| "a command's name is text: \"delete\"".to_owned())?;
    Action::from_name(name).ok_or_else(|| match nearest(name, Action::ALL.iter().map(|action| action.name())) {
        Some(near) => format!("there is no command {name:?}; did you mean {near:?}?"),
        None => format!("there is no command {name:?}"),
    })
}

/// How readily a key is told of: Esc and Enter say it all, then what is typed without a modifier.
fn effort(key: Key) -> u8 {
    match key {
        Key { ctrl: true, .. } | Key { alt: true, .. } => 4,
        Key { shift: true, .. } => 3,
        Key { code: Code::Esc | Code::Enter, .. } => 0,
        Key { code: Code::Char(_), .. } => 1,
        Key { .. } => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        Key::parse(text).expect("a key")
    }

    #[test]
    fn the_embedded_keymap_reads_and_binds_every_action() {
        let mut keymap = Keymap { bindings: BTreeMap::new(), footer: BTreeMap::new() };
        assert_eq!(keymap.lay_over("keymap.toml", DEFAULT), Ok(()));
        for action in Action::ALL {
            assert!(keymap.bindings.values().any(|bound| bound == action), "{action:?} has no key");
        }
    }

    #[test]
    fn the_nearest_layer_wins() {
        let keymap = Keymap::defaults();
        assert_eq!(keymap.action(Layer::Results, key("u")), Some(Action::UndoLast));
        assert_eq!(keymap.action(Layer::Jobs, key("u")), Some(Action::UndoJob));
        assert_eq!(keymap.action(Layer::Line, key("q")), None, "a letter is text in the query line");
        assert_eq!(keymap.action(Layer::Ask, key("enter")), None, "enter confirms nothing");
    }

    #[test]
    fn a_users_file_binds_and_unbinds() {
        let keymap = Keymap::defaults().with("mine", "[results]\nX = \"delete\"\nx = \"none\"\n").expect("reads");
        assert_eq!(keymap.action(Layer::Results, key("X")), Some(Action::Delete));
        assert_eq!(keymap.action(Layer::Results, key("x")), None);
        let footer = keymap.footer(Layer::Results, |_| true);
        assert!(footer.contains(&("d".to_owned(), "delete")), "{footer:?}");
        assert_eq!(keymap.key(Layer::Results, Action::Exclude), None, "it has no key any more");
        let said = |action| keymap.said(Layer::Results, action);
        assert_eq!((said(Action::Exclude), said(Action::Delete)), (":exclude".to_owned(), "d".to_owned()));
        assert!(!footer.iter().any(|(_, label)| *label == "exclude"));
    }

    #[test]
    fn errors_name_the_line_and_what_would_be_right() {
        for (text, line, part) in [
            ("[results]\n\nx = \"delte\"\n", 3, "did you mean \"delete\"?"),
            ("[reslts]\nx = \"delete\"\n", 1, "there is no section [reslts]"),
            ("[results]\nhyper-x = \"delete\"\n", 2, "is not a key"),
            ("[results]\nx = 1\n", 2, "a command's name is text"),
            ("[results\n", 1, ""),
            ("x = 1", 1, "must be a section"),
        ] {
            let error = Keymap::defaults().with("mine.toml", text).expect_err(text);
            assert_eq!((error.file.as_str(), error.line), ("mine.toml", line), "{text}: {error}");
            assert!(error.message.contains(part), "{error}");
        }
    }
}
