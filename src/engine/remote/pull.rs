//! What changed where a live list's contacts live comes here.
//!
//! What is listed is held against what is known; what is new there is read and taken in, a batch a transaction; what
//! went there goes to the trash here, with its bytes, so that even that can be taken back. A listing that is empty, or
//! lacks so much that it looks like an accident, is not believed but told. The token of a listing is kept last: a pull
//! that ends in the middle is done again.

use std::collections::{HashMap, HashSet};

use super::super::error::{Code, EngineError, Result};
use super::super::index_sync;
use super::super::state::Shared;
use super::accounts::in_trouble;
use super::card::{fresh, kept, read, renewed};
use crate::book::{Book, BookError, Durability, LiveList, RemoteRow, Start, Tx};
use crate::domain::contact::{Contact, ContactId, JobId, ListId, Timestamp};
use crate::domain::display::{contacts, thousands};
use crate::engine::Cancel;
use crate::engine::answer::Pulled;
use crate::engine::jobs;
use crate::remote::{Card, Cards, Listed};

/// Cards that are asked for, and taken in, at once.
const BATCH: usize = 100;
/// A listing may lack so many cards, or a third of them, before it is asked about.
const MAY_LACK: usize = 20;

/// Who pulls, and whether a listing that looks like an accident is believed.
#[derive(Debug, Clone, Copy)]
pub(super) struct How<'a> {
    pub(super) who: &'a str,
    pub(super) believe: bool,
    /// Whoever waits for it may have enough of it.
    pub(super) cancel: &'a Cancel,
}

/// What is to be done after a listing was held against what is known.
#[derive(Debug, Default)]
struct Difference {
    /// What has to be read.
    changed: Vec<Listed>,
    /// What went.
    gone: Vec<RemoteRow>,
}

/// Brings live lists in step; an error of one of them ends it.
pub(in crate::engine) fn in_step(shared: &Shared, who: &str, lists: &HashSet<ListId>) -> Result<()> {
    let live: Vec<LiveList> = shared.reader().live_lists()?;
    for list in live.iter().filter(|live| lists.contains(&live.list)) {
        let pulled = pull(shared, list, How { who, believe: false, cancel: &Cancel::new() }, &mut |_, _| ());
        shared.accounts.note(&list.account, pulled.as_ref().err());
        pulled?;
    }
    Ok(())
}

/// The live lists that the contacts of a job are in.
pub(in crate::engine) fn lists_of_job(shared: &Shared, job: JobId) -> Result<HashSet<ListId>> {
    let reader = shared.reader();
    let live: HashSet<ListId> = reader.live_lists()?.into_iter().map(|live| live.list).collect();
    if live.is_empty() {
        return Ok(live);
    }
    let total = reader.job(job)?.map_or(0, |job| job.progress.total);
    let mut found = HashSet::new();
    for from in (0..total).step_by(PAGE as usize) {
        let items = reader.plan_items(job, from..total.min(from + PAGE))?;
        let ids: Vec<ContactId> = items.iter().map(|item| item.id).collect();
        found.extend(reader.lists_of(&ids)?.into_iter().filter(|list| live.contains(list)));
        if found.len() == live.len() {
            break;
        }
    }
    Ok(found)
}

/// Contacts of a plan that are looked at at once.
const PAGE: u64 = 1_000;

/// Brings one list in step; `tell` hears how many cards of how many are read.
pub(super) fn pull(shared: &Shared, live: &LiveList, how: How<'_>, tell: &mut dyn FnMut(u64, u64)) -> Result<Pulled> {
    let remote = shared.accounts.remote(&live.account)?;
    let trouble = |trouble| in_trouble(&live.account, &trouble);
    let book = remote.open(&live.href).map_err(trouble)?;
    // Before it is listed: what comes and goes meanwhile is nothing that the listing could know.
    let known = shared.reader().remote_rows(live.list)?;
    let listing = book.list(live.token.as_deref()).map_err(trouble)?;
    let in_work = shared.reader().hrefs_in_work(live.list)?;
    let known_there = known.iter().filter(|row| row.is_there).count();
    let rows: HashMap<String, RemoteRow> = known.iter().map(|row| (row.href.clone(), row.clone())).collect();
    let Difference { changed, gone } = difference(known, &in_work, listing.cards);
    let lacks_much = gone.len() > MAY_LACK && gone.len() * 3 > known_there;
    let lacks_all = !gone.is_empty() && gone.len() == known_there;
    if (lacks_much || lacks_all) && !how.believe {
        return Err(unbelievable(live, known_there, gone.len()));
    }
    let mut pulled = Pulled { list: live.list, ..Pulled::default() };
    let mut ids = Vec::new();
    let mut back = Vec::new();
    for (at, batch) in changed.chunks(BATCH).enumerate() {
        tell((at * BATCH) as u64, changed.len() as u64);
        if how.cancel.is_cancelled() || shared.is_closing() {
            let said = format!("{}: stopped; what was read before is taken over", live.account);
            return Err(EngineError::of(Code::Cancelled, said));
        }
        let cards = book.fetch(batch).map_err(trouble)?;
        let now = shared.options.clock.now();
        let taken = shared.writer().write(|tx| take_in(tx, live, &rows, cards, now))?;
        pulled.added += taken.added;
        pulled.changed += taken.changed;
        ids.extend(taken.ids);
        back.extend(taken.back);
        index_sync::sync(shared)?;
    }
    settle_up(shared, live, how, &gone, &back, ids, &mut pulled, listing.token.as_deref())?;
    pulled.cards = shared.reader().remote_rows(live.list)?.iter().filter(|row| row.is_there).count() as u64;
    pulled.no_contacts = shared.reader().cards_without_contact(live.list)?;
    index_sync::sync(shared)?;
    Ok(pulled)
}

