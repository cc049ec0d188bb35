//! A new record without leaving the page: the form of `new` in a dialog, with a choice of module.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use model::{Id, Module};
use serde_json::json;
use store::Work;

use super::new::{self, View, can_be_made};
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::{Lens, Words, frame, headers, htmx, icon};

/// Modules of which the visitor makes records by hand, in the order of the menu.
pub(super) fn makeable(work: &Work<'_>) -> Vec<Arc<Module>> {
    let made = |module: &&Arc<Module>| can_be_made(module, &work.grant(module));
    let mut modules: Vec<_> = work.definitions().modules().filter(made).cloned().collect();
    modules.sort_by_key(|module| frame::place(&module.name));
    modules
}

/// The form as a dialog over the page.
pub(super) fn dialog(view: &View) -> Markup {
    let (l, module) = (view.frame.locale, &view.module);
    let address = format!("/{}/new", module.name);
    html! {
        dialog.dialog.quick open data-modal aria-labelledby="quick-title" {
            form id="quick-new" method="post" action=(address) data-guard novalidate
                hx-post=(address) hx-target="closest dialog" hx-swap="outerHTML" {
                header {
                    h2 id="quick-title" { (l.say_with("new-title", &[("name", module.one.get(l).into())])) }
                    select data-quick-module aria-label=(l.say("quick-module")) {
                        @for other in &view.others {
                            option value=(other.name) selected[other.name == module.name] { (other.one.get(l)) }
                        }
                    }
                    button.btn.quiet.icon type="button" data-close aria-label=(l.say("close")) { (icon(assets::icon::X)) }
                }
                div.body { (new::rows(view)) }
                footer {
                    a.btn.quiet href=(address) { (l.say("quick-whole")) }
                    span.push {}
                    button.btn type="button" data-close="forget" { (l.say("cancel")) }
                    button.btn.main-action { (l.say("save")) }
                }
            }
        }
    }
}

/// Nothing takes the form's place: a message says what was made, leads there and takes it back.
pub(super) async fn made(web: &Web, visitor: Visitor, module: String, id: Id, set: Id) -> Result<Response, Problem> {
    let (l, name) = (visitor.locale, module.clone());
    let title = web.app.workspace().read(visitor.actor(), move |work| {
        let mut lens = Lens::of(work, l);
        lens.learn_link(work, &name, id)?;
        Ok(lens.title(&name, id).unwrap_or_default().to_owned())
    });
    let (title, page) = (title.await?, format!("/{module}/{id}"));
    let events = json!({
        "toast": {
            "text": l.say("quick-made"), "tone": "good",
            "link": {"label": title, "href": page},
            "undo": {"label": l.say("quick-undo"), "href": format!("/undo/{set}")},
        },
        // A control that asked for it takes it.
        "made": {"module": module, "value": id.to_string(), "name": title, "at": page},
    });
    let mut response = StatusCode::NO_CONTENT.into_response();
    headers::add(&mut response, htmx::TRIGGER, &htmx::event(&events));
    Ok(response)
}
