//! What surveys have come to: counts with bars, words of one's own, and the table for a spreadsheet. Everybody counts what
//! they may read.

use app::surveys::{Counted, Results, Tally, csv, results, states};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use model::rights::Scope;
use model::survey::{ANSWERS, Kind, SENT};
use model::{Locale, l10n};
use store::{Error, Work};

use super::super::visitor::Visitor;
use super::RESULTS;
use crate::api::surveys::as_file;
use crate::drawn::bars::{self, Bar, Bars, Wanted};
use crate::pages::next::escaped;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::typed::Asked;
use crate::ui::{Words, icon, note};

/// All surveys with how many were sent and answered.
pub(crate) async fn list(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    let reader = visitor.clone();
    let read = move |work: &mut Work<'_>| {
        may_read(work)?;
        let surveys: Vec<_> = work.definitions().surveys().map(|(survey, _)| survey.clone()).collect();
        let names: Vec<String> = surveys.iter().map(|survey| survey.name.clone()).collect();
        let found = states(work, &names)?;
        Ok((Frame::read(work, &reader)?, surveys.into_iter().zip(found).collect::<Vec<_>>()))
    };
    let (frame, rows) = web.app.workspace().read(visitor.actor(), read).await?;
    let (l, title) = (frame.locale, frame.locale.say("survey-results-all"));
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(format!("/{SENT}")) { (l.say("surveys")) } }
            h1 { (title) }
        }
        div.page {
            div.scroll tabindex="0" role="region" aria-label=(title) {
                table.plain.as-cards {
                    thead { tr { th { (l.say("survey-survey")) } th.num { (l.say("survey-waiting")) } th.num { (l.say("survey-answered")) } th.num { (l.say("survey-expired")) } } }
                    tbody {
                        @for (survey, found) in &rows {
                            tr {
                                td { a.link href=(format!("{RESULTS}/{}", survey.name)) { (survey.label.or(l, &survey.name)) } }
                                td.num data-label=(l.say("survey-waiting")) { (found.waiting()) }
                                td.num data-label=(l.say("survey-answered")) { (found.of("answered")) }
                                td.num data-label=(l.say("survey-expired")) { (found.of("expired")) }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: &format!("/{SENT}"), content }))
}

/// What came of one.
pub(crate) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
    Asked(query): Asked,
) -> Result<Response, Problem> {
    let reader = visitor.clone();
    let asked = name.clone();
    let read = move |work: &mut Work<'_>| {
        may_read(work)?;
        let found = results(work, &asked)?;
        let exports = may_export(work)?;
        Ok((Frame::read(work, &reader)?, found, exports))
    };
    let (frame, found, exports) = web.app.workspace().read(visitor.actor(), read).await?;
    if let Some(wanted) = Wanted::of(&query) {
        return file(&found, &name, wanted, (frame.locale, exports));
    }
    let definitions = web.app.workspace().knowledge().definitions;
    let l = frame.locale;
    let title = definitions.survey(&name).map_or(name.as_str(), |survey| survey.label.or(l, &name)).to_owned();
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) {
                a href=(format!("/{SENT}")) { (l.say("surveys")) }
                a href=(RESULTS) { (l.say("survey-results-all")) }
            }
            h1 { (title) }
            div.actions {
                @if exports { a.btn href=(format!("{RESULTS}/{name}/answers.csv")) download { (icon(assets::icon::DOWNLOAD)) (l.say("list-export")) } }
            }
        }
        div.page {
            @if !found.is_whole { (note::warn(&html! { (l.say("survey-not-whole")) })) }
            (tiles(&found, l))
            @for (index, tally) in found.questions.iter().enumerate() {
                @let before = found.questions.iter().take(index).map(|tally| tally.counts.len()).sum();
                (question(&name, tally, before, (l, exports)))
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: &format!("/{SENT}"), content }).into_response())
}

/// One of the pictures of the page, to be kept.
fn file(found: &Results, name: &str, wanted: Wanted, (l, exports): (Locale, bool)) -> Result<Response, Problem> {
    if wanted.kind == bars::Kind::Csv && !exports {
        let message = format!("your roles may not export {ANSWERS}");
        return Err(Error::forbidden("export_forbidden", message).into());
    }
    let mut pictures = found.questions.iter().flat_map(|tally| tally.counts.iter().map(move |counts| (tally, counts)));
    let Some((tally, (row, counts))) = pictures.nth(wanted.which) else {
        return Err(Error::NoModule(format!("{name}: picture {}", wanted.which)).into());
    };
    let question = tally.question.label.or(l, &tally.question.key);
    let title = row.as_ref().map_or_else(|| question.to_owned(), |row| format!("{question}: {}", row.get(l)));
    let bar = |counted: &Counted| Bar {
        label: counted.label.or(l, &counted.value).to_owned(),
        said: said(counted, tally.answered),
        number: counted.count.to_string(),
        size: f64::from(u32::try_from(counted.count).unwrap_or(u32::MAX)),
    };
    let heads = [l.say("survey-answer"), l.say("chart-count")];
    let picture = Bars { title, heads, bars: counts.iter().map(bar).collect() };
    Ok(picture.file(wanted.kind, &format!("{name}-{}", tally.question.key)))
}

