//! Price tiers: what a ticket costs when.

use jiff::Timestamp;
use model::value::read_instant;
use model::{Currency, Field, FieldType, Money, Value};
use serde_json::{Value as Json, json};
use store::FieldError;

/// The dearest ticket, in major units: a hundred of them still fit into an amount.
const PRICE_LIMIT: i64 = 1_000_000_000;
/// More tiers are a mistake.
const TIERS_LIMIT: usize = 100;

/// A price and when it holds: `from ≤ now < until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// The price, tax included.
    pub price: Money,
    /// Since always where nothing is said.
    pub from: Option<Timestamp>,
    /// For ever where nothing is said.
    pub until: Option<Timestamp>,
}

/// The price that holds at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InForce {
    /// The price.
    pub price: Money,
    /// When another one (or none) follows, if ever.
    pub until: Option<Timestamp>,
}

impl Tier {
    fn holds(&self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }

    /// The first tier that holds at `now`.
    #[must_use]
    pub fn in_force(tiers: &[Self], now: Timestamp) -> Option<InForce> {
        let position = tiers.iter().position(|tier| tier.holds(now))?;
        let (earlier, rest) = tiers.split_at_checked(position)?;
        let tier = rest.first()?;
        // A tier that is listed earlier takes over as soon as it begins.
        let begins = earlier.iter().filter_map(|tier| tier.from).filter(|from| *from > now);
        let until = begins.chain(tier.until).min();
        Some(InForce { price: tier.price, until })
    }

    /// Reads `price_tiers`. Amounts without a currency are in `currency`, and none may be in another.
    ///
    /// # Errors
    /// Everything that is wrong, with paths such as `price_tiers[0].until`.
    pub fn read(json: &Json, currency: Currency) -> Result<Vec<Self>, Vec<FieldError>> {
        let wrong = |message: &str| vec![FieldError::new("price_tiers", "invalid_type", message)];
        let items = json.as_array().ok_or_else(|| wrong("expected a list of {price, from, until}"))?;
        if items.is_empty() || items.len() > TIERS_LIMIT {
            return Err(vec![FieldError::new(
                "price_tiers",
                "required",
                "between one and a hundred price tiers are expected",
            )]);
        }
        let mut tiers = Vec::new();
        let mut errors = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match read_tier(item, currency, &format!("price_tiers[{index}]")) {
                Ok(tier) => tiers.push(tier),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(tiers) } else { Err(errors) }
    }

    /// The tiers as the API has them.
    #[must_use]
    pub fn to_json(tiers: &[Self]) -> Json {
        let instant = |at: Option<Timestamp>| at.map(|at| at.to_string());
        tiers
            .iter()
            .map(|tier| json!({"price": tier.price, "from": instant(tier.from), "until": instant(tier.until)}))
            .collect()
    }
}

fn read_tier(item: &Json, currency: Currency, path: &str) -> Result<Tier, FieldError> {
    let inside = |name: &str| format!("{path}.{name}");
    let Some(object) = item.as_object() else {
        return Err(FieldError::new(path, "invalid_type", "expected {price, from, until}"));
    };
    if let Some(extra) = object.keys().find(|key| !["price", "from", "until"].contains(&key.as_str())) {
        return Err(FieldError::new(inside(extra), "unknown_field", "a tier has price, from and until"));
    }
    let reading = model::value::Reading { currency, ..Default::default() };
    let price =
        Value::read(&Field::new("price", FieldType::Money), object.get("price").unwrap_or(&Json::Null), reading);
    let price = price.map_err(|error| FieldError::of(inside("price"), error))?;
    let Some(price) = price.as_money() else {
        return Err(FieldError::new(inside("price"), "required", "a tier has a price"));
    };
    if price.currency != currency {
        let message = format!("prices of this event are in {currency}");
        return Err(FieldError::new(inside("price"), "other_currency", message));
    }
    let limit = PRICE_LIMIT * 10_i64.pow(u32::from(currency.digits()));
    if !(0..=limit).contains(&price.minor) {
        return Err(FieldError::new(
            inside("price"),
            "out_of_range",
            "a price is not below zero and not above a billion",
        ));
    }
    let instant = |name: &str| match object.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => read_instant(text).map(Some).map_err(|error| FieldError::of(inside(name), error)),
        Some(_) => Err(FieldError::new(inside(name), "invalid_datetime", "expected an instant in quotes, or null")),
    };
    let tier = Tier { price, from: instant("from")?, until: instant("until")? };
    if let (Some(from), Some(until)) = (tier.from, tier.until)
        && until <= from
    {
        return Err(FieldError::new(inside("until"), "out_of_range", "a tier ends after it begins"));
    }
    Ok(tier)
}
