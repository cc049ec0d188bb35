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

    /// The same, and `name` where both languages were left empty.
    #[must_use]
    pub fn or<'a>(&'a self, locale: Locale, name: &'a str) -> &'a str {
        Some(self.get(locale)).filter(|text| !text.is_empty()).unwrap_or(name)
    }

    /// A text for each language; one that was left empty takes the other's.
    #[must_use]
    pub fn both(ru: &str, en: &str) -> Self {
        let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
        Self { ru: or(ru, en), en: or(en, ru) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_empty_is_said_otherwise() {
        let label = Label { ru: "Тема".to_owned(), en: String::new() };
        assert_eq!((label.get(Locale::En), label.or(Locale::En, "topic")), ("Тема", "Тема"));
        assert_eq!(Label::default().or(Locale::Ru, "topic"), "topic");
        assert_eq!(Label::both("", "Topic"), Label::both("Topic", ""));
        assert_eq!(Label::both("Тема", "Topic"), Label { ru: "Тема".to_owned(), en: "Topic".to_owned() });
        assert_eq!(Label::both("", ""), Label::default());
    }
}
