//! Webhooks that rules send: put on the queue in the transaction of the rule's run, delivered outside of any, kept with how
//! it went. The secret that signs them is kept beside the settings and told once.

use jiff::{SignedDuration, Timestamp};
use model::Id;
use model::rights::Capability;
use model::rule::Action;
use serde_json::{Value as Json, json};

use crate::db::{Row, Sql};
use crate::error::{Error, Result};
use crate::knowledge;
use crate::params;
use crate::patience::wait_after;
use crate::rules::{RuleReason, RuleRun};
use crate::work::Work;

/// The kind of the job that delivers a webhook; its payload is `{"webhook"}`.
pub const WEBHOOK_JOB: &str = "webhooks.deliver";

/// The key under which the secret is kept.
const SECRET: &str = "webhook_secret";
/// How long a sender has; what is still under way after this was left by a sender that died.
const CLAIM: SignedDuration = SignedDuration::from_mins(2);
/// Characters of an answer that are kept.
const ANSWER: usize = 500;

/// How a webhook stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookState {
    /// It is on its way, or will be tried again.
    Waiting,
    /// It was taken.
    Sent,
    /// It was given up.
    Failed,
    /// It would have been sent, and the workspace is a sandbox.
    Sandbox,
}

impl WebhookState {
    /// Its name, as it is kept and as the API says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Sandbox => "sandbox",
        }
    }

    /// All of them.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Sent, Self::Failed, Self::Sandbox];

    /// By its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// A webhook of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Webhook {
    /// Its id, the same in every attempt.
    pub id: Id,
    /// The rule.
    pub rule: String,
    /// What the rule ran for.
    pub cause: String,
    /// Module of the record, as it was called then.
    pub module: String,
    /// The record.
    pub record: Id,
    /// Where it goes.
    pub url: String,
    /// What is sent.
    pub body: String,
    /// How it stands.
    pub state: WebhookState,
    /// How often it was tried.
    pub attempts: i64,
    /// What the other side said last.
    pub answer: Option<String>,
    /// When it was caused.
    pub created_at: Timestamp,
    /// When it was sent or given up.
    pub ended_at: Option<Timestamp>,
}

/// Which webhooks are looked at.
#[derive(Clone, Debug, Default)]
pub struct WebhooksAsked {
    /// Those of a rule.
    pub rule: Option<String>,
    /// Those that stand so.
    pub state: Option<WebhookState>,
    /// Older ones than this.
    pub before: Option<Id>,
    /// So many at most.
    pub limit: usize,
}

/// A webhook that is to be sent.
#[derive(Clone, Debug)]
pub struct NewWebhook<'a> {
    /// The rule.
    pub rule: &'a str,
    /// What it runs for.
    pub cause: &'a str,
    /// Which of the rule's actions it is.
    pub place: usize,
    /// The record that it is about.
    pub record: (&'a str, Id),
    /// Where it goes.
    pub url: &'a str,
}

const COLUMNS: &str = "select id, rule, cause, module, record, url, body, state, attempts, answer, created_at, ended_at \
     from _webhooks ";

impl Webhook {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: Id(row.uuid(0)?),
            rule: row.text(1)?,
            cause: row.text(2)?,
            module: row.text(3)?,
            record: Id(row.uuid(4)?),
            url: row.text(5)?,
            body: row.text(6)?,
            state: WebhookState::parse(&row.text(7)?).unwrap_or(WebhookState::Failed),
            attempts: row.int(8)?,
            answer: row.opt_text(9)?,
            created_at: row.instant(10)?,
            ended_at: row.opt_instant(11)?,
        })
    }
}

