//! How long an order waits for money, and how long after that its seats are freed.

use jiff::{SignedDuration, Span, Timestamp};
use model::value::read_duration;
use store::Work;

use crate::sale::{Sale, TicketType};

/// Orders are not looked at more often than this, whatever is set.
const SHORTEST: SignedDuration = SignedDuration::from_mins(1);

/// When an order for these ticket types is looked at next: `payment_wait` of the type, else of the event, else of the
/// workspace, else of the process, else a day; of several types the one that waits least.
pub(crate) fn next_look<'a>(
    work: &Work<'_>,
    sale: &Sale,
    types: impl IntoIterator<Item = &'a TicketType>,
) -> Timestamp {
    let own = sale.event.text("payment_wait");
    let waits = types.into_iter().filter_map(|kind| kind.payment_wait.as_deref().or(own));
    let soonest = waits.filter_map(|wait| after(work, work.now(), wait)).min();
    let soonest = soonest.or_else(|| after(work, work.now(), own?)).unwrap_or_else(|| default_look(work));
    soonest.max(work.now().saturating_add(SHORTEST).unwrap_or(Timestamp::MAX))
}

fn default_look(work: &Work<'_>) -> Timestamp {
    let timer = work.definitions().process("orders").and_then(|process| process.timer("payment_wait"));
    let waits = [Some(work.settings().payment_wait.as_str()), timer.map(|timer| timer.after.as_str()), Some("P1D")];
    waits.into_iter().flatten().find_map(|wait| after(work, work.now(), wait)).unwrap_or(Timestamp::MAX)
}

/// When the seats go that were to be paid for by `due`: `grace` of the event later.
pub(crate) fn release(work: &Work<'_>, sale: &Sale, due: Timestamp) -> Timestamp {
    sale.event.text("grace").and_then(|grace| after(work, due, grace)).unwrap_or(due)
}

/// Days are days of the calendar where the workspace lives.
fn after(work: &Work<'_>, start: Timestamp, duration: &str) -> Option<Timestamp> {
    let span: Span = read_duration(duration).ok()?;
    Some(start.to_zoned(work.settings().zone()).checked_add(span).ok()?.timestamp())
}
