//! Jobs that are noted as begun before they run, so that it is known of one that kills the program how often it did.

use jiff::Timestamp;
use model::Id;
use store::{Job, Kinds, RULE_JOB, Result, Work};

/// Runs of rules that one transaction has at most.
pub(super) const TOGETHER: usize = 64;

/// A job that is noted as begun.
#[derive(Clone, Debug)]
pub(crate) struct Begun(Id, Timestamp);

impl Begun {
    fn of(job: &Job) -> Self {
        Self(job.id, job.due_at)
    }

    fn is(&self, job: &Job) -> bool {
        (self.0, self.1) == (job.id, job.due_at)
    }
}

/// How many of the jobs that are next may run now: those that are begun, and of those rules together.
pub(super) fn ready(jobs: &[Job], begun: &[Begun]) -> usize {
    let is_begun = |job: &&Job| begun.iter().any(|begun| begun.is(job));
    let rules = jobs.iter().take_while(|job| job.kind == RULE_JOB && is_begun(job)).count();
    if rules > 0 { rules } else { jobs.first().filter(is_begun).map_or(0, |_| 1) }
}

/// Begins the jobs that are next and not begun yet; answers all that are. What somebody began and did not end runs by itself:
/// of several that were begun together only one may be what ends the program.
pub(super) fn begin_next(work: &mut Work<'_>, kinds: Kinds<'_>, begun: &[Begun]) -> Result<Vec<Begun>> {
    let mut next = work.foreseen_jobs(kinds, work.now(), TOGETHER)?;
    let is_new = |job: &Job| !begun.iter().any(|begun| begun.is(job));
    let is_suspect = |job: &Job| job.starts > 0 && is_new(job);
    let rules = next.iter().take_while(|job| job.kind == RULE_JOB && !is_suspect(job)).count();
    next.truncate(rules.max(1));
    let fresh: Vec<Job> = next.iter().filter(|job| is_new(job)).cloned().collect();
    work.begin_jobs(&fresh)?;
    Ok(next.iter().map(Begun::of).collect())
}
