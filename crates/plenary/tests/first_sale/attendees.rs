//! What becomes of tickets after the sale: names change by the buyer's link, one ticket is cancelled alone, and the files
//! of letters stay what their letters meant.

use serde_json::{Value, json};

use crate::harness::api::{id, minor, text};
use crate::harness::world::on_both;
use crate::harness::{Answer, Api, Letter, Sale, World, letters, rub};

on_both!(names, super::names_change_by_the_link);
on_both!(files, super::files_are_what_their_letters_meant);
on_both!(cancelled, super::one_ticket_is_cancelled_alone);

const TYPES: [(&str, i64, i64, i64, i64); 1] = [("Participant", 10, 1_000_000, 1_200_000, 240)];

/// An order of somebody, and the secret of its link.
struct Placed {
    order: Value,
    token: String,
    codes: Vec<String>,
}

fn placed(world: &World, sale: &Sale, count: usize) -> Placed {
    let (admin, wanted) = (world.admin(), vec![0; count]);
    let answer = sale.order(&world.anybody(), sale.request("Petr Li", "petr@example.com", None, &wanted)).expect(201);
    let filter = format!("number == {:?}", text(&answer, "number"));
    let order = admin.all("orders", &[("filter", &filter)])[0].clone();
    let codes = answer["tickets"].as_array().unwrap().iter().map(|ticket| text(ticket, "code").to_owned()).collect();
    Placed { order, token: text(&answer, "public_url").rsplit('/').next().unwrap().to_owned(), codes }
}

fn pay(admin: &Api, order: &Value) {
    admin.create("payments", json!({"amount": order["total"], "order": id(order)}));
}

fn name(public: &Api, token: &str, attendees: Value) -> Answer {
    public.call("PUT", &format!("/api/public/v1/orders/{token}/attendees"), &[], &attendees)
}

/// Tickets of an order, in their order.
fn tickets(admin: &Api, order: &Value) -> Vec<Value> {
    let mut tickets = admin.all("tickets", &[("filter", &format!("order == {:?}", id(order)))]);
    tickets.sort_by_key(|ticket| ticket["position"].as_i64());
    tickets
}

/// The one file of a letter.
fn file(admin: &Api, letter: &Letter) -> Vec<u8> {
    let attachments = letter.json["attachments"].as_array().unwrap();
    assert_eq!(attachments.len(), 1, "{}", letter.json);
    let file = admin.raw("GET", text(&attachments[0], "url"), &[], b"").unwrap();
    assert_eq!(file.status, 200);
    assert!(file.body.starts_with(b"%PDF"), "{} bytes", file.body.len());
    let again = letters(admin, Some(&letter.to)).into_iter().find(|again| again.id == letter.id).unwrap();
    assert_eq!(again.json["attachments"][0]["size"].as_u64(), u64::try_from(file.body.len()).ok());
    file.body
}

