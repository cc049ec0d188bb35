//! Seals over the change log: what is sealed cannot be altered unnoticed.
//!
//! From time to time the entries that have no seal yet get one together. A seal is a digest over the one before it and
//! over its entries: their place, record, moment, who and why, and the digest of what changed. Because only that digest
//! goes in, what an entry says can be blanked later (a person's data is erased) and the chain still holds.
//!
//! Where only a part of an entry is to go, what is left of it is vouched for by a later entry, that of the erasure, which is
//! sealed like any other. Whoever can write to the database can add such an entry as well: it stays in the chain from then
//! on, and a check names each and for how much it vouches, so that one that nobody meant is seen.
//!
//! Entries are sealed in the order in which they are seen, not in that of their places: on PostgreSQL a transaction that
//! began earlier may commit later, and its entries go under the next seal.

use model::{Actor, Id};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::canonical;
use crate::counters::space;
use crate::db::{DbError, LockKey, Param, Row, Sql, Tx};
use crate::error::Result;
use crate::params;
use crate::workspace::Workspace;

/// Entries under one seal at most: so few that whoever writes hardly waits for the turn.
pub const SEAL_BATCH: i64 = 100;

/// How far the log is sealed. Whoever keeps this elsewhere can prove that nothing before it was altered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// Number of the last seal, from 1.
    pub number: i64,
    /// Its digest, hexadecimal.
    pub digest: String,
}

/// An entry of the log as it goes under a seal.
pub(super) struct Entry {
    pub(super) sequence: i64,
    pub(super) seal: Option<i64>,
    pub(super) module: String,
    pub(super) record: Id,
    /// The digest of what changed, as it was when it was sealed or blanked.
    kept: Option<Vec<u8>>,
    /// What changed; empty where it was blanked.
    delta: Json,
    /// Everything else that goes under the seal.
    rest: Vec<u8>,
}

// Every entry has its set. The join is a left one so that no plan begins with the sets, whatever the statistics say: each
// seal would look through the whole log.
pub(super) const ENTRIES: &str = "select c.seq, c.seal, c.module, c.record, c.digest, c.delta, c.change_set, c.operation, \
     c.version, c.at, s.actor, s.source, s.reason, s.at, c.transition from changes c left join change_sets s on s.id = c.change_set ";

impl Entry {
    pub(super) fn read(row: &Row) -> Result<Self, DbError> {
        let mut rest = Vec::new();
        for value in [
            Param::from(row.int(0)?),
            row.text(2)?.into(),
            row.uuid(3)?.into(),
            row.uuid(6)?.into(),
            row.text(7)?.into(),
            row.int(8)?.into(),
            row.instant(9)?.into(),
            row.opt_uuid(10)?.into(),
            row.text(11)?.into(),
            row.opt_text(12)?.into(),
            row.instant(13)?.into(),
        ] {
            canonical::write(&value, &mut rest);
        }
        // What an older program sealed knew of no moves.
        if let Some(made) = row.opt_text(14)? {
            canonical::write(&made.into(), &mut rest);
        }
        Ok(Self {
            sequence: row.int(0)?,
            seal: row.opt_int(1)?,
            module: row.text(2)?,
            record: Id(row.uuid(3)?),
            kept: row.opt_bytes(4)?,
            delta: row.json(5)?,
            rest,
        })
    }

    /// The digest of what changed.
    fn digest(&self) -> Vec<u8> {
        match &self.kept {
            Some(kept) if self.is_blank() => kept.clone(),
            _ => digest(&self.delta),
        }
    }

    /// Whether what changed is no longer what was sealed.
    pub(super) fn is_altered(&self) -> bool {
        self.kept.as_ref().is_some_and(|kept| *kept != self.digest())
    }

    /// Whether it says nothing, and is known to have said something.
    pub(super) fn is_blank(&self) -> bool {
        is_blank(&self.delta, self.kept.as_deref())
    }

    /// Whether what it says now has this digest, hexadecimal.
    pub(super) fn says(&self, digest: &str) -> bool {
        data_encoding::HEXLOWER.encode(&self.digest()) == digest
    }
}

/// Whether an entry was blanked: it says nothing, and is known to have said something.
pub(crate) fn is_blank(delta: &Json, kept: Option<&[u8]>) -> bool {
    let is_empty = delta.as_object().is_some_and(serde_json::Map::is_empty);
    is_empty && kept.is_some_and(|kept| kept != digest(delta))
}

/// The digest of what an entry says.
pub(crate) fn digest(delta: &Json) -> Vec<u8> {
    Sha256::digest(canonical::json(delta)).to_vec()
}

/// A seal over `entries`, which are sorted by their place.
pub(super) fn seal(before: &[u8], number: i64, entries: &[Entry]) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(number.to_be_bytes());
    for entry in entries {
        // Both are of a length that the entry itself tells.
        hash.update((entry.rest.len() as u64).to_be_bytes());
        hash.update(&entry.rest);
        // What was noted when it was sealed: an alteration is found entry by entry.
        hash.update(entry.kept.clone().unwrap_or_else(|| entry.digest()));
    }
    hash.finalize().to_vec()
}

/// The last seal.
pub(super) fn head(tx: &mut Tx) -> Result<Option<Chain>, DbError> {
    Ok(last(tx)?.map(|(number, digest)| Chain { number, digest: data_encoding::HEXLOWER.encode(&digest) }))
}

fn last(tx: &mut Tx) -> Result<Option<(i64, Vec<u8>)>, DbError> {
    let row = tx.opt(&Sql::new("select number, digest from seals order by number desc limit 1"))?;
    row.map(|row| Ok((row.int(0)?, row.bytes(1)?))).transpose()
}

impl Workspace {
    /// Seals the next entries of the log; answers how many, at most [`SEAL_BATCH`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn seal_log(&self) -> Result<usize> {
        let now = self.clock().clone();
        self.db().write(move |tx| Ok(seal_next(tx, now.now())?)).await
    }

    /// How far the log is sealed.
    ///
    /// # Errors
    /// When the database fails.
    pub fn chain(&self) -> Result<Option<Chain>> {
        self.read_blocking(Actor::System("seal"), |work| Ok(head(work.tx)?))
    }
}

fn seal_next(tx: &mut Tx, now: jiff::Timestamp) -> Result<usize, DbError> {
    // One after the other, also with many nodes.
    tx.lock(&[LockKey::new(space::WORKSPACE, "seal")])?;
    // In the order of the index that knows what has no seal: by place alone all that is sealed would be looked through.
    let sql = Sql::new(ENTRIES).push("where c.seal is null order by c.seal, c.seq").limit(SEAL_BATCH);
    let mut entries = tx.query(&sql)?.iter().map(Entry::read).collect::<Result<Vec<_>, _>>()?;
    if entries.is_empty() {
        return Ok(0);
    }
    let (number, before) = last(tx)?.map_or((1, Vec::new()), |(number, digest)| (number + 1, digest));
    entries.iter_mut().for_each(|entry| entry.kept = Some(entry.digest()));
    let digest = seal(&before, number, &entries);
    let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    tx.execute(&Sql::with(
        "insert into seals (number, at, entries, digest) values ($1, $2, $3, $4)",
        params![number, now, count, digest],
    ))?;
    let rows = entries.iter().map(|entry| params![number, entry.kept.clone(), entry.sequence]);
    tx.execute_many("update changes set seal = $1, digest = $2 where seq = $3", rows.collect::<Vec<_>>())?;
    Ok(entries.len())
}
