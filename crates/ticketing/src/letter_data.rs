//! What letters about an order say: everything worded in the order's language.

use jiff::Timestamp;
use jiff::civil::Time;
use model::l10n;
use model::{Locale, Money, Record};
use serde_json::{Value as Json, json};
use store::{Result, Settings, Work};

use crate::order::{Order, is_live};
use crate::sale::Sale;
use crate::{OutgoingLetter, Ticketing};

/// A letter to the buyer in the making.
pub(crate) struct Telling<'a> {
    template: &'static str,
    sale: &'a Sale,
    order: &'a Order,
    tickets: &'a [Record],
    paid: Option<Money>,
    reason: Option<&'static str>,
    cause: Option<String>,
    attached: bool,
    revived: bool,
    invoice: Option<&'a Record>,
    before: Option<Money>,
}

impl<'a> Telling<'a> {
    pub(crate) fn new(template: &'static str, sale: &'a Sale, order: &'a Order, tickets: &'a [Record]) -> Self {
        Self {
            template,
            sale,
            order,
            tickets,
            paid: None,
            reason: None,
            cause: None,
            attached: false,
            revived: false,
            invoice: None,
            before: None,
        }
    }

    /// What came, where it is not what the order says now.
    pub(crate) fn paid(mut self, paid: Money) -> Self {
        self.paid = Some(paid);
        self
    }

    pub(crate) fn reason(mut self, reason: &'static str) -> Self {
        self.reason = Some(reason);
        self
    }

    /// What caused it, where that is not the order's present version.
    pub(crate) fn cause(mut self, cause: String) -> Self {
        self.cause = Some(cause);
        self
    }

    /// The order is back from its end.
    pub(crate) fn revived(mut self) -> Self {
        self.revived = true;
        self
    }

    /// The invoice by which it is paid, which goes along.
    pub(crate) fn invoice(mut self, invoice: Option<&'a Record>) -> Self {
        self.invoice = invoice;
        self
    }

    /// What it cost before its price changed.
    pub(crate) fn before(mut self, total: Option<Money>) -> Self {
        self.before = total;
        self
    }

    pub(crate) fn with_tickets(mut self) -> Self {
        self.attached = true;
        self
    }
}

impl Ticketing {
    /// Writes to the buyer.
    pub(crate) fn tell(&self, work: &mut Work<'_>, telling: &Telling<'_>) -> Result<()> {
        let Telling { template, order, .. } = *telling;
        let locale = order.locale();
        let mut data = self.data(work, telling.sale, order, telling.tickets, locale);
        let came = telling.paid.unwrap_or(order.money.paid);
        // Of a paid order even nothing is said in words; elsewhere nothing is none.
        let paid = (!came.is_zero() || template == "order_paid").then(|| l10n::money(locale, came));
        set(&mut data, "order", "paid", json!(paid));
        let live = telling.tickets.iter().filter(|ticket| is_live(ticket));
        let buyer = order.buyer();
        let is_told = |ticket: &&Record| {
            let email = ticket.text("attendee_email");
            email.is_some() && email != buyer.email.as_deref()
        };
        if let Some(object) = data.as_object_mut() {
            object.insert("revived".to_owned(), json!(telling.revived));
            object.insert("attendees_told".to_owned(), json!(live.clone().filter(is_told).count()));
            if let Some(reason) = telling.reason {
                object.insert("reason".to_owned(), json!(reason));
            }
            let invoice = telling.invoice.map(|invoice| {
                let date = invoice.get("date").as_date().map(|date| l10n::date(locale, date));
                json!({"number": invoice.text("number"), "date": date})
            });
            if invoice.is_some() {
                // The invoice says how it is paid.
                object.insert("payment_instructions".to_owned(), json!(""));
            }
            object.insert("invoice".to_owned(), json!(invoice));
            object.insert("total_before".to_owned(), json!(telling.before.map(|total| l10n::money(locale, total))));
        }
        let live = live.map(|ticket| ticket.id);
        let letter = OutgoingLetter {
            template,
            to_name: buyer.name.unwrap_or_default(),
            to_email: buyer.email.unwrap_or_default(),
            locale,
            about: ("orders".to_owned(), order.id()),
            cause: telling.cause.clone().unwrap_or_else(|| cause(order, template)),
            data,
            tickets: if telling.attached { live.collect() } else { Vec::new() },
            invoice: telling.invoice.map(|invoice| invoice.id),
            contract: None,
        };
        self.send(work, letter)
    }

