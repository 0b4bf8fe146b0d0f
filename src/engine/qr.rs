//! A card as a QR code that a telephone scans: as much of it as a code of a given size holds.
//!
//! Called by the terminal UI. The code holds a vCard 3.0, which every telephone reads.

use qrcode::{EcLevel, QrCode};

use super::Engine;
use super::answer::QrCard;
use super::error::{EngineError, ErrorKind, Result};
use crate::domain::contact::{Contact, ContactId};
use crate::formats::{Format, Layout, Writer};

/// The modules of light that are wanted around a code.
const QUIET: usize = 4;
/// The fewest: they do on a screen, where nothing stands beside them, and leave room for more of the card.
const LEAST_QUIET: usize = 2;

/// What is left out first where not all of a card fits, in this order.
const LEFT_OUT: [&str; 6] = [
    "notes and what has no field",
    "the birthday and websites",
    "addresses",
    "company and title",
    "all but one email and phone",
    "the email",
];

impl Engine {
    /// A contact as a code of at most so many modules a side, with the light around it; what doesn't fit is left out and
    /// told. None: the contact is gone.
    pub fn qr(&self, id: ContactId, most: usize) -> Result<Option<QrCard>> {
        let Some(contact) = self.contact(id)? else { return Ok(None) };
        let name = contact.display_name();
        for left in 0..=LEFT_OUT.len() {
            let code = QrCode::with_error_correction_level(card(&reduced(&contact, left))?, EcLevel::L);
            if let Some(code) = code.ok().filter(|code| code.width() + 2 * LEAST_QUIET <= most) {
                let left_out =
                    LEFT_OUT[..left].iter().zip(losses(&contact)).filter(|(_, lost)| *lost).map(|(it, _)| *it);
                return Ok(Some(QrCard { name, dark: modules(&code, most), left_out: left_out.collect() }));
            }
        }
        let said = "not even the name, an email and a phone fit into a code of this size";
        Err(EngineError::new(ErrorKind::BadInput, said).hint("make the terminal larger"))
    }
}

/// Whether a contact holds something of each of [`LEFT_OUT`].
fn losses(contact: &Contact) -> [bool; 6] {
    let Contact { note, extra, custom, birthday, website, addresses, company, title, emails, phones, .. } = contact;
    [
        !note.is_empty() || !extra.is_empty() || !custom.is_empty(),
        birthday.is_some() || !website.is_empty(),
        !addresses.is_empty(),
        !company.is_empty() || !title.is_empty(),
        emails.len() > 1 || phones.len() > 1,
        !emails.is_empty() && !phones.is_empty(),
    ]
}

/// What of a contact belongs on a telephone, without the first so many of [`LEFT_OUT`].
fn reduced(contact: &Contact, left: usize) -> Contact {
    let Contact { name, emails, phones, addresses, company, title, birthday, website, note, extra, custom, .. } =
        contact.clone();
    let mut out = Contact { name, emails, phones, ..Contact::default() };
    if left < 1 {
        (out.note, out.custom) = (note, custom);
        // A picture is larger than any code.
        out.extra = extra.into_iter().filter(|line| line.len() < 200).collect();
    }
    if left < 2 {
        (out.birthday, out.website) = (birthday, website);
    }
    if left < 3 {
        out.addresses = addresses;
    }
    if left < 4 {
        (out.company, out.title) = (company, title);
    }
    if left >= 5 {
        out.emails.truncate(1);
        out.phones.truncate(1);
    }
    if left >= 6 && !out.phones.is_empty() {
        out.emails.clear();
    }
    out
}

/// A contact as a vCard, without the lines that say nothing to a telephone.
fn card(contact: &Contact) -> Result<Vec<u8>> {
    let failed =
        |why: std::io::Error| EngineError::new(ErrorKind::Storage, format!("the card can't be written ({why})"));
    let mut writer = Writer::new(Vec::new(), Format::VCARD3, Layout::default()).map_err(failed)?;
    writer.write(contact).map_err(failed)?;
    let text = String::from_utf8_lossy(&writer.finish().map_err(failed)?).replace("\r\n ", "");
    let text = text.replace(";X-CARDFILE-DERIVED=1", "");
    let tells = |line: &&str| {
        !["X-CARDFILE", "REV:", "UID:", "PRODID:", "CATEGORIES:"].iter().any(|head| line.starts_with(head))
    };
    Ok(text.split("\r\n").filter(tells).collect::<Vec<_>>().join("\n").into_bytes())
}

