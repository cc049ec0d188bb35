//! What is kept for a while and then forgotten: calls from outside, and what rules did. A job looks once a day.

use std::sync::atomic::Ordering;

use jiff::{SignedDuration, Timestamp};
use model::expr::Plan;
use model::rule::CALLS;
use model::{Actor, Id, Value};
use serde_json::json;
use store::{List, Origin, RULE_JOB, Result, Sort, Work};

use crate::App;
use crate::jobs::Done;

/// The job that looks; it is its own key.
pub(crate) const FORGET_JOB: &str = "logs.forget";
/// Days for which runs of rules are kept where the organisation says nothing …
const RUNS_KEPT: i64 = 180;
/// … and calls from outside.
const CALLS_KEPT: i64 = 90;
/// Runs that are forgotten in one turn …
const RUNS_AT_ONCE: usize = 1_000;
/// … and calls.
const CALLS_AT_ONCE: usize = 50;

impl App {
    /// Sees to it that somebody looks, as soon as rules have run.
    pub(crate) async fn begin_to_forget(&self, done: &[Done]) -> Result<()> {
        let is_begun = self.0.forgets.load(Ordering::Relaxed);
        if is_begun || done.iter().all(|done| done.kind != RULE_JOB) {
            return Ok(());
        }
        let begin = |work: &mut Work<'_>| if work.is_queued(FORGET_JOB)? { Ok(()) } else { look_again(work, 1) };
        self.workspace().write(Actor::System("jobs"), Origin::from("job"), begin).await?;
        self.0.forgets.store(true, Ordering::Relaxed);
        Ok(())
    }
}

/// Forgets what is old enough, some at a time. The job is off the queue already.
pub(crate) fn forget(work: &mut Work<'_>) -> Result<()> {
    let settings = work.settings();
    let (runs, calls) = (settings.rule_runs_kept.unwrap_or(RUNS_KEPT), settings.calls_kept.unwrap_or(CALLS_KEPT));
    let old = days_ago(work, runs);
    let runs = work.forget_rule_runs(old, RUNS_AT_ONCE)?;
    let calls = old_calls(work, calls)?;
    let calls = work.forget_records(CALLS, &calls)?;
    // What could not be forgotten is tried tomorrow, and not without end.
    let is_more = runs == RUNS_AT_ONCE || calls == CALLS_AT_ONCE;
    look_again(work, i64::from(!is_more))
}

fn old_calls(work: &mut Work<'_>, days: i64) -> Result<Vec<Id>> {
    let Ok(module) = work.module(CALLS) else { return Ok(Vec::new()) };
    let old = Plan::field(&module, "created_at").and_then(|at| at.less(Value::Instant(days_ago(work, days))));
    let filter = old.map_err(|error| store::Error::bad_query(error.code.as_str(), error.message))?;
    let sort = vec![Sort { field: "id".to_owned(), descending: false }];
    let mut calls = Vec::new();
    for deleted in [false, true] {
        let (filter, limit) = (Some(filter.clone()), CALLS_AT_ONCE - calls.len());
        if limit > 0 {
            let list = List { filter, sort: sort.clone(), limit, deleted, ..List::default() };
            calls.extend(work.as_process(|work| work.list(CALLS, &list))?.records.iter().map(|call| call.id));
        }
    }
    Ok(calls)
}

fn days_ago(work: &Work<'_>, days: i64) -> Timestamp {
    work.now().saturating_sub(SignedDuration::from_hours(days.saturating_mul(24))).unwrap_or(Timestamp::MIN)
}

fn look_again(work: &mut Work<'_>, days: i64) -> Result<()> {
    let at = work.now().saturating_add(SignedDuration::from_hours(days * 24)).unwrap_or(Timestamp::MAX);
    work.enqueue(FORGET_JOB, Some(FORGET_JOB), at, json!({}))
}
