//! How deep a text of JSON nests: asked before it is read.

/// How deep lists and objects lie in each other at most.
pub(super) fn depth(text: &str) -> usize {
    let (mut now, mut most, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                now += 1;
                most = most.max(now);
            }
            b']' | b'}' if !in_text => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_within_texts_do_not_count() {
        assert_eq!(depth(r#"{"a": ["[[[\"[["], "b": {"c": [1]}}"#), 3);
        assert_eq!(depth("]]]["), 1);
    }
}
