//! One survey: its questions in their order, and what is said around them.

use axum::extract::{Path, State};
use maud::{Markup, html};
use model::survey::Survey;
use model::{Definitions, Locale};
use store::{Error, Work};

use super::{CONTROLS, SURVEYS, known, list, read};
use crate::pages::settings::inputs;
use crate::pages::settings::mover::Mover;
use crate::pages::surveys::RESULTS;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
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
    survey: &Survey,
    refused: Option<(Option<&Typed>, &Error)>,
) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let reader = visitor.clone();
    let frame =
        web.app.workspace().read(visitor.actor(), move |work: &mut Work<'_>| Frame::read(work, &reader)).await?;
    let (l, at) = (frame.locale, format!("{SURVEYS}/{}", survey.name));
    let title = survey.label.or(l, &survey.name).to_owned();
    let is_own = definitions.survey_pack(&survey.name) == Some(store::shape::OWN);
    let told = Told { l, error: refused.map(|(_, error)| error), controls: CONTROLS };
    let typed = refused.and_then(|(typed, _)| typed).cloned().unwrap_or_else(|| read::typed_survey(survey));
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(SURVEYS) { (l.say("surveys")) } }
            h1 { (title) }
            (list::standing(survey, l))
            div.actions {
                a.btn href=(format!("{RESULTS}/{}", survey.name)) { (icon(assets::icon::CHART_COLUMN)) (l.say("survey-results")) }
                a.btn href=(format!("{at}/preview")) target="_blank" rel="noopener" { (icon(assets::icon::EYE)) (l.say("survey-preview")) }
            }
        }
        div.page {
            (told.above(&definitions))
            @if survey.anonymous && survey.active {
                p { (l.say("survey-public-address")) " " code { (web.app.survey_url(&survey.name)) } }
            }
            (questions(survey, &at, l))
            section {
                h2 { (l.say("survey-around")) }
                (form(told, &typed, &definitions, &at))
            }
            @if is_own {
                section {
                    h2 { (l.say("survey-delete")) }
                    p.help { (l.say("survey-delete-help")) }
                    form method="post" action=(format!("{at}/delete")) { button.btn.danger { (icon(assets::icon::TRASH_2)) (l.say("survey-delete")) } }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: SURVEYS, content }))
}

fn questions(survey: &Survey, at: &str, l: Locale) -> Markup {
    let last = survey.questions.len().saturating_sub(1);
    html! {
        section id="questions" {
            h2 { (l.say("survey-questions")) }
            form method="post" action=(format!("{at}/order")) {
                div.scroll tabindex="0" role="region" aria-label=(l.say("survey-questions")) {
                    table.plain.as-cards {
                        thead { tr { th { (l.say("survey-question")) } th { (l.say("survey-kind")) } th { (l.say("survey-if")) } th { span.visually-hidden { (l.say("survey-order")) } } } }
                        tbody {
                            @for (index, question) in survey.questions.iter().enumerate() {
                                @let label = question.label.or(l, &question.key);
                                @let mover = Mover { label, up: ("up", &question.key), down: ("down", &question.key), is_first: index == 0, is_last: index == last, back: None };
                                tr {
                                    td {
                                        a.link href=(format!("{at}/questions/{}", question.key)) { (label) }
                                        @if question.required { " " span.tag.acc { (l.say("survey-required")) } }
                                        @if question.retired { " " span.tag.cold { (l.say("survey-retired")) } }
                                    }
                                    td data-label=(l.say("survey-kind")) { (l.say(&format!("survey-kind-{}", question.kind.name()))) }
                                    td data-label=(l.say("survey-if")) { @if let Some(condition) = &question.condition { code { (condition) } } @else { "—" } }
                                    td {
                                        div.buttons.above-link {
                                            (mover.buttons(l))
                                            button.btn.quiet.small name="retire" value=(question.key) { (l.say(if question.retired { "survey-unretire" } else { "survey-retire" })) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            div.buttons { a.btn href=(format!("{at}/new-question")) { (icon(assets::icon::PLUS)) (l.say("survey-add-question")) } }
        }
    }
}

fn form(told: Told<'_>, typed: &Typed, definitions: &Definitions, at: &str) -> Markup {
    let l = told.l;
    let letters = definitions.letters().map(|(letter, _)| (letter.name.as_str(), letter.label.or(l, &letter.name)));
    let help = l.say("survey-valid-for-help");
    let (valid, about) = (told.below("valid_for", "valid_for", Some(&help)), told.below("about", "about", None));
    html! {
        form.form method="post" action=(at) data-guard {
            (inputs::labels(told, &inputs::typed_label(typed)))
            div.pair { (text("introduction_ru", &l.say("survey-introduction-ru"), typed)) (text("introduction_en", &l.say("survey-introduction-en"), typed)) }
            div.pair { (text("thanks_ru", &l.say("survey-thanks-ru"), typed)) (text("thanks_en", &l.say("survey-thanks-en"), typed)) }
            div.field {
                label for="about" { (l.say("survey-about")) " " small { (l.say("optional")) } }
                textarea id="about" name="about" rows="3" spellcheck="false" autocapitalize="off" aria-invalid=[about.invalid()] aria-describedby="about-hint" { (typed.text("about")) }
                p.help id="about-hint" { (l.say("survey-about-help")) }
                (about)
            }
            div.pair {
                div.field {
                    label for="letter" { (l.say("survey-letter")) }
                    select id="letter" name="letter" {
                        @for (name, words) in letters { option value=(name) selected[typed.text("letter") == name] { (words) } }
                    }
                }
                div.field {
                    label for="valid_for" { (l.say("survey-valid-for")) " " small { (l.say("optional")) } }
                    input id="valid_for" name="valid_for" value=(typed.text("valid_for")) spellcheck="false" autocapitalize="off"
                        aria-invalid=[valid.invalid()] aria-describedby=[valid.described()];
                    (valid)
                }
            }
            div.options id="anonymous" {
                (inputs::tick_with("active", &l.say("survey-active"), &l.say("survey-active-help"), typed.has("active")))
                (inputs::tick_with("corrections", &l.say("survey-corrections"), &l.say("survey-corrections-help"), typed.has("corrections")))
                (inputs::tick_with("anonymous", &l.say("survey-anonymous-tick"), &l.say("survey-anonymous-help"), typed.has("anonymous")))
            }
            footer.actions { button.btn.main-action { (l.say("save")) } }
        }
    }
}

fn text(name: &str, label: &str, typed: &Typed) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            textarea id=(name) name=(name) rows="3" { (typed.text(name)) }
        }
    }
}
