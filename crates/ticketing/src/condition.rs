//! Conditions of queries, built from fields.

use model::expr::{ExprError, Operand, Plan};
use model::{Module, Record};
use store::{Error, Result, Work};

/// A condition over the records of `module`.
pub(crate) fn condition(
    work: &Work<'_>,
    module: &str,
    build: impl FnOnce(&Module) -> Result<Plan, ExprError>,
) -> Result<Plan> {
    let module = work.module(module)?;
    build(&module).map_err(|error| Error::bad_query(error.code.as_str(), error.message))
}

/// The records whose `field` has one of these values, by that field's index. Alternatives of several fields are several
/// calls: one query with `or` would walk through the table.
pub(crate) fn by_field<T: Into<Operand>>(
    work: &mut Work<'_>,
    module: &str,
    field: &str,
    values: impl IntoIterator<Item = T>,
) -> Result<Vec<Record>> {
    let mut values = values.into_iter().peekable();
    if values.peek().is_none() {
        return Ok(Vec::new());
    }
    let filter = condition(work, module, |module| Plan::field(module, field)?.one_of(values))?;
    work.find(module, filter)
}
