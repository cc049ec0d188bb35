//! Recording payments and moving their money.

use jiff::Timestamp;
use model::{Id, Money, Record};
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
    /// When it came.
    pub received_at: Timestamp,
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
    /// The order it names.
    pub order: Option<Id>,
    /// The invoice it names.
    pub invoice: Option<Id>,
    /// Whose money it is while it is not allocated.
    pub account: Option<Id>,
    /// Who told of it: `manual`, a bank, a payment service.
    pub provider: String,
    /// Its id there; the same id of one provider is the same payment.
    pub external_id: Option<String>,
    /// Why it waits while nothing is allocated.
    pub attention: Attention,
}

/// A payment on record.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The payment.
    pub payment: Record,
    /// Whether it was already there: nothing was written.
    pub repeated: bool,
}

/// What transactions take turns on for one payment of a provider.
#[must_use]
pub fn lock_key(provider: &str, external_id: &str) -> LockKey {
    LockKey::new(space::PAYMENT, format!("{provider}\n{external_id}"))
}

/// Records money before anything else is decided about it; all of it is unallocated. What the provider told before is
/// not recorded again.
///
/// # Errors
/// [`Error::Invalid`] unless the amount is above zero.
pub fn record(work: &mut Work<'_>, new: &NewPayment) -> Result<Recorded> {
    if new.amount.minor <= 0 {
        return Err(Error::field("amount", "out_of_range", "a payment is above zero"));
    }
    work.as_process(|work| {
        if let Some(payment) = find(work, new)? {
            return Ok(Recorded { payment, repeated: true });
        }
        let draft = Draft::new()
            .set("amount", new.amount)
            .set("received_at", new.received_at)
            .set("method", new.method.name())
            .set("reference", new.reference.clone())
            .set("payer_name", new.payer_name.clone())
            .set("payer_inn", new.payer_inn.clone())
            .set("purpose", new.purpose.clone())
            .set("order", new.order)
            .set("invoice", new.invoice)
            .set("account", new.account)
            .set("provider", new.provider.as_str())
            .set("external_id", new.external_id.clone());
        let draft = written(draft, &Balance::received(new.amount), new.attention);
        Ok(Recorded { payment: work.create("payments", draft)?, repeated: false })
    })
}

fn find(work: &mut Work<'_>, new: &NewPayment) -> Result<Option<Record>> {
    let Some(external_id) = &new.external_id else { return Ok(None) };
    work.lock(&[lock_key(&new.provider, external_id)])?;
    let module = work.module("payments")?;
    let same = |name: &str, value: &str| model::expr::Plan::field(&module, name)?.eq(value);
    let both = same("provider", &new.provider).and_then(|one| Ok(one.and(same("external_id", external_id)?)));
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
