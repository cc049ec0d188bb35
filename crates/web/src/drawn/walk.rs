//! The way of one record: in which states it stood, since when and how long.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::process::Process;
use model::{Id, Locale, Module, l10n};
use store::{Result, Work};

use super::graph::{Fact, Mark};
use super::numbers::length;
use crate::ui::Words;

/// Changes of state that are read; of a record with more the latest.
const READ: usize = 200;

/// One stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Empty where it stood in none.
    pub(crate) state: String,
    pub(crate) since: Timestamp,
    /// When it went on; nothing where it stands there now.
    pub(crate) until: Option<Timestamp>,
}

/// The stays of a record, oldest first.
#[derive(Clone, Debug)]
pub(crate) struct Walk {
    pub(crate) steps: Vec<Step>,
    /// Whether there were more before.
    pub(crate) is_cut: bool,
    now: Timestamp,
    zone: TimeZone,
}

impl Walk {
    /// Reads it from the log.
    pub(crate) fn read(work: &mut Work<'_>, process: &Process, module: &Module, id: Id) -> Result<Self> {
        let mut changes = work.field_history(module, id, Some(&process.field), None, READ + 1)?;
        let is_cut = changes.len() > READ;
        changes.truncate(READ);
        changes.reverse();
        let mut steps: Vec<Step> = Vec::new();
        for change in &changes {
            let Some(field) = change.fields.first() else { continue };
            if let Some(last) = steps.last_mut() {
                last.until = Some(change.at);
            }
            let state = field.after.as_str().unwrap_or_default().to_owned();
            steps.push(Step { state, since: change.at, until: None });
        }
        Ok(Self { steps, is_cut, now: work.now(), zone: work.settings().zone() })
    }

    /// A way that was made up.
    #[cfg(test)]
    pub(super) fn of_steps(states: &[(&str, Timestamp)], now: Timestamp) -> Self {
        let untils = states.iter().skip(1).map(|(_, at)| Some(*at)).chain([None]);
        let step = |((state, since), until): (&(&str, Timestamp), _)| Step {
            state: (*state).to_owned(),
            since: *since,
            until,
        };
        Self { steps: states.iter().zip(untils).map(step).collect(), is_cut: false, now, zone: TimeZone::UTC }
    }

    /// How long a stay lasted, or has lasted until now, in seconds.
    pub(crate) fn lasted(&self, step: &Step) -> i64 {
        step.until.unwrap_or(self.now).duration_since(step.since).as_secs().max(0)
    }

    /// Whether it went from one state right into the other.
    pub(super) fn went(&self, from: &str, to: &str) -> bool {
        self.steps.windows(2).any(|pair| matches!(pair, [one, next] if one.state == from && next.state == to))
    }

    /// What is to be said of a state: which steps led there, since when, how long in all.
    pub(super) fn of_state(&self, l: Locale, state: &str) -> (Vec<Fact>, Mark) {
        let stays: Vec<(usize, &Step)> = (1..).zip(&self.steps).filter(|(_, step)| step.state == state).collect();
        let Some((_, last)) = stays.last() else { return (Vec::new(), Mark::Unseen) };
        let numbers: Vec<String> = stays.iter().map(|(number, _)| number.to_string()).collect();
        let seconds = stays.iter().map(|(_, step)| self.lasted(step)).sum();
        let day = |at: Timestamp| self.zone.to_datetime(at).date();
        let since = l10n::day(l, day(last.since), day(self.now));
        let steps = [("count", stays.len().into()), ("numbers", numbers.join(", ").into())];
        let texts = [
            l.say_with("drawn-steps", &steps),
            l.say_with("drawn-since", &[("day", since.into())]),
            l.say_with("drawn-lasted", &[("length", length(l, seconds).into())]),
        ];
        let facts = texts.into_iter().map(|text| Fact { text, is_timer: false }).collect();
        (facts, if last.until.is_none() { Mark::Here } else { Mark::Gone })
    }
}
