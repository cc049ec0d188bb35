//! What is invoiced, line by line: a table has no room in a column of fields.

use maud::{Markup, html};
use model::Field;
use model::field::FieldType;
use serde_json::Value as Json;

use super::Lens;
use crate::ui::Words;
use crate::ui::markup::nothing;

/// The field of an invoice that holds the lines.
pub(super) const FIELD: &str = "lines";

impl Lens {
    /// Each line with how many, for how much, and the tax in it.
    pub(super) fn lines(&self, json: &Json) -> Markup {
        let lines = json.as_array().map(Vec::as_slice).unwrap_or_default();
        let l = self.locale;
        let money = Field::new("price", FieldType::Money);
        let price = |line: &Json| self.text(&money, &self.read_value(&money, line.get("price").unwrap_or(&Json::Null)));
        let quantity = |line: &Json| line.get("quantity").and_then(Json::as_i64).unwrap_or_default();
        let tax = |line: &Json| match line.get("vat_rate").and_then(Json::as_i64) {
            Some(rate) => l.say_with("invoice-vat", &[("rate", rate.into())]),
            None => l.say("invoice-no-vat"),
        };
        if lines.is_empty() {
            return nothing();
        }
        html! {
            @for line in lines {
                div {
                    (line.get("name").and_then(Json::as_str).unwrap_or_default())
                    br;
                    small.dim {
                        (model::l10n::number(l, quantity(line))) " × " (price(line)) " · " (tax(line))
                    }
                }
            }
        }
    }
}
