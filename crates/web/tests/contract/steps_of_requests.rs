//! Process 5, requests: acknowledged at once, answered in working time that stands still while we wait for the client, warned of,
//! handed to the head, solved within their term; and mail that is no business of any process (4). On both databases.

use std::sync::LazyLock;
use std::time::SystemTime;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::world::{Api, World, worlds};

const CASES: &str = "/api/v1/cases";
const MESSAGES: &str = "/api/v1/messages";
/// A Monday, ten o'clock in Moscow.
const MONDAY: &str = "2037-03-02T07:00:00Z";

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

async fn found(api: &Api, module: &str, filter: &str) -> Vec<Value> {
    let filter: String = filter.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let page = api.get(&format!("/api/v1/{module}?limit=500&filter={filter}")).await.expect(200);
    page["data"].as_array().unwrap().clone()
}

async fn to(world: &World, moment: &str) {
    world.admin.post("/api/v1/sandbox/clock", json!({"to": at(moment)})).await.expect(200);
}

/// Runs what is due.
async fn run(world: &World) {
    world.admin.post("/api/v1/sandbox/clock", json!({"advance": "PT1S"})).await.expect(200);
}

/// What a form on the site brings, as a case; its address.
async fn asked(world: &World, fields: Value) -> String {
    let mut all = json!({"subject": "A question", "channel": "web_form", "email": "kotova@romashka.example"});
    all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    let form = json!({"source": "form", "module": "cases", "fields": all});
    let made = world.admin.post("/api/v1/intake", form).await.expect(201);
    run(world).await;
    format!("{CASES}/{}", id(&made["made"]))
}

async fn press(world: &World, case: &str, name: &str) -> Value {
    world.admin.post(&format!("{case}/transitions/{name}"), json!({})).await.expect(200);
    run(world).await;
    world.admin.get(case).await.expect(200)
}

/// Letters of a template about a case.
async fn letters(world: &World, template: &str, case: &Value) -> Vec<Value> {
    found(&world.admin, "messages", &format!("template == \"{template}\" && about == \"{}\"", id(case))).await
}

/// How often a rule ran for a case to its end.
async fn ran(world: &World, rule: &str, case: &Value) -> usize {
    let runs = world.admin.get(&format!("/api/v1/meta/rules/{rule}/runs")).await.expect(200);
    let of_case = |run: &&Value| run["record"] == case["id"] && run["state"] == "done";
    runs["data"].as_array().unwrap().iter().filter(of_case).count()
}

/// How far the calendar of these tests lies ahead: whole weeks, so that a Monday stays one. Years of a clock that is moved are long.
static AHEAD: LazyLock<SignedDuration> = LazyLock::new(|| {
    let (week, today) = (7 * 24, Timestamp::try_from(SystemTime::now()).unwrap());
    let hours = MONDAY.parse::<Timestamp>().unwrap().duration_since(today).as_hours();
    SignedDuration::from_hours(hours / week * week)
});

/// A moment of the calendar of these tests, as the workspace has it.
fn at(moment: &str) -> String {
    (moment.parse::<Timestamp>().unwrap() - *AHEAD).to_string()
}

/// What a moment of a case is in the calendar of these tests, to the minute.
fn minute(case: &Value, field: &str) -> &'static str {
    let Some(at) = case[field].as_str() else { return "" };
    let at = (at.parse::<Timestamp>().unwrap() + *AHEAD).to_string();
    at.get(..16).unwrap_or_default().to_owned().leak()
}

