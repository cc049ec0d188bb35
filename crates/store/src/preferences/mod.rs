//! What users set for themselves alone: the order of their menu, the widths of columns, which groups are folded, what they sign letters
//! with. It says nothing of records, so it stands in no log and nobody is told of it.

mod folds;
mod menu;
mod signature;
mod widths;

use std::collections::BTreeMap;

use model::Id;
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

/// What a work has read of it, by whose it is and the module it is about, then by name.
pub(crate) type Kept = BTreeMap<(Id, String), BTreeMap<String, Json>>;

impl Work<'_> {
    /// What the caller keeps under a name, of one module where it is about one; the default where they keep nothing or
    /// are no user. A page asks for several, so all of a module and what is about none are read at once: one query for the
    /// first that is asked for, none for the others.
    pub(crate) fn preference<T: DeserializeOwned + Default>(&mut self, module: &str, name: &str) -> Result<T> {
        let Some(me) = self.actor().id() else { return Ok(T::default()) };
        let of = (me, module.to_owned());
        if !self.kept.contains_key(&of) {
            let of_none = (me, String::new());
            let sql = Sql::new("select module, name, value from user_preferences where user_id = ").bind(me.0);
            let sql = sql.push(" and module in ").bind_list([module, ""]);
            let rows = self.rows(&sql)?;
            for key in [of.clone(), of_none] {
                self.kept.insert(key, BTreeMap::new());
            }
            for row in rows {
                self.kept.entry((me, row.text(0)?)).or_default().insert(row.text(1)?, row.json(2)?);
            }
        }
        let kept = self.kept.get(&of).and_then(|kept| kept.get(name)).cloned();
        Ok(serde_json::from_value(kept.unwrap_or(Json::Null)).unwrap_or_default())
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
        self.kept.clear();
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
