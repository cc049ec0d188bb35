//! Timers: whatever waits has the job that ends its waiting.

use channels::outbox;
use store::{Result, Work};
use ticketing::LOOK_JOB;

use super::each;

pub(super) fn check(work: &mut Work<'_>, findings: &mut Vec<String>) -> Result<()> {
    for job in work.jobs_put_aside()? {
        let (of, error) = (job.key.unwrap_or_default(), job.error.unwrap_or_default());
        findings.push(format!("timers: the job {} {of} is put aside: {error}", job.kind));
    }
    each(work, "orders", |work, order| {
        let waits = order.text("status") == Some("pending") && order.deleted_at.is_none();
        if waits && work.job_of(&format!("{LOOK_JOB}:{}", order.id))?.is_none() {
            findings.push(format!("timers: orders {}: it is pending and nobody will look at it", order.id));
        }
        Ok(())
    })?;
    each(work, "messages", |work, letter| {
        let waits = letter.text("direction") == Some("out")
            && matches!(letter.text("channel"), Some("email" | "sms" | "chat"))
            && matches!(letter.text("status"), Some("queued" | "sending"))
            && letter.deleted_at.is_none();
        if waits && work.job_of(&outbox::job_key(letter.id))?.is_none() {
            findings.push(format!("timers: messages {}: it waits and nobody will send it", letter.id));
        }
        Ok(())
    })
}
