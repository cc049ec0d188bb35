//! A workspace as an older program left it (`old/README.md`), which this program did not make: it is backed up and upgraded, holds
//! what that program told of it, goes on selling with its own packs and with those of today, here and copied to PostgreSQL.

use std::io::{Cursor, Read};
use std::path::Path;

use serde_json::{Value, json};
use store::operations::inspect;
use zip::ZipArchive;

use crate::anywhere::anywhere;
use crate::check::run;
use crate::harness::api::id;
use crate::harness::http::escaped;
use crate::harness::{Api, Kind, World, plenary, rub};
use crate::upgrade::backed_up;

const LEFT: &[u8] = include_bytes!("old/step_10.zip");
/// Orders of organisations, invoiced and paid with the packs of before papers of deals.
const INVOICED: &[u8] = include_bytes!("old/step_16.zip");
const ADMIN: &str = "anna@example.org";

/// The clock goes on from the last thing that was done, so that what waits for a day waits whenever this is run.
const CLOCK: &str = "insert into settings (key, value)
    select 'clock_offset', cast(max(at) - cast(strftime('%s', 'now') as integer) * 1000000 as text) from change_sets where true
    on conflict (key) do update set value = excluded.value";

/// Puts the files where the workspace of `world` is; answers what the older program told.
fn unpacked(world: &World, left: &[u8]) -> Value {
    let mut archive = ZipArchive::new(Cursor::new(left)).unwrap();
    let data = world.folder().join("data");
    let mut noted = Value::Null;
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let (name, mut bytes) = (file.name().unwrap().into_owned(), Vec::new());
        file.read_to_end(&mut bytes).unwrap();
        if name == "noted.json" {
            noted = serde_json::from_slice(&bytes).unwrap();
            continue;
        }
        let path = data.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    run(world, CLOCK);
    noted
}

/// Whether `now` says everything that `then` said; it may say more.
fn holds(then: &Value, now: &Value) -> bool {
    match (then, now) {
        (Value::Object(then), Value::Object(now)) => {
            then.iter().all(|(key, then)| now.get(key).is_some_and(|now| holds(then, now)))
        }
        (Value::Array(then), Value::Array(now)) => {
            then.len() == now.len() && then.iter().zip(now).all(|(then, now)| holds(then, now))
        }
        (then, now) => then == now,
    }
}

/// Everything that was told is told.
fn tells_all(api: &Api, noted: &Value) {
    let noted = noted.as_object().unwrap();
    assert!(noted.len() > 50, "{}", noted.len());
    for (address, then) in noted {
        let mut now = api.get(address).expect(200);
        if address.ends_with("/views") {
            now["data"].as_array_mut().unwrap().retain(|view| view["pack"].is_null());
        }
        assert!(holds(&anywhere(then), &anywhere(&now)), "{address}\nthen {then}\nnow  {now}");
    }
}

/// The same, with its file, found by what it was.
fn tells(api: &Api, noted: &Value) {
    tells_all(api, noted);
    let (lead, file) = (&api.all("files", &[])[0]["about"]["id"], &api.all("files", &[])[0]["id"]);
    let path = format!("/api/v1/leads/{}/files/{}", lead.as_str().unwrap(), file.as_str().unwrap());
    assert_eq!(api.raw("GET", &path, &[], b"").unwrap().body, b"What Petr wants");
    assert_eq!(names(api, "leads", "city == \"Казань\""), ["Пётр Ёлкин"]);
}

fn names(api: &Api, module: &str, filter: &str) -> Vec<String> {
    let page = api.get(&format!("/api/v1/{module}?filter={}", escaped(filter))).expect(200);
    page["data"].as_array().unwrap().iter().map(|record| record["name"].as_str().unwrap().to_owned()).collect()
}

