//! Counting and summing by groups, in the database.

use model::expr::Plan;
use model::{Field, FieldType, Value};

use super::List;
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
                .filter(|field| field.is_stored() && !hidden.iter().any(|hidden| hidden == name))
                .ok_or_else(|| {
                    Error::bad_query(
                        "unknown_field",
                        format!("{} have no field {name:?} to group or sum by", module.name),
                    )
                })
        };
        let fields = group_by.iter().map(|name| field(name)).collect::<Result<Vec<_>>>()?;
        let group_columns: Vec<String> =
            fields.iter().flat_map(|field| columns(field)).map(|column| format!("t.\"{}\"", column.name)).collect();
        let mut selected = group_columns.clone();
        for measure in measures {
            selected.push(match measure {
                Measure::Count => "count(*)".to_owned(),
                Measure::Sum(name) => format!("coalesce(cast(sum(t.\"{}\") as bigint), 0)", number(field(name)?)?.name),
            });
        }
        let list = List { filter, ..List::default() };
        let sql = Sql::new(format!("select {} from ", selected.join(", "))).push_ident(&module.name)?;
        let mut sql = sql.push(" t where ").append(self.condition(&module, &list)?);
        if !group_columns.is_empty() {
            // Nothing comes first in both databases.
            let nulls = if self.dialect() == Dialect::Postgres { " nulls first" } else { "" };
            let order: Vec<_> = group_columns.iter().map(|column| format!("{column}{nulls}")).collect();
            sql = sql.push(&format!(" group by {} order by {}", group_columns.join(", "), order.join(", ")));
        }
        let mut groups = Vec::new();
        for row in self.rows(&sql)? {
            let mut at = 0;
            let mut group = Vec::new();
            for field in &fields {
                group.push(value(field, &row, at)?);
                at += columns(field).len();
            }
            let measures = (at..row.len()).map(|at| row.int(at)).collect::<Result<_, _>>()?;
            groups.push(Aggregate { group, measures });
        }
        Ok(groups)
    }
}

/// A field whose values add up.
fn number(field: &Field) -> Result<&Field> {
    if matches!(field.kind, FieldType::Number | FieldType::Decimal | FieldType::Money | FieldType::Rating) {
        return Ok(field);
    }
    Err(Error::bad_query("not_a_number", format!("{:?} is not a number and has no sum", field.name)))
}
