//! Answers that are asked for: Meta tells the number of a lead and gives its answers to whoever has the token of the page. Asked
//! outside of every transaction, again with growing waits for a day; what is not given then waits among the rejected requests.

use std::sync::Arc;

use channels::requests::{Notice, Unfetched, fetch, of_meta};
use jiff::{SignedDuration, Timestamp};
use model::{Actor, Id};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use store::{Error, FieldError, Job, Kinds, Line, LineSecrets, Origin, PUT_ASIDE, Result, Work, wait_after};

use super::kept::put_aside;
use super::{Request, SOURCE, keys};
use crate::App;
use crate::jobs::LONGEST_SLEEP;

/// The kind of the job that asks for answers.
pub(crate) const FETCH_JOB: &str = "requests.fetch";
/// Requests whose answers are asked for at once.
pub(crate) const AT_ONCE: usize = 2;
/// How long whoever asks has; what is still under way after this was left by a program that died.
const CLAIM: SignedDuration = SignedDuration::from_mins(2);
/// Requests that are looked through for how many of a line wait.
const LOOKED_AT: usize = 1_000;
/// Characters of an answer that are kept.
const ANSWER: usize = 500;

/// A request whose answers are asked for, as its job carries it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Waiting {
    request: Request,
    /// How often they were asked for.
    #[serde(default)]
    attempts: i64,
    /// Why they were not given last.
    #[serde(default)]
    error: Option<String>,
}

/// What a line waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waits {
    /// Requests whose answers are not there yet.
    pub count: usize,
    /// Why not, in words of the other side: those of the first that says so.
    pub answer: Option<String>,
    /// When they are asked for next.
    pub next: Option<Timestamp>,
}

impl Waiting {
    fn of(job: &Job) -> Option<Self> {
        serde_json::from_value(job.payload.clone()).ok()
    }

    fn put(&self, work: &mut Work<'_>, at: Timestamp) -> Result<()> {
        work.enqueue(FETCH_JOB, Some(&key(&self.request)), at, json!(self))
    }
}

fn key(request: &Request) -> String {
    format!("{FETCH_JOB}:{}", request.key)
}

/// Asks for the answers of a request soon; of one that waits already nothing is begun anew.
pub(super) fn begin(work: &mut Work<'_>, request: &Request) -> Result<()> {
    if work.is_queued(&key(request))? {
        return Ok(());
    }
    let now = work.now();
    Waiting { request: request.clone(), attempts: 0, error: None }.put(work, now)
}

impl App {
    /// Asks for answers as they fall due, some at a time, until the future is dropped.
    pub(crate) async fn run_fetches(&self) {
        let places = &self.0.fetches;
        loop {
            while !self.workspace().knowledge().settings.sandbox
                && let Ok(place) = Arc::clone(places).try_acquire_owned()
            {
                match self.claim_next_request().await {
                    Ok(Some((waiting, line))) => {
                        let app = self.clone();
                        tokio::spawn(async move {
                            if let Err(error) = app.fetch_request(waiting, line).await {
                                tracing::error!(%error, "it cannot be noted how a request was asked for");
                            }
                            drop(place);
                        });
                    }
                    Ok(None) => break,
                    Err(error) => {
                        tracing::error!(%error, "requests cannot be asked for");
                        tokio::time::sleep(LONGEST_SLEEP).await;
                    }
                }
            }
            let is_full = places.available_permits() == 0;
            tokio::select! {
                _ = places.acquire(), if is_full => {}
                () = self.0.fetching.notified(), if !is_full => {}
                () = self.until_due(Kinds::Only(&[FETCH_JOB])), if !is_full => {}
            }
        }
    }

