//! Draws the question before a delete: what goes in words, what stays and why, and the safe key first.

use crate::domain::criteria::phrase::{Part, noun};
use crate::domain::display::{agreeing, contacts, thousands};
use crate::domain::plans::Item;
use crate::domain::query::Selection;
use crate::tui::app::Model;
use crate::tui::app::event::Place;
use crate::tui::input::action::Action;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::canvas::{Canvas, Run, columns, typed, wrap};
use crate::tui::widgets::frame;
use crate::tui::widgets::frame::window;
use crate::tui::widgets::text_field::Line;
use crate::tui::widgets::theme::Role;
use crate::tui::windows::confirm::{Confirm, Look, Question, Target, WORD};

/// Lines of runs.
type Lines = Vec<Vec<Run>>;

/// The words, the counts, the warnings.
type Texts<'a> = (&'a Lines, &'a Lines, &'a Lines);

/// Draws the question.
pub(in crate::tui) fn draw(canvas: &mut Canvas<'_>, model: &Model, confirm: &Confirm) {
    if let Question::Look(look) = &confirm.question {
        draw_look(canvas, model, confirm, look);
        return;
    }
    let width = 74.min(model.size.0.saturating_sub(4));
    let inside = usize::from(width.saturating_sub(6));
    let goes = confirm.plan.will_delete();
    let title = match goes {
        0 => "Nothing would be deleted".to_owned(),
        n => format!("Delete {}?", contacts(n)),
    };
    let words = sentence(confirm, inside);
    let counts = counts(canvas, confirm, inside);
    let warnings = warnings(canvas, confirm, inside);
    // A border and a blank, words, a blank, counts and their bar, a blank, warnings and a blank, the question,
    // a note, a rule, keys, a blank and a border.
    let needed = 2 + words.len() + 1 + counts.len() + 2 + warnings.len() + usize::from(!warnings.is_empty()) + 6;
    let most = usize::from(model.size.1.saturating_sub(2));
    let role = if goes == 0 { Role::Focus } else { Role::Danger };
    let area = window(canvas, (width, needed.min(most) as u16), &title, role);
    if needed <= most {
        roomy(canvas, model, confirm, area, (&words, &counts, &warnings));
    } else {
        tight(canvas, model, confirm, area, (&words, &counts, &warnings));
    }
}

/// Everything, with air.
fn roomy(canvas: &mut Canvas<'_>, model: &Model, confirm: &Confirm, area: Area, texts: Texts<'_>) {
    let (words, counts, warnings) = texts;
    let mut y = put_lines(canvas, area, area.y + 1, words) + 1;
    y = put_lines(canvas, area, y, counts);
    let (goes, stay) = (confirm.plan.will_delete(), confirm.plan.will_stay());
    canvas.shares(area.x, y, area.width, goes + stay, &[(goes, Role::Go), (stay, Role::Stay)]);
    y = put_lines(canvas, area, y + 2, warnings) + u16::from(!warnings.is_empty());
    question(canvas, confirm, area, y);
    note(canvas, confirm, area, y + 1);
    canvas.rule(area.x - 2, area.bottom() - 3, area.width + 4, Role::Frame);
    keys(canvas, model, confirm, area, area.bottom() - 2);
}

/// A low screen: the question and the counts are whole, the words are cut, warnings come where there is room.
fn tight(canvas: &mut Canvas<'_>, model: &Model, confirm: &Confirm, area: Area, texts: Texts<'_>) {
    let (words, counts, warnings) = texts;
    let end = area.bottom().saturating_sub(3);
    let room = usize::from(end.saturating_sub(area.y));
    let counts = &counts[..counts.len().min(room.saturating_sub(1))];
    let words = &words[..words.len().min(room - counts.len())];
    let warnings = &warnings[..warnings.len().min(room - counts.len() - words.len())];
    let y = put_lines(canvas, area, area.y, words);
    let y = put_lines(canvas, area, y, counts);
    put_lines(canvas, area, y, warnings);
    question(canvas, confirm, area, end);
    note(canvas, confirm, area, end + 1);
    keys(canvas, model, confirm, area, end + 2);
}

