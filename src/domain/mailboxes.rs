//! The mailboxes that a text is a list of, as people and programs write it.
//!
//! The careful reading of addresses: each with its name, or nothing where a part is no mailbox. The wary one, by which
//! nobody is missed, is [`super::address_spellings`]'. Called by the readers of formats.

use super::address::is_invisible;

/// A mailbox: an address, and who it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mailbox {
    /// The name beside the address; empty where there is none.
    pub name: String,
    /// The address.
    pub address: String,
}

/// Whether a text is one email address and nothing else.
pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let odd = |c: char| c.is_whitespace() || c.is_control() || is_invisible(c) || "<>()[],;:\\\"|".contains(c);
    let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    let local_is_good =
        !local.is_empty() && !local.starts_with('/') && (quoted || !local.chars().any(|c| odd(c) || c == '@'));
    local_is_good && is_domain(domain)
}

/// Whether a text is the domain of an address: letters, digits, dashes and dots, or a literal.
fn is_domain(text: &str) -> bool {
    if let Some(literal) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        return !literal.is_empty() && literal.chars().all(|c| c.is_ascii_hexdigit() || ".:IPv".contains(c));
    }
    let is_label = |label: &str| {
        !label.is_empty() && !label.starts_with('-') && label.chars().all(|c| is_letter(c) || c == '-' || c == '_')
    };
    text.len() >= 2 && text.split('.').all(is_label)
}

/// Letters, digits and the marks that join them in scripts which need such.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{200c}' | '\u{200d}')
}

/// The mailboxes of a text that is a list of such and nothing else: joined by commas, semicolons, bars or line ends,
/// with names, angle brackets, comments, or a scheme before each (`SMTP:`). Empty where a part of it is none.
pub fn mailboxes(text: &str) -> Vec<Mailbox> {
    // What is invisible is no part of an address: it comes from a web page or a word processor.
    let seen: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let plain = seen.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    if is_address(plain) {
        return vec![Mailbox { name: String::new(), address: plain.to_owned() }];
    }
    let plain = unescaped(plain);
    if !plain.contains('@') {
        return Vec::new();
    }
    let mut all: Vec<Mailbox> = Vec::new();
    for part in parts(&joined_by_commas(&plain)).into_iter().filter(|part| !is_other_kind(part)) {
        // `<kim@a><lu@b>`, `kim@a <lu@b>`: what stands before an address may be another.
        let before = part.rsplit_once('<').map(|(before, _)| before.trim()).filter(|before| before.contains('@'));
        let before = before.map_or_else(Vec::new, mailboxes);
        let Some(mailbox) = mailbox(&part) else { return Vec::new() };
        for one in before.into_iter().chain([mailbox]) {
            if !all.iter().any(|known| known.address == one.address) {
                all.push(one);
            }
        }
    }
    all
}

/// Whether a text names, beside its mailboxes, what is none: an address of X.400, of an exchange, of telephony.
pub fn names_other_kinds(text: &str) -> bool {
    parts(text).iter().any(|part| is_other_kind(part))
}

