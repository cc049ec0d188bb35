//! One move: added, and changed in what it says, where it leads from and to, who makes it, on what condition, and what it
//! asks for.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use model::Label;
use model::field::SetBy;
use model::process::{By, Check, Transition};
use serde_json::{Map, Value as Json, json};

use super::super::{inputs, rehearsed};
use super::sheet::{self, Select, Tick, states, ticks};
use super::told::{CONTROLS, of_part};
use super::{Draft, Of, Tried, back, body, tried, unprocessable};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Words;
use crate::ui::expression::{Expression, Fault, Names, Offered};
use crate::ui::told::Told;
use crate::ui::typed::Typed;

pub(super) async fn blank(
    State(web): State<Web>,
    visitor: Visitor,
    Path(process): Path<String>,
) -> Result<Markup, Problem> {
    shown(&web, &visitor, &process, None, &Draft::default()).await
}

pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path((process, key)): Path<(String, String)>,
) -> Result<Markup, Problem> {
    shown(&web, &visitor, &process, Some(&key), &Draft::default()).await
}

/// Adds a move. Moves may share a name: they are told apart by where they start from.
pub(super) async fn add(
    State(web): State<Web>,
    visitor: Visitor,
    Path(process): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let name = typed.text("name");
    let first = typed.all("from").next().unwrap_or_default();
    let key = format!("{name}.{first}.{}", typed.text("to"));
    let said = Json::Object(read(&typed));
    answered(&web, &visitor, &process, None, &key, &typed, said).await
}

pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path((process, key)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let of = Of::read(&web, &visitor, &definitions, &process).await?;
    let present = of.process.addressed(&key).ok_or_else(|| none(&key))?;
    let said = if typed.has("removed") {
        Json::Null
    } else if typed.has("retired") {
        json!({"retired": typed.text("retired") == "true"})
    } else {
        Json::Object(changes(&of, present, &typed))
    };
    answered(&web, &visitor, &process, Some(&key), &key, &typed, said).await
}

/// Makes the change, or with the button for it tells what it would mean. `shown_as` is the move whose page it is.
async fn answered(
    web: &Web,
    visitor: &Visitor,
    process: &str,
    shown_as: Option<&str>,
    key: &str,
    typed: &Typed,
    said: Json,
) -> Result<Response, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let of = Of::read(web, visitor, &definitions, process).await?;
    let mut draft = Draft { typed: Some(typed), ..Draft::default() };
    match tried(web, visitor, &of, body("transitions", key, said), typed).await? {
        Ok(Tried::Made(reshaped)) => Ok(back(process, &reshaped)),
        Ok(Tried::Told(told)) => {
            draft.outlook = Some(told);
            Ok(shown(web, visitor, process, shown_as, &draft).await?.into_response())
        }
        Err(error) => {
            let error = bare(error, key);
            draft.error = Some(&error);
            Ok(unprocessable(shown(web, visitor, process, shown_as, &draft).await?))
        }
    }
}

/// Faults of the move by its controls: of a new one they may come under a shorter key than it was sent by.
fn bare(error: store::Error, key: &str) -> store::Error {
    let parts: Vec<&str> = key.split('.').collect();
    let shorter = (1..=parts.len()).rev().filter_map(|many| parts.get(..many)).map(|some| some.join("."));
    shorter.fold(error, |error, key| of_part(error, &format!("transitions.{key}")))
}

fn none(key: &str) -> Problem {
    Problem::not_found(format!("there is no move {key:?}"))
}

/// Everything that the form holds.
fn read(typed: &Typed) -> Map<String, Json> {
    let by = match typed.text("by") {
        "roles" => json!({"roles": typed.all("role").collect::<Vec<_>>()}),
        "process" => json!("process"),
        _ => json!("editor"),
    };
    let guard = Some(typed.text("guard").replace("\r\n", "\n")).filter(|guard| !guard.is_empty());
    Map::from_iter([
        ("label".to_owned(), inputs::label_json(typed)),
        ("from".to_owned(), typed.all("from").collect()),
        ("to".to_owned(), json!(typed.text("to"))),
        ("by".to_owned(), by),
        ("guard".to_owned(), json!(guard)),
        ("asks".to_owned(), typed.all("asks").collect()),
        ("checklist".to_owned(), json!(checks(typed.get("checklist").unwrap_or_default()))),
        ("four_eyes".to_owned(), json!(typed.has("four_eyes"))),
    ])
}

/// Lines of `key = Words | Words in English`.
fn checks(text: &str) -> Vec<Check> {
    let check = |line: &str| {
        let (key, words) = line.split_once('=').unwrap_or((line, line));
        let (ru, en) = words.split_once('|').unwrap_or((words, ""));
        Check { key: key.trim().to_owned(), label: Label::both(ru.trim(), en.trim()) }
    };
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(check).collect()
}

