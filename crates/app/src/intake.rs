//! Orders and payments as the API's records describe them, in the form of the services that make them.

use billing::NewPayment;
use model::{Locale, Module, Record, Value};
use serde_json::{Map, Value as Json, json};
use store::{Draft, Error, FieldError, Result, Work};
use ticketing::{Booked, OrderRequest};

use crate::App;

/// Fields of a new order that come from whoever makes it; `tickets` and `buyer` stand beside them.
const ORDER: [&str; 9] =
    ["event", "buyer_name", "buyer_email", "buyer_phone", "channel", "locale", "source", "buyer", "tickets"];
/// Fields of a new payment that come from whoever books it.
const PAYMENT: [&str; 11] = [
    "amount",
    "received_at",
    "method",
    "reference",
    "payer_name",
    "payer_inn",
    "purpose",
    "order",
    "invoice",
    "provider",
    "external_id",
];

impl App {
    /// Places an order that staff or a program entered: `{event, buyer_name, buyer_email, buyer_phone, tickets}`, or with
    /// `buyer` as the public endpoint has it.
    pub(crate) fn place_entered(
        &self,
        work: &mut Work<'_>,
        module: &Module,
        json: &Map<String, Json>,
    ) -> Result<Record> {
        only(module, json, &ORDER)?;
        let mut fields = json.clone();
        let (tickets, buyer) = (fields.remove("tickets"), fields.remove("buyer").filter(|buyer| !buyer.is_null()));
        if buyer.as_ref().is_some_and(|buyer| !buyer.is_object()) {
            return Err(Error::field("buyer", "invalid_type", "expected {name, email, phone}"));
        }
        let is_flat = buyer.is_none();
        let reading = work.settings().reading();
        // E-mail and phone are judged with the rest of the order, where every fault is told at once.
        let entered = |name: &str| json.get(name).cloned().unwrap_or(Json::Null);
        let buyer = buyer.unwrap_or_else(
            || json!({"name": entered("buyer_name"), "email": entered("buyer_email"), "phone": entered("buyer_phone")}),
        );
        for name in ["buyer_name", "buyer_email", "buyer_phone"] {
            fields.remove(name);
        }
        let draft = Draft::read(module, &fields, reading)?;
        let Some(event) = draft.values.get("event").and_then(Value::as_id) else {
            return Err(Error::field("event", "required", "which event are the tickets for?"));
        };
        match work.get("events", event) {
            Err(Error::NotFound { .. }) => return Err(Error::field("event", "not_found", "there is no such event")),
            known => known?,
        };
        let body = json!({"buyer": buyer, "tickets": tickets, "source": json.get("source")});
        let text = |name: &str| draft.values.get(name).and_then(Value::as_text).map(str::to_owned);
        let (channel, locale) = (text("channel"), text("locale").as_deref().and_then(Locale::parse));
        let request = OrderRequest::from_json(event, &body).map(|request| OrderRequest { channel, locale, ..request });
        let placed = request.and_then(|request| self.ticketing().place(work, &request));
        placed.map_err(|error| if is_flat { as_entered(error) } else { error })
    }

    /// Books a payment that staff or a program entered.
    pub(crate) fn book_entered(
        &self,
        work: &mut Work<'_>,
        module: &Module,
        json: &Map<String, Json>,
    ) -> Result<Booked> {
        only(module, json, &PAYMENT)?;
        let request = NewPayment::read(work, json)?;
        self.ticketing().book_payment(work, &request)
    }
}

/// Names the fields of the buyer as they were sent.
fn as_entered(error: Error) -> Error {
    let Error::Invalid(mut faults) = error else { return error };
    for fault in &mut faults {
        if let Some(part) = fault.field.strip_prefix("buyer.") {
            fault.field = format!("buyer_{part}");
        }
    }
    Error::Invalid(faults)
}

/// Refuses what the maker of a record does not set.
fn only(module: &Module, json: &Map<String, Json>, allowed: &[&str]) -> Result<()> {
    let faults: Vec<_> = json
        .keys()
        .filter(|name| !allowed.contains(&name.as_str()))
        .map(|name| match module.field(name) {
            Some(_) => FieldError::new(name, "read_only", "only the process sets this field"),
            None => FieldError::new(name, "unknown_field", format!("{} have no field {name:?}", module.name)),
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}
