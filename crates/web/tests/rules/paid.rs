//! Money that came sets rules off: by its payment, in whatever part, and by the order that it pays whole.

use serde_json::{Value, json};

use super::world::worlds;
use super::{found, rule, run};

#[tokio::test(flavor = "multi_thread")]
async fn j3_a_payment_that_came_and_an_order_that_is_paid_set_rules_off_once_each() {
    for world in worlds() {
        let api = &world.admin;
        let note = |subject: &str| json!([{"do": "create", "module": "activities", "fields": {"subject": subject, "about": "id"}}]);
        rule(api, "came", "payments", json!({"event": "created"}), note("\"Came\"")).await;
        rule(api, "whole", "orders", json!({"event": "entered", "states": ["paid"]}), note("\"Whole\"")).await;
        let kind = world.event("harbour").await;
        let event = api.get("/api/v1/events").await.expect(200)["data"][0]["id"].clone();
        let order = json!({"event": event, "buyer_name": "Boris", "buyer_email": "boris@example.org",
            "tickets": [{"ticket_type": kind}]});
        let order = api.post("/api/v1/orders", order).await.expect(201);
        let pay = async |amount: &str, bank: &str, order: &Value| {
            let mut payment =
                json!({"amount": {"amount": amount, "currency": "RUB"}, "provider": "bank", "external_id": bank});
            if !order.is_null() {
                payment["order"] = order.clone();
            }
            let answer = api.post("/api/v1/payments", payment).await;
            assert!(matches!(answer.status, 200 | 201), "{}", answer.text);
            run(api).await;
            run(api).await;
            answer.json["id"].clone()
        };
        let notes = async || {
            let (came, whole) = (
                found(api, "activities", "subject == \"Came\"").await,
                found(api, "activities", "subject == \"Whole\"").await,
            );
            (came.len(), whole.len())
        };
        run(api).await;
        assert_eq!(notes().await, (0, 0), "nothing has come");
        let part = pay("40.00", "b1", &order["id"]).await;
        assert_eq!(notes().await, (1, 0), "a part is money that came, and the order waits for the rest");
        assert_eq!(pay("40.00", "b1", &order["id"]).await, part, "told twice");
        assert_eq!(notes().await, (1, 0));
        pay("60.00", "b2", &order["id"]).await;
        assert_eq!(notes().await, (2, 1));
        let about = found(api, "activities", "subject == \"Whole\"").await[0]["about"].clone();
        assert_eq!(about, json!({"module": "orders", "id": order["id"]}));
        // Money that belongs to nothing has come as well.
        pay("5.00", "b3", &Value::Null).await;
        assert_eq!(notes().await, (3, 1));
    }
}