impl Work<'_> {
    /// Puts a webhook on the queue, whose body is made with its id; the same action of a run sends one, however often it
    /// is told.
    ///
    /// # Errors
    /// [`Error::Conflict`] `no_webhook_secret` where nothing could sign it.
    pub fn queue_webhook(&mut self, new: &NewWebhook<'_>, body: impl FnOnce(Id) -> Json) -> Result<()> {
        if self.webhook_secret()?.is_none() {
            let message = "webhooks are signed: an administrator makes their secret first, in the settings of rules";
            return Err(Error::conflict("no_webhook_secret", message));
        }
        let (id, now) = (self.new_id(), self.now());
        let (module, record) = new.record;
        let place = i64::try_from(new.place).unwrap_or(i64::MAX);
        let added = self.run(
            "insert into _webhooks (id, rule, cause, place, module, record, url, body, state, attempts, created_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 0, $9) on conflict (rule, cause, place) do nothing",
            params![
                id.0,
                new.rule,
                new.cause,
                place,
                module,
                record.0,
                new.url,
                body(id).to_string().replace('\0', ""),
                now
            ],
        )?;
        if added == 1 {
            self.webhook_due(id, now)?;
        }
        Ok(())
    }

    fn webhook_due(&mut self, id: Id, at: Timestamp) -> Result<()> {
        self.enqueue(WEBHOOK_JOB, Some(&format!("{WEBHOOK_JOB}:{id}")), at, json!({"webhook": id}))
    }

    /// Takes a webhook in order to send it; nothing where there is nothing to send any more. In a sandbox it counts as what
    /// would have been sent. Its job is off the queue already, in this transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub fn claim_webhook(&mut self, id: Id) -> Result<Option<Webhook>> {
        let now = self.now();
        if self.settings().sandbox {
            let sql = "update _webhooks set state = 'sandbox', ended_at = $1 where id = $2 and state = 'waiting'";
            self.run(sql, params![now, id.0])?;
            return Ok(None);
        }
        let sql = "update _webhooks set attempts = attempts + 1 where id = $1 and state = 'waiting'";
        if self.run(sql, params![id.0])? == 0 {
            return Ok(None);
        }
        self.webhook_due(id, now.checked_add(CLAIM).unwrap_or(Timestamp::MAX))?;
        let sql = Sql::new(COLUMNS).push("where id = ").bind(id.0);
        let webhook = self.rows(&sql)?.first().map(Webhook::read).transpose()?;
        let Some(webhook) = webhook else { return Ok(None) };
        // Its last attempt is behind it.
        if webhook.attempts > 1 && wait_after(webhook.attempts - 1).is_none() {
            self.give_webhook_up(&webhook, "every attempt to send it was interrupted")?;
            return Ok(None);
        }
        Ok(Some(webhook))
    }

    /// Notes that the other side has taken it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn webhook_sent(&mut self, webhook: &Webhook, answer: &str) -> Result<()> {
        let now = self.now();
        self.dequeue(&format!("{WEBHOOK_JOB}:{}", webhook.id))?;
        let sql = "update _webhooks set state = 'sent', answer = $1, ended_at = $2 where id = $3 and state <> 'sent'";
        self.run(sql, params![answer, now, webhook.id.0])?;
        Ok(())
    }

    /// Notes that it was not taken: it is tried again, or given up, which the log of the rule's runs tells.
    ///
    /// # Errors
    /// When the database fails.
    pub fn webhook_failed(&mut self, webhook: &Webhook, answer: &str, is_final: bool) -> Result<()> {
        let answer: String = answer.chars().filter(|character| *character != '\0').take(ANSWER).collect();
        let Some(wait) = wait_after(webhook.attempts).filter(|_| !is_final) else {
            return self.give_webhook_up(webhook, &answer);
        };
        let sql = "update _webhooks set answer = $1 where id = $2 and attempts = $3 and state = 'waiting'";
        if self.run(sql, params![answer, webhook.id.0, webhook.attempts])? == 1 {
            let at = self.now().checked_add(wait).unwrap_or(Timestamp::MAX);
            self.webhook_due(webhook.id, at)?;
        }
        Ok(())
    }

    fn give_webhook_up(&mut self, webhook: &Webhook, answer: &str) -> Result<()> {
        let now = self.now();
        let sql = "update _webhooks set state = 'failed', answer = $1, ended_at = $2 where id = $3 and attempts = $4 and \
             state = 'waiting'";
        if self.run(sql, params![answer, now, webhook.id.0, webhook.attempts])? == 0 {
            return Ok(());
        }
        self.dequeue(&format!("{WEBHOOK_JOB}:{}", webhook.id))?;
        let told = format!("the webhook to {} was not taken: {answer}", webhook.url);
        let told = RuleReason::new("webhook", told).with("url", &webhook.url).with("answer", answer).kept();
        self.tell_of_webhook(webhook)?;
        let sql = "update _rule_runs set state = 'failed', reason = $1 where rule = $2 and cause = $3";
        self.run(sql, params![told, webhook.rule.as_str(), webhook.cause.as_str()])?;
        Ok(())
    }

    /// Puts the webhooks of a run that were given up on the queue once more, to where the rule sends now: what else the run did
    /// stands. Answers how many; nothing where none of them was given up, so that the run failed by itself.
    ///
    /// # Errors
    /// When the database fails.
    pub fn send_webhooks_again(&mut self, run: &RuleRun) -> Result<Option<usize>> {
        let sql = Sql::new("select id, place, body from _webhooks where rule = ").bind(run.rule.as_str());
        let sql = sql.push(" and cause = ").bind(run.cause.as_str()).push(" and state = 'failed' order by place");
        let given_up = self.rows(&sql)?;
        if given_up.is_empty() {
            return Ok(None);
        }
        let (definitions, now, mut sent) = (self.definitions().clone(), self.now(), 0);
        for row in &given_up {
            let (id, place) = (Id(row.uuid(0)?), usize::try_from(row.int(1)?).unwrap_or(usize::MAX));
            let body = row.text(2)?;
            let action = definitions.rule(&run.rule).and_then(|rule| rule.then.get(place));
            // What the rule does not send any more is not sent, nor what is of somebody who was erased.
            let Some(Action::Webhook { url }) = action.filter(|_| !body.is_empty()) else { continue };
            let sql = "update _webhooks set state = 'waiting', attempts = 0, url = $1, ended_at = null where id = $2";
            self.run(sql, params![url.as_str(), id.0])?;
            self.webhook_due(id, now)?;
            sent += 1;
        }
        if sent > 0 {
            let sql = "update _rule_runs set state = 'done', reason = null, attempts = attempts + 1, ended_at = $1 \
                 where id = $2";
            self.run(sql, params![now, run.id.0])?;
        }
        Ok(Some(sent))
    }

    /// Webhooks, newest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer: they carry whole records.
    pub fn webhooks(&mut self, asked: &WebhooksAsked) -> Result<Vec<Webhook>> {
        self.require(Capability::Administer)?;
        let mut sql = Sql::new(COLUMNS).push("where 1 = 1");
        if let Some(rule) = &asked.rule {
            sql = sql.push(" and rule = ").bind(rule.as_str());
        }
        if let Some(state) = asked.state {
            sql = sql.push(" and state = ").bind(state.name());
        }
        if let Some(before) = asked.before {
            sql = sql.push(" and id < ").bind(before.0);
        }
        let sql = sql.push(" order by id desc").limit(asked.limit);
        self.rows(&sql)?.iter().map(Webhook::read).collect()
    }

    /// One webhook.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer, [`Error::NotFound`].
    pub fn webhook(&mut self, id: Id) -> Result<Webhook> {
        self.require(Capability::Administer)?;
        let sql = Sql::new(COLUMNS).push("where id = ").bind(id.0);
        let found = self.rows(&sql)?.first().map(Webhook::read).transpose()?;
        found.ok_or_else(|| Error::not_found("webhooks", id))
    }

    /// When a webhook that waits is sent next.
    ///
    /// # Errors
    /// When the database fails.
    pub fn webhook_due_at(&mut self, id: Id) -> Result<Option<Timestamp>> {
        Ok(self.job_of(&format!("{WEBHOOK_JOB}:{id}"))?.map(|job| job.due_at))
    }

    /// Puts a webhook on the queue once more, whatever became of it: under its own id, as it was, to where its rule sends now. A
    /// run that had failed for it alone is done again.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`]; [`Error::Conflict`] `webhook_waits`, `webhook_gone` where the rule sends it no
    /// more, `webhook_empty` where it was of somebody who was erased.
    pub fn redeliver_webhook(&mut self, id: Id) -> Result<Webhook> {
        let webhook = self.webhook(id)?;
        let place = self.rows(&Sql::new("select place from _webhooks where id = ").bind(id.0))?;
        let place = place.first().map(|row| row.int(0)).transpose()?.and_then(|place| usize::try_from(place).ok());
        let definitions = self.definitions().clone();
        let rule = definitions.rule(&webhook.rule);
        let action = place.and_then(|place| rule.and_then(|rule| rule.then.get(place)));
        let Some(Action::Webhook { url }) = action else {
            return Err(Error::conflict("webhook_gone", "its rule does not send it any more"));
        };
        if webhook.body.is_empty() {
            return Err(Error::conflict("webhook_empty", "it was about somebody who was erased"));
        }
        let sql = "update _webhooks set state = 'waiting', attempts = 0, url = $1, answer = null, ended_at = null \
             where id = $2 and state <> 'waiting'";
        if self.run(sql, params![url.as_str(), id.0])? == 0 {
            return Err(Error::conflict("webhook_waits", "it is on its way, or will be tried again by itself"));
        }
        let now = self.now();
        self.webhook_due(id, now)?;
        let others = Sql::new("select 1 from _webhooks where rule = ").bind(webhook.rule.as_str());
        let others = others.push(" and cause = ").bind(webhook.cause.as_str()).push(" and state = 'failed' limit 1");
        if self.rows(&others)?.is_empty() {
            let sql = "update _rule_runs set state = 'done', reason = null, ended_at = $1 \
                 where rule = $2 and cause = $3 and state = 'failed'";
            self.run(sql, params![now, webhook.rule.as_str(), webhook.cause.as_str()])?;
        }
        self.webhook(id)
    }

    /// The secret that signs webhooks: for whoever signs them, never for whoever asks.
    ///
    /// # Errors
    /// When the database fails.
    pub fn webhook_secret(&mut self) -> Result<Option<String>> {
        let kept = knowledge::setting(self.tx, SECRET)?;
        Ok(kept.and_then(|secret| secret.as_str().map(str::to_owned)))
    }

    /// Keeps another secret from now on.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer.
    pub fn keep_webhook_secret(&mut self, secret: &str) -> Result<()> {
        self.require(Capability::Administer)?;
        Ok(knowledge::keep(self.tx, SECRET, &json!(secret))?)
    }
}
