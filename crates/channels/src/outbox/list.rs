//! What is, or was, in the outbox.

use model::expr::{ExprError, Plan};
use model::{Module, Record};
use store::{Error, List, Page, Result, Sort, Work};

use super::MESSAGES;

/// A page of the letters that were written here, oldest first, to everybody or to the address `to`; as far as the
/// actor may read messages.
///
/// # Errors
/// As [`Work::list`].
pub fn list(work: &mut Work<'_>, to: Option<&str>, limit: usize, cursor: Option<String>) -> Result<Page> {
    let module = work.module(MESSAGES)?;
    let filter = outgoing(&module, to).map_err(impossible)?;
    let sort = vec![Sort { field: "created_at".to_owned(), descending: false }];
    work.list(MESSAGES, &List { filter: Some(filter), sort, limit, cursor, ..List::default() })
}

fn outgoing(module: &Module, to: Option<&str>) -> Result<Plan, ExprError> {
    let out = Plan::field(module, "direction")?.eq("out")?;
    match to {
        None => Ok(out),
        Some(to) => Ok(out.and(Plan::field(module, "to")?.eq(to.trim().to_lowercase())?)),
    }
}

/// The letter of a cause.
pub(super) fn of_cause(work: &mut Work<'_>, cause: &str) -> Result<Option<Record>> {
    let module = work.module(MESSAGES)?;
    let filter = Plan::field(&module, "cause").and_then(|field| field.eq(cause)).map_err(impossible)?;
    Ok(work.find(MESSAGES, filter)?.into_iter().next())
}

/// The module of messages is not the one this crate was written for.
fn impossible(error: ExprError) -> Error {
    Error::bad_query("invalid_filter", error.to_string())
}
