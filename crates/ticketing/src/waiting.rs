//! How long an order waits for money, and how long after that its seats are freed.

use jiff::{SignedDuration, Span, Timestamp};
use model::value::read_duration;
use store::Work;

use crate::sale::{Sale, TicketType};

/// Orders are not looked at more often than this, whatever is set.
const SHORTEST: SignedDuration = SignedDuration::from_mins(1);

/// The timer of the process of orders that says how long they wait where nobody else does.
pub(crate) const PAYMENT_WAIT: &str = "payment_wait";

/// The timer that says how long those may take to pay who have their tickets before.
const DEBT_WAIT: &str = "debt_wait";

/// The timer that says how long seats are held for somebody of the waiting list.
const OFFER_WAIT: &str = "offer_wait";

/// When an order for these ticket types is looked at next: `payment_wait` of the type, else of the event, else of the
/// workspace, else of the process, else a day; of several types the one that waits least.
pub(crate) fn next_look<'a>(
    work: &Work<'_>,
    sale: &Sale,
    types: impl IntoIterator<Item = &'a TicketType>,
) -> Timestamp {
    look_after(work, sale, types, work.now())
}

/// The same of an order that waits since `since`.
pub(crate) fn look_after<'a>(
    work: &Work<'_>,
    sale: &Sale,
    types: impl IntoIterator<Item = &'a TicketType>,
    since: Timestamp,
) -> Timestamp {
    let event = sale.event.text("payment_wait");
    let wait = |own: Option<&str>| {
        let said = own.and_then(|wait| after(work, since, wait));
        let said = said.or_else(|| after(work, since, event?));
        said.unwrap_or_else(|| default_look(work, since))
    };
    let soonest = types.into_iter().map(|kind| wait(kind.payment_wait.as_deref())).min();
    let soonest = soonest.unwrap_or_else(|| wait(None));
    soonest.max(since.saturating_add(SHORTEST).unwrap_or(Timestamp::MAX))
}

/// Until when seats are held for somebody of the waiting list: `waiting_hold` of the event, else the timer `offer_wait` of the
/// process, else a day.
pub(crate) fn offer_until(work: &Work<'_>, sale: &Sale) -> Timestamp {
    let timer = work.definitions().process("orders").and_then(|process| process.timer(OFFER_WAIT));
    let waits = [sale.event.text("waiting_hold"), timer.map(|timer| timer.after.as_str()), Some("PT24H")];
    let until = waits.into_iter().flatten().find_map(|wait| after(work, work.now(), wait)).unwrap_or(Timestamp::MAX);
    until.max(work.now().saturating_add(SHORTEST).unwrap_or(Timestamp::MAX))
}

/// When an organisation that has its tickets is looked at next: the timer `debt_wait` of the process, else two weeks.
pub(crate) fn next_chase(work: &Work<'_>) -> Timestamp {
    let timer = work.definitions().process("orders").and_then(|process| process.timer(DEBT_WAIT));
    let waits = [timer.map(|timer| timer.after.as_str()), Some("P14D")];
    let chase = waits.into_iter().flatten().find_map(|wait| after(work, work.now(), wait)).unwrap_or(Timestamp::MAX);
    chase.max(work.now().saturating_add(SHORTEST).unwrap_or(Timestamp::MAX))
}

fn default_look(work: &Work<'_>, since: Timestamp) -> Timestamp {
    let timer = work.definitions().process("orders").and_then(|process| process.timer(PAYMENT_WAIT));
    let waits = [work.settings().payment_wait.as_deref(), timer.map(|timer| timer.after.as_str()), Some("P1D")];
    waits.into_iter().flatten().find_map(|wait| after(work, since, wait)).unwrap_or(Timestamp::MAX)
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
