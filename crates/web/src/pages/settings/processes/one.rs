//! One process: its states in order, its moves, its timers.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use model::process::{State as Stage, Timer, Transition};
use model::{Label, Locale};
use serde_json::{Map, Value as Json, json};

use super::super::mover::{Mover, step};
use super::super::{MODULES, frame, inputs, rehearsed};
use super::sheet::{Select, states as states_of};
use super::told::{CONTROLS, asked, from, of_part, phase, who};
use super::{Draft, Of, PROCESSES, Tried, acts, back, body, tried, unprocessable};
use crate::pages::settings::packs::PACKS;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::control::duration;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::typed::{Asked, Typed};
use crate::ui::{Words, icon, note};

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
    Asked(asked): Asked,
) -> Result<Markup, Problem> {
    let following = asked.text("follow").parse::<i64>().unwrap_or(0);
    shown(&web, &visitor, &name, &Draft::default(), following).await
}

/// Puts a state one place up or down, gives a timer another length, or the process another label.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let of = Of::read(&web, &visitor, &definitions, &name).await?;
    let timer = typed.text("timer");
    let said = if typed.has("timer") {
        body("timers", timer, json!({"after": duration::read(typed.text("after"))}))
    } else if typed.has("label_ru") {
        whole(&of, &typed)
    } else {
        Map::from_iter([("order".to_owned(), json!(moved(&of, &typed)))])
    };
    let mut draft = Draft { typed: Some(&typed), ..Draft::default() };
    match tried(&web, &visitor, &of, said, &typed).await? {
        Ok(Tried::Made(reshaped)) => Ok(back(&name, &reshaped)),
        Ok(Tried::Told(told)) => {
            draft.outlook = Some(told);
            Ok(shown(&web, &visitor, &name, &draft, 0).await?.into_response())
        }
        Err(error) => {
            let error = of_part(error, &format!("timers.{timer}"));
            draft.error = Some(&error);
            Ok(unprocessable(shown(&web, &visitor, &name, &draft, 0).await?))
        }
    }
}

/// What the form of the process says otherwise than it says now.
fn whole(of: &Of<'_>, typed: &Typed) -> Map<String, Json> {
    let mut said = Map::new();
    let label = inputs::label_json(typed);
    if label != json!(of.process.label) {
        said.insert("label".to_owned(), label);
    }
    if typed.has("initial") && typed.text("initial") != of.process.initial {
        said.insert("initial".to_owned(), json!(typed.text("initial")));
    }
    said
}

/// The names of the states after the button that was pressed.
fn moved(of: &Of<'_>, typed: &Typed) -> Vec<String> {
    let mut names: Vec<String> = of.process.states.iter().map(|state| state.name.clone()).collect();
    for (key, is_up) in [("up", true), ("down", false)] {
        if let Some(at) = names.iter().position(|name| typed.get(key) == Some(name)) {
            step(&mut names, at, is_up);
        }
    }
    names
}

async fn shown(web: &Web, visitor: &Visitor, name: &str, draft: &Draft<'_>, following: i64) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let knowledge = web.app.workspace().knowledge();
    let of = Of::read(web, visitor, &knowledge.definitions, name).await?;
    let l = frame.locale;
    let title = of.process.label.or(l, &of.process.name).to_owned();
    let told = Told { l, error: draft.error, controls: CONTROLS };
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(PROCESSES) { (l.say("processes")) } }
            h1 { (title) }
        }
        div.page {
            @if following > 0 { (note::good(&l.say_with("processes-following", &[("count", following.into())]))) }
            (told.above(of.definitions))
            @if let Some(outlook) = &draft.outlook { (outlook) }
            p.help {
                a.link href=(format!("{MODULES}/{}", of.module.name)) { (of.module.label.get(l)) }
                @if of.is_fixed { ". " (l.say("processes-fixed")) }
            }
            section { h2 { (l.say("processes-states")) } (states(&of, l)) }
            section { h2 { (l.say("processes-moves")) } (moves(&of, l)) }
            (acts::section(&of, l))
            @if !of.process.timers.is_empty() { section {
                h2 { (l.say("processes-timers")) }
                @for timer in &of.process.timers { (timer_form(&of, timer, draft, told)) }
                @if let Some(wait) = knowledge.settings.payment_wait.as_deref().filter(|_| of.process.module == "orders") {
                    (note::warn(&html! { (l.say_with("processes-organisation-waits", &[("wait", duration::shown(l, wait).into())])) }))
                }
            } }
            section { h2 { (l.say("processes-process")) } (label_form(&of, draft, told)) }
            @if of.own.changed || of.own.is_process {
                section {
                    h2 { (l.say("processes-undo")) }
                    p.help { (l.say("processes-undo-help")) }
                    a.btn href=(format!("{PACKS}/own")) { (icon(assets::icon::HISTORY)) (l.say("processes-undo-open")) }
                }
            }
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: PROCESSES, content }))
}

