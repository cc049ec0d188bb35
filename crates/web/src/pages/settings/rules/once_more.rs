//! A run that somebody wants once more: what it will do is said before it is done.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::rule::Action;
use model::{Id, l10n};
use store::{Error, Origin, RuleCause, Work};

use super::said::Said;
use super::{CONTROLS, RULES, known};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::{Words, note};

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path((rule, run)): Path<(String, String)>,
) -> Result<Markup, Problem> {
    shown(&web, &visitor, (&rule, &run), None).await
}

/// Puts it on the queue.
pub(super) async fn act(
    State(web): State<Web>,
    visitor: Visitor,
    Path((rule, run)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (app, name, id) = (web.app.clone(), rule.clone(), read(&run)?);
    let put = move |work: &mut Work<'_>| app.run_rule_once_more(work, &name, id).map(drop);
    match web.app.workspace().write(visitor.author(), Origin::from("interface"), put).await {
        Ok(_) => Ok(Redirect::to(&format!("{RULES}/{rule}?queued=true")).into_response()),
        Err(error @ Error::Conflict { .. }) => {
            let page = shown(&web, &visitor, (&rule, &run), Some(&error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn read(run: &str) -> Result<Id, Problem> {
    let id = run.parse::<Id>();
    Ok(id.map_err(|_| Error::NotFound { module: "runs".to_owned(), id: run.to_owned() })?)
}

async fn shown(
    web: &Web,
    visitor: &Visitor,
    (rule, run): (&str, &str),
    error: Option<&Error>,
) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    app::shape::may_shape(&visitor.actor(), &definitions)?;
    let (rule, id, reader) = (known(&definitions, rule)?, read(run)?, visitor.clone());
    let name = rule.name.clone();
    let read = move |work: &mut Work<'_>| {
        let teams = work.teams()?.into_iter().map(|team| (team.id.to_string(), team.name));
        let teams: BTreeMap<String, String> = teams.collect();
        let run = work.rule_run_of(&name, id)?;
        let is_known = work.definitions().module(&run.module).is_some();
        let titles = if is_known { work.titles(&run.module, &[run.record].into())? } else { BTreeMap::new() };
        let title = titles.get(&run.record).cloned();
        Ok((Frame::read(work, &reader)?, teams, run, title))
    };
    let (frame, teams, run, record) = web.app.workspace().read(visitor.actor(), read).await?;
    let zone = web.app.workspace().knowledge().settings.zone();
    let (l, at) = (frame.locale, format!("{RULES}/{}", rule.name));
    let (title, called) = (l.say("rule-once-more"), rule.label.or(l, &rule.name).to_owned());
    let said = Said { rule, definitions: &definitions, teams: &teams, l };
    let first = RuleCause::read(&run.cause).step.unwrap_or_default();
    let actions: Vec<&Action> = rule.then.iter().skip(first).collect();
    let told = Told { l, error, controls: CONTROLS };
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(RULES) { (l.say("rules")) } a href=(at) { (called) } }
            h1 { (title) }
        }
        div.page.narrow {
            (told.above(&definitions))
            p {
                (l10n::date_time(l, run.ended_at, &zone)) " · "
                @match &record {
                    Some(title) => a.link href=(format!("/{}/{}", run.module, run.record)) { (title) },
                    None => span.faint { (l.say("rule-run-gone")) },
                }
            }
            p { (l.say("rule-once-more-text")) }
            // What goes on behind a wait was judged when it began.
            @if rule.condition.is_some() && first == 0 { p.help { (l.say("rule-once-more-if")) } }
            div.rule-said { ol { @for action in actions { li { (said.action(action)) } } } }
            (note::warn(&html! { p { (l.say("rule-once-more-twice")) } }))
            form.form method="post" action=(format!("{at}/runs/{}", run.id)) {
                footer.actions { button.btn.main-action { (l.say("rule-once-more")) } a.btn.quiet href=(at) { (l.say("cancel")) } }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: RULES, content }))
}
