//! The query line's pieces: brackets, keywords, words and clauses, with their places.
//!
//! Called by the parser and by the colouring of a line while it is typed, so it yields what it could read
//! before an error as well. It knows no field: any `name:value` is a clause here.

use std::ops::Range;

use crate::domain::criteria::build::Operator;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lexeme {
    pub(super) span: Range<usize>,
    pub(super) what: What,
}

/// What a piece is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    Open,
    Close,
    And,
    Or,
    Not,
    All,
    Word(String),
    Clause(ClauseText),
}

/// A clause as it was written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ClauseText {
    pub(super) name: String,
    pub(super) name_span: Range<usize>,
    pub(super) operator: Operator,
    pub(super) operator_span: Range<usize>,
    pub(super) values: Vec<ValueText>,
    /// Where an any-of list's brackets and commas are.
    pub(super) brackets: Vec<Range<usize>>,
}

/// A value as it was written, quotes and escapes undone.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ValueText {
    pub(super) text: String,
    pub(super) span: Range<usize>,
    pub(super) quoted: bool,
}

/// Where and why a line can't be cut into pieces.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LexError {
    pub(super) span: Range<usize>,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

/// Cuts a line into its pieces, up to its end or the first error.
pub(super) fn lex(line: &str) -> (Vec<Lexeme>, Option<LexError>) {
    let mut lexer = Lexer { line, at: 0 };
    let mut out = Vec::new();
    loop {
        lexer.blanks();
        if lexer.at == line.len() {
            return (out, None);
        }
        match lexer.next() {
            Ok(lexeme) => out.push(lexeme),
            Err(error) => return (out, Some(error)),
        }
    }
}

fn fail<T>(span: Range<usize>, message: &str, hint: Option<&str>) -> Result<T, LexError> {
    Err(LexError { span, message: message.to_owned(), hint: hint.map(str::to_owned) })
}

struct Lexer<'a> {
    line: &'a str,
    at: usize,
}

