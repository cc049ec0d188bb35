//! A short text in every language of the product.

use serde::{Deserialize, Serialize};

use crate::Locale;

/// Names of modules, fields, stages: Russian and English, both always present.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Russian.
    pub ru: String,
    /// English.
    pub en: String,
}

impl Label {
    /// The text in `locale`; where a language was left empty, the other one.
    #[must_use]
    pub fn get(&self, locale: Locale) -> &str {
        let (first, second) = match locale {
            Locale::Ru => (&self.ru, &self.en),
            Locale::En => (&self.en, &self.ru),
        };
        if first.is_empty() { second } else { first }
    }
}
