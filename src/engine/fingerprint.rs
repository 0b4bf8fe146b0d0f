//! A plan's fingerprint: one number for everything in it that decides what is deleted.
//!
//! Called where a plan is started, saved and read back. It stands in the audit log and in a saved plan, so
//! that the two can be held against each other.

use crate::domain::plans::{Decisive, Item, Planned};

/// The fingerprint of a plan of this book, of whatever kind, as hexadecimal digits (BLAKE3).
pub fn of(plan: &(impl Planned + ?Sized), book: &str) -> String {
    let Decisive { kind, texts, bytes } = plan.decisive();
    let mut hasher = blake3::Hasher::new();
    for text in [kind, book].into_iter().chain(texts) {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.update(&bytes);
    put_all(&mut hasher, plan.items());
    hasher.finalize().to_hex().to_string()
}

/// In pieces, so that a million contacts are hashed fast and need no memory.
fn put_all(hasher: &mut blake3::Hasher, items: &[Item]) {
    let mut piece = Vec::with_capacity(13 * PIECE);
    for items in items.chunks(PIECE) {
        piece.clear();
        for item in items {
            put(&mut piece, item);
        }
        hasher.update(&piece);
    }
}

/// Contacts that are hashed at once.
const PIECE: usize = 4_096;

fn put(bytes: &mut Vec<u8>, item: &Item) {
    bytes.extend_from_slice(&item.id.0.to_le_bytes());
    bytes.extend_from_slice(&item.revision.to_le_bytes());
    bytes.push(item.refusal.map_or(0, |refusal| refusal as u8));
}
