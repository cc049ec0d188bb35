//! Conditions of queries, built from fields.

use model::Module;
use model::expr::{ExprError, Plan};
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
