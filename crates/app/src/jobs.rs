//! Runs what is due, one job after the other in the order of their moments, and delivers letters beside that.

mod begun;

use std::sync::Arc;
use std::time::{Duration, Instant};

use channels::outbox::{DELIVER, DELIVER_SHORT, Outgoing, claim, claim_short, failed, sent};
use channels::smtp::File;
use jiff::{SignedDuration, Timestamp};
use model::{Actor, Id};
use serde::Serialize;
use store::shape::{FOLLOW_JOB, INDEX_JOB};
use store::{
    Error, Job, Kinds, MAIL_JOB, MARK_JOB, NOTICE_LETTER, Origin, PUT_ASIDE, RULE_DATES_JOB, RULE_JOB, RULE_RESUME_JOB,
    Result, RuleReason, UNDO_JOB, WEBHOOK_JOB, Work,
};
use ticketing::{INVOICE_JOB, LINE_JOB, LOOK_JOB};
use tokio::sync::Semaphore;

pub(crate) use self::begun::Begun;
use self::begun::{TOGETHER, begin_next, ready};
use crate::App;
use crate::forget::{FORGET_JOB, forget};
use crate::mail;
use crate::privacy::FILES_JOB;
use crate::requests::{self, FETCH_JOB};
use crate::rules::Spent;
use crate::{short, webhooks};

/// How long the loop sleeps at most, in case another node put a job on the queue.
pub(crate) const LONGEST_SLEEP: Duration = Duration::from_secs(15);
/// … and where something is due already.
const A_MOMENT: Duration = Duration::from_millis(50);
/// Letters that are on their way at once.
pub(crate) const AT_ONCE: usize = 4;
/// How long what is on its way is waited for when the program ends.
const TO_FINISH: Duration = Duration::from_secs(10);
/// A job that fails is tried again after this, doubled each time …
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);
/// … up to this many doublings (some 8 hours).
const DOUBLINGS: u32 = 10;

/// A job that was begun this often and never came to an end is put aside. Programs that foresee one job at once each
/// count it, so this is more than of those run beside each other.
const STARTS: i64 = 5;

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

/// What became of the job that was next.
enum Turn {
    /// None is due.
    Nothing,
    /// It is only begun now, or somebody else ran or moved it meanwhile.
    Passed,
    /// It may be about what this program does not know yet.
    Behind,
    Ran(Vec<Done>),
}

/// How long one transaction goes on beginning further runs of rules: whoever writes meanwhile waits for it.
const GOES_ON: Duration = Duration::from_millis(15);

impl App {
    /// Runs jobs as they fall due and delivers letters, until the future is dropped. What was begun in a transaction is
    /// finished or undone; letters, short messages and webhooks that are on their way are [waited for](App::finish). Letters have a loop of their own: a mail server that hangs keeps nothing else waiting. Files are
    /// swept beside it.
    pub async fn run_jobs(&self) {
        tokio::join!(
            self.run_timers(),
            self.run_deliveries(),
            self.run_webhooks(),
            self.run_shorts(),
            self.run_fetches(),
            self.run_mail(),
            self.run_sweeps(),
            self.run_indexing()
        );
    }

    /// Waits until letters, short messages and webhooks that are on their way have arrived and this is noted, and looks into mailboxes have
    /// ended, and not for long: whatever is not noted goes once more. Nothing is sent any more.
    pub async fn finish(&self) {
        let all = |places: &Arc<Semaphore>, count: usize| {
            Arc::clone(places).acquire_many_owned(u32::try_from(count).unwrap_or(u32::MAX))
        };
        let looks = all(&self.0.looks, mail::AT_ONCE);
        let texts = all(&self.0.shorts, short::AT_ONCE);
        let fetches = all(&self.0.fetches, requests::AT_ONCE);
        let on_their_way = async {
            let sent = (all(&self.0.deliveries, AT_ONCE), all(&self.0.calls, webhooks::AT_ONCE));
            tokio::join!(sent.0, sent.1, texts, fetches, looks)
        };
        match tokio::time::timeout(TO_FINISH, on_their_way).await {
            Ok(places) => drop(places),
            Err(_) => tracing::warn!("a letter or a webhook is still on its way, or a mailbox is still looked into"),
        }
    }

    async fn run_timers(&self) {
        loop {
            if let Err(error) = self.run_due().await {
                tracing::error!(%error, "jobs cannot be run");
                tokio::time::sleep(LONGEST_SLEEP).await;
            }
            tokio::select! {
                () = self.workspace().jobs().notified() => {
                    self.0.outbox.notify_one();
                    self.0.webhooks.notify_one();
                    self.0.texting.notify_one();
                    self.0.fetching.notify_one();
                    self.0.mail.notify_one();
                }
                () = self.until_due(self.kinds()) => {}
            }
        }
    }

