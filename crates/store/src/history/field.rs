//! The changes of a record one by one, of all its fields or of one.

use std::collections::BTreeSet;

use model::{Id, Module};

use crate::db::{Dialect, Sql};
use crate::error::{Error, Result};
use crate::work::Work;
use crate::write::ChangeEntry;

impl Work<'_> {
    /// Up to `limit` changes of a record that the caller may read, newest first, before the place `before` of the log;
    /// with `field` those of that field alone.
    ///
    /// # Errors
    /// As reading the record; [`Error::BadQuery`] for a field that is not there or hidden.
    pub fn field_history(
        &mut self,
        module: &Module,
        id: Id,
        field: Option<&str>,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<ChangeEntry>> {
        let Some(field) = field else { return self.history(module, id, before, limit) };
        let is_system = field == "deleted_at" || field == "owner" && module.owners;
        let is_own = module.field(field).is_some_and(model::Field::is_stored);
        self.get(&module.name, id)?;
        let hidden = self.hidden_of(module, &BTreeSet::from([id]))?;
        if !(is_system || is_own) || hidden.hides(id, field) {
            return Err(Error::bad_query("unknown_field", format!("{} have no field {field:?}", module.name)));
        }
        // Under its earlier names as well.
        let formerly = module.field(field).map(|field| field.formerly.as_slice()).unwrap_or_default();
        let names = [field].into_iter().chain(formerly.iter().map(String::as_str));
        let keys = match self.dialect() {
            Dialect::Sqlite => "json_each(c.delta) d where d.key in ",
            Dialect::Postgres => "jsonb_object_keys(c.delta) as d(key) where d.key in ",
        };
        let condition = Sql::new("exists (select 1 from ").push(keys).bind_list(names).push(")");
        let mut entries = self.history_where(module, id, Some(condition), before, limit)?;
        for entry in &mut entries {
            entry.fields.retain(|change| change.field == field);
        }
        Ok(entries)
    }
}
