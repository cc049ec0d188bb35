//! Requests that others carry are taken in once, whoever brings them how often; what no database keeps is told by its field.

use serde_json::{Value, json};

use crate::world::{Answer, Api, worlds};

const INTAKE: &str = "/api/v1/intake";
const LEADS: &str = "/api/v1/leads";
/// Who bring the same at once.
const AT_ONCE: usize = 8;

fn form(external_id: &str, fields: Value) -> Value {
    json!({"source": "form", "module": "leads", "fields": fields, "external_id": external_id})
}

async fn at_once(who: &Api, bodies: Vec<Value>) -> Vec<Answer> {
    let sent: Vec<_> = bodies
        .into_iter()
        .map(|body| {
            let who = who.clone();
            tokio::spawn(async move { who.post(INTAKE, body).await })
        })
        .collect();
    let mut answers = Vec::new();
    for sent in sent {
        answers.push(sent.await.unwrap());
    }
    answers
}

async fn count(who: &Api, path: &str) -> usize {
    who.get(&format!("{path}?limit=100")).await.expect(200)["data"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn process_0_the_same_request_twice_is_one() {
    for world in worlds() {
        let (_, secretary) = world.user("secretary", "secretary");
        let anna = json!({"name": "Анна Котова", "email": "kotova@romashka.example"});
        let first = secretary.post(INTAKE, form("form-1", anna.clone())).await.expect(201);
        assert_eq!(secretary.post(INTAKE, form("form-1", anna.clone())).await.expect(201), first, "one and the same");
        // Another source counts for itself; without a name of its own every request is a new one.
        let letter = json!({"source": "letter", "module": "leads", "fields": anna, "external_id": "form-1"});
        assert_ne!(secretary.post(INTAKE, letter).await.expect(201), first);
        let nameless = json!({"source": "form", "module": "leads", "fields": {"name": "Пётр Ли"}});
        secretary.post(INTAKE, nameless.clone()).await.expect(201);
        secretary.post(INTAKE, nameless).await.expect(201);
        assert_eq!(count(&world.admin, LEADS).await, 4);
        // What was taken in stays taken in, also when the lead is gone.
        let lead = first["made"]["id"].as_str().unwrap();
        world.admin.send("DELETE", &format!("{LEADS}/{lead}"), &[], None).await;
        let again = form("form-1", json!({"name": "Анна Котова"}));
        assert_eq!(secretary.post(INTAKE, again).await.expect(201), first);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_bring_the_same_at_once_one_makes_it() {
    for world in worlds() {
        let (_, secretary) = world.user("secretary", "secretary");
        for (round, fields, path) in [
            ("good", json!({"name": "Анна Котова", "email": "kotova@romashka.example"}), LEADS),
            ("bad", json!({"name": "Анна Котова", "email": "kotova-at-romashka"}), "/api/v1/rejected_requests"),
        ] {
            let before = count(&world.admin, path).await;
            let answers = at_once(&secretary, vec![form(round, fields.clone()); AT_ONCE]).await;
            let first = answers.first().unwrap().json.clone();
            assert!(answers.iter().all(|answer| answer.json == first && answer.status < 300), "{answers:?}");
            assert_eq!(count(&world.admin, path).await, before + 1, "{round}");
            // The control: what is called otherwise is not held up by that, and is made as often as it is brought.
            let others = (0..AT_ONCE).map(|number| form(&format!("{round}-{number}"), fields.clone())).collect();
            assert!(at_once(&secretary, others).await.iter().all(|answer| answer.status < 300));
            assert_eq!(count(&world.admin, path).await, before + 1 + AT_ONCE, "{round}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_kept_is_told_by_its_field() {
    for world in worlds() {
        let (_, secretary) = world.user("secretary", "secretary");
        let long = "x".repeat(201);
        let name = json!({"name": "Анна"});
        secretary.post(INTAKE, form(&long, name.clone())).await.faulty(&["external_id"]);
        secretary.post(INTAKE, form(&"x".repeat(200), name.clone())).await.expect(201);
        secretary.post(INTAKE, form("a\0b", name)).await.faulty(&["external_id"]);
        secretary.post(INTAKE, form("nul", json!({"name": "A\0B"}))).await.faulty(&["fields.name"]);
        secretary.post(INTAKE, form("nul", json!({"tags": ["a", "b\0"]}))).await.faulty(&["fields.tags"]);
        let source = json!({"source": "fo\0rm", "module": "leads", "fields": {}});
        secretary.post(INTAKE, source).await.faulty(&["source"]);
        assert_eq!(count(&world.admin, LEADS).await, 1);
        assert_eq!(count(&world.admin, "/api/v1/rejected_requests").await, 0);
    }
}
