//! A handful of hostile contacts: what a terminal, a table or a spreadsheet could trip over.
//!
//! They stand among the first contacts of every demo book, each once, so that every screen is tried on
//! them. Made into ordinary contacts by the demo's generator.

/// A hostile contact's texts.
#[derive(Debug)]
pub(super) struct Hostile {
    /// Given name.
    pub(super) first: &'static str,
    /// Family name.
    pub(super) last: &'static str,
    /// Company.
    pub(super) company: &'static str,
    /// Note.
    pub(super) note: &'static str,
    /// How often the family name is repeated.
    pub(super) repeat: usize,
}

const fn hostile(first: &'static str, last: &'static str, company: &'static str, note: &'static str) -> Hostile {
    Hostile { first, last, company, note, repeat: 1 }
}

/// Every hostile contact.
pub(super) static HOSTILE: &[Hostile] = &[
    hostile("Esc\x1b[31mape", "Red\x1b[0m", "Clear\x1b[2J Screen", "\x1b]0;a new title\x07 and \x1b[6n"),
    hostile("Clip\x1b]52;c;cm0gLXJmIH4=\x07", "Board", "C1 \u{9b}31m Codes", "a carriage\rreturn and a bell \x07"),
    hostile("Right\u{202e}tfel", "Override", "Isolate \u{2066}and\u{2069}", "file\u{202e}gpj.exe"),
    hostile("Zero\u{200b}Width", "Joi\u{2060}ner\u{feff}", "Soft\u{ad}hyphen", "\u{e0041} tag characters"),
    hostile("=cmd|'/c calc'!A0", "+SUM(1,1)", "@formula", "-2+3+cmd|' /C calc'!A0"),
    hostile("Line\nBreak", "Tab\tbed", "Two\r\nLines", "one\n\n\n\ntwo"),
    hostile("Robert'); DROP TABLE", "contacts;--", "\"quoted, with comma\"", "a \"quote\", a ,comma; a semicolon"),
    hostile(
        "Z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}a\u{300}\u{301}\u{302}\u{303}\u{304}l\u{300}\u{301}\u{302}\u{303}go",
        "Combining",
        "Storm",
        "",
    ),
    hostile("👩\u{200d}👩\u{200d}👧\u{200d}👦", "🏳\u{fe0f}\u{200d}🌈 Emoji", "🇩🇪🇯🇵 Flags", "👍🏽"),
    hostile("../../etc", "passwd", "file:///etc/passwd", "$(reboot) `reboot` %s%n"),
    Hostile { first: "Very", last: "long-", company: "Unendlichkeitsgesellschaft", note: "", repeat: 200 },
    hostile("\u{3164}", "\u{115f}", "\u{2028}Separators\u{2029}", "looks empty, is not"),
    hostile("مرحبا", "שלום עולם", "Both ways עברית and English", "right to left"),
];
