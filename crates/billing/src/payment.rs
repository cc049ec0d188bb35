//! Recording payments and moving their money.

use jiff::Timestamp;
use model::value::TEXT_LIMIT;
use model::{Id, Money, Record, Value};
use serde_json::{Map, Value as Json};
use store::{Draft, Error, LockKey, Result, Work, space};

use crate::{Attention, Balance, BalanceError};

/// How money came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// A transfer to the bank account.
    #[default]
    Bank,
    /// A card.
    Card,
    /// Cash.
    Cash,
    /// Anything else.
    Other,
}

impl Method {
    /// As the field has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Card => "card",
            Self::Cash => "cash",
            Self::Other => "other",
        }
    }

    /// The method called `name`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Bank, Self::Card, Self::Cash, Self::Other].into_iter().find(|method| method.name() == name)
    }
}

/// Money that came, as its source tells it.
#[derive(Clone, Debug)]
pub struct NewPayment {
    /// How much; above zero.
    pub amount: Money,
    /// When it came; now where nothing is said.
    pub received_at: Option<Timestamp>,
    /// How.
    pub method: Method,
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
    /// Who told of it (a bank, a payment service); `manual` where nothing is said.
    pub provider: Option<String>,
    /// Its id there; the same id of one provider is the same payment.
    pub external_id: Option<String>,
}

