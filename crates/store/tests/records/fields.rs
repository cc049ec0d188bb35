//! What a draft may hold: every type comes back as it went, and what does not fit is refused by field.

use model::Value;
use serde_json::{Value as Json, json};
use store::{Draft, Error, List};

use crate::world::{World, create, draft, faults, in_both};

fn everything(world: &World) -> Json {
    let company = world.make("companies", &json!({"name": "ООО «Ёлка»"}));
    let guests =
        [world.make("companies", &json!({"name": "б"})), world.make("companies", &json!({"name": "а"})), company];
    json!({
        "name": "Визит", "story": "длинно\nи подробно", "seats": 7, "share": "-0.125", "price": {"amount": "15000.05", "currency": "RUB"},
        "day": "2026-02-28", "hour": "09:30:00", "moment": "2026-03-01T10:20:30.123456Z", "lasts": "PT4H", "mood": "wild",
        "kinds": ["a", "b"], "company": company.to_string(), "guests": guests, "thing": {"module": "companies", "id": company.to_string()},
        "host": world.me.to_string(), "email": "someone@example.org", "phone": "+79161234567", "site": "https://example.org/a",
        "place": "Казань, ул. Баумана, 1", "done": true, "stars": 4, "paint": "#aabbcc", "extra": {"deep": [1, null, "x"]}, "code": "A-1",
        "born": "once",
    })
}

#[test]
fn every_type_comes_back_as_it_went() {
    in_both(|world| {
        let given = everything(world);
        let id = world.make("visits", &given);
        let record = world.run(move |work| work.get("visits", id)).unwrap();
        for (name, value) in given.as_object().unwrap() {
            assert_eq!(record.get(name).to_json(), *value, "{name}");
        }
        let empties: Vec<_> = given
            .as_object()
            .unwrap()
            .keys()
            .filter(|name| !["name", "born"].contains(&name.as_str()))
            .cloned()
            .collect();
        let emptied: Json =
            empties.iter().map(|name| (name.clone(), Json::Null)).collect::<serde_json::Map<_, _>>().into();
        world.change("visits", id, &emptied).unwrap();
        let record = world.run(move |work| work.get("visits", id)).unwrap();
        assert!(empties.iter().all(|name| record.get(name).is_null()), "{:?}", record.values);
        assert_eq!(record.text("name"), Some("Визит"));
    });
}

#[test]
fn money_of_every_currency_keeps_its_digits() {
    in_both(|world| {
        for (amount, currency) in
            [("0.01", "RUB"), ("-5.50", "EUR"), ("1000", "JPY"), ("1.234", "KWD"), ("90000000000000.00", "USD")]
        {
            let price = json!({"amount": amount, "currency": currency});
            let id = world.make("visits", &json!({"name": "x", "price": price}));
            let record = world.run(move |work| work.get("visits", id)).unwrap();
            assert_eq!(record.get("price").to_json(), price);
        }
        let too_much = json!({"name": "x", "price": {"amount": "92233720368547758.07", "currency": "RUB"}});
        let refused = world.run(move |work| create(work, "visits", &too_much)).unwrap_err();
        assert!(!matches!(refused, Error::NotFound { .. } | Error::Forbidden { .. }), "{refused:?}");
    });
}

#[test]
fn defaults_are_filled_and_an_empty_value_is_kept_empty() {
    in_both(|world| {
        let left_out = world.make("visits", &json!({"name": "x"}));
        let emptied = world.make("visits", &json!({"name": "x", "mood": null}));
        let mood = |id| world.run(move |work| Ok(work.get("visits", id)?.get("mood").clone())).unwrap();
        assert_eq!(mood(left_out), Value::from("calm"));
        assert_eq!(mood(emptied), Value::Null);
    });
}

