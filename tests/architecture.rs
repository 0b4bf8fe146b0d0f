//! The law of the house: who may import whom, what must not be named where, no circles, every file says
//! what it is and stays short, and only the command line prints.
//!
//! Reads `src/` as text: comments and literals are blanked, items under `#[cfg(test)]` left out. Paths
//! are followed through `use` groups, `super`, and a module's own re-exports (`pub use child::Name`),
//! which count as the child: so a folder's `mod.rs` may hand its files' types on without depending on
//! them, but not use them itself while they use it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The longest a file may be without its tests, in lines: what "about 400" means.
const LONGEST: usize = 420;

/// A part of the house and what it may import of the crate, by module path; a path covers what is below
/// it, the most particular room counts, and a room may always import itself.
struct Room {
    path: &'static str,
    may_import: &'static [&'static str],
    must_not_name: &'static [&'static str],
}

/// What floors 1 and 2 must not name: databases, terminals, threads, files, clocks.
const PURE: &[&str] = &[
    "rusqlite",
    "tokio",
    "ratatui",
    "crossterm",
    "std::fs",
    "std::env",
    "std::thread",
    "std::time::SystemTime",
    "std::time::Instant",
    "jiff::Timestamp::now",
    "jiff::Zoned::now",
    "Timestamp::now",
    "Zoned::now",
    "SystemTime::now",
    "Instant::now",
];
/// What a book must not name: the database, its file and its locks, which are its own room's; and the rules of
/// deleting, which are the jobs'.
const BOOK: &[&str] = &[
    "rusqlite",
    "tokio_postgres",
    "tokio",
    "ratatui",
    "crossterm",
    "std::os",
    "std::thread",
    "DeletionFacts",
    "edit::apply_all",
];
const NO_SCREEN: &[&str] = &["ratatui", "crossterm", "rusqlite"];
const NO_SCREEN_NO_RUNTIME: &[&str] = &["ratatui", "crossterm", "tokio", "rusqlite"];

/// What draws: every module of the terminal UI that is called `view`, in whichever pane's or window's folder
/// it lies, and what is below it. One room; nobody else imports from it but by naming it.
const VIEWS: &str = "tui::*::view";

/// What the state and the keys of a pane or a window may import: no view, nothing that knows a terminal.
const STATE_IMPORTS: &[&str] = &[
    "domain",
    "engine::answer",
    "engine::error",
    "tui::input",
    "tui::app",
    "tui::panes",
    "tui::windows",
    "tui::widgets::area",
    "tui::widgets::fuzzy",
    "tui::widgets::list_cursor",
    "tui::widgets::number_question",
    "tui::widgets::pages",
    "tui::widgets::text_field",
];

/// What the values among the widgets may import: they are the model's as much as the screen's.
const VALUE_IMPORTS: &[&str] = &["domain", "tui::input"];

