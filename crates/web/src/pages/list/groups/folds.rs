//! Groups folded and unfolded, which is remembered for each user, list and view.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use model::Locale;
use serde_json::Value as Json;
use store::{Folds, Work};

use crate::pages::list::View;
use crate::pages::list::own::{self, Own};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::Typed;
use crate::ui::{Words, icon};

/// The form that buttons in the heads of groups belong to.
const FORM: &str = "folds";

/// The form of the buttons, with the list that they come back to.
pub(in crate::pages::list) fn form(view: &View) -> Markup {
    html! {
        @if let Some(grouped) = &view.grouped {
            form id=(FORM) method="post" action=(format!("/{}/folds", view.module.name)) data-by=(grouped.by.field.name) hidden {
                @for (key, value) in view.query.kept("") { input type="hidden" name=(key) value=(value); }
            }
        }
    }
}

/// The button of a head.
pub(super) fn button(l: Locale, mark: &str, called: &str, is_folded: bool) -> Markup {
    let does = if is_folded { "unfold" } else { "fold" };
    let label = l.say_with("group-called", &[("name", called.into())]);
    html! {
        button.btn.quiet.small.icon.fold form=(FORM) name=(does) value=(mark) aria-expanded=(if is_folded { "false" } else { "true" }) aria-label=(label) title=(l.say(if is_folded { "group-unfold" } else { "group-fold" })) {
            (icon(if is_folded { assets::icon::CHEVRON_RIGHT } else { assets::icon::CHEVRON_DOWN }))
        }
    }
}

/// The buttons that fold or unfold all groups.
pub(super) fn all(l: Locale) -> Markup {
    html! {
        button form=(FORM) name="all" value="true" { (l.say("groups-fold")) }
        button form=(FORM) name="none" value="true" { (l.say("groups-unfold")) }
    }
}

/// Keeps which groups are folded.
pub(crate) async fn keep(
    State(web): State<Web>,
    visitor: Visitor,
    Path(module): Path<String>,
    form: Typed,
) -> Result<Response, Problem> {
    own::keep(&web, &visitor, module, form, change).await
}

fn change(work: &mut Work<'_>, of: &Own<'_>) -> store::Result<String> {
    let Own { module, query, form, .. } = of;
    let by = work.grouping(module, &query.group)?;
    let mut folds = work.folds(&module.name, query.view(), &query.group)?;
    let whole = |all: bool| Folds { by: query.group.clone(), all, otherwise: Vec::new() };
    if form.has("all") || form.has("none") {
        folds = whole(form.has("all"));
    }
    for (does, is_folded) in [("fold", true), ("unfold", false)] {
        let mark = form.get(does).and_then(|mark| serde_json::from_str::<Json>(mark).ok());
        if let Some(value) = mark.and_then(|mark| by.read(&mark)) {
            folds.fold(value.to_json(), is_folded);
        }
    }
    work.set_folds(&module.name, query.view(), &folds)?;
    Ok(query.address(&module.name))
}
