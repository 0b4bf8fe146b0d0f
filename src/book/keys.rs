//! Keys of programs, and plans of programs that wait for a person's word. Called by the engine, which makes the
//! secrets; here lies only what a key hashes to.

use super::error::BookError;
use super::statement::Row;
use super::transaction::{Book, Tx};
use crate::domain::access_key::{AccessKey, Elevation};
use crate::domain::caller::Rights;
use crate::domain::contact::{ContactId, ListId, Timestamp};
use crate::domain::fold::fold_case;

/// A plan that waits until a person confirms it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedPlan {
    /// Its number.
    pub id: String,
    /// What was asked, in words.
    pub words: String,
    /// What would happen, a line each.
    pub summary: Vec<String>,
    /// The first of its contacts.
    pub contacts: Vec<ContactId>,
    /// How many contacts it would take.
    pub expected: u64,
    /// The program that made it.
    pub who: String,
    /// Until when it waits.
    pub expires: Timestamp,
    /// Who confirmed it; none: nobody yet.
    pub confirmed_by: Option<String>,
}

const KEY: &str = "SELECT name, scopes, lists, rate, created, expires, revoked, used, elevated, elevated_until, \
                   elevation_used FROM access_key";

impl Book {
    /// Every key, by name.
    pub fn access_keys(&self) -> Result<Vec<AccessKey>, BookError> {
        self.conn.prepare(&format!("{KEY} ORDER BY fold"))?.all((), key)
    }

    /// The key of this name, in any case.
    pub fn access_key(&self, name: &str) -> Result<Option<AccessKey>, BookError> {
        self.conn.prepare(&format!("{KEY} WHERE fold = ?1"))?.optional([&*fold_case(name)], key)
    }

    /// The key that hashes to this.
    pub fn access_key_of(&self, hash: &[u8; 32]) -> Result<Option<AccessKey>, BookError> {
        self.conn.prepare(&format!("{KEY} WHERE hash = ?1"))?.optional((hash,), key)
    }

    /// The plan of this number that waits, or was confirmed.
    pub fn asked_plan(&self, id: &str) -> Result<Option<AskedPlan>, BookError> {
        let mut statement = self.conn.prepare(
            "SELECT id, words, summary, contacts, expected, who, expires, confirmed_by FROM asked_plan WHERE id = ?1",
        )?;
        statement.optional([id], |row| {
            let contacts: String = row.get(3)?;
            Ok(AskedPlan {
                id: row.get(0)?,
                words: row.get(1)?,
                summary: row.get::<String>(2)?.lines().map(str::to_owned).collect(),
                contacts: contacts.split(',').filter_map(|id| id.parse().ok().map(ContactId)).collect(),
                expected: row.get::<i64>(4)?.unsigned_abs(),
                who: row.get(5)?,
                expires: Timestamp(row.get(6)?),
                confirmed_by: row.get(7)?,
            })
        })
    }
}

