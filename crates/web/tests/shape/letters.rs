//! Letters are changed while orders run: the next one is the changed one, whoever sends it, and the pack's text comes back.

use jiff::SignedDuration;
use model::Actor;
use serde_json::{Value, json};

use store::Origin;

use super::world::{Answer, Api, World, worlds};

const LETTERS: &str = "/api/v1/meta/letters";
const PAGE: &str = "/settings/letters/order_reminder";

async fn order(world: &World, kind: &str, email: &str) {
    let person = json!({"name": "Anna Reed", "email": email});
    let order = json!({"buyer": person, "tickets": [{"ticket_type": kind, "attendee": person}]});
    world.anybody().post("/api/public/v1/events/harbour/orders", order).await.expect(201);
}

/// The last letter to somebody.
async fn last(api: &Api, to: &str) -> Value {
    let page = api.get(&format!("/api/v1/sandbox/outbox?to={to}")).await.expect(200);
    page["data"].as_array().unwrap().last().unwrap().clone()
}

/// A session of the administrator; answers the cookie.
fn session(world: &World) -> String {
    let admin = world.admin_id;
    let ends = world.workspace.clock().now().checked_add(SignedDuration::from_hours(100)).unwrap();
    let open = move |work: &mut store::Work<'_>| work.open_session(admin, "a_session", ends, None);
    world.workspace.write_blocking(Actor::System("test"), Origin::from("test"), open).unwrap();
    "plenary_session=a_session".to_owned()
}

