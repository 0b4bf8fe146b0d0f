//! The built-in searches: the clean-ups that people do (docs/PRODUCT.md, The screen).

/// A search with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltIn {
    /// Its name.
    pub name: &'static str,
    /// Its query line.
    pub line: &'static str,
    /// What it is for.
    pub note: &'static str,
}

/// All built-in searches, in the order in which they are shown. *Last import* is added by the engine, since its query
/// line changes with every import.
pub const BUILT_IN: [BuiltIn; 6] = [
    BuiltIn { name: "Duplicates", line: "duplicate:email", note: "contacts that share an email" },
    BuiltIn {
        name: "Redundant copies",
        line: "redundant:email",
        note: "all but the best card of each group that shares an email",
    },
    BuiltIn { name: "No way to reach", line: "-has:email -has:phone -has:street", note: "no email, phone or address" },
    BuiltIn { name: "Bounced", line: "is:bounced", note: "mail to them came back" },
    BuiltIn { name: "Unsubscribed", line: "is:unsubscribed", note: "they asked not to be written to" },
    BuiltIn { name: "Not active 2 y", line: "active<today-2y", note: "last active more than two years ago" },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::field::CustomFields;
    use crate::domain::syntax::parse;

    #[test]
    fn every_built_in_search_is_read() {
        for search in BUILT_IN {
            assert!(parse(search.line, &CustomFields::default()).is_ok(), "{}", search.line);
        }
    }
}
