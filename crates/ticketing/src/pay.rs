//! Money that came: recorded first, then put on its order as far as something is due.

use billing::{Attention, Balance, Method, NewPayment};
use jiff::Timestamp;
use model::rights::Capability;
use model::value::TEXT_LIMIT;
use model::{Id, Money, Record, Value};
use serde_json::{Map, Value as Json};
use store::{Draft, Error, Result, Work};

use crate::Ticketing;
use crate::letter_data::{Telling, overpaid_by};
use crate::locks::Locks;
use crate::order::{Order, Status, person, tickets_of};
use crate::sale::Sale;

/// Money that came, as its source tells it.
#[derive(Clone, Debug)]
pub struct PaymentRequest {
    /// How much; above zero.
    pub amount: Money,
    /// When; now where nothing is said.
    pub received_at: Option<Timestamp>,
    /// How; by bank transfer where nothing is said.
    pub method: Option<Method>,
    /// Number of the payer's document.
    pub reference: Option<String>,
    /// Who paid.
    pub payer_name: Option<String>,
    /// The payer's INN.
    pub payer_inn: Option<String>,
    /// What for, in the payer's words.
    pub purpose: Option<String>,
    /// The order it is for.
    pub order: Option<Id>,
    /// The invoice it is for; its order is taken from it.
    pub invoice: Option<Id>,
    /// Who told of it; `manual` where nothing is said.
    pub provider: Option<String>,
    /// Its id there: the same id of one provider is booked once.
    pub external_id: Option<String>,
}

impl PaymentRequest {
    /// Money for an order, entered by hand.
    #[must_use]
    pub fn of(amount: Money, order: Id) -> Self {
        Self {
            amount,
            received_at: None,
            method: None,
            reference: None,
            payer_name: None,
            payer_inn: None,
            purpose: None,
            order: Some(order),
            invoice: None,
            provider: None,
            external_id: None,
        }
    }

    /// Reads the body of `POST /payments`: fields of a payment, `order` or `invoice` among them.
    ///
    /// # Errors
    /// [`Error::Invalid`] for unknown fields, values that do not fit, and a missing amount.
    pub fn read(work: &Work<'_>, body: &Map<String, Json>) -> Result<Self> {
        let draft = Draft::read(&*work.module("payments")?, body, work.settings().reading())?;
        let decided = ["account", "allocations", "unallocated", "refunded", "status", "needs_attention_reason"];
        if let Some(field) = draft.values.keys().find(|field| decided.contains(&field.as_str())) {
            return Err(Error::field(field, "read_only", "this follows from what the payment is for"));
        }
        let value = |name: &str| draft.values.get(name).unwrap_or(&Value::Null);
        let text = |name: &str| value(name).as_text().map(str::to_owned);
        let amount = value("amount").as_money();
        Ok(Self {
            amount: amount.ok_or_else(|| Error::field("amount", "required", "this must be filled"))?,
            received_at: value("received_at").as_instant(),
            method: value("method").as_text().and_then(Method::parse),
            reference: text("reference"),
            payer_name: text("payer_name"),
            payer_inn: text("payer_inn"),
            purpose: text("purpose"),
            order: value("order").as_id(),
            invoice: value("invoice").as_id(),
            provider: text("provider"),
            external_id: text("external_id"),
        })
    }
}

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
    pub fn book_payment(&self, work: &mut Work<'_>, request: &PaymentRequest) -> Result<Booked> {
        work.require(Capability::BookPayments)?;
        work.as_process(|work| self.book(work, request))
    }

    fn book(&self, work: &mut Work<'_>, request: &PaymentRequest) -> Result<Booked> {
        let invoice = found(request.invoice.map(|id| work.get("invoices", id)))?;
        let order = invoice.as_ref().and_then(|invoice| invoice.link("order")).or(request.order);
        let order = found(order.map(|id| work.get("orders", id)))?.map(|order| order.id);
        let provider = filled(request.provider.as_deref()).unwrap_or_else(|| "manual".to_owned());
        let external_id = filled(request.external_id.as_deref());
        let key = external_id.as_ref().map(|id| billing::lock_key(&provider, id));
        let order = hold_for_money(work, order, key)?;
        let attention = match &order {
            None => Attention::NoMatch,
            Some(order) if order.money.total.currency != request.amount.currency => Attention::OtherCurrency,
            Some(order) => match order.status {
                Status::Pending | Status::Paid => Attention::Overpaid,
                Status::Annulled => Attention::LatePayment,
                Status::Cancelled | Status::Refunded => Attention::OrderEnded,
            },
        };
        let new = NewPayment {
            amount: request.amount,
            received_at: request.received_at.unwrap_or_else(|| work.now()),
            method: request.method.unwrap_or_default(),
            reference: filled(request.reference.as_deref()),
            payer_name: filled(request.payer_name.as_deref()),
            payer_inn: filled(request.payer_inn.as_deref()),
            purpose: filled(request.purpose.as_deref()),
            order: order.as_ref().map(Order::id),
            invoice: invoice.as_ref().map(|invoice| invoice.id),
            account: order.as_ref().and_then(|order| order.record.link("buyer")),
            provider,
            external_id,
            attention,
        };
        let recorded = billing::record(work, &new)?;
        let (Some(order), false) = (order, recorded.repeated) else {
            return Ok(Booked { payment: recorded.payment, repeated: recorded.repeated });
        };
        let invoice = invoice.map(|invoice| invoice.id);
        match attention {
            Attention::Overpaid => self.put_on(work, order, recorded.payment.id, invoice, None)?,
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
        let sale = Sale::read(work, order.event()?)?;
        let tickets = tickets_of(work, order.id())?;
        let order = if order.status == Status::Pending && order.money.is_covered() {
            self.settle(work, order, &sale, tickets.clone(), is_overpaid.then_some("overpaid"))?
        } else if order.status == Status::Pending {
            let order = self.wait_again(work, &order, &sale, &tickets, order.money.written(Draft::new()))?;
            self.tell(work, &Telling::new("order_part_paid", &sale, &order, &tickets))?;
            order
        } else {
            let order = order.write(work, order.money.written(Draft::new()))?;
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

/// Text of a source outside, fit to be kept.
fn filled(text: Option<&str>) -> Option<String> {
    let text: String = text?.trim().chars().filter(|character| *character != '\0').take(TEXT_LIMIT).collect();
    (!text.is_empty()).then_some(text)
}
