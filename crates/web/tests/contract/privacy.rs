//! A person's data handed out and erased: after it nothing of them is in any table, on both databases.

use serde_json::{Value, json};
use store::db::{Dialect, Sql, Tx};

use crate::world::{Answer, Api, World, worlds};

pub(crate) const CONTACTS: &str = "/api/v1/contacts";
const NAME: &str = "Иннокентий Водяной";
const EMAIL: &str = "vodyanoy@omut.example";
const PHONE: &str = "+79123456789";
/// How somebody is found however the row is kept.
const NEEDLES: [&str; 4] = [NAME, "иннокентий водяной", "vodyanoy@omut", "9123456789"];

pub(crate) fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

pub(crate) async fn made(who: &Api, module: &str, body: Value) -> String {
    id(&who.post(&format!("/api/v1/{module}"), body).await.expect(201)).to_owned()
}

pub(crate) async fn read(who: &Api, module: &str, record: &str) -> Value {
    who.get(&format!("/api/v1/{module}/{record}")).await.expect(200)
}

pub(crate) async fn erase(who: &Api, module: &str, record: &str, reason: &str) -> Answer {
    who.post(&format!("/api/v1/{module}/{record}/erase"), json!({"reason": reason})).await
}

/// `table.column: text` of every cell of the database that has one of the needles in it, whatever the table is for.
pub(crate) fn found(world: &World, needles: &'static [&'static str]) -> Vec<String> {
    let cells = move |tx: &mut Tx| {
        let (columns, text) = match tx.dialect() {
            Dialect::Sqlite => (
                "select m.name, c.name from sqlite_schema m join pragma_table_info(m.name) c where m.type = 'table' and \
                 m.name not like 'sqlite_%' and m.sql not like 'create virtual%'",
                "cast(\"{}\" as text)",
            ),
            Dialect::Postgres => (
                "select c.relname::text, a.attname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 \
                 and not a.attisdropped where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace \
                 and a.atttypid <> 'bytea'::regtype \
                 union all select c.relname::text, 'bytea ' || a.attname::text from pg_class c join pg_attribute a on \
                 a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped where c.relkind = 'r' and \
                 c.relnamespace = current_schema()::regnamespace and a.atttypid = 'bytea'::regtype",
                "cast(\"{}\" as text)",
            ),
        };
        let mut found = Vec::new();
        for row in tx.query(&Sql::new(columns))? {
            let (table, column) = (row.text(0)?, row.text(1)?);
            let cell = match column.strip_prefix("bytea ") {
                // As far as it is text.
                Some(bytes) => format!("convert_from(convert_to(encode(\"{bytes}\", 'escape'), 'UTF8'), 'UTF8')"),
                None => text.replace("{}", &column),
            };
            for needle in needles {
                let sql =
                    Sql::new(format!("select {cell} from \"{table}\" where {cell} like ")).bind(format!("%{needle}%"));
                for row in tx.query(&sql)? {
                    found.push(format!("{table}.{column}: {:?}", row.get(0)?));
                }
            }
        }
        Ok::<_, store::db::DbError>(found)
    };
    world.workspace.db().read_blocking(cells).unwrap()
}

pub(crate) async fn seal(world: &World) {
    while world.workspace.seal_log().await.unwrap() > 0 {}
}

#[track_caller]
pub(crate) fn is_whole(world: &World) {
    let report = world.workspace.check(None).unwrap();
    assert!(report.is_fine(), "{report:#?}");
}

