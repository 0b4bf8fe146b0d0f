//! The criteria as the builder edits them: the tree behind the query line, with clauses switched off.
//!
//! Held by the Search pane beside its line. What is switched off stands in no [`Draft::criteria`], so
//! that nothing is asked or deleted by it. It asks nothing and knows no key.

use crate::domain::criteria::describe::{ClauseWords, clause_words};
use crate::domain::criteria::{Clause, Criteria, EvalTime};
use crate::tui::panes::search::query_line::DraftRow;

/// Where a part stands: its position in the whole, then in each group on the way.
pub type Path = Vec<usize>;

/// The tree that the builder edits.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Draft {
    root: Group,
}

/// How the parts of a group are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Join {
    /// All of them hold.
    #[default]
    All,
    /// Any of them holds.
    Any,
}

/// Parts that are joined.
#[derive(Debug, Clone, PartialEq, Default)]
struct Group {
    join: Join,
    parts: Vec<Node>,
}

/// A clause or a group.
#[derive(Debug, Clone, PartialEq)]
struct Node {
    what: NodeKind,
    /// How many *not* stand before it.
    nots: usize,
    /// Switched off.
    off: bool,
    /// Where the cursor goes when the edit is done.
    here: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum NodeKind {
    All,
    Clause(Clause),
    Group(Group),
}

/// A step among the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shift {
    /// Towards the first.
    Up,
    /// Towards the last.
    Down,
}

impl Join {
    fn other(self) -> Self {
        match self {
            Self::All => Self::Any,
            Self::Any => Self::All,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::All => "and",
            Self::Any => "or",
        }
    }

    fn of(self, mut parts: Vec<Criteria>) -> Option<Criteria> {
        match (parts.len(), self) {
            (0, _) => None,
            (1, _) => parts.pop(),
            (_, Self::All) => Some(Criteria::And(parts)),
            (_, Self::Any) => Some(Criteria::Or(parts)),
        }
    }
}

impl Draft {
    /// The tree of criteria; of none, an empty one.
    pub fn of(criteria: Option<&Criteria>) -> Self {
        let Some(criteria) = criteria else { return Self::default() };
        let root = match Node::of(criteria) {
            Node { what: NodeKind::Group(group), nots: 0, .. } => group,
            part => Group { join: Join::All, parts: vec![part] },
        };
        Self { root }
    }

    /// The criteria without what is switched off; none where nothing is left.
    pub fn criteria(&self) -> Option<Criteria> {
        self.root.criteria()
    }

    /// Takes what the line says now. What is switched off stays, at the end of the whole.
    pub fn follow(&mut self, criteria: Option<&Criteria>) {
        if self.criteria().as_ref() == criteria {
            return;
        }
        let mut off = Vec::new();
        self.root.collect_off(&mut off);
        *self = Self::of(criteria);
        if !off.is_empty() {
            self.root.narrow();
            self.root.parts.extend(off);
        }
    }

    /// Its parts as rows, each group before what is in it.
    pub fn rows(&self, today: &EvalTime) -> Vec<DraftRow> {
        let mut rows = Vec::new();
        self.root.rows(today, &mut Vec::new(), false, &mut rows);
        rows
    }

    /// Whether it says nothing, switched off or not.
    pub fn is_empty(&self) -> bool {
        self.root.parts.is_empty()
    }

    /// Puts criteria behind a row and within its group; behind a group's own row, into the group; without
    /// a row beside the whole, so that both must hold.
    pub fn insert(&mut self, behind: Option<&Path>, criteria: &Criteria) {
        let part = Node { here: true, ..Node::of(criteria) };
        let Some(path) = behind else {
            self.root.narrow();
            self.root.parts.push(part);
            return;
        };
        if let Some(NodeKind::Group(group)) = self.part_mut(path).map(|part| &mut part.what) {
            group.parts.push(part);
        } else if let Some((group, at)) = self.place_mut(path) {
            group.parts.insert(at + 1, part);
        }
    }

