//! Rehearsing time: a sandbox's clock is moved forward and everything that falls due on the way happens in order. A change of
//! processes or rules is rehearsed so in a copy of the workspace.

mod copies;
mod outcome;

pub use copies::{LINES, Rehearsal, Size};
pub use outcome::{Failure, Letter, Outcome, Ran};

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use model::Actor;
use model::rights::Capability;
use store::shape::INDEX_JOB;
use store::{Error, Kinds, MAIL_JOB, Result, Work};

use crate::App;
use crate::jobs::{Begun, Done};

/// What a move of the clock did.
#[derive(Clone, Debug)]
pub struct Moved {
    /// What the clock reads now.
    pub now: Timestamp,
    /// What fell due, in order.
    pub done: Vec<Done>,
}

/// How far.
#[derive(Clone, Copy, Debug)]
pub enum Move {
    /// By a length of time.
    Advance(Span),
    /// To a moment.
    To(Timestamp),
}

/// How far the clock of a sandbox is moved in one go, in years.
const FARTHEST: i16 = 20;

impl Move {
    /// What it is called in a request.
    fn name(self) -> &'static str {
        match self {
            Self::Advance(_) => "advance",
            Self::To(_) => "to",
        }
    }
}

impl App {
    /// Whether this is a copy of a workspace, in which a change is rehearsed.
    pub(crate) fn is_copy(&self) -> bool {
        self.0.is_copy.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Whether `actor` may rehearse here.
    ///
    /// # Errors
    /// [`Error::Forbidden`] outside a sandbox and without the right.
    pub fn check_rehearsal(&self, actor: &Actor) -> Result<()> {
        let knowledge = self.workspace().knowledge();
        if !knowledge.settings.sandbox {
            return Err(Error::forbidden(
                "not_a_sandbox",
                "only the clock of a sandbox can be moved, and only its outbox read",
            ));
        }
        if !actor.can(&knowledge.definitions, Capability::Rehearse) {
            return Err(Error::forbidden("missing_right", "your roles do not include rehearsing"));
        }
        Ok(())
    }

    /// Moves the clock forward; answers when everything that fell due is done.
    ///
    /// # Errors
    /// As [`App::check_rehearsal`]; [`Error::Invalid`] for a moment in the past.
    pub async fn move_clock(&self, actor: &Actor, by: Move) -> Result<Moved> {
        self.check_rehearsal(actor)?;
        // What follows is done by the product itself, not by whoever asks for it.
        if actor.only_looks() {
            return Err(Error::only_looking());
        }
        let workspace = self.workspace();
        let mut begun = self.0.runner.lock().await;
        let zone = workspace.knowledge().settings.zone();
        let now = workspace.clock().now();
        let target = match by {
            Move::To(instant) => Some(instant),
            Move::Advance(span) => now.to_zoned(zone).checked_add(span).ok().map(|moved| moved.timestamp()),
        };
        let target = target.filter(|target| *target >= now).ok_or_else(|| {
            Error::field("to", "out_of_range", "the clock moves forward only, and not past the year 9999")
        })?;
        let farthest = now.to_zoned(TimeZone::UTC).checked_add(Span::new().years(FARTHEST));
        if farthest.is_ok_and(|farthest| target > farthest.timestamp()) {
            let message = format!("the clock is moved {FARTHEST} years ahead at most in one go");
            return Err(Error::field(by.name(), "clock_too_far", message));
        }
        let (done, _) = self.go_on_to(target, usize::MAX, &mut begun).await?;
        Ok(Moved { now: workspace.clock().now(), done })
    }

    /// Runs what falls due until `target`, in order, and answers whether that was all of it: it stops once some `most` jobs have
    /// run. Whoever calls has the turn of the runner.
    async fn go_on_to(&self, target: Timestamp, most: usize, begun: &mut Vec<Begun>) -> Result<(Vec<Done>, bool)> {
        let workspace = self.workspace();
        // Indexes are built beside everything else, and letters come from outside: both wait for nobody's clock.
        let next = |work: &mut Work<'_>| work.next_due_of(Kinds::Except(&[INDEX_JOB, MAIL_JOB]));
        let mut done = self.run_due_in_turn(begun).await?;
        while let Some(due) = workspace.read(Actor::System("rehearsal"), next).await?.filter(|due| *due <= target) {
            if done.len() >= most {
                return Ok((done, false));
            }
            self.set_clock(due).await?;
            let ran = self.run_due_in_turn(begun).await?;
            if ran.is_empty() && workspace.clock().now() >= due {
                // Another node holds it: it is theirs to run.
                break;
            }
            done.extend(ran);
        }
        self.set_clock(target).await?;
        done.extend(self.run_due_in_turn(begun).await?);
        Ok((done, true))
    }

    async fn set_clock(&self, instant: Timestamp) -> Result<()> {
        let workspace = self.workspace().clone();
        tokio::task::spawn_blocking(move || workspace.move_clock(instant))
            .await
            .map_err(|error| Error::conflict("interrupted", error.to_string()))?
    }
}
