//! The papers of a deal: which of them stand, the money that comes for its invoice, and what the deal learns of both.
//!
//! Everything here happens behind the lock of the deal ([`deal_lock`]).

use jiff::civil::Date;
use model::expr::Plan;
use model::process::Phase;
use model::{Id, Money, Paper, Record, Value};
use store::{Draft, Error, Judged, LockKey, Result, Work, space};

use crate::invoice::{DRAFT, ISSUED, PAID, VOID};
use crate::payment::{NewPayment, Recorded, rebalance, record};
use crate::{Attention, Balance, invoice};

/// The module of check lists.
const DOCUMENTS: &str = "deal_documents";

/// What transactions take turns on that issue papers of a deal or move its money: a deal stands where an order does.
#[must_use]
pub fn deal_lock(deal: Id) -> LockKey {
    LockKey::new(space::ORDER, deal.0.as_bytes())
}

/// Whether an invoice asks for the money of a deal, not of an order.
#[must_use]
pub fn is_of_deal(invoice: &Record) -> bool {
    invoice.link("order").is_none() && invoice.link("deal").is_some()
}

/// The paper of a deal that stands: issued, signed or paid. Of invoices those of the deal's orders count as well.
///
/// # Errors
/// When the database fails.
pub fn standing(work: &mut Work<'_>, deal: Id, paper: Paper) -> Result<Option<Record>> {
    Ok(all_standing(work, deal, paper)?.pop())
}

/// Those that stand, in the order of their making.
fn all_standing(work: &mut Work<'_>, deal: Id, paper: Paper) -> Result<Vec<Record>> {
    work.as_process(|work| {
        let module = work.module(paper.module())?;
        let of_deal = Plan::field(&module, "deal").and_then(|field| field.eq(deal));
        let of_deal = of_deal.map_err(|error| Error::bad_query(error.code.as_str(), error.message))?;
        let mut papers = work.find(paper.module(), of_deal)?;
        papers.retain(|paper| paper.deleted_at.is_none() && paper.text("status") != Some(VOID));
        papers.sort_by_key(|paper| paper.id);
        Ok(papers)
    })
}

/// The deal's own invoice by which it is paid now.
///
/// # Errors
/// When the database fails.
pub fn invoice_of_deal(work: &mut Work<'_>, deal: Id) -> Result<Option<Record>> {
    Ok(standing(work, deal, Paper::Invoice)?.filter(is_of_deal))
}

/// What is still to pay by the invoice of a deal; of one that is void, nothing.
#[must_use]
pub fn due_on(invoice: &Record) -> Option<Money> {
    let total = invoice.get("total").as_money().filter(|_| is_of_deal(invoice))?;
    let paid = invoice.get("paid").as_money().map_or(0, |paid| paid.minor);
    let is_asked = matches!(invoice.text("status"), Some(ISSUED | PAID));
    Some(Money::new(if is_asked { (total.minor - paid).max(0) } else { 0 }, total.currency))
}

/// Records money for the invoice of a deal, or for the one that took its place, and pays what is due of it at once. What the provider
/// told before is not recorded again.
///
/// # Errors
/// [`Error::Invalid`] unless the amount is above zero.
pub fn book_for_deal(work: &mut Work<'_>, new: &NewPayment, named: &Record) -> Result<Recorded> {
    let Some(deal) = named.link("deal") else { return Err(Error::not_found("deals", named.id)) };
    let keys: Vec<LockKey> = [deal_lock(deal)].into_iter().chain(new.lock_key()).collect();
    work.lock(&keys)?;
    // As it is behind the lock; money that names a void one belongs to the next.
    let present = work.as_process(|work| work.get(invoice::MODULE, named.id))?;
    let asked = if present.text("status") == Some(VOID) { invoice_of_deal(work, deal)? } else { Some(present) };
    let due = asked.as_ref().and_then(due_on);
    let attention = match due {
        None => Attention::NoMatch,
        Some(due) if due.currency != new.amount.currency => Attention::OtherCurrency,
        Some(_) => Attention::Overpaid,
    };
    let due = due.filter(|_| attention == Attention::Overpaid).map(|due| due.minor.min(new.amount.minor));
    let due = due.filter(|due| *due > 0).map(|due| Money::new(due, new.amount.currency));
    let whose = asked.as_ref().unwrap_or(named);
    let new = NewPayment { order: None, invoice: Some(whose.id), ..new.clone() };
    let recorded = record(work, &new, whose.link("account"), attention, due)?;
    if let (Some(due), false) = (due, recorded.repeated) {
        count(work, whose.id, due.minor, received_on(work, &recorded.payment))?;
    }
    Ok(recorded)
}

