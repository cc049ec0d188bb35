//! What a rule did, newest first, page by page.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Id, Locale, l10n};
use store::{Result, RuleCounts, RuleRun, RunState, Work};

use super::why;
use crate::ui::Words;

/// Runs of a page.
const LIMIT: usize = 50;

/// A page of runs with what their records are called.
pub(super) struct Log {
    runs: Vec<RuleRun>,
    titles: BTreeMap<Id, String>,
    state: Option<RunState>,
    next: Option<Id>,
}

impl Log {
    pub(super) fn read(work: &mut Work<'_>, rule: &str, state: Option<RunState>, before: Option<Id>) -> Result<Self> {
        let mut runs = work.rule_runs(rule, state, before, LIMIT + 1)?;
        let is_more = runs.len() > LIMIT;
        runs.truncate(LIMIT);
        let next = runs.last().filter(|_| is_more).map(|run| run.id);
        let mut records: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
        for run in &runs {
            records.entry(&run.module).or_default().insert(run.record);
        }
        let mut titles = BTreeMap::new();
        for (module, ids) in records {
            if work.definitions().module(module).is_some() {
                titles.extend(work.titles(module, &ids)?);
            }
        }
        Ok(Self { runs, titles, state, next })
    }
}

pub(super) fn drawn(log: &Log, (at, active): (&str, bool), counts: RuleCounts, zone: &TimeZone, l: Locale) -> Markup {
    let states = [
        (
            None,
            "rule-runs-all",
            counts.done + counts.failed + counts.cut + counts.held + counts.waiting + counts.asked + counts.refused,
        ),
        (Some(RunState::Done), "rule-done", counts.done),
        (Some(RunState::Failed), "rule-failed", counts.failed),
        (Some(RunState::Cut), "rule-cut", counts.cut),
        (Some(RunState::Held), "rule-held", counts.held),
        (Some(RunState::Waiting), "rule-waiting", counts.waiting),
        (Some(RunState::Asked), "rule-asked", counts.asked),
        (Some(RunState::Refused), "rule-refused", counts.refused),
    ];
    let address =
        |state: Option<RunState>| state.map_or_else(|| at.to_owned(), |state| format!("{at}?state={}", state.name()));
    html! {
        nav.kinds aria-label=(l.say("rule-runs-kinds")) {
            @for (state, key, count) in states {
                a href=(format!("{}#runs", address(state))) aria-current=[(state == log.state).then_some("true")] { (l.say(key)) " " span.dim { (count) } }
            }
        }
        @if counts.failed > 0 {
            form method="post" action=(format!("{at}/rerun")) { button.btn { (l.say_with("rule-rerun", &[("count", counts.failed.into())])) } }
            p.help { (l.say("rule-rerun-help")) }
        }
        @if log.runs.is_empty() { p.faint { (l.say("rule-runs-none")) } }
        @else {
            div.scroll tabindex="0" role="region" aria-label=(l.say("rule-runs")) {
                table.plain.as-cards {
                    thead { tr { th { (l.say("rule-run-when")) } th { (l.say("rule-run-record")) } th { (l.say("rule-run-outcome")) } th { (l.say("rule-run-reason")) } th { (l.say("rule-run-made")) } th { span.visually-hidden { (l.say("rule-once-more")) } } } }
                    tbody { @for run in &log.runs { (row(run, log, (at, active), zone, l)) } }
                }
            }
            @if let Some(next) = log.next {
                @let here = address(log.state);
                p.older { a.btn.quiet.small href=(format!("{here}{}before={next}#runs", if here.contains('?') { '&' } else { '?' })) { (l.say("rule-runs-older")) } }
            }
        }
    }
}

fn row(run: &RuleRun, log: &Log, (at, active): (&str, bool), zone: &TimeZone, l: Locale) -> Markup {
    let (tone, key) = match run.state {
        RunState::Done => ("good", "rule-done"),
        RunState::Failed => ("bad", "rule-failed"),
        RunState::Cut => ("bad", "rule-cut"),
        RunState::Held => ("warn", "rule-held"),
        RunState::Waiting => ("cold", "rule-waiting"),
        RunState::Asked => ("warn", "rule-asked"),
        RunState::Refused => ("bad", "rule-refused"),
    };
    html! {
        tr {
            td { (l10n::date_time(l, run.ended_at, zone)) }
            td data-label=(l.say("rule-run-record")) {
                @match log.titles.get(&run.record) {
                    Some(title) => a.link href=(format!("/{}/{}", run.module, run.record)) { (title) },
                    None => span.faint { (l.say("rule-run-gone")) },
                }
            }
            td data-label=(l.say("rule-run-outcome")) { span class=(format!("tag {tone}")) { (l.say(key)) } @if run.attempts > 1 { " " span.dim { "×" (run.attempts) } } @if run.letters > 0 { " " span.dim { (l.say_with("rule-run-letters", &[("count", run.letters.into())])) } } }
            td data-label=[run.reason.as_ref().map(|_| l.say("rule-run-reason"))] { @if let Some(reason) = &run.reason { (why::drawn(reason, zone, l)) } }
            td { @if let Some(made) = run.made { a.link href=(format!("/undo/{made}/changes")) { (l.say("rule-run-changes")) } } }
            td { @if run.state == RunState::Done && active { a.link href=(format!("{at}/runs/{}", run.id)) { (l.say("rule-once-more")) } } }
        }
    }
}
