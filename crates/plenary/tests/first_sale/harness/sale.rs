//! An event on sale and how a site's back end orders from it.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::api::{Answer, Api, id};

/// An event with its ticket types.
#[derive(Clone)]
pub(crate) struct Sale {
    pub(crate) event: String,
    pub(crate) slug: String,
    pub(crate) types: Vec<TicketType>,
}

/// What is sold.
#[derive(Clone)]
pub(crate) struct TicketType {
    pub(crate) id: String,
    pub(crate) quota: i64,
    /// Price before and after the change, in kopecks.
    pub(crate) prices: (i64, i64),
    pub(crate) changes_at: Timestamp,
}

/// Roubles as the API writes them.
pub(crate) fn rub(minor: i64) -> Value {
    json!({"amount": format!("{}.{:02}", minor / 100, minor % 100), "currency": "RUB"})
}

impl Sale {
    /// Puts an event on sale. Of each ticket type: name, quota, price, price after the change, hours until it.
    #[track_caller]
    pub(crate) fn open(api: &Api, slug: &str, types: &[(&str, i64, i64, i64, i64)]) -> Self {
        let now = api.now();
        let starts_on = (now + SignedDuration::from_hours(24 * 90)).strftime("%Y-%m-%d").to_string();
        let event = api.create(
            "events",
            json!({
                "name": "Spring of Java", "slug": slug, "kind": "conference", "status": "on_sale", "currency": "RUB",
                "starts_on": starts_on, "ends_on": starts_on, "venue": "Moscow",
            }),
        );
        let event = id(&event).to_owned();
        let types = types.iter().map(|(name, quota, before, after, hours)| {
            let changes_at = now + SignedDuration::from_hours(*hours);
            let tiers = json!([
                {"price": rub(*before), "from": null, "until": changes_at.to_string()},
                {"price": rub(*after), "from": changes_at.to_string(), "until": null},
            ]);
            let made =
                api.create("ticket_types", json!({"event": event, "name": name, "quota": quota, "price_tiers": tiers}));
            TicketType { id: id(&made).to_owned(), quota: *quota, prices: (*before, *after), changes_at }
        });
        Self { types: types.collect(), event, slug: slug.to_owned() }
    }

    pub(crate) fn orders_path(&self) -> String {
        format!("/api/public/v1/events/{}/orders", self.slug)
    }

    /// Sends a ticket request as a site's back end does.
    #[track_caller]
    pub(crate) fn order(&self, public: &Api, body: Value) -> Answer {
        public.post(&self.orders_path(), body)
    }

    /// A request of somebody for tickets of these types (by their place in `types`).
    pub(crate) fn request(&self, name: &str, email: &str, phone: Option<&str>, wanted: &[usize]) -> Value {
        let tickets: Vec<_> = wanted.iter().map(|place| json!({"ticket_type": self.types[*place].id})).collect();
        json!({"buyer": {"name": name, "email": email, "phone": phone}, "tickets": tickets})
    }
}
