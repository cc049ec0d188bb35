//! What users set for themselves by the API, and lists that ask the database for no more than they show; on both databases.

use serde_json::{Value, json};
use store::db::{Dialect, Sql, Tx};

use crate::world::worlds;

const ME: &str = "/api/v1/me";
const VIEWS: &str = "/api/v1/meta/views";

#[tokio::test(flavor = "multi_thread")]
async fn everybody_puts_their_own_menu_in_order() {
    for world in worlds() {
        let (_, seller) = world.user("seller", "salesperson");
        let plain = json!({"order": [], "hidden": []});
        assert_eq!(seller.get(ME).await.expect(200)["menu"], plain);
        let changed = seller.patch(ME, json!({"menu": {"order": ["deals", "leads"], "hidden": ["accounts"]}})).await;
        let own = json!({"order": ["deals", "leads"], "hidden": ["accounts"]});
        assert_eq!(changed.expect(200)["menu"], own);
        assert_eq!(seller.get(ME).await.expect(200)["menu"], own);
        assert_eq!(world.admin.get(ME).await.expect(200)["menu"], plain, "nobody else's");
        let part = seller.patch(ME, json!({"menu": {"hidden": []}, "name": "Seller"})).await.expect(200);
        assert_eq!(part["menu"], json!({"order": ["deals", "leads"], "hidden": []}), "what is not named stays");
        for (menu, fault) in [
            (json!({"order": ["nothing"]}), "menu.order[0]"),
            (json!({"order": ["leads", "leads"]}), "menu.order[1]"),
            (json!({"hidden": "leads"}), "menu.hidden"),
            (json!({"colour": "red"}), "menu.colour"),
            (json!([]), "menu"),
        ] {
            seller.patch(ME, json!({"menu": menu})).await.faulty(&[fault]);
        }
        assert_eq!(seller.patch(ME, json!({"menu": null})).await.expect(200)["menu"], plain);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn views_of_one_module_are_asked_for_alone() {
    for world in worlds() {
        let (_, seller) = world.user("seller", "salesperson");
        for (module, name) in [("leads", "b"), ("deals", "c"), ("leads", "a")] {
            let view = json!({"module": module, "name": name, "audience": "all"});
            world.admin.post(VIEWS, view).await.expect(201);
        }
        seller.post(VIEWS, json!({"module": "leads", "name": "c"})).await.expect(201);
        let names = |answer: &Value| -> Vec<String> {
            let kept = answer["data"].as_array().unwrap().iter().filter(|view| view["pack"].is_null());
            kept.map(|view| view["name"].as_str().unwrap().to_owned()).collect()
        };
        let of = async |module: &str| names(&seller.get(&format!("{VIEWS}?module={module}")).await.expect(200));
        assert_eq!(of("leads").await, ["a", "b", "c"]);
        assert_eq!((of("deals").await, of("nothing").await), (vec!["c".to_owned()], Vec::new()));
        assert_eq!(names(&world.admin.get(&format!("{VIEWS}?module=leads")).await.expect(200)), ["a", "b"]);
        assert_eq!(names(&seller.get(VIEWS).await.expect(200)), ["a", "b", "c", "c"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_have_an_index() {
    for world in worlds() {
        let db = world.workspace.db();
        let indexes = match db.dialect() {
            Dialect::Sqlite => "select sql from sqlite_schema where name = 'leads.tags.index'",
            Dialect::Postgres => {
                "select indexdef::text from pg_indexes where indexname = 'leads.tags.index' and schemaname = current_schema()"
            }
        };
        let rows = db.read_blocking(move |tx: &mut Tx| tx.query(&Sql::new(indexes))).unwrap();
        assert_eq!(rows.len(), 1, "{}", world.database.name);
        let made = rows[0].text(0).unwrap();
        let expected = match db.dialect() {
            Dialect::Sqlite => "\"tags\" is not null",
            Dialect::Postgres => "jsonb_path_ops",
        };
        assert!(made.contains(expected), "{made}");
    }
}
