//! What can be asked about the contacts: which, where, in which order, how many.
//!
//! [`Query`] is what every face asks the engine with, for rows, counts, plans and exports alike, and the index
//! answers it as a [`ResolvedQuery`].

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::contact::{ContactId, ListId};
use super::criteria::{Criteria, EvalTime, Resolved};
use super::field::{CustomFields, Field};

/// Which contacts: what they match, where they are, in which order, and which of the ordered ones.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Query {
    /// What they match; none (an empty line): every contact of the scope.
    pub criteria: Option<Criteria>,
    /// Where to look.
    pub scope: Scope,
    /// In which order.
    pub sort: Sort,
    /// Which of the ordered ones.
    pub page: Page,
}

impl Query {
    /// All of the book that matches, by id.
    pub fn matching(criteria: Criteria) -> Self {
        Self { criteria: Some(criteria), ..Self::default() }
    }

    /// It at a moment, its criteria resolved.
    pub fn resolve(self, today: &EvalTime) -> ResolvedQuery {
        let resolved = self.criteria.as_ref().map(|criteria| Arc::new(Resolved::new(criteria, today)));
        ResolvedQuery { query: self, resolved, today: today.clone() }
    }
}

/// A query at a moment: what its criteria mean then, beside what was asked.
#[derive(Debug, Clone)]
pub struct ResolvedQuery {
    /// What was asked.
    pub query: Query,
    /// What its criteria mean; none where it has none. Resolved at this day in this time zone, maybe at an
    /// earlier moment: what time it is `today` says.
    pub resolved: Option<Arc<Resolved>>,
    /// Now, and the zone whose days are meant.
    pub today: EvalTime,
}

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Scope {
    /// Every contact of the book; the trash is not among them.
    #[default]
    Book,
    /// The contacts of one list.
    List(ListId),
    /// The trash.
    Trash,
}

/// Rising or falling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

/// One key of an order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SortKey {
    /// By this field; of many values the primary one counts.
    pub field: Field,
    /// Rising or falling.
    pub direction: Direction,
}

/// An order: by its keys one after the other, then by id ascending. What is empty comes last in both
/// directions; texts compare accent folded by their code points, then as they are.
///
/// It has at least one key, each field once, and none behind the id, which nothing shares.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Sort {
    keys: Vec<SortKey>,
}

/// The order in which contacts are kept.
const BY_ID: SortKey = SortKey { field: Field::Id, direction: Direction::Ascending };

/// Why an order can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SortError {
    /// There is no such field.
    #[error("unknown field \u{201c}{0}\u{201d} to sort by")]
    UnknownField(String),
    /// A comma too many, or nothing at all.
    #[error("a field to sort by is missing; an order is a list of fields like last,-active")]
    Missing,
    /// A quote is open at the end.
    #[error("a quote is not closed in the order")]
    Unclosed,
}

impl Sort {
    /// The order by these keys; a field that comes again, and what comes behind the id, changes nothing
    /// and is left out. No key at all is the order by id.
    pub fn of(keys: impl IntoIterator<Item = SortKey>) -> Self {
        let mut kept: Vec<SortKey> = Vec::new();
        for key in keys {
            let decided = kept.iter().any(|known| known.field == key.field || known.field == Field::Id);
            if !decided {
                kept.push(key);
            }
        }
        if kept.is_empty() { Self::default() } else { Self { keys: kept } }
    }

    /// The order by one field.
    pub fn by(field: Field, direction: Direction) -> Self {
        Self { keys: vec![SortKey { field, direction }] }
    }

    /// Its keys, the first one first; never empty.
    pub fn keys(&self) -> &[SortKey] {
        &self.keys
    }

    /// The key that decides first, and those behind it.
    pub fn split(&self) -> (&SortKey, &[SortKey]) {
        self.keys.split_first().unwrap_or((&BY_ID, &[]))
    }

    /// The key that decides first.
    pub fn first(&self) -> &SortKey {
        self.split().0
    }

    /// Whether it is the order by rising id, in which contacts are kept.
    pub fn is_by_id(&self) -> bool {
        *self.first() == BY_ID
    }

    /// Reads a list of fields like `last,-active`: a hyphen before a field is falling, a field without one
    /// goes the given way. A name with a comma or a quote in it stands in quotes, a quote within doubled.
    pub fn parse(text: &str, plain: Direction, vocabulary: &CustomFields) -> Result<Self, SortError> {
        let mut keys = Vec::new();
        for part in split(text)? {
            let (name, direction) = match part.strip_prefix('-') {
                Some(name) => (name.trim_start(), Direction::Descending),
                None => (part.as_str(), plain),
            };
            if name.is_empty() {
                return Err(SortError::Missing);
            }
            let field = Field::find(name, vocabulary).ok_or_else(|| SortError::UnknownField(name.to_owned()))?;
            keys.push(SortKey { field, direction });
        }
        Ok(Self::of(keys))
    }

