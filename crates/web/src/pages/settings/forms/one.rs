//! One form: what it asks for in its order, what is said around that, where a site takes it over.

use app::forms::{came, dropped};
use axum::extract::{Path, State};
use maud::{Markup, html};
use model::form::Form;
use model::{Definitions, Locale};
use store::{Error, Work};

use super::{CONTROLS, FORMS, field, known, list, read};
use crate::pages::public::embed::snippet;
use crate::pages::settings::inputs;
use crate::pages::settings::mover::Mover;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::next::escaped;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::typed::Typed;
use crate::ui::{Words, icon};

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    app::shape::may_shape(&visitor.actor(), &definitions)?;
    shown(&web, &visitor, known(&definitions, &name)?, None).await
}

/// The page, with what was typed and why it was refused.
pub(super) async fn shown(
    web: &Web,
    visitor: &Visitor,
    form: &Form,
    refused: Option<(Option<&Typed>, &Error)>,
) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let (reader, name) = (visitor.clone(), form.name.clone());
    let read = move |work: &mut Work<'_>| {
        let came = came(work, std::slice::from_ref(&name))?;
        Ok((Frame::read(work, &reader)?, came, dropped(work, &name)?))
    };
    let (frame, came, dropped) = web.app.workspace().read(visitor.actor(), read).await?;
    let (received, aside) = came.first().copied().unwrap_or_default();
    let (l, at) = (frame.locale, format!("{FORMS}/{}", form.name));
    let title = form.label.or(l, &form.name).to_owned();
    let is_own = definitions.form_pack(&form.name) == Some(store::shape::OWN);
    let told = Told { l, error: refused.map(|(_, error)| error), controls: CONTROLS };
    let typed = refused.and_then(|(typed, _)| typed).cloned().unwrap_or_else(|| read::typed_form(form));
    let requests = format!("/messages?filter={}", escaped(&format!("form == \"{}\"", form.name)));
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(FORMS) { (l.say("forms")) } }
            h1 { (title) }
            (list::standing(form, l))
            div.actions {
                a.btn href=(requests) { (icon(assets::icon::INBOX)) (l.say("form-requests")) ": " (received + aside) }
                a.btn href=(format!("{at}/test")) target="_blank" rel="noopener" { (icon(assets::icon::EYE)) (l.say("form-test")) }
            }
        }
        div.page {
            (told.above(&definitions))
            p.dim { (list::becomes(form, &definitions, l)) @if aside > 0 { " · " (l.say("form-aside")) ": " (aside) } @if dropped > 0 { " · " (l.say("form-dropped")) ": " (dropped) } }
            (fields(form, &definitions, &at, l))
            section {
                h2 { (l.say("form-around")) }
                (around(told, &typed, &at))
            }
            @if form.active { (taken_over(web, form, &title, l)) }
            @if is_own {
                section {
                    h2 { (l.say("form-delete")) }
                    p.help { (l.say("form-delete-help")) }
                    form method="post" action=(format!("{at}/delete")) { button.btn.danger { (icon(assets::icon::TRASH_2)) (l.say("form-delete")) } }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: FORMS, content }))
}

