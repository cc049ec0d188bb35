//! A change of thousands of records is taken back in turns, and whoever asked sees how far that is.

use model::{Actor, Id};
use serde_json::{Value, json};
use store::{Draft, Origin, Work};

use crate::world::{World, worlds};

/// One more than is taken back at once.
const MANY: i64 = 5_001;

/// Accounts, made in one change set.
fn accounts(world: &World) -> (String, Vec<Id>) {
    let make = |work: &mut Work<'_>| {
        let name = |number: i64| Draft::new().set("name", format!("Vector {number}"));
        let ids = (0..MANY).map(|number| Ok(work.create("accounts", name(number))?.id));
        let ids = ids.collect::<store::Result<Vec<_>>>()?;
        Ok((work.change_set().unwrap().to_string(), ids))
    };
    world.workspace.write_blocking(Actor::System("test"), Origin::from("import"), make).unwrap()
}

async fn run_jobs(world: &World) {
    world.admin.post("/api/v1/sandbox/clock", json!({"advance": "PT1S"})).await.expect(200);
}

async fn in_use(world: &World) -> Value {
    world.admin.get("/api/v1/accounts?count=exact&limit=1").await.expect(200)["total"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_records_are_taken_back_in_turns() {
    for world in worlds() {
        let api = &world.admin;
        let (set, ids) = accounts(&world);
        let undo = format!("/api/v1/undo/{set}");
        api.get(&undo).await.refused(404, "not_found");
        api.patch(&format!("/api/v1/accounts/{}", ids[7]), json!({"name": "Ardent"})).await.expect(200);

        let begun = api.post(&undo, json!({})).await.expect(202);
        assert_eq!((&begun["state"], &begun["done"], &begun["total"]), (&json!("checking"), &json!(0), &json!(MANY)));
        let again = api.post(&undo, json!({})).await.expect(202);
        assert_eq!(again, begun, "it is under way");
        api.post(&undo, json!({"conflicts": "keep"})).await.refused(409, "undo_chosen_otherwise");
        let (_, sam) = world.user("sam", "salesperson");
        sam.get(&undo).await.refused(404, "not_found");
        run_jobs(&world).await;
        let refused = api.get(&undo).await.expect(200);
        assert_eq!((&refused["state"], &refused["undone_by"]), (&json!("refused"), &Value::Null));
        let conflicts = refused["conflicts"].as_array().unwrap();
        assert_eq!(conflicts.len(), 1, "{refused}");
        assert_eq!((&conflicts[0]["id"], &conflicts[0]["now"]), (&json!(ids[7]), &json!("Ardent")));
        assert_eq!(conflicts[0]["changed"]["actor"], json!(world.admin_id));
        assert_eq!(in_use(&world).await, json!(MANY), "nothing was changed");

        api.post(&undo, json!({"conflicts": "keep"})).await.expect(202);
        run_jobs(&world).await;
        let done = api.get(&undo).await.expect(200);
        assert_eq!((&done["state"], &done["done"], &done["left_count"]), (&json!("done"), &json!(MANY), &json!(0)));
        assert_eq!(in_use(&world).await, json!(1), "what was changed since is kept");
        assert_eq!(
            (&done["undone_count"], &done["kept_count"]),
            (&json!(MANY - 1), &json!(1)),
            "and it is said how many"
        );
        assert_eq!((&done["choice"], &done["change_sets"]), (&json!("keep"), &json!([done["undone_by"]])));
        let new = done["undone_by"].as_str().unwrap();
        let head = api.get(&format!("/api/v1/change-sets/{new}")).await.expect(200);
        assert_eq!((&head["undoes"], &head["actor"]), (&json!(set), &json!(world.admin_id)));
        assert_eq!(head["source"], "api");
        let change = api.get(&format!("/api/v1/change-sets/{set}")).await.expect(200);
        assert_eq!(change["undone_by"], json!(new), "one undo");
        api.post(&undo, json!({})).await.refused(409, "already_undone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_change_set_is_read_page_by_page() {
    for world in worlds() {
        let api = &world.admin;
        let (set, ids) = accounts(&world);
        let path = format!("/api/v1/change-sets/{set}");
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = api.get(&format!("{path}?limit=500&cursor={cursor}")).await.expect(200);
            assert_eq!((&page["id"], &page["source"]), (&json!(set), &json!("import")));
            let changes = page["changes"].as_array().unwrap();
            seen.extend(changes.iter().map(|change| change["id"].as_str().unwrap().to_owned()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            assert_eq!(changes.len(), 500, "a page that others follow is full");
            next.clone_into(&mut cursor);
        }
        assert_eq!(seen, ids.iter().map(ToString::to_string).collect::<Vec<_>>(), "every change once, in order");
        let first = api.get(&path).await.expect(200);
        assert_eq!(first["changes"].as_array().unwrap().len(), 200);
        assert!(first["next_cursor"].is_string(), "what is left out is said");
        for limit in ["0", "501", "many"] {
            api.get(&format!("{path}?limit={limit}")).await.refused(400, "invalid_parameter");
        }
        for cursor in ["x", "-1", "0"] {
            api.get(&format!("{path}?cursor={cursor}")).await.refused(400, "invalid_cursor");
        }
        api.get(&format!("{path}?sort=at")).await.refused(400, "unknown_parameter");
    }
}
