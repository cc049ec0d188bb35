//! An order as the services see it.

use billing::Balance;
use model::{Id, Locale, Money, Record, Value};
use serde_json::{Value as Json, json};
use store::db::DbError;
use store::{Draft, Error, Person, Result, Work};

use crate::condition::by_field;
use crate::locks::Locks;

/// State of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    Paid,
    Annulled,
    Cancelled,
    Refunded,
}

impl Status {
    const ALL: [Self; 5] = [Self::Pending, Self::Paid, Self::Annulled, Self::Cancelled, Self::Refunded];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Paid => "paid",
            Self::Annulled => "annulled",
            Self::Cancelled => "cancelled",
            Self::Refunded => "refunded",
        }
    }
}

/// What an order's money looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) total: Money,
    pub(crate) paid: Money,
    /// Payments of which a part is on the order.
    pub(crate) payments: Vec<Id>,
}

impl Account {
    pub(crate) fn due(&self) -> Money {
        Money::new((self.total.minor - self.paid.minor).max(0), self.total.currency)
    }

    pub(crate) fn is_covered(&self) -> bool {
        self.due().is_zero()
    }

    /// After `amount` of `payment` came to the order.
    pub(crate) fn credit(&mut self, payment: Id, amount: Money) {
        self.paid.minor += amount.minor;
        if !self.payments.contains(&payment) {
            self.payments.push(payment);
        }
    }

    /// After `amount` of a payment left the order, where `rest` of it stays.
    pub(crate) fn debit(&mut self, payment: Id, amount: Money, rest: Money) {
        self.paid.minor -= amount.minor;
        if rest.is_zero() {
            self.payments.retain(|id| *id != payment);
        }
    }

    /// As an order in this state keeps it: of one that has ended nobody has to pay anything.
    pub(crate) fn written(&self, status: Status, draft: Draft) -> Draft {
        let is_open = matches!(status, Status::Pending | Status::Paid);
        let due = if is_open { self.due() } else { Money::zero(self.total.currency) };
        let draft = draft.set("total", self.total).set("paid", self.paid).set("due", due);
        draft.set("payments", if self.payments.is_empty() { Value::Null } else { Value::Json(json!(self.payments)) })
    }
}

/// An order with what is read of it.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) record: Record,
    pub(crate) status: Status,
    pub(crate) money: Account,
}

impl Order {
    pub(crate) fn of(record: Record) -> Result<Self> {
        let torn = |what: &str| Error::Db(DbError::Corrupt(format!("the order {} has no {what}", record.id)));
        let status = Status::ALL.into_iter().find(|status| record.text("status") == Some(status.name()));
        let amount = |name: &str| record.get(name).as_money();
        let payments = match record.get("payments") {
            Value::Json(Json::Array(ids)) => ids.iter().filter_map(|id| id.as_str()?.parse().ok()).collect(),
            _ => Vec::new(),
        };
        let money = Account {
            total: amount("total").ok_or_else(|| torn("total"))?,
            paid: amount("paid").ok_or_else(|| torn("paid amount"))?,
            payments,
        };
        Ok(Self { status: status.ok_or_else(|| torn("state"))?, money, record })
    }

    /// The order, held: nobody else moves it or its money before this work ends.
    pub(crate) fn hold(work: &mut Work<'_>, id: Id) -> Result<Self> {
        work.lock(&Locks::default().order(id).keys())?;
        Self::of(work.hold_for_process("orders", id)?)
    }

    pub(crate) fn id(&self) -> Id {
        self.record.id
    }

    pub(crate) fn event(&self) -> Result<Id> {
        self.record
            .link("event")
            .ok_or_else(|| Error::Db(DbError::Corrupt(format!("the order {} has no event", self.id()))))
    }

    /// Whether an organisation ordered: it has a deal, invoices and terms, and names its people later.
    pub(crate) fn is_group(&self) -> bool {
        self.record.get("group").is_true()
    }

    /// How often the buyer was asked to agree to the price that waits; never where none waits.
    pub(crate) fn price_asks(&self) -> i64 {
        self.record.get("price_asks").as_int().unwrap_or(0)
    }

    pub(crate) fn number(&self) -> &str {
        self.record.text("number").unwrap_or_default()
    }

    pub(crate) fn buyer(&self) -> Person {
        person(&self.record, "buyer")
    }

    pub(crate) fn locale(&self) -> Locale {
        self.record.text("locale").and_then(Locale::parse).unwrap_or_default()
    }

    /// Writes what changed.
    pub(crate) fn write(&self, work: &mut Work<'_>, draft: Draft) -> Result<Self> {
        Self::of(work.update("orders", self.id(), draft, None)?)
    }
}

/// The person whose name, e-mail and phone stand in the fields that begin with `prefix`.
pub(crate) fn person(record: &Record, prefix: &str) -> Person {
    let text = |name: &str| record.text(&format!("{prefix}_{name}")).map(str::to_owned);
    Person { name: text("name"), email: text("email"), phone: text("phone") }
}

/// The tickets of an order in the order in which they were asked for.
pub(crate) fn tickets_of(work: &mut Work<'_>, order: Id) -> Result<Vec<Record>> {
    let mut tickets = by_field(work, "tickets", "order", [order])?;
    tickets.sort_by_key(|ticket| ticket.get("position").as_int());
    Ok(tickets)
}

/// Whether a ticket takes a seat.
pub(crate) fn is_live(ticket: &Record) -> bool {
    ticket.text("status") != Some("cancelled")
}

/// The payments whose unallocated rest belongs to an order. Asked for by the order alone: together with a state, a
/// planner without statistics would walk through every payment in that state.
pub(crate) fn waiting_money(work: &mut Work<'_>, order: Id) -> Result<Vec<(Record, Balance)>> {
    let payments = by_field(work, "payments", "order", [order])?.into_iter();
    let balances = payments.map(|payment| Balance::of(&payment).map(|balance| (payment, balance)));
    balances.filter(|it| it.as_ref().map_or(true, |(_, balance)| !balance.unallocated().is_zero())).collect()
}