#[test]
fn every_fault_is_named_by_its_field() {
    in_both(|world| {
        let refused = |json: Json| faults(&world.run(move |work| create(work, "visits", &json)).unwrap_err());
        let fault = |field: &str, code: &str| vec![(field.to_owned(), code.to_owned())];
        assert_eq!(refused(json!({})), fault("name", "required"));
        assert_eq!(refused(json!({"name": null})), fault("name", "required"));
        assert_eq!(refused(json!({"name": "x", "seats": 101})), fault("seats", "validation_failed"));
        assert_eq!(refused(json!({"name": "x", "total": 1})), fault("total", "read_only"));
        assert_eq!(refused(json!({"name": "x", "nothing": 1})), fault("nothing", "unknown_field"));
        assert_eq!(refused(json!({"name": "x", "company": world.me.to_string()})), fault("company", "not_found"));
        assert_eq!(refused(json!({"name": "x", "host": model::Id::new().to_string()})), fault("host", "not_found"));
        let early = json!({"name": "x", "moment": "-000001-01-01T00:00:00Z"});
        assert_eq!(refused(early), fault("moment", "invalid_datetime"));
        assert_eq!(refused(json!({"name": "x", "day": "0000-12-31"})), fault("day", "invalid_date"));
        assert_eq!(refused(json!({"name": "x", "extra": {"a": ["\0"]}})), fault("extra", "invalid_text"));
        assert_eq!(refused(json!({"name": "x", "extra": {"\0": 1}})), fault("extra", "invalid_text"));
        let both = refused(json!({"name": null, "company": world.me.to_string()}));
        assert_eq!(both.len(), 2, "{both:?}");
        let count = world.run(|work| work.count("visits", &List::default(), None)).unwrap();
        assert_eq!(count, 0, "nothing was written");
    });
}

#[test]
fn people_do_not_set_what_a_process_sets() {
    in_both(|world| {
        let chief = || world.as_role(&["chief"]);
        let refused = |module: &'static str, json: Json| {
            faults(&world.by(chief(), move |work| create(work, module, &json)).unwrap_err())
        };
        assert_eq!(
            refused("visits", json!({"name": "x", "stamp": "x"})),
            [("stamp".to_owned(), "read_only".to_owned())]
        );
        assert_eq!(
            refused("tasks", json!({"name": "x", "status": "shut"})),
            [("status".to_owned(), "use_transition".to_owned())]
        );
        let (visit, task) = world
            .by(chief(), |work| {
                let visit = create(work, "visits", &json!({"name": "x", "born": "then"}))?;
                Ok((visit, create(work, "tasks", &json!({"name": "x"}))?))
            })
            .unwrap();
        let begun = world.run(move |work| work.get("tasks", task)).unwrap();
        assert_eq!(begun.text("status"), Some("open"), "a record begins where its process does");
        let again = |module: &'static str, id, json: Json| {
            world.by(chief(), move |work| {
                let draft = draft(work, module, &json)?;
                work.update(module, id, draft, None)
            })
        };
        assert_eq!(faults(&again("visits", visit, json!({"born": "now"})).unwrap_err())[0].1, "read_only");
        assert_eq!(faults(&again("tasks", task, json!({"status": "shut"})).unwrap_err())[0].1, "use_transition");
        again("visits", visit, json!({"born": "then", "seats": 1})).unwrap();
        let moved = world.by(chief(), move |work| {
            work.as_process(|work| work.update("tasks", task, Draft::new().set("status", "shut"), None))
        });
        assert_eq!(moved.unwrap().text("status"), Some("shut"));
    });
}

#[test]
fn a_unique_value_is_free_again_from_the_bin() {
    in_both(|world| {
        let taken = |id: &str| vec![(id.to_owned(), "duplicate".to_owned())];
        let first = world.make("visits", &json!({"name": "first", "code": "A"}));
        let again = || world.run(|work| create(work, "visits", &json!({"name": "second", "code": "A"})));
        let refused = again().unwrap_err();
        assert_eq!(faults(&refused), taken("code"));
        assert!(!refused.to_string().contains("first"), "it does not say whose value it is");
        world.run(move |work| work.delete("visits", first, None)).unwrap();
        let second = again().unwrap();
        let back = world.run(move |work| work.restore("visits", first)).unwrap_err();
        assert_eq!(faults(&back), taken("code"));
        world.change("visits", second, &json!({"code": "B"})).unwrap();
        world.run(move |work| work.restore("visits", first)).unwrap();
        assert_eq!(faults(&world.change("visits", second, &json!({"code": "A"})).unwrap_err()), taken("code"));
        // Two records without a value share nothing.
        world.make("visits", &json!({"name": "third"}));
        world.make("visits", &json!({"name": "fourth"}));
    });
}