    /// It in a sentence: `last name, then last active falling`.
    pub fn words(&self) -> String {
        let key = |key: &SortKey| match key.direction {
            Direction::Ascending => key.field.words(),
            Direction::Descending => format!("{} falling", key.field.words()),
        };
        self.keys.iter().map(key).collect::<Vec<_>>().join(", then ")
    }
}

impl Default for Sort {
    fn default() -> Self {
        Self { keys: vec![BY_ID] }
    }
}

/// The form that [`Sort::parse`] reads, where what has no hyphen is rising.
impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, key) in self.keys.iter().enumerate() {
            f.write_str(if at > 0 { "," } else { "" })?;
            f.write_str(if key.direction == Direction::Descending { "-" } else { "" })?;
            let name = key.field.to_string();
            if name.contains([',', '"']) || name.trim() != name {
                write!(f, "\"{}\"", name.replace('"', "\"\""))?;
            } else {
                f.write_str(&name)?;
            }
        }
        Ok(())
    }
}

/// The parts between commas; within quotes a comma and the blanks at the ends are text.
fn split(text: &str) -> Result<Vec<String>, SortError> {
    let mut parts = vec![String::new()];
    let (mut quoted, mut blanks) = (false, String::new());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let Some(part) = parts.last_mut() else { break };
        match c {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => part.push('"'),
            '"' => {
                part.push_str(&std::mem::take(&mut blanks));
                quoted = !quoted;
            }
            ',' if !quoted => {
                blanks.clear();
                parts.push(String::new());
            }
            c if c.is_whitespace() && !quoted => {
                if !part.is_empty() {
                    blanks.push(c);
                }
            }
            c => {
                part.push_str(&std::mem::take(&mut blanks));
                part.push(c);
            }
        }
    }
    if quoted { Err(SortError::Unclosed) } else { Ok(parts) }
}

/// Which contacts of an ordered result: `offset` are left out, then at most `limit` taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Page {
    /// How many to leave out first.
    pub offset: usize,
    /// At most how many; none: all.
    pub limit: Option<usize>,
}

/// What a plan takes up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Selection {
    /// What a query finds.
    Query(Query),
    /// These contacts, in this order, each once.
    Ids {
        /// Where they have to be; elsewhere they count as gone.
        scope: Scope,
        /// They.
        ids: Vec<ContactId>,
    },
}

impl Selection {
    /// These contacts, wherever in the book they are.
    pub fn ids(ids: Vec<ContactId>) -> Self {
        Self::Ids { scope: Scope::Book, ids }
    }

    /// Where it looks.
    pub fn scope(&self) -> Scope {
        match self {
            Self::Query(query) => query.scope,
            Self::Ids { scope, ids: _ } => *scope,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::field::{CustomKind, FIELDS};

    const NAMES: [&str; 6] = ["Score", "a, b", "-x", "say \"hi\"", "\"", "two words"];

    fn vocabulary() -> CustomFields {
        CustomFields { custom: NAMES.map(|name| (name.to_owned(), CustomKind::Text)).into() }
    }

    fn sort() -> impl Strategy<Value = Sort> {
        let custom = NAMES.map(|name| Field::Custom(name.to_owned()));
        let fields: Vec<Field> = FIELDS.iter().map(|row| row.field.clone()).chain(custom).collect();
        let key = (proptest::sample::select(fields), any::<bool>()).prop_map(|(field, rising)| SortKey {
            field,
            direction: if rising { Direction::Ascending } else { Direction::Descending },
        });
        proptest::collection::vec(key, 0..5).prop_map(Sort::of)
    }

    proptest! {
        #[test]
        fn an_order_is_read_as_it_is_written(sort in sort()) {
            prop_assert_eq!(Sort::parse(&sort.to_string(), Direction::Ascending, &vocabulary()), Ok(sort));
        }

        #[test]
        fn any_text_is_an_order_or_an_error(text in "[-,\" a-z]{0,30}") {
            let _ = Sort::parse(&text, Direction::Ascending, &vocabulary());
        }
    }

    #[test]
    fn a_field_counts_once_and_nothing_behind_the_id() {
        let read = |text| Sort::parse(text, Direction::Ascending, &vocabulary()).map(|sort| sort.to_string());
        assert_eq!(read(" LAST , -lastactive,last"), Ok("last,-active".to_owned()));
        assert_eq!(read("-id,last"), Ok("-id".to_owned()));
        assert_eq!(read("-\"x.a, b\",name"), Ok("-\"x.a, b\",name".to_owned()));
        assert_eq!(Sort::of([]), Sort::default());
    }

    #[test]
    fn what_is_no_order_is_an_error() {
        let read = |text| Sort::parse(text, Direction::Descending, &CustomFields::default());
        assert_eq!(read("last,,id"), Err(SortError::Missing));
        assert_eq!(read("-"), Err(SortError::Missing));
        assert_eq!(read("lst"), Err(SortError::UnknownField("lst".into())));
        assert_eq!(read("\"last"), Err(SortError::Unclosed));
        assert_eq!(read("last"), Ok(Sort::by(Field::Last, Direction::Descending)));
    }
}