/// Orders and pays a ticket; answers the order.
fn buys(api: &Api, name: &str) -> Value {
    let public = Api::new(api.address, None);
    let kind = api.all("ticket_types", &[])[0].clone();
    let wanted = json!({
        "buyer": {"name": name, "email": format!("{name}@example.com"), "phone": null},
        "tickets": [{"ticket_type": id(&kind)}],
    });
    let placed = public.post("/api/public/v1/events/autumn/orders", wanted).expect(201);
    let filter = escaped(&format!("number == {}", placed["number"]));
    let order = api.get(&format!("/api/v1/orders?filter={filter}")).expect(200)["data"][0].clone();
    pays(api, id(&order), 1_000_000, name)
}

fn pays(api: &Api, order: &str, amount: i64, which: &str) -> Value {
    let paid = json!({"amount": rub(amount), "order": order, "provider": "bank", "external_id": which});
    api.post("/api/v1/payments", paid).expect(201);
    let order = api.record("orders", order);
    assert_eq!(order["status"], "paid");
    order
}

/// Sells on as it came, and with the packs of today.
fn goes_on(mut world: World, noted: &Value) {
    let token = world.run(&["token", "create", "--user", ADMIN, "--name", "proof"]).trim().to_owned();
    world.start();
    let api = Api::new(world.address(), Some(token.clone()));
    tells(&api, noted);
    let partly = api.all("orders", &[("filter", "status == \"pending\"")]);
    pays(&api, id(&partly[0]), 600_000, "the rest");
    assert_eq!(buys(&api, "vera")["number"], "AUTUMN-00004", "numbers go on");
    world.stop();
    world.run(&["check"]);

    world.run(&["pack", "apply", "conference"]);
    world.run(&["check"]);
    world.start();
    let api = Api::new(world.address(), Some(token));
    assert_eq!(names(&api, "hotels", "stars == 4"), ["Балтия"], "what is the workspace's own stays");
    assert_eq!(names(&api, "leads", "city == \"Казань\""), ["Пётр Ёлкин"]);
    buys(&api, "gleb");
    let lead = api.create("leads", json!({"name": "Новый лид", "email": "new@example.com", "city": "Тула"}));
    let was = api.get(&format!("/api/v1/leads/{}/timeline", id(&lead))).expect(200);
    assert!(!was["data"].as_array().unwrap().is_empty());
    buys(&api, "rita");
    let public = Api::new(api.address, None);
    let kind = api.all("ticket_types", &[])[0].clone();
    let late = json!({"buyer": {"name": "x", "email": "x@example.com", "phone": null}, "tickets": [{"ticket_type": id(&kind)}]});
    let refused = public.post("/api/public/v1/events/autumn/orders", late);
    assert_eq!(refused.status, 409, "five seats are five seats: {}", refused.json);
    world.stop();
    world.run(&["check"]);
    world.end();
}

#[test]
fn what_an_older_program_left_goes_on() {
    let world = World::empty(Kind::Sqlite);
    let noted = unpacked(&world, LEFT);
    let before = std::fs::read(Path::new(&world.place()[1]).join("plenary.db")).unwrap();
    let (code, out, err) = world.try_run(&["check"]);
    assert_eq!((code, out.as_str(), err.contains("changes nothing")), (1, "", true), "{err}");
    assert!(before == std::fs::read(Path::new(&world.place()[1]).join("plenary.db")).unwrap(), "it is as it was");
    let (code, out, err) = world.try_run(&["pack", "list"]);
    assert_eq!(code, 0, "{out}{err}");
    world.run(&["check"]);
    let manifest = inspect(&backed_up(&err)).unwrap();
    assert_eq!((manifest.step, manifest.tables["orders"].rows), (10, 3), "it was backed up as it was: {err}");
    assert_eq!(world.try_run(&["check"]).2, "", "a second time nothing is older");

    let there = copied(&world);
    assert!(Path::new(&there.place()[1]).join("files").exists(), "its files went along");
    there.run(&["check"]);
    goes_on(there, &noted);
    goes_on(world, &noted);
}

