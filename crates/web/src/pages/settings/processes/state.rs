//! One state: added, called and coloured otherwise, taken out of use with its records sent on or left where they are.

use app::shape::on_the_road;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use model::process::{Phase, State as Stage};
use model::{Label, Locale};
use serde_json::{Map, Value as Json, json};

use super::super::form::TONES;
use super::super::{MODULES, inputs, rehearsed};
use super::sheet::{self, Select, states};
use super::told::{CONTROLS, PHASES, of_part};
use super::{Draft, Of, Tried, back, body, tried, unprocessable};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Words;
use crate::ui::told::Told;
use crate::ui::typed::Typed;

pub(super) async fn blank(
    State(web): State<Web>,
    visitor: Visitor,
    Path(process): Path<String>,
) -> Result<Markup, Problem> {
    new(&web, &visitor, &process, &Draft::default()).await
}

/// Adds a state, on the road from the one before it to the one behind it where that is wanted.
pub(super) async fn add(
    State(web): State<Web>,
    visitor: Visitor,
    Path(process): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let of = Of::read(&web, &visitor, &definitions, &process).await?;
    let (name, after) = (typed.text("name"), typed.text("after"));
    let state = json!({
        "label": inputs::label_json(&typed), "colour": typed.text("colour"), "phase": chosen_phase(&typed),
        "after": Some(after).filter(|after| !after.is_empty()),
    });
    let mut said = body("states", name, state);
    if typed.has("road") {
        said.insert("transitions".to_owned(), Json::Object(on_the_road(of.process, name, after)));
    }
    let mut draft = Draft { typed: Some(&typed), ..Draft::default() };
    // A name that is there already would change that state.
    let done = if of.process.state(name).is_some() {
        let message = format!("there is a state {name:?}");
        Err(store::Error::field("name", "name_taken", message))
    } else {
        tried(&web, &visitor, &of, said, &typed).await?
    };
    match done {
        Ok(Tried::Made(reshaped)) => Ok(back(&process, &reshaped)),
        Ok(Tried::Told(told)) => {
            draft.outlook = Some(told);
            Ok(new(&web, &visitor, &process, &draft).await?.into_response())
        }
        Err(error) => {
            let error = of_part(error, &format!("states.{name}"));
            draft.error = Some(&error);
            Ok(unprocessable(new(&web, &visitor, &process, &draft).await?))
        }
    }
}

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path((process, state)): Path<(String, String)>,
) -> Result<Markup, Problem> {
    shown(&web, &visitor, &process, &state, &Draft::default()).await
}

pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path((process, state)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let of = Of::read(&web, &visitor, &definitions, &process).await?;
    let present = of.process.state(&state).ok_or_else(|| none(&state))?;
    let said = if typed.has("removed") {
        Json::Null
    } else if typed.has("retired") {
        let to = Some(typed.text("moves_to")).filter(|to| !to.is_empty());
        json!({"retired": typed.text("retired") == "true", "moves_to": to})
    } else {
        Json::Object(changes(&of, present, &typed))
    };
    let mut draft = Draft { typed: Some(&typed), ..Draft::default() };
    match tried(&web, &visitor, &of, body("states", &state, said), &typed).await? {
        Ok(Tried::Made(reshaped)) => Ok(back(&process, &reshaped)),
        Ok(Tried::Told(told)) => {
            draft.outlook = Some(told);
            Ok(shown(&web, &visitor, &process, &state, &draft).await?.into_response())
        }
        Err(error) => {
            let error = of_part(error, &format!("states.{state}"));
            draft.error = Some(&error);
            Ok(unprocessable(shown(&web, &visitor, &process, &state, &draft).await?))
        }
    }
}

/// What the form says otherwise than the state says now.
fn changes(of: &Of<'_>, present: &Stage, typed: &Typed) -> Map<String, Json> {
    let mut said = Map::new();
    let label = inputs::label_json(typed);
    if json!(present.label) != label {
        said.insert("label".to_owned(), label);
    }
    if typed.text("colour") != present.colour {
        said.insert("colour".to_owned(), json!(typed.text("colour")));
    }
    if !of.is_fixed && chosen_phase(typed) != json!(present.phase) {
        said.insert("phase".to_owned(), chosen_phase(typed));
    }
    said
}

fn chosen_phase(typed: &Typed) -> Json {
    let known = PHASES.into_iter().find(|(_, name, _)| *name == typed.text("phase"));
    json!(known.map_or(Phase::Open, |known| known.0))
}

fn none(name: &str) -> Problem {
    Problem::not_found(format!("there is no state {name:?}"))
}

/// What both forms have.
fn properties(told: Told<'_>, label: &Label, colour: &str, phase: &str, is_fixed: bool) -> Markup {
    let l = told.l;
    let colours = TONES.into_iter().map(|(tone, key)| (tone, l.say(key))).collect();
    let phases = PHASES.into_iter().map(|(_, name, key)| (name, l.say(key))).collect();
    let choice = |name, label, options, chosen, is_locked| {
        Select { name, label, help: None, options, chosen, is_locked }.drawn(told)
    };
    html! {
        (inputs::labels(told, label))
        div.pair {
            (choice("colour", "processes-colour", colours, colour, false))
            (choice("phase", "processes-phase", phases, phase, is_fixed))
        }
    }
}

