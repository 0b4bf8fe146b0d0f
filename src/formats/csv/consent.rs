//! Whether mail is wanted and arrives, as the exports of other programs say it.
//!
//! Owns the words of columns and cells. Where several columns speak, the strictest counts: whoever opted out anywhere
//! never comes in as subscribed. A word that also says other things of people (a member's `Active`) counts only in a
//! column that is about mail. Called by [`super::columns`], [`super::reader`] and [`super::row_to_contact`].

use crate::domain::contact::{Contact, Deliverability, Subscription};

use super::target::Target;

/// What the columns of a row have said so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Said {
    subscription: Option<Subscription>,
    deliverability: Option<Deliverability>,
}

/// What became of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// It is understood, and there is no more to it.
    Understood,
    /// It is understood, and says more: when, or why.
    SaysMore,
    /// It is not understood.
    Unknown,
}

impl Said {
    /// Takes a cell that is not blank; `about_mail`: its column speaks of mail and of nothing else.
    pub(super) fn hear(&mut self, target: Target, text: &str, about_mail: bool) -> Heard {
        let (subscribed, delivered) = match target {
            Target::OptOut => {
                if opted_out(text) == Some(true) {
                    self.subscribed(Subscription::Unsubscribed);
                }
                return if is_yes_or_no(text) { Heard::Understood } else { Heard::SaysMore };
            }
            Target::Subscription => (subscription(text), None),
            Target::Deliverability => (None, deliverability(text)),
            _ if about_mail || is_telling(text) => match deliverability_problem(text) {
                None => (subscription(text), None),
                problem => (None, problem),
            },
            _ => (None, None),
        };
        if let Some(word) = subscribed {
            self.subscribed(word);
        }
        if let Some(word) = delivered {
            self.delivered(word);
        }
        let is_heard = subscribed.is_some() || delivered.is_some();
        if is_heard { Heard::Understood } else { Heard::Unknown }
    }

    /// Takes a label: one that says that somebody wants no mail is meant so.
    pub(super) fn hear_label(&mut self, label: &str) {
        if telling_subscription(label) == Some(Subscription::Unsubscribed) {
            self.subscribed(Subscription::Unsubscribed);
        }
    }

    fn subscribed(&mut self, word: Subscription) {
        self.subscription = Some(self.subscription.map_or(word, |said| stricter(said, word)));
    }

    fn delivered(&mut self, word: Deliverability) {
        self.deliverability = Some(self.deliverability.map_or(word, |said| worse(said, word)));
    }

    /// Puts it on the contact.
    pub(super) fn give(self, contact: &mut Contact) {
        contact.subscription = self.subscription.unwrap_or(contact.subscription);
        contact.deliverability = self.deliverability.unwrap_or(contact.deliverability);
    }

    /// Puts on the contact what the file says of everyone in it; where the row says something, the stricter counts.
    pub(super) fn give_with_file(self, contact: &mut Contact, file: (Subscription, Deliverability)) {
        let (subscription, deliverability) = file;
        if subscription != Subscription::NotSet {
            let said = self.subscription.unwrap_or(contact.subscription);
            let is_said = self.subscription.is_some() || said != Subscription::NotSet;
            contact.subscription = if is_said { stricter(said, subscription) } else { subscription };
        }
        contact.deliverability = worse(contact.deliverability, deliverability);
    }
}

