//! Letters of sites through the API: set up by administrators, tried out without anything being kept; on both databases.

use serde_json::{Value, json};

use crate::world::{World, worlds};

const LETTERS: &str = "/api/v1/meta/site_letters";

fn shop() -> Value {
    json!({
        "name": "shop", "label": "Shop", "from": "Robot@Shop.example", "subject": "Order", "module": "orders",
        "words": {"All inclusive": "Guest"},
        "reads": [
            {"to": "event", "labels": ["Event", "Мероприятие"]}, {"to": "ticket_type", "labels": ["Ticket"]},
            {"to": "quantity", "labels": ["Quantity"]}, {"to": "attendee_name", "labels": ["Name"]},
            {"to": "attendee_email", "labels": ["E-mail"]},
        ],
    })
}

const TEXT: &str = "Event: autumn\nTicket: all inclusive\nQuantity: 2\nName: Anna Kotova\nE-mail: anna@a.example";

async fn tried(world: &World, text: &str) -> Value {
    world.admin.post(&format!("{LETTERS}/shop/try"), json!({"text": text})).await.expect(200)
}

async fn count(world: &World, module: &str) -> usize {
    world.admin.get(&format!("/api/v1/{module}?limit=500")).await.expect(200)["data"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_say_how_letters_are_read() {
    for world in worlds() {
        world.event("autumn").await;
        let api = &world.admin;
        let made = api.post(LETTERS, shop()).await.expect(201);
        assert_eq!(made["from"], "robot@shop.example", "as addresses are stored");
        assert_eq!((&made["active"], &made["pack"]), (&json!(true), &json!("own")));
        api.post(LETTERS, shop()).await.refused(409, "name_taken");
        let at = format!("{LETTERS}/shop");
        assert_eq!(api.get(&at).await.expect(200), made);
        let changed = api.patch(&at, json!({"subject": null, "active": false})).await.expect(200);
        assert_eq!((&changed["subject"], &changed["active"]), (&Value::Null, &json!(false)));
        assert_eq!(api.get(LETTERS).await.expect(200)["data"], json!([changed]));
        api.patch(&at, json!({"name": "other"})).await.faulty(&["name"]);
        let (_, organiser) = world.user("organiser", "organiser");
        for answer in [organiser.get(LETTERS).await, organiser.get(&at).await] {
            assert_eq!(answer.status, 403, "{}", answer.text);
        }
        assert_eq!(organiser.post(LETTERS, shop()).await.status, 403);
        let try_it = json!({"text": TEXT});
        assert_eq!(organiser.post(&format!("{at}/try"), try_it).await.status, 403);
        api.send("DELETE", &at, &[], None).await.expect(204);
        api.get(&at).await.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_read_is_refused_by_its_place() {
    for world in worlds() {
        world.event("autumn").await;
        let api = &world.admin;
        let with = |key: &str, value: Value| {
            let mut body = shop();
            body[key] = value;
            body
        };
        api.post(LETTERS, json!({"name": "shop"})).await.faulty(&["module"]);
        api.post(LETTERS, with("from", json!("shop"))).await.faulty(&["from"]);
        api.post(LETTERS, with("vouched_by", json!("two words"))).await.faulty(&["vouched_by"]);
        api.post(LETTERS, with("module", json!("tickets"))).await.faulty(&["module"]);
        let twice = json!([
            {"to": "ticket_type", "labels": ["Ticket"]}, {"to": "attendee_name", "labels": ["Name", "ticket :"]},
            {"to": "attendee_email", "labels": []}, {"to": "colour", "labels": ["Colour"]},
        ]);
        let wanted = ["reads[1].labels", "reads[2].labels", "reads[3].to", "event"];
        api.post(LETTERS, with("reads", twice)).await.faulty(&wanted);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_tried_and_nothing_is_kept() {
    for world in worlds() {
        world.event("autumn").await;
        world.admin.post(LETTERS, shop()).await.expect(201);
        let before = [count(&world, "orders").await, count(&world, "leads").await, count(&world, "messages").await];
        let told = tried(&world, TEXT).await;
        assert_eq!(told["errors"], json!([]), "{told}");
        let made = &told["made"];
        assert_eq!((&made["module"], &made["title"]), (&json!("orders"), &json!("autumn")));
        assert_eq!(made["total"], json!({"amount": "200.00", "currency": "RUB"}));
        let tickets = made["tickets"].as_array().unwrap();
        assert_eq!((tickets.len(), &tickets[0]["ticket_type"]), (2, &json!("Guest")));
        assert_eq!(told["found"][1], json!({"to": "ticket_type", "label": "Ticket", "value": "Guest"}));
        // As HTML.
        let rows = TEXT.lines().map(|line| line.split_once(": ").unwrap());
        let rows: String = rows.map(|(label, value)| format!("<tr><td>{label}:</td><td>{value}</td></tr>")).collect();
        let html = tried(&world, &format!("<table>{rows}</table>")).await;
        assert_eq!(html["made"], told["made"]);
        // Refused as the site's own request would be.
        let many = tried(&world, &TEXT.replace("Quantity: 2", "Quantity: 11")).await;
        assert_eq!((&many["made"], &many["errors"][0]["code"]), (&Value::Null, &json!("sold_out")));
        let nowhere = tried(&world, &TEXT.replace("autumn", "winter")).await;
        assert_eq!(nowhere["errors"][0]["code"], "site_letter_event");
        let after = [count(&world, "orders").await, count(&world, "leads").await, count(&world, "messages").await];
        assert_eq!(before, after);
        world.admin.post(&format!("{LETTERS}/shop/try"), json!({})).await.faulty(&["text"]);
        world.admin.post(&format!("{LETTERS}/none/try"), json!({"text": "x"})).await.refused(404, "not_found");
    }
}
