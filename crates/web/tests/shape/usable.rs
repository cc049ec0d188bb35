//! Definitions of which nothing could be made are refused with the property that is wrong, through the API, in packs and
//! beside the control; each would else be accepted and of no use, or passed over in silence.

use serde_json::{Value, json};

use super::world::worlds;
use super::{MODULES, hotel, made};

/// Fields that nobody could use, with the property that is told.
fn unusable() -> Vec<(Value, &'static str, &'static str)> {
    let long = "x".repeat(2_000);
    let id = "01890000-0000-7000-8000-000000000000";
    vec![
        (json!({"type": "decimal", "scale": 10}), "scale", "scale_out_of_range"),
        (json!({"type": "decimal", "scale": 255}), "scale", "scale_out_of_range"),
        (json!({"type": "decimal", "scale": 256}), "scale", "invalid_type"),
        (json!({"type": "money", "scale": 4}), "scale", "not_of_this_type"),
        (json!({"type": "link", "module": "nowhere"}), "module", "no_such_module"),
        (json!({"type": "links", "module": "nowhere"}), "module", "no_such_module"),
        (json!({"type": "link", "module": ""}), "module", "no_such_module"),
        (json!({"type": "text", "module": "events"}), "module", "not_of_this_type"),
        (json!({"type": "file", "module": "events"}), "module", "not_of_this_type"),
        (json!({"type": "choice", "options": ["a\u{0}b"]}), "options", "invalid_text"),
        (json!({"type": "choice", "options": [{"value": "a", "label": "x\u{0}y"}]}), "options", "invalid_text"),
        (json!({"type": "choice", "options": ["a\nb"]}), "options", "invalid_option"),
        (json!({"type": "choice", "options": [" a"]}), "options", "invalid_option"),
        (json!({"type": "choice", "options": [{"value": "a", "colour": "purple"}]}), "options", "invalid_option"),
        (
            json!({"type": "choice", "options": [{"value": "a", "label": {"ru": " ", "en": ""}}]}),
            "options[0].label",
            "invalid_label",
        ),
        (
            json!({"type": "choice", "options": [{"value": "a", "label": "A"}, {"value": "b", "label": "A"}]}),
            "options",
            "repeated_label",
        ),
        (json!({"type": "choice", "options": ["a", "a"]}), "options", "repeated_option"),
        (json!({"type": "choice", "options": [long]}), "options", "too_long"),
        (json!({"type": "text", "options": ["a"]}), "options", "not_of_this_type"),
        (json!({"type": "text", "label": "x\u{0}y"}), "label", "invalid_text"),
        (json!({"type": "text", "label": long}), "label", "too_long"),
        (json!({"type": "text", "help": "x\u{0}y"}), "help", "invalid_text"),
        (json!({"type": "json", "default": {"x\u{0}y": 1}}), "default", "invalid_text"),
        (json!({"type": "choice", "options": ["a"], "default": "b"}), "default", "invalid_choice"),
        (json!({"type": "number", "default": "x"}), "default", "invalid_type"),
        (json!({"type": "number", "min": 5, "default": 1}), "default", "out_of_range"),
        (json!({"type": "text", "unique": true, "default": "same"}), "default", "default_of_unique"),
        (json!({"type": "person", "default": id}), "default", "not_of_this_type"),
        (json!({"type": "link", "module": "events", "default": id}), "default", "not_of_this_type"),
        (json!({"type": "rating", "max": 0}), "min", "invalid_bounds"),
        (json!({"type": "number", "min": 5, "max": 1}), "min", "invalid_bounds"),
        (json!({"type": "formula"}), "expression", "syntax"),
        (json!({"type": "formula", "expression": "null"}), "expression", "wrong_type"),
        (json!({"type": "formula", "expression": "strange + 1"}), "expression", "circular"),
        (
            json!({"type": "formula", "expression": "stars", "validation": "stars > 1"}),
            "validation",
            "not_of_this_type",
        ),
        (json!({"type": "formula", "expression": "stars", "via": "hotels.event"}), "via", "not_of_this_type"),
        (json!({"type": "text", "expression": "stars"}), "expression", "not_of_this_type"),
        (json!({"type": "roll_up", "via": "hotels.strange", "measure": "sum(strange)"}), "via", "wrong_type"),
        (json!({"type": "json", "index": true}), "index", "not_of_this_type"),
        (json!({"type": "long_text", "unique": true}), "unique", "not_of_this_type"),
        (json!({"type": "number", "format": "inn"}), "format", "not_of_this_type"),
        (json!({"type": "text", "set_by": "process", "required": true}), "required", "nobody_sets_it"),
        (json!({"type": "text", "refusal": "No."}), "refusal", "refusal_of_nothing"),
        (json!({"type": "text", "nonsense": 1}), "nonsense", "unknown_field"),
        (json!({"type": "nonsense"}), "type", "invalid_choice"),
    ]
}

