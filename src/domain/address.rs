//! How email addresses are normalised for the Unsubscribers, so that no spelling slips through.
//!
//! The one definition that imports, the book and criteria share (docs/PRODUCT.md, Import).

use unicode_normalization::UnicodeNormalization;

/// Normalises an address: `mailto:` and its query taken off, angle brackets, blanks and invisible
/// characters dropped, NFKC, lower case, the domain in its ASCII (IDN) form, a final dot of it dropped.
///
/// Two addresses that are equal afterwards reach the same mailbox for the purpose of not writing to it.
pub fn normalise(address: &str) -> String {
    // Nearly every address is plain already, and every one of a book passes here when it is opened.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'.' | b'_' | b'-' | b'+');
    if address.bytes().all(plain) && !address.contains("xn--") && !address.ends_with('.') {
        return address.to_ascii_lowercase();
    }
    let folded: String = caseless::default_case_fold_str(&address.nfkc().collect::<String>());
    let mut text: String =
        folded.nfkc().filter(|c| !c.is_whitespace() && !c.is_control() && !is_invisible(*c)).collect();
    if let (Some(open), Some(close)) = (text.rfind('<'), text.rfind('>'))
        && open < close
    {
        text.truncate(close);
        text.drain(..=open);
    }
    let text = match text.strip_prefix("mailto:") {
        Some(rest) => rest.split('?').next().unwrap_or_default(),
        None => &text,
    };
    match text.rsplit_once('@') {
        Some((local, domain)) => {
            let domain = domain.trim_end_matches('.');
            let ascii = idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_owned());
            format!("{local}@{ascii}")
        }
        None => text.to_owned(),
    }
}

/// Characters of no width that can hide in a pasted address.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// What looks like an address in a text: whatever stands around an `@` up to a character that a query line
/// or a sentence sets words apart by.
pub fn addresses_in(text: &str) -> impl Iterator<Item = &str> {
    let apart = |c: char| c.is_whitespace() || "\"'\u{201c}\u{201d}(),;:=<>!~$^/[]".contains(c);
    text.split(apart).map(|word| word.trim_end_matches('.')).filter(|word| word.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_an_address_is_one() {
        for spelling in [
            "anna@bücher.example",
            " Anna@BÜCHER.example ",
            "mailto:anna@b\u{fc}cher.example?subject=x",
            "<anna@xn--bcher-kva.example>",
            "Anna B. <anna@bu\u{308}cher.example>",
            "anna@bücher.example.",
            "ａｎｎａ@bücher.example",
            "an\u{200b}na@bücher.example",
        ] {
            assert_eq!(normalise(spelling), "anna@xn--bcher-kva.example", "{spelling}");
        }
        assert_ne!(normalise("a@b.example"), normalise("ab@b.example"));
        assert_eq!(normalise("not an address"), "notanaddress");
    }

    #[test]
    fn addresses_are_found_however_a_line_sets_them_apart() {
        let line = "email=Amber@Old.example or (email:(b@c.example, \"d.e+f@g.example\")) -email$=@old.example";
        let found: Vec<&str> = addresses_in(line).collect();
        assert_eq!(found, ["Amber@Old.example", "b@c.example", "d.e+f@g.example", "@old.example"]);
        assert_eq!(addresses_in("email is exactly a@b.example.").next(), Some("a@b.example"));
    }
}
