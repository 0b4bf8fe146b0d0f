//! Every address that a text could be meant to reach, for the question whether somebody asked not to be contacted.
//!
//! The wary reading: no spelling may slip through, and one too many does no harm. The grammar of mailbox lists (RFC
//! 5322) is mail-parser's; beside it stand encodings, words for signs, comments and what is hidden. The careful reading
//! is [`super::mailboxes`]'. Called by imports.

use std::borrow::Cow;

use mail_parser::parsers::MessageStream;
use mail_parser::{Address, HeaderValue};
use unicode_normalization::UnicodeNormalization;

use super::address::{is_invisible, normalise};
use super::mailboxes::is_letter;

/// Every address that a text could be meant to reach, normalised; the text itself among them.
pub fn addresses(text: &str) -> Vec<String> {
    let whole = normalise(text);
    if is_plain(text) {
        return vec![whole];
    }
    let mut found = vec![whole];
    let mut push = |address: &str| {
        let normal = normalise(address.trim_matches(|c: char| !is_letter(c)));
        if normal.contains('@') && !found.contains(&normal) {
            found.push(normal);
        }
    };
    for spelling in spellings(text) {
        parsed(&spelling, &mut push);
        // With what an address may be made of, and with what nearly all are made of.
        scanned(&spelling, "!#$%&'*+-/=?^_`{|}~.", &mut push);
        scanned(&spelling, "+-_.", &mut push);
    }
    found
}

/// Whether a text is an address as nearly all are, of which there is one reading.
fn is_plain(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'.' | b'_' | b'-' | b'+');
    text.bytes().all(plain)
        && text.bytes().filter(|byte| *byte == b'@').count() == 1
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric())
}

/// A text as it could be meant: decoded, without comments, quotes and blanks where none belong.
fn spellings(text: &str) -> Vec<String> {
    let folded: String = text
        .chars()
        .map(|c| if matches!(c, '\u{3002}' | '\u{ff61}' | '\u{ff0e}') { '.' } else { c })
        .nfkc()
        .filter(|c| !is_invisible(*c))
        .collect();
    let mut all = vec![folded];
    let add = |all: &mut Vec<String>, change: fn(&str) -> Cow<'_, str>| {
        for at in 0..all.len() {
            let changed = change(&all[at]);
            if changed != all[at] && !all.contains(&changed.clone().into_owned()) {
                let changed = changed.into_owned();
                all.push(changed);
            }
        }
    };
    // What is encoded may be so twice.
    for _ in 0..3 {
        add(&mut all, percent_decoded);
        add(&mut all, entities_decoded);
    }
    add(&mut all, words_decoded);
    add(&mut all, without_comments);
    add(&mut all, without_inner_comments);
    add(&mut all, |text| text.replace(['"', '\\', '\''], "").into());
    add(&mut all, tightened);
    all
}

/// The addresses that the grammar of mailbox lists finds.
fn parsed(text: &str, push: &mut impl FnMut(&str)) {
    let line = text.replace([';', '|', '\n', '\r', '\t'], ",");
    let line = format!("{line}\n");
    let mut take = |list: Vec<mail_parser::Addr<'_>>| {
        for one in list {
            // A name may hold an address, where an encoded word was one.
            one.address.iter().chain(&one.name).for_each(|text| push(text));
        }
    };
    if let HeaderValue::Address(address) = MessageStream::new(line.as_bytes()).parse_address() {
        match address {
            Address::List(list) => take(list),
            Address::Group(groups) => groups.into_iter().for_each(|group| take(group.addresses)),
        }
    }
}

/// The addresses that stand in a text, made of letters, digits and these signs.
fn scanned(text: &str, signs: &str, push: &mut impl FnMut(&str)) {
    let may_be = |c: char| is_letter(c) || signs.contains(c);
    for (at, _) in text.match_indices('@') {
        let (before, after) = (&text[..at], &text[at + 1..]);
        let from = before
            .rfind(|c: char| !may_be(c))
            .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let to = after.find(|c: char| !(is_letter(c) || matches!(c, '.' | '-' | '_'))).unwrap_or(after.len());
        if from < at && to > 0 {
            push(&text[from..at + 1 + to]);
        }
    }
}

/// `%40` and the like as the characters that they stand for.
fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return text.into();
    }
    let bytes = text.as_bytes();
    let hex = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        if let (b'%', Some(high), Some(low)) = (bytes[at], hex(at + 1), hex(at + 2)) {
            out.push((high * 16 + low) as u8);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned().into()
}

