//! Which of several values of a card is preferred.
//!
//! Called by [`super::card_to_contact`].

use super::content_line::Line;

/// The formatted name that is preferred over the others, where a later one is.
pub(super) fn preferred_name(lines: &[Option<Line<'_>>], alone: &[usize]) -> Option<usize> {
    let nested = lines.iter().flatten().any(|line| matches!(line.name(), "BEGIN" | "END"));
    let rank = |line: &Line<'_>| {
        let pref = line.params().iter().find_map(|param| param.strip_prefix("PREF=")?.parse::<u32>().ok());
        pref.unwrap_or(101)
    };
    let names = lines.iter().enumerate().filter_map(|(at, line)| Some((at, line.as_ref()?)));
    let names = names.filter(|(at, line)| line.name() == "FN" && !alone.contains(at));
    // `min_by_key` gives the first of those that are preferred alike.
    names.min_by_key(|(_, line)| rank(line)).map(|(at, _)| at).filter(|at| *at > 0 && !nested)
}

/// Moves the preferred value to the front.
pub(super) fn first<T>(values: &mut [T], preferred: Option<(u32, usize)>) {
    if let Some((_, at)) = preferred {
        values[..=at].rotate_right(1);
    }
}
