//! All surveys: whether each is in use, how many answered it.

use app::surveys::states;
use axum::extract::State;
use maud::{Markup, html};
use model::Locale;
use model::survey::Survey;
use store::{Error, Work};

use super::{CONTROLS, SURVEYS};
use crate::pages::settings::{inputs, tabs};
use crate::pages::surveys::RESULTS;
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
    let names: Vec<String> = definitions.surveys().map(|(survey, _)| survey.name.clone()).collect();
    let read = move |work: &mut Work<'_>| Ok((Frame::read(work, &reader)?, states(work, &names)?));
    let (frame, counts) = web.app.workspace().read(visitor.actor(), read).await?;
    let (l, title) = (frame.locale, frame.locale.say("surveys"));
    let typed = refused.map_or_else(Typed::default, |(typed, _)| typed.clone());
    let told = Told { l, error: refused.map(|(_, error)| error), controls: CONTROLS };
    let question = inputs::side(&typed, "question");
    let content = html! {
        header.top { h1 { (title) } }
        (tabs(l, SURVEYS))
        div.page {
            p.dim { (l.say("surveys-text")) }
            (told.above(&definitions))
            section {
                div.scroll tabindex="0" role="region" aria-label=(title) {
                    table.plain.as-cards {
                        thead { tr { th { (l.say("survey-survey")) } th { (l.say("settings-state")) } th { (l.say("survey-about")) } th.num { (l.say("survey-questions")) } th.num { (l.say("survey-answered")) } } }
                        tbody {
                            @for ((survey, _), found) in definitions.surveys().zip(&counts) {
                                tr {
                                    td { a.link href=(format!("{SURVEYS}/{}", survey.name)) { (survey.label.or(l, &survey.name)) } }
                                    td data-label=(l.say("settings-state")) { (standing(survey, l)) }
                                    td data-label=(l.say("survey-about")) {
                                        @let about = survey.about.iter().map(|about| definitions.module(&about.module).map_or(about.module.as_str(), |module| module.label.get(l)));
                                        (about.collect::<Vec<_>>().join(", "))
                                    }
                                    td.num data-label=(l.say("survey-questions")) { (survey.asked().count()) }
                                    td.num data-label=(l.say("survey-answered")) { a.link.above-link href=(format!("{RESULTS}/{}", survey.name)) { (found.of("answered")) } }
                                }
                            }
                        }
                    }
                }
            }
            section {
                h2 { (l.say("survey-new")) }
                form.form method="post" action=(SURVEYS) {
                    (inputs::labels(told, &inputs::typed_label(&typed)))
                    (inputs::name(told, &typed))
                    div.pair {
                        (inputs::line(Told::nothing(l), "question_ru", &l.say("survey-first-ru"), &question.ru, true))
                        (inputs::line(Told::nothing(l), "question_en", &l.say("survey-first-en"), &question.en, false))
                    }
                    footer.actions { button.btn.main-action { (icon(assets::icon::PLUS)) (l.say("survey-make")) } }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: SURVEYS, content }))
}

/// Whether a survey is sent and answered.
pub(super) fn standing(survey: &Survey, l: Locale) -> Markup {
    html! {
        @if survey.active { span.tag.good { (l.say("survey-on")) } } @else { span.tag.cold { (l.say("survey-off")) } }
        @if survey.anonymous { " " span.tag { (l.say("survey-open-to-all")) } }
    }
}
