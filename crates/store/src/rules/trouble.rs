//! Rules that need somebody: administrators are told once, and not of each run.

use jiff::Timestamp;
use model::Id;

use super::RunState;
use crate::db::Sql;
use crate::error::Result;
use crate::webhooks::{Webhook, WebhookState};
use crate::work::Work;

/// Why nothing comes of a run that nobody has to see to.
const MEANT_NO_MORE: [&str; 3] = ["condition", "cause_gone", "off_meanwhile"];

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
        let failed = self.last_run(rule, cause, RunState::Failed)?.max(self.last_run(rule, cause, RunState::Cut)?);
        let fails_already = failed > self.last_run(rule, cause, RunState::Done)?;
        if fails_already { Ok(()) } else { self.tell_of_trouble(rule, about, state) }
    }

    /// When the last run of a rule for another cause ended so that somebody cares. What one turn runs ends at one moment, and is
    /// told apart by its id.
    fn last_run(&mut self, rule: &str, cause: &str, state: RunState) -> Result<Option<(Timestamp, Id)>> {
        let sql = Sql::new("select ended_at, id from _rule_runs where rule = ").bind(rule).push(" and state = ");
        let mut sql = sql.bind(state.name()).push(" and cause <> ").bind(cause);
        for code in MEANT_NO_MORE {
            sql = sql.push(" and coalesce(reason, '') not like ").bind(format!("{{\"code\":\"{code}\"%"));
        }
        self.last(sql)
    }

    /// Tells administrators of a webhook that was given up, where the last of its rule before it was not: its run was done long
    /// ago, as far as runs go.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn tell_of_webhook(&mut self, webhook: &Webhook) -> Result<()> {
        let failed = self.last_webhook(webhook, WebhookState::Failed)?;
        if failed > self.last_webhook(webhook, WebhookState::Sent)? {
            return Ok(());
        }
        self.tell_of_trouble(webhook.rule.as_str(), (webhook.module.as_str(), webhook.record), RunState::Failed)
    }

    /// When the last other webhook of its rule ended so.
    fn last_webhook(&mut self, webhook: &Webhook, state: WebhookState) -> Result<Option<(Timestamp, Id)>> {
        let sql = Sql::new("select ended_at, id from _webhooks where rule = ").bind(webhook.rule.as_str());
        let sql = sql.push(" and ended_at is not null and state = ").bind(state.name());
        self.last(sql.push(" and id <> ").bind(webhook.id.0))
    }

    fn last(&mut self, sql: Sql) -> Result<Option<(Timestamp, Id)>> {
        let rows = self.rows(&sql.push(" order by ended_at desc, id desc limit 1"))?;
        rows.first().map(|row| Ok((row.instant(0)?, Id(row.uuid(1)?)))).transpose()
    }
}
