//! Records in flight brought after a changed process, turn by turn.

use serde_json::from_value;
use store::shape::{Follow, Following};
use store::{Error, Job, Result, Work};

use crate::App;

/// Records of one turn …
const TURN: usize = 500;
/// … and where a typed service does the work under its locks.
const SERVICE_TURN: usize = 50;
/// Records of which the log is asked since when they stand where they stand.
const STAY_TURN: usize = 100;

impl App {
    /// One turn; the next one is put on the queue.
    pub(crate) fn follow(&self, work: &mut Work<'_>, job: &Job) -> Result<()> {
        let unreadable = |error: serde_json::Error| Error::conflict("unknown_job", error.to_string());
        let mut following: Following = from_value(job.payload.clone()).map_err(unreadable)?;
        let (follow, cursor) = (following.follow.clone(), following.cursor.take());
        let next = work.follow_turn(&mut following, |work| match &follow {
            Follow::Move { module, from, to } => work.move_on(module, from.as_deref(), to, cursor, TURN),
            Follow::Timer { module, timer } if module == "orders" => {
                self.ticketing().retime(work, timer, cursor, SERVICE_TURN)
            }
            Follow::Timer { .. } => Ok(None),
            Follow::Stay { rule, .. } => work.count_anew(rule, cursor, STAY_TURN),
        })?;
        if next.is_some() {
            following.cursor = next;
            work.go_on_following(&following)?;
        }
        Ok(())
    }
}
