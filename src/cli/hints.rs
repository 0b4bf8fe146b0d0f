//! What to do next, as commands and options of the command line: by an error's code.
//!
//! Called where an error is said. What is the same in every face stands in the error itself.

use crate::api::Code;

/// What to do next; nothing where the message says all there is.
pub(super) fn hints(code: &Code) -> Vec<String> {
    let one = |text: &str| vec![text.to_owned()];
    match code {
        Code::NoCriteria => one("say `all` to mean every contact, of the book or with --list NAME of a list"),
        Code::ReadOnly => one("leave out --read-only to change it"),
        Code::NoAccount { .. } => one("cardfile account ls shows those there are"),
        Code::Account { account: _, wants_password: true } => {
            one("try it in a terminal, or give the account a password command, file or variable")
        }
        Code::Account { account, wants_password: false } => {
            vec![format!("cardfile account check '{account}' says step by step what is wrong")]
        }
        Code::ListingLacks { account, gone } => vec![
            format!("look there first; cardfile account pull '{account}' --believe {gone} takes it over,"),
            "and what went is in the trash then".to_owned(),
        ],
        Code::NoJob { .. } => one("cardfile job list shows those there are"),
        Code::NoList { .. } => one("cardfile list ls shows those there are"),
        Code::NoLabel { .. } => one("cardfile label ls shows those there are"),
        Code::NoKey { .. } => one("cardfile key ls shows those there are"),
        Code::NoSearch { .. } => one("cardfile search ls shows those there are"),
        Code::NotInTrash { .. } => one("cardfile trash ls shows what is"),
        Code::ListNotEmpty { list, contacts } => {
            vec![format!("cardfile list clear '{list}' --yes {contacts} deletes them")]
        }
        Code::FileIsThere => one("choose another name, or say --force to replace it"),
        Code::Refused { .. } => one("keep that one: --keep ID"),
        Code::JobNotOver { job } | Code::NotWiped { job } => vec![format!("cardfile job resume {job}")],
        Code::UndoOfEdit { job } => vec![format!("cardfile job undo {job} undoes it, which does the edit again")],
        Code::UndoOfDelete { job } => vec![format!("cardfile job redo {job} deletes again what it brought back")],
        Code::Clashes { job: Some(job), changed: true } => vec![
            format!("cardfile job undo {job} --clashes leave leaves them as they are now"),
            format!("cardfile job undo {job} --clashes restore gives them back as well"),
        ],
        Code::Clashes { job: Some(job), changed: false } => vec![
            format!("cardfile job undo {job} --clashes leave brings the others back"),
            format!("cardfile job undo {job} --clashes restore brings all of them back"),
        ],
        Code::Stopped { job, resumable, undoable } => {
            let resume = resumable.then(|| format!("cardfile job resume {job} goes on with it"));
            let undo = undoable.then(|| format!("cardfile job undo {job} takes them out again"));
            resume.into_iter().chain(undo).collect()
        }
        Code::StalePlanFile => one("make the plan again: cardfile delete ... --plan FILE"),
        Code::WrongCount { .. } => one("look at them with --dry-run, then confirm that number"),
        Code::NoBook => one("cardfile import FILE makes a book"),
        Code::NotABook => one("give the book's file with --book, or import this one"),
        Code::Damaged => one("keep a copy of the file as it is; cardfile doctor says what is whole"),
        Code::LogNotEmptied => {
            one("cardfile unsubscribers hash --yes 0, when no other process uses the book, empties it")
        }
        Code::Invalid
        | Code::Criteria { .. }
        | Code::Forbidden { .. }
        | Code::OutsideLists
        | Code::BadKey
        | Code::NotConfirmed
        | Code::KnownContact { .. }
        | Code::NoContact { .. }
        | Code::NoListNamed { .. }
        | Code::NoPlan
        | Code::Clashes { job: None, .. }
        | Code::AccountList { .. }
        | Code::LiveList { .. }
        | Code::NameTaken
        | Code::JobState
        | Code::Stale
        | Code::Busy
        | Code::Storage
        | Code::Cancelled => Vec::new(),
    }
}
