//! Which values are spellings of one: by their words, by their letters, by a slip of a finger, by country.
//!
//! Called by the engine with the values that the book holds and how many contacts have each. It only suggests.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use super::kind::Suggestion;
use crate::domain::fold::fold_accents;

/// Which values are spellings of one: those with the same words, whatever their order, capitals, accents and signs,
/// and those with the same pairs of letters. Of each cluster the most frequent spelling is kept.
pub fn clusters(values: &[(String, u64)]) -> Vec<Suggestion> {
    // Each value belongs to the first one with its words, and to the first one with its pairs of letters.
    let mut firsts: HashMap<String, usize> = HashMap::new();
    let mut belongs: Vec<usize> = (0..values.len()).collect();
    for (at, (value, _)) in values.iter().enumerate() {
        let folded = fold_accents(value);
        let words = words_of(&folded);
        if words.is_empty() {
            continue;
        }
        let letters: Vec<char> = folded.chars().filter(|c| c.is_alphanumeric()).collect();
        let first = *firsts.entry(words).or_insert(at);
        unite(&mut belongs, first, at);
        // Few letters have the same pairs by chance.
        if letters.len() >= LETTERS {
            let first = *firsts.entry(pairs_of(&letters)).or_insert(at);
            unite(&mut belongs, first, at);
        }
    }
    let mut clusters: BTreeMap<usize, Vec<&(String, u64)>> = BTreeMap::new();
    for (at, value) in values.iter().enumerate() {
        clusters.entry(root(&belongs, at)).or_default().push(value);
    }
    let mut out = Vec::new();
    for mut cluster in clusters.into_values().filter(|cluster| cluster.len() > 1) {
        cluster.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| small(&a.0).cmp(&small(&b.0))).then_with(|| a.0.cmp(&b.0)));
        suggest(&cluster, &mut out);
    }
    in_order(out)
}

/// Suggests the first of these spellings for the others.
fn suggest(cluster: &[&(String, u64)], out: &mut Vec<Suggestion>) {
    let Some(((to, others), rest)) = cluster.split_first() else { return };
    out.extend(rest.iter().map(|(from, contacts)| Suggestion {
        from: from.trim().to_owned(),
        to: to.trim().to_owned(),
        contacts: *contacts,
        others: *others,
    }));
}

/// The most frequent first; what differs in blanks alone is no spelling.
fn in_order(mut all: Vec<Suggestion>) -> Vec<Suggestion> {
    all.retain(|suggestion| suggestion.from != suggestion.to);
    all.sort_by(|a, b| b.contacts.cmp(&a.contacts).then_with(|| a.from.cmp(&b.from)));
    all
}

/// How little a spelling looks like one: all in small letters or in capitals.
fn small(value: &str) -> bool {
    let letters = || value.chars().filter(|c| c.is_alphabetic());
    letters().all(char::is_lowercase) || letters().all(char::is_uppercase)
}

/// The words of a folded value, in order of the alphabet and each once.
fn words_of(folded: &str) -> String {
    let words: BTreeSet<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.into_iter().collect::<Vec<_>>().join(" ")
}

/// Of so many letters on the same pairs make the same value.
const LETTERS: usize = 6;

/// The pairs of neighbouring letters, in order of the alphabet and each once; no value has words like that.
fn pairs_of(letters: &[char]) -> String {
    let pairs: BTreeSet<[char; 2]> = letters.windows(2).map(|pair| [pair[0], pair[1]]).collect();
    std::iter::once('\0').chain(pairs.into_iter().flatten()).collect()
}

/// The first value that a value belongs to.
fn root(belongs: &[usize], mut at: usize) -> usize {
    while belongs[at] != at {
        at = belongs[at];
    }
    at
}

/// Lets two values belong together.
fn unite(belongs: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root(belongs, one), root(belongs, other));
    belongs[one.max(other)] = one.min(other);
}

/// Domains that many people have an address at, one a line.
const DOMAINS: &str = include_str!("../../../assets/email_domains.txt");

fn famous() -> &'static BTreeSet<&'static str> {
    static FAMOUS: OnceLock<BTreeSet<&str>> = OnceLock::new();
    FAMOUS.get_or_init(|| DOMAINS.lines().filter(|line| !line.starts_with('#')).collect())
}

/// A domain on so many contacts is one that the book knows.
const KNOWN: u64 = 100;
/// A domain is a slip of another only where the other stands on so many times as many contacts.
const RARER: u64 = 100;
/// The same where everybody knows the other.
const RARER_THAN_FAMOUS: u64 = 10;

/// Which domains are a slip of a finger (a letter too many, too few, another one, or two of them swapped) away from one
/// that everybody knows, or that stands on very many more contacts of the book.
pub fn slips(values: &[(String, u64)]) -> Vec<Suggestion> {
    let mut count: HashMap<String, u64> = HashMap::new();
    for (domain, n) in values {
        *count.entry(domain.trim().to_lowercase()).or_default() += n;
    }
    let of = |domain: &str| count.get(domain).copied().unwrap_or(0);
    let frequent: Vec<&str> = count.iter().filter(|(_, n)| **n >= KNOWN).map(|(domain, _)| domain.as_str()).collect();
    // Known domains by their length: a slip changes it by one at most.
    let mut by_length: BTreeMap<usize, Vec<(&str, u64)>> = BTreeMap::new();
    for domain in famous() {
        by_length.entry(domain.len()).or_default().push((domain, RARER_THAN_FAMOUS));
    }
    for domain in frequent.into_iter().filter(|domain| !famous().contains(domain)) {
        by_length.entry(domain.len()).or_default().push((domain, RARER));
    }
    let mut out = Vec::new();
    for (domain, n) in &count {
        if famous().contains(domain.as_str()) || domain.len() < 6 {
            continue;
        }
        let near =
            by_length.range(domain.len() - 1..=domain.len() + 1).flat_map(|(_, all)| all).filter(|(other, rarer)| {
                let often = if *rarer == RARER { of(other) } else { of(other).max(RARER_THAN_FAMOUS) };
                domain != other && n * rarer <= often && strsim::damerau_levenshtein(domain, other) == 1
            });
        if let Some((to, _)) = near.max_by_key(|(other, _)| (of(other), std::cmp::Reverse(*other))) {
            out.push(Suggestion { from: domain.clone(), to: (*to).to_owned(), contacts: *n, others: of(to) });
        }
    }
    in_order(out)
}

