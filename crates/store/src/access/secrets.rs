//! Sessions and tokens, found by the digest of their secret.

use jiff::Timestamp;
use model::Id;
use model::actor::User;
use sha2::{Digest, Sha256};

use crate::db::Sql;
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

    /// The user of a session that has not ended.
    ///
    /// # Errors
    /// When the database fails.
    pub fn session_user(&mut self, secret: &str) -> Result<Option<User>> {
        let sql = Sql::new("select user_id from sessions where digest = ")
            .bind(digest(secret))
            .push(" and expires_at > ")
            .bind(self.now());
        match self.rows(&sql)?.first() {
            Some(row) => self.user(Id(row.uuid(0)?)),
            None => Ok(None),
        }
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database fails.
    pub fn close_session(&mut self, secret: &str) -> Result<()> {
        self.run("delete from sessions where digest = $1", params![digest(secret)])?;
        Ok(())
    }

    /// The user of a token, narrowed to its scopes.
    ///
    /// # Errors
    /// When the database fails.
    pub fn token_user(&mut self, secret: &str) -> Result<Option<User>> {
        let sql = Sql::new("select user_id, scopes from tokens where digest = ").bind(digest(secret));
        let Some(row) = self.rows(&sql)?.into_iter().next() else { return Ok(None) };
        let user = self.user(Id(row.uuid(0)?))?;
        let scopes: Vec<String> = serde_json::from_value(row.json(1)?).unwrap_or_default();
        Ok(user.map(|user| User { scopes, ..user }))
    }
}