impl NewPayment {
    /// Money for an order, entered by hand.
    #[must_use]
    pub fn of(amount: Money, order: Id) -> Self {
        Self {
            amount,
            received_at: None,
            method: Method::default(),
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

    /// Reads fields of a payment, `order` or `invoice` among them.
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
            method: value("method").as_text().and_then(Method::parse).unwrap_or_default(),
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

    /// What transactions take turns on; nothing where the payment has no id outside.
    #[must_use]
    pub fn lock_key(&self) -> Option<LockKey> {
        let external_id = filled(self.external_id.as_deref())?;
        Some(LockKey::new(space::PAYMENT, format!("{}\n{external_id}", self.provider())))
    }

    fn provider(&self) -> String {
        filled(self.provider.as_deref()).unwrap_or_else(|| "manual".to_owned())
    }
}

/// Text of a source outside, fit to be kept.
fn filled(text: Option<&str>) -> Option<String> {
    let text: String = text?.trim().chars().filter(|character| *character != '\0').take(TEXT_LIMIT).collect();
    (!text.is_empty()).then_some(text)
}

/// A payment on record.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The payment.
    pub payment: Record,
    /// Whether it was already there: nothing was written.
    pub repeated: bool,
}

/// Records money: `paid` of it pays for its order, or for the invoice of a deal, at once, the rest is unallocated, belongs to `account` and waits for
/// `attention`. What the provider told before is not recorded again.
///
/// # Errors
/// [`Error::Invalid`] unless the amount is above zero; [`BalanceError`] as a conflict where `paid` is more than came.
pub fn record(
    work: &mut Work<'_>,
    new: &NewPayment,
    account: Option<Id>,
    attention: Attention,
    paid: Option<Money>,
) -> Result<Recorded> {
    if new.amount.minor <= 0 {
        return Err(Error::field("amount", "out_of_range", "a payment is above zero"));
    }
    work.as_process(|work| {
        if let Some(payment) = find(work, new)? {
            return Ok(Recorded { payment, repeated: true });
        }
        let draft = Draft::new()
            .set("amount", new.amount)
            .set("received_at", new.received_at.unwrap_or_else(|| work.now()))
            .set("method", new.method.name())
            .set("reference", filled(new.reference.as_deref()))
            .set("payer_name", filled(new.payer_name.as_deref()))
            .set("payer_inn", filled(new.payer_inn.as_deref()))
            .set("purpose", filled(new.purpose.as_deref()))
            .set("order", new.order)
            .set("invoice", new.invoice)
            .set("account", account)
            .set("provider", new.provider())
            .set("external_id", filled(new.external_id.as_deref()));
        let mut balance = Balance::received(new.amount);
        match (new.order, new.invoice, paid) {
            (Some(order), invoice, Some(paid)) => balance.allocate(order, invoice, paid)?,
            (None, Some(invoice), Some(paid)) => balance.allocate_to_deal(invoice, paid)?,
            _ => {}
        }
        let draft = written(draft, &balance, attention);
        Ok(Recorded { payment: work.create("payments", draft)?, repeated: false })
    })
}

fn find(work: &mut Work<'_>, new: &NewPayment) -> Result<Option<Record>> {
    let (Some(external_id), Some(key)) = (filled(new.external_id.as_deref()), new.lock_key()) else {
        return Ok(None);
    };
    work.lock(&[key])?;
    let module = work.module("payments")?;
    let same = |name: &str, value: &str| model::expr::Plan::field(&module, name)?.eq(value);
    let both = same("provider", &new.provider()).and_then(|one| Ok(one.and(same("external_id", &external_id)?)));
    let both = both.map_err(|error| Error::bad_query(error.code.as_str(), error.message))?;
    Ok(work.find("payments", both)?.into_iter().next())
}

/// Moves a part of what is unallocated to `order`.
///
/// # Errors
/// [`BalanceError`] as a conflict; [`Error::NotFound`].
pub fn allocate(work: &mut Work<'_>, payment: Id, order: Id, invoice: Option<Id>, amount: Money) -> Result<Record> {
    let overpaid = Some(Attention::Overpaid);
    rebalance(work, payment, Some(order), overpaid, |balance| balance.allocate(order, invoice, amount))
        .map(|(payment, ())| payment)
}

/// What [`release`] did.
#[derive(Clone, Debug)]
pub struct Released {
    /// The payment.
    pub payment: Record,
    /// How much is unallocated again by it.
    pub amount: Money,
    /// How much still pays for the order.
    pub rest: Money,
    /// The order whose waiting money is nobody's now.
    pub orphaned: Option<Id>,
}

/// Takes back what pays for `order`, at most `limit`: it is unallocated again and waits for that order. Where money of
/// another order waits in the same payment already, a machine cannot tell the two apart any more: all of it is nobody's
/// until a person decides.
///
/// # Errors
/// [`Error::NotFound`].
pub fn release(
    work: &mut Work<'_>,
    payment: Id,
    order: Id,
    limit: Option<Money>,
    attention: Attention,
) -> Result<Released> {
    let held = work.hold_for_process("payments", payment)?;
    let balance = Balance::of(&held)?;
    let (before, nothing) = (held.link("order"), Money::zero(balance.amount().currency));
    let is_released = !balance.allocated_to(order).is_zero() && limit.is_none_or(|limit| limit.minor > 0);
    if !is_released {
        return Ok(Released { payment: held, amount: nothing, rest: balance.allocated_to(order), orphaned: None });
    }
    let is_mixed = !balance.unallocated().is_zero() && before != Some(order);
    let whose = if is_mixed { None } else { Some(order) };
    let (payment, (amount, rest)) = rebalance(work, payment, whose, Some(attention), |balance| {
        Ok((balance.release(order, limit), balance.allocated_to(order)))
    })?;
    Ok(Released { payment, amount, rest, orphaned: before.filter(|_| is_mixed) })
}

/// Notes that a part of what is unallocated was given back.
///
/// # Errors
/// [`BalanceError`] as a conflict; [`Error::NotFound`].
pub fn refund(work: &mut Work<'_>, payment: Id, amount: Money) -> Result<Record> {
    let order = work.hold_for_process("payments", payment)?.link("order");
    rebalance(work, payment, order, None, |balance| balance.refund(amount)).map(|(payment, ())| payment)
}

/// Says whose the unallocated part is and why it waits.
///
/// # Errors
/// [`Error::NotFound`].
pub fn attribute(work: &mut Work<'_>, payment: Id, order: Option<Id>, attention: Attention) -> Result<Record> {
    rebalance(work, payment, order, Some(attention), |_| Ok(())).map(|(payment, ())| payment)
}

/// Changes a payment's balance in one write. `order` is whose the unallocated rest is afterwards; `attention` says why
/// it waits, where there is a rest; without it the reason stays.
///
/// # Errors
/// Those of `change` as a conflict; [`Error::NotFound`].
pub fn rebalance<T>(
    work: &mut Work<'_>,
    payment: Id,
    order: Option<Id>,
    attention: Option<Attention>,
    change: impl FnOnce(&mut Balance) -> Result<T, BalanceError>,
) -> Result<(Record, T)> {
    let held = work.hold_for_process("payments", payment)?;
    let mut balance = Balance::of(&held)?;
    let answer = change(&mut balance)?;
    let reason =
        attention.or_else(|| Attention::parse(held.text("needs_attention_reason")?)).unwrap_or(Attention::NoMatch);
    let draft = written(Draft::new().set("order", order), &balance, reason);
    let payment = work.as_process(|work| work.update("payments", payment, draft, None))?;
    Ok((payment, answer))
}

fn written(draft: Draft, balance: &Balance, attention: Attention) -> Draft {
    let waits = !balance.unallocated().is_zero();
    draft
        .set("allocations", balance.lines())
        .set("unallocated", balance.unallocated())
        .set("refunded", balance.refunded())
        .set("status", balance.status().name())
        .set("needs_attention_reason", waits.then_some(attention.name()))
}