/// What a listing says that isn't known. What a job has to do with is left to the job.
fn difference(known: Vec<RemoteRow>, in_work: &HashSet<String>, cards: Cards) -> Difference {
    let mut rows: HashMap<String, RemoteRow> = known.into_iter().map(|row| (row.href.clone(), row)).collect();
    let mut difference = Difference::default();
    let is_news = |row: Option<&RemoteRow>, listed: &Listed| {
        row.is_none_or(|row| !row.is_there || row.etag.is_empty() || row.etag != listed.etag)
    };
    let see = |listed: Listed, row: Option<&RemoteRow>, changed: &mut Vec<Listed>| {
        if !in_work.contains(&listed.href) && is_news(row, &listed) {
            changed.push(listed);
        }
    };
    match cards {
        Cards::All(listed) => {
            for card in listed {
                let row = rows.remove(&card.href);
                see(card, row.as_ref(), &mut difference.changed);
            }
            difference.gone = rows.into_values().collect();
        }
        Cards::Since { changed, gone } => {
            for card in changed {
                let row = rows.get(&card.href);
                see(card, row, &mut difference.changed);
            }
            difference.gone = gone.iter().filter_map(|href| rows.remove(href)).collect();
            // What was put there by us has to be read again, whether it is told of or not.
            let told: HashSet<String> = difference.changed.iter().map(|card| card.href.clone()).collect();
            let unread = rows.into_values().filter(|row| row.is_there && row.etag.is_empty());
            let unread = unread.filter(|row| !told.contains(&row.href) && !in_work.contains(&row.href));
            difference.changed.extend(unread.map(|row| Listed { href: row.href, etag: String::new(), length: None }));
        }
    }
    difference.gone.retain(|row| row.is_there && !in_work.contains(&row.href));
    difference.gone.sort_by(|a, b| a.href.cmp(&b.href));
    difference
}

/// What a batch came to.
#[derive(Debug, Default)]
struct Taken {
    added: u64,
    changed: u64,
    ids: Vec<ContactId>,
    /// Cards of contacts that are in the trash here, and are there again.
    back: Vec<(ContactId, Card)>,
}

/// Takes cards in as they are there now. What a job has done to a card since the listing is newer than what was read:
/// such a card is left to the next pull.
fn take_in(
    tx: &Tx<'_>,
    live: &LiveList,
    known: &HashMap<String, RemoteRow>,
    mut cards: Vec<Card>,
    now: Timestamp,
) -> std::result::Result<Taken, BookError> {
    let mut taken = Taken::default();
    let (rows, in_work) = (rows_of(tx, live.list, &cards)?, tx.hrefs_in_work(live.list)?);
    cards.retain(|card| rows.get(&card.href) == known.get(&card.href) && !in_work.contains(&card.href));
    let contacts_of: HashMap<String, ContactId> =
        rows.into_iter().filter_map(|(href, row)| Some((href, row.contact?))).collect();
    let ids: Vec<ContactId> = contacts_of.values().copied().collect();
    let trashed = tx.trashed(&ids)?;
    let known: HashMap<ContactId, Contact> = tx.contacts(ids)?.into_iter().map(|it| (it.id, it)).collect();
    let mut added: Vec<Contact> = Vec::new();
    let mut their_cards: Vec<Card> = Vec::new();
    for card in cards {
        let contact = contacts_of.get(&card.href).and_then(|id| known.get(id));
        match (contact, read(&card)) {
            (Some(contact), _) if trashed.contains_key(&contact.id) => taken.back.push((contact.id, card)),
            (Some(contact), Some(read)) => {
                tx.keep_card(&kept(&card, live.list, Some(contact.id)))?;
                if let Some(renewed) = renewed(read, contact, now) {
                    tx.update_contact(&renewed, contact.revision)?;
                    taken.changed += 1;
                    taken.ids.push(contact.id);
                }
            }
            // A card that can't be read any more: the contact stays as it was known, and the card as it is there.
            (Some(contact), None) => tx.keep_card(&kept(&card, live.list, Some(contact.id)))?,
            (None, Some(read)) => {
                added.push(fresh(read, live.list, &live.account, now));
                their_cards.push(card);
            }
            (None, None) => tx.keep_card(&kept(&card, live.list, None))?,
        }
    }
    tx.add_contacts(&mut added)?;
    for (contact, card) in added.iter().zip(&their_cards) {
        tx.keep_card(&kept(card, live.list, Some(contact.id)))?;
        taken.ids.push(contact.id);
    }
    taken.added = added.len() as u64;
    Ok(taken)
}

