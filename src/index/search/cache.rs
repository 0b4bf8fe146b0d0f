//! What was worked out once and is kept until a change: clauses' answers, orders, scopes, duplicates.
//!
//! [`Cache`] sits behind a lock that is held for a lookup only. It is asked with the index's
//! [`Versions`]: what belongs to older ones is dropped on the way, so that no change has to remember
//! what depends on it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustc_hash::FxHashMap;

use super::duplicates::Groups;
use super::order::Order;
use super::refusal_counts::{RefusalRows, ValidBilling};
use crate::domain::criteria::DuplicateKey;
use crate::domain::field::Field;
use crate::domain::query::Scope;
use crate::index::bitmap::Bitmap;
use crate::index::fuzzy::fuzzy_masks::{FuzzyMasks, Left};
use crate::index::text::text_arena::Cancel;

/// At most so many bytes of clauses' answers; a tenth of a million contacts' columns.
const CLAUSES: usize = 16 << 20;
/// How long somebody who waits for another's answer goes without asking whether it is cancelled.
const PATIENCE: Duration = Duration::from_millis(20);
/// At most so many orders.
const ORDERS: usize = 8;

/// Rises with each change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::index) struct Versions {
    /// Of the contacts' values, the lists and the Unsubscribers.
    pub(in crate::index) values: u64,
    /// Of what is in the trash or gone.
    pub(in crate::index) places: u64,
}

/// What is kept, and which duplicates are being worked out.
#[derive(Debug, Default)]
pub(in crate::index) struct Cache {
    inner: Mutex<Inner>,
    making: Making,
}

/// Which duplicates are being worked out, and what wakes those who wait for them.
type Making = (Mutex<HashSet<DuplicateKey>>, Condvar);

/// Ends with the working out, however that ends.
struct Made<'m>(&'m Making, DuplicateKey);

impl Drop for Made<'_> {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
        self.0.1.notify_all();
    }
}

#[derive(Debug, Default)]
struct Inner {
    versions: Versions,
    clock: u64,
    clauses: FxHashMap<String, (u64, Arc<Bitmap>)>,
    clause_bytes: usize,
    orders: HashMap<Field, CachedOrder>,
    reasons: Option<Arc<RefusalRows>>,
    valid: Option<Arc<ValidBilling>>,
    scopes: HashMap<Scope, Arc<Bitmap>>,
    groups: HashMap<DuplicateKey, Arc<Groups>>,
    letters: Option<Arc<FuzzyMasks>>,
    left: Option<Arc<Left>>,
}

/// An order, and what it was worked out from.
#[derive(Debug, Clone)]
pub(in crate::index) struct CachedOrder {
    /// The version of the values.
    values: u64,
    /// How many changes of rows there had been.
    pub(in crate::index) changes: u64,
    pub(in crate::index) order: Arc<Order>,
    used: u64,
}

impl Inner {
    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }
}