/// The modules row by row, with as much light around them as is wanted, or as there is room for.
fn modules(code: &QrCode, most: usize) -> Vec<Vec<bool>> {
    let width = code.width();
    let quiet = (most.saturating_sub(width) / 2).clamp(LEAST_QUIET, QUIET);
    let dark = code.to_colors();
    let is_dark = |x: usize, y: usize| {
        let (x, y) = (x.checked_sub(quiet), y.checked_sub(quiet));
        let inside = x.zip(y).filter(|(x, y)| *x < width && *y < width);
        inside.and_then(|(x, y)| dark.get(y * width + x)).is_some_and(|color| *color == qrcode::Color::Dark)
    };
    let side = 0..width + 2 * quiet;
    side.clone().map(|y| side.clone().map(|x| is_dark(x, y)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::{Name, PostalAddress, Tagged};

    fn amber() -> Contact {
        Contact {
            name: Name { full: "Amber Powell".into(), first: "Amber".into(), last: "Powell".into(), ..Name::default() },
            emails: vec![Tagged::plain("amber@oldcorp.example"), Tagged::plain("a@home.example")],
            phones: vec![Tagged::plain("+44 7759 375951")],
            addresses: vec![PostalAddress { city: "Bern".into(), ..PostalAddress::default() }],
            company: "Old Corp, Ltd".into(),
            note: "met; twice".into(),
            ..Contact::default()
        }
    }

    #[test]
    fn a_card_is_short_and_says_what_a_telephone_needs() {
        let text = String::from_utf8(card(&amber()).unwrap()).unwrap();
        for wanted in [
            "BEGIN:VCARD\nVERSION:3.0\n",
            "FN:Amber Powell\n",
            "N:Powell;Amber;;;\n",
            "Old Corp\\, Ltd",
            "met\\; twice",
            "END:VCARD",
        ] {
            assert!(text.contains(wanted), "{wanted:?} in {text}");
        }
        assert!(!text.contains('\r') && !text.contains("UID"), "{text}");
    }

    #[test]
    fn what_is_left_out_goes_in_order_and_the_name_never() {
        let all = amber();
        let sizes: Vec<usize> = (0..=LEFT_OUT.len()).map(|left| card(&reduced(&all, left)).unwrap().len()).collect();
        assert!(sizes.is_sorted_by(|a, b| a >= b) && sizes[0] > sizes[5], "{sizes:?}");
        let least = String::from_utf8(card(&reduced(&all, 5)).unwrap()).unwrap();
        assert!(
            least.contains("Amber Powell") && least.contains("375951") && least.contains("amber@oldcorp"),
            "{least}"
        );
        let phone = String::from_utf8(card(&reduced(&all, LEFT_OUT.len())).unwrap()).unwrap();
        assert!(phone.contains("Amber Powell") && phone.contains("375951") && !phone.contains('@'), "{phone}");
        assert!(!least.contains("a@home") && !least.contains("Bern") && !least.contains("met"), "{least}");
    }

    #[test]
    fn a_code_has_light_around_it_and_its_corners_are_finders() {
        let code = QrCode::with_error_correction_level(b"BEGIN:VCARD", EcLevel::L).unwrap();
        assert_eq!(modules(&code, 100).len(), code.width() + 8, "four of them, where there is room");
        let rows = modules(&code, code.width() + 4);
        assert!(rows.len() == code.width() + 4 && rows.iter().all(|row| row.len() == rows.len()));
        assert!(rows[..2].iter().flatten().all(|dark| !dark) && rows.iter().all(|row| !row[0] && !row[1]));
        assert!(rows[2][2..9].iter().all(|dark| *dark) && !rows[3][3] && rows[4][4], "the finder at the top left");
    }
}