fn put_lines(canvas: &mut Canvas<'_>, area: Area, y: u16, lines: &[Vec<Run>]) -> u16 {
    for (at, line) in lines.iter().enumerate() {
        canvas.runs(area.x, y + at as u16, area.width, line);
    }
    y + lines.len() as u16
}

/// Why the last key did nothing.
fn note(canvas: &mut Canvas<'_>, confirm: &Confirm, area: Area, y: u16) {
    if let Some(note) = &confirm.note {
        canvas.put(area.x, y, area.width, note, Role::Stay);
    }
}

/// What to look at twice.
fn warnings(canvas: &Canvas<'_>, confirm: &Confirm, width: usize) -> Lines {
    let mut lines = Vec::new();
    for warning in &confirm.plan.warnings {
        let (mut sign, role) =
            if warning.is_usual() { (" ", Role::Dim) } else { (canvas.theme.glyphs.warning, Role::Text) };
        for line in wrap(&warning.words(), width.saturating_sub(2)) {
            lines.push(vec![(format!("{sign} "), Role::Stay), (line, role)]);
            sign = " ";
        }
    }
    lines
}

/// What is meant, in words: the fields in their colour.
fn sentence(confirm: &Confirm, width: usize) -> Vec<Vec<Run>> {
    let mut words: Vec<Run> = Vec::new();
    let mut say = |text: &str, role: Role| {
        words.extend(text.split(' ').filter(|word| !word.is_empty()).map(|word| (word.to_owned(), role)));
    };
    match confirm.target {
        Target::Marked { hidden } => {
            match confirm.plan.matches() {
                1 => say("The marked contact", Role::Text),
                all => say(&format!("The {} marked contacts", thousands(all)), Role::Text),
            }
            if hidden > 0 {
                say(&format!("({} of them not shown by the search)", thousands(hidden)), Role::Stay);
            }
        }
        Target::Retry(job) => {
            say(&format!("The {} that job #{job} could not delete", thousands(confirm.plan.matches())), Role::Text);
        }
        Target::Redo(undo) => {
            let all = thousands(confirm.plan.matches());
            say(&format!("The {all} that job #{undo} brought back are deleted again"), Role::Text);
        }
        Target::Matches if confirm.phrase.is_empty() => say("Every contact", Role::Strong),
        Target::Matches => {
            let noun = match &confirm.plan.request.selection {
                Selection::Query(query) => query.criteria.as_ref().map_or("contacts", noun),
                Selection::Ids { .. } => "contacts",
            };
            say(&format!("All {noun}"), Role::Text);
            for (part, text) in &confirm.phrase {
                let role = match part {
                    Part::Plain => Role::Text,
                    Part::Field => Role::Field,
                    Part::Value => Role::Strong,
                };
                say(text, role);
            }
        }
    }
    if let Some(list) = &confirm.list {
        say("in the list", Role::Text);
        say(list, Role::Strong);
    }
    let mut add = |text: String, role: Role| {
        if let Some((last, _)) = words.last_mut() {
            last.push(';');
        }
        // In one piece: it isn't torn by the end of a line.
        words.push((text, role));
    };
    if confirm.plan.excluded > 0 {
        add(format!("{} excluded by hand", thousands(confirm.plan.excluded)), Role::Text);
    }
    if confirm.plan.request.members_too {
        add("members are deleted too".to_owned(), Role::Stay);
    }
    if let Some(rate) = confirm.rate {
        add(format!("at most {} a second", thousands(u64::from(rate.get()))), Role::Text);
    }
    let mut lines: Vec<Vec<Run>> = vec![Vec::new()];
    let mut used = 0;
    for (word, role) in words {
        let wide = columns(&word);
        if used > 0 && used + 1 + wide > width {
            lines.push(Vec::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push((" ".to_owned(), Role::Text));
                used += 1;
            }
            line.push((word, role));
        }
        used += wide;
    }
    // Very long criteria are cut: the clauses stand in the Search pane.
    if lines.len() > 5 {
        lines.truncate(5);
        lines.push(vec![("… and so on, as the Search pane shows".to_owned(), Role::Dim)]);
    }
    lines
}