/// The law. More particular rooms stand below the ones they belong to.
const ROOMS: &[Room] = &[
    Room { path: "domain", may_import: &[], must_not_name: PURE },
    Room { path: "formats", may_import: &["domain"], must_not_name: PURE },
    Room { path: "index", may_import: &["domain"], must_not_name: PURE },
    Room { path: "demo", may_import: &["domain"], must_not_name: PURE },
    Room { path: "book", may_import: &["domain", "book"], must_not_name: BOOK },
    Room {
        path: "book::sqlite",
        may_import: &["domain", "book::error", "book::mode", "book::value"],
        must_not_name: &["tokio", "ratatui", "crossterm"],
    },
    Room { path: "http_agent", may_import: &[], must_not_name: NO_SCREEN },
    // What lies elsewhere: files, programs and servers are its business, cardfile's own book is not.
    Room {
        path: "remote",
        may_import: &["domain", "http_agent"],
        must_not_name: &["rusqlite", "tokio", "ratatui", "crossterm", "jiff::Timestamp::now"],
    },
    Room {
        path: "book::postgres",
        may_import: &["domain", "book::error", "book::mode", "book::value"],
        must_not_name: &["rusqlite", "ratatui", "crossterm"],
    },
    Room {
        path: "engine",
        may_import: &["domain", "formats", "index", "demo", "book", "remote"],
        must_not_name: &["ratatui", "crossterm", "rusqlite"],
    },
    Room { path: "wire", may_import: &["domain", "engine::answer", "engine::error"], must_not_name: NO_SCREEN },
    Room { path: "api", may_import: &["domain", "engine", "http_agent", "wire"], must_not_name: NO_SCREEN },
    Room { path: "cli", may_import: &["domain", "api", "wire"], must_not_name: NO_SCREEN },
    Room { path: "serve", may_import: &["domain", "api", "wire"], must_not_name: NO_SCREEN },
    Room {
        path: "tui",
        may_import: &["domain", "api", "engine::answer", "engine::error"],
        must_not_name: &["rusqlite"],
    },
    Room { path: "tui::app", may_import: STATE_IMPORTS, must_not_name: NO_SCREEN_NO_RUNTIME },
    Room { path: "tui::panes", may_import: STATE_IMPORTS, must_not_name: NO_SCREEN_NO_RUNTIME },
    Room { path: "tui::windows", may_import: STATE_IMPORTS, must_not_name: NO_SCREEN_NO_RUNTIME },
    Room { path: "tui::input", may_import: &["domain::nearest"], must_not_name: NO_SCREEN_NO_RUNTIME },
    Room {
        path: "tui::widgets",
        may_import: &["domain", "tui::input", "tui::widgets"],
        must_not_name: &["crossterm", "tokio", "rusqlite"],
    },
    Room { path: "tui::widgets::area", may_import: VALUE_IMPORTS, must_not_name: NO_SCREEN_NO_RUNTIME },
    Room { path: "tui::widgets::fuzzy", may_import: VALUE_IMPORTS, must_not_name: NO_SCREEN_NO_RUNTIME },
    Room { path: "tui::widgets::list_cursor", may_import: VALUE_IMPORTS, must_not_name: NO_SCREEN_NO_RUNTIME },
    Room {
        path: "tui::widgets::number_question",
        may_import: &["domain", "tui::input", "tui::widgets::text_field"],
        must_not_name: NO_SCREEN_NO_RUNTIME,
    },
    Room {
        path: "tui::widgets::pages",
        may_import: &["domain", "tui::input", "tui::widgets::list_cursor"],
        must_not_name: NO_SCREEN_NO_RUNTIME,
    },
    Room { path: "tui::widgets::text_field", may_import: VALUE_IMPORTS, must_not_name: NO_SCREEN_NO_RUNTIME },
    Room {
        path: VIEWS,
        may_import: &["domain", "tui::input", "tui::app", "tui::panes", "tui::windows", "tui::widgets", VIEWS],
        must_not_name: &["crossterm", "tokio", "rusqlite", "Effect"],
    },
    Room {
        path: "config",
        may_import: &["domain::account", "domain::nearest"],
        must_not_name: &["rusqlite", "tokio", "ratatui", "crossterm"],
    },
    Room { path: "main", may_import: &["config", "api", "cli", "serve", "serving", "tui"], must_not_name: NO_SCREEN },
    Room {
        path: "serving",
        may_import: &["api", "cli", "serve", "domain::display"],
        must_not_name: &["ratatui", "crossterm", "rusqlite", "clap"],
    },
    Room { path: "lib", may_import: &[], must_not_name: NO_SCREEN_NO_RUNTIME },
];

/// Names that belong to some rooms alone.
const RESERVED: &[(&str, &[&str])] = &[
    ("clap", &["cli", "main"]),
    ("clap_complete", &["cli", "main"]),
    ("clap_mangen", &["cli", "main"]),
    // Which database is beneath a book is known where a connection is, and nowhere above.
    ("book::sqlite", &["book::connection", "book::statement", "book::sqlite"]),
    ("super::sqlite", &["book::connection", "book::statement"]),
    ("tokio_postgres", &["book::postgres"]),
    ("book::postgres", &["book::administration", "book::connection", "book::statement", "book::postgres"]),
    ("super::postgres", &["book::administration", "book::connection", "book::statement"]),
    ("engine::Engine", &["engine", "api"]),
    // A live address book is reached through the seam, whatever kind it is of.
    ("remote::vdir", &["remote::connect", "remote::vdir"]),
    ("super::vdir", &["remote::connect"]),
    ("remote::carddav", &["remote::connect", "remote::carddav"]),
    ("super::carddav", &["remote::connect"]),
    ("remote::contacts_api", &["remote::connect", "remote::contacts_api"]),
    ("super::contacts_api", &["remote::connect"]),
    ("qrcode", &["engine::qr"]),
    // Whoever asks a server: a live address book, and the line to a book that is served.
    ("ureq", &["http_agent", "remote::http", "api::far::client"]),
    ("quick_xml", &["remote::carddav"]),
];

