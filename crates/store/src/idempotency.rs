//! Answers kept for repeats: the same key with the same request gets the first answer, which was kept in the
//! transaction of what it did.

use serde_json::Value as Json;

use crate::db::{LockKey, Sql};
use crate::error::{Error, Result};
use crate::params;
use crate::work::Work;

/// How long answers are kept, in hours.
const KEPT_HOURS: i64 = 48;

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
    /// [`Error::Invalid`] where the key was used for another request.
    pub fn answered(&mut self, caller: &str, key: &str, request: &[u8]) -> Result<Option<Answer>> {
        self.lock(&[LockKey::new(0, format!("{caller}:{key}"))])?;
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
        Ok(Some(Answer {
            status: u16::try_from(row.int(1)?).unwrap_or(200),
            headers: serde_json::from_value(row.json(2)?).unwrap_or_default(),
            body: row.bytes(3)?,
        }))
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
