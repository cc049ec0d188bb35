//! What is measured, each against its floor in alternating pairs.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value as Json;

use crate::Failure;
use crate::load::{Client, Request, Run, run};
use crate::people::Lead;
use crate::place::{EMAIL, PASSWORD, Place, Server};

/// Pairs of runs; the median of their ratios is the result.
pub(crate) const PAIRS: usize = 5;
/// Clients that ask at once, where a case does not say otherwise.
pub(crate) const CLIENTS: u64 = 16;

const STATUSES: [&str; 6] = ["new", "contacted", "qualified", "converted", "lost", "disqualified"];

/// One line of the result.
pub(crate) struct Outcome {
    pub(crate) name: String,
    /// Answers a second: the median of the pairs.
    pub(crate) rate: f64,
    /// The floor's.
    pub(crate) floor: f64,
    /// The median of the pairs' ratios.
    pub(crate) ratio: f64,
    /// The median and the 99th percentile of Plenary's answers: the middle one of the pairs.
    pub(crate) median: Duration,
    pub(crate) p99: Duration,
    pub(crate) floor_median: Duration,
    pub(crate) floor_p99: Duration,
}

/// Two servers over one database, and how long a run lasts.
pub(crate) struct Bench<'a> {
    pub(crate) place: &'a Place,
    pub(crate) plenary: &'a Server,
    pub(crate) floor: &'a Server,
    pub(crate) token: String,
    pub(crate) lasting: Duration,
}

/// The middle one.
pub(crate) fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

