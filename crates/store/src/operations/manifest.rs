//! What a backup says of itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Chain, Sums, TableSum};

/// The form of backup files that this program writes, and the last one it reads.
pub(super) const FORMAT: u32 = 1;

/// What is in a backup, with the digests by which damage is seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Form of the file.
    pub format: u32,
    /// Version of the program that made it.
    pub program: String,
    /// The last step of the system tables.
    pub step: i64,
    /// The workspace's clock when it was made; the snapshot is not younger.
    pub made_at: Timestamp,
    /// `sqlite` or `postgres`: where it was made from. It can be restored into either.
    pub engine: String,
    /// The packs that were applied.
    pub packs: Vec<PackNote>,
    /// Every table.
    pub tables: Sums,
    /// The files' store.
    pub files: FilesNote,
    /// How far the change log was sealed; kept elsewhere, it proves that nothing before was altered.
    pub chain: Option<Chain>,
}

/// A pack of the backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackNote {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
}

/// The files of the backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesNote {
    /// Their length together, in bytes.
    pub bytes: u64,
    /// How many, and their digest.
    pub sum: TableSum,
    /// True where the backup is of the database alone.
    pub left_out: bool,
}
