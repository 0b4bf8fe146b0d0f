//! What faces ask for of accounts: which there are, one more, whether it works, what changed there, one less.

use std::collections::HashSet;

use super::super::error::{EngineError, ErrorKind, Result};
use super::super::state::Shared;
use super::super::{Cancel, Engine, index_sync};
use super::accounts::in_trouble;
use super::pull::{How, pull};
use crate::book::{BookError, LiveList};
use crate::domain::account::{Account, AccountKind, Password};
use crate::domain::contact::{List, ListId, ListKind};
use crate::engine::answer::{AccountAdded, AccountList, AccountView, Check, FoundList, PullAnswer};
use crate::remote::FoundBook;

impl Engine {
    /// Every account, with the lists that are its address books.
    pub fn accounts(&self) -> Result<Vec<AccountView>> {
        let live = self.shared.reader().live_lists()?;
        let sizes = self.shared.index().counts_by_list();
        let lists = self.shared.reader().lists()?;
        let list_of = |live: &LiveList| {
            let list = lists.iter().find(|list| list.id == live.list)?.clone();
            let contacts = sizes.get(&list.id).copied().unwrap_or(0);
            Some(AccountList { list, contacts, pulled: live.pulled })
        };
        let mut views: Vec<AccountView> = Vec::new();
        for account in self.shared.accounts.all() {
            let of = live.iter().filter(|live| is_of(live, &account.name));
            let lists = of.filter_map(list_of).collect();
            views.push(AccountView {
                place: account.place(),
                is_configured: true,
                is_asked_for: account.is_asked_for(),
                trouble: self.shared.accounts.trouble(&account.name),
                lists,
                name: account.name,
            });
        }
        // What is left of an account that somebody took out of the configuration.
        for live in &live {
            if views.iter().any(|view| is_of(live, &view.name)) {
                continue;
            }
            let of = || self.shared.reader().live_lists();
            let lists = of()?.iter().filter(|other| is_of(other, &live.account)).filter_map(list_of).collect();
            let (name, place, is_configured) = (live.account.clone(), String::new(), false);
            views.push(AccountView { name, place, is_configured, is_asked_for: false, trouble: None, lists });
        }
        Ok(views)
    }

    /// The address books that an account has, which need not be known yet: those that would become lists are marked.
    pub fn address_books(&self, account: &Account) -> Result<Vec<FoundList>> {
        account.check().map_err(|wrong| bad(&wrong.to_string()))?;
        let (books, wanted) = self.wanted_books(account)?;
        Ok(found(books, &wanted))
    }

    /// What tells of the live lists that are folders whether anything came, went or was replaced there: a number that
    /// changes then. It asks nobody, and a folder that isn't there has none.
    pub fn folder_marks(&self) -> Result<Vec<(ListId, u64)>> {
        let live = self.shared.reader().live_lists()?;
        let is_folder = |account: &Account| account.folder.is_some();
        let mut marks = Vec::new();
        for live in live {
            if !self.shared.accounts.get(&live.account).is_ok_and(|account| is_folder(&account)) {
                continue;
            }
            let mark = self.shared.accounts.remote(&live.account)?.open(&live.href).ok().and_then(|book| book.mark());
            marks.extend(mark.map(|mark| (live.list, mark)));
        }
        Ok(marks)
    }

    /// Keeps the password that somebody typed for an account, until the program ends.
    pub fn give_password(&self, account: &str, password: &Password) {
        self.shared.accounts.give(account, password);
    }

    /// Takes an account in: finds its address books, makes a list of each that is wanted, and reads their contacts.
    /// Where some can't be read yet, they are lists all the same, and a pull reads them.
    pub fn add_account(
        &self,
        account: &Account,
        cancel: &Cancel,
        tell: &mut dyn FnMut(u64, u64),
    ) -> Result<AccountAdded> {
        self.writable()?;
        self.wait_until_loaded()?;
        account.check().map_err(|wrong| bad(&wrong.to_string()))?;
        let known = self.shared.reader().live_lists()?;
        if known.iter().any(|live| is_of(live, &account.name)) {
            return Err(bad(&format!("there are lists of an account {} already", account.name))
                .hint(format!("cardfile account remove {} lets go of them", account.name)));
        }
        let (books, wanted) = self.wanted_books(account)?;
        self.shared.accounts.add(account)?;
        let made = self.make_lists(account, &wanted);
        let lists = match made {
            Ok(lists) => lists,
            Err(error) => {
                self.shared.accounts.remove(&account.name)?;
                return Err(error);
            }
        };
        let mut answer = PullAnswer::default();
        self.pull_lists(&lists, How { who: &self.who, believe: false, cancel }, tell, &mut answer);
        Ok(AccountAdded { books: found(books, &wanted), pulled: answer.whole()? })
    }

