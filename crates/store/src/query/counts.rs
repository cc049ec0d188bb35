//! How many records there are, by groups, in one statement. What they come to is said by [`totals`](super::totals).

use model::expr::Plan;
use model::{Field, FieldType, Module, Value};

use super::{List, derived};
use crate::db::{Dialect, Sql};
use crate::error::{Error, Result};
use crate::schema::columns::{columns, value};
use crate::work::Work;

/// One group with how many records it has.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// Values of the fields grouped by.
    pub group: Vec<Value>,
    /// How many.
    pub count: i64,
}

impl Work<'_> {
    /// Counts the records that the caller may see and that fulfil `filter`, group by group: groups of any fields but links
    /// to many, in the order of their values.
    ///
    /// # Errors
    /// [`Error::BadQuery`] for fields that are not there, hidden or not stored.
    pub fn counts(&mut self, module: &str, filter: Option<Plan>, group_by: &[&str]) -> Result<Vec<Counted>> {
        let module = self.module(module)?;
        let hidden = self.covered(&module);
        let field = |name: &str| {
            module
                .field(name)
                .filter(|field| field.is_stored() && field.kind != FieldType::Links || module.derived(name).is_some())
                .filter(|_| !hidden.iter().any(|hidden| hidden == name))
                .ok_or_else(|| {
                    Error::bad_query("unknown_field", format!("{} have no field {name:?} to group by", module.name))
                })
        };
        let fields = group_by.iter().map(|name| field(name)).collect::<Result<Vec<_>>>()?;
        let (mut sql, mut widths) = (Sql::new("select "), Vec::new());
        for field in &fields {
            let columns = columns_of(self, &module, field)?;
            widths.push(columns.len());
            for column in columns {
                sql = sql.append(column).push(", ");
            }
        }
        let list = List { filter, ..List::default() };
        let sql = sql.push("count(*) from ").push_ident(&module.name)?;
        let mut sql = sql.push(" t where ").append(self.condition(&module, &list)?);
        let grouped: usize = widths.iter().sum();
        if grouped > 0 {
            // Nothing comes first in both databases.
            let nulls = if self.dialect() == Dialect::Postgres { " nulls first" } else { "" };
            let order: Vec<_> = (1..=grouped).map(|number| format!("{number}{nulls}")).collect();
            let group: Vec<_> = (1..=grouped).map(|number| number.to_string()).collect();
            sql = sql.push(&format!(" group by {} order by {}", group.join(", "), order.join(", ")));
        }
        let mut groups = Vec::new();
        for mut row in self.rows(&sql)? {
            let mut at = 0;
            let mut group = Vec::new();
            for (field, width) in fields.iter().zip(&widths) {
                group.push(match module.derived(&field.name) {
                    Some(plan) => derived::read(field, plan, &mut row, at)?,
                    None => value(field, &mut row, at)?,
                });
                at += width;
            }
            groups.push(Counted { group, count: row.int(at)? });
        }
        Ok(groups)
    }
}

/// The columns of a field of `t`, kept or worked out.
pub(super) fn columns_of(work: &Work<'_>, module: &Module, field: &Field) -> Result<Vec<Sql>> {
    match module.derived(&field.name) {
        Some(plan) => work.derived_columns(module, plan),
        None => Ok(columns(field).into_iter().map(|column| Sql::new(format!("t.\"{}\"", column.name))).collect()),
    }
}
