//! A list narrowed to a few of its records: pages ask so for the rows that have changed.

use model::expr::Plan;
use model::{Id, Module};
use store::List;

use crate::ui::typed::Typed;

/// Rows that are asked for at once.
const ROWS: usize = 200;

/// The records that the address names by `only`; nothing where it does not.
pub(crate) fn asked(pairs: &Typed) -> Option<Vec<Id>> {
    let ids = pairs.get("only")?.split(',').take(ROWS).filter_map(|id| id.parse().ok());
    Some(ids.collect())
}

/// The same list, of these records alone: those that are not in it stay out.
pub(crate) fn narrowed(module: &Module, list: List, only: Option<&[Id]>) -> List {
    let Some(only) = only else { return list };
    let Ok(narrow) = Plan::field(module, "id").and_then(|id| id.one_of(only.iter().copied())) else { return list };
    let filter = Some(match list.filter {
        Some(filter) => narrow.and(filter),
        None => narrow,
    });
    List { filter, cursor: None, limit: ROWS, ..list }
}
