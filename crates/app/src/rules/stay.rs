//! Rules that run after a while in a state.

use model::Record;
use model::rule::Rule;
use store::{Result, RuleCause, Stand, Work};

use super::Cause;

/// What it runs for; nothing where the record stands there no more, or came there anew since.
pub(super) fn cause(
    work: &mut Work<'_>,
    rule: &Rule,
    record: Record,
    version: i64,
    number: i64,
) -> Result<Option<Cause>> {
    let Some(stand) = work.stand_for(rule, &record)?.filter(|stand| stand.version == version) else { return Ok(None) };
    Ok(Some(Cause {
        before: Some(record.clone()),
        after: record.clone(),
        version,
        of: RuleCause::stay(record.id, version, number),
        change_set: None,
        record,
        trail: Vec::new(),
        approved_by: None,
        stay: Some((stand, number)),
    }))
}

/// The how-manieth time has come, as it is counted now; nothing where it has not. What comes next is put on the queue.
pub(super) fn come(
    work: &mut Work<'_>,
    rule: &Rule,
    (record, stand): (&Record, &Stand),
    number: i64,
) -> Result<Option<i64>> {
    let due = rule.stay().and_then(|stay| Some((work.stay_due(&stay, stand.since)?, stay)));
    let Some((due, stay)) = due else { return Ok(None) };
    // The while may be longer than when it was put there.
    let has_come = due.at <= work.now();
    let next = if has_come { work.stay_after(&stay, stand.since, due.number) } else { Some(due) };
    if let Some(next) = next {
        work.await_stay(rule, record, stand.version, next)?;
    }
    Ok(Some(due.number).filter(|due| has_come && *due >= number))
}
