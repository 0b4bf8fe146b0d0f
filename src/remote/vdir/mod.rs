//! A folder of vCards, as khard and vdirsyncer share it (a vdir): every file that ends in `.vcf` is a card, each
//! folder a book.
//!
//! Files whose names begin with a dot, or end in `.tmp`, are nobody's cards; `displayname` names a book; `color`,
//! `.props` and whatever else lies there is left alone. A card's tag is its file's time, number and length, which
//! tells what to read; whether a card still is as it is known is decided by its bytes alone, after the file was
//! moved out of everybody's reach. So a program that writes at the same moment loses nothing: see [`files`].

mod files;

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::seam::{AddressBook, Card, Cards, FoundBook, Known, Listed, Listing, Outcome, Remote, Trouble, When};
use files::Moved;

/// The book that is the account's own folder.
const ITSELF: &str = ".";
/// The longest name of a book that is read.
const NAME: usize = 200;

/// A folder of vCards, or of such folders.
#[derive(Debug)]
pub(super) struct Folders {
    root: PathBuf,
}

/// One folder of vCards.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
}

impl Folders {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root }
    }
}

impl Remote for Folders {
    fn books(&self) -> Result<Vec<FoundBook>, Trouble> {
        let mut books = Vec::new();
        if looks_like_a_book(&self.root)? != Looks::Other {
            books.push(found(ITSELF, &self.root));
        }
        for entry in read_folder(&self.root)? {
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
            let is_book = entry.path().is_dir() && looks_like_a_book(&entry.path())? != Looks::Other;
            if is_book {
                books.push(found(name, &entry.path()));
            }
        }
        // An empty folder is one new book; a folder of books alone is none itself.
        if books.len() > 1 && looks_like_a_book(&self.root)? == Looks::Empty {
            books.retain(|book| book.href != ITSELF);
        }
        books.sort_by(|a, b| a.href.cmp(&b.href));
        Ok(books)
    }

    fn open(&self, book: &str) -> Result<Box<dyn AddressBook>, Trouble> {
        let is_plain = !book.is_empty() && !book.starts_with('.') && !book.contains(['/', '\0']);
        let path = match book {
            ITSELF => self.root.clone(),
            name if is_plain => self.root.join(name),
            name => return Err(Trouble::Setup(format!("{name:?} is no folder of {}", self.root.display()))),
        };
        Ok(Box::new(Folder { path }))
    }
}

/// What a folder looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Looks {
    /// It holds cards, or says what it is.
    Book,
    /// Nothing lies in it but what begins with a dot, and folders.
    Empty,
    /// It holds other files.
    Other,
}

fn looks_like_a_book(path: &Path) -> Result<Looks, Trouble> {
    let mut files = false;
    for entry in read_folder(path)? {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if is_card(&name) || matches!(&*name, "displayname" | "color" | ".props" | ".Radicale.props") {
            return Ok(Looks::Book);
        }
        files |= !name.starts_with('.') && !entry.path().is_dir();
    }
    Ok(if files { Looks::Other } else { Looks::Empty })
}

fn found(href: &str, path: &Path) -> FoundBook {
    let own = fs::read_to_string(path.join("displayname")).unwrap_or_default();
    let own: String = own.lines().next().unwrap_or_default().trim().chars().take(NAME).collect();
    let folder = || path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = if own.is_empty() { folder().unwrap_or_else(|| href.to_owned()) } else { own };
    // A folder may be readable alone.
    let is_writable = rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok();
    FoundBook { href: href.to_owned(), name, is_writable }
}

fn read_folder(path: &Path) -> Result<Vec<fs::DirEntry>, Trouble> {
    let entries = fs::read_dir(path).map_err(|why| unreadable(path, &why))?;
    entries.collect::<io::Result<Vec<_>>>().map_err(|why| unreadable(path, &why))
}

fn unreadable(path: &Path, why: &io::Error) -> Trouble {
    Trouble::Unreachable(format!("the folder {} can't be read ({why})", path.display()))
}

/// Whether a file of this name is a card.
fn is_card(name: &str) -> bool {
    // As those who share such folders tell them: in this case alone.
    !name.starts_with('.') && name.strip_suffix(".vcf").is_some_and(|name| !name.is_empty())
}

/// The tag of a file.
fn tag(meta: &fs::Metadata) -> String {
    let at = i128::from(meta.mtime()) * 1_000_000_000 + i128::from(meta.mtime_nsec());
    format!("{at};{};{}", meta.ino(), meta.len())
}

impl Folder {
    /// The file of a card, or why there can't be such a one: an href is one name in this folder, nothing else.
    fn file(&self, href: &str) -> Result<PathBuf, String> {
        if is_card(href) && !href.contains(['/', '\0']) {
            Ok(self.path.join(href))
        } else {
            Err(format!("{href:?} is no name of a card"))
        }
    }

