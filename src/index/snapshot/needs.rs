//! Which columns a count needs: of a saved index only these are read.
//!
//! Called by `snapshot` alone. Where a test looks at more than columns (the Unsubscribers, the time a subscription ends,
//! other contacts) it says so, and the count is left to the whole index.

use crate::domain::criteria::resolve::WORD_FIELDS;
use crate::domain::criteria::{Fact, Test};
use crate::domain::field::Field;
use crate::domain::query::{ResolvedQuery, Scope};

/// The fields whose columns are read.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::index) struct Needs(Option<Vec<Field>>);

impl Needs {
    /// All of them.
    pub(super) const EVERYTHING: Self = Self(None);

    /// What a count of this query looks at; none: more than columns.
    pub(super) fn of(query: &ResolvedQuery) -> Option<Self> {
        let mut fields = Vec::new();
        if let Scope::List(_) = query.query.scope {
            fields.push(Field::List);
        }
        for test in query.resolved.iter().flat_map(|resolved| &resolved.tests) {
            fields.extend(fields_of(test)?);
        }
        Some(Self(Some(fields)))
    }

    /// Whether the column of this field is read.
    pub(super) fn has(&self, field: &Field) -> bool {
        self.0.as_ref().is_none_or(|fields| fields.contains(field))
    }

    /// Whether the column of any of these is.
    pub(super) fn has_any(&self, fields: &[Field]) -> bool {
        fields.iter().any(|field| self.has(field))
    }

    /// Whether that of any custom field is.
    pub(super) fn has_custom(&self) -> bool {
        self.0.as_ref().is_none_or(|fields| fields.iter().any(|field| matches!(field, Field::Custom(_))))
    }

    /// Whether columns are that no test looks at.
    pub(super) fn is_everything(&self) -> bool {
        self.0.is_none()
    }
}

fn fields_of(test: &Test) -> Option<Vec<Field>> {
    Some(match test {
        // As in which country phones are typed is not in the file.
        Test::International { .. } | Test::Regex { field: Field::E164, .. } | Test::Present(Field::E164) => {
            return None;
        }
        Test::Word { folded: _, digits } => {
            WORD_FIELDS.iter().cloned().chain(digits.as_ref().map(|_| Field::Phone)).collect()
        }
        // An address contains what its domain does, and that is looked at first.
        Test::Text { field: Field::Email, .. } => vec![Field::Email, Field::Domain],
        Test::Text { field, .. }
        | Test::Regex { field, .. }
        | Test::Timestamp { field, .. }
        | Test::Day { field, .. }
        | Test::Yearly { field, .. }
        | Test::Number { field, .. }
        | Test::Set { field, .. }
        | Test::Choice { field, .. }
        | Test::Present(field) => vec![field.clone()],
        Test::Phone { .. } => vec![Field::Phone],
        Test::Fact(Fact::Billing | Fact::Unsubscribed) | Test::Duplicate { .. } => return None,
        Test::Fact(Fact::Member | Fact::Owner | Fact::Contributor) => vec![Field::Member],
        Test::Fact(Fact::Protected | Fact::Bounced) => vec![Field::Deliverability],
    })
}