fn fields(form: &Form, definitions: &Definitions, at: &str, l: Locale) -> Markup {
    let last = form.fields.len().saturating_sub(1);
    html! {
        section id="fields" {
            h2 { (l.say("form-fields")) }
            form method="post" action=(format!("{at}/order")) {
                div.scroll tabindex="0" role="region" aria-label=(l.say("form-fields")) {
                    table.plain.as-cards {
                        thead { tr { th { (l.say("form-field")) } th { (l.say("form-if")) } th { span.visually-hidden { (l.say("survey-order")) } } } }
                        tbody {
                            @for (index, asked) in form.fields.iter().enumerate() {
                                @let label = field::called(asked, form, definitions, l);
                                @let mover = Mover { label: &label, up: ("up", &asked.field), down: ("down", &asked.field), is_first: index == 0, is_last: index == last, back: None };
                                tr {
                                    td {
                                        a.link href=(format!("{at}/fields/{}", asked.field)) { (label) }
                                        @if asked.required { " " span.tag.acc { (l.say("survey-required")) } }
                                        @if asked.file { " " span.tag { (l.say("survey-kind-file")) } }
                                    }
                                    td data-label=(l.say("form-if")) { @if let Some(condition) = &asked.condition { code { (condition) } } @else { "—" } }
                                    td {
                                        div.buttons.above-link {
                                            (mover.buttons(l))
                                            button.btn.quiet.small name="remove" value=(asked.field) { (l.say("form-remove")) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            div.buttons { a.btn href=(format!("{at}/new-field")) { (icon(assets::icon::PLUS)) (l.say("form-add-field")) } }
        }
    }
}

fn around(told: Told<'_>, typed: &Typed, at: &str) -> Markup {
    let l = told.l;
    let sides = [
        ("introduction", ["survey-introduction-ru", "survey-introduction-en"]),
        ("thanks", ["survey-thanks-ru", "survey-thanks-en"]),
        ("consent", ["form-consent-ru", "form-consent-en"]),
        ("marketing", ["form-marketing-ru", "form-marketing-en"]),
    ];
    html! {
        form.form method="post" action=(at) data-guard {
            (inputs::labels(told, &inputs::typed_label(typed)))
            @for (key, [ru, en]) in sides {
                div.pair { (text(told, key, ru, "ru", typed)) (text(told, key, en, "en", typed)) }
            }
            (address(told, "policy", "form-policy-address", "form-policy-help", typed))
            (address(told, "next", "form-next", "form-next-help", typed))
            (values(told, typed))
            div.options {
                (inputs::tick_with("active", &l.say("form-active"), &l.say("form-active-help"), typed.has("active")))
                (inputs::tick_with("queue", &l.say("form-queue"), &l.say("form-queue-help"), typed.has("queue")))
            }
            footer.actions { button.btn.main-action { (l.say("save")) } }
        }
    }
}

fn text(told: Told<'_>, key: &str, label: &str, language: &str, typed: &Typed) -> Markup {
    let name = format!("{key}_{language}");
    let below = told.below(if language == "ru" { key } else { "" }, &name, None);
    html! {
        div.field {
            label for=(name) { (told.l.say(label)) }
            textarea id=(name) name=(name) rows="3" aria-invalid=[below.invalid()] aria-describedby=[below.described()] { (typed.text(&name)) }
            (below)
        }
    }
}

fn address(told: Told<'_>, name: &str, label: &str, help: &str, typed: &Typed) -> Markup {
    let help = told.l.say(help);
    let below = told.below(name, name, Some(&help));
    html! {
        div.field {
            label for=(name) { (told.l.say(label)) " " small { (told.l.say("optional")) } }
            input id=(name) name=(name) type="url" value=(typed.text(name)) spellcheck="false" autocapitalize="off"
                aria-invalid=[below.invalid()] aria-describedby=[below.described()];
            (below)
        }
    }
}

fn values(told: Told<'_>, typed: &Typed) -> Markup {
    let help = told.l.say("form-values-help");
    let below = told.below("values", "values", Some(&help));
    html! {
        div.field {
            label for="values" { (told.l.say("form-values")) " " small { (told.l.say("optional")) } }
            textarea id="values" name="values" rows="3" spellcheck="false" autocapitalize="off"
                aria-invalid=[below.invalid()] aria-describedby=[below.described()] { (typed.text("values")) }
            (below)
        }
    }
}

/// Its address, the lines of HTML for a site, and the address for a site's back end.
fn taken_over(web: &Web, form: &Form, title: &str, l: Locale) -> Markup {
    let url = web.app.form_url(&form.name);
    html! {
        section {
            h2 { (l.say("form-site")) }
            p { (l.say("form-address")) " " a.link href=(url) target="_blank" rel="noopener" { code { (url) } } }
            div.form {
                p.help { (l.say("form-embed-help")) }
                div.field {
                    label for="embed-code" { (l.say("embed-code")) }
                    textarea.code id="embed-code" readonly rows="4" spellcheck="false" { (snippet(&url, title)) }
                }
                div.buttons {
                    button.btn.small type="button" data-copies="embed-code" data-copied=(l.say("copied")) hidden { (icon(assets::icon::COPY)) (l.say("copy")) }
                    a.btn.small.quiet href=(format!("{url}?embed=1")) target="_blank" rel="noopener" { (l.say("embed-look")) }
                }
            }
            p { (l.say("form-endpoint")) " " code { "POST " (web.app.form_endpoint(&form.name)) } }
        }
    }
}
