//! What rules sent outside: those of a rule on its page, those of all on a page of their own, sending one once more, and the
//! secret that signs them.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Definitions, Id, Locale, l10n};
use store::{Error, Origin, Result, Webhook, WebhookState, WebhooksAsked, Work};

use super::{RULES, WEBHOOKS, list};
use crate::pages::record::id;
use crate::pages::settings::frame;
use crate::pages::settings::users::administers;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::shell::{self, Page};
use crate::ui::typed::read as typed;
use crate::ui::{Words, icon, note};

/// Webhooks that are told on the page of a rule …
const TOLD: usize = 20;
/// … and on one page of all.
const LIMIT: usize = 50;

/// A webhook, and when it is sent next.
pub(super) struct Sent {
    webhook: Webhook,
    next: Option<Timestamp>,
}

/// The newest webhooks of a rule.
pub(super) fn read(work: &mut Work<'_>, rule: &str) -> Result<Vec<Sent>> {
    let asked = WebhooksAsked { rule: Some(rule.to_owned()), limit: TOLD, ..WebhooksAsked::default() };
    found(work, &asked)
}

fn found(work: &mut Work<'_>, asked: &WebhooksAsked) -> Result<Vec<Sent>> {
    let mut all = Vec::new();
    for webhook in work.webhooks(asked)? {
        let waits = webhook.state == WebhookState::Waiting;
        let next = if waits { work.webhook_due_at(webhook.id)? } else { None };
        all.push(Sent { webhook, next });
    }
    Ok(all)
}

/// Makes another secret, and shows it this once.
pub(super) async fn secret(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    let secret = web.app.new_webhook_secret()?;
    let kept = secret.clone();
    let keep = move |work: &mut Work<'_>| work.keep_webhook_secret(&kept);
    web.app.workspace().write(visitor.author(), Origin::from("interface"), keep).await?;
    list::shown(&web, &visitor, Some(&secret)).await
}

/// The webhooks of all rules.
pub(super) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    shown(&web, &visitor, None).await
}

/// Sends one once more.
pub(super) async fn redeliver(
    State(web): State<Web>,
    visitor: Visitor,
    Path(webhook): Path<String>,
) -> Result<Response, Problem> {
    administers(&web, &visitor)?;
    let id = id("webhooks", &webhook)?;
    let send = move |work: &mut Work<'_>| work.redeliver_webhook(id).map(drop);
    match web.app.workspace().write(visitor.author(), Origin::from("interface"), send).await {
        Ok(_) => Ok(Redirect::to(&format!("{WEBHOOKS}?sent=true")).into_response()),
        Err(Error::Conflict { code, message, .. }) => {
            let words = visitor.locale.refusal(code, &message);
            let page = shown(&web, &visitor, Some(&words)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn shown(web: &Web, visitor: &Visitor, refused: Option<&str>) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let query = visitor.here.split_once('?').map_or("", |(_, query)| query);
    let asked = typed(query.as_bytes())?;
    let state = WebhookState::parse(asked.text("state"));
    let before = asked.text("before").parse::<Id>().ok();
    let of_page = WebhooksAsked { rule: None, state, before, limit: LIMIT + 1 };
    let read = move |work: &mut Work<'_>| found(work, &of_page);
    let mut all = web.app.workspace().read(visitor.actor(), read).await?;
    let is_more = all.len() > LIMIT;
    all.truncate(LIMIT);
    let next = all.last().filter(|_| is_more).map(|sent| sent.webhook.id);
    let knowledge = web.app.workspace().knowledge();
    let (l, zone, title) = (frame.locale, knowledge.settings.zone(), frame.locale.say("rule-webhooks"));
    let address = |state: Option<WebhookState>| {
        state.map_or_else(|| WEBHOOKS.to_owned(), |state| format!("{WEBHOOKS}?state={}", state.name()))
    };
    let here = address(state);
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(RULES) { (l.say("rules")) } }
            h1 { (title) }
        }
        div.page {
            @if let Some(words) = refused { (note::bad(words)) }
            @if asked.has("sent") && refused.is_none() { (note::good(&l.say("rule-webhook-queued"))) }
            p.help { (l.say("rule-webhooks-help")) }
            nav.kinds aria-label=(l.say("rule-webhooks-kinds")) {
                @for kind in [None].into_iter().chain(WebhookState::ALL.map(Some)) {
                    a href=(address(kind)) aria-current=[(kind == state).then_some("true")] { (l.say(kind.map_or("rule-webhooks-all", |kind| called(kind).1))) }
                }
            }
            @if all.is_empty() { p.faint { (l.say("rule-webhooks-none")) } }
            @else { (table(&all, Some(&knowledge.definitions), &zone, l)) }
            @if let Some(next) = next {
                p.older { a.btn.quiet.small href=(format!("{here}{}before={next}", if here.contains('?') { '&' } else { '?' })) { (l.say("rule-runs-older")) } }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: RULES, content }))
}

