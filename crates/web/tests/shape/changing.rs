//! Fields and modules renamed, retired and brought back: nothing is lost, and data in the way is told.

use serde_json::{Value, json};

use super::world::worlds;
use super::{MODULES, escaped, hotel, made, names};

#[tokio::test]
async fn a_renamed_field_keeps_values_history_and_undo() {
    for world in worlds() {
        let api = made(&world).await;
        let id = hotel(&api, "Балтия", json!({"city": "Казань"})).await;
        let record = format!("/api/v1/hotels/{id}");
        let changed = api.patch(&record, json!({"city": "Москва"})).await;
        let set = changed.headers["change-set"].to_str().unwrap().to_owned();
        let fields = format!("{MODULES}/hotels/fields");
        let look = json!({"module": "hotels", "name": "Moscow", "filter": "city == \"Москва\" && name != \"city\"",
            "sort": "-city", "columns": ["name", "city"], "group_by": "city"});
        api.post("/api/v1/meta/views", look).await.expect(201);
        let name = json!({"name": "town", "label": {"ru": "Город", "en": "Town"}});
        let renamed = api.patch(&format!("{fields}/city"), name).await.expect(200);
        assert_eq!(renamed["formerly"], json!(["city"]));
        let shown = api.get(&record).await.expect(200);
        assert_eq!((shown["town"].as_str(), shown.get("city")), (Some("Москва"), None));
        assert_eq!(names(&api, &format!("filter={}", escaped("town == \"Москва\""))).await, ["Балтия"]);
        let old = api.get(&format!("/api/v1/hotels?filter={}", escaped("city == \"x\""))).await;
        old.refused(400, "unknown_field");
        assert!(old.text.contains("town"), "{}", old.text);
        assert_eq!(names(&api, &format!("q={}", escaped("москва"))).await, ["Балтия"]);
        let view = api.get("/api/v1/meta/views?module=hotels").await.expect(200)["data"][0].clone();
        assert_eq!(view["filter"], "town == \"Москва\" && name != \"city\"", "a view follows: {view}");
        assert_eq!((&view["sort"], &view["group_by"]), (&json!("-town"), &json!("town")));
        assert_eq!(view["columns"], json!(["name", "town"]));
        let history = api.get(&format!("{record}/timeline")).await.expect(200);
        let told = history.to_string();
        assert!(told.contains("\"town\"") && !told.contains("\"city\""), "{told}");
        api.patch(&record, json!({"city": "x"})).await.faulty(&["city"]);
        api.post(&format!("/api/v1/undo/{set}"), json!({})).await.expect(200);
        assert_eq!(api.get(&record).await.expect(200)["town"], "Казань", "undone under the new name");
        // The old name is taken by history; the new one can go back to it.
        api.post(&fields, json!({"name": "city", "type": "text"})).await.refused(409, "duplicate");
        api.patch(&format!("{fields}/town"), json!({"name": "stars"})).await.refused(409, "duplicate");
        let town = api.get(&record).await.expect(200)["town"].clone();
        api.patch(&format!("{fields}/town"), json!({"name": "city"})).await.expect(200);
        assert_eq!(api.get(&record).await.expect(200)["city"], town);
        // A name that the contract fixes stays.
        api.patch(&format!("{MODULES}/leads/fields/need"), json!({"name": "wish"})).await.faulty(&["name"]);
    }
}

