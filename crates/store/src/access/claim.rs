//! Setting a workspace up takes several transactions. Whoever begins claims it first, so that two who do so at once do not
//! write over each other.

use jiff::{SignedDuration, Timestamp};
use model::Id;
use serde_json::json;

use crate::db::Sql;
use crate::error::{Error, Result};
use crate::params;
use crate::work::Work;

/// A claim holds for so long: whoever was interrupted may begin anew then.
const HOLDS: SignedDuration = SignedDuration::from_mins(5);

impl Work<'_> {
    /// Claims an empty workspace for the set-up `claim`.
    ///
    /// # Errors
    /// [`Error::Conflict`]: `already_set_up` where there is a user, `set_up_under_way` where somebody else is at it.
    pub fn claim_set_up(&mut self, claim: Id) -> Result<()> {
        // This holds a lock until the transaction ends, where there is no user.
        if self.has_users()? {
            return Err(already_set_up());
        }
        match self.set_up_claim()? {
            Some((other, since))
                if other != claim.to_string() && self.now() < since.saturating_add(HOLDS).unwrap_or(since) =>
            {
                Err(Error::conflict("set_up_under_way", "somebody sets this workspace up at this moment"))
            }
            _ => {
                let kept = json!({"claim": claim.to_string(), "since": self.now().to_string()});
                self.run("delete from settings where key = $1", params!["set_up"])?;
                self.run("insert into settings (key, value) values ($1, $2)", params!["set_up", kept])?;
                Ok(())
            }
        }
    }

    /// Fails unless the workspace is still empty and claimed by `claim`; the claim ends.
    ///
    /// # Errors
    /// As [`Work::claim_set_up`].
    pub fn end_set_up(&mut self, claim: Id) -> Result<()> {
        self.claim_set_up(claim)?;
        self.run("delete from settings where key = $1", params!["set_up"])?;
        Ok(())
    }

    fn set_up_claim(&mut self) -> Result<Option<(String, Timestamp)>> {
        let rows = self.rows(&Sql::new("select value from settings where key = ").bind("set_up"))?;
        let Some(row) = rows.first() else { return Ok(None) };
        let kept = row.json(0)?;
        let part = |name: &str| kept.get(name).and_then(|part| part.as_str()).unwrap_or_default().to_owned();
        Ok(Some((part("claim"), part("since").parse().unwrap_or(Timestamp::MIN))))
    }
}

fn already_set_up() -> Error {
    Error::conflict("already_set_up", "this workspace is already set up")
}