async fn form(world: &World, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = serde_urlencoded::to_string(fields).unwrap();
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
    let headers = [&headers[..], &[("cookie", cookie)]].concat();
    world.anybody().call("POST", path, &headers, body.into_bytes()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_letter_of_an_order_on_its_way_is_the_changed_one() {
    for world in worlds() {
        let api = &world.admin;
        let kind = world.event("harbour").await;
        order(&world, &kind, "anna@example.org").await;
        let before = api.get(&format!("{LETTERS}/order_reminder")).await.expect(200);
        assert_eq!((&before["pack"], &before["sent_by"][0]["kind"]), (&json!("tickets"), &json!("orders")));
        assert!(before["variables"].as_array().unwrap().iter().any(|it| it["name"] == "order.number"), "{before}");

        let said = json!({"subject": {"ru": "Ждём Вас, заказ {{ order.number }}"}, "text": {"ru": "Осталось {{ order.due }}."}});
        let changed = api.patch(&format!("{LETTERS}/order_reminder"), said).await.expect(200);
        assert_eq!((&changed["pack"], &changed["subject"]["en"]), (&json!("own"), &before["subject"]["en"]));
        api.post("/api/v1/sandbox/clock", json!({"advance": "P1DT1H"})).await.expect(200);
        let letter = last(api, "anna@example.org").await;
        assert!(letter["subject"].as_str().unwrap().starts_with("Ждём Вас, заказ "), "{letter}");
        assert!(letter["text"].as_str().unwrap().starts_with("Осталось 100"), "{letter}");
        // Another program over the same store sends it so, too.
        let (_, second) = world.second_program();
        let theirs = second.get(&format!("{LETTERS}/order_reminder")).await.expect(200);
        assert_eq!(theirs["pack"], "own");

        api.send("DELETE", &format!("{LETTERS}/order_reminder"), &[], None).await.expect(204);
        api.post("/api/v1/sandbox/clock", json!({"advance": "P1DT1H"})).await.expect(200);
        let letter = last(api, "anna@example.org").await;
        assert!(!letter["subject"].as_str().unwrap().contains("Ждём Вас"), "{letter}");
        assert_eq!(api.get(&format!("{LETTERS}/order_reminder")).await.expect(200)["text"], before["text"]);
        api.send("DELETE", &format!("{LETTERS}/order_reminder"), &[], None).await.refused(409, "letter_of_a_pack");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_letter_cannot_say_is_told_by_language_and_line() {
    for world in worlds() {
        let api = &world.admin;
        let (_, boris) = world.user("boris", "organiser");
        boris.get(LETTERS).await.refused(403, "missing_right");
        let one = format!("{LETTERS}/order_received");
        boris.patch(&one, json!({"subject": "x"})).await.refused(403, "missing_right");
        boris.post(&format!("{one}/preview"), json!({})).await.refused(403, "missing_right");
        let wrong =
            json!({"subject": {"en": "{{ order.numbr }}"}, "text": {"ru": "Да\n{% if %}", "en": "{{ survey.url }}"}});
        let answer = api.patch(&one, wrong.clone()).await;
        answer.faulty(&["subject.en", "text.ru", "text.en"]);
        assert_eq!(answer.json["errors"][1]["code"], "template_syntax", "{}", answer.text);
        assert!(answer.json["errors"][1]["message"].as_str().unwrap().contains("line 2: "), "{}", answer.text);
        api.post(&format!("{one}/preview"), wrong).await.faulty(&["subject.en", "text.ru", "text.en"]);
        api.patch(&one, json!({"text": " "})).await.faulty(&["text"]);
        api.patch(&one, json!({"name": "other"})).await.faulty(&["name"]);
        api.patch(&one, json!({"html": "x"})).await.faulty(&["html"]);
        assert_eq!(api.get(&one).await.expect(200)["pack"], "tickets");

        let preview = api.post(&format!("{one}/preview"), json!({"subject": "{{ buyer.name }}"})).await.expect(200);
        assert_eq!(
            (&preview["ru"]["subject"], &preview["en"]["subject"]),
            (&json!("Анна Белова"), &json!("Anna Belova"))
        );

        // A letter of one's own is for a rule, and follows the module that its rule is about.
        let own = json!({"name": "hello", "label": "Hello", "subject": "{{ record.fields.company }}", "text": "Hello"});
        api.post(LETTERS, json!({"name": "Bad name", "subject": "a", "text": "b"})).await.faulty(&["name"]);
        api.post(LETTERS, own.clone()).await.expect(201);
        api.post(LETTERS, own).await.refused(409, "name_taken");
        let rule = json!({"name": "greet", "module": "leads", "when": {"event": "created"},
            "then": [{"do": "letter", "template": "hello", "to": "email"}]});
        api.post("/api/v1/meta/rules", rule).await.expect(201);
        let hello = format!("{LETTERS}/hello");
        assert_eq!(api.get(&hello).await.expect(200)["sent_by"], json!([{"kind": "rule", "name": "greet"}]));
        api.patch(&hello, json!({"text": "{{ record.fields.venue }}"})).await.faulty(&["text.ru", "text.en"]);
        assert_eq!(api.send("DELETE", &hello, &[], None).await.status, 422, "a rule sends it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_keeps_what_was_typed_and_shows_how_it_looks() {
    for world in worlds() {
        let cookie = session(&world);
        let fields = [
            ("label_ru", "Напоминание"),
            ("label_en", "Reminder"),
            ("subject_ru", "{{ order.number }}"),
            ("subject_en", "Order {{ order.number }} <b>"),
            ("text_ru", "Ждём"),
            ("text_en", "First\r\n{{ order.nothing }}"),
        ];
        let refused = form(&world, &cookie, PAGE, &fields).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.text.contains("Order {{ order.number }} &lt;b&gt;"), "what was typed is kept");
        assert!(
            refused.text.contains("id=\"text_en-error\"")
                && refused.text.contains("Строка 2. Здесь названо то, чего в этом письме нет: order.nothing"),
            "{}",
            refused.text
        );
        assert!(!refused.text.contains("id=\"text_ru-error\""), "{}", refused.text);

        let mut right = fields.to_vec();
        right[5] = ("text_en", "To pay: {{ order.due }}\r\n<i>now</i>");
        let looked = form(&world, &cookie, PAGE, &[&right[..], &[("preview", "all")]].concat()).await;
        assert_eq!(looked.status, 200);
        assert!(looked.text.contains("To pay: £125\n&lt;i&gt;now&lt;/i&gt;"), "{}", looked.text);
        let there = world.admin.get("/api/v1/meta/letters/order_reminder").await.expect(200);
        assert_eq!(there["pack"], "tickets", "nothing is kept");

        let kept = form(&world, &cookie, PAGE, &right).await;
        assert_eq!((kept.status, kept.headers["location"].to_str().unwrap()), (303, PAGE));
        let there = world.admin.get("/api/v1/meta/letters/order_reminder").await.expect(200);
        assert_eq!(there["text"]["en"], "To pay: {{ order.due }}\n<i>now</i>");
        let list = world.anybody().send("GET", "/settings/letters", &[("cookie", &cookie)], None).await;
        assert!(list.text.contains("Свой текст") && list.text.contains("Оплаты нет, цена прежняя: напоминание"));
        let back = form(&world, &cookie, &format!("{PAGE}/delete"), &[]).await;
        assert_eq!(back.status, 303, "{}", back.text);
        let there = world.admin.get("/api/v1/meta/letters/order_reminder").await.expect(200);
        assert_eq!(there["pack"], "tickets");
    }
}
