//! THE one place through which text reaches the screen: made safe, cut and padded by display width.
//!
//! Every pane draws by a [`Canvas`]; nothing in the view writes a cell in any other way.

use std::borrow::Cow;
use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr;

use crate::domain::display::{sanitise, thousands};
use crate::tui::widgets::area::Area;
use crate::tui::widgets::text_field::Line;
use crate::tui::widgets::theme::{Role, Theme};

/// A buffer to draw on, with the theme.
pub(in crate::tui) struct Canvas<'a> {
    buffer: &'a mut Buffer,
    /// The theme.
    pub(in crate::tui) theme: &'a Theme,
    caret: Option<(u16, u16)>,
}

/// The most bytes of a text that are looked at: more than the largest screen shows of one.
const MOST: usize = 4_096;

/// A run of text in one role.
pub(in crate::tui) type Run = (String, Role);

impl<'a> Canvas<'a> {
    pub(in crate::tui) fn new(buffer: &'a mut Buffer, theme: &'a Theme) -> Self {
        Self { buffer, theme, caret: None }
    }

    /// How many columns and rows there are.
    pub(in crate::tui) fn size(&self) -> (u16, u16) {
        (self.buffer.area.width, self.buffer.area.height)
    }

    /// Puts the terminal's own cursor where the next character will stand: input methods, screen readers and
    /// magnifiers go by it.
    pub(in crate::tui) fn put_caret(&mut self, x: u16, y: u16) {
        self.caret = Some((x, y));
    }

    /// Where the terminal's cursor belongs; none where nothing is typed.
    pub(in crate::tui) fn caret(&self) -> Option<(u16, u16)> {
        self.caret
    }

    pub(in crate::tui) fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// Writes a text from `x` on in at most `width` columns; returns how many it took.
    pub(in crate::tui) fn put(&mut self, x: u16, y: u16, width: u16, text: &str, role: Role) -> u16 {
        let style = self.style(role);
        self.styled(x, y, width, text, style)
    }

    /// Writes runs one after the other in at most `width` columns, with a sign where they are cut; returns
    /// how many columns they took.
    pub(in crate::tui) fn runs(&mut self, x: u16, y: u16, width: u16, runs: &[Run]) -> u16 {
        let total: usize = runs.iter().map(|(text, _)| columns(text)).sum();
        let cut = total > usize::from(width);
        let room = width.saturating_sub(u16::from(cut));
        let (mut used, mut last) = (0, Role::Text);
        for (text, role) in runs {
            let safe = safe(text);
            let (fits, taken, whole) = fitting(&safe, usize::from(room - used));
            self.put(x + used, y, taken as u16, fits, *role);
            used += taken as u16;
            last = *role;
            if !whole {
                break;
            }
        }
        if cut && width > 0 {
            used += self.put(x + used, y, 1, self.theme.glyphs.cut, last);
        }
        used
    }

    /// Writes a text so that it ends before `right`, in at most `width` columns.
    pub(in crate::tui) fn right(&mut self, right: u16, y: u16, width: u16, text: &str, role: Role) {
        let taken = (columns(text).min(usize::from(width))) as u16;
        self.put(right.saturating_sub(taken), y, taken, text, role);
    }

    /// Writes a text whose ranges of bytes are painted in another role.
    pub(in crate::tui) fn marked(
        &mut self,
        at: (u16, u16),
        width: u16,
        text: &str,
        ranges: &[Range<usize>],
        roles: (Role, Role),
    ) {
        let safe = safe(text);
        let mut runs: Vec<Run> = Vec::new();
        let (plain, painted) = roles;
        // Ranges are of the text as it is; where making it safe moved bytes, nothing is painted.
        let ranges = if safe.len() == text.len() { ranges } else { &[] };
        let mut from = 0;
        for range in ranges {
            let (start, end) = (range.start.max(from), range.end.min(safe.len()));
            let (Some(before), Some(inside)) = (safe.get(from..start), safe.get(start..end)) else { continue };
            runs.push((before.to_owned(), plain));
            runs.push((inside.to_owned(), painted));
            from = end.max(from);
        }
        runs.push((safe.get(from..).unwrap_or_default().to_owned(), plain));
        self.runs(at.0, at.1, width, &runs);
    }

    fn styled(&mut self, x: u16, y: u16, width: u16, text: &str, style: Style) -> u16 {
        let area = self.buffer.area;
        if y >= area.bottom() || x >= area.right() || width == 0 {
            return 0;
        }
        let width = usize::from(width.min(area.right() - x));
        let shown = cut(text, width, self.theme.glyphs.cut);
        let shown = if self.theme.glyphs.ascii { ascii(&shown) } else { shown };
        self.buffer.set_stringn(x, y, &shown, width, style);
        columns(&shown).min(width) as u16
    }

    /// Lays a style over cells, keeping their text.
    pub(in crate::tui) fn paint(&mut self, area: Area, role: Role) {
        let style = self.style(role);
        self.buffer.set_style(rect(area).intersection(self.buffer.area), style);
    }

