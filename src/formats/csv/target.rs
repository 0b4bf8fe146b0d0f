//! What a column can hold.
//!
//! Owns the one list of targets that tables, mappings and rows share. It knows no header.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// The full name.
    Full,
    /// Given name.
    First,
    /// Additional names.
    Middle,
    /// Family name.
    Last,
    /// Honorific before the name.
    Prefix,
    /// What follows the name.
    Suffix,
    /// Nickname.
    Nickname,
    /// An email address.
    Email,
    /// What the email address is for.
    EmailTag,
    /// A phone number.
    Phone,
    /// What the phone number is for.
    PhoneTag,
    /// A part of a postal address.
    Address(AddressPart),
    /// Company.
    Company,
    /// Job title.
    Title,
    /// Birthday.
    Birthday,
    /// Year of the birthday.
    BirthYear,
    /// Month of the birthday.
    BirthMonth,
    /// Day of the birthday.
    BirthDay,
    /// Website.
    Website,
    /// Note.
    Note,
    /// Locale.
    Locale,
    /// Where it came from.
    Source,
    /// Labels, several in a cell.
    Labels,
    /// When it came to be.
    Created,
    /// When it was last changed.
    Updated,
    /// When the person was last active.
    Active,
    /// Whether mail was asked for.
    Subscription,
    /// Whether mail arrives.
    Deliverability,
    /// A status of either kind, where its words are known ones.
    Status,
    /// The member's status.
    MemberStatus,
    /// The member's role.
    MemberRole,
    /// The billing subscription's plan.
    BillingPlan,
    /// The billing subscription's status.
    BillingStatus,
    /// The billing subscription's end.
    BillingUntil,
    /// Whether it is protected.
    Protected,
    /// The name of a custom field.
    FieldName,
    /// The value of the custom field that another column names.
    FieldValue,
    /// Kept vCard lines.
    Extra,
    /// Nothing that has a field: a custom field named by the header.
    Custom,
    /// Nothing that is wanted.
    Ignored,
}

/// What a column of a postal address holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AddressPart {
    /// The street, or one of its lines.
    Street,
    /// The town.
    City,
    /// The region.
    Region,
    /// The postal code.
    Postcode,
    /// The country.
    Country,
    /// What the address is for.
    Tag,
    /// The whole address in one text, used where its parts are missing.
    Formatted,
}
