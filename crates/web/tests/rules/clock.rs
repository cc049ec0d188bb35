//! What the clock sets off: a while in a state, a schedule; and that a state is left.

use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use serde_json::{Value, json};

use super::world::{Api, World, worlds};
use super::{RULES, ended, found, lead, rule, run, runs};

/// A Monday, ten o'clock in Moscow.
const MONDAY: &str = "2037-03-02T07:00:00Z";

async fn to(api: &Api, moment: &str) {
    api.post("/api/v1/sandbox/clock", json!({"to": moment})).await.expect(200);
}

async fn wait(api: &Api, span: &str) -> Value {
    api.post("/api/v1/sandbox/clock", json!({"advance": span})).await.expect(200)
}

async fn press(api: &Api, lead: &str, name: &str) -> String {
    let pressed = api.post(&format!("/api/v1/leads/{lead}/transitions/{name}"), json!({})).await;
    let set = pressed.headers["change-set"].to_str().unwrap().to_owned();
    pressed.expect(200);
    set
}

fn call() -> Value {
    json!([{"do": "create", "module": "activities", "fields": {"subject": "\"Call \" + name", "about": "id"}}])
}

async fn calls(api: &Api, lead: &str) -> usize {
    found(api, "activities", &format!("about == \"{lead}\"")).await.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_stands_is_come_back_to_and_not_for_ever() {
    for world in worlds() {
        let api = &world.admin;
        let when = json!({"event": "stayed", "states": ["new"], "after": "P2D", "every": "P1D", "times": 3});
        rule(api, "slow", "leads", when, call()).await;
        let (anna, boris) = (lead(api, json!({"name": "Anna"})).await, lead(api, json!({"name": "Boris"})).await);
        wait(api, "P1D").await;
        press(api, &boris, "contact").await;
        wait(api, "PT23H").await;
        assert!(runs(api, "slow").await.is_empty());
        wait(api, "PT2H").await;
        assert_eq!((calls(api, &anna).await, calls(api, &boris).await), (1, 0));
        wait(api, "P1D").await;
        assert_eq!(calls(api, &anna).await, 2);
        wait(api, "P10D").await;
        assert_eq!((calls(api, &anna).await, calls(api, &boris).await), (3, 0), "no timer is without end");
        assert_eq!(ended(api, "slow", "done").await, 3);
        assert!(runs(api, "slow").await.iter().all(|run| run["caused_by"].is_null()), "time did");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_is_counted_anew_and_a_move_taken_back_never_was() {
    for world in worlds() {
        let api = &world.admin;
        let when = json!({"event": "stayed", "states": ["new"], "after": "P2D"});
        rule(api, "slow", "leads", when, call()).await;
        let (anna, boris) = (lead(api, json!({"name": "Anna"})).await, lead(api, json!({"name": "Boris"})).await);
        wait(api, "P1D").await;
        let moved = press(api, &anna, "contact").await;
        press(api, &boris, "disqualify").await;
        wait(api, "PT1H").await;
        api.post(&format!("/api/v1/undo/{moved}"), json!({})).await.expect(200);
        press(api, &boris, "reopen").await;
        wait(api, "PT24H").await;
        assert_eq!((calls(api, &anna).await, calls(api, &boris).await), (1, 0));
        wait(api, "P1D").await;
        assert_eq!((calls(api, &anna).await, calls(api, &boris).await), (1, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stood_there_before_the_rule_is_taken_in_and_another_length_is_counted_anew() {
    for world in worlds() {
        let api = &world.admin;
        let (old, binned) = (lead(api, json!({"name": "Old"})).await, lead(api, json!({"name": "Binned"})).await);
        wait(api, "P4D").await;
        let young = lead(api, json!({"name": "Young"})).await;
        let body = json!({
            "name": "slow", "module": "leads", "then": call(), "if": "name != \"Nobody\"",
            "when": {"event": "stayed", "states": ["new"], "after": "P3D"},
        });
        let tried = api.post(&format!("{RULES}/slow/dry-run"), body.clone()).await.expect(200);
        assert_eq!((&tried["count"], &tried["first"][1]["title"]), (&json!(2), &json!("Old")), "{tried}");
        let plan = api.post(&format!("{RULES}?dry_run=true"), body.clone()).await.expect(200);
        assert_eq!(plan["follows"], json!([{"module": "leads", "rule": "slow", "records": 3}]));
        api.send("DELETE", &format!("/api/v1/leads/{binned}"), &[], None).await;
        api.post(RULES, body).await.expect(201);
        run(api).await;
        assert_eq!((calls(api, &old).await, calls(api, &young).await, calls(api, &binned).await), (1, 0, 0));
        let shorter = json!({"when": {"event": "stayed", "states": ["new"], "after": "P2D"}});
        api.patch(&format!("{RULES}/slow"), shorter).await.expect(200);
        wait(api, "P2DT1H").await;
        assert_eq!((calls(api, &old).await, calls(api, &young).await), (1, 1), "once each, whatever is counted anew");
        // Out of the bin it stands where it stood, for as long as it has.
        api.post(&format!("/api/v1/leads/{binned}/restore"), json!({})).await.expect(200);
        run(api).await;
        assert_eq!(calls(api, &binned).await, 1);
        let longer = json!({"when": {"event": "stayed", "states": ["new"], "after": "P30D"}});
        let late = lead(api, json!({"name": "Late"})).await;
        api.patch(&format!("{RULES}/slow"), longer).await.expect(200);
        wait(api, "P3D").await;
        assert_eq!(calls(api, &late).await, 0);
    }
}

/// A task that is due so long from now; answers its id.
async fn task(world: &World, subject: &str, from_now: Span) -> String {
    let due = world.workspace.clock().now().to_zoned(TimeZone::UTC).checked_add(from_now).unwrap().timestamp();
    let body = json!({"kind": "task", "subject": subject, "due_at": due.to_string()});
    world.admin.post("/api/v1/activities", body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn dates_are_looked_at_when_one_comes_and_what_is_past_when_it_is_written_stays_past() {
    for world in worlds() {
        let api = &world.admin;
        let when = |offset: &str| json!({"event": "date", "field": "due_at", "offset": offset});
        let then = json!([{"do": "set", "fields": {"purpose": "\"told\""}}]);
        rule(api, "due", "activities", when("PT0S"), then).await;
        run(api).await;
        let told = async || {
            let found = found(api, "activities", "purpose == \"told\"").await;
            let mut subjects: Vec<String> = found.iter().map(|it| it["subject"].as_str().unwrap().to_owned()).collect();
            subjects.sort();
            subjects.join(" ")
        };
        task(&world, "far", 9.years()).await;
        let binned = task(&world, "binned", 5.days()).await;
        let moved = task(&world, "moved", 4.days()).await;
        api.send("DELETE", &format!("/api/v1/activities/{binned}"), &[], None).await;
        wait(api, "P3D").await;
        task(&world, "past", -1.hours()).await;
        wait(api, "PT1H").await;
        assert_eq!(told().await, "");
        // A change is taken back, and what was in the bin stands again: their moments are ahead.
        let later = json!({"due_at": "2099-01-01T00:00:00Z"});
        let changed = api.send("PATCH", &format!("/api/v1/activities/{moved}"), &[], Some(later)).await;
        wait(api, "PT1H").await;
        let set = changed.headers["change-set"].to_str().unwrap();
        api.post(&format!("/api/v1/undo/{set}"), json!({})).await.expect(200);
        api.post(&format!("/api/v1/activities/{binned}/restore"), json!({})).await.expect(200);
        wait(api, "P1D").await;
        assert_eq!(told().await, "moved");
        wait(api, "P1D").await;
        assert_eq!(told().await, "binned moved");
        // What comes at the very moment at which it is written has not gone by.
        let at_once = json!([{"do": "set", "fields": {"due_at": "now()"}}]);
        rule(api, "at_once", "activities", json!({"event": "created"}), at_once).await;
        api.post("/api/v1/activities", json!({"kind": "task", "subject": "at_once"})).await.expect(201);
        run(api).await;
        run(api).await;
        assert_eq!(told().await, "at_once binned moved");
        api.send("DELETE", &format!("{RULES}/at_once"), &[], None).await;
        // Another offset is looked for anew.
        task(&world, "early", 3.days()).await;
        api.patch(&format!("{RULES}/due"), json!({"when": when("-P2D")})).await.expect(200);
        wait(api, "P1DT1H").await;
        assert_eq!(told().await, "at_once binned early moved");
        let looks = |ran: &Value| ran.to_string().matches("rules.dates:due").count();
        let ran = wait(api, "P10Y").await;
        assert_eq!(told().await, "at_once binned early far moved", "{ran}");
        assert!((1..600).contains(&looks(&ran)), "{} looks in ten years", looks(&ran));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn working_time_passes_while_it_is_worked() {
    for world in worlds() {
        let api = &world.admin;
        let hours = json!({"days": [1, 2, 3, 4, 5], "from": "09:00", "to": "18:00", "holidays": ["2037-03-03"]});
        let kept = api.patch("/api/v1/meta/organisation", json!({"working_time": hours})).await.expect(200);
        assert_eq!(kept["working_time"], hours);
        let wrong = json!({"working_time": {"days": [], "from": "18:00", "to": "09:00", "holidays": []}});
        let refused = api.patch("/api/v1/meta/organisation", wrong).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text.contains("working_time.days") && refused.text.contains("working_time.to"),
            "{}",
            refused.text
        );
        to(api, MONDAY).await;
        let when = json!({"event": "stayed", "states": ["new"], "after": "PT10H", "working": true});
        rule(api, "slow", "leads", when, call()).await;
        let anna = lead(api, json!({"name": "Anna"})).await;
        // Eight hours on Monday, a holiday, and two on Wednesday.
        to(api, "2037-03-04T07:59:00Z").await;
        assert_eq!(calls(api, &anna).await, 0);
        to(api, "2037-03-04T08:01:00Z").await;
        assert_eq!(calls(api, &anna).await, 1);
        // Another week is counted by it at once.
        let boris = lead(api, json!({"name": "Boris"})).await;
        let longer = json!({"days": [1, 2, 3, 4, 5], "from": "08:00", "to": "22:00", "holidays": []});
        api.patch("/api/v1/meta/organisation", json!({"working_time": longer})).await.expect(200);
        to(api, "2037-03-04T18:02:00Z").await;
        assert_eq!(calls(api, &boris).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_is_counted_from_in_working_time_and_again_and_again() {
    for world in worlds() {
        let api = &world.admin;
        let hours = json!({"days": [1, 2, 3, 4, 5], "from": "09:00", "to": "18:00", "holidays": ["2037-03-03"]});
        api.patch("/api/v1/meta/organisation", json!({"working_time": hours})).await.expect(200);
        to(api, MONDAY).await;
        let note = json!([{"do": "set", "fields": {"purpose": "\"told\""}}]);
        let dated = |more: Value| {
            let mut when = json!({"event": "date", "field": "due_at", "working": true});
            when.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            when
        };
        let whole = |name: &str, when: Value| json!({"name": name, "module": "activities", "when": when, "if": "status == \"planned\"", "then": note});
        api.post(RULES, whole("before", dated(json!({"offset": "-PT4H"})))).await.expect(201);
        let again = dated(json!({"offset": "P1D", "every": "P1D", "times": 3}));
        let kept = api.post(RULES, whole("again", again.clone())).await.expect(201);
        assert_eq!(kept["when"], again);
        run(api).await;
        let task = async |subject: &str, due: &str| {
            let task = json!({"kind": "task", "subject": subject, "due_at": due});
            api.post("/api/v1/activities", task).await.expect(201)["id"].as_str().unwrap().to_owned()
        };
        // Due on Wednesday at eleven in Moscow: two hours of that day, none of the holiday, two of Monday.
        let anna = task("Anna", "2037-03-04T08:00:00Z").await;
        let boris = task("Boris", "2037-03-04T08:00:00Z").await;
        let ran = async |rule: &str, record: &str| {
            runs(api, rule).await.iter().filter(|run| run["record"] == record && run["state"] == "done").count()
        };
        to(api, "2037-03-02T12:59:00Z").await;
        assert_eq!(ran("before", &anna).await, 0);
        to(api, "2037-03-02T13:01:00Z").await;
        assert_eq!((ran("before", &anna).await, ran("before", &boris).await), (1, 1));
        to(api, "2037-03-05T07:59:00Z").await;
        assert_eq!(ran("again", &anna).await, 0);
        to(api, "2037-03-05T08:01:00Z").await;
        assert_eq!((ran("again", &anna).await, ran("again", &boris).await), (1, 1));
        let done = json!({"result": "done"});
        api.post(&format!("/api/v1/activities/{boris}/transitions/complete"), done).await.expect(200);
        // Friday, no weekend, and Monday; then it is over.
        to(api, "2037-03-06T08:01:00Z").await;
        assert_eq!((ran("again", &anna).await, ran("again", &boris).await), (2, 1));
        to(api, "2037-03-09T07:59:00Z").await;
        assert_eq!(ran("again", &anna).await, 2);
        to(api, "2037-03-09T08:01:00Z").await;
        assert_eq!(ran("again", &anna).await, 3);
        wait(api, "P20D").await;
        assert_eq!((ran("again", &anna).await, ran("before", &anna).await), (3, 1), "no timer is without end");
        assert!(runs(api, "again").await.iter().all(|run| run["state"] != "failed"));
        // Another date is counted from anew; what of it has gone by already is past.
        to(api, "2037-04-08T09:00:00Z").await;
        let moved = json!({"due_at": "2037-04-06T08:00:00Z"});
        api.patch(&format!("/api/v1/activities/{anna}"), moved).await.expect(200);
        wait(api, "P20D").await;
        assert_eq!(
            ran("again", &anna).await,
            4,
            "of Tuesday, Wednesday and Thursday the last: {:?}",
            runs(api, "again").await
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_that_is_left_sets_off() {
    for world in worlds() {
        let api = &world.admin;
        rule(api, "gone", "leads", json!({"event": "left", "states": ["new"]}), call()).await;
        let anna = lead(api, json!({"name": "Anna"})).await;
        run(api).await;
        assert_eq!(calls(api, &anna).await, 0);
        press(api, &anna, "contact").await;
        run(api).await;
        assert_eq!(calls(api, &anna).await, 1);
        press(api, &anna, "disqualify").await;
        run(api).await;
        assert_eq!(calls(api, &anna).await, 1, "it went out of another one");
        let tried = api.post(&format!("{RULES}/gone/dry-run"), json!({})).await.expect(200);
        assert_eq!(tried["count"], 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_comes_round_for_those_that_fit() {
    for world in worlds() {
        let api = &world.admin;
        to(api, MONDAY).await;
        let body = json!({
            "name": "weekly", "module": "leads", "then": call(), "if": "status == \"new\"",
            "when": {"event": "schedule", "every": "week", "at": "09:30", "on": 2},
        });
        api.post(RULES, body).await.expect(201);
        run(api).await;
        let (anna, boris) = (lead(api, json!({"name": "Anna"})).await, lead(api, json!({"name": "Boris"})).await);
        press(api, &boris, "contact").await;
        to(api, "2037-03-03T06:29:00Z").await;
        assert!(runs(api, "weekly").await.is_empty());
        to(api, "2037-03-03T06:31:00Z").await;
        assert_eq!((calls(api, &anna).await, calls(api, &boris).await), (1, 0));
        wait(api, "P1D").await;
        assert_eq!(calls(api, &anna).await, 1);
        wait(api, "P7D").await;
        assert_eq!((calls(api, &anna).await, calls(api, &boris).await), (2, 0));
        let tried = api.post(&format!("{RULES}/weekly/dry-run"), json!({})).await.expect(200);
        assert_eq!(tried["count"], 1);
        let was = json!({"if": "was_status == \"new\""});
        api.patch(&format!("{RULES}/weekly"), was).await.refused(422, "validation_failed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_end_or_no_place_is_refused() {
    for world in worlds() {
        let api = &world.admin;
        let refused = async |when: Value, field: &str| {
            let body = json!({"name": "wrong", "module": "leads", "when": when, "then": call()});
            let answer = api.post(RULES, body).await;
            assert_eq!(answer.status, 422, "{}", answer.text);
            let errors = answer.json["errors"].as_array().unwrap();
            assert!(errors.iter().any(|error| error["field"] == field), "{field}: {}", answer.text);
        };
        let stayed = |more: Value| {
            let mut when = json!({"event": "stayed", "states": ["new"], "after": "P1D"});
            when.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            when
        };
        refused(stayed(json!({"every": "P1D"})), "when.times").await;
        refused(stayed(json!({"every": "P1D", "times": 1000})), "when.times").await;
        refused(stayed(json!({"after": "soon"})), "when.after").await;
        refused(stayed(json!({"after": "P1M", "working": true})), "when.after").await;
        refused(stayed(json!({"states": ["nowhere"]})), "when.states[0]").await;
        let dated = |more: Value| {
            let mut when = json!({"event": "date", "field": "created_on"});
            when.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            when
        };
        refused(dated(json!({"every": "P1D"})), "when.times").await;
        refused(dated(json!({"times": 3})), "when.every").await;
        refused(dated(json!({"every": "soon", "times": 3})), "when.every").await;
        refused(dated(json!({"offset": "-P1M", "working": true})), "when.offset").await;
        refused(json!({"event": "schedule", "every": "week", "at": "25:00", "on": 1}), "when.at").await;
        refused(json!({"event": "schedule", "every": "week", "at": "09:00"}), "when.on").await;

        // A rule that repeats itself where nothing leads out, and one that waits where nobody comes: told, not refused.
        rule(api, "stuck", "leads", stayed(json!({"states": ["converted"], "every": "P1D", "times": 2})), call()).await;
        rule(api, "idle", "leads", stayed(json!({"states": ["qualified"]})), call()).await;
        rule(api, "idle_too", "leads", json!({"event": "entered", "states": ["qualified"]}), call()).await;
        let retired = json!({"states": {"qualified": {"retired": true, "moves_to": "contacted"}}});
        api.patch("/api/v1/meta/processes/leads", retired).await.expect(200);
        let told = api.get("/api/v1/meta/processes/leads/numbers").await.expect(200)["findings"].clone();
        let has = |finding: Value| told.as_array().unwrap().contains(&finding);
        assert!(has(json!({"finding": "stay_without_end", "rule": "stuck", "state": "converted"})), "{told}");
        for idle in ["idle", "idle_too"] {
            assert!(has(json!({"finding": "stay_in_retired", "rule": idle, "state": "qualified"})), "{told}");
        }
        // The picture shows what waits, with how long; what is switched off waits no more.
        let picture = async || api.get("/api/v1/meta/processes/leads/picture").await.text;
        let body = json!({
            "name": "quiet", "label": {"ru": "Тишина", "en": "Silence"}, "module": "leads",
            "when": stayed(json!({"after": "P9D"})), "then": call(),
        });
        api.post(RULES, body).await.expect(201);
        let shown = picture().await;
        assert!(shown.contains("9 дней: Тишина"), "{shown}");
        api.patch(&format!("{RULES}/quiet"), json!({"active": false})).await.expect(200);
        assert!(!picture().await.contains("Тишина"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_told_what_a_rule_does_at_once_and_then_it_does_that() {
    for world in worlds() {
        let api = &world.admin;
        to(api, MONDAY).await;
        let old = lead(api, json!({"name": "Old"})).await;
        let gone = lead(api, json!({"name": "Gone"})).await;
        wait(api, "P4D").await;
        press(api, &gone, "contact").await;
        let middle = lead(api, json!({"name": "Middle"})).await;
        wait(api, "P2D").await;
        let young = lead(api, json!({"name": "Young"})).await;
        let stayed = |after: &str| json!({"event": "stayed", "states": ["new"], "after": after});
        let body = json!({"name": "slow", "module": "leads", "active": false, "then": call(), "when": stayed("P5D")});
        api.post(RULES, body).await.expect(201);
        let slow = format!("{RULES}/slow");
        let at_once = async |body: Value| {
            let told = api.post(&format!("{slow}/dry-run"), body).await.expect(200);
            told["at_once"].clone()
        };
        assert_eq!(at_once(json!({})).await, json!({"count": 1, "whole": true, "next": null}));
        run(api).await;
        assert!(runs(api, "slow").await.is_empty(), "it is off");
        // A rule that is off gets a shorter while: who has waited longer than that is found when it is switched on.
        api.patch(&slow, json!({"when": stayed("P1D")})).await.expect(200);
        assert_eq!(at_once(json!({})).await["count"], 2);
        assert_eq!(at_once(json!({"if": "name == \"Old\""})).await["count"], 1);
        api.patch(&slow, json!({"active": true})).await.expect(200);
        run(api).await;
        assert_eq!(ended(api, "slow", "done").await, 2);
        for (lead, count) in [(&old, 1), (&middle, 1), (&young, 0), (&gone, 0)] {
            assert_eq!(calls(api, lead).await, count);
        }
        assert_eq!(at_once(json!({})).await["count"], 0, "it has run for them");
        // Off again, and on with a longer one, it comes back to nobody whom it has met.
        api.patch(&slow, json!({"active": false})).await.expect(200);
        api.patch(&slow, json!({"when": stayed("P3D")})).await.expect(200);
        api.patch(&slow, json!({"active": true})).await.expect(200);
        wait(api, "P2D").await;
        assert_eq!((calls(api, &old).await, calls(api, &young).await), (1, 0));
        wait(api, "P1DT1H").await;
        assert_eq!(calls(api, &young).await, 1);

        let daily = json!({"when": {"event": "schedule", "every": "day", "at": "09:00"}, "if": "status == \"new\""});
        let told = at_once(daily).await;
        assert_eq!((&told["count"], &told["next"]["count"]), (&json!(0), &json!(3)), "{told}");
        let deal =
            json!({"name": "Near", "amount": {"amount": "10.00", "currency": "RUB"}, "close_date": "2037-03-14"});
        api.post("/api/v1/deals", deal).await.expect(201);
        let near = json!({
            "module": "deals", "when": {"event": "date", "field": "close_date", "offset": "P2D"},
            "then": [{"do": "set", "fields": {"close_date": "null"}}],
        });
        let told = at_once(near).await;
        assert_eq!((&told["count"], &told["next"]["count"]), (&json!(0), &json!(1)), "{told}");
        assert_eq!(at_once(json!({"when": {"event": "created"}})).await, json!(null), "nobody's clock");

        // For what the program sets up itself no time is counted, and that is told.
        let add = |work: &mut store::Work<'_>| {
            let draft = store::Draft::new().set("name", "Sample".to_owned());
            work.as_process(|work| work.create("leads", draft.clone())).map(drop)
        };
        world.workspace.write_blocking(model::Actor::System("sample"), store::Origin::from("sample"), add).unwrap();
        let told = api.post(&format!("{slow}/dry-run"), json!({})).await.expect(200);
        assert_eq!(told["uncounted"], 1, "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_move_records_round_and_round_are_told() {
    for world in worlds() {
        let api = &world.admin;
        let after_a_day = |state: &str| json!({"event": "stayed", "states": [state], "after": "P1D"});
        let press = |name: &str| json!([{"do": "move", "transition": name}]);
        let told = async || {
            let numbers = api.get("/api/v1/meta/processes/leads/numbers").await.expect(200);
            let findings = numbers["findings"].as_array().unwrap().clone();
            let round = findings.into_iter().filter(|finding| finding["finding"] == "stay_in_circle");
            round.map(|finding| (finding["rule"].clone(), finding["state"].clone())).collect::<Vec<_>>()
        };
        rule(api, "there", "leads", after_a_day("new"), press("disqualify")).await;
        assert!(told().await.is_empty(), "one way is no circle");
        rule(api, "back", "leads", json!({"event": "entered", "states": ["disqualified"]}), press("reopen")).await;
        assert_eq!(told().await, [(json!("there"), json!("new"))], "whoever acts at once is cut when it runs");
        // With a condition it may end.
        api.patch(&format!("{RULES}/back"), json!({"if": "has(email)"})).await.expect(200);
        assert!(told().await.is_empty());
        // What is switched off moves nothing.
        api.patch(&format!("{RULES}/back"), json!({"if": null, "active": false})).await.expect(200);
        assert!(told().await.is_empty());
    }
}