/// What prints, and the room that may.
const PRINTING: &[&str] = &["print!", "println!", "eprint!", "eprintln!", "dbg!"];
const PRINTER: &str = "cli";

/// A file of `src/`.
struct File {
    /// Its path below `src/`.
    path: String,
    /// Its first line.
    opening: String,
    /// Its lines without its tests.
    lines: usize,
    /// Its code: comments, literals and tests blanked.
    code: String,
    /// Modules that it declares.
    children: BTreeSet<String>,
}

/// A path in the code, and whether it stands in a `pub use` of the module's own child.
#[derive(Debug, PartialEq)]
struct Mention {
    segments: Vec<String>,
    reexport: bool,
}

/// All files by module path (`domain::criteria`, `main`, `lib`).
struct House {
    files: BTreeMap<String, File>,
}

impl House {
    /// Reads texts by path below `src/`. Files of tests alone are left out.
    fn of(sources: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut files = BTreeMap::new();
        for (path, text) in sources {
            if path.ends_with("/tests.rs") || path.contains("/tests/") || path.contains("/conformance/") {
                continue;
            }
            let code = without_tests(&blanked(&text));
            let module = path.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::");
            let children = words(&code)
                .windows(3)
                .filter(|three| three[0].1 == "mod" && three[2].1 == ";")
                .map(|three| three[1].1.to_owned())
                .collect();
            let kept: Vec<&str> = code.lines().collect();
            let lines = text.lines().enumerate().filter(|(at, _)| kept.get(*at).is_some_and(|l| *l != REMOVED)).count();
            let opening = text.lines().next().unwrap_or_default().to_owned();
            files.insert(module, File { path, opening, lines, code, children });
        }
        Self { files }
    }

    /// The paths of the crate that a file mentions, as full module paths with what follows them.
    fn mentions(&self, module: &str) -> Vec<Mention> {
        let file = &self.files[module];
        let here: Vec<String> = match module {
            "lib" | "main" => Vec::new(),
            other => other.split("::").map(str::to_owned).collect(),
        };
        let mut out = Vec::new();
        for Mention { segments, reexport } in paths(&file.code) {
            let mut rest = segments.as_slice();
            let mut full = match rest[0].as_str() {
                "crate" | "cardfile" => {
                    rest = &rest[1..];
                    Vec::new()
                }
                "self" => {
                    rest = &rest[1..];
                    here.clone()
                }
                "super" => {
                    let mut up = here.clone();
                    while rest.first().is_some_and(|segment| segment == "super") {
                        up.pop();
                        rest = &rest[1..];
                    }
                    up
                }
                child if file.children.contains(child) => here.clone(),
                _ => continue,
            };
            let own = full == here && rest.first().is_some_and(|first| file.children.contains(first));
            full.extend(rest.iter().cloned());
            out.push(Mention { segments: full, reexport: reexport && own });
        }
        out
    }

    /// Which names a module hands on, and from where: `pub use child::Name`.
    fn reexports(&self) -> BTreeMap<(String, String), Vec<String>> {
        let mut out = BTreeMap::new();
        for module in self.files.keys() {
            for mention in self.mentions(module).into_iter().filter(|mention| mention.reexport) {
                if let Some(name) = mention.segments.last().cloned() {
                    out.insert((module.clone(), name), mention.segments);
                }
            }
        }
        out
    }

    /// The file that a full path leads to.
    fn target(&self, segments: &[String], reexports: &BTreeMap<(String, String), Vec<String>>) -> Option<String> {
        let depth = (1..=segments.len()).rev().find(|depth| self.files.contains_key(&segments[..*depth].join("::")))?;
        let module = segments[..depth].join("::");
        let Some(name) = segments.get(depth) else { return Some(module) };
        match reexports.get(&(module.clone(), name.clone())) {
            Some(origin) if origin != segments => self.target(origin, reexports),
            _ => Some(module),
        }
    }

    /// Which files each file depends on.
    fn edges(&self) -> BTreeMap<String, BTreeSet<String>> {
        let reexports = self.reexports();
        let mut out = BTreeMap::new();
        for (module, file) in &self.files {
            let mut targets = BTreeSet::new();
            for mention in self.mentions(module) {
                // Handing a child's name on is no dependency, unless the name is used here as well.
                let handed_on = mention.reexport && mention.segments.last().is_none_or(|name| !uses(&file.code, name));
                if !handed_on {
                    targets.extend(self.target(&mention.segments, &reexports).filter(|target| target != module));
                }
            }
            out.insert(module.clone(), targets);
        }
        out
    }

