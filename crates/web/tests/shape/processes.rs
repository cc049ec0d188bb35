//! Processes changed while records run through them: stages and moves added, times changed, stages retired with their
//! records; what does not fit is refused with its place.

use serde_json::{Value, json};

use super::MODULES;
use super::world::{Api, World, worlds};

const PROCESSES: &str = "/api/v1/meta/processes";
const DEALS: &str = "/api/v1/meta/processes/deals";
const LEADS: &str = "/api/v1/meta/processes/leads";
const ORDERS: &str = "/api/v1/meta/processes/orders";
const SURVEYS: &str = "/api/v1/meta/processes/surveys";
const DOCUMENTS: &str = "/api/v1/meta/processes/deal_documents";

async fn run_jobs(world: &World, advance: &str) {
    world.admin.post("/api/v1/sandbox/clock", json!({"advance": advance})).await.expect(200);
}

async fn deal(api: &Api, name: &str) -> String {
    let deal = api.post("/api/v1/deals", json!({"name": name})).await.expect(201);
    format!("/api/v1/deals/{}", deal["id"].as_str().unwrap())
}

/// A deal that waits for its documents.
async fn deal_at_documents(api: &Api, name: &str) -> String {
    let event = json!({"name": name, "slug": name.to_lowercase(), "starts_on": "2036-05-10"});
    let event = api.post("/api/v1/events", event).await.expect(201)["id"].clone();
    let deal = deal(api, name).await;
    moved(api, &deal, "advance", json!({"event": event})).await;
    moved(api, &deal, "advance", json!({"amount": {"amount": "100.00", "currency": "RUB"}})).await;
    assert_eq!(stage(api, &deal).await, "documents");
    deal
}

async fn moved(api: &Api, record: &str, name: &str, fields: Value) -> Value {
    api.post(&format!("{record}/transitions/{name}"), fields).await.expect(200)
}

async fn stage(api: &Api, deal: &str) -> String {
    api.get(deal).await.expect(200)["stage"].as_str().unwrap().to_owned()
}

/// A stage for lawyers between documents and closing.
fn legal() -> Value {
    json!({
        "states": {"legal": {"label": {"ru": "Юристы", "en": "Lawyers"}, "colour": "warn", "after": "documents"}},
        "transitions": {
            "advance.documents": {"to": "legal"},
            "advance.legal": {"label": {"ru": "Дальше", "en": "Advance"}, "from": ["legal"], "to": "closing"},
        },
    })
}

