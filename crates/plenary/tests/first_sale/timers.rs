//! Many timers fall due at once, and a program that runs them is killed in the middle: on PostgreSQL another one goes on beside
//! it, on SQLite it is started again. Each timer has one effect, in the order in which they fell due. `PLENARY_RECORDS` says how
//! many; `script/prove` tries a hundred thousand.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::api::{id, text};
use crate::harness::http::escaped;
use crate::harness::world::on_both;
use crate::harness::{Api, Kind, Server, World};

/// Leads that are made in one request.
const AT_ONCE: usize = 1_000;
/// How far from its place a run may stand where two programs run beside each other: what each takes at once.
const BESIDE: usize = 2 * 64;
const RUNS: &str = "/api/v1/meta/rules/late/runs";

on_both!(killed_among_timers, super::killed_among_timers);

/// How many records: `PLENARY_RECORDS`, else as many as an ordinary run has time for.
#[expect(clippy::disallowed_methods, reason = "a test is told by its environment how much to try")]
fn wanted() -> usize {
    std::env::var("PLENARY_RECORDS").ok().and_then(|value| value.parse().ok()).unwrap_or(3_000)
}

fn killed_among_timers(world: &mut World) {
    let leads = wanted();
    let admin = world.admin();
    for first in (0..leads).step_by(AT_ONCE) {
        let made = first..leads.min(first + AT_ONCE);
        let made = made.map(|number| json!({"op": "create", "fields": {"name": format!("Lead {number}")}}));
        admin.post("/api/v1/leads/batch", json!({"operations": made.collect::<Vec<_>>()})).expect(200);
    }
    // One program alone: they are due as soon as the rule is there. Two: both know of them before they are due.
    let mut other = (world.kind == Kind::Postgres).then(|| beside(world));
    let wait = if other.is_some() { 20 + leads / 1_000 } else { 1 };
    let rule = json!({
        "name": "late", "module": "leads", "budget": 1_000_000, "if": "!has(source)",
        "when": {"event": "stayed", "states": ["new"], "after": format!("PT{wait}S")},
        "then": [{"do": "set", "fields": {"source": "\"late\""}}],
    });
    admin.post("/api/v1/meta/rules", rule).expect(201);
    thread::sleep(Duration::from_secs(u64::try_from(wait).unwrap() - 1));
    let (begun, some) = (Instant::now(), 50.min(leads / 4));
    while admin.get(&format!("{RUNS}?limit=50")).expect(200)["data"].as_array().unwrap().len() < some {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing runs");
        thread::sleep(Duration::from_millis(2));
    }
    world.server().kill();
    let admin = match &other {
        Some(other) => Api::new(other.address, admin.token.clone()),
        None => {
            world.start();
            world.admin()
        }
    };
    let done = late(&admin);
    assert!(done < leads, "it was killed before the end: {done}");
    let patience = Duration::from_secs(60 + u64::try_from(leads / 50).unwrap());
    while late(&admin) < leads {
        assert!(begun.elapsed() < patience, "{} of {leads} in {:?}", late(&admin), begun.elapsed());
        thread::sleep(Duration::from_millis(100));
    }
    let took = begun.elapsed().as_secs_f64();
    one_effect_each(&admin, leads, world.kind);
    #[expect(clippy::cast_precision_loss, reason = "a rate is told, not counted")]
    let rate = leads as f64 / took;
    println!(
        "proved: {leads} timers on {:?}, a program killed after {done} of them: one effect each, in order, in {took:.1} s, \
         {rate:.0} a second",
        world.kind
    );
    if let Some(other) = other.take() {
        other.assert_calm();
        assert_eq!(other.terminate(), Some(0));
        world.start();
    }
}

/// A second program on the same database.
fn beside(world: &World) -> Server {
    let arguments: Vec<String> = ["serve".to_owned()].into_iter().chain(world.place()).collect();
    Server::start(&arguments, &world.folder().join("beside"))
}

/// How many leads the rule has changed, once each.
fn late(admin: &Api) -> usize {
    let filter = escaped("source == \"late\" && version == 2");
    let page = admin.get(&format!("/api/v1/leads?limit=1&count=exact&filter={filter}")).expect(200);
    usize::try_from(page["total"].as_u64().unwrap()).unwrap()
}

fn one_effect_each(admin: &Api, leads: usize, kind: Kind) {
    let (mut runs, mut cursor): (Vec<Value>, String) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("{RUNS}?limit=500{cursor}")).expect(200);
        runs.extend(page["data"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={}", escaped(next));
    }
    assert!(runs.iter().all(|run| text(run, "state") == "done"), "each came to its end");
    let records: Vec<&str> = runs.iter().map(|run| text(run, "record")).collect();
    assert_eq!((records.len(), records.iter().collect::<BTreeSet<_>>().len()), (leads, leads), "one run each");
    // Newest first: in the order in which they fell due. Each of two programs takes some at once, so that what one has begun
    // ends a little before or behind what the other has.
    let mut sorted: Vec<(usize, &str)> = records.iter().copied().enumerate().collect();
    sorted.sort_by(|(_, one), (_, other)| other.cmp(one));
    let furthest = sorted.iter().enumerate().map(|(place, (was, _))| place.abs_diff(*was)).max().unwrap_or_default();
    assert!(furthest <= if kind == Kind::Sqlite { 0 } else { BESIDE }, "{furthest} from its place on {kind:?}");
    let first = admin.get("/api/v1/leads?sort=created_at&limit=1").expect(200)["data"][0].clone();
    let line = admin.get(&format!("/api/v1/leads/{}/timeline", id(&first))).expect(200);
    let changes = line["data"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "change").count();
    assert_eq!(changes, 2, "made and changed once: {line}");
}
