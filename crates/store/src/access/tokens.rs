//! Tokens of programs: made, listed, revoked. Their secrets are shown once and kept by digest.

use jiff::Timestamp;
use model::rights::Capability;
use model::{Actor, Id};
use serde_json::{Value as Json, json};

use super::secrets::digest;
use crate::db::Sql;
use crate::error::{Error, Result};
use crate::params;
use crate::work::Work;
use crate::write::{Operation, Setup};

/// A token as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: Id,
    /// Whose rights it has.
    pub user: Id,
    /// What it was made for.
    pub name: String,
    /// What it is narrowed to.
    pub scopes: Vec<String>,
    /// Since when.
    pub created_at: Timestamp,
}

impl Work<'_> {
    /// Keeps a token whose secret was shown once. Users make their own, though not with a token that is narrowed.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a token of somebody else without the right to administer.
    pub fn add_token(&mut self, user: Id, name: &str, secret: &str, scopes: &[String]) -> Result<Id> {
        if self.own_tokens() != Some(user) {
            self.require(Capability::Administer)?;
        }
        let (id, now) = (self.new_id(), self.now());
        self.run(
            "insert into tokens (id, digest, user_id, name, scopes, created_at) values ($1, $2, $3, $4, $5, $6)",
            params![id.0, digest(secret), user.0, name, json!(scopes), now],
        )?;
        self.log_setup(Setup::User, user, Operation::Update, [("token", Json::Null, json!(name))])?;
        Ok(id)
    }

    /// The tokens that the caller may revoke, oldest first: one's own, for administrators everybody's.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for whoever came with a narrowed token.
    pub fn tokens(&mut self) -> Result<Vec<Token>> {
        let mut sql = Sql::new("select id, user_id, name, scopes, created_at from tokens");
        if self.require(Capability::Administer).is_err() {
            let own = self.own_tokens().ok_or_else(narrowed)?;
            sql = sql.push(" where user_id = ").bind(own.0);
        }
        let rows = self.rows(&sql.push(" order by created_at, id"))?;
        let token = |row: &crate::db::Row| {
            Ok(Token {
                id: Id(row.uuid(0)?),
                user: Id(row.uuid(1)?),
                name: row.text(2)?,
                scopes: serde_json::from_value(row.json(3)?).unwrap_or_default(),
                created_at: row.instant(4)?,
            })
        };
        rows.iter().map(token).collect()
    }

    /// Makes a token worthless, for good.
    ///
    /// # Errors
    /// [`Error::NotFound`] for one that the caller may not revoke; as [`Work::tokens`].
    pub fn revoke_token(&mut self, id: Id) -> Result<()> {
        let token = self.tokens()?.into_iter().find(|token| token.id == id);
        let token = token.ok_or_else(|| Error::not_found("tokens", id))?;
        self.run("delete from tokens where id = $1", params![id.0])?;
        self.log_setup(Setup::User, token.user, Operation::Update, [("token", json!(token.name), Json::Null)])
    }

    /// Whose tokens the caller may make and revoke without being an administrator.
    fn own_tokens(&self) -> Option<Id> {
        match self.actor() {
            Actor::User(actor) if actor.scopes.is_empty() => Some(actor.id),
            _ => None,
        }
    }
}

fn narrowed() -> Error {
    Error::forbidden("missing_right", "a narrowed token may not manage tokens")
}
