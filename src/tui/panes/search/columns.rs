//! The table's columns: which fields, in which order, how wide; and where they stand on a screen.
//!
//! Held by the Search pane and drawn by the view. Where a column stands depends on the columns and the
//! room alone, never on what is in the rows, so that nothing jumps while a search is typed.

use std::fmt::Write as _;

use crate::domain::field::{CustomFields, Field, Kind};
use crate::domain::slot::Slot;

/// The columns between a column's text and the next one.
pub const GAP: u16 = 2;
/// The narrowest and the widest that a column can be made.
const NARROWEST: u16 = 4;
const WIDEST: u16 = 80;
/// How much narrower or wider at once.
const STEP: u16 = 2;

/// The columns, the first one first; never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    shown: Vec<Column>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What it shows.
    pub what: ColumnContent,
    /// How wide its texts can be; none: as wide as there is room.
    pub width: Option<u16>,
}

/// What a column shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnContent {
    /// A field.
    Field(Field),
    /// What is searched or sorted by and has no column of its own.
    Asked,
}

/// A step of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shift {
    /// Towards the first one.
    Left,
    /// Towards the last one.
    Right,
}

/// A change of a column's width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resize {
    /// Narrower.
    Narrower,
    /// Wider.
    Wider,
    /// As wide as there is room.
    Auto,
}

impl Default for Columns {
    fn default() -> Self {
        let field = |field| Column { what: ColumnContent::Field(field), width: None };
        let asked = Column { what: ColumnContent::Asked, width: None };
        Self { shown: vec![field(Field::Name), field(Field::Email), asked, field(Field::Active)] }
    }
}

impl Columns {
    /// The columns.
    pub fn shown(&self) -> &[Column] {
        &self.shown
    }

    /// Where a column stands among them.
    pub fn position(&self, what: &ColumnContent) -> Option<usize> {
        self.shown.iter().position(|column| column.what == *what)
    }

    /// Whether a field has a column of its own.
    pub fn has(&self, field: &Field) -> bool {
        self.shown.iter().any(|column| matches!(&column.what, ColumnContent::Field(known) if known == field))
    }

    /// Shows a column behind the others, or hides it; the last one stays. Whether something changed.
    pub fn toggle(&mut self, what: &ColumnContent) -> bool {
        match self.position(what) {
            Some(at) if self.shown.len() > 1 => {
                self.shown.remove(at);
                true
            }
            Some(_) => false,
            None => {
                self.shown.push(Column { what: what.clone(), width: None });
                true
            }
        }
    }

    /// Moves a column by one place.
    pub fn shift(&mut self, what: &ColumnContent, shift: Shift) {
        let Some(at) = self.position(what) else { return };
        let to = match shift {
            Shift::Left => at.saturating_sub(1),
            Shift::Right => (at + 1).min(self.shown.len() - 1),
        };
        self.shown.swap(at, to);
    }

    /// Changes a column's width; `now` is how wide it is where it has none of its own.
    pub fn resize(&mut self, what: &ColumnContent, resize: Resize, now: u16) {
        let Some(at) = self.position(what) else { return };
        let width = &mut self.shown[at].width;
        let from = width.unwrap_or(now);
        *width = match resize {
            Resize::Narrower => Some(from.saturating_sub(STEP).max(NARROWEST)),
            Resize::Wider => Some((from + STEP).clamp(NARROWEST, WIDEST)),
            Resize::Auto => None,
        };
    }

    /// How much room each column gets of so many columns of the screen, its gap included; none where it
    /// doesn't fit. What is asked for gives way first; then all get narrower, then the last ones give way.
    /// The one that says who it is never does.
    pub fn places(&self, room: u16, vocabulary: &CustomFields) -> Vec<Option<u16>> {
        let spans: Vec<Span> = self.shown.iter().map(|column| Span::of(column, vocabulary)).collect();
        let main = self.main();
        let mut fits = vec![true; spans.len()];
        let taken = |fits: &[bool], wide: fn(&Span) -> u16| -> u16 {
            spans.iter().zip(fits).filter(|(_, fits)| **fits).map(|(span, _)| wide(span)).sum()
        };
        if let Some(asked) = self.position(&ColumnContent::Asked).filter(|at| *at != main) {
            fits[asked] = taken(&fits, |span| span.least) <= room;
        }
        while taken(&fits, |span| span.tight) > room {
            let Some(last) = (0..spans.len()).rev().find(|at| fits[*at] && *at != main) else { break };
            fits[last] = false;
        }
        let mut wide: Vec<Option<u16>> =
            spans.iter().zip(&fits).map(|(span, fits)| fits.then_some(span.tight.min(room))).collect();
        let mut spare = room.saturating_sub(taken(&fits, |span| span.tight));
        spread(&mut wide, &spans, |span| span.least, &mut spare);
        spread(&mut wide, &spans, |span| span.most, &mut spare);
        wide
    }

    /// The column that never gives way: the name, else the email, else the first.
    fn main(&self) -> usize {
        let of = |field| self.position(&ColumnContent::Field(field));
        of(Field::Name).or_else(|| of(Field::Email)).unwrap_or(0)
    }

