//! What an attribute is called and where it goes.
//!
//! Owns the names of OpenLDAP's `inetOrgPerson`, of Thunderbird's `mozillaAbPersonAlpha` and of what older
//! Netscapes and Active Directory write. Read by [`super::read`] and, for the names to write, by [`super::write`].

use crate::domain::contact::Tag;

/// Where the value of an attribute goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goes {
    /// The full name.
    Full,
    /// The name that is shown: the full name where there is no other.
    Display,
    First,
    Last,
    Prefix,
    Suffix,
    Nickname,
    Email,
    Phone(Tag),
    /// A part of the address of this kind.
    Address(Tag, Part),
    Company,
    /// The department; further values are units of the one before.
    Department,
    Title,
    Birthday,
    BirthYear,
    BirthMonth,
    BirthDay,
    Website,
    Note,
    Locale,
    Label,
    Updated,
    Created,
    Picture,
    /// The identity of the entry: a vCard's UID.
    Uid,
    /// What entries are, their names, and what a directory keeps for itself; a password is never taken.
    Nothing,
}

/// A part of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Street,
    Street2,
    Box,
    City,
    Region,
    Postcode,
    Country,
    /// All of it, lines between dollars.
    Whole,
}

/// Where this attribute goes, by its name in lower case; none for an attribute without a field.
pub(super) fn goes(name: &str) -> Option<Goes> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, goes)| *goes)
}

use Goes::{Address, Phone};
use Tag::{Fax, Home, Mobile, Other, Work};

#[rustfmt::skip]
const NAMES: &[(&str, Goes)] = &[
    ("cn", Goes::Full), ("commonname", Goes::Full), ("displayname", Goes::Display),
    ("givenname", Goes::First), ("gn", Goes::First), ("sn", Goes::Last), ("surname", Goes::Last),
    ("personaltitle", Goes::Prefix), ("generationqualifier", Goes::Suffix),
    ("mozillanickname", Goes::Nickname), ("xmozillanickname", Goes::Nickname), ("nickname", Goes::Nickname),
    ("mail", Goes::Email), ("rfc822mailbox", Goes::Email), ("mozillasecondemail", Goes::Email),
    ("xmozillasecondemail", Goes::Email), ("mailalternateaddress", Goes::Email), ("othermailbox", Goes::Email),
    ("proxyaddresses", Goes::Email),
    ("telephonenumber", Phone(Work)), ("homephone", Phone(Home)), ("hometelephonenumber", Phone(Home)),
    ("mobile", Phone(Mobile)), ("mobiletelephonenumber", Phone(Mobile)), ("cellphone", Phone(Mobile)),
    ("facsimiletelephonenumber", Phone(Fax)), ("fax", Phone(Fax)),
    ("pager", Phone(Other)), ("pagertelephonenumber", Phone(Other)), ("pagerphone", Phone(Other)),
    ("othertelephone", Phone(Other)), ("othermobile", Phone(Mobile)), ("otherhomephone", Phone(Home)),
    ("street", Address(Work, Part::Street)), ("streetaddress", Address(Work, Part::Street)),
    ("mozillaworkstreet2", Address(Work, Part::Street2)),
    ("postofficebox", Address(Work, Part::Box)), ("l", Address(Work, Part::City)),
    ("localityname", Address(Work, Part::City)), ("locality", Address(Work, Part::City)),
    ("st", Address(Work, Part::Region)), ("stateorprovincename", Address(Work, Part::Region)),
    ("region", Address(Work, Part::Region)), ("postalcode", Address(Work, Part::Postcode)),
    ("zip", Address(Work, Part::Postcode)), ("c", Address(Work, Part::Country)),
    ("countryname", Address(Work, Part::Country)), ("co", Address(Work, Part::Country)),
    ("friendlycountryname", Address(Work, Part::Country)), ("postaladdress", Address(Work, Part::Whole)),
    ("homepostaladdress", Address(Home, Part::Whole)), ("mozillahomestreet", Address(Home, Part::Street)),
    ("mozillahomestreet2", Address(Home, Part::Street2)),
    ("mozillahomelocalityname", Address(Home, Part::City)), ("mozillahomestate", Address(Home, Part::Region)),
    ("mozillahomepostalcode", Address(Home, Part::Postcode)),
    ("mozillahomecountryname", Address(Home, Part::Country)),
    ("o", Goes::Company), ("organizationname", Goes::Company), ("company", Goes::Company),
    ("ou", Goes::Department), ("organizationalunitname", Goes::Department), ("department", Goes::Department),
    ("title", Goes::Title), ("birthday", Goes::BirthDay), ("birthmonth", Goes::BirthMonth),
    ("birthyear", Goes::BirthYear), ("dateofbirth", Goes::Birthday),
    ("mozillahomeurl", Goes::Website), ("mozillaworkurl", Goes::Website), ("labeleduri", Goes::Website),
    ("homeurl", Goes::Website), ("workurl", Goes::Website), ("wwwhomepage", Goes::Website),
    ("description", Goes::Note), ("comment", Goes::Note), ("info", Goes::Note),
    ("preferredlanguage", Goes::Locale), ("category", Goes::Label), ("businesscategory", Goes::Label),
    ("modifytimestamp", Goes::Updated), ("whenchanged", Goes::Updated),
    ("createtimestamp", Goes::Created), ("whencreated", Goes::Created),
    ("jpegphoto", Goes::Picture), ("thumbnailphoto", Goes::Picture), ("photo", Goes::Picture),
    ("entryuuid", Goes::Uid),
    ("dn", Goes::Nothing), ("objectclass", Goes::Nothing), ("changetype", Goes::Nothing),
    ("control", Goes::Nothing), ("version", Goes::Nothing), ("userpassword", Goes::Nothing),
    ("unicodepwd", Goes::Nothing), ("structuralobjectclass", Goes::Nothing), ("creatorsname", Goes::Nothing),
    ("modifiersname", Goes::Nothing), ("entrycsn", Goes::Nothing), ("entrydn", Goes::Nothing),
    ("subschemasubentry", Goes::Nothing), ("hassubordinates", Goes::Nothing), ("contextcsn", Goes::Nothing),
];