/// What the form says otherwise than the move says now.
fn changes(of: &Of<'_>, present: &Transition, typed: &Typed) -> Map<String, Json> {
    let mut said = read(typed);
    let now = json!(present);
    let asks: Vec<&String> = present.asks.iter().filter(|name| !is_required(of, present, name)).collect();
    said.retain(|key, value| match key.as_str() {
        // What is locked or not drawn sends nothing.
        "from" | "to" if of.is_fixed => false,
        "to" | "by" | "guard" | "asks" | "four_eyes" | "checklist" if present.by == By::Process => false,
        "four_eyes" => *value != json!(present.four_eyes),
        "checklist" => *value != json!(present.checklist),
        "asks" => *value != json!(asks),
        key => now.get(key) != Some(value),
    });
    said
}

/// Whether the field itself says that it is required where the move leads.
fn is_required(of: &Of<'_>, step: &Transition, name: &str) -> bool {
    of.module.field(name).is_some_and(|field| field.required_at.contains(&step.to))
}

/// What stands in the form: the move, and over it what was typed.
fn values(present: Option<&Transition>, typed: Option<&Typed>) -> Map<String, Json> {
    let mut values = match present.map(|step| json!(step)) {
        Some(Json::Object(values)) => values,
        _ => Map::new(),
    };
    if let Some(typed) = typed.filter(|typed| typed.has("label_ru")) {
        values.extend(read(typed));
    }
    values
}

async fn shown(
    web: &Web,
    visitor: &Visitor,
    process: &str,
    key: Option<&str>,
    draft: &Draft<'_>,
) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    let of = Of::read(web, visitor, &definitions, process).await?;
    let present = key.map(|key| of.process.addressed(key).ok_or_else(|| none(key))).transpose()?;
    let (l, nothing) = (visitor.locale, Typed::default());
    let told = Told { l, error: draft.error, controls: CONTROLS };
    let sheet = Sheet { of: &of, present, values: values(present, draft.typed), told };
    let at = key.map_or_else(|| format!("{}/new-move", of.at()), |key| format!("{}/moves/{key}", of.at()));
    let title = present.map_or_else(|| l.say("processes-add-move"), |step| step.label.or(l, &step.name).to_owned());
    let content = html! {
        (told.above(&definitions))
        @if let Some(outlook) = &draft.outlook { (outlook) }
        form.form method="post" action=(at) id="move" data-guard {
            (inputs::labels(told, &sheet.label()))
            @if present.is_none() { (inputs::name(told, draft.typed.unwrap_or(&nothing))) }
            (sheet.states())
            (sheet.who())
            (sheet.guard())
            (sheet.checklist())
            (sheet.four_eyes())
            (sheet.asks())
            footer.actions {
                button.btn.main-action { (l.say(if present.is_some() { "save" } else { "processes-move-add" })) }
                button.btn name="dry_run" value="yes" { (l.say("settings-dry-run")) }
                a.btn.quiet href=(of.at()) { (l.say("cancel")) }
            }
            (rehearsed::choice(l, "ahead", draft.typed))
        }
        @if let Some(step) = present { (retirement(&of, step, &at, told)) }
    };
    sheet::page(web, visitor, &of, &title, content).await
}

/// The form of a move.
struct Sheet<'a> {
    of: &'a Of<'a>,
    present: Option<&'a Transition>,
    values: Map<String, Json>,
    told: Told<'a>,
}

