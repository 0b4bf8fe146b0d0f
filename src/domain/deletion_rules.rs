//! The rules of refusal: who may be deleted, and with which code the others stay.
//!
//! The one place that knows the order of the five codes (docs/PRODUCT.md, Deleting). The plan predicts by
//! it and the job decides by it, so the two can't disagree. It never looks anything up: facts come in
//! as a [`DeletionFacts`].

use serde::{Deserialize, Serialize};

use super::contact::{Billing, Contact, ListKind, Role, Timestamp};

/// The codes of the contacts API for a contact that was not deleted, in the order of the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// It is a member, and taking members along was not asked for.
    SiteMember,
    /// Taking members along was asked for, and the member is an owner or contributor.
    OwnerOrContributor,
    /// Its billing subscription is valid.
    BillingSubscription,
    /// Anything else, with the reason.
    Failed,
    /// The member was deleted, the contact then could not be.
    FailedAfterMember,
}

impl Code {
    /// Every code, in the order of the rules.
    pub const ALL: [Self; 5] =
        [Self::SiteMember, Self::OwnerOrContributor, Self::BillingSubscription, Self::Failed, Self::FailedAfterMember];

    /// The code as the API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SiteMember => "CANNOT_DELETE_SITE_MEMBERS",
            Self::OwnerOrContributor => "CANNOT_DELETE_MEMBER_OWNER_OR_CONTRIBUTOR",
            Self::BillingSubscription => "CANNOT_DELETE_CONTACT_WITH_BILLING_SUBSCRIPTION",
            Self::Failed => "FAILED_DELETE_CONTACT",
            Self::FailedAfterMember => "FAILED_DELETE_CONTACT_AFTER_MEMBER_DELETION",
        }
    }
}

/// Why a contact stays. Its order is the order of the rules; the number is what the book keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u8)]
pub enum Refusal {
    /// It is a member, and taking members along was not asked for.
    Member = 1,
    /// Its member is an owner or contributor.
    OwnerOrContributor = 2,
    /// Its billing subscription is valid.
    Billing = 3,
    /// Protected by the user.
    Protected = 4,
    /// In an account list.
    AccountList = 5,
    /// Changed since the plan.
    Changed = 6,
    /// Already gone: in the trash, or erased.
    Gone = 7,
    /// The storage's own error.
    Storage = 8,
    /// The storage's own error after the member was deleted.
    AfterMember = 9,
    /// It lives elsewhere, and there it was refused.
    Server = 10,
}

impl Refusal {
    /// Every refusal, in the order of the rules.
    pub const ALL: [Self; 10] = [
        Self::Member,
        Self::OwnerOrContributor,
        Self::Billing,
        Self::Protected,
        Self::AccountList,
        Self::Changed,
        Self::Gone,
        Self::Storage,
        Self::Server,
        Self::AfterMember,
    ];