    /// Puts criteria in the place of a part; it stays switched off where it was.
    pub fn replace(&mut self, path: &Path, criteria: &Criteria) {
        if let Some(part) = self.part_mut(path) {
            *part = Node { off: part.off, here: true, ..Node::of(criteria) };
        }
    }

    /// Takes a part out.
    pub fn remove(&mut self, path: &Path) {
        if let Some((group, at)) = self.place_mut(path) {
            group.parts.remove(at);
        }
    }

    /// Negates a part, or takes a *not* off.
    pub fn negate(&mut self, path: &Path) {
        if let Some(part) = self.part_mut(path) {
            part.nots = if part.nots > 0 { part.nots - 1 } else { 1 };
            part.here = true;
        }
    }

    /// Switches a part off, or on again.
    pub fn switch(&mut self, path: &Path) {
        if let Some(part) = self.part_mut(path) {
            part.off = !part.off;
            part.here = true;
        }
    }

    /// Joins a group's parts the other way; of a clause, those of the group that it stands in.
    pub fn flip(&mut self, path: &Path) {
        if let Some(Node { what: NodeKind::Group(group), here, .. }) = self.part_mut(path) {
            group.join = group.join.other();
            *here = true;
        } else if let Some((group, at)) = self.place_mut(path) {
            group.join = group.join.other();
            group.parts[at].here = true;
        }
    }

    /// Makes a clause and the part below it a group, joined the other way than what they stand in; of a
    /// group, makes its parts stand for themselves. The error says why it can't.
    pub fn group(&mut self, path: &Path) -> Result<(), &'static str> {
        let Some((outer, at)) = self.place_mut(path) else { return Err("there is no clause") };
        let is_last = at + 1 == outer.parts.len();
        match &mut outer.parts[at] {
            Node { what: NodeKind::Group(_), nots, .. } if *nots > 0 => {
                Err("a negated group can't be taken apart; take the not off first")
            }
            Node { what: NodeKind::Group(inner), off, .. } => {
                let off = *off;
                let parts = std::mem::take(&mut inner.parts);
                let parts = parts.into_iter().enumerate().map(|(nth, part)| Node {
                    off: part.off || off,
                    here: nth == 0,
                    ..part
                });
                outer.parts.splice(at..=at, parts.collect::<Vec<_>>());
                Ok(())
            }
            Node { what: NodeKind::All | NodeKind::Clause(_), .. } if is_last => {
                Err("there is nothing below to make a group with")
            }
            Node { what: NodeKind::All | NodeKind::Clause(_), .. } => {
                let parts: Vec<Node> = outer.parts.drain(at..at + 2).collect();
                let group = NodeKind::Group(Group { join: outer.join.other(), parts });
                outer.parts.insert(at, Node { what: group, nots: 0, off: false, here: true });
                Ok(())
            }
        }
    }

    /// Moves a part up or down: past its neighbour, into a group, out of its own at the ends.
    pub fn shift(&mut self, path: &Path, shift: Shift) {
        let Some((group, at)) = self.place_mut(path) else { return };
        let beside = match shift {
            Shift::Up => at.checked_sub(1),
            Shift::Down => Some(at + 1).filter(|next| *next < group.parts.len()),
        };
        if beside.is_none() && path.len() == 1 {
            group.parts[at].here = true;
            return;
        }
        let part = Node { here: true, ..group.parts.remove(at) };
        if let Some(beside) = beside {
            // Below it everything has moved up by one.
            let neighbour = if shift == Shift::Down { beside - 1 } else { beside };
            if let Some(Node { what: NodeKind::Group(inner), .. }) = group.parts.get_mut(neighbour) {
                let into = if shift == Shift::Up { inner.parts.len() } else { 0 };
                inner.parts.insert(into, part);
            } else {
                group.parts.insert(beside, part);
            }
            return;
        }
        let outside: Path = path[..path.len() - 1].to_vec();
        if let Some((outer, at)) = self.place_mut(&outside) {
            outer.parts.insert(at + usize::from(shift == Shift::Down), part);
        }
    }

    /// Ends an edit: groups of one or none are dissolved; answers where the edited part stands now.
    pub fn tidy(&mut self) -> Option<Path> {
        self.root.tidy();
        while let [Node { what: NodeKind::Group(_), nots: 0, off: false, here: _ }] = self.root.parts.as_slice() {
            if let Some(Node { what: NodeKind::Group(group), .. }) = self.root.parts.pop() {
                self.root = group;
            }
        }
        if self.root.parts.len() < 2 {
            self.root.join = Join::All;
        }
        let mut found = None;
        self.root.take_here(&mut Vec::new(), &mut found);
        found
    }

    /// The clause at a place with its *not*, for editing it; none where it is a group.
    pub fn clause(&self, path: &Path) -> Option<(&Clause, bool)> {
        let (last, groups) = path.split_last()?;
        let mut group = &self.root;
        for at in groups {
            match &group.parts.get(*at)?.what {
                NodeKind::Group(inner) => group = inner,
                NodeKind::All | NodeKind::Clause(_) => return None,
            }
        }
        match group.parts.get(*last)? {
            Node { what: NodeKind::Clause(clause), nots, .. } => Some((clause, nots % 2 == 1)),
            Node { what: NodeKind::All | NodeKind::Group(_), .. } => None,
        }
    }

    /// The group that a part stands in, and its position there.
    fn place_mut(&mut self, path: &[usize]) -> Option<(&mut Group, usize)> {
        let (last, groups) = path.split_last()?;
        let mut group = &mut self.root;
        for at in groups {
            match &mut group.parts.get_mut(*at)?.what {
                NodeKind::Group(inner) => group = inner,
                NodeKind::All | NodeKind::Clause(_) => return None,
            }
        }
        (*last < group.parts.len()).then_some((group, *last))
    }

    fn part_mut(&mut self, path: &[usize]) -> Option<&mut Node> {
        let (group, at) = self.place_mut(path)?;
        group.parts.get_mut(at)
    }
}

