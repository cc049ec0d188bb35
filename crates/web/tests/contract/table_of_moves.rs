//! Table 9 of the processes, the moves that belong to nobody else's test; and every move of leads and cases from every state,
//! allowed or not, by the table as it is written; on both databases.

use serde_json::{Value, json};

use crate::world::{Answer, Api, World, worlds};

const LEADS: &str = "/api/v1/leads";
const CASES: &str = "/api/v1/cases";
const ORDERS: &str = "/api/v1/orders";
const PAYMENTS: &str = "/api/v1/payments";

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

async fn all(who: &Api, path: &str) -> Vec<Value> {
    who.get(path).await.expect(200)["data"].as_array().unwrap().clone()
}

async fn press(who: &Api, record: &str, name: &str, body: Value) -> Answer {
    who.post(&format!("{record}/transitions/{name}"), body).await
}

fn rub(amount: &str) -> Value {
    json!({"amount": amount, "currency": "RUB"})
}

/// An order of one ticket at 100; answers its address.
async fn ordered(world: &World, kind: &str, email: &str) -> String {
    let order = json!({"buyer": {"name": "Anna Reed", "email": email}, "tickets": [{"ticket_type": kind}]});
    let placed = world.anybody().post("/api/public/v1/events/harbour/orders", order).await.expect(201);
    let orders = all(&world.admin, &format!("{ORDERS}?limit=500")).await;
    let order = orders.iter().find(|order| order["number"] == placed["number"]).unwrap();
    format!("{ORDERS}/{}", id(order))
}

async fn pay(world: &World, order: Option<&str>, amount: &str) -> String {
    let order = order.map(|order| order.rsplit('/').next().unwrap());
    let paid = world.admin.post(PAYMENTS, json!({"amount": rub(amount), "order": order})).await.expect(201);
    format!("{PAYMENTS}/{}", id(&paid))
}

async fn of(world: &World, record: &str, field: &str) -> Value {
    world.admin.get(record).await.expect(200)[field].clone()
}

/// The one ticket of an order.
async fn ticket(world: &World, order: &str) -> String {
    let tickets = all(&world.admin, "/api/v1/tickets?limit=500").await;
    let ticket = tickets.iter().find(|ticket| ticket["order"] == order.rsplit('/').next().unwrap()).unwrap();
    format!("/api/v1/tickets/{}", id(ticket))
}

