//! What a change of shape does to the database, in the language of the page.

use maud::{Markup, html};
use model::Locale;
use store::schema::{PlanStep, StepKind};

use crate::ui::Words;

/// One step: what it does, and to what. Names are those of the database.
pub(super) fn said(step: &PlanStep, l: Locale) -> Markup {
    html! {
        (l.say(key(step.kind))) " " code translate="no" { (step.of) }
        @if !step.to.is_empty() { " → " code translate="no" { (step.to) } }
    }
}

fn key(kind: StepKind) -> &'static str {
    match kind {
        StepKind::System => "step-system",
        StepKind::Noted => "step-noted",
        StepKind::Table => "step-table",
        StepKind::Column => "step-column",
        StepKind::Links => "step-links",
        StepKind::Index => "step-index",
        StepKind::IndexLater => "step-index-later",
        StepKind::Shared => "step-shared",
        StepKind::Reference => "step-reference",
        StepKind::Searched => "step-searched",
        StepKind::TableRenamed => "step-table-renamed",
        StepKind::ColumnRenamed => "step-column-renamed",
        StepKind::IndexRenamed => "step-index-renamed",
        StepKind::IndexGone => "step-index-gone",
        StepKind::Mentioned => "step-mentioned",
    }
}
