//! The form of a question.

use axum::extract::{Path, State};
use maud::{Markup, html};
use model::survey::{Kind, Question, SENT, Survey};
use store::{Error, Work};

use super::{CONTROLS, SURVEYS, known, read};
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
pub(super) async fn new(
    State(web): State<Web>,
    visitor: Visitor,
    Path(survey): Path<String>,
) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    app::shape::may_shape(&visitor.actor(), &definitions)?;
    shown(&web, &visitor, (known(&definitions, &survey)?, None), None).await
}

/// The form of one that is there.
pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path((survey, key)): Path<(String, String)>,
) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    app::shape::may_shape(&visitor.actor(), &definitions)?;
    let survey = known(&definitions, &survey)?;
    shown(&web, &visitor, (survey, Some(of(survey, &key)?.1)), None).await
}

/// The question with this key, and its place.
pub(super) fn of<'s>(survey: &'s Survey, key: &str) -> Result<(usize, &'s Question), Problem> {
    let found = survey.questions.iter().enumerate().find(|(_, question)| question.key == key);
    Ok(found.ok_or_else(|| Error::NotFound { module: SENT.to_owned(), id: key.to_owned() })?)
}

pub(super) async fn shown(
    web: &Web,
    visitor: &Visitor,
    (survey, present): (&Survey, Option<&Question>),
    refused: Option<(&Typed, &Error)>,
) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let reader = visitor.clone();
    let frame =
        web.app.workspace().read(visitor.actor(), move |work: &mut Work<'_>| Frame::read(work, &reader)).await?;
    let (l, at) = (frame.locale, format!("{SURVEYS}/{}", survey.name));
    let (title, action) = match present {
        Some(question) => (question.label.or(l, &question.key).to_owned(), format!("{at}/questions/{}", question.key)),
        None => (l.say("survey-add-question"), format!("{at}/new-question")),
    };
    let told = Told { l, error: refused.map(|(_, error)| error), controls: CONTROLS };
    let typed = refused.map(|(typed, _)| typed.clone());
    let typed = typed.unwrap_or_else(|| present.map_or_else(Typed::default, read::typed_question));
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) {
                a href=(SURVEYS) { (l.say("surveys")) }
                a href=(at) { (survey.label.or(l, &survey.name)) }
            }
            h1 { (title) }
        }
        div.page.narrow {
            (told.above(&definitions))
            form.form method="post" action=(action) data-guard { (rows(told, &typed, present.is_none()))
                footer.actions { button.btn.main-action { (l.say("save")) } a.btn.quiet href=(at) { (l.say("cancel")) } }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: SURVEYS, content }))
}

fn rows(told: Told<'_>, typed: &Typed, is_new: bool) -> Markup {
    let l = told.l;
    let help = l.say("survey-key-help");
    let key = told.below("key", "key", Some(&help));
    let kind = told.below("kind", "kind", None);
    html! {
        (inputs::labels(told, &inputs::typed_label(typed)))
        @if is_new {
            div.field {
                label for="key" { (l.say("settings-name")) }
                input id="key" name="key" value=(typed.text("key")) required pattern="[a-z][a-z0-9_]{0,47}" autocapitalize="off" spellcheck="false"
                    aria-invalid=[key.invalid()] aria-describedby=[key.described()];
                (key)
            }
        }
        div.field {
            label for="kind" { (l.say("survey-kind")) }
            select id="kind" name="kind" aria-invalid=[kind.invalid()] aria-describedby=[kind.described()] {
                @for known in Kind::ALL { option value=(known.name()) selected[typed.text("kind") == known.name()] { (l.say(&format!("survey-kind-{}", known.name()))) } }
            }
            (kind)
        }
        (inputs::tick("required", &l.say("survey-required-tick"), typed.has("required")))
        (lines(told, "options", &l.say("settings-options"), &l.say("survey-options-help"), typed))
        (inputs::optional(told, "if", &l.say("survey-if"), Some(&l.say("survey-if-help")), typed))
        div.pair { (plain("help_ru", &l.say("survey-help-ru"), typed)) (plain("help_en", &l.say("survey-help-en"), typed)) }
        details open[["rows", "columns", "min", "max", "check", "prefill", "writes"].iter().any(|name| !typed.text(name).is_empty())] {
            summary.link { (l.say("survey-more-of-question")) }
            (lines(told, "rows", &l.say("survey-rows"), &l.say("survey-options-help"), typed))
            (lines(told, "columns", &l.say("survey-columns"), &l.say("survey-columns-help"), typed))
            div.pair {
                (inputs::optional(told, "min", &l.say("settings-min"), None, typed))
                (inputs::optional(told, "max", &l.say("settings-max"), None, typed))
            }
            (inputs::optional(told, "check", &l.say("survey-check"), Some(&l.say("survey-check-help")), typed))
            div.pair { (plain("refusal_ru", &l.say("survey-refusal-ru"), typed)) (plain("refusal_en", &l.say("survey-refusal-en"), typed)) }
            (inputs::optional(told, "prefill", &l.say("survey-prefill"), Some(&l.say("survey-prefill-help")), typed))
            (inputs::optional(told, "writes", &l.say("survey-writes"), Some(&l.say("survey-writes-help")), typed))
        }
    }
}

fn lines(told: Told<'_>, name: &str, label: &str, help: &str, typed: &Typed) -> Markup {
    let below = told.below(name, name, Some(help));
    html! {
        div.field {
            label for=(name) { (label) " " small { (told.l.say("optional")) } }
            textarea id=(name) name=(name) rows="4" spellcheck="false" aria-invalid=[below.invalid()] aria-describedby=[below.described()] { (typed.text(name)) }
            (below)
        }
    }
}

fn plain(name: &str, label: &str, typed: &Typed) -> Markup {
    html! { div.field { label for=(name) { (label) } input id=(name) name=(name) value=(typed.text(name)); } }
}