#[tokio::test]
async fn a_stage_and_its_field_are_there_at_once() {
    for world in worlds() {
        let api = &world.admin;
        let on_its_way = deal_at_documents(api, "Early").await;
        let planned = api.patch(&format!("{DEALS}?dry_run=true"), legal()).await.expect(200);
        assert_eq!((&planned["steps"], planned.get("follows")), (&json!([]), None), "{planned}");
        assert!(!api.get(DEALS).await.expect(200).to_string().contains("legal"), "only planned");

        let process = api.patch(DEALS, legal()).await.expect(200);
        let names: Vec<_> =
            process["states"].as_array().unwrap().iter().map(|state| state["name"].as_str().unwrap()).collect();
        assert_eq!(names[2..5], ["documents", "legal", "closing"]);
        let field = json!({"name": "lawyer", "type": "text", "required_at": ["legal"]});
        api.post(&format!("{MODULES}/deals/fields"), field).await.expect(201);
        let whole = api.get(DEALS).await.expect(200);
        assert_eq!(whole["own"], json!({"process": false, "states": ["legal"], "transitions": ["advance.legal"]}));
        assert_eq!(whole["fixed"], false);

        // Whoever is on their way meets the stage, and what it asks for.
        let advance = format!("{on_its_way}/transitions/advance");
        api.post(&advance, json!({})).await.faulty(&["lawyer"]);
        api.post(&advance, json!({"lawyer": "Vera"})).await.expect(200);
        assert_eq!(stage(api, &on_its_way).await, "legal");
        api.post(&format!("{on_its_way}/transitions/lose"), json!({"lost_reason": "price"}))
            .await
            .refused(409, "invalid_transition");
        let from = json!(["event", "price", "documents", "legal", "closing"]);
        api.patch(DEALS, json!({"transitions": {"lose": {"from": from, "guard": "has(lawyer)"}}})).await.expect(200);
        moved(api, &on_its_way, "advance", json!({})).await;
        assert_eq!(stage(api, &on_its_way).await, "closing");
        let other = deal(api, "Other").await;
        let lost = api.post(&format!("{other}/transitions/lose"), json!({"lost_reason": "price"})).await;
        lost.refused(409, "invalid_transition");
        moved(api, &on_its_way, "lose", json!({"lost_reason": "price"})).await;

        // Said back part by part: the pack's own holds again.
        api.patch(DEALS, json!({"transitions": {"lose": null}})).await.expect(200);
        moved(api, &other, "lose", json!({"lost_reason": "price"})).await;
        let (_, sam) = world.user("sam", "salesperson");
        sam.patch(DEALS, legal()).await.refused(403, "missing_right");
        assert!(sam.get(DEALS).await.expect(200).get("own").is_none());
        api.get(&format!("{PROCESSES}/nothing")).await.refused(404, "not_found");
        api.patch(&format!("{PROCESSES}/nothing"), json!({})).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn a_new_move_of_an_old_name_does_not_make_its_key_mean_two() {
    for world in worlds() {
        let (api, leads) = (&world.admin, "/api/v1/meta/processes/leads");
        let said = json!({
            "states": {"tried": {"label": {"ru": "Пробовали", "en": "Tried"}, "after": "new"}},
            "transitions": {
                "contact": {"to": "tried"},
                "contact.tried": {"label": {"ru": "Связались", "en": "Contacted"}, "from": ["tried"], "to": "contacted"},
            },
        });
        api.patch(leads, said).await.expect(200);
        let lead = api.post("/api/v1/leads", json!({"name": "Anna"})).await.expect(201);
        let lead = format!("/api/v1/leads/{}", lead["id"].as_str().unwrap());
        for status in ["tried", "contacted"] {
            assert_eq!(moved(api, &lead, "contact", json!({})).await["status"], status);
        }

        // Its key is longer now; what is said and taken back by it is what was said by the short one.
        let label = json!({"ru": "Позвонили", "en": "Called"});
        api.patch(leads, json!({"transitions": {"contact.new": {"label": label}}})).await.expect(200);
        let taken = json!({"states": {"tried": null}, "transitions": {"contact.new": null, "contact.tried": null}});
        let back = api.patch(leads, taken).await.expect(200);
        let contact = back["transitions"].as_array().unwrap().iter().find(|step| step["name"] == "contact").unwrap();
        assert_eq!((&contact["to"], &contact["label"]["en"]), (&json!("contacted"), &json!("Contacted")), "{back}");
    }
}

async fn ordered(world: &World, kind: &str) -> String {
    let order = json!({
        "buyer": {"name": "Anna Reed", "email": "anna@example.org"},
        "tickets": [{"ticket_type": kind, "attendee": {"name": "Anna Reed", "email": "anna@example.org"}}],
    });
    world.anybody().post("/api/public/v1/events/harbour/orders", order).await.expect(201);
    let orders = world.admin.get("/api/v1/orders?sort=-created_at&limit=1").await.expect(200);
    format!("/api/v1/orders/{}", orders["data"][0]["id"].as_str().unwrap())
}

/// Hours from the last letter of an order to when it is looked at.
async fn waits(api: &Api, order: &str) -> i64 {
    let order = api.get(order).await.expect(200);
    let at = |name: &str| order[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    at("next_check_at").duration_since(at("last_letter_at")).as_hours()
}

#[tokio::test]
async fn orders_that_wait_wait_as_long_as_is_said_now() {
    for world in worlds() {
        let api = &world.admin;
        let order = ordered(&world, &world.event("harbour").await).await;
        assert_eq!(waits(api, &order).await, 24);
        let longer = json!({"timers": {"payment_wait": {"after": "PT72H"}}});
        let planned = api.patch(&format!("{ORDERS}?dry_run=true"), longer.clone()).await.expect(200);
        let follows = json!([{"module": "orders", "timer": "payment_wait", "records": 1}]);
        assert_eq!(planned["follows"], follows);
        api.patch(ORDERS, longer).await.expect(200);
        run_jobs(&world, "PT1S").await;
        assert_eq!(waits(api, &order).await, 72);
        run_jobs(&world, "PT25H").await;
        let quiet = api.get(&order).await.expect(200);
        assert_eq!((&quiet["reminders"], &quiet["status"]), (&json!(0), &json!("pending")), "{quiet}");
        run_jobs(&world, "PT48H").await;
        assert_eq!(api.get(&order).await.expect(200)["reminders"], 1);

        // A shorter one is over at once for whoever has waited longer than that.
        run_jobs(&world, "PT10H").await;
        api.patch(ORDERS, json!({"timers": {"payment_wait": {"after": "PT4H"}}})).await.expect(200);
        run_jobs(&world, "PT1S").await;
        let reminded = api.get(&order).await.expect(200);
        assert_eq!(reminded["reminders"], 2, "{reminded}");
        assert_eq!(waits(api, &order).await, 4);
    }
}

#[tokio::test]
async fn what_the_program_keeps_and_what_does_not_fit_is_refused_with_its_place() {
    for world in worlds() {
        let api = &world.admin;
        let before = (api.get(ORDERS).await.expect(200), api.get(DEALS).await.expect(200));
        for (process, body, place) in [
            (ORDERS, json!({"states": {"held": {"label": "Held"}}}), "states"),
            (ORDERS, json!({"states": {"pending": {"phase": "won"}}}), "states.pending.phase"),
            (ORDERS, json!({"states": {"pending": {"retired": true}}}), "states.pending.retired"),
            (ORDERS, json!({"transitions": {"annul": {"to": "paid"}}}), "transitions.annul.to"),
            (ORDERS, json!({"transitions": {"paid": {"by": "editor"}}}), "transitions.paid.by"),
            (ORDERS, json!({"transitions": {"paid": {"asks": ["source"]}}}), "transitions.paid.asks"),
            (ORDERS, json!({"timers": {"payment_wait": {"after": "PT0S"}}}), "timers.payment_wait.after"),
            (ORDERS, json!({"timers": {"payment_wait": {"after": "-P1D"}}}), "timers.payment_wait.after"),
            (ORDERS, json!({"timers": {"payment_wait": {"after": "soon"}}}), "timers.payment_wait.after"),
            // Nothing would ever come of them.
            (DEALS, json!({"timers": {"silence": {"states": ["price"], "after": "P3D"}}}), "timers.silence"),
            (LEADS, json!({"timers": {"payment_wait": {"states": ["new"], "after": "P3D"}}}), "timers.payment_wait"),
            (DEALS, json!({"transitions": {"lose": {"to": "nowhere"}}}), "transitions.lose.to"),
            (DEALS, json!({"transitions": {"lose": {"asks": ["nothing"]}}}), "transitions.lose.asks"),
            (DEALS, json!({"transitions": {"lose": {"by": {"roles": ["king"]}}}}), "transitions.lose.by"),
            (DEALS, json!({"transitions": {"lose": {"guard": "amount =="}}}), "transitions.lose.guard"),
            (DEALS, json!({"transitions": {"lose": {"guard": "amount"}}}), "transitions.lose.guard"),
            (DEALS, json!({"transitions": {"lose": {"label": 7}}}), "transitions.lose.label"),
            (DEALS, json!({"transitions": {"advance": {"guard": "true"}}}), "transitions.advance"),
            (DEALS, json!({"transitions": {"win": {"guard": "true"}}}), "transitions.win"),
            (DEALS, json!({"transitions": {"fly": {"to": "won"}}}), "transitions.fly"),
            (DEALS, json!({"states": {"event": {"retired": true}}}), "states.event.retired"),
            (DEALS, json!({"states": {"price": {"moves_to": "event"}}}), "states.price.moves_to"),
            (DEALS, json!({"states": {"price": {"retired": true, "moves_to": "x"}}}), "states.price.moves_to"),
            (DEALS, json!({"states": {"Legal": {}}}), "states.Legal.name"),
            (DEALS, json!({"states": {"price": {"name": "cost"}}}), "states.price.name"),
            (DEALS, json!({"order": ["event", "nowhere"]}), "order"),
            (DEALS, json!({"field": "name"}), "field"),
            // A good end is come to by its condition, and nobody is made a client by retiring a state.
            (DEALS, json!({"states": {"closing": {"retired": true, "moves_to": "won"}}}), "states.closing.moves_to"),
            (
                LEADS,
                json!({"states": {"contacted": {"retired": true, "moves_to": "converted"}}}),
                "states.contacted.moves_to",
            ),
            // What the program itself works with stays what it is.
            (LEADS, json!({"states": {"converted": {"phase": "open"}}}), "states.converted.phase"),
            (LEADS, json!({"states": {"converted": {"retired": true}}}), "states.converted.retired"),
            (LEADS, json!({"states": {"disqualified": {"retired": true}}}), "states.disqualified.retired"),
            (DEALS, json!({"states": {"won": {"phase": "lost"}}}), "states.won.phase"),
            (DEALS, json!({"states": {"won": {"retired": true, "moves_to": "lost"}}}), "states.won.retired"),
            (SURVEYS, json!({"states": {"invalid": {"retired": true}}}), "states.invalid.retired"),
            (
                SURVEYS,
                json!({"states": {"answered": {"retired": true, "moves_to": "sent"}}}),
                "states.answered.retired",
            ),
            (DOCUMENTS, json!({"states": {"received": {"retired": true}}}), "states.received.retired"),
        ] {
            for path in [format!("{process}?dry_run=true"), process.to_owned()] {
                let answer = api.patch(&path, body.clone()).await;
                assert_eq!(answer.status, 422, "{body}: {}", answer.text);
                let first = answer.json["errors"][0]["field"].as_str().unwrap();
                assert_eq!(first, place, "{body}: {}", answer.text);
            }
        }
        // Nor where a pack says so, and there it is told what does it instead.
        let manifest = "name = \"mine\"\nlabel = { ru = \"М\", en = \"M\" }\nversion = 1\nrequires = [\"crm\"]\n";
        let idle = "extends = \"deals\"\ntimers = [{ name = \"silence\", states = [\"price\"], after = \"P3D\" }]\n";
        let files = json!({"files": {"pack.toml": manifest, "processes/deals.toml": idle}});
        let refused = api.post("/api/v1/meta/packs", files).await;
        refused.refused(422, "validation_failed");
        assert!(refused.text.contains("processes/deals.toml") && refused.text.contains("stayed"), "{}", refused.text);
        assert_eq!((api.get(ORDERS).await.expect(200), api.get(DEALS).await.expect(200)), before);
        // What may be said of them.
        let said = json!({
            "states": {"pending": {"label": "Waits", "colour": "acc"}},
            "transitions": {"annul": {"label": "Let go", "by": {"roles": ["organiser"]}, "guard": "total > 0", "asks": ["buyer_phone"]}},
        });
        let orders = api.patch(ORDERS, said).await.expect(200);
        assert_eq!(orders["states"][0]["label"], json!({"ru": "Waits", "en": "Waits"}));
        let order = ordered(&world, &world.event("harbour").await).await;
        let annul = format!("{order}/transitions/annul");
        api.post(&annul, json!({})).await.refused(403, "transition_forbidden");
        let (_, olga) = world.user("olga", "organiser");
        olga.post(&annul, json!({})).await.faulty(&["buyer_phone"]);
        olga.post(&annul, json!({"buyer_phone": "+7 921 123-45-67"})).await.expect(200);
    }
}

#[tokio::test]
async fn records_of_a_retired_stage_go_where_is_said_and_back() {
    for world in worlds() {
        let api = &world.admin;
        let mut deals = Vec::new();
        for name in ["One", "Two", "Three"] {
            deals.push(deal_at_documents(api, name).await);
        }
        let gone = deal_at_documents(api, "Gone").await;
        api.send("DELETE", &gone, &[], None).await.expect(204);
        let rule = json!({
            "name": "priced", "module": "deals", "when": {"event": "entered", "states": ["price"]},
            "then": [{"do": "set", "fields": {"lost_reason": "\"x\""}}],
        });
        api.post("/api/v1/meta/rules", rule).await.expect(201);
        let retired = json!({"states": {"documents": {"retired": true, "moves_to": "price"}}});
        let planned = api.patch(&format!("{DEALS}?dry_run=true"), retired.clone()).await.expect(200);
        let follows = json!([{"module": "deals", "from": "documents", "to": "price", "records": 3}]);
        assert_eq!(planned["follows"], follows);
        let process = api.patch(DEALS, retired).await.expect(200);
        assert!(!process["transitions"].as_array().unwrap().iter().any(|step| step["to"] == "documents"));
        run_jobs(&world, "PT1S").await;
        run_jobs(&world, "PT1S").await;
        let runs = api.get("/api/v1/meta/rules/priced/runs").await.expect(200);
        assert_eq!(runs["data"], json!([]), "whoever follows a changed process sets nothing off");
        let mut sets = Vec::new();
        for deal in &deals {
            assert_eq!(stage(api, deal).await, "price");
            let history = api.get(&format!("{deal}/timeline")).await.expect(200);
            let change = history["data"].as_array().unwrap().iter().find(|it| it["source"] == "shape").unwrap().clone();
            assert_eq!(change["actor"], json!(world.admin_id));
            sets.push(change["change_set"].as_str().unwrap().to_owned());
            // Nothing leads there any more.
            api.post(&format!("{deal}/transitions/advance"), json!({})).await.refused(409, "invalid_transition");
        }
        assert!(sets.iter().all(|set| *set == sets[0]), "one change set: {sets:?}");
        let bin = api.get("/api/v1/deals?filter=stage%20%3D%3D%20%22documents%22").await.expect(200);
        assert_eq!(bin["data"], json!([]));

        // Nothing is brought back into a stage out of use; once it is in use again, they go back.
        let undo = format!("/api/v1/undo/{}", sets[0]);
        api.post(&undo, json!({})).await.refused(409, "undo_conflict");
        let back = json!({"states": {"documents": {"retired": false}}});
        let process = api.patch(DEALS, back).await.expect(200);
        assert!(process["transitions"].as_array().unwrap().iter().any(|step| step["to"] == "documents"));
        api.post(&undo, json!({})).await.expect(200);
        for deal in &deals {
            assert_eq!(stage(api, deal).await, "documents");
        }
        moved(api, &deals[0], "advance", json!({})).await;
        assert_eq!(stage(api, &deals[0]).await, "closing", "they leave by the moves that lead away");

        // Without a place to go they stay; and a stage of one's own goes for good only when nobody stands in it.
        api.patch(DEALS, json!({"states": {"documents": {"retired": true}}})).await.expect(200);
        run_jobs(&world, "PT1S").await;
        assert_eq!(stage(api, &deals[1]).await, "documents");
        api.patch(DEALS, json!({"states": {"documents": null}})).await.expect(200);
        api.patch(DEALS, legal()).await.expect(200);
        moved(api, &deals[1], "advance", json!({})).await;
        let removed =
            json!({"states": {"legal": null}, "transitions": {"advance.legal": null, "advance.documents": null}});
        api.patch(DEALS, removed.clone()).await.refused(409, "option_in_use");
        moved(api, &deals[1], "advance", json!({})).await;
        api.patch(DEALS, removed).await.expect(200);
    }
}

#[tokio::test]
async fn what_was_said_is_a_pack_that_is_taken_elsewhere() {
    for world in worlds() {
        let api = &world.admin;
        api.patch(DEALS, legal()).await.expect(200);
        let more = json!({
            "label": "Our deals", "transitions": {"win.closing.won-2": {"guard": "has(amount)", "retired": false}},
        });
        api.patch(DEALS, more).await.expect(200);
        api.patch(ORDERS, json!({"timers": {"payment_wait": {"after": "P2D"}}})).await.expect(200);
        let steps = json!({"module": "accounts", "field": "steps", "states": [{"name": "fresh"}, {"name": "known"}]});
        api.post(PROCESSES, steps).await.expect(201);
        let pack = api.get("/api/v1/meta/packs/own").await.expect(200);
        let wanted = api.get(PROCESSES).await.expect(200);
        assert!(!pack["files"].to_string().contains("key ="), "what moves are addressed by stands in no file");

        let other = worlds().into_iter().next().unwrap();
        other.admin.post("/api/v1/meta/packs", json!({"files": pack["files"]})).await.expect(200);
        assert_eq!(other.admin.get(PROCESSES).await.expect(200), wanted);
        // Saying more there leaves the rest as it is.
        other.admin.patch(DEALS, json!({"states": {"legal": {"colour": "bad"}}})).await.expect(200);
        let again = other.admin.get("/api/v1/meta/packs/own").await.expect(200);
        let (was, is) = (&pack["files"]["processes/orders.toml"], &again["files"]["processes/orders.toml"]);
        assert!(was.is_string() && was == is, "{again}");

        // The way back of the whole, and forward again.
        let revert = "/api/v1/meta/packs/own/revert";
        api.post(revert, json!({})).await.expect(200);
        assert!(!api.get(PROCESSES).await.expect(200).to_string().contains("steps"));
        api.post(revert, json!({})).await.expect(200);
        assert_eq!(api.get(PROCESSES).await.expect(200), wanted);
    }
}

#[tokio::test]
async fn a_module_without_a_process_is_given_one() {
    for world in worlds() {
        let api = super::made(&world).await;
        let hotel = super::hotel(&api, "Baltia", json!({})).await;
        let steps = json!({
            "module": "hotels",
            "states": [{"name": "asked", "label": "Asked"}, {"name": "booked", "phase": "won"}, {"name": "off", "phase": "lost"}],
            "transitions": [
                {"name": "book", "from": ["asked"], "to": "booked", "asks": ["price"]},
                {"name": "drop", "from": ["asked", "booked"], "to": "off", "by": {"roles": ["administrator"]}},
            ],
        });
        for (part, value, place) in [
            ("module", json!("orders"), "module"),
            ("module", json!("nowhere"), "module"),
            ("name", json!("No!"), "name"),
            ("field", json!("stars"), "field"),
            ("states", json!([]), "states"),
            ("timers", json!([{"name": "late", "states": ["asked"], "after": "P1D"}]), "timers[0]"),
            ("colour", json!("acc"), "colour"),
        ] {
            let mut wrong = steps.clone();
            wrong[part] = value;
            let answer = api.post(PROCESSES, wrong).await;
            assert!(matches!(answer.status, 409 | 422), "{part}: {}", answer.text);
            assert_eq!(answer.json["errors"][0]["field"], place, "{part}: {}", answer.text);
        }
        let planned = api.post(&format!("{PROCESSES}?dry_run=true"), steps.clone()).await.expect(200);
        assert_eq!(planned["follows"][0]["records"], 1, "{planned}");
        let made = api.post(PROCESSES, steps.clone()).await;
        assert_eq!(made.headers["location"], "/api/v1/meta/processes/hotels");
        assert_eq!(made.expect(201)["initial"], "asked");
        api.post(PROCESSES, steps).await.refused(409, "name_taken");
        run_jobs(&world, "PT1S").await;
        let path = format!("/api/v1/hotels/{hotel}");
        assert_eq!(api.get(&path).await.expect(200)["status"], "asked", "who was there begins as well");
        api.post(&format!("{path}/transitions/book"), json!({})).await.faulty(&["price"]);
        let price = json!({"price": {"amount": "10.00", "currency": "RUB"}});
        assert_eq!(moved(&api, &path, "book", price).await["status"], "booked");
        let (_, olga) = world.user("olga", "organiser");
        api.patch("/api/v1/meta/roles/organiser", json!({"modules": {"hotels": {"read": "all", "update": "all"}}}))
            .await
            .expect(200);
        olga.post(&format!("{path}/transitions/drop"), json!({})).await.refused(403, "transition_forbidden");

        // What is renamed is renamed there too.
        api.patch(&format!("{MODULES}/hotels/fields/price"), json!({"name": "cost"})).await.expect(200);
        let process = api.get(&format!("{PROCESSES}/hotels")).await.expect(200);
        assert_eq!((&process["transitions"][0]["asks"], &process["own"]["process"]), (&json!(["cost"]), &json!(true)));
        api.patch(&format!("{MODULES}/hotels"), json!({"name": "lodgings"})).await.expect(200);
        let process = api.get(&format!("{PROCESSES}/hotels")).await.expect(200);
        assert_eq!(process["module"], "lodgings");
        let order = json!({"order": ["off", "asked", "booked"], "states": {"late": {"after": "asked"}}});
        let process = api.patch(&format!("{PROCESSES}/hotels"), order).await.expect(200);
        assert_eq!(process["states"][0]["name"], "off");
    }
}

#[tokio::test]
async fn a_check_list_holds_a_move_up_until_all_of_it_is_ticked_off() {
    for world in worlds() {
        let api = &world.admin;
        let lead = |name: &str| json!({"name": name, "phone": "+79211234567"});
        let early = api.post("/api/v1/leads", lead("Early")).await.expect(201);
        let early = format!("/api/v1/leads/{}", early["id"].as_str().unwrap());
        let item = |key: &str, ru: &str, en: &str| json!({"key": key, "label": {"ru": ru, "en": en}});
        let list = |items: Value| json!({"transitions": {"contact": {"checklist": items}}});
        let two = json!([item("called", "Позвонить", "Call"), item("noted", "Записать", "Note down")]);
        api.patch(LEADS, list(two)).await.expect(200);

        // Whoever was there before is held up as well, and it is told by what.
        let contact = format!("{early}/transitions/contact");
        let refused = api.post(&contact, json!({})).await;
        refused.refused(409, "invalid_transition");
        let wants = |it: &Value| it["field"] == "checked_off" && it["code"] == "unmet";
        assert!(refused.json["errors"].as_array().unwrap().iter().any(wants), "{}", refused.text);
        assert_eq!(api.patch(&early, json!({"checked_off": ["called", "nothing"]})).await.status, 422);
        api.patch(&early, json!({"checked_off": ["called"]})).await.expect(200);
        api.post(&contact, json!({})).await.refused(409, "invalid_transition");

        // Other words and another item: what is ticked off stays ticked off.
        let other = json!([item("called", "Дозвониться", "Get through"), item("noted", "Записать", "Note down")]);
        api.patch(LEADS, list(other)).await.expect(200);
        assert_eq!(api.get(&early).await.expect(200)["checked_off"], json!(["called"]));
        let moves = api.get(LEADS).await.expect(200)["transitions"].clone();
        let step = moves.as_array().unwrap().iter().find(|step| step["name"] == "contact").unwrap().clone();
        assert_eq!(step["checklist"][0]["label"]["en"], "Get through");
        api.patch(&early, json!({"checked_off": ["called", "noted"]})).await.expect(200);
        let history = api.get(&format!("{early}/history")).await.expect(200).to_string();
        assert!(history.contains("checked_off"), "ticks are changes like others");
        moved(api, &early, "contact", json!({})).await;
        assert_eq!(api.get(&early).await.expect(200)["status"], "contacted");

        // It stands in the workspace's own pack, and lists are filtered by it.
        let own = api.get("/api/v1/meta/packs/own").await.expect(200).to_string();
        assert!(own.contains("checklist") && own.contains("Дозвониться"), "{own}");
        let filter = "%22called%22%20in%20checked_off";
        assert_eq!(
            api.get(&format!("/api/v1/leads?filter={filter}")).await.expect(200)["data"].as_array().unwrap().len(),
            1
        );

        // What does not fit is told by its place; nobody ticks off what the program does.
        let twice = json!([item("a", "А", "A"), item("a", "Б", "B")]);
        api.patch(LEADS, list(twice)).await.faulty(&["transitions.contact.checklist"]);
        api.patch(LEADS, list(json!([item("Bad name", "А", "A")]))).await.faulty(&["transitions.contact.checklist"]);
        let taken = json!({"name": "checked_off", "type": "text"});
        assert!(api.post(&format!("{MODULES}/leads/fields"), taken).await.status >= 400);
        let orders = json!({"transitions": {"cancel": {"checklist": [item("a", "А", "A")]}}});
        assert!(api.patch(ORDERS, orders).await.status >= 400);

        // An item that is gone leaves the ticks that were made.
        api.patch(LEADS, list(json!([item("noted", "Записать", "Note down")]))).await.expect(200);
        assert_eq!(api.get(&early).await.expect(200)["checked_off"], json!(["called", "noted"]));
        // Said back, nothing is wanted any more.
        api.patch(LEADS, json!({"transitions": {"contact": null}})).await.expect(200);
        let late = api.post("/api/v1/leads", lead("Late")).await.expect(201);
        moved(api, &format!("/api/v1/leads/{}", late["id"].as_str().unwrap()), "contact", json!({})).await;
    }
}
