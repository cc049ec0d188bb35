//! The past and the way back, as a program meets them: as of, histories, change sets, undo.

use serde_json::{Value, json};

use crate::world::{Answer, Api, worlds};

fn set(answer: &Answer) -> String {
    answer.headers["change-set"].to_str().unwrap().to_owned()
}

async fn lead(api: &Api, fields: Value) -> (String, String) {
    let made = api.post("/api/v1/leads", fields).await;
    let set = set(&made);
    let id = made.expect(201)["id"].as_str().unwrap().to_owned();
    (format!("/api/v1/leads/{id}"), set)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_shown_as_it_stood() {
    for world in worlds() {
        let api = &world.admin;
        let (path, _) = lead(api, json!({"name": "Anna", "company": "Vector"})).await;
        let made = api.get(&path).await.expect(200);
        let changed = api.patch(&path, json!({"name": "Boris", "company": null})).await.expect(200);
        let at = |record: &Value| record["updated_at"].as_str().unwrap().to_owned();
        let then = api.get(&format!("{path}?as_of={}", at(&made))).await;
        assert_eq!(then.headers["etag"], "\"1\"");
        let then = then.expect(200);
        assert_eq!((&then["name"], &then["company"], &then["version"]), (&json!("Anna"), &json!("Vector"), &json!(1)));
        assert_eq!(then["updated_at"], made["updated_at"]);
        assert_eq!(api.get(&format!("{path}?as_of={}", at(&changed))).await.expect(200)["name"], "Boris");
        let fields = api.get(&format!("{path}?as_of={}&fields=name", at(&made))).await.expect(200);
        assert_eq!(fields.as_object().unwrap().len(), 2);
        api.send("DELETE", &path, &[], None).await.expect(204);
        assert_eq!(api.get(&format!("{path}?as_of={}", at(&made))).await.expect(200)["name"], "Anna", "from the bin");
        api.get(&format!("{path}?as_of=2001-01-01T00:00:00Z")).await.refused(404, "not_found");
        for malformed in ["", "yesterday", "2026-11-22", "2026-11-22T10:00:00", "1763800000"] {
            api.get(&format!("{path}?as_of={malformed}")).await.refused(400, "invalid_parameter");
        }
        let list = api.get(&format!("/api/v1/leads?deleted=true&as_of={}", at(&made))).await.expect(200);
        assert_eq!(list["data"][0]["name"], "Anna", "found as the list stands today, shown as it stood");
        let list = api.get("/api/v1/leads?deleted=true&as_of=2001-01-01T00:00:00Z").await.expect(200);
        assert_eq!(list["data"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timeline_is_read_page_by_page() {
    for world in worlds() {
        let api = &world.admin;
        let (path, _) = lead(api, json!({"name": "n0"})).await;
        let about = json!({"module": "leads", "id": path.rsplit('/').next().unwrap()});
        for number in 1..6 {
            api.patch(&path, json!({"name": format!("n{number}")})).await.expect(200);
            api.post("/api/v1/comments", json!({"text": format!("c{number}"), "about": about})).await.expect(201);
        }
        let timeline = format!("{path}/timeline");
        let whole = api.get(&timeline).await.expect(200);
        assert_eq!(whole["next_cursor"], Value::Null);
        let whole = whole["data"].as_array().unwrap().clone();
        assert_eq!(whole.len(), 11);
        let kinds: Vec<&str> = whole.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds[..3], ["comments", "change", "comments"]);
        for limit in [1, 3, 4, 10] {
            let (mut read, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = api.get(&format!("{timeline}?limit={limit}&cursor={cursor}")).await.expect(200);
                let entries = page["data"].as_array().unwrap();
                assert!(entries.len() <= limit && !entries.is_empty(), "{page}");
                read.extend(entries.iter().cloned());
                let Some(next) = page["next_cursor"].as_str() else { break };
                assert!(next.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)), "{next}");
                next.clone_into(&mut cursor);
                assert!(read.len() < 12, "{read:?}");
            }
            assert_eq!(read, whole, "pages of {limit}");
        }
        for cursor in ["nonsense", "1", "1_2", "1___________________", "x______", "______x"] {
            api.get(&format!("{timeline}?cursor={cursor}")).await.refused(400, "invalid_cursor");
        }
        for limit in ["0", "501", "x"] {
            api.get(&format!("{timeline}?limit={limit}")).await.refused(400, "invalid_parameter");
        }
        api.get(&format!("{timeline}?sort=name")).await.refused(400, "unknown_parameter");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_has_a_history() {
    for world in worlds() {
        let api = &world.admin;
        let (path, _) = lead(api, json!({"name": "n0"})).await;
        for number in 1..4 {
            api.patch(&path, json!({"name": format!("n{number}"), "company": "Vector"})).await.expect(200);
        }
        let first = api.get(&format!("{path}/history?field=name&limit=2")).await.expect(200);
        let pairs = |page: &Value| -> Vec<Value> {
            page["data"].as_array().unwrap().iter().map(|entry| entry["fields"].clone()).collect()
        };
        let pair = |before: Value, after: &str| json!([{"field": "name", "before": before, "after": after}]);
        assert_eq!(pairs(&first), [pair(json!("n2"), "n3"), pair(json!("n1"), "n2")]);
        assert_eq!((&first["data"][0]["actor"], &first["data"][0]["source"]), (&json!(world.admin_id), &json!("api")));
        let cursor = first["next_cursor"].as_str().unwrap();
        let rest = api.get(&format!("{path}/history?field=name&limit=2&cursor={cursor}")).await.expect(200);
        assert_eq!(pairs(&rest), [pair(json!("n0"), "n1"), pair(Value::Null, "n0")]);
        assert_eq!(rest["next_cursor"], Value::Null);
        assert_eq!(
            api.get(&format!("{path}/history?field=company")).await.expect(200)["data"].as_array().unwrap().len(),
            1
        );
        assert_eq!(api.get(&format!("{path}/history")).await.expect(200)["data"].as_array().unwrap().len(), 4);
        api.get(&format!("{path}/history?field=nothing")).await.refused(400, "unknown_field");
        api.get(&format!("{path}/history?colour=red")).await.refused(400, "unknown_parameter");
        for limit in ["0", "501", "many"] {
            api.get(&format!("{path}/history?limit={limit}")).await.refused(400, "invalid_parameter");
        }
        for cursor in ["x", "-1", "0"] {
            api.get(&format!("{path}/history?cursor={cursor}")).await.refused(400, "invalid_cursor");
        }
        let (_, door) = world.user("dora", "door");
        door.get(&format!("{path}/history?field=name")).await.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_write_is_taken_back_by_its_change_set() {
    for world in worlds() {
        let api = &world.admin;
        let (path, made) = lead(api, json!({"name": "Anna"})).await;
        let changed = set(&api.patch(&path, json!({"name": "Boris", "readiness": "hot"})).await);
        let undone = api.post(&format!("/api/v1/undo/{changed}"), json!({})).await;
        let new = set(&undone);
        let undone = undone.expect(200);
        assert_eq!((&undone["id"], &undone["undoes"]), (&json!(new), &json!(changed)));
        assert_eq!(undone["changes"][0]["operation"], "update");
        let now = api.get(&path).await.expect(200);
        assert_eq!((&now["name"], &now["readiness"], &now["version"]), (&json!("Anna"), &Value::Null, &json!(3)));
        let again = api.post(&format!("/api/v1/undo/{changed}"), json!({})).await;
        again.refused(409, "already_undone");
        assert!(again.json["detail"].as_str().unwrap().contains(&new), "{}", again.text);
        let head = api.get(&format!("/api/v1/change-sets/{changed}")).await.expect(200);
        assert_eq!((&head["undone_by"], &head["actor"]), (&json!(new), &json!(world.admin_id)));
        api.post(&format!("/api/v1/undo/{new}"), json!({})).await.expect(200);
        assert_eq!(api.get(&path).await.expect(200)["name"], "Boris", "undo of an undo does it again");

        let refused = api.post(&format!("/api/v1/undo/{made}"), json!({})).await;
        refused.refused(409, "undo_conflict");
        let conflict =
            refused.json["conflicts"].as_array().unwrap().iter().find(|it| it["field"] == "name").unwrap().clone();
        assert_eq!(
            [&conflict["before"], &conflict["after"], &conflict["now"]],
            [&Value::Null, &json!("Anna"), &json!("Boris")]
        );
        assert_eq!(conflict["changed"]["actor"], json!(world.admin_id));
        assert!(refused.json["errors"][0]["field"].as_str().unwrap().starts_with("leads/"), "{}", refused.text);
        api.post(&format!("/api/v1/undo/{made}"), json!({"conflicts": "overwrite"})).await.expect(200);
        assert!(api.get(&path).await.expect(200)["deleted_at"].is_string());

        api.post(&format!("/api/v1/undo/{made}"), json!({"conflicts": "maybe"})).await.faulty(&["conflicts"]);
        api.post(&format!("/api/v1/undo/{made}"), json!({"force": true})).await.faulty(&["force"]);
        api.post("/api/v1/undo/nonsense", json!({})).await.refused(404, "not_found");
        api.post("/api/v1/undo/0190a000-0000-7000-8000-000000000000", json!({})).await.refused(404, "not_found");
        let (_, door) = world.user("dora", "door");
        door.post(&format!("/api/v1/undo/{changed}"), json!({})).await.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_and_a_removal_are_taken_back_and_a_repeat_answers_alike() {
    for world in worlds() {
        let api = &world.admin;
        let (one, _) = lead(api, json!({"name": "One"})).await;
        let (two, _) = lead(api, json!({"name": "Two", "email": "two@example.org"})).await;
        let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
        let operations = json!({"operations": [
            {"op": "update", "id": id(&one), "fields": {"name": "Uno"}}, {"op": "delete", "id": id(&two)},
            {"op": "create", "fields": {"name": "Three"}},
        ]});
        let batch = set(&api.post("/api/v1/leads/batch", operations).await);
        let first = api.post_once("k1", &format!("/api/v1/undo/{batch}"), json!({})).await;
        let repeat = api.post_once("k1", &format!("/api/v1/undo/{batch}"), json!({})).await;
        assert_eq!((first.status, &first.text), (200, &repeat.text));
        assert_eq!(api.get(&one).await.expect(200)["name"], "One");
        assert_eq!(api.get("/api/v1/leads?q=two").await.expect(200)["data"].as_array().unwrap().len(), 1);
        assert_eq!(api.get("/api/v1/leads?deleted=true").await.expect(200)["data"][0]["name"], "Three");

        let purged = set(&api.send("DELETE", &format!("{two}?purge=true"), &[], None).await);
        api.get(&two).await.refused(404, "not_found");
        api.post(&format!("/api/v1/undo/{purged}"), json!({})).await.expect(200);
        let back = api.get(&two).await.expect(200);
        assert_eq!((&back["email"], back["version"].as_i64()), (&json!("two@example.org"), Some(5)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_go_back_by_their_own_operations() {
    for world in worlds() {
        let api = &world.admin;
        let kind = world.event("harbour").await;
        let event = api.get(&format!("/api/v1/ticket_types/{kind}")).await.expect(200)["event"].clone();
        let buyer = json!({"name": "Anna", "email": "anna@example.org"});
        let order = json!({"event": event, "buyer": buyer, "tickets": [{"ticket_type": kind}]});
        let placed = api.post("/api/v1/orders", order).await;
        let set_of_order = set(&placed);
        let order = placed.expect(201);
        let path = format!("/api/v1/orders/{}", order["id"].as_str().unwrap());
        let paid = api.post("/api/v1/payments", json!({"amount": order["total"], "order": order["id"]})).await;
        let refused = api.post(&format!("/api/v1/undo/{}", set(&paid)), json!({})).await;
        refused.refused(409, "undo_by_operation");
        assert!(refused.json["detail"].as_str().unwrap().contains("unassign"), "{}", refused.text);
        api.post(&format!("/api/v1/undo/{set_of_order}"), json!({})).await.refused(409, "undo_conflict");
        let cancelled = set(&api.post(&format!("{path}/transitions/cancel"), json!({})).await);
        api.post(&format!("/api/v1/undo/{cancelled}"), json!({})).await.expect(200);
        let back = api.get(&path).await.expect(200);
        assert_eq!((&back["status"], &back["paid"]), (&json!("paid"), &order["total"]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_again_is_taken_back_again() {
    for world in worlds() {
        let api = &world.admin;
        let (path, _) = lead(api, json!({"name": "Anna"})).await;
        let changed = set(&api.patch(&path, json!({"name": "Boris"})).await);
        let undo = |set: &str| format!("/api/v1/undo/{set}");
        let back = set(&api.post(&undo(&changed), json!({})).await);
        let again = set(&api.post(&undo(&back), json!({})).await);
        let head = async |set: &str| api.get(&format!("/api/v1/change-sets/{set}")).await.expect(200);
        assert_eq!(head(&changed).await["undone_by"], Value::Null, "it stands again");
        assert_eq!(head(&back).await["undone_by"], json!(again));
        let twice = api.post(&undo(&changed), json!({})).await.expect(200);
        assert_eq!(twice["undoes"], json!(again), "by way of what did it again");
        assert_eq!(api.get(&path).await.expect(200)["name"], "Anna");
        assert_eq!(head(&changed).await["undone_by"], twice["id"]);
        api.post(&undo(&changed), json!({})).await.refused(409, "already_undone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_way_back_says_why_by_a_code() {
    for world in worlds() {
        let api = &world.admin;
        let paid = api.post("/api/v1/payments", json!({"amount": {"amount": "10.00", "currency": "RUB"}})).await;
        let refused = api.post(&format!("/api/v1/undo/{}", set(&paid)), json!({})).await;
        refused.refused(409, "undo_by_operation");
        assert_eq!(refused.json["errors"][0]["code"], "payment_booked");
        assert_eq!(refused.json["errors"][0]["field"], "payments");
    }
}
