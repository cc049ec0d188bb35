//! The part of the form that says what sets a rule off.

use maud::{Markup, html};
use model::field::FieldType;
use model::rule::{CALLS, When};
use model::{Definitions, Module};
use serde_json::{Map, Value as Json, json};

use super::form::{select, ticks};
use crate::ui::Words;
use crate::ui::control::duration;
use crate::ui::told::Told;
use crate::ui::typed::Typed;

/// What sets rules off: for programs, and for people.
const EVENTS: [(&str, &str); 8] = [
    ("called", "rule-event-called"),
    ("created", "rule-event-created"),
    ("changed", "rule-event-changed"),
    ("entered", "rule-event-entered"),
    ("left", "rule-event-left"),
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
    let can = |event: &str| match event {
        "entered" | "left" | "stayed" => !states.is_empty(),
        "date" => !dates.is_empty(),
        "called" => module.name == CALLS,
        _ => true,
    };
    let is = |event: &str| typed.text("event") == event;
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
            (ticks("fields", &l.say("rule-fields"), typed, &fields))
            label.option { input type="checkbox" name="made" value="yes" checked[typed.has("made")]; (l.say("rule-made")) }
        }
        @if !states.is_empty() {
            details open[typed.has("states")] { summary.link { (l.say("rule-states")) } (ticks("states", &l.say("rule-states"), typed, &states)) }
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
    fn typed(
        &self,
        (every, times): (Option<&str>, Option<u32>),
        working: bool,
        pairs: &mut Vec<(&'static str, String)>,
    ) {
        pairs.extend(every.map(|every| (self.every, every.to_owned())));
        pairs.extend(times.map(|times| (self.times, times.to_string())));
        pairs.extend(working.then(|| (self.working, "yes".to_owned())));
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
pub(super) fn typed(when: &When, pairs: &mut Vec<(&'static str, String)>) {
    let states = |states: &[String]| states.iter().map(|state| ("states", state.clone())).collect::<Vec<_>>();
    match when {
        When::Created => pairs.push(("event", "created".to_owned())),
        When::Called => pairs.push(("event", "called".to_owned())),
        When::Changed { fields, made } => {
            pairs.push(("event", "changed".to_owned()));
            pairs.extend(fields.iter().map(|field| ("fields", field.clone())));
            pairs.extend(made.then(|| ("made", "yes".to_owned())));
        }
        When::Entered { states: all } => {
            pairs.push(("event", "entered".to_owned()));
            pairs.extend(states(all));
        }
        When::Left { states: all } => {
            pairs.push(("event", "left".to_owned()));
            pairs.extend(states(all));
        }
        When::Stayed { states: all, after, every, times, working } => {
            pairs.extend([("event", "stayed".to_owned()), ("after", after.clone())]);
            pairs.extend(states(all));
            STAYED.typed((every.as_deref(), *times), *working, pairs);
        }
        When::Schedule { every, at, on } => {
            let period = json!(every).as_str().unwrap_or_default().to_owned();
            pairs.extend([("event", "schedule".to_owned()), ("period", period), ("at", at.clone())]);
            pairs.extend(on.iter().map(|on| ("on", on.to_string())));
        }
        When::Date { field, offset, every, times, working } => {
            pairs.extend([("event", "date".to_owned()), ("field", field.clone()), ("offset", offset.clone())]);
            DATED.typed((every.as_deref(), *times), *working, pairs);
        }
    }
}
