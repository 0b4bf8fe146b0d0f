//! Draws the card: fields, why it matches, what would happen to it.

use std::ops::Range;

use crate::domain::contact::{
    BillingStatus, Contact, Deliverability, Role as Rights, Subscription, Tag, Tagged, Timestamp,
};
use crate::domain::contact_edit::value_text;
use crate::domain::deletion_rules::Refusal;
use crate::domain::display::thousands;
use crate::domain::field::Field;
use crate::domain::query::Scope;
use crate::domain::slot::{Group, Merging, Row as Slots, SLOTS};
use crate::tui::app::view::chrome::has_focus;
use crate::tui::app::{Focus, Model};
use crate::tui::input::action::Action;
use crate::tui::input::keymap::Layer;
use crate::tui::panes::search::trash::sentence as trash_words;
use crate::tui::panes::search::view::clauses::outcome_role;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, Run, columns, padded, wrap};
use crate::tui::widgets::frame::{PaneFrame, pane};
use crate::tui::widgets::theme::Role;
use crate::tui::windows::card_form::contact_diff::tag_words;

/// How many columns the fields' names take at least; custom fields may have longer ones.
const LABELS: usize = 8;

/// A field as the card shows it.
struct Shown {
    label: String,
    /// Its value, in parts that are searched by themselves.
    parts: Vec<(Field, String)>,
    /// What it is for.
    tag: &'static str,
}

/// Draws the card.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, area: Area) {
    let focused = has_focus(model, Focus::Card);
    let inside = area.inner();
    let inner = Area { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
    let height = usize::from(inner.height);
    let lines = model.card.contact.as_ref().map(|contact| all_lines(canvas, model, contact, inner)).unwrap_or_default();
    let scroll = model.card.scroll.min(lines.len().saturating_sub(height));
    let right = match lines.len() {
        all if all > height => format!("{} to {} of {all}", scroll + 1, scroll + height),
        _ => String::new(),
    };
    pane(canvas, area, &PaneFrame { key: "", title: "Card", right: &right, focused });
    if model.card.contact.is_none() {
        let words = if model.card.waiting.is_some() { "" } else { "no contact under the cursor" };
        canvas.put(inner.x, inner.y, inner.width, words, Role::Dim);
    }
    for (at, line) in lines.iter().skip(scroll).take(height).enumerate() {
        canvas.runs(inner.x, inner.y + at as u16, inner.width, line);
    }
}

/// Everything that the card says. Where not all of it can be seen, what was asked for stands right below the
/// head: why a contact doesn't match, else what would happen to it.
fn all_lines(canvas: &Canvas<'_>, model: &Model, contact: &Contact, inner: Area) -> Vec<Vec<Run>> {
    let mut lines = lines(canvas, model, contact, inner.width);
    let mut why = why(canvas, model, inner.width);
    let mut fate = vec![Vec::new()];
    self::fate(model, contact, inner.width, &mut fate);
    let fits = lines.len() + why.len() + fate.len() <= usize::from(inner.height);
    let below_head = lines.iter().position(Vec::is_empty).unwrap_or(0);
    if fits || model.card.pinned.is_none() {
        lines.append(&mut why);
    }
    let at = if fits { lines.len() } else { below_head };
    why.append(&mut fate);
    lines.splice(at..at, why);
    lines
}

