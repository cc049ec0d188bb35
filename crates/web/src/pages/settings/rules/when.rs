//! The part of the form that says what sets a rule off.

use maud::{Markup, html};
use model::field::FieldType;
use model::process::{Process, Transition};
use model::rule::{CALLS, When};
use model::{Definitions, Locale, Module};
use serde_json::{Map, Value as Json, json};

use super::form::{select, ticks};
use crate::ui::Words;
use crate::ui::control::duration;
use crate::ui::told::Told;
use crate::ui::typed::Typed;

/// What sets rules off: for programs, and for people.
const EVENTS: [(&str, &str); 9] = [
    ("called", "rule-event-called"),
    ("created", "rule-event-created"),
    ("changed", "rule-event-changed"),
    ("entered", "rule-event-entered"),
    ("left", "rule-event-left"),
    ("moved", "rule-event-moved"),
    ("stayed", "rule-event-stayed"),
    ("schedule", "rule-event-schedule"),
    ("date", "rule-event-date"),
];

/// How often schedules come round.
const PERIODS: [(&str, &str); 3] =
    [("day", "rule-every-day"), ("week", "rule-every-week"), ("month", "rule-every-month")];

pub(super) fn drawn(told: Told<'_>, typed: &Typed, module: &Module, definitions: &Definitions) -> Markup {
    let l = told.l;
    let below = told.below("when", "event", None);
    let stored = module.fields.iter().filter(|field| field.is_stored());
    let label = |field: &model::Field| (field.name.clone(), field.label.or(l, &field.name).to_owned());
    let mut fields: Vec<_> = stored.clone().map(label).collect();
    if module.owners {
        fields.push(("owner".to_owned(), l.say("rule-owner")));
    }
    let is_moment = |field: &&model::Field| matches!(field.kind, FieldType::Date | FieldType::Datetime);
    let dates: Vec<_> = stored.filter(is_moment).map(label).collect();
    let process = definitions.process(&module.name);
    let states = process.map(|process| &process.states).into_iter().flatten();
    let states: Vec<_> = states.map(|state| (state.name.clone(), state.label.or(l, &state.name).to_owned())).collect();
    let moves: Vec<_> = process.map(|process| moves(process, l)).unwrap_or_default();
    let can = |event: &str| match event {
        "entered" | "left" | "stayed" => !states.is_empty(),
        "moved" => !moves.is_empty(),
        "date" => !dates.is_empty(),
        "called" => module.name == CALLS,
        _ => true,
    };
    let is = |event: &str| typed.text("event") == event;
    let all = |key| typed.all(key).collect::<Vec<_>>();
    let periods = PERIODS.map(|(value, words)| (value.to_owned(), l.say(words)));
    html! {
        h2 { (l.say("rule-when")) }
        div.field {
            label for="event" { (l.say("rule-event")) }
            select id="event" name="event" aria-invalid=[below.invalid()] aria-describedby=[below.described()] {
                @for (event, words) in EVENTS {
                    @if can(event) { option value=(event) selected[is(event)] { (l.say(words)) } }
                }
            }
            (below)
        }
        details open[typed.has("fields")] {
            summary.link { (l.say("rule-fields")) }
            (ticks("fields", &l.say("rule-fields"), &all("fields"), &fields))
            label.option { input type="checkbox" name="made" value="yes" checked[typed.has("made")]; (l.say("rule-made")) }
        }
        @if !states.is_empty() {
            details open[typed.has("states")] { summary.link { (l.say("rule-states")) } (ticks("states", &l.say("rule-states"), &all("states"), &states)) }
            @if !moves.is_empty() {
                details open[is("moved")] { summary.link { (l.say("rule-moves")) } (ticks("transitions", &l.say("rule-moves"), &all("transitions"), &moves)) }
            }
            details open[is("stayed")] {
                summary.link { (l.say("rule-stay")) }
                div.pair {
                    (line(told, &duration::shown(l, typed.text("after")), ("after", "rule-after", "rule-after-help")))
                    (again(told, typed, "rule-every-help", &STAYED))
                }
                (count(told, typed, &STAYED))
            }
        }
        details open[is("schedule")] {
            summary.link { (l.say("rule-schedule")) }
            div.pair {
                (select("period", &l.say("rule-period"), typed.text("period"), &periods, None))
                (line(told, typed.text("at"), ("at", "rule-at", "rule-at-help")))
            }
            (line(told, typed.text("on"), ("on", "rule-day", "rule-day-help")))
        }
        @if !dates.is_empty() {
            details open[is("date")] {
                summary.link { (l.say("rule-date")) }
                div.pair {
                    (select("field", &l.say("rule-date-field"), typed.text("field"), &dates, None))
                    (line(told, typed.text("offset"), ("offset", "rule-offset", "rule-offset-help")))
                }
                (again(told, typed, "rule-date-every-help", &DATED))
                (count(told, typed, &DATED))
            }
        }
    }
}

/// The controls of what is repeated, and in which time: of the event, and what they are called.
struct Again {
    event: &'static str,
    every: &'static str,
    times: &'static str,
    working: &'static str,
}

const STAYED: Again = Again { event: "stayed", every: "every", times: "times", working: "working" };
const DATED: Again = Again { event: "date", every: "date_every", times: "date_times", working: "date_working" };

impl Again {
    /// Where what is wrong with one of them is said: what is meant of the other event is not.
    fn at(&self, typed: &Typed, key: &str) -> String {
        if typed.text("event") == self.event { format!("when.{key}") } else { String::new() }
    }