#[tokio::test(flavor = "multi_thread")]
async fn process_9_the_door_lets_in_and_takes_it_back() {
    for world in worlds() {
        let kind = world.event("harbour").await;
        let order = ordered(&world, &kind, "anna@example.org").await;
        let ticket = ticket(&world, &order).await;
        let (_, door) = world.user("door", "door");
        let (_, sam) = world.user("sam", "salesperson");
        press(&door, &ticket, "check_in", json!({})).await.refused(409, "invalid_transition");
        press(&door, &ticket, "undo_check_in", json!({})).await.refused(409, "invalid_transition");
        pay(&world, Some(&order), "100.00").await;
        press(&door, &ticket, "undo_check_in", json!({})).await.refused(409, "invalid_transition");
        for _ in 0..2 {
            assert_eq!(press(&sam, &ticket, "check_in", json!({})).await.status, 403);
            press(&door, &ticket, "check_in", json!({})).await.expect(200);
            let inside = world.admin.get(&ticket).await.expect(200);
            assert!(inside["status"] == "checked_in" && inside["checked_in_at"].is_string(), "{inside}");
            let card = format!("/api/v1/participants/{}", inside["participant"].as_str().unwrap());
            assert_eq!(of(&world, &card, "status").await, "attended");
            press(&door, &ticket, "check_in", json!({})).await.refused(409, "invalid_transition");
            assert_eq!(press(&sam, &ticket, "undo_check_in", json!({})).await.status, 403);
            press(&door, &ticket, "undo_check_in", json!({})).await.expect(200);
            let outside = world.admin.get(&ticket).await.expect(200);
            assert!(outside["status"] == "issued" && outside["checked_in_at"].is_null(), "{outside}");
            assert_eq!(of(&world, &card, "status").await, "registered");
        }
        // Somebody inside keeps the order as it is.
        press(&door, &ticket, "check_in", json!({})).await.expect(200);
        press(&world.admin, &order, "cancel", json!({})).await.refused(409, "checked_in");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_9_a_payment_is_assigned_and_taken_off_again() {
    for world in worlds() {
        let kind = world.event("harbour").await;
        let (one, two) =
            (ordered(&world, &kind, "anna@example.org").await, ordered(&world, &kind, "boris@example.org").await);
        let payment = pay(&world, None, "60.00").await;
        assert_eq!(of(&world, &payment, "status").await, "needs_attention");
        let onto = |order: &str| json!({"order": order.rsplit('/').next()});
        let (_, sam) = world.user("sam", "salesperson");
        assert!(matches!(press(&sam, &payment, "assign", onto(&one)).await.status, 403 | 404));
        let (_, books) = world.user("books", "accountant");
        press(&books, &payment, "assign", json!({})).await.faulty(&["order"]);
        press(&books, &payment, "assign", onto(&one)).await.expect(200);
        assert_eq!(
            (of(&world, &payment, "status").await, of(&world, &one, "paid").await),
            (json!("matched"), rub("60.00"))
        );
        assert_eq!(of(&world, &one, "due").await, rub("40.00"));
        press(&books, &payment, "assign", onto(&two)).await.refused(409, "nothing_unallocated");
        press(&books, &payment, "unassign", json!({})).await.expect(200);
        assert_eq!((of(&world, &one, "paid").await, of(&world, &one, "due").await), (rub("0.00"), rub("100.00")));
        assert_eq!(of(&world, &payment, "unallocated").await, rub("60.00"));
        assert_eq!(of(&world, &payment, "status").await, "needs_attention");
        press(&books, &payment, "assign", onto(&two)).await.expect(200);
        // What pays for an order whole is not taken off by a press: the tickets are out.
        pay(&world, Some(&two), "40.00").await;
        assert_eq!(of(&world, &two, "status").await, "paid");
        press(&books, &payment, "unassign", json!({})).await.refused(409, "order_paid");
        // And money that stands on an order is not given back by itself.
        press(&books, &payment, "refund", json!({})).await.refused(409, "nothing_unallocated");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_9_a_partial_refund_leaves_the_state_and_lowers_what_is_paid() {
    for world in worlds() {
        let kind = world.event("harbour").await;
        let order = ordered(&world, &kind, "anna@example.org").await;
        press(&world.admin, &order, "refund", json!({"amount": rub("1.00")})).await.refused(409, "invalid_transition");
        let payment = pay(&world, Some(&order), "100.00").await;
        for (amount, status) in [(json!("30"), 422), (rub("-1.00"), 422), (rub("100.01"), 409)] {
            assert_eq!(
                press(&world.admin, &order, "refund", json!({"amount": amount})).await.status,
                status,
                "{amount}"
            );
        }
        press(&world.admin, &order, "refund", json!({"amount": rub("30.00")})).await.expect(200);
        assert_eq!(
            (of(&world, &order, "status").await, of(&world, &order, "paid").await),
            (json!("paid"), rub("70.00"))
        );
        assert_eq!(of(&world, &payment, "refunded").await, rub("30.00"));
        let ticket = ticket(&world, &order).await;
        assert_eq!(of(&world, &ticket, "status").await, "issued", "the ticket stays good");
        // The rest: then it is refunded, and the ticket void.
        press(&world.admin, &order, "refund", json!({})).await.expect(200);
        assert_eq!(
            (of(&world, &order, "status").await, of(&world, &ticket, "status").await),
            (json!("refunded"), json!("cancelled"))
        );
        assert_eq!(
            (of(&world, &payment, "refunded").await, of(&world, &payment, "status").await),
            (rub("100.00"), json!("refunded"))
        );
        for name in ["refund", "cancel", "revive", "annul"] {
            press(&world.admin, &order, name, json!({})).await.refused(409, "invalid_transition");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_9_staff_void_an_invoice_and_its_number_stays_used() {
    for world in worlds() {
        let kind = world.event("harbour").await;
        let entity = json!({
            "name": "OOO Harbour", "inn": "7736207543", "kpp": "773601001", "address": "Moscow", "bik": "044525225",
            "bank_name": "Bank", "bank_account": "40702810138250123017", "corr_account": "30101810400000000225",
            "vat_rate": "22",
        });
        world.admin.patch("/api/v1/meta/organisation", json!({"legal_entities": [entity]})).await.expect(200);
        let mut invoices = Vec::new();
        for (number, inn) in ["7707083893", "7710140679"].into_iter().enumerate() {
            let email = format!("vera{number}@example.org");
            let body = json!({"company": {"name": email}, "contact": {"name": "Vera Orlova", "email": email}});
            world.anybody().post("/api/public/v1/events/harbour/group-orders", body).await.expect(201);
            let deals = all(&world.admin, "/api/v1/deals?sort=-created_at").await;
            let answers = json!({
                "lines": [{"ticket_type": kind, "quantity": 1}], "name": "Payer", "inn": inn, "kpp": "773601001",
                "address": "Moscow, Prichal 1", "bik": "044525225", "bank_account": "40702810138250123017",
                "corr_account": "30101810400000000225",
            });
            let listed = json!({"name": "Invoice", "kind": "invoice", "deal": deals[0]["id"]});
            let listed = world.admin.post("/api/v1/deal_documents", listed).await.expect(201);
            let listed = format!("/api/v1/deal_documents/{}", id(&listed));
            let path = format!("/api/v1/deals/{}/questionnaire", id(&deals[0]));
            world.admin.post(&path, answers).await.expect(201);
            assert_eq!(of(&world, &listed, "status").await, "received", "the invoice of the order is the deal's");
            let there = all(&world.admin, "/api/v1/invoices?sort=-created_at").await;
            invoices.push(format!("/api/v1/invoices/{}", id(&there[0])));
            if number == 0 {
                let (_, sam) = world.user("sam", "salesperson");
                assert!(matches!(press(&sam, &invoices[0], "void", json!({})).await.status, 403 | 404));
                press(&world.admin, &invoices[0], "paid", json!({})).await.refused(409, "invalid_transition");
                press(&world.admin, &invoices[0], "void", json!({})).await.expect(200);
                assert_eq!(of(&world, &listed, "status").await, "awaited", "nothing of it stands");
            }
        }
        assert_eq!(
            (of(&world, &invoices[0], "status").await, of(&world, &invoices[1], "status").await),
            (json!("void"), json!("issued"))
        );
        let numbers = [of(&world, &invoices[0], "number").await, of(&world, &invoices[1], "number").await];
        assert_eq!(numbers, [json!("1"), json!("2")], "no number is given twice, and none is missing");
        for name in ["void", "issue", "paid"] {
            press(&world.admin, &invoices[0], name, json!({})).await.refused(409, "invalid_transition");
        }
    }
}

/// A state, and the presses with what comes along that bring a new record there.
type Way<'w> = (&'w str, &'w [(&'w str, Value)]);
/// A move, what comes along, and from where to where it leads.
type Move<'m> = (&'m str, Value, &'m [(&'m str, &'m str)]);

/// Every move of a module from every state: where it leads, or that it is refused and nothing moves.
async fn every_move(world: &World, (path, new): (&str, Value), ways: &[Way<'_>], moves: &[Move<'_>]) {
    let api = &world.admin;
    for (state, way) in ways {
        for (name, body, table) in moves {
            let made = api.post(path, new.clone()).await.expect(201);
            let record = format!("{path}/{}", id(&made));
            for (step, fields) in *way {
                press(api, &record, step, fields.clone()).await.expect(200);
            }
            let before = api.get(&record).await.expect(200);
            assert_eq!(before["status"], *state, "the way there");
            let answer = press(api, &record, name, body.clone()).await;
            match table.iter().find(|(from, _)| from == state) {
                Some((_, to)) => assert_eq!(answer.expect(200)["status"], *to, "{name} from {state}"),
                None => {
                    answer.refused(409, "invalid_transition");
                    assert_eq!(api.get(&record).await.expect(200), before, "{name} from {state} wrote something");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_9_leads_make_the_moves_of_their_table_and_no_other() {
    let need = || json!({"company": "Reed", "need": "A booth"});
    let reason = || json!({"lost_reason": "Too dear"});
    let contacted = [("contact", json!({}))];
    let qualified = [("contact", json!({})), ("qualify", need())];
    let lost = [("lose", reason())];
    let disqualified = [("disqualify", json!({}))];
    let ways: [Way<'_>; 5] = [
        ("new", &[]),
        ("contacted", &contacted),
        ("qualified", &qualified),
        ("lost", &lost),
        ("disqualified", &disqualified),
    ];
    let moves: [Move<'_>; 7] = [
        ("contact", json!({}), &[("new", "contacted")]),
        ("qualify", need(), &[("contacted", "qualified")]),
        ("lose", reason(), &[("new", "lost"), ("contacted", "lost"), ("qualified", "lost")]),
        (
            "disqualify",
            json!({}),
            &[("new", "disqualified"), ("contacted", "disqualified"), ("qualified", "disqualified")],
        ),
        ("reopen", json!({}), &[("lost", "new"), ("disqualified", "new")]),
        // Conversion is an operation of its own.
        ("convert", json!({}), &[]),
        ("fly", json!({}), &[]),
    ];
    for world in worlds() {
        every_move(&world, (LEADS, json!({"name": "Anna Reed", "email": "anna@example.org"})), &ways, &moves).await;
        let lead = world.admin.post(LEADS, json!({"name": "Anna Reed"})).await.expect(201);
        let lead = format!("{LEADS}/{}", id(&lead));
        world.admin.post(&format!("{lead}/convert"), json!({})).await.expect(200);
        for (name, body, _) in &moves {
            press(&world.admin, &lead, name, body.clone()).await.refused(409, "invalid_transition");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_9_cases_make_the_moves_of_their_table_and_no_other() {
    let step = |name| (name, json!({}));
    let in_progress = [step("start")];
    let waiting = [step("start"), step("wait")];
    let answered = [step("start"), step("answer")];
    let closed = [step("start"), step("answer"), step("close")];
    let acknowledged = [step("acknowledge")];
    let ways: [Way<'_>; 6] = [
        ("received", &[]),
        ("acknowledged", &acknowledged),
        ("in_progress", &in_progress),
        ("waiting_for_client", &waiting),
        ("answered", &answered),
        ("closed", &closed),
    ];
    let moves: [Move<'_>; 7] = [
        (
            "start",
            json!({}),
            &[("received", "in_progress"), ("acknowledged", "in_progress"), ("waiting_for_client", "in_progress")],
        ),
        ("wait", json!({}), &[("in_progress", "waiting_for_client")]),
        ("answer", json!({}), &[("in_progress", "answered"), ("waiting_for_client", "answered")]),
        ("close", json!({}), &[("answered", "closed")]),
        ("reopen", json!({}), &[("answered", "in_progress"), ("closed", "in_progress")]),
        (
            "escalate",
            json!({}),
            &[("received", "in_progress"), ("acknowledged", "in_progress"), ("in_progress", "in_progress")],
        ),
        // A rule makes it at once; whoever wants to may.
        ("acknowledge", json!({}), &[("received", "acknowledged")]),
    ];
    for world in worlds() {
        every_move(&world, (CASES, json!({"subject": "A question"})), &ways, &moves).await;
    }
}
