//! What users set for themselves alone: the order of their menu, the widths of columns, which groups are folded. It says nothing of records, so it
//! stands in no log and nobody is told of it.

mod folds;
mod menu;
mod widths;

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use crate::db::Sql;
use crate::error::Result;
use crate::params;
use crate::work::Work;

pub use folds::Folds;
pub use menu::Menu;
pub use widths::{NARROWEST_COLUMN, WIDEST_COLUMN, Widths};

impl Work<'_> {
    /// What the caller keeps under a name, of one module where it is about one; the default where they keep nothing or
    /// are no user. One query.
    pub(crate) fn preference<T: DeserializeOwned + Default>(&mut self, module: &str, name: &str) -> Result<T> {
        let Some(me) = self.actor().id() else { return Ok(T::default()) };
        let sql = Sql::new("select value from user_preferences where user_id = ").bind(me.0);
        let rows = self.rows(&sql.push(" and module = ").bind(module).push(" and name = ").bind(name))?;
        let kept = rows.first().map(|row| row.json(0)).transpose()?.unwrap_or(Json::Null);
        Ok(serde_json::from_value(kept).unwrap_or_default())
    }

    /// What the caller keeps under a name, by the modules it is about. One query.
    pub(crate) fn preferences<T: DeserializeOwned + Default>(&mut self, name: &str) -> Result<BTreeMap<String, T>> {
        let Some(me) = self.actor().id() else { return Ok(BTreeMap::new()) };
        let sql = Sql::new("select module, value from user_preferences where user_id = ").bind(me.0);
        let rows = self.rows(&sql.push(" and name = ").bind(name))?;
        rows.iter().map(|row| Ok((row.text(0)?, serde_json::from_value(row.json(1)?).unwrap_or_default()))).collect()
    }

    /// Keeps it; the default is kept by keeping nothing.
    pub(crate) fn prefer<T: Serialize + Default + PartialEq>(
        &mut self,
        module: &str,
        name: &str,
        value: &T,
    ) -> Result<()> {
        let me = self.reader()?;
        if *value == T::default() {
            let forget = "delete from user_preferences where user_id = $1 and module = $2 and name = $3";
            self.run(forget, params![me.0, module, name])?;
            return Ok(());
        }
        self.run(
            "insert into user_preferences (user_id, module, name, value) values ($1, $2, $3, $4) \
             on conflict (user_id, module, name) do update set value = excluded.value",
            params![me.0, module, name, json!(value)],
        )?;
        Ok(())
    }
}
