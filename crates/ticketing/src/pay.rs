//! Money that came: recorded first, then put on its order as far as something is due.

use billing::{Attention, Balance, NewPayment};
use model::rights::Capability;
use model::{Id, Money, Record};
use store::{Draft, Error, Result, Work};

use crate::Ticketing;
use crate::letter_data::{Telling, overpaid_by};
use crate::locks::Locks;
use crate::order::{Order, Status, person, tickets_of};
use crate::sale::Sale;

/// A booked payment.
#[derive(Clone, Debug)]
pub struct Booked {
    /// The payment, after its money was put where it belongs.
    pub payment: Record,
    /// Whether it had been booked before: nothing was written.
    pub repeated: bool,
}

impl Ticketing {
    /// Books a payment. What came is kept in any case; whether it can pay for its order is decided afterwards, and where
    /// it cannot, the payment says why and nothing else moves.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to book payments; [`Error::Invalid`] unless the amount is above zero.
    pub fn book_payment(&self, work: &mut Work<'_>, request: &NewPayment) -> Result<Booked> {
        work.require(Capability::BookPayments)?;
        work.as_process(|work| self.book(work, request))
    }

    fn book(&self, work: &mut Work<'_>, request: &NewPayment) -> Result<Booked> {
        let invoice = found(request.invoice.map(|id| work.get("invoices", id)))?;
        if let Some(invoice) = invoice.as_ref().filter(|invoice| billing::is_of_deal(invoice)) {
            let recorded = billing::book_for_deal(work, request, invoice)?;
            return Ok(Booked { payment: work.get("payments", recorded.payment.id)?, repeated: recorded.repeated });
        }
        let order = invoice.as_ref().and_then(|invoice| invoice.link("order")).or(request.order);
        let order = found(order.map(|id| work.get("orders", id)))?.map(|order| order.id);
        let order = hold_for_money(work, order, request.lock_key())?;
        let attention = match &order {
            None => Attention::NoMatch,
            Some(order) if order.money.total.currency != request.amount.currency => Attention::OtherCurrency,
            Some(order) => match order.status {
                Status::Pending | Status::Paid => Attention::Overpaid,
                Status::Annulled => Attention::LatePayment,
                Status::Cancelled | Status::Refunded => Attention::OrderEnded,
            },
        };
        let account = order.as_ref().and_then(|order| order.record.link("buyer"));
        // What is not there is not linked.
        let new = NewPayment {
            order: order.as_ref().map(Order::id),
            invoice: invoice.as_ref().map(|invoice| invoice.id),
            ..request.clone()
        };
        // What is due is paid as the money is recorded: it waits for nobody on the way.
        let is_open = attention == Attention::Overpaid;
        let due = order.as_ref().filter(|_| is_open).map(|order| order.money.due().minor.min(request.amount.minor));
        let due = due.filter(|due| *due > 0).map(|due| Money::new(due, request.amount.currency));
        let recorded = billing::record(work, &new, account, attention, due)?;
        let (Some(mut order), false) = (order, recorded.repeated) else {
            return Ok(Booked { payment: recorded.payment, repeated: recorded.repeated });
        };
        match attention {
            Attention::Overpaid => {
                let payment = recorded.payment.id;
                let paid = due.unwrap_or(Money::zero(request.amount.currency));
                if !paid.is_zero() {
                    order.money.credit(payment, paid);
                }
                let surplus = Money::new(request.amount.minor - paid.minor, paid.currency);
                self.follow(work, order, payment, surplus, !surplus.is_zero())?
            }
            Attention::LatePayment => flag(work, &order, "late_payment")?,
            Attention::OrderEnded => flag(work, &order, "paid_cancelled")?,
            _ => order,
        };
        Ok(Booked { payment: work.get("payments", recorded.payment.id)?, repeated: false })
    }