impl Bench<'_> {
    /// A page of 50 by a filter over one indexed field in the order of another.
    pub(crate) async fn list(&self) -> Result<Outcome, Failure> {
        let token = self.token.clone();
        let ours = move |client: u64, count: u64| {
            let status = status(client, count);
            Request::get(&format!("/api/v1/leads?filter=status%20%3D%3D%20%22{status}%22&sort=name"), &token)
        };
        let theirs = |client: u64, count: u64| Request::get(&format!("/leads?status={}", status(client, count)), "-");
        self.same("a page of 50 leads", &ours(0, 0), &theirs(0, 0)).await?;
        self.pairs("list of 50, filter and sort by index", CLIENTS, 200, ours, theirs).await
    }

    /// The same list as a page for people, which says how many there are: one client of each, for what the page costs
    /// beyond the two queries.
    pub(crate) async fn page(&self) -> Result<Outcome, Failure> {
        let body = format!("email={}&password={}", encoded(EMAIL), encoded(PASSWORD));
        let signed_in = Client::connect(&self.plenary.address).await?.send(&Request::form("/sign-in", &body)).await?;
        if signed_in.cookie.is_empty() {
            return Err(Failure::from(format!("{EMAIL} was not let in: {}", signed_in.status)));
        }
        let cookie = signed_in.cookie;
        let ours = move |client: u64, count: u64| {
            let status = status(client, count);
            Request::page(&format!("/leads?filter=status%20%3D%3D%20%22{status}%22&sort=name"), &cookie)
        };
        let theirs = |client: u64, count: u64| {
            Request::get(&format!("/leads?status={}&counted=true", status(client, count)), "-")
        };
        self.pairs("the list as a page, one client", 1, 200, ours, theirs).await
    }

    /// One record by its id.
    pub(crate) async fn read(&self, ids: Vec<String>) -> Result<Outcome, Failure> {
        let token = self.token.clone();
        let pick = move |client: u64, count: u64| {
            let at = usize::try_from(client.wrapping_mul(7919) + count).unwrap_or(0) % ids.len().max(1);
            ids.get(at).cloned().unwrap_or_default()
        };
        let pick_floor = pick.clone();
        let ours = move |client, count| Request::get(&format!("/api/v1/leads/{}", pick(client, count)), &token);
        let theirs = move |client, count| Request::get(&format!("/leads/{}", pick_floor(client, count)), "-");
        self.same("one lead", &ours(0, 0), &theirs(0, 0)).await?;
        self.pairs("one record", CLIENTS, 200, ours, theirs).await
    }

    /// One durable create at a time for each of `clients`.
    pub(crate) async fn create(&self, clients: u64) -> Result<Outcome, Failure> {
        let token = self.token.clone();
        let ours = move |client: u64, count: u64| {
            Request::post("/api/v1/leads", &token, &Lead::number((client << 40) + count + (1 << 50)).body())
        };
        let theirs = |client: u64, count: u64| {
            Request::post("/leads", "-", &Lead::number((client << 40) + count + (1 << 51)).body())
        };
        let name = if clients == 1 {
            "durable create, one client".to_owned()
        } else {
            format!("durable create, {clients} clients")
        };
        self.pairs(&name, clients, 201, ours, theirs).await
    }

    async fn pairs(
        &self,
        name: &str,
        clients: u64,
        expected: u16,
        ours: impl Fn(u64, u64) -> Request + Clone + Send + 'static,
        theirs: impl Fn(u64, u64) -> Request + Clone + Send + 'static,
    ) -> Result<Outcome, Failure> {
        let warm = self.lasting / 4;
        run(&self.plenary.address, clients, warm, expected, ours.clone()).await?;
        run(&self.floor.address, clients, warm, expected, theirs.clone()).await?;
        let mut pairs: Vec<(Run, Run)> = Vec::new();
        for _ in 0..PAIRS {
            let mine = run(&self.plenary.address, clients, self.lasting, expected, ours.clone()).await?;
            let bare = run(&self.floor.address, clients, self.lasting, expected, theirs.clone()).await?;
            pairs.push((mine, bare));
        }
        let duration = |of: &dyn Fn(&(Run, Run)) -> Duration| {
            let mut all: Vec<_> = pairs.iter().map(of).collect();
            all.sort_unstable();
            all.get(all.len() / 2).copied().unwrap_or_default()
        };
        Ok(Outcome {
            name: format!("{}: {name}", self.place.engine),
            rate: middle(pairs.iter().map(|(mine, _)| mine.rate).collect()),
            floor: middle(pairs.iter().map(|(_, bare)| bare.rate).collect()),
            ratio: middle(pairs.iter().map(|(mine, bare)| mine.rate / bare.rate).collect()),
            median: duration(&|(mine, _)| mine.within(0.5)),
            p99: duration(&|(mine, _)| mine.within(0.99)),
            floor_median: duration(&|(_, bare)| bare.within(0.5)),
            floor_p99: duration(&|(_, bare)| bare.within(0.99)),
        })
    }

    /// Both must answer the same, else the comparison says nothing. Cursors are opaque.
    async fn same(&self, what: &str, ours: &Request, theirs: &Request) -> Result<(), Failure> {
        let mine = Client::connect(&self.plenary.address).await?.send(ours).await?;
        let bare = Client::connect(&self.floor.address).await?.send(theirs).await?;
        let (mut left, mut right): (Json, Json) =
            (serde_json::from_slice(&mine.body)?, serde_json::from_slice(&bare.body)?);
        for json in [&mut left, &mut right] {
            if let Some(map) = json.as_object_mut() {
                map.remove("next_cursor");
            }
        }
        if let Some(difference) = difference(&left, &right) {
            return Err(Failure::from(format!("{what}: Plenary and the floor do not answer the same: {difference}")));
        }
        let (mine, bare) = (mine.body.len() as f64, bare.body.len() as f64);
        if (mine - bare).abs() / bare > 0.05 {
            return Err(Failure::from(format!("{what}: {mine} bytes against {bare}")));
        }
        Ok(())
    }

    /// One client, one search after the other; the time of each.
    pub(crate) async fn search(&self, words: Vec<String>) -> Result<Run, Failure> {
        let requests: Vec<String> = words.iter().map(|words| format!("/api/v1/search?q={}", encoded(words))).collect();
        let token = self.token.clone();
        let mut client = Client::connect(&self.plenary.address).await?;
        let mut times = Vec::new();
        for round in 0..2 {
            for path in &requests {
                let sent = std::time::Instant::now();
                let reply = client.send(&Request::get(path, &token)).await?;
                if reply.status != 200 {
                    return Err(Failure::from(format!("{path}: {}", reply.status)));
                }
                // The first round warms the caches of the operating system.
                if round == 1 {
                    times.push(sent.elapsed());
                }
            }
        }
        Ok(Run::of(times))
    }
}

/// Where two answers differ first: a path, and what stands there on either side.
fn difference(ours: &Json, theirs: &Json) -> Option<String> {
    match (ours, theirs) {
        (Json::Object(left), Json::Object(right)) => {
            let names: BTreeSet<_> = left.keys().chain(right.keys()).collect();
            names.into_iter().find_map(|name| {
                let inside = difference(left.get(name).unwrap_or(&Json::Null), right.get(name).unwrap_or(&Json::Null))?;
                Some(format!("{name}.{inside}"))
            })
        }
        (Json::Array(left), Json::Array(right)) if left.len() == right.len() => {
            let pairs = left.iter().zip(right).enumerate();
            pairs.into_iter().find_map(|(at, (left, right))| Some(format!("{at}.{}", difference(left, right)?)))
        }
        _ => (ours != theirs).then(|| format!(" {ours} against {theirs}")),
    }
}

fn status(client: u64, count: u64) -> &'static str {
    let at = usize::try_from((client + count) % STATUSES.len() as u64).unwrap_or(0);
    STATUSES.get(at).copied().unwrap_or("new")
}

/// As it stands in an address or a form.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
