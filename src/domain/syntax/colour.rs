//! The pieces of a line with what each is, for colouring it while it is typed.

use std::ops::Range;

use super::lex::{Lexeme, What, lex};
use super::{Token, TokenKind};

/// The pieces of a line, for colouring it, also of one that can't be parsed; what can't be read is one
/// value up to the line's end. Blanks between them are left out.
pub fn tokens(line: &str) -> Vec<Token> {
    let (lexemes, error) = lex(line);
    let mut out: Vec<Token> = Vec::new();
    let mut push = |span: Range<usize>, kind| out.push(Token { span, kind });
    let mut end = 0;
    for Lexeme { span, what } in lexemes {
        end = span.end;
        match what {
            What::Open | What::Close => push(span, TokenKind::Bracket),
            What::And | What::Or | What::Not | What::All => push(span, TokenKind::Keyword),
            What::Word(_) => push(span, TokenKind::Value),
            What::Clause(clause) => {
                push(clause.name_span, TokenKind::Field);
                push(clause.operator_span, TokenKind::Operator);
                let values = clause.values.into_iter().map(|value| (value.span, TokenKind::Value));
                let brackets = clause.brackets.into_iter().map(|span| (span, TokenKind::Bracket));
                let mut parts: Vec<_> = values.chain(brackets).collect();
                parts.sort_by_key(|(span, _)| span.start);
                for (span, kind) in parts {
                    push(span, kind);
                }
            }
        }
    }
    if error.is_some() {
        let rest = &line[end..];
        let start = end + rest.len() - rest.trim_start().len();
        if start < line.len() {
            push(start..line.len(), TokenKind::Value);
        }
    }
    out
}