    /// Sleeps until the next job of these kinds is due, and not for long.
    pub(crate) async fn until_due(&self, kinds: Kinds<'static>) {
        let next =
            self.workspace().read(Actor::System("jobs"), move |work| work.next_due_of(kinds)).await.ok().flatten();
        let now = self.workspace().clock().now();
        // What fell due meanwhile is not waited for; whoever else runs it gets a moment to take it.
        let until = |next: jiff::Timestamp| Duration::try_from(next.duration_since(now)).unwrap_or(A_MOMENT);
        tokio::time::sleep(next.map_or(LONGEST_SLEEP, until).min(LONGEST_SLEEP)).await;
    }

    /// What runs in turn. In a sandbox letters go nowhere, and are told of in their order among the rest.
    fn kinds(&self) -> Kinds<'static> {
        if self.workspace().knowledge().settings.sandbox {
            Kinds::Except(&[MAIL_JOB, FILES_JOB, INDEX_JOB])
        } else {
            Kinds::Except(&[DELIVER, DELIVER_SHORT, WEBHOOK_JOB, FETCH_JOB, MAIL_JOB, FILES_JOB, INDEX_JOB])
        }
    }

    /// Runs everything that is due now but letters, which are [delivered](App::run_jobs) beside it.
    ///
    /// # Errors
    /// When the database fails; a job that fails is only put off.
    pub async fn run_due(&self) -> Result<Vec<Done>> {
        let mut begun = self.0.runner.lock().await;
        self.run_due_in_turn(&mut begun).await
    }

    pub(crate) async fn run_due_in_turn(&self, begun: &mut Vec<Begun>) -> Result<Vec<Done>> {
        let mut all = Vec::new();
        self.begin_to_look_at_dates().await?;
        loop {
            let (turn, next) = self.run_next(std::mem::take(begun)).await?;
            *begun = next;
            match turn {
                Turn::Nothing => {
                    all.extend(self.remove_files().await?);
                    self.begin_to_forget(&all).await?;
                    return Ok(all);
                }
                Turn::Passed => {}
                Turn::Behind => {
                    self.workspace().refresh().await.map_err(|error| Error::conflict("behind", error.to_string()))?
                }
                Turn::Ran(done) => all.extend(done),
            }
        }
    }

    /// Runs the jobs that are next as far as they are begun, and begins those behind them in the same transaction. Rules that
    /// are next together run in one transaction, each in a savepoint, under a change set of its own: what costs time is the
    /// commit.
    async fn run_next(&self, begun: Vec<Begun>) -> Result<(Turn, Vec<Begun>)> {
        let (app, kinds, mut is_again) = (self.clone(), self.kinds(), false);
        let take = move |work: &mut Work<'_>| {
            // What collided is tried by itself.
            let most = if std::mem::replace(&mut is_again, true) { 1 } else { TOGETHER };
            let mut jobs = work.foreseen_jobs(kinds, work.now(), most)?;
            if jobs.is_empty() {
                return Ok((Turn::Nothing, Vec::new()));
            }
            if work.is_behind()? {
                return Ok((Turn::Behind, Vec::new()));
            }
            jobs.truncate(ready(&jobs, &begun));
            let done = app.run_together(work, jobs)?;
            let turn = if done.is_empty() { Turn::Passed } else { Turn::Ran(done) };
            Ok((turn, begin_next(work, kinds, &begun)?))
        };
        let ((turn, next), _) = self.workspace().write(Actor::System("jobs"), Origin::from("job"), take).await?;
        if let (Turn::Ran(done), false) = (&turn, self.is_copy()) {
            for Done { kind, key, error, .. } in done {
                if let Some(error) = error {
                    tracing::warn!(%kind, key = key.as_deref(), %error, "a job failed and is put off");
                }
            }
        }
        Ok((turn, next))
    }

    fn run_together(&self, work: &mut Work<'_>, jobs: Vec<Job>) -> Result<Vec<Done>> {
        work.take_rule_turns(jobs.iter().filter_map(of_rule))?;
        let (since, mut spent, mut done) = (Instant::now(), Spent::default(), Vec::new());
        for job in jobs {
            if !done.is_empty() && since.elapsed() > GOES_ON {
                break;
            }
            done.extend(self.run_one(work, &mut spent, job)?);
        }
        Ok(done)
    }

    /// Leaves a job that never comes to an end, and says so where somebody looks: among the runs of its rule, else in
    /// `plenary check`. Nothing when it was somebody else's.
    fn put_aside(&self, work: &mut Work<'_>, job: &Job) -> Result<Option<Option<String>>> {
        let reason = format!("it was begun {STARTS} times and the program ended each time before it was done");
        if job.kind == RULE_JOB {
            if !work.finish_job(job)? {
                return Ok(None);
            }
            self.give_up_rule(work, job, RuleReason::new("interrupted", reason.as_str()).with("times", STARTS))?;
        } else {
            work.postpone_job(job, PUT_ASIDE, &reason)?;
        }
        Ok(Some(Some(reason)))
    }

    /// Runs a job, or puts it off; nothing where it was somebody else's by then.
    fn run_one(&self, work: &mut Work<'_>, spent: &mut Spent, job: Job) -> Result<Option<Done>> {
        work.begin_change_set();
        let ran = if job.starts > STARTS {
            work.attempt(|work| self.put_aside(work, &job))
        } else {
            work.attempt(|work| self.run(work, spent, &job).map(|is_ours| is_ours.then_some(None)))
        };
        let error = match ran {
            Ok(Some(told)) => told,
            Ok(None) => return Ok(None),
            Err(Error::Db(error)) if error.is_retryable() => return Err(error.into()),
            Err(error) => {
                put_off(work, &job, &error.to_string())?;
                Some(error.to_string())
            }
        };
        Ok(Some(Done { kind: job.kind, key: job.key, due_at: job.due_at, error }))
    }

    /// Runs a job in the transaction that takes it off the queue; false when it was somebody else's by then.
    fn run(&self, work: &mut Work<'_>, spent: &mut Spent, job: &Job) -> Result<bool> {
        match job.kind.as_str() {
            LOOK_JOB => {
                let order = id(job, "order");
                // Taken before the job: whoever moves the order moves its job behind the same lock.
                order.map_or(Ok(()), |order| self.ticketing().take_turn(work, order))?;
                let is_ours = work.finish_job(job)?;
                if let (Some(order), true) = (order, is_ours) {
                    self.ticketing().look(work, order)?;
                }
                Ok(is_ours)
            }
            INVOICE_JOB => {
                let order = id(job, "order");
                order.map_or(Ok(()), |order| self.ticketing().take_turn(work, order))?;
                let is_ours = work.finish_job(job)?;
                if let (Some(order), true) = (order, is_ours) {
                    self.ticketing().issue_waiting(work, order)?;
                }
                Ok(is_ours)
            }
            LINE_JOB => {
                let event = id(job, "event");
                let turn = event.map(|event| self.ticketing().waiting_turn(work, event)).transpose()?;
                let is_ours = work.finish_job(job)?;
                if let (Some(event), Some(turn), true) = (event, turn, is_ours) {
                    self.ticketing().offer_seats(work, event, turn)?;
                }
                Ok(is_ours)
            }
            NOTICE_LETTER => {
                let is_ours = work.finish_job(job)?;
                if let (Some(notice), true) = (id(job, "notification"), is_ours) {
                    self.send_notice(work, notice)?;
                }
                Ok(is_ours)
            }
            UNDO_JOB => {
                let set = id(job, "change_set");
                // Before the job, as whoever begins an undo does.
                set.map_or(Ok(()), |set| work.take_undo_turn(set))?;
                let is_ours = work.finish_job(job)?;
                if let (Some(set), true) = (set, is_ours) {
                    self.go_on_undoing(work, set)?;
                }
                Ok(is_ours)
            }
            RULE_JOB | RULE_DATES_JOB | RULE_RESUME_JOB => {
                let is_ours = work.finish_job(job)?;
                match (is_ours, job.kind.as_str()) {
                    (true, RULE_JOB) => self.run_rule(work, spent, job)?,
                    (true, RULE_RESUME_JOB) => self.go_on_resuming(work, job)?,
                    (true, _) => self.look_at_dates(work, job)?,
                    (false, _) => {}
                }
                Ok(is_ours)
            }
            crate::surveys::EXPIRE_JOB => {
                let is_ours = work.finish_job(job)?;
                if let (Some(survey), true) = (id(job, "survey"), is_ours) {
                    crate::surveys::expire(work, survey)?;
                }
                Ok(is_ours)
            }
            FORGET_JOB | MARK_JOB => {
                let is_ours = work.finish_job(job)?;
                match (is_ours, job.kind.as_str()) {
                    (true, MARK_JOB) => work.go_on_marking()?,
                    (true, _) => forget(work)?,
                    (false, _) => {}
                }
                Ok(is_ours)
            }
            FOLLOW_JOB => {
                let is_ours = work.finish_job(job)?;
                if is_ours {
                    self.follow(work, job)?;
                }
                Ok(is_ours)
            }
            // In a sandbox: what is claimed there counts as sent.
            DELIVER => {
                let is_ours = work.finish_job(job)?;
                if let (Some(message), true) = (id(job, "message"), is_ours) {
                    claim(work, message)?;
                }
                Ok(is_ours)
            }
            DELIVER_SHORT => {
                let is_ours = work.finish_job(job)?;
                if let (Some(message), true) = (id(job, "message"), is_ours) {
                    claim_short(work, message)?;
                }
                Ok(is_ours)
            }
            WEBHOOK_JOB | FETCH_JOB => {
                let is_ours = work.finish_job(job)?;
                match (is_ours, job.kind.as_str()) {
                    (true, WEBHOOK_JOB) => self.pass_webhook(work, job)?,
                    (true, _) => self.pass_request(work, job)?,
                    (false, _) => {}
                }
                Ok(is_ours)
            }
            other => Err(Error::conflict("unknown_job", format!("this program has no handler for {other:?}"))),
        }
    }

    /// Delivers letters as they fall due, some at a time. Without a mail server they stay as they are, so that they go
    /// at once when there is one.
    async fn run_deliveries(&self) {
        if self.0.smtp.is_none() {
            return std::future::pending().await;
        }
        let places = &self.0.deliveries;
        loop {
            let mut rest = None;
            while !self.workspace().knowledge().settings.sandbox
                && let Ok(place) = Arc::clone(places).try_acquire_owned()
            {
                rest = self.letters_rest().map(|rest| rest.min(LONGEST_SLEEP));
                if rest.is_some() {
                    break;
                }
                match self.claim_next().await {
                    Ok(Some(letter)) => {
                        self.letter_goes();
                        let app = self.clone();
                        tokio::spawn(async move {
                            if let Err(error) = app.deliver(letter).await {
                                tracing::error!(%error, "it cannot be noted how a letter was delivered");
                            }
                            drop(place);
                        });
                    }
                    Ok(None) => break,
                    Err(error) => {
                        tracing::error!(%error, "letters cannot be delivered");
                        tokio::time::sleep(LONGEST_SLEEP).await;
                    }
                }
            }
            let is_full = places.available_permits() == 0;
            let (rests, listens) = (rest.is_some(), rest.is_none() && !is_full);
            tokio::select! {
                () = tokio::time::sleep(rest.unwrap_or_default()), if rests => {}
                _ = places.acquire(), if is_full && !rests => {}
                () = self.0.outbox.notified(), if listens => {}
                () = self.until_due(Kinds::Only(&[DELIVER])), if listens => {}
            }
        }
    }

    /// The next letter that is due, claimed; whoever claims it puts it back on the queue for the case that they die.
    async fn claim_next(&self) -> Result<Option<Outgoing>> {
        let take = |work: &mut Work<'_>| {
            while let Some(job) = work.due_job_of(Kinds::Only(&[DELIVER]), work.now())? {
                work.finish_job(&job)?;
                let letter = id(&job, "message").map(|message| claim(work, message)).transpose()?.flatten();
                if letter.is_some() {
                    return Ok(letter);
                }
            }
            Ok(None)
        };
        Ok(self.workspace().write(Actor::System("jobs"), Origin::from("job"), take).await?.0)
    }

    /// Hands a claimed letter to the mail server and notes how it went.
    async fn deliver(&self, letter: Outgoing) -> Result<()> {
        let Some(smtp) = &self.0.smtp else { return Ok(()) };
        let unsubscribe = letter.consent.as_deref().map(|token| self.consent_url(token));
        let letter = Outgoing { unsubscribe, ..letter };
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
            let drawn = self.attachment(letter.id, index, attachment).await.map_err(|error| error.to_string())?;
            files.push(File { name: drawn.name, content_type: attachment.content_type.clone(), bytes: drawn.bytes });
        }
        if letter.is_by_hand {
            files.extend(self.files_of_letter(letter.id).await?);
        }
        Ok(files)
    }
}

/// The rule of a job that runs one or looks for what one runs.
fn of_rule(job: &Job) -> Option<&str> {
    let is_it = [RULE_JOB, RULE_DATES_JOB, RULE_RESUME_JOB].contains(&job.kind.as_str());
    job.payload.get("rule").filter(|_| is_it)?.as_str()
}

/// The record that a job is about.
pub(crate) fn id(job: &Job, key: &str) -> Option<Id> {
    job.payload.get(key)?.as_str()?.parse().ok()
}

pub(crate) fn put_off(work: &mut Work<'_>, job: &Job, error: &str) -> Result<()> {
    let doublings = u32::try_from(job.attempts).unwrap_or(DOUBLINGS).min(DOUBLINGS);
    let wait = FIRST_WAIT.checked_mul(2_i32.pow(doublings)).unwrap_or(FIRST_WAIT);
    let until = work.now().checked_add(wait).unwrap_or(Timestamp::MAX);
    work.postpone_job(job, until, error)
}