/// Puts unallocated money of a payment (at most `limit`) on the invoice of a deal, as far as something is due.
///
/// # Errors
/// [`crate::BalanceError`] as a conflict; [`Error::NotFound`].
pub fn put_on_deal(work: &mut Work<'_>, payment: &Record, invoice: Id, limit: Option<Money>) -> Result<()> {
    let invoice = work.as_process(|work| work.get(invoice::MODULE, invoice))?;
    let unallocated = Balance::of(payment)?.unallocated();
    let due = due_on(&invoice).map_or(0, |due| due.minor);
    let offered = limit.map_or(unallocated.minor, |limit| limit.minor.min(unallocated.minor));
    let amount = Money::new(offered.min(due), unallocated.currency);
    // What is left of a payment that was assigned in parts goes on waiting where it waited.
    let keeps = limit.is_some() && amount.minor < unallocated.minor;
    let (whose, reason) = if keeps { (payment.link("order"), None) } else { (None, Some(Attention::Overpaid)) };
    rebalance(work, payment.id, whose, reason, |balance| balance.allocate_to_deal(invoice.id, amount))?;
    count(work, invoice.id, amount.minor, received_on(work, payment))
}

/// Takes a payment off the invoice of a deal.
///
/// # Errors
/// [`Error::NotFound`].
pub fn release_of_deal(work: &mut Work<'_>, payment: &Record, invoice: Id) -> Result<()> {
    let (_, released) =
        rebalance(work, payment.id, None, Some(Attention::NoMatch), |balance| Ok(balance.release_of_deal(invoice)))?;
    count(work, invoice, -released.minor, received_on(work, payment))
}

/// Both sides have signed: the deal has the day, and is won where its condition holds by it.
///
/// # Errors
/// When the database fails.
pub fn signed(work: &mut Work<'_>, deal: Id, on: Date) -> Result<()> {
    tell(work, deal, "contract_signed_on", Some(on))?;
    win(work, deal)
}

/// What the deal says of a day: its contract, its money.
///
/// # Errors
/// When the database fails.
fn tell(work: &mut Work<'_>, deal: Id, field: &str, day: Option<Date>) -> Result<()> {
    let Some(held) = held(work, deal)? else { return Ok(()) };
    if held.get(field).as_date() == day {
        return Ok(());
    }
    work.as_process(|work| work.update("deals", deal, Draft::new().set(field, day), None)).map(drop)
}

