//! A process as a picture and as numbers: of the records that one reads, for whoever may know of the process.

use model::Id;
use serde_json::{Value, json};

use crate::world::{Api, World, worlds};

const NUMBERS: &str = "/api/v1/meta/processes/leads/numbers";
const PICTURE: &str = "/api/v1/meta/processes/leads/picture";

/// A lead of somebody's: others see those that are nobody's.
async fn lead(api: &Api, name: &str, owner: Id) -> String {
    let made = api.post("/api/v1/leads", json!({"name": name, "owner": owner.to_string()})).await.expect(201);
    format!("/api/v1/leads/{}", made["id"].as_str().unwrap())
}

async fn press(api: &Api, lead: &str, name: &str) {
    api.post(&format!("{lead}/transitions/{name}"), json!({})).await.expect(200);
}

async fn pass(world: &World, advance: &str) {
    world.admin.post("/api/v1/sandbox/clock", json!({"advance": advance})).await.expect(200);
}

/// Records in a state, and the median in minutes.
fn state(numbers: &Value, name: &str) -> (i64, Option<i64>) {
    let state = numbers["states"].as_array().unwrap().iter().find(|state| state["state"] == name).unwrap();
    (state["count"].as_i64().unwrap(), state["median_seconds"].as_i64().map(|seconds| seconds / 60))
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_of_what_one_reads() {
    for world in worlds() {
        let admin = &world.admin;
        let (me, (seller_id, seller)) = (world.admin_id, world.user("seller", "salesperson"));
        let (anna, boris) = (lead(admin, "Anna", me).await, lead(&seller, "Boris", seller_id).await);
        pass(&world, "PT2H").await;
        press(admin, &anna, "contact").await;
        pass(&world, "PT2H").await;
        press(&seller, &boris, "contact").await;
        lead(admin, "Vera", me).await;
        let gone = lead(admin, "Gleb", me).await;
        admin.send("DELETE", &gone, &[], None).await.expect(204);

        let all = admin.get(NUMBERS).await.expect(200);
        assert_eq!((state(&all, "new"), state(&all, "contacted")), ((1, Some(180)), (2, None)), "{all}");
        assert_eq!((&all["moves"], &all["bottleneck"], &all["elsewhere"]), (&json!(2), &json!("new"), &json!(0)));
        assert_eq!((&all["module"], &all["field"], &all["findings"]), (&json!("leads"), &json!("status"), &json!([])));

        let broken = json!({"states": {"lonely": {"label": {"ru": "Одна", "en": "Lonely"}}}});
        admin.patch("/api/v1/meta/processes/leads", broken).await.expect(200);
        assert_ne!(admin.get(NUMBERS).await.expect(200)["findings"], json!([]));
        let own = seller.get(NUMBERS).await.expect(200);
        assert_eq!(own["findings"], json!([]), "they are for whoever may change the process");
        assert_eq!((state(&own, "new"), state(&own, "contacted")), ((0, Some(240)), (1, None)), "{own}");
        assert_eq!(
            (&own["moves"], &own["bottleneck"]),
            (&json!(1), &json!(null)),
            "nothing of others' records is told"
        );

        // A second stay counts from where it began, and a change of other fields begins none.
        admin.patch(&anna, json!({"company": "Vector"})).await.expect(200);
        press(admin, &anna, "disqualify").await;
        press(admin, &anna, "reopen").await;
        pass(&world, "PT10H").await;
        press(admin, &anna, "contact").await;
        let later = admin.get(NUMBERS).await.expect(200);
        assert_eq!((state(&later, "new"), state(&later, "contacted")), ((1, Some(240)), (2, Some(120))), "{later}");
        assert_eq!(later["moves"], 5);

        pass(&world, "P91D").await;
        let old = admin.get(NUMBERS).await.expect(200);
        assert_eq!((state(&old, "new"), &old["moves"], &old["bottleneck"]), ((1, None), &json!(0), &json!(null)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_for_whoever_reads_the_module() {
    for world in worlds() {
        let (seller_id, seller) = world.user("seller", "salesperson");
        let (_, door) = world.user("door", "door");
        for name in ["Anna", "Vera"] {
            lead(&world.admin, name, world.admin_id).await;
        }
        lead(&seller, "Boris", seller_id).await;
        for (api, count) in [(&world.admin, 3), (&seller, 1)] {
            let picture = api.get(PICTURE).await;
            assert_eq!((picture.status, picture.headers["content-type"].to_str().unwrap()), (200, "image/svg+xml"));
            assert!(picture.text.starts_with("<svg ") && picture.text.ends_with("</svg>"), "{}", picture.text);
            assert!(picture.text.contains(&format!("Записей: {count}<")), "{}", picture.text);
            assert!(picture.text.contains("xmlns=\"http://www.w3.org/2000/svg\"") && !picture.text.contains("style="));
        }
        for path in [PICTURE, NUMBERS] {
            door.get(path).await.refused(404, "not_found");
            world.anybody().get(path).await.refused(401, "unauthenticated");
            let nothing = path.replace("/leads/", "/nothing/");
            world.admin.get(&nothing).await.refused(404, "not_found");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_of_a_record_is_drawn_for_whoever_sees_the_record() {
    for world in worlds() {
        let (admin, me) = (&world.admin, world.admin_id);
        let (_, seller) = world.user("seller", "salesperson");
        let anna = lead(admin, "Anna", me).await;
        for name in ["contact", "disqualify", "reopen"] {
            pass(&world, "PT2H").await;
            press(admin, &anna, name).await;
        }
        let id = anna.rsplit('/').next().unwrap();
        let way = admin.get(&format!("{PICTURE}?record={id}")).await;
        assert_eq!((way.status, way.headers["content-type"].to_str().unwrap()), (200, "image/svg+xml"));
        assert!(way.text.contains("Шаги 1, 4") && way.text.contains("Шаг 2"), "{}", way.text);
        assert!(!way.text.contains("Записей: "), "of one record, not of all");
        seller.get(&format!("{PICTURE}?record={id}")).await.refused(404, "not_found");
        admin.get(&format!("{PICTURE}?record=x")).await.refused(400, "invalid_parameter");
        admin.get(&format!("{PICTURE}?way={id}")).await.refused(400, "unknown_parameter");
        // Whoever does not see the state is told nothing of where the record stood.
        let role = json!({"name": "blind", "modules": {"leads": {"read": "all", "hidden": ["status"]}}});
        admin.post("/api/v1/meta/roles", role).await.expect(201);
        let (_, blind) = world.user("blind", "blind");
        blind.get(&format!("{PICTURE}?record={id}")).await.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_nobody_can_press_is_found_whoever_has_left_or_may_not_change_the_records() {
    const PROCESS: &str = "/api/v1/meta/processes/leads";
    for world in worlds() {
        let admin = &world.admin;
        let told = async || {
            let process = admin.get(PROCESS).await.expect(200);
            let place = process["transitions"].as_array().unwrap().iter().position(|step| step["name"] == "disqualify");
            let findings = admin.get(NUMBERS).await.expect(200)["findings"].clone();
            findings == json!([{"finding": "nobody", "transition": place}])
        };
        let led_by = async |roles: &[&str]| {
            let by = json!({"transitions": {"disqualify": {"by": {"roles": roles}}}});
            admin.patch(PROCESS, by).await.expect(200);
        };
        led_by(&["administrator"]).await;
        assert!(!told().await, "the administrator may");
        led_by(&["head_of_sales"]).await;
        assert!(told().await, "the role is there, and nobody has it");
        led_by(&["reviewer", "head_of_sales"]).await;
        world.user("rita", "reviewer");
        assert!(told().await, "a reviewer changes no leads");
        let (head, _) = world.user("head", "head_of_sales");
        assert_eq!(admin.get(NUMBERS).await.expect(200)["findings"], json!([]));
        admin.patch(&format!("/api/v1/meta/users/{head}"), json!({"active": false})).await.expect(200);
        assert!(told().await, "who has left presses nothing");
    }
}
