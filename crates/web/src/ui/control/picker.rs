//! The control of links: what is chosen, by name, and what else can be. As it stands here it works without script, which
//! makes it a text that asks the server while one types.

use maud::{Markup, html};
use model::field::FieldType;

use super::Control;
use crate::ui::offers::{Offer, Target};

impl Control<'_> {
    /// For one record or user, or for many records.
    pub(super) fn picker(&self) -> Markup {
        let asked_at = Target::of(self.field).map(|target| target.asked_at());
        html! {
            link-picker.picker data-from=[asked_at] data-name=(self.name) data-label=(self.label) {
                @if self.field.kind == FieldType::Links { (self.boxes()) } @else { (self.select()) }
            }
        }
    }

    fn select(&self) -> Markup {
        let offers = self.links;
        html! {
            select.input id=(self.name) name=(self.name) aria-label=(self.label) aria-invalid=[self.invalid()]
                aria-describedby=[self.described()] required[self.required] {
                option value="" { "—" }
                @for offer in &offers.chosen { option value=(offer.value) data-at=[&offer.at] selected { (offer.name) } }
                @for (heading, others) in &offers.others {
                    @match heading {
                        Some(heading) => optgroup label=(heading) { (options(others)) },
                        None => (options(others)),
                    }
                }
            }
        }
    }

    /// The records that are linked, in their order, then others that can be: what stays ticked is kept.
    fn boxes(&self) -> Markup {
        html! {
            div.options.many id=(self.name) role="group" aria-label=(self.label) aria-describedby=[self.described()] {
                @for offer in &self.links.chosen {
                    label.option {
                        input type="checkbox" data-at=[&offer.at] name=(self.name) value=(offer.value) checked;
                        (offer.name)
                    }
                }
                @for offer in self.links.others.iter().flat_map(|(_, others)| others) {
                    label.option { input type="checkbox" name=(self.name) value=(offer.value); (offer.name) }
                }
            }
        }
    }
}

fn options(offers: &[Offer]) -> Markup {
    html! { @for offer in offers { option value=(offer.value) { (offer.name) } } }
}