/// Schemes of addresses that no mail goes to.
fn is_other_kind(text: &str) -> bool {
    let text = text.trim();
    ["x400:", "x500:", "ex:", "sip:", "eum:", "spo:", "notes:", "im:", "/o="]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

/// A text without what a web page or a program made of its signs: `&lt;`, `%40`, a link, `\\n` in letters.
fn unescaped(text: &str) -> String {
    let mut out = text.to_owned();
    for (sign, meant) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#64;", "@"), ("&amp;", "&"), ("\\n", "\n"), ("\\r", "\n")]
    {
        if out.contains(sign) {
            out = out.replace(sign, meant);
        }
    }
    if !out.contains('@') {
        out = out.replace("%40", "@");
    }
    let lower = out.to_ascii_lowercase();
    if let (true, Some(begin), Some(end)) = (lower.starts_with("<a "), lower.find('>'), lower.rfind("</a>"))
        && begin < end
    {
        return out[begin + 1..end].to_owned();
    }
    // Blanks around the sign of an address.
    if out.matches('@').count() == 1 {
        let (local, domain) = out.split_once('@').unwrap_or_default();
        let tight = format!("{}@{}", local.trim_end(), domain.trim_start());
        if is_address(&tight) {
            return tight;
        }
    }
    out
}

/// A list with commas where people write words or signs between addresses: `kim@a / lu@b`, `kim@a and lu@b`.
fn joined_by_commas(text: &str) -> String {
    let mut out = text.replace("><", ">,<").replace("> <", ">,<");
    for between in [
        " / ", " // ", " or ", " and ", " & ", " + ", " oder ", " und ", " ou ", " et ", " o ", " y ", " e ", " of ",
        " en ", "/",
    ] {
        let pieces: Vec<&str> = out.split(between).collect();
        let all = match between {
            "/" => pieces.iter().all(|piece| is_address(piece.trim())),
            _ => pieces.iter().all(|piece| piece.contains('@')),
        };
        if pieces.len() > 1 && all {
            out = pieces.join(",");
        }
    }
    out
}

/// The parts of a list, split at what stands between mailboxes and within none.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut quoted, mut escaped, mut depth) = (false, false, 0_u32);
    // A quote that nothing closes is a letter like any other.
    let has_quotes = text.matches('"').count().is_multiple_of(2);
    for c in text.chars() {
        let splits = !quoted && depth == 0 && matches!(c, ',' | ';' | '|' | '\n' | '\r' | '\t');
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if has_quotes => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        match parts.last_mut() {
            Some(_) if splits => parts.push(String::new()),
            Some(part) => part.push(c),
            None => {}
        }
    }
    // `Lee, Ann <ann@x>`: a name with a comma is no mailbox by itself.
    let mut joined: Vec<String> = Vec::new();
    let mut waiting = String::new();
    for part in parts {
        let part = part.trim();
        if part.is_empty() {
            continue;
        }
        // What is no address of mail takes along what belongs to it.
        if is_other_kind(part) || (joined.last().is_some_and(|last| is_other_kind(last)) && !part.contains('@')) {
            match joined.last_mut().filter(|last| is_other_kind(last) && !is_other_kind(part)) {
                Some(last) => *last = format!("{last};{part}"),
                None => joined.push(part.to_owned()),
            }
        } else if part.contains('@') {
            joined.push(if waiting.is_empty() { part.to_owned() } else { format!("{waiting}, {part}") });
            waiting.clear();
        } else if waiting.is_empty() {
            part.clone_into(&mut waiting);
        } else {
            waiting = format!("{waiting}, {part}");
        }
    }
    if !waiting.is_empty() {
        joined.push(waiting);
    }
    // Addresses with blanks between them and nothing else.
    let mut all = Vec::new();
    for part in joined {
        let words: Vec<&str> = part.split_whitespace().collect();
        if words.len() > 1 && words.iter().all(|word| is_address(word)) {
            all.extend(words.into_iter().map(str::to_owned));
        } else {
            all.push(part);
        }
    }
    all
}

/// The mailbox that a text is; none if it is anything else.
fn mailbox(text: &str) -> Option<Mailbox> {
    let bare = without_wrapping(text);
    if is_address(bare) {
        return Some(Mailbox { name: String::new(), address: bare.to_owned() });
    }
    let (before, rest) = match (text.rfind('<'), text.rfind('>')) {
        (Some(open), Some(close)) if open < close && text[close + 1..].trim().is_empty() => {
            (&text[..open], &text[open + 1..close])
        }
        // `Ann Lee [ann@x]`.
        _ if text.ends_with(']') && text.rfind('[').is_some_and(|open| text[open..].contains('@')) => {
            let open = text.rfind('[').unwrap_or_default();
            (&text[..open], &text[open + 1..text.len() - 1])
        }
        _ if named(text).is_some() => ("", named(text).unwrap_or_default()),
        _ => match (text.find('('), text.rfind(')')) {
            // `Ann Lee (ann@x)`, `ann@x (Ann Lee)`.
            (Some(open), Some(close)) if open < close && text[close + 1..].trim().is_empty() => {
                let (outer, inner) = (text[..open].trim(), text[open + 1..close].trim());
                if is_address(without_wrapping(outer)) { (inner, outer) } else { (outer, inner) }
            }
            _ => return None,
        },
    };
    let address = without_wrapping(rest);
    is_address(address).then(|| Mailbox { name: name(before), address: address.to_owned() })
}

/// The address behind a word for what it is for: `home: kim@a.example`.
fn named(text: &str) -> Option<&str> {
    let (word, address) = text.split_once(':')?;
    let is_word = (1..=20).contains(&word.trim().len()) && word.chars().all(|c| c.is_alphanumeric() || c == ' ');
    (is_word && is_address(without_wrapping(address))).then_some(address)
}

/// A name without the quotes around it.
fn name(text: &str) -> String {
    let text = text.trim();
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).map(|text| text.replace('\\', ""));
    let inner = inner.unwrap_or_else(|| text.to_owned());
    let inner = inner.trim().trim_matches('\'').trim();
    // The address again is no name.
    if inner.contains('@') { String::new() } else { inner.to_owned() }
}

