//! An event and what it sells, as they stand at one moment.

use jiff::Timestamp;
use model::{Currency, Field, FieldType, Id, Money, Record, Value};
use serde_json::Value as Json;
use store::{Result, Settings, Work};

use crate::condition::by_field;
use crate::seats::Taken;
use crate::{InForce, Seats, Tier, Unsold};

/// What is sold: a kind of ticket.
#[derive(Clone, Debug)]
pub struct TicketType {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Seats of this type; nothing where only the event's capacity limits it.
    pub quota: Option<i64>,
    /// Prices.
    pub tiers: Vec<Tier>,
    /// On sale from.
    pub sale_from: Option<Timestamp>,
    /// On sale until.
    pub sale_until: Option<Timestamp>,
    /// At most in one order.
    pub max_per_order: Option<i64>,
    /// How long orders of it wait for money, ISO 8601, where it differs from the event's.
    pub payment_wait: Option<String>,
}

impl TicketType {
    pub(crate) fn of(record: &Record, currency: Currency) -> Self {
        let tiers = match record.get("price_tiers") {
            Value::Json(json) => Tier::read(json, currency).unwrap_or_default(),
            _ => Vec::new(),
        };
        Self {
            id: record.id,
            name: record.text("name").unwrap_or_default().to_owned(),
            quota: record.get("quota").as_int(),
            tiers,
            sale_from: record.get("sale_from").as_instant(),
            sale_until: record.get("sale_until").as_instant(),
            max_per_order: record.get("max_per_order").as_int(),
            payment_wait: record.text("payment_wait").map(str::to_owned),
        }
    }

    /// The price at `now`, whatever the dates of the sale say.
    #[must_use]
    pub fn price(&self, now: Timestamp) -> Option<InForce> {
        Tier::in_force(&self.tiers, now)
    }
}

/// An event with its ticket types.
pub(crate) struct Sale {
    pub(crate) event: Record,
    pub(crate) types: Vec<TicketType>,
    now: Timestamp,
    is_past: bool,
}

impl Sale {
    /// Reads the event, also from the bin, and what it sells.
    pub(crate) fn read(work: &mut Work<'_>, event: Id) -> Result<Self> {
        let event = work.get("events", event)?;
        let types = by_field(work, "ticket_types", "event", [event.id])?;
        let currency = currency(&event, work.settings());
        let types = types.iter().map(|record| TicketType::of(record, currency)).collect();
        let is_past = is_past(&event, work);
        Ok(Self { event, types, now: work.now(), is_past })
    }

    pub(crate) fn capacity(&self) -> Option<i64> {
        self.event.get("capacity").as_int()
    }

    pub(crate) fn ticket_type(&self, id: Id) -> Option<&TicketType> {
        self.types.iter().find(|kind| kind.id == id)
    }

    pub(crate) fn currency(&self, settings: &Settings) -> Currency {
        currency(&self.event, settings)
    }

    /// Seats of a type, by what is taken.
    pub(crate) fn seats(&self, taken: &Taken, kind: &TicketType) -> Seats {
        taken.of_type(kind.id, kind.quota, self.event.id, self.capacity())
    }

    /// Whether names on tickets may still change: until the event's `rename_until`, else until it is over.
    pub(crate) fn takes_names(&self) -> bool {
        self.event.get("rename_until").as_instant().map_or(!self.is_past, |until| self.now < until)
    }

    /// Whether anything of the event is sold.
    pub(crate) fn open(&self) -> Result<(), Unsold> {
        if self.is_past {
            return Err(Unsold::Past);
        }
        let is_open = self.event.text("status") == Some("on_sale") && self.event.deleted_at.is_none();
        if is_open { Ok(()) } else { Err(Unsold::Closed) }
    }

    /// The price of a type now, or why it is not sold.
    pub(crate) fn offer(&self, kind: &TicketType) -> Result<InForce, Unsold> {
        self.open()?;
        if let Some(from) = kind.sale_from.filter(|from| self.now < *from) {
            return Err(Unsold::NotYet(from));
        }
        if kind.sale_until.is_some_and(|until| until <= self.now) {
            return Err(Unsold::Ended);
        }
        kind.price(self.now).ok_or(Unsold::NoPrice)
    }
}

/// The currency of an event's prices: its own, else the organisation's.
pub(crate) fn currency(event: &Record, settings: &Settings) -> Currency {
    event.text("currency").and_then(|code| Currency::parse(code).ok()).unwrap_or(settings.currency)
}

/// An event is past when somebody says so, or when its last day is over where the workspace lives.
fn is_past(event: &Record, work: &Work<'_>) -> bool {
    let last = event.get("ends_on").as_date().or_else(|| event.get("starts_on").as_date());
    let today = work.settings().zone().to_datetime(work.now()).date();
    event.text("status") == Some("past") || last.is_some_and(|last| last < today)
}

/// Money out of JSON such as a transition's `amount`.
pub(crate) fn read_money(field: &str, json: &Json, currency: Currency) -> Result<Money> {
    let reading = model::value::Reading { currency, ..Default::default() };
    let value = Value::read(&Field::new(field, FieldType::Money), json, reading);
    let value = value.map_err(|error| store::Error::Invalid(vec![store::FieldError::of(field, error)]))?;
    value.as_money().ok_or_else(|| store::Error::field(field, "required", "an amount is expected"))
}