fn lines(canvas: &Canvas<'_>, model: &Model, contact: &Contact, width: u16) -> Vec<Vec<Run>> {
    let good = model.search.query.good();
    let matched = |field: &Field, text: &str| good.map(|good| good.matched(field, text)).unwrap_or_default();
    let name = contact.display_name();
    let mut lines: Vec<Vec<Run>> = vec![painted(&name, &matched(&Field::Name, &name), 0..name.len(), Role::Strong)];
    let (title, company) = (contact.title.trim(), contact.company.trim());
    let mut work = painted(title, &matched(&Field::Title, title), 0..title.len(), Role::Dim);
    if !title.is_empty() && !company.is_empty() {
        work.push((format!(" {} ", canvas.theme.glyphs.dot), Role::Dim));
    }
    work.extend(painted(company, &matched(&Field::Company, company), 0..company.len(), Role::Dim));
    if !(title.is_empty() && company.is_empty()) {
        lines.push(work);
    }
    lines.push(Vec::new());
    let fields = fields(model, contact);
    let longest = fields.iter().map(|field| columns(&field.label)).max().unwrap_or(0);
    let labels = longest.clamp(LABELS, (usize::from(width) / 3).max(LABELS));
    let room = usize::from(width).saturating_sub(labels + 1);
    for Shown { label, parts, tag } in fields {
        let mut label = padded(&label, labels, canvas.theme.glyphs.cut) + " ";
        let (value, ranges) = joined(&parts, &matched);
        // Where each line of it begins: wrapping leaves blanks out and changes nothing else.
        let mut from = 0;
        let wrapped = wrap(&value, room);
        let last = wrapped.len() - 1;
        for (nth, line) in wrapped.into_iter().enumerate() {
            let start = value.get(from..).and_then(|rest| rest.find(&line)).map(|at| from + at);
            let mut runs = vec![(std::mem::replace(&mut label, " ".repeat(labels + 1)), Role::Dim)];
            let tagged = nth == last && !tag.is_empty() && columns(&line) + 2 + tag.len() <= room;
            match start {
                Some(start) => {
                    from = start + line.len();
                    runs.extend(painted(&value, &ranges, start..from, Role::Text));
                }
                // It was made safe, and so is another text than the one that was searched.
                None => runs.push((line, Role::Text)),
            }
            if tagged {
                runs.push((format!("  {tag}"), Role::Dim));
            }
            lines.push(runs);
        }
    }
    lines.extend(shared_line(model, contact));
    lines
}

/// Why the contact matches, or why not, clause by clause.
fn why(canvas: &Canvas<'_>, model: &Model, width: u16) -> Vec<Vec<Run>> {
    let mut lines = Vec::new();
    if let Some(good) = model.search.query.good() {
        let reasons = model.card.reasons(good, model.card_list(), &model.today);
        let why_not = model.card.pinned.is_some();
        if !reasons.is_empty() {
            let title = if why_not { "Why it doesn't match" } else { "Why it matches" };
            lines.extend([Vec::new(), vec![(title.to_owned(), if why_not { Role::Stay } else { Role::Dim })]]);
        }
        if let Some(name) = model
            .scope_name()
            .filter(|_| why_not && model.card.contact.as_ref().is_some_and(|contact| outside(model, contact)))
        {
            lines.push(vec![(format!("{} it isn't in {name}", canvas.theme.glyphs.no), Role::Stay)]);
        }
        for reason in reasons {
            let (sign, role) = match reason.holds {
                Some(true) => (canvas.theme.glyphs.yes, Role::Done),
                Some(false) => (canvas.theme.glyphs.no, Role::Dim),
                None => (canvas.theme.glyphs.dot, Role::Dim),
            };
            let text = if reason.holds == Some(false) { Role::Dim } else { Role::Text };
            let text = if why_not && reason.holds == Some(false) { Role::Text } else { text };
            let mut sign = format!("{sign} ");
            for line in wrap(&reason.words, usize::from(width.saturating_sub(2))) {
                lines.push(vec![(std::mem::replace(&mut sign, "  ".to_owned()), role), (line, text)]);
            }
            for line in reason.instead.filter(|_| why_not).iter().flat_map(|it| wrap(it, usize::from(width - 2))) {
                lines.push(vec![("  ".to_owned(), Role::Dim), (line, Role::Dim)]);
            }
        }
    }
    lines
}

/// How many share the value by which the contact is a duplicate, and the key that marks them.
fn shared_line(model: &Model, contact: &Contact) -> Vec<Vec<Run>> {
    let sharing = model.card.sharing.as_ref().filter(|sharing| sharing.of.0 == contact.id);
    let Some((by, ids)) = sharing.and_then(|sharing| Some((sharing.by, sharing.ids.as_ref()?))) else {
        return Vec::new();
    };
    if ids.len() < 2 {
        return Vec::new();
    }
    let key = model.keymap.key(Focus::Results.layer(), Action::MarkSame).unwrap_or_default();
    let words = format!("{} have the same {}", thousands(ids.len() as u64), by.word());
    vec![
        Vec::new(),
        vec![(words, Role::Stay), ("   ".into(), Role::Dim), (key, Role::Key), (" marks them".into(), Role::Dim)],
    ]
}

