//! Where the money of a payment went, as a small table.

use maud::{Markup, html};
use model::field::FieldType;
use model::{Field, Id};
use serde_json::Value as Json;

use super::Lens;
use crate::ui::markup::nothing;

/// The field of a payment that holds the parts.
pub(super) const FIELD: &str = "allocations";

/// What a part may lead to: its key and the module.
const LINKS: [(&str, &str); 2] = [("order", "orders"), ("invoice", "invoices")];

/// The records that the parts lead to, with their modules.
pub(super) fn links(json: &Json) -> impl Iterator<Item = (&'static str, Id)> + '_ {
    let parts = json.as_array().into_iter().flatten();
    parts.flat_map(|part| LINKS.iter().filter_map(|(key, module)| Some((*module, id(part, key)?))))
}

fn id(part: &Json, key: &str) -> Option<Id> {
    part.get(key)?.as_str()?.parse().ok()
}

impl Lens {
    /// Each part with the order it pays for.
    pub(super) fn allocations(&self, json: &Json) -> Markup {
        let parts = json.as_array().map(Vec::as_slice).unwrap_or_default();
        let money = Field::new("amount", FieldType::Money);
        let amount =
            |part: &Json| self.text(&money, &self.read_value(&money, part.get("amount").unwrap_or(&Json::Null)));
        if parts.is_empty() {
            return nothing();
        }
        html! {
            table.plain.allocations {
                @for part in parts {
                    tr {
                        td { @for (key, module) in LINKS { @if let Some(id) = id(part, key) { (self.linked(module, id)) " " } } }
                        td.num { (amount(part)) }
                    }
                }
            }
        }
    }
}
