//! Z1 in short: the fuzzing targets of `fuzz/` on seeds that were changed at random.
//!
//! Each target takes `CARDFILE_FUZZ` inputs (2,000 unless said, 500 of them where the build is not optimised), always the
//! same ones for a `CARDFILE_SEED`. The long form, guided by coverage, is libFuzzer's: `fuzz/README.md`.

// A test may fail loudly.
#![allow(clippy::unwrap_used, clippy::panic)]

// A library of its own for libFuzzer.
#[allow(unreachable_pub)]
#[path = "../fuzz/src/lib.rs"]
mod targets;

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What an input grows out of, and what is put into it.
struct Matter {
    seeds: &'static [&'static str],
    pieces: &'static [&'static str],
}

const LINES: Matter = Matter {
    seeds: &[
        "email$=@oldcorp.com active<today-2y -label:vip",
        "(company:acme or domain=acme.com) and not is:member",
        "list:Newsletter has:phone created:2019-01-01..2019-12-31 city=\"New York\" label:(a, b)",
        "redundant:email smith x.score>5 name~=/^(a|b).*[c-d]{2,3}$/ -(all)",
    ],
    pieces: &[
        "(",
        ")",
        "\"",
        "\\",
        "/",
        "-",
        ":",
        "=",
        "!=",
        "^=",
        "$=",
        "~=",
        "<=",
        "..",
        ",",
        " or ",
        " and ",
        "not ",
        "email",
        "id",
        "x.",
        "has:",
        "is:",
        "all",
        "today",
        "+9m",
        "2024-02-30",
        "ß",
        "İ",
        "e\u{301}",
        "\u{202e}",
        "🧑‍🚀",
    ],
};

const FILTERS: Matter = Matter {
    seeds: &[
        r#"{"$or":[{"info.labelKeys":{"$hasSome":["a","b c"]}},{"id":{"$in":["1",2]}}]}"#,
        r#"{"$not":{"primaryInfo.email":{"$exists":true}},"info.name.first":"Ann"}"#,
        r#"{"lastActivity.activityDate":{"$gte":"2020-01-01","$lt":"2021-01-01T00:00:00Z"}}"#,
        r#"{"info.extendedFields.custom.score":{"$gt":5},"info.company":{"$ne":"Acme"}}"#,
    ],
    pieces: &[
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "null",
        "-1e9",
        "0.5",
        "$and",
        "$or",
        "$not",
        "$in",
        "$nin",
        "$startsWith",
        "info.birthdate",
        "createdDate",
        "primaryEmail.subscriptionStatus",
        "\"UNSUBSCRIBED\"",
        "\\u0000",
        "\\ud83d",
    ],
};

const TRIPLES: Matter = Matter {
    seeds: &[
        r#"[["Email","exactly","alice@example.com"],["Company","contains","Acme"]]"#,
        r#"[["creation_time","greater_than","2020-01-01"],["id","in",["1","2"]]]"#,
        r#"[["Birthday","less_than","1980-02-29"],["Mobile Phone","starts_with","+49"]]"#,
    ],
    pieces: &[
        "[",
        "]",
        "\"",
        ",",
        "null",
        "5",
        "\"not\"",
        "\"in\"",
        "\"ends_with\"",
        "\"last_modified_time\"",
        "\"Notes\"",
        "\\n",
    ],
};

const ENTRIES: Matter = Matter {
    seeds: &[
        "version: 1\n\ndn: cn=Ann,mail=a@b.example\nobjectclass: top\nobjectclass: person\ncn: Ann\nmail: a@b.example\n\n\
         dn:: Y249QW5u\nchangetype: add\nobjectclass: inetOrgPerson\ncn:: SsO8cmdlbg==\nhomePhone: +49 30\n 214\n",
        "dn: cn=x\r\nobjectclass: mozillaAbPersonAlpha\r\nbirthyear: 1980\r\nbirthmonth: 2\r\nbirthday: 29\r\n\
         modifytimestamp: 20240102030405Z\r\ncardfileRest: {\"labels\":[\"a\"],\"custom\":{\"x\":1}}\r\n",
    ],
    pieces: &[
        "\n",
        "\n\n",
        "\r\n",
        "\n ",
        ":",
        "::",
        ":<",
        "#",
        "dn: x",
        "changetype: modify\n",
        "objectclass: group\n",
        "-\n",
        "cn;lang-de: x\n",
        "jpegPhoto:: /9j/4AAQ\n",
        "c: DE\n",
        "street: a$b\n",
        "birthday: 99\n",
        "cardfileRest: {\"note\":null}\n",
        "\u{fc}",
        "$",
        "description: x\n",
    ],
};