/// The deal, held; nothing where it is gone or in the bin.
fn held(work: &mut Work<'_>, deal: Id) -> Result<Option<Record>> {
    match work.hold_for_process("deals", deal) {
        Ok(deal) => Ok(Some(deal).filter(|deal| deal.deleted_at.is_none())),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Wins the deal where the condition of its pipeline holds.
///
/// # Errors
/// When the database fails.
pub fn win(work: &mut Work<'_>, deal: Id) -> Result<()> {
    work.as_process(|work| {
        let Some(deal) = held(work, deal)? else { return Ok(()) };
        let Some(process) = work.definitions().process("deals").cloned() else { return Ok(()) };
        if let Judged::Open(transition) = work.judge(&process, &deal, "win")? {
            let to = transition.to.clone();
            work.makes(&deal, &transition.key);
            work.update("deals", deal.id, Draft::new().set(&process.field, to), None)?;
        }
        Ok(())
    })
}

/// Whether the condition by which a deal was won still holds; nothing of a deal that is not won.
///
/// # Errors
/// When the database fails.
pub fn is_still_earned(work: &mut Work<'_>, deal: Id) -> Result<Option<bool>> {
    work.as_process(|work| {
        let (Some(deal), Some(process)) = (held(work, deal)?, work.definitions().process("deals").cloned()) else {
            return Ok(None);
        };
        let stage = deal.text(&process.field).unwrap_or_default();
        if process.state(stage).is_none_or(|state| state.phase != Phase::Won) {
            return Ok(None);
        }
        for step in process.transitions.iter().filter(|step| step.to == stage) {
            if work.guard_holds(step, &deal)? {
                return Ok(Some(true));
            }
        }
        Ok(Some(false))
    })
}

/// A paper was issued, or is void: the check list of the deal says whether one of its kind has gone out and stands. Documents that
/// nobody needs stay so.
///
/// # Errors
/// When the database fails.
pub fn mark(work: &mut Work<'_>, deal: Id, paper: Paper) -> Result<()> {
    work.as_process(|work| {
        let Ok(module) = work.module(DOCUMENTS) else { return Ok(()) };
        let said = |name: &str, value: Value| Plan::field(&module, name).and_then(|field| field.eq(value));
        // A pack of before has no kinds: what it lists is ticked off by hand.
        let (Ok(of_deal), Ok(of_kind)) = (said("deal", Value::Id(deal)), said("kind", Value::from(paper.name())))
        else {
            return Ok(());
        };
        let mut standing = all_standing(work, deal, paper)?.into_iter();
        let is_there = standing.any(|paper| paper.text("status") != Some(DRAFT));
        let (from, to) = if is_there { ("awaited", "received") } else { ("received", "awaited") };
        // A file is there whatever becomes of the paper.
        let has_file = |document: &Record| document.get("files_attached").as_int().is_some_and(|files| files > 0);
        for document in work.find(DOCUMENTS, of_deal.and(of_kind))? {
            let is_as_said = document.deleted_at.is_some() || !is_there && has_file(&document);
            if !is_as_said && document.text("status") == Some(from) {
                work.update(DOCUMENTS, document.id, Draft::new().set("status", to), None)?;
            }
        }
        Ok(())
    })
}

/// Names of the documents of the check list that are still awaited, as far as whoever works sees them.
///
/// # Errors
/// When the database fails.
pub fn awaited(work: &mut Work<'_>, deal: Id) -> Result<Vec<String>> {
    let Ok(module) = work.module(DOCUMENTS) else { return Ok(Vec::new()) };
    let Ok(of_deal) = Plan::field(&module, "deal").and_then(|field| field.eq(deal)) else { return Ok(Vec::new()) };
    let documents = work.find(DOCUMENTS, of_deal)?.into_iter();
    let awaited = documents.filter(|it| it.deleted_at.is_none() && it.text("status") == Some("awaited"));
    Ok(awaited.map(|document| document.title()).collect())
}

/// The papers that stand, by what they are kept as.
///
/// # Errors
/// When the database fails.
pub fn kept(work: &mut Work<'_>, deal: Id) -> Result<Vec<(Paper, Record)>> {
    let mut kept = Vec::new();
    for paper in Paper::ALL {
        if work.definitions().module(paper.module()).is_some() {
            kept.extend(standing(work, deal, paper)?.map(|standing| (paper, standing)));
        }
    }
    Ok(kept)
}

/// Counts money on the invoice of a deal. Paid in full, the deal has the day and may be won by it; taken off again, it has none.
fn count(work: &mut Work<'_>, invoice: Id, minor: i64, day: Date) -> Result<()> {
    work.as_process(|work| {
        let held = work.hold_for_process(invoice::MODULE, invoice)?;
        let Some(total) = held.get("total").as_money() else { return Ok(()) };
        let paid = held.get("paid").as_money().map_or(0, |paid| paid.minor) + minor;
        let is_paid = paid >= total.minor;
        let was_paid = held.text("status") == Some(PAID);
        let draft = Draft::new().set("paid", Money::new(paid, total.currency));
        let draft = if held.text("status") == Some(VOID) {
            draft
        } else {
            draft.set("status", if is_paid { PAID } else { ISSUED })
        };
        work.update(invoice::MODULE, invoice, draft, None)?;
        match (held.link("deal"), was_paid, is_paid) {
            (Some(deal), false, true) => {
                tell(work, deal, "paid_on", Some(day))?;
                win(work, deal)
            }
            (Some(deal), true, false) => tell(work, deal, "paid_on", None),
            _ => Ok(()),
        }
    })
}

/// The day on which money came, where the organisation is.
fn received_on(work: &Work<'_>, payment: &Record) -> Date {
    let at = payment.get("received_at").as_instant().unwrap_or_else(|| work.now());
    work.settings().zone().to_datetime(at).date()
}