/// A text by its letters and digits.
fn simple(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What only a header of an opt-out has in it, by its letters.
#[rustfmt::skip]
const OPT_OUTS: &[&str] = &[
    "unsub", "optout", "optedout", "optingout", "blacklist", "blocklist", "donotemail", "donotmail", "donotcontact",
    "donotallowemail", "donotallowbulkemail", "donotsend", "nobulkemail", "noemail", "nomarketing", "suppress", "dontemail",
    "nocontact", "abgemeldet", "abgemeldetam", "abbestell", "abmeld", "keineemail", "keinemail", "keinewerbung", "keinkontakt",
    "nichtkontaktieren", "widersproch", "désabonn", "desabonn", "désinscri", "desinscri", "nepascontacter", "nepasenvoyer",
    "oppositionemail", "dadodebaja", "darsedebaja", "fechadebaja", "nocontactar", "noenviar", "noenviarcorreo", "disiscri",
    "noncontattare", "noninviare", "annullatoiscrizione", "uitgeschreven", "afgemeld", "uitschrijf", "nietmailen",
    "nietcontacteren", "geenemail", "wypisan", "wypisał", "niekontaktowa", "niewysyła", "descadastr", "nãoenviar",
    "nãocontatar", "cancelouinscrição", "cancelouasubscrição", "avregistrerad", "avprenumer", "avanmäl", "kontaktainte",
    "afmeldt", "avmeldt", "ikkekontakt", "peruutettu", "peruuttanut", "odhlášen", "odhlasen", "neposílat", "nekontaktovat",
    "nomecontact", "nodeseorecibir", "nodesearecibir", "werbesperre", "werbeverbot", "mailsperre", "kontaktsperre", "keinnewsletter",
    "nepluscontacter", "neplusrecevoir", "refusemail", "refusepub", "nonricontattare", "nonvuole", "geenmailing", "geennieuwsbrief",
    "leiratkoz", "отписан", "отписал", "неотправлять", "aboneliktençık", "配信停止", "退订",
];

/// Other ways than mail: their opt-outs say nothing of it.
const OTHER_WAYS: &[&str] =
    &["sms", "fax", "phone", "call", "text", "whatsapp", "telefon", "postal", "letter", "brief", "push"];

/// Whether a header, by its letters and digits, is of a column that says who opted out of mail.
pub(in crate::formats) fn is_opt_out(key: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| key.contains(word));
    (has(OPT_OUTS) || matches!(key, "dnc" | "dne" | "baja" | "abgemeldet"))
        && (key.contains("mail") || !has(OTHER_WAYS))
}

/// What only a header of a column has in it that says who wants mail, by its letters.
#[rustfmt::skip]
const OPT_INS: &[&str] = &[
    "newsletter", "emailmarketing", "marketingemail", "marketingconsent", "marketingpermission", "emailconsent", "gdprconsent",
    "consentgiven", "emailpermission", "contactpermission", "emailable", "canemail", "oktoemail", "okaytoemail", "allowemail",
    "receiveemail", "receivemail", "wantsemail", "wantsmail", "wantemail", "mailinglistmember", "boletín", "boletin", "infolettre",
    "lettredinformation", "lettredinfo", "nyhetsbrev", "nyhedsbrev", "nieuwsbrief", "biuletyn", "hírlevél", "uutiskirje",
    "uutiskirjeen", "bülten", "рассылк", "розсилк", "einwilligung", "werbeerlaubnis", "consentement", "consentimiento",
    "consensomarketing", "toestemming", "samtycke", "samtykke", "zgodamarketing", "ニュースレター", "メルマガ", "뉴스레터",
    "communicationpreference", "emailpreference", "mailpreference", "statusderanmeldung", "anmeldestatus", "abostatus",
];

/// What a column is called, in the words of other languages, that tells the status of somebody.
#[rustfmt::skip]
const STATUSES: &[&str] = &[
    "statut", "estatus", "stav", "állapot", "tila", "статус", "стан", "durum", "situação", "situacao", "κατάσταση", "状态", "狀態",
    "ステータス", "상태",
];

/// What a header has in it that speaks of when, where and how often, not of whether.
#[rustfmt::skip]
const BESIDE: &[&str] = &[
    "date", "datum", "time", "source", "method", "url", "count", "opened", "clicked", "mailssent", "version", "text", "name",
    "reason", "frequency", "quelle", "fecha", "zeit", "address", "adresse",
];

/// Whether a header, by its letters and digits, is of a column that says who wants mail, or what the status of
/// somebody is.
pub(super) fn is_opt_in(key: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| key.contains(word));
    // A newsletter is no letter.
    let other_way = || OTHER_WAYS.iter().any(|word| key.replace("newsletter", "").contains(word));
    STATUSES.contains(&key) || (has(OPT_INS) && !has(BESIDE) && (key.contains("mail") || !other_way()))
}