/// `&#64;`, `&#x40;` and `&commat;` as the characters that they stand for.
fn entities_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.find(';').filter(|end| *end <= 8);
        let decoded = end.and_then(|end| {
            let entity = &rest[..end];
            let code = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
            match entity.strip_prefix('#') {
                Some(number) => match number.strip_prefix(['x', 'X']) {
                    Some(hex) => code(hex, 16),
                    None => code(number, 10),
                },
                None => match entity {
                    "commat" => Some('@'),
                    "period" => Some('.'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "amp" => Some('&'),
                    "nbsp" => Some(' '),
                    _ => None,
                },
            }
        });
        match (decoded, end) {
            (Some(c), Some(end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            _ => out.push('&'),
        }
    }
    out.push_str(rest);
    out.into()
}

/// `bo (at) example [dot] com` and `bo at example dot com` with the signs.
fn words_decoded(text: &str) -> Cow<'_, str> {
    let lower = text.to_lowercase();
    // Lengths must agree so that places of one are those of the other.
    if lower.len() != text.len() || !(lower.contains("at") || lower.contains("dot")) {
        return text.into();
    }
    let mut out = String::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &lower[at..];
        if let Some((length, sign)) = sign_word(rest, out.is_empty()) {
            out.truncate(out.trim_end().len());
            out.push(sign);
            at += length;
        } else {
            let Some(c) = text[at..].chars().next() else { break };
            out.push(c);
            at += c.len_utf8();
        }
    }
    out.into()
}

/// The sign that a text begins to spell, and how long the spelling is; `first`: nothing stands before it.
fn sign_word(text: &str, first: bool) -> Option<(usize, char)> {
    let trimmed = text.trim_start();
    let blanks = text.len() - trimmed.len();
    let bracket = trimmed.chars().next().filter(|c| "([{<_".contains(*c));
    // A word between blanks needs both of them.
    if first || (bracket.is_none() && blanks == 0) {
        return None;
    }
    let inner = &trimmed[bracket.map_or(0, char::len_utf8)..];
    let word = inner.trim_start();
    let (length, sign) = [("at", '@'), ("@", '@'), ("dot", '.'), (".", '.')]
        .into_iter()
        .find(|(known, _)| word.starts_with(known))
        .map(|(known, sign)| (inner.len() - word.len() + known.len(), sign))?;
    let behind = &inner[length..];
    let end = behind.trim_start();
    let closes = end.starts_with([')', ']', '}', '>', '_']);
    match bracket {
        Some(open) if closes => {
            let after = &end[1..];
            let tail = after.len() - after.trim_start().len();
            Some((blanks + open.len_utf8() + length + (behind.len() - end.len()) + 1 + tail, sign))
        }
        None if end.len() < behind.len() => Some((blanks + length + (behind.len() - end.len()), sign)),
        _ => None,
    }
}

/// A text without what stands in round brackets.
fn without_comments(text: &str) -> Cow<'_, str> {
    if !text.contains('(') {
        return text.into();
    }
    let mut out = String::new();
    let mut depth = 0_u32;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out.into()
}

/// A text without the innermost of what stands in round brackets: the outer ones may stand around an address.
fn without_inner_comments(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(close) = rest.find(')') {
        let (before, after) = (&rest[..close], &rest[close + 1..]);
        match before.rfind('(') {
            Some(open) => out.push_str(&before[..open]),
            None => out.push_str(before),
        }
        rest = after;
    }
    out.push_str(rest);
    out.into()
}