    /// The refusal with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| *refusal as u8 == number)
    }

    /// The API's code for it.
    pub fn code(self) -> Code {
        match self {
            Self::Member => Code::SiteMember,
            Self::OwnerOrContributor => Code::OwnerOrContributor,
            Self::Billing => Code::BillingSubscription,
            Self::Protected | Self::AccountList | Self::Changed | Self::Gone | Self::Storage | Self::Server => {
                Code::Failed
            }
            Self::AfterMember => Code::FailedAfterMember,
        }
    }

    /// One word for a table's cell: `member`, `billing`, `protected`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::OwnerOrContributor => "owner",
            Self::Billing => "billing",
            Self::Protected => "protected",
            Self::AccountList => "account",
            Self::Changed => "changed",
            Self::Gone => "gone",
            Self::Storage => "storage",
            Self::AfterMember => "after member",
            Self::Server => "refused there",
        }
    }

    /// The reason in a sentence's words, without detail.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Member => "is a member",
            Self::OwnerOrContributor => "the member is an owner or contributor",
            Self::Billing => "has a valid billing subscription",
            Self::Protected => "protected",
            Self::AccountList => "in an account list",
            Self::Changed => "changed since the plan",
            Self::Gone => "already gone",
            Self::Storage => "the book could not be written",
            Self::AfterMember => "the member was deleted, then the book could not be written",
            Self::Server => "refused where it lives",
        }
    }

    /// What to count it as: `98 members`, `12 billing subscriptions`.
    pub fn count_words(self, n: u64) -> &'static str {
        match (self, n == 1) {
            (Self::Member, true) => "member",
            (Self::Member, false) => "members",
            (Self::OwnerOrContributor, true) => "owner or contributor",
            (Self::OwnerOrContributor, false) => "owners or contributors",
            (Self::Billing, true) => "billing subscription",
            (Self::Billing, false) => "billing subscriptions",
            (Self::Protected, _) => "protected",
            (Self::AccountList, _) => "in account lists",
            (Self::Changed, _) => "changed",
            (Self::Gone, _) => "already gone",
            (Self::Storage | Self::AfterMember, _) => "storage errors",
            (Self::Server, _) => "refused where they live",
        }
    }
}

/// The facts about a contact that decide whether it may be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeletionFacts {
    /// Its member's role; none: not a member.
    pub member: Option<Role>,
    /// Whether its billing subscription is valid now.
    pub billing_valid: bool,
    /// Whether the user protected it.
    pub protected: bool,
    /// Whether its list is an account list.
    pub account_list: bool,
}

impl DeletionFacts {
    /// The standing of a contact of a list of this kind, at `now`.
    pub fn of(contact: &Contact, list: ListKind, now: Timestamp) -> Self {
        Self {
            member: contact.member.map(|member| member.role),
            billing_valid: contact.billing.as_ref().is_some_and(|billing: &Billing| billing.is_valid(now)),
            protected: contact.protected,
            account_list: list == ListKind::Account,
        }
    }

    /// Why the contact must stay; none: it may go. `members_too`: taking members along was asked for.
    pub fn refusal(self, members_too: bool) -> Option<Refusal> {
        match self.member {
            Some(_) if !members_too => return Some(Refusal::Member),
            Some(Role::Owner | Role::Contributor) => return Some(Refusal::OwnerOrContributor),
            Some(Role::None) | None => {}
        }
        if self.billing_valid {
            return Some(Refusal::Billing);
        }
        if self.protected {
            return Some(Refusal::Protected);
        }
        self.account_list.then_some(Refusal::AccountList)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_come_in_the_order_of_the_rules() {
        let all = DeletionFacts { member: Some(Role::Owner), billing_valid: true, protected: true, account_list: true };
        assert_eq!(all.refusal(false), Some(Refusal::Member));
        assert_eq!(all.refusal(true), Some(Refusal::OwnerOrContributor));
        let plain_member = DeletionFacts { member: Some(Role::None), ..all };
        assert_eq!(plain_member.refusal(true), Some(Refusal::Billing));
        let no_member = DeletionFacts { member: None, ..all };
        assert_eq!(no_member.refusal(false), Some(Refusal::Billing));
        assert_eq!(DeletionFacts { billing_valid: false, ..no_member }.refusal(false), Some(Refusal::Protected));
        let account = DeletionFacts { account_list: true, ..DeletionFacts::default() };
        assert_eq!(account.refusal(false), Some(Refusal::AccountList));
        assert_eq!(DeletionFacts::default().refusal(false), None);
        assert_eq!(DeletionFacts { member: Some(Role::None), ..DeletionFacts::default() }.refusal(true), None);
    }

    #[test]
    fn every_refusal_has_its_number_and_the_codes_rise_with_it() {
        for refusal in Refusal::ALL {
            assert_eq!(Refusal::from_number(refusal as u8), Some(refusal));
        }
        assert!(Refusal::ALL.windows(2).all(|pair| pair[0].code() <= pair[1].code()));
    }
}
