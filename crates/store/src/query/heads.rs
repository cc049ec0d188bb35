//! Lists in groups: the first few records of each, and since when each record belongs to its group.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use model::{Field, Id, Module, Value};

use super::List;
use super::list::{Key, Page, is_walked, order, write_cursor};
use super::row::width_of;
use crate::db::{Dialect, Row, Sql};
use crate::error::Result;
use crate::schema::columns::param;
use crate::work::Work;

impl Work<'_> {
    /// The first page of each of the groups in which `by` is one of `values`, in the order of the list: one statement,
    /// however many groups there are. A further page is that of the list, narrowed to the group.
    ///
    /// # Errors
    /// As [`Work::board_field`] and [`Work::list`].
    pub fn first_of_each(&mut self, module: &str, list: &List, by: &str, values: &[Value]) -> Result<Vec<Page>> {
        if values.is_empty() {
            return Ok(Vec::new());
        }
        let module = self.module(module)?;
        let hidden = self.grant(&module).hidden;
        let keys = self.keys(&module, &list.sort, &hidden)?;
        let limit = list.limit.clamp(1, 500);
        let statement = self.heads(&module, list, &self.board_field(&module, by)?, values, &keys, limit)?;
        let mut heads: Vec<Vec<Row>> = values.iter().map(|_| Vec::new()).collect();
        for row in self.rows(&statement)? {
            let group = usize::try_from(row.int(row.len() - 1)?).unwrap_or(usize::MAX);
            if let Some(head) = heads.get_mut(group) {
                head.push(row);
            }
        }
        let (mut sizes, mut rows) = (Vec::new(), Vec::new());
        for mut head in heads {
            let last = if head.len() > limit { head.get(limit - 1) } else { None };
            let next = last.map(|row| write_cursor(&keys, row, self.width(&module))).transpose()?;
            head.truncate(limit);
            sizes.push((head.len(), next));
            rows.extend(head);
        }
        let mut records = self.records(&module, rows, &hidden)?.into_iter();
        Ok(sizes
            .into_iter()
            .map(|(size, next)| Page { records: records.by_ref().take(size).collect(), next })
            .collect())
    }

    /// The heads of the groups, one under the other: records, keys, number of the group.
    fn heads(
        &mut self,
        module: &Arc<Module>,
        list: &List,
        by: &Field,
        values: &[Value],
        keys: &[Key],
        limit: usize,
    ) -> Result<Sql> {
        let dialect = self.dialect();
        let mut select = Sql::new("select ").append(self.selection(module)?);
        for key in keys {
            select = select.push(", ").append(key.sql.clone());
        }
        let (mut select, mut end) = (select.push(" from ").push_ident(&module.name)?.push(" t where "), Sql::default());
        if !is_walked(list, keys) {
            select = select.push("t.id in (select t.id from ").push_ident(&module.name)?.push(" t where ");
            end = end.push(")").append(order(keys, dialect));
        }
        let select = select.append(self.condition(module, list)?);
        let mut all = Sql::default();
        for (number, value) in values.iter().enumerate() {
            let union = if number == 0 { "" } else { " union all " };
            all = all.push(&format!("{union}select *, cast({number} as bigint) from ("));
            // Standing first, the parameters of the first have the same numbers in all: a long filter is sent once.
            all = if number == 0 { all.append(select.clone()) } else { all.push(select.text()) };
            all = all.push(" and ").append(belongs(by, value)).append(order(keys, dialect));
            all = all.limit(limit + 1).append(end.clone()).push(&format!(") head{number}"));
        }
        Ok(all.push(&outer_order(keys, self.width(module), dialect)))
    }

    /// How many columns a selection has.
    fn width(&self, module: &Module) -> usize {
        width_of(module) + usize::from(self.veiled(module).is_some())
    }

    /// Since when each of the records has had what it has in `field`, as far as the log knows; records that the caller may
    /// not see, and a field that is hidden from them in some record, are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub fn changed_at(&mut self, module: &str, ids: &BTreeSet<Id>, field: &str) -> Result<BTreeMap<Id, Timestamp>> {
        let module = self.module(module)?;
        let (grant, hidden) = (self.grant(&module), self.covered(&module));
        let known = module.field(field).filter(|field| !hidden.contains(&field.name));
        let (Some(known), false) = (known, ids.is_empty()) else { return Ok(BTreeMap::new()) };
        let keys = match self.dialect() {
            Dialect::Sqlite => "json_each(c.delta) d where d.key in ",
            Dialect::Postgres => "jsonb_object_keys(c.delta) as d(key) where d.key in ",
        };
        let names = [&known.name].into_iter().chain(&known.formerly).map(String::as_str);
        let sql = Sql::new("select c.record, max(c.at) from changes c join ").push_ident(&module.name)?;
        let sql = sql.push(" t on t.id = c.record where c.record in ").bind_list(ids.iter().map(|id| id.0));
        let sql = sql.push(" and exists (select 1 from ").push(keys).bind_list(names).push(")");
        let sql = self.reached(sql, &module, grant.read).push(" group by c.record");
        self.rows(&sql)?.iter().map(|row| Ok((Id(row.uuid(0)?), row.instant(1)?))).collect()
    }
}

fn column(field: &Field) -> Sql {
    Sql::new(format!("t.\"{}\"", field.name))
}

/// That a record of `t` belongs to the group of `value`.
pub(super) fn belongs(by: &Field, value: &Value) -> Sql {
    match value {
        Value::Null => column(by).push(" is null"),
        value => column(by).push(" = ").bind(param(value)),
    }
}

/// Group by group, each in the order of the keys: nobody promises that pieces put together keep their order.
fn outer_order(keys: &[Key], width: usize, dialect: Dialect) -> String {
    let mut text = format!(" order by {}", width + keys.len() + 1);
    for (position, key) in keys.iter().enumerate() {
        text.push_str(&format!(", {}{}", width + position + 1, key.direction(dialect)));
    }
    text
}
