//! Runs what is due, one job after the other in the order of their moments.

use std::time::Duration;

use channels::outbox::{DELIVER, Outgoing, claim, failed, sent};
use channels::smtp::File;
use jiff::{SignedDuration, Timestamp};
use model::{Actor, Id};
use serde::Serialize;
use store::{Error, Job, Origin, Result, Work};
use ticketing::LOOK_JOB;

use crate::App;

/// How long the loop sleeps at most, in case another node put a job on the queue.
const LONGEST_SLEEP: Duration = Duration::from_secs(15);
/// A job that fails is tried again after this, doubled each time …
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);
/// … up to this many doublings (some 8 hours).
const DOUBLINGS: u32 = 10;

/// A job that was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Done {
    /// Which handler.
    pub kind: String,
    /// Of what.
    pub key: Option<String>,
    /// When it was due.
    pub due_at: Timestamp,
    /// What it failed with, if it did.
    pub error: Option<String>,
}

/// What is left to do outside the transaction that took the job.
enum Step {
    Nothing,
    Deliver(Box<Outgoing>),
}

impl App {
    /// Runs jobs as they fall due, until the future is dropped. What was begun in a transaction is finished or undone.
    pub async fn run_jobs(&self) {
        loop {
            if let Err(error) = self.run_due().await {
                tracing::error!(%error, "jobs cannot be run");
                tokio::time::sleep(LONGEST_SLEEP).await;
            }
            let next = self.workspace().read(Actor::System("jobs"), |work| work.next_due()).await.ok().flatten();
            let now = self.workspace().clock().now();
            let sleep =
                next.and_then(|next| Duration::try_from(next.duration_since(now)).ok()).unwrap_or(LONGEST_SLEEP);
            tokio::select! {
                () = self.workspace().jobs().notified() => {}
                () = tokio::time::sleep(sleep.min(LONGEST_SLEEP)) => {}
            }
        }
    }

    /// Runs everything that is due now.
    ///
    /// # Errors
    /// When the database fails; a job that fails is only put off.
    pub async fn run_due(&self) -> Result<Vec<Done>> {
        let _turn = self.0.runner.lock().await;
        self.run_due_in_turn().await
    }

    pub(crate) async fn run_due_in_turn(&self) -> Result<Vec<Done>> {
        let mut all = Vec::new();
        while let Some(done) = self.run_next().await? {
            all.push(done);
        }
        Ok(all)
    }

    async fn run_next(&self) -> Result<Option<Done>> {
        let app = self.clone();
        let take = move |work: &mut Work<'_>| {
            let Some(job) = work.due_job(work.now())? else { return Ok(None) };
            let run = work.attempt(|work| app.begin(work, &job));
            let (step, error) = match run {
                Ok(step) => (step, None),
                Err(Error::Db(error)) if error.is_retryable() => return Err(error.into()),
                Err(error) => {
                    put_off(work, &job, &error.to_string())?;
                    (Step::Nothing, Some(error.to_string()))
                }
            };
            Ok(Some((Done { kind: job.kind, key: job.key, due_at: job.due_at, error }, step)))
        };
        let (taken, _) = self.workspace().write(Actor::System("jobs"), Origin::from("job"), take).await?;
        let Some((done, step)) = taken else { return Ok(None) };
        if let Some(error) = &done.error {
            tracing::warn!(kind = %done.kind, key = done.key.as_deref(), %error, "a job failed and is put off");
        }
        if let Step::Deliver(letter) = step {
            self.deliver(*letter).await?;
        }
        Ok(Some(done))
    }

    /// The part of a job that belongs into the transaction that takes it off the queue.
    fn begin(&self, work: &mut Work<'_>, job: &Job) -> Result<Step> {
        let id = |key: &str| job.payload.get(key).and_then(|id| id.as_str()).and_then(|id| id.parse::<Id>().ok());
        match job.kind.as_str() {
            LOOK_JOB => {
                work.finish_job(job)?;
                if let Some(order) = id("order") {
                    self.ticketing().look(work, order)?;
                }
                Ok(Step::Nothing)
            }
            DELIVER => {
                let Some(message) = id("message") else {
                    work.finish_job(job)?;
                    return Ok(Step::Nothing);
                };
                if self.0.smtp.is_none() && !work.settings().sandbox {
                    put_off(work, job, "no mail server is configured")?;
                    return Ok(Step::Nothing);
                }
                // Whoever claims it puts it back on the queue for the case that they die.
                work.finish_job(job)?;
                let claimed = claim(work, message)?;
                Ok(claimed.map_or(Step::Nothing, |letter| Step::Deliver(Box::new(letter))))
            }
            other => Err(Error::conflict("unknown_job", format!("this program has no handler for {other:?}"))),
        }
    }

    /// Hands a claimed letter to the mail server and notes how it went.
    async fn deliver(&self, letter: Outgoing) -> Result<()> {
        let Some(smtp) = &self.0.smtp else { return Ok(()) };
        let (id, attempt) = (letter.id, letter.attempt);
        let result = match self.files(&letter).await {
            Ok(files) => smtp.send(&letter, files).await.map_err(|error| (error.is_temporary(), error.to_string())),
            Err(error) => Err((true, error)),
        };
        let note = move |work: &mut Work<'_>| match &result {
            Ok(()) => sent(work, id),
            Err((temporary, words)) => {
                let retry_at = if *temporary { letter.retry_at(work.now()) } else { None };
                failed(work, id, attempt, words, retry_at)
            }
        };
        self.workspace().write(Actor::System("jobs"), Origin::from("job"), note).await?;
        Ok(())
    }

    async fn files(&self, letter: &Outgoing) -> Result<Vec<File>, String> {
        let mut files = Vec::new();
        for (index, attachment) in letter.attachments.iter().enumerate() {
            let drawn = self
                .attachment(letter.id, index, attachment, letter.locale)
                .await
                .map_err(|error| error.to_string())?;
            files.push(File { name: drawn.name, content_type: attachment.content_type.clone(), bytes: drawn.bytes });
        }
        Ok(files)
    }
}

fn put_off(work: &mut Work<'_>, job: &Job, error: &str) -> Result<()> {
    let doublings = u32::try_from(job.attempts).unwrap_or(DOUBLINGS).min(DOUBLINGS);
    let wait = FIRST_WAIT.checked_mul(2_i32.pow(doublings)).unwrap_or(FIRST_WAIT);
    let until = work.now().checked_add(wait).unwrap_or(Timestamp::MAX);
    work.postpone_job(job, until, error)
}