/// Whether a cell holds a sign for no: a dash, an empty box.
fn is_sign_for_no(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || "-\u{2013}\u{2014}._/\u{2610}\u{25a1}\u{25cb}".contains(c))
}

/// What a cell of an opt-out column says: whether they opted out; none: nothing.
pub(in crate::formats) fn opted_out(text: &str) -> Option<bool> {
    match simple(text).as_str() {
        // A tick is no letter, and says yes all the same.
        "" if !is_sign_for_no(text) => Some(true),
        "" | "unknown" | "notset" | "null" | "none" | "na" | "nan" => None,
        "0" | "00" | "false" | "no" | "n" | "f" | "off" | "never" | "allow" | "allowed" | "notoptedout" | "optedin"
        | "optin" | "subscribed" | "active" | "nein" | "non" | "nej" | "nie" | "não" | "nao" | "nee" | "ne" | "nem"
        | "ei" | "hayır" | "нет" | "falsch" | "faux" | "falso" | "onwaar" | "fałsz" | "unchecked" => Some(false),
        _ => Some(true),
    }
}

/// Whether that is a plain yes or no, of which nothing is to be kept beside.
pub(super) fn is_yes_or_no(text: &str) -> bool {
    let yes = [
        "1", "true", "yes", "y", "t", "x", "on", "ja", "oui", "si", "sí", "sim", "tak", "ano", "wahr", "vrai",
        "checked",
    ];
    opted_out(text) != Some(true) || yes.contains(&simple(text).as_str())
}

/// Whether mail was asked for, by the words of the services.
pub(in crate::formats) fn subscription(text: &str) -> Option<Subscription> {
    match simple(text).as_str() {
        "none" => Some(Subscription::NotSet),
        "active" | "yes" | "true" | "1" | "y" | "ja" | "oui" | "sí" | "si" | "sim" | "tak" | "ano" | "igen" | "da"
        | "evet" | "да" | "так" | "on" | "given" | "granted" | "accepted" | "agreed" | "consented" | "allowed"
        | "express" | "explicit" | "erteilt" | "zugestimmt" | "all" => Some(Subscription::Subscribed),
        "no" | "false" | "0" | "n" | "nein" | "non" | "nee" | "nie" | "não" | "nao" | "nej" | "nei" | "ne" | "nem"
        | "ei" | "hayır" | "нет" | "ні" | "off" | "refused" | "denied" | "rejected" | "notgiven" | "disagreed"
        | "verweigert" | "widerrufen" | "refusé" | "retiré" | "denegado" | "negado" | "revocado" | "cancelled"
        | "canceled" | "cancelado" | "annullato" | "opgezegd" => Some(Subscription::Unsubscribed),
        "pending" => Some(Subscription::Pending),
        _ => telling_subscription(text),
    }
}

/// The same by the words that speak of nothing but mail.
pub(in crate::formats) fn telling_subscription(text: &str) -> Option<Subscription> {
    match simple(text).as_str() {
        "notset" | "neversubscribed" | "nonsubscribed" | "notsubscribed" | "transactional" | "noconsent" => {
            Some(Subscription::NotSet)
        }
        "unconfirmed" | "pendingconfirmation" | "awaitingconfirmation" | "notconfirmed" | "unbestätigt" => {
            Some(Subscription::Pending)
        }
        "subscribed" | "confirmed" | "optin" | "optedin" | "doubleoptin" | "singleoptin" | "subscriber"
        | "abonniert" | "angemeldet" | "abonné" | "inscrit" | "suscrito" | "iscritto" | "ingeschreven"
        | "aangemeld" | "zapisany" | "inscrito" | "přihlášen" | "prenumererar" | "подписан" => {
            Some(Subscription::Subscribed)
        }
        word if is_opt_out(word) || matches!(word, "blocked" | "revoked" | "withdrawn" | "removed" | "declined") => {
            Some(Subscription::Unsubscribed)
        }
        _ => None,
    }
}

