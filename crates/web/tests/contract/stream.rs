//! Changes as they happen: told at once, to those who may hear of them, nothing missed and nothing for strangers.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tokio::time::timeout;
use tower::ServiceExt as _;

use crate::world::{Api, World, worlds};

const LEADS: &str = "/api/v1/leads";
/// Longer than a look at the log by another program takes.
const PATIENCE: Duration = Duration::from_secs(20);
/// In so long a time what must not come would have come.
const SILENCE: Duration = Duration::from_secs(3);

/// One event.
#[derive(Debug, Default)]
struct Told {
    kind: String,
    id: Option<String>,
    data: Value,
}

/// A stream that is open.
struct Stream {
    body: Body,
    text: String,
    /// The id of the last event that had one.
    last: String,
}

impl Stream {
    /// Opens it, and waits until nothing is missed any more. Also answers what came before.
    async fn open(world: &World, token: &str, query: &str, again: Option<&str>) -> (Self, Vec<Told>) {
        let mut request = Request::get(format!("/api/v1/stream{query}")).header("authorization", token);
        if let Some(id) = again {
            request = request.header("last-event-id", id);
        }
        let response = world.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut stream = Self { body: response.into_body(), text: String::new(), last: String::new() };
        let mut before = Vec::new();
        loop {
            let told = stream.next(PATIENCE).await.unwrap();
            if told.kind == "ready" {
                return (stream, before);
            }
            before.push(told);
        }
    }

    /// The next event; nothing when the stream has ended or nothing comes for so long.
    async fn next(&mut self, patience: Duration) -> Option<Told> {
        timeout(patience, async {
            loop {
                while let Some((event, rest)) = self.text.split_once("\n\n") {
                    let (event, rest) = (event.to_owned(), rest.to_owned());
                    self.text = rest;
                    if let Some(told) = self.read(&event) {
                        return Some(told);
                    }
                }
                let frame = self.body.frame().await?.unwrap();
                self.text.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
            }
        })
        .await
        .unwrap_or(None)
    }

    fn read(&mut self, event: &str) -> Option<Told> {
        let mut told = Told::default();
        for line in event.lines() {
            match line.split_once(':').map(|(name, value)| (name, value.trim_start())) {
                Some(("event", kind)) => kind.clone_into(&mut told.kind),
                Some(("id", id)) => {
                    told.id = Some(id.to_owned());
                    id.clone_into(&mut self.last);
                }
                Some(("data", data)) => told.data = serde_json::from_str(data).unwrap(),
                _ => {}
            }
        }
        (!told.kind.is_empty()).then_some(told)
    }

    async fn ended(&mut self) -> bool {
        timeout(PATIENCE, async { while self.body.frame().await.is_some() {} }).await.is_ok()
    }
}

fn record(record: &Value) -> String {
    record["id"].as_str().unwrap().to_owned()
}