    /// Empties cells.
    pub(in crate::tui) fn clear(&mut self, area: Area) {
        let base = self.style(Role::Base);
        let area = rect(area).intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_style(base);
                }
            }
        }
    }

    /// Dims everything: a window comes over it, and what lies beneath is typed in no more.
    pub(in crate::tui) fn dim_all(&mut self) {
        self.caret = None;
        let style = self.style(Role::Base).patch(self.style(Role::Under));
        for cell in &mut self.buffer.content {
            let symbol = cell.symbol().to_owned();
            cell.reset();
            cell.set_symbol(&symbol).set_style(style);
        }
    }

    /// A line across.
    pub(in crate::tui) fn rule(&mut self, x: u16, y: u16, width: u16, role: Role) {
        let line = self.theme.glyphs.border[4].repeat(usize::from(width));
        self.put(x, y, width, &line, role);
    }

    /// A thin bar of shares: each part in its role, the rest of the whole behind them.
    pub(in crate::tui) fn shares(&mut self, x: u16, y: u16, width: u16, whole: u64, parts: &[(u64, Role)]) {
        let [full, rest] = self.theme.glyphs.thin;
        let cells = share_cells(whole, &parts.iter().map(|(n, _)| *n).collect::<Vec<_>>(), width);
        let mut at = x;
        for (n, (_, role)) in cells.iter().zip(parts) {
            self.put(at, y, *n, &full.repeat(usize::from(*n)), *role);
            at += n;
        }
        let left = (x + width).saturating_sub(at);
        self.put(at, y, left, &rest.repeat(usize::from(left)), Role::Barrest);
    }

    /// A gauge that moves by eighths of a cell.
    pub(in crate::tui) fn gauge(&mut self, x: u16, y: u16, width: u16, done: u64, total: u64, role: Role) {
        let steps = self.theme.glyphs.gauge.len() as u64 - 1;
        let all = u64::from(width) * steps;
        let filled =
            if total == 0 { 0 } else { (u128::from(done.min(total)) * u128::from(all) / u128::from(total)) as u64 };
        let (whole, part) = ((filled / steps) as u16, (filled % steps) as usize);
        let last = self.theme.glyphs.gauge[steps as usize];
        self.put(x, y, whole, &last.repeat(usize::from(whole)), role);
        let mut at = x + whole;
        if part > 0 {
            self.put(at, y, 1, self.theme.glyphs.gauge[part], role);
            at += 1;
        }
        let left = (x + width).saturating_sub(at);
        let rest = self.theme.glyphs.gauge_rest.repeat(usize::from(left));
        self.put(at, y, left, &rest, Role::Barrest);
    }
}

/// How many cells each part of a whole takes: at least one if it is there at all, and never all of them
/// unless it is all.
fn share_cells(whole: u64, parts: &[u64], width: u16) -> Vec<u16> {
    let mut left = width;
    let all: u64 = parts.iter().fold(0, |all, n| all.saturating_add(*n));
    let mut out = Vec::with_capacity(parts.len());
    for (at, n) in parts.iter().enumerate() {
        if *n == 0 || whole == 0 {
            out.push(0);
            continue;
        }
        let behind = parts[at + 1..].iter().filter(|n| **n > 0).count() as u16 + u16::from(all < whole);
        let ideal = (u128::from(*n) * u128::from(width) + u128::from(whole) / 2) / u128::from(whole);
        let cells =
            (ideal.min(u128::from(u16::MAX)) as u16).max(1).min(left.saturating_sub(behind).max(u16::from(left > 0)));
        // The last part of a whole takes what is left.
        let cells = if all >= whole && behind == 0 { left } else { cells };
        out.push(cells);
        left -= cells;
    }
    out
}

/// How many columns a text takes once it is safe.
pub(in crate::tui) fn columns(text: &str) -> usize {
    safe(text).graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// The text made safe and cut to so many columns, with a sign where it was cut.
fn cut(text: &str, width: usize, sign: &str) -> String {
    let safe = safe(text);
    let (fits, _, whole) = fitting(&safe, width);
    if whole {
        return fits.to_owned();
    }
    let (fits, _, _) = fitting(&safe, width.saturating_sub(1));
    format!("{fits}{sign}")
}

/// The characters of a safe text that fit, how many columns they take, and whether that is all of it.
fn fitting(text: &str, width: usize) -> (&str, usize, bool) {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        let wide = grapheme.width();
        if used + wide > width {
            return (&text[..at], used, false);
        }
        used += wide;
    }
    (text, used, true)
}

/// A text in exactly so many columns, a sign where its end is cut off.
pub(in crate::tui) fn padded(text: &str, width: usize, cut: &str) -> String {
    let text = safe(text);
    let mut out = match fitting(&text, width) {
        (whole, _, true) => whole.to_owned(),
        _ => format!("{}{cut}", fitting(&text, width.saturating_sub(1)).0),
    };
    out.extend(std::iter::repeat_n(' ', width.saturating_sub(out.width())));
    out
}