    /// The text that [`Columns::read`] reads: a line for each, its width or `auto`, then its field.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for column in &self.shown {
            let width = column.width.map_or_else(|| "auto".to_owned(), |width| width.to_string());
            let what = match &column.what {
                ColumnContent::Field(field) => field.to_string(),
                ColumnContent::Asked => "*".to_owned(),
            };
            // Writing into a String can't fail.
            let _ = writeln!(text, "{width} {what}");
        }
        text
    }

    /// The columns of a text; what isn't known any more is left out, and without any they are the usual.
    pub fn read(text: &str, vocabulary: &CustomFields) -> Self {
        let mut shown: Vec<Column> = Vec::new();
        for line in text.lines() {
            let Some((width, what)) = line.split_once(' ') else { continue };
            let what = match what {
                "*" => Some(ColumnContent::Asked),
                name => Field::find(name, vocabulary).map(ColumnContent::Field),
            };
            let width = width.parse().ok().map(|width: u16| width.clamp(NARROWEST, WIDEST));
            if let Some(what) = what.filter(|what| shown.iter().all(|column| column.what != *what)) {
                shown.push(Column { what, width });
            }
        }
        if shown.is_empty() { Self::default() } else { Self { shown } }
    }
}

/// How much room a column takes, its gap included.
struct Span {
    /// Where it has to.
    tight: u16,
    /// Before others get more than that.
    least: u16,
    /// At most.
    most: u16,
    weight: u16,
}

impl Span {
    fn of(column: &Column, vocabulary: &CustomFields) -> Self {
        if let Some(width) = column.width {
            let width = width + GAP;
            return Self { tight: width, least: width, most: width, weight: 0 };
        }
        let (tight, least, most, weight) = match &column.what {
            ColumnContent::Asked => (10, 10, 26, 2),
            ColumnContent::Field(Field::Name) => (12, 14, 30, 2),
            ColumnContent::Field(Field::Email) => (18, 22, 42, 3),
            ColumnContent::Field(Field::Slot(Slot::Note | Slot::Website)) => (8, 12, 40, 2),
            ColumnContent::Field(field) => match field.kind(vocabulary) {
                Kind::Timestamp | Kind::Day => (10, 10, 10, 0),
                Kind::Number => (6, 8, 8, 1),
                Kind::Choice(_) => (8, 12, 12, 1),
                Kind::Phone => (12, 14, 18, 1),
                Kind::Text | Kind::Set => (8, 12, 26, 2),
            },
        };
        Self { tight: tight + GAP, least: least + GAP, most: most + GAP, weight }
    }
}

/// Gives what is to spare to those that can use it up to a width, by weight.
fn spread(wide: &mut [Option<u16>], spans: &[Span], up_to: fn(&Span) -> u16, spare: &mut u16) {
    loop {
        let can = |now: &Option<u16>, span: &Span| now.is_some_and(|now| span.weight > 0 && now < up_to(span));
        let weights: u16 =
            wide.iter().zip(spans).filter(|(now, span)| can(now, span)).map(|(_, span)| span.weight).sum();
        if weights == 0 || *spare == 0 {
            return;
        }
        let portion = (*spare / weights).max(1);
        for (now, span) in wide.iter_mut().zip(spans) {
            if can(now, span)
                && let Some(now) = now
            {
                let more = (portion * span.weight).min(up_to(span) - *now).min(*spare);
                *now += more;
                *spare -= more;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::field::{CustomKind, FIELDS};

    fn vocabulary() -> CustomFields {
        CustomFields { custom: [("VIP level".to_owned(), CustomKind::Number)].into() }
    }

    fn columns() -> impl Strategy<Value = Columns> {
        let fields = FIELDS.iter().map(|row| ColumnContent::Field(row.field.clone()));
        let all: Vec<ColumnContent> =
            fields.chain([ColumnContent::Asked, ColumnContent::Field(Field::Custom("VIP level".into()))]).collect();
        let width = proptest::option::of(NARROWEST..=WIDEST);
        proptest::collection::vec((proptest::sample::select(all), width), 1..12).prop_map(|picked| {
            let mut shown: Vec<Column> = Vec::new();
            for (what, width) in picked {
                if shown.iter().all(|known| known.what != what) {
                    shown.push(Column { what, width });
                }
            }
            Columns { shown }
        })
    }

    proptest! {
        #[test]
        fn columns_are_read_as_they_are_written(columns in columns()) {
            prop_assert_eq!(Columns::read(&columns.text(), &vocabulary()), columns);
        }

        #[test]
        fn they_fit_and_the_one_that_matters_most_is_there(columns in columns(), room in 1u16..220) {
            let places = columns.places(room, &vocabulary());
            prop_assert!(places.iter().flatten().sum::<u16>() <= room);
            prop_assert!(places[columns.main()].is_some());
        }
    }

    #[test]
    fn the_usual_ones_on_a_narrow_and_a_wide_screen() {
        let places = |room| Columns::default().places(room, &CustomFields::default());
        assert_eq!(places(55), [Some(18), Some(25), None, Some(12)], "what is asked for gives way first");
        assert_eq!(places(44), [Some(18), Some(26), None, None]);
        assert_eq!(places(20), [Some(20), None, None, None], "the name never does");
        assert_eq!(places(200), [Some(32), Some(44), Some(28), Some(12)]);
    }

    #[test]
    fn they_are_shown_moved_and_sized() {
        let mut columns = Columns::default();
        let (name, city) = (ColumnContent::Field(Field::Name), ColumnContent::Field(Field::City));
        assert!(columns.toggle(&city) && columns.toggle(&ColumnContent::Asked));
        columns.shift(&city, Shift::Left);
        columns.shift(&name, Shift::Left);
        columns.resize(&city, Resize::Wider, 20);
        assert_eq!(columns.text(), "auto name\nauto email\n22 city\nauto active\n");
        columns.resize(&city, Resize::Auto, 20);
        for what in [&name, &city, &ColumnContent::Field(Field::Email)] {
            assert!(columns.toggle(what));
        }
        assert!(!columns.toggle(&ColumnContent::Field(Field::Active)), "the last one stays");
        assert_eq!(Columns::read("wide nothing\n", &vocabulary()), Columns::default());
    }
}