async fn new(web: &Web, visitor: &Visitor, process: &str, draft: &Draft<'_>) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let of = Of::read(web, visitor, &definitions, process).await?;
    let (l, nothing) = (visitor.locale, Typed::default());
    let told = Told { l, error: draft.error, controls: CONTROLS };
    let typed = draft.typed.unwrap_or(&nothing);
    let title = l.say("processes-add-state");
    let options = states(of.process, l, |state| !state.retired);
    let last_open = of.process.states_in_use().filter(|state| state.phase == Phase::Open).last();
    let after = typed.get("after").or(last_open.map(|state| state.name.as_str())).unwrap_or_default();
    let content = html! {
        (told.above(&definitions))
        @if let Some(outlook) = &draft.outlook { (outlook) }
        form.form method="post" action=(format!("{}/new-state", of.at())) id="state" data-guard {
            (properties(told, &inputs::typed_label(typed), typed.text("colour"), typed.text("phase"), false))
            (inputs::name(told, typed))
            (Select { name: "after", label: "processes-stands-after", help: None, options, chosen: after, is_locked: false }.drawn(told))
            div.options { (inputs::tick_with("road", &l.say("processes-road"), &l.say("processes-road-help"), draft.typed.is_none() || typed.has("road"))) }
            (buttons(&of, "processes-state-add", l, draft.typed))
        }
    };
    sheet::page(web, visitor, &of, &title, content).await
}

fn buttons(of: &Of<'_>, key: &str, l: Locale, typed: Option<&Typed>) -> Markup {
    html! {
        footer.actions {
            button.btn.main-action { (l.say(key)) }
            button.btn name="dry_run" value="yes" { (l.say("settings-dry-run")) }
            a.btn.quiet href=(of.at()) { (l.say("cancel")) }
        }
        (rehearsed::choice(l, "ahead", typed))
    }
}

async fn shown(web: &Web, visitor: &Visitor, process: &str, name: &str, draft: &Draft<'_>) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let of = Of::read(web, visitor, &definitions, process).await?;
    let state = of.process.state(name).ok_or_else(|| none(name))?;
    let l = visitor.locale;
    let told = Told { l, error: draft.error, controls: CONTROLS };
    let typed = draft.typed.filter(|typed| typed.has("label_ru"));
    let phase = PHASES.into_iter().find(|known| known.0 == state.phase).map_or("open", |known| known.1);
    let label = typed.map_or_else(|| state.label.clone(), inputs::typed_label);
    let (colour, phase) =
        typed.map_or((state.colour.as_str(), phase), |typed| (typed.text("colour"), typed.text("phase")));
    let at = format!("{}/states/{name}", of.at());
    let content = html! {
        (told.above(&definitions))
        @if let Some(outlook) = &draft.outlook { (outlook) }
        dl.fields.roomy {
            dt { (l.say("settings-name")) } dd { code { (state.name) } }
            dt { (l.say("processes-requires")) } dd { (required(&of, state, l)) }
        }
        form.form method="post" action=(at) id="state" data-guard {
            (properties(told, &label, colour, phase, of.is_fixed))
            (buttons(&of, "save", l, typed))
        }
        @if !of.is_fixed { (retirement(&of, state, draft, &at, told)) }
    };
    sheet::page(web, visitor, &of, state.label.or(l, &state.name), content).await
}

/// The fields that are required where records enter the state.
fn required(of: &Of<'_>, state: &Stage, l: Locale) -> Markup {
    let fields: Vec<_> = of.module.fields.iter().filter(|field| field.required_at.contains(&state.name)).collect();
    html! {
        @for (index, field) in fields.iter().enumerate() {
            @if index > 0 { ", " }
            a.link href=(format!("{MODULES}/{}/fields/{}", of.module.name, field.name)) { (field.called(l)) }
        }
        @if fields.is_empty() { span.faint { "—" } }
        p.help { (l.say("processes-requires-help")) }
    }
}

fn retirement(of: &Of<'_>, state: &Stage, draft: &Draft<'_>, at: &str, told: Told<'_>) -> Markup {
    let l = told.l;
    let mut options = vec![("", l.say("processes-stay"))];
    options.extend(states(of.process, l, |other| !other.retired && other.name != state.name));
    let typed = draft.typed.filter(|typed| typed.has("retired"));
    let chosen = typed.map_or(state.moves_to.as_deref().unwrap_or_default(), |typed| typed.text("moves_to"));
    html! {
        section {
            h2 { (l.say("processes-retirement")) }
            form.form method="post" action=(at) {
                @if state.retired {
                    input type="hidden" name="retired" value="false";
                    p.help { (l.say("processes-is-retired")) }
                    footer.actions { button.btn { (l.say("settings-bring-back")) } }
                } @else {
                    input type="hidden" name="retired" value="true";
                    p.help { (l.say("processes-retirement-help")) }
                    (Select { name: "moves_to", label: "processes-moves-to", help: None, options, chosen, is_locked: false }.drawn(told))
                    footer.actions {
                        button.btn { (l.say("settings-retire")) }
                        button.btn.quiet name="dry_run" value="yes" { (l.say("settings-dry-run")) }
                    }
                    (rehearsed::choice(l, "retired-ahead", typed))
                }
            }
            @if of.own.owns_state(&state.name) {
                form.form method="post" action=(at) {
                    input type="hidden" name="removed" value="true";
                    p.help { (l.say("processes-remove-help")) }
                    footer.actions { button.btn.quiet.danger { (l.say("processes-remove")) } }
                }
            }
        }
    }
}
