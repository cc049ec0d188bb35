//! A generated life of some records through the API: every moment of it can be looked back to, and every step is taken back
//! exactly, or refused with the reason and nothing done.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::world::{Answer, Api, worlds};

/// A small generator of repeatable chance (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }

    fn some(&mut self) -> Value {
        let words = ["Anna", "Boris", "Вера", "Пётр", "Zoé"];
        let company = ["Vector", "Ardent", "Ёлка"];
        match self.below(4) {
            0 => json!({"name": words[self.below(5)]}),
            1 => json!({"company": company[self.below(3)]}),
            2 => json!({"company": null, "need": words[self.below(5)]}),
            _ => json!({"name": words[self.below(5)], "tags": [words[self.below(5)]]}),
        }
    }
}

/// Everything that is seen of the records by the API; nothing of those that are in the bin.
type Seen = BTreeMap<String, Option<Value>>;

struct Life<'w> {
    api: &'w Api,
    ids: Vec<String>,
    dice: Dice,
}

impl Life<'_> {
    async fn seen(&self, as_of: Option<&str>) -> Seen {
        let mut all = Seen::new();
        for id in &self.ids {
            let moment = as_of.map(|moment| format!("?as_of={moment}")).unwrap_or_default();
            let answer = self.api.get(&format!("/api/v1/leads/{id}{moment}")).await;
            let is_there = answer.status == 200 && answer.json["deleted_at"].is_null();
            assert!(is_there || answer.status == 404 || answer.status == 200, "{}", answer.text);
            let mut record = answer.json.clone();
            // What is worked out from others has no past.
            for name in ["is_reachable", "requests"] {
                record.as_object_mut().map(|fields| fields.remove(name));
            }
            all.insert(id.clone(), is_there.then_some(record));
        }
        all
    }

    /// One act, and the moment after it.
    async fn act(&mut self) -> (String, String) {
        let some = self.dice.below(self.ids.len());
        let (path, fields) = (format!("/api/v1/leads/{}", self.ids[some]), self.dice.some());
        let is_there = self.api.get(&path).await.json["deleted_at"].is_null();
        let answer = match self.dice.below(6) {
            _ if !is_there => self.api.post(&format!("{path}/restore"), json!({})).await,
            0 => self.api.send("DELETE", &path, &[], None).await,
            1 | 2 => {
                let mut operations = vec![json!({"op": "update", "id": self.ids[some], "fields": fields})];
                let other = self.dice.below(self.ids.len());
                if other != some && self.api.get(&format!("/api/v1/leads/{}", self.ids[other])).await.status == 200 {
                    operations.push(json!({"op": "update", "id": self.ids[other], "fields": self.dice.some()}));
                }
                let body = json!({"atomic": false, "operations": operations});
                self.api.post("/api/v1/leads/batch", body).await
            }
            _ => self.api.patch(&path, fields).await,
        };
        assert!((200..300).contains(&answer.status), "{}", answer.text);
        (set(&answer), self.later().await)
    }

    async fn later(&self) -> String {
        let moved = self.api.post("/api/v1/sandbox/clock", json!({"advance": "PT1S"})).await.expect(200);
        moved["now"].as_str().unwrap().to_owned()
    }
}

/// The change set of an answer; none where nothing was written.
fn set(answer: &Answer) -> String {
    answer.headers.get("change-set").map_or("", |set| set.to_str().unwrap()).to_owned()
}

/// The same but for what every change moves on.
fn without_versions(seen: &Seen) -> Seen {
    let mut seen = seen.clone();
    for record in seen.values_mut().flatten().filter_map(Value::as_object_mut) {
        record.remove("version");
        record.remove("updated_at");
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn a_generated_life_is_looked_back_to_and_taken_back() {
    for world in worlds() {
        let mut back = 0;
        for seed in 0..4 {
            let mut life = Life { api: &world.admin, ids: Vec::new(), dice: Dice(seed) };
            for name in ["One", "Two", "Three"] {
                let made = world.admin.post("/api/v1/leads", json!({"name": name})).await.expect(201);
                life.ids.push(made["id"].as_str().unwrap().to_owned());
            }
            let mut moments = vec![(String::new(), life.later().await, life.seen(None).await)];
            for _ in 0..14 {
                let (set, moment) = life.act().await;
                moments.push((set, moment, life.seen(None).await));
            }
            for (_, moment, seen) in &moments {
                assert_eq!(&life.seen(Some(moment)).await, seen, "seed {seed}, as of {moment}");
            }
            // Somewhere in the middle: exactly, or not at all.
            let (of, ..) = &moments[1 + life.dice.below(14)];
            let before = life.seen(None).await;
            let answer = world.admin.post(&format!("/api/v1/undo/{of}"), json!({})).await;
            if answer.status == 200 {
                let again = set(&answer);
                world.admin.post(&format!("/api/v1/undo/{again}"), json!({})).await.expect(200);
            } else {
                assert_eq!(answer.status, if of.is_empty() { 404 } else { 409 }, "{}", answer.text);
            }
            assert_eq!(without_versions(&life.seen(None).await), without_versions(&before), "seed {seed}");
            // The whole way back, the last first.
            for place in (1..moments.len()).rev() {
                let ((set, ..), then) = (&moments[place], &moments[place - 1].2);
                let before = without_versions(&life.seen(None).await);
                let answer = world.admin.post(&format!("/api/v1/undo/{set}"), json!({})).await;
                let now = without_versions(&life.seen(None).await);
                if answer.status != 200 && !set.is_empty() {
                    // What went to the bin once more went there at another moment.
                    assert_eq!(answer.json["conflicts"][0]["field"], "deleted_at", "{}", answer.text);
                    assert_eq!(now, before, "seed {seed}, step {place}: refused, and nothing done");
                    break;
                }
                assert_eq!(now, without_versions(then), "seed {seed}, step {place}");
                back += 1;
            }
        }
        assert!(back > 8, "only {back} steps were taken back");
    }
}
