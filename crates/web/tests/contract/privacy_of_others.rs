//! What an erasure leaves to others, and what it does not overlook, on both databases.

use model::Actor;
use serde_json::{Value, json};
use store::testing::databases;
use store::{Draft, Origin, Work};

use crate::privacy::{CONTACTS, erase, found, id, is_whole, made, pay, read, seal};
use crate::world::{Api, World, worlds};

const NAME: &str = "Пётр Петров";
const EMAIL: &str = "petrov@mail.example";
const PHONE: &str = "+79123456789";

async fn foreseen(who: &Api, contact: &str) -> Value {
    who.get(&format!("{CONTACTS}/{contact}/erase")).await.expect(200)
}

async fn person(world: &World) -> String {
    made(&world.admin, "contacts", json!({"name": NAME, "email": EMAIL, "phone": PHONE})).await
}

async fn order(world: &World, kind: &str, buyer: Value, attendees: &[(&str, &str)]) -> String {
    let tickets: Vec<_> = attendees
        .iter()
        .map(|(name, email)| json!({"ticket_type": kind, "attendee": {"name": name, "email": email}}))
        .collect();
    let body = json!({"buyer": buyer, "tickets": tickets});
    let placed = world.anybody().post("/api/public/v1/events/meetup/orders", body).await.expect(201);
    let orders = world.admin.get("/api/v1/orders").await.expect(200);
    let order = orders["data"].as_array().unwrap().iter().find(|order| order["number"] == placed["number"]).unwrap();
    id(order).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_only_look_alike_stay() {
    for world in worlds() {
        let admin = &world.admin;
        let contact = person(&world).await;
        let alike = ["ivan.petrov@mail.example", "a-petrov@mail.example", "petrov@mail.example.net"];
        let mut others = Vec::new();
        for (place, email) in alike.iter().enumerate() {
            others.push(made(admin, "contacts", json!({"name": format!("Другой {place}"), "email": email})).await);
        }
        let deal = json!({"name": format!("Для {} и {EMAIL}", alike.join(", ")), "pipeline": "general"});
        let deal = made(admin, "deals", deal).await;
        let spaced = made(admin, "deals", json!({"name": "Звонить +7 (912) 345 67-89", "pipeline": "general"})).await;
        erase(admin, "contacts", &contact, &"я".repeat(501)).await.faulty(&["reason"]);
        erase(admin, "contacts", &contact, "Заявление").await.expect(200);
        for (other, email) in others.iter().zip(alike) {
            assert_eq!(read(admin, "contacts", other).await["email"], email, "on {}", world.database.name);
        }
        assert_eq!(read(admin, "deals", &deal).await["name"], format!("Для {} и ***", alike.join(", ")));
        assert_eq!(read(admin, "deals", &spaced).await["name"], "Звонить ***", "a phone however it is written");
        is_whole(&world);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_buys_for_others_takes_no_more_than_the_address_along() {
    for world in worlds() {
        let admin = &world.admin;
        let kind = world.event("meetup").await;
        let attendees = [("Анна Белова", EMAIL), ("Борис Ким", EMAIL), (NAME, EMAIL)];
        let own = order(&world, &kind, json!({"name": NAME, "email": EMAIL}), &attendees).await;
        pay(&world, &own).await;
        let payment = json!({"amount": {"amount": "100.00", "currency": "RUB"}, "method": "cash", "order": own});
        admin.post("/api/v1/payments", payment).await.expect(201);
        let contact = person(&world).await;
        seal(&world).await;
        erase(admin, "contacts", &contact, "Заявление").await.expect(200);
        let tickets = admin.get("/api/v1/tickets").await.expect(200);
        let mut names: Vec<_> =
            tickets["data"].as_array().unwrap().iter().map(|it| it["attendee_name"].clone()).collect();
        names.sort_by_key(ToString::to_string);
        assert_eq!(names, [json!("Анна Белова"), json!("Борис Ким"), Value::Null], "on {}", world.database.name);
        assert!(found(&world, &["petrov@mail"]).is_empty(), "{:?}", found(&world, &["petrov@mail"]));
        is_whole(&world);
        let report = world.workspace.check(None).unwrap();
        assert!(report.vouched.len() == 1 && report.vouched[0].entries > 2, "{report:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_are_not_one_by_a_short_name() {
    for world in worlds() {
        let admin = &world.admin;
        let short = made(admin, "contacts", json!({"name": "Иван", "phone": PHONE, "email": EMAIL})).await;
        let mut both = Vec::new();
        for name in ["Иван Петров", "Иван Сидоров"] {
            both.push(made(admin, "contacts", json!({"name": name, "phone": PHONE})).await);
        }
        let told = foreseen(admin, &short).await;
        assert_eq!(told["people"].as_array().unwrap().len(), 1, "{told}");
        assert_eq!(told["shared"], json!([PHONE]));
        assert_eq!(foreseen(admin, &both[0]).await["people"].as_array().unwrap().len(), 2, "one of them may be he");
        let done = erase(admin, "contacts", &short, "Заявление").await.expect(200);
        assert_eq!(done["shared"], json!([PHONE]));
        for (other, name) in both.iter().zip(["Иван Петров", "Иван Сидоров"]) {
            let other = read(admin, "contacts", other).await;
            assert_eq!((&other["name"], &other["phone"]), (&json!(name), &json!(PHONE)));
        }
        is_whole(&world);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_program_goes_by_stays_and_kept_answers_go() {
    for world in worlds() {
        let admin = &world.admin;
        let body = json!({"name": NAME, "email": EMAIL, "position": "contacts"});
        let contact = id(&admin.post_once("one", CONTACTS, body).await.expect(201)).to_owned();
        admin
            .post(
                "/api/v1/intake",
                json!({"source": "form", "module": "leads", "external_id": EMAIL,
            "fields": {"name": NAME, "email": EMAIL}}),
            )
            .await
            .expect(201);
        let (colleague, _) = world.user("colleague", "salesperson");
        admin.patch(&format!("{CONTACTS}/{contact}"), json!({"owner": colleague})).await.expect(200);
        erase(admin, "contacts", &contact, "Заявление").await.expect(200);
        let words = [".module", ".kind", ".state", ".status", ".rule", ".cause", ".source", ".key"];
        let broken: Vec<_> = found(&world, &["***"])
            .into_iter()
            .filter(|cell| words.iter().any(|word| cell.split(':').next().unwrap().ends_with(word)))
            .filter(|cell| !cell.starts_with("contacts.") && !cell.starts_with("leads."))
            .collect();
        assert_eq!(broken, [] as [&str; 0], "on {}", world.database.name);
        let mentions = found(&world, Box::leak(vec![&*Box::leak(contact.clone().into_boxed_str())].into_boxed_slice()));
        assert!(!mentions.iter().any(|cell| cell.starts_with("idempotency")), "{mentions:?}");
        assert!(found(&world, &["petrov@mail"]).is_empty(), "{:?}", found(&world, &["petrov@mail"]));
        is_whole(&world);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn packs_of_an_older_program_are_applied_first() {
    for database in databases() {
        let folder = tempfile::TempDir::with_prefix("plenary-old-pack-").unwrap();
        copy(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/crm")), folder.path());
        let world = World::with_packs(database, &[folder.path().to_str().unwrap()]);
        let contact = person(&world).await;
        for what in ["erase", "personal-data"] {
            world.admin.get(&format!("{CONTACTS}/{contact}/{what}")).await.refused(409, "packs_behind");
        }
        erase(&world.admin, "contacts", &contact, "Заявление").await.refused(409, "packs_behind");
        assert_eq!(read(&world.admin, "contacts", &contact).await["email"], EMAIL, "nothing was done");
    }
}

/// The pack without what its records are to a person.
fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            std::fs::write(target, text.replace("about = \"person\"\n", "")).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_of_somebody_else_that_names_them_loses_no_more_than_that() {
    for world in worlds() {
        let admin = &world.admin;
        let kind = world.event("meetup").await;
        let buyer = json!({"name": "Анна Белова", "email": "belova@reka.example"});
        let other = order(&world, &kind, buyer, &[("Анна Белова", "belova@reka.example")]).await;
        // Such as a report of a call has it.
        let report = format!("Просила писать и на {EMAIL}");
        let target = other.parse().unwrap();
        let note = move |work: &mut Work<'_>| {
            work.as_process(|work| {
                work.update("orders", target, Draft::new().set("quality_report", report.clone()), None).map(drop)
            })
        };
        world.workspace.write_blocking(Actor::System("test"), Origin::from("test"), note).unwrap();
        let contact = person(&world).await;
        seal(&world).await;
        erase(admin, "contacts", &contact, "Заявление").await.expect(200);
        let left = read(admin, "orders", &other).await;
        assert_eq!(
            (&left["buyer_name"], &left["buyer_email"], &left["quality_report"]),
            (&json!("Анна Белова"), &json!("belova@reka.example"), &json!("Просила писать и на ***")),
            "{left}"
        );
        let told = admin.get(&format!("/api/v1/orders/{other}/history")).await;
        assert!(told.text.contains("belova@reka.example"), "what the log says of others stays: {}", told.text);
        assert!(found(&world, &["petrov@mail"]).is_empty(), "{:?}", found(&world, &["petrov@mail"]));
        is_whole(&world);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_in_line_leaves_it_first() {
    for world in worlds() {
        let admin = &world.admin;
        let kind = world.event("meetup").await;
        let seats: Vec<_> = (0..10).map(|_| ("Анна Белова", "belova@reka.example")).collect();
        order(&world, &kind, json!({"name": "Анна Белова", "email": "belova@reka.example"}), &seats).await;
        let body = json!({"ticket_type": kind, "name": NAME, "email": EMAIL});
        let joined = world.anybody().post("/api/public/v1/events/meetup/waiting-list", body).await;
        assert!(joined.status < 300, "{}", joined.text);
        let contact = person(&world).await;
        erase(admin, "contacts", &contact, "Заявление").await.refused(409, "still_going_on");
        let entry = foreseen(admin, &contact).await["held"][0].clone();
        assert_eq!(entry["module"], "waiting_list");
        let entry = id(&entry).to_owned();
        admin.post(&format!("/api/v1/waiting_list/{entry}/transitions/leave"), json!({})).await.expect(200);
        erase(admin, "contacts", &contact, "Заявление").await.expect(200);
        assert_eq!(read(admin, "waiting_list", &entry).await["email"], Value::Null);
        is_whole(&world);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_beside_or_behind_the_records_goes_too() {
    for world in worlds() {
        let admin = &world.admin;
        let contact = person(&world).await;
        let about = json!({"module": "contacts", "id": contact});
        // Removed for good before: nothing but the log has it.
        let comment = made(admin, "comments", json!({"text": "Держит дома сома", "about": about})).await;
        admin.send("DELETE", &format!("/api/v1/comments/{comment}"), &[], None).await;
        let purged = admin.send("DELETE", &format!("/api/v1/comments/{comment}?purge=true"), &[], None).await;
        let set = purged.headers["change-set"].to_str().unwrap().to_owned();
        // A request that became nothing, with a phone as a number.
        let fields = json!({"name": NAME, "email": "petrov-at-mail", "phone": 79_123_456_789_u64});
        let intake = json!({"source": "form", "module": "leads", "fields": fields});
        let rejected = admin.post("/api/v1/intake", intake).await;
        assert!(rejected.status < 300, "{}", rejected.text);
        assert!(!found(&world, &["petrov-at"]).is_empty(), "it waits to be corrected");
        let call = json!({"kind": "call", "subject": "Позвонить", "about": about, "result_text": "Любит сомов"});
        let call = made(admin, "activities", call).await;
        let event = json!({"name": "Слёт", "slug": "slet", "status": "draft", "starts_on": "2036-05-10",
            "contact_name": "Пётр", "contact_email": EMAIL});
        let event = made(admin, "events", event).await;
        let message =
            json!({"channel": "email", "direction": "in", "from": EMAIL, "subject": "Счёт", "text": "Где счёт?"});
        let message = made(admin, "messages", message).await;
        let drawn = world.folder.path().join(format!("files/letters/{message}"));
        std::fs::create_dir_all(&drawn).unwrap();
        std::fs::write(drawn.join("0"), "drawn").unwrap();
        seal(&world).await;

        erase(admin, "contacts", &contact, "Заявление").await.expect(200);
        assert!(drawn.exists(), "only what is committed is removed");
        let left = found(&world, &["Держит дома", "Любит сомов", "petrov@mail", "9123456789", "petrov-at"]);
        assert_eq!(left, [] as [&str; 0], "on {}", world.database.name);
        admin.post(&format!("/api/v1/undo/{set}"), json!({})).await.refused(409, "undo_of_erasure");
        assert_eq!(read(admin, "activities", &call).await["result_text"], Value::Null);
        let event = read(admin, "events", &event).await;
        assert_eq!((&event["contact_name"], &event["contact_email"]), (&Value::Null, &Value::Null));
        admin.post("/api/v1/sandbox/clock", json!({"advance": "PT1M"})).await.expect(200);
        assert!(!drawn.exists(), "what was drawn for their letters is gone");
        is_whole(&world);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_erased_person_does_not_keep_a_large_import() {
    for world in worlds() {
        let admin = &world.admin;
        let make = |work: &mut Work<'_>| {
            let draft = |number: i64| Draft::new().set("name", format!("Человек {number}"));
            let ids = (0..5_001).map(|number| Ok(work.create("contacts", draft(number))?.id));
            let ids = ids.collect::<store::Result<Vec<_>>>()?;
            Ok((work.change_set().unwrap().to_string(), ids))
        };
        let made = world.workspace.write_blocking(Actor::System("test"), Origin::from("import"), make).unwrap();
        let (set, ids) = made;
        erase(admin, "contacts", &ids[7].to_string(), "Заявление").await.expect(200);
        let undo = format!("/api/v1/undo/{set}");
        admin.post(&undo, json!({})).await.expect(202);
        admin.post("/api/v1/sandbox/clock", json!({"advance": "PT1S"})).await.expect(200);
        let done = admin.get(&undo).await.expect(200);
        assert_eq!((&done["state"], &done["left_count"]), (&json!("done"), &json!(1)), "{done}");
        assert_eq!((&done["left"][0]["id"], &done["left"][0]["code"]), (&json!(ids[7]), &json!("erased")), "{done}");
    }
}