    /// Puts the unallocated money of a payment (at most `limit`) on an open order, as far as something is due, and does
    /// what follows: tickets, letters, the mark of a surplus.
    pub(crate) fn put_on(
        &self,
        work: &mut Work<'_>,
        mut order: Order,
        payment: Id,
        invoice: Option<Id>,
        limit: Option<Money>,
    ) -> Result<Order> {
        let before = work.get("payments", payment)?;
        let unallocated = Balance::of(&before)?.unallocated();
        let offered = limit.map_or(unallocated.minor, |limit| limit.minor.min(unallocated.minor));
        let amount = Money::new(offered.min(order.money.due().minor), unallocated.currency);
        let surplus = Money::new(unallocated.minor - amount.minor, unallocated.currency);
        let is_overpaid = limit.is_none() && !surplus.is_zero();
        if !amount.is_zero() {
            // What is left of a payment that was assigned in parts goes on waiting where it waited.
            let keeps = limit.is_some() && !surplus.is_zero();
            let whose = if keeps { before.link("order") } else { Some(order.id()) };
            let reason = (!keeps).then_some(Attention::Overpaid);
            billing::rebalance(work, payment, whose, reason, |balance| balance.allocate(order.id(), invoice, amount))?;
            order.money.credit(payment, amount);
        }
        self.follow(work, order, payment, surplus, is_overpaid)
    }

    /// What follows from money that came to an open order: tickets, letters, the mark of a surplus.
    fn follow(
        &self,
        work: &mut Work<'_>,
        order: Order,
        payment: Id,
        surplus: Money,
        is_overpaid: bool,
    ) -> Result<Order> {
        let sale = Sale::read(work, order.event()?)?;
        let tickets = tickets_of(work, order.id())?;
        let order = if order.status == Status::Pending && order.money.is_covered() {
            self.settle(work, order, &sale, tickets.clone(), is_overpaid.then_some("overpaid"))?
        } else if order.status == Status::Pending {
            let draft = order.money.written(order.status, Draft::new());
            let is_waiting = order.record.get("next_check_at").as_instant().is_some();
            let order = if is_waiting {
                self.wait_again(work, &order, &sale, &tickets, draft)?
            } else {
                order.write(work, draft)?
            };
            self.tell(work, &Telling::new("order_part_paid", &sale, &order, &tickets))?;
            if order.is_group() { self.issue_by_terms(work, order, &sale, tickets.clone())? } else { order }
        } else {
            let order = order.write(work, order.money.written(order.status, Draft::new()))?;
            if is_overpaid { flag(work, &order, "overpaid")? } else { order }
        };
        if is_overpaid {
            let came = Money::new(order.money.paid.minor + surplus.minor, surplus.currency);
            let cause = overpaid_by(&work.get("payments", payment)?);
            self.tell(work, &Telling::new("order_overpaid", &sale, &order, &tickets).paid(came).cause(cause))?;
        }
        Ok(order)
    }
}

/// Takes the locks that money for an order needs (identities of those who may become clients and participants, the order,
/// the payment) in one call, and reads the order behind them.
pub(crate) fn hold_for_money(
    work: &mut Work<'_>,
    order: Option<Id>,
    key: Option<store::LockKey>,
) -> Result<Option<Order>> {
    let mut locks = Locks::default();
    if let Some(id) = order {
        let buyer = person(&work.get("orders", id)?, "buyer");
        let attendees: Vec<_> = tickets_of(work, id)?.iter().map(|ticket| person(ticket, "attendee")).collect();
        locks = locks.people(attendees.iter().chain([&buyer])).order(id);
    }
    if let Some(key) = key {
        locks = locks.key(key);
    }
    work.lock(&locks.keys())?;
    order.map(|id| Order::of(work.hold_for_process("orders", id)?)).transpose()
}

/// Marks an order for a person to look at.
pub(crate) fn flag(work: &mut Work<'_>, order: &Order, reason: &'static str) -> Result<Order> {
    order.write(work, Draft::new().set("needs_attention", true).set("attention_reason", reason))
}

/// Takes the mark off once no money of the order waits any more.
pub(crate) fn unflag_when_settled(work: &mut Work<'_>, order: Id) -> Result<()> {
    if crate::order::waiting_money(work, order)?.is_empty() {
        let draft = Draft::new().set("needs_attention", false).set("attention_reason", None::<&str>);
        work.update("orders", order, draft, None)?;
    }
    Ok(())
}

/// What is not there is nothing: money that names it is kept all the same.
fn found(record: Option<Result<Record>>) -> Result<Option<Record>> {
    match record.transpose() {
        Err(Error::NotFound { .. }) => Ok(None),
        other => other,
    }
}
