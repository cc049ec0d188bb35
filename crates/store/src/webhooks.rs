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
use crate::rules::{RuleReason, RuleRun};
use crate::work::Work;

/// The kind of the job that delivers a webhook; its payload is `{"webhook"}`.
pub const WEBHOOK_JOB: &str = "webhooks.deliver";

/// The key under which the secret is kept.
const SECRET: &str = "webhook_secret";
/// How long a sender has; what is still under way after this was left by a sender that died.
const CLAIM: SignedDuration = SignedDuration::from_mins(2);
/// A webhook is tried again after this, four times as long each time …
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);
/// … until it was tried so often: some 11 hours.
const ATTEMPTS: i64 = 7;
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

    fn parse(name: &str) -> Self {
        let all = [Self::Waiting, Self::Sent, Self::Failed, Self::Sandbox];
        all.into_iter().find(|state| state.name() == name).unwrap_or(Self::Failed)
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
            state: WebhookState::parse(&row.text(7)?),
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
        if webhook.attempts > ATTEMPTS {
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
        if is_final || webhook.attempts >= ATTEMPTS {
            return self.give_webhook_up(webhook, &answer);
        }
        let times = 4_i32.pow(u32::try_from(webhook.attempts - 1).unwrap_or_default());
        let wait = FIRST_WAIT.checked_mul(times).unwrap_or(FIRST_WAIT);
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
        let sql = Sql::new("select id, place from _webhooks where rule = ").bind(run.rule.as_str());
        let sql = sql.push(" and cause = ").bind(run.cause.as_str()).push(" and state = 'failed' order by place");
        let given_up = self.rows(&sql)?;
        if given_up.is_empty() {
            return Ok(None);
        }
        let (definitions, now, mut sent) = (self.definitions().clone(), self.now(), 0);
        for row in &given_up {
            let (id, place) = (Id(row.uuid(0)?), usize::try_from(row.int(1)?).unwrap_or(usize::MAX));
            let action = definitions.rule(&run.rule).and_then(|rule| rule.then.get(place));
            // What the rule does not send any more is not sent.
            let Some(Action::Webhook { url }) = action else { continue };
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

    /// Up to `limit` webhooks of a rule, newest first, before the webhook `before`.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer: they carry whole records.
    pub fn webhooks(&mut self, rule: &str, before: Option<Id>, limit: usize) -> Result<Vec<Webhook>> {
        self.require(Capability::Administer)?;
        let sql = Sql::new(COLUMNS).push("where rule = ").bind(rule);
        let sql = match before {
            Some(before) => sql.push(" and id < ").bind(before.0),
            None => sql,
        };
        let sql = sql.push(" order by id desc").limit(limit);
        self.rows(&sql)?.iter().map(Webhook::read).collect()
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
