//! What `cardfile --plain` says of plans and jobs, and how it knows numbers.
//!
//! Words alone: nothing here asks or prints.

use crate::domain::deletion_rules::Refusal;
use crate::domain::display::{agreeing, thousands};
use crate::domain::job::{Job, JobType};

pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn is_undoable(job: &Job) -> bool {
    let kind = matches!(job.kind, JobType::Delete | JobType::Import | JobType::Edit);
    kind && job.undone_by.is_none() && job.status.is_over() && job.progress.succeeded > 0
}

/// `91 would go, 6 stay (4 members, 2 protected).`
pub(super) fn fate(go: u64, stay: &[(Refusal, u64)]) -> String {
    match (go, stay.is_empty()) {
        (0, true) => String::new(),
        (go, true) => format!("A delete would take {}.", if go == 1 { "it".to_owned() } else { thousands(go) }),
        (go, false) => format!("A delete would take {}.{}", thousands(go), stays(stay)),
    }
}

/// ` 6 stay: 4 members, 2 protected.`
pub(super) fn stays(stay: &[(Refusal, u64)]) -> String {
    let n: u64 = stay.iter().map(|(_, n)| n).sum();
    let reasons: Vec<String> =
        stay.iter().map(|(refusal, n)| format!("{} {}", thousands(*n), refusal.count_words(*n))).collect();
    if n == 0 {
        String::new()
    } else {
        format!(" {} {}: {}.", thousands(n), agreeing(n, "stays", "stay"), reasons.join(", "))
    }
}

pub(super) fn kept_everything(typed: &str, number: u64, verb: &str) -> String {
    if typed.is_empty() {
        format!("Nothing was {verb}.")
    } else {
        format!("You typed {typed}, not {number}: nothing was {verb}.")
    }
}

pub(super) fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