#[tokio::test]
async fn a_field_that_nobody_could_use_is_refused_by_its_property() {
    for world in worlds() {
        let api = made(&world).await;
        let fields = format!("{MODULES}/hotels/fields");
        for (mut field, property, code) in unusable() {
            field["name"] = json!("strange");
            let refused = api.post(&fields, field.clone()).await;
            let told = refused.json["errors"].as_array().cloned().unwrap_or_default();
            let is_told = |fault: &Value| fault["field"] == property && fault["code"] == code;
            assert!(
                refused.status == 422 && told.iter().any(is_told),
                "{property} {code} of {field}: {}",
                refused.text
            );
        }
        // Nothing is left of them, and what fits still comes in.
        for field in [
            json!({"name": "share", "type": "decimal", "scale": 9, "min": 0, "max": 1, "default": "0.123456789"}),
            json!({"name": "paper", "type": "file"}),
        ] {
            api.post(&fields, field).await.expect(201);
        }
        let id = hotel(&api, "Балтия", json!({"share": "0.999999999"})).await;
        assert_eq!(api.get(&format!("/api/v1/hotels/{id}")).await.expect(200)["share"], "0.999999999");
        assert_eq!(
            api.get("/api/v1/hotels?sort=-share&filter=share%20%3E%200.5").await.expect(200)["data"][0]["id"],
            id
        );
    }
}

#[tokio::test]
async fn what_another_definition_says_is_not_passed_over() {
    for world in worlds() {
        let api = made(&world).await;
        for (path, change, property) in [
            ("leads/fields/status", json!({"options": ["a"]}), "options"),
            ("leads/fields/status", json!({"default": "new"}), "default"),
            ("deals/fields/stage", json!({"options": ["a"]}), "options"),
        ] {
            let refused = api.patch(&format!("{MODULES}/{path}"), change).await;
            refused.faulty(&[property]);
            assert_eq!(refused.json["errors"][0]["code"], "said_by_process", "{}", refused.text);
        }
        for (body, part) in [
            (json!({"columns": ["name", "name"]}), "columns"),
            (json!({"groups": [{"label": "A", "fields": ["name"]}, {"label": "B", "fields": ["name"]}]}), "groups"),
            (json!({"label": "a\u{0}"}), "label"),
        ] {
            let refused = api.patch(&format!("{MODULES}/hotels"), body).await;
            assert!(refused.status == 422 && refused.text.contains(part), "{part}: {}", refused.text);
        }
    }
}

/// A pack with these fields for leads.
fn pack(version: u32, fields: &str) -> Value {
    let manifest =
        format!("name = \"extra\"\nlabel = {{ ru = \"П\", en = \"P\" }}\nversion = {version}\nrequires = [\"crm\"]\n");
    json!({"files": {"pack.toml": manifest, "modules/leads.toml": format!("extends = \"leads\"\n{fields}")}})
}

