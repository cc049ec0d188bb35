//! What must be ticked off before the record goes on from where it stands: the check lists of the moves that lead away.

use maud::{Markup, html};
use model::process::{CHECKED, Check, Process};
use model::{Record, Value};

use super::View;
use super::edit::DIALOG;
use super::fields::address;
use crate::ui::{Words, icon};

/// The items, each with whether it is ticked off.
#[derive(Default)]
pub(super) struct Checks(Vec<(Check, bool)>);

/// Read with the record's page.
pub(super) fn read(record: &Record, process: Option<&Process>) -> Checks {
    let Some(process) = process.filter(|_| record.deleted_at.is_none()) else { return Checks::default() };
    let state = record.text(&process.field).unwrap_or_default();
    let done = |key: &String| matches!(record.get(CHECKED), Value::List(done) if done.contains(key));
    let mut items: Vec<(Check, bool)> = Vec::new();
    for check in process.transitions_from(state).flat_map(|step| &step.checklist) {
        if items.iter().all(|(known, _)| known.key != check.key) {
            items.push((check.clone(), done(&check.key)));
        }
    }
    Checks(items)
}

pub(super) fn section(view: &View) -> Markup {
    let (l, grant) = (view.frame.locale, &view.grant);
    let is_seen = !view.checks.0.is_empty() && !grant.hidden.iter().any(|name| name == CHECKED);
    let ticks = view.is_open && !grant.read_only.iter().any(|name| name == CHECKED);
    let at = address(&view.record.module.name, view.record.id, CHECKED);
    html! {
        @if is_seen {
            section.group id="checks" {
                h2 { (l.say("checks")) }
                @for (check, is_done) in &view.checks.0 {
                    div.item {
                        b { (icon(if *is_done { assets::icon::CHECK } else { assets::icon::CIRCLE })) (check.label.or(l, &check.key)) }
                        span.dim { (l.say(if *is_done { "checks-done" } else { "checklist-wanted" })) }
                    }
                }
                @if ticks {
                    a.btn.quiet.small href=(at) hx-get=(format!("{at}&{DIALOG}=true")) hx-target="body" hx-swap="beforeend" { (icon(assets::icon::CHECK)) (l.say("checks-tick")) }
                }
            }
        }
    }
}
