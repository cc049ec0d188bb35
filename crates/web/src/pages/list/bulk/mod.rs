//! What is done to many records at once: to those that are ticked, or to all that the list finds. What an act needs is
//! asked first; it is done in turns that stay short, and taken back from where it ended.

mod ask;
mod deed;
mod watch;

use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::rights::Scope;
use model::{Id, Locale, Module};
use store::{COUNT_LIMIT, Error};
use tokio::sync::oneshot;

use super::View;
use crate::acting::Ended;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::addresses::ACTS;
use crate::ui::typed::Typed;
use crate::ui::{Words, headers, icon};

pub(crate) use self::watch::{ACT, STOP, stop, watch};

use self::ask::Step;
use self::deed::{Outcome, run};

/// The id of the form that the boxes of the rows belong to. No field of a module has a point in its name.
pub(super) const FORM: &str = "bulk";
/// Records of one act …
const AT_ONCE: i64 = 50_000;
/// … and where a typed service does the work, which takes it back whole, in one turn.
const SERVICE_AT_ONCE: i64 = 1_000;
/// Name of the boxes.
pub(super) const PICK: &str = "bulk.pick";

/// How many records one act may concern.
fn at_once(module: &Module) -> i64 {
    if module.service.is_some() { SERVICE_AT_ONCE } else { AT_ONCE }
}

/// Whether anything can be done to many records of the list.
pub(super) fn has_any(view: &View) -> bool {
    !view.records.is_empty() && !acts(view).is_empty()
}

/// What can be done: its name, how it is called, its icon.
fn acts(view: &View) -> Vec<(&'static str, &'static str, &'static str)> {
    let (module, grant) = (&view.module, &view.grant);
    let may_delete = grant.delete != Scope::None && module.service.is_none();
    if view.query.deleted {
        return if may_delete { vec![("restore", "restore", assets::icon::UNDO_2)] } else { Vec::new() };
    }
    let may_update = grant.update != Scope::None;
    let fields = view.editable.iter().any(|name| name != "owner");
    let all = [
        (may_update && fields, ("set", "bulk-set", assets::icon::PENCIL)),
        (may_update && view.editable.contains("owner"), ("owner", "bulk-owner", assets::icon::USER_PLUS)),
        (
            may_update && view.governed.is_some() && module.service.is_none(),
            ("move", "bulk-move", assets::icon::WORKFLOW),
        ),
        (may_delete, ("delete", "to-bin", assets::icon::TRASH_2)),
    ];
    all.into_iter().filter(|(may, _)| *may).map(|(_, act)| act).collect()
}

/// The bar; the style sheet shows it while a row is ticked.
pub(super) fn bar(view: &View) -> Markup {
    let (l, address) = (view.frame.locale, format!("/{}/bulk", view.module.name));
    let is_more = view.total > i64::try_from(view.records.len()).unwrap_or(i64::MAX);
    // Of very many it is counted only when something is to be done to them.
    let is_counted = view.total <= COUNT_LIMIT;
    let number = view.lens.number(view.total.min(COUNT_LIMIT));
    let number = if is_counted { number } else { format!("{number}+") };
    html! {
        form.bulk id=(FORM) method="post" action=(address) hx-post=(address) hx-target="body" hx-swap="beforeend" {
            input type="hidden" name="bulk.in" value=(view.query.written());
            span { (l.say("bulk-picked")) b data-picked {} }
            @if is_more {
                label { input type="checkbox" name="bulk.all" value="true" data-all=(number) autocomplete="off"; (if is_counted { l.say_with("bulk-all", &[("count", number.clone().into())]) } else { l.say("bulk-all-many") }) }
            }
            @for (name, key, symbol) in acts(view) {
                button name="bulk.do" value=(name) { (icon(symbol)) (l.say(key)) }
            }
            button type="reset" aria-label=(l.say("bulk-none")) { (icon(assets::icon::X)) }
        }
    }
}