/// Everything that can be about somebody; answers the contact, the order and what else is asked about later.
async fn lived(world: &World) -> (String, String, Vec<(&'static str, String)>) {
    let admin = &world.admin;
    let kind = world.event("meetup").await;
    // By a site's form, so that the lead is made by the program.
    let order = json!({"buyer": {"name": NAME, "email": EMAIL, "phone": PHONE}, "tickets": [
        {"ticket_type": kind, "attendee": {"name": NAME, "email": EMAIL}},
        {"ticket_type": kind, "attendee": {"name": "Марта Речная", "email": "marta@reka.example"}},
    ]});
    let placed = world.anybody().post_once("once", "/api/public/v1/events/meetup/orders", order).await.expect(201);
    let orders = admin.get("/api/v1/orders").await.expect(200);
    let order = orders["data"].as_array().unwrap().iter().find(|order| order["number"] == placed["number"]).unwrap();
    let order = id(order).to_owned();
    let contact =
        json!({"name": NAME, "email": EMAIL, "phone": "8 (912) 345-67-89", "position": "Водолаз", "tags": ["омут"]});
    let contact = admin.post_once("contact", CONTACTS, contact).await.expect(201);
    let contact = id(&contact).to_owned();
    admin.patch(&format!("{CONTACTS}/{contact}"), json!({"email": "old@omut.example"})).await.expect(200);
    admin.patch(&format!("{CONTACTS}/{contact}"), json!({"email": EMAIL})).await.expect(200);
    let about = json!({"module": "contacts", "id": contact});
    let mut all = Vec::new();
    for (module, body) in [
        ("comments", json!({"text": format!("{NAME} просит перезвонить на 8 912 345-67-89"), "about": about})),
        ("comments", json!({"text": "Держит дома сома", "about": about})),
        ("comments", json!({"text": format!("Заказал {NAME}"), "about": {"module": "orders", "id": order}})),
        (
            "messages",
            json!({"channel": "email", "direction": "in", "from": EMAIL, "from_name": NAME, "subject": "Про сома", "text": "Пришлите счёт"}),
        ),
        ("cases", json!({"subject": "Потерял билет", "body": "Потерял", "contact": contact})),
        (
            "activities",
            json!({"kind": "call", "subject": format!("Позвонить: {NAME}"), "about": about, "contact": contact}),
        ),
        ("deals", json!({"name": format!("Пакет для {EMAIL}"), "pipeline": "general", "contact": contact})),
    ] {
        all.push((module, made(admin, module, body).await));
    }
    let file = admin
        .upload(&format!("{CONTACTS}/{contact}/files"), &[("паспорт Водяного.txt", b"4509 123456")], None, "")
        .await;
    all.push(("files", id(&file.expect(201)["data"][0]).to_owned()));
    (contact, order, all)
}

pub(crate) async fn pay(world: &World, order: &str) {
    let payment = json!({"amount": {"amount": "200.00", "currency": "RUB"}, "method": "cash", "order": order});
    world.admin.post("/api/v1/payments", payment).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_is_in_no_table_and_everything_still_holds() {
    for world in worlds() {
        let admin = &world.admin;
        let (contact, order, all) = lived(&world).await;
        let of =
            |module: &str, place: usize| all.iter().filter(|(name, _)| *name == module).nth(place).unwrap().1.clone();
        seal(&world).await;
        let at = format!("{CONTACTS}/{contact}/erase");

        let foreseen = admin.get(&at).await.expect(200);
        assert_eq!(foreseen["held"][0]["id"], order.as_str(), "{foreseen}");
        erase(admin, "contacts", &contact, "Заявление").await.refused(409, "still_going_on");
        pay(&world, &order).await;
        assert!(found(&world, &NEEDLES).len() > 30, "before it there is much of them");
        assert_eq!(admin.get(&at).await.expect(200)["held"], json!([]));
        erase(admin, "contacts", &contact, " ").await.faulty(&["reason"]);

        let earlier = admin.patch(&format!("{CONTACTS}/{contact}"), json!({"position": "Лоцман"})).await;
        let earlier = earlier.headers["change-set"].to_str().unwrap().to_owned();
        let done = erase(admin, "contacts", &contact, &format!("Заявление {EMAIL} от 12 марта")).await;
        let set = done.headers["change-set"].to_str().unwrap().to_owned();
        let done = done.expect(200);
        assert!(done["log_entries"].as_i64().unwrap() > 10 && done["other_rows"].as_i64().unwrap() > 0, "{done}");

        assert_eq!(found(&world, &NEEDLES), [] as [&str; 0], "on {}", world.database.name);
        assert_eq!(
            found(&world, &["old@omut", "Держит дома сома", "Пришлите счёт", "Лоцман", "паспорт Водяного"]),
            [] as [&str; 0]
        );
        is_whole(&world);
        seal(&world).await;
        is_whole(&world);

        let left = read(admin, "contacts", &contact).await;
        assert_eq!(
            (&left["name"], &left["email"], &left["position"]),
            (&json!("Данные удалены"), &Value::Null, &Value::Null)
        );
        let paper = read(admin, "orders", &order).await;
        assert_eq!((&paper["buyer_email"], &paper["paid"]["amount"]), (&Value::Null, &json!("200.00")), "{paper}");
        let deal = read(admin, "deals", &of("deals", 0)).await;
        assert_eq!(deal["name"], "Пакет для ***");
        let tickets = admin
            .get(&format!("/api/v1/tickets?filter=order == \"{order}\"").replace(' ', "%20").replace('"', "%22"))
            .await;
        let tickets = tickets.expect(200);
        let names: Vec<_> = tickets["data"].as_array().unwrap().iter().map(|it| it["attendee_name"].clone()).collect();
        assert!(
            names.contains(&Value::Null) && names.contains(&json!("Марта Речная")),
            "another one's ticket: {names:?}"
        );

        // It is told who did it, when, why and how much; nothing takes it back, nothing brings the person back.
        let told = admin.get(&format!("/api/v1/change-sets/{set}")).await.expect(200);
        assert_eq!(
            (&told["reason"], &told["actor"]),
            (&json!("Заявление *** от 12 марта"), &json!(world.admin_id.to_string()))
        );
        admin.post(&format!("/api/v1/undo/{set}"), json!({})).await.refused(409, "undo_of_erasure");
        admin.post(&format!("/api/v1/undo/{earlier}"), json!({})).await.refused(409, "undo_of_erasure");
        admin.patch(&format!("{CONTACTS}/{contact}"), json!({"email": EMAIL})).await.refused(409, "erased");
        erase(admin, "contacts", &contact, "ещё раз").await.refused(409, "erased");
        let about = json!({"module": "contacts", "id": contact});
        admin.post("/api/v1/comments", json!({"text": "Держит двух сомов", "about": about})).await.faulty(&["about"]);
        admin
            .post("/api/v1/deals", json!({"name": "Ещё", "pipeline": "general", "contact": contact}))
            .await
            .faulty(&["contact"]);
        let many = json!({"name": "Ещё", "pipeline": "general", "contacts": [contact]});
        admin.post("/api/v1/deals", many).await.faulty(&["contacts[0]"]);
        admin.upload(&format!("{CONTACTS}/{contact}/files"), &[("a.txt", b"b")], None, "").await.refused(409, "erased");
        for page in ["timeline", "history"] {
            admin.get(&format!("{CONTACTS}/{contact}/{page}")).await.expect(200);
        }
        let then = admin
            .get(&format!("{CONTACTS}/{contact}?as_of={}", left["created_at"].as_str().unwrap()))
            .await
            .expect(200);
        assert_eq!(then["name"], Value::Null);
        admin.post("/api/v1/sandbox/clock", json!({"advance": "PT1H"})).await.expect(200);
        let attached = std::fs::read_dir(world.folder.path().join("files/attached")).unwrap();
        let files: usize = attached.map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap().count()).sum();
        assert_eq!(files, 0, "the bytes of the file are gone");
        is_whole(&world);

        // Whoever comes again is somebody new.
        assert_eq!(admin.get(&format!("/api/v1/search?q={}", "vodyanoy")).await.expect(200)["data"], json!([]));
        let again = made(admin, "contacts", json!({"name": NAME, "email": EMAIL})).await;
        assert_ne!(again, contact);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_altered_line_is_found_behind_an_erasure_too() {
    for world in worlds() {
        let contact =
            made(&world.admin, "contacts", json!({"name": NAME, "email": EMAIL, "position": "Водолаз"})).await;
        seal(&world).await;
        erase(&world.admin, "contacts", &contact, "Заявление").await.expect(200);
        seal(&world).await;
        is_whole(&world);
        let damage = "update changes set delta = '{\"position\": [null, \"Директор\"]}' where seq = (select min(seq) from changes \
             where module = 'contacts')";
        world.workspace.db().write_blocking(move |tx| tx.batch(damage)).unwrap();
        let report = world.workspace.check(None).unwrap();
        assert!(
            report.findings.iter().any(|finding| finding.message.contains("than an erasure left it")),
            "{report:#?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_gets_all_that_is_held_of_them() {
    for world in worlds() {
        let (contact, order, all) = lived(&world).await;
        let answer = world.admin.get(&format!("{CONTACTS}/{contact}/personal-data")).await;
        assert!(answer.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        let text = answer.text.clone();
        let data = answer.expect(200);
        let ids = |is: &str, module: &str| -> Vec<String> {
            data["records"][is][module].as_array().into_iter().flatten().map(|it| id(it).to_owned()).collect()
        };
        assert_eq!(ids("person", "contacts"), [contact.as_str()]);
        assert_eq!(ids("person", "leads").len(), 1, "the lead of the order is them too");
        assert_eq!(ids("paper", "orders"), [order.as_str()]);
        assert_eq!(ids("theirs", "tickets").len(), 1, "one of the two tickets");
        for (module, record) in &all {
            let everywhere = ["theirs", "named"].map(|is| ids(is, module)).concat();
            assert!(everywhere.contains(record), "{module} {record}: {data}");
        }
        let history = data["records"]["person"]["contacts"][0]["history"].as_array().unwrap();
        assert_eq!(history.len(), 3);
        assert_eq!(history[1]["fields"][0]["after"], "old@omut.example");
        assert!(!text.contains("marta@reka.example") && !text.contains("\"token\""), "nothing of others, no secrets");
        let deal = &data["records"]["named"]["deals"][0];
        assert_eq!(deal["named_in"], json!(["name"]), "{deal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_may_and_only_of_people_they_see() {
    for world in worlds() {
        let (_, seller) = world.user("seller", "salesperson");
        let (_, head) = world.user("head", "head_of_sales");
        let contact = json!({"name": NAME, "email": EMAIL, "owner": world.admin_id.to_string()});
        let contact = made(&world.admin, "contacts", contact).await;
        let account = made(&world.admin, "accounts", json!({"name": "Омут"})).await;
        for what in ["personal-data", "erase"] {
            seller.get(&format!("{CONTACTS}/{contact}/{what}")).await.refused(404, "not_found");
            head.get(&format!("{CONTACTS}/{contact}/{what}")).await.refused(403, "missing_right");
            world.anybody().get(&format!("{CONTACTS}/{contact}/{what}")).await.refused(401, "unauthenticated");
            world.admin.get(&format!("/api/v1/accounts/{account}/{what}")).await.refused(409, "no_person");
        }
        erase(&seller, "contacts", &contact, "x").await.refused(404, "not_found");
        erase(&head, "contacts", &contact, "x").await.refused(403, "missing_right");
        assert_eq!(read(&world.admin, "contacts", &contact).await["name"], NAME);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_else_with_the_same_phone_or_name_keeps_what_is_theirs() {
    for world in worlds() {
        let admin = &world.admin;
        let contact = made(admin, "contacts", json!({"name": NAME, "email": EMAIL, "phone": PHONE})).await;
        let wife =
            made(admin, "contacts", json!({"name": "Марта Речная", "email": "marta@reka.example", "phone": PHONE}))
                .await;
        let namesake = made(admin, "contacts", json!({"name": NAME, "email": "other@prud.example"})).await;
        erase(admin, "contacts", &contact, "Заявление").await.expect(200);
        assert_eq!(read(admin, "contacts", &contact).await["phone"], Value::Null);
        let wife = read(admin, "contacts", &wife).await;
        assert_eq!((&wife["name"], &wife["phone"]), (&json!("Марта Речная"), &json!(PHONE)));
        let namesake = read(admin, "contacts", &namesake).await;
        assert_eq!((&namesake["name"], &namesake["email"]), (&json!(NAME), &json!("other@prud.example")));
        assert!(found(&world, &["vodyanoy@omut"]).is_empty());
        is_whole(&world);
    }
}

/// Whoever writes of the person at the same time is either seen by the erasure or refused by it.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_at_the_same_time_brings_nothing_back() {
    for world in worlds() {
        let admin = &world.admin;
        for round in 0..6 {
            let contact = made(admin, "contacts", json!({"name": NAME, "email": EMAIL, "phone": PHONE})).await;
            let at = format!("{CONTACTS}/{contact}");
            let changes: Vec<_> = (0..8)
                .map(|number| {
                    let (who, at, contact) = (admin.clone(), at.clone(), contact.clone());
                    tokio::spawn(async move {
                        if number % 2 == 0 {
                            let body = json!({"position": format!("{EMAIL} {number}"), "email": EMAIL, "name": NAME});
                            who.patch(&at, body).await.status
                        } else {
                            let about = json!({"module": "contacts", "id": contact});
                            let body = json!({"kind": "call", "subject": format!("{NAME} {number}"), "about": about});
                            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                            who.post("/api/v1/activities", body).await.status
                        }
                    })
                })
                .collect();
            tokio::time::sleep(std::time::Duration::from_millis(round)).await;
            erase(admin, "contacts", &contact, "Заявление").await.expect(200);
            let mut refused = 0;
            for change in changes {
                let status = change.await.unwrap();
                assert!([200, 201, 409, 422].contains(&status), "{status}");
                refused += usize::from(status >= 409);
            }
            let back: Vec<_> = found(&world, &["vodyanoy@omut", "9123456789", NAME]);
            assert_eq!(back, [] as [&str; 0], "on {}, {refused} refused", world.database.name);
            let left = read(admin, "contacts", &contact).await;
            assert_eq!((&left["name"], &left["email"]), (&json!("Данные удалены"), &Value::Null));
            is_whole(&world);
        }
    }
}