impl Group {
    fn criteria(&self) -> Option<Criteria> {
        self.join.of(self.parts.iter().filter(|part| !part.off).filter_map(Node::alone).collect())
    }

    /// Makes room beside what is there, so that what comes must hold as well.
    fn narrow(&mut self) {
        if self.join == Join::Any && self.parts.len() > 1 {
            let what = NodeKind::Group(std::mem::take(self));
            self.parts.push(Node { what, nots: 0, off: false, here: false });
        }
        self.join = Join::All;
    }

    fn collect_off(&self, out: &mut Vec<Node>) {
        for part in &self.parts {
            match &part.what {
                _ if part.off => out.push(part.clone()),
                NodeKind::Group(group) => group.collect_off(out),
                NodeKind::All | NodeKind::Clause(_) => {}
            }
        }
    }

    fn rows(&self, today: &EvalTime, path: &mut Path, off: bool, rows: &mut Vec<DraftRow>) {
        for (at, part) in self.parts.iter().enumerate() {
            path.push(at);
            let negated = part.nots % 2 == 1;
            let (words, clause) = match &part.what {
                NodeKind::All => (said(if negated { "no contact" } else { "every contact" }), None),
                NodeKind::Clause(clause) => (clause_words(clause, negated, today), Some(clause.clone())),
                NodeKind::Group(group) => (said(group.words(negated)), None),
            };
            let (connector, off) = (if at == 0 { "" } else { self.join.word() }, off || part.off);
            rows.push(DraftRow { path: path.clone(), connector, words, clause, negated, off, alone: part.alone() });
            if let NodeKind::Group(group) = &part.what {
                group.rows(today, path, off, rows);
            }
            path.pop();
        }
    }

