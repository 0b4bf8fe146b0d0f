//! A regular expression over many texts at once.
//!
//! Made by `text_predicate`, run by `scan` through its arenas: texts lie there end to end, each followed by a
//! byte that no text has. The expression is rewritten so that its beginning and end of text are met at
//! that byte; nothing else in it can match the byte, so no match reaches beyond one text.

use std::ops::Range;

use memchr::memmem::Finder;
use regex_automata::Input;
use regex_automata::meta::{Config, Regex};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition};

use crate::domain::criteria::pattern::REGEX_SIZE_LIMIT;

/// A regular expression for texts end to end.
#[derive(Debug)]
pub(in crate::index) struct MultiRegex {
    regex: Regex,
    ending: Option<Finder<'static>>,
}

/// What the texts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::index) enum Texts {
    /// ASCII in lower case; texts of anything else among them are missed or found at random.
    LowerAscii,
    /// Anything.
    Any,
}

impl MultiRegex {
    /// For an expression of criteria that ignores case throughout, and texts that are followed by `end`.
    /// None: it can't be done, and each text has to be looked at by itself.
    pub(in crate::index) fn new(expression: &str, texts: Texts, end: u8) -> Option<Self> {
        let parsed = ParserBuilder::new().case_insensitive(true).build().parse(expression).ok()?;
        let config = Config::new()
            .line_terminator(end)
            .utf8_empty(false)
            .nfa_size_limit(Some(REGEX_SIZE_LIMIT))
            .hybrid_cache_capacity(2 * REGEX_SIZE_LIMIT);
        let rewritten = rewrite(&parsed, texts)?;
        let regex = Regex::builder().configure(config).build_from_hir(&rewritten).ok()?;
        Some(Self { regex, ending: ending(&rewritten) })
    }

    /// What every match ends with, where looking for that first is quicker than the expression.
    pub(in crate::index) fn ending(&self) -> Option<&Finder<'static>> {
        self.ending.as_ref()
    }

    /// Whether the text at a place matches.
    pub(in crate::index) fn is_match(&self, texts: &[u8], place: Range<usize>) -> bool {
        self.regex.is_match(Input::new(texts).range(place))
    }

    /// How far behind an offset the earliest match ends that begins there or later.
    pub(in crate::index) fn find(&self, texts: &[u8], from: usize) -> Option<usize> {
        let found = self.regex.search_half(&Input::new(texts).range(from..).earliest(true))?;
        Some(found.offset() - from)
    }
}

fn rewrite(hir: &Hir, texts: Texts) -> Option<Hir> {
    let all = |parts: &[Hir]| parts.iter().map(|part| rewrite(part, texts)).collect::<Option<Vec<Hir>>>();
    Some(match hir.kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) if texts == Texts::LowerAscii && !literal.0.is_ascii() => Hir::fail(),
        HirKind::Literal(literal) => Hir::literal(literal.0.clone()),
        HirKind::Class(class) => Hir::class(match (class, texts) {
            (class, Texts::Any) => class.clone(),
            (Class::Unicode(class), Texts::LowerAscii) => {
                let mut class = class.clone();
                class.intersect(&lower_ascii());
                Class::Unicode(class)
            }
            // Bytes are asked for by a flag, and then case counts as it may.
            (Class::Bytes(_), Texts::LowerAscii) => return None,
        }),
        HirKind::Look(look) => Hir::look(match (look, texts) {
            (Look::Start, _) => Look::StartLF,
            (Look::End, _) => Look::EndLF,
            (Look::WordUnicode, Texts::LowerAscii) => Look::WordAscii,
            (Look::WordUnicodeNegate, Texts::LowerAscii) => Look::WordAsciiNegate,
            (Look::WordAscii | Look::WordAsciiNegate, _) => *look,
            // Lines within a text need a flag, and the others are rare.
            _ => return None,
        }),
        HirKind::Repetition(repetition) => {
            Hir::repetition(Repetition { sub: Box::new(rewrite(&repetition.sub, texts)?), ..repetition.clone() })
        }
        HirKind::Capture(capture) => rewrite(&capture.sub, texts)?,
        HirKind::Concat(parts) => Hir::concat(all(parts)?),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)?),
    })
}

/// What every match ends with, unless all begin with some literal: those are looked for anyway.
fn ending(hir: &Hir) -> Option<Finder<'static>> {
    let literals = |kind| Extractor::new().kind(kind).extract(hir);
    let beginnings = literals(ExtractKind::Prefix);
    if beginnings.min_literal_len().is_some_and(|least| least > 1) {
        return None;
    }
    let endings = literals(ExtractKind::Suffix);
    let ending = endings.longest_common_suffix().filter(|ending| ending.len() > 1)?;
    Some(Finder::new(ending).into_owned())
}

/// The characters of ASCII without capitals.
fn lower_ascii() -> ClassUnicode {
    ClassUnicode::new([ClassUnicodeRange::new('\0', '@'), ClassUnicodeRange::new('[', '\x7f')])
}
