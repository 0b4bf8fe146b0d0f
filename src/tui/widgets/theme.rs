//! The theme: what each role on the screen looks like, and the signs that are drawn.
//!
//! Read from `assets/themes/*.toml`. Roles, not colours, are what the view names, so that a theme without
//! colours works as well. It reads no environment: the terminal says what it can.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

/// What something on the screen is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// What everything is drawn on: a theme's own background keeps its text legible on any terminal.
    Base,
    /// Ordinary text.
    Text,
    /// What matters most.
    Strong,
    /// Labels and what is beside the point.
    Dim,
    /// Borders and rules.
    Frame,
    /// The border of what has the focus.
    Focus,
    /// A pane's title without the focus.
    Title,
    /// A key.
    Key,
    /// The row under the cursor.
    Cursor,
    /// The bar at its left.
    Cursorbar,
    /// The caret in a text.
    Caret,
    /// A field's name.
    Field,
    /// An operator.
    Operator,
    /// Text that matched.
    Matched,
    /// A word of the query language.
    Keyword,
    /// What goes.
    Go,
    /// What stays.
    Stay,
    /// What is done.
    Done,
    /// What is marked or undone.
    Marked,
    /// What is wrong.
    Error,
    /// The safe key.
    Safe,
    /// The border of a dangerous question.
    Danger,
    /// The filled part of a bar.
    Bar,
    /// The rest of it.
    Barrest,
    /// A dark cell of a QR code, whatever the theme.
    Codedark,
    /// A cell of a QR code that is light in its background.
    Codelight,
    /// Everything under a window.
    Under,
}

/// What each role looks like, and the signs.
#[derive(Debug, Clone)]
pub struct Theme {
    styles: BTreeMap<Role, Style>,
    /// The signs.
    pub glyphs: &'static Glyphs,
}

/// A theme's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThemeName {
    /// For a dark background.
    #[default]
    Dark,
    /// For a light background.
    Light,
    /// Sixteen colours.
    Ansi16,
    /// No colours.
    Mono,
}

