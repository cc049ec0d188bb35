//! What rules did: one row for each cause of each rule.

use jiff::{SignedDuration, Timestamp};
use model::Id;
use serde_json::json;

use crate::db::{Row, Sql};
use crate::error::{Error, Result};
use crate::params;
use crate::work::Work;

use super::{RuleCause, RuleReason};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// Everything was done.
    Done,
    /// Nothing was done: something was refused or did not fit.
    Failed,
    /// Nothing was done: rules had set each other off too often.
    Cut,
    /// Nothing was done yet: the rule has used up its budget and waits for somebody to let it go on.
    Held,
    /// The rest of a run, which comes later: its reason is the moment.
    Waiting,
    /// The rest of a run, for which somebody is asked.
    Asked,
    /// The rest of a run, which somebody refused.
    Refused,
}

impl RunState {
    /// Its name, as it is kept and as the API says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cut => "cut",
            Self::Held => "held",
            Self::Waiting => "waiting",
            Self::Asked => "asked",
            Self::Refused => "refused",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let all = [Self::Done, Self::Failed, Self::Cut, Self::Held, Self::Waiting, Self::Asked, Self::Refused];
        all.into_iter().find(|state| state.name() == name)
    }
}

/// A run of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleRun {
    /// Its id.
    pub id: Id,
    /// The rule.
    pub rule: String,
    /// Module of the record that set it off, as it was called then.
    pub module: String,
    /// The record.
    pub record: Id,
    /// The version that the change made.
    pub version: i64,
    /// What it ran for: no rule runs twice for one cause.
    pub cause: String,
    /// The change set that set it off; nothing where a date did.
    pub caused_by: Option<Id>,
    /// How it ended.
    pub state: RunState,
    /// Why, where it was not done.
    pub reason: Option<RuleReason>,
    /// The rules that set it off, each set off by the one before.
    pub trail: Vec<String>,
    /// The change set that it made, where it changed records.
    pub made: Option<Id>,
    /// How often it was tried.
    pub attempts: i64,
    /// Letters that it put on their way.
    pub letters: i64,
    /// When it was first set off.
    pub begun_at: Timestamp,
    /// When it was last tried.
    pub ended_at: Timestamp,
}

const COLUMNS: &str = "select id, rule, module, record, version, cause, caused_by, state, reason, trail, made, attempts, \
     begun_at, ended_at, letters from _rule_runs ";

impl RuleRun {
    fn read(row: &Row) -> Result<Self> {
        let state = row.text(7)?;
        let state = RunState::parse(&state);
        Ok(Self {
            id: Id(row.uuid(0)?),
            rule: row.text(1)?,
            module: row.text(2)?,
            record: Id(row.uuid(3)?),
            version: row.int(4)?,
            cause: row.text(5)?,
            caused_by: row.opt_uuid(6)?.map(Id),
            state: state.ok_or_else(|| Error::conflict("unknown_state", "a run of a rule has no known state"))?,
            reason: row.opt_text(8)?.as_deref().map(RuleReason::read),
            trail: serde_json::from_value(row.json(9)?).unwrap_or_default(),
            made: row.opt_uuid(10)?.map(Id),
            attempts: row.int(11)?,
            begun_at: row.instant(12)?,
            ended_at: row.instant(13)?,
            letters: row.int(14)?,
        })
    }
}

