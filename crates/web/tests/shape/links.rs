//! A field of links to many records, from its making to its undoing, through HTTP.

use serde_json::{Value, json};

use super::world::{Answer, Api, World, worlds};
use super::{MODULES, escaped, hotel, made, names};

/// Hotels with speakers, and three of these.
async fn peopled(world: &World) -> (Api, [String; 3]) {
    let api = made(world).await;
    let field = json!({"name": "speakers", "type": "links", "module": "contacts", "label": {"ru": "Докладчики", "en": "Speakers"}});
    let plan = api.post(&format!("{MODULES}/hotels/fields?dry_run=true"), field.clone()).await.expect(200);
    assert!(plan["steps"].as_array().unwrap().contains(&json!("new links hotels.speakers")), "{plan}");
    api.post(&format!("{MODULES}/hotels/fields"), field).await.expect(201);
    let mut speakers = Vec::new();
    for name in ["Анна", "Борис", "Вера"] {
        let made = api.post("/api/v1/contacts", json!({"name": name})).await.expect(201);
        speakers.push(made["id"].as_str().unwrap().to_owned());
    }
    (api, speakers.try_into().unwrap())
}

fn set(answer: &Answer) -> String {
    answer.headers["change-set"].to_str().unwrap().to_owned()
}

fn titles(record: &Value) -> Vec<&str> {
    record["speakers"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap_or("-")).collect()
}

#[tokio::test]
async fn a_list_is_set_read_replaced_and_expanded() {
    for world in worlds() {
        let (api, [anna, boris, vera]) = peopled(&world).await;
        let id = hotel(&api, "Балтия", json!({"speakers": [vera, anna, vera]})).await;
        hotel(&api, "Атлас", json!({})).await;
        let path = format!("/api/v1/hotels/{id}");
        let record = api.get(&path).await.expect(200);
        assert_eq!(record["speakers"], json!([vera, anna]), "in the order given, each once");
        let expanded = api.get(&format!("{path}?expand=speakers")).await.expect(200);
        assert_eq!(titles(&expanded), ["Вера", "Анна"]);
        assert_eq!(expanded["speakers"][0]["id"], vera.as_str());
        let list = api.get("/api/v1/hotels?expand=speakers&sort=name").await.expect(200);
        assert_eq!(
            (list["data"][0]["speakers"].clone(), titles(&list["data"][1])),
            (Value::Null, vec!["Вера", "Анна"])
        );
        let patched = api.patch(&path, json!({"speakers": [boris]})).await.expect(200);
        assert_eq!((patched["speakers"].clone(), patched["version"].clone()), (json!([boris]), json!(2)));
        for (wrong, field) in [
            (json!(anna), "speakers"),
            (json!([5]), "speakers"),
            (json!(["x"]), "speakers"),
            (json!([anna, id]), "speakers[1]"),
            (json!({"id": anna}), "speakers"),
        ] {
            api.patch(&path, json!({"speakers": wrong})).await.faulty(&[field]);
        }
        for (filter, found) in [
            (format!("\"{boris}\" in speakers"), vec!["Балтия"]),
            (format!("\"{anna}\" in speakers"), vec![]),
            ("!has(speakers)".to_owned(), vec!["Атлас"]),
            ("speakers.exists(s, s.name.contains(\"бор\"))".to_owned(), vec!["Балтия"]),
        ] {
            assert_eq!(names(&api, &format!("filter={}", escaped(&filter))).await, found, "{filter}");
        }
        api.get("/api/v1/hotels?sort=speakers").await.refused(400, "invalid_sort");
        let cleared = api.patch(&path, json!({"speakers": []})).await.expect(200);
        assert_eq!(cleared["speakers"], Value::Null);
    }
}

#[tokio::test]
async fn who_may_not_see_a_record_neither_reads_its_name_nor_links_to_it() {
    for world in worlds() {
        let (api, [anna, boris, _]) = peopled(&world).await;
        let (olga, _) = world.user("olga", "organiser");
        let (maxim, seller) = world.user("maxim", "salesperson");
        api.patch(&format!("/api/v1/contacts/{anna}"), json!({"owner": olga})).await.expect(200);
        api.patch(&format!("/api/v1/contacts/{boris}"), json!({"owner": maxim})).await.expect(200);
        let rights = json!({"salesperson": {"read": "all", "create": true, "update": "all"}});
        api.patch(&format!("{MODULES}/hotels"), json!({"rights": rights})).await.expect(200);
        let id = hotel(&api, "Балтия", json!({"speakers": [anna, boris]})).await;
        let path = format!("/api/v1/hotels/{id}");
        let seen = seller.get(&format!("{path}?expand=speakers")).await.expect(200);
        assert_eq!(titles(&seen), ["-", "Борис"], "null in the place of what may not be seen");
        let named = escaped("speakers.exists(s, s.name == \"Анна\")");
        assert_eq!(names(&api, &format!("filter={named}")).await, ["Балтия"]);
        assert!(names(&seller, &format!("filter={named}")).await.is_empty());
        let moved = seller.patch(&path, json!({"speakers": [boris, anna]})).await.expect(200);
        assert_eq!(moved["speakers"], json!([boris, anna]), "what was there may stay");
        seller.post("/api/v1/hotels", json!({"name": "x", "speakers": [anna]})).await.faulty(&["speakers[0]"]);
    }
}

