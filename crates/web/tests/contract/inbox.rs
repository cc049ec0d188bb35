//! The inbox of a team: one has a message and whoever is slower is told who; an answer takes it; the last message of a
//! conversation says whom it waits for; on both databases.

use app::queue::Part;
use serde_json::{Value, json};

use crate::world::{Answer, Api, World, worlds};

const MESSAGES: &str = "/api/v1/messages";
const LEADS: &str = "/api/v1/leads";

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

/// A letter that came in.
async fn came(world: &World, subject: &str) -> String {
    let letter = json!({"channel": "email", "direction": "in", "from": "kotova@romashka.example", "from_name": "Anna Reed",
        "subject": subject, "text": "How much is a stand?"});
    id(&world.admin.post(MESSAGES, letter).await.expect(201)).to_owned()
}

async fn sort(who: &Api, message: &str, body: Value) -> Answer {
    who.post(&format!("{MESSAGES}/{message}/sort"), body).await
}

async fn answer(who: &Api, message: &str) -> Answer {
    who.post(&format!("{MESSAGES}/{message}/letters"), json!({"subject": "Re: Stands", "text": "100"})).await
}

async fn read(who: &Api, message: &str) -> Value {
    who.get(&format!("{MESSAGES}/{message}")).await.expect(200)
}

/// What stands in a part of the inbox.
async fn part(world: &World, who: &Api, part: Part) -> Vec<String> {
    let messages = world.workspace.knowledge().definitions.module("messages").unwrap().clone();
    let asked = serde_urlencoded::to_string([("filter", part.filter(&messages))]).unwrap();
    let page = who.get(&format!("{MESSAGES}?{asked}")).await.expect(200);
    page["data"].as_array().unwrap().iter().map(|message| id(message).to_owned()).collect()
}

