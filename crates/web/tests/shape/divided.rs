//! Sponsorship and the two ticket sales are packs of their own: each is there alone, and what was one pack becomes several, whole.

use std::collections::BTreeMap;
use std::path::Path;

use app::packs::{export, find};
use model::pack::Pack;
use serde_json::{Value, json};
use store::testing::databases;
use tempfile::TempDir;

use super::world::{Api, World};

const PACKS: &str = "/api/v1/meta/packs";
const DEALS: &str = "/api/v1/meta/processes/deals";

/// The files of packs that ship, as those of one.
fn joined(names: &[&str], manifest: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for name in names {
        let own = find(name).unwrap().files.into_iter();
        files.extend(own.filter(|(file, _)| file != "pack.toml" && (file != "processes/deals.toml" || *name == "crm")));
    }
    files.insert("pack.toml".to_owned(), manifest.to_owned());
    files
}

/// The packs as they were before they were divided, in folders; answers the folders.
fn undivided(root: &Path) -> [String; 2] {
    let manifest = |name: &str, needs: &str| {
        format!("name = \"{name}\"\nlabel = {{ ru = \"Было\", en = \"Was\" }}\nversion = 1\nrequires = [{needs}]\n")
    };
    let mut crm = joined(&["crm", "sponsorship"], &manifest("crm", ""));
    let deals = crm.get_mut("processes/deals.toml").unwrap();
    let said = "pipeline == \"sponsorship\" && has_documents";
    assert!(deals.contains(said));
    *deals = deals.replace(said, "pipeline == \"sponsorship\" && has(contract_signed_on) && has_documents");
    let conference = joined(&["tickets", "group_tickets"], &manifest("conference", "\"crm\""));
    [("crm", crm), ("conference", conference)].map(|(name, files)| {
        let folder = root.join(name);
        export(&Pack::read(files).unwrap(), &folder).unwrap();
        folder.to_str().unwrap().to_owned()
    })
}

/// The packs that are applied, in order.
async fn names(api: &Api) -> Vec<String> {
    let packs = api.get(PACKS).await.expect(200);
    packs["data"].as_array().unwrap().iter().map(|pack| pack["name"].as_str().unwrap().to_owned()).collect()
}

async fn guard(api: &Api, key: &str) -> Value {
    let process = api.get(DEALS).await.expect(200);
    let mut moves = process["transitions"].as_array().unwrap().iter();
    moves.find(|step| step["key"] == key).unwrap()["guard"].clone()
}

async fn order(api: &Api, kind: &str) -> String {
    let event = api.get("/api/v1/events").await.expect(200)["data"][0]["id"].clone();
    let order = json!({"event": event, "buyer_name": "Boris", "buyer_email": "boris@example.org",
        "tickets": [{"ticket_type": kind}]});
    format!("/api/v1/orders/{}", api.post("/api/v1/orders", order).await.expect(201)["id"].as_str().unwrap())
}