#[tokio::test]
async fn the_past_the_bin_and_the_way_back() {
    for world in worlds() {
        let (api, [anna, boris, vera]) = peopled(&world).await;
        let id = hotel(&api, "Балтия", json!({"speakers": [anna, boris]})).await;
        let path = format!("/api/v1/hotels/{id}");
        let then = api.get(&path).await.expect(200)["updated_at"].as_str().unwrap().to_owned();
        let changed = set(&api.patch(&path, json!({"speakers": [vera]})).await);
        let history = api.get(&format!("{path}/history?field=speakers")).await.expect(200);
        let told = json!([{"field": "speakers", "before": [anna, boris], "after": [vera]}]);
        assert_eq!(history["data"][0]["fields"], told);
        assert_eq!(api.get(&format!("{path}?as_of={then}")).await.expect(200)["speakers"], json!([anna, boris]));
        api.post(&format!("/api/v1/undo/{changed}"), json!({})).await.expect(200);
        assert_eq!(api.get(&path).await.expect(200)["speakers"], json!([anna, boris]));

        let contact = format!("/api/v1/contacts/{anna}?purge=true");
        api.send("DELETE", &contact, &[], None).await.refused(409, "linked");
        let purged = api.send("DELETE", &format!("{path}?purge=true"), &[], None).await;
        let purged = set(&purged);
        api.post(&format!("/api/v1/undo/{purged}"), json!({})).await.expect(200);
        assert_eq!(api.get(&path).await.expect(200)["speakers"], json!([anna, boris]));
        let purged = set(&api.send("DELETE", &format!("{path}?purge=true"), &[], None).await);
        api.send("DELETE", &contact, &[], None).await.expect(204);
        api.post(&format!("/api/v1/undo/{purged}"), json!({})).await.refused(409, "undo_conflict");
    }
}

#[tokio::test]
async fn shaped_as_any_field() {
    for world in worlds() {
        let (api, [anna, ..]) = peopled(&world).await;
        let id = hotel(&api, "Балтия", json!({"speakers": [anna]})).await;
        let path = format!("/api/v1/hotels/{id}");
        let fields = format!("{MODULES}/hotels/fields");
        let links = |more: Value| {
            let mut field = json!({"name": "guests", "type": "links", "module": "contacts"});
            field.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            field
        };
        api.post(&fields, links(json!({"unique": true}))).await.faulty(&["unique"]);
        api.post(&fields, links(json!({"module": null}))).await.faulty(&["module"]);
        api.patch(&format!("{fields}/speakers"), json!({"unique": true})).await.faulty(&["unique"]);
        let formula = json!({"name": "f", "type": "formula", "expression": "speakers"});
        api.post(&fields, formula).await.faulty(&["expression"]);
        let crowd = json!({"name": "crowd", "type": "formula", "expression": "size(speakers)"});
        api.post(&fields, crowd).await.expect(201);
        let invited = json!({"name": "hotels", "type": "roll_up", "via": "hotels.speakers", "measure": "count()"});
        api.post(&format!("{MODULES}/contacts/fields"), invited).await.expect(201);
        assert_eq!(api.get(&path).await.expect(200)["crowd"], 1);
        assert_eq!(api.get(&format!("/api/v1/contacts/{anna}")).await.expect(200)["hotels"], 1);
        let needed = json!({"required": true, "validation": "size(speakers) < 3", "help": "two at most"});
        let hotelless = hotel(&api, "Атлас", json!({})).await;
        let plan = api.patch(&format!("{fields}/speakers?dry_run=true"), needed.clone()).await.expect(200);
        assert_eq!(plan["touches"]["empty"], 1);
        api.patch(&format!("{fields}/speakers"), needed).await.expect(200);
        api.post("/api/v1/hotels", json!({"name": "x"})).await.faulty(&["speakers"]);
        api.patch(&format!("/api/v1/hotels/{hotelless}"), json!({"stars": 1})).await.expect(200);

        let document = api.get("/api/v1/openapi.json").await.expect(200);
        let schema = &document["components"]["schemas"]["hotels_create"]["properties"]["speakers"];
        assert_eq!((&schema["type"], &schema["maxItems"]), (&json!("array"), &json!(1000)), "{schema}");
    }
}

#[tokio::test]
async fn renamed_and_retired_nothing_is_lost() {
    for world in worlds() {
        let (api, [anna, boris, _]) = peopled(&world).await;
        let id = hotel(&api, "Балтия", json!({"speakers": [boris, anna]})).await;
        let field = |name: &str| format!("{MODULES}/hotels/fields/{name}");
        api.patch(&field("speakers"), json!({"name": "lecturers"})).await.expect(200);
        api.patch(&format!("{MODULES}/hotels"), json!({"name": "lodgings"})).await.expect(200);
        let path = format!("/api/v1/lodgings/{id}");
        let field = format!("{MODULES}/lodgings/fields/lecturers");
        assert_eq!(api.get(&path).await.expect(200)["lecturers"], json!([boris, anna]));
        assert_eq!(api.send("DELETE", &field, &[], None).await.status, 204);
        assert!(api.get(&path).await.expect(200).get("lecturers").is_none());
        api.patch(&field, json!({"retired": false})).await.expect(200);
        assert_eq!(api.get(&path).await.expect(200)["lecturers"], json!([boris, anna]));
        let history = api.get(&format!("{path}/history?field=lecturers")).await.expect(200);
        assert_eq!(history["data"][0]["fields"][0]["after"], json!([boris, anna]));
        api.post("/api/v1/meta/packs/own/revert", json!({})).await.expect(200);
        assert!(world.workspace.check(None).unwrap().is_fine());
    }
}