/// A kept thing that is looked up by something.
macro_rules! keep {
    ($(#[$doc:meta])* $name:ident, $field:ident, $key:ty, $value:ty) => {
        $(#[$doc])*
        pub(in crate::index) fn $name(&self, versions: Versions, key: &$key, make: impl FnOnce() -> $value) -> Arc<$value> {
            if let Some(known) = self.at(versions).$field.get(key) {
                return Arc::clone(known);
            }
            let made = Arc::new(make());
            self.at(versions).$field.insert(key.clone(), Arc::clone(&made));
            made
        }
    };
}

/// A kept thing of which there is one.
macro_rules! keep_one {
    ($(#[$doc:meta])* $name:ident, $field:ident, $value:ty) => {
        $(#[$doc])*
        pub(in crate::index) fn $name(
            &self,
            versions: Versions,
            still: impl Fn(&$value) -> bool,
            make: impl FnOnce() -> $value,
        ) -> Arc<$value> {
            if let Some(known) = self.at(versions).$field.as_ref().filter(|known| still(known)) {
                return Arc::clone(known);
            }
            let made = Arc::new(make());
            self.at(versions).$field = Some(Arc::clone(&made));
            made
        }
    };
}

impl Cache {
    /// What is kept, with all dropped that is older than the versions.
    fn at(&self, versions: Versions) -> MutexGuard<'_, Inner> {
        // Nothing is left half done under the lock, so a panic elsewhere spoils nothing here.
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.versions.values != versions.values {
            // An order can be patched.
            let orders = std::mem::take(&mut inner.orders);
            *inner = Inner { versions, orders, clock: inner.clock, ..Inner::default() };
        } else if inner.versions.places != versions.places {
            inner.versions = versions;
            inner.scopes.clear();
            inner.groups.clear();
        }
        inner
    }

    /// A clause's answer by its key; an answer of none (cancelled) isn't kept.
    pub(in crate::index) fn clause(
        &self,
        versions: Versions,
        key: &str,
        make: impl FnOnce() -> Option<Bitmap>,
    ) -> Option<Arc<Bitmap>> {
        {
            let mut inner = self.at(versions);
            let now = inner.tick();
            if let Some((used, known)) = inner.clauses.get_mut(key) {
                *used = now;
                return Some(Arc::clone(known));
            }
        }
        let answer = Arc::new(make()?);
        let mut inner = self.at(versions);
        let now = inner.tick();
        inner.clause_bytes += answer.memory() + key.len();
        inner.clauses.insert(key.to_owned(), (now, Arc::clone(&answer)));
        while inner.clause_bytes > CLAUSES && inner.clauses.len() > 1 {
            let Some(oldest) = inner.clauses.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| key.clone())
            else {
                break;
            };
            if let Some((_, gone)) = inner.clauses.remove(&oldest) {
                inner.clause_bytes = inner.clause_bytes.saturating_sub(gone.memory() + oldest.len());
            }
        }
        Some(answer)
    }

    /// Drops all clauses' answers.
    pub(in crate::index) fn drop_clauses(&self) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.clauses.clear();
        inner.clause_bytes = 0;
    }

    /// Drops all orders.
    pub(in crate::index) fn drop_orders(&self) {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).orders.clear();
    }

    /// The order by a field; an order of none (cancelled) isn't kept. `make` is given one from before some
    /// changes, where it is known; `changes` says how many there have been.
    pub(in crate::index) fn order(
        &self,
        versions: Versions,
        changes: u64,
        field: &Field,
        make: impl FnOnce(Option<CachedOrder>) -> Option<Arc<Order>>,
    ) -> Option<Arc<Order>> {
        let known = {
            let mut inner = self.at(versions);
            let now = inner.tick();
            let known = inner.orders.get_mut(field);
            known.map(|known| {
                known.used = now;
                known.clone()
            })
        };
        if let Some(known) = known.as_ref().filter(|known| known.values == versions.values) {
            return Some(Arc::clone(&known.order));
        }
        let answer = make(known)?;
        let mut inner = self.at(versions);
        let used = inner.tick();
        let order = Arc::clone(&answer);
        inner.orders.insert(field.clone(), CachedOrder { values: versions.values, changes, order, used });
        while inner.orders.len() > ORDERS {
            let Some(oldest) = inner.orders.iter().min_by_key(|(_, known)| known.used).map(|(key, _)| key.clone())
            else {
                break;
            };
            inner.orders.remove(&oldest);
        }
        Some(answer)
    }

    keep!(
        /// The rows of a scope.
        scope, scopes, Scope, Bitmap
    );
    /// The duplicates by a key; an answer of none (cancelled) isn't kept. While they are being worked out, whoever else
    /// asks waits for them: it would take twice as long if both did.
    pub(in crate::index) fn groups(
        &self,
        versions: Versions,
        by: DuplicateKey,
        cancel: Cancel<'_>,
        make: impl FnOnce() -> Option<Groups>,
    ) -> Option<Arc<Groups>> {
        loop {
            if let Some(known) = self.at(versions).groups.get(&by) {
                return Some(Arc::clone(known));
            }
            let mut making = self.making.0.lock().unwrap_or_else(PoisonError::into_inner);
            if making.insert(by) {
                break;
            }
            // Whoever works on it may be cancelled without this one being so.
            let waited = self.making.1.wait_timeout(making, PATIENCE);
            drop(waited);
            if cancel() {
                return None;
            }
        }
        let _made = Made(&self.making, by);
        let found = Arc::new(make()?);
        self.at(versions).groups.insert(by, Arc::clone(&found));
        Some(found)
    }

    keep_one!(
        /// The rows by what makes them stay.
        reasons, reasons, RefusalRows
    );
    keep_one!(
        /// The rows with a valid billing subscription.
        valid, valid, ValidBilling
    );
    keep_one!(
        /// What fuzzy finding knows of every line.
        letters, letters, FuzzyMasks
    );

    /// What the last fuzzy pattern left over.
    pub(in crate::index) fn left(&self, versions: Versions) -> Option<Arc<Left>> {
        self.at(versions).left.clone()
    }

    /// Keeps what a fuzzy pattern left over, in place of the one before.
    pub(in crate::index) fn keep_left(&self, versions: Versions, left: Left) {
        self.at(versions).left = Some(Arc::new(left));
    }

    /// Bytes that are kept.
    pub(in crate::index) fn memory(&self) -> usize {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.clause_bytes
            + inner.orders.values().map(|known| known.order.memory()).sum::<usize>()
            + inner.scopes.values().map(|scope| scope.memory()).sum::<usize>()
            + inner.groups.values().map(|groups| groups.memory()).sum::<usize>()
            + inner.reasons.as_ref().map_or(0, |reasons| reasons.memory())
            + inner.letters.as_ref().map_or(0, |letters| letters.memory())
            + inner.left.as_ref().map_or(0, |left| left.memory())
            + inner.valid.as_ref().map_or(0, |valid| valid.rows.memory())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn nobody() -> Groups {
        Groups { duplicate: Bitmap::new(0), redundant: Bitmap::new(0), pairs: Vec::new() }
    }

    #[test]
    fn what_two_ask_for_at_once_is_worked_out_once() {
        let (cache, times) = (Cache::default(), AtomicUsize::new(0));
        let make = || {
            times.fetch_add(1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(50));
            Some(nobody())
        };
        let ask = || cache.groups(Versions::default(), DuplicateKey::Likely, &|| false, make).is_some();
        std::thread::scope(|scope| {
            let asked: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
            assert!(asked.into_iter().all(|asked| asked.join().expect("answers")));
        });
        assert_eq!(times.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn who_waits_for_another_can_be_cancelled_and_takes_over_where_that_one_is() {
        let cache = Cache::default();
        let ask = |cancel: Cancel<'_>, make: &dyn Fn() -> Option<Groups>| {
            cache.groups(Versions::default(), DuplicateKey::Email, cancel, make).is_some()
        };
        std::thread::scope(|scope| {
            let (began, begins) = std::sync::mpsc::channel();
            scope.spawn(move || {
                // It is cancelled while it is at work.
                ask(&|| false, &|| {
                    began.send(()).expect("somebody listens");
                    std::thread::sleep(Duration::from_millis(60));
                    None
                })
            });
            begins.recv().expect("it begins");
            assert!(!ask(&|| true, &|| Some(nobody())), "given up while the other is at work");
            assert!(ask(&|| false, &|| Some(nobody())), "made by the one that waited");
        });
    }
}
