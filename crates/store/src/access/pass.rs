//! What lets somebody in: a session's cookie or a token, and the one statement that says whose it is.

use std::collections::BTreeSet;

use jiff::Timestamp;
use model::actor::User;
use model::rights::Capability;
use model::{Actor, Definitions, Id, Locale};

use super::secrets::digest;
use crate::db::{DbError, Dialect, Row, Sql, Tx};
use crate::error::{Error, Result};
use crate::work::Work;

/// The secret of a token or session as somebody showed it; only its digest is in here.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pass {
    kind: Kind,
    digest: Vec<u8>,
    /// Whose eyes an administrator looks through.
    seeing: Option<Id>,
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
        Self { kind: Kind::Token, digest: digest(secret), seeing: None }
    }

    /// The cookie of a session.
    #[must_use]
    pub fn session(secret: &str) -> Self {
        Self { kind: Kind::Session, digest: digest(secret), seeing: None }
    }

    /// The same, to look through the eyes of another user (`docs/decisions/018`): counts only while it is the session of
    /// somebody who administers, and the other may come in.
    #[must_use]
    pub fn seeing(self, other: Option<Id>) -> Self {
        Self { seeing: other.filter(|_| self.kind == Kind::Session), ..self }
    }

    /// Whose it is at `now`.
    ///
    /// # Errors
    /// [`Error::Stranger`] where it lets nobody in.
    pub(crate) fn bearer(&self, tx: &mut Tx, now: Timestamp) -> Result<Bearer> {
        Bearer::read(&tx.query(&self.question(tx.dialect(), now))?)?.ok_or(Error::Stranger)
    }

    /// The statement that says whose it is at `now`: one row for an active user, narrowed to the token's
    /// scopes; another for the active user through whose eyes it looks.
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
             {until}, ({stamp}), u.id = p.user_id from {passes} p join users u on "
        ));
        let sql = match self.seeing {
            Some(other) => sql.push("(u.id = p.user_id or u.id = ").bind(other.0).push(")"),
            None => sql.push("u.id = p.user_id"),
        };
        let sql = sql.push(" where u.active and p.digest = ").bind(self.digest.as_slice());
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
    /// Through whose eyes they want to look.
    seen: Option<User>,
    /// When the pass ends by itself.
    pub(crate) until: Option<Timestamp>,
    /// The [`STAMP`] of that moment; nothing on SQLite.
    pub(crate) stamp: Option<uuid::Uuid>,
}

impl Bearer {
    pub(crate) fn read(rows: &[Row]) -> Result<Option<Self>, DbError> {
        let (mut own, mut seen) = (None, None);
        for row in rows {
            if row.bool(9)? { own = Some(row) } else { seen = Some(Self::user(row)?) }
        }
        let Some(row) = own else { return Ok(None) };
        let user = Self::user(row)?;
        Ok(Some(Self { user, seen, until: row.opt_instant(7)?, stamp: row.opt_uuid(8)? }))
    }

    fn user(row: &Row) -> Result<User, DbError> {
        let list = |column| -> Result<Vec<String>, DbError> {
            let json = row.opt_json(column)?;
            Ok(json.and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default())
        };
        let mates = row.opt_text(6)?.unwrap_or_default();
        let teammates: BTreeSet<Id> =
            mates.split(',').filter_map(|id| uuid::Uuid::try_parse(id).ok()).map(Id).collect();
        Ok(User {
            id: Id(row.uuid(0)?),
            name: row.text(1)?,
            email: row.text(2)?,
            roles: list(3)?,
            teammates,
            locale: Locale::parse(&row.text(4)?).unwrap_or(Locale::Ru),
            scopes: list(5)?,
            looker: None,
        })
    }

    /// Who reads by it. Roles are judged anew each time: what they allow may have changed since.
    pub(crate) fn sight(self, definitions: &Definitions) -> Sight {
        let Self { user, seen, .. } = self;
        let administers = |user: &User| Actor::User(Box::new(user.clone())).can(definitions, Capability::Administer);
        match seen.filter(|_| administers(&user)) {
            Some(seen) => Sight { user: User { looker: Some(user.id), ..seen }, looker: Some(user) },
            None => Sight { user, looker: None },
        }
    }
}

/// Whose rights a pass reads with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// Who reads.
    pub user: User,
    /// The administrator who looks through their eyes, and changes nothing meanwhile; nobody where it is they themselves.
    pub looker: Option<User>,
}

impl Work<'_> {
    /// Whose `pass` is; nobody where it was revoked, has ended or belongs to somebody who is kept out.
    ///
    /// # Errors
    /// When the database fails.
    pub fn bearer(&mut self, pass: &Pass) -> Result<Option<User>> {
        Ok(self.sight(pass)?.map(|sight| sight.user))
    }

    /// The same, and who looks through their eyes.
    ///
    /// # Errors
    /// When the database fails.
    pub fn sight(&mut self, pass: &Pass) -> Result<Option<Sight>> {
        let question = pass.question(self.dialect(), self.now());
        Ok(Bearer::read(&self.rows(&question)?)?.map(|bearer| bearer.sight(self.definitions())))
    }
}