    /// Sends a ticket to its attendee.
    pub(crate) fn tell_attendee(&self, work: &mut Work<'_>, sale: &Sale, order: &Order, ticket: &Record) -> Result<()> {
        let Some(email) = ticket.text("attendee_email") else { return Ok(()) };
        let locale = order.locale();
        let mut data = self.data(work, sale, order, std::slice::from_ref(ticket), locale);
        // The order's page is the buyer's alone.
        set(&mut data, "order", "url", Json::Null);
        let letter = OutgoingLetter {
            template: "ticket_issued",
            to_name: ticket.text("attendee_name").unwrap_or_default().to_owned(),
            to_email: email.to_owned(),
            locale,
            about: ("tickets".to_owned(), ticket.id),
            cause: format!("tickets/{}/v{}/issued", ticket.id, ticket.version),
            data,
            tickets: vec![ticket.id],
            invoice: None,
            contract: None,
        };
        self.send(work, letter)
    }

    fn data(&self, work: &Work<'_>, sale: &Sale, order: &Order, tickets: &[Record], locale: Locale) -> Json {
        let (settings, event) = (work.settings(), &sale.event);
        let zone = settings.zone();
        let zone_name = l10n::zone(locale, &settings.time_zone, work.now());
        let instant = |at: Timestamp| format!("{} ({zone_name})", l10n::date_time(locale, at, &zone));
        let until = |at: Timestamp| {
            let local = zone.to_datetime(at);
            let day_before = local.date().yesterday().ok().filter(|_| local.time() == Time::midnight());
            match (locale, day_before) {
                (Locale::Ru, Some(day)) => format!("по {} включительно", l10n::date(locale, day)),
                (Locale::En, Some(day)) => format!("to the end of {}", l10n::date(locale, day)),
                (Locale::Ru, None) => format!("до {}", instant(at)),
                (Locale::En, None) => format!("until {}", instant(at)),
            }
        };
        let money = |amount: Money| l10n::money(locale, amount);
        let live: Vec<&Record> = tickets.iter().filter(|ticket| is_live(ticket)).collect();
        let kind = |ticket: &Record| ticket.link("ticket_type").and_then(|id| sale.ticket_type(id));
        let price_until = live.iter().filter_map(|ticket| kind(ticket)?.price(work.now())?.until).min();
        let lines: Vec<_> = tickets
            .iter()
            .map(|ticket| {
                json!({
                    "type": kind(ticket).map(|kind| kind.name.as_str()),
                    "attendee": ticket.text("attendee_name"),
                    "price": ticket.get("price").as_money().map(money),
                    "code": ticket.text("code"),
                })
            })
            .collect();
        json!({
            "organiser": organiser(settings, event),
            "buyer": {"name": order.buyer().name},
            "event": self.event_data(event, locale),
            "order": {
                "number": order.number(),
                "total": money(order.money.total),
                "due": money(order.money.due()),
                "url": self.order_url(order.record.text("token").unwrap_or_default()),
            },
            "tickets": lines,
            "price_until": price_until.map(until),
            "check_at": order.record.get("next_check_at").as_instant().map(instant),
            "payment_instructions": settings.payment_instructions,
        })
    }

    /// The event as letters name it.
    pub(crate) fn event_data(&self, event: &Record, locale: Locale) -> Json {
        let first = event.get("starts_on").as_date().or_else(|| event.get("ends_on").as_date());
        let dates = first.map(|first| l10n::date_range(locale, first, event.get("ends_on").as_date().unwrap_or(first)));
        let url = event.text("slug").map(|slug| self.event_url(slug));
        json!({
            "name": event.title(), "dates": dates.unwrap_or_default(), "venue": event.text("venue"),
            "url": url.unwrap_or_default(),
        })
    }
}

/// Who holds an event.
pub(crate) fn organiser(settings: &Settings, event: &Record) -> String {
    if settings.name.is_empty() { event.title() } else { settings.name.clone() }
}

fn set(data: &mut Json, object: &str, key: &str, value: Json) {
    if let Some(object) = data.get_mut(object).and_then(Json::as_object_mut) {
        object.insert(key.to_owned(), value);
    }
}

fn cause(order: &Order, template: &str) -> String {
    let what = template.strip_prefix("order_").unwrap_or(template);
    format!("orders/{}/v{}/{what}", order.id(), order.record.version)
}

/// What made an overpayment be told: the payment as it stood then, since the order need not change by it.
pub(crate) fn overpaid_by(payment: &Record) -> String {
    format!("payments/{}/v{}/overpaid", payment.id, payment.version)
}
