//! What a change made of the fields of a record: each before and after, as far as its reader sees them. What is long is folded up.

use maud::{Markup, html};
use model::Module;
use model::field::FieldType;
use store::FieldChange;

use crate::ui::{Lens, Words};

/// Fields that are told at once; the others are folded up.
const SHOWN: usize = 4;

/// Letters of both sides that stand in a line or two, and how many of what is longer are seen folded.
const LONG: usize = 160;
const BEGINNING: usize = 60;

/// The fields, one below the other. Where a record is in its life is told by what was done to it.
pub(super) fn fields(lens: &Lens, module: &Module, changes: &[FieldChange]) -> Markup {
    let is_told =
        |change: &&FieldChange| change.field != "deleted_at" && !(change.before.is_null() && change.after.is_null());
    let told: Vec<&FieldChange> = changes.iter().filter(is_told).collect();
    let (first, others) = told.split_at(told.len().min(SHOWN));
    html! {
        @for change in first { (one(lens, module, change)) }
        @if !others.is_empty() {
            details.sides {
                summary.dim { (lens.locale.say_with("story-more", &[("count", others.len().into())])) }
                @for change in others { (one(lens, module, change)) }
            }
        }
    }
}

fn one(lens: &Lens, module: &Module, change: &FieldChange) -> Markup {
    let label = lens.label(module, &change.field);
    let [before, after] = [&change.before, &change.after].map(|side| lens.side(module, &change.field, side));
    let is_json = module.field(&change.field).is_some_and(|field| field.kind == FieldType::Json);
    let is_long = is_json || before.chars().count() + after.chars().count() > LONG;
    let sides = html! {
        @if !change.before.is_null() { del { (before) } " → " }
        ins { (after) }
    };
    html! {
        @if is_long {
            details.sides {
                summary.dim { (label) ": " (after.chars().take(BEGINNING).collect::<String>()) "…" }
                p.dim { (sides) }
            }
        } @else {
            p.dim { (label) ": " (sides) }
        }
    }
}