/// An address without the scheme before it, quotes and brackets around it, and punctuation behind it.
fn without_wrapping(text: &str) -> &str {
    let mut text = text;
    loop {
        let before = text.len();
        text = text.trim().trim_end_matches([',', ';', '.', ':', '!']);
        for (open, close) in [('<', '>'), ('"', '"'), ('\'', '\''), ('(', ')'), ('[', ']'), ('\u{201c}', '\u{201d}')] {
            if let Some(inner) = text.strip_prefix(open).and_then(|text| text.strip_suffix(close)) {
                text = inner;
            }
        }
        for scheme in ["mailto:", "smtp:", "email:", "e-mail:", "mail:"] {
            if text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)) {
                text = &text[scheme.len()..];
            }
        }
        if text.len() == before {
            break;
        }
    }
    // What a `mailto:` adds to its address.
    match text.split_once('?') {
        Some((address, rest)) if rest.contains('=') && is_address(address) => address,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<(String, String)> {
        mailboxes(text).into_iter().map(|mailbox| (mailbox.name, mailbox.address)).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, address)| ((*name).to_owned(), (*address).to_owned())).collect()
    }

    #[test]
    fn a_list_of_mailboxes_is_taken_apart() {
        for text in [
            "kim@a.example; lu@b.example",
            "kim@a.example,lu@b.example",
            "kim@a.example\nlu@b.example",
            "<kim@a.example> | SMTP:lu@b.example.",
            "kim@a.example lu@b.example;",
        ] {
            assert_eq!(list(text), pairs(&[("", "kim@a.example"), ("", "lu@b.example")]), "{text}");
        }
        for text in ["Kim Po <kim@a.example>", "\"Kim Po\" <mailto:kim@a.example>", "kim@a.example (Kim Po)"] {
            assert_eq!(list(text), pairs(&[("Kim Po", "kim@a.example")]), "{text}");
        }
        assert_eq!(
            list("Po, Kim <kim@a.example>, lu@b.example"),
            pairs(&[("Po, Kim", "kim@a.example"), ("", "lu@b.example")])
        );
        assert_eq!(list("'kim@a.example'"), pairs(&[("", "kim@a.example")]));
        assert_eq!(list("o'neil@a.example"), pairs(&[("", "o'neil@a.example")]));
    }

    #[test]
    fn addresses_are_found_however_they_are_joined_and_wrapped() {
        for text in [
            "kim@a.example / lu@b.example",
            "kim@a.example or lu@b.example",
            "kim@a.example and lu@b.example",
            "kim@a.example/lu@b.example",
            "<kim@a.example><lu@b.example>",
            "kim@a.example <lu@b.example>",
            "home: kim@a.example; work: lu@b.example",
            "kim@a.example\\nlu@b.example",
            "SMTP:kim@a.example;smtp:lu@b.example;X400:c=US;a=;p=x;SIP:kim@a.example",
        ] {
            assert_eq!(list(text), pairs(&[("", "kim@a.example"), ("", "lu@b.example")]), "{text}");
        }
        for text in [
            "kim @ a.example",
            "kim%40a.example",
            "&lt;kim@a.example&gt;",
            "<a href=\"mailto:kim@a.example\">kim@a.example</a>",
            "kim@a.example.",
            "kim@a.example\u{1a}",
            "kim@a.example <kim@a.example>",
        ] {
            assert_eq!(list(text), pairs(&[("", "kim@a.example")]), "{text}");
        }
        assert_eq!(list("Kim Po [kim@a.example]"), pairs(&[("Kim Po", "kim@a.example")]));
        assert!(names_other_kinds("SMTP:kim@a.example;X400:c=US") && !names_other_kinds("kim@a.example"));
    }

    #[test]
    fn what_is_no_list_of_mailboxes_is_none() {
        for text in [
            "",
            "n/a",
            "/o=Org/ou=X/cn=kim",
            "Kim,kim@a.example,7",
            "Kim^kim@a.example^7",
            "write to kim@a.example",
            "@a.example",
            "kim@",
        ] {
            assert_eq!(list(text), [], "{text}");
        }
    }

    #[test]
    fn an_address_is_one_address() {
        for text in [
            "kim@a.example",
            "kim+x@a.example",
            "\"kim po\"@a.example",
            "kim@bücher.example",
            "kim@[127.0.0.1]",
            "k&m/x@a.example",
        ] {
            assert!(is_address(text), "{text}");
        }
        for text in [
            "kim",
            "kim@",
            "@a",
            "kim po@a.example",
            "kim@a b",
            "kim@a..b",
            "<kim@a.example>",
            "a@b@c.example",
            "kim@a.example]",
        ] {
            assert!(!is_address(text), "{text}");
        }
    }
}