    /// Every breach of the law, a line each.
    fn breaches(&self) -> Vec<String> {
        let mut out = Vec::new();
        let edges = self.edges();
        for (module, file) in &self.files {
            let mut say = |what: String| out.push(format!("src/{}: {what}", file.path));
            if file.opening.strip_prefix("//!").is_none_or(|rest| rest.trim().is_empty()) {
                say("doesn't open with `//!` and what it owns".to_owned());
            }
            if file.children.contains("conformance") {
                say("declares the conformance suite, which is tests, without `#[cfg(test)]`".to_owned());
            }
            if file.lines > LONGEST {
                say(format!("has {} lines without its tests, more than {LONGEST}", file.lines));
            }
            let Some(room) = room(module) else {
                say("belongs to no room of the law: add one to tests/architecture.rs and docs/ARCHITECTURE.md"
                    .to_owned());
                continue;
            };
            for target in &edges[module] {
                let allowed = is_below(target, room.path) && room_path(target) == Some(room.path)
                    || room.may_import.iter().any(|path| is_below(target, path))
                    || (room.path == "tui" && is_below(target, "tui"));
                if !allowed {
                    say(format!("imports {target}, which {} may not", room.path));
                }
            }
            let named = paths(&file.code);
            for name in room.must_not_name {
                if names(&file.code, &named, name) {
                    say(format!("names {name}, which {} must not", room.path));
                }
            }
            for (name, rooms) in RESERVED {
                if names(&file.code, &named, name) && !rooms.iter().any(|path| is_below(module, path)) {
                    say(format!("names {name}, which belongs to {}", rooms.join(", ")));
                }
            }
            for pair in words(&file.code).windows(2) {
                let call = format!("{}{}", pair[0].1, pair[1].1);
                if PRINTING.contains(&call.as_str()) && !is_below(module, PRINTER) {
                    say(format!("calls {call}, which only {PRINTER} may"));
                }
            }
        }
        out.extend(circles(&edges));
        out
    }
}

/// What takes the place of a line of tests.
const REMOVED: &str = "\u{0}";

fn is_below(module: &str, path: &str) -> bool {
    if path == VIEWS || is_view(module) && path.starts_with("tui::") && !is_view(path) {
        return path == VIEWS && is_view(module);
    }
    module == path || module.strip_prefix(path).is_some_and(|rest| rest.starts_with("::"))
}

/// Whether a module draws: it lies in the terminal UI and is called `view`, or is below one that is.
fn is_view(module: &str) -> bool {
    module.strip_prefix("tui::").is_some_and(|rest| rest.split("::").any(|segment| segment == "view"))
}

fn room(module: &str) -> Option<&'static Room> {
    ROOMS.iter().filter(|room| is_below(module, room.path)).max_by_key(|room| room.path.len())
}

fn room_path(module: &str) -> Option<&'static str> {
    room(module).map(|room| room.path)
}

/// Circles of the graph, each once, as a line.
fn circles(edges: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    fn visit<'a>(
        at: &'a str,
        edges: &'a BTreeMap<String, BTreeSet<String>>,
        trail: &mut Vec<&'a str>,
        done: &mut BTreeSet<&'a str>,
        out: &mut Vec<String>,
    ) {
        if let Some(from) = trail.iter().position(|seen| *seen == at) {
            out.push(format!("circle: {} -> {at}", trail[from..].join(" -> ")));
            return;
        }
        if done.contains(at) {
            return;
        }
        trail.push(at);
        for next in edges.get(at).into_iter().flatten() {
            visit(next, edges, trail, done, out);
        }
        trail.pop();
        done.insert(at);
    }
    let (mut done, mut out) = (BTreeSet::new(), Vec::new());
    for module in edges.keys() {
        visit(module, edges, &mut Vec::new(), &mut done, &mut out);
    }
    out
}

/// Whether code names a crate, a path or an identifier.
fn names(code: &str, mentions: &[Mention], name: &str) -> bool {
    let wanted: Vec<&str> = name.split("::").collect();
    match wanted.as_slice() {
        [one] => words(code).iter().any(|(_, word)| word == one),
        many => mentions.iter().any(|mention| mention.segments.windows(many.len()).any(|part| part == many)),
    }
}

