//! What a change would have come to: what happened in a copy of the workspace with it, beside a copy without.

use std::collections::BTreeMap;

use app::rehearsal::{Outcome, Ran, Rehearsal};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Definitions, Locale, l10n};

use crate::ui::Words;
use crate::ui::typed::Typed;

/// How far ahead one may look by a button.
const AHEAD: [(&str, &str); 3] = [("P1D", "rehearsal-day"), ("P7D", "rehearsal-week"), ("P30D", "rehearsal-month")];

/// What rehearses the change that a form says. `id` tells the choices of one page apart; what was chosen stays chosen.
pub(super) fn choice(l: Locale, id: &str, typed: Option<&Typed>) -> Markup {
    let typed = typed.filter(|typed| typed.has("rehearse"));
    let chosen = typed.map_or("P7D", |typed| typed.text("ahead"));
    html! {
        details open[typed.is_some()] {
            summary.link { (l.say("rehearsal-on-a-copy")) }
            div.field {
                label for=(id) { (l.say("rehearsal-ahead")) }
                select id=(id) name="ahead" {
                    @for (length, label) in AHEAD { option value=(length) selected[length == chosen] { (l.say(label)) } }
                }
            }
            button.btn name="rehearse" value="yes" { (l.say("rehearsal-rehearse")) }
        }
    }
}

/// What both columns are called.
pub(super) struct Columns {
    pub(super) as_it_is: String,
    pub(super) changed: String,
}

impl Columns {
    /// A change beside what is.
    pub(super) fn of_a_change(l: Locale) -> Self {
        Self { as_it_is: l.say("rehearsal-as-it-is"), changed: l.say("rehearsal-changed") }
    }
}

pub(super) fn drawn(
    told: &Rehearsal,
    columns: &Columns,
    definitions: &Definitions,
    zone: &TimeZone,
    l: Locale,
) -> Markup {
    let rows = rows(told, definitions, l);
    let label = l.say("rehearsal");
    let until = l10n::date_time(l, told.to, zone);
    html! {
        section id="rehearsal" role="status" {
            h2 { (label) }
            p.help { (l.say_with("rehearsal-help", &[("until", until.into())])) }
            @if rows.is_empty() { p { b { (l.say("rehearsal-nothing")) } } }
            @else {
                @if rows.iter().all(|row| row.counts[0] == row.counts[1]) { p { b { (l.say("rehearsal-same")) } } }
                div.scroll tabindex="0" role="region" aria-label=(label) {
                    table.plain {
                        thead { tr { th { (l.say("rehearsal-what")) } th.num { (columns.as_it_is) } th.num { (columns.changed) } } }
                        tbody { @for row in &rows { (row.drawn(l)) } }
                    }
                }
            }
            @if !(told.as_it_is.is_whole && told.changed.is_whole) { p.help { (l.say("rehearsal-not-whole")) } }
            (letters(&told.changed, zone, l))
            @if !told.changed.failures.is_empty() {
                h3 { (l.say("rehearsal-failures")) }
                ul { @for failure in &told.changed.failures { li { code { (failure.kind) } " " span lang="en" { (failure.error) } } } }
            }
        }
    }
}

/// One thing that happened, and how often in both.
struct Row {
    label: String,
    counts: [i64; 2],
}

impl Row {
    fn drawn(&self, l: Locale) -> Markup {
        let [before, after] = self.counts;
        html! {
            tr {
                td { (self.label) }
                td.num { (l10n::number(l, before)) }
                td.num { @if before == after { (l10n::number(l, after)) } @else { b { (l10n::number(l, after)) } } }
            }
        }
    }
}

fn rows(told: &Rehearsal, definitions: &Definitions, l: Locale) -> Vec<Row> {
    let both = [&told.as_it_is, &told.changed];
    let mut rows = Vec::new();
    rows.extend(beside(both.map(|outcome| moves(outcome, definitions, l))));
    rows.extend(beside(both.map(|outcome| by_template(outcome, definitions, l))));
    rows.extend(beside(both.map(|outcome| rules(outcome, definitions, l))));
    rows.extend(beside(both.map(|outcome| {
        let failed = i64::try_from(outcome.failures.len()).unwrap_or(i64::MAX);
        BTreeMap::from_iter((failed > 0).then(|| (l.say("rehearsal-failures"), failed)))
    })));
    rows
}

fn beside([before, after]: [BTreeMap<String, i64>; 2]) -> Vec<Row> {
    let mut counts: BTreeMap<String, [i64; 2]> = BTreeMap::new();
    for (side, all) in [before, after].into_iter().enumerate() {
        for (label, count) in all {
            if let Some(place) = counts.entry(label).or_default().get_mut(side) {
                *place = count;
            }
        }
    }
    counts.into_iter().map(|(label, counts)| Row { label, counts }).collect()
}

fn moves(outcome: &Outcome, definitions: &Definitions, l: Locale) -> BTreeMap<String, i64> {
    let mut told = BTreeMap::new();
    for (module, moves) in &outcome.moves {
        let process = definitions.process(module);
        let state = |name: &str| {
            let state = process.and_then(|process| process.state(name));
            state.map_or_else(|| name.to_owned(), |state| state.label.or(l, name).to_owned())
        };
        let called = definitions.module(module).map_or(module.as_str(), |module| module.label.get(l)).to_owned();
        for moved in moves {
            let way = [
                ("module", called.clone().into()),
                ("from", state(&moved.from).into()),
                ("to", state(&moved.to).into()),
            ];
            *told.entry(l.say_with("rehearsal-moved", &way)).or_default() += moved.count;
        }
    }
    told
}

fn by_template(outcome: &Outcome, definitions: &Definitions, l: Locale) -> BTreeMap<String, i64> {
    let mut told = BTreeMap::new();
    for (template, count) in &outcome.letters {
        let called = definitions.letter(template).map_or(template.as_str(), |letter| letter.label.or(l, template));
        let label = if template.is_empty() {
            l.say("rehearsal-letters-free")
        } else {
            l.say_with("rehearsal-letter", &[("letter", called.to_owned().into())])
        };
        *told.entry(label).or_default() += count;
    }
    told
}

fn rules(outcome: &Outcome, definitions: &Definitions, l: Locale) -> BTreeMap<String, i64> {
    let mut told = BTreeMap::new();
    for (name, ran) in &outcome.rules {
        let called = definitions.rule(name).map_or_else(|| name.clone(), |rule| rule.label.or(l, name).to_owned());
        let Ran { done, failed, cut, held } = *ran;
        let ends = [
            ("rehearsal-rule-done", done),
            ("rehearsal-rule-failed", failed),
            ("rehearsal-rule-cut", cut),
            ("rehearsal-rule-held", held),
        ];
        for (key, count) in ends.into_iter().filter(|(_, count)| *count != 0) {
            told.insert(l.say_with(key, &[("rule", called.clone().into())]), count);
        }
    }
    told
}

fn letters(outcome: &Outcome, zone: &TimeZone, l: Locale) -> Markup {
    html! {
        @if !outcome.first_letters.is_empty() {
            details {
                summary.link { (l.say("rehearsal-letters")) }
                @for letter in &outcome.first_letters {
                    details {
                        summary.link { (l10n::date_time(l, letter.at, zone)) " · " (letter.to) " · " b { (letter.subject) } }
                        pre.letter-text { (letter.text) }
                    }
                }
            }
        }
    }
}
