//! What became of the money of one payment.

use model::{Id, Money, Record};
use serde_json::{Value as Json, json};
use store::Error;
use store::db::DbError;

/// A part of a payment that pays for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// The order; none where it pays for the invoice of a deal.
    pub order: Option<Id>,
    /// The invoice through which it came, if any.
    pub invoice: Option<Id>,
    /// How much.
    pub amount: Money,
}

impl Allocation {
    /// The invoice of a deal that it pays for.
    #[must_use]
    pub fn of_deal(&self) -> Option<Id> {
        self.invoice.filter(|_| self.order.is_none())
    }
}

/// State of a payment; it follows from its balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentStatus {
    /// Everything that was not returned pays for something.
    Matched,
    /// A part waits for a person.
    NeedsAttention,
    /// Everything was returned.
    Refunded,
}

impl PaymentStatus {
    /// As the field has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::NeedsAttention => "needs_attention",
            Self::Refunded => "refunded",
        }
    }
}

/// Why money cannot be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BalanceError {
    /// Two currencies never meet in one sum.
    #[error("the payment is in {payment}, not in {asked}")]
    OtherCurrency {
        /// Of the payment.
        payment: model::Currency,
        /// Of what was asked.
        asked: model::Currency,
    },
    /// Nothing, or less.
    #[error("an amount above zero is expected")]
    NotPositive,
    /// More than is there.
    #[error("only {left} is left of the payment")]
    TooMuch {
        /// How much could be moved.
        left: Money,
    },
}

impl From<BalanceError> for Error {
    fn from(error: BalanceError) -> Self {
        let code = match error {
            BalanceError::OtherCurrency { .. } => "other_currency",
            BalanceError::NotPositive => return Self::field("amount", "out_of_range", error.to_string()),
            BalanceError::TooMuch { .. } => "not_enough_money",
        };
        Self::conflict(code, error.to_string())
    }
}

/// Where the money of one payment is. Every change keeps `amount = Σ allocations + unallocated + refunded`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    amount: Money,
    allocations: Vec<Allocation>,
    unallocated: Money,
    refunded: Money,
}

impl Balance {
    /// Money that has just come.
    #[must_use]
    pub fn received(amount: Money) -> Self {
        Self { amount, allocations: Vec::new(), unallocated: amount, refunded: Money::zero(amount.currency) }
    }

    /// The balance of a record of `payments`.
    ///
    /// # Errors
    /// When the record does not add up: somebody wrote around this crate.
    pub fn of(payment: &Record) -> Result<Self, Error> {
        let torn = || Error::Db(DbError::Corrupt(format!("the payment {} does not add up", payment.id)));
        let amount = payment.get("amount").as_money().ok_or_else(torn)?;
        let zero = Money::zero(amount.currency);
        let part = |name: &str| payment.get(name).as_money().unwrap_or(zero);
        let lines = match payment.get("allocations") {
            model::Value::Json(Json::Array(lines)) => lines.as_slice(),
            _ => &[],
        };
        let allocations = lines.iter().map(read).collect::<Option<Vec<_>>>().ok_or_else(torn)?;
        let balance = Self { amount, allocations, unallocated: part("unallocated"), refunded: part("refunded") };
        if balance.adds_up() { Ok(balance) } else { Err(torn()) }
    }

    /// What came.
    #[must_use]
    pub fn amount(&self) -> Money {
        self.amount
    }

    /// What pays for something.
    #[must_use]
    pub fn allocations(&self) -> &[Allocation] {
        &self.allocations
    }

    /// What waits for a person.
    #[must_use]
    pub fn unallocated(&self) -> Money {
        self.unallocated
    }

    /// What was given back.
    #[must_use]
    pub fn refunded(&self) -> Money {
        self.refunded
    }

    /// What pays for `order`.
    #[must_use]
    pub fn allocated_to(&self, order: Id) -> Money {
        let lines = self.allocations.iter().filter(|line| line.order == Some(order));
        self.money(lines.map(|line| line.amount.minor).sum())
    }

