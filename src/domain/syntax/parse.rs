//! The parser: pieces of a query line to criteria. `and` binds tighter than `or`; brackets are kept as
//! groups of their own, so that what the builder nests comes back nested.

use std::ops::Range;

use super::lex::{ClauseText, LexError, Lexeme, What, lex};
use super::{Parsed, SyntaxError};
use crate::domain::criteria::Criteria;
use crate::domain::criteria::build::{self, BuildError, Operator, Part};
use crate::domain::field::{CustomFields, Kind};

/// The longest line, in characters.
pub const MAX_LINE: usize = 20_000;
/// How deep brackets and *not* may nest.
pub const MAX_DEPTH: usize = 64;
/// How many clauses a line may have.
pub const MAX_CLAUSES: usize = 500;

/// Reads a query line. An empty one is an error: every contact must be said (`all`).
pub fn parse(line: &str, vocabulary: &CustomFields) -> Result<Parsed, SyntaxError> {
    let at = |why: LexError| SyntaxError {
        column: line[..why.span.start].chars().count() + 1,
        span: why.span,
        message: why.message,
        hint: why.hint,
    };
    if line.chars().count() > MAX_LINE {
        return Err(at(fail(0..0, format!("the line has more than {MAX_LINE} characters"))));
    }
    let (lexemes, error) = lex(line);
    if let Some(error) = error {
        return Err(at(error));
    }
    let mut parser = Parser { lexemes: &lexemes, at: 0, end: line.len(), depth: 0, spans: Vec::new(), vocabulary };
    if lexemes.is_empty() {
        let why = fail(0..0, "nothing is said");
        return Err(at(LexError { hint: Some("every contact must be said: all".to_owned()), ..why }));
    }
    let criteria = parser.either().map_err(at)?;
    match parser.peek() {
        None => Ok(Parsed { criteria, spans: parser.spans }),
        Some(left) => Err(at(fail(left.span.clone(), "this bracket was never opened"))),
    }
}

fn fail(span: Range<usize>, message: impl Into<String>) -> LexError {
    LexError { span, message: message.into(), hint: None }
}