async fn lead(api: &Api, fields: Value) -> String {
    record(&api.post(LEADS, fields).await.expect(201))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_told_with_all_that_is_needed_to_follow_it() {
    for world in worlds() {
        let token = world.token(world.admin_id, "listener", &[]);
        let (mut stream, _) = Stream::open(&world, &token, "", None).await;
        let account = record(&world.admin.post("/api/v1/accounts", json!({"name": "Vector"})).await.expect(201));
        let made = stream.next(PATIENCE).await.unwrap();
        assert_eq!((made.kind.as_str(), &made.data["operation"]), ("change", &json!("create")));
        let contact = json!({"name": "Anna Reed", "account": account});
        let contact = record(&world.admin.post("/api/v1/contacts", contact).await.expect(201));
        let made = stream.next(PATIENCE).await.unwrap().data;
        assert_eq!((&made["module"], &made["id"], &made["version"]), (&json!("contacts"), &json!(contact), &json!(1)));
        assert!(made["links"].as_array().unwrap().contains(&json!(account)), "{made}");
        let answer = world.admin.patch(&format!("/api/v1/contacts/{contact}"), json!({"position": "CTO"})).await;
        let set = answer.headers["change-set"].to_str().unwrap().to_owned();
        let changed = stream.next(PATIENCE).await.unwrap().data;
        assert_eq!((&changed["operation"], &changed["version"]), (&json!("update"), &json!(2)));
        assert_eq!((&changed["change_set"], &changed["fields"]), (&json!(set), &json!(["position"])));
        assert_eq!(changed["actor"], json!(world.admin_id.to_string()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_hears_of_what_they_may_not_see() {
    for world in worlds() {
        let (sam, _) = world.user("sam", "salesperson");
        let (door, _) = world.user("dora", "door");
        let (mut sams, _) = Stream::open(&world, &world.token(sam, "sams", &[]), "", None).await;
        let (mut doors, _) = Stream::open(&world, &world.token(door, "doors", &[]), "", None).await;
        let theirs = lead(&world.admin, json!({"name": "Theirs", "owner": world.admin_id.to_string()})).await;
        world.admin.patch(&format!("{LEADS}/{theirs}"), json!({"company": "Vector"})).await.expect(200);
        // The log is told in its order: who hears of this has been passed over for what came before.
        let own = lead(&world.admin, json!({"name": "Own", "owner": sam.to_string()})).await;
        assert_eq!(sams.next(PATIENCE).await.unwrap().data["id"], json!(own));
        // What was given to them is theirs from now on.
        world.admin.patch(&format!("{LEADS}/{theirs}"), json!({"owner": sam.to_string()})).await.expect(200);
        let given = sams.next(PATIENCE).await.unwrap().data;
        assert_eq!((&given["id"], &given["fields"]), (&json!(theirs), &json!(["owner"])));
        // The door sees ticket types, but no prices: of a change of prices alone it hears nothing.
        let kind = world.event("spring").await;
        let made: BTreeSet<String> = [doors.next(PATIENCE).await, doors.next(PATIENCE).await]
            .map(|told| told.unwrap().data["module"].as_str().unwrap().to_owned())
            .into();
        assert_eq!(made, BTreeSet::from(["events".to_owned(), "ticket_types".to_owned()]));
        let tiers = json!([{"price": {"amount": "200.00", "currency": "RUB"}, "from": null, "until": null}]);
        world.admin.patch(&format!("/api/v1/ticket_types/{kind}"), json!({"price_tiers": tiers})).await.expect(200);
        assert!(doors.next(SILENCE).await.is_none());
        world
            .admin
            .patch(&format!("/api/v1/ticket_types/{kind}"), json!({"name": "Hall", "quota": 9}))
            .await
            .expect(200);
        assert_eq!(doors.next(PATIENCE).await.unwrap().data["id"], json!(kind));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_is_told_to_whoever_comes_again() {
    for world in worlds() {
        let token = world.token(world.admin_id, "listener", &[]);
        let (mut stream, _) = Stream::open(&world, &token, "", None).await;
        lead(&world.admin, json!({"name": "First"})).await;
        stream.next(PATIENCE).await.unwrap();
        let last = stream.last.clone();
        drop(stream);
        let missed = [lead(&world.admin, json!({"name": "A"})).await, lead(&world.admin, json!({"name": "B"})).await];
        for (query, again) in [(String::new(), Some(last.as_str())), (format!("?after={last}"), None)] {
            let (mut stream, before) = Stream::open(&world, &token, &query, again).await;
            let ids: Vec<_> = before.iter().map(|told| told.data["id"].as_str().unwrap()).collect();
            assert_eq!(ids, missed);
            assert!(stream.next(Duration::from_millis(500)).await.is_none(), "nothing comes twice");
        }
        let wrong = Request::get("/api/v1/stream?after=x").header("authorization", &token).body(Body::empty()).unwrap();
        assert_eq!(world.router().oneshot(wrong).await.unwrap().status(), 400);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_program_writes_is_told() {
    for world in worlds() {
        let token = world.token(world.admin_id, "listener", &[]);
        let (mut stream, _) = Stream::open(&world, &token, "", None).await;
        let (_, second) = world.second_program();
        let id = lead(&second, json!({"name": "Elsewhere"})).await;
        assert_eq!(stream.next(PATIENCE).await.unwrap().data["id"], json!(id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_the_right_to_listen() {
    for world in worlds() {
        world.anybody().get("/api/v1/stream").await.refused(401, "unauthenticated");
        let (anna, api) = world.user("anna", "administrator");
        let (mut stream, _) = Stream::open(&world, &world.token(anna, "live", &[]), "", None).await;
        api.get("/api/v1/me").await.expect(200);
        world.admin.patch(&format!("/api/v1/meta/users/{anna}"), json!({"active": false})).await.expect(200);
        lead(&world.admin, json!({"name": "After"})).await;
        assert!(stream.next(Duration::from_millis(1)).await.is_none());
        assert!(stream.ended().await, "who is kept out hears nothing more");
        assert!(!stream.text.contains("change"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_holds_so_many_streams_and_no_more() {
    let world = worlds().remove(0);
    let token = world.token(world.admin_id, "many", &[]);
    let mut open = Vec::new();
    for _ in 0..24 {
        open.push(Stream::open(&world, &token, "", None).await);
    }
    world.with_token(&token).get("/api/v1/stream").await.refused(429, "too_many_streams");
    drop(open);
    // That a listener is gone is noticed at once.
    tokio::time::sleep(Duration::from_millis(300)).await;
    Stream::open(&world, &token, "", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_burst_only_is_told_where_it_was() {
    for world in worlds() {
        let token = world.token(world.admin_id, "listener", &[]);
        let (door, _) = world.user("dora", "door");
        let (mut stream, _) = Stream::open(&world, &token, "", None).await;
        let (mut doors, _) = Stream::open(&world, &world.token(door, "doors", &[]), "", None).await;
        let make = |work: &mut store::Work<'_>| {
            let name = |number: i32| store::Draft::new().set("name", format!("Vector {number}"));
            (0..3_000).try_for_each(|number| work.create("leads", name(number)).map(drop))
        };
        let origin = store::Origin::from("import");
        world.workspace.write_blocking(model::Actor::System("test"), origin, make).unwrap();
        let mut told = vec![stream.next(PATIENCE).await.unwrap()];
        while let Some(more) = stream.next(SILENCE).await {
            told.push(more);
        }
        assert!(told.len() <= 12, "three thousand changes are {} events", told.len());
        for event in &told {
            assert_eq!((event.kind.as_str(), &event.data), ("many", &json!({"modules": ["leads"]})));
        }
        assert!(doors.next(SILENCE).await.is_none(), "whoever sees none of it hears of none");
        let last = stream.last.clone();
        let id = lead(&world.admin, json!({"name": "After"})).await;
        let after = stream.next(PATIENCE).await.unwrap();
        assert_eq!((after.kind.as_str(), &after.data["id"]), ("change", &json!(id)), "one is told as one again");
        // Where others write at the same moment, the burst may be told once more.
        let (_, missed) = Stream::open(&world, &token, "", Some(&last)).await;
        assert!((1..=12).contains(&missed.len()), "whoever comes again is told as briefly: {missed:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_follows_at_once_is_told_a_moment_later_and_not_lost() {
    for world in worlds() {
        let token = world.token(world.admin_id, "listener", &[]);
        let (mut stream, _) = Stream::open(&world, &token, "", None).await;
        let mut made = Vec::new();
        for number in 0..40 {
            made.push(lead(&world.admin, json!({"name": format!("Anna {number}")})).await);
        }
        let mut told = Vec::new();
        while told.len() < made.len() {
            let event = stream.next(PATIENCE).await.unwrap();
            assert_eq!(event.kind, "change");
            told.push(event.data["id"].as_str().unwrap().to_owned());
        }
        assert_eq!(told, made, "each once, in their order");
    }
}
