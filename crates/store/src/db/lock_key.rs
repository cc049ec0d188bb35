//! Names of the things that transactions take turns on.

use sha2::{Digest, Sha256};

/// The low bits that hold the hash; the eight above hold the space.
const HASH_BITS: u64 = (1 << 56) - 1;

/// A thing to be locked for the rest of a transaction. Keys sort by space first, so that the number of a space is its
/// place in the order in which locks are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LockKey {
    space: u8,
    hash: u64,
}

impl LockKey {
    /// The key of something named by text or by the bytes of its id, within a space (identities, events, orders …).
    pub fn new(space: u8, name: impl AsRef<[u8]>) -> Self {
        Self { space, hash: short_hash(name.as_ref()) }
    }

    /// The number that stands for the key in a database; advisory locks know no schema, so the schema goes in.
    pub(super) fn number(self, schema: &str) -> i64 {
        let hash = self.hash ^ short_hash(schema.as_bytes());
        (u64::from(self.space) << 56 | hash).cast_signed()
    }
}

fn short_hash(bytes: &[u8]) -> u64 {
    let digest = Sha256::digest(bytes);
    digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte)) & HASH_BITS
}
