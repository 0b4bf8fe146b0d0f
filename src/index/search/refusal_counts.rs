//! Who would stay, and why: the facts behind the rules of refusal, as sets of rows.
//!
//! The rules themselves stand in [`crate::domain::deletion_rules`]; counting over all matches takes the facts
//! in the order of the rules, and a test holds the two together.

use crate::domain::contact::{BillingStatus, ListId, Role, Timestamp};
use crate::domain::deletion_rules::Refusal;
use crate::index::bitmap::Bitmap;
use crate::index::column::Columns;

/// The rows by what makes them stay, what depends on the time left out.
#[derive(Debug)]
pub(in crate::index) struct RefusalRows {
    member: Bitmap,
    owner_or_contributor: Bitmap,
    protected: Bitmap,
    account_list: Bitmap,
}

/// The rows with a valid billing subscription, from a moment on and until before another.
#[derive(Debug)]
pub(in crate::index) struct ValidBilling {
    from: i64,
    to: i64,
    pub(in crate::index) rows: Bitmap,
}

impl RefusalRows {
    /// Of all rows.
    pub(in crate::index) fn of(columns: &Columns, rows: usize, is_account: impl Fn(ListId) -> bool) -> Self {
        let role = |wanted: fn(Role) -> bool| {
            columns.profile.rows_where(rows, |profile| profile.member.is_some_and(|member| wanted(member.role)))
        };
        Self {
            member: role(|_| true),
            owner_or_contributor: role(|role| match role {
                Role::Owner | Role::Contributor => true,
                Role::None => false,
            }),
            protected: columns.profile.rows_where(rows, |profile| profile.protected),
            account_list: columns.profile.rows_where(rows, |profile| is_account(profile.list)),
        }
    }

    /// How many of some rows go, and how many stay by reason, in the order of the rules.
    pub(in crate::index) fn count(
        &self,
        mut rows: Bitmap,
        billing: &Bitmap,
        members_too: bool,
    ) -> (u64, Vec<(Refusal, u64)>) {
        let rules = [
            if members_too {
                (Refusal::OwnerOrContributor, &self.owner_or_contributor)
            } else {
                (Refusal::Member, &self.member)
            },
            (Refusal::Billing, billing),
            (Refusal::Protected, &self.protected),
            (Refusal::AccountList, &self.account_list),
        ];
        let mut stay = Vec::new();
        for (refusal, held) in rules {
            let n = rows.count_and(held);
            if n > 0 {
                stay.push((refusal, n));
                rows.minus(held);
            }
        }
        (rows.count(), stay)
    }

    /// Bytes it takes.
    pub(in crate::index) fn memory(&self) -> usize {
        [&self.member, &self.owner_or_contributor, &self.protected, &self.account_list]
            .iter()
            .map(|rows| rows.memory())
            .sum()
    }
}

impl ValidBilling {
    /// At a moment, and for as long as nothing ends.
    pub(in crate::index) fn at(columns: &Columns, rows: usize, now: Timestamp) -> Self {
        let mut valid = columns.profile.rows_where(rows, |profile| profile.billing == Some(BillingStatus::Active));
        let (mut from, mut to) = (i64::MIN, i64::MAX);
        for (row, until) in &columns.until {
            if now < *until {
                to = to.min(until.0);
            } else {
                from = from.max(until.0);
                valid.clear(*row);
            }
        }
        Self { from, to, rows: valid }
    }

    /// Whether it says the same at another moment.
    pub(in crate::index) fn holds_at(&self, now: Timestamp) -> bool {
        self.from <= now.0 && (now.0 < self.to || self.to == i64::MAX)
    }
}