/// Whoever names the field in an expression names it by its new name, also through a link and in a rule; what is only spelled
/// alike stays.
#[tokio::test]
async fn expressions_follow_a_renamed_field() {
    for world in worlds() {
        let api = made(&world).await;
        let fields = format!("{MODULES}/hotels/fields");
        let stays = json!({"name": "stays", "title": "guest", "fields": [
            {"name": "guest", "type": "text", "required": true},
            {"name": "stars", "type": "number"},
            {"name": "hotel", "type": "link", "module": "hotels"},
            {"name": "fits", "type": "text", "validation": "!has(hotel) || hotel.stars >= stars && fits != \"hotel.stars\""},
        ]});
        api.post(MODULES, stays).await.expect(201);
        api.patch(&format!("{fields}/stars"), json!({"validation": "stars >= 1 && stars <= 5"})).await.expect(200);
        for field in [
            json!({"name": "double", "type": "formula", "expression": "stars * 2"}),
            json!({"name": "best", "type": "roll_up", "via": "stays.hotel", "measure": "max(hotel.stars + stars)", "filter": "hotel.stars > 2"}),
        ] {
            api.post(&fields, field).await.expect(201);
        }
        let rule = json!({
            "name": "noted", "label": "Noted", "module": "hotels", "when": {"event": "changed", "fields": ["stars"]},
            "if": "was_stars != stars && name != \"stars\"",
            "then": [{"do": "set", "fields": {"city": {"ru": "{{ record.fields.stars }}", "en": "{{ record.fields.stars }}"}}}],
        });
        api.post("/api/v1/meta/rules", rule).await.expect(201);
        let view = json!({"module": "stays", "name": "Good", "filter": "hotel.stars > 2 && stars < 9"});
        api.post("/api/v1/meta/views", view).await.expect(201);

        let planned = api.patch(&format!("{fields}/stars?dry_run=true"), json!({"name": "rank"})).await.expect(200);
        let told: Vec<_> =
            planned["expressions"].as_array().unwrap().iter().map(|it| it["after"].as_str().unwrap()).collect();
        for after in [
            "rank >= 1 && rank <= 5",
            "rank * 2",
            "!has(hotel) || hotel.rank >= stars && fits != \"hotel.stars\"",
            "max(hotel.rank + stars)",
            "hotel.rank > 2",
            "was_rank != rank && name != \"stars\"",
            "{{ record.fields.rank }}",
        ] {
            assert!(told.contains(&after), "{after}: {planned}");
        }
        assert_eq!(api.get(&fields).await.expect(200)["data"][1]["name"], "stars", "nothing was done");
        api.patch(&format!("{fields}/stars"), json!({"name": "rank"})).await.expect(200);

        // All of them mean what they meant.
        let id = hotel(&api, "Балтия", json!({"rank": 4})).await;
        api.post("/api/v1/hotels", json!({"name": "x", "rank": 6})).await.faulty(&["rank"]);
        let stay = json!({"guest": "Anna", "hotel": id, "stars": 3, "fits": "yes"});
        api.post("/api/v1/stays", stay).await.expect(201);
        api.post("/api/v1/stays", json!({"guest": "x", "hotel": id, "stars": 5, "fits": "yes"}))
            .await
            .faulty(&["fits"]);
        let shown = api.get(&format!("/api/v1/hotels/{id}")).await.expect(200);
        assert_eq!((&shown["double"], &shown["best"]), (&json!(8), &json!(7)), "{shown}");
        let rules = api.get("/api/v1/meta/rules").await.expect(200);
        let rule = rules["data"].as_array().unwrap().iter().find(|rule| rule["name"] == "noted").unwrap().clone();
        assert_eq!(
            (&rule["when"]["fields"], &rule["if"]),
            (&json!(["rank"]), &json!("was_rank != rank && name != \"stars\""))
        );
        let view = api.get("/api/v1/meta/views?module=stays").await.expect(200)["data"][0].clone();
        assert_eq!(view["filter"], "hotel.rank > 2 && stars < 9", "a view follows through the link: {view}");
        // Back under the old name everything follows again.
        api.patch(&format!("{fields}/rank"), json!({"name": "stars"})).await.expect(200);
        assert_eq!(api.get(&format!("/api/v1/hotels/{id}")).await.expect(200)["double"], 8);
    }
}

