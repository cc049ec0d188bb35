//! All rules: what sets each off, whether it runs, how it went.

use std::collections::BTreeMap;

use axum::extract::State;
use maud::{Markup, html};
use model::{Locale, l10n};
use store::{RuleCounts, RuleState, Work};

use super::said::Said;
use super::{RULES, webhooks};
use crate::pages::settings::{roles, tabs};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::{Words, icon};

pub(super) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    shown(&web, &visitor, None).await
}

/// The page, with the secret of webhooks that was just made.
pub(super) async fn shown(web: &Web, visitor: &Visitor, secret: Option<&str>) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    app::shape::may_shape(&visitor.actor(), &definitions)?;
    let reader = visitor.clone();
    let read = move |work: &mut Work<'_>| {
        let teams = work.teams()?.into_iter().map(|team| (team.id.to_string(), team.name));
        let teams: BTreeMap<String, String> = teams.collect();
        Ok((Frame::read(work, &reader)?, teams, work.rule_states()?, work.rule_counts()?))
    };
    let (frame, teams, states, counts) = web.app.workspace().read(visitor.actor(), read).await?;
    let zone = web.app.workspace().knowledge().settings.zone();
    let (l, title) = (frame.locale, frame.locale.say("rules"));
    let content = html! {
        header.top { h1 { (title) } }
        (tabs(l, RULES))
        div.page {
            p.dim { (l.say("rules-text")) }
            section {
                div.scroll tabindex="0" role="region" aria-label=(title) {
                    table.plain.as-cards {
                        thead { tr { th { (l.say("rule-rule")) } th { (l.say("rule-when")) } th { (l.say("settings-state")) } th { (l.say("rule-last")) } th.num { (l.say("rule-done")) } th.num { (l.say("rule-failures")) } th { span.visually-hidden { (l.say("rule-switch")) } } } }
                        tbody {
                            @for (rule, _) in definitions.rules() {
                                @let state = states.get(&rule.name).copied().unwrap_or_default();
                                @let counts = counts.get(&rule.name).copied().unwrap_or_default();
                                tr {
                                    td { a.link href=(format!("{RULES}/{}", rule.name)) { (rule.label.or(l, &rule.name)) } }
                                    td data-label=(l.say("rule-when")) { (Said { rule, definitions: &definitions, teams: &teams, l }.when()) }
                                    td data-label=(l.say("settings-state")) { (standing(rule.active, state, l)) }
                                    td data-label=(l.say("rule-last")) { @if let Some(last) = counts.last { (l10n::date_time(l, last, &zone)) } @else { "—" } }
                                    td.num data-label=(l.say("rule-done")) { (counts.done) }
                                    td.num data-label=(l.say("rule-failures")) { (failures(&rule.name, counts, l)) }
                                    td { (switch(&rule.name, rule.active, "list", l)) }
                                }
                            }
                        }
                    }
                }
            }
            section {
                h2 { (l.say("rule-new")) }
                form.form method="get" action=(format!("{RULES}/new")) {
                    div.field {
                        label for="module" { (l.say("settings-module")) }
                        select id="module" name="module" {
                            @for module in roles::modules(&definitions) { option value=(module.name) { (module.label.get(l)) } }
                        }
                    }
                    footer.actions { button.btn.main-action { (icon(assets::icon::PLUS)) (l.say("rule-make")) } }
                }
            }
            (webhooks::of_all(secret, l))
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: RULES, content }))
}

/// Whether a rule runs.
pub(super) fn standing(active: bool, state: RuleState, l: Locale) -> Markup {
    html! {
        @if !active { span.tag.cold { (l.say("rule-off")) } }
        @else if state.held_at.is_some() { span.tag.warn { (l.say("rule-waits")) } }
        @else { span.tag.good { (l.say("rule-on")) } }
    }
}

fn failures(rule: &str, counts: RuleCounts, l: Locale) -> Markup {
    let all = counts.failed + counts.cut;
    html! {
        @if all == 0 { "0" } @else {
            a.link.above-link href=(format!("{RULES}/{rule}?state={}", if counts.failed > 0 { "failed" } else { "cut" })) title=(l.say("rule-see-failures")) { (all) }
        }
    }
}

/// The button that switches a rule on or off.
pub(super) fn switch(rule: &str, active: bool, back: &str, l: Locale) -> Markup {
    html! {
        form.above-link method="post" action=(format!("{RULES}/{rule}/switch")) {
            input type="hidden" name="active" value=(!active);
            input type="hidden" name="back" value=(back);
            button.btn.small { (l.say(if active { "rule-switch-off" } else { "rule-switch-on" })) }
        }
    }
}
