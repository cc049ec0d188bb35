//! Rules that need somebody: administrators are told once, and not of each run.

use model::Id;

use super::RunState;
use crate::db::Sql;
use crate::error::Result;
use crate::work::Work;

impl Work<'_> {
    /// Tells administrators that a rule has stopped, as it ran as often as it may; whoever asks has found that it went on before.
    ///
    /// # Errors
    /// When the database fails.
    pub fn tell_of_held_rule(&mut self, rule: &str, about: (&str, Id)) -> Result<()> {
        self.tell_of_trouble(rule, about, RunState::Held)
    }

    /// Tells administrators of a run that failed or was cut, and is not kept as such yet, where the one before it did not: what
    /// keeps failing is told once, until a run is done again.
    ///
    /// # Errors
    /// When the database fails.
    pub fn tell_of_failed_run(
        &mut self,
        (rule, cause): (&str, &str),
        about: (&str, Id),
        state: RunState,
    ) -> Result<()> {
        let failed =
            self.last_ended(rule, cause, RunState::Failed)?.max(self.last_ended(rule, cause, RunState::Cut)?);
        let fails_already = failed.is_some() && failed >= self.last_ended(rule, cause, RunState::Done)?;
        if fails_already { Ok(()) } else { self.tell_of_trouble(rule, about, state) }
    }

    /// When the last run of a rule for another cause ended so.
    fn last_ended(&mut self, rule: &str, cause: &str, state: RunState) -> Result<Option<jiff::Timestamp>> {
        let sql = Sql::new("select ended_at from _rule_runs where rule = ").bind(rule).push(" and state = ");
        let sql = sql.bind(state.name()).push(" and cause <> ").bind(cause).push(" order by ended_at desc limit 1");
        Ok(self.rows(&sql)?.first().map(|row| row.instant(0)).transpose()?)
    }
}