const CARDS: Matter = Matter {
    seeds: &[
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Powell;Amber;;;\r\nFN:Amber Powell\r\nEMAIL;TYPE=HOME,pref:a@b.example\r\n\
         item1.TEL;TYPE=CELL:+49 30 214\r\nitem1.X-ABLabel:_$!<Mobile>!$_\r\nEND:VCARD\r\n",
        "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=\n=C3=BC\nBDAY:19800229\n\
         PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\n SkZJ\n\nEND:VCARD\n",
        "BEGIN:VCARD\nVERSION:4.0\nFN;LANGUAGE=de:x\nORG:Acme\\, Inc.;Sales\nADR;LABEL=\"a\\nb\":;;Str. 1;Ort;;1;DE\n\
         CATEGORIES:a,b\\,c\nNOTE:one\\ntwo\nUID:urn:uuid:1\nX-ODD;A=B:c\nEND:VCARD\n",
    ],
    pieces: &[
        "BEGIN:VCARD\n",
        "END:VCARD\r\n",
        "VERSION:2.1\r",
        "=\r\n",
        "=C3",
        "\\n",
        "\\;",
        "\\",
        " ",
        "\t",
        "\"",
        ":",
        ";",
        ",",
        "\n ",
        "\r",
        ";ENCODING=b",
        ";CHARSET=SHIFT_JIS",
        "item9.",
        "BDAY:--0229",
        "REV:2020-01-01T00:00:00Z",
        "\u{85}",
        "\u{feff}",
        "\0",
    ],
};

const ROWS: Matter = Matter {
    seeds: &[
        "Name,Email,Phone\nAmber Powell,a@b.example,+49 30 214\n\"x, \"\"y\"\"\",c@d.example,\n",
        "First Name;Last Name;E-mail 1 - Value;Birthday;Labels\nJ\u{fc}rgen;M\u{fc}ller;j@m.example;29.02.1980;a ::: b\n",
        "First\tLast\tEmail Address\tNotes\nA\tB\ta@b.example\t'=1+1\n",
    ],
    pieces: &[
        "\"", "\"\"", ",", ";", "\t", "\n", "\r\n", "\r", "'=", "=", "@", "\u{feff}", "\0", " ::: ", "Email",
        "x.Score", "(text)",
    ],
};

const OBJECTS: Matter = Matter {
    seeds: &[
        r#"{"name":{"full":"Amber Powell","first":"Amber"},"emails":[{"value":"a@b.example","tag":"HOME"}],"labels":["a"]}"#,
        "{\"email\":\"a@b.example\",\"name\":\"x\"}\n{\"custom\":{\"Score\":5,\"since\":\"2020-01-01\"},\"birthday\":\"1980-02-29\"}\n",
    ],
    pieces: &[
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "\n",
        "null",
        "1e999",
        "\\u0000",
        "\\ud800",
        "\"phones\"",
        "\"note\"",
        "\"\\r\\n\"",
    ],
};

fn count() -> usize {
    let short = if cfg!(debug_assertions) { 500 } else { 2_000 };
    std::env::var("CARDFILE_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(short)
}

fn random() -> ChaCha8Rng {
    let seed = std::env::var("CARDFILE_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    ChaCha8Rng::seed_from_u64(seed)
}

/// A place in some bytes, the end included.
fn place(random: &mut impl Rng, bytes: &[u8]) -> usize {
    random.random_range(0..=bytes.len())
}

fn changed(matter: &Matter, random: &mut impl Rng) -> Vec<u8> {
    let mut bytes = matter.seeds[random.random_range(0..matter.seeds.len())].as_bytes().to_vec();
    for _ in 0..random.random_range(1..8) {
        let (one, other) = (place(random, &bytes), place(random, &bytes));
        let (from, to) = (one.min(other), one.max(other));
        match random.random_range(0..6) {
            0 => drop(bytes.drain(from..to.min(from + 12))),
            1 => {
                let piece = bytes[from..to.min(from + 40)].to_vec();
                bytes.splice(to..to, piece);
            }
            2 | 3 => {
                let piece = matter.pieces[random.random_range(0..matter.pieces.len())];
                bytes.splice(from..from, piece.bytes());
            }
            4 => {
                let other = matter.seeds[random.random_range(0..matter.seeds.len())].as_bytes();
                let at = place(random, other);
                bytes.truncate(from);
                bytes.extend_from_slice(&other[at..]);
            }
            _ => {
                if let Some(byte) = bytes.get_mut(from) {
                    *byte = random.random();
                }
            }
        }
    }
    bytes
}

/// Feeds a target; what fails is shown before it does.
fn feed(target: fn(&[u8]), matter: &Matter) {
    feed_some(target, matter, count());
}

fn feed_some(target: fn(&[u8]), matter: &Matter, count: usize) {
    let mut random = random();
    for n in 0..count {
        let bytes = changed(matter, &mut random);
        let held = std::panic::catch_unwind(|| target(&bytes)).is_ok();
        assert!(held, "input {n}: {:?}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn lines() {
    feed(targets::line, &LINES);
}

#[test]
fn filters() {
    feed(targets::filter, &FILTERS);
}

#[test]
fn triples() {
    feed(targets::triples, &TRIPLES);
}

#[test]
fn cards() {
    feed(targets::vcard, &CARDS);
}

#[test]
fn rows() {
    feed(targets::csv, &ROWS);
}

#[test]
fn entries() {
    feed(targets::ldif, &ENTRIES);
}

#[test]
fn objects() {
    feed(targets::jsonl, &OBJECTS);
}

#[test]
fn files_in_any_encoding() {
    // Each input is read in many encodings, and there are four kinds of them.
    for matter in [&CARDS, &ROWS, &OBJECTS, &ENTRIES] {
        feed_some(targets::encodings, matter, count() / 4);
    }
}

#[test]
fn packed_files() {
    feed(targets::packed, &CARDS);
}

#[test]
fn texts_to_show() {
    feed(targets::sanitise, &LINES);
}
