//! `GET /api/v1/stream`: a listener's stream of server-sent events.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{StreamExt as _, unfold};
use serde_json::json;
use store::{Logged, Reading, Told};
use tokio::sync::{broadcast, mpsc};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};

use super::Closing;
use super::feed::News;
use super::heard::{Heard, heard};
use super::places::Place;
use crate::caller::Bearer;
use crate::problem::Problem;
use crate::query::pairs;
use crate::state::Web;

/// How often a stream shows that it lives, and looks whether its listener may still come in.
const BEAT: Duration = Duration::from_secs(15);
/// How long a listener who reads nothing is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// What comes in so short a time after something was told is told together.
const APART: Duration = Duration::from_millis(250);
/// Events that wait for a listener.
const WAITING: usize = 64;
/// Lines of the log that are read again at once, and how many at most: who missed more begins anew.
const PAGE: usize = 500;
const MISSED: i64 = 5_000;

/// The stream.
pub(crate) async fn stream(
    State(web): State<Web>,
    bearer: Bearer,
    closing: Option<Extension<Closing>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let after = bearer.understood(&web, after(query.as_deref(), &headers)).await?;
    let user = bearer.clone().read(&web, Reading::One, |work| Ok(work.actor().id())).await?;
    let place = user.and_then(|user| web.places.take(user)).ok_or_else(|| {
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_streams", "too many streams are open: close some first")
    })?;
    let news = web.feed.listen(&web.app).await?;
    let now = bearer.clone().read(&web, Reading::One, |work| work.log_place()).await?;
    let (events, waiting) = mpsc::channel(WAITING);
    let listener = Listener { web, bearer, events, from: now, caught_up: BTreeSet::new(), _place: place };
    tokio::spawn(listener.run(news, after, closing.map(|Extension(closing)| closing)));
    let body = unfold(waiting, async |mut waiting: mpsc::Receiver<Event>| {
        let event = waiting.recv().await?;
        Some((Ok::<_, Infallible>(event), waiting))
    });
    // Whoever asks on after the end is told of it again.
    let body = body.fuse();
    // A proxy that gathers answers would hold the events back.
    Ok(([("x-accel-buffering", "no")], Sse::new(body)).into_response())
}

