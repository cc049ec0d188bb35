//! A workspace with something of everything moves to the other database and back: record by record, file by file, and by
//! the digests of every table it is the same.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use store::operations::{Manifest, inspect};
use store::testing::postgres;

use crate::anywhere::anywhere;
use crate::harness::api::id;
use crate::harness::http::escaped;
use crate::harness::{Api, Kind, Sale, Server, World, plenary};
use crate::load::{buy, selling};
use crate::mailbox::Mailbox;

/// Tables whose rows come from one feature alone: none of them may be forgotten by whoever carries a workspace.
const FILLED: [&str; 13] = [
    "_erasures",
    "_mailboxes",
    "_rule_runs",
    "_taken_in",
    "_webhooks",
    "comments",
    "followers",
    "jobs",
    "notifications",
    "packs_past",
    "survey_answers",
    "surveys",
    "things.company.links",
];

/// What is told through the API, by the address that tells it.
type Told = BTreeMap<String, Value>;

#[test]
fn everything_goes_there_and_back() {
    let (mut world, admin, sale) = selling(Kind::Sqlite, 30);
    filled(&world, &admin, &sale);
    world.stop();
    delivered(&world);

    let path = |name: &str| world.folder().join(name).display().to_string();
    let server = postgres().tcp_url(&postgres().fresh_database());
    let sqlite = |name: &str| format!("sqlite:{}", path(&format!("{name}/plenary.db")));
    copied(&["--from", &sqlite("data"), "--to", &server, "--to-data", &path("there")]);
    copied(&["--from", &server, "--from-data", &path("there"), "--to", &sqlite("back")]);

    let places = [
        vec!["--data".to_owned(), path("data")],
        vec!["--data".to_owned(), path("there"), "--database".to_owned(), server.clone()],
        vec!["--data".to_owned(), path("back")],
    ];
    let manifests: Vec<_> = places.iter().enumerate().map(|(at, place)| backed_up(&world, place, at)).collect();
    let [before, others @ ..] = &manifests[..] else { panic!("three places") };
    for manifest in others {
        for (table, sum) in &before.tables {
            // The copy notes that its effects are held.
            assert!(table == "settings" || manifest.tables.get(table) == Some(sum), "the table {table}");
        }
        assert_eq!((manifest.tables.len(), &manifest.files), (before.tables.len(), &before.files));
        assert_eq!((&manifest.packs, &manifest.chain), (&before.packs, &before.chain));
    }
    assert!(before.files.sum.rows > 0, "{before:?}");
    let is_empty = |table: &&str| before.tables.get(*table).is_none_or(|sum| sum.rows == 0);
    let empty: Vec<_> = FILLED.into_iter().filter(is_empty).collect();
    assert!(empty.is_empty(), "nothing stands in {empty:?}: {:?}", before.tables.keys());
    let kept = files(&world.folder().join("data/files"));
    assert_eq!(kept, files(&world.folder().join("there/files")));
    assert_eq!(kept, files(&world.folder().join("back/files")));

    let mut said = places.iter().map(|place| told(place, &world, &admin));
    let before = said.next().unwrap();
    assert!(before.len() > 150, "{}", before.len());
    for after in said {
        for (address, answer) in &before {
            assert_eq!(after.get(address), Some(answer), "{address}");
        }
        assert_eq!(after.len(), before.len());
    }
}

