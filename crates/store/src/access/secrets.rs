//! The secrets of sessions and tokens: kept by digest, opened and closed.

use jiff::Timestamp;
use model::Id;
use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::params;
use crate::work::Work;

/// What is kept of a secret.
#[must_use]
pub fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

impl Work<'_> {
    /// Opens a session; `secret` goes into the cookie.
    ///
    /// # Errors
    /// When the database fails.
    pub fn open_session(&mut self, user: Id, secret: &str, expires_at: Timestamp, agent: Option<&str>) -> Result<()> {
        let now = self.now();
        self.run("delete from sessions where expires_at < $1", params![now])?;
        self.run(
            "insert into sessions (digest, user_id, created_at, expires_at, agent) values ($1, $2, $3, $4, $5)",
            params![digest(secret), user.0, now, expires_at, agent],
        )?;
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database fails.
    pub fn close_session(&mut self, secret: &str) -> Result<()> {
        self.run("delete from sessions where digest = $1", params![digest(secret)])?;
        Ok(())
    }
}