/// Whether code uses a name as a type, a trait or the beginning of a path. A variant or a field of the same
/// name doesn't count.
fn uses(code: &str, name: &str) -> bool {
    const BEFORE: [&str; 11] = [":", "<", ">", "&", "(", "[", "=", "+", "for", "dyn", "mut"];
    words(code).windows(3).any(|three| {
        let [before, word, after] = [three[0].1, three[1].1, three[2].1];
        word == name && before != "::" && (BEFORE.contains(&before) || (after == "::" && before != "use"))
    })
}

/// The words and signs of code with their places: identifiers, `::`, and single characters.
fn words(code: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let mut chars = code.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c.is_alphanumeric() || c == '_' {
            let mut end = at + c.len_utf8();
            while let Some((next, _)) = chars.next_if(|(_, c)| c.is_alphanumeric() || *c == '_') {
                end = next + code[next..].chars().next().map_or(0, char::len_utf8);
            }
            out.push((at, &code[at..end]));
        } else if code[at..].starts_with("::") {
            chars.next();
            out.push((at, "::"));
        } else if !c.is_whitespace() && c != '\u{0}' {
            out.push((at, &code[at..at + c.len_utf8()]));
        }
    }
    out
}

/// Every path of the code with at least two segments, and every `use`, its groups spread out.
fn paths(code: &str) -> Vec<Mention> {
    let tokens: Vec<&str> = words(code).into_iter().map(|(_, word)| word).collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let public = at >= 1 && (tokens[at - 1] == "pub" || tokens[at - 1] == ")");
        // `use<'a>` in a signature says what a type captures and imports nothing.
        if tokens[at] == "use" && tokens.get(at + 1) != Some(&"<") {
            at += 1;
            let mut tree = Vec::new();
            at = spread(&tokens, at, &mut Vec::new(), &mut tree);
            out.extend(tree.into_iter().map(|segments| Mention { segments, reexport: public }));
        } else if at >= 3 && tokens[at - 3..at] == ["pub", "(", "in"] {
            // Who may see an item says nothing about what the file needs.
            while tokens.get(at).is_some_and(|token| *token != ")") {
                at += 1;
            }
        } else if is_word(tokens[at]) && tokens.get(at + 1) == Some(&"::") && (at == 0 || tokens[at - 1] != "::") {
            let mut segments = vec![tokens[at].to_owned()];
            while tokens.get(at + 1) == Some(&"::") && tokens.get(at + 2).is_some_and(|next| is_word(next)) {
                segments.push(tokens[at + 2].to_owned());
                at += 2;
            }
            out.push(Mention { segments, reexport: false });
            at += 1;
        } else {
            at += 1;
        }
    }
    out
}

/// Spreads a `use` tree out; the position behind it.
fn spread(tokens: &[&str], mut at: usize, prefix: &mut Vec<String>, out: &mut Vec<Vec<String>>) -> usize {
    let depth = prefix.len();
    while let Some(token) = tokens.get(at) {
        match *token {
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| *token != "}") {
                    let before = at;
                    at = spread(tokens, at, prefix, out);
                    // Whatever stands here, the next round begins behind it.
                    at += usize::from(at == before || tokens.get(at) == Some(&","));
                }
                at += 1;
                prefix.truncate(depth);
                return at;
            }
            "as" => at += 2,
            "::" | "*" => at += 1,
            "," | "}" | ";" => break,
            word => {
                if word != "self" || prefix.is_empty() {
                    prefix.push(word.to_owned());
                }
                at += 1;
            }
        }
    }
    if !prefix.is_empty() {
        out.push(prefix.clone());
    }
    prefix.truncate(depth);
    at
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The text with comments and the insides of literals replaced by blanks, line by line the same.
fn blanked(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let blank = |c: char| if c == '\n' { '\n' } else { ' ' };
    let mut at = 0;
    while at < chars.len() {
        let end = literal_or_comment(&chars, at);
        if end > at {
            out.extend(chars[at..end].iter().map(|c| blank(*c)));
            at = end;
        } else {
            out.push(chars[at]);
            at += 1;
        }
    }
    out
}

