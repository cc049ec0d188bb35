//! The webhooks of a rule on its page, and the secret that signs those of all.

use axum::extract::State;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Locale, l10n};
use store::{Origin, Webhook, WebhookState, Work};

use super::{RULES, list};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::{Words, note};

/// Webhooks that are told.
pub(super) const TOLD: usize = 20;

/// Makes another secret, and shows it this once.
pub(super) async fn secret(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    let secret = web.app.new_webhook_secret()?;
    let kept = secret.clone();
    let keep = move |work: &mut Work<'_>| work.keep_webhook_secret(&kept);
    web.app.workspace().write(visitor.author(), Origin::from("interface"), keep).await?;
    list::shown(&web, &visitor, Some(&secret)).await
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
        }
    }
}

/// The newest webhooks of a rule; nothing where it has none.
pub(super) fn of_rule(all: &[Webhook], zone: &TimeZone, l: Locale) -> Markup {
    html! {
        @if !all.is_empty() {
            section.rule-webhooks {
                h2 { (l.say("rule-webhooks")) }
                div.scroll tabindex="0" role="region" aria-label=(l.say("rule-webhooks")) {
                    table.plain.as-cards {
                        thead { tr { th { (l.say("rule-run-when")) } th { (l.say("rule-run-outcome")) } th { (l.say("rule-webhook-answer")) } th { (l.say("rule-webhook-body")) } } }
                        tbody { @for webhook in all { (row(webhook, zone, l)) } }
                    }
                }
            }
        }
    }
}

fn row(webhook: &Webhook, zone: &TimeZone, l: Locale) -> Markup {
    let (tone, key) = match webhook.state {
        WebhookState::Waiting => ("warn", "rule-webhook-waiting"),
        WebhookState::Sent => ("good", "rule-webhook-sent"),
        WebhookState::Failed => ("bad", "rule-failed"),
        WebhookState::Sandbox => ("cold", "rule-webhook-sandbox"),
    };
    html! {
        tr {
            td { (l10n::date_time(l, webhook.ended_at.unwrap_or(webhook.created_at), zone)) }
            td data-label=(l.say("rule-run-outcome")) { span class=(format!("tag {tone}")) { (l.say(key)) } @if webhook.attempts > 1 { " " span.dim { "×" (webhook.attempts) } } }
            td data-label=[webhook.answer.as_ref().map(|_| l.say("rule-webhook-answer"))] { @if let Some(answer) = &webhook.answer { span lang="en" { (answer) } } }
            td data-label=(l.say("rule-webhook-body")) { details { summary.link { code { (webhook.url) } } code { (webhook.body) } } }
        }
    }
}