/// A text without blanks around the signs of an address.
fn tightened(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if matches!(c, '@' | '.') {
            out.truncate(out.trim_end().len());
            out.push(c);
            while chars.next_if(|c| c.is_whitespace()).is_some() {}
        } else {
            out.push(c);
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    #[test]
    fn no_spelling_of_an_address_is_missed() {
        for text in [
            "kim@a.example",
            "lu@b.example; KIM@A.example",
            "SMTP:kim@a.example",
            "\"kim@a.example\"",
            "'kim'@a.example",
            "\"kim\"@a.example",
            "kim(home)@a.example",
            "kim@(work)a.example",
            "kim@a.example (work)",
            "Kim <kim@a.example>, Lu <lu@b.example>",
            "Friends: lu@b.example, kim@a.example;",
            "kim%40a.example",
            "kim%2540a%2Eexample",
            "kim&#64;a&period;example",
            "kim (at) a [dot] example",
            "kim at a dot example",
            "kim @ a . example",
            "kim@a.example,",
            "...kim@a.example!",
            "=?utf-8?q?kim=40a=2Eexample?=",
            "<@relay.example:kim@a.example>",
            "https://x.example/?u=kim%40a.example&x=1",
            "kim\u{200b}@a.example\u{fe0f}",
            "ｋｉｍ＠ａ．ｅｘａｍｐｌｅ; x@y.example",
            "[\"kim@a.example\"]",
            "mailto:x@y.example,kim@a.example?subject=x",
            "kim@a.example/lu@b.example",
            "kim\\@a.example",
        ] {
            assert!(addresses(text).contains(&"kim@a.example".to_owned()), "{text}: {:?}", addresses(text));
        }
        assert_eq!(addresses("akim@a.example"), ["akim@a.example"]);
    }

    /// What stands around an address, or is done to it, without reaching anybody else.
    fn disguised(address: &str, dice: &mut ChaCha8Rng) -> String {
        let (local, domain) = address.split_once('@').unwrap();
        let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
        let spelled = match dice.random_range(0..18) {
            0 => format!("{local}(note)@{domain}"),
            1 => format!("\"{local}\"@{domain}"),
            2 => format!("{local} @ {domain}"),
            3 => format!("{local}%40{domain}"),
            4 => format!("{}@{domain}", encoded(local)),
            5 => format!("{local}&#64;{domain}"),
            6 => format!("{local} (at) {domain}"),
            7 => format!("{local}[at]{}", domain.replace('.', "[dot]")),
            8 => address.to_uppercase(),
            9 => address
                .chars()
                .map(|c| if c.is_ascii_lowercase() { char::from_u32(c as u32 - 0x61 + 0xff41).unwrap() } else { c })
                .collect(),
            10 => format!("{local}\u{200b}@{domain}"),
            11 => format!("{local}@{domain}."),
            12 => format!("{local}＠{domain}"),
            13 => format!("{local}@(x){domain}"),
            14 => format!("{local}\u{ad}@{}", domain.replace('.', "。")),
            _ => address.to_owned(),
        };
        let around = [
            ("", ""),
            ("<", ">"),
            ("SMTP:", ""),
            ("smtp:", ""),
            ("mailto:", ""),
            ("mailto:", "?subject=Hi"),
            ("Kim Po <", ">"),
            ("\"Po, Kim\" <", ">"),
            ("'", "'"),
            ("\"", "\""),
            ("(", ")"),
            ("[", "]"),
            ("", ","),
            ("", ";"),
            ("", " (work)"),
            ("E-Mail: ", ""),
            ("\u{201c}", "\u{201d}"),
            ("", "!"),
            ("...", ""),
        ];
        let (before, after) = around[dice.random_range(0..around.len())];
        let one = format!("{before}{spelled}{after}");
        let others = [
            ("", ""),
            ("x@y.example; ", ""),
            ("x@y.example, ", ""),
            ("", "; x@y.example"),
            ("", "\nx@y.example"),
            ("x@y.example | ", ""),
            ("Lu <x@y.example>, ", ""),
            ("x@y.example / ", ""),
            ("x@y.example\t", ""),
            ("Team: x@y.example, ", ";"),
            ("", " x@y.example"),
        ];
        let (before, after) = others[dice.random_range(0..others.len())];
        format!("{before}{one}{after}")
    }

    #[test]
    fn of_ten_thousand_spellings_none_is_missed() {
        let mut dice = ChaCha8Rng::seed_from_u64(7);
        let locals = ["kim", "kim.po", "k_p", "kim+list", "k-p", "kim99", "po.kim.x"];
        let domains = ["a.example", "mail.a.example", "b-c.example", "99.example"];
        let mut missed = Vec::new();
        for _ in 0..10_000 {
            let local = locals[dice.random_range(0..locals.len())];
            let address = format!("{local}@{}", domains[dice.random_range(0..domains.len())]);
            let text = disguised(&address, &mut dice);
            if !addresses(&text).contains(&address) {
                missed.push(format!("{text:?} for {address}: {:?}", addresses(&text)));
            }
        }
        assert!(missed.is_empty(), "{}", missed[..missed.len().min(20)].join("\n"));
    }
}
