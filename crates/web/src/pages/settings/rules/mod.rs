//! Settings → Rules: what runs, what it did, what it would have done, and the form that makes or changes one.

mod actions;
mod acts;
mod address;
mod form;
mod list;
mod log;
mod once_more;
mod one;
mod read;
mod rehearsal;
pub(in crate::pages) mod said;
mod soon;
mod steps;
mod webhooks;
mod when;
mod why;

use axum::Router;
use axum::routing::{get, post};
use model::definitions::Definitions;
use model::rule::Rule;
use store::Error;

pub(super) use self::form::address as new_at;
use crate::problem::Problem;
use crate::state::Web;
pub(in crate::pages) use crate::ui::addresses::RULES;
use crate::ui::addresses::WEBHOOKS;
use crate::ui::told::Controls;

/// The controls of a rule.
const CONTROLS: Controls = &[
    ("label", "label_ru", "settings-label-ru"),
    ("name", "name", "settings-name"),
    ("when.after", "after", "rule-after"),
    ("when.every", "every", "rule-every"),
    ("when.times", "times", "rule-times"),
    ("when.at", "at", "rule-at"),
    ("when.on", "on", "rule-day"),
    ("when.transitions", "event", "rule-moves"),
    ("when", "event", "rule-when"),
    ("if", "if", "rule-if"),
    ("budget", "budget", "rule-budget"),
    ("letters", "letters", "rule-budget-letters"),
    ("then", "then", "rule-then"),
];

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/settings/rules", get(list::page).post(acts::add))
        .route("/settings/rules/new", get(form::page))
        .route("/settings/rules/webhook-secret", post(webhooks::secret))
        .route(WEBHOOKS, get(webhooks::page))
        .route("/settings/webhooks/{webhook}/redeliver", post(webhooks::redeliver))
        .route("/settings/rules/{rule}", get(one::page).post(acts::change))
        .route("/settings/rules/{rule}/address", post(address::make))
        .route("/settings/rules/{rule}/switch", post(acts::switch))
        .route("/settings/rules/{rule}/rerun", post(acts::rerun))
        .route("/settings/rules/{rule}/resume", post(acts::resume))
        .route("/settings/rules/{rule}/rehearse", post(acts::rehearse))
        .route("/settings/rules/{rule}/runs/{run}", get(once_more::page).post(once_more::act))
        .route("/settings/rules/{rule}/delete", post(acts::delete))
}

fn known<'d>(definitions: &'d Definitions, name: &str) -> Result<&'d Rule, Problem> {
    let rule = definitions.rule(name).map(|rule| &**rule);
    Ok(rule.ok_or_else(|| Error::NotFound { module: "rules".to_owned(), id: name.to_owned() })?)
}
