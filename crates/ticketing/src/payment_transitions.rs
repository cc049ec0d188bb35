//! What staff do with money that is booked: assign it, take it off, give it back.

use billing::{Allocation, Attention, Balance};
use model::rights::Capability;
use model::{Id, Money, Record};
use serde_json::{Map, Value as Json};
use store::{Draft, Error, Result, Work};

use crate::locks::Locks;
use crate::order::{Order, Status};
use crate::pay::{hold_for_money, unflag_when_settled};
use crate::press::{not_from_here, press};
use crate::sale::read_money;
use crate::{Refusal, Ticketing};

impl Ticketing {
    /// A transition of a payment: `assign` `{order, amount?}` or `{invoice, amount?}`, `unassign`, `refund` `{amount?}`.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], and the refusals.
    pub fn payment_transition(
        &self,
        work: &mut Work<'_>,
        id: Id,
        name: &str,
        fields: &Map<String, Json>,
    ) -> Result<Record> {
        work.require(Capability::BookPayments)?;
        let seen = work.get("payments", id)?;
        match name {
            "assign" => self.assign(work, id, fields)?,
            "unassign" => self.unassign(work, id, fields)?,
            "refund" => self.refund_payment(work, id, fields)?,
            _ => return Err(not_from_here(work, &seen, name)),
        }
        work.as_process(|work| work.get("payments", id))
    }

    fn assign(&self, work: &mut Work<'_>, id: Id, fields: &Map<String, Json>) -> Result<()> {
        let named = |name: &str| fields.get(name).and_then(Json::as_str).and_then(|text| text.parse::<Id>().ok());
        let (order, invoice) = (named("order"), named("invoice"));
        let order = match (order, invoice) {
            (Some(order), _) => order,
            (None, None) => return Err(Error::field("order", "required", "the id of an order or invoice is expected")),
            (None, Some(invoice)) => {
                let unknown = |_| Error::field("invoice", "not_found", "there is no such invoice");
                let invoice = work.get("invoices", invoice).map_err(unknown)?;
                // As the process sees it: what it is for may be hidden.
                let invoice = work.as_process(|work| work.get("invoices", invoice.id))?;
                match invoice.link("order") {
                    Some(order) => order,
                    None => return self.assign_to_deal(work, id, &invoice, fields),
                }
            }
        };
        let unknown = |_| Error::field("order", "not_found", "there is no such order");
        work.get("orders", order).map_err(unknown)?;
        let order = work.as_process(|work| hold_for_money(work, Some(order), None))?;
        let Some(order) = order else { return Err(Error::field("order", "not_found", "there is no such order")) };
        let payment = press(work, "payments", id, "assign", fields, &OPTIONS)?;
        work.as_process(|work| {
            let balance = Balance::of(&payment)?;
            let amount = offered(&balance, fields)?;
            if order.money.total.currency != balance.amount().currency {
                return Err(Error::conflict(
                    "other_currency",
                    format!("the order is in {}", order.money.total.currency),
                ));
            }
            let is_open = matches!(order.status, Status::Pending | Status::Paid) && !order.money.due().is_zero();
            if !is_open {
                return Err(Refusal::NothingDue(order.status.name().to_owned()).into());
            }
            within(&balance, amount)?;
            let before = payment.link("order").filter(|before| *before != order.id());
            self.put_on(work, order, id, payment.link("invoice"), amount)?;
            before.map_or(Ok(()), |before| unflag_when_settled(work, before))
        })
    }

    /// Puts the payment on the invoice of a deal, as far as something is due.
    fn assign_to_deal(&self, work: &mut Work<'_>, id: Id, invoice: &Record, fields: &Map<String, Json>) -> Result<()> {
        let of_deal = invoice.link("deal").map(billing::deal_lock);
        let seen = work.as_process(|work| work.get("payments", id))?;
        let waits = seen.link("order").into_iter().fold(Locks::default(), Locks::order);
        work.lock(&of_deal.into_iter().fold(waits, Locks::key).keys())?;
        let payment = press(work, "payments", id, "assign", fields, &OPTIONS)?;
        work.as_process(|work| {
            let invoice = work.get("invoices", invoice.id)?;
            let balance = Balance::of(&payment)?;
            let amount = offered(&balance, fields)?;
            let due = billing::due_on(&invoice).filter(|due| !due.is_zero());
            let Some(due) = due else {
                return Err(Refusal::NothingDue(invoice.text("status").unwrap_or_default().to_owned()).into());
            };
            if due.currency != balance.amount().currency {
                return Err(Error::conflict("other_currency", format!("the invoice is in {}", due.currency)));
            }
            within(&balance, amount)?;
            billing::put_on_deal(work, &payment, invoice.id, amount)?;
            payment.link("order").map_or(Ok(()), |before| unflag_when_settled(work, before))
        })
    }