    /// The address books of an account, and those of them that are to be lists.
    fn wanted_books(&self, account: &Account) -> Result<(Vec<FoundBook>, Vec<FoundBook>)> {
        let remote = self.shared.accounts.connect(account)?;
        let books = remote.books().map_err(|trouble| in_trouble(&account.name, &trouble))?;
        let is_wanted = |book: &&FoundBook| account.wants(&book.name) || account.wants(&book.href);
        let wanted: Vec<FoundBook> = books.iter().filter(is_wanted).cloned().collect();
        if !wanted.is_empty() {
            return Ok((books, wanted));
        }
        let names: Vec<&str> = books.iter().map(|book| book.name.as_str()).collect();
        Err(bad(&match names.as_slice() {
            [] => format!("no address book was found at {}", account.place()),
            names => format!("{} has no such address book; it has: {}", account.name, names.join(", ")),
        }))
    }

    /// Makes a list of each book, and says where they live.
    fn make_lists(&self, account: &Account, books: &[FoundBook]) -> Result<Vec<LiveList>> {
        let kind = account.kind().map_err(|wrong| bad(&wrong.to_string()))?;
        let ids: HashSet<ListId> = self.shared.writer().write(|tx| {
            let mut ids = HashSet::new();
            for book in books {
                let kind = match kind {
                    _ if account.read_only || !book.is_writable => ListKind::Account,
                    AccountKind::Folder => ListKind::Folder,
                    AccountKind::CardDav | AccountKind::ContactsApi => ListKind::Remote,
                };
                let mut name = book.name.clone();
                if tx.list_named(&name)?.is_some() {
                    name = format!("{} ({})", book.name, account.name);
                }
                let id = tx.create_list(&name, kind)?;
                tx.link_list(id, &account.name, &book.href)?;
                ids.insert(id);
            }
            Ok::<_, BookError>(ids)
        })?;
        index_sync::sync(&self.shared)?;
        Ok(self.shared.reader().live_lists()?.into_iter().filter(|live| ids.contains(&live.list)).collect())
    }

    /// Whether an account works, step by step.
    pub fn check_account(&self, name: &str) -> Result<Vec<Check>> {
        let account = self.shared.accounts.get(name)?;
        let mut checks = vec![Check::fine("configuration", account.place())];
        let remote = match self.shared.accounts.connect(&account) {
            Ok(remote) => remote,
            Err(error) => {
                checks.push(Check::wrong("connection", error.message));
                return Ok(checks);
            }
        };
        let books = match remote.books() {
            Ok(books) => books,
            Err(trouble) => {
                checks.push(Check::wrong("address books", trouble.to_string()));
                return Ok(checks);
            }
        };
        let lists = self.lists_of(&account.name)?;
        for book in &books {
            let listing = remote.open(&book.href).and_then(|open| open.list(None));
            let cards = match listing {
                Ok(listing) => match listing.cards {
                    crate::remote::Cards::All(cards) => cards.len(),
                    crate::remote::Cards::Since { changed, .. } => changed.len(),
                },
                Err(trouble) => {
                    checks.push(Check::wrong(&book.name, trouble.to_string()));
                    continue;
                }
            };
            let rights = if book.is_writable { "can be changed" } else { "read only" };
            let list = lists.iter().any(|live| live.href == book.href);
            let list = if list { "" } else { "; no list here" };
            checks.push(Check::fine(&book.name, format!("{cards} cards, {rights}{list}")));
        }
        for live in lists.iter().filter(|live| !books.iter().any(|book| book.href == live.href)) {
            checks.push(Check::wrong(&live.href, "is not there any more".to_owned()));
        }
        Ok(checks)
    }

    /// Takes over what changed in an account, or in all of them; one that has no lists yet gets them. `believe` takes a
    /// listing over that lacks much. What fails in one list holds up no other.
    pub fn pull(
        &self,
        name: Option<&str>,
        believe: bool,
        cancel: &Cancel,
        tell: &mut dyn FnMut(u64, u64),
    ) -> Result<PullAnswer> {
        self.writable()?;
        self.wait_until_loaded()?;
        let accounts = match name {
            Some(name) => vec![self.shared.accounts.get(name)?],
            None => self.shared.accounts.all(),
        };
        let mut answer = PullAnswer::default();
        let how = How { who: &self.who, believe, cancel };
        for account in accounts {
            match self.lists_or_new(&account) {
                Ok(lists) => self.pull_lists(&lists, how, tell, &mut answer),
                Err(error) => {
                    self.shared.accounts.note(&account.name, Some(&error));
                    answer.failed.push((account.name, error));
                }
            }
        }
        Ok(answer)
    }