    fn words(&self, negated: bool) -> &'static str {
        match (self.join, negated) {
            (Join::All, false) => "all of these",
            (Join::All, true) => "not all of these",
            (Join::Any, false) => "any of these",
            (Join::Any, true) => "none of these",
        }
    }

    fn tidy(&mut self) {
        for part in &mut self.parts {
            let NodeKind::Group(group) = &mut part.what else { continue };
            group.tidy();
            if let ([_], Some(only)) = (group.parts.as_slice(), group.parts.first().cloned()) {
                let (nots, off, here) = (part.nots + only.nots, part.off || only.off, part.here || only.here);
                *part = Node { nots, off, here, ..only };
            }
        }
        self.parts.retain(|part| !matches!(&part.what, NodeKind::Group(group) if group.parts.is_empty()));
    }

    fn take_here(&mut self, path: &mut Path, found: &mut Option<Path>) {
        for (at, part) in self.parts.iter_mut().enumerate() {
            path.push(at);
            if std::mem::take(&mut part.here) {
                found.get_or_insert_with(|| path.clone());
            }
            if let NodeKind::Group(group) = &mut part.what {
                group.take_here(path, found);
            }
            path.pop();
        }
    }
}

impl Node {
    fn of(criteria: &Criteria) -> Self {
        let plain = |what| Self { what, nots: 0, off: false, here: false };
        let group = |join, parts: &[Criteria]| {
            plain(NodeKind::Group(Group { join, parts: parts.iter().map(Self::of).collect() }))
        };
        match criteria {
            Criteria::All => plain(NodeKind::All),
            Criteria::And(parts) => group(Join::All, parts),
            Criteria::Or(parts) => group(Join::Any, parts),
            Criteria::Not(inner) => {
                let inner = Self::of(inner);
                Self { nots: inner.nots + 1, ..inner }
            }
            Criteria::Clause(clause) => plain(NodeKind::Clause(clause.clone())),
        }
    }

    /// What it says by itself, also where it is switched off.
    fn alone(&self) -> Option<Criteria> {
        let what = match &self.what {
            NodeKind::All => Criteria::All,
            NodeKind::Clause(clause) => Criteria::Clause(clause.clone()),
            NodeKind::Group(group) => group.criteria()?,
        };
        Some((0..self.nots).fold(what, |inner, _| Criteria::Not(Box::new(inner))))
    }
}

