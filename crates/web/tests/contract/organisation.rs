//! The organisation: administrators set it, requisites are checked, everybody knows its name.

use serde_json::{Value, json};

use crate::world::worlds;

const ORGANISATION: &str = "/api/v1/meta/organisation";

fn harbour() -> Value {
    json!({
        "name": "ООО «Гавань»", "inn": "7707083893", "kpp": "773601001", "ogrn": "1027700132195", "address": "Москва, Причал, 1",
        "bik": "044525225", "bank_name": "Банк", "bank_account": "40702810138250123017",
        "corr_account": "30101810400000000225", "tax_mode": "general", "vat_rate": "22",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_set_is_kept_and_told_by_who_did_it() {
    for world in worlds() {
        let api = &world.admin;
        let change = json!({
            "name": "Гавань", "time_zone": "Asia/Vladivostok", "currency": "EUR", "locale": "en", "sender": "Tickets@Harbour.example",
            "payment_wait": "PT4H", "payment_instructions": "By bank", "legal_entities": [harbour()],
        });
        let answer = api.patch(ORGANISATION, change).await;
        let set = answer.headers["change-set"].to_str().unwrap().to_owned();
        let changed = answer.expect(200);
        let wanted = json!({
            "name": "Гавань", "accent": null, "logo": null, "time_zone": "Asia/Vladivostok", "currency": "EUR", "locale": "en", "sandbox": true,
            "sender": "tickets@harbour.example", "payment_wait": "PT4H", "payment_instructions": "By bank", "legal_entities": [harbour()],
            "payment_terms": null, "prepayment_share": null, "price_asks": null, "rule_runs_kept": null, "calls_kept": null, "letter_wait": null, "letters_per_hour": null,
            "working_time": {"days": [1, 2, 3, 4, 5], "from": "09:00", "to": "18:00", "holidays": []},
        });
        assert_eq!(changed, wanted);
        assert_eq!(api.get(ORGANISATION).await.expect(200), wanted);
        let part = api.patch(ORGANISATION, json!({"name": "Порт", "payment_instructions": null})).await.expect(200);
        assert_eq!(
            (&part["name"], &part["payment_instructions"], &part["currency"]),
            (&json!("Порт"), &json!(""), &json!("EUR"))
        );

        let told = api.get(&format!("/api/v1/change-sets/{set}")).await.expect(200);
        let change = &told["changes"][0];
        assert_eq!((&change["module"], &change["actor"]), (&json!("settings"), &json!(world.admin_id.to_string())));
        let name = change["fields"].as_array().unwrap().iter().find(|field| field["field"] == "name").unwrap();
        assert_eq!((&name["before"], &name["after"]), (&json!("Harbour"), &json!("Гавань")));
        let (_, seller) = world.user("seller", "salesperson");
        seller.get(&format!("/api/v1/change-sets/{set}")).await.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_set_it_and_see_the_whole() {
    for world in worlds() {
        let (_, seller) = world.user("seller", "salesperson");
        let seen = seller.get(ORGANISATION).await.expect(200);
        let mut names: Vec<_> = seen.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["currency", "locale", "name", "sandbox", "time_zone"]);
        seller.patch(ORGANISATION, json!({"name": "Mine"})).await.refused(403, "missing_right");
        let narrowed = world.with_token(&world.token(world.admin_id, "narrowed", &["write"]));
        narrowed.patch(ORGANISATION, json!({"name": "Mine"})).await.refused(403, "missing_right");
        world.anybody().get(ORGANISATION).await.refused(401, "unauthenticated");
        assert_eq!(world.admin.get(ORGANISATION).await.expect(200)["name"], "Harbour");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_by_field_and_nothing_is_kept() {
    for world in worlds() {
        let before = world.admin.get(ORGANISATION).await.expect(200);
        let entity = |field: &str, value: Value| {
            let mut entity = harbour();
            entity[field] = value;
            json!({"legal_entities": [harbour(), entity]})
        };
        for (body, fields) in [
            (json!({"name": " ", "currency": "RUR"}), &["name", "currency"][..]),
            (json!({"name": null}), &["name"]),
            (json!({"time_zone": "Moscow"}), &["time_zone"]),
            (json!({"locale": "de"}), &["locale"]),
            (json!({"sender": "nobody"}), &["sender"]),
            (json!({"payment_wait": "-PT4H"}), &["payment_wait"]),
            (json!({"payment_wait": "soon"}), &["payment_wait"]),
            (json!({"payment_instructions": 1}), &["payment_instructions"]),
            (json!({"sandbox": false}), &["sandbox"]),
            (json!({"accent": "red"}), &["accent"]),
            (json!({"logo": "x.png"}), &["logo"]),
            (json!({"legal_entities": {}}), &["legal_entities"]),
            (json!({"legal_entities": [1]}), &["legal_entities[0]"]),
            (entity("inn", json!("7707083894")), &["legal_entities[1].inn"]),
            (entity("kpp", json!("1")), &["legal_entities[1].kpp"]),
            (entity("ogrn", json!("1027700132196")), &["legal_entities[1].ogrn"]),
            (entity("bik", json!("04452522")), &["legal_entities[1].bik"]),
            (entity("bank_account", json!("40702810138250123018")), &["legal_entities[1].bank_account"]),
            (entity("corr_account", json!("30101810400000000226")), &["legal_entities[1].corr_account"]),
            (entity("inn", json!(7_707_083_893_i64)), &["legal_entities[1].inn"]),
            (entity("iban", json!("x")), &["legal_entities[1].iban"]),
        ] {
            world.admin.patch(ORGANISATION, body).await.faulty(fields);
        }
        assert_eq!(world.admin.get(ORGANISATION).await.expect(200), before);
    }
}
