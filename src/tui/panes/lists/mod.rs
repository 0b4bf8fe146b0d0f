//! The Lists pane: the book, its lists, searches, Unsubscribers and trash, with their counts.
//!
//! It holds the last overview and a cursor; what opening an entry does is the model's.

pub mod keys;
pub mod view;

use std::collections::HashMap;

use crate::domain::contact::{List, ListKind};
use crate::domain::query::Scope;
use crate::engine::answer::{Overview, SavedSearch};

/// The Lists pane's state.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// What the book has; none before the first answer. Taken by [`Lists::take`].
    pub overview: Option<Overview>,
    /// Whether the overview is of the whole book, not of what was read of it until then.
    pub whole: bool,
    /// The entry under the cursor, among those that can be opened.
    pub cursor: usize,
    /// The last known counts of searches by their lines, for while they are counted again.
    counted: HashMap<String, u64>,
}

/// A line of the Lists pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Nothing.
    Blank,
    /// What stands below.
    Heading(&'static str),
    /// Every contact.
    All(u64),
    /// A list.
    List(List, u64),
    /// A search.
    Search(SavedSearch),
    /// Those who asked not to be contacted.
    Unsubscribers(u64),
    /// The trash.
    Trash(u64),
}

impl Entry {
    /// Whether it can be opened.
    pub fn opens(&self) -> bool {
        match self {
            Self::Blank | Self::Heading(_) => false,
            Self::All(_) | Self::List(..) | Self::Search(_) | Self::Unsubscribers(_) | Self::Trash(_) => true,
        }
    }

    /// Its name, as it is: whoever shows it sanitises it.
    pub fn name(&self) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Heading(name) => (*name).to_owned(),
            Self::All(_) => "All".to_owned(),
            Self::List(list, _) => match list.kind {
                ListKind::Standard => list.name.clone(),
                ListKind::Account => format!("{} (account)", list.name),
                ListKind::Remote | ListKind::Folder => format!("{} (live)", list.name),
            },
            Self::Search(search) => search.name.clone(),
            Self::Unsubscribers(_) => "Unsubscribers".to_owned(),
            Self::Trash(_) => "Trash".to_owned(),
        }
    }

    /// How many it has, where that is known.
    pub fn count(&self) -> Option<u64> {
        match self {
            Self::Blank | Self::Heading(_) => None,
            Self::All(n) | Self::List(_, n) | Self::Unsubscribers(n) | Self::Trash(n) => Some(*n),
            Self::Search(search) => search.count,
        }
    }

    /// The scope that it stands for.
    pub fn scope(&self) -> Option<Scope> {
        match self {
            Self::All(_) => Some(Scope::Book),
            Self::List(list, _) => Some(Scope::List(list.id)),
            Self::Trash(_) => Some(Scope::Trash),
            Self::Blank | Self::Heading(_) | Self::Search(_) | Self::Unsubscribers(_) => None,
        }
    }

    /// Whether it is shown dim: nothing can be deleted there.
    pub fn is_quiet(&self) -> bool {
        matches!(self, Self::List(List { kind: ListKind::Account, .. }, _))
    }
}

impl Lists {
    /// Takes what the book has now.
    pub fn take(&mut self, overview: Overview, whole: bool) {
        self.whole = whole;
        let counted = overview.searches.iter().filter_map(|search| Some((search.line.clone(), search.count?)));
        self.counted.extend(counted);
        self.counted.retain(|line, _| overview.searches.iter().any(|search| search.line == *line));
        self.overview = Some(overview);
    }

    /// How many an entry had when it was counted last, where that isn't known now.
    pub fn last_count(&self, entry: &Entry) -> Option<u64> {
        let Entry::Search(search) = entry else { return None };
        if search.count.is_none() { self.counted.get(&search.line).copied() } else { None }
    }

    /// How many an entry has, as far as that can be said: while the book is read, none may only mean none yet.
    pub fn count(&self, entry: &Entry) -> Option<u64> {
        entry.count().filter(|n| self.whole || *n > 0)
    }