/// The answers as a table.
pub(crate) async fn table(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let (app, l, asked) = (web.app.clone(), visitor.locale, name.clone());
    let text = web.app.workspace().read(visitor.actor(), move |work| csv(&app, work, &asked, l)).await?;
    Ok(as_file(&name, text))
}

/// Whoever reads no surveys is told of none.
fn may_read(work: &Work<'_>) -> store::Result<()> {
    let module = work.module(SENT)?;
    if work.grant(&module).read == Scope::None {
        return Err(Error::NoModule(SENT.to_owned()));
    }
    Ok(())
}

fn may_export(work: &Work<'_>) -> store::Result<bool> {
    let (surveys, answers) = (work.module(SENT)?, work.module(ANSWERS)?);
    Ok(work.grant(&surveys).export && work.grant(&answers).export)
}

fn tiles(found: &Results, l: Locale) -> Markup {
    let (waiting, answered) = (found.states.waiting(), found.states.of("answered"));
    let all = waiting + answered + found.states.of("expired");
    html! {
        dl.metrics {
            div.metric {
                dt { (l.say("survey-answered")) }
                dd { (l10n::number(l, answered)) " " small { (l.say_with("of-total", &[("total", l10n::number(l, all).into())])) } }
                @if all > 0 { dd { progress value=(answered) max=(all) aria-label=(l.say("survey-answered")) {} } }
            }
            div.metric { dt { (l.say("survey-waiting")) } dd { (l10n::number(l, waiting)) } }
            div.metric { dt { (l.say("survey-expired")) } dd { (l10n::number(l, found.states.of("expired"))) } }
            @for tally in &found.questions {
                @if let Some(nps) = tally.nps { div.metric { dt { (l.say("survey-nps")) } dd { (l10n::number(l, nps)) } } }
            }
        }
    }
}

/// A question with its pictures, `before` which others stand on the page.
fn question(survey: &str, tally: &Tally, before: usize, (l, exports): (Locale, bool)) -> Markup {
    let label = tally.question.label.or(l, &tally.question.key);
    let filter = format!("questionnaire == \"{survey}\" && question == \"{}\"", tally.question.key);
    let all = format!("/{ANSWERS}?filter={}", escaped(&filter));
    html! {
        section.card.roomy {
            h2 { (label) " " small { (l.say_with("survey-answers-count", &[("count", tally.answered.into())])) } }
            @if let Some(mean) = tally.mean.filter(|_| matches!(tally.question.kind, Kind::Scale | Kind::Stars | Kind::Number)) {
                p.dim { (l.say_with("survey-mean", &[("mean", l10n::decimal(l, mean, 2).into())])) }
            }
            @for (which, (row, counts)) in tally.counts.iter().enumerate() {
                (table_of(row.as_ref().map_or(label, |row| row.get(l)), counts, tally.answered, l))
                @if !counts.is_empty() { (bars::links(l, &format!("{RESULTS}/{survey}"), before + which, exports)) }
            }
            @if !tally.places.is_empty() { (places(label, tally, l)) }
            @for answer in &tally.texts {
                @match answer.file {
                    Some(file) => p {
                        a.link href=(format!("/files/{file}")) { (icon(assets::icon::PAPERCLIP)) (answer.text) } " · "
                        a.link href=(format!("/{SENT}/{}", answer.survey)) { (l.say("survey-survey")) }
                    },
                    None => p { a.link href=(format!("/{SENT}/{}", answer.survey)) { (answer.text) } },
                }
            }
            @if tally.answered > 0 { p { a.link href=(all) { (l.say("survey-all-answers")) } } }
        }
    }
}

/// The options of a ranking, the best first: the nearer to the first place, the longer the bar.
fn places(caption: &str, tally: &Tally, l: Locale) -> Markup {
    let most = i64::try_from(tally.places.len()).unwrap_or(i64::MAX).saturating_mul(100);
    html! {
        table.bars {
            caption.visually-hidden { (caption) }
            tbody {
                @for placed in &tally.places {
                    @let label = placed.label.or(l, &placed.value);
                    tr {
                        th scope="row" { (label) }
                        td { progress value=(placed.mean.map_or(0, |mean| most.saturating_add(100) - mean)) max=(most) aria-label=(label) {} }
                        td.num { @if let Some(mean) = placed.mean { (l.say_with("survey-mean-place", &[("place", l10n::decimal(l, mean, 2).into())])) } @else { "—" } }
                    }
                }
            }
        }
    }
}

/// How many answered so, and which part of all that is.
fn said(counted: &Counted, answered: usize) -> String {
    format!("{} · {}%", counted.count, (counted.count * 100).checked_div(answered).unwrap_or_default())
}

fn table_of(caption: &str, counts: &[Counted], answered: usize, l: Locale) -> Markup {
    html! {
        table.bars {
            caption.visually-hidden { (caption) }
            tbody {
                @for counted in counts {
                    @let label = counted.label.or(l, &counted.value);
                    tr {
                        th scope="row" { (label) }
                        td { progress value=(counted.count) max=(answered.max(1)) aria-label=(label) {} }
                        td.num { (said(counted, answered)) }
                    }
                }
            }
        }
    }
}
