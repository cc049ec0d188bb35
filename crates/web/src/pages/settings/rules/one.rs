//! One rule: in plain words, what it did, what it would have done, and the form that changes it.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use maud::{Markup, html};
use model::Id;
use model::rule::Rule;
use store::{Error, RunState, Work};

use super::acts::Held;
use super::log::{self, Log};
use super::said::Said;
use super::{CONTROLS, RULES, address, form, known, list, rehearsal, soon, webhooks};
use crate::pages::settings::rehearsed;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::typed::{Asked, Typed, read};
use crate::ui::{Words, icon, note};

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
    Asked(_): Asked,
) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    app::shape::may_shape(&visitor.actor(), &definitions)?;
    shown(&web, &visitor, known(&definitions, &name)?, None, None).await
}

/// The page, with what was typed and why it was refused, or with what a rehearsal on a copy came to.
pub(super) async fn shown(
    web: &Web,
    visitor: &Visitor,
    rule: &Rule,
    held: Option<(Option<&Typed>, &Held)>,
    on_a_copy: Option<Markup>,
) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let query = visitor.here.split_once('?').map_or("", |(_, query)| query);
    let asked = read(query.as_bytes())?;
    let state = RunState::parse(asked.text("state"));
    let before = asked.text("before").parse::<Id>().ok();
    let (reader, name, app) = (visitor.clone(), rule.name.clone(), web.app.clone());
    let (present, is_on) = (rule.clone(), rule.active);
    let tried = asked.has("rehearse").then(|| rule.clone());
    let read = move |work: &mut Work<'_>| {
        let teams = work.teams()?.into_iter().map(|team| (team.id.to_string(), team.name));
        let teams: BTreeMap<String, String> = teams.collect();
        let told = tried.as_ref().map(|rule| app.rehearse_rule(work, rule));
        let told = match told {
            Some(Err(Error::Db(error))) => return Err(Error::Db(error)),
            told => told,
        };
        let at_once = match (!is_on).then(|| app.rule_at_once(work, &present)) {
            Some(Err(Error::Db(error))) => return Err(Error::Db(error)),
            told => told.and_then(|told| told.ok().flatten()),
        };
        let counts = work.rule_counts()?.remove(&name).unwrap_or_default();
        let log = Log::read(work, &name, state, before)?;
        let sent = (webhooks::read(work, &name)?, work.hook_since(&name)?);
        Ok((Frame::read(work, &reader)?, teams, work.rule_state(&name)?, counts, log, (told, at_once), sent))
    };
    let (frame, teams, standing, counts, log, (told, at_once), (sent, since)) =
        web.app.workspace().read(visitor.actor(), read).await?;
    let zone = web.app.workspace().knowledge().settings.zone();
    let (l, at) = (frame.locale, format!("{RULES}/{}", rule.name));
    let title = rule.label.or(l, &rule.name).to_owned();
    let is_own = definitions.rule_pack(&rule.name) == Some(store::shape::OWN);
    let above = Told { l, error: held.and_then(|(_, held)| held.error()), controls: CONTROLS };
    let asks = held.and_then(|(typed, held)| Some((typed, held.at_once()?)));
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(RULES) { (l.say("rules")) } }
            h1 { (title) }
            (list::standing(rule.active, standing, l))
        }
        div.page {
            (above.above(&definitions))
            @if let Some((None, at_once)) = asks {
                form method="post" action=(format!("{at}/switch")) {
                    input type="hidden" name="active" value="true";
                    (soon::asked(at_once, l))
                    button.btn { (l.say("rule-switch-on")) }
                }
            }
            @if asked.has("queued") { (note::good(&l.say("rule-queued"))) }
            @if standing.held_at.is_some() || counts.held > 0 {
                (note::warn(&html! {
                    p { (l.say_with("rule-held-text", &[("count", counts.held.into())])) }
                    form method="post" action=(format!("{at}/resume")) { button.btn { (l.say("rule-resume")) } }
                }))
            }
            section {
                h2 { (l.say("rule-what")) }
                (Said { rule, definitions: &definitions, teams: &teams, l }.whole())
                @if let Some(at_once) = at_once { (soon::told(at_once, rule, &zone, l)) }
                div.rule-acts {
                    (list::switch(&rule.name, rule.active, "rule", l))
                    a.btn href=(format!("{at}?rehearse=true#rehearsal")) { (icon(assets::icon::HISTORY)) (l.say("rule-rehearse")) }
                }
                form method="post" action=(format!("{at}/rehearse#rehearsal")) { (rehearsed::choice(l, "ahead", None)) }
            }
            @if let Some(drawn) = &on_a_copy { (drawn) }
            @if let Some(told) = &told { (rehearsal::told(rule, told.as_ref(), &zone, l)) }
            (address::of_rule(rule, since, &zone, l))
            section id="runs" { h2 { (l.say("rule-runs")) } (log::drawn(&log, (&at, rule.active), counts, &zone, l)) }
            (webhooks::of_rule(&sent, &zone, l))
            section {
                h2 { (l.say("rule-change")) }
                @let filled = form::Filled::of(rule, held.and_then(|(typed, _)| typed), asks.and_then(|(typed, at_once)| typed.map(|_| at_once)));
                (filled.drawn(above, &definitions, &teams, &at))
            }
            @if is_own {
                section {
                    h2 { (l.say("rule-delete")) }
                    p.help { (l.say("rule-delete-help")) }
                    form method="post" action=(format!("{at}/delete")) { button.btn.danger { (icon(assets::icon::TRASH_2)) (l.say("rule-delete")) } }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: RULES, content }))
}
