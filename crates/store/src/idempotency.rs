//! Answers kept for repeats: the same key with the same request gets the first answer, which was kept in the
//! transaction of what it did.

use serde_json::Value as Json;

use crate::counters::space;
use crate::db::{LockKey, Sql};
use crate::error::{Error, Result};
use crate::params;
use crate::work::Work;

/// How long answers are kept, in hours.
const KEPT_HOURS: i64 = 48;
/// In place of the status of an answer that is not known yet.
const UNDER_WAY: u16 = 0;

/// An answer as it was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers that belong to it.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Work<'_> {
    /// The first answer to this request, if it was made before; holds the key until this work ends.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the key was used for another request; [`Error::Conflict`] `under_way` where this one was begun
    /// and nobody knows yet how it ended.
    pub fn answered(&mut self, caller: &str, key: &str, request: &[u8]) -> Result<Option<Answer>> {
        self.lock(&[LockKey::new(space::WORKSPACE, format!("{caller}:{key}"))])?;
        let sql = Sql::new("select request, status, headers, body from idempotency where caller = ")
            .bind(caller)
            .push(" and key = ")
            .bind(key);
        let rows = self.rows(&sql)?;
        let Some(row) = rows.first() else { return Ok(None) };
        if row.bytes(0)? != request {
            let message = "this key was used for another request: a new request needs a new key";
            return Err(Error::field("Idempotency-Key", "idempotency_mismatch", message));
        }
        if row.int(1)? == i64::from(UNDER_WAY) {
            let message =
                "this request was begun and is not answered yet: ask again; if it stays so, look at what it did";
            return Err(Error::conflict("under_way", message));
        }
        Ok(Some(Answer {
            status: u16::try_from(row.int(1)?).unwrap_or(200),
            headers: serde_json::from_value(row.json(2)?).unwrap_or_default(),
            body: row.bytes(3)?,
        }))
    }

    /// Notes that a request was begun which takes more than one transaction. Not done twice, it stays begun if nobody is left
    /// to answer it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn begin_answer(&mut self, caller: &str, key: &str, request: &[u8]) -> Result<()> {
        self.keep_answer(caller, key, request, &Answer { status: UNDER_WAY, headers: Vec::new(), body: Vec::new() })
    }

    /// Forgets that a request was begun: it did nothing, and may be sent again.
    ///
    /// # Errors
    /// When the database fails.
    pub fn take_answer_back(&mut self, caller: &str, key: &str) -> Result<()> {
        let sql = "delete from idempotency where caller = $1 and key = $2 and status = $3";
        self.run(sql, params![caller, key, i64::from(UNDER_WAY)])?;
        Ok(())
    }

    /// Keeps the answer to a request that was [begun](Work::begin_answer).
    ///
    /// # Errors
    /// When the database fails.
    pub fn end_answer(&mut self, caller: &str, key: &str, answer: &Answer) -> Result<()> {
        let headers: Json = serde_json::json!(answer.headers);
        self.run(
            "update idempotency set status = $1, headers = $2, body = $3 where caller = $4 and key = $5",
            params![i64::from(answer.status), headers, answer.body.clone(), caller, key],
        )?;
        Ok(())
    }

    /// Keeps the answer to a request; forgets those that are too old to be asked for.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_answer(&mut self, caller: &str, key: &str, request: &[u8], answer: &Answer) -> Result<()> {
        let now = self.now();
        let old = now - jiff::SignedDuration::from_hours(KEPT_HOURS);
        self.run("delete from idempotency where created_at < $1", params![old])?;
        let headers: Json = serde_json::json!(answer.headers);
        self.run(
            "insert into idempotency (caller, key, request, status, headers, body, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
            params![caller, key, request.to_vec(), i64::from(answer.status), headers, answer.body.clone(), now],
        )?;
        Ok(())
    }
}
