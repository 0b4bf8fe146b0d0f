//! The window that takes an account in: where it is and who logs in, then which of its address books become lists.
//!
//! It holds what is typed and what was found; asking the account is the model's, by effects.

pub mod keys;
pub mod view;

use crate::domain::account::{Account, Password, Place, Secret, command_words};
use crate::engine::answer::FoundList;
use crate::tui::app::event::{Ticket, Told};
use crate::tui::input::action::Action;
use crate::tui::input::key::Key;
use crate::tui::input::keymap::Layer;
use crate::tui::widgets::text_field::Line;
use crate::tui::windows::window::Window;

/// The window.
#[derive(Debug, Clone, Default)]
pub struct AccountForm {
    /// Where it is: a URL, an email address, a host or a folder.
    pub place: Line,
    /// Who logs in; empty: who the place says.
    pub user: Line,
    /// Where the password comes from.
    pub from: From,
    /// The password, or the command, the file or the variable that it comes from.
    pub secret: Line,
    /// Its name; empty: what the place suggests.
    pub name: Line,
    /// The row under the cursor.
    pub row: Row,
    /// How far it is.
    pub stage: Stage,
    /// Why the last key did nothing.
    pub note: Option<String>,
}

/// Where a password comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum From {
    /// It is typed, each time the program is started.
    #[default]
    Typed,
    /// A command prints it.
    Command,
    /// A file holds it.
    File,
    /// A variable of the environment holds it.
    Env,
}

impl From {
    const ALL: [Self; 4] = [Self::Typed, Self::Command, Self::File, Self::Env];

    /// What it is, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Typed => "typed, each time cardfile is started",
            Self::Command => "from a command, as pass show cloud",
            Self::File => "from a file's first line",
            Self::Env => "from a variable of the environment",
        }
    }

    fn turned(self, by: usize) -> Self {
        let at = Self::ALL.iter().position(|other| *other == self).unwrap_or(0);
        Self::ALL[(at + by) % Self::ALL.len()]
    }
}

/// A row of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Row {
    /// Where it is.
    #[default]
    Place,
    /// Who logs in.
    User,
    /// Where the password comes from.
    From,
    /// The password, or what it comes from.
    Secret,
    /// Its name.
    Name,
}

/// How far it is.
#[derive(Debug, Clone, Default)]
pub enum Stage {
    /// It is typed where it is.
    #[default]
    Typing,
    /// Its address books are looked for.
    Looking(Ticket),
    /// Which of its address books become lists.
    Books(Books),
    /// They become lists, and their contacts are read.
    Adding(Ticket, Told),
}

/// The address books that were found.
#[derive(Debug, Clone, Default)]
pub struct Books {
    /// They, each with whether it becomes a list.
    pub found: Vec<FoundList>,
    /// The one under the cursor.
    pub cursor: usize,
}

/// What a key leads to.
pub(in crate::tui) enum Next {
    /// The window stays.
    Stay,
    /// It closes, or goes back a step.
    Back,
    /// The address books of this account are looked for, with the password that was typed.
    Look(Box<Account>, Option<Password>),
    /// The account is taken in.
    Add(Box<Account>),
}

impl AccountForm {
    /// What the place means so far.
    pub fn meant(&self) -> Option<Place> {
        Place::of(self.place.text())
    }