    /// The state that follows.
    #[must_use]
    pub fn status(&self) -> PaymentStatus {
        if !self.unallocated.is_zero() {
            PaymentStatus::NeedsAttention
        } else if self.refunded == self.amount {
            PaymentStatus::Refunded
        } else {
            PaymentStatus::Matched
        }
    }

    /// Moves a part of what is unallocated to an order.
    ///
    /// # Errors
    /// [`BalanceError`]; nothing was moved.
    pub fn allocate(&mut self, order: Id, invoice: Option<Id>, amount: Money) -> Result<(), BalanceError> {
        self.put(Some(order), invoice, amount)
    }

    /// The same to the invoice of a deal.
    ///
    /// # Errors
    /// [`BalanceError`]; nothing was moved.
    pub fn allocate_to_deal(&mut self, invoice: Id, amount: Money) -> Result<(), BalanceError> {
        self.put(None, Some(invoice), amount)
    }

    fn put(&mut self, order: Option<Id>, invoice: Option<Id>, amount: Money) -> Result<(), BalanceError> {
        self.take(amount)?;
        match self.allocations.iter_mut().find(|line| line.order == order && line.invoice == invoice) {
            Some(line) => line.amount.minor += amount.minor,
            None => self.allocations.push(Allocation { order, invoice, amount }),
        }
        Ok(())
    }

    /// Takes back from `order` what pays for it, at most `limit`; answers how much.
    pub fn release(&mut self, order: Id, limit: Option<Money>) -> Money {
        let mut wanted =
            limit.map_or(i64::MAX, |limit| if limit.currency == self.amount.currency { limit.minor } else { 0 });
        let mut released = 0;
        for line in self.allocations.iter_mut().rev().filter(|line| line.order == Some(order)) {
            let part = line.amount.minor.min(wanted).max(0);
            line.amount.minor -= part;
            wanted -= part;
            released += part;
        }
        self.allocations.retain(|line| !line.amount.is_zero());
        self.unallocated.minor += released;
        self.money(released)
    }

    /// Takes back everything that pays for the invoice of a deal; answers how much.
    pub fn release_of_deal(&mut self, invoice: Id) -> Money {
        let lines = self.allocations.iter().filter(|line| line.of_deal() == Some(invoice));
        let released = lines.map(|line| line.amount.minor).sum();
        self.allocations.retain(|line| line.of_deal() != Some(invoice));
        self.unallocated.minor += released;
        self.money(released)
    }

    /// Notes that a part of what is unallocated was given back.
    ///
    /// # Errors
    /// [`BalanceError`]; nothing was moved.
    pub fn refund(&mut self, amount: Money) -> Result<(), BalanceError> {
        self.take(amount)?;
        self.refunded.minor += amount.minor;
        Ok(())
    }

    /// The allocations as the API has them.
    #[must_use]
    pub fn lines(&self) -> Json {
        let line = |line: &Allocation| json!({"order": line.order, "invoice": line.invoice, "amount": line.amount});
        self.allocations.iter().map(line).collect()
    }

    fn take(&mut self, amount: Money) -> Result<(), BalanceError> {
        if amount.currency != self.amount.currency {
            return Err(BalanceError::OtherCurrency { payment: self.amount.currency, asked: amount.currency });
        }
        if amount.minor <= 0 {
            return Err(BalanceError::NotPositive);
        }
        if amount.minor > self.unallocated.minor {
            return Err(BalanceError::TooMuch { left: self.unallocated });
        }
        self.unallocated.minor -= amount.minor;
        Ok(())
    }

    fn adds_up(&self) -> bool {
        let lines = self.allocations.iter().map(|line| line.amount);
        let parts = lines.chain([self.unallocated, self.refunded]);
        let whole = Money::checked_sum(self.amount.currency, parts.clone()) == Some(self.amount);
        whole && parts.into_iter().all(|part| !part.is_negative())
    }

    fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.amount.currency)
    }
}

fn read(line: &Json) -> Option<Allocation> {
    let id = |name: &str| line.get(name).and_then(Json::as_str).and_then(|text| text.parse().ok());
    let amount = serde_json::from_value(line.get("amount")?.clone()).ok()?;
    let (order, invoice) = (id("order"), id("invoice"));
    (order.is_some() || invoice.is_some()).then_some(Allocation { order, invoice, amount })
}
