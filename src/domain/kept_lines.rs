//! The kept lines of a card (docs/PRODUCT.md, Import) when two cards become one.
//!
//! A group (`item1`) ties lines of one card together, and every card counts its groups from one: those of the other
//! card get names that are free. A card has one `UID`; others are kept under a name of their own and still found.
//! Called by [`super::identity`] and [`super::merge`]. It knows no grammar beyond groups and names.

use super::contact::Contact;

/// Keeps the UID of a card that became part of this one.
const OTHER_UID: &str = "X-OTHER-UID";

/// What a line says of itself: its group, its name in upper case, what stands behind the group.
fn parts(line: &str) -> (&str, String, &str) {
    let end = line.find([':', ';']).unwrap_or(line.len());
    let label = &line[..end];
    match label.rsplit_once('.') {
        Some((group, name)) if group.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) => {
            (group, name.to_ascii_uppercase(), &line[group.len() + 1..])
        }
        _ => ("", label.to_ascii_uppercase(), line),
    }
}

/// The identifier of a line, if it is a card's `UID`, in lower case and without its scheme.
pub fn uid(line: &str) -> Option<String> {
    identifier(line, "UID")
}

/// The identifiers that a card is known by: its own, and those of cards that became part of it.
pub fn uids<S: AsRef<str>>(lines: &[S]) -> impl Iterator<Item = String> {
    lines.iter().map(AsRef::as_ref).filter_map(|line| uid(line).or_else(|| identifier(line, OTHER_UID)))
}

fn identifier(line: &str, wanted: &str) -> Option<String> {
    let (_, value) = line.split_once(':')?;
    let value = value.trim().to_lowercase();
    let value = value.strip_prefix("urn:uuid:").unwrap_or(&value);
    (parts(line).1 == wanted && !value.is_empty()).then(|| value.to_owned())
}

/// Adds the lines of another card; whether any was new.
pub fn unite(own: &mut Vec<String>, new: &[String]) -> bool {
    let count = own.len();
    let mut done: Vec<&str> = Vec::new();
    for line in new {
        let (group, _, _) = parts(line);
        if group.is_empty() {
            single(own, line);
        } else if !done.iter().any(|known| known.eq_ignore_ascii_case(group)) {
            done.push(group);
            let of = |lines: &[String]| -> Vec<String> {
                lines
                    .iter()
                    .map(|line| parts(line))
                    .filter(|(of, _, _)| of.eq_ignore_ascii_case(group))
                    .map(|(_, _, rest)| rest.to_owned())
                    .collect()
            };
            self::group(own, group, &of(new));
        }
    }
    own.len() > count
}

/// Adds a line that is in no group.
fn single(own: &mut Vec<String>, line: &str) {
    let line = match uid(line) {
        Some(new) if uids(own).any(|known| known == new) => return,
        Some(_) if own.iter().any(|line| uid(line).is_some()) => {
            format!("{OTHER_UID}:{}", line.split_once(':').map_or("", |(_, value)| value))
        }
        _ => line.to_owned(),
    };
    if !own.contains(&line) {
        own.push(line);
    }
}

/// Adds the lines of a group, each without it, under a name that is free.
fn group(own: &mut Vec<String>, name: &str, lines: &[String]) {
    let groups = |own: &[String]| {
        let mut groups: Vec<String> =
            own.iter().map(|line| parts(line).0.to_lowercase()).filter(|group| !group.is_empty()).collect();
        groups.dedup();
        groups
    };
    let known = groups(own);
    let says = |group: &String, wanted: &String| {
        own.iter().any(|line| {
            let (of, _, rest) = parts(line);
            of.eq_ignore_ascii_case(group) && rest == wanted
        })
    };
    if known.iter().any(|group| lines.iter().all(|line| says(group, line))) {
        return;
    }
    let free = |name: &str| !known.iter().any(|group| group.eq_ignore_ascii_case(name));
    let mut name = name.to_owned();
    let mut n = 0;
    while !free(&name) {
        n += 1;
        name = format!("item{n}");
    }
    own.extend(lines.iter().map(|line| format!("{name}.{line}")));
}

/// Drops the labels of emails and phones that the contact has no more, with the lines that tie them to these.
pub fn drop_orphans(contact: &mut Contact) {
    let plain = |text: &str| text.replace('\\', "");
    let has = |name: &str, value: &str| {
        let items = if name == "EMAIL" { &contact.emails } else { &contact.phones };
        items.iter().any(|item| plain(&item.value) == plain(value))
    };
    let is_orphan = |line: &String| {
        let (group, name, _) = parts(line);
        let value = line.split_once(':').map_or("", |(_, value)| value);
        !group.is_empty() && matches!(name.as_str(), "EMAIL" | "TEL") && !has(&name, value)
    };
    let groups: Vec<String> =
        contact.extra.iter().filter(|line| is_orphan(line)).map(|line| parts(line).0.to_owned()).collect();
    contact.extra.retain(|line| {
        let (group, name, _) = parts(line);
        !(groups.iter().any(|known| known == group) && matches!(name.as_str(), "EMAIL" | "TEL" | "X-ABLABEL"))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::Tagged;

    fn lines(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    #[test]
    fn groups_of_two_cards_stay_apart() {
        let mut own = lines(&["item1.TEL:1", "item1.X-ABLABEL:Boat", "X-PET:cat"]);
        let other = lines(&["item1.TEL:2", "item1.X-ABLABEL:Cabin", "X-PET:cat", "two.URL:x"]);
        assert!(unite(&mut own, &other));
        let united =
            ["item1.TEL:1", "item1.X-ABLABEL:Boat", "X-PET:cat", "item2.TEL:2", "item2.X-ABLABEL:Cabin", "two.URL:x"];
        assert_eq!(own, united);
        assert!(!unite(&mut own, &other), "it is there already");
        assert_eq!(own, united);
    }

    #[test]
    fn a_card_has_one_uid_and_is_known_by_all() {
        let mut own = lines(&["UID:aaa"]);
        assert!(unite(&mut own, &lines(&["UID:urn:uuid:BBB"])));
        assert_eq!(own, ["UID:aaa", "X-OTHER-UID:urn:uuid:BBB"]);
        assert!(!unite(&mut own, &lines(&["UID:bbb"])));
        assert_eq!(uids(&own).collect::<Vec<_>>(), ["aaa", "bbb"]);
        assert_eq!(uid("item1.uid;VALUE=uri:urn:uuid:AB-1").as_deref(), Some("ab-1"));
        assert_eq!((uid("UIDX:1"), uid("UID: ")), (None, None));
    }

    #[test]
    fn a_label_goes_with_the_number_that_it_was_of() {
        let mut contact = Contact {
            phones: vec![Tagged::plain("3")],
            extra: lines(&[
                "item1.TEL:1",
                "item1.X-ABLABEL:Boat",
                "item2.TEL:3",
                "item2.X-ABLABEL:Cabin",
                "item3.URL:x",
                "item3.X-ABLABEL:Blog",
            ]),
            ..Contact::default()
        };
        drop_orphans(&mut contact);
        assert_eq!(contact.extra, ["item2.TEL:3", "item2.X-ABLABEL:Cabin", "item3.URL:x", "item3.X-ABLABEL:Blog"]);
    }
}