/// What was done to many, with the way back. `operation` is what the log calls it.
pub(super) fn toast(l: Locale, operation: &str, count: i64, set: Id, next: &str) -> Markup {
    html! {
        div.toast.good {
            span { (said(l, operation, count)) }
            (crate::pages::undo::button(l, set, next))
            a.btn.quiet.small.icon href=(ACTS) aria-label=(l.say("acts")) title=(l.say("acts")) { (icon(assets::icon::HISTORY)) }
            button.btn.quiet.small.icon type="button" data-dismiss aria-label=(l.say("close")) { (icon(assets::icon::X)) }
        }
    }
}

fn said(l: Locale, operation: &str, count: i64) -> String {
    let key = match operation {
        "delete" => "bulk-binned",
        "restore" => "bulk-restored",
        _ => "bulk-done",
    };
    l.say_with(key, &[("count", count.into())])
}

/// Asks what an act needs, or does it.
pub(crate) async fn act(
    State(web): State<Web>,
    visitor: Visitor,
    Path(module): Path<String>,
    form: Typed,
) -> Result<Response, Problem> {
    let (partial, locale, actor) = (visitor.partial, visitor.locale, visitor.actor());
    let (seen, name, sent) = (visitor.clone(), module.clone(), form.clone());
    let step = web.app.workspace().read(actor.clone(), move |work| ask::step(work, &seen, &name, &sent)).await?;
    let (deed, list) = match step {
        Step::Ask(ask) => return Ok(ask.answer(StatusCode::OK, partial)),
        Step::Do(deed, list) => (*deed, list),
    };
    let Some(alone) = web.acting.begin(visitor.user.id, deed.count) else {
        let detail = "another act of yours on many records is under way: wait for its end";
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "bulk_under_way", detail));
    };
    // It goes on when whoever began it goes away, and then its end waits for them.
    let (door, acting, user, operation) = (web.clone(), web.acting.clone(), visitor.user.id, deed.operation());
    let (tell, told) = oneshot::channel();
    tokio::spawn(async move {
        let outcome = run(door, user, actor, deed, &alone.progress).await;
        // Whoever is told may begin the next one.
        drop(alone);
        match tell.send(outcome) {
            Ok(()) => {}
            Err(Ok(outcome)) => acting.keep(user, outcome.ended(operation)),
            Err(Err(why)) => {
                let ended = Ended { operation, done: 0, refused: 0, is_whole: false, why: Some(why), set: None };
                acting.keep(user, ended);
            }
        }
    });
    let outcome = told.await.map_err(|_| {
        tracing::error!("an act on many records was broken off");
        Problem::internal()
    })??;
    if let Some(errors) = outcome.refusal() {
        let again = web.app.workspace().read(visitor.actor(), move |work| ask::again(work, &visitor, &module, &form));
        if let Some(mut ask) = again.await? {
            ask.refused(&errors, locale);
            return Ok(ask.answer(StatusCode::UNPROCESSABLE_ENTITY, partial));
        }
        return Err(Error::Invalid(errors).into());
    }
    let address = done(&list, &outcome);
    if outcome.is_whole() {
        return Ok(elsewhere(&address, partial));
    }
    let told = web.app.workspace().read(visitor.actor(), move |work| ask::told(work, &visitor, &outcome, &address));
    Ok(told.await?.answer(StatusCode::OK, partial))
}

/// The list again, with what was done.
fn done(list: &str, outcome: &Outcome) -> String {
    let mark = if list.contains('?') { '&' } else { '?' };
    outcome.set.map_or_else(|| list.to_owned(), |set| format!("{list}{mark}done={set}&many={}", outcome.done))
}

fn elsewhere(address: &str, partial: bool) -> Response {
    if !partial {
        return Redirect::to(address).into_response();
    }
    let mut response = StatusCode::OK.into_response();
    headers::add(&mut response, HeaderName::from_static("hx-redirect"), address);
    response
}
