//! Amounts come in one form, numbers within their bounds.

use serde_json::{Value, json};

use crate::world::worlds;

#[tokio::test(flavor = "multi_thread")]
async fn money_is_an_exact_amount_with_its_currency() {
    for world in worlds() {
        let deal = |amount: Value| json!({"name": "Stand", "amount": amount});
        for amount in [
            json!(15000),
            json!(15000.5),
            json!("15000.00"),
            json!({"amount": 15000, "currency": "RUB"}),
            json!({"amount": 15000.5, "currency": "RUB"}),
            json!({"amount": "15000.00"}),
            json!({"amount": "15000.00", "currency": null}),
            json!({"amount": null, "currency": "RUB"}),
            json!({"amount": "", "currency": "RUB"}),
            json!({"amount": "1e3", "currency": "RUB"}),
            json!({"amount": "1.001", "currency": "RUB"}),
            json!({"amount": "922337203685477.59", "currency": "RUB"}),
            json!({"amount": "-922337203685478", "currency": "JPY"}),
            json!({"amount": "1.00", "currency": "RUB", "rate": 1}),
            json!(["1.00", "RUB"]),
            json!(true),
        ] {
            let answer = world.admin.post("/api/v1/deals", deal(amount.clone())).await;
            answer.faulty(&["amount"]);
            assert_eq!(answer.json["errors"][0]["code"], "invalid_money", "{amount}");
        }
        let made =
            world.admin.post("/api/v1/deals", deal(json!({"amount": "15000.5", "currency": "RUB"}))).await.expect(201);
        assert_eq!(made["amount"], json!({"amount": "15000.50", "currency": "RUB"}));
        let most = json!({"amount": "922337203685477.58", "currency": "RUB"});
        assert_eq!(world.admin.post("/api/v1/deals", deal(most.clone())).await.expect(201)["amount"], most);
        let path = format!("/api/v1/deals/{}", made["id"].as_str().unwrap());
        let found = world.admin.get("/api/v1/deals?filter=amount%20%3E%3D%2015000").await.expect(200);
        assert_eq!(found["data"].as_array().unwrap().len(), 2, "filters take plain numbers");
        assert_eq!(world.admin.patch(&path, json!({"amount": null})).await.expect(200)["amount"], Value::Null);
        let tier = json!({"price_tiers": [{"price": "100.00", "from": null, "until": null}]});
        let kind = world.event("harbour").await;
        world.admin.patch(&format!("/api/v1/ticket_types/{kind}"), tier).await.faulty(&["price_tiers[0].price"]);
    }
}
