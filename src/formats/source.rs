//! A stream of bytes with a buffer: it is filled from the stream, and the readers consume what they have understood.
//!
//! Owns the buffer and the decoding of streams that no reader can split as bytes
//! (UTF-16). Called by the readers of all formats. It never interprets what passes through.

use std::io::{self, ErrorKind, Read};

use encoding_rs::{CoderResult, Decoder};

use super::charset::Charset;
use super::encoding;

/// How much is read at a time, at least.
const CHUNK: usize = 64 * 1024;

/// The part of a stream that was read and not yet consumed.
pub(super) struct Source<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    ended: bool,
    is_marked: bool,
    transcoder: Option<Transcoder>,
}

struct Transcoder {
    decoder: Decoder,
    raw: Vec<u8>,
}

impl<R: Read> Source<R> {
    /// Opens a stream: reads its head, settles the encoding and skips a byte order mark.
    pub(super) fn open(input: R, asked: Option<Charset>) -> io::Result<Self> {
        let mut source = Self { input, buffer: Vec::new(), start: 0, ended: false, is_marked: false, transcoder: None };
        while source.data().len() < CHUNK && source.fill()? {}
        let opening = encoding::opening(source.data(), asked);
        source.start = opening.mark;
        source.is_marked = opening.mark > 0;
        if let Some(decoder) = opening.transcode.and_then(Charset::transcoder) {
            let raw = source.buffer.split_off(source.start);
            source.buffer.clear();
            source.start = 0;
            let mut transcoder = Transcoder { decoder, raw };
            transcoder.decode_into(&mut source.buffer, source.ended);
            source.transcoder = Some(transcoder);
        }
        Ok(source)
    }

    /// What was read and not consumed.
    pub(super) fn data(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Whether [`Source::data`] holds all that is left.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// Whether the stream's text is UTF-8 by its mark or by conversion, whatever encoding was asked for.
    pub(super) fn is_utf8(&self) -> bool {
        self.is_marked || self.transcoder.is_some()
    }

    /// The encoding that the stream is converted from, where it is.
    pub(super) fn transcoded_from(&self) -> Option<Charset> {
        self.transcoder.as_ref().map(|transcoder| transcoder.decoder.encoding().into())
    }

    /// Drops the first `n` bytes of [`Source::data`].
    pub(super) fn consume(&mut self, n: usize) {
        self.start = (self.start + n).min(self.buffer.len());
    }

    /// Reads on; false at the end of the stream.
    pub(super) fn fill(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        self.buffer.drain(..self.start);
        self.start = 0;
        // A record that needs much is scanned again after each step, so the steps grow with it.
        let step = self.buffer.len().max(CHUNK);
        let read = match &mut self.transcoder {
            None => read_some(&mut self.input, &mut self.buffer, step)?,
            Some(transcoder) => {
                let read = read_some(&mut self.input, &mut transcoder.raw, step)?;
                transcoder.decode_into(&mut self.buffer, read == 0);
                read
            }
        };
        self.ended = read == 0;
        Ok(true)
    }
}

/// Appends what one read gives, at most `step` bytes.
fn read_some(input: &mut impl Read, buffer: &mut Vec<u8>, step: usize) -> io::Result<usize> {
    let old = buffer.len();
    buffer.resize(old + step, 0);
    let result = loop {
        match input.read(&mut buffer[old..]) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => break result,
        }
    };
    buffer.truncate(old + *result.as_ref().unwrap_or(&0));
    result
}

impl Transcoder {
    /// Decodes all raw bytes to the end of `text`, as UTF-8.
    fn decode_into(&mut self, text: &mut Vec<u8>, last: bool) {
        let mut at = 0;
        loop {
            let old = text.len();
            let room = self.decoder.max_utf8_buffer_length(self.raw.len() - at).unwrap_or(CHUNK).max(16);
            text.resize(old + room, 0);
            let (result, read, written, _) = self.decoder.decode_to_utf8(&self.raw[at..], &mut text[old..], last);
            text.truncate(old + written);
            at += read;
            if result == CoderResult::InputEmpty {
                break;
            }
        }
        self.raw.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its bytes a few at a time.
    struct Trickle<'a>(&'a [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(out.len()).min(self.0.len());
            out[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    fn all(bytes: &[u8], step: usize) -> Vec<u8> {
        let mut source = Source::open(Trickle(bytes, step), None).unwrap();
        let mut out = Vec::new();
        loop {
            out.extend_from_slice(source.data());
            source.consume(source.data().len());
            if !source.fill().unwrap() {
                break;
            }
        }
        out
    }

    #[test]
    fn bytes_pass_through() {
        let bytes: Vec<u8> = (0..200_000_u32).map(|n| b'a' + (n % 23) as u8).collect();
        assert_eq!(all(&bytes, 777), bytes);
        assert_eq!(all(b"\xEF\xBB\xBFx", 1), b"x");
        assert_eq!(all(b"", 1), b"");
    }

    #[test]
    fn utf16_becomes_utf8_wherever_the_reads_cut_it() {
        let text = "Name,Straße 🏠\r\n".repeat(20_000);
        let mut bytes: Vec<u8> = vec![0xFF, 0xFE];
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        for step in [1, 3, 4096, 65_537] {
            assert!(all(&bytes, step) == text.as_bytes(), "in steps of {step}");
        }
        bytes.push(b'x');
        assert!(all(&bytes, 4096) == format!("{text}\u{fffd}").as_bytes(), "an odd byte at the end is shown");
    }
}
