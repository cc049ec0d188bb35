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
    Ok(!work.steps_are_away()? && steps::of(work)?.iter().any(|list| list.steps.iter().any(|step| !step.is_done)))
}

async fn page(State(web): State<Web>, visitor: Visitor) -> std::result::Result<Markup, Problem> {
    let reader = visitor.clone();
    let read = move |work: &mut Work<'_>| {
        let has_sample = sample::offers_removal(work)?;
        Ok((Frame::read(work, &reader)?, steps::of(work)?, work.steps_are_away()?, has_sample))
    };
    let (frame, lists, is_away, has_sample) = web.app.workspace().read(visitor.actor(), read).await?;
    let (l, title) = (frame.locale, frame.locale.say("start"));
    let (done, all) = lists
        .iter()
        .flat_map(|list| &list.steps)
        .fold((0_i64, 0_i64), |(done, all), step| (done + i64::from(step.is_done), all + 1));
    let content = html! {
        header.top { h1 { (title) } }
        div.page.narrow {
            @if visitor.here.ends_with("removed=true") { (note::good(&l.say("sample-removed"))) }
            @if has_sample { (sample::bar(l)) }
            @if all == 0 { p.dim { (l.say("start-nothing")) } }
            @else { p.dim { (l.say_with("start-done-of", &[("done", done.into()), ("all", all.into())])) } }
            @for list in &lists { (drawn(list, l)) }
            form.form method="post" action=(START) {
                input type="hidden" name="away" value=(!is_away);
                footer.actions {
                    button.btn { (l.say(if is_away { "start-take-out" } else { "start-put-away" })) }
                }
                p.help { (l.say("start-put-away-help")) }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: START, content }))
}

fn drawn(list: &List, l: Locale) -> Markup {
    html! {
        section {
            h2 { (l.say(list.title)) }
            ol.first-steps {
                @for Step { key, help, address, is_done } in &list.steps {
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
        }
    }
}

/// Puts the list away, or takes it out again.
async fn put_away(State(web): State<Web>, visitor: Visitor, form: Typed) -> std::result::Result<Redirect, Problem> {
    let away = form.text("away") == "true";
    let save = move |work: &mut Work<'_>| work.put_steps_away(away);
    web.app.workspace().write(visitor.actor(), Origin::from("interface"), save).await?;
    Ok(Redirect::to(if away { "/" } else { START }))
}
