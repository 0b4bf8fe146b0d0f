//! Folders of vCards, and what is theirs alone; the promises of every kind are in the conformance suite.

use super::*;
use crate::remote::conformance::{Beneath, conformance};

struct AFolder {
    folder: tempfile::TempDir,
}

impl Default for AFolder {
    fn default() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }
}

impl Beneath for AFolder {
    fn book(&self) -> Box<dyn AddressBook> {
        Folders::new(self.folder.path().to_owned()).open(ITSELF).unwrap()
    }

    fn by_hand(&self, href: &str, card: Option<&[u8]>) {
        let path = self.folder.path().join(href);
        match card {
            Some(card) => {
                let new = self.folder.path().join("x.tmp");
                fs::write(&new, card).unwrap();
                fs::rename(new, path).unwrap();
            }
            None => fs::remove_file(path).unwrap(),
        }
    }
}

conformance!(AFolder);

#[test]
fn a_book_is_a_folder_with_cards_or_a_name_and_other_folders_are_none() {
    let root = tempfile::tempdir().unwrap();
    let folders = Folders::new(root.path().to_owned());
    let names = || folders.books().unwrap().into_iter().map(|book| book.name).collect::<Vec<_>>();
    assert_eq!(folders.books().unwrap().len(), 1, "an empty folder is a new book");
    for (book, file) in [("friends", "a.vcf"), ("work", "displayname"), ("photos", "a.jpg"), (".hidden", "b.vcf")] {
        fs::create_dir(root.path().join(book)).unwrap();
        fs::write(root.path().join(book).join(file), "Colleagues\nmore").unwrap();
    }
    fs::create_dir(root.path().join("new")).unwrap();
    assert_eq!(names(), ["friends", "new", "Colleagues"]);
    fs::write(root.path().join("own.vcf"), "x").unwrap();
    assert_eq!(folders.books().unwrap()[0].href, ITSELF);
    assert!(folders.open("../friends").is_err() && folders.open(".hidden").is_err() && folders.open("").is_err());
    let missing = Folders::new(root.path().join("missing")).books().unwrap_err();
    assert!(matches!(missing, Trouble::Unreachable(_)), "a folder that isn't there is no empty one: {missing:?}");
}

#[test]
fn what_is_no_card_is_not_listed_and_never_touched() {
    let folder = AFolder::default();
    for name in ["a.vcf", ".b.vcf", "c.vcf.tmp", "color", "displayname", ".props", "d.VCF", ".vcf"] {
        fs::write(folder.folder.path().join(name), "BEGIN:VCARD\r\nEND:VCARD\r\n").unwrap();
    }
    fs::create_dir(folder.folder.path().join("folder.vcf")).unwrap();
    let Cards::All(cards) = folder.book().list(None).unwrap().cards else { panic!("all of them") };
    assert_eq!(cards.iter().map(|card| card.href.as_str()).collect::<Vec<_>>(), ["a.vcf"]);
    for href in ["../a.vcf", "color", ".b.vcf", "", "x/a.vcf", "folder.vcf"] {
        let known = Known { href, etag: "", card: b"x" };
        let outcome = folder.book().delete(&known).unwrap();
        assert!(matches!(outcome, Outcome::Refused(_)), "{href:?}: {outcome:?}");
    }
    assert_eq!(fs::read_dir(folder.folder.path()).unwrap().count(), 9);
}

#[test]
fn a_card_that_a_killed_process_moved_aside_is_put_back() {
    let folder = AFolder::default();
    let path = folder.folder.path();
    fs::write(path.join(".cardfile-a.vcf.tmp"), "one").unwrap();
    let there = folder.book().settle(&["a.vcf".to_owned(), "b.vcf".to_owned()]).unwrap();
    assert_eq!(there[0].as_ref().map(|card| card.bytes.as_slice()), Some(b"one".as_slice()));
    assert_eq!(there[1], None);
    // Somebody else wrote the card anew: theirs is the card.
    fs::write(path.join(".cardfile-a.vcf.tmp"), "old").unwrap();
    fs::write(path.join("a.vcf"), "new").unwrap();
    let there = folder.book().settle(&["a.vcf".to_owned()]).unwrap();
    assert_eq!(there[0].as_ref().map(|card| card.bytes.as_slice()), Some(b"new".as_slice()));
    assert_eq!(fs::read_dir(path).unwrap().count(), 1);
}

#[test]
fn a_replaced_card_keeps_its_modes() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = AFolder::default();
    let path = folder.folder.path().join("a.vcf");
    fs::write(&path, "one").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let outcome = folder.book().put("a.vcf", When::Is("", b"one"), b"two").unwrap();
    assert!(matches!(outcome, Outcome::Done { etag: Some(_), .. }), "{outcome:?}");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn two_that_write_at_once_lose_no_card() {
    let folder = AFolder::default();
    let path = folder.folder.path().join("a.vcf");
    fs::write(&path, "0").unwrap();
    std::thread::scope(|threads| {
        // Whoever replaces a card does so only over the one that it has seen, so each number follows another.
        for _ in 0..2 {
            threads.spawn(|| {
                let mut done = 0;
                while done < 100 {
                    let before = fs::read_to_string(&path).unwrap();
                    let after = (before.parse::<u32>().unwrap() + 1).to_string();
                    let outcome =
                        folder.book().put("a.vcf", When::Is("", before.as_bytes()), after.as_bytes()).unwrap();
                    done += u32::from(matches!(outcome, Outcome::Done { .. }));
                }
            });
        }
    });
    assert_eq!(fs::read_to_string(&path).unwrap(), "200");
}