/// The values of a line of the card as one text, with what matched in it.
fn joined(
    parts: &[(Field, String)],
    matched: &dyn Fn(&Field, &str) -> Vec<Range<usize>>,
) -> (String, Vec<Range<usize>>) {
    let (mut text, mut ranges) = (String::new(), Vec::new());
    for (field, part) in parts {
        if !text.is_empty() {
            text.push_str(", ");
        }
        let from = text.len();
        ranges.extend(matched(field, part).into_iter().map(|range| range.start + from..range.end + from));
        text.push_str(part);
    }
    (text, ranges)
}

/// A piece of a text as runs, what matched painted.
fn painted(text: &str, ranges: &[Range<usize>], piece: Range<usize>, plain: Role) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut from = piece.start;
    for range in ranges {
        let (start, end) = (range.start.max(from), range.end.min(piece.end));
        let (Some(before), Some(inside)) = (text.get(from..start), text.get(start..end)) else { continue };
        runs.push((before.to_owned(), plain));
        runs.push((inside.to_owned(), Role::Matched));
        from = end.max(from);
    }
    runs.push((text.get(from..piece.end).unwrap_or_default().to_owned(), plain));
    runs.retain(|(text, _)| !text.is_empty());
    runs
}

/// Whether the contact isn't where is looked.
fn outside(model: &Model, contact: &Contact) -> bool {
    match model.search.scope {
        Scope::Book => false,
        Scope::List(list) => contact.list != list,
        Scope::Trash => true,
    }
}

/// What a delete would do to it, and why.
fn fate(model: &Model, contact: &Contact, width: u16, lines: &mut Vec<Vec<Run>>) {
    if model.search.scope == Scope::Trash {
        lines.push(vec![("In the trash".to_owned(), Role::Stay)]);
        let said = model.trash.of(contact.id).map(|row| trash_words(row, model.now));
        for line in wrap(&said.unwrap_or_default(), usize::from(width)) {
            lines.push(vec![(line, Role::Dim)]);
        }
        return;
    }
    if model.search.excluded.contains(&contact.id) {
        lines.push(vec![("Excluded".to_owned(), Role::Strong)]);
        lines.push(vec![("left alone: you took it out".to_owned(), Role::Dim)]);
        return;
    }
    let stay = outcome_role(model, Role::Stay, Role::Strong);
    match model.card.refusal(model.card_list(), model.now) {
        Some(refusal) => {
            lines.push(vec![("Will stay".to_owned(), stay)]);
            for line in wrap(refusal.code().as_str(), usize::from(width)) {
                lines.push(vec![(line, outcome_role(model, Role::Stay, Role::Dim))]);
            }
            for line in wrap(&reason(model, refusal, contact), usize::from(width)) {
                lines.push(vec![(line, Role::Dim)]);
            }
        }
        None if model.search.takes(contact.id)
            && (model.card.pinned.is_none() || model.search.marked.contains(&contact.id)) =>
        {
            lines.push(vec![("Will go".to_owned(), outcome_role(model, Role::Go, Role::Strong))]);
            for line in wrap("would go to the trash if you delete these", usize::from(width)) {
                lines.push(vec![(line, Role::Dim)]);
            }
        }
        None => {}
    }
}

fn reason(model: &Model, refusal: Refusal, contact: &Contact) -> String {
    match (refusal, &contact.billing) {
        (Refusal::Member, _) => {
            let key = model.keymap.said(Layer::Confirm, Action::MembersToo);
            format!("a member; press {key} in the question to include members")
        }
        (Refusal::Billing, Some(billing)) => format!("{}: {}", refusal.reason(), billing.plan),
        (refusal, _) => refusal.reason().to_owned(),
    }
}

/// These slots, but for those that the card's head shows.
fn slots(contact: &Contact, of: impl Fn(&Slots) -> bool) -> impl Iterator<Item = Shown> {
    let shown = SLOTS.iter().filter(move |row| !row.short.is_empty() && of(row));
    shown.map(|row| Shown {
        label: row.short.to_owned(),
        parts: vec![(Field::Slot(row.slot), row.slot.of(contact).text().into_owned())],
        tag: "",
    })
}

