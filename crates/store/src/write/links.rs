//! Links to many on their way into their table: what they lead to is judged, then each list is written whole.

use std::collections::BTreeSet;

use model::field::FieldType;
use model::{Field, Id, Record};

use super::validate::Moment;
use crate::db::{Param, Sql};
use crate::error::{FieldError, Result};
use crate::schema::{link_table, linking};
use crate::work::Work;

impl Work<'_> {
    /// The first of `ids`, besides the `known` ones that the field has already, that leads to what is not there, lies in
    /// the bin or may not be seen. Undo takes up what lies in the bin.
    pub(super) fn broken_links(
        &mut self,
        field: &Field,
        ids: &[Id],
        known: &[Id],
        moment: Moment,
    ) -> Result<Option<FieldError>> {
        let known: BTreeSet<_> = known.iter().collect();
        let new: BTreeSet<Id> = ids.iter().filter(|id| !known.contains(id)).copied().collect();
        let target = field.module.as_ref().and_then(|name| self.definitions().module(name).cloned());
        let Some(target) = target else {
            return Ok(Some(FieldError::new(&field.name, "not_found", "there is no such module")));
        };
        if new.is_empty() {
            return Ok(None);
        }
        let sql = Sql::new("select t.id from ").push_ident(&target.name)?.push(" t where t.id in ");
        let mut sql = sql.bind_list(new.iter().map(|id| id.0));
        if moment != Moment::Undo {
            let scope = self.grant(&target).read;
            sql = self.reached(sql.push(" and t.deleted_at is null"), &target, scope);
        }
        let there = self.rows(&sql)?.iter().map(|row| Ok(Id(row.uuid(0)?))).collect::<Result<BTreeSet<_>>>()?;
        let missing = ids.iter().position(|id| new.contains(id) && !there.contains(id));
        Ok(missing.map(|place| {
            let message = format!("there is no such record in {}", target.name);
            FieldError::new(format!("{}[{place}]", field.name), "not_found", message)
        }))
    }

    /// Writes the links of a record that is being made.
    pub(super) fn insert_links(&mut self, record: &Record) -> Result<()> {
        let module = record.module.clone();
        module.stored().try_for_each(|(_, field)| self.insert_links_of(record, field))
    }

    /// Writes the lists among the `changed` fields anew.
    pub(super) fn update_links(&mut self, after: &Record, changed: &[String]) -> Result<()> {
        let module = after.module.clone();
        for field in linking(&module).filter(|field| changed.contains(&field.name)) {
            self.forget_links_of(after, field)?;
            self.insert_links_of(after, field)?;
        }
        Ok(())
    }

    /// Removes the links of a record that is being removed for good, those of fields out of use as well.
    pub(super) fn forget_links(&mut self, record: &Record) -> Result<()> {
        let module = record.module.clone();
        linking(&module).try_for_each(|field| self.forget_links_of(record, field))
    }

    fn insert_links_of(&mut self, record: &Record, field: &Field) -> Result<()> {
        let ids = record.get(&field.name).as_ids();
        if field.kind != FieldType::Links || ids.is_empty() {
            return Ok(());
        }
        let sql = Sql::new("insert into ").push_ident(&link_table(&record.module.name, &field.name))?;
        let sql = sql.push(" (record, target, position) values ($1, $2, $3)");
        let rows = (0_i64..).zip(ids).map(|(place, id)| vec![record.id.0.into(), id.0.into(), Param::Int(place)]);
        self.tx.execute_many(sql.text(), rows)?;
        Ok(())
    }

    fn forget_links_of(&mut self, record: &Record, field: &Field) -> Result<()> {
        let sql = Sql::new("delete from ").push_ident(&link_table(&record.module.name, &field.name))?;
        self.tx.execute(&sql.push(" where record = ").bind(record.id.0))?;
        Ok(())
    }
}