fn names_change_by_the_link(world: &mut World) {
    let (admin, public) = (world.admin(), world.anybody());
    let sale = Sale::open(&admin, "names", &TYPES);
    let Placed { order, token, codes } = placed(world, &sale, 2);
    let anna = json!({"ticket": codes[1], "name": "Anna Li", "email": "Anna@Example.com", "phone": "8 921 111-22-33"});
    let answer = name(&public, &token, json!([anna])).expect(200);
    assert_eq!((text(&answer, "number"), text(&answer, "status")), (text(&order, "number"), "pending"));
    assert_eq!(answer["tickets"][1], json!({"code": codes[1], "status": "reserved", "attendee": "Anna Li"}));
    let reserved = &tickets(&admin, &order)[1];
    assert_eq!(
        (text(reserved, "attendee_email"), text(reserved, "attendee_phone")),
        ("anna@example.com", "+79211112233")
    );

    pay(&admin, &order);
    let told = letters(&admin, None).len();
    let boris = json!({"ticket": codes[1], "name": "Boris Kim", "email": "boris@example.com"});
    let answer = name(&public, &token, json!([boris])).expect(200);
    let code = text(&answer["tickets"][1], "code").to_owned();
    assert_ne!(code, codes[1], "the ticket passed to another person");
    assert_eq!(text(&answer["tickets"][0], "code"), codes[0]);
    let after = letters(&admin, None);
    let new: Vec<_> = after[told..].iter().map(|letter| (letter.template.as_str(), letter.to.as_str())).collect();
    assert_eq!(new, [("order_renamed", "petr@example.com"), ("ticket_issued", "boris@example.com")]);
    for letter in &after[told..] {
        assert!(text(&letter.json, "text").contains(&code) && !text(&letter.json, "text").contains(&codes[1]));
        file(&admin, letter);
    }
    let cards = admin.all("participants", &[]);
    let state = |name: &str| cards.iter().find(|card| text(card, "name") == name).map(|card| text(card, "status"));
    assert_eq!(
        [state("Petr Li"), state("Anna Li"), state("Boris Kim")],
        [Some("registered"), Some("cancelled"), Some("registered")]
    );
    // The same again: nothing is changed and nobody is told.
    let again = json!([{"ticket": code, "name": "Boris Kim", "email": "boris@example.com"}]);
    let (first, version) = (name(&public, &token, again).expect(200), tickets(&admin, &order)[1]["version"].clone());
    assert_eq!((first, letters(&admin, None).len()), (answer, after.len()));

    // Whatever is wrong is said with its place, and nothing of the request is kept.
    let other = placed(world, &sale, 1);
    let vera = json!({"ticket": codes[0], "name": "Vera Orlova"});
    let faults = [
        (json!({"ticket": code, "name": "X Y", "email": "x@"}), "[1].email"),
        (json!({"ticket": code, "name": "X Y", "phone": "12"}), "[1].phone"),
        (json!({"ticket": code, "name": ""}), "[1].name"),
        (json!({"ticket": other.codes[0], "name": "X Y"}), "[1].ticket"),
        (json!({"ticket": codes[1], "name": "X Y"}), "[1].ticket"),
        (json!({"ticket": codes[0], "name": "X Y"}), "[1].ticket"),
        (json!({"name": "X Y"}), "[1].ticket"),
        (json!({"ticket": code, "name": "X Y", "colour": "red"}), "[1].colour"),
        (json!(5), "[1]"),
    ];
    for (fault, field) in faults {
        let told = name(&public, &token, json!([vera, fault]));
        told.refused(422, "validation_failed");
        assert_eq!(told.fields(), [field], "{}", told.json);
    }
    assert_eq!(name(&public, &token, json!({"ticket": code})).status, 400);
    name(&public, "AAAAAAAAAAAAAAAAAAAAAAAA", json!([vera])).refused(404, "not_found");
    let now = tickets(&admin, &order);
    assert_eq!((text(&now[0], "attendee_name"), &now[1]["version"]), ("Petr Li", &version));

    // The old code lets nobody in, the new one does; then its name stays.
    let show = |code: &str| admin.post("/api/v1/check-in", json!({"code": code}));
    show(&codes[1]).refused(410, "cancelled");
    assert_eq!(text(&show(&code).expect(200), "attendee_name"), "Boris Kim");
    name(&public, &token, json!([{"ticket": code, "name": "Gleb"}])).refused(409, "ticket_fixed");
    let deadline = json!({"rename_until": admin.now().to_string()});
    admin.patch(&format!("/api/v1/events/{}", sale.event), deadline).expect(200);
    name(&public, &token, json!([vera])).refused(409, "names_closed");
    let ended = other.order;
    admin.transition("orders", id(&ended), "annul", json!({})).expect(200);
    name(&public, &other.token, json!([{"ticket": other.codes[0], "name": "Gleb"}])).refused(409, "invalid_transition");
}