fn copied(arguments: &[&str]) {
    let output = plenary(&[&["copy"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

fn backed_up(world: &World, place: &[String], number: usize) -> Manifest {
    let path = world.folder().join(format!("{number}.backup"));
    let file = path.display().to_string();
    let words: Vec<&str> = place.iter().map(String::as_str).collect();
    let output = plenary(&[&["backup", &file], &words[..]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let checked = plenary(&[&["check"], &words[..]].concat());
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
    inspect(&path).unwrap()
}

/// Files by their names.
pub(crate) fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut all, mut folders) = (BTreeMap::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all.insert(path.strip_prefix(root).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    all
}

/// Orders in several states, a module of every type of field at its limits, the bin, history, people, settings.
fn filled(world: &World, admin: &Api, sale: &Sale) {
    (0..8).for_each(|number| _ = buy(admin, sale, number));
    let orders = admin.all("orders", &[("sort", "number")]);
    admin.transition("orders", id(&orders[0]), "cancel", json!({})).expect(200);
    admin.transition("orders", id(&orders[2]), "cancel", json!({})).expect(200);
    admin.transition("orders", id(&orders[2]), "refund", json!({})).expect(200);
    let seller = world.user("salesperson");
    let me = seller.get("/api/v1/me").expect(200)["id"].as_str().unwrap().to_owned();
    let team = json!({"name": "Ёжики", "members": [me]});
    admin.post("/api/v1/meta/teams", team).expect(201);
    let mailbox = json!({"name": "Заявки", "host": "mail.example.com", "login": "office", "password": "it's a secret", "owner": me, "active": false});
    admin.post("/api/v1/meta/mailboxes", mailbox).expect(201);
    let user = json!({"email": "off@example.com", "name": "O'Нил", "roles": ["door", "accountant"], "locale": "en", "password": "correct horse"});
    let off = admin.post("/api/v1/meta/users", user).expect(201);
    admin.patch(&format!("/api/v1/meta/users/{}", id(&off)), json!({"active": false})).expect(200);
    let settings = json!({"name": "«Съезд» & Ко", "time_zone": "Asia/Kathmandu", "payment_instructions": "Строка\n\t\"два\"", "sender": "tickets@example.com"});
    admin.patch("/api/v1/meta/organisation", settings).expect(200);

    admin.post("/api/v1/meta/modules", things()).expect(201);
    let mut made: Vec<String> = Vec::new();
    for extreme in extremes(&me, &sale.event) {
        let thing = admin.create("things", extreme.clone());
        for (field, value) in extreme.as_object().unwrap() {
            assert!(!thing[field].is_null() || value.is_null(), "{field} of {thing}");
        }
        made.push(id(&thing).to_owned());
    }
    let path = |at: usize| format!("/api/v1/things/{}", made[at]);
    let changed = admin.patch(&path(0), json!({"words": "Иначе", "many": null, "linked": sale.event}));
    let set = changed.raw.header("change-set").unwrap().to_owned();
    changed.expect(200);
    admin.post(&format!("/api/v1/undo/{set}"), json!({})).expect(200);
    admin.call("DELETE", &path(1), &[], &json!({})).expect(204);
    talked_of(admin, &path(0));
    let rename = json!({"name": "term", "label": "Was words"});
    admin.patch("/api/v1/meta/modules/things/fields/words", rename).expect(200);
    admin.patch("/api/v1/meta/modules/things/fields/link", json!({"retired": true})).expect(200);
}

/// Rules that ran, with webhooks that wait; surveys that were sent, and some that were answered; comments that mention somebody;
/// links to many in an order; somebody who was erased.
fn talked_of(admin: &Api, thing: &str) {
    admin.post("/api/v1/meta/webhook-secret", json!({})).expect(201);
    let set = json!({"do": "set", "fields": {"need": "\"«Ёж»\""}});
    let call = json!({"do": "webhook", "url": "https://nowhere.invalid/hook"});
    let when = json!({"event": "changed", "fields": ["source"]});
    admin
        .post("/api/v1/meta/rules", json!({"name": "heard", "module": "leads", "when": when, "then": [set, call]}))
        .expect(201);
    let survey = json!({
        "name": "visit", "label": "Визит", "anonymous": true,
        "questions": [{"key": "stars", "kind": "stars", "label": "«Как?»", "required": true}],
    });
    admin.post("/api/v1/meta/surveys", survey).expect(201);
    for number in 0..3 {
        let lead = admin.create("leads", json!({"name": "О'Нил", "email": format!("lead{number}@example.com")}));
        admin.patch(&format!("/api/v1/leads/{}", id(&lead)), json!({"source": "выставка"})).expect(200);
        admin.transition("leads", id(&lead), "lose", json!({"lost_reason": "Дорого"})).expect(200);
        let about = json!({"module": "leads", "id": id(&lead)});
        admin.post("/api/v1/surveys/send", json!({"survey": "decline", "about": about})).expect(200);
        admin.create("comments", json!({"text": "@salesperson, позвони «завтра»", "about": about}));
        Api::new(admin.address, None)
            .post("/api/public/v1/surveys/visit", json!({"answers": {"stars": number + 1}}))
            .expect(201);
    }
    let form = json!({"source": "form", "module": "leads", "fields": {"name": "Анна"}, "external_id": "form-7"});
    admin.post("/api/v1/intake", form).expect(201);
    let contacts: Vec<_> =
        (0..3).map(|number| admin.create("contacts", json!({"name": format!("Ёлка {number}")}))).collect();
    let links: Vec<_> = contacts.iter().rev().map(id).collect();
    assert_eq!(admin.patch(thing, json!({"company": links})).expect(200)["company"], json!(links));
    let gone = admin.create("contacts", json!({"name": "Забытый", "email": "gone@example.com"}));
    let reason = json!({"reason": "«Просьба»"});
    admin.post(&format!("/api/v1/contacts/{}/erase", id(&gone)), reason).expect(200);
    let began = Instant::now();
    let ran = || admin.get("/api/v1/meta/rules/heard/runs").expect(200)["data"].as_array().unwrap().len();
    while ran() < 3 {
        assert!(began.elapsed() < Duration::from_secs(30), "{} runs", ran());
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn things() -> Value {
    let field = |name: &str, kind: &str| json!({"name": name, "type": kind});
    let mut fields = vec![json!({"name": "name", "type": "text", "required": true})];
    fields.extend(
        [
            ("words", "text"),
            ("story", "long_text"),
            ("count", "number"),
            ("price", "money"),
            ("day", "date"),
            ("hour", "time"),
            ("moment", "datetime"),
            ("lasts", "duration"),
            ("thing", "record"),
            ("host", "person"),
            ("mail", "email"),
            ("tel", "phone"),
            ("link", "url"),
            ("place", "address"),
            ("done", "checkbox"),
            ("stars", "rating"),
            ("paint", "colour"),
            ("extra", "json"),
        ]
        .map(|(name, kind)| field(name, kind)),
    );
    fields.extend([
        json!({"name": "rate", "type": "decimal", "scale": 4}),
        json!({"name": "one", "type": "choice", "options": ["a", "ё б"]}),
        json!({"name": "many", "type": "multi_choice", "options": ["a", "ё б", "c"]}),
        json!({"name": "linked", "type": "link", "module": "events"}),
        json!({"name": "company", "type": "links", "module": "contacts"}),
        json!({"name": "code", "type": "text", "unique": true}),
        json!({"name": "twice", "type": "formula", "expression": "rate * 2"}),
    ]);
    json!({"name": "things", "title": "name", "owners": true, "search": ["name", "story"], "fields": fields})
}

/// Records with every field at a limit of its type, and one that has only what it must.
fn extremes(person: &str, event: &str) -> Vec<Value> {
    vec![
        json!({
            "name": "Ё".repeat(1_000), "words": "日本 \u{1F600} é́ \\ \"'", "story": "строка\n".repeat(20_000),
            "count": i64::MAX, "rate": "922337203685477.5807", "price": {"amount": "922337203685477.58", "currency": "RUB"},
            "day": "9999-12-31", "hour": "23:59:59", "moment": "9999-12-30T20:59:59.999999Z", "lasts": "P9999DT23H59M59S",
            "thing": {"module": "events", "id": event}, "host": person, "mail": "o'neil+a@example.com", "tel": "+79161234567",
            "link": "https://пример.рф/?q=1#ё", "place": "Москва, ул. «Ёлкина», 1/2", "done": true, "stars": 5, "paint": "#a0B1c2",
            "extra": {"ж": [1.5, -0.25, 1e300, null, true, {"b": "", "a": []}], "i": 9_007_199_254_740_993_i64},
            "one": "ё б", "many": ["c", "a"], "linked": event, "code": "C-1", "owner": person,
        }),
        json!({
            "name": "x", "count": i64::MIN, "rate": "-922337203685477.5808", "price": {"amount": "-1.234", "currency": "KWD"},
            "day": "0001-01-01", "hour": "00:00:00", "moment": "0001-01-01T00:00:00Z", "lasts": "PT0.000001S",
            "done": false, "stars": 1, "extra": [], "many": ["a", "c", "ё б"], "code": "C-2",
        }),
        json!({"name": " края ", "price": {"amount": "1", "currency": "JPY"}, "extra": 0.1, "rate": "0.0001", "count": 0}),
        json!({"name": "пусто"}),
    ]
}

/// Letters go out with their files, and some still wait.
fn delivered(world: &World) {
    let mailbox = Mailbox::open();
    let arguments = ["serve".to_owned()].into_iter().chain(world.place()).chain(["--smtp".to_owned(), mailbox.url()]);
    let server = Server::start(&arguments.collect::<Vec<_>>(), world.folder());
    let began = Instant::now();
    while mailbox.taken().len() < 8 {
        assert!(began.elapsed() < Duration::from_secs(60), "{} letters; {}", mailbox.taken().len(), server.log());
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(server.terminate(), Some(0));
}

/// Everything that an administrator can read, of what is served from a place.
fn told(place: &[String], world: &World, admin: &Api) -> Told {
    let arguments: Vec<_> = ["serve".to_owned()].into_iter().chain(place.iter().cloned()).collect();
    let server = Server::start(&arguments, world.folder());
    let api = Api::new(server.address, admin.token.clone());
    let mut told = Told::new();
    let mut ask = |address: String| {
        let answer = api.get(&address).expect(200);
        told.insert(address, anywhere(&answer));
        answer
    };
    for address in
        ["organisation", "users", "teams", "packs", "processes", "roles", "rules", "surveys", "rules/heard/runs"]
    {
        ask(format!("/api/v1/meta/{address}"));
    }
    ask("/api/v1/openapi.json".to_owned());
    for text in ["края", "строка", "щукин", "ъярк"] {
        ask(format!("/api/v1/search?q={}", escaped(text)));
    }
    let modules = ask("/api/v1/meta/modules".to_owned());
    for module in modules["data"].as_array().unwrap() {
        let name = module["name"].as_str().unwrap();
        ask(format!("/api/v1/meta/modules/{name}/fields"));
        for deleted in ["", "&deleted=true"] {
            let page = ask(format!("/api/v1/{name}?limit=500{deleted}"));
            assert!(page["next_cursor"].is_null(), "one page is enough");
            for record in page["data"].as_array().unwrap() {
                ask(format!("/api/v1/{name}/{}", id(record)));
                ask(format!("/api/v1/{name}/{}/timeline", id(record)));
            }
        }
    }
    server.assert_calm();
    assert_eq!(server.terminate(), Some(0));
    told
}