    /// Takes the payment off what it pays for; orders must still be open.
    fn unassign(&self, work: &mut Work<'_>, id: Id, fields: &Map<String, Json>) -> Result<()> {
        let orders = work.as_process(|work| lock_orders(work, id))?;
        let payment = press(work, "payments", id, "unassign", fields, &[])?;
        work.as_process(|work| {
            for invoice in Balance::of(&payment)?.allocations().iter().filter_map(Allocation::of_deal) {
                billing::release_of_deal(work, &payment, invoice)?;
            }
            for order in &orders {
                let mut order = Order::of(work.hold_for_process("orders", *order)?)?;
                if order.money.payments.contains(&id) {
                    if order.status != Status::Pending {
                        return Err(Refusal::OrderPaid(order.number().to_owned()).into());
                    }
                    let released = billing::release(work, id, order.id(), None, Attention::NoMatch)?;
                    order.money.debit(id, released.amount, released.rest);
                    order.write(work, order.money.written(order.status, Draft::new()))?;
                }
            }
            billing::attribute(work, id, None, Attention::NoMatch)?;
            orders.into_iter().try_for_each(|order| unflag_when_settled(work, order))
        })
    }

    /// Notes that the unallocated money, or a part of it, was given back.
    fn refund_payment(&self, work: &mut Work<'_>, id: Id, fields: &Map<String, Json>) -> Result<()> {
        work.as_process(|work| lock_orders(work, id))?;
        let payment = press(work, "payments", id, "refund", fields, &["amount"])?;
        let left = Balance::of(&payment)?.unallocated();
        if left.is_zero() {
            return Err(Refusal::NothingUnallocated.into());
        }
        let amount =
            fields.get("amount").map(|json| read_money("amount", json, left.currency)).transpose()?.unwrap_or(left);
        if amount.currency == left.currency && amount.minor > left.minor {
            return Err(Refusal::TooMuchToRefund(left).into());
        }
        work.as_process(|work| {
            let payment = billing::refund(work, id, amount)?;
            payment.link("order").map_or(Ok(()), |order| unflag_when_settled(work, order))
        })
    }
}

/// What an assignment names beside fields of the payment.
const OPTIONS: [&str; 3] = ["order", "invoice", "amount"];

/// How much of what is unallocated is meant; all of it where nothing is said.
fn offered(balance: &Balance, fields: &Map<String, Json>) -> Result<Option<Money>> {
    let said = fields.get("amount").filter(|json| !json.is_null());
    let amount = said.map(|json| read_money("amount", json, balance.amount().currency)).transpose()?;
    if balance.unallocated().is_zero() {
        return Err(Refusal::NothingUnallocated.into());
    }
    Ok(amount)
}

fn within(balance: &Balance, amount: Option<Money>) -> Result<()> {
    match amount {
        Some(amount) if !(1..=balance.unallocated().minor).contains(&amount.minor) => {
            Err(Refusal::TooMuchToRefund(balance.unallocated()).into())
        }
        _ => Ok(()),
    }
}

/// Takes turns on the orders and deals that a payment has to do with, before it is held itself.
fn lock_orders(work: &mut Work<'_>, payment: Id) -> Result<Vec<Id>> {
    let payment = work.get("payments", payment)?;
    let balance = Balance::of(&payment)?;
    let lines = balance.allocations().iter().filter_map(|line| line.order);
    let orders: Vec<Id> = lines.chain(payment.link("order")).collect();
    let mut locks = orders.iter().fold(Locks::default(), |locks, order| locks.order(*order));
    for invoice in balance.allocations().iter().filter_map(Allocation::of_deal) {
        let deal = work.get("invoices", invoice)?.link("deal");
        locks = deal.map(billing::deal_lock).into_iter().fold(locks, Locks::key);
    }
    work.lock(&locks.keys())?;
    Ok(orders)
}
