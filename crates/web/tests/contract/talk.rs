//! People talk about records: who reads and changes a comment, who is told of what, tags; on both databases.

use serde_json::{Value, json};

use crate::world::{Api, World, worlds};

const LEADS: &str = "/api/v1/leads";
const COMMENTS: &str = "/api/v1/comments";
const NOTICES: &str = "/api/v1/notifications";

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

async fn lead(world: &World, owner: &str) -> String {
    let lead = world.admin.post(LEADS, json!({"name": "Wanted", "owner": owner})).await.expect(201);
    id(&lead).to_owned()
}

async fn say(who: &Api, lead: &str, text: &str) -> Value {
    let about = json!({"module": "leads", "id": lead});
    who.post(COMMENTS, json!({"text": text, "about": about})).await.expect(201)
}

/// Kinds of what somebody is told, newest first, and how many they have not read.
async fn told(who: &Api) -> (Vec<String>, i64) {
    let all = who.get(NOTICES).await.expect(200);
    let kinds = all["data"].as_array().unwrap().iter().map(|notice| notice["kind"].as_str().unwrap().to_owned());
    (kinds.collect(), all["unread"].as_i64().unwrap())
}

/// Runs what is due, and answers the subjects of the letters to somebody.
async fn letters(world: &World, to: &str) -> Vec<String> {
    world.admin.post("/api/v1/sandbox/clock", json!({"advance": "PT1S"})).await.expect(200);
    let outbox = world.admin.get(&format!("/api/v1/sandbox/outbox?to={to}@example.org")).await.expect(200);
    outbox["data"].as_array().unwrap().iter().map(|letter| letter["subject"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_is_read_with_its_record_through_every_door() {
    for world in worlds() {
        let ((anna_id, anna), (_, boris)) = (world.user("anna", "salesperson"), world.user("boris", "salesperson"));
        let (_, head) = world.user("head", "head_of_sales");
        let lead = lead(&world, &anna_id.to_string()).await;
        let made =
            anna.post(COMMENTS, json!({"text": "Zebra said so", "about": {"module": "leads", "id": lead}})).await;
        let set = made.headers["change-set"].to_str().unwrap().to_owned();
        let comment = format!("{COMMENTS}/{}", id(&made.expect(201)));

        // Whoever reads the record.
        for reader in [&anna, &head, &world.admin] {
            assert_eq!(reader.get(&comment).await.expect(200)["text"], "Zebra said so");
            assert_eq!(reader.get(COMMENTS).await.expect(200)["data"].as_array().unwrap().len(), 1);
            let hits = reader.get("/api/v1/search?q=zebra").await.expect(200);
            assert_eq!(hits["data"][0]["module"], "comments", "{hits}");
            let story = reader.get(&format!("{LEADS}/{lead}/timeline")).await.expect(200);
            assert!(story["data"].as_array().unwrap().iter().any(|entry| entry["kind"] == "comments"), "{story}");
        }
        // Nobody else, by any door.
        boris.get(&comment).await.refused(404, "not_found");
        boris.get(&format!("{comment}/history")).await.refused(404, "not_found");
        boris.get(&format!("{comment}/timeline")).await.refused(404, "not_found");
        boris.get(&format!("{comment}?as_of=2090-01-01T00:00:00Z")).await.refused(404, "not_found");
        boris.get(&format!("/api/v1/change-sets/{set}")).await.refused(404, "not_found");
        boris.patch(&comment, json!({"text": "mine"})).await.refused(404, "not_found");
        boris.send("DELETE", &comment, &[], None).await.refused(404, "not_found");
        assert!(boris.get(COMMENTS).await.expect(200)["data"].as_array().unwrap().is_empty());
        assert!(boris.get("/api/v1/search?q=zebra").await.expect(200)["data"].as_array().unwrap().is_empty());
        assert!(boris.post(&format!("/api/v1/undo/{set}"), json!({})).await.status >= 403);
        let about = json!({"text": "?", "about": {"module": "leads", "id": lead}});
        boris.post(COMMENTS, about).await.faulty(&["about"]);

        // Its author alone changes it; who administers takes it away.
        head.patch(&comment, json!({"text": "No"})).await.refused(403, "update_forbidden");
        head.send("DELETE", &comment, &[], None).await.refused(403, "delete_forbidden");
        head.post(&format!("/api/v1/undo/{set}"), json!({})).await.refused(403, "delete_forbidden");
        world.admin.patch(&comment, json!({"text": "No"})).await.refused(403, "update_forbidden");
        let changed = anna.patch(&comment, json!({"text": "Zebra did"})).await;
        let change = changed.headers["change-set"].to_str().unwrap().to_owned();
        anna.patch(&comment, json!({"about": {"module": "leads", "id": lead}})).await.expect(200);
        anna.patch(&comment, json!({"mentions": []})).await.faulty(&["mentions"]);
        head.post(&format!("/api/v1/undo/{change}"), json!({})).await.refused(403, "update_forbidden");
        anna.post(&format!("/api/v1/undo/{change}"), json!({})).await.expect(200);
        assert_eq!(anna.get(&comment).await.expect(200)["text"], "Zebra said so");
        world.admin.send("DELETE", &comment, &[], None).await.expect(204);
        assert!(anna.get(COMMENTS).await.expect(200)["data"].as_array().unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_about_something_about_a_record_is_read_with_that_record() {
    for world in worlds() {
        let ((anna_id, anna), (_, boris)) = (world.user("anna", "salesperson"), world.user("boris", "salesperson"));
        let lead = lead(&world, &anna_id.to_string()).await;
        let call = json!({"subject": "Call", "about": {"module": "leads", "id": lead}, "owner": anna_id.to_string()});
        let call = anna.post("/api/v1/activities", call).await.expect(201);
        let about = json!({"module": "activities", "id": id(&call)});
        let comment = anna.post(COMMENTS, json!({"text": "Done?", "about": about})).await.expect(201);
        let comment = format!("{COMMENTS}/{}", id(&comment));
        anna.get(&comment).await.expect(200);
        boris.get(&comment).await.refused(404, "not_found");
        let about = json!({"module": "comments", "id": comment.rsplit('/').next()});
        anna.post(COMMENTS, json!({"text": "?", "about": about})).await.faulty(&["about"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_told_of_what_they_may_see_and_did_not_do() {
    for world in worlds() {
        let ((anna_id, anna), (boris_id, boris)) =
            (world.user("anna", "salesperson"), world.user("boris", "salesperson"));
        let (_, head) = world.user("head", "head_of_sales");
        let lead = lead(&world, &anna_id.to_string()).await;
        assert_eq!(told(&anna).await, (vec!["assigned".to_owned()], 1));
        assert_eq!(told(&world.admin).await, (vec![], 0), "nobody is told of their own doing");

        // Whoever may not see the record is not called to it.
        let about = json!({"module": "leads", "id": lead});
        let unseen = anna.post(COMMENTS, json!({"text": "@boris?", "about": about})).await;
        unseen.faulty(&["text"]);
        assert_eq!(unseen.json["errors"][0]["code"], "mention_unseen");
        assert_eq!(told(&boris).await.1, 0);

        say(&anna, &lead, "@Head, and anna@head is no mention").await;
        assert_eq!(told(&head).await, (vec!["mention".to_owned()], 1));
        assert_eq!(told(&anna).await.1, 1);
        // From now on the head follows.
        say(&anna, &lead, "More").await;
        anna.post(&format!("{LEADS}/{lead}/transitions/contact"), json!({})).await.expect(200);
        let expected = ["stage", "comment", "mention"].map(str::to_owned).to_vec();
        assert_eq!(told(&head).await, (expected.clone(), 3));
        let newest = head.get(NOTICES).await.expect(200)["data"][0].clone();
        assert_eq!(
            (&newest["from"], &newest["to"], &newest["title"]),
            (&json!("new"), &json!("contacted"), &json!("Wanted"))
        );
        assert_eq!(newest["actor"], anna_id.to_string());

        // Read, one and all; nobody reads those of others.
        let ids = json!({"ids": [newest["id"]]});
        assert_eq!(anna.post(&format!("{NOTICES}/read"), ids.clone()).await.expect(200)["read"], 0);
        assert_eq!(head.post(&format!("{NOTICES}/read"), ids).await.expect(200)["read"], 1);
        assert_eq!(head.get(&format!("{NOTICES}?unread=true&limit=1")).await.expect(200)["data"][0]["kind"], "comment");
        assert_eq!(head.post(&format!("{NOTICES}/read"), json!({"all": true})).await.expect(200)["read"], 2);
        assert_eq!(told(&head).await, (expected, 0));
        head.post(&format!("{NOTICES}/read"), json!({})).await.faulty(&["ids"]);

        // Who no longer follows is not told; who may no longer see is told of nothing.
        let follow = format!("{LEADS}/{lead}/follow");
        let left = head.send("PUT", &follow, &[], Some(json!({"follow": false}))).await.expect(200);
        assert_eq!(left, json!({"follow": false, "followers": 1}));
        say(&anna, &lead, "And more").await;
        assert_eq!(told(&head).await.1, 0);
        boris.get(&follow).await.refused(404, "not_found");
        boris.send("PUT", &follow, &[], Some(json!({"follow": true}))).await.refused(404, "not_found");
        let to = |owner: &str| json!({"owner": owner});
        head.patch(&format!("{LEADS}/{lead}"), to(&boris_id.to_string())).await.expect(200);
        assert_eq!(told(&boris).await, (vec!["assigned".to_owned()], 1));
        assert_eq!(told(&anna).await, (vec![], 0), "she sees the record no more");
        head.patch(&format!("{LEADS}/{lead}"), to(&anna_id.to_string())).await.expect(200);
        assert_eq!(told(&boris).await, (vec![], 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_upon_many_records_is_told_in_few_words() {
    for world in worlds() {
        let (boris_id, boris) = world.user("boris", "salesperson");
        let owner = boris_id.to_string();
        let make = |number: i32| json!({"op": "create", "fields": {"name": format!("Lead {number}"), "owner": owner}});
        let all: Vec<_> = (0..8).map(make).collect();
        world.admin.post(&format!("{LEADS}/batch"), json!({"operations": all})).await.expect(200);
        let told = boris.get(NOTICES).await.expect(200);
        let others: i64 =
            told["data"].as_array().unwrap().iter().map(|notice| notice["others"].as_i64().unwrap()).sum();
        assert_eq!((told["unread"].as_i64(), others), (Some(5), 3));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_turns_of_one_act_are_told_like_one() {
    for world in worlds() {
        let (boris_id, boris) = world.user("boris", "salesperson");
        for _ in 0..8 {
            lead(&world, &boris_id.to_string()).await;
        }
        let all = boris.get(NOTICES).await.expect(200);
        let others = all["data"].as_array().unwrap().iter().map(|notice| notice["others"].as_i64().unwrap());
        assert_eq!((all["unread"].as_i64(), others.sum::<i64>()), (Some(5), 3));
        assert_eq!(all["data"][0]["others"], 3, "the newest counts them");
        assert_eq!(letters(&world, "boris").await.len(), 5);
        // What comes later is told of its own, and so it is to whoever has read the others.
        world.admin.post("/api/v1/sandbox/clock", json!({"advance": "PT11M"})).await.expect(200);
        lead(&world, &boris_id.to_string()).await;
        assert_eq!(told(&boris).await.1, 6);
        boris.post(&format!("{NOTICES}/read"), json!({"all": true})).await.expect(200);
        lead(&world, &boris_id.to_string()).await;
        assert_eq!(told(&boris).await.1, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_calls_few_people_and_each_of_them_once() {
    for world in worlds() {
        let ((anna_id, anna), (_, head)) = (world.user("anna", "salesperson"), world.user("head", "head_of_sales"));
        let lead = lead(&world, &anna_id.to_string()).await;
        let about = json!({"module": "leads", "id": lead});
        let many = anna.post(COMMENTS, json!({"text": "@x ".repeat(31), "about": about})).await;
        many.faulty(&["text"]);
        assert_eq!(many.json["errors"][0]["code"], "too_many_mentions");
        say(&anna, &lead, &"@x ".repeat(30)).await;
        let said = format!("{COMMENTS}/{}", id(&say(&anna, &lead, "@head").await));
        for text in ["head", "@head again"] {
            anna.patch(&said, json!({"text": text})).await.expect(200);
        }
        assert_eq!(told(&head).await, (vec!["mention".to_owned()], 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_goes_by_letter_once_to_who_wants_it() {
    for world in worlds() {
        let ((anna_id, anna), (_, head)) = (world.user("anna", "salesperson"), world.user("head", "head_of_sales"));
        let lead = lead(&world, &anna_id.to_string()).await;
        assert_eq!(letters(&world, "anna").await, ["Вам передали запись: Wanted"]);
        say(&anna, &lead, "@head <b>look</b>").await;
        say(&anna, &lead, "Not by letter").await;
        assert_eq!(letters(&world, "head").await, ["Вас упомянули: Wanted"]);
        assert_eq!(letters(&world, "head").await.len(), 1, "once");
        let outbox = world.admin.get("/api/v1/sandbox/outbox?to=head@example.org").await.expect(200);
        let letter = &outbox["data"][0];
        assert!(letter["text"].as_str().unwrap().contains(&format!("/leads/{lead}")), "{letter}");
        assert!(letter["html"].as_str().unwrap().contains("&lt;b&gt;look"), "{letter}");
        let story = head.get(&format!("{LEADS}/{lead}/timeline")).await.expect(200);
        assert!(story["data"].as_array().unwrap().iter().all(|entry| entry["kind"] != "messages"), "{story}");

        // The letter is for its addressee: nobody finds it among the messages, by any door.
        let (_, secretary) = world.user("secretary", "secretary");
        let sent = format!("/api/v1/messages/{}", id(letter));
        for reader in [&head, &secretary, &world.admin] {
            reader.get(&sent).await.refused(404, "not_found");
            reader.get(&format!("{sent}/history")).await.refused(404, "not_found");
            reader.get(&format!("{sent}?as_of=2090-01-01T00:00:00Z")).await.refused(404, "not_found");
            assert!(reader.get("/api/v1/messages").await.expect(200)["data"].as_array().unwrap().is_empty());
            let hits = reader.get("/api/v1/search?q=wanted").await.expect(200);
            assert!(hits["data"].as_array().unwrap().iter().all(|hit| hit["module"] != "messages"), "{hits}");
        }

        head.patch("/api/v1/me", json!({"letters": "weekly"})).await.faulty(&["letters"]);
        head.patch("/api/v1/me", json!({"letters": "all"})).await.expect(200);
        assert_eq!(head.get(NOTICES).await.expect(200)["letters"], "all");
        say(&anna, &lead, "By letter").await;
        assert_eq!(letters(&world, "head").await.last().unwrap(), "Новый комментарий: Wanted");
        // What was read meanwhile, or is no longer wanted, is not sent.
        say(&anna, &lead, "Read at once").await;
        head.post(&format!("{NOTICES}/read"), json!({"all": true})).await.expect(200);
        assert_eq!(letters(&world, "head").await.len(), 2);
        say(&anna, &lead, "@head").await;
        head.patch("/api/v1/me", json!({"letters": "none"})).await.expect(200);
        assert_eq!(letters(&world, "head").await.len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_are_words_that_filters_know() {
    for world in worlds() {
        let tagged = json!({"name": "Anna", "tags": ["vip", " Постоянный  клиент ", "VIP"]});
        let made = world.admin.post(LEADS, tagged).await.expect(201);
        assert_eq!(made["tags"], json!(["vip", "Постоянный клиент"]));
        world.admin.post(LEADS, json!({"name": "Boris"})).await.expect(201);
        let found = async |filter: &str| {
            let page = world.admin.get(&format!("{LEADS}?count=true&filter={filter}")).await.expect(200);
            page["total"].as_i64().unwrap()
        };
        assert_eq!(found("tags.exists(t,t==%22vip%22)").await, 1);
        assert_eq!(found("tags.exists(t,t==%22cold%22)").await, 0);
        let lead = format!("{LEADS}/{}", id(&made));
        let changed = world.admin.patch(&lead, json!({"tags": ["cold"]})).await;
        let set = changed.headers["change-set"].to_str().unwrap().to_owned();
        assert_eq!((found("tags.exists(t,t==%22vip%22)").await, found("tags.exists(t,t==%22cold%22)").await), (0, 1));
        world.admin.post(&format!("/api/v1/undo/{set}"), json!({})).await.expect(200);
        assert_eq!(found("tags.exists(t,t==%22vip%22)").await, 1);
        world.admin.patch(&lead, json!({"tags": ["x".repeat(49)]})).await.faulty(&["tags"]);
        // A module of one's own has them the same way.
        let field = json!({"name": "tags", "type": "multi_choice", "open": true, "label": "Tags"});
        world.admin.post("/api/v1/meta/modules/activities/fields", field).await.expect(201);
        let call = json!({"subject": "Call", "tags": ["soon"]});
        assert_eq!(world.admin.post("/api/v1/activities", call).await.expect(201)["tags"], json!(["soon"]));
    }
}
