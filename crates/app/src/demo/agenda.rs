//! What will happen when.

use std::collections::BTreeMap;

use jiff::Timestamp;
use store::Result;

use super::stage::Stage;

/// One thing that happens at its moment; it may put more on the agenda.
pub(super) type Step = Box<dyn FnOnce(&mut Stage<'_>, Timestamp) -> Result<()>>;

/// Steps in the order of their moments; those of one moment in the order in which they were planned.
#[derive(Default)]
pub(super) struct Agenda {
    steps: BTreeMap<(Timestamp, u64), Step>,
    planned: u64,
}

impl Agenda {
    pub(super) fn add(&mut self, at: Timestamp, step: Step) {
        self.planned += 1;
        self.steps.insert((at, self.planned), step);
    }

    pub(super) fn next(&mut self) -> Option<(Timestamp, Step)> {
        self.steps.pop_first().map(|((at, _), step)| (at, step))
    }
}