/// After which place of the log the listener wants to hear: a browser that comes again says so in a header.
fn after(query: Option<&str>, headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let again = headers.get("last-event-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut after = again.filter(|text| !text.is_empty());
    for (name, value) in pairs(query)? {
        if name == "after" {
            after = after.or(Some(value));
        }
    }
    let place = |text: String| {
        let place = text.parse::<i64>().ok().filter(|place| *place >= 0);
        place.ok_or_else(|| {
            Problem::bad_request("invalid_event_id", "Last-Event-ID is the id of an event of this stream")
        })
    };
    after.map(place).transpose()
}

/// The listener is gone, or may not listen any more.
struct Over;

/// Somebody who listens.
struct Listener {
    web: Web,
    bearer: Bearer,
    events: mpsc::Sender<Event>,
    /// News up to here is old.
    from: i64,
    /// Lines beyond it that were told while catching up.
    caught_up: BTreeSet<i64>,
    _place: Place,
}

impl Listener {
    async fn run(mut self, mut news: broadcast::Receiver<Arc<News>>, after: Option<i64>, closing: Option<Closing>) {
        let _ = async {
            self.begin(after).await?;
            let mut beat = interval_at(Instant::now() + BEAT, BEAT);
            beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let (mut settled, mut reached) = (self.from, self.from);
            let mut gathered: Vec<Arc<News>> = Vec::new();
            let (mut due, mut told_at) = (None, None::<Instant>);
            loop {
                tokio::select! {
                    brought = news.recv() => {
                        let brought = brought.map_err(|_| Over)?;
                        reached = brought.settled.max(reached);
                        gathered.push(brought);
                        due.get_or_insert_with(|| told_at.map_or_else(Instant::now, |told_at| told_at + APART));
                    }
                    () = moment(due) => {
                        // Whoever comes again misses nothing of what is gathered and not told yet.
                        settled = reached;
                        self.tell(std::mem::take(&mut gathered), settled).await?;
                        (due, told_at) = (None, Some(Instant::now()));
                    }
                    _ = beat.tick() => self.beat(settled).await?,
                    () = self.events.closed() => return Err(Over),
                    () = asked_to_stop(closing.clone()) => return Err::<(), Over>(Over),
                }
            }
        }
        .await;
    }

    /// What was missed since `after`, then that the stream is there.
    async fn begin(&mut self, after: Option<i64>) -> Result<(), Over> {
        let now = self.from;
        match after {
            Some(after) if now.saturating_sub(after) > MISSED => {
                self.send(Event::default().event("reset").data("{}")).await?;
            }
            Some(after) => self.catch_up(after).await?,
            None => {}
        }
        self.send(Event::default().event("ready").id(now.to_string()).data("{}")).await
    }

    async fn catch_up(&mut self, after: i64) -> Result<(), Over> {
        let mut place = after;
        loop {
            let read = self.bearer.clone().read(&self.web, Reading::Several, move |work| {
                let lines = work.log_after(place, PAGE)?;
                let told = heard(work, &lines.iter().collect::<Vec<_>>())?;
                Ok((told, lines.into_iter().map(|line| line.sequence()).collect::<Vec<_>>()))
            });
            let (told, lines) = read.await.map_err(|_| Over)?;
            for event in events(&told) {
                self.send(event).await?;
            }
            self.caught_up.extend(lines.iter().filter(|sequence| **sequence > self.from));
            match lines.last() {
                Some(last) if lines.len() == PAGE => place = *last,
                _ => return Ok(()),
            }
        }
    }

    /// Tells what was gathered, as far as it is new to the listener and may be told them.
    async fn tell(&mut self, gathered: Vec<Arc<News>>, settled: i64) -> Result<(), Over> {
        let (from, caught_up) = (self.from, self.caught_up.clone());
        let is_new = move |line: &&Logged| line.sequence() > from && !caught_up.contains(&line.sequence());
        if !gathered.iter().flat_map(|news| &news.lines).any(|line| is_new(&line)) {
            return Ok(());
        }
        let read = self.bearer.clone().read(&self.web, Reading::Several, move |work| {
            let lines: Vec<&Logged> = gathered.iter().flat_map(|news| &news.lines).filter(&is_new).collect();
            heard(work, &lines)
        });
        let mut events = events(&read.await.map_err(|_| Over)?);
        if let Some(last) = events.pop() {
            events.push(last.id(settled.to_string()));
        }
        for event in events {
            self.send(event).await?;
        }
        Ok(())
    }

    /// Shows that the stream lives. Whoever may not come in any more is not told so, but let go.
    async fn beat(&mut self, settled: i64) -> Result<(), Over> {
        self.bearer.clone().read(&self.web, Reading::One, |_| Ok(())).await.map_err(|_| Over)?;
        self.send(Event::default().id(settled.to_string()).comment("")).await
    }

    async fn send(&mut self, event: Event) -> Result<(), Over> {
        self.events.send_timeout(event, PATIENCE).await.map_err(|_| Over)
    }
}

async fn asked_to_stop(closing: Option<Closing>) {
    let Some(Closing(mut closing)) = closing else { return std::future::pending().await };
    // An error says that the program is gone altogether.
    let _ = closing.wait_for(|is_closing| *is_closing).await;
}

async fn moment(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}

fn events(heard: &Heard) -> Vec<Event> {
    match heard {
        Heard::Each(told) => told.iter().map(change).collect(),
        Heard::Many(modules) => {
            vec![Event::default().event("many").data(json!({"modules": modules}).to_string())]
        }
    }
}

fn change(told: &Told) -> Event {
    let ids = told.links.iter().map(ToString::to_string).collect::<Vec<_>>();
    let data = json!({
        "module": told.module, "id": told.record.to_string(), "operation": told.operation, "version": told.version,
        "change_set": told.change_set.to_string(), "at": told.at.to_string(),
        "actor": told.actor.map(|actor| actor.to_string()), "fields": told.fields, "links": ids,
    });
    Event::default().event("change").data(data.to_string())
}