impl Sheet<'_> {
    fn label(&self) -> Label {
        let text = |language: &str| {
            let label = self.values.get("label").and_then(|label| label.get(language));
            label.and_then(Json::as_str).unwrap_or_default().to_owned()
        };
        Label { ru: text("ru"), en: text("en") }
    }

    fn has(&self, list: &str, name: &str) -> bool {
        self.values.get(list).and_then(Json::as_array).is_some_and(|all| all.iter().any(|one| one == name))
    }

    /// Whether nobody presses it.
    fn is_of_program(&self) -> bool {
        self.present.is_some_and(|step| step.by == By::Process)
    }

    fn states(&self) -> Markup {
        let (of, l) = (self.of, self.told.l);
        let locked = of.is_fixed.then(String::new);
        let tick = |(value, label): (&str, String)| Tick {
            value: value.to_owned(),
            label,
            is_on: self.has("from", value),
            locked: locked.clone(),
        };
        let from: Vec<Tick> = states(of.process, l, |_| true).into_iter().map(tick).collect();
        let chosen = self.values.get("to").and_then(Json::as_str).unwrap_or_default();
        let options = states(of.process, l, |state| !state.retired || state.name == chosen);
        let is_locked = of.is_fixed || self.is_of_program();
        html! {
            (ticks(self.told, "from", "processes-from", None, &from))
            (Select { name: "to", label: "processes-to", help: None, options, chosen, is_locked }.drawn(self.told))
        }
    }

    fn who(&self) -> Markup {
        let l = self.told.l;
        if self.is_of_program() {
            return html! { p.help { (l.say("processes-of-program")) } };
        }
        let roles = self.values.get("by").and_then(|by| by.get("roles")).and_then(Json::as_array);
        let is_on = |name: &str| roles.is_some_and(|roles| roles.iter().any(|role| role == name));
        let by = if roles.is_some() { "roles" } else { "editor" };
        let options = vec![("editor", l.say("processes-by-editor")), ("roles", l.say("processes-by-roles"))];
        let tick = |role: &std::sync::Arc<model::rights::Role>| Tick {
            value: role.name.clone(),
            label: role.called(l).to_owned(),
            is_on: is_on(&role.name),
            locked: None,
        };
        let all: Vec<Tick> = self.of.definitions.roles().map(tick).collect();
        html! {
            (Select { name: "by", label: "processes-by", help: None, options, chosen: by, is_locked: false }.drawn(self.told))
            (ticks(self.told, "role", "processes-roles", Some("processes-roles-help"), &all))
        }
    }

    fn guard(&self) -> Markup {
        if self.is_of_program() {
            return html! {};
        }
        let l = self.told.l;
        let text = self.values.get("guard").and_then(Json::as_str).unwrap_or_default();
        let fault = self.told.fault_of("guard").map(|fault| Fault::of_field(l, text, fault));
        let names = Names::all(l, self.of.definitions, self.of.module);
        let expression = Expression {
            label: html! { (l.say("processes-guard")) " " small { (l.say("optional")) } },
            help: Some(l.say("processes-guard-help")),
            fault: fault.as_ref(),
            ..Expression::new(l, "guard", text, Offered::Here(&names))
        };
        html! { div.field { (expression) } }
    }

    /// What is ticked off before, a line for each.
    fn checklist(&self) -> Markup {
        // Of what a service moves nobody ticks anything off.
        if self.is_of_program() || self.of.is_fixed {
            return html! {};
        }
        let l = self.told.l;
        let help = l.say("processes-checklist-help");
        let below = self.told.below("checklist", "checklist", Some(&help));
        let checks =
            self.values.get("checklist").cloned().and_then(|all| serde_json::from_value::<Vec<Check>>(all).ok());
        let line = |check: &Check| format!("{} = {} | {}", check.key, check.label.ru, check.label.en);
        let lines: Vec<String> = checks.unwrap_or_default().iter().map(line).collect();
        html! {
            div.field {
                label for="checklist" { (l.say("processes-checklist")) " " small { (l.say("optional")) } }
                textarea id="checklist" name="checklist" rows="3" spellcheck="false" aria-invalid=[below.invalid()]
                    aria-describedby=[below.described()] { (lines.join("\n")) }
                (below)
            }
        }
    }

    fn four_eyes(&self) -> Markup {
        if self.is_of_program() {
            return html! {};
        }
        let l = self.told.l;
        let help = l.say("processes-four-eyes-help");
        let below = self.told.below("four_eyes", "four_eyes", Some(&help));
        let is_on = self.values.get("four_eyes").and_then(Json::as_bool).unwrap_or_default();
        html! {
            div.field {
                label.option { input id="four_eyes" type="checkbox" name="four_eyes" value="yes" checked[is_on] aria-describedby=[below.described()]; (l.say("processes-four-eyes")) }
                (below)
            }
        }
    }

    fn asks(&self) -> Markup {
        if self.is_of_program() {
            return html! {};
        }
        let (of, l) = (self.of, self.told.l);
        let fillable = of.module.fields.iter().filter(|field| {
            let is_asked = self.has("asks", &field.name);
            is_asked
                || field.is_stored() && !field.secret && field.set_by == SetBy::Anyone && field.name != of.process.field
        });
        let tick = |field: &model::Field| {
            let is_required = self.present.is_some_and(|step| is_required(of, step, &field.name));
            Tick {
                value: field.name.clone(),
                label: field.called(l).to_owned(),
                is_on: is_required || self.has("asks", &field.name),
                locked: is_required.then(|| l.say("processes-asked-by-field")),
            }
        };
        let all: Vec<Tick> = fillable.map(tick).collect();
        ticks(self.told, "asks", "processes-asks", Some("processes-asks-help"), &all)
    }
}

fn retirement(of: &Of<'_>, step: &Transition, at: &str, told: Told<'_>) -> Markup {
    let l = told.l;
    // What leads to a state out of use comes back with it.
    let is_by_state = of.process.state(&step.to).is_some_and(|state| state.retired);
    if of.is_fixed || step.by == By::Process || is_by_state {
        return html! {};
    }
    html! {
        section {
            form method="post" action=(at) {
                input type="hidden" name="retired" value=(!step.retired);
                p.help { (l.say("processes-retire-move-help")) }
                button.btn { (l.say(if step.retired { "settings-bring-back" } else { "settings-retire" })) }
            }
            @if of.own.owns(step) {
                form method="post" action=(at) {
                    input type="hidden" name="removed" value="true";
                    button.btn.quiet.danger { (l.say("processes-remove")) }
                }
            }
        }
    }
}