    /// The rows that there are: nobody logs in to a folder.
    pub fn rows(&self) -> &'static [Row] {
        match self.meant() {
            Some(Place::Folder(_)) => &[Row::Place, Row::Name],
            Some(Place::Server { .. }) | None => &[Row::Place, Row::User, Row::From, Row::Secret, Row::Name],
        }
    }

    /// The text of a row.
    pub fn line(&self, row: Row) -> Option<&Line> {
        match row {
            Row::Place => Some(&self.place),
            Row::User => Some(&self.user),
            Row::From => None,
            Row::Secret => Some(&self.secret),
            Row::Name => Some(&self.name),
        }
    }

    fn line_mut(&mut self) -> Option<&mut Line> {
        match self.row {
            Row::Place => Some(&mut self.place),
            Row::User => Some(&mut self.user),
            Row::From => None,
            Row::Secret => Some(&mut self.secret),
            Row::Name => Some(&mut self.name),
        }
    }

    /// The account as it is typed; `Err`: what is missing.
    pub fn account(&self) -> Result<(Account, Option<Password>), String> {
        let place = self.meant().ok_or("Say where it is first.")?;
        let typed = |line: &Line| Some(line.text().trim().to_owned()).filter(|text| !text.is_empty());
        let name = typed(&self.name).unwrap_or_else(|| place.name());
        let mut account = Account { name, ..Account::default() };
        let mut password = None;
        match place {
            Place::Folder(folder) => account.folder = Some(folder),
            Place::Server { url, user } => {
                account.url = Some(url);
                account.user = Some(typed(&self.user).or(user).ok_or("Say who logs in.")?);
                let text = self.secret.text();
                if text.trim().is_empty() {
                    let what = match self.from {
                        From::Typed => "Type the password.",
                        From::Command => "Type the command that prints the password.",
                        From::File => "Type the name of the file with the password.",
                        From::Env => "Type the name of the variable with the password.",
                    };
                    return Err(what.to_owned());
                }
                account.password = Some(match self.from {
                    From::Typed => {
                        password = Some(Password::new(text));
                        Secret::Prompt(true)
                    }
                    From::Command => {
                        Secret::Command(command_words(text).ok_or("The command has no end to a quote.".to_owned())?)
                    }
                    From::File => Secret::File(text.trim().into()),
                    From::Env => Secret::Env(text.trim().to_owned()),
                });
            }
        }
        account.check().map_err(|wrong| format!("{wrong}."))?;
        if let Stage::Books(books) = &self.stage
            && books.found.iter().any(|book| !book.is_list)
        {
            let wanted = books.found.iter().filter(|book| book.is_list);
            account.books = Some(wanted.map(|book| book.name.clone()).collect());
        }
        Ok((account, password))
    }

    /// Takes pasted text into the row under the cursor.
    pub fn paste(&mut self, text: &str) {
        if matches!(self.stage, Stage::Typing)
            && let Some(line) = self.line_mut()
        {
            line.paste(text);
        }
    }

    /// Takes a key that means `action` here.
    pub(in crate::tui) fn press(&mut self, key: Key, action: Option<Action>) -> Next {
        self.note = None;
        match &mut self.stage {
            Stage::Typing => self.press_typing(key, action),
            Stage::Looking(_) | Stage::Adding(..) if action == Some(Action::Back) => Next::Back,
            Stage::Looking(_) | Stage::Adding(..) => Next::Stay,
            Stage::Books(books) => {
                let last = books.found.len().saturating_sub(1);
                match action {
                    Some(Action::Back) => return Next::Back,
                    Some(Action::Up) => books.cursor = books.cursor.saturating_sub(1),
                    Some(Action::Down) => books.cursor = (books.cursor + 1).min(last),
                    Some(Action::Accept) if books.found.iter().any(|book| book.is_list) => match self.account() {
                        Ok((account, _)) => return Next::Add(Box::new(account)),
                        Err(note) => self.note = Some(note),
                    },
                    Some(Action::Accept) => self.note = Some("Take at least one of them.".to_owned()),
                    _ if key.typed() == Some(' ') => {
                        if let Some(book) = books.found.get_mut(books.cursor) {
                            book.is_list = !book.is_list;
                        }
                    }
                    _ => {}
                }
                Next::Stay
            }
        }
    }

    fn press_typing(&mut self, key: Key, action: Option<Action>) -> Next {
        let rows = self.rows();
        let at = rows.iter().position(|row| *row == self.row).unwrap_or(0);
        match action {
            Some(Action::Back) => return Next::Back,
            Some(Action::Down) => self.row = rows[(at + 1) % rows.len()],
            Some(Action::Up) => self.row = rows[(at + rows.len() - 1) % rows.len()],
            // Enter goes on through the form, and looks at its end, or where nothing is missing.
            Some(Action::Accept) => match self.account() {
                Ok((account, password)) => return Next::Look(Box::new(account), password),
                Err(_) if at + 1 < rows.len() && self.meant().is_some() => self.row = rows[at + 1],
                Err(note) => self.note = Some(note),
            },
            Some(Action::EditRight) if self.row == Row::From => self.from = self.from.turned(1),
            Some(Action::EditLeft) if self.row == Row::From => self.from = self.from.turned(3),
            _ if self.row == Row::From && key.typed() == Some(' ') => self.from = self.from.turned(1),
            _ => {
                if let Some(line) = self.line_mut() {
                    line.press(key, action);
                }
            }
        }
        Next::Stay
    }
}

impl Window for AccountForm {
    fn layer(&self) -> Layer {
        Layer::Save
    }
}
