//! Rules that ask: what they would do, for which record, and the two answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::rules::Approval;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use maud::{Markup, html};
use model::Definitions;
use store::{Origin, Work};

use super::record::id;
use super::settings::rules::said::Said;
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::typed::Typed;
use crate::ui::{Lens, Words, icon};

/// Where somebody answers.
pub(super) const APPROVALS: &str = "/approvals";

struct View {
    frame: Frame,
    lens: Lens,
    all: Vec<Approval>,
    teams: BTreeMap<String, String>,
    definitions: Arc<Definitions>,
}

pub(super) fn routes() -> Router<Web> {
    Router::new().route(APPROVALS, get(page)).route("/approvals/{rule}/{run}", post(answer))
}

async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    let (app, actor) = (web.app.clone(), visitor.actor());
    let read = move |work: &mut Work<'_>| {
        let all = app.approvals(work)?;
        let teams = work.teams()?.into_iter().map(|team| (team.id.to_string(), team.name)).collect();
        let (frame, lens) = (Frame::read(work, &visitor)?, Lens::of(work, visitor.locale));
        Ok(View { frame, lens, all, teams, definitions: work.definitions().clone() })
    };
    Ok(markup(&web.app.workspace().read(actor, read).await?))
}

/// Yes or no.
async fn answer(
    State(web): State<Web>,
    visitor: Visitor,
    Path((rule, run)): Path<(String, String)>,
    form: Typed,
) -> Result<Redirect, Problem> {
    let (app, id, yes) = (web.app.clone(), id("approvals", &run)?, form.text("answer") == "yes");
    let answer = move |work: &mut Work<'_>| app.answer_rule(work, &rule, id, yes).map(drop);
    web.app.workspace().write(visitor.author(), Origin::from("interface"), answer).await?;
    Ok(Redirect::to(APPROVALS))
}

fn markup(view: &View) -> Markup {
    let l = view.frame.locale;
    let title = l.say("approvals");
    let content = html! {
        header.top { h1 { (title) } }
        div.page.narrow {
            @if view.all.is_empty() {
                div.empty { (icon(assets::icon::CHECK_CHECK)) h2 { (l.say("approvals-empty")) } p { (l.say("approvals-empty-help")) } }
            }
            @for approval in &view.all { (one(view, approval)) }
        }
    };
    shell::page(&view.frame, &Page { title: &title, at: APPROVALS, content })
}

fn one(view: &View, approval: &Approval) -> Markup {
    let (l, run) = (view.frame.locale, &approval.run);
    let Some(rule) = view.definitions.rule(&run.rule) else { return html! {} };
    let said = Said { rule, definitions: &view.definitions, teams: &view.teams, l };
    html! {
        section {
            h2 { a.link href=(format!("/{}/{}", run.module, run.record)) { (approval.title) } }
            p.dim { (rule.label.or(l, &rule.name)) " · " (view.lens.time(run.begun_at)) }
            p { (l.say("approvals-will")) }
            div.rule-said { ol { @for action in rule.then.iter().skip(approval.step) { li { (said.action(action)) } } } }
            @if approval.is_second {
                form.rule-acts method="post" action=(format!("{APPROVALS}/{}/{}", run.rule, run.id)) {
                    button.btn.main-action name="answer" value="yes" { (l.say("approvals-yes")) }
                    button.btn name="answer" value="no" { (l.say("approvals-no")) }
                }
            } @else { p.help { (l.say("approvals-second")) } }
        }
    }
}