/// Whether mail arrives, by the words of the services.
pub(in crate::formats) fn deliverability(text: &str) -> Option<Deliverability> {
    match simple(text).as_str() {
        "notset" | "unknown" => Some(Deliverability::NotSet),
        "valid" | "deliverable" => Some(Deliverability::Valid),
        "inactive" => Some(Deliverability::Inactive),
        _ => deliverability_problem(text),
    }
}

/// What keeps mail from arriving.
pub(super) fn deliverability_problem(text: &str) -> Option<Deliverability> {
    match simple(text).as_str() {
        "bounced" | "bounce" | "cleaned" | "unreachable" | "undeliverable" | "hardbounced" | "hardbounce"
        | "softbounced" | "invalid" | "unzustellbar" | "rebotado" => Some(Deliverability::Bounced),
        "spam" | "spamcomplaint" | "complained" | "complaint" | "abuse" | "markedasspam" | "reportedspam" => {
            Some(Deliverability::SpamComplaint)
        }
        _ => None,
    }
}

/// Whether a word of a column that may speak of anything speaks of mail.
pub(in crate::formats) fn is_telling(text: &str) -> bool {
    telling_subscription(text).is_some() || (deliverability_problem(text).is_some() && simple(text) != "invalid")
}

/// Whether a header, by its letters and digits, is of a column that is about mail.
pub(super) fn is_about_mail(key: &str) -> bool {
    ["mail", "subscri", "newsletter", "permission", "optin", "consent", "marketing"]
        .iter()
        .any(|word| key.contains(word))
        || (is_opt_in(key) && !STATUSES.contains(&key))
}

/// Of two answers the one by which less mail is sent.
pub(in crate::formats) fn stricter(one: Subscription, other: Subscription) -> Subscription {
    let rank = |subscription: Subscription| match subscription {
        Subscription::Subscribed => 0,
        Subscription::Pending => 1,
        Subscription::NotSet => 2,
        Subscription::Unsubscribed => 3,
    };
    if rank(one) >= rank(other) { one } else { other }
}

/// Of two answers the one by which less mail arrives.
pub(super) fn worse(one: Deliverability, other: Deliverability) -> Deliverability {
    let rank = |deliverability: Deliverability| match deliverability {
        Deliverability::NotSet => 0,
        Deliverability::Valid => 1,
        Deliverability::Inactive => 2,
        Deliverability::Bounced => 3,
        Deliverability::SpamComplaint => 4,
    };
    if rank(one) >= rank(other) { one } else { other }
}

