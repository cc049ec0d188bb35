//! Effects in quarantine: a restored or copied workspace holds its letters, webhooks and timers until somebody releases
//! them, so that nothing is sent a second time. Jobs are put on the queue as ever and stay there.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::db::{DbError, Sql, Tx};
use crate::error::Result;
use crate::knowledge;
use crate::params;
use crate::work::Work;

/// The key under which it is kept.
const KEY: &str = "quarantine";
/// The condition under which jobs run.
pub(crate) const FREE: &str = "not exists (select 1 from settings where key = 'quarantine')";

/// Where a workspace in quarantine comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// It was made from a backup.
    Restore,
    /// It was copied from another database.
    Copy,
}

/// Effects are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantine {
    /// Why.
    pub cause: Cause,
    /// Since when, by the workspace's clock.
    pub since: Timestamp,
}

/// Work of one kind that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Kind of the jobs.
    pub kind: String,
    /// How many are on the queue.
    pub jobs: i64,
    /// How many of them would run at once.
    pub due: i64,
}

/// Begins to hold effects.
pub(super) fn hold(tx: &mut Tx, cause: Cause, since: Timestamp) -> Result<(), DbError> {
    knowledge::keep(tx, KEY, &json!(Quarantine { cause, since }))
}

impl Work<'_> {
    /// Whether effects are held. What runs jobs asks in the transaction that takes them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn quarantine(&mut self) -> Result<Option<Quarantine>> {
        let unreadable = |error: serde_json::Error| DbError::Corrupt(format!("the quarantine: {error}"));
        Ok(knowledge::setting(self.tx, KEY)?.map(serde_json::from_value).transpose().map_err(unreadable)?)
    }

    /// What is on the queue, by kind.
    ///
    /// # Errors
    /// When the database fails.
    pub fn held(&mut self) -> Result<Vec<Held>> {
        let sql = "select kind, count(*), sum(case when due_at <= $1 then 1 else 0 end) from jobs group by kind order by kind";
        let now = self.now();
        let read = |row: &crate::db::Row| Ok(Held { kind: row.text(0)?, jobs: row.int(1)?, due: row.int(2)? });
        self.rows(&Sql::with(sql, params![now]))?.iter().map(read).collect()
    }

    /// Lets effects go; false when none were held.
    ///
    /// # Errors
    /// When the database fails.
    pub fn release(&mut self) -> Result<bool> {
        self.queued = true;
        Ok(self.run("delete from settings where key = $1", params![KEY])? == 1)
    }
}
