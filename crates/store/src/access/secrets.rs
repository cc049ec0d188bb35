//! Sessions and tokens, found by the digest of their secret.

use jiff::Timestamp;
use model::actor::User;
use model::rights::Capability;
use model::{Actor, Id};
use serde_json::json;
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

/// A token as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: Id,
    /// What it was made for.
    pub name: String,
    /// What it is narrowed to.
    pub scopes: Vec<String>,
    /// Since when.
    pub created_at: Timestamp,
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

    /// Keeps a token whose secret was shown once. Users make their own, though not with a token that is narrowed.
    ///
    /// # Errors
    /// [`Error::Forbidden`](crate::Error::Forbidden) for a token of somebody else without the right to administer.
    pub fn add_token(&mut self, user: Id, name: &str, secret: &str, scopes: &[String]) -> Result<Id> {
        let own = matches!(self.actor(), Actor::User(actor) if actor.id == user && actor.scopes.is_empty());
        if !own {
            self.require(Capability::Administer)?;
        }
        let (id, now) = (self.new_id(), self.now());
        self.run(
            "insert into tokens (id, digest, user_id, name, scopes, created_at) values ($1, $2, $3, $4, $5, $6)",
            params![id.0, digest(secret), user.0, name, json!(scopes), now],
        )?;
        Ok(id)
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