/// Pays an order; answers the subject of the letter that tells its buyer.
async fn paid(api: &Api, order: &str) -> String {
    let id = order.rsplit('/').next().unwrap();
    let payment = json!({"amount": {"amount": "100.00", "currency": "RUB"}, "order": id, "method": "cash"});
    api.post("/api/v1/payments", payment).await.expect(201);
    assert_eq!(api.get(order).await.expect(200)["status"], "paid");
    let letters = api.get("/api/v1/sandbox/outbox?to=boris@example.org").await.expect(200);
    let mut letters = letters["data"].as_array().unwrap().iter();
    letters.rfind(|letter| letter["template"] == "order_paid").unwrap()["subject"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_one_pack_becomes_several_and_goes_back() {
    for database in databases() {
        let root = TempDir::with_prefix("plenary-undivided-").unwrap();
        let [crm, conference] = undivided(root.path());
        let world = World::with_packs(database, &[&crm, &conference]);
        let api = &world.admin;
        assert_eq!(names(api).await, ["crm", "conference"]);
        // What the workspace says itself, and what a pack of somebody else's says of a letter.
        let own = json!({"transitions": {"win.closing.won": {"guard": "has(paid_on)"}}});
        api.patch(DEALS, own).await.expect(200);
        api.post("/api/v1/meta/modules/orders/fields", json!({"name": "badge", "type": "text"})).await.expect(201);
        let letter = find("tickets").unwrap().files["letters/order_paid.toml"].replace("Ваш билет'", "Спасибо'");
        let manifest =
            "name = \"mine\"\nlabel = { ru = \"М\", en = \"M\" }\nversion = 1\nrequires = [\"conference\"]\n";
        let mine = json!({"files": {"pack.toml": manifest, "letters/order_paid.toml": letter}});
        api.post(PACKS, mine).await.expect(200);
        let kind = world.event("harbour").await;
        let [first, second] = [order(api, &kind).await, order(api, &kind).await];
        api.patch(&first, json!({"badge": "gold"})).await.expect(200);
        assert!(paid(api, &first).await.starts_with("Спасибо"));
        let deal = api.post("/api/v1/deals", json!({"name": "Ten", "pipeline": "group_tickets"})).await.expect(201);
        let deal = format!("/api/v1/deals/{}", deal["id"].as_str().unwrap());
        api.post(&format!("{deal}/transitions/advance"), json!({})).await.expect(200);
        let before = [api.get(&first).await.expect(200), api.get(&deal).await.expect(200)];

        // One goes with all: by itself it would not fit.
        let shipped = json!({"files": find("conference").unwrap().files});
        let planned = api.post(&format!("{PACKS}?dry_run=true"), shipped.clone()).await.expect(200);
        assert_eq!(planned["steps"], json!([]), "tables stay as they are");
        assert_eq!(names(api).await.len(), 4, "only planned");
        api.post(PACKS, shipped).await.expect(200);
        let all = ["crm", "sponsorship", "tickets", "group_tickets", "conference", "mine", "own"];
        assert_eq!(names(api).await, all);
        assert_eq!([api.get(&first).await.expect(200), api.get(&deal).await.expect(200)], before);
        assert_eq!(guard(api, "win.closing.won").await, "has(paid_on)", "the workspace's own word is the last");
        assert!(guard(api, "win.closing.won-2").await.as_str().unwrap().contains("has(paid_on)"));
        assert!(paid(api, &second).await.starts_with("Спасибо"), "and so is that of the other pack");

        // Together they came, together they go; and come again.
        for (divided, expected) in [(false, vec!["crm", "conference", "mine", "own"]), (true, all.to_vec())] {
            api.post(&format!("{PACKS}/conference/revert"), json!({})).await.expect(200);
            assert_eq!(names(api).await, expected, "{divided}");
            assert_eq!(api.get(&deal).await.expect(200), before[1]);
            assert_eq!(api.get(&first).await.expect(200)["badge"], "gold");
            let last = order(api, &kind).await;
            assert!(paid(api, &last).await.starts_with("Спасибо"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_for_private_persons_are_sold_without_the_others() {
    for database in databases() {
        let world = World::with_packs(database, &["tickets"]);
        let api = &world.admin;
        assert_eq!(names(api).await, ["crm", "tickets"]);
        let kind = world.event("harbour").await;
        let order = order(api, &kind).await;
        assert!(paid(api, &order).await.starts_with("Ваш билет"));
        let page = world.anybody().get("/e/harbour").await;
        assert!(page.status == 200 && !page.text.contains("/e/harbour/group"), "{}", page.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sponsors_are_won_without_anything_that_sells_tickets() {
    for database in databases() {
        let world = World::with_packs(database, &["sponsorship"]);
        let api = &world.admin;
        assert_eq!(names(api).await, ["crm", "sponsorship"]);
        api.get("/api/v1/orders").await.refused(404, "no_such_module");
        let amount = json!({"amount": "10.00", "currency": "RUB"});
        let deal = json!({"name": "Gold", "pipeline": "sponsorship", "amount": amount});
        let deal = api.post("/api/v1/deals", deal).await.expect(201);
        let deal = format!("/api/v1/deals/{}", deal["id"].as_str().unwrap());
        api.post("/api/v1/sandbox/clock", json!({"advance": "PT1S"})).await.expect(200);
        for paper in api.get("/api/v1/deal_documents").await.expect(200)["data"].as_array().unwrap() {
            api.receive(paper["id"].as_str().unwrap()).await;
        }
        for _ in 0..3 {
            api.post(&format!("{deal}/transitions/advance"), json!({})).await.expect(200);
        }
        api.post(&format!("{deal}/transitions/win"), json!({})).await.refused(409, "invalid_transition");
        api.patch(&deal, json!({"contract_signed_on": "2036-05-01"})).await.expect(200);
        let won = api.post(&format!("{deal}/transitions/win"), json!({})).await.expect(200);
        assert_eq!((&won["stage"], &won["documents_named"]), (&json!("won"), &json!(2)));
    }
}
