//! Requisites of clients are judged by what the pack says they are, with what stands beside them.

use serde_json::{Value, json};

use crate::world::worlds;

#[tokio::test(flavor = "multi_thread")]
async fn check_digits_hold() {
    for world in worlds() {
        let make = async |fields: Value| {
            let mut body = json!({"name": "Northlight"});
            body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            world.admin.post("/api/v1/accounts", body).await
        };
        for (field, fields) in [
            ("inn", json!({"inn": "7707083894"})),
            ("kpp", json!({"kpp": "12"})),
            ("ogrn", json!({"ogrn": "1027700132196"})),
            ("bik", json!({"bik": "0445252"})),
            ("bank_account", json!({"bik": "044525225", "bank_account": "40702810000000000001"})),
            ("country", json!({"country": "Russia"})),
            ("tax_id", json!({"country": "KZ", "tax_id": "123"})),
        ] {
            make(fields).await.faulty(&[field]);
        }
        make(json!({"country": "DE", "bank_account": "DE89370400440532013000", "tax_id": "DE 1"})).await.expect(201);
        let right = make(json!({"inn": "7707083893", "ogrn": "1027700132195", "bik": "044525225"})).await.expect(201);
        let address = format!("/api/v1/accounts/{}", right["id"].as_str().unwrap());
        world.admin.patch(&address, json!({"inn": "7707083894"})).await.faulty(&["inn"]);
        // What was right for its country is judged again when that changes.
        let foreign = make(json!({"country": "KZ", "inn": "5"})).await.expect(201);
        let foreign = format!("/api/v1/accounts/{}", foreign["id"].as_str().unwrap());
        world.admin.patch(&foreign, json!({"city": "Almaty"})).await.expect(200);
        world.admin.patch(&foreign, json!({"country": "RU"})).await.faulty(&["inn"]);
    }
}