    /// What was typed, as properties of the API.
    fn body(&self, typed: &Typed) -> [(&'static str, Option<Json>); 3] {
        let every = filled(typed, self.every).map(duration::read).map(Json::from);
        let working = typed.has(self.working).then_some(json!(true));
        [("every", every), ("times", number(typed, self.times)), ("working", working)]
    }

    /// What the form holds of them.
    fn typed(&self, (every, times): (Option<&str>, Option<u32>), working: bool, mut put: impl FnMut(&str, &str)) {
        every.into_iter().for_each(|every| put(self.every, every));
        times.into_iter().for_each(|times| put(self.times, &times.to_string()));
        if working {
            put(self.working, "yes");
        }
    }
}

/// After how long again.
fn again(told: Told<'_>, typed: &Typed, help: &str, names: &Again) -> Markup {
    let text = duration::shown(told.l, typed.text(names.every));
    line_at(told, &names.at(typed, "every"), &text, (names.every, "rule-every", help))
}

/// How often in all, and in which time.
fn count(told: Told<'_>, typed: &Typed, names: &Again) -> Markup {
    let l = told.l;
    html! {
        div.pair {
            (line_at(told, &names.at(typed, "times"), typed.text(names.times), (names.times, "rule-times", "rule-times-help")))
            div.field {
                label.option { input type="checkbox" name=(names.working) value="yes" checked[typed.has(names.working)]; (l.say("rule-working")) }
                p.help { (l.say("rule-working-help")) }
            }
        }
    }
}

/// The moves of a process, each with where it leads, as several have one name.
fn moves(process: &Process, l: Locale) -> Vec<(String, String)> {
    let called = |name: &str| process.state(name).map_or(name, |state| state.label.or(l, name)).to_owned();
    let said = |step: &Transition| {
        let words = format!("{} → {}", step.label.or(l, &step.name), called(&step.to));
        (step.key.clone(), words)
    };
    process.transitions.iter().map(said).collect()
}

/// A line with its help, or with what is wrong with it.
fn line(told: Told<'_>, text: &str, (name, label, help): (&str, &str, &str)) -> Markup {
    line_at(told, &format!("when.{name}"), text, (name, label, help))
}

/// The same of what stands elsewhere than its name says.
fn line_at(told: Told<'_>, at: &str, text: &str, (name, label, help): (&str, &str, &str)) -> Markup {
    let help = told.l.say(help);
    let below = told.below(at, name, Some(&help));
    html! {
        div.field {
            label for=(name) { (told.l.say(label)) }
            input id=(name) name=(name) value=(text) spellcheck="false" autocapitalize="off" aria-invalid=[below.invalid()] aria-describedby=[below.described()];
            (below)
        }
    }
}

/// What was typed, as a body of the API.
pub(super) fn body(typed: &Typed) -> Json {
    let all = |name: &str| typed.all(name).map(str::to_owned).collect::<Vec<_>>();
    match typed.text("event") {
        "changed" => {
            let made = typed.has("made").then_some(json!(true));
            with(json!({"event": "changed", "fields": all("fields")}), [("made", made)])
        }
        "moved" => json!({"event": "moved", "transitions": all("transitions")}),
        event @ ("entered" | "left") => json!({"event": event, "states": all("states")}),
        "stayed" => with(
            json!({"event": "stayed", "states": all("states"), "after": duration::read(typed.text("after"))}),
            STAYED.body(typed),
        ),
        "schedule" => {
            let period = filled(typed, "period").unwrap_or("day");
            let at = typed.text("at").trim();
            with(json!({"event": "schedule", "every": period, "at": at}), [("on", number(typed, "on"))])
        }
        "date" => {
            let offset = filled(typed, "offset").unwrap_or("PT0S");
            with(json!({"event": "date", "field": typed.text("field"), "offset": offset}), DATED.body(typed))
        }
        "called" => json!({"event": "called"}),
        _ => json!({"event": "created"}),
    }
}

fn filled<'t>(typed: &'t Typed, name: &str) -> Option<&'t str> {
    Some(typed.text(name).trim()).filter(|text| !text.is_empty())
}

/// A number; what is none is told by whoever reads the body.
fn number(typed: &Typed, name: &str) -> Option<Json> {
    filled(typed, name).map(|text| text.parse::<i64>().map_or_else(|_| json!(text), Json::from))
}

fn with<const N: usize>(body: Json, more: [(&str, Option<Json>); N]) -> Json {
    let Json::Object(mut body) = body else { return body };
    let more: Map<String, Json> =
        more.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    body.extend(more);
    Json::Object(body)
}

/// What the form holds of it.
pub(super) fn typed(when: &When, typed: &mut Typed) {
    let mut put = |key: &str, text: &str| typed.add(key, text);
    match when {
        When::Created => put("event", "created"),
        When::Called => put("event", "called"),
        When::Changed { fields, made } => {
            put("event", "changed");
            fields.iter().for_each(|field| put("fields", field));
            if *made {
                put("made", "yes");
            }
        }
        When::Entered { states } => {
            put("event", "entered");
            states.iter().for_each(|state| put("states", state));
        }
        When::Left { states } => {
            put("event", "left");
            states.iter().for_each(|state| put("states", state));
        }
        When::Moved { transitions } => {
            put("event", "moved");
            transitions.iter().for_each(|key| put("transitions", key));
        }
        When::Stayed { states, after, every, times, working } => {
            put("event", "stayed");
            put("after", after);
            states.iter().for_each(|state| put("states", state));
            STAYED.typed((every.as_deref(), *times), *working, &mut put);
        }
        When::Schedule { every, at, on } => {
            put("event", "schedule");
            put("period", json!(every).as_str().unwrap_or_default());
            put("at", at);
            on.iter().for_each(|on| put("on", &on.to_string()));
        }
        When::Date { field, offset, every, times, working } => {
            put("event", "date");
            put("field", field);
            put("offset", offset);
            DATED.typed((every.as_deref(), *times), *working, &mut put);
        }
    }
}
