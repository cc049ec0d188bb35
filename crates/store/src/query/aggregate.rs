//! Counting and summing by groups, in the database.

use model::expr::Plan;
use model::{Field, FieldType, Module, Value};

use super::{List, derived};
use crate::db::{Dialect, Sql};
use crate::error::{Error, Result};
use crate::schema::columns::{columns, value};
use crate::work::Work;

/// What is worked out of each group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// How many records.
    Count,
    /// The sum of a number or money field; of money the sum within the workspace's only currency, as kept.
    Sum(String),
}

/// One group with its measures.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// Values of the fields grouped by.
    pub group: Vec<Value>,
    /// The measures in the order they were asked for; sums of money are amounts × 10⁴.
    pub measures: Vec<i64>,
}

impl Work<'_> {
    /// Groups the records that the caller may see and that fulfil `filter`.
    ///
    /// # Errors
    /// [`Error::BadQuery`] for fields that are not there, hidden or not stored, and for sums of what is no number.
    pub fn aggregate(
        &mut self,
        module: &str,
        filter: Option<Plan>,
        group_by: &[&str],
        measures: &[Measure],
    ) -> Result<Vec<Aggregate>> {
        let module = self.module(module)?;
        let hidden = self.grant(&module).hidden;
        let field = |name: &str| {
            module
                .field(name)
                .filter(|field| field.is_stored() && field.kind != FieldType::Links || module.derived(name).is_some())
                .filter(|_| !hidden.iter().any(|hidden| hidden == name))
                .ok_or_else(|| {
                    Error::bad_query(
                        "unknown_field",
                        format!("{} have no field {name:?} to group or sum by", module.name),
                    )
                })
        };
        let fields = group_by.iter().map(|name| field(name)).collect::<Result<Vec<_>>>()?;
        let mut selected = Vec::new();
        let mut widths = Vec::new();
        for field in &fields {
            let columns = columns_of(self, &module, field)?;
            widths.push(columns.len());
            selected.extend(columns);
        }
        let grouped = selected.len();
        for measure in measures {
            selected.push(match measure {
                Measure::Count => Sql::new("count(*)"),
                Measure::Sum(name) => {
                    let summed =
                        columns_of(self, &module, number(field(name)?)?)?.into_iter().next().unwrap_or_default();
                    Sql::new("coalesce(cast(sum(").append(summed).push(") as bigint), 0)")
                }
            });
        }
        let list = List { filter, ..List::default() };
        let mut sql = Sql::new("select ");
        for (position, column) in selected.into_iter().enumerate() {
            sql = sql.push(if position > 0 { ", " } else { "" }).append(column);
        }
        let sql = sql.push(" from ").push_ident(&module.name)?;
        let mut sql = sql.push(" t where ").append(self.condition(&module, &list)?);
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
            let measures = (at..row.len()).map(|at| row.int(at)).collect::<Result<_, _>>()?;
            groups.push(Aggregate { group, measures });
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

/// A field whose values add up.
pub(super) fn number(field: &Field) -> Result<&Field> {
    if matches!(field.read_as(), FieldType::Number | FieldType::Decimal | FieldType::Money | FieldType::Rating) {
        return Ok(field);
    }
    Err(Error::bad_query("not_a_number", format!("{:?} is not a number and has no sum", field.name)))
}
