//! First steps: whether a user has put the list of them away. It stands in the table of settings under a key of their own:
//! nothing that is looked up with who they are, and nothing for the change log.

use serde_json::json;

use crate::db::Sql;
use crate::error::{Error, Result};
use crate::params;
use crate::work::Work;

impl Work<'_> {
    /// Whether the user who works has put the list of first steps away.
    ///
    /// # Errors
    /// When the database fails.
    pub fn steps_are_away(&mut self) -> Result<bool> {
        let Some(key) = self.steps_key() else { return Ok(true) };
        Ok(!self.rows(&Sql::new("select 1 from settings where key = ").bind(key.as_str()))?.is_empty())
    }

    /// Puts the list of first steps away, or takes it out again.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for whoever is no user.
    pub fn put_steps_away(&mut self, away: bool) -> Result<()> {
        let none = || Error::forbidden("missing_right", "only a user has first steps");
        let key = self.steps_key().ok_or_else(none)?;
        if away {
            let sql = "insert into settings (key, value) values ($1, $2) on conflict (key) do nothing";
            self.run(sql, params![key.as_str(), json!(true)])?;
        } else {
            self.run("delete from settings where key = $1", params![key.as_str()])?;
        }
        Ok(())
    }

    /// Whether the user who works has saved a view of anything.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_own_view(&mut self) -> Result<bool> {
        let Some(me) = self.actor().id() else { return Ok(false) };
        Ok(!self.rows(&Sql::new("select 1 from views where owner = ").bind(me.0).push(" limit 1"))?.is_empty())
    }

    fn steps_key(&self) -> Option<String> {
        self.actor().id().map(|id| format!("first_steps:{id}"))
    }
}
