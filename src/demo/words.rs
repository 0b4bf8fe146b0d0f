//! The demo's words that don't depend on a locale: lists, labels, companies, titles, notes.
//!
//! Read by the generator of contacts alone.

/// Lists of the demo book with their weights among the contacts; the last one is an account list.
pub(super) const LISTS: [(&str, u16); 7] = [
    ("Newsletter", 560),
    ("Customers", 300),
    ("Leads", 60),
    ("Press", 45),
    ("Suppliers", 20),
    ("Friends", 10),
    ("Staff", 5),
];

/// Mail providers of the whole world.
pub(super) const PROVIDERS: [&str; 8] =
    ["gmail.com", "gmail.com", "gmail.com", "outlook.com", "yahoo.com", "icloud.com", "hotmail.com", "proton.me"];

/// Companies that occur again and again, each with its own domain.
pub(super) const HOUSES: [(&str, &str); 6] = [
    ("Old Corporation", "oldcorp.com"),
    ("Acme", "acme.com"),
    ("Initech", "initech.example"),
    ("Umbrella Logistics", "umbrella.example"),
    ("Nordwind Reisen", "nordwind.example"),
    ("Blue Harbour Press", "blueharbour.example"),
];

/// What the companies do.
pub(super) const TRADES: [&str; 16] = [
    "Logistics",
    "Software",
    "Foods",
    "Design",
    "Media",
    "Bau",
    "Immobilien",
    "Travel",
    "Textiles",
    "Energy",
    "Consulting",
    "Druck",
    "Optics",
    "Hydraulics",
    "Catering",
    "Instruments",
];

/// Job titles.
pub(super) const TITLES: [&str; 24] = [
    "Buyer",
    "Accountant",
    "Head of Sales",
    "Software Engineer",
    "Office Manager",
    "Editor",
    "Reporter",
    "Product Manager",
    "Consultant",
    "Teacher",
    "Nurse",
    "Managing Director",
    "Marketing Manager",
    "Designer",
    "Einkäuferin",
    "Geschäftsführer",
    "Directrice générale",
    "Kierownik projektu",
    "Toimitusjohtaja",
    "Gerente de vendas",
    "営業部長",
    "经理",
    "Διευθυντής",
    "Founder & CEO",
];

/// Labels by name, with how many of a thousand contacts have them.
pub(super) const LABELS: [(&str, usize); 12] = [
    ("Weihnachtskarte", 18),
    ("customer", 230),
    ("do not call", 14),
    ("lead", 140),
    ("newsletter", 310),
    ("partner", 25),
    ("press", 30),
    ("test-2019", 180),
    ("to check", 12),
    ("trade fair 2023", 40),
    ("vip", 42),
    ("webinar", 55),
];

/// Notes.
pub(super) const NOTES: [&str; 12] = [
    "Met at the trade fair in Hannover, wants the new catalogue.",
    "Prefers to be called in the morning.",
    "Asked for an offer.\nSent on Monday, no answer yet.",
    "Moved house; the old address is no longer good.",
    "Speaks English, German and a little Polish.",
    "Invoice goes to the head office.",
    "Bitte nur per E-Mail.",
    "Ne pas appeler le vendredi.",
    "Imported from the old system; please check.",
    "Son of the founder.",
    "\"Call back\" says the sticker on the card",
    "Vegetarian, no nuts.",
];

/// Sources with their weights.
pub(super) const SOURCES: [(&str, u16); 6] =
    [("form", 40), ("import", 25), ("google.csv", 15), ("phone", 8), ("shop", 10), ("api", 2)];

/// Billing plans.
pub(super) const PLANS: [&str; 4] = ["Basic", "Pro", "Team", "Enterprise"];