#[tokio::test]
async fn a_renamed_module_keeps_records_and_links() {
    for world in worlds() {
        let api = made(&world).await;
        let id = hotel(&api, "Балтия", json!({"city": "Казань"})).await;
        let stays = json!({"name": "stays", "fields": [{"name": "name", "type": "text"}, {"name": "hotel", "type": "link", "module": "hotels"}]});
        api.post(MODULES, stays).await.expect(201);
        let stay = api.post("/api/v1/stays", json!({"name": "s", "hotel": id})).await.expect(201);
        api.patch(&format!("{MODULES}/hotels"), json!({"name": "lodgings"})).await.expect(200);
        api.get("/api/v1/hotels").await.refused(404, "no_such_module");
        assert_eq!(api.get(&format!("/api/v1/lodgings/{id}")).await.expect(200)["city"], "Казань");
        let shown = api.get(&format!("/api/v1/stays/{}?expand=hotel", stay["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(shown["hotel"]["title"], "Балтия");
        let found = api.get(&format!("/api/v1/search?q={}", escaped("балтия"))).await.expect(200);
        assert_eq!(found["data"][0]["module"], "lodgings");
        api.get(&format!("/api/v1/lodgings/{id}/timeline")).await.expect(200);
        api.post(MODULES, json!({"name": "hotels"})).await.refused(409, "duplicate");
        api.patch(&format!("{MODULES}/leads"), json!({"name": "prospects"})).await.faulty(&["name"]);
    }
}

#[tokio::test]
async fn what_is_retired_is_nowhere_and_comes_back_whole() {
    for world in worlds() {
        let api = made(&world).await;
        let id = hotel(&api, "Балтия", json!({"city": "Казань", "stars": 4})).await;
        let record = format!("/api/v1/hotels/{id}");
        let city = format!("{MODULES}/hotels/fields/city");
        assert_eq!(api.send("DELETE", &city, &[], None).await.status, 204);
        let shown = api.get(&record).await.expect(200);
        assert!(shown.get("city").is_none(), "{shown}");
        api.patch(&record, json!({"city": "x"})).await.faulty(&["city"]);
        api.get(&format!("/api/v1/hotels?filter={}", escaped("has(city)"))).await.refused(400, "unknown_field");
        api.get("/api/v1/hotels?sort=city").await.refused(400, "invalid_sort");
        assert!(names(&api, &format!("q={}", escaped("казань"))).await.is_empty());
        let document = api.get("/api/v1/openapi.json").await.expect(200);
        assert!(document["components"]["schemas"]["hotels_record"]["properties"].get("city").is_none());
        hotel(&api, "Атлас", json!({})).await;
        let fields = api.get(&format!("{MODULES}/hotels/fields")).await.expect(200);
        let retired: Vec<_> =
            fields["data"].as_array().unwrap().iter().filter(|field| field["retired"] == true).collect();
        assert_eq!(retired.len(), 1);
        api.patch(&city, json!({"retired": false})).await.expect(200);
        assert_eq!(api.get(&record).await.expect(200)["city"], "Казань");
        assert_eq!(names(&api, &format!("q={}", escaped("казань"))).await, ["Балтия"]);

        let module = format!("{MODULES}/hotels");
        api.patch(&module, json!({"retired": true})).await.expect(200);
        api.get("/api/v1/hotels").await.refused(404, "no_such_module");
        api.patch(&module, json!({"retired": false})).await.expect(200);
        assert_eq!(api.get(&record).await.expect(200)["stars"], 4);

        api.patch(&format!("{MODULES}/orders"), json!({"retired": true})).await.refused(409, "relied_on");
        // What services write by name: without it nobody could pay, be written to, or order.
        for field in [
            "leads/fields/email",
            "deals/fields/paid_on",
            "deals/fields/payment_terms",
            "accounts/fields/bik",
            "messages/fields/to_name",
        ] {
            api.patch(&format!("{MODULES}/{field}"), json!({"retired": true})).await.refused(409, "relied_on");
        }
        api.patch(&format!("{MODULES}/deal_documents"), json!({"retired": true})).await.refused(409, "relied_on");
        let partner = json!({"value": "partner", "label": {"ru": "Партнёр", "en": "Partner"}});
        let relations = format!("{MODULES}/accounts/fields/relations");
        api.patch(&relations, json!({"options": [partner.clone()]})).await.refused(409, "relied_on");
        let buyer = json!({"value": "buyer", "label": {"ru": "Покупатель", "en": "Buyer"}});
        api.patch(&relations, json!({"options": [buyer, partner]})).await.expect(200);
        api.patch(&format!("{MODULES}/leads/fields/need"), json!({"retired": true})).await.expect(200);
        api.post("/api/v1/leads", json!({"name": "x", "need": "y"})).await.faulty(&["need"]);
    }
}

#[tokio::test]
async fn a_field_of_another_pack_is_adjusted() {
    for world in worlds() {
        let api = &world.admin;
        let need = format!("{MODULES}/leads/fields/need");
        let change = json!({"label": {"ru": "Чего хочет", "en": "Wish"}, "required": true, "help": "say it", "default": "tickets"});
        let field = api.patch(&need, change).await.expect(200);
        assert_eq!((field["label"]["en"].as_str(), field["required"].as_bool()), (Some("Wish"), Some(true)));
        assert_eq!(api.post("/api/v1/leads", json!({"name": "x"})).await.expect(201)["need"], "tickets");
        api.patch(&need, json!({"default": null})).await.expect(200);
        api.post("/api/v1/leads", json!({"name": "x"})).await.faulty(&["need"]);
        api.patch(&need, json!({"required": false})).await.expect(200);
        api.post("/api/v1/leads", json!({"name": "x"})).await.expect(201);
        api.post(&format!("{MODULES}/leads/fields"), json!({"name": "shoe_size", "type": "number"})).await.expect(201);
        let made = api.post("/api/v1/leads", json!({"name": "x", "shoe_size": 43})).await.expect(201);
        assert_eq!(made["shoe_size"], 43);
        let columns =
            json!({"columns": ["name", "shoe_size"], "label": {"ru": "Интерес", "en": "Interest"}, "menu": true});
        let module = api.patch(&format!("{MODULES}/leads"), columns).await.expect(200);
        assert_eq!(
            (module["columns"].clone(), module["label"]["en"].clone()),
            (json!(["name", "shoe_size"]), json!("Interest"))
        );
    }
}

#[tokio::test]
async fn data_in_the_way_is_told() {
    for world in worlds() {
        let api = made(&world).await;
        for name in ["a", "b", "c"] {
            let city = if name == "c" { Value::Null } else { json!("Казань") };
            hotel(&api, name, json!({"city": city, "board": "full"})).await;
        }
        let fields = format!("{MODULES}/hotels/fields");
        let twice = api.patch(&format!("{fields}/city"), json!({"unique": true})).await;
        twice.refused(409, "duplicate_values");
        assert!(twice.text.contains("1 values") && twice.text.contains("Казань"), "{}", twice.text);
        let used = api.patch(&format!("{fields}/board"), json!({"options": ["breakfast"]})).await;
        used.refused(409, "option_in_use");
        assert!(used.text.contains("3 records"), "{}", used.text);
        api.patch(&format!("{fields}/board"), json!({"options": ["full"]})).await.expect(200);
        let plan = api.patch(&format!("{fields}/city?dry_run=true"), json!({"required": true})).await.expect(200);
        assert_eq!(plan["touches"], json!({"records": 3, "empty": 1}));
        api.patch(&format!("{fields}/city"), json!({"required": true})).await.expect(200);
        api.patch(&format!("{fields}/stars"), json!({"unique": true})).await.expect(200);
        hotel(&api, "d", json!({"city": "x", "stars": 5})).await;
        api.post("/api/v1/hotels", json!({"name": "e", "city": "x", "stars": 5})).await.refused(409, "duplicate");
    }
}

#[tokio::test]
async fn of_two_administrators_the_second_is_told() {
    for world in worlds() {
        let api = made(&world).await;
        let fields = format!("{MODULES}/hotels/fields");
        let tag = api.get(&fields).await.headers["etag"].to_str().unwrap().to_owned();
        let add = |name: &str| json!({"name": name, "type": "text"});
        let seen = [("if-match", tag.as_str())];
        let first = api.send("POST", &fields, &seen, Some(add("one"))).await;
        assert_ne!(first.headers["etag"].to_str().unwrap(), tag);
        first.expect(201);
        api.send("POST", &fields, &seen, Some(add("two"))).await.refused(412, "stale");
        // Without a version both stay, whatever they did at once.
        let (three, four, again) = tokio::join!(
            api.post(&fields, add("three")),
            api.post(&fields, add("four")),
            api.post(&fields, add("three"))
        );
        four.expect(201);
        let mut both = [three.status, again.status];
        both.sort_unstable();
        assert_eq!(both, [201, 409]);
        let named = api.get(&fields).await.expect(200);
        let has = |name: &str| named["data"].as_array().unwrap().iter().any(|field| field["name"] == name);
        assert!(has("one") && !has("two") && has("three") && has("four"));
        // The same request again, under its key, is the same answer.
        let once = api.post_once("k1", &fields, add("six")).await.expect(201);
        assert_eq!(api.post_once("k1", &fields, add("six")).await.expect(201), once);
        api.post_once("k1", &fields, add("seven")).await.expect(422);
        // Of two at once one is done, and the other is told its answer or to ask again.
        let (first, second) =
            tokio::join!(api.post_once("k2", &fields, add("eight")), api.post_once("k2", &fields, add("eight")));
        let answers =
            [first, second].map(|answer| (answer.status, answer.json["code"].as_str().unwrap_or("").to_owned()));
        let is_told = |(status, code): &(u16, String)| *status == 201 || (*status, code.as_str()) == (409, "under_way");
        assert!(answers.iter().any(|(status, _)| *status == 201) && answers.iter().all(is_told), "{answers:?}");
        api.post_once("k2", &fields, add("eight")).await.expect(201);
        // A second program that serves the same workspace learns of it.
        let (workspace, second) = world.second_program();
        api.post(&fields, add("five")).await.expect(201);
        workspace.refresh().await.unwrap();
        second.post("/api/v1/hotels", json!({"name": "x", "five": "5"})).await.expect(201);
    }
}

#[tokio::test]
async fn a_stage_requires_a_field_whoever_moves_the_record() {
    for world in worlds() {
        let api = &world.admin;
        let source = format!("{MODULES}/leads/fields/source");
        api.patch(&source, json!({"required_at": ["nowhere"]})).await.faulty(&["required_at"]);
        api.patch(&format!("{MODULES}/leads/fields/status"), json!({"required_at": ["contacted"]}))
            .await
            .faulty(&["required_at"]);
        let field = api.patch(&source, json!({"required_at": ["contacted"]})).await.expect(200);
        assert_eq!(field["required_at"], json!(["contacted"]));
        let processes = api.get("/api/v1/meta/processes").await.expect(200);
        let leads = processes["data"].as_array().unwrap().iter().find(|it| it["name"] == "leads").unwrap();
        let steps = leads["transitions"].as_array().unwrap().iter().filter(|step| step["to"] == "contacted");
        assert!(steps.clone().count() > 0 && steps.clone().all(|step| step["asks"].to_string().contains("source")));
        let lead = api.post("/api/v1/leads", json!({"name": "x"})).await.expect(201);
        let contact = format!("/api/v1/leads/{}/transitions/contact", lead["id"].as_str().unwrap());
        api.post(&contact, json!({})).await.faulty(&["source"]);
        api.post(&contact, json!({"source": "a friend"})).await.expect(200);
        api.patch(&source, json!({"required_at": null})).await.expect(200);
        let other = api.post("/api/v1/leads", json!({"name": "y"})).await.expect(201);
        let contact = format!("/api/v1/leads/{}/transitions/contact", other["id"].as_str().unwrap());
        api.post(&contact, json!({})).await.expect(200);
    }
}

#[tokio::test]
async fn a_layout_is_said_through_the_api_and_words_stay_open() {
    for world in worlds() {
        let api = made(&world).await;
        let groups = json!([{"label": "Place", "fields": ["city", "stars"]}, {"label": {"ru": "Деньги", "en": "Money"}, "fields": ["price"]}]);
        let module =
            api.patch(&format!("{MODULES}/hotels"), json!({"groups": groups, "title": "city"})).await.expect(200);
        assert_eq!(module["groups"][0]["label"], json!({"ru": "Place", "en": "Place"}));
        assert_eq!((&module["groups"][1]["fields"], &module["title"]), (&json!(["price"]), &json!("city")));
        let before = api.get(&format!("{MODULES}/leads")).await.expect(200);
        let change = json!({"groups": [{"label": "Main", "fields": ["name"]}], "search": ["name"]});
        let leads = api.patch(&format!("{MODULES}/leads"), change).await.expect(200);
        assert_eq!((leads["groups"].as_array().unwrap().len(), &leads["search"]), (1, &json!(["name"])));
        let back = api.patch(&format!("{MODULES}/leads"), json!({"groups": null, "search": null})).await.expect(200);
        assert_eq!((&back["groups"], &back["search"]), (&before["groups"], &before["search"]));

        let words = json!({"name": "words", "type": "multi_choice", "open": true});
        api.post(&format!("{MODULES}/hotels/fields"), words).await.expect(201);
        let at = format!("{MODULES}/hotels/fields/words");
        api.patch(&at, json!({"open": false})).await.faulty(&["open"]);
        api.patch(&at, json!({"open": null})).await.faulty(&["open"]);
        let number = json!({"name": "number", "type": "text", "unique": true, "series": "H-{n:03}"});
        api.post(&format!("{MODULES}/hotels/fields"), number).await.expect(201);
        let hotel = api.post("/api/v1/hotels", json!({"name": "x"})).await.expect(201);
        assert_eq!(hotel["number"], "H-001");
        let plain = json!({"name": "plain", "type": "text", "series": "P-{n}"});
        api.post(&format!("{MODULES}/hotels/fields"), plain).await.faulty(&["series"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sales_go_on_whatever_is_required() {
    for world in worlds() {
        let (api, kind) = (&world.admin, world.event("harbour").await);
        api.patch(&format!("{MODULES}/leads/fields/need"), json!({"required": true})).await.expect(200);
        for module in ["contacts", "orders", "tickets", "payments"] {
            let hue = json!({"name": "hue", "type": "text", "required": true});
            api.post(&format!("{MODULES}/{module}/fields"), hue).await.expect(201);
        }
        let order =
            json!({"buyer": {"name": "Boris Lane", "email": "boris@example.org"}, "tickets": [{"ticket_type": kind}]});
        world.anybody().post("/api/public/v1/events/harbour/orders", order).await.expect(201);
        let order = api.get("/api/v1/orders").await.expect(200)["data"][0].clone();
        let paid = json!({"amount": order["total"], "order": order["id"]});
        api.post("/api/v1/payments", paid).await.expect(201);
        assert_eq!(api.get("/api/v1/orders").await.expect(200)["data"][0]["status"], "paid");
        // People are asked.
        api.post("/api/v1/leads", json!({"name": "Anna"})).await.faulty(&["need"]);
        api.post("/api/v1/contacts", json!({"name": "Anna"})).await.faulty(&["hue"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_in_a_field_that_is_gone_is_not_read_as_something_else() {
    for world in worlds() {
        let (api, fields) = (&world.admin, format!("{MODULES}/accounts/fields"));
        api.post(&fields, json!({"name": "rate", "type": "number"})).await.expect(201);
        let path = api.post("/api/v1/accounts", json!({"name": "Harbour", "rate": 5})).await.expect(201);
        let path = format!("/api/v1/accounts/{}", path["id"].as_str().unwrap());
        api.post("/api/v1/meta/packs/own/revert", json!({})).await.expect(200);
        // Something else in between, so that it is not the last that was.
        api.post(&fields, json!({"name": "other", "type": "text"})).await.expect(201);
        api.post(&fields, json!({"name": "rate", "type": "text"})).await.faulty(&["type"]);
        api.post(&fields, json!({"name": "rate", "type": "decimal", "scale": 2})).await.faulty(&["type"]);
        api.post(&fields, json!({"name": "rate", "type": "number"})).await.expect(201);
        assert_eq!(api.get(&path).await.expect(200)["rate"], 5);
        // Columns that one of the databases has by itself.
        for name in ["rowid", "oid", "xmin", "tableoid", "ctid"] {
            api.post(&fields, json!({"name": name, "type": "text"})).await.faulty(&["name"]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_takes_nobody_elses_role_and_has_a_name() {
    for world in worlds() {
        let api = &world.admin;
        let pack = |name: &str| {
            let manifest =
                format!("name = {name:?}\nlabel = {{ ru = \"П\", en = \"P\" }}\nversion = 1\nrequires = [\"crm\"]\n");
            let role = "name = \"salesperson\"\nlabel = { ru = \"П\", en = \"S\" }\n[modules.leads]\nread = \"all\"\n";
            json!({"files": {"pack.toml": manifest, "roles/salesperson.toml": role}})
        };
        let refused = api.post("/api/v1/meta/packs", pack("extra")).await;
        assert!(refused.status == 422 && refused.text.contains("has this role already"), "{}", refused.text);
        for name in ["", "..", "x/y", "<script>"] {
            let refused = api.post("/api/v1/meta/packs", pack(name)).await;
            assert!(refused.status == 422 && refused.text.contains("a pack is called by"), "{name}: {}", refused.text);
        }
        let grant = api.get("/api/v1/meta/roles").await.expect(200);
        let of = grant["data"].as_array().unwrap().iter().find(|role| role["name"] == "salesperson").unwrap().clone();
        assert!(of["modules"].as_object().unwrap().len() > 1, "{of}");
    }
}
