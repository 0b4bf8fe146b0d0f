//! Frames over a pipe: a line each, or a `Content-Length` head and so many bytes, answered in the same form.
//!
//! Used by `cardfile rpc`. What is too long or cut off is answered by an error and never acted on.

use std::io::{self, BufRead, Write};

use serde_json::{Value, json};

use super::jsonrpc::Dispatcher;

/// The longest that a request may be, in bytes.
const LONGEST: usize = 10 * 1024 * 1024;

/// How a request was framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frame {
    Line,
    Length,
}

/// Answers requests until there are no more.
pub fn run(dispatcher: &Dispatcher, mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    while let Some((frame, body)) = next(&mut input)? {
        let answer = match body {
            Ok(body) => dispatcher.answer(&body),
            Err(why) => Some(json!({"id": null, "result": null, "error": {"code": 310, "message": why}})),
        };
        if let Some(answer) = answer {
            write(&mut output, frame, &answer)?;
        }
    }
    Ok(())
}

fn write(output: &mut impl Write, frame: Frame, answer: &Value) -> io::Result<()> {
    let text = answer.to_string();
    match frame {
        Frame::Line => writeln!(output, "{text}")?,
        Frame::Length => write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?,
    }
    output.flush()
}

/// A request, or what is wrong with it.
type Body = Result<Vec<u8>, String>;

/// The next request; none at the end.
fn next(input: &mut impl BufRead) -> io::Result<Option<(Frame, Body)>> {
    loop {
        let Some(line) = line(input)? else { return Ok(None) };
        let line = match line {
            Ok(line) if line.iter().all(u8::is_ascii_whitespace) => continue,
            Ok(line) => line,
            Err(why) => return Ok(Some((Frame::Line, Err(why)))),
        };
        let head = std::str::from_utf8(&line).ok().and_then(|line| line.split_once(':'));
        let Some((_, length)) = head.filter(|(name, _)| name.trim().eq_ignore_ascii_case("content-length")) else {
            return Ok(Some((Frame::Line, Ok(line))));
        };
        let length = length.trim().parse::<usize>();
        // Further lines of the head say nothing here.
        while let Some(Ok(rest)) = self::line(input)? {
            if rest.iter().all(u8::is_ascii_whitespace) {
                break;
            }
        }
        return Ok(Some((Frame::Length, framed(input, length.ok())?)));
    }
}

/// So many bytes; what is too long is read and thrown away, so that the next request is found.
fn framed(input: &mut impl BufRead, length: Option<usize>) -> io::Result<Body> {
    let Some(length) = length else { return Ok(Err("Content-Length is no number; nothing was done".into())) };
    let mut body = Vec::new();
    let mut left = length;
    while left > 0 {
        let part = input.fill_buf()?;
        if part.is_empty() {
            return Ok(Err("the request is cut off; nothing was done".into()));
        }
        let taken = part.len().min(left);
        if length <= LONGEST {
            body.extend_from_slice(&part[..taken]);
        }
        input.consume(taken);
        left -= taken;
    }
    Ok(if length > LONGEST { Err(too_long()) } else { Ok(body) })
}

/// A line without its end; none at the end of all.
fn line(input: &mut impl BufRead) -> io::Result<Option<Body>> {
    let (mut line, mut is_long) = (Vec::new(), false);
    loop {
        let part = input.fill_buf()?;
        if part.is_empty() {
            return Ok((!line.is_empty() || is_long).then(|| if is_long { Err(too_long()) } else { Ok(line) }));
        }
        let end = part.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(part.len(), |at| at + 1);
        if line.len() + taken > LONGEST {
            is_long = true;
            line.clear();
        } else if !is_long {
            line.extend_from_slice(&part[..end.unwrap_or(taken)]);
        }
        input.consume(taken);
        if end.is_some() {
            return Ok(Some(if is_long { Err(too_long()) } else { Ok(line) }));
        }
    }
}

fn too_long() -> String {
    format!("the request is longer than {LONGEST} bytes; nothing was done")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(input: &[u8]) -> Vec<(Frame, Body)> {
        let mut input = io::BufReader::with_capacity(7, input);
        std::iter::from_fn(|| next(&mut input).unwrap()).collect()
    }

    #[test]
    fn requests_come_as_lines_or_with_their_length() {
        let found = all(b"{\"a\":1}\n\n  \r\nContent-Length: 3\r\nX: y\r\n\r\n{}\n{\"b\":2}");
        let texts: Vec<(Frame, &[u8])> =
            found.iter().map(|(frame, body)| (*frame, &**body.as_ref().unwrap())).collect();
        assert_eq!(
            texts,
            [(Frame::Line, &b"{\"a\":1}"[..]), (Frame::Length, &b"{}\n"[..]), (Frame::Line, &b"{\"b\":2}"[..])]
        );
    }

    #[test]
    fn what_is_too_long_or_cut_off_is_told_and_what_follows_is_read() {
        let mut long = vec![b'x'; LONGEST + 9];
        long.extend_from_slice(b"\n{}\nContent-Length: 20\n\n{}");
        let found = all(&long);
        assert!(found[0].1.is_err() && found[2].1.is_err(), "{:?}", found[2]);
        assert_eq!((found[1].1.as_deref(), found.len()), (Ok(&b"{}"[..]), 3));
        assert!(all(b"Content-Length: many\n\n")[0].1.is_err());
    }
}
