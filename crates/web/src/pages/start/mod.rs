//! The first steps: what one's part asks for at the beginning, each done when the data says so. And the way out of the
//! sample data.

pub(super) mod sample;
mod steps;

use axum::Router;
use axum::extract::State;
use axum::response::Redirect;
use axum::routing::{get, post};
use maud::{Markup, html};
use model::Locale;
use store::{Origin, Result, Work};

use self::steps::{List, Step};
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::addresses::START;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::typed::Typed;
use crate::ui::{Words, icon, note};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route(START, get(page).post(put_away))
        .route("/settings/sample", get(sample::ask))
        .route("/settings/sample/remove", post(sample::remove))
}

/// Whether somebody's work begins here: the list is not put away, and something of it is open.
pub(super) fn is_first(work: &mut Work<'_>) -> Result<bool> {
    Ok(!work.steps_are_away()? && steps::of(work)?.iter().any(List::has_open))
}

async fn page(State(web): State<Web>, visitor: Visitor) -> std::result::Result<Markup, Problem> {
    let reader = visitor.clone();
    let read = move |work: &mut Work<'_>| {
        let has_sample = sample::offers_removal(work)?;
        Ok((Frame::read(work, &reader)?, steps::of(work)?, work.steps_are_away()?, has_sample))
    };
    let (frame, lists, is_away, has_sample) = web.app.workspace().read(visitor.actor(), read).await?;
    let (l, title) = (frame.locale, frame.locale.say("start"));
    let has_open = lists.iter().any(List::has_open);
    let content = html! {
        header.top { h1 { (title) } }
        div.page.narrow {
            @if visitor.here.ends_with("removed=true") { (note::good(&l.say("sample-removed"))) }
            @if has_sample { (sample::bar(l)) }
            @if lists.is_empty() { p.dim { (l.say("start-nothing")) } }
            @else if !has_open { (note::good(&l.say("start-all-done"))) p { a.btn href="/" { (l.say("to-first-page")) } } }
            @else if is_away { p.dim { (l.say("start-is-away")) } (away_form(is_away, l)) }
            @else {
                @for list in lists.iter().filter(|list| list.has_open()) { (drawn(list, l)) }
                (away_form(is_away, l))
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: START, content }))
}

/// The button that puts the lists away, or takes them out again.
fn away_form(is_away: bool, l: Locale) -> Markup {
    html! {
        form.form method="post" action=(START) {
            input type="hidden" name="away" value=(!is_away);
            footer.actions {
                button.btn { (l.say(if is_away { "start-take-out" } else { "start-put-away" })) }
            }
            @if !is_away { p.help { (l.say("start-put-away-help")) } }
        }
    }
}

/// What is open, and what is done in one line.
fn drawn(list: &List, l: Locale) -> Markup {
    let (done, open): (Vec<&Step>, Vec<&Step>) = list.steps.iter().partition(|step| step.is_done);
    let count = |steps: usize| i64::try_from(steps).unwrap_or(i64::MAX);
    let folded =
        l.say_with("start-done-of", &[("done", count(done.len()).into()), ("all", count(list.steps.len()).into())]);
    html! {
        section {
            h2 { (l.say(list.title)) }
            ol.first-steps { @for step in open { (item(step, l)) } }
            @if !done.is_empty() {
                details.steps-done {
                    summary { (icon(assets::icon::CHECK_CHECK)) (folded) (icon(assets::icon::CHEVRON_DOWN)) }
                    ol.first-steps { @for step in done { (item(step, l)) } }
                }
            }
        }
    }
}

fn item(step: &Step, l: Locale) -> Markup {
    let Step { key, help, address, is_done } = step;
    html! {
        li.done[*is_done] {
            (icon(if *is_done { assets::icon::CIRCLE_CHECK } else { assets::icon::CIRCLE }))
            div {
                a.link href=(address) { (l.say(key)) }
                @if *is_done { span.visually-hidden { " " (l.say("start-step-done")) } }
                p { (l.say(help)) }
            }
        }
    }
}

/// Puts the list away, or takes it out again.
async fn put_away(State(web): State<Web>, visitor: Visitor, form: Typed) -> std::result::Result<Redirect, Problem> {
    let away = form.text("away") == "true";
    let save = move |work: &mut Work<'_>| work.put_steps_away(away);
    web.app.workspace().write(visitor.author(), Origin::from("interface"), save).await?;
    Ok(Redirect::to(if away { "/" } else { START }))
}
