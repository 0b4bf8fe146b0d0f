//! What an export is asked, as plain values. Nothing here does anything.

use crate::formats::Loss;

/// What to write contacts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ExportFormat {
    /// vCard 4.0.
    #[default]
    Vcard4,
    /// vCard 3.0, for programs that know no newer one.
    Vcard3,
    /// CSV in our own full form.
    Csv,
    /// CSV as Google writes it.
    GoogleCsv,
    /// CSV as Outlook writes it.
    OutlookCsv,
    /// JSON Lines.
    Jsonl,
}

/// What came of an export.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportAnswer {
    /// Contacts written.
    pub written: u64,
    /// What the format has no place for, those kinds that hurt most first, with how many contacts lose it.
    pub left_out: Vec<(Loss, u64)>,
}

impl ExportFormat {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 6] = [Self::Vcard4, Self::Vcard3, Self::Csv, Self::GoogleCsv, Self::OutlookCsv, Self::Jsonl];

    /// How people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vcard4 => "vCard 4.0",
            Self::Vcard3 => "vCard 3.0",
            Self::Csv => "CSV, full",
            Self::GoogleCsv => "CSV for Google",
            Self::OutlookCsv => "CSV for Outlook",
            Self::Jsonl => "JSON Lines",
        }
    }

    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Vcard4 | Self::Vcard3 => "vcf",
            Self::Csv | Self::GoogleCsv | Self::OutlookCsv => "csv",
            Self::Jsonl => "jsonl",
        }
    }

    /// What it is for.
    pub fn words(self) -> &'static str {
        match self {
            Self::Vcard4 => "nothing is lost; phones and mail programs read it",
            Self::Vcard3 => "for programs that know no newer one",
            Self::Csv => "every field in a column of its own; nothing is lost",
            Self::GoogleCsv => "for Google Contacts; no statuses, pictures or dates",
            Self::OutlookCsv => "for Outlook; no statuses, pictures or dates",
            Self::Jsonl => "one contact a line, for scripts; nothing is lost",
        }
    }
}
