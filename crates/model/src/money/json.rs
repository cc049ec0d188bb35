//! Money in JSON: `{"amount":"15000.00","currency":"RUB"}`, as the API has it.

use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Currency, Money};

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Money", 2)?;
        object.serialize_field("amount", &self.amount_text())?;
        object.serialize_field("currency", &self.currency)?;
        object.end()
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields, expecting = "money as {\"amount\": \"15000.00\", \"currency\": \"RUB\"}")]
        struct Written {
            /// In quotes: readers of JSON may already have rounded a number.
            amount: String,
            currency: Currency,
        }
        let Written { amount, currency } = Written::deserialize(deserializer)?;
        Self::parse(&amount, currency).map_err(de::Error::custom)
    }
}
