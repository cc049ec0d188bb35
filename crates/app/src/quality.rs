//! The head of sales calls whoever declined: what the client told them stands on the lead or deal as well (processes.md, 1.4).

use model::process::Phase;
use model::{Record, Value};
use store::{Draft, Error, Result, Work};

/// The kind of an activity that checks how a sale was lost.
pub const QUALITY_CHECK: &str = "quality_check";
/// The field of leads and deals that keeps what was told.
const REPORT: &str = "quality_report";

/// Writes the result of a quality check that was just made to what it is about. A second one stands below the first.
pub(crate) fn report(work: &mut Work<'_>, activity: &Record) -> Result<()> {
    let Some(told) = activity.text("result_text").filter(|_| is_made(work, activity)) else { return Ok(()) };
    let Value::Record { module, id } = activity.get("about") else { return Ok(()) };
    work.as_process(|work| {
        let record = match work.get(module, *id) {
            Ok(record) if record.deleted_at.is_none() && record.module.field(REPORT).is_some() => record,
            Ok(_) | Err(Error::NotFound { .. }) => return Ok(()),
            Err(error) => return Err(error),
        };
        let report = match record.text(REPORT) {
            Some(before) if before != told => format!("{before}\n\n{told}"),
            _ => told.to_owned(),
        };
        work.update(module, *id, Draft::new().set(REPORT, report), None).map(drop)
    })
}

fn is_made(work: &Work<'_>, activity: &Record) -> bool {
    let process = work.definitions().process(&activity.module.name);
    let state = process.and_then(|process| process.state(activity.text(&process.field)?));
    activity.module.name == "activities"
        && activity.text("kind") == Some(QUALITY_CHECK)
        && state.is_some_and(|state| state.phase == Phase::Won)
}