/// The same database with the files beside it, on the other kind.
fn copied(world: &World) -> World {
    let there = World::empty(Kind::Postgres);
    let place = there.place();
    let [_, data, _, url] = &place[..] else { panic!("{place:?}") };
    let from = format!("sqlite:{}", world.folder().join("data/plenary.db").display());
    let copied = plenary(&["copy", "--from", &from, "--to", url, "--to-data", data]);
    assert_eq!(copied.status.code(), Some(0), "{}", String::from_utf8_lossy(&copied.stderr));
    there
}

/// Invoices and payments pass to another pack with everything that stands in them, and deals are invoiced from then on.
fn passes_on(mut world: World, noted: &Value) {
    let token = world.run(&["token", "create", "--user", ADMIN, "--name", "proof"]).trim().to_owned();
    world.run(&["check"]);
    world.start();
    let api = Api::new(world.address(), Some(token.clone()));
    tells_all(&api, noted);
    let gold = id(&api.all("deals", &[("filter", "pipeline == \"sponsorship\"")])[0]).to_owned();
    for paper in ["invoice", "contract"] {
        api.post(&format!("/api/v1/deals/{gold}/{paper}"), json!({})).refused(409, "no_papers");
    }
    world.stop();

    world.run(&["pack", "apply", "conference"]);
    for pack in ["crm", "tickets", "group_tickets", "sponsorship", "conference"] {
        assert_eq!(world.run(&["pack", "diff", pack]), "", "{pack} came along");
    }
    world.run(&["check"]);
    world.start();
    let api = Api::new(world.address(), Some(token));
    tells_all(&api, noted);
    let states = |module: &str| -> Vec<(String, String)> {
        let shown =
            |record: &Value| ["number", "status"].map(|name| record[name].as_str().unwrap_or_default().to_owned());
        api.all(module, &[("sort", "created_at")]).iter().map(shown).map(|[number, state]| (number, state)).collect()
    };
    let is = |wanted: &[(&str, &str)], found: Vec<(String, String)>| {
        let found: Vec<_> = found.iter().map(|(number, state)| (number.as_str(), state.as_str())).collect();
        assert_eq!(found, wanted);
    };
    is(&[("1", "paid"), ("2", "issued"), ("3", "void")], states("invoices"));
    // The rest for an order is paid by its old invoice.
    let part = api.all("invoices", &[("filter", "number == \"2\"")])[0].clone();
    let rest = json!({"amount": rub(1_750_000), "invoice": id(&part), "provider": "bank", "external_id": "rest"});
    api.post("/api/v1/payments", rest).expect(201);
    assert_eq!(api.record("orders", part["order"].as_str().unwrap())["status"], "paid");
    let pdf = api.raw("GET", &format!("/api/v1/invoices/{}/pdf", id(&part)), &[], b"").unwrap();
    assert!(pdf.body.starts_with(b"%PDF"), "{}", String::from_utf8_lossy(&pdf.body));
    // A deal's invoice goes on in the series, and its money counts.
    let invoice = api.post(&format!("/api/v1/deals/{gold}/invoice"), json!({})).expect(201);
    assert_eq!(invoice["number"], "4");
    assert_eq!(api.post(&format!("/api/v1/deals/{gold}/contract"), json!({})).expect(201)["number"], "1");
    let money = json!({"amount": rub(12_200_000), "invoice": id(&invoice), "provider": "bank", "external_id": "gold"});
    api.post("/api/v1/payments", money).expect(201);
    assert_eq!(api.record("invoices", id(&invoice))["status"], "paid");
    assert!(api.record("deals", &gold)["paid_on"].is_string());
    world.stop();
    world.run(&["check"]);
    world.end();
}

#[test]
fn invoices_of_older_packs_pass_on() {
    let world = World::empty(Kind::Sqlite);
    let noted = unpacked(&world, INVOICED);
    // Brings it up to date, which looking at it does not.
    world.run(&["pack", "list"]);
    world.run(&["check"]);
    passes_on(copied(&world), &noted);
    passes_on(world, &noted);
}
