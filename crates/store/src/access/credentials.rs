//! What a password is judged by. Nobody reads it but the product where somebody shows a password.

use model::{Actor, Id};

use crate::db::{Dialect, Sql};
use crate::error::{Error, Result};
use crate::work::Work;

/// The password of a user.
#[derive(Clone)]
pub struct Credentials {
    /// Whose.
    pub id: Id,
    /// The password as a PHC string.
    pub password_hash: String,
    /// Whether they may come in.
    pub active: bool,
}

impl Work<'_> {
    /// The credentials of the user with this e-mail.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for everybody but the product itself.
    pub fn credentials(&mut self, email: &str) -> Result<Option<Credentials>> {
        if !matches!(self.actor(), Actor::System(_)) {
            return Err(Error::forbidden("missing_right", "nobody reads passwords"));
        }
        let sql = Sql::new("select id, password_hash, active from users where email = ").bind(email);
        let rows = self.rows(&sql)?;
        let read = |row: &crate::db::Row| {
            Ok(Credentials { id: Id(row.uuid(0)?), password_hash: row.text(1)?, active: row.bool(2)? })
        };
        rows.first().map(read).transpose()
    }

    /// Whether they are what they were when somebody was judged by them; holds them until this work ends, so that a
    /// password that is changed meanwhile ends what is opened by it here.
    ///
    /// # Errors
    /// When the database fails.
    pub fn still_hold(&mut self, judged: &Credentials) -> Result<bool> {
        let sql = Sql::new("select 1 from users where id = ").bind(judged.id.0).push(" and password_hash = ");
        let mut sql = sql.bind(judged.password_hash.as_str()).push(" and active = ").bind(judged.active);
        if self.dialect() == Dialect::Postgres {
            sql = sql.push(" for share");
        }
        Ok(!self.rows(&sql)?.is_empty())
    }
}
