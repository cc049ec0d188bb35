//! Whose business a record was who was erased: nothing is written down of them again.

use model::{Record, Value};
use store::Work;

/// Whether a record is about somebody who was erased. Records that are about people are people's by that alone: only modules of
/// people say of themselves that one was erased.
pub(crate) fn is_of_erased(work: &mut Work<'_>, record: &Record) -> bool {
    let Value::Record { module, id } = record.get("about") else { return false };
    work.as_process(|work| work.get(module, *id)).is_ok_and(|person| work.expect_not_erased(&person).is_err())
}
