//! Who follows a record: its owner, unless they said that they do not want to, and whoever said so or spoke of it.

use std::collections::BTreeSet;

use model::{Actor, Id, Module, Record};

use crate::db::Sql;
use crate::error::{Error, Result};
use crate::params;
use crate::work::Work;

impl Work<'_> {
    /// Whether the user who works follows a record that they have read, and how many do.
    ///
    /// # Errors
    /// When the database fails.
    pub fn following(&mut self, record: &Record) -> Result<(bool, usize)> {
        let all = self.audience(record.id, record.owner)?;
        Ok((self.actor().id().is_some_and(|me| all.contains(&me)), all.len()))
    }

    /// Has the user who works follow the record, or no longer.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what they may not see, [`Error::Forbidden`] for whoever is no user.
    pub fn follow(&mut self, module: &str, record: Id, follows: bool) -> Result<()> {
        let module = self.module(module)?;
        let me = self.reader()?;
        if !self.reaches(&module, record, self.grant(&module).read)? || !self.is_there(&module, record)? {
            return Err(Error::not_found(&module.name, record));
        }
        self.note_follower(&module, record, me, follows)
    }

    /// The user who works, for what is theirs alone. A narrowed token is not them.
    pub(crate) fn reader(&self) -> Result<Id> {
        match self.actor() {
            Actor::User(user) if user.scopes.is_empty() => Ok(user.id),
            _ => Err(Error::forbidden("missing_right", "only a user, not a narrowed token, may do this")),
        }
    }

    pub(super) fn note_follower(&mut self, module: &Module, record: Id, user: Id, follows: bool) -> Result<()> {
        let at = self.now();
        let written = self.run_later(
            "insert into followers (module, record, user_id, follows, since) values ($1, $2, $3, $4, $5) \
             on conflict (record, user_id) do update set follows = excluded.follows",
            params![module.name.as_str(), record.0, user.0, follows, at],
        );
        Ok(written?)
    }

    /// Everybody who follows a record of this owner.
    pub(super) fn audience(&mut self, record: Id, owner: Option<Id>) -> Result<BTreeSet<Id>> {
        let sql = Sql::new("select user_id, follows from followers where record = ").bind(record.0);
        let mut all: BTreeSet<Id> = owner.into_iter().collect();
        for row in self.rows(&sql)? {
            let user = Id(row.uuid(0)?);
            if row.bool(1)? {
                all.insert(user)
            } else {
                all.remove(&user)
            };
        }
        Ok(all)
    }
}
