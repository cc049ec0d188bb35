//! Addresses at which rules are called from outside. What is kept of one is the digest of its secret, beside the settings; the
//! secret itself is told once.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use model::rights::Capability;
use serde_json::json;

use crate::access::digest;
use crate::db::Sql;
use crate::error::Result;
use crate::params;
use crate::work::Work;

/// What the keys begin with under which addresses are kept.
const KEY: &str = "hook:";

impl Work<'_> {
    /// Gives a rule the address with this secret; the one that it had is nothing any more.
    ///
    /// # Errors
    /// [`crate::Error::Forbidden`] without the right to administer.
    pub fn keep_hook(&mut self, rule: &str, secret: &str) -> Result<()> {
        self.require(Capability::Administer)?;
        for (key, of, _) in self.hooks()? {
            if of == rule {
                self.run("delete from settings where key = $1", params![key.as_str()])?;
            }
        }
        let (key, now) = (key(secret), self.now());
        let value = json!({"rule": rule, "since": now.to_string()});
        self.run("insert into settings (key, value) values ($1, $2)", params![key.as_str(), value])?;
        Ok(())
    }

    /// Since when a rule has its address.
    ///
    /// # Errors
    /// [`crate::Error::Forbidden`] without the right to administer.
    pub fn hook_since(&mut self, rule: &str) -> Result<Option<Timestamp>> {
        self.require(Capability::Administer)?;
        Ok(self.hooks()?.into_iter().find(|(_, of, _)| of == rule).and_then(|(.., since)| since))
    }

    /// The rule that the address with this secret belongs to.
    ///
    /// # Errors
    /// When the database fails.
    pub fn hook_of(&mut self, secret: &str) -> Result<Option<String>> {
        let key = key(secret);
        let rows = self.rows(&Sql::new("select value from settings where key = ").bind(key.as_str()))?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(row.json(0)?["rule"].as_str().map(str::to_owned))
    }

    /// All of them: key, rule, since when.
    fn hooks(&mut self) -> Result<Vec<(String, String, Option<Timestamp>)>> {
        let sql = Sql::new("select key, value from settings where key like ").bind(format!("{KEY}%"));
        let read = |row: &crate::db::Row| {
            let value = row.json(1)?;
            let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
            Ok((row.text(0)?, text("rule"), text("since").parse().ok()))
        };
        self.rows(&sql)?.iter().map(read).collect()
    }
}

fn key(secret: &str) -> String {
    format!("{KEY}{}", HEXLOWER.encode(&digest(secret)))
}
