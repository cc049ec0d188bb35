//! What a workspace is set to.

use jiff::tz::TimeZone;
use model::identity::phone::Region;
use model::value::Reading;
use model::{Currency, Locale};
use serde::{Deserialize, Serialize};

/// Organisation, language, zone, currency and defaults; kept as JSON in the table `settings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Name of the organisation.
    pub name: String,
    /// Language of what the workspace says on its own.
    pub locale: Locale,
    /// IANA time zone.
    pub time_zone: String,
    /// Currency of new prices.
    pub currency: Currency,
    /// Where letters to people come from.
    pub sender: String,
    /// How long an unpaid order waits, ISO 8601, where neither ticket type nor event says.
    pub payment_wait: String,
    /// How an order is paid: one text shown in letters and on the order's page.
    pub payment_instructions: String,
    /// Whether this is a rehearsal: the clock can be moved and nothing leaves the machine.
    pub sandbox: bool,
    /// Legal entities with their requisites, as the API gives them.
    pub legal_entities: Vec<serde_json::Value>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: String::new(),
            locale: Locale::Ru,
            time_zone: "Europe/Moscow".to_owned(),
            currency: Currency::RUB,
            sender: "tickets@localhost".to_owned(),
            payment_wait: "P1D".to_owned(),
            payment_instructions: String::new(),
            sandbox: false,
            legal_entities: Vec::new(),
        }
    }
}

impl Settings {
    /// The zone in which days begin; UTC where the name is unknown to the machine.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// How outside values are read here.
    #[must_use]
    pub fn reading(&self) -> Reading {
        Reading { currency: self.currency, region: Region::default() }
    }
}