#[tokio::test(flavor = "multi_thread")]
async fn process_5_what_comes_in_is_acknowledged_at_once_and_the_sender_is_told_until_when() {
    for world in worlds() {
        let (_, secretary) = world.user("secretary", "secretary");
        to(&world, MONDAY).await;
        // By a form.
        let by_form = asked(&world, json!({"locale": "en"})).await;
        let case = world.admin.get(&by_form).await.expect(200);
        assert_eq!((&case["status"], minute(&case, "answer_due")), (&json!("acknowledged"), "2037-03-03T06:00"));
        let told = letters(&world, "case_received", &case).await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["to"], "kotova@romashka.example");
        let text = told[0]["text"].as_str().unwrap();
        assert!(text.contains(case["number"].as_str().unwrap()) && text.contains(", 09:00 ("), "{text}");

        // By a letter that somebody sorted; what a stranger wrote is repeated to nobody.
        let letter = json!({"channel": "email", "direction": "in", "from": "Li@Vasilek.example", "from_name": "casino.example",
            "subject": "Visit casino.example", "text": "casino.example"});
        let letter = world.admin.post(MESSAGES, letter).await.expect(201);
        let sort = format!("{MESSAGES}/{}/sort", id(&letter));
        let sorted = secretary.post(&sort, json!({"into": "case"})).await.expect(200);
        run(&world).await;
        let case = world.admin.get(&format!("{CASES}/{}", id(&sorted["about"]))).await.expect(200);
        assert_eq!((&case["status"], &case["email"]), (&json!("acknowledged"), &json!("li@vasilek.example")));
        let told = letters(&world, "case_received", &case).await;
        assert_eq!((told.len(), told[0]["to"].as_str()), (1, Some("li@vasilek.example")));
        assert!(!told[0].to_string().contains("casino"), "{}", told[0]);

        // What we ask of others and among ourselves is no request.
        let ours = json!({"subject": "Ours", "direction": "internal", "email": "kotova@romashka.example"});
        let ours = world.admin.post(CASES, ours).await.expect(201);
        run(&world).await;
        let ours = world.admin.get(&format!("{CASES}/{}", id(&ours))).await.expect(200);
        assert_eq!((&ours["status"], letters(&world, "case_received", &ours).await.len()), (&json!("received"), 0));

        // An administrator says that nothing is acknowledged by itself.
        world.admin.patch("/api/v1/meta/rules/case_acknowledge", json!({"active": false})).await.expect(200);
        let case = world.admin.get(&asked(&world, json!({})).await).await.expect(200);
        assert_eq!((&case["status"], letters(&world, "case_received", &case).await.len()), (&json!("received"), 0));
        assert_eq!(minute(&case, "answer_due"), "2037-03-03T06:00", "and the time goes on by its own rule");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_5_a_case_is_of_whoever_is_known_and_a_bad_address_is_rejected() {
    for world in worlds() {
        let (boris, _) = world.user("boris", "salesperson");
        let contact = json!({"name": "Anna Kotova", "email": "kotova@romashka.example", "owner": boris.to_string()});
        let contact = world.admin.post("/api/v1/contacts", contact).await.expect(201);
        let case = world.admin.get(&asked(&world, json!({"from_name": "Anna Kotova"})).await).await.expect(200);
        assert_eq!((&case["contact"], &case["owner"]), (&contact["id"], &json!(boris.to_string())));
        // Another name at the same address is another person, and theirs by turn.
        let case = world.admin.get(&asked(&world, json!({"from_name": "Oleg Li"})).await).await.expect(200);
        assert_eq!((&case["contact"], &case["owner"]), (&Value::Null, &json!(boris.to_string())));
        let bad = json!({"source": "form", "module": "cases", "fields": {"subject": "?", "email": "kotova"}});
        let kept = world.admin.post("/api/v1/intake", bad).await.expect(202);
        assert_eq!(kept["rejected"]["module"], "rejected_requests");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_5_one_address_gets_few_acknowledgements_an_hour() {
    for world in worlds() {
        to(&world, MONDAY).await;
        for _ in 0..9 {
            asked(&world, json!({})).await;
        }
        let told = found(&world.admin, "messages", "template == \"case_received\"").await;
        assert_eq!(told.len(), 9, "nothing is lost");
        let sent = |letters: &[Value]| letters.iter().filter(|letter| letter["status"] == "sent").count();
        assert_eq!(found(&world.admin, "cases", "status == \"acknowledged\"").await.len(), 9);
        assert!(sent(&told) <= 6, "{told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_5_the_time_to_answer_is_by_priority_and_kind_and_worked_out_again_when_staff_overrule() {
    for world in worlds() {
        to(&world, MONDAY).await;
        let cases = [
            // Eight hours from a moment after ten are over on the next morning.
            (json!({}), "2037-03-03T06:00"),
            (json!({"proposed_priority": "urgent"}), "2037-03-02T09:00"),
            (json!({"priority": "high", "proposed_priority": "low"}), "2037-03-02T11:00"),
            (json!({"kind": "complaint"}), "2037-03-02T11:00"),
            // Eight hours are left of Monday, eight more come on Tuesday.
            (json!({"priority": "low"}), "2037-03-03T14:00"),
        ];
        for (fields, due) in cases {
            let case = asked(&world, fields.clone()).await;
            let read = world.admin.get(&case).await.expect(200);
            assert_eq!(minute(&read, "answer_due"), due, "{fields}: {read}");
            world.admin.patch(&case, json!({"priority": "high"})).await.expect(200);
            run(&world).await;
            let read = world.admin.get(&case).await.expect(200);
            assert_eq!(minute(&read, "answer_due"), "2037-03-02T11:00", "{fields}: {read}");
        }
        // A date that somebody named stays when the case is taken.
        let case = asked(&world, json!({})).await;
        world.admin.patch(&case, json!({"answer_due": at("2037-03-06T09:00:00Z")})).await.expect(200);
        assert_eq!(minute(&press(&world, &case, "start").await, "answer_due"), "2037-03-06T09:00");
        // The hours are data.
        let rule = world.admin.get("/api/v1/meta/rules/case_answer_time").await.expect(200);
        let mut then = rule["then"].clone();
        then[0]["within"] = json!("\"PT1H\"");
        world.admin.patch("/api/v1/meta/rules/case_answer_time", json!({"then": then})).await.expect(200);
        let case = world.admin.get(&asked(&world, json!({})).await).await.expect(200);
        assert_eq!(minute(&case, "answer_due"), "2037-03-02T08:00");
        then[0]["within"] = json!("priority == \"low\" ? \"P1W\" : \"PT1H\"");
        let refused = world.admin.patch("/api/v1/meta/rules/case_answer_time", json!({"then": then})).await;
        refused.faulty(&["then[0].within"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_5_the_owner_is_warned_and_the_head_gets_it_once_each() {
    for world in worlds() {
        let (anna, as_anna) = world.user("anna", "salesperson");
        let (head, as_head) = world.user("head", "head_of_sales");
        to(&world, MONDAY).await;
        let case = asked(&world, json!({})).await;
        let read = press(&world, &case, "start").await;
        assert_eq!((&read["owner"], minute(&read, "answer_warn_at")), (&json!(anna.to_string()), "2037-03-02T13:00"));
        to(&world, "2037-03-02T12:59:00Z").await;
        assert_eq!((ran(&world, "case_warning", &read).await, ran(&world, "case_late", &read).await), (0, 0));
        to(&world, "2037-03-02T13:01:00Z").await;
        assert_eq!((ran(&world, "case_warning", &read).await, ran(&world, "case_late", &read).await), (1, 0));
        let notices = as_anna.get("/api/v1/notifications").await.expect(200);
        let warned = |notice: &&Value| notice["kind"] == "rule" && notice["about"]["id"] == read["id"];
        assert_eq!(notices["data"].as_array().unwrap().iter().filter(warned).count(), 1, "{notices}");

        to(&world, "2037-03-03T06:02:00Z").await;
        let late = world.admin.get(&case).await.expect(200);
        assert_eq!((&late["owner"], minute(&late, "escalated_at")), (&json!(head.to_string()), "2037-03-03T06:00"));
        assert_eq!(minute(&late, "answer_due"), "2037-03-03T14:00", "the new date: {late}");
        let told = letters(&world, "case_late", &late).await;
        assert_eq!(told.len(), 1);
        assert!(told[0]["text"].as_str().unwrap().contains(", 17:00 ("), "{}", told[0]);
        assert_eq!(as_head.get(&case).await.expect(200)["status"], "in_progress");

        // Nobody answers the head's way either: nothing is done a second time.
        to(&world, "2037-03-20T10:00:00Z").await;
        assert_eq!((ran(&world, "case_warning", &read).await, ran(&world, "case_late", &read).await), (1, 1));
        assert_eq!(letters(&world, "case_late", &late).await.len(), 1);

        // Answered and asked again, it begins anew.
        press(&world, &case, "answer").await;
        let again = press(&world, &case, "reopen").await;
        assert_eq!(minute(&again, "answer_due"), "2037-03-23T09:00", "{again}");
        assert_eq!(minute(&again, "escalated_at"), "2037-03-03T06:00", "the fact is kept");
        to(&world, "2037-03-25T10:00:00Z").await;
        assert_eq!((ran(&world, "case_warning", &read).await, ran(&world, "case_late", &read).await), (2, 2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_5_whoever_asked_sees_where_it_stands_and_adds_to_it() {
    for world in worlds() {
        let (_, anna) = world.user("anna", "salesperson");
        to(&world, MONDAY).await;
        let case = asked(&world, json!({"locale": "en", "subject": "Where to <park>?"})).await;
        let read = world.admin.get(&case).await.expect(200);
        assert_eq!(read.get("token"), None, "the link is a secret");
        let letter = letters(&world, "case_received", &read).await.remove(0);
        let link = letter["text"].as_str().unwrap().split_once("http://127.0.0.1").unwrap().1;
        let link = link.split_whitespace().next().unwrap().to_owned();
        let guest = world.anybody();
        let page = async || guest.send("GET", &link, &[("accept-language", "en")], None).await.text;
        let shown = page().await;
        assert!(shown.contains("Where to &lt;park&gt;?") && shown.contains("Acknowledged"), "{shown}");
        assert!(shown.contains("We will answer by: ") && !shown.contains("<script"), "{shown}");
        assert!(!shown.contains("kotova@"), "nothing of whoever asked: {shown}");
        assert_eq!(guest.get("/p/c/0123456789012345678901234567890123456789012").await.status, 404);

        press(&world, &case, "start").await;
        press(&world, &case, "wait").await;
        assert!(!page().await.contains("We will answer by: "), "time stands still");
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let add = async |text: &str| guest.call("POST", &link, &form, format!("text={text}")).await.status;
        assert_eq!((add("").await, add(&"x".repeat(10_001)).await, add("By+car").await), (422, 422, 303));
        run(&world).await;
        assert_eq!(world.admin.get(&case).await.expect(200)["status"], "in_progress");
        let added =
            found(&world.admin, "messages", &format!("about == \"{}\" && direction == \"in\"", id(&read))).await;
        assert_eq!((added.len(), &added[0]["text"], &added[0]["owner"]), (1, &json!("By car"), &read["owner"]));
        let told = anna.get("/api/v1/notifications").await.expect(200).to_string();
        assert!(told.contains(id(&added[0])), "{told}");
        // An answer opens again what was closed.
        press(&world, &case, "answer").await;
        press(&world, &case, "close").await;
        assert_eq!(add("One+more+thing").await, 303);
        run(&world).await;
        let again = world.admin.get(&case).await.expect(200);
        assert_eq!((&again["status"], again["answer_from"].is_string()), (&json!("in_progress"), true));
        assert!(page().await.contains("Closed"), "and its way is told");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_5_what_is_late_goes_to_the_head_of_the_owners_team() {
    for world in worlds() {
        let (anna, _) = world.user("anna", "salesperson");
        let heads = [world.user("north", "head_of_sales").0, world.user("south", "head_of_sales").0];
        for (team, head) in ["North", "South"].into_iter().zip(heads) {
            let members = if team == "South" { vec![head, anna] } else { vec![head] };
            let team = json!({"name": team, "members": members.iter().map(ToString::to_string).collect::<Vec<_>>()});
            world.admin.post("/api/v1/meta/teams", team).await.expect(201);
        }
        to(&world, MONDAY).await;
        for _ in 0..2 {
            let case = asked(&world, json!({"priority": "urgent"})).await;
            let late = press(&world, &case, "escalate").await;
            assert_eq!(late["owner"], heads[1].to_string(), "{late}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_5_time_stands_still_while_we_wait_for_the_client() {
    for world in worlds() {
        world.user("anna", "salesperson");
        world.user("head", "head_of_sales");
        to(&world, MONDAY).await;
        let case = asked(&world, json!({})).await;
        press(&world, &case, "start").await;
        // Warned after six of eight hours, then an hour more of work.
        to(&world, "2037-03-02T14:00:00Z").await;
        let waits = press(&world, &case, "wait").await;
        assert_eq!(ran(&world, "case_warning", &waits).await, 1);
        to(&world, "2037-03-04T07:00:00Z").await;
        assert_eq!(ran(&world, "case_late", &waits).await, 0, "nobody is late who waits");
        let back = press(&world, &case, "start").await;
        let left = ["2037-03-04T07:59", "2037-03-04T08:00"];
        assert!(left.contains(&minute(&back, "answer_due")), "an hour was left: {back}");
        // A second time.
        to(&world, "2037-03-04T07:30:00Z").await;
        press(&world, &case, "wait").await;
        to(&world, "2037-03-05T07:00:00Z").await;
        let back = press(&world, &case, "start").await;
        let left = ["2037-03-05T07:29", "2037-03-05T07:30"];
        assert!(left.contains(&minute(&back, "answer_due")), "half of it is left: {back}");
        to(&world, "2037-03-05T07:29:00Z").await;
        assert_eq!(ran(&world, "case_late", &back).await, 0);
        to(&world, "2037-03-20T10:00:00Z").await;
        let late = world.admin.get(&case).await.expect(200);
        assert_eq!((ran(&world, "case_warning", &back).await, ran(&world, "case_late", &back).await), (1, 1), "{late}");
        assert_eq!(letters(&world, "case_late", &late).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_5_a_priority_that_is_late_already_goes_to_the_head_at_once() {
    for world in worlds() {
        world.user("anna", "salesperson");
        world.user("head", "head_of_sales");
        to(&world, MONDAY).await;
        let case = asked(&world, json!({})).await;
        to(&world, "2037-03-02T11:00:00Z").await;
        world.admin.patch(&case, json!({"priority": "urgent"})).await.expect(200);
        run(&world).await;
        let read = world.admin.get(&case).await.expect(200);
        assert_eq!(read["escalated_at"], Value::Null);
        to(&world, "2037-03-02T11:05:00Z").await;
        let read = world.admin.get(&case).await.expect(200);
        assert_eq!((ran(&world, "case_late", &read).await, minute(&read, "escalated_at")), (1, "2037-03-02T11:01"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_5_each_term_has_its_own_time_to_solve() {
    for world in worlds() {
        to(&world, MONDAY).await;
        let case = asked(&world, json!({})).await;
        assert_eq!(world.admin.get(&case).await.expect(200)["solve_due"], Value::Null);
        for (term, due) in [("short", "2037-03-03T07:00"), ("medium", "2037-03-09T07:00"), ("long", "2037-03-30T07:00")]
        {
            world.admin.patch(&case, json!({"term": term})).await.expect(200);
            run(&world).await;
            let read = world.admin.get(&case).await.expect(200);
            assert_eq!(minute(&read, "solve_due"), due, "{term}: {read}");
        }
        // A day of waiting is a day more.
        press(&world, &case, "start").await;
        press(&world, &case, "wait").await;
        to(&world, "2037-03-03T07:00:00Z").await;
        let back = press(&world, &case, "start").await;
        assert!(minute(&back, "solve_due").starts_with("2037-03-31"), "{back}");
        world.admin.patch(&case, json!({"term": null})).await.expect(200);
        run(&world).await;
        assert_eq!(world.admin.get(&case).await.expect(200)["solve_due"], Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_4_ignored_mail_is_kept_with_its_reason_found_and_taken_back() {
    for world in worlds() {
        let (secretary_id, secretary) = world.user("secretary", "secretary");
        let letter = |subject: &str| json!({"channel": "email", "direction": "in", "from": "news@shop.example", "subject": subject, "text": "Buy"});
        let by_hand = world.admin.post(MESSAGES, letter("A sale")).await.expect(201);
        let sort = format!("{MESSAGES}/{}/sort", id(&by_hand));
        let wrong = json!({"into": "case", "reason": "Advertising"});
        secretary.post(&sort, wrong).await.faulty(&["reason"]);
        let long = json!({"into": "nothing", "reason": "x".repeat(501)});
        secretary.post(&sort, long).await.faulty(&["reason"]);
        let aside = secretary.post(&sort, json!({"into": "nothing", "reason": "Advertising"})).await.expect(200);
        assert_eq!(
            (&aside["status"], &aside["aside_reason"], &aside["aside_by"]),
            (&json!("set_aside"), &json!("Advertising"), &json!(secretary_id.to_string()))
        );
        assert!(aside["aside_at"].is_string());

        // A rule says so: its name is the reason.
        let rule = json!({"name": "spam", "label": {"ru": "Реклама", "en": "Spam"}, "module": "messages", "when": {"event": "created"},
            "if": "direction == \"in\" && subject.contains(\"lottery\")", "then": [{"do": "sort", "into": "nothing"}]});
        world.admin.post("/api/v1/meta/rules", rule).await.expect(201);
        let by_rule = world.admin.post(MESSAGES, letter("The lottery")).await.expect(201);
        run(&world).await;
        let read = world.admin.get(&format!("{MESSAGES}/{}", id(&by_rule))).await.expect(200);
        assert_eq!((&read["aside_reason"], &read["aside_by"]), (&json!("Реклама"), &Value::Null));

        // Both are found, also by the reason.
        assert_eq!(found(&world.admin, "messages", "status == \"set_aside\"").await.len(), 2);
        let hits = secretary.get("/api/v1/search?q=advertising").await.expect(200);
        assert!(hits["data"].as_array().unwrap().iter().any(|hit| hit["id"] == by_hand["id"]), "{hits}");

        // Taken back it goes the way of every message.
        let back = secretary.post(&sort, json!({"into": "queue"})).await.expect(200);
        assert_eq!((&back["status"], &back["aside_reason"]), (&json!("received"), &Value::Null));
        assert_eq!((&back["aside_by"], &back["aside_at"]), (&Value::Null, &Value::Null));
        let sorted = secretary.post(&sort, json!({"into": "case"})).await.expect(200);
        run(&world).await;
        let case = world.admin.get(&format!("{CASES}/{}", id(&sorted["about"]))).await.expect(200);
        assert_eq!(case["status"], "acknowledged");
    }
}