    /// The card in a file, with a tag that is the bytes' own: a file that is written while it is read is read again.
    fn card(&self, href: &str) -> io::Result<Option<Card>> {
        let Ok(path) = self.file(href) else { return Ok(None) };
        for _ in 0..READS {
            let read = fs::File::open(&path).and_then(|mut file| {
                let before = file.metadata()?;
                if !before.is_file() {
                    return Err(io::Error::other("it is no file"));
                }
                let mut bytes = Vec::new();
                io::Read::read_to_end(&mut file, &mut bytes)?;
                Ok((tag(&before), tag(&file.metadata()?), bytes))
            });
            match read {
                Ok((before, after, bytes)) if before == after => {
                    return Ok(Some(Card { href: href.to_owned(), etag: after, bytes, is_verbatim: true }));
                }
                Ok(_) => {}
                Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(why) => return Err(why),
            }
        }
        Err(io::Error::other("it is being written all the time"))
    }

    fn unreadable_card(&self, href: &str, why: &io::Error) -> Trouble {
        Trouble::Unreachable(format!("{} can't be read ({why})", self.path.join(href).display()))
    }
}

/// How often a file is read that is written meanwhile.
const READS: usize = 20;

impl AddressBook for Folder {
    fn list(&self, _since: Option<&str>) -> Result<Listing, Trouble> {
        let mut cards = Vec::new();
        for entry in read_folder(&self.path)? {
            let name = entry.file_name();
            // A name that is no text can't be kept as one, and nobody writes such.
            let Some(href) = name.to_str().filter(|name| is_card(name)) else { continue };
            match fs::metadata(entry.path()) {
                Ok(meta) if meta.is_file() => {
                    cards.push(Listed { href: href.to_owned(), etag: tag(&meta), length: Some(meta.len()) });
                }
                Ok(_) => {}
                // It went between the two questions.
                Err(why) if why.kind() == io::ErrorKind::NotFound => {}
                Err(why) => return Err(self.unreadable_card(href, &why)),
            }
        }
        cards.sort_by(|a, b| a.href.cmp(&b.href));
        Ok(Listing { cards: Cards::All(cards), token: None })
    }

    fn fetch(&self, cards: &[Listed]) -> Result<Vec<Card>, Trouble> {
        let read = |listed: &Listed| self.card(&listed.href).map_err(|why| self.unreadable_card(&listed.href, &why));
        cards.iter().filter_map(|listed| read(listed).transpose()).collect()
    }

    fn delete(&self, known: &Known<'_>) -> Result<Outcome, Trouble> {
        let path = match self.file(known.href) {
            Ok(path) => path,
            Err(why) => return Ok(Outcome::Refused(why)),
        };
        // Looked at first, so that a card that is another one is not even touched.
        match self.card(known.href) {
            Ok(None) => return Ok(Outcome::Gone),
            Ok(Some(card)) if card.bytes != known.card => return Ok(Outcome::Changed),
            Ok(Some(_)) => {}
            Err(why) => return Ok(Outcome::Refused(format!("the file can't be read ({why})"))),
        }
        Ok(match files::remove(&self.path, &path, known.card) {
            Ok(Moved::Done) => Outcome::done(),
            Ok(Moved::Gone) => Outcome::Gone,
            Ok(Moved::Other) => Outcome::Changed,
            Err(why) => refused(&why),
        })
    }

    fn put(&self, href: &str, when: When<'_>, card: &[u8]) -> Result<Outcome, Trouble> {
        let path = match self.file(href) {
            Ok(path) => path,
            Err(why) => return Ok(Outcome::Refused(why)),
        };
        let put = match when {
            When::Absent => files::create(&self.path, &path, card),
            When::Is(_, before) => match self.card(href) {
                Ok(None) => return Ok(Outcome::Gone),
                Ok(Some(there)) if there.bytes != before => return Ok(Outcome::Changed),
                Ok(Some(_)) => files::replace(&self.path, &path, before, card),
                Err(why) => return Ok(Outcome::Refused(format!("the file can't be read ({why})"))),
            },
        };
        Ok(match put {
            Ok(Moved::Done) => {
                let etag = fs::metadata(&path).ok().map(|meta| tag(&meta));
                Outcome::Done { etag, href: None }
            }
            Ok(Moved::Gone) => Outcome::Gone,
            Ok(Moved::Other) => Outcome::Changed,
            Err(why) if why.kind() == io::ErrorKind::StorageFull => {
                return Err(Trouble::Full(format!("there is no room in {}", self.path.display())));
            }
            Err(why) => refused(&why),
        })
    }

    fn settle(&self, hrefs: &[String]) -> Result<Vec<Option<Card>>, Trouble> {
        let settle = |href: &String| {
            if let Ok(path) = self.file(href) {
                files::put_back(&self.path, &path).map_err(|why| self.unreadable_card(href, &why))?;
            }
            self.card(href).map_err(|why| self.unreadable_card(href, &why))
        };
        hrefs.iter().map(settle).collect()
    }

    fn href_of(&self, name: &str) -> String {
        let safe: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
        format!("{}.vcf", safe.trim_start_matches('_'))
    }

    /// When the folder itself was changed: whoever replaces files whole, as all do who share such folders, changes it.
    fn mark(&self) -> Option<u64> {
        let meta = fs::metadata(&self.path).ok()?;
        Some((meta.mtime() as u64).wrapping_mul(1_000_000_000).wrapping_add(meta.mtime_nsec() as u64))
    }

    fn connections(&self) -> usize {
        1
    }
}

fn refused(why: &io::Error) -> Outcome {
    Outcome::Refused(format!("the file can't be written ({why})"))
}

#[cfg(test)]
mod tests;