fn files_are_what_their_letters_meant(world: &mut World) {
    let admin = world.admin();
    let sale = Sale::open(&admin, "files", &TYPES);
    // Two orders alike; of the one nobody has seen a letter before everything is over.
    let (early, late) = (placed(world, &sale, 1), placed(world, &sale, 1));
    pay(&admin, &early.order);
    let paid = |order: &Value| {
        let all = letters(&admin, None);
        all.into_iter().find(|letter| letter.template == "order_paid" && letter.about.1 == id(order)).unwrap()
    };
    let whole = file(&admin, &paid(&early.order)).len();
    pay(&admin, &late.order);
    admin.transition("orders", id(&late.order), "cancel", json!({})).expect(200);
    admin.transition("orders", id(&early.order), "refund", json!({})).expect(200);
    let letter = paid(&late.order);
    let drawn = file(&admin, &letter);
    assert!(drawn.len().abs_diff(whole) < whole / 10, "the same ticket: {} bytes, {whole} bytes", drawn.len());
    assert_eq!(drawn, file(&admin, &paid(&late.order)), "drawn once");

    // A ticket that passed to somebody else: the earlier letter goes on showing the earlier code, not the new one.
    let renamed = placed(world, &sale, 1);
    pay(&admin, &renamed.order);
    let new = json!([{"ticket": renamed.codes[0], "name": "Somebody Else", "email": "else@example.com"}]);
    name(&world.anybody(), &renamed.token, new).expect(200);
    let (before, after) = (paid(&renamed.order), letters(&admin, Some("else@example.com")).pop().unwrap());
    assert_ne!(file(&admin, &before), file(&admin, &after));
    let kept = admin.record("messages", &before.id)["attachments"].to_string();
    assert!(kept.contains(&renamed.codes[0]) && !kept.contains("Somebody Else"), "{kept}");
}

fn one_ticket_is_cancelled_alone(world: &mut World) {
    let admin = world.admin();
    let sale = Sale::open(&admin, "alone", &TYPES);
    let available = || admin.record("ticket_types", &sale.types[0].id)["available"].as_i64().unwrap();
    let pending = placed(world, &sale, 2);
    let paid = placed(world, &sale, 2);
    pay(&admin, &paid.order);
    let [first, second] = &tickets(&admin, &pending.order)[..] else { panic!("two tickets") };
    assert_eq!(available(), 6);
    for role in ["accountant", "salesperson", "door"] {
        let answer = world.user(role).transition("tickets", id(first), "cancel", json!({}));
        assert!(matches!(answer.status, 403 | 404), "{role}: {}", answer.json);
    }
    let organiser = world.user("organiser");
    let gone = organiser.transition("tickets", id(first), "cancel", json!({})).expect(200);
    assert_eq!((text(&gone, "status"), available()), ("cancelled", 7));
    let order = admin.record("orders", id(&pending.order));
    assert_eq!((text(&order, "status"), &order["total"], &order["due"]), ("pending", &rub(1_000_000), &rub(1_000_000)));
    admin.transition("tickets", id(first), "cancel", json!({})).refused(409, "invalid_transition");

    // Paid for: the order costs less, and the money of the ticket waits to be returned. Its code opens nothing.
    let ticket = &tickets(&admin, &paid.order)[0];
    admin.transition("tickets", id(ticket), "cancel", json!({})).expect(200);
    let order = admin.record("orders", id(&paid.order));
    assert_eq!((text(&order, "status"), &order["total"], &order["paid"]), ("paid", &rub(1_000_000), &rub(1_000_000)));
    assert_eq!((order["needs_attention"].as_bool(), text(&order, "attention_reason")), (Some(true), "overpaid"));
    let payment = &admin.all("payments", &[("filter", &format!("order == {:?}", id(&order)))])[0];
    assert_eq!(minor(&payment["unallocated"]), 1_000_000, "{payment}");
    admin.post("/api/v1/check-in", json!({"code": text(ticket, "code")})).refused(410, "cancelled");

    // The last ticket takes its order with it; who came in is not put out.
    admin.transition("tickets", id(second), "cancel", json!({})).expect(200);
    assert_eq!(text(&admin.record("orders", id(&pending.order)), "status"), "cancelled");
    let inside = &tickets(&admin, &paid.order)[1];
    admin.post("/api/v1/check-in", json!({"code": text(inside, "code")})).expect(200);
    admin.transition("tickets", id(inside), "cancel", json!({})).refused(409, "invalid_transition");
    assert_eq!(available(), 9);
}
