//! The head of sales calls whoever declined: what the client told them stands on the lead, deal or order as well (processes.md, 1.4).

use model::process::Phase;
use model::{Id, Record, Value};
use store::{Draft, Error, Result, Work};

/// The kind of an activity that checks how a sale was lost.
pub const QUALITY_CHECK: &str = "quality_check";
/// The field of leads, deals and orders that keeps what was told.
const REPORT: &str = "quality_report";

/// Writes the result of a quality check that was just made to what it is about, for whoever may change that. A second one
/// stands below the first; what stands there already is not said again.
pub(crate) fn report(work: &mut Work<'_>, activity: &Record) -> Result<()> {
    let Some(told) = activity.text("result_text").filter(|_| is_made(work, activity)) else { return Ok(()) };
    let Value::Record { module, id } = activity.get("about") else { return Ok(()) };
    match may_report(work, module, *id) {
        Ok(true) => {}
        // What was told stands on the activity.
        Ok(false) | Err(Error::NotFound { .. } | Error::Forbidden { .. }) => return Ok(()),
        Err(error) => return Err(error),
    }
    work.as_process(|work| {
        if work.module(module)?.field(REPORT).is_none() {
            return Ok(());
        }
        // Held: of two who report at once, one reads what the other has written.
        let record = match work.hold_for_process(module, *id) {
            Ok(record) if record.deleted_at.is_none() => record,
            Ok(_) | Err(Error::NotFound { .. }) => return Ok(()),
            Err(error) => return Err(error),
        };
        let report = match record.text(REPORT) {
            Some(before) if stands_in(before, told) => return Ok(()),
            Some(before) => format!("{before}\n\n{told}"),
            None => told.to_owned(),
        };
        work.update(module, *id, Draft::new().set(REPORT, report), None).map(drop)
    })
}

/// Whether the caller may write the report of a record.
fn may_report(work: &mut Work<'_>, module: &str, id: Id) -> Result<bool> {
    let grant = work.grant(&*work.module(module)?);
    work.check_may_update(module, id)?;
    Ok(!grant.read_only.iter().chain(&grant.hidden).any(|field| field == REPORT))
}

/// Whether a report has these words as one of those that stand below each other.
fn stands_in(report: &str, told: &str) -> bool {
    format!("\n\n{report}\n\n").contains(&format!("\n\n{told}\n\n"))
}

fn is_made(work: &Work<'_>, activity: &Record) -> bool {
    let process = work.definitions().process(&activity.module.name);
    let state = process.and_then(|process| process.state(activity.text(&process.field)?));
    activity.module.name == "activities"
        && activity.text("kind") == Some(QUALITY_CHECK)
        && state.is_some_and(|state| state.phase == Phase::Won)
}
