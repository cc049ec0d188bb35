//! How a form asks for one field, or for a file.

use axum::extract::{Path, State};
use maud::{Markup, html};
use model::Definitions;
use model::form::{Asked, Form, askable};
use store::{Error, Work};

use super::{CONTROLS, FORMS, known, read};
use crate::pages::settings::inputs;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Words;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::typed::Typed;

/// The form of a new one.
pub(super) async fn new(State(web): State<Web>, visitor: Visitor, Path(form): Path<String>) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    app::shape::may_shape(&visitor.actor(), &definitions)?;
    shown(&web, &visitor, (known(&definitions, &form)?, None), None).await
}

/// The form of one that is there.
pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path((form, name)): Path<(String, String)>,
) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    app::shape::may_shape(&visitor.actor(), &definitions)?;
    let form = known(&definitions, &form)?;
    shown(&web, &visitor, (form, Some(of(form, &name)?.1)), None).await
}

/// The field with this name, and its place.
pub(super) fn of<'f>(form: &'f Form, name: &str) -> Result<(usize, &'f Asked), Problem> {
    let found = form.fields.iter().enumerate().find(|(_, asked)| asked.field == name);
    Ok(found.ok_or_else(|| Error::NotFound { module: "forms".to_owned(), id: name.to_owned() })?)
}

pub(super) async fn shown(
    web: &Web,
    visitor: &Visitor,
    (form, present): (&Form, Option<&Asked>),
    refused: Option<(&Typed, &Error)>,
) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let reader = visitor.clone();
    let frame =
        web.app.workspace().read(visitor.actor(), move |work: &mut Work<'_>| Frame::read(work, &reader)).await?;
    let (l, at) = (frame.locale, format!("{FORMS}/{}", form.name));
    let (title, action) = match present {
        Some(asked) => (called(asked, form, &definitions, l), format!("{at}/fields/{}", asked.field)),
        None => (l.say("form-add-field"), format!("{at}/new-field")),
    };
    let told = Told { l, error: refused.map(|(_, error)| error), controls: CONTROLS };
    let typed = refused.map(|(typed, _)| typed.clone());
    let typed = typed.unwrap_or_else(|| present.map_or_else(Typed::default, read::typed_asked));
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) {
                a href=(FORMS) { (l.say("forms")) }
                a href=(at) { (form.label.or(l, &form.name)) }
            }
            h1 { (title) }
        }
        div.page.narrow {
            (told.above(&definitions))
            form.form method="post" action=(action) data-guard {
                @if present.is_none() { (which(told, form, &definitions, &typed)) }
                p.help { (l.say("form-label-help")) }
                div.pair { (line(told, "label_ru", "settings-label-ru", &typed)) (line(told, "label_en", "settings-label-en", &typed)) }
                div.pair { (line(told, "help_ru", "survey-help-ru", &typed)) (line(told, "help_en", "survey-help-en", &typed)) }
                div.options { (inputs::tick("required", &l.say("survey-required-tick"), typed.has("required"))) }
                (inputs::optional(told, "if", &l.say("form-if"), Some(&l.say("form-if-help")), &typed))
                (keys(told, &typed))
                footer.actions { button.btn.main-action { (l.say("save")) } a.btn href=(at) { (l.say("cancel")) } }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: FORMS, content }))
}

/// What people call what is asked for.
pub(super) fn called(asked: &Asked, form: &Form, definitions: &Definitions, l: model::Locale) -> String {
    let module = definitions.module(&form.module);
    let question = module.and_then(|module| asked.question(module));
    question.map_or_else(|| asked.field.clone(), |question| question.label.or(l, &asked.field).to_owned())
}

/// Which field, or a file under a name of its own.
fn which(told: Told<'_>, form: &Form, definitions: &Definitions, typed: &Typed) -> Markup {
    let l = told.l;
    let is_free = |name: &str| form.fields.iter().all(|asked| asked.field != name) && !form.values.contains_key(name);
    let module = definitions.module(&form.module);
    let fields = module.into_iter().flat_map(|module| askable(module, definitions)).filter(|it| is_free(&it.name));
    let help = l.say("form-file-name-help");
    let (below, named) = (told.below("field", "field", None), told.below("name", "name", Some(&help)));
    html! {
        div.field {
            label for="field" { (l.say("form-field")) }
            select id="field" name="field" aria-invalid=[below.invalid()] aria-describedby=[below.described()] {
                @for field in fields { option value=(field.name) selected[typed.text("field") == field.name] { (field.label.get(l)) } }
                option value="" selected[typed.has("field") && typed.text("field").is_empty()] { (l.say("form-file")) }
            }
            (below)
        }
        div.field {
            label for="name" { (l.say("form-file-name")) " " small { (l.say("optional")) } }
            input id="name" name="name" value=(typed.text("name")) autocapitalize="off" spellcheck="false"
                aria-invalid=[named.invalid()] aria-describedby=[named.described()];
            (named)
        }
    }
}

/// What the answer is called elsewhere, one to a line.
fn keys(told: Told<'_>, typed: &Typed) -> Markup {
    let help = told.l.say("form-keys-help");
    let below = told.below("keys", "keys", Some(&help));
    html! {
        div.field {
            label for="keys" { (told.l.say("form-keys")) " " small { (told.l.say("optional")) } }
            // A browser leaves out a line break that stands first.
            textarea id="keys" name="keys" rows="3" spellcheck="false" autocapitalize="off"
                aria-invalid=[below.invalid()] aria-describedby=[below.described()] { "\n" (typed.text("keys")) }
            (below)
        }
    }
}

fn line(told: Told<'_>, name: &str, label: &str, typed: &Typed) -> Markup {
    let field = if name == "label_ru" { "label" } else { name };
    let below = told.below(field, name, None);
    html! {
        div.field {
            label for=(name) { (told.l.say(label)) " " small { (told.l.say("optional")) } }
            input id=(name) name=(name) value=(typed.text(name)) maxlength="500" aria-invalid=[below.invalid()] aria-describedby=[below.described()];
            (below)
        }
    }
}