/// What the name of an export file says of everyone in it (Mailchimp writes one file a status).
pub(super) fn standing(file_name: &str) -> (Subscription, Deliverability) {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase();
    // A file of nobody else, whatever wrote it.
    let first = name.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    if matches!(first, "unsubscribes" | "optouts" | "suppressions" | "suppression") {
        return (Subscription::Unsubscribed, Deliverability::NotSet);
    }
    if !["_audience_export", "_members_export", "_segment_export"].iter().any(|sign| name.contains(sign)) {
        return (Subscription::NotSet, Deliverability::NotSet);
    }
    match name.split('_').next() {
        Some("subscribed") => (Subscription::Subscribed, Deliverability::NotSet),
        Some("unsubscribed") => (Subscription::Unsubscribed, Deliverability::NotSet),
        Some("cleaned") => (Subscription::NotSet, Deliverability::Bounced),
        _ => (Subscription::NotSet, Deliverability::NotSet),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::csv::columns::key;

    #[test]
    fn opt_outs_are_known_by_their_headers() {
        for header in [
            "Unsubscribed from all email",
            "HasOptedOutOfEmail",
            "hs_email_optout",
            "Email Opt Out",
            "Opted out of email: One to One",
            "Do not email",
            "doNotContact",
            "NO BULK EMAILS (User Opt Out)",
            "EMAIL_BLACKLISTED",
            "UNSUB_TIME",
            "Opt-out Date",
            "Do not allow Bulk Emails",
            "Abgemeldet am",
            "Désabonné",
            "Dado de baja",
            "Uitgeschreven",
            "Wypisany",
            "Werbesperre",
            "No me contactes",
        ] {
            assert!(is_opt_out(&key(header).0), "{header}");
        }
        for header in
            ["SMS opt out", "HasOptedOutOfFax", "Do not call", "Do not phone", "Subscribed", "OPTIN_TIME", "Notes"]
        {
            assert!(!is_opt_out(&key(header).0), "{header}");
        }
    }

    #[test]
    fn who_wants_mail_is_told_by_other_headers_as_well() {
        for header in [
            "Newsletter",
            "Marketing emails",
            "GDPR consent",
            "Emailable",
            "Wants newsletter?",
            "Bolet\u{ed}n",
            "Statut",
        ] {
            assert!(is_opt_in(&key(header).0), "{header}");
        }
        for header in ["Consent date", "Newsletter name", "SMS marketing consent", "Marketing", "Notes", "Estado"] {
            assert!(!is_opt_in(&key(header).0), "{header}");
        }
        assert_eq!(subscription("refused"), Some(Subscription::Unsubscribed));
        let mut said = Said::default();
        said.hear(Target::Status, "subscribed", true);
        said.hear_label("Do not email");
        assert_eq!(said.subscription, Some(Subscription::Unsubscribed));
    }

    #[test]
    fn an_opt_out_is_whatever_says_no_no() {
        for text in ["TRUE", "1", "yes", "x", "2019-01-01 10:00:00", "Do Not Allow", "opted out", "I never asked"] {
            assert_eq!(opted_out(text), Some(true), "{text}");
        }
        for text in ["false", "0", "No", "Nein", "Allow"] {
            assert_eq!(opted_out(text), Some(false), "{text}");
        }
        for text in ["\u{2713}", "\u{2611}", "\u{2717}"] {
            assert_eq!(opted_out(text), Some(true), "{text}");
        }
        assert_eq!((opted_out(" "), opted_out("-"), opted_out("\u{2610}")), (None, None, None));
        assert!(is_yes_or_no("TRUE") && is_yes_or_no("") && !is_yes_or_no("2019-01-01"));
    }

    #[test]
    fn status_words_of_the_services() {
        assert_eq!(subscription("Never subscribed"), Some(Subscription::NotSet));
        assert_eq!(subscription(" UNSUBSCRIBED "), Some(Subscription::Unsubscribed));
        assert_eq!(subscription("blocklisted"), Some(Subscription::Unsubscribed));
        assert_eq!(subscription("Customer"), None);
        assert_eq!(deliverability("unreachable"), Some(Deliverability::Bounced));
        assert!(
            is_telling("unsubscribed") && is_telling("bounced") && !is_telling("Active") && !is_telling("Inactive")
        );
    }

    #[test]
    fn of_two_answers_the_stricter_counts() {
        use Subscription::{NotSet, Pending, Subscribed, Unsubscribed};
        assert_eq!(stricter(Subscribed, Unsubscribed), Unsubscribed);
        assert_eq!(stricter(Unsubscribed, Subscribed), Unsubscribed);
        assert_eq!(stricter(Subscribed, NotSet), NotSet);
        assert_eq!(stricter(Pending, Subscribed), Pending);
    }

    #[test]
    fn the_file_name_of_an_export_is_its_status() {
        let of = |name: &str| standing(name);
        assert_eq!(of("x/unsubscribed_email_audience_export_1a2b.csv").0, Subscription::Unsubscribed);
        assert_eq!(of("unsubscribed_segment_export_7c.csv").0, Subscription::Unsubscribed);
        assert_eq!(of("cleaned_members_export_1a2b.csv").1, Deliverability::Bounced);
        assert_eq!(of("unsubscribed.csv"), (Subscription::NotSet, Deliverability::NotSet));
    }
}