/// Where the comment or literal that begins here ends; `at` itself where none does.
fn literal_or_comment(chars: &[char], at: usize) -> usize {
    let is = |at: usize, c: char| chars.get(at) == Some(&c);
    let find = |from: usize, c: char| (from..chars.len()).find(|at| chars[*at] == c).unwrap_or(chars.len());
    let in_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    match chars[at] {
        '/' if is(at + 1, '/') => find(at, '\n'),
        '/' if is(at + 1, '*') => {
            let (mut depth, mut next) = (1, at + 2);
            while depth > 0 && next < chars.len() {
                let (step, change) = match (chars[next], chars.get(next + 1)) {
                    ('/', Some('*')) => (2, 1),
                    ('*', Some('/')) => (2, -1),
                    _ => (1, 0),
                };
                depth += change;
                next += step;
            }
            next.min(chars.len())
        }
        'r' if !in_word || is(at.wrapping_sub(1), 'b') => {
            let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
            if !is(at + 1 + hashes, '"') {
                return at;
            }
            let mut quote = find(at + 2 + hashes, '"');
            while quote < chars.len() && !(1..=hashes).all(|hash| is(quote + hash, '#')) {
                quote = find(quote + 1, '"');
            }
            (quote + 1 + hashes).min(chars.len())
        }
        '"' => {
            let mut next = at + 1;
            while next < chars.len() && chars[next] != '"' {
                next += if chars[next] == '\\' { 2 } else { 1 };
            }
            (next + 1).min(chars.len())
        }
        // A character, not a lifetime.
        '\'' if is(at + 1, '\\') => find(at + 3, '\'') + 1,
        '\'' if is(at + 2, '\'') => at + 3,
        _ => at,
    }
}

/// The code without the items under `#[cfg(test)]`, whose lines are marked as removed.
fn without_tests(code: &str) -> String {
    let mut out = code.to_owned();
    while let Some(start) = out.find("#[cfg(test)]") {
        let tokens = words(&out[start..]);
        let (mut depth, mut end) = (0_i32, out.len());
        // Behind the attribute's seven words: up to the item's closing brace or semicolon.
        for (at, word) in tokens.iter().skip(7) {
            match *word {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            if depth == 0 && matches!(*word, "}" | ";") {
                end = start + at + 1;
                break;
            }
        }
        let lines = out[start..end].matches('\n').count();
        let begin = out[..start].rfind('\n').map_or(0, |at| at + 1);
        out.replace_range(begin..end, &vec![REMOVED; lines + 1].join("\n"));
    }
    out
}

/// The texts below a folder.
fn read(root: &Path) -> Vec<(String, String)> {
    fn walk(folder: &Path, root: &Path, out: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).expect("src/ can be read") {
            let path = entry.expect("src/ can be read").path();
            if path.is_dir() {
                walk(&path, root, out);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).expect("it was found below").to_string_lossy().replace('\\', "/");
                out.push((name, std::fs::read_to_string(&path).expect("sources are UTF-8")));
            }
        }
    }
    let mut out = Vec::new();
    walk(root, root, &mut out);
    out
}

