//! The deal follows its order: to invoiced, to tickets issued, to its end. Its stages are open to change, so it goes where the
//! records of a stage go that is out of use, a stage that is not there is passed over, and it is won by its own condition.

use model::process::{Phase, Process, State};
use model::{Id, Record};
use store::{Draft, Error, Result, Work};

use crate::order::Order;

/// The deal of an order, held; nothing where it is gone.
fn held(work: &mut Work<'_>, id: Id) -> Result<Option<Record>> {
    match work.hold_for_process("deals", id) {
        Ok(deal) => Ok(Some(deal).filter(|deal| deal.deleted_at.is_none())),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The phase in which a deal is.
pub(super) fn phase(work: &Work<'_>, deal: &Record) -> Phase {
    let process = work.definitions().process("deals");
    let state = process.and_then(|process| process.state(deal.text(&process.field)?));
    state.map_or(Phase::Open, |state| state.phase)
}

/// Leads the deal of an order to `stage` and writes `draft` along. One that is lost comes back with its order; one that is
/// won stays where it is.
pub(super) fn lead_to(work: &mut Work<'_>, order: &Order, stage: &str, draft: Draft) -> Result<()> {
    let Some(deal) = order.record.link("deal").map(|deal| held(work, deal)).transpose()?.flatten() else {
        return Ok(());
    };
    let Some(process) = work.definitions().process("deals").cloned() else { return Ok(()) };
    let draft = match on_the_way(&process, stage).filter(|_| phase(work, &deal) != Phase::Won) {
        Some(stage) => draft.set(&process.field, stage),
        None => draft,
    };
    work.update("deals", deal.id, draft.set("lost_reason", None::<&str>), None)?;
    Ok(())
}

/// The stage that stands for the one called `stage` on the way of a deal, where there is one.
pub(super) fn on_the_way<'p>(process: &'p Process, stage: &str) -> Option<&'p str> {
    let stage = process.in_use(stage).filter(|stage| stage.phase == Phase::Open);
    stage.map(|stage| stage.name.as_str())
}

/// Wins the deal of an order where the condition of its pipeline holds.
pub(super) fn win(work: &mut Work<'_>, order: &Order) -> Result<()> {
    order.record.link("deal").map_or(Ok(()), |deal| billing::win(work, deal))
}

/// Loses the deal of an order that ended, for the reason that stands on the order.
pub(super) fn lose(work: &mut Work<'_>, order: &Order, reason: &str) -> Result<()> {
    let Some(deal) = order.record.link("deal").map(|deal| held(work, deal)).transpose()?.flatten() else {
        return Ok(());
    };
    let Some(process) = work.definitions().process("deals").cloned() else { return Ok(()) };
    let is_lost = |state: &&State| state.phase == Phase::Lost && !state.retired;
    let lost = process.in_use("lost").filter(is_lost).or_else(|| process.states.iter().find(is_lost));
    let (Some(lost), Phase::Open) = (lost, phase(work, &deal)) else { return Ok(()) };
    let option = order.record.module.field("end_reason").and_then(|field| field.option(reason));
    let words = option.map_or(reason, |option| option.label.get(work.settings().locale)).to_owned();
    let draft = Draft::new().set(&process.field, lost.name.as_str()).set("lost_reason", words);
    work.update("deals", deal.id, draft, None)?;
    Ok(())
}