    /// The lists of an account; one that was written into the configuration by hand gets them.
    fn lists_or_new(&self, account: &Account) -> Result<Vec<LiveList>> {
        let lists = self.lists_of(&account.name)?;
        if lists.is_empty() { self.make_lists(account, &self.wanted_books(account)?.1) } else { Ok(lists) }
    }

    /// Takes over what changed in one live list.
    pub fn pull_list(&self, list: ListId, cancel: &Cancel, tell: &mut dyn FnMut(u64, u64)) -> Result<PullAnswer> {
        self.writable()?;
        self.wait_until_loaded()?;
        let live = self.shared.reader().live_lists()?.into_iter().find(|live| live.list == list);
        let live = live.ok_or_else(|| bad(&format!("list {list} is no live list")))?;
        let mut answer = PullAnswer::default();
        self.pull_lists(&[live], How { who: &self.who, believe: false, cancel }, tell, &mut answer);
        Ok(answer)
    }

    /// Pulls lists of one account, each by itself, and notes how it went; of several failures the first is told.
    fn pull_lists(&self, lists: &[LiveList], how: How<'_>, tell: &mut dyn FnMut(u64, u64), answer: &mut PullAnswer) {
        let mut failed = None;
        for live in lists {
            match pull(&self.shared, live, how, tell) {
                Ok(pulled) => answer.pulled.push(pulled),
                Err(error) => {
                    failed.get_or_insert(error);
                }
            }
        }
        if let Some(live) = lists.first() {
            let stopped = how.cancel.is_cancelled();
            if !stopped {
                self.shared.accounts.note(&live.account, failed.as_ref());
            }
            answer.failed.extend(failed.map(|error| (live.account.clone(), error)));
        }
    }

    /// Lets go of an account: its lists become ordinary ones with the contacts as they are known, and where they live
    /// nothing changes. False where the account still stands in the configuration.
    pub fn remove_account(&self, name: &str) -> Result<(Vec<List>, bool)> {
        self.writable()?;
        let lists = self.lists_of(name)?;
        let known = self.shared.accounts.get(name);
        if lists.is_empty() {
            known?;
        }
        let reader = self.shared.reader();
        for live in &lists {
            if reader.is_in_work(live.list)? {
                return Err(
                    bad(&format!("a job that has to do with {name} is not over")).hint("go on with it, or cancel it")
                );
            }
        }
        let names: Vec<List> =
            reader.lists()?.into_iter().filter(|it| lists.iter().any(|of| of.list == it.id)).collect();
        drop(reader);
        self.shared.writer().write(|tx| {
            for live in &lists {
                tx.unlink_list(live.list)?;
                tx.set_list_kind(live.list, ListKind::Standard)?;
            }
            Ok::<(), BookError>(())
        })?;
        index_sync::sync(&self.shared)?;
        let forgotten = self.shared.accounts.remove(name)?;
        Ok((names, forgotten))
    }

    fn lists_of(&self, account: &str) -> Result<Vec<LiveList>> {
        Ok(self.shared.reader().live_lists()?.into_iter().filter(|live| is_of(live, account)).collect())
    }
}

/// Where contacts of these lists live too, in words, with how many of them do.
pub(in crate::engine) fn also_there(shared: &Shared, by_list: &[(ListId, u64)]) -> Vec<(String, u64)> {
    // Without a word of where, a plan is as good: it is only said twice what happens.
    let live = shared.reader().live_lists().unwrap_or_default();
    let mut there: Vec<(String, u64)> = Vec::new();
    for (list, goes) in by_list {
        let Some(of) = live.iter().find(|live| live.list == *list) else { continue };
        let account = shared.accounts.get(&of.account);
        let place = account.map_or_else(|_| format!("in the account {}", of.account), |account| account.place_words());
        match there.iter_mut().find(|(known, _)| *known == place) {
            Some((_, n)) => *n += goes,
            None => there.push((place, *goes)),
        }
    }
    there
}

fn is_of(live: &LiveList, account: &str) -> bool {
    crate::domain::fold::fold_case(&live.account) == crate::domain::fold::fold_case(account)
}

fn found(books: Vec<FoundBook>, wanted: &[FoundBook]) -> Vec<FoundList> {
    let is_list = |book: &FoundBook| wanted.contains(book);
    books
        .into_iter()
        .map(|book| FoundList { is_list: is_list(&book), name: book.name, is_writable: book.is_writable })
        .collect()
}

fn bad(said: &str) -> EngineError {
    EngineError::new(ErrorKind::BadInput, format!("{said}; nothing was changed"))
}