#[tokio::test]
async fn the_same_is_refused_of_packs() {
    const PACKS: &str = "/api/v1/meta/packs";
    for world in worlds() {
        let api = &world.admin;
        let label = "label = { ru = \"Н\", en = \"N\" }";
        let new = |more: &str| format!("[[fields]]\nname = \"strange\"\n{label}\n{more}\n");
        let said = |more: &str| format!("[[changes]]\nfield = \"status\"\n{more}\n");
        for (fields, code) in [
            (new("type = \"decimal\"\nscale = 12"), "scale_out_of_range"),
            (new("type = \"link\"\nmodule = \"nowhere\""), "no_such_module"),
            (new("type = \"text\"\ndefault = \"a\\u0000b\""), "invalid_text"),
            (
                new("type = \"choice\"\noptions = [{ value = \"a\", label = { ru = \"\", en = \"\" } }]"),
                "invalid_option",
            ),
            (new("type = \"text\"\nmodule = \"leads\""), "not_of_this_type"),
            (said(&format!("options = [{{ value = \"a\", {label} }}]")), "said_by_process"),
        ] {
            let refused = api.post(PACKS, pack(1, &fields)).await;
            assert!(refused.status == 422, "{fields}: {}", refused.text);
            assert!(refused.text.contains(&format!("\"code\":\"{code}\"")), "{code} of {fields}: {}", refused.text);
        }
        // A link that waits for a pack that ships, or for its own module, is none of these.
        api.post(PACKS, pack(3, &new("type = \"link\"\nmodule = \"leads\""))).await.expect(200);
        let refused = api.post(PACKS, pack(2, "")).await;
        assert!(refused.status == 422 && refused.text.contains("older_pack"), "{}", refused.text);
        api.post(PACKS, pack(3, "")).await.expect(200);
    }
}

#[tokio::test]
async fn a_validation_says_in_both_languages_what_it_wants() {
    for world in worlds() {
        let api = made(&world).await;
        let stars = format!("{MODULES}/hotels/fields/stars");
        let words = json!({"ru": "Звёзд — от одной до пяти.", "en": "One to five stars."});
        let set = json!({"validation": "stars >= 1 && stars <= 5", "refusal": words, "help": "Of the sign."});
        assert_eq!(api.patch(&stars, set).await.expect(200)["refusal"], words);
        for (language, said) in [("ru", "Звёзд — от одной до пяти."), ("en", "One to five stars.")]
        {
            let refused = api
                .send(
                    "POST",
                    "/api/v1/hotels",
                    &[("accept-language", language)],
                    Some(json!({"name": "x", "stars": 6})),
                )
                .await;
            refused.faulty(&["stars"]);
            let fault = &refused.json["errors"][0];
            assert_eq!(
                (&fault["message"], &fault["said"], &fault["code"]),
                (&json!(said), &words, &json!("validation_failed"))
            );
        }
        // Without it the help is said.
        api.patch(&stars, json!({"refusal": null})).await.expect(200);
        let refused = api.post("/api/v1/hotels", json!({"name": "x", "stars": 6})).await;
        assert_eq!(refused.json["errors"][0]["message"], "Of the sign.", "{}", refused.text);
        api.patch(&stars, json!({"validation": null, "refusal": "No."})).await.faulty(&["refusal"]);
    }
}

