//! Rules as the store knows them: what is written sets them off, what they did is kept, whose turn it is is locked.
//!
//! A rule is set off in the transaction of the change: where its trigger fits, a job is put on the queue, and nothing else
//! happens there. The job judges the condition and acts in a transaction of its own.

mod causes;
mod dates;
mod judge;
mod reason;
mod rouse;
mod runs;
mod states;
mod stays;
mod trouble;
mod turns;

pub use causes::RuleCause;
pub use dates::{Moments, Window, is_moment_still};
pub use reason::RuleReason;
pub(crate) use rouse::SILENT;
pub use runs::{RuleRun, RunState};
pub use states::{RuleCounts, RuleState};
pub use stays::Turn;

/// The kind of the job that runs a rule once; its payload is `{"rule", "record", "version", "trail"}`, with `moment`
/// for what a date or a schedule set off, with `stay`, the how-manieth time, after a while in a state, with `step` where it goes on behind an action that waits, with
/// `once_more` where somebody wants it once more.
pub const RULE_JOB: &str = "rules.run";

/// The kind of the job that looks whose moment has come; its payload is `{"rule", "of"}`, with
/// what of the rule it was worked out by, and `rest` where it is in the midst of a window.
pub const RULE_DATES_JOB: &str = "rules.dates";

/// The kind of the job that tries the next runs of a rule again; its payload is `{"rule", "state", "after"}`, where `state` is how
/// they ended: held where nothing is said.
pub const RULE_RESUME_JOB: &str = "rules.resume";
