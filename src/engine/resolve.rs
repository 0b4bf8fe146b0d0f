//! Criteria resolved once, and kept beside what they were resolved from.
//!
//! A keystroke asks for rows and counts, a confirmation for the plan: all of them with the same criteria, whose
//! needles are folded and whose expressions are compiled here once for a day. Called by everything in the
//! engine that asks the index; it asks nothing itself.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::criteria::{Criteria, EvalTime, Resolved};
use crate::domain::phone::Country;

/// So many are kept: the line that is typed, its clauses and groups, the saved searches.
const KEPT: usize = 48;

/// What was resolved lately, the newest first.
#[derive(Debug, Default)]
pub(super) struct ResolvedCache(Mutex<VecDeque<Entry>>);

#[derive(Debug)]
struct Entry {
    criteria: Criteria,
    /// What of the moment the meaning of criteria depends on.
    day: (Date, TimeZone),
    resolved: Arc<Resolved>,
}

impl ResolvedCache {
    fn entries(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        // Each change of it is whole, so a panic elsewhere spoils nothing here.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What criteria mean at a moment, where phones are typed as in a country: always the same one.
    pub(super) fn get(&self, criteria: &Criteria, today: &EvalTime, home: Option<Country>) -> Arc<Resolved> {
        let day = (today.date(), today.zone.clone());
        {
            let mut entries = self.entries();
            let known = entries.iter().position(|entry| entry.day == day && entry.criteria == *criteria);
            if let Some(entry) = known.and_then(|at| entries.remove(at)) {
                let resolved = Arc::clone(&entry.resolved);
                entries.push_front(entry);
                return resolved;
            }
        }
        let resolved = Arc::new(Resolved::at_home(criteria, today, home));
        let mut entries = self.entries();
        entries.truncate(KEPT - 1);
        entries.push_front(Entry { criteria: criteria.clone(), day, resolved: Arc::clone(&resolved) });
        resolved
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::Timestamp;
    use crate::domain::criteria::Test;
    use crate::domain::field::CustomFields;
    use crate::domain::syntax::parse;

    const DAY: i64 = 24 * 60 * 60 * 1000;

    fn at(now: i64) -> EvalTime {
        EvalTime { now: Timestamp(now), zone: TimeZone::UTC }
    }

    #[test]
    fn a_line_is_resolved_once_a_day_and_another_day_anew() {
        let cache = ResolvedCache::default();
        let criteria = parse("active<today-2y", &CustomFields::default()).unwrap().criteria;
        let before = |resolved: &Resolved| match resolved.tests.as_slice() {
            [Test::Timestamp { to, .. }] => *to,
            other => panic!("one date: {other:?}"),
        };
        let first = cache.get(&criteria, &at(20_000 * DAY), None);
        assert!(Arc::ptr_eq(&first, &cache.get(&criteria, &at(20_000 * DAY + DAY / 2), None)));
        let next = cache.get(&criteria, &at(20_001 * DAY), None);
        assert_eq!(before(&next) - before(&first), DAY);
        let zone = TimeZone::fixed(jiff::tz::offset(5));
        assert_ne!(
            before(&cache.get(&criteria, &EvalTime { now: Timestamp(20_001 * DAY), zone }, None)),
            before(&next)
        );
        for n in 0..KEPT {
            cache.get(&parse(&format!("id={n}"), &CustomFields::default()).unwrap().criteria, &at(0), None);
        }
        assert_eq!(cache.entries().len(), KEPT);
        assert!(!Arc::ptr_eq(&next, &cache.get(&criteria, &at(20_001 * DAY), None)));
    }
}