/// Where the secret is made, and the one that was.
pub(super) fn of_all(secret: Option<&str>, l: Locale) -> Markup {
    html! {
        section.rule-webhooks id="webhooks" {
            h2 { (l.say("rule-webhooks")) }
            @if let Some(secret) = secret {
                (note::good(&l.say("rule-webhook-secret-once")))
                p { code { (secret) } }
            }
            p.help { (l.say("rule-webhook-secret-help")) }
            form method="post" action=(format!("{RULES}/webhook-secret")) { button.btn { (l.say("rule-webhook-secret")) } }
            p { a.btn.quiet.small href=(WEBHOOKS) { (l.say("rule-webhooks-look")) } }
        }
    }
}

/// The newest webhooks of a rule; nothing where it has none.
pub(super) fn of_rule(all: &[Sent], zone: &TimeZone, l: Locale) -> Markup {
    html! {
        @if !all.is_empty() {
            section.rule-webhooks {
                h2 { (l.say("rule-webhooks")) }
                (table(all, None, zone, l))
            }
        }
    }
}

/// `definitions` where it is told which rule sent each.
fn table(all: &[Sent], definitions: Option<&Definitions>, zone: &TimeZone, l: Locale) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(l.say("rule-webhooks")) {
            table.plain.as-cards {
                thead { tr {
                    th { (l.say("rule-run-when")) }
                    @if definitions.is_some() { th { (l.say("source-rule")) } }
                    th { (l.say("rule-run-outcome")) } th { (l.say("rule-webhook-answer")) } th { (l.say("rule-webhook-body")) }
                    th { span.visually-hidden { (l.say("rule-webhook-again")) } }
                } }
                tbody { @for sent in all { (row(sent, definitions, zone, l)) } }
            }
        }
    }
}

fn row(sent: &Sent, definitions: Option<&Definitions>, zone: &TimeZone, l: Locale) -> Markup {
    let webhook = &sent.webhook;
    let (tone, key) = called(webhook.state);
    html! {
        tr {
            td { (l10n::date_time(l, webhook.ended_at.unwrap_or(webhook.created_at), zone)) }
            @if let Some(definitions) = definitions {
                td data-label=(l.say("source-rule")) {
                    @match definitions.rule(&webhook.rule) {
                        Some(rule) => a.link href=(format!("{RULES}/{}", rule.name)) { (rule.label.or(l, &rule.name)) },
                        None => span.faint { (webhook.rule) },
                    }
                }
            }
            td data-label=(l.say("rule-run-outcome")) {
                span class=(format!("tag {tone}")) { (l.say(key)) }
                @if webhook.attempts > 1 { " " span.dim { "×" (webhook.attempts) } }
                @if let Some(next) = sent.next.filter(|_| webhook.attempts > 0) { br; span.dim { (l.say("rule-webhook-next")) ": " (l10n::date_time(l, next, zone)) } }
            }
            td data-label=[webhook.answer.as_ref().map(|_| l.say("rule-webhook-answer"))] { @if let Some(answer) = &webhook.answer { span lang="en" { (answer) } } }
            td data-label=(l.say("rule-webhook-body")) { details { summary.link { code { (webhook.url) } } code { (webhook.body) } } }
            td {
                @if webhook.state != WebhookState::Waiting && !webhook.body.is_empty() {
                    form method="post" action=(format!("{WEBHOOKS}/{}/redeliver", webhook.id)) { button.btn.quiet.small { (icon(assets::icon::SEND)) (l.say("rule-webhook-again")) } }
                }
            }
        }
    }
}

/// How a state is shown, and the message that it is called by.
fn called(state: WebhookState) -> (&'static str, &'static str) {
    match state {
        WebhookState::Waiting => ("warn", "rule-webhook-waiting"),
        WebhookState::Sent => ("good", "rule-webhook-sent"),
        WebhookState::Failed => ("bad", "rule-failed"),
        WebhookState::Sandbox => ("cold", "rule-webhook-sandbox"),
    }
}
