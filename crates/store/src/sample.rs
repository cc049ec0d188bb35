//! Sample data: under which change sets it was made, so that it is found again by them and by nothing in the records.

use model::Id;
use serde_json::{Value as Json, json};

use crate::db::{DbError, Sql};
use crate::error::Result;
use crate::knowledge;
use crate::params;
use crate::work::Work;

/// The key in the table of settings; there is none where there is no sample data.
const KEY: &str = "sample";

impl Work<'_> {
    /// Whether there is sample data.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_sample(&mut self) -> Result<bool> {
        Ok(!self.rows(&Sql::new("select 1 from settings where key = ").bind(KEY))?.is_empty())
    }

    /// What was made under the change sets of the sample data, newest first, whether it is still there or not.
    ///
    /// # Errors
    /// When the database fails.
    pub fn sample(&mut self) -> Result<Vec<(String, Id)>> {
        let unreadable = |error: serde_json::Error| DbError::Corrupt(format!("the list of sample data: {error}"));
        let kept = knowledge::setting(self.tx, KEY)?.unwrap_or(Json::Array(Vec::new()));
        let sets: Vec<Id> = serde_json::from_value(kept).map_err(unreadable)?;
        if sets.is_empty() {
            return Ok(Vec::new());
        }
        let sql = Sql::new("select module, record from changes where operation = 'create' and change_set in ");
        let rows = self.rows(&sql.bind_list(sets.iter().map(|id| id.0)).push(" order by seq desc"))?;
        rows.iter().map(|row| Ok((row.text(0)?, Id(row.uuid(1)?)))).collect()
    }

    /// Remembers the change sets under which sample data was made.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_sample(&mut self, sets: &[Id]) -> Result<()> {
        Ok(knowledge::keep(self.tx, KEY, &json!(sets))?)
    }

    /// Forgets them: what is left of the data is like any other.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget_sample(&mut self) -> Result<()> {
        self.run("delete from settings where key = $1", params![KEY])?;
        Ok(())
    }
}