fn states(of: &Of<'_>, l: Locale) -> Markup {
    let (at, label) = (of.at(), l.say("processes-states"));
    let last = of.process.states.len().saturating_sub(1);
    html! {
        form method="post" action=(at) {
            div.scroll tabindex="0" role="region" aria-label=(label) {
                table.plain.as-cards {
                    thead { tr {
                        th { (l.say("processes-state")) } th { (l.say("settings-name")) } th { (l.say("processes-phase")) }
                        @if !of.is_fixed { th { span.visually-hidden { (l.say("processes-order")) } } }
                    } }
                    tbody {
                        @for (index, state) in of.process.states.iter().enumerate() {
                            tr {
                                td { a.link href=(format!("{at}/states/{}", state.name)) { (state.label.or(l, &state.name)) } " " (marks(of, state, l)) }
                                td { code { (state.name) } }
                                td data-label=(l.say("processes-phase")) { (phase(state.phase, l)) }
                                @if !of.is_fixed { td { div.buttons.above-link { (mover(state, index == 0, index == last, l)) } } }
                            }
                        }
                    }
                }
            }
        }
        @if !of.is_fixed {
            div.buttons { a.btn href=(format!("{at}/new-state")) { (icon(assets::icon::PLUS)) (l.say("processes-add-state")) } }
        }
    }
}

/// What is to be known of a state at a glance.
fn marks(of: &Of<'_>, state: &Stage, l: Locale) -> Markup {
    html! {
        @if state.name == of.process.initial { span.tag { (l.say("processes-first")) } " " }
        @if state.retired { span.tag.cold { (l.say("settings-retired")) } }
    }
}

fn mover(state: &Stage, is_first: bool, is_last: bool, l: Locale) -> Markup {
    let called = state.label.or(l, &state.name);
    let (up, down) = (("up", state.name.as_str()), ("down", state.name.as_str()));
    Mover { label: called, up, down, is_first, is_last, back: None }.buttons(l)
}

fn moves(of: &Of<'_>, l: Locale) -> Markup {
    let (at, label) = (of.at(), l.say("processes-moves"));
    let all = of.process.transitions.iter().chain(&of.process.retired_transitions);
    html! {
        div.scroll tabindex="0" role="region" aria-label=(label) {
            table.plain.as-cards {
                thead { tr { th { (l.say("settings-move")) } th { (l.say("processes-from")) } th { (l.say("processes-to")) } th { (l.say("processes-by")) } th { (l.say("processes-asks")) } th { (l.say("processes-guard")) } } }
                tbody { @for step in all { (move_row(of, step, &at, l)) } }
            }
        }
        @if !of.is_fixed {
            div.buttons { a.btn href=(format!("{at}/new-move")) { (icon(assets::icon::PLUS)) (l.say("processes-add-move")) } }
        }
    }
}

fn move_row(of: &Of<'_>, step: &Transition, at: &str, l: Locale) -> Markup {
    let is_out = of.process.retired_transitions.contains(step);
    html! {
        tr {
            td {
                a.link href=(format!("{at}/moves/{}", step.key)) { (step.label.or(l, &step.name)) }
                @if is_out { " " span.tag.cold { (l.say("settings-retired")) } }
            }
            td data-label=(l.say("processes-from")) { (from(of, step, l)) }
            td data-label=(l.say("processes-to")) { (of.state(&step.to, l)) }
            td data-label=(l.say("processes-by")) { (who(of, step, l)) }
            td data-label=(l.say("processes-asks")) { (asked(of.module, step, l)) }
            td data-label=(l.say("processes-guard")) {
                @match &step.guard { Some(guard) => code { (guard) }, None if step.checklist.is_empty() => span.faint { "—" }, None => {} }
                @for check in &step.checklist { div { (icon(assets::icon::CHECK)) (check.label.or(l, &check.key)) } }
            }
        }
    }
}

fn timer_form(of: &Of<'_>, timer: &Timer, draft: &Draft<'_>, told: Told<'_>) -> Markup {
    let l = told.l;
    let typed = draft.typed.filter(|typed| typed.text("timer") == timer.name);
    // What was refused is led to by the name of its control.
    let id = typed.map_or_else(|| format!("after-{}", timer.name), |_| "after".to_owned());
    let states = timer.states.iter().map(|name| of.state(name, l)).collect::<Vec<_>>().join(", ");
    let help = l.say_with("processes-after-help", &[("states", states.into())]);
    let told = Told { error: told.error.filter(|_| typed.is_some()), ..told };
    let below = told.below("after", &id, Some(&help));
    let text = typed.map_or_else(|| duration::shown(l, &timer.after), |typed| typed.text("after").to_owned());
    html! {
        form.form method="post" action=(of.at()) {
            input type="hidden" name="timer" value=(timer.name);
            div.field {
                label for=(id) { (l.say("processes-after")) " " code { (timer.name) } }
                input id=(id) name="after" value=(text) required autocomplete="off" aria-invalid=[below.invalid()] aria-describedby=[below.described()];
                (below)
            }
            footer.actions {
                button.btn { (l.say("save")) }
                button.btn.quiet name="dry_run" value="yes" { (l.say("settings-dry-run")) }
            }
            (rehearsed::choice(l, &format!("ahead-{}", timer.name), typed))
        }
    }
}

fn label_form(of: &Of<'_>, draft: &Draft<'_>, told: Told<'_>) -> Markup {
    let typed = draft.typed.filter(|typed| typed.has("label_ru"));
    let label: Label = typed.map_or_else(|| of.process.label.clone(), inputs::typed_label);
    let told = Told { error: told.error.filter(|_| typed.is_some()), ..told };
    let begins = states_of(of.process, told.l, |state| !state.retired);
    let initial = typed.map_or(of.process.initial.as_str(), |typed| typed.text("initial"));
    html! {
        form.form method="post" action=(of.at()) id="process" data-guard {
            (inputs::labels(told, &label))
            @if !of.is_fixed {
                (Select { name: "initial", label: "processes-initial", help: None, options: begins, chosen: initial, is_locked: false }.drawn(told))
            }
            footer.actions { button.btn { (told.l.say("save")) } }
        }
    }
}