/// Whoever reads Russian is told in Russian why a definition, a pack, a view or a filter is refused; the exact English
/// sentence may follow in brackets.
#[tokio::test]
async fn refusals_are_said_in_the_language_of_the_reader() {
    for world in worlds() {
        let api = made(&world).await;
        let fields = format!("{MODULES}/hotels/fields");
        let of_fields = unusable().into_iter().map(|(mut field, ..)| {
            field["name"] = json!("strange");
            ("POST", fields.clone(), field)
        });
        let link = "type = \"link\"\nmodule = \"nowhere\"";
        let label = "label = { ru = \"Н\", en = \"N\" }";
        let packs = [
            pack(1, &format!("[[fields]]\nname = \"strange\"\n{label}\n{link}\n")),
            pack(1, "[[fields]]\nname = \"name\"\ntype = \"text\"\n"),
            pack(1, "[[changes]]\nfield = \"nothing\"\nrequired = true\n"),
            pack(1, "[[changes]]\nfield = \"need\"\ntype = \"number\"\n"),
            pack(1, "columns = [\"nothing\"]\n"),
            pack(1, "nonsense = 1\n"),
            json!({"files": {"x.txt": ""}}),
            json!({"files": {"pack.toml": "name = 1"}}),
        ];
        let module = |more: Value| {
            let mut body = json!({"name": "halls", "fields": [{"name": "name", "type": "text"}]});
            body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
            ("POST", MODULES.to_owned(), body)
        };
        let patch = |path: &str, body: Value| ("PATCH", format!("{MODULES}/{path}"), body);
        let more = [
            module(json!({"name": "Halls"})),
            module(json!({"title": "nothing"})),
            module(json!({"nonsense": 1})),
            module(json!({"fields": [{"name": "x"}]})),
            patch("hotels", json!({"columns": ["nothing"]})),
            patch("hotels", json!({"fields": []})),
            patch("leads", json!({"title": "need"})),
            patch("leads/fields/need", json!({"type": "number"})),
            patch("leads/fields/need", json!({"name": "wish"})),
            patch("leads/fields/status", json!({"options": ["a"]})),
            patch("leads/fields/email", json!({"retired": true})),
            patch("hotels/fields/stars", json!({"validation": "stars >"})),
            patch("hotels/fields/stars", json!({"validation": "nothing > 1"})),
            patch("hotels/fields/stars", json!({"name": "price"})),
            (
                "PATCH",
                "/api/v1/meta/processes/leads".to_owned(),
                json!({"transitions": {"contact": {"guard": "nothing"}}}),
            ),
            (
                "PATCH",
                "/api/v1/meta/processes/leads".to_owned(),
                json!({"transitions": {"contact": {"asks": ["nothing"]}}}),
            ),
            (
                "PATCH",
                "/api/v1/meta/processes/leads".to_owned(),
                json!({"states": {"contacted": {"phase": "nothing"}}}),
            ),
            (
                "POST",
                "/api/v1/meta/views".to_owned(),
                json!({"module": "hotels", "name": "x", "filter": "nothing == 1"}),
            ),
            ("POST", "/api/v1/meta/views".to_owned(), json!({"module": "hotels", "name": "x", "columns": ["nothing"]})),
            ("POST", "/api/v1/meta/views".to_owned(), json!({"module": "hotels", "name": "x", "kind": "nothing"})),
            ("POST", "/api/v1/meta/views".to_owned(), json!({"module": "hotels", "name": "", "filter": "stars >"})),
            ("GET", "/api/v1/hotels?filter=nothing%20%3E%201".to_owned(), Value::Null),
            ("GET", "/api/v1/hotels?filter=stars%20%3E".to_owned(), Value::Null),
            ("GET", "/api/v1/hotels?filter=stars%20%3E%20name".to_owned(), Value::Null),
            ("GET", "/api/v1/hotels?sort=nothing".to_owned(), Value::Null),
            ("GET", "/api/v1/hotels?nonsense=1".to_owned(), Value::Null),
            ("GET", "/api/v1/nothing".to_owned(), Value::Null),
        ];
        let packs = packs.into_iter().map(|body| ("POST", "/api/v1/meta/packs".to_owned(), body));
        let mut english = Vec::new();
        for (method, path, body) in of_fields.chain(packs).chain(more) {
            let sent = (!body.is_null()).then(|| body.clone());
            let refused = api.send(method, &path, &[("accept-language", "ru")], sent).await;
            assert!((400..500).contains(&refused.status), "{path} {body}: {}", refused.text);
            let faults = refused.json["errors"].as_array().cloned().unwrap_or_default();
            let told = faults.iter().map(|fault| &fault["message"]).chain([&refused.json["detail"]]);
            for said in told.filter_map(Value::as_str) {
                if !said.starts_with(|first: char| ('А'..='я').contains(&first) || first == 'Ё') {
                    english.push(format!("{method} {path} {body}: {said}"));
                }
            }
        }
        assert!(english.is_empty(), "{} are said in English:\n{}", english.len(), english.join("\n"));
    }
}