impl Work<'_> {
    /// Keeps how a run ended: new, or another try of the one for the same cause.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_rule_run(&mut self, run: &RuleRun) -> Result<()> {
        let reason = run.reason.as_ref().map(RuleReason::kept);
        self.run(
            "insert into _rule_runs (id, rule, module, record, version, cause, caused_by, state, reason, trail, made, \
             attempts, begun_at, ended_at, letters) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13, $14) \
             on conflict (rule, cause) do update set state = excluded.state, reason = excluded.reason, \
             made = excluded.made, ended_at = excluded.ended_at, letters = excluded.letters, attempts = _rule_runs.attempts + \
             case when _rule_runs.state in ('waiting', 'asked') then 0 else 1 end",
            params![
                run.id.0,
                run.rule.as_str(),
                run.module.as_str(),
                run.record.0,
                run.version,
                run.cause.as_str(),
                run.caused_by.map(|id| id.0),
                run.state.name(),
                reason,
                json!(run.trail),
                run.made.map(|id| id.0),
                run.begun_at,
                run.ended_at,
                run.letters
            ],
        )?;
        Ok(())
    }

    /// Forgets up to `most` runs that came to their end before a moment, and the webhooks they sent; answers how many. Those that failed, that were cut or
    /// that wait for somebody stay until somebody has seen to them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget_rule_runs(&mut self, before: Timestamp, most: usize) -> Result<usize> {
        let old = Sql::new("select id from _rule_runs where state in ").bind_list(["done", "refused"]);
        let old = old.push(" and ended_at < ").bind(before).push(" order by id").limit(most);
        let gone: Vec<_> = self.rows(&old)?.iter().map(|row| row.uuid(0)).collect::<std::result::Result<_, _>>()?;
        if gone.is_empty() {
            return Ok(0);
        }
        let count = gone.len();
        let sent = Sql::new("delete from _webhooks where state <> 'waiting' and (rule, cause) in ");
        let sent = sent.push("(select rule, cause from _rule_runs where id in ").bind_list(gone.clone()).push(")");
        self.tx.execute(&sent)?;
        self.tx.execute(&Sql::new("delete from _rule_runs where id in ").bind_list(gone))?;
        Ok(count)
    }

    /// The run of a rule for a cause.
    ///
    /// # Errors
    /// When the database fails.
    pub fn rule_run(&mut self, rule: &str, cause: &str) -> Result<Option<RuleRun>> {
        let sql = Sql::new(COLUMNS).push("where rule = ").bind(rule).push(" and cause = ").bind(cause);
        self.rows(&sql)?.first().map(RuleRun::read).transpose()
    }

    /// A run of a rule.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn rule_run_of(&mut self, rule: &str, id: Id) -> Result<RuleRun> {
        let sql = Sql::new(COLUMNS).push("where rule = ").bind(rule).push(" and id = ").bind(id.0);
        let run = self.rows(&sql)?.first().map(RuleRun::read).transpose()?;
        run.ok_or_else(|| Error::not_found("runs", id))
    }

    /// Up to `limit` runs of these rules for which somebody is asked, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn rule_runs_asked(&mut self, rules: &[&str], limit: usize) -> Result<Vec<RuleRun>> {
        if rules.is_empty() {
            return Ok(Vec::new());
        }
        let sql = Sql::new(COLUMNS).push("where state = ").bind(RunState::Asked.name()).push(" and rule in ");
        let sql = sql.bind_list(rules.iter().copied()).push(" order by id").limit(limit);
        self.rows(&sql)?.iter().map(RuleRun::read).collect()
    }

    /// Up to `limit` runs of a rule, newest first, before the run `before`; with `state` only those that ended so.
    ///
    /// # Errors
    /// When the database fails.
    pub fn rule_runs(
        &mut self,
        rule: &str,
        state: Option<RunState>,
        before: Option<Id>,
        limit: usize,
    ) -> Result<Vec<RuleRun>> {
        let mut sql = Sql::new(COLUMNS).push("where rule = ").bind(rule);
        if let Some(state) = state {
            sql = sql.push(" and state = ").bind(state.name());
        }
        if let Some(before) = before {
            sql = sql.push(" and id < ").bind(before.0);
        }
        let sql = sql.push(" order by id desc").limit(limit);
        self.rows(&sql)?.iter().map(RuleRun::read).collect()
    }

    /// Up to `limit` runs of a rule that ended in a state, oldest first: those that are tried again. With `only` one of them,
    /// with `after` those that come after it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn rule_runs_to_retry(
        &mut self,
        rule: &str,
        state: RunState,
        (only, after): (Option<Id>, Option<Id>),
        limit: usize,
    ) -> Result<Vec<RuleRun>> {
        let sql = Sql::new(COLUMNS).push("where rule = ").bind(rule).push(" and state = ").bind(state.name());
        let sql = match only {
            Some(only) => sql.push(" and id = ").bind(only.0),
            None => sql,
        };
        let sql = match after {
            Some(after) => sql.push(" and id > ").bind(after.0),
            None => sql,
        };
        let sql = sql.push(" order by id").limit(limit);
        self.rows(&sql)?.iter().map(RuleRun::read).collect()
    }

    /// How often a rule has run since a moment, `most` at most.
    ///
    /// # Errors
    /// When the database fails.
    pub fn rule_runs_since(&mut self, rule: &str, since: Timestamp, most: u32) -> Result<i64> {
        let sql =
            Sql::new("select count(*) from (select 1 from _rule_runs where state = 'done' and rule = ").bind(rule);
        let sql = sql.push(" and ended_at > ").bind(since).limit(most).push(") ran");
        Ok(self.rows(&sql)?.first().map(|row| row.int(0)).transpose()?.unwrap_or(0))
    }

    /// How many letters a rule has put on their way since a moment; it is counted until there are `most`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn rule_letters_since(&mut self, rule: &str, since: Timestamp, most: u32) -> Result<i64> {
        // Those that sent none are not in the index, and each of the others sent one at least.
        let sql = Sql::new("select letters from _rule_runs where letters > 0 and rule = ").bind(rule);
        let rows = self.rows(&sql.push(" and ended_at > ").bind(since).limit(most))?;
        let letters = rows.iter().map(|row| row.int(0)).collect::<std::result::Result<Vec<_>, _>>()?;
        Ok(letters.iter().sum())
    }

    /// Puts on the queue that the runs after one which ended in the same state are tried again as well, after a while.
    ///
    /// # Errors
    /// When the database fails.
    pub fn retry_rule_runs_later(
        &mut self,
        rule: &str,
        state: RunState,
        after: Id,
        wait: SignedDuration,
    ) -> Result<()> {
        let (at, state) = (self.now().checked_add(wait).unwrap_or(Timestamp::MAX), state.name());
        let key = format!("{}:{state}:{rule}", super::RULE_RESUME_JOB);
        self.enqueue(super::RULE_RESUME_JOB, Some(&key), at, json!({"rule": rule, "state": state, "after": after}))
    }

    /// Puts a run on the queue again.
    ///
    /// # Errors
    /// When the database fails.
    pub fn retry_rule_run(&mut self, run: &RuleRun) -> Result<()> {
        let now = self.now();
        self.queue_rule_run(run, &RuleCause::read(&run.cause), (now, None))
    }

    /// Puts a run on the queue for a moment: one that is tried again, that goes on, with who has agreed to it, or that somebody
    /// wants once more.
    ///
    /// # Errors
    /// When the database fails.
    pub fn queue_rule_run(
        &mut self,
        run: &RuleRun,
        cause: &RuleCause,
        (at, approved_by): (Timestamp, Option<&str>),
    ) -> Result<()> {
        let payload = json!({
            "rule": run.rule, "record": run.record, "version": run.version, "trail": run.trail,
            "moment": cause.moment, "stay": cause.stay, "once_more": cause.once_more, "step": cause.step, "again": true,
            "approved_by": approved_by,
        });
        let key = format!("{}:{}:{}", super::RULE_JOB, run.rule, cause.name());
        self.enqueue(super::RULE_JOB, Some(&key), at, payload)
    }

    /// How often a run was wanted once more by somebody, which is numbered from 1.
    ///
    /// # Errors
    /// When the database fails.
    pub fn rule_runs_once_more(&mut self, rule: &str, cause: &RuleCause) -> Result<i64> {
        let first = RuleCause { once_more: None, step: None, ..cause.clone() }.name();
        let sql = Sql::new("select cause from _rule_runs where rule = ").bind(rule);
        // Nothing in a cause stands for anything else here.
        let sql = sql.push(" and cause like ").bind(format!("{first}#%"));
        let known = self.rows(&sql)?;
        let numbers = known.iter().filter_map(|row| RuleCause::read(&row.text(0).ok()?).once_more);
        Ok(numbers.max().unwrap_or_default())
    }
}
