//! What lets somebody in: a session's cookie or a token, and the one statement that says whose it is.

use std::collections::BTreeSet;

use jiff::Timestamp;
use model::actor::User;
use model::{Id, Locale};

use super::secrets::digest;
use crate::db::{DbError, Dialect, Row, Sql};
use crate::error::Result;
use crate::work::Work;

/// The secret of a token or session as somebody showed it; only its digest is in here.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pass {
    kind: Kind,
    digest: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Token,
    Session,
}

impl Pass {
    /// A program's token.
    #[must_use]
    pub fn token(secret: &str) -> Self {
        Self { kind: Kind::Token, digest: digest(secret) }
    }

    /// The cookie of a session.
    #[must_use]
    pub fn session(secret: &str) -> Self {
        Self { kind: Kind::Session, digest: digest(secret) }
    }

    /// The statement that says whose it is at `now`: one row for an active user, narrowed to the token's scopes.
    pub(crate) fn question(&self, dialect: Dialect, now: Timestamp) -> Sql {
        let (mates, stamp) = match dialect {
            Dialect::Sqlite => ("group_concat(hex(o.user_id))", "null"),
            Dialect::Postgres => ("string_agg(o.user_id::text, ',')", STAMP),
        };
        let (scopes, passes, until) = match self.kind {
            Kind::Token => ("p.scopes", "tokens", "null"),
            Kind::Session => ("null", "sessions", "p.expires_at"),
        };
        let sql = Sql::new(format!(
            "select u.id, u.name, u.email, u.roles, u.locale, {scopes}, (select {mates} from team_members m \
             join team_members o on o.team_id = m.team_id where m.user_id = u.id), \
             {until}, ({stamp}) from {passes} p join users u on u.id = p.user_id where u.active and p.digest = "
        ));
        let sql = sql.bind(self.digest.as_slice());
        match self.kind {
            Kind::Token => sql,
            Kind::Session => sql.push(" and p.expires_at > ").bind(now),
        }
    }
}

/// On PostgreSQL: what is another as soon as anybody's answer to [`Pass::question`] may be.
pub(crate) const STAMP: &str = "select stamp from access_stamp";

/// What the rows of [`Pass::question`] say.
#[derive(Clone, Debug)]
pub(crate) struct Bearer {
    pub(crate) user: User,
    /// When the pass ends by itself.
    pub(crate) until: Option<Timestamp>,
    /// The [`STAMP`] of that moment; nothing on SQLite.
    pub(crate) stamp: Option<uuid::Uuid>,
}

impl Bearer {
    pub(crate) fn read(rows: &[Row]) -> Result<Option<Self>, DbError> {
        let Some(row) = rows.first() else { return Ok(None) };
        let list = |column| -> Result<Vec<String>, DbError> {
            let json = row.opt_json(column)?;
            Ok(json.and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default())
        };
        let mates = row.opt_text(6)?.unwrap_or_default();
        let teammates: BTreeSet<Id> =
            mates.split(',').filter_map(|id| uuid::Uuid::try_parse(id).ok()).map(Id).collect();
        let user = User {
            id: Id(row.uuid(0)?),
            name: row.text(1)?,
            email: row.text(2)?,
            roles: list(3)?,
            teammates,
            locale: Locale::parse(&row.text(4)?).unwrap_or(Locale::Ru),
            scopes: list(5)?,
        };
        Ok(Some(Self { user, until: row.opt_instant(7)?, stamp: row.opt_uuid(8)? }))
    }
}

impl Work<'_> {
    /// Whose `pass` is; nobody where it was revoked, has ended or belongs to somebody who is kept out.
    ///
    /// # Errors
    /// When the database fails.
    pub fn bearer(&mut self, pass: &Pass) -> Result<Option<User>> {
        let question = pass.question(self.dialect(), self.now());
        Ok(Bearer::read(&self.rows(&question)?)?.map(|bearer| bearer.user))
    }
}