#[test]
fn the_house_keeps_its_law() {
    let house = House::of(read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")));
    assert!(house.files.len() > 20, "src/ was not read");
    let said = house.breaches();
    assert!(said.is_empty(), "the law of the house (docs/ARCHITECTURE.md) is broken:\n  {}", said.join("\n  "));
}

#[test]
fn every_room_of_the_law_but_the_ones_to_come_is_there() {
    let house = House::of(read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")));
    for room in ROOMS.iter().filter(|room| room.path != "serve") {
        assert!(house.files.keys().any(|module| is_below(module, room.path)), "{} is gone", room.path);
    }
}

/// The breaches of a small house.
fn breaches(sources: &[(&str, &str)]) -> Vec<String> {
    House::of(sources.iter().map(|(path, text)| ((*path).to_owned(), format!("//! Text.\n{text}")))).breaches()
}

#[track_caller]
fn caught(sources: &[(&str, &str)], what: &str) {
    let found = breaches(sources);
    assert!(found.len() == 1 && found[0].contains(what), "{what} expected, found {found:?}");
}

#[test]
fn an_import_against_the_law_is_caught_in_every_spelling() {
    let book = ("book/mod.rs", "pub struct Row;");
    let what = "imports book, which domain may not";
    caught(&[book, ("domain/a.rs", "use crate::book::Row;")], what);
    caught(&[book, ("domain/a.rs", "use crate::{book::Row};")], what);
    caught(&[book, ("domain/a.rs", "fn f(row: crate::book::Row) {}")], what);
    caught(&[book, ("domain/a.rs", "use super::super::book as other;")], what);
    caught(&[book, ("domain/a.rs", "pub(crate) use crate::book::{self, Row as R};")], what);
    caught(&[("config.rs", "use crate::domain::A;"), ("domain/mod.rs", "")], "imports domain, which config may not");
    caught(&[("cli/mod.rs", "use crate::tui::A;"), ("tui/mod.rs", "")], "imports tui, which cli may not");
    caught(&[("main.rs", "use cardfile::book::A;"), book], "imports book, which main may not");
}

#[test]
fn the_rooms_of_the_screen_have_laws_of_their_own() {
    let engine = ("engine/mod.rs", "pub mod answer; pub mod error; pub use error::EngineError;");
    let answer = ("engine/answer.rs", "");
    let error = ("engine/error.rs", "pub struct EngineError;");
    let fine = ("tui/app/mod.rs", "use crate::engine::answer::Row; use crate::engine::EngineError;");
    assert_eq!(breaches(&[engine, answer, error, fine]), Vec::<String>::new(), "a re-export counts as its origin");
    let job = ("tui/windows/job/keys.rs", "use crate::engine::jobs;");
    caught(&[engine, answer, error, ("engine/jobs.rs", ""), job], "imports engine::jobs, which tui::windows may not");
    let view = ("tui/windows/job/view.rs", "use crate::tui::runtime::Runtime;");
    caught(&[view, ("tui/runtime.rs", "")], "imports tui::runtime, which tui::*::view may not");
    let asking = ("tui/panes/card/view/mod.rs", "use crate::tui::app::effect::Effect;");
    caught(&[asking, ("tui/app/effect.rs", "")], "names Effect, which tui::*::view must not");
    let canvas = ("tui/windows/job/mod.rs", "pub mod view; fn f(buffer: ratatui::buffer::Buffer) {}");
    caught(&[canvas, ("tui/windows/job/view.rs", "")], "names ratatui, which tui::windows must not");
    let drawing = ("tui/windows/job/keys.rs", "use super::view::draw;");
    caught(&[drawing, ("tui/windows/job/view.rs", "")], "imports tui::windows::job::view, which tui::windows may not");
    let reading = [
        ("tui/app/view/mod.rs", "use super::super::model::M; use crate::tui::windows::job::view::draw;"),
        ("tui/app/model.rs", ""),
        ("tui/widgets/theme.rs", "use ratatui::style::Style;"),
        ("tui/windows/job/view.rs", "use crate::tui::{app::model::M, widgets::theme::Theme}; use ratatui::Frame;"),
    ];
    assert_eq!(breaches(&reading), Vec::<String>::new());
}

#[test]
fn what_must_not_be_named_is_caught() {
    caught(&[("engine/a.rs", "use rusqlite::Connection;")], "names rusqlite, which engine must not");
    caught(&[("domain/a.rs", "use std::{collections::BTreeMap, fs};")], "names std::fs, which domain must not");
    caught(&[("index/a.rs", "fn f() { std::thread::spawn(|| ()); }")], "names std::thread, which index must not");
    caught(&[("demo/a.rs", "fn f() { let now = Timestamp::now(); }")], "names Timestamp::now, which demo must not");
    caught(&[("tui/app/a.rs", "fn f(key: crossterm::event::KeyCode) {}")], "names crossterm, which tui::app must");
    let held = "use crate::engine::{Cancel, Engine}; struct Model { engine: Engine }";
    let found = breaches(&[("tui/app/a.rs", held), ("engine/mod.rs", "pub struct Engine;")]);
    assert!(found.iter().any(|said| said.contains("names engine::Engine, which belongs to")), "{found:?}");
    assert_eq!(breaches(&[("formats/a.rs", "use base64::Engine as _;")]), Vec::<String>::new());
    caught(&[("book/a.rs", "use rusqlite::Row;")], "names rusqlite, which book must not");
    let rules = "use crate::domain::deletion_rules::{DeletionFacts, Refusal};";
    caught(&[("book/a.rs", rules), ("domain/deletion_rules.rs", "")], "names DeletionFacts, which book must not");
    let beneath = [("book/a.rs", "use super::sqlite::Row;"), ("book/sqlite/mod.rs", "use rusqlite::Row;")];
    caught(&beneath, "names super::sqlite, which belongs to book::connection");
    caught(&[("engine/a.rs", "use clap::Parser;")], "names clap, which belongs to cli");
}

#[test]
fn printing_outside_the_command_line_is_caught() {
    caught(&[("tui/runtime.rs", "fn f() { eprintln!(\"x\"); }")], "calls eprintln!, which only cli may");
    assert_eq!(breaches(&[("cli/print.rs", "fn f() { println!(\"x\"); }")]), Vec::<String>::new());
}

#[test]
fn circles_are_caught_between_files_and_through_re_exports() {
    caught(&[("index/a.rs", "use super::b::B;"), ("index/b.rs", "use super::a::A;")], "circle: index::a -> index::b");
    let three = [
        ("tui/key.rs", "use super::event::E;"),
        ("tui/event.rs", "use crate::tui::effect::F;"),
        ("tui/effect.rs", "use super::key::K;"),
    ];
    caught(&three, "circle: tui::effect -> tui::key -> tui::event -> tui::effect");
    let parent = ("domain/c/mod.rs", "pub mod r; pub use r::Pattern; pub struct Clause { p: Pattern }");
    caught(&[parent, ("domain/c/r.rs", "use super::Clause;")], "circle: domain::c -> domain::c::r");
    let hands_on = ("domain/c/mod.rs", "pub mod r; pub use r::Pattern; pub enum Clause { All, Pattern { at: u8 } }");
    assert_eq!(breaches(&[hands_on, ("domain/c/r.rs", "use super::Clause;")]), Vec::<String>::new());
    let same_name = ("domain/c/mod.rs", "mod r; pub use r::{MAX, r}; pub struct Clause;");
    assert_eq!(breaches(&[same_name, ("domain/c/r.rs", "use super::Clause;")]), Vec::<String>::new());
    let through = [
        ("domain/c/mod.rs", "mod a; mod b; pub use a::A; pub use b::B;"),
        ("domain/c/a.rs", "use super::B;"),
        ("domain/c/b.rs", "use crate::domain::c::A;"),
    ];
    caught(&through, "circle: domain::c::a -> domain::c::b");
    let seen = ("domain/c/r.rs", "pub(in crate::domain::c) struct R;");
    assert_eq!(breaches(&[("domain/c/mod.rs", "mod r; use r::R; pub struct Clause(R);"), seen]), Vec::<String>::new());
    let using = ("domain/c/mod.rs", "mod r; use r::R; pub struct Clause(R);");
    caught(&[using, ("domain/c/r.rs", "use super::Clause;")], "circle: domain::c -> domain::c::r");
}

#[test]
fn openings_and_lengths_are_checked_and_tests_are_not_counted() {
    let bare = House::of([("domain/a.rs".to_owned(), "pub struct A;\n".to_owned())]).breaches();
    assert!(bare.len() == 1 && bare[0].contains("doesn't open with"), "{bare:?}");
    let long = "fn f() {}\n".repeat(LONGEST);
    caught(&[("domain/a.rs", &long)], "has 421 lines without its tests");
    let tested = format!("fn f() {{}}\n#[cfg(test)]\nmod tests {{\n{}}}\nfn g() {{}}\n", "    // x\n".repeat(LONGEST));
    assert_eq!(breaches(&[("domain/a.rs", &tested)]), Vec::<String>::new());
    caught(&[("elsewhere.rs", "")], "belongs to no room");
    let suite = ("book/conformance/mod.rs", "use crate::engine::E;");
    assert_eq!(breaches(&[("book/mod.rs", "#[cfg(test)]\nmod conformance;"), suite]), Vec::<String>::new());
    caught(&[("book/mod.rs", "mod conformance;"), suite], "declares the conformance suite");
}

#[test]
fn comments_literals_and_tests_say_nothing() {
    let text = r##"
        // use crate::book::Row;
        /* rusqlite /* nested */ println!() */
        /// [`crate::engine::Engine`]
        fn f<'a>(x: &'a str) -> [char; 2] { let _ = "crate::book \" rusqlite"; let _ = r#"tokio " tokio"#; ['"', '\''] }
        #[cfg(test)]
        use crate::book::Row;
        #[cfg(test)]
        mod tests {
            use crate::book::Row;
            fn g() { println!("}}"); std::fs::read("x"); }
        }
        fn h() {}
    "##;
    assert_eq!(breaches(&[("domain/a.rs", text), ("book/mod.rs", "")]), Vec::<String>::new());
}

#[test]
fn what_a_signature_captures_is_no_import_and_no_trap() {
    let captures = "fn f<'a>(x: &'a str) -> impl Iterator<Item = &'a str> + use<'a> { g(x); h(x) }";
    assert_eq!(paths(captures).len(), 0);
    assert_eq!(breaches(&[("domain/a.rs", captures)]), Vec::<String>::new());
    // Text that is no Rust at all still comes to an end.
    assert!(paths("use { ; ; } use crate::index::Index;").len() <= 2);
}
