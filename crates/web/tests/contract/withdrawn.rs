//! Nobody is told that a record is theirs when it is no longer; on both databases.

use serde_json::{Value, json};

use crate::world::{Api, World, worlds};

const LEADS: &str = "/api/v1/leads";
const NOTICES: &str = "/api/v1/notifications";

async fn leads(world: &World, count: usize) -> Vec<String> {
    let mut made = Vec::new();
    for number in 0..count {
        let lead = json!({"name": format!("Lead {number}"), "owner": null});
        let lead = world.admin.post(LEADS, lead).await.expect(201);
        made.push(lead["id"].as_str().unwrap().to_owned());
    }
    made
}

/// Hands records over in one act; answers its change set.
async fn hand_over(world: &World, leads: &[String], owner: &str) -> String {
    let one = |id: &String| json!({"op": "update", "id": id, "fields": {"owner": owner}});
    let all: Vec<_> = leads.iter().map(one).collect();
    let answer = world.admin.post(&format!("{LEADS}/batch"), json!({"operations": all})).await;
    let set = answer.headers["change-set"].to_str().unwrap().to_owned();
    answer.expect(200);
    set
}

async fn undo(world: &World, set: &str) {
    world.admin.post(&format!("/api/v1/undo/{set}"), json!({})).await.expect(200);
}

async fn letters(world: &World, to: &str) -> usize {
    world.admin.post("/api/v1/sandbox/clock", json!({"advance": "PT1S"})).await.expect(200);
    let outbox = world.admin.get(&format!("/api/v1/sandbox/outbox?to={to}@example.org")).await.expect(200);
    outbox["data"].as_array().unwrap().len()
}

/// What somebody is told that they have not read, and how many others that counts.
async fn unread(who: &Api) -> (i64, i64) {
    let all = who.get(NOTICES).await.expect(200);
    let is_unread = |notice: &&Value| notice["read_at"].is_null();
    let others = all["data"].as_array().unwrap().iter().filter(is_unread);
    (all["unread"].as_i64().unwrap(), others.map(|notice| notice["others"].as_i64().unwrap()).sum())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assignment_that_is_undone_is_told_no_more_and_no_letter_goes() {
    for world in worlds() {
        // She sees every record, whoever's it is.
        let (head_id, head) = world.user("head", "head_of_sales");
        let leads = leads(&world, 8).await;
        let set = hand_over(&world, &leads, &head_id.to_string()).await;
        assert_eq!(unread(&head).await, (5, 3));
        undo(&world, &set).await;
        assert_eq!(unread(&head).await, (0, 0));
        assert_eq!(letters(&world, "head").await, 0);

        // What comes next is told as if nothing had been.
        hand_over(&world, &leads[..2], &head_id.to_string()).await;
        assert_eq!(unread(&head).await, (2, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_take_over_is_withdrawn_alone_and_what_was_read_stays() {
    for world in worlds() {
        let ((head_id, head), (boris_id, boris)) =
            (world.user("head", "head_of_sales"), world.user("boris", "head_of_sales"));
        let leads = leads(&world, 7).await;
        hand_over(&world, &leads, &head_id.to_string()).await;
        assert_eq!(unread(&head).await, (5, 2));
        // The one whose notice counts the others: they are counted still.
        hand_over(&world, &leads[4..5], &boris_id.to_string()).await;
        assert_eq!(unread(&head).await, (4, 2));
        assert_eq!(unread(&boris).await, (1, 0));

        head.post(&format!("{NOTICES}/read"), json!({"all": true})).await.expect(200);
        hand_over(&world, &leads[..1], &boris_id.to_string()).await;
        let all = head.get(NOTICES).await.expect(200);
        assert_eq!(all["data"].as_array().unwrap().len(), 4, "what she knows is not unsaid: {all}");
    }
}
