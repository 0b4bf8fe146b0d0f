//! The known word that a wrong one was meant to be.
//!
//! Called by whoever refuses a name and can say which there are: the query line, dialects, contact files, the
//! configuration, the keymap. Pure.

/// The name most like what was written, among these; none where nothing comes close.
///
/// A letter more or less, another one, or two that changed places is one step. One step is close, and one for every
/// three letters of the name.
pub fn nearest<'a>(written: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let written = written.to_lowercase();
    names
        .map(|name| (strsim::damerau_levenshtein(&written, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= (name.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_a_finger_is_close_and_another_word_is_not() {
        let known = ["email", "domain", "subscription"];
        let found = |written| nearest(written, known.into_iter());
        assert_eq!(
            ["emial", "EMAL", "domain", "subskriptoin"].map(found),
            [Some("email"), Some("email"), Some("domain"), Some("subscription")]
        );
        assert_eq!(["", "mall", "demand"].map(found), [None; 3]);
    }
}
