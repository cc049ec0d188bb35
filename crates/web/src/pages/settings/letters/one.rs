//! One letter: subject and text in both languages, what they may name, how it looks.

use app::variables;
use axum::extract::{Path, State};
use channels::letters::Rendered;
use maud::{Markup, html};
use model::Locale;
use model::letter::Letter;
use store::Error;

use super::{CONTROLS, LETTERS, known, look, sent_by, typed_letter};
use crate::pages::settings::{frame, inputs};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
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
    shown(&web, &visitor, known(&definitions, &name)?, Form::default()).await
}

/// A form that comes again: what was typed, why it was refused, how it would look.
#[derive(Default)]
pub(super) struct Form<'a> {
    pub(super) typed: Option<&'a Typed>,
    pub(super) error: Option<&'a Error>,
    pub(super) looks: Option<&'a [(Locale, Rendered)]>,
}

pub(super) async fn shown(web: &Web, visitor: &Visitor, letter: &Letter, form: Form<'_>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let definitions = web.app.workspace().knowledge().definitions;
    let (l, at) = (frame.locale, format!("{LETTERS}/{}", letter.name));
    let title = letter.label.or(l, &letter.name).to_owned();
    let is_own = definitions.letter_pack(&letter.name) == Some(store::shape::OWN);
    let told = Told { l, error: form.error, controls: CONTROLS };
    let typed = form.typed.cloned().unwrap_or_else(|| typed_letter(letter));
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(LETTERS) { (l.say("letter-letters")) } }
            h1 { (title) }
            @if is_own { span.tag.acc { (l.say("letter-own")) } }
        }
        div.page {
            (told.above(&definitions))
            p { (sent_by(&definitions, &letter.name, l)) }
            @if let Some(looks) = form.looks { (look::drawn(looks, typed.has("formatted"), l)) }
            form.form.wide method="post" action=(at) data-guard {
                (inputs::labels(told, &inputs::typed_label(&typed)))
                (templates(told, &typed))
                footer.actions {
                    button.btn.main-action { (l.say("save")) }
                    button.btn name="preview" value="all" { (icon(assets::icon::EYE)) (l.say("letter-preview")) }
                    button.btn.quiet name="preview" value="least" { (l.say("letter-preview-least")) }
                }
            }
            (named(&variables(&definitions, &letter.name, l), l))
            @if is_own {
                section {
                    h2 { (l.say("letter-back")) }
                    p.help { (l.say("letter-back-help")) }
                    form method="post" action=(format!("{at}/delete")) { button.btn.danger { (icon(assets::icon::UNDO_2)) (l.say("letter-back")) } }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: LETTERS, content }))
}

/// Subject and text in both languages.
pub(super) fn templates(told: Told<'_>, typed: &Typed) -> Markup {
    let l = told.l;
    let line = |name: &str, field: &str, label: &str| {
        let below = told.below(field, name, None);
        html! {
            div.field {
                label for=(name) { (l.say(label)) }
                input id=(name) name=(name) value=(typed.text(name)) maxlength="2000" spellcheck="false"
                    aria-invalid=[below.invalid()] aria-describedby=[below.described()];
                (below)
            }
        }
    };
    let text = |name: &str, field: &str, label: &str| {
        let below = told.below(field, name, None);
        html! {
            div.field {
                label for=(name) { (l.say(label)) }
                textarea.template id=(name) name=(name) rows="18" spellcheck="false" aria-invalid=[below.invalid()] aria-describedby=[below.described()] { (typed.text(name)) }
                (below)
            }
        }
    };
    html! {
        div.pair {
            (line("subject_ru", "subject.ru", "letter-subject-ru"))
            (line("subject_en", "subject.en", "letter-subject-en"))
        }
        div.pair {
            (text("text_ru", "text.ru", "letter-text-ru"))
            (text("text_en", "text.en", "letter-text-en"))
        }
        div.options {
            (inputs::tick_with("formatted", &l.say("letter-formatted"), &l.say("letter-formatted-help"), typed.has("formatted")))
            (inputs::tick_with("marketing", &l.say("letter-marketing"), &l.say("letter-marketing-help"), typed.has("marketing")))
        }
    }
}

/// What the templates may name.
fn named(variables: &[(String, String)], l: Locale) -> Markup {
    html! {
        section {
            details {
                summary.link { (l.say("letter-variables")) }
                p.help { (l.say("letter-variables-help")) }
                div.scroll tabindex="0" role="region" aria-label=(l.say("letter-variables")) {
                    table.plain {
                        thead { tr { th { (l.say("letter-variable")) } th { (l.say("letter-example")) } } }
                        tbody { @for (name, example) in variables { tr { td { code { (name) } } td translate="no" { (example) } } } }
                    }
                }
            }
        }
    }
}