impl Tx<'_> {
    /// Adds a key; one of its name that was revoked makes room.
    pub fn add_access_key(&self, key: &AccessKey, hash: &[u8; 32]) -> Result<(), BookError> {
        let fold = fold_case(&key.name);
        let taken = self.access_key(&key.name)?.is_some_and(|known| known.revoked.is_none());
        if fold.is_empty() || taken {
            return Err(BookError::NameTaken(key.name.clone()));
        }
        self.conn.prepare("DELETE FROM access_key WHERE fold = ?1")?.execute([&*fold])?;
        let mut insert = self.conn.prepare(
            "INSERT INTO access_key (fold, name, hash, scopes, lists, rate, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        let lists = key.lists.iter().flatten().map(ToString::to_string).collect::<Vec<_>>().join(",");
        insert.execute((&*fold, key.name.trim(), hash, key.rights.words(), lists, key.rate, key.created.0))?;
        self.update_access_key(key)
    }

    /// Keeps what changes of a key in its life.
    pub fn update_access_key(&self, key: &AccessKey) -> Result<(), BookError> {
        let mut update = self.conn.prepare(
            "UPDATE access_key SET expires = ?2, revoked = ?3, used = ?4, elevated = ?5, elevated_until = ?6,
             elevation_used = ?7 WHERE fold = ?1",
        )?;
        let millis = |at: Option<Timestamp>| at.map(|at| at.0);
        let elevation = key.elevation;
        update.execute((
            &*fold_case(&key.name),
            millis(key.expires),
            millis(key.revoked),
            millis(key.used),
            elevation.map(|it| it.rights.words()).unwrap_or_default(),
            millis(elevation.map(|it| it.until)),
            elevation.is_some_and(|it| it.used),
        ))?;
        Ok(())
    }

    /// Gives a key another secret.
    pub fn set_access_key_hash(&self, name: &str, hash: &[u8; 32]) -> Result<(), BookError> {
        self.conn.prepare("UPDATE access_key SET hash = ?2 WHERE fold = ?1")?.execute((&*fold_case(name), hash))?;
        Ok(())
    }

    /// Keeps a plan until a person confirms it; those that waited too long go.
    pub fn ask_plan(&self, plan: &AskedPlan, now: Timestamp) -> Result<(), BookError> {
        self.conn.prepare("DELETE FROM asked_plan WHERE expires <= ?1")?.execute([now.0])?;
        let contacts = plan.contacts.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let mut insert = self.conn.prepare(
            "INSERT INTO asked_plan (id, words, summary, contacts, expected, who, expires)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        let summary = plan.summary.join("\n");
        let (expected, expires) = (i64::try_from(plan.expected).unwrap_or(i64::MAX), plan.expires.0);
        insert.execute((&plan.id, &plan.words, summary, contacts, expected, &plan.who, expires))?;
        Ok(())
    }

    /// Notes who confirmed a plan.
    pub fn confirm_asked_plan(&self, id: &str, who: &str) -> Result<(), BookError> {
        self.conn.prepare("UPDATE asked_plan SET confirmed_by = ?2 WHERE id = ?1")?.execute((id, who))?;
        Ok(())
    }

    /// Forgets a plan that waited.
    pub fn forget_asked_plan(&self, id: &str) -> Result<(), BookError> {
        self.conn.prepare("DELETE FROM asked_plan WHERE id = ?1")?.execute([id])?;
        Ok(())
    }

    /// Forgets every plan that waited: their words may name whom an erase is to remove.
    pub fn forget_asked_plans(&self) -> Result<(), BookError> {
        self.conn.prepare("DELETE FROM asked_plan")?.execute(())?;
        Ok(())
    }
}

fn key(row: Row<'_>) -> Result<AccessKey, BookError> {
    let rights = |words: String| {
        // A scope that this program doesn't know gives nothing here.
        words.split(',').filter_map(crate::domain::caller::Right::from_word).collect::<Rights>()
    };
    let time = |at: Option<i64>| at.map(Timestamp);
    let lists: String = row.get(2)?;
    let elevated = rights(row.get(8)?);
    let until: Option<i64> = row.get(9)?;
    let used: bool = row.get(10)?;
    Ok(AccessKey {
        name: row.get(0)?,
        rights: rights(row.get(1)?),
        lists: (!lists.is_empty()).then(|| lists.split(',').filter_map(|id| id.parse().ok().map(ListId)).collect()),
        rate: row.get(3)?,
        created: Timestamp(row.get(4)?),
        expires: time(row.get(5)?),
        revoked: time(row.get(6)?),
        used: time(row.get(7)?),
        elevation: until.map(|until| Elevation { rights: elevated, until: Timestamp(until), used }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::Mode;

    #[test]
    fn a_key_is_found_by_what_it_hashes_to_and_its_name_is_one_in_any_case() {
        let folder = tempfile::tempdir().unwrap();
        let mut book = Book::open(&folder.path().join("book.db"), Mode::ReadWrite).unwrap();
        let key = AccessKey {
            name: "Website".into(),
            rights: Rights::all(),
            lists: Some(vec![ListId(3), ListId(5)]),
            rate: Some(200),
            created: Timestamp(1),
            expires: Some(Timestamp(9)),
            elevation: Some(Elevation { rights: Rights::default(), until: Timestamp(4), used: true }),
            ..AccessKey::default()
        };
        book.write(|tx| tx.add_access_key(&key, &[7; 32])).unwrap();
        assert_eq!(book.access_key_of(&[7; 32]).unwrap(), Some(key.clone()));
        assert_eq!(book.access_key("WEBSITE").unwrap(), Some(key.clone()));
        assert_eq!(book.access_key_of(&[8; 32]).unwrap(), None);
        let again = AccessKey { name: "website".into(), ..key.clone() };
        assert!(matches!(book.write(|tx| tx.add_access_key(&again, &[8; 32])), Err(BookError::NameTaken(_))));
        let revoked = AccessKey { revoked: Some(Timestamp(5)), ..key };
        book.write(|tx| tx.update_access_key(&revoked)).unwrap();
        book.write(|tx| tx.add_access_key(&again, &[8; 32])).unwrap();
        assert_eq!(book.access_keys().unwrap(), [again]);
        book.write(|tx| tx.set_access_key_hash("Website", &[9; 32])).unwrap();
        assert_eq!(book.access_key_of(&[8; 32]).unwrap(), None);
    }

    #[test]
    fn a_plan_waits_for_a_word_until_it_is_too_old() {
        let folder = tempfile::tempdir().unwrap();
        let mut book = Book::open(&folder.path().join("book.db"), Mode::ReadWrite).unwrap();
        let plan = |id: &str, expires| AskedPlan {
            id: id.into(),
            words: "email ends with x".into(),
            summary: vec!["2 would go".into(), "1 would stay".into()],
            contacts: vec![ContactId(4), ContactId(9)],
            expected: 2,
            who: "agent".into(),
            expires: Timestamp(expires),
            confirmed_by: None,
        };
        book.write(|tx| tx.ask_plan(&plan("a", 10), Timestamp(1))).unwrap();
        assert_eq!(book.asked_plan("a").unwrap(), Some(plan("a", 10)));
        book.write(|tx| tx.confirm_asked_plan("a", "amber")).unwrap();
        assert_eq!(book.asked_plan("a").unwrap().unwrap().confirmed_by.as_deref(), Some("amber"));
        book.write(|tx| tx.ask_plan(&plan("b", 30), Timestamp(10))).unwrap();
        assert_eq!(book.asked_plan("a").unwrap(), None);
        book.write(|tx| tx.forget_asked_plans().map(|()| 7)).unwrap();
        assert_eq!(book.asked_plan("b").unwrap(), None);
    }
}
