//! Results and the table, under the reader's rights.

use serde_json::{Value, json};

use super::world::worlds;
use super::{PUBLIC, SURVEYS, lost, send, token};

#[tokio::test(flavor = "multi_thread")]
async fn everybody_counts_what_they_may_read() {
    for world in worlds() {
        let api = &world.admin;
        let (anna, hers) = world.user("anna", "salesperson");
        for (name, reason, score, is_hers) in
            [("Ada", "price", 10, true), ("Ben", "price", 5, false), ("Cid", "dates", 9, false)]
        {
            let lead = lost(api, name).await;
            let owner = if is_hers { anna } else { world.admin_id };
            api.patch(&format!("/api/v1/leads/{lead}"), json!({"owner": owner.to_string()})).await.expect(200);
            send(api, &lead).await;
            let link = token(api, &format!("{}@example.org", name.to_lowercase())).await;
            let answers = json!({"answers": {"reason": reason, "recommend": score}});
            world.anybody().post(&format!("{PUBLIC}/{link}"), answers).await.expect(201);
        }
        let waiting = lost(api, "Dan").await;
        send(api, &waiting).await;
        let path = format!("{SURVEYS}/decline/results");
        let all = api.get(&path).await.expect(200);
        assert_eq!(
            (&all["states"]["answered"], &all["states"]["sent"], &all["whole"]),
            (&json!(3), &json!(1), &json!(true))
        );
        let of = |results: &Value, key: &str| {
            results["questions"].as_array().unwrap().iter().find(|it| it["key"] == key).unwrap().clone()
        };
        let (reason, recommend) = (of(&all, "reason"), of(&all, "recommend"));
        let counts: Vec<_> =
            reason["counts"][0]["counts"].as_array().unwrap().iter().map(|it| it["count"].clone()).collect();
        assert_eq!((&reason["answered"], counts), (&json!(3), [2, 1, 0, 0, 0, 0].map(|count| json!(count)).to_vec()));
        assert_eq!((&recommend["nps"], &recommend["mean"]), (&json!(33), &json!("8.00")));

        let mine = hers.get(&path).await.expect(200);
        assert_eq!((&mine["states"]["answered"], &of(&mine, "reason")["answered"]), (&json!(1), &json!(1)));
        api.get(&format!("{SURVEYS}/none/results")).await.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_is_for_whoever_may_export_and_runs_nothing() {
    for world in worlds() {
        let api = &world.admin;
        let lead = lost(api, "Ada").await;
        send(api, &lead).await;
        let link = token(api, "ada@example.org").await;
        let answers = json!({"answers": {"reason": "other", "details": "=HYPERLINK(\"http://evil\")\nline"}});
        world.anybody().post(&format!("{PUBLIC}/{link}"), answers).await.expect(201);
        let path = format!("{SURVEYS}/decline/answers.csv");
        let table = api.get(&path).await;
        assert_eq!((table.status, table.headers["content-type"].to_str().unwrap()), (200, "text/csv; charset=utf-8"));
        assert!(table.text.contains("\"'=HYPERLINK(\"\"http://evil\"\")\nline\""), "{}", table.text);
        assert!(table.text.contains("ada@example.org") && table.text.contains("Другое"), "{}", table.text);
        let (_, boris) = world.user("boris", "salesperson");
        boris.get(&path).await.refused(403, "export_forbidden");
        let (_, door) = world.user("door", "door");
        door.get(&path).await.refused(403, "export_forbidden");
    }
}
