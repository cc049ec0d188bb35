//! Roles that end, rights that two change at once, and fields that somebody else must fill in; on both databases.

use serde_json::{Value, json};

use crate::world::{Answer, World, worlds};

const ROLES: &str = "/api/v1/meta/roles";
const USERS: &str = "/api/v1/meta/users";
const FIELDS: &str = "/api/v1/meta/modules/leads/fields";
const LEADS: &str = "/api/v1/leads";

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

async fn delete(world: &World, path: &str) -> Answer {
    world.admin.send("DELETE", path, &[], None).await
}

async fn names(world: &World) -> Vec<String> {
    let all = world.admin.get(ROLES).await.expect(200);
    all["data"].as_array().unwrap().iter().map(|role| role["name"].as_str().unwrap().to_owned()).collect()
}

async fn roles_of(world: &World, user: model::Id) -> Value {
    let all = world.admin.get(USERS).await.expect(200);
    let all = all["data"].as_array().unwrap();
    all.iter().find(|it| it["id"] == user.to_string()).unwrap()["roles"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_deleted_when_its_users_have_another_and_comes_back() {
    for world in worlds() {
        world.admin.post(ROLES, json!({"name": "intern", "copy_of": "salesperson"})).await.expect(201);
        let (intern, api) = world.user("Ivan", "intern");
        let at = format!("{ROLES}/intern");
        let refused = delete(&world, &at).await;
        refused.refused(409, "role_in_use");
        assert_eq!(refused.json["errors"][0]["message"], "Ivan", "it is said who has it");
        delete(&world, &format!("{at}?move_to=nobody")).await.faulty(&["move_to"]);
        delete(&world, &format!("{at}?move_to=intern")).await.faulty(&["move_to"]);
        delete(&world, &format!("{at}?to=secretary")).await.refused(400, "unknown_parameter");
        api.send("DELETE", &at, &[], None).await.refused(403, "missing_right");
        delete(&world, &format!("{at}?move_to=secretary&dry_run=true")).await.expect(200);
        assert_eq!(roles_of(&world, intern).await, json!(["intern"]));
        assert!(names(&world).await.contains(&"intern".to_owned()));

        let gone = delete(&world, &format!("{at}?move_to=secretary")).await;
        assert!(gone.headers.contains_key("etag"));
        gone.expect(204);
        assert!(!names(&world).await.contains(&"intern".to_owned()));
        assert_eq!(roles_of(&world, intern).await, json!(["secretary"]));
        delete(&world, &at).await.refused(404, "not_found");
        delete(&world, &format!("{ROLES}/salesperson")).await.refused(409, "role_of_a_pack");

        // The way back of the pack brings the role back; nobody is moved by it.
        let back = "/api/v1/meta/packs/own/revert";
        world.admin.post(back, json!({})).await.expect(200);
        assert!(names(&world).await.contains(&"intern".to_owned()));
        assert_eq!(roles_of(&world, intern).await, json!(["secretary"]));
        // Nor does it take a role from under somebody.
        world.admin.patch(&format!("{USERS}/{intern}"), json!({"roles": ["intern"]})).await.expect(200);
        world.admin.post(back, json!({})).await.refused(409, "role_in_use");
        world.admin.patch(&format!("{USERS}/{intern}"), json!({"roles": ["door"]})).await.expect(200);
        world.admin.post(back, json!({})).await.expect(200);
        assert!(!names(&world).await.contains(&"intern".to_owned()));
        world.admin.patch(&format!("{USERS}/{intern}"), json!({"roles": ["intern"]})).await.faulty(&["roles"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_administrator_is_not_handed_over() {
    for world in worlds() {
        world.admin.post(ROLES, json!({"name": "boss", "copy_of": "administrator"})).await.expect(201);
        let me = format!("{USERS}/{}", world.admin_id);
        world.admin.patch(&me, json!({"roles": ["boss"]})).await.expect(200);
        let at = format!("{ROLES}/boss");
        delete(&world, &format!("{at}?move_to=door")).await.refused(409, "last_administrator");
        delete(&world, &format!("{at}?move_to=administrator")).await.expect(204);
        world.admin.get(USERS).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_has_not_heard_of_it_yet_judges_by_what_is() {
    for world in worlds() {
        world.admin.post(ROLES, json!({"name": "boss", "copy_of": "administrator"})).await.expect(201);
        let (boss, _) = world.user("boss", "boss");
        let (_other, api) = world.second_program();
        world.admin.patch(&format!("{ROLES}/boss"), json!({"capabilities": []})).await.expect(200);
        // The second program still takes the boss for an administrator.
        let me = format!("{USERS}/{}", world.admin_id);
        api.patch(&me, json!({"roles": ["door"]})).await.refused(409, "last_administrator");
        api.patch(&me, json!({"active": false})).await.refused(409, "last_administrator");
        world.admin.patch(&format!("{USERS}/{boss}"), json!({"roles": ["administrator"]})).await.expect(200);
        api.patch(&me, json!({"roles": ["door"]})).await.expect(200);
        world.admin.post(ROLES, json!({"name": "late"})).await.refused(403, "missing_right");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_begins_only_with_what_its_state_requires() {
    for world in worlds() {
        let need = format!("{FIELDS}/need");
        world.admin.patch(&need, json!({"required_at": ["new"]})).await.expect(200);
        world.admin.post(LEADS, json!({"name": "x"})).await.faulty(&["need"]);
        world.admin.post(LEADS, json!({"name": "x", "need": null})).await.faulty(&["need"]);
        world.admin.post(LEADS, json!({"name": "x", "need": "a stand"})).await.expect(201);
        let operations = json!([{"op": "create", "fields": {"name": "y"}}]);
        let batch = world.admin.post("/api/v1/leads/batch", json!({"atomic": true, "operations": operations})).await;
        assert_eq!(batch.status, 422, "{}", batch.text);

        // Buyers are asked nothing of the kind: the lead that their order makes is made.
        let kind = world.event("harbour").await;
        let tickets = json!([{"ticket_type": kind, "attendee": {"name": "Anna", "email": "anna@example.org"}}]);
        let order = json!({"buyer": {"name": "Anna", "email": "anna@example.org"}, "tickets": tickets});
        world.anybody().post("/api/public/v1/events/harbour/orders", order).await.expect(201);
    }
}

/// The codes of the faults of a refusal, by field.
fn faults(answer: &Answer) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let errors = answer.json["errors"].as_array().unwrap();
    errors.iter().map(|error| (text(&error["field"]), text(&error["code"]))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_cannot_fill_in_is_told_as_far_as_they_may_know() {
    for world in worlds() {
        let grant = |limits: Value| {
            let mut grant = json!({"read": "all", "create": true, "update": "all"});
            grant.as_object_mut().unwrap().extend(limits.as_object().unwrap().clone());
            json!({"leads": grant})
        };
        let blind = json!({"name": "blind", "modules": grant(json!({"hidden": ["need"]}))});
        let bound = json!({"name": "bound", "modules": grant(json!({"read_only": ["need"]}))});
        world.admin.post(ROLES, blind).await.expect(201);
        world.admin.post(ROLES, bound).await.expect(201);
        let ((_, blind), (_, bound)) = (world.user("blind", "blind"), world.user("bound", "bound"));
        let out_of_sight = [(String::new(), "filled_out_of_sight".to_owned())];
        let by_others = [("need".to_owned(), "filled_by_others".to_owned())];
        let need = format!("{FIELDS}/need");
        let refused = |answer: &Answer, expected: &[(String, String)], is_named: bool| {
            assert_eq!((answer.status, &faults(answer)[..]), (422, expected), "{}", answer.text);
            assert_eq!(answer.text.contains("need"), is_named, "{}", answer.text);
        };

        // A move.
        world.admin.patch(&need, json!({"required_at": ["contacted"]})).await.expect(200);
        let lead = world.admin.post(LEADS, json!({"name": "x"})).await.expect(201);
        let at = format!("{LEADS}/{}", id(&lead));
        let contact = format!("{at}/transitions/contact");
        refused(&blind.post(&contact, json!({})).await, &out_of_sight, false);
        refused(&bound.post(&contact, json!({})).await, &by_others, true);
        world.admin.patch(&at, json!({"need": "a secret stand"})).await.expect(200);
        let moved = blind.post(&contact, json!({})).await;
        assert!(moved.status == 200 && !moved.text.contains("secret"), "{}", moved.text);

        // A state in which a record begins, and a field that is always required.
        for rule in [json!({"required_at": ["new"]}), json!({"required": true, "required_at": null})] {
            world.admin.patch(&need, rule).await.expect(200);
            refused(&blind.post(LEADS, json!({"name": "y"})).await, &out_of_sight, false);
            refused(&bound.post(LEADS, json!({"name": "y"})).await, &by_others, true);
            world.admin.post(LEADS, json!({"name": "y"})).await.faulty(&["need"]);
            // What may not be known of is not found out by naming it.
            let named = blind.post(LEADS, json!({"name": "y", "need": "z"})).await;
            assert!(faults(&named).contains(&("need".to_owned(), "unknown_field".to_owned())), "{}", named.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn typed_services_ask_as_well() {
    for world in worlds() {
        let tickets = "/api/v1/meta/modules/tickets/fields";
        let badge = json!({"name": "badge", "type": "text", "required_at": ["checked_in"]});
        world.admin.post(tickets, badge).await.expect(201);
        // Money and time move orders by themselves: nobody could be asked.
        let orders = "/api/v1/meta/modules/orders/fields";
        let memo = json!({"name": "memo", "type": "text", "required_at": ["paid"]});
        world.admin.post(orders, memo).await.faulty(&["required_at"]);
        let kind = world.event("harbour").await;
        let event = world.admin.get(&format!("/api/v1/ticket_types/{kind}")).await.expect(200)["event"].clone();
        let buyer = json!({"name": "Anna", "email": "anna@example.org"});
        let order = json!({"event": event, "buyer": buyer, "tickets": [{"ticket_type": kind}]});
        let order = world.admin.post("/api/v1/orders", order).await.expect(201);
        let paid = json!({"amount": order["total"], "order": order["id"]});
        world.admin.post("/api/v1/payments", paid).await.expect(201);
        let found = format!("/api/v1/tickets?filter=order%20%3D%3D%20%22{}%22", id(&order));
        let ticket = world.admin.get(&found).await.expect(200)["data"][0].clone();
        assert_eq!(ticket["status"], "issued", "{ticket}");
        let press = format!("/api/v1/tickets/{}/transitions/check_in", id(&ticket));
        world.admin.post(&press, json!({})).await.faulty(&["badge"]);
        let code = json!({"code": ticket["code"]});
        world.admin.post("/api/v1/check-in", code.clone()).await.faulty(&["badge"]);
        world.admin.patch(&format!("/api/v1/tickets/{}", id(&ticket)), json!({"badge": "7"})).await.expect(200);
        world.admin.post("/api/v1/check-in", code).await.expect(200);
    }
}