/// The fields that hold something, in the order of the card.
fn fields(model: &Model, contact: &Contact) -> Vec<Shown> {
    let day = |moment: Timestamp| model.today.day(moment);
    let one = |label: &str, field: Field, value: String| Shown {
        label: label.to_owned(),
        parts: vec![(field, value)],
        tag: "",
    };
    let tagged = |label: &str, field: &Field, all: &[Tagged]| -> Vec<Shown> {
        // Of one alone everybody knows that it is the main one.
        let tag = |tag| if tag == Tag::Main && all.len() == 1 { "" } else { tag_words(tag) };
        all.iter().map(|it| Shown { tag: tag(it.tag), ..one(label, field.clone(), it.value.clone()) }).collect()
    };
    let mut fields: Vec<Shown> = Vec::new();
    fields.extend(slots(contact, |row| row.group == Group::Name));
    fields.extend(tagged("email", &Field::Email, &contact.emails));
    fields.extend(tagged("phone", &Field::Phone, &contact.phones));
    for address in &contact.addresses {
        let town = [
            (Field::Street, &address.street),
            (Field::Postcode, &address.postcode),
            (Field::City, &address.city),
            (Field::Region, &address.region),
            (Field::Country, &address.country),
        ];
        let parts = town.into_iter().filter(|(_, part)| !part.trim().is_empty());
        fields.push(Shown {
            label: "address".to_owned(),
            parts: parts.map(|(field, part)| (field, part.trim().to_owned())).collect(),
            tag: tag_words(address.tag),
        });
    }
    let labels = contact.labels.iter().map(|label| (Field::Label, label.clone())).collect();
    fields.push(Shown { label: "labels".to_owned(), parts: labels, tag: "" });
    fields.push(one("list", Field::List, model.card_list().map(|list| list.name.clone()).unwrap_or_default()));
    fields.push(one("created", Field::Created, day(contact.created)));
    fields.push(one("active", Field::Active, contact.active.map_or_else(|| "never".to_owned(), day)));
    if let Some(member) = contact.member {
        let rights = match member.role {
            Rights::None => String::new(),
            other => format!(", {}", other.word()),
        };
        fields.push(one("member", Field::Member, format!("{}{rights}", member.status.word())));
    }
    if let Some(billing) = &contact.billing {
        let status = match billing.status {
            BillingStatus::Active => String::new(),
            other => format!(", {}", other.word()),
        };
        let until = billing.until.map(|until| format!(", until {}", day(until))).unwrap_or_default();
        fields.push(one("billing", Field::Billing, format!("{}{status}{until}", billing.plan)));
    }
    let subscription = match contact.subscription {
        Subscription::NotSet => "",
        other => other.word(),
    };
    let delivery = match contact.deliverability {
        Deliverability::NotSet => "",
        Deliverability::Valid => "arrives",
        Deliverability::SpamComplaint => "spam complaint",
        other => other.word(),
    };
    let mail: Vec<&str> = [subscription, delivery].into_iter().filter(|word| !word.is_empty()).collect();
    fields.push(one("mail", Field::Subscription, mail.join(", ")));
    if contact.protected {
        fields.push(one("protect", Field::Id, "no bulk job may delete it".to_owned()));
    }
    fields.extend(slots(contact, |row| row.group != Group::Name && row.merging != Merging::Below));
    fields.extend(slots(contact, |row| row.merging == Merging::Below));
    fields.extend(
        contact.custom.iter().map(|custom| {
            one(&custom.name, Field::Custom(custom.name.clone()), value_text(&custom.value).into_owned())
        }),
    );
    fields.retain(|field| field.parts.iter().any(|(_, value)| !value.trim().is_empty()));
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::slot::Slot;

    #[test]
    fn every_slot_that_the_head_doesnt_show_has_a_line_whatever_is_known_of_it() {
        let heads = [Slot::Full, Slot::Prefix, Slot::First, Slot::Middle, Slot::Last, Slot::Suffix];
        for slot in Slot::all().filter(|slot| !heads.contains(slot) && ![Slot::Company, Slot::Title].contains(slot)) {
            for text in ["--04-12", "1985", "1985-04-12"] {
                let mut contact = Contact::default();
                assert!(slot.read(&mut contact, text));
                let lines: Vec<String> = slots(&contact, |_| true).flat_map(|it| it.parts).map(|part| part.1).collect();
                assert!(lines.contains(&text.to_owned()), "{slot:?} as {text}");
            }
        }
    }
}