    /// The lines.
    pub fn entries(&self) -> Vec<Entry> {
        let Some(overview) = &self.overview else { return Vec::new() };
        let mut entries = vec![Entry::All(overview.contacts)];
        entries.extend(overview.lists.iter().map(|(list, n)| Entry::List(list.clone(), *n)));
        for (heading, saved) in [("Saved searches", true), ("Searches", false)] {
            let mut searches = overview.searches.iter().filter(|search| search.saved == saved).peekable();
            if searches.peek().is_some() {
                entries.extend([Entry::Blank, Entry::Heading(heading)]);
                entries.extend(searches.cloned().map(Entry::Search));
            }
        }
        entries.extend([Entry::Blank, Entry::Unsubscribers(overview.unsubscribers), Entry::Trash(overview.trash)]);
        entries
    }

    /// The entry under the cursor.
    pub fn current(&self) -> Option<Entry> {
        self.entries().into_iter().filter(Entry::opens).nth(self.cursor)
    }

    /// Puts the cursor on an entry, among those that can be opened.
    pub fn move_to(&mut self, at: usize) {
        let last = self.entries().iter().filter(|entry| entry.opens()).count().saturating_sub(1);
        self.cursor = at.min(last);
    }

    /// The first line on the screen where so many are shown.
    pub fn top(&self, height: usize) -> usize {
        let entries = self.entries();
        let lines = entries.iter().enumerate().filter(|(_, entry)| entry.opens()).map(|(at, _)| at);
        let cursor = lines.clone().nth(self.cursor).unwrap_or(0);
        if entries.len() <= height { 0 } else { cursor.saturating_sub(height / 2).min(entries.len() - height) }
    }

    /// Where the cursor would be on a line of the screen; none on one that opens nothing.
    pub fn place_at(&self, line: usize, height: usize) -> Option<usize> {
        let entries = self.entries();
        let at = self.top(height) + line;
        entries.get(at).filter(|entry| entry.opens())?;
        Some(entries.iter().take(at).filter(|entry| entry.opens()).count())
    }

    /// The name of a scope.
    pub fn scope_name(&self, scope: Scope) -> String {
        match scope {
            Scope::Book => "All".to_owned(),
            Scope::Trash => "Trash".to_owned(),
            Scope::List(id) => self.list(id).map_or_else(|| format!("list {id}"), |list| list.name.clone()),
        }
    }

    /// Whether one of the lists lives elsewhere.
    pub fn has_live(&self) -> bool {
        self.overview.as_ref().is_some_and(|overview| overview.lists.iter().any(|(list, _)| list.kind.is_live()))
    }

    /// A list by its number.
    pub fn list(&self, id: crate::domain::contact::ListId) -> Option<&List> {
        self.overview.as_ref()?.lists.iter().map(|(list, _)| list).find(|list| list.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_stays_while_it_is_made_again() {
        let search = |line: &str, count| SavedSearch {
            name: line.to_owned(),
            line: line.to_owned(),
            note: String::new(),
            saved: false,
            count,
        };
        let book = |searches| Overview { lists: Vec::new(), contacts: 9, searches, unsubscribers: 0, trash: 0 };
        let mut lists = Lists::default();
        lists.take(book(vec![search("duplicate:email", Some(7)), search("is:bounced", Some(2))]), true);
        lists.take(book(vec![search("duplicate:email", None), search("is:bounced", Some(1))]), true);
        let counts = |lists: &Lists| -> Vec<(Option<u64>, Option<u64>)> {
            let searches = lists.entries().into_iter().filter(|entry| matches!(entry, Entry::Search(_)));
            searches.map(|entry| (entry.count(), lists.last_count(&entry))).collect()
        };
        assert_eq!(counts(&lists), [(None, Some(7)), (Some(1), None)]);
        lists.take(book(vec![search("is:bounced", None)]), true);
        lists.take(book(vec![search("duplicate:email", None)]), true);
        assert_eq!(counts(&lists), [(None, None)], "what was gone is counted anew");
        let count = |lists: &Lists| lists.entries().iter().map(|entry| lists.count(entry)).next();
        lists.take(Overview { contacts: 0, ..book(Vec::new()) }, false);
        assert_eq!(count(&lists), Some(None), "nothing is read yet");
        lists.take(Overview { contacts: 0, ..book(Vec::new()) }, true);
        assert_eq!(count(&lists), Some(Some(0)));
    }
}