/// How many go and until when they can be restored, how many stay and why.
fn counts(canvas: &Canvas<'_>, confirm: &Confirm, width: usize) -> Lines {
    let (goes, stay) = (confirm.plan.will_delete(), confirm.plan.will_stay());
    let figure = columns(&thousands(goes.max(stay)));
    let words = match goes {
        0 => "go".to_owned(),
        n => format!("{} to the trash, restorable until {}", agreeing(n, "goes", "go"), confirm.until),
    };
    let mut lines = vec![vec![(format!("{:>figure$}", thousands(goes)), Role::Go), (format!(" {words}"), Role::Text)]];
    // What is none is left out.
    if stay == 0 {
        return lines;
    }
    let word = agreeing(stay, " stays  ", " stay  ");
    let dot = format!(" {} ", canvas.theme.glyphs.dot);
    let mut lead = vec![(format!("{:>figure$}", thousands(stay)), Role::Stay), (word.to_owned(), Role::Text)];
    for reasons in reasons(confirm, &dot, width.saturating_sub(figure + word.len())) {
        lead.push((reasons, Role::Dim));
        let next = vec![(" ".repeat(figure + word.len()), Role::Text)];
        lines.push(std::mem::replace(&mut lead, next));
    }
    lines
}

/// What stays and why, by reason, as lines.
fn reasons(confirm: &Confirm, dot: &str, width: usize) -> Vec<String> {
    let stay = &confirm.plan.stay;
    let parts = stay.iter().map(|(refusal, n)| format!("{} {}", thousands(*n), refusal.count_words(*n)));
    let mut lines = vec![String::new()];
    for part in parts {
        let Some(line) = lines.last_mut() else { break };
        if !line.is_empty() && columns(line) + columns(dot) + columns(&part) > width {
            lines.push(part);
        } else {
            if !line.is_empty() {
                line.push_str(dot);
            }
            line.push_str(&part);
        }
    }
    lines
}

/// What is asked, with what was typed.
fn question(canvas: &mut Canvas<'_>, confirm: &Confirm, area: Area, y: u16) {
    let goes = confirm.plan.will_delete();
    match &confirm.question {
        Question::Members(word) => {
            field(canvas, area, y, &format!("To delete members too, type {WORD} and press Enter: "), word);
        }
        Question::Count(typed) if confirm.by_number() => {
            field(canvas, area, y, &format!("Type {goes} and press Enter: "), typed);
        }
        Question::Count(_) if goes == 0 => {
            canvas.put(area.x, y, area.width, "Every one of them stays, for the reasons above.", Role::Text);
        }
        Question::Count(_) => {
            let what = agreeing(goes, "it", "them");
            canvas.runs(
                area.x,
                y,
                area.width,
                &[("Press ".into(), Role::Text), ("y".into(), Role::Go), (format!(" to delete {what}."), Role::Text)],
            );
        }
        Question::Look(_) => {}
    }
}

fn field(canvas: &mut Canvas<'_>, area: Area, y: u16, label: &str, line: &Line) {
    let used = canvas.put(area.x, y, area.width, label, Role::Text);
    typed(canvas, (area.x + used, y), area.width.saturating_sub(used), line, Role::Strong);
}