    /// Asks for the answers that are due now, one after the other; answers for how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fetch_requests(&self) -> Result<usize> {
        let mut asked = 0;
        while let Some((waiting, line)) = self.claim_next_request().await? {
            self.fetch_request(waiting, line).await?;
            asked += 1;
        }
        Ok(asked)
    }

    /// The next request that is due, claimed, with its line; whoever claims it puts it back on the queue for the case that they
    /// die.
    async fn claim_next_request(&self) -> Result<Option<(Waiting, (Line, LineSecrets))>> {
        let take = |work: &mut Work<'_>| {
            while let Some(job) = work.due_job_of(Kinds::Only(&[FETCH_JOB]), work.now())? {
                work.finish_job(&job)?;
                let Some(mut waiting) = Waiting::of(&job) else { continue };
                waiting.attempts += 1;
                let Some(line) = work.line_at_door(waiting.request.line)? else {
                    give_up(work, &waiting, "the line that told of it is switched off, or not there any more")?;
                    continue;
                };
                if waiting.attempts > 1 && wait_after(waiting.attempts - 1).is_none() {
                    give_up(work, &waiting, "every attempt to ask for it was interrupted")?;
                    continue;
                }
                let until = work.now().checked_add(CLAIM).unwrap_or(Timestamp::MAX);
                waiting.put(work, until)?;
                return Ok(Some((waiting, line)));
            }
            Ok(None)
        };
        Ok(self.workspace().write(Actor::System("jobs"), Origin::from("job"), take).await?.0)
    }

    async fn fetch_request(&self, waiting: Waiting, (line, secrets): (Line, LineSecrets)) -> Result<()> {
        let lead = waiting.request.unfetched.clone().unwrap_or_default();
        let told = fetch(&keys(&line, &secrets), &lead, self.loopback()).await;
        let app = self.clone();
        let note = move |work: &mut Work<'_>| {
            // Whoever took too long finds that somebody else asks by now.
            let is_ours = work.job_of(&key(&waiting.request))?.and_then(|job| Waiting::of(&job));
            if is_ours.is_none_or(|now| now.attempts != waiting.attempts) {
                return Ok(());
            }
            match &told {
                Ok(answer) => app.take_fetched(work, &waiting, &line, answer),
                Err(Unfetched::Later(words)) => put_off(work, &waiting, words),
                Err(Unfetched::Never(words)) => give_up(work, &waiting, words),
            }
        };
        self.workspace().write(Actor::System("jobs"), Origin::from("request"), note).await.map(drop)
    }

    fn take_fetched(
        &self,
        work: &mut Work<'_>,
        waiting: &Waiting,
        line: &Line,
        answer: &Map<String, Json>,
    ) -> Result<()> {
        // What is of who it is is locked before the first write.
        let came = of_meta(&notice(&waiting.request), answer);
        let became = self.take_request(work, line, &came);
        work.dequeue(&key(&waiting.request))?;
        match became {
            // Nothing is kept of whoever does not agree to it.
            Err(Error::Invalid(_)) => Ok(()),
            became => became.map(drop),
        }
    }

    /// The same request with the answers that are given now.
    pub(super) async fn asked_for(&self, request: &Request, line: &Line, secrets: &LineSecrets) -> Result<Request> {
        let lead = request.unfetched.clone().unwrap_or_default();
        let told = fetch(&keys(line, secrets), &lead, self.loopback()).await;
        let answer = told.map_err(|(Unfetched::Later(words) | Unfetched::Never(words))| {
            Error::conflict("request_unfetched", words)
        })?;
        let came = of_meta(&notice(request), &answer);
        Ok(Request { key: request.key.clone(), ..Request::of(line, &came) })
    }

    /// In a sandbox: nothing is asked outside, and what would have been waits where people see it. The job is off the queue already.
    pub(crate) fn pass_request(&self, work: &mut Work<'_>, job: &Job) -> Result<()> {
        match Waiting::of(job) {
            Some(waiting) => give_up(work, &waiting, "nothing leaves a sandbox"),
            None => Ok(()),
        }
    }

    /// What a line waits for.
    ///
    /// # Errors
    /// When the database fails.
    pub fn waits_of_line(&self, work: &mut Work<'_>, line: Id) -> Result<Waits> {
        let jobs = work.foreseen_jobs(Kinds::Only(&[FETCH_JOB]), PUT_ASIDE, LOOKED_AT)?;
        let mut waits = Waits::default();
        for job in &jobs {
            let Some(waiting) = Waiting::of(job).filter(|waiting| waiting.request.line == line) else { continue };
            waits.count += 1;
            waits.next = waits.next.or(Some(job.due_at));
            waits.answer = waits.answer.or(waiting.error);
        }
        Ok(waits)
    }
}

/// What was told of a request before its answers were there.
fn notice(request: &Request) -> Notice {
    let raw = if let Json::Object(raw) = &request.raw { raw.clone() } else { Map::new() };
    Notice { lead: request.unfetched.clone().unwrap_or_default(), raw }
}

fn put_off(work: &mut Work<'_>, waiting: &Waiting, words: &str) -> Result<()> {
    let Some(wait) = wait_after(waiting.attempts) else { return give_up(work, waiting, words) };
    let at = work.now().checked_add(wait).unwrap_or(Timestamp::MAX);
    Waiting { error: Some(storable(words)), ..waiting.clone() }.put(work, at)
}

/// Puts the request where people see it, who may have it asked for once more.
fn give_up(work: &mut Work<'_>, waiting: &Waiting, words: &str) -> Result<()> {
    let request = &waiting.request;
    work.as_process(|work| {
        if work.taken_in(SOURCE, &request.key)?.is_none() {
            let fault = FieldError::new("form", "request_unfetched", storable(words));
            put_aside(work, request, ("leads", Map::new()), &[fault])?;
        }
        work.dequeue(&key(request))
    })
}

fn storable(words: &str) -> String {
    words.chars().filter(|letter| !letter.is_control()).take(ANSWER).collect()
}
