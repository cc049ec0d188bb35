//! All forms: whether each is in use, what it becomes, how many requests came.

use app::forms::came;
use axum::extract::State;
use maud::{Markup, html};
use model::form::{Form, INTO};
use model::{Definitions, Locale};
use store::{Error, Work};

use super::{CONTROLS, FORMS};
use crate::pages::settings::{inputs, tabs};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::typed::Typed;
use crate::ui::{Words, icon};

pub(super) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    shown(&web, &visitor, None).await
}

pub(super) async fn shown(web: &Web, visitor: &Visitor, refused: Option<(&Typed, &Error)>) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    app::shape::may_shape(&visitor.actor(), &definitions)?;
    let reader = visitor.clone();
    let names: Vec<String> = definitions.forms().map(|(form, _)| form.name.clone()).collect();
    let read = move |work: &mut Work<'_>| Ok((Frame::read(work, &reader)?, came(work, &names)?));
    let (frame, counts) = web.app.workspace().read(visitor.actor(), read).await?;
    let (l, title) = (frame.locale, frame.locale.say("forms"));
    let typed = refused.map_or_else(Typed::default, |(typed, _)| typed.clone());
    let told = Told { l, error: refused.map(|(_, error)| error), controls: CONTROLS };
    let content = html! {
        header.top { h1 { (title) } }
        (tabs(l, FORMS))
        div.page {
            p.dim { (l.say("forms-text")) }
            (told.above(&definitions))
            section {
                div.scroll tabindex="0" role="region" aria-label=(title) {
                    table.plain.as-cards {
                        thead { tr { th { (l.say("form-form")) } th { (l.say("settings-state")) } th { (l.say("form-module")) } th.num { (l.say("form-requests")) } th.num { (l.say("form-aside")) } } }
                        tbody {
                            @for ((form, _), (received, aside)) in definitions.forms().zip(&counts) {
                                tr {
                                    td { a.link href=(format!("{FORMS}/{}", form.name)) { (form.label.or(l, &form.name)) } }
                                    td data-label=(l.say("settings-state")) { (standing(form, l)) }
                                    td data-label=(l.say("form-module")) { (becomes(form, &definitions, l)) }
                                    td.num data-label=(l.say("form-requests")) { (received) }
                                    td.num data-label=(l.say("form-aside")) { (aside) }
                                }
                            }
                        }
                    }
                }
            }
            section {
                h2 { (l.say("form-new")) }
                form.form method="post" action=(FORMS) {
                    (inputs::labels(told, &inputs::typed_label(&typed)))
                    (inputs::name(told, &typed))
                    div.field {
                        label for="module" { (l.say("form-module")) }
                        select id="module" name="module" {
                            @for module in INTO.iter().filter_map(|name| definitions.module(name)) {
                                option value=(module.name) selected[typed.text("module") == module.name] { (module.label.get(l)) }
                            }
                        }
                    }
                    footer.actions { button.btn.main-action { (icon(assets::icon::PLUS)) (l.say("form-make")) } }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: FORMS, content }))
}

/// Whether anybody fills it in.
pub(super) fn standing(form: &Form, l: Locale) -> Markup {
    html! { @if form.active { span.tag.good { (l.say("form-on")) } } @else { span.tag.cold { (l.say("form-draft")) } } }
}

/// What it becomes.
pub(super) fn becomes(form: &Form, definitions: &Definitions, l: Locale) -> Markup {
    let module = definitions.module(&form.module).map_or(form.module.as_str(), |module| module.label.get(l));
    html! { (module) @if form.queue { " " span.tag { (l.say("form-queued")) } } }
}