const SIGNS: [(&str, Operator); 10] = [
    ("!=", Operator::IsNot),
    ("^=", Operator::StartsWith),
    ("$=", Operator::EndsWith),
    ("~=", Operator::Matches),
    ("<=", Operator::AtMost),
    (">=", Operator::AtLeast),
    (":", Operator::Has),
    ("=", Operator::Is),
    ("<", Operator::Less),
    (">", Operator::More),
];

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.line[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn one(&mut self, length: usize, what: What) -> Lexeme {
        let span = self.at..self.at + length;
        self.at = span.end;
        Lexeme { span, what }
    }

    fn next(&mut self) -> Result<Lexeme, LexError> {
        match self.peek() {
            Some('(') => return Ok(self.one(1, What::Open)),
            Some(')') => {
                let lexeme = self.one(1, What::Close);
                return Ok(lexeme);
            }
            Some('-') => {
                let lexeme = self.one(1, What::Not);
                return match self.peek() {
                    Some(next) if !next.is_whitespace() && next != ')' => Ok(lexeme),
                    _ => {
                        fail(lexeme.span, "- stands before what it negates, without a space", Some("as in -label:vip"))
                    }
                };
            }
            _ => {}
        }
        let start = self.at;
        if let Some(clause) = self.clause()? {
            return Ok(Lexeme { span: start..self.at, what: What::Clause(clause) });
        }
        self.at = start;
        let value = self.value("()")?;
        if self.peek() == Some('(') {
            return fail(self.at..self.at + 1, "a space is missing before (", Some("or put quotes around the word"));
        }
        let keyword = if value.quoted { None } else { keyword(&value.text) };
        Ok(Lexeme { span: start..self.at, what: keyword.unwrap_or(What::Word(value.text)) })
    }

    /// A name directly followed by an operator, then a value; none where there is no operator.
    fn clause(&mut self) -> Result<Option<ClauseText>, LexError> {
        let start = self.at;
        let Some(name) = self.name()? else { return Ok(None) };
        let name_span = start..self.at;
        let Some((sign, operator)) = SIGNS.into_iter().find(|(sign, _)| self.rest().starts_with(sign)) else {
            return Ok(None);
        };
        let operator_span = self.at..self.at + sign.len();
        self.at = operator_span.end;
        let mut clause =
            ClauseText { name, name_span, operator, operator_span, values: Vec::new(), brackets: Vec::new() };
        match self.peek() {
            None => {}
            Some(c) if c.is_whitespace() || c == ')' => {}
            Some('(') if matches!(operator, Operator::Has | Operator::Is) => self.list(&mut clause)?,
            Some('/') if operator == Operator::Matches => {
                let value = self.regex()?;
                clause.values.push(value);
            }
            Some(_) => {
                let value = self.value("()")?;
                clause.values.push(value);
            }
        }
        if self.peek() == Some('(') {
            return fail(self.at..self.at + 1, "a space is missing before (", Some("or put quotes around the value"));
        }
        Ok(Some(clause))
    }

    /// A field's name: letters, digits, `.`, `_`, `-`; behind `x.` it may be quoted.
    fn name(&mut self) -> Result<Option<String>, LexError> {
        let rest = self.rest();
        if rest.starts_with("x.\"") || rest.starts_with("X.\"") {
            self.at += 2;
            let value = self.quoted()?;
            return Ok(Some(format!("x.{}", value.text)));
        }
        let length = rest
            .char_indices()
            .find(|(_, c)| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-')))
            .map_or(rest.len(), |(at, _)| at);
        self.at += length;
        Ok((length > 0).then(|| rest[..length].to_owned()))
    }

    /// `(a, b)` behind an operator.
    fn list(&mut self, clause: &mut ClauseText) -> Result<(), LexError> {
        let open = self.at..self.at + 1;
        clause.brackets.push(open.clone());
        self.at += 1;
        loop {
            self.blanks();
            match self.peek() {
                None => return fail(open, "this bracket is not closed", None),
                Some(')') if clause.values.is_empty() => {
                    return fail(open.start..self.at + 1, "the list is empty", None);
                }
                Some(',' | ')') => {
                    return fail(self.at..self.at + 1, "a value is missing here", None);
                }
                Some(_) => {}
            }
            let value = self.listed()?;
            clause.values.push(value);
            self.blanks();
            let end = self.at..(self.at + 1).min(self.line.len());
            match self.peek() {
                Some(',') => {
                    clause.brackets.push(end);
                    self.at += 1;
                }
                Some(')') => {
                    clause.brackets.push(end);
                    self.at += 1;
                    return Ok(());
                }
                None => return fail(open, "this bracket is not closed", None),
                Some(_) => return fail(end, "a comma is missing between the values", None),
            }
        }
    }

    /// A value of a list: quoted, or everything up to a comma or bracket, blanks inside included.
    fn listed(&mut self) -> Result<ValueText, LexError> {
        if self.peek() == Some('"') {
            return self.quoted();
        }
        let start = self.at;
        let mut text = String::new();
        while let Some(c) = self.peek().filter(|c| !matches!(c, ',' | '(' | ')' | '"')) {
            text.push(self.escaped(c)?);
        }
        let trimmed = text.trim_end();
        let span = start..self.at - (text.len() - trimmed.len());
        Ok(ValueText { text: trimmed.to_owned(), span, quoted: false })
    }

    /// One value: quoted, or everything up to a blank or one of `ends`.
    fn value(&mut self, ends: &str) -> Result<ValueText, LexError> {
        if self.peek() == Some('"') {
            let value = self.quoted()?;
            return match self.peek() {
                Some(c) if !c.is_whitespace() && c != ')' && c != '(' => {
                    fail(self.at..self.at + c.len_utf8(), "a space is missing behind the quotes", None)
                }
                _ => Ok(value),
            };
        }
        let start = self.at;
        let mut text = String::new();
        while let Some(c) = self.peek().filter(|c| !c.is_whitespace() && !ends.contains(*c)) {
            if c == '"' {
                return fail(
                    self.at..self.at + 1,
                    "quotes stand around a whole value",
                    Some("write \\\" for a quotation mark inside a word"),
                );
            }
            text.push(self.escaped(c)?);
        }
        Ok(ValueText { text, span: start..self.at, quoted: false })
    }

    /// Takes one character; behind a backslash the next one as it is.
    fn escaped(&mut self, c: char) -> Result<char, LexError> {
        self.at += c.len_utf8();
        if c != '\\' {
            return Ok(c);
        }
        match self.peek() {
            Some(next) => {
                self.at += next.len_utf8();
                Ok(next)
            }
            None => fail(self.at - 1..self.at, "a character is missing behind \\", None),
        }
    }

    /// A text in quotes; `\"`, `\\`, `\n`, `\t`, `\r` and `\u{1b}` inside.
    fn quoted(&mut self) -> Result<ValueText, LexError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let Some(c) = self.peek() else {
                return fail(start..start + 1, "this quotation mark is not closed", None);
            };
            let here = self.at;
            self.at += c.len_utf8();
            match c {
                '"' => return Ok(ValueText { text, span: start..self.at, quoted: true }),
                '\\' => {
                    let Some(next) = self.peek() else {
                        return fail(start..start + 1, "this quotation mark is not closed", None);
                    };
                    self.at += next.len_utf8();
                    text.push(match next {
                        '"' | '\\' => next,
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        'u' => self.code_point(here)?,
                        _ => {
                            let hint = Some("write \\\\ for a backslash");
                            return fail(here..self.at, "this escape is not known", hint);
                        }
                    });
                }
                other => text.push(other),
            }
        }
    }

    /// `{1b}` behind `\u`.
    fn code_point(&mut self, start: usize) -> Result<char, LexError> {
        let found = self.rest().strip_prefix('{').and_then(|rest| rest.split_once('}')).and_then(|(hex, _)| {
            let short = !hex.is_empty() && hex.len() <= 6;
            let code = u32::from_str_radix(hex, 16).ok().filter(|_| short)?;
            Some((hex.len() + 2, char::from_u32(code)?))
        });
        match found {
            Some((length, c)) => {
                self.at += length;
                Ok(c)
            }
            None => fail(start..self.at, "\\u takes a code point as in \\u{1b}", None),
        }
    }

    /// `/re/`; `\/` inside is a slash, every other escape is the expression's own.
    fn regex(&mut self) -> Result<ValueText, LexError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            match (c, self.peek()) {
                ('/', _) => return Ok(ValueText { text, span: start..self.at, quoted: true }),
                ('\\', Some('/')) => {
                    self.at += 1;
                    text.push('/');
                }
                ('\\', Some(next)) => {
                    self.at += next.len_utf8();
                    text.push('\\');
                    text.push(next);
                }
                _ => text.push(c),
            }
        }
        fail(start..start + 1, "the regular expression is not closed by /", None)
    }
}

/// The keyword that an unquoted word is.
pub(super) fn keyword(word: &str) -> Option<What> {
    [("and", What::And), ("or", What::Or), ("not", What::Not), ("all", What::All)]
        .into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(word))
        .map(|(_, what)| what)
}