fn said(operator: &str) -> ClauseWords {
    ClauseWords { field: String::new(), operator: operator.to_owned(), value: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::Timestamp;
    use crate::domain::field::CustomFields;
    use crate::domain::syntax::{parse, print};

    fn criteria(line: &str) -> Criteria {
        parse(line, &CustomFields::default()).expect(line).criteria
    }

    fn draft(line: &str) -> Draft {
        Draft::of(Some(&criteria(line)))
    }

    fn line(draft: &Draft) -> String {
        draft.criteria().as_ref().map(print).unwrap_or_default()
    }

    /// Edits the part at a place; the line afterwards, and where the cursor is.
    fn edited(before: &str, path: &[usize], edit: impl FnOnce(&mut Draft, &Path)) -> (String, Option<Path>) {
        let mut draft = draft(before);
        edit(&mut draft, &path.to_vec());
        let here = draft.tidy();
        (line(&draft), here)
    }

    #[test]
    fn criteria_come_back_as_they_were() {
        for text in
            ["a", "-a", "not not a", "all", "a b -c", "a or b or (c d)", "a (b c) -(d or -(e f)) -all", "-(a b)"]
        {
            let before = criteria(text);
            assert_eq!(Draft::of(Some(&before)).criteria(), Some(before), "{text}");
        }
        assert_eq!(Draft::of(None).criteria(), None);
    }

    #[test]
    fn edits_change_the_line() {
        let remove = |draft: &mut Draft, path: &Path| draft.remove(path);
        assert_eq!(edited("a b c", &[1], remove).0, "a c");
        assert_eq!(edited("a (b or c)", &[1, 0], remove).0, "a c", "a group of one is none");
        assert_eq!(edited("a", &[0], remove).0, "");
        let negate = |draft: &mut Draft, path: &Path| draft.negate(path);
        assert_eq!(edited("a b", &[1], negate), ("a -b".into(), Some(vec![1])));
        assert_eq!(edited("a -(b or c)", &[1], negate), ("a (b or c)".into(), Some(vec![1])));
        let group = |draft: &mut Draft, path: &Path| draft.group(path).expect("can");
        assert_eq!(edited("a b c", &[1], group), ("a (b or c)".into(), Some(vec![1])));
        assert_eq!(edited("a (b or c)", &[1], group), ("a b c".into(), Some(vec![1])));
        assert_eq!(edited("a b", &[0], group).0, "a or b", "the whole is a group itself");
        let flip = |draft: &mut Draft, path: &Path| draft.flip(path);
        assert_eq!(edited("a b (c or d)", &[2, 1], flip), ("a b (c d)".into(), Some(vec![2, 1])));
        assert_eq!(edited("a b", &[0], flip).0, "a or b");
        assert_eq!(draft("a b").group(&vec![1]), Err("there is nothing below to make a group with"));
        assert!(draft("a -(b c)").group(&vec![1]).is_err());
    }

    #[test]
    fn parts_move_past_each_other_into_groups_and_out() {
        let up = |draft: &mut Draft, path: &Path| draft.shift(path, Shift::Up);
        let down = |draft: &mut Draft, path: &Path| draft.shift(path, Shift::Down);
        assert_eq!(edited("a b c", &[2], up), ("a c b".into(), Some(vec![1])));
        assert_eq!(edited("a b c", &[2], down), ("a b c".into(), Some(vec![2])));
        assert_eq!(edited("a (b or c) d", &[0], down), ("(a or b or c) d".into(), Some(vec![0, 0])));
        assert_eq!(edited("a (b or c or d)", &[1, 0], up), ("a b (c or d)".into(), Some(vec![1])));
        assert_eq!(edited("a (b or c) d", &[1, 1], down), ("a b c d".into(), Some(vec![2])));
        assert_eq!(edited("(a or b) c", &[1], up), ("a or b or c".into(), Some(vec![2])));
    }

    #[test]
    fn what_is_switched_off_is_kept_and_says_nothing() {
        let mut draft = draft("a b -c");
        draft.switch(&vec![1]);
        assert_eq!((draft.tidy(), line(&draft)), (Some(vec![1]), "a -c".into()));
        // The line is edited: what is off stays.
        draft.follow(Some(&criteria("a or d")));
        assert_eq!(line(&draft), "a or d");
        let today = EvalTime { now: Timestamp(0), zone: jiff::tz::TimeZone::UTC };
        let off: Vec<bool> = draft.rows(&today).iter().map(|row| row.off).collect();
        assert_eq!(off, [false, false, false, true]);
        draft.switch(&vec![1]);
        assert_eq!(line(&draft), "(a or d) b");
        draft.switch(&vec![0]);
        draft.switch(&vec![1]);
        assert_eq!((draft.criteria(), draft.is_empty()), (None, false));
        draft.follow(None);
        assert!(!draft.is_empty(), "an empty line doesn't lose it");
    }

    #[test]
    fn what_is_added_narrows_or_joins_the_group_it_is_added_to() {
        let add = |before: &str, behind: Option<Path>| {
            let mut draft = draft(before);
            draft.insert(behind.as_ref(), &criteria("x"));
            (line(&draft), draft.tidy())
        };
        assert_eq!(add("a b", None), ("a b x".into(), Some(vec![2])));
        assert_eq!(add("a or b", None), ("(a or b) x".into(), Some(vec![1])));
        assert_eq!(add("a (b or c)", Some(vec![1, 0])), ("a (b or x or c)".into(), Some(vec![1, 1])));
        assert_eq!(add("a (b or c)", Some(vec![1])), ("a (b or c or x)".into(), Some(vec![1, 2])));
        let mut empty = Draft::default();
        empty.insert(None, &criteria("x or y"));
        assert_eq!((empty.tidy(), line(&empty)), (None, "x or y".into()));
    }
}