struct Parser<'a> {
    lexemes: &'a [Lexeme],
    at: usize,
    end: usize,
    depth: usize,
    spans: Vec<Range<usize>>,
    vocabulary: &'a CustomFields,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Lexeme> {
        self.lexemes.get(self.at)
    }

    /// The place where something is missing: the next piece, or the line's end.
    fn here(&self) -> Range<usize> {
        self.peek().map_or(self.end..self.end, |lexeme| lexeme.span.clone())
    }

    fn either(&mut self) -> Result<Criteria, LexError> {
        let mut parts = vec![self.both()?];
        while self.peek().is_some_and(|lexeme| lexeme.what == What::Or) {
            self.at += 1;
            parts.push(self.both()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Criteria::Or(parts) })
    }

    fn both(&mut self) -> Result<Criteria, LexError> {
        let mut parts = vec![self.one()?];
        while let Some(lexeme) = self.peek() {
            match &lexeme.what {
                What::Or | What::Close => break,
                What::And => self.at += 1,
                What::Open | What::Not | What::All | What::Word(_) | What::Clause(_) => {}
            }
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Criteria::And(parts) })
    }

    fn one(&mut self) -> Result<Criteria, LexError> {
        let Some(lexeme) = self.peek() else {
            return Err(fail(self.here(), "a clause is missing here"));
        };
        self.at += 1;
        match &lexeme.what {
            What::Not => {
                self.deeper(&lexeme.span)?;
                let inner = self.one()?;
                self.depth -= 1;
                Ok(Criteria::Not(Box::new(inner)))
            }
            What::Open => {
                self.deeper(&lexeme.span)?;
                if self.peek().is_some_and(|next| next.what == What::Close) {
                    return Err(fail(lexeme.span.start..self.here().end, "these brackets are empty"));
                }
                let inner = self.either()?;
                self.depth -= 1;
                match self.peek() {
                    Some(Lexeme { what: What::Close, .. }) => {
                        self.at += 1;
                        Ok(inner)
                    }
                    _ => Err(fail(lexeme.span.clone(), "this bracket is not closed")),
                }
            }
            What::All => Ok(Criteria::All),
            What::Word(text) => {
                let built = build::word(text).map_err(|why| blame(why, &lexeme.span, None))?;
                self.keep(built, &lexeme.span)
            }
            What::Clause(clause) => {
                let built = self.clause(clause).map_err(|why| blame(why, &lexeme.span, Some(clause)))?;
                self.keep(built, &lexeme.span)
            }
            What::And | What::Or => Err(fail(lexeme.span.clone(), "a clause is missing before this")),
            What::Close => Err(fail(lexeme.span.clone(), "a clause is missing before this bracket")),
        }
    }

    fn deeper(&mut self, span: &Range<usize>) -> Result<(), LexError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(fail(span.clone(), format!("brackets and not nest at most {MAX_DEPTH} deep")));
        }
        Ok(())
    }

    /// Notes the place of each clause of what was built.
    fn keep(&mut self, built: Criteria, span: &Range<usize>) -> Result<Criteria, LexError> {
        let clauses = built.clauses().len();
        self.spans.extend(std::iter::repeat_n(span.clone(), clauses));
        if self.spans.len() > MAX_CLAUSES {
            return Err(fail(span.clone(), format!("a line has at most {MAX_CLAUSES} clauses")));
        }
        Ok(built)
    }

    fn clause(&self, clause: &ClauseText) -> Result<Criteria, BuildError> {
        let texts = || clause.values.iter().map(|value| value.text.as_str());
        match clause.name.to_ascii_lowercase().as_str() {
            "is" => return pseudo(clause, texts(), build::fact),
            "has" => return pseudo(clause, texts(), |name| build::present(name, self.vocabulary)),
            "duplicate" => return pseudo(clause, texts(), |by| build::duplicate(by, false)),
            "redundant" => return pseudo(clause, texts(), |by| build::duplicate(by, true)),
            _ => {}
        }
        let field = build::field(&clause.name, self.vocabulary)?;
        let ranged = matches!(field.kind(self.vocabulary), Kind::Timestamp | Kind::Day | Kind::Number);
        if let ([value], Operator::Has, true) = (clause.values.as_slice(), clause.operator, ranged)
            && let (Some((from, to)), false) = (value.text.split_once(".."), value.quoted)
        {
            let ends = [from.to_owned(), to.to_owned()];
            // Both ends are one value of the line, so an error in either points there.
            return build::clause(&field, Operator::Between, &ends, self.vocabulary).map_err(|why| match why.part {
                Part::Value(_) => BuildError { part: Part::Value(0), ..why },
                Part::Field | Part::Operator => why,
            });
        }
        let values: Vec<String> = texts().map(str::to_owned).collect();
        build::line_clause(&field, clause.operator, &values, self.vocabulary)
    }
}

/// `is:`, `has:`, `duplicate:`, `redundant:` take `:` (or `=`), and a list is any of them.
fn pseudo<'t>(
    clause: &ClauseText,
    values: impl Iterator<Item = &'t str>,
    build: impl Fn(&str) -> Result<Criteria, BuildError>,
) -> Result<Criteria, BuildError> {
    let name = clause.name.to_ascii_lowercase();
    let wrong = |message: String, hint| Err(BuildError { part: Part::Operator, message, hint });
    let negated = match clause.operator {
        Operator::Has | Operator::Is => false,
        Operator::IsNot => true,
        other => {
            return wrong(format!("{} can't be used with {name}", other.sign()), Some(format!("{name} has :")));
        }
    };
    let mut parts = values
        .enumerate()
        .map(|(at, value)| build(value.trim()).map_err(|why| BuildError { part: Part::Value(at), ..why }))
        .collect::<Result<Vec<_>, _>>()?;
    let whole = match parts.len() {
        0 => return wrong(format!("{name}: needs a value"), None),
        1 => parts.remove(0),
        _ => Criteria::Or(parts),
    };
    Ok(if negated { Criteria::Not(Box::new(whole)) } else { whole })
}

/// Gives an error of building its place in the line.
fn blame(why: BuildError, whole: &Range<usize>, clause: Option<&ClauseText>) -> LexError {
    let span = match (why.part, clause) {
        (_, None) => whole.clone(),
        (Part::Field, Some(clause)) => clause.name_span.clone(),
        (Part::Operator, Some(clause)) if clause.values.is_empty() => {
            clause.operator_span.end..clause.operator_span.end
        }
        (Part::Operator, Some(clause)) => clause.operator_span.clone(),
        (Part::Value(at), Some(clause)) => clause.values.get(at).map_or(whole.clone(), |value| value.span.clone()),
    };
    LexError { span, message: why.message, hint: why.hint }
}
