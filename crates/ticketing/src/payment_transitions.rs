//! What staff do with money that is booked: assign it, take it off, give it back.

use billing::{Attention, Balance};
use model::rights::Capability;
use model::{Id, Record};
use serde_json::{Map, Value as Json};
use store::{Draft, Error, Result, Work};

use crate::locks::Locks;
use crate::order::{Order, Status};
use crate::pay::{hold_for_money, unflag_when_settled};
use crate::press::{not_from_here, press};
use crate::sale::read_money;
use crate::{Refusal, Ticketing};

impl Ticketing {
    /// A transition of a payment: `assign` `{order, amount?}`, `unassign`, `refund` `{amount?}`.
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
        let order = fields.get("order").and_then(Json::as_str).and_then(|text| text.parse::<Id>().ok());
        let order = order.ok_or_else(|| Error::field("order", "required", "the id of an order is expected"))?;
        let unknown = |_| Error::field("order", "not_found", "there is no such order");
        work.get("orders", order).map_err(unknown)?;
        let order = work.as_process(|work| hold_for_money(work, Some(order), None))?;
        let Some(order) = order else { return Err(Error::field("order", "not_found", "there is no such order")) };
        let payment = press(work, "payments", id, "assign", fields, &["order", "amount"])?;
        work.as_process(|work| {
            let balance = Balance::of(&payment)?;
            let amount =
                fields.get("amount").map(|json| read_money("amount", json, balance.amount().currency)).transpose()?;
            if balance.unallocated().is_zero() {
                return Err(Refusal::NothingUnallocated.into());
            }
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
            if let Some(amount) = amount
                && !(1..=balance.unallocated().minor).contains(&amount.minor)
            {
                return Err(Refusal::TooMuchToRefund(balance.unallocated()).into());
            }
            let before = payment.link("order").filter(|before| *before != order.id());
            self.put_on(work, order, id, payment.link("invoice"), amount)?;
            before.map_or(Ok(()), |before| unflag_when_settled(work, before))
        })
    }

    /// Takes the payment off the orders it pays for; they must still be open.
    fn unassign(&self, work: &mut Work<'_>, id: Id, fields: &Map<String, Json>) -> Result<()> {
        let orders = work.as_process(|work| lock_orders(work, id))?;
        press(work, "payments", id, "unassign", fields, &[])?;
        work.as_process(|work| {
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

/// Takes turns on the orders that a payment has to do with, before it is held itself.
fn lock_orders(work: &mut Work<'_>, payment: Id) -> Result<Vec<Id>> {
    let payment = work.get("payments", payment)?;
    let lines = Balance::of(&payment)?.allocations().iter().map(|line| line.order).collect::<Vec<_>>();
    let orders: Vec<Id> = lines.into_iter().chain(payment.link("order")).collect();
    work.lock(&orders.iter().fold(Locks::default(), |locks, order| locks.order(*order)).keys())?;
    Ok(orders)
}