/// Whoever was slower is told who has it.
#[track_caller]
fn is_told(refused: &Answer, who: &str) {
    refused.refused(409, "in_hand");
    let said = refused.json["errors"][0]["message"].as_str().unwrap();
    assert!(said.contains(who), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_in_one_hand_and_whoever_is_slower_is_told_whose() {
    for world in worlds() {
        let ((anna_id, anna), (boris_id, boris)) = (world.user("anna", "secretary"), world.user("boris", "secretary"));
        let (anna_id, boris_id) = (anna_id.to_string(), boris_id.to_string());
        let letter = came(&world, "Stands").await;
        assert_eq!(part(&world, &anna, Part::Unassigned).await, std::slice::from_ref(&letter));

        let mine = || json!({"into": "mine"});
        let (one, other) = tokio::join!(sort(&anna, &letter, mine()), sort(&boris, &letter, mine()));
        let mut both = [one.status, other.status];
        both.sort_unstable();
        assert_eq!(both, [200, 409], "{} {}", one.text, other.text);
        let (first, second, slow) = if one.status == 200 {
            ((&anna_id, &anna), (&boris_id, &boris), other)
        } else {
            ((&boris_id, &boris), (&anna_id, &anna), one)
        };
        let (name, other) = if first.0 == &anna_id { ("anna", "boris") } else { ("boris", "anna") };
        is_told(&slow, name);
        assert_eq!(read(&anna, &letter).await["owner"], json!(first.0));
        assert!(part(&world, &anna, Part::Unassigned).await.is_empty());
        assert_eq!(
            (part(&world, first.1, Part::Mine).await.len(), part(&world, second.1, Part::Mine).await.len()),
            (1, 0)
        );
        sort(first.1, &letter, mine()).await.expect(200);

        // What somebody has nobody else sorts or answers.
        for body in [json!({"into": "case"}), json!({"into": "nothing"}), json!({"into": "done"})] {
            is_told(&sort(second.1, &letter, body).await, name);
        }
        is_told(&answer(second.1, &letter).await, name);

        // It is given, and taken over from whoever was seen to have it.
        let given = json!({"into": "person", "owner": second.0, "holder": first.0});
        sort(first.1, &letter, given).await.expect(200);
        let late = json!({"into": "person", "owner": world.admin_id.to_string(), "holder": first.0});
        is_told(&sort(first.1, &letter, late).await, other);
        sort(first.1, &letter, json!({"into": "mine", "holder": second.0})).await.expect(200);
        sort(first.1, &letter, json!({"into": "case", "holder": second.0})).await.faulty(&["holder"]);

        // It is put back, and is nobody's.
        let back = sort(first.1, &letter, json!({"into": "queue"})).await.expect(200);
        assert_eq!((&back["owner"], &back["sorted"]), (&Value::Null, &Value::Null));
        assert_eq!(part(&world, second.1, Part::Unassigned).await.len(), 1);
        sort(second.1, &letter, json!({"into": "lead"})).await.expect(200);
        assert!(part(&world, &anna, Part::Ours).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_takes_the_message_and_waits_for_the_client_until_it_is_taken_back() {
    for world in worlds() {
        let ((anna_id, anna), (_, boris)) = (world.user("anna", "secretary"), world.user("boris", "secretary"));
        let letter = came(&world, "Stands").await;
        let sent = answer(&anna, &letter).await.expect(201);
        assert_eq!((&sent["turn"], &sent["conversation"]), (&json!("theirs"), &json!(letter)));
        let answered = read(&anna, &letter).await;
        assert_eq!((&answered["owner"], &answered["turn"]), (&json!(anna_id.to_string()), &json!("past")));
        is_told(&answer(&boris, &letter).await, "anna");
        assert_eq!(part(&world, &boris, Part::Theirs).await, [id(&sent).to_owned()]);
        assert!(part(&world, &anna, Part::Ours).await.is_empty() && part(&world, &anna, Part::Mine).await.is_empty());

        // Taken back it waits for us again; sent after all it waits for the client.
        let door = format!("{MESSAGES}/{}/letter", id(&sent));
        anna.send("DELETE", &door, &[], None).await.expect(200);
        assert_eq!(part(&world, &anna, Part::Mine).await, std::slice::from_ref(&letter));
        assert!(part(&world, &anna, Part::Theirs).await.is_empty());
        anna.send("PUT", &door, &[], Some(json!({"subject": "Re: Stands", "text": "200"}))).await.expect(200);
        assert_eq!(part(&world, &anna, Part::Theirs).await.len(), 1);
        assert!(part(&world, &anna, Part::Mine).await.is_empty());

        // What is made of it is made of the whole conversation.
        let sorted = sort(&anna, &letter, json!({"into": "case"})).await;
        let case = sorted.json["about"].clone();
        assert!(case.is_object(), "{}", sorted.text);
        let written = read(&anna, id(&sent)).await;
        assert_eq!((&written["about"], &written["turn"]), (&case, &Value::Null));
        assert!(part(&world, &anna, Part::Theirs).await.is_empty(), "the case says whose turn it is");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_writes_about_a_record_waits_for_the_client_until_nobody_waits() {
    for world in worlds() {
        let ((anna_id, anna), (_, boris)) = (world.user("anna", "salesperson"), world.user("boris", "salesperson"));
        let lead = json!({"name": "Anna Reed", "email": "reed@client.example", "owner": anna_id.to_string()});
        let lead = id(&world.admin.post(LEADS, lead).await.expect(201)).to_owned();
        let said = json!({"subject": "Stands", "text": "Good day"});
        let sent = anna.post(&format!("{LEADS}/{lead}/letters"), said).await.expect(201);
        assert_eq!(part(&world, &anna, Part::Theirs).await, [id(&sent).to_owned()]);
        assert!(part(&world, &boris, Part::Theirs).await.is_empty(), "only who reads it");
        sort(&anna, id(&sent), json!({"into": "nothing"})).await.refused(409, "already_sorted");
        let done = sort(&anna, id(&sent), json!({"into": "done"})).await.expect(200);
        assert_eq!(
            (&done["turn"], &done["sorted"], &done["about"]["id"]),
            (&json!("past"), &Value::Null, &json!(lead))
        );
        assert!(part(&world, &anna, Part::Theirs).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_no_answer_leaves_the_inbox_and_comes_back() {
    for world in worlds() {
        let (_, anna) = world.user("anna", "secretary");
        let letter = came(&world, "Thank you").await;
        let done = sort(&anna, &letter, json!({"into": "done"})).await.expect(200);
        assert_eq!((&done["sorted"], &done["status"]), (&json!("done"), &json!("received")));
        assert!(part(&world, &anna, Part::Unassigned).await.is_empty());
        sort(&anna, &letter, json!({"into": "case"})).await.refused(409, "already_sorted");
        sort(&anna, &letter, json!({"into": "queue"})).await.expect(200);
        assert_eq!(part(&world, &anna, Part::Unassigned).await, [letter]);
    }
}