/// The signs that are drawn.
#[derive(Debug)]
pub struct Glyphs {
    /// Whether all of them, and all texts, are ASCII.
    pub ascii: bool,
    /// Top left, top right, bottom left, bottom right, horizontal, vertical.
    pub border: [&'static str; 6],
    /// Goes.
    pub go: &'static str,
    /// Stays.
    pub stay: &'static str,
    /// Excluded.
    pub excluded: &'static str,
    /// Marked.
    pub marked: &'static str,
    /// Holds.
    pub yes: &'static str,
    /// Doesn't hold.
    pub no: &'static str,
    /// Before the query line.
    pub prompt: &'static str,
    /// The cursor's bar.
    pub bar: &'static str,
    /// A thin bar, filled and not.
    pub thin: [&'static str; 2],
    /// Between parts of a line.
    pub dot: &'static str,
    /// Where a text was cut.
    pub cut: &'static str,
    /// Rising, falling.
    pub arrows: [&'static str; 2],
    /// From one figure to another.
    pub to: &'static str,
    /// A gauge from empty to full.
    pub gauge: &'static [&'static str],
    /// The rest of a gauge.
    pub gauge_rest: &'static str,
    /// A warning.
    pub warning: &'static str,
}

/// For terminals that show Unicode.
pub static UNICODE: Glyphs = Glyphs {
    ascii: false,
    border: ["╭", "╮", "╰", "╯", "─", "│"],
    go: "✕",
    stay: "○",
    excluded: "–",
    marked: "●",
    yes: "✓",
    no: "✗",
    prompt: "›",
    bar: "▌",
    thin: ["━", "━"],
    dot: "·",
    cut: "…",
    arrows: ["▲", "▼"],
    to: "→",
    gauge: &[" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
    gauge_rest: "░",
    warning: "!",
};

/// The same without colours, where fullness must be seen by the signs alone.
pub static UNICODE_MONO: Glyphs = Glyphs { thin: ["━", "┄"], ..copy(&UNICODE) };

/// For terminals that don't.
pub static ASCII: Glyphs = Glyphs {
    ascii: true,
    border: ["+", "+", "+", "+", "-", "|"],
    go: "x",
    stay: "o",
    excluded: "-",
    marked: "*",
    yes: "+",
    no: "-",
    prompt: ">",
    bar: ">",
    thin: ["=", "-"],
    dot: "-",
    cut: "~",
    arrows: ["^", "v"],
    to: "to",
    gauge: &[" ", "#"],
    gauge_rest: ".",
    warning: "!",
};

const fn copy(glyphs: &Glyphs) -> Glyphs {
    Glyphs {
        ascii: glyphs.ascii,
        border: glyphs.border,
        go: glyphs.go,
        stay: glyphs.stay,
        excluded: glyphs.excluded,
        marked: glyphs.marked,
        yes: glyphs.yes,
        no: glyphs.no,
        prompt: glyphs.prompt,
        bar: glyphs.bar,
        thin: glyphs.thin,
        dot: glyphs.dot,
        cut: glyphs.cut,
        arrows: glyphs.arrows,
        to: glyphs.to,
        gauge: glyphs.gauge,
        gauge_rest: glyphs.gauge_rest,
        warning: glyphs.warning,
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    fg: Option<String>,
    bg: Option<String>,
    #[serde(default)]
    bold: bool,
    #[serde(default)]
    underline: bool,
    #[serde(default)]
    reverse: bool,
}

impl ThemeName {
    /// Every theme.
    pub const ALL: [Self; 4] = [Self::Dark, Self::Light, Self::Ansi16, Self::Mono];

    /// Its name in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Ansi16 => "ansi16",
            Self::Mono => "mono",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Dark => include_str!("../../../assets/themes/dark.toml"),
            Self::Light => include_str!("../../../assets/themes/light.toml"),
            Self::Ansi16 => include_str!("../../../assets/themes/ansi16.toml"),
            Self::Mono => include_str!("../../../assets/themes/mono.toml"),
        }
    }
}

impl Theme {
    /// A built-in theme, with ASCII signs or not.
    pub fn new(name: ThemeName, ascii: bool) -> Self {
        let glyphs = match (ascii, name) {
            (true, _) => &ASCII,
            (false, ThemeName::Mono) => &UNICODE_MONO,
            (false, ThemeName::Dark | ThemeName::Light | ThemeName::Ansi16) => &UNICODE,
        };
        let styles = read(name.text());
        debug_assert!(styles.is_ok(), "the embedded theme reads: {styles:?}");
        Self { styles: styles.unwrap_or_default(), glyphs }
    }

    /// What a role looks like.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(&role).copied().unwrap_or_default()
    }
}

fn read(text: &str) -> Result<BTreeMap<Role, Style>, String> {
    let looks: BTreeMap<Role, Look> = toml::from_str(text).map_err(|error| error.to_string())?;
    looks.into_iter().map(|(role, look)| Ok((role, look.style()?))).collect()
}

impl Look {
    fn style(&self) -> Result<Style, String> {
        let color = |name: &Option<String>| {
            name.as_deref().map(|name| Color::from_str(name).map_err(|_| format!("{name} is no colour"))).transpose()
        };
        let mut style = Style { fg: color(&self.fg)?, bg: color(&self.bg)?, ..Style::default() };
        for (wanted, modifier) in
            [(self.bold, Modifier::BOLD), (self.underline, Modifier::UNDERLINED), (self.reverse, Modifier::REVERSED)]
        {
            if wanted {
                style = style.add_modifier(modifier);
            }
        }
        Ok(style)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_reads_and_knows_every_role() {
        for name in ThemeName::ALL {
            let styles = read(name.text()).unwrap_or_else(|error| panic!("{}: {error}", name.as_str()));
            assert_eq!(styles.len(), Role::Under as usize + 1, "{}", name.as_str());
        }
    }

    #[test]
    fn without_colours_there_is_no_colour() {
        let styles = read(ThemeName::Mono.text()).expect("reads");
        assert!(styles.values().all(|style| style.fg.is_none() && style.bg.is_none()));
    }
}