/// What is known of these cards, by href.
fn rows_of(book: &Book, list: ListId, cards: &[Card]) -> std::result::Result<HashMap<String, RemoteRow>, BookError> {
    let hrefs: HashSet<&str> = cards.iter().map(|card| card.href.as_str()).collect();
    let rows = book.remote_rows(list)?.into_iter().filter(|row| hrefs.contains(row.href.as_str()));
    Ok(rows.map(|row| (row.href.clone(), row)).collect())
}

/// What went goes to the trash, what is back comes out of it, and the whole pull stands in the history if it
/// changed anything; the token last.
#[expect(clippy::too_many_arguments, reason = "the parts of one pull, put together once")]
fn settle_up(
    shared: &Shared,
    live: &LiveList,
    how: How<'_>,
    gone: &[RemoteRow],
    back: &[(ContactId, Card)],
    mut ids: Vec<ContactId>,
    pulled: &mut Pulled,
    token: Option<&str>,
) -> Result<()> {
    let now = shared.options.clock.now();
    let (went, returned, job) = shared.writer().write_with(Durability::Power, |tx| {
        let (rows, in_work) = (tx.remote_rows(live.list)?, tx.hrefs_in_work(live.list)?);
        let rows: HashMap<&str, &RemoteRow> = rows.iter().map(|row| (row.href.as_str(), row)).collect();
        // What a job has put there since the listing isn't gone.
        let is_as_known = |row: &&RemoteRow| rows.get(row.href.as_str()) == Some(row) && !in_work.contains(&row.href);
        let gone: Vec<&RemoteRow> = gone.iter().filter(is_as_known).collect();
        let candidates: Vec<ContactId> = gone.iter().filter_map(|row| row.contact).collect();
        let trashed = tx.trashed(&candidates)?;
        for row in gone.iter().filter(|row| row.contact.is_none()) {
            tx.forget_card(live.list, &row.href)?;
        }
        tx.cards_went(&candidates)?;
        let went: Vec<ContactId> = candidates.into_iter().filter(|id| !trashed.contains_key(id)).collect();
        let in_trash = tx.trashed(&back.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
        ids.extend(&went);
        ids.extend(in_trash.keys());
        let mut job = None;
        if !ids.is_empty() {
            let words = words(live, pulled, went.len() as u64, in_trash.len() as u64);
            job = Some(jobs::pull_at_once(tx, &words, &Start::by(how.who, now), &ids, |job| {
                tx.put_in_trash(&went, job)?;
                for (id, by) in &in_trash {
                    tx.take_out_of_trash(&[*id], *by)?;
                    tx.count_restored(*by, 1, job)?;
                }
                tx.tell_trash(went.iter().chain(in_trash.keys()))
            })?);
        }
        for (id, card) in back {
            tx.keep_card(&kept(card, live.list, Some(*id)))?;
            let known = tx.contact(*id)?;
            if let Some((read, known)) = read(card).zip(known)
                && let Some(renewed) = renewed(read, &known, now)
            {
                tx.update_contact(&renewed, known.revision)?;
            }
        }
        tx.set_pulled(live.list, token, now)?;
        Ok::<_, BookError>((went.len() as u64, in_trash.len() as u64, job))
    })?;
    (pulled.gone, pulled.back, pulled.job) = (went, returned, job);
    Ok(())
}

fn words(live: &LiveList, pulled: &Pulled, went: u64, back: u64) -> String {
    let counts =
        [(pulled.added, "added"), (pulled.changed, "changed"), (went, "deleted elsewhere"), (back, "back again")];
    let said: Vec<String> =
        counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", thousands(*n))).collect();
    format!("{}: {}", live.account, said.join(", "))
}

fn unbelievable(live: &LiveList, known: usize, gone: usize) -> EngineError {
    let listed = thousands((known - gone) as u64);
    let said = format!(
        "{} lists {listed} of the {} that are known; that may be an accident there, so nothing was changed here",
        live.account,
        contacts(known as u64)
    );
    EngineError::of(Code::ListingLacks { account: live.account.clone(), gone: gone as u64 }, said)
}