/// The end of a text that fits into so many columns once it is safe.
pub(in crate::tui) fn tail(text: &str, width: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used += columns(grapheme);
        if used > width {
            return &text[at + grapheme.len()..];
        }
    }
    text
}

/// Every character that isn't ASCII as a question mark per column.
fn ascii(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for grapheme in text.graphemes(true) {
        if grapheme.is_ascii() {
            out.push_str(grapheme);
        } else {
            let plain = crate::domain::fold::fold_accents(grapheme);
            let known = plain.len() == grapheme.width() && plain.is_ascii();
            if known {
                let upper = grapheme.chars().next().is_some_and(char::is_uppercase);
                out.push_str(&if upper { plain.to_uppercase() } else { plain.into_owned() });
            } else {
                out.extend(std::iter::repeat_n('?', grapheme.width()));
            }
        }
    }
    out
}

/// A text as lines of at most so many columns, broken at blanks where there are any.
pub(in crate::tui) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let safe = safe(text);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in safe.split(' ') {
        let gap = usize::from(!line.is_empty());
        if columns(&line) + gap + columns(word) > width && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        while let (fits, _, false) = fitting(&line, width) {
            let at = fits.len().max(line.graphemes(true).next().map_or(1, str::len));
            let rest = line.split_off(at);
            lines.push(std::mem::replace(&mut line, rest));
        }
    }
    lines.push(line);
    lines
}

/// The text made safe; of a monstrous one only as much as a screen could show.
fn safe(text: &str) -> Cow<'_, str> {
    sanitise(start(text, MOST))
}

/// The beginning of a text, at most so many bytes, in whole characters.
pub(in crate::tui) fn start(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The drawing library's rectangle.
pub(in crate::tui) fn rect(area: Area) -> Rect {
    Rect { x: area.x, y: area.y, width: area.width, height: area.height }
}

/// A text with the cursor in it, the part before the caret seen where there is no room for all of it; how many columns
/// it took.
pub(in crate::tui) fn typed(canvas: &mut Canvas<'_>, (x, y): (u16, u16), width: u16, line: &Line, role: Role) -> u16 {
    let room = width.saturating_sub(1);
    let (before, after) = line.text().split_at(line.cursor());
    let wide = canvas.put(x, y, room, tail(before, usize::from(room)), role);
    let behind = canvas.put(x + wide, y, room.saturating_sub(wide), after, role);
    canvas.put_caret(x + wide, y);
    wide + behind + u16::from(after.is_empty())
}

/// What is typed to narrow a list: the first line of a window, a rule below it.
pub(in crate::tui) fn narrowing(canvas: &mut Canvas<'_>, area: Area, line: &Line) {
    let used = canvas.put(area.x, area.y, 1, canvas.theme.glyphs.prompt, Role::Key) + 1;
    typed(canvas, (area.x + used, area.y), area.width.saturating_sub(used), line, Role::Text);
    canvas.rule(area.x - 2, area.y + 1, area.width + 4, Role::Frame);
}

/// A size as people say it.
pub(in crate::tui) fn bytes(n: u64) -> String {
    match n {
        0..=9_999 => format!("{} B", thousands(n)),
        10_000..=9_999_999 => format!("{} kB", thousands(n / 1_000)),
        _ => format!("{} MB", thousands(n / 1_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_by_what_they_show() {
        assert_eq!(cut("Amber Powell", 8, "…"), "Amber P…");
        assert_eq!(cut("佐藤花子", 5, "…"), "佐藤…");
        assert_eq!(cut("佐藤", 4, "…"), "佐藤");
        assert_eq!(cut("a\x1b[31mb", 20, "…"), "a␛[31mb");
        assert_eq!(cut("abc", 0, "…"), "…");
        assert_eq!(columns("e\u{301}"), 1);
        assert_eq!((tail("abc", 2), tail("a佐b", 2), tail("ab", 5)), ("bc", "b", "ab"));
    }

    #[test]
    fn shares_show_what_is_there_and_never_more() {
        assert_eq!(share_cells(1000, &[1], 10), [1], "one in a thousand is seen");
        assert_eq!(share_cells(1000, &[999], 10), [9], "all but one is not all");
        assert_eq!(share_cells(1000, &[1000], 10), [10]);
        assert_eq!(share_cells(3117, &[3000, 117], 11), [10, 1]);
        assert_eq!(share_cells(10, &[0, 10], 11), [0, 11]);
        assert_eq!(share_cells(0, &[0], 11), [0]);
    }

    #[test]
    fn lines_are_wrapped_at_blanks_and_nothing_is_lost() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("", 3), [""]);
    }

    #[test]
    fn what_a_plain_terminal_cannot_show_becomes_plain() {
        assert_eq!(ascii("Zoë 佐藤 ✕"), "Zoe ???? ?");
    }
}