/// The keys, the safe one first, in the lines there are.
fn keys(canvas: &mut Canvas<'_>, model: &Model, confirm: &Confirm, area: Area, y: u16) {
    let layer = model.layer();
    let key = |action: Action, or: &str| model.keymap.key(layer, action).unwrap_or_else(|| or.to_owned());
    let back = capital(&key(Action::Back, "esc"));
    if matches!(confirm.question, Question::Members(_)) {
        canvas.runs(area.x, y, area.width, &[(back, Role::Safe), (" back, without members".into(), Role::Text)]);
        return;
    }
    let used = canvas.runs(area.x, y, area.width, &[(back, Role::Safe), (" keep everything".into(), Role::Text)]) + 5;
    let mut first = Vec::new();
    if confirm.can_keep_best() {
        first.push((key(Action::KeepBest, "k"), "keep the best of each"));
    }
    first.push((key(Action::LookThrough, "tab"), "look through them"));
    if confirm.has_members() {
        first.push((key(Action::MembersToo, "m"), "members too"));
    }
    let mut second =
        vec![(key(Action::SavePlan, "p"), "save as a plan file"), (key(Action::Rate, "r"), "limit the speed")];
    if model.place == Place::Served {
        second.remove(0);
    }
    if confirm.plan.will_delete() == 0 {
        second.clear();
    }
    let (x, room) = (area.x + used, area.width.saturating_sub(used));
    if y + 1 < area.bottom() {
        frame::keys(canvas, x, y, room, &first);
        frame::keys(canvas, area.x, y + 1, area.width, &second);
    } else {
        let short = |(key, word): (String, &'static str)| match word {
            "look through them" => (key, "look"),
            "keep the best of each" => (key, "keep the best"),
            "save as a plan file" => (key, "plan file"),
            "limit the speed" => (key, "rate"),
            word => (key, word),
        };
        let all: Vec<(String, &str)> = first.into_iter().chain(second).map(short).collect();
        frame::keys(canvas, x - 2, y, room + 2, &all);
    }
}

fn capital(key: &str) -> String {
    let mut chars = key.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The contacts of the plan, each with its outcome.
fn draw_look(canvas: &mut Canvas<'_>, model: &Model, confirm: &Confirm, look: &Look) {
    let rows = model.window_rows();
    let width = model.size.0.saturating_sub(8).min(110);
    let items = &confirm.plan.items;
    let title = format!("{} contacts of this plan", thousands(items.len() as u64));
    let area = window(canvas, (width, (rows.min(items.len()) + 5) as u16), &title, Role::Focus);
    let figure = columns(&thousands(items.len() as u64)) as u16;
    let name = area.width.saturating_sub(figure + 2) * 2 / 5;
    for (at, item) in items.iter().enumerate().skip(look.top).take(rows) {
        let y = area.y + (at - look.top) as u16;
        canvas.right(area.x + figure, y, figure, &thousands(at as u64 + 1), Role::Dim);
        let person = look.people.iter().find(|person| person.id == item.id);
        let x = area.x + figure + 2;
        let said = person.map_or_else(
            || if look.waiting.is_some() { String::new() } else { format!("contact {}", item.id) },
            crate::domain::contact::Contact::display_name,
        );
        canvas.put(x, y, name.saturating_sub(2), &said, Role::Text);
        let outcome_width = 22.min(area.width / 3);
        let email_x = x + name;
        let outcome_x = area.right().saturating_sub(outcome_width);
        let email = person.map_or("", |person| person.email());
        canvas.put(email_x, y, outcome_x.saturating_sub(email_x + 2), email, Role::Dim);
        canvas.runs(outcome_x, y, outcome_width, &fate(canvas, item));
    }
    let y = area.bottom().saturating_sub(2);
    canvas.rule(area.x - 2, y - 1, area.width + 4, Role::Frame);
    let back = model.keymap.key(model.layer(), Action::Back).unwrap_or_else(|| "esc".to_owned());
    let to = (look.top + rows).min(items.len());
    canvas.runs(
        area.x,
        y,
        area.width,
        &[
            (capital(&back), Role::Safe),
            (" back to the question".into(), Role::Text),
            (format!("     {} to {}", thousands(look.top as u64 + 1), thousands(to as u64)), Role::Dim),
        ],
    );
}

fn fate(canvas: &Canvas<'_>, item: &Item) -> Vec<Run> {
    let glyphs = canvas.theme.glyphs;
    match item.refusal {
        None => vec![(format!("{} goes", glyphs.go), Role::Go)],
        Some(refusal) => {
            vec![(format!("{} stays", glyphs.stay), Role::Stay), (format!("  {}", refusal.word()), Role::Dim)]
        }
    }
}
