//! How many rows a table has and the digest of them all: what two copies of one table agree in.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

use super::Result;
use super::canonical;
use super::catalog::Table;
use crate::db::{Param, Tx};

/// The sums of tables by name.
pub type Sums = BTreeMap<String, TableSum>;

/// Rows of a table. The digest is the sum of the rows' SHA-256 as numbers, so that it does not matter in which order a
/// database gives them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSum {
    /// How many.
    pub rows: u64,
    digest: Total,
}

/// Four numbers of 64 bits, each a sum modulo 2⁶⁴.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Total([u64; 4]);

impl TableSum {
    /// Counts a row.
    pub(super) fn add(&mut self, row: &[Param]) {
        let mut bytes = Vec::new();
        row.iter().for_each(|value| canonical::write(value, &mut bytes));
        let digest = Sha256::digest(&bytes);
        for (total, part) in self.digest.0.iter_mut().zip(digest.as_chunks::<8>().0) {
            *total = total.wrapping_add(u64::from_be_bytes(*part));
        }
        self.rows += 1;
    }

    /// The sum of a table as it stands in the database.
    pub(super) fn of(tx: &mut Tx, table: &Table) -> Result<Self> {
        let mut sum = Self::default();
        tx.each(&table.select()?, |row| {
            sum.add(&canonical::values(table, &row)?);
            Ok::<_, super::OperationError>(())
        })?;
        Ok(sum)
    }
}

impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| write!(f, "{part:016x}"))
    }
}

impl fmt::Debug for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Total {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Total {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let part = |at: usize| text.get(at * 16..at * 16 + 16).and_then(|part| u64::from_str_radix(part, 16).ok());
        match (text.len(), part(0), part(1), part(2), part(3)) {
            (64, Some(a), Some(b), Some(c), Some(d)) => Ok(Self([a, b, c, d])),
            _ => Err(de::Error::custom("a digest is 64 hexadecimal digits")),
        }
    }
}