/// Countries by their names and codes, one a line.
const COUNTRY_NAMES: &str = include_str!("../../../assets/country_names.txt");

/// The line of each name and code, folded.
fn country_lines() -> &'static HashMap<String, usize> {
    static LINES: OnceLock<HashMap<String, usize>> = OnceLock::new();
    LINES.get_or_init(|| {
        let lines = COUNTRY_NAMES.lines().filter(|line| !line.starts_with('#')).enumerate();
        lines.flat_map(|(at, line)| line.split('|').map(move |name| (fold_accents(name).into_owned(), at))).collect()
    })
}

/// Which countries are written in several ways: of each the most frequent name is kept, else the most frequent code.
pub fn countries(values: &[(String, u64)]) -> Vec<Suggestion> {
    let mut by_line: BTreeMap<usize, Vec<&(String, u64)>> = BTreeMap::new();
    for value in values {
        if let Some(line) = country_lines().get(fold_accents(value.0.trim()).trim_end_matches('.')) {
            by_line.entry(*line).or_default().push(value);
        }
    }
    let mut out = Vec::new();
    for mut cluster in by_line.into_values().filter(|cluster| cluster.len() > 1) {
        let is_code = |value: &str| value.trim().chars().count() <= 3;
        cluster.sort_by(|a, b| (is_code(&a.0), small(&a.0), b.1).cmp(&(is_code(&b.0), small(&b.0), a.1)));
        suggest(&cluster, &mut out);
    }
    in_order(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(values: &[(&str, u64)]) -> Vec<(String, u64)> {
        values.iter().map(|(value, n)| ((*value).to_owned(), *n)).collect()
    }

    fn pairs(suggestions: &[Suggestion]) -> Vec<(&str, &str)> {
        suggestions.iter().map(|it| (it.from.as_str(), it.to.as_str())).collect()
    }

    #[test]
    fn spellings_of_one_value_become_the_most_frequent() {
        let companies =
            counted(&[("Acme, Inc.", 9), ("ACME Inc", 3), ("inc acme", 1), ("Acmé Inc", 2), ("Acme Ltd", 4)]);
        assert_eq!(
            pairs(&clusters(&companies)),
            [("ACME Inc", "Acme, Inc."), ("Acmé Inc", "Acme, Inc."), ("inc acme", "Acme, Inc.")]
        );
        let spaced = counted(&[("Old Corp GmbH", 5), ("OldCorp GmbH", 1)]);
        assert_eq!(pairs(&clusters(&spaced)), [("OldCorp GmbH", "Old Corp GmbH")]);
        assert_eq!(pairs(&clusters(&counted(&[("IBM", 5), ("BMI", 1)]))), []);
        assert_eq!(pairs(&clusters(&counted(&[("Acme", 5), (" Acme ", 1)]))), [], "blanks are another fix");
    }

    #[test]
    fn a_slip_in_a_domain_is_told_and_another_domain_is_not() {
        let domains = counted(&[
            ("gmail.com", 400),
            ("gmial.com", 3),
            ("Gmial.com", 1),
            ("oldcorp.com", 200),
            ("oldcrop.com", 1),
            ("ymail.com", 60),
            ("mail.com", 1),
            ("gmx.net", 1),
            ("newcorp.com", 90),
        ]);
        assert_eq!(pairs(&slips(&domains)), [("gmial.com", "gmail.com"), ("oldcrop.com", "oldcorp.com")]);
        assert_eq!(slips(&domains)[0].contacts, 4, "in any case");
        let none_has_it = counted(&[("hotmial.com", 1)]);
        assert_eq!(pairs(&slips(&none_has_it)), [("hotmial.com", "hotmail.com")], "everybody knows it");
    }

    #[test]
    fn the_domains_that_everybody_knows_are_no_slips_of_each_other() {
        let all: Vec<(String, u64)> = famous().iter().map(|domain| ((*domain).to_owned(), 1)).collect();
        assert!(all.len() > 50 && slips(&all).is_empty());
    }

    #[test]
    fn a_country_is_written_in_one_way() {
        let values = counted(&[("Germany", 5), ("DE", 9), ("Deutschland", 2), ("Austria", 1)]);
        assert_eq!(pairs(&countries(&values)), [("DE", "Germany"), ("Deutschland", "Germany")]);
        let mut seen = BTreeSet::new();
        for name in COUNTRY_NAMES.lines().filter(|line| !line.starts_with('#')).flat_map(|line| line.split('|')) {
            assert!(seen.insert(fold_accents(name).into_owned()), "{name} stands twice");
        }
    }
}
